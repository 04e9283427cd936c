//! One dispute in the list: question, subject, who says what, and review status.

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use crate::report::html::PageContext;
use crate::report::html::components::{counted_in_words, grade_in_line, rule_links};
use crate::report::html::text::said;
use gainsay_analysis::dispute::{Dispute, Position, ReviewStatus, since};
use gainsay_analysis::document::{SubjectKind, Word as _};
use gainsay_analysis::finding::Evidence;
use gainsay_analysis::id::{ActorId, AnswerId, Id as _, QuestionId, SubjectId};

/// The most positions and rules in a row.
const MAX_POSITION_LINES: usize = 4;
const MAX_RULES: usize = 3;

impl<'a> PageContext<'a> {
    /// A dispute in the list. Under the heading of an event, it shows its grade instead of the event.
    pub(super) fn dispute_row(&self, dispute: &Dispute, under: Option<SubjectId>) -> Markup {
        let model = self.model();
        let heading = model.question_heading(dispute.question);
        let subject = model.question(dispute.question).subject;
        let href = self.question_url(dispute.question);
        let asked = model.question_asked(dispute.question);
        let is_subject_first = under.is_none() && heading.then == asked;
        html! {
            li .drow {
                div {
                    h3 { a href=(href) { @if under.is_some() { (said(&asked)) } @else { (said(&heading.first)) } } }
                    p .ev {
                        @if under.is_some() { (grade_in_line(dispute.grade)) " · " }
                        @if is_subject_first { (said(&heading.then)) " · " }
                        @else if under.is_none() { (self.subject(subject)) " · " }
                        @if model.subjects[subject].kind != SubjectKind::Event && under.is_none() {
                            (kind(model.subjects[subject].kind)) " · "
                        }
                        (self.rules_of(dispute))
                    }
                }
                (self.position_lines(dispute))
                p .st { (self.status_with_figure(dispute)) (self.reviewed_by(dispute)) }
            }
        }
    }

    /// The rules that found something, most serious first.
    fn rules_of(&self, dispute: &Dispute) -> Markup {
        let mut rules: Vec<&'static str> = Vec::new();
        for &at in &dispute.findings {
            let rule = self.analysis.findings[at].rule;
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        let more = rules.len().saturating_sub(MAX_RULES);
        html! {
            (rule_links(self.links, &rules[..rules.len() - more]))
            @if more > 0 { " and " (counted_in_words(more, "more rule")) }
        }
    }

    /// Who says what: a line for each position, earliest first.
    fn position_lines(&self, dispute: &Dispute) -> Markup {
        let model = self.model();
        let claim = |answer: AnswerId| model.answers.claim[answer.index()];
        let mut positions: Vec<&Position> = dispute.positions.iter().collect();
        positions.sort_by_key(|position| self.spoken(position.named_by));
        let apart: Vec<AnswerId> = if positions.len() < 2 {
            self.answers_apart(dispute)
        } else {
            positions.iter().map(|one| one.named_by).collect()
        };
        let shown = &apart[..apart.len().min(MAX_POSITION_LINES)];
        let left_out = apart.len() - shown.len() + dispute.positions_left_out;
        let strips = self.strips_of(dispute.question, shown);
        html! {
            ul .pos aria-label="Positions" {
                @for (&answer, strip) in shown.iter().zip(strips) {
                    li {
                        (self.voice(claim(answer)))
                        span class=(if strip.is_some() { "w" } else { "w full" }) {
                            (said(&self.answered(dispute.question, answer)))
                            (self.others_with_it(dispute, answer))
                        }
                        @if let Some(strip) = strip { (strip) }
                    }
                }
                @if left_out > 0 { li { span .w .full .muted { "and " (counted_in_words(left_out, "more position")) } } }
                @if shown.is_empty() { li { span .w .full .muted { "no position on record" } } }
            }
        }
    }

    /// A strip for each answer to a question of the same kind. None for the others.
    fn strips_of(&self, question: QuestionId, answers: &[AnswerId]) -> Vec<Option<Markup>> {
        let model = self.model();
        let measure = |question: QuestionId| model.question(question).measure;
        let is_alike =
            |answer: &AnswerId| measure(model.answers.question[answer.index()]) == measure(question);
        let alike: Vec<AnswerId> = answers.iter().copied().filter(is_alike).collect();
        let mut strips = self.strips(&alike).into_iter();
        answers.iter().map(|answer| if is_alike(answer) { strips.next().flatten() } else { None }).collect()
    }

    /// The answers that the findings name, one for each speaker, if there is only one position.
    fn answers_apart(&self, dispute: &Dispute) -> Vec<AnswerId> {
        let findings =
            dispute.findings.iter().filter_map(|&at| self.analysis.findings[at].evidence.as_deref());
        let named = |evidence: &'a Evidence| evidence.claims.iter().map(move |&claim| (evidence, claim));
        let mut answers: Vec<AnswerId> = findings
            .flat_map(named)
            .filter_map(|(evidence, claim)| self.answer_on(dispute.question, evidence, claim))
            .collect();
        if answers.is_empty() {
            answers.extend(
                dispute
                    .positions
                    .iter()
                    .map(|position| position.named_by)
                    .chain(dispute.aside.iter().copied()),
            );
        }
        answers.sort_by_key(|&answer| self.spoken(answer));
        let mut seen = FxHashSet::default();
        answers
            .retain(|&answer| seen.insert((self.spoken_by(answer), self.answered(dispute.question, answer))));
        answers
    }

    /// The other parties with the position of an answer.
    fn others_with_it(&self, dispute: &Dispute, answer: AnswerId) -> Markup {
        let model = self.model();
        let own = model.answers.party[answer.index()];
        let named = dispute.positions.iter().find(|position| position.named_by == answer);
        let parties =
            named.filter(|_| dispute.positions.len() > 1).map_or(&[][..], |position| &position.parties);
        let others: Vec<ActorId> = parties.iter().copied().filter(|&party| party != own).collect();
        html! {
            @match others.as_slice() {
                [] => {}
                [other] => span .muted { "; also " (said(&model.actors[*other].name)) },
                others => span .muted { "; also " (counted_in_words(others.len(), "other")) },
            }
        }
    }

    /// The reviewer and day, or the changes since.
    fn reviewed_by(&self, dispute: &Dispute) -> Markup {
        let model = self.model();
        let Some(review) = dispute.reviews.first().map(|&at| &model.reviews[at]) else { return html! {} };
        let changed = match dispute.standing {
            ReviewStatus::Stale => since(model, dispute, review).map(|changed| changed.len()),
            _ => None,
        };
        html! {
            span .xs {
                @if dispute.standing == ReviewStatus::Stale {
                    @match changed {
                        Some(count) if count > 0 => { (counted_in_words(count, "claim")) " changed" }
                        _ => "claims changed",
                    }
                } @else {
                    @if let Some(because) = review.because { (because.word()) " · " }
                    @if let Some(by) = &review.by { (said(by)) @if review.on.is_some() { ", " } }
                    @if let Some(on) = &review.on { (on.in_brief()) }
                }
            }
        }
    }
}

/// The word for a proposition or series.
fn kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Series => "series",
        _ => "proposition",
    }
}

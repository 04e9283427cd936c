//! The latest statement of an actor on each question, disputed ones first.

use maud::{Markup, html};

use super::ActorStatements;
use crate::report::html::PageContext;
use crate::report::html::components::spaced_list;
use crate::report::html::pager::Pager;
use gainsay_analysis::id::{ActorId, AnswerId, QuestionId};

/// If findings name more parties than this, only the parties of the largest finding are listed.
const MANY_PARTIES: usize = 4_096;
const MAX_NAMED_PARTIES: usize = 16;

/// The latest statement of an actor on a question.
struct LatestPosition {
    question: QuestionId,
    answer: AnswerId,
}

impl PageContext<'_> {
    /// The section of the page.
    pub(super) fn positions_of(&self, voice: &ActorStatements, pager: &Pager) -> Markup {
        let positions = self.latest(voice);
        let count = positions.len();
        html! {
            @if count > 0 {
                section {
                    h2 { "Its positions" }
                    div .scroll role="region" aria-label="Positions" tabindex="0" {
                        table .stack {
                            caption { "Latest statement on each question: disputed ones first, then the newest" }
                            thead {
                                tr {
                                    th scope="col" { "Question" } th scope="col" { "Position" } th scope="col" { "Speaker" }
                                    th scope="col" { "Said" } th scope="col" { "Differs from" } th scope="col" { "Review" }
                                }
                            }
                            tbody { @for position in &positions[pager.rows(count)] { (self.position_row(voice, position)) } }
                        }
                    }
                    (pager.range_note(count, "question"))
                }
            }
        }
    }

    fn latest(&self, voice: &ActorStatements) -> Vec<LatestPosition> {
        let said = |answer: AnswerId| self.model().claim(self.claim_of(answer)).said_on();
        let by_question = voice.answers.chunk_by(|&a, &b| self.question_of(a) == self.question_of(b));
        let last = by_question.filter_map(|answers| {
            let answer = answers.iter().copied().max_by_key(|&answer| (said(answer), answer))?;
            Some(LatestPosition { question: self.question_of(answer), answer })
        });
        let mut positions: Vec<LatestPosition> = last.collect();
        positions.sort_by_key(|position| {
            let dispute = self.dispute(position.question).map(|dispute| dispute.grade);
            (dispute.is_none(), dispute, std::cmp::Reverse(said(position.answer)), position.question)
        });
        positions
    }

    fn position_row(&self, voice: &ActorStatements, position: &LatestPosition) -> Markup {
        let claim = self.claim_of(position.answer);
        html! {
            tr {
                th scope="row" { (self.asked_of(position.question)) }
                td { (self.answer(position.answer)) }
                td { (self.actor_link(self.model().claim(claim).by)) span .src { (self.source_and_place(claim)) } }
                td .num { (self.said_when(claim)) }
                td { (self.against(voice, position.question)) }
                td { (self.grade_of(position.question)) (self.status_of(position.question)) }
            }
        }
    }

    /// The other parties in those findings of a dispute that name claims of the actor.
    fn against(&self, voice: &ActorStatements, question: QuestionId) -> Markup {
        let Some(dispute) = self.dispute(question) else { return html! {} };
        let party = self.model().actors[voice.id].party;
        let named: Vec<&[ActorId]> = dispute
            .findings
            .iter()
            .filter(|at| voice.findings.binary_search(at).is_ok())
            .map(|&at| self.analysis.findings[at].evidence.as_deref())
            .map(|evidence| evidence.map_or(&[][..], |evidence| evidence.parties.as_slice()))
            .collect();
        // If very many parties disagree, listing those of the largest finding is enough.
        let count: usize = named.iter().map(|parties| parties.len()).sum();
        let largest = named.iter().copied().max_by_key(|parties| parties.len()).unwrap_or_default();
        if count > MANY_PARTIES {
            let others: Vec<ActorId> = largest.iter().copied().filter(|&other| other != party).collect();
            let shown = &others[..others.len().min(MAX_NAMED_PARTIES)];
            return html! {
                @if let Some(parties) = spaced_list(shown, |&other| self.who(other)) { (parties) }
                " " span .muted { "and " (others.len() - shown.len()) " more in one finding" }
            };
        }
        let mut others: Vec<ActorId> = named.iter().copied().flatten().copied().collect();
        others.retain(|&other| other != party);
        others.sort_unstable();
        others.dedup();
        html! {
            @match spaced_list(&others, |&other| self.who(other)) {
                Some(parties) => (parties),
                None if !named.is_empty() => "its own earlier statement",
                None => {}
            }
        }
    }
}

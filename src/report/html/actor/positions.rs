//! The latest statement of an actor on each question, disputed ones first.

use maud::{Markup, html};

use super::Voice;
use crate::id::{ActorId, AnswerId, ClaimId, QuestionId};
use crate::report::html::Desk;
use crate::report::html::pager::Pager;
use crate::report::html::tell::beside;

/// What an actor said last on a question.
struct Position {
    question: QuestionId,
    answer: AnswerId,
}

impl Desk<'_> {
    /// The section of the page.
    pub(super) fn positions_of(&self, voice: &Voice, pager: &Pager) -> Markup {
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
                                    th scope="col" { "Said" } th scope="col" { "Against it" } th scope="col" { "Review" }
                                }
                            }
                            tbody { @for position in &positions[pager.rows(count)] { (self.position_row(voice, position)) } }
                        }
                    }
                    (pager.shown(count, "question"))
                }
            }
        }
    }

    fn latest(&self, voice: &Voice) -> Vec<Position> {
        let said = |answer: AnswerId| self.model().claim(self.claim_of(answer)).said_on();
        let by_question = voice.answers.chunk_by(|&a, &b| self.question_of(a) == self.question_of(b));
        let last = by_question.filter_map(|answers| {
            let answer = answers.iter().copied().max_by_key(|&answer| (said(answer), answer))?;
            Some(Position { question: self.question_of(answer), answer })
        });
        let mut positions: Vec<Position> = last.collect();
        positions.sort_by_key(|position| {
            let dispute = self.dispute(position.question).map(|dispute| dispute.grade);
            (dispute.is_none(), dispute, std::cmp::Reverse(said(position.answer)), position.question)
        });
        positions
    }

    fn position_row(&self, voice: &Voice, position: &Position) -> Markup {
        let claim = self.claim_of(position.answer);
        html! {
            tr {
                th scope="row" { (self.asked_of(position.question)) }
                td { (self.answer(position.answer)) }
                td { (self.actor_link(self.model().claim(claim).by)) span .src { (self.stands_in(claim)) } }
                td .num { (self.said_when(claim)) }
                td { (self.against(voice, position.question)) }
                td { (self.grade_of(position.question)) (self.standing_of(position.question)) }
            }
        }
    }

    /// The other parties in those findings of a dispute in which the actor's claims stand.
    fn against(&self, voice: &Voice, question: QuestionId) -> Markup {
        let Some(dispute) = self.dispute(question) else { return html! {} };
        let own = |claim: &ClaimId| voice.own.contains(claim);
        let party = self.model().actors[voice.id].party;
        let findings = dispute.findings.iter().map(|&at| &self.analysis.findings[at]);
        let named: Vec<_> = findings.filter(|finding| finding.claims().iter().any(own)).collect();
        let parties = named.iter().filter_map(|finding| finding.evidence.as_deref());
        let mut others: Vec<ActorId> =
            parties.flat_map(|evidence| evidence.parties.iter().copied()).collect();
        others.retain(|&other| other != party);
        others.sort_unstable();
        others.dedup();
        html! {
            @match beside(&others, |&other| self.who(other)) {
                Some(parties) => (parties),
                None if !named.is_empty() => "its own earlier word",
                None => {}
            }
        }
    }
}

//! Day by day: what happened, and who said what about it when; as a timeline, and as a list with the same content.

use maud::{Markup, html};
use rustc_hash::FxHashMap;

use super::EventScope;
use crate::report::html::PageContext;
use crate::report::html::chart::{Lane, Mark};
use crate::report::html::components::time;
use crate::report::html::links::encoded;
use crate::report::html::pager::Pager;
use crate::report::html::text::{plain, said};
use crate::report::wording::{answer_in_full, counted, without_subject};
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, SubjectId};
use gainsay_reading::period::{Day, Period};

/// The most lanes of parties on a timeline, and the most marks in a lane. A note says how many are left out.
const MAX_LANES: usize = 8;
const MAX_MARKS_PER_LANE: usize = 24;

/// The most characters in the label of a mark.
const MAX_LABEL_CHARS: usize = 60;

/// One entry of a day.
pub(super) struct DayEntry {
    when: Period,
    what: DayContent,
}

enum DayContent {
    Happened(SubjectId),
    Said(AnswerId),
}

/// A party or outlet that speaks, by which the timeline and the list group statements.
#[derive(Clone, Copy, PartialEq, Eq)]
struct DayVoice {
    actor: ActorId,
    own: bool,
}

impl PageContext<'_> {
    /// What happened and what was said, in the order of days. On each day, events come first, then statements on each
    /// part by speaker.
    pub(super) fn days(&self, around: &EventScope) -> Vec<DayEntry> {
        let model = self.model();
        let after = model.subjects[around.id].after.iter();
        let happened = around.subjects.iter().chain(after).filter_map(|&id| {
            let when = model.subjects[id].date?.value;
            Some(DayEntry { when, what: DayContent::Happened(id) })
        });
        let said = around.answers.iter().map(|&answer| {
            let when = model.claim(self.claim_of(answer)).said;
            DayEntry { when, what: DayContent::Said(answer) }
        });
        let mut rows: Vec<DayEntry> = happened.chain(said).collect();
        let places: FxHashMap<SubjectId, usize> =
            around.subjects.iter().enumerate().map(|(at, &subject)| (subject, at)).collect();
        rows.sort_by_cached_key(|row| {
            let voice = match row.what {
                DayContent::Happened(_) => None,
                DayContent::Said(answer) => {
                    let DayVoice { actor, own } = self.voice_of(self.claim_of(answer));
                    let part = places.get(&self.subject_of(answer)).copied();
                    Some((part, own, model.actors[actor].name.clone(), answer))
                }
            };
            (first_day(row.when), row.when, voice)
        });
        rows
    }

    fn voice_of(&self, claim: ClaimId) -> DayVoice {
        let row = self.model().claim(claim);
        let own = self.model().is_own_voice(claim);
        DayVoice { actor: if own { row.by } else { row.party }, own }
    }

    /// The section of the page. The timeline is on the first page only.
    pub(super) fn day_by_day(&self, around: &EventScope, rows: &[DayEntry], pager: &Pager) -> Markup {
        let shown = &rows[pager.rows(rows.len())];
        let days = shown.chunk_by(|a, b| a.when == b.when);
        html! {
            @if !rows.is_empty() {
                section {
                    h2 { "Day by day" }
                    @if pager.rows(rows.len()).start == 0 { (self.lanes_of(self.model().subjects.name(around.id), rows)) }
                    ol .days { @for rows in days { (self.one_day(around, rows)) } }
                    (pager.range_note(rows.len(), "line"))
                }
            }
        }
    }

    fn one_day(&self, around: &EventScope, rows: &[DayEntry]) -> Markup {
        let answers: Vec<AnswerId> = rows.iter().filter_map(DayEntry::said).collect();
        let parts = answers.chunk_by(|&a, &b| self.subject_of(a) == self.subject_of(b));
        html! {
            li {
                (time(&rows[0].when))
                div {
                    @for subject in rows.iter().filter_map(DayEntry::happened) {
                        p .happened {
                            @if subject == around.id { (said(&self.model().subjects[subject].name)) }
                            @else { (self.subject(subject)) }
                            @if !around.known.contains(&subject) { " " span .muted { "(before it)" } }
                        }
                    }
                    @for answers in parts { (self.said_of_part(around, answers)) }
                }
            }
        }
    }

    /// The statements on one part on one day, by speaker.
    fn said_of_part(&self, around: &EventScope, answers: &[AnswerId]) -> Markup {
        let subject = self.subject_of(answers[0]);
        let voices =
            answers.chunk_by(|&a, &b| self.voice_of(self.claim_of(a)) == self.voice_of(self.claim_of(b)));
        html! {
            @if subject != around.id { p .of { "of " (self.subject(subject)) } }
            @for answers in voices {
                div .said {
                    span { (self.voice(self.claim_of(answers[0]))) }
                    ul { @for &answer in answers { li { (self.statement(answer)) } } }
                }
            }
        }
    }

    fn subject_of(&self, answer: AnswerId) -> SubjectId {
        self.model().question(self.question_of(answer)).subject
    }

    /// The timeline of events, parties and outlets. Empty if everything is on one day.
    fn lanes_of(&self, id: &str, rows: &[DayEntry]) -> Markup {
        let (lanes, left_out) = self.lanes(rows);
        let drawn = rows.first().zip(rows.last()).filter(|(first, last)| first.when != last.when);
        let picture = drawn.and_then(|_| self.timeline(&encoded(id), &lanes));
        html! {
            @if let Some(picture) = picture {
                p .note .wideonly {
                    "Bars are periods, or dates that are known only roughly."
                    @if left_out > 0 { " " (counted(left_out, "more mark")) @if left_out == 1 { " does" } @else { " do" } " not fit here; the list is complete." }
                }
                div .mb { (picture) }
            }
        }
    }

    /// The lanes of a timeline, parties in the order of their first statement; and how many marks are left out.
    fn lanes(&self, rows: &[DayEntry]) -> (Vec<Lane>, usize) {
        let happened = rows.iter().filter_map(|row| Some(self.mark_of(row.when, row.happened()?)));
        let mut lanes =
            vec![Lane { name: "What happened".to_owned(), hue: None, own: false, marks: happened.collect() }];
        let (parties, outlets) = self.by_voice(rows);
        lanes.extend(parties.into_iter().map(|(party, marks)| Lane {
            name: plain(&self.model().actors[party].name),
            hue: Some(self.index.hue(party)),
            own: false,
            marks,
        }));
        let last = lanes.split_off(lanes.len().min(MAX_LANES + 1));
        if !outlets.is_empty() {
            lanes.push(Lane { name: "Outlets".to_owned(), hue: Some(0), own: true, marks: outlets });
        }
        let mut left_out: usize = last.iter().map(|lane| lane.marks.len()).sum();
        for lane in &mut lanes {
            left_out += lane.marks.len().saturating_sub(MAX_MARKS_PER_LANE);
            lane.marks.truncate(MAX_MARKS_PER_LANE);
        }
        lanes.retain(|lane| !lane.marks.is_empty());
        (lanes, left_out)
    }

    fn mark_of(&self, days: Period, subject: SubjectId) -> Mark {
        Mark { days, label: label(&self.model().subjects[subject].name), planned: false }
    }

    /// The parties' marks and the outlets' marks: one mark for all statements of a speaker on one day.
    fn by_voice(&self, rows: &[DayEntry]) -> (Vec<(ActorId, Vec<Mark>)>, Vec<Mark>) {
        let mut parties: Vec<(ActorId, Vec<Mark>)> = Vec::new();
        let mut places: FxHashMap<ActorId, usize> = FxHashMap::default();
        let mut outlets: Vec<Mark> = Vec::new();
        let mut said: Vec<(Period, AnswerId)> =
            rows.iter().filter_map(|row| Some((row.when, row.said()?))).collect();
        // The list groups by part first; here all statements of a speaker on a day are together.
        said.sort_by_cached_key(|&(when, answer)| {
            let DayVoice { actor, own } = self.voice_of(self.claim_of(answer));
            (first_day(when), when, own, self.model().actors[actor].name.clone(), answer)
        });
        let is_one = |a: &(Period, AnswerId), b: &(Period, AnswerId)| {
            a.0 == b.0 && self.voice_of(self.claim_of(a.1)) == self.voice_of(self.claim_of(b.1))
        };
        for together in said.chunk_by(is_one) {
            let (days, answer) = together[0];
            let voice = self.voice_of(self.claim_of(answer));
            if voice.own {
                let label = label(&self.model().actors[voice.actor].name);
                outlets.push(Mark { days, label, planned: false });
                continue;
            }
            let place = *places.entry(voice.actor).or_insert(parties.len());
            if place == parties.len() {
                parties.push((voice.actor, Vec::new()));
            }
            parties[place].1.push(Mark { days, label: self.label_of(together), planned: false });
        }
        (parties, outlets)
    }

    /// The label for statements made together: the first one with the most serious dispute, and how many more there
    /// are.
    fn label_of(&self, together: &[(Period, AnswerId)]) -> String {
        let grade = |answer: AnswerId| self.dispute(self.question_of(answer)).map(|dispute| dispute.grade);
        let first = together.iter().map(|&(_, answer)| answer).min_by_key(|&answer| {
            let grade = grade(answer);
            (grade.is_none(), grade)
        });
        let Some(answer) = first else { return String::new() };
        let question = self.question_of(answer);
        let words = answer_in_full(self.model(), question, answer);
        let text = label(&format!("{}: {words}", without_subject(self.model(), question)));
        if together.len() > 1 { format!("{text}, and {} more", together.len() - 1) } else { text }
    }
}

impl DayEntry {
    fn happened(&self) -> Option<SubjectId> {
        match self.what {
            DayContent::Happened(subject) => Some(subject),
            DayContent::Said(_) => None,
        }
    }

    fn said(&self) -> Option<AnswerId> {
        match self.what {
            DayContent::Said(answer) => Some(answer),
            DayContent::Happened(_) => None,
        }
    }
}

/// The day that decides the order: the first day, or the last one if only that is known.
fn first_day(period: Period) -> Day {
    period.nominal_first().or(period.last).unwrap_or(Day::MIN)
}

/// A text short enough for the label of a mark.
fn label(text: &str) -> String {
    let text = plain(text);
    match text.char_indices().nth(MAX_LABEL_CHARS) {
        Some((at, _)) => format!("{} …", text[..at].trim_end()),
        None => text,
    }
}

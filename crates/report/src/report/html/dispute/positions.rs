//! The table of positions: who says what in which words, grouped by statements that can be true together.

use maud::{Markup, html};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::report::html::components::{counted_in_words, listed, time};
use crate::report::html::links::encoded;
use crate::report::html::text::said;
use crate::report::html::{Links, PageContext};
use crate::report::wording::{answer_in_full, witnesses};
use gainsay_analysis::dispute::{Dispute, Position};
use gainsay_analysis::document::{Certainty, MeasureType, Part, Stance, Word as _};
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId};

/// The most statements per position if there are few positions, and the most in the whole table if there are
/// many. The others are on the page of all statements.
const MAX_PER_POSITION: usize = 50;
const MAX_ROWS: usize = 200;

/// The most parties named in the heading of a position.
const MAX_NAMED_PARTIES: usize = 6;

/// The rows under one heading of the table.
struct PositionSection<'a> {
    head: Markup,
    rows: &'a [AnswerId],
    /// For replaced answers: the answer that replaced each.
    replaced: Option<&'a FxHashMap<AnswerId, AnswerId>>,
    /// How many of them are listed.
    most: usize,
}

/// The answers to a question that are not a position, or no longer are.
pub(super) struct NonPositions {
    /// Answers that decline or depend on a condition.
    pub(super) aside: Vec<AnswerId>,
    /// Answers that a later one of the same party replaced.
    pub(super) replaced: Vec<AnswerId>,
    /// Current answers, if no dispute groups them into positions.
    pub(super) current: Vec<AnswerId>,
}

impl PageContext<'_> {
    /// The answers to a question that are not positions, by kind, each in the order of time.
    pub(super) fn answers_by_fate(&self, question: QuestionId) -> NonPositions {
        let model = self.model();
        let (mut aside, mut replaced, mut current) = (Vec::new(), Vec::new(), Vec::new());
        for answer in model.answers_to(question) {
            let at = answer.index();
            let is_aside = model.answers.stance[at] == Stance::Declines
                || model.answers.certainty[at] == Certainty::Conditional;
            let list = match () {
                () if is_aside => &mut aside,
                () if !self.analysis.reasoning.current[at] => &mut replaced,
                () => &mut current,
            };
            list.push(answer);
        }
        for list in [&mut aside, &mut replaced, &mut current] {
            list.sort_by_cached_key(|&answer| self.spoken(answer));
        }
        NonPositions { aside, replaced, current }
    }

    /// The table of positions of a question.
    pub(super) fn positions_table(&self, question: QuestionId, dispute: Option<&Dispute>) -> Markup {
        let model = self.model();
        let name = encoded(&model.question_name(question));
        let others = self.answers_by_fate(question);
        let superseded = self.answered_again(question, &others.replaced);
        let reads = self.has_readings(question);
        let positions = self.by_date(dispute);
        let most = (MAX_ROWS / positions.len().max(1)).clamp(2, MAX_PER_POSITION);
        let columns = if reads { 5 } else { 4 };
        let groups = self.position_groups(&positions, &others, &superseded, most);
        html! {
            section aria-labelledby={ "positions:" (name) } {
                h2 id={ "positions:" (name) } { @if dispute.is_some() { "Positions" } @else { "Who says what" } }
                div .scroll role="region" aria-labelledby={ "positions-of:" (name) } tabindex="0" {
                    table .stack .positions {
                        caption id={ "positions-of:" (name) } { (positions_caption(dispute)) }
                        (statement_heads(reads))
                        @if groups.is_empty() { tbody { tr .silent { td colspan=(columns) { "No claim answers this question." } } } }
                        @for group in &groups { (self.position_group(question, group, columns, reads)) }
                        (self.silent_band(question, dispute, columns))
                    }
                }
                @if let Some(dispute) = dispute.filter(|dispute| dispute.positions_left_out > 0) {
                    p .small .muted .mt {
                        (counted_in_words(dispute.positions_left_out, "position"))
                        " between the lowest and the highest " @if dispute.positions_left_out == 1 { "is" } @else { "are" } " not shown here. "
                        (self.link_to_all(question))
                    }
                }
            }
        }
    }

    /// The positions of a dispute, earliest first.
    fn by_date<'d>(&self, dispute: Option<&'d Dispute>) -> Vec<&'d Position> {
        let mut positions: Vec<&Position> = dispute.iter().flat_map(|dispute| &dispute.positions).collect();
        positions.sort_by_key(|position| position.answers.first().map(|&answer| self.spoken(answer)));
        positions
    }

    fn position_groups<'g>(
        &self,
        positions: &[&'g Position],
        others: &'g NonPositions,
        superseded: &'g FxHashMap<AnswerId, AnswerId>,
        most: usize,
    ) -> Vec<PositionSection<'g>> {
        let mut groups: Vec<PositionSection<'g>> = positions
            .iter()
            .map(|position| PositionSection {
                head: self.position_head(position),
                rows: &position.answers,
                replaced: None,
                most,
            })
            .collect();
        let plain = |head: &str, note: &str, rows: &'g [AnswerId], replaced| PositionSection {
            head: html! { b { (head) } @if !note.is_empty() { " " span .muted { (note) } } },
            rows,
            replaced,
            most: MAX_PER_POSITION,
        };
        if positions.is_empty() {
            groups.push(plain("On record", "no findings", &others.current, None));
        }
        groups.push(plain(
            "No position",
            "neither confirms nor denies, or depends on a condition",
            &others.aside,
            None,
        ));
        groups.push(plain(
            "Replaced",
            "a later answer of the same party counts",
            &others.replaced,
            Some(superseded),
        ));
        groups.retain(|group| !group.rows.is_empty());
        groups
    }

    /// The parties of a position, the range that its figures have in common, and its number of sources.
    fn position_head(&self, position: &Position) -> Markup {
        let model = self.model();
        let question = model.answers.question[position.named_by.index()];
        let mut seen = FxHashSet::default();
        let mut voices: Vec<ClaimId> = Vec::new();
        for &answer in &position.answers {
            if seen.insert(self.spoken_by(answer)) {
                voices.push(self.claim_of(answer));
            }
        }
        let range =
            position.range.filter(|_| self.has_readings(question) && !self.is_denial(position.named_by));
        html! {
            (listed(&voices, MAX_NAMED_PARTIES, "speaker", |&claim| self.voice(claim))) " "
            span .muted {
                @match range {
                    Some(range) => { (en_dashed(&model.range_in_words(question, range))) }
                    None => { (said(&answer_in_full(model, question, position.named_by))) }
                }
                " · " span .whole { (witnesses(position)) }
            }
        }
    }

    fn position_group(
        &self,
        question: QuestionId,
        group: &PositionSection<'_>,
        columns: usize,
        reads: bool,
    ) -> Markup {
        let shown = &group.rows[..group.rows.len().min(group.most)];
        let more = group.rows.len() - shown.len();
        html! {
            tbody {
                tr .band { th colspan=(columns) scope="rowgroup" { (group.head) } }
                @for &answer in shown {
                    @let by = group.replaced.and_then(|replaced| replaced.get(&answer)).copied();
                    (self.statement_row(question, answer, by, reads))
                }
                @if more > 0 {
                    tr .more { td colspan=(columns) { "and " (counted_in_words(more, "more statement")) " of this group. " (self.link_to_all(question)) } }
                }
            }
        }
    }

    /// One statement: speaker, words, reading, date and source.
    pub(super) fn statement_row(
        &self,
        asked: QuestionId,
        answer: AnswerId,
        by: Option<AnswerId>,
        reads: bool,
    ) -> Markup {
        let model = self.model();
        let claim = self.claim_of(answer);
        let row = model.claim(claim);
        html! {
            tr {
                td data-l="" {
                    @if model.is_own_voice(claim) { (self.outlet(row.by)) " " span .muted { "stated as fact" } }
                    @else { (self.actor_link(row.by)) }
                    @if !row.via.is_empty() { span .xs .muted .under { "via " (listed(&row.via, 3, "actor", |&actor| self.actor_link(actor))) } }
                }
                td data-l="" {
                    (said(&self.answered(asked, answer)))
                    @if let Some(words) = &row.words { " " q .under { (said(&words.value)) } }
                }
                @if reads { td data-l="read as" { (self.answer_reading(answer)) } }
                td data-l="said" {
                    @if row.said_span.is_none() { span .muted { "published " } }
                    (time(&row.said))
                    @if let Some(by) = by { span .xs .muted .under { "until " (time(&model.claim(self.claim_of(by)).said)) ", " (self.claim_link(self.claim_of(by))) } }
                }
                td data-l="" {
                    (self.source_link(row.source))
                    @if let Some(at) = row.at { ", " (at) }
                    @if row.part != Part::Body { " (" (row.part.word()) ")" }
                    " " a .ref href=(self.links.claim(model.sources.name(row.source), &row.name)) { (said(&row.name)) }
                    " " (self.place_of(row.location))
                }
            }
        }
    }

    /// Whether answers to a question are read as ranges, which the words do not show.
    pub(super) fn has_readings(&self, question: QuestionId) -> bool {
        matches!(
            self.model().measure_of(question).kind,
            MeasureType::Count | MeasureType::Amount | MeasureType::Date
        )
    }

    fn is_denial(&self, answer: AnswerId) -> bool {
        self.model().answers.stance[answer.index()] == Stance::Denies
    }

    /// The hard and the usual range of an answer.
    fn answer_reading(&self, answer: AnswerId) -> Markup {
        let model = self.model();
        let question = model.answers.question[answer.index()];
        let ranges = model.answers.value[answer.index()].ranges();
        let words = |range| en_dashed(&model.range_in_words(question, range));
        html! {
            @if let Some((hard, usual)) = ranges {
                @if self.is_denial(answer) { "not " }
                (words(hard))
                @if usual != hard && !self.is_denial(answer) { span .muted { ", usually " (words(usual)) } }
            }
        }
    }

    /// Parties of the event without an answer.
    fn silent_band(&self, question: QuestionId, dispute: Option<&Dispute>, columns: usize) -> Markup {
        let silent = self.silent_parties(question, dispute);
        html! {
            @if !silent.is_empty() {
                tbody {
                    tr .band { th colspan=(columns) scope="rowgroup" { b { "No position on record" } } }
                    tr .silent {
                        td colspan=(columns) {
                            (listed(&silent, 20, "party", |&party| self.party(party)))
                            @if silent.len() == 1 { " is a party" } @else { " are parties" }
                            " here, but no claim in this folder gives " @if silent.len() == 1 { "its" } @else { "their" } " answer to this question."
                        }
                    }
                }
            }
        }
    }

    fn silent_parties(&self, question: QuestionId, dispute: Option<&Dispute>) -> Vec<ActorId> {
        if let Some(dispute) = dispute {
            return dispute.silent.clone();
        }
        let model = self.model();
        let spoke: FxHashSet<ActorId> =
            model.answers_to(question).map(|answer| model.answers.party[answer.index()]).collect();
        let asked = &model.subjects[model.question(question).subject].parties;
        let mut silent: Vec<ActorId> = asked.iter().map(|&actor| model.actors[actor].party).collect();
        silent.sort_unstable();
        silent.dedup();
        silent.retain(|party| !spoke.contains(party));
        silent
    }

    /// For each replaced answer, the answer that replaced it.
    pub(super) fn answered_again(
        &self,
        question: QuestionId,
        replaced: &[AnswerId],
    ) -> FxHashMap<AnswerId, AnswerId> {
        if replaced.is_empty() {
            return FxHashMap::default();
        }
        let (model, graph) = (self.model(), &self.analysis.graph);
        self.analysis.reasoning.superseded(model, graph, question).into_iter().collect()
    }

    /// A link to the list of all statements on a question, or the command that lists them.
    fn link_to_all(&self, question: QuestionId) -> Markup {
        let name = self.model().question_name(question);
        html! {
            @match self.links {
                Links::Served => a href=(self.links.to("answers", &name)) { "All statements on this question" },
                Links::Frozen => { "To list all of them, run: " code { (super::command(&["gainsay", "show", &name])) } }
            }
        }
    }
}

/// The caption of the table of positions.
fn positions_caption(dispute: Option<&Dispute>) -> Markup {
    let Some(dispute) = dispute else {
        return html! { "Every statement on this question, oldest first." };
    };
    let count = dispute.positions.len() + dispute.positions_left_out;
    html! {
        (counted_in_words(count, "position")) ". "
        @if count == 1 { "All statements on this question can be true together." }
        @else { "Each position groups as many statements as can be true together." }
    }
}

/// A range with an en dash between its ends.
fn en_dashed(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    let mut before = ' ';
    for letter in words.chars() {
        text.push(if letter == '-' && before.is_ascii_digit() { '–' } else { letter });
        before = letter;
    }
    text
}

/// The column headings for rows of [`PageContext::statement_row`].
pub(super) fn statement_heads(reads: bool) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { "Speaker" }
                th scope="col" { "In its own words" }
                @if reads { th scope="col" { "Read as" } }
                th scope="col" { "Said" }
                th scope="col" { "Source and place" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn en_dashed_changes_ranges_only() {
        assert_eq!(super::en_dashed("80-160"), "80–160");
        assert_eq!(super::en_dashed("-5 and up"), "-5 and up");
    }
}

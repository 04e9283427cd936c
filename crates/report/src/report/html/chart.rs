//! Charts of answers, drawn here as SVG: nothing is summed, rounded or averaged.
//!
//! An answer becomes a [`reading`](self::reading), readings share a [`scale`](self::scale), and each is drawn with
//! its [`mark`](self::mark)s: in lanes, over time, as strips of a list, or part by part. Widths of labels are
//! summed from the advances of the embedded font. A chart is drawn wide and narrow, each at one pixel to the
//! unit; the style sheet shows the one that fits.

mod advances;
mod related;
mod calendar;
mod entry;
mod key;
mod label;
mod lanes;
mod mark;
mod over_time;
mod reading;
mod scale;
mod strips;
mod timeline;
mod tolls;

pub(super) use timeline::{Lane, Mark};

use maud::{Markup, html};

use self::entry::{EntryRole, PartyGroups};
use self::key::key;
use self::label::said;
use self::lanes::{Canvas, ChartSheet, NARROW, WIDE};
use self::scale::{Axis, Plot, RangeEnd, Scale};
use super::PageContext;
use super::components::capital;
use super::links::encoded;
use gainsay_analysis::document::MeasureType;
use gainsay_analysis::id::{ActorId, Id as _, QuestionId};
use gainsay_reading::figure::{Counting, Unit};

/// Everything that a chart on a question shows.
struct Chart {
    question: QuestionId,
    axis: Axis,
    own: PartyGroups,
    related: PartyGroups,
    /// How many more answers related questions have.
    more: usize,
    silent: Vec<ActorId>,
    /// Two ends of hard ranges with a gap between them, and its size in words.
    gap: Option<(i64, i64, String)>,
}

impl PageContext<'_> {
    /// The chart of a question. None if it would show no more than the words do.
    pub(super) fn chart(&self, question: QuestionId) -> Option<Markup> {
        let axis = self.axis(question)?;
        let own = self.answers_in_lanes(question);
        own.readings().next()?;
        let (related, more) = self.related_answers(question);
        // A single mark shows no more than its words.
        own.readings().chain(related.readings()).nth(1)?;
        let gap = self.gap(question, &own);
        let chart = Chart { question, axis, own, related, more, silent: self.silent_on(question), gap };
        let drawn = [WIDE, NARROW]
            .map(|sheet| self.over_time(&chart, sheet).unwrap_or_else(|| self.in_lanes(&chart, sheet)));
        let entries = chart.own.entries().chain(chart.related.entries());
        Some(html! {
            figure .fig aria-details={ "positions:" (encoded(&self.model().question_name(question))) } {
                figcaption { b { "Who says what" } (key(entries, matches!(chart.axis, Axis::Steps(_)), chart.goes_past())) }
                @for picture in &drawn { (picture) }
            }
        })
    }

    /// The axis of a question. None if its answers cannot be on an axis, or are yes and no.
    fn axis(&self, question: QuestionId) -> Option<Axis> {
        let measure = self.model().measure_of(question);
        Some(match measure.kind {
            MeasureType::Count => Axis::Count,
            MeasureType::Amount if measure.counting == Counting::TIME => Axis::Time,
            MeasureType::Amount => Axis::Amount,
            MeasureType::Date => Axis::Days,
            MeasureType::Scale => {
                let steps = measure.steps.iter().map(|step| said(step));
                Axis::Steps(std::iter::once("none of it".to_owned()).chain(steps).collect())
            }
            MeasureType::YesNo | MeasureType::Choice => return None,
        })
    }

    fn in_lanes(&self, chart: &Chart, sheet: ChartSheet) -> Markup {
        let scale = chart.scale(sheet.ticks);
        let mut canvas = Canvas::new(self, sheet, &scale);
        canvas.groups(&chart.own);
        Self::draw_related(&mut canvas, chart);
        canvas.axis(chart.gap.clone());
        canvas.silent(&chart.silent);
        let id = self.chart_id(chart.question);
        canvas.finish(
            &id,
            &self.axis_title(chart.question, &scale),
            &self.title_of(chart),
            &self.in_words(chart),
        )
    }

    /// Answers to related questions, below a dotted line.
    fn draw_related(canvas: &mut Canvas<'_>, chart: &Chart) {
        if chart.related.groups.is_empty() {
            return;
        }
        canvas.section("Answers to related questions");
        canvas.groups(&chart.related);
        if chart.more > 0 {
            let answers = if chart.more == 1 { "answer" } else { "answers" };
            canvas.line(&format!("and {} more {answers} to related questions", chart.more));
        }
    }

    /// The prefix of ids in the pictures of a question.
    fn chart_id(&self, question: QuestionId) -> String {
        format!("chart:{}", encoded(&self.model().question_name(question)))
    }

    fn title_of(&self, chart: &Chart) -> String {
        format!("{}, by speaker", said(&self.model().question_in_words(chart.question)))
    }

    /// A chart in words.
    fn in_words(&self, chart: &Chart) -> String {
        let same = vec!["The table of positions below has the same content".to_owned()];
        [self.answers_in_words(chart), self.related_in_words(chart), same].concat().join(". ")
    }

    fn answers_in_words(&self, chart: &Chart) -> Vec<String> {
        let answers = chart.own.entries().map(|entry| self.in_a_sentence(entry));
        answers.chain(chart.gap.as_ref().map(|(.., label)| capital(label))).collect()
    }

    fn related_in_words(&self, chart: &Chart) -> Vec<String> {
        let related: Vec<String> = chart.related.entries().map(|entry| self.in_a_sentence(entry)).collect();
        let silent = chart.silent.iter().map(|&party| said(&self.model().actors[party].name));
        let silent: Vec<String> = silent.collect();
        let description =
            [("Answers to related questions", related, "; "), ("No position on record", silent, ", ")];
        let description = description.into_iter().filter(|(_, texts, _)| !texts.is_empty());
        description.map(|(head, texts, joint)| format!("{head}: {}", texts.join(joint))).collect()
    }

    /// `Militants killed · log scale`.
    fn axis_title(&self, question: QuestionId, scale: &Scale) -> String {
        let asked = self.model().question(question);
        let measure = &self.model().measures[asked.measure];
        let name = said(&measure.name);
        let population = asked.population.map(|id| said(&self.model().populations[id].name));
        let mut title = match population {
            Some(population) if name.ends_with("ed") || name.ends_with("ing") => {
                capital(&format!("{population} {name}"))
            }
            Some(population) => capital(&format!("{name}, {population}")),
            None => capital(&name),
        };
        if let Counting::Amount { unit: Some(Unit::Named(unit)) } = &measure.counting {
            title = format!("{title}, {}", said(unit));
        }
        if let Some(unit) = scale.unit {
            title = format!("{title}, {unit}");
        }
        match (scale.is_log(), scale.has_zero_apart()) {
            (true, true) => title + " · log scale, zero shown separately",
            (true, false) => title + " · log scale",
            (false, _) => title,
        }
    }

    /// The parties of the event that have no position on a question, disputed or not.
    fn silent_on(&self, question: QuestionId) -> Vec<ActorId> {
        if let Some(at) = self.index.dispute(question) {
            return self.analysis.disputes[at].silent.clone();
        }
        let model = self.model();
        let spoke: rustc_hash::FxHashSet<ActorId> =
            model.answers_to(question).map(|answer| model.answers.party[answer.index()]).collect();
        let asked = &model.subjects[model.question(question).subject].parties;
        let mut silent: Vec<ActorId> = asked.iter().map(|&actor| model.actors[actor].party).collect();
        silent.retain(|party| !spoke.contains(party));
        silent.sort_unstable();
        silent.dedup();
        silent
    }

    /// The gap of the most serious finding that has one, between the hard ranges of the statements it names.
    fn gap(&self, question: QuestionId, own: &PartyGroups) -> Option<(i64, i64, String)> {
        let dispute = &self.analysis.disputes[self.index.dispute(question)?];
        let evidence =
            dispute.findings.iter().filter_map(|&at| self.analysis.findings[at].evidence.as_deref());
        evidence.filter(|evidence| evidence.gap.is_some_and(|gap| gap.absolute > 0)).find_map(|evidence| {
            let named = |entry: &&entry::ChartEntry| {
                entry.kind == EntryRole::Answers
                    && entry.claims.iter().any(|claim| evidence.claims.contains(claim))
            };
            let ranges = || own.entries().filter(named).filter_map(|entry| entry.reading.as_ref());
            let asserted = || ranges().filter(|reading| !reading.denied);
            let low = asserted().map(|reading| reading.hard.high).min()?;
            let high = asserted().map(|reading| reading.hard.low).max()?;
            let gap = evidence.gap.filter(|gap| high.checked_sub(low) == Some(gap.absolute))?;
            let measure = self.model().question(question).measure;
            Some((low, high, format!("{} apart", self.model().value_in_words(measure, gap.absolute))))
        })
    }
}

impl Chart {
    /// The scale for everything in the chart.
    fn scale(&self, ticks: usize) -> Scale {
        Scale::new(&self.axis, self.own.readings().chain(self.related.readings()), ticks)
    }

    /// Whether some range continues beyond the frame.
    fn goes_past(&self) -> bool {
        let scale = self.scale(WIDE.ticks);
        let plot = Plot { scale: &scale, from: 0.0, to: 1.0 };
        let past = |end: RangeEnd| matches!(end, RangeEnd::Past(_));
        let mut readings =
            self.own.readings().chain(self.related.readings()).filter(|reading| !reading.denied);
        readings.any(|reading| past(plot.low(reading.hard.low)) || past(plot.high(reading.hard.high)))
    }
}

#[cfg(test)]
mod tests;

//! Small multiples: tolls of the parts of an event, each under a heading, on one axis. They are never summed.

use maud::{Markup, html};

use super::entry::{ChartEntry, EntryRole};
use super::key::key;
use super::label::said;
use super::lanes::{Canvas, ChartSheet, NARROW, WIDE};
use super::scale::{Axis, Scale};
use crate::report::html::PageContext;
use crate::report::html::components::capital;
use gainsay_analysis::id::{AnswerId, Id as _};

/// The most statements of a part, and the most parts, that are drawn.
const MAX_STATEMENTS_PER_PART: usize = 8;
const MAX_PARTS: usize = 24;

/// A part with its statements, and the number of further ones.
type TollPart<'a> = (&'a str, Vec<ChartEntry>, usize);

impl PageContext<'_> {
    /// Tolls of the parts of an event, each under a heading, all on one axis, never summed. Ids in it begin with
    /// `id`.
    pub(in crate::report::html) fn tolls(
        &self,
        id: &str,
        rows: &[(String, Vec<AnswerId>)],
    ) -> Option<Markup> {
        let mut parts: Vec<TollPart<'_>> = Vec::new();
        for (name, answers) in rows {
            let mut entries: Vec<ChartEntry> =
                answers.iter().filter_map(|&answer| self.toll(answer)).collect();
            let more = entries.len().saturating_sub(MAX_STATEMENTS_PER_PART);
            entries.truncate(MAX_STATEMENTS_PER_PART);
            if !entries.is_empty() {
                parts.push((name, entries, more));
            }
        }
        let rest = parts.len().saturating_sub(MAX_PARTS);
        parts.truncate(MAX_PARTS);
        let entries = || parts.iter().flat_map(|(_, entries, _)| entries);
        entries().next()?;
        let drawn = [WIDE, NARROW].map(|sheet| self.multiples(id, &parts, rest, sheet));
        Some(html! {
            figure .fig .plain {
                (key(entries(), false, false))
                @for picture in &drawn { (picture) }
            }
        })
    }

    fn multiples(&self, id: &str, parts: &[TollPart<'_>], rest: usize, sheet: ChartSheet) -> Markup {
        let readings =
            parts.iter().flat_map(|(_, entries, _)| entries).filter_map(|entry| entry.reading.as_ref());
        let scale = Scale::new(&Axis::Count, readings, sheet.ticks);
        let mut canvas = Canvas::new(self, sheet, &scale);
        for (name, entries, more) in parts {
            canvas.heading(name);
            for entry in entries {
                canvas.lane(entry, true);
            }
            if *more > 0 {
                canvas.line(&format!("and {more} more statements"));
            }
        }
        if rest > 0 {
            canvas.line(&format!("and {rest} more parts"));
        }
        canvas.axis(None);
        let log = match (scale.is_log(), scale.has_zero_apart()) {
            (true, true) => "log scale, zero shown separately",
            (true, false) => "log scale",
            (false, _) => "",
        };
        let shared = if parts.len() > 1 { "One scale for all parts" } else { "" };
        let joint = if shared.is_empty() || log.is_empty() { "" } else { " · " };
        let description = |(name, entries, _): &TollPart<'_>| {
            let entries: Vec<String> = entries.iter().map(|entry| self.in_a_sentence(entry)).collect();
            format!("{}: {}", said(name), entries.join("; "))
        };
        let description: Vec<String> = parts.iter().map(description).collect();
        canvas.finish(
            &format!("tolls:{id}"),
            &capital(&format!("{shared}{joint}{log}")),
            "Tolls of each part, as stated",
            &description.join(". "),
        )
    }

    /// An entry for a toll under the name of its party, with the population it counts.
    fn toll(&self, answer: AnswerId) -> Option<ChartEntry> {
        let question = self.model().answers.question[answer.index()];
        let current = self.analysis.reasoning.current[answer.index()];
        let kind = if current { EntryRole::Answers } else { EntryRole::Replaced };
        let mut entry = self.entry(answer, &[answer], kind, question);
        entry.reading.as_ref()?;
        let asked = self.model().question(question);
        let counted = said(&self.model().measures[asked.measure].name);
        let counted = match asked.population {
            Some(population) => format!("{} {counted}", said(&self.model().populations[population].name)),
            None => counted,
        };
        // The label below the name of the party is the population, then the day.
        entry.about = format!("{counted} · {}", std::mem::take(&mut entry.when));
        Some(entry)
    }
}

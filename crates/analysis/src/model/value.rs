//! Reads a value as written, according to the type of its measure.

use smol_str::SmolStr;

use super::aliases::AliasIndex;
use super::claims::ErrorReported;
use super::definitions::{Definitions, Lookup, UNKNOWN_PUBLISHER};
use super::{Base, ChoiceItem, Measure, Value};
use crate::document::mention::Kind;
use crate::document::{MeasureType, Name, Names, Word, Written, mention, unreadable_date};
use crate::finding::Finding;
use crate::id::{FileId, MeasureId, PopulationId, SubjectId, Table};
use crate::lint;
use crate::source::{Location, Span, Spanned};
use gainsay_reading::figure::{self, Range, Reading};
use gainsay_reading::names::DidYouMean;
use gainsay_reading::period::Period;

/// Up to this many ids are listed in the help when none is near to the one given.
const MAX_LISTED_IDS: usize = 12;

/// Reads a value. Returns none if it cannot be read, with a finding in `lookup`.
pub(super) fn read(
    measure: &Measure,
    written: &Written,
    file: FileId,
    definitions: &Definitions,
    lookup: &mut Lookup<'_>,
) -> Option<Value> {
    let reader = ValueReader { measure, file, definitions };
    if measure.kind == MeasureType::Choice {
        return reader.choice(written, lookup);
    }
    let Written::Scalar(text) = written else {
        let message = format!("`{}` takes one value, not a list", measure.name);
        lookup.report(&lint::UNREADABLE_VALUE, file, written.span(), message);
        return None;
    };
    match measure.kind {
        MeasureType::Count | MeasureType::Amount => reader.figure(text, lookup),
        MeasureType::Scale => reader.step(text, lookup),
        MeasureType::YesNo => reader.yes_no(text, lookup),
        MeasureType::Date => reader.days(text, lookup),
        MeasureType::Choice => None,
    }
}

struct ValueReader<'a> {
    measure: &'a Measure,
    file: FileId,
    definitions: &'a Definitions,
}

impl ValueReader<'_> {
    fn figure(&self, text: &Name, lookup: &mut Lookup<'_>) -> Option<Value> {
        match figure::read(&text.value, &self.measure.counting, &self.definitions.settings.conventions) {
            Ok(Reading::Figure(figure)) => Some(Value::Figure(figure)),
            Ok(Reading::Share(share)) => {
                if !self.measure.of_people {
                    let message =
                        format!("`{}` does not count a population, so it takes no shares", self.measure.name);
                    lookup.report(&lint::UNREADABLE_VALUE, self.file, text.span, message);
                    return None;
                }
                let name = name_at(text, &share.of.text, share.of.start, share.of.end);
                let population =
                    lookup.find(Kind::Population, &self.definitions.populations, self.file, &name)?;
                Some(Value::Share(share, population))
            }
            Ok(Reading::Change(change)) => {
                let name = name_at(text, &change.base.text, change.base.start, change.base.end);
                let base = self.base(&name, lookup)?;
                Some(Value::Change(change, base))
            }
            Err(unread) => {
                let at = unread_location(self.file, text, &unread);
                lookup
                    .findings
                    .push_with(lint::UNREADABLE_FIGURE.id, at, || unreadable_figure(self.file, text, unread));
                None
            }
        }
    }

    /// A period (`2024`), a subject (`terrorism-2023`) or a subject in a period (`pips@2024`).
    fn base(&self, name: &Name, lookup: &mut Lookup<'_>) -> Option<Base> {
        if name.value.starts_with(|first: char| first.is_ascii_digit())
            && let Ok(period) = Period::read(&name.value)
        {
            return Some(Base::Period(period.canonical()));
        }
        let (subject, period) = match name.value.split_once('@') {
            Some((subject, period)) => (subject, Some(period)),
            None => (name.value.as_str(), None),
        };
        let subject = Spanned::new(SmolStr::from(subject), name.span);
        let subject: SubjectId =
            lookup.find(Kind::Subject, &self.definitions.subjects, self.file, &subject)?;
        let period = match period.map(Period::read).transpose() {
            Ok(period) => period,
            Err(misread) => {
                lookup.report(&lint::UNREADABLE_DATE, self.file, name.span, misread.message);
                return None;
            }
        };
        Some(Base::Subject(subject, period.map(Period::canonical)))
    }

    /// Steps are numbered from 1. A step without a qualifier is read as that step or any above it (hard) and
    /// as that step (usual).
    fn step(&self, text: &Name, lookup: &mut Lookup<'_>) -> Option<Value> {
        let words = text.value.trim();
        let top = self.measure.steps.len() as i64;
        let (qualifier, step) = ["at least ", "at most "]
            .into_iter()
            .find_map(|qualifier| words.strip_prefix(qualifier).map(|step| (qualifier, step.trim())))
            .unwrap_or(("", words));
        let Some(at) = self.measure.steps.iter().position(|known| known == step) else {
            let steps = self.measure.steps.iter().map(SmolStr::as_str);
            self.report_unknown_word(text, "step", step, steps, lookup);
            return None;
        };
        let at = at as i64 + 1;
        let up = Range { low: at, high: top };
        Some(match qualifier {
            "at least " => Value::Step(up, up),
            "at most " => Value::Step(Range { low: 0, high: at }, Range { low: 0, high: at }),
            _ => Value::Step(up, Range { low: at, high: at }),
        })
    }

    fn yes_no(&self, text: &Name, lookup: &mut Lookup<'_>) -> Option<Value> {
        match text.value.as_str() {
            "yes" | "true" => Some(Value::YesNo(true)),
            "no" | "false" => Some(Value::YesNo(false)),
            other => {
                self.report_unknown_word(text, "answer", other, ["yes", "no"], lookup);
                None
            }
        }
    }

    fn days(&self, text: &Name, lookup: &mut Lookup<'_>) -> Option<Value> {
        match Period::read(&text.value) {
            Ok(period) => Some(Value::Days(period)),
            Err(misread) => {
                let at = Location { file: self.file, span: text.span };
                lookup.findings.push_with(lint::UNREADABLE_DATE.id, at, || unreadable_date(at, misread));
                None
            }
        }
    }

    fn choice(&self, written: &Written, lookup: &mut Lookup<'_>) -> Option<Value> {
        let names = written.items();
        let mut items: Vec<ChoiceItem> = names.iter().filter_map(|name| self.item(name, lookup)).collect();
        if items.len() < names.len() || items.is_empty() {
            if names.is_empty() {
                lookup.report(&lint::UNREADABLE_VALUE, self.file, written.span(), "the list is empty");
            }
            return None;
        }
        items.sort_unstable();
        items.dedup();
        Some(Value::Choice(items.into()))
    }

    /// The entity with this id and a kind that the measure takes. `places/kabul` names the kind.
    fn item(&self, name: &Name, lookup: &mut Lookup<'_>) -> Option<ChoiceItem> {
        let (kind, id) = match name.value.split_once('/') {
            Some((kind, id)) => (Some(kind), id),
            None => (None, name.value.as_str()),
        };
        let kinds = self.measure.names.iter().copied();
        let found: Vec<(Names, ChoiceItem)> = kinds
            .filter(|names| kind.is_none_or(|kind| kind == Word::word(*names)))
            .filter_map(|names| self.item_of(names, id).map(|item| (names, item)))
            .collect();
        match found.as_slice() {
            [(_, item)] => Some(*item),
            [] => {
                self.report_unknown_item(name, id, lookup);
                None
            }
            several => {
                let kinds = several.iter().map(|(names, _)| Word::word(*names));
                let choices: Vec<_> = kinds.map(|kind| format!("`{kind}/{id}`")).collect();
                let at = Location { file: self.file, span: name.span };
                lookup.findings.push_with(lint::AMBIGUOUS_ID.id, at, || {
                    let message = format!("`{id}` is the id of several kinds");
                    lint::AMBIGUOUS_ID.at(at, message, "").help(format!("write {}", choices.join(" or ")))
                });
                None
            }
        }
    }

    fn item_of(&self, names: Names, id: &str) -> Option<ChoiceItem> {
        let Definitions { actors, places, subjects, terms, populations, .. } = self.definitions;
        match names {
            Names::Actors => actors.find(id).map(ChoiceItem::Actor),
            Names::Places => places.find(id).map(ChoiceItem::Place),
            Names::Events => subjects.find(id).map(ChoiceItem::Event),
            Names::Terms => terms.find(id).map(ChoiceItem::Term),
            Names::Populations => populations.find(id).map(ChoiceItem::Population),
        }
    }

    /// The ids of a kind in the documents that are analysed, sorted.
    fn names_of(&self, names: Names) -> &[SmolStr] {
        let Definitions { actors, places, subjects, terms, populations, .. } = self.definitions;
        match names {
            Names::Actors => actors.names(),
            Names::Places => places.names(),
            Names::Events => subjects.names(),
            Names::Terms => terms.names(),
            Names::Populations => populations.names(),
        }
    }

    /// The ids of a kind in the whole workspace, sorted: all of them, or, if there are too many to list, some
    /// that include the nearest to the one given.
    fn known_ids(&self, names: Names, given: &str, aliases: &AliasIndex<'_>) -> Vec<SmolStr> {
        let kind = kind_of(names);
        let beyond = aliases.elsewhere.first(kind, MAX_LISTED_IDS);
        let mut known: Vec<SmolStr> = self.names_of(names).iter().cloned().chain(beyond).collect();
        known.extend(aliases.elsewhere.nearest(kind, given));
        // The placeholder for an unreadable publisher cannot be named.
        known.retain(|id| id != UNKNOWN_PUBLISHER);
        known.sort_unstable();
        known.dedup();
        known
    }

    /// Reports an id that no entity of the kinds that the measure takes has.
    fn report_unknown_item(&self, text: &Name, id: &str, lookup: &mut Lookup<'_>) {
        let names = &self.measure.names;
        let kinds: Vec<_> = names.iter().map(|names| kind_name(*names)).collect();
        let what = kinds.join(" or ");
        let at = Location { file: self.file, span: text.span };
        let aliases = lookup.aliases;
        let known = || -> Vec<SmolStr> {
            names.iter().flat_map(|names| self.known_ids(*names, id, aliases)).collect()
        };
        let meant = || {
            let called = names.iter().flat_map(|&names| aliases.ids_by_alias(kind_of(names), id)).collect();
            DidYouMean::of(id, known().iter().map(SmolStr::as_str)).or_called(called)
        };
        lookup.report_unknown(
            &lint::UNREADABLE_VALUE,
            at,
            || (what.as_str().into(), id.into()),
            meant,
            |meant| self.unknown_value(at, &what, id, meant, || self.listed_ids(aliases, id)),
        );
    }

    /// Reports a word that the measure does not take.
    fn report_unknown_word<'a>(
        &self,
        text: &Name,
        what: &str,
        given: &str,
        known: impl IntoIterator<Item = &'a str>,
        lookup: &mut Lookup<'_>,
    ) {
        let at = Location { file: self.file, span: text.span };
        lookup.findings.push_with(lint::UNREADABLE_VALUE.id, at, || {
            let known: Vec<&str> = known.into_iter().collect();
            let near = DidYouMean::of(given, known.iter().copied());
            self.unknown_value(at, what, given, &near, || {
                (known.len() <= MAX_LISTED_IDS).then(|| known.join(", "))
            })
        });
    }

    /// A finding on a value that the measure does not take. `listed` returns everything it takes, unless that
    /// is too much to list.
    fn unknown_value(
        &self,
        at: Location,
        what: &str,
        given: &str,
        near: &DidYouMean,
        listed: impl FnOnce() -> Option<String>,
    ) -> Finding {
        let message = format!("`{given}` is not a valid {what} for `{}`", self.measure.name);
        let finding = lint::UNREADABLE_VALUE.at(at, message, "");
        if !near.ids.is_empty() {
            return finding.meant(at, near);
        }
        match listed() {
            Some(listed) => finding.help(format!("it takes {listed}")),
            None => finding,
        }
    }

    /// The ids that the measure takes, or none if there are too many to list.
    fn listed_ids(&self, aliases: &AliasIndex<'_>, given: &str) -> Option<String> {
        let mut all = Vec::new();
        for &names in &self.measure.names {
            if self.names_of(names).len() > MAX_LISTED_IDS + 1 {
                return None;
            }
            all.extend(self.known_ids(names, given, aliases));
        }
        (all.len() <= MAX_LISTED_IDS).then(|| all.join(", "))
    }
}

/// Where the reading of a figure stopped.
fn unread_location(file: FileId, text: &Name, unread: &figure::Unread) -> Location {
    Location { file, span: mention::part(text, unread.at, text.value.len()) }
}

/// A finding on a figure that cannot be read: where reading stopped, and wordings that can be read.
pub(super) fn unreadable_figure(file: FileId, text: &Name, unread: figure::Unread) -> Finding {
    let at = unread_location(file, text, &unread);
    let finding = lint::UNREADABLE_FIGURE.at(at, unread.message, "reading stopped here");
    if unread.would_read.is_empty() {
        return finding.help("`gainsay explain words` lists the wordings that are read");
    }
    let wordings = unread.would_read.iter();
    wordings.fold(finding, |finding, wording| finding.help(format!("would be read: `{wording}`")))
}

impl super::Model {
    /// The entity that one scalar of a value names, with the span of the name: the item of a choice, the
    /// population of a share, or the subject of a change. None if it names nothing that is known.
    pub fn named_in(&self, measure: MeasureId, value: &Name) -> Option<(mention::Kind, SmolStr, Span)> {
        let measure = &self.measures[measure];
        match measure.kind {
            MeasureType::Choice => self.item_in(measure, value),
            MeasureType::Count | MeasureType::Amount => self.basis_in(measure, value),
            MeasureType::Scale | MeasureType::YesNo | MeasureType::Date => None,
        }
    }

    fn item_in(&self, measure: &Measure, value: &Name) -> Option<(mention::Kind, SmolStr, Span)> {
        let text = value.value.as_str();
        let (given, id) = text.split_once('/').map_or((None, text), |(kind, id)| (Some(kind), id));
        let is_given = |names: &&Names| given.is_none_or(|given| given == Word::word(**names));
        let mut found = measure.names.iter().filter(is_given).filter(|names| self.has(**names, id));
        let (names, None) = (found.next()?, found.next()) else { return None };
        let start = text.len() - id.len();
        Some((kind_of(*names), id.into(), mention::part(value, start, text.len())))
    }

    fn has(&self, names: Names, id: &str) -> bool {
        match names {
            Names::Actors => self.actors.find(id).is_some(),
            Names::Places => self.places.find(id).is_some(),
            Names::Events => self.subjects.find(id).is_some(),
            Names::Terms => self.terms.find(id).is_some(),
            Names::Populations => self.populations.find(id).is_some(),
        }
    }

    fn basis_in(&self, measure: &Measure, value: &Name) -> Option<(mention::Kind, SmolStr, Span)> {
        match figure::read(&value.value, &measure.counting, &self.settings.conventions).ok()? {
            Reading::Figure(_) => None,
            Reading::Share(share) => {
                self.populations.find(&share.of.text)?;
                let place = mention::part(value, share.of.start, share.of.end);
                Some((mention::Kind::Population, share.of.text.into(), place))
            }
            Reading::Change(change) => {
                let subject = change.base.text.split('@').next().unwrap_or_default();
                self.subjects.find(subject)?;
                let start = change.base.start;
                let place = mention::part(value, start, start + subject.len());
                Some((mention::Kind::Subject, subject.into(), place))
            }
        }
    }
}

fn kind_of(names: Names) -> mention::Kind {
    match names {
        Names::Actors => mention::Kind::Actor,
        Names::Places => mention::Kind::Place,
        Names::Events => mention::Kind::Subject,
        Names::Terms => mention::Kind::Term,
        Names::Populations => mention::Kind::Population,
    }
}

/// A name that is part of the text of a value, with its span.
fn name_at(text: &Name, name: &str, start: usize, end: usize) -> Name {
    Spanned::new(name.into(), mention::part(text, start, end))
}

fn kind_name(names: Names) -> &'static str {
    match names {
        Names::Events => "event",
        other => kind_of(other).name(),
    }
}

/// The population that is counted: the one written, or `people` by default; none for a measure that does not
/// count people.
pub(super) fn population(
    measure: &Measure,
    of: Option<&Name>,
    file: FileId,
    populations: &Table<PopulationId, super::Population>,
    lookup: &mut Lookup<'_>,
) -> Result<Option<PopulationId>, ErrorReported> {
    match of {
        Some(of) if !measure.of_people => {
            let message = format!("`{}` does not count people, so it takes no `of`", measure.name);
            lookup.report(&lint::MISPLACED_FIELD, file, of.span, message);
            Err(ErrorReported)
        }
        Some(of) => lookup.find(Kind::Population, populations, file, of).map(Some).ok_or(ErrorReported),
        None if measure.of_people => Ok(populations.find("people")),
        None => Ok(None),
    }
}

/// The steps that remain after a step is denied: 0 to the one below it.
pub fn below(step: Range) -> Range {
    Range { low: 0, high: step.low - 1 }
}

/// The span of a value, or of the id if the claim has none.
pub(super) fn value_span(written: Option<&Written>, id: Span) -> Span {
    written.map_or(id, Written::span)
}

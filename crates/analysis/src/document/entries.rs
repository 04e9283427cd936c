//! The entries of a file as one list of all kinds: to compare two versions of an entry, and to build a document from
//! some entries.
//!
//! Two versions are the same if their fields and the spans relative to the start of the entry are equal. An entry that
//! only moved is the same.

use super::mention::Kind;
use super::{
    Actor, Claim, Document, Entry, Measure, Name, Population, Review, Settings, Source, Subject, Term,
    Written,
};
use crate::source::{Span, Spanned};
use gainsay_reading::names::fold_key;

/// A reference to an entry of any kind.
#[derive(Clone, Copy, Debug)]
pub enum EntryRef<'d> {
    /// An actor.
    Actor(&'d Entry<Actor>),
    /// An event, a proposition or a series.
    Subject(&'d Entry<Subject>),
    /// A place.
    Place(&'d Entry<Term>),
    /// A term.
    Term(&'d Entry<Term>),
    /// A population.
    Population(&'d Entry<Population>),
    /// A measure.
    Measure(&'d Entry<Measure>),
    /// A source.
    Source(&'d Entry<Source>),
    /// A claim.
    Claim(&'d Entry<Claim>),
    /// A review.
    Review(&'d Entry<Review>),
}

impl Document {
    /// All entries, in the order of [`super::mention::definitions`].
    pub fn entries(&self) -> Vec<EntryRef<'_>> {
        let mut all: Vec<EntryRef<'_>> = Vec::with_capacity(self.claims.len() + self.actors.len());
        all.extend(self.actors.iter().map(EntryRef::Actor));
        all.extend(self.subjects.iter().map(EntryRef::Subject));
        all.extend(self.places.iter().map(EntryRef::Place));
        all.extend(self.terms.iter().map(EntryRef::Term));
        all.extend(self.populations.iter().map(EntryRef::Population));
        all.extend(self.measures.iter().map(EntryRef::Measure));
        all.extend(self.source.iter().map(EntryRef::Source));
        all.extend(self.claims.iter().map(EntryRef::Claim));
        all.extend(self.reviews.iter().map(EntryRef::Review));
        all
    }

    /// The position of the first claim in [`Self::entries`].
    pub(crate) fn first_claim(&self) -> usize {
        let people = self.actors.len() + self.populations.len();
        let things = self.subjects.len() + self.places.len() + self.terms.len() + self.measures.len();
        people + things + usize::from(self.source.is_some())
    }

    /// The entry at a position of [`Self::entries`].
    pub(crate) fn entry(&self, mut at: usize) -> Option<EntryRef<'_>> {
        fn entry_in<'d, T>(from: &'d [Entry<T>], at: &mut usize) -> Option<&'d Entry<T>> {
            let found = from.get(*at);
            *at = at.wrapping_sub(from.len());
            found
        }
        let at = &mut at;
        let definition = entry_in(&self.actors, at).map(EntryRef::Actor);
        let definition = definition.or_else(|| entry_in(&self.subjects, at).map(EntryRef::Subject));
        let definition = definition.or_else(|| entry_in(&self.places, at).map(EntryRef::Place));
        let definition = definition.or_else(|| entry_in(&self.terms, at).map(EntryRef::Term));
        let definition = definition.or_else(|| entry_in(&self.populations, at).map(EntryRef::Population));
        let definition = definition.or_else(|| entry_in(&self.measures, at).map(EntryRef::Measure));
        let source = self.source.as_slice();
        let definition = definition.or_else(|| entry_in(source, at).map(EntryRef::Source));
        let definition = definition.or_else(|| entry_in(&self.claims, at).map(EntryRef::Claim));
        definition.or_else(|| entry_in(&self.reviews, at).map(EntryRef::Review))
    }

    /// Adds the entry at a position of [`Self::entries`] of another document.
    pub(crate) fn add(&mut self, other: &Self, at: usize) {
        match other.entry(at) {
            Some(EntryRef::Actor(entry)) => self.actors.push(entry.clone()),
            Some(EntryRef::Subject(entry)) => self.subjects.push(entry.clone()),
            Some(EntryRef::Place(entry)) => self.places.push(entry.clone()),
            Some(EntryRef::Term(entry)) => self.terms.push(entry.clone()),
            Some(EntryRef::Population(entry)) => self.populations.push(entry.clone()),
            Some(EntryRef::Measure(entry)) => self.measures.push(entry.clone()),
            Some(EntryRef::Source(entry)) => self.source = Some(entry.clone()),
            Some(EntryRef::Claim(entry)) => self.claims.push(entry.clone()),
            Some(EntryRef::Review(entry)) => self.reviews.push(entry.clone()),
            None => {}
        }
    }
}

impl<'d> EntryRef<'d> {
    /// Its id.
    pub(crate) fn id(self) -> &'d Name {
        match self {
            Self::Actor(entry) => &entry.id,
            Self::Subject(entry) => &entry.id,
            Self::Place(entry) | Self::Term(entry) => &entry.id,
            Self::Population(entry) => &entry.id,
            Self::Measure(entry) => &entry.id,
            Self::Source(entry) => &entry.id,
            Self::Claim(entry) => &entry.id,
            Self::Review(entry) => &entry.id,
        }
    }

    /// Its name and its aliases. The name of a source is its title.
    pub fn names(self) -> (Option<&'d Name>, &'d [Name]) {
        match self {
            Self::Actor(entry) => (entry.body.name.as_ref(), &entry.body.aliases),
            Self::Subject(entry) => (entry.body.name.as_ref(), &entry.body.aliases),
            Self::Place(entry) | Self::Term(entry) => (entry.body.name.as_ref(), &entry.body.aliases),
            Self::Population(entry) => (entry.body.name.as_ref(), &[]),
            Self::Measure(entry) => (entry.body.name.as_ref(), &[]),
            Self::Source(entry) => (entry.body.title.as_ref(), &[]),
            Self::Claim(_) | Self::Review(_) => (None, &[]),
        }
    }

    /// Its name and aliases in canonical form.
    pub(crate) fn called(self) -> impl Iterator<Item = String> + use<'d> {
        let (name, others) = self.names();
        name.into_iter().chain(others).map(|name| fold_key(&name.value)).filter(|name| !name.is_empty())
    }

    /// The kind of thing that it defines.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Actor(_) => Kind::Actor,
            Self::Subject(_) => Kind::Subject,
            Self::Place(_) => Kind::Place,
            Self::Term(_) => Kind::Term,
            Self::Population(_) => Kind::Population,
            Self::Measure(_) => Kind::Measure,
            Self::Source(_) => Kind::Source,
            Self::Claim(_) => Kind::Claim,
            Self::Review(_) => Kind::Review,
        }
    }

    /// The span from its id to the end of its body.
    pub(crate) fn span(self) -> Span {
        match self {
            Self::Actor(entry) => entry.span,
            Self::Subject(entry) => entry.span,
            Self::Place(entry) | Self::Term(entry) => entry.span,
            Self::Population(entry) => entry.span,
            Self::Measure(entry) => entry.span,
            Self::Source(entry) => entry.span,
            Self::Claim(entry) => entry.span,
            Self::Review(entry) => entry.span,
        }
    }

    /// Whether another entry has the same fields, at the same places relative to its start.
    pub(crate) fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Actor(one), Self::Actor(other)) => is_same(one, other),
            (Self::Subject(one), Self::Subject(other)) => is_same(one, other),
            (Self::Place(one), Self::Place(other)) | (Self::Term(one), Self::Term(other)) => {
                is_same(one, other)
            }
            (Self::Population(one), Self::Population(other)) => is_same(one, other),
            (Self::Measure(one), Self::Measure(other)) => is_same(one, other),
            (Self::Source(one), Self::Source(other)) => is_same(one, other),
            (Self::Claim(one), Self::Claim(other)) => is_same(one, other),
            (Self::Review(one), Self::Review(other)) => is_same(one, other),
            _ => false,
        }
    }
}

/// Whether two settings have the same fields, at the same places relative to their start.
pub(crate) fn are_same_settings(one: Option<&Settings>, other: Option<&Settings>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            let mut moved = one.clone();
            moved.shift(i64::from(other.span.start) - i64::from(one.span.start));
            moved == *other
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn is_same<T: Clone + PartialEq + ShiftSpans>(one: &Entry<T>, other: &Entry<T>) -> bool {
    let by = i64::from(other.span.start) - i64::from(one.span.start);
    if by == 0 || one.span.range().len() != other.span.range().len() {
        return one == other;
    }
    let mut moved = one.clone();
    moved.shift(by);
    moved == *other
}

/// A value with spans, which can be shifted.
trait ShiftSpans {
    fn shift(&mut self, by: i64);
}

impl ShiftSpans for Span {
    fn shift(&mut self, by: i64) {
        let moved = |at: u32| u32::try_from(i64::from(at) + by).unwrap_or(u32::MAX);
        *self = Self { start: moved(self.start), end: moved(self.end) };
    }
}

impl<T> ShiftSpans for Spanned<T> {
    fn shift(&mut self, by: i64) {
        self.span.shift(by);
    }
}

impl<T: ShiftSpans> ShiftSpans for Option<T> {
    fn shift(&mut self, by: i64) {
        if let Some(value) = self {
            value.shift(by);
        }
    }
}

impl<T: ShiftSpans> ShiftSpans for Vec<T> {
    fn shift(&mut self, by: i64) {
        for value in self {
            value.shift(by);
        }
    }
}

impl<A: ShiftSpans, B: ShiftSpans> ShiftSpans for (A, B) {
    fn shift(&mut self, by: i64) {
        self.0.shift(by);
        self.1.shift(by);
    }
}

impl<A: ShiftSpans, B: ShiftSpans, C: ShiftSpans> ShiftSpans for (A, B, C) {
    fn shift(&mut self, by: i64) {
        self.0.shift(by);
        self.1.shift(by);
        self.2.shift(by);
    }
}

impl ShiftSpans for Written {
    fn shift(&mut self, by: i64) {
        match self {
            Self::Scalar(name) => name.shift(by),
            Self::List(names, span) => {
                names.shift(by);
                span.shift(by);
            }
        }
    }
}

impl<T: ShiftSpans> ShiftSpans for Entry<T> {
    fn shift(&mut self, by: i64) {
        let Self { id, span, broken: _, body } = self;
        Name::shift(id, by);
        span.shift(by);
        body.shift(by);
    }
}

/// Implements `ShiftSpans` for a record. Fields without spans are listed after the semicolon, so that the compiler
/// notices a missing field.
macro_rules! shift_spans {
    ($($name:ident { $($spanned:ident)* ; $($plain:ident)* })*) => {$(
        impl ShiftSpans for $name {
            fn shift(&mut self, by: i64) {
                let Self { $($spanned,)* $($plain: _,)* } = self;
                $($spanned.shift(by);)*
            }
        }
    )*};
}

shift_spans! {
    Actor { name aliases kind role speaks_for; }
    Subject {
        name aliases nature date place part_of overlaps after parties apart_from publisher method territory beside;
        kind parts_complete
    }
    Term { name aliases part_of excludes; }
    Population { name part_of excludes; inferred }
    Measure { name kind unit counts settles names steps sum_of asks; grows varies single }
    Source { publisher published title url cites reliability text; }
    Claim {
        by via about measure of during value said as_of at part form words certainty stance attributes_to note
        allow response;
    }
    Review { question verdict because figure note by on seen saw; }
    Settings { span settles words grades; }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FileId, Id as _};
    use crate::yaml;

    fn read(text: &str) -> Document {
        let file = FileId::new(0);
        super::super::read(file, &yaml::parse(file, text).0).0
    }

    const TEXT: &str = r#"
settings: { settles: 30 days, words: { some: { hard: 1+ } }, grades: { rounding: off } }
actors: { minister: { name: A, aliases: [B], kind: c, role: d, speaks-for: "state" } }
events: { raid: { date: 2026-02-22, place: [kabul], part-of: war, overlaps: x, after: y, parties: [state] } }
series: { pips: { publisher: paper, method: m, territory: t, beside: gtd } }
places: { kabul: { part-of: x, excludes: y } }
terms: { t: { name: T } }
populations: { guards: { part-of: people, inferred: true } }
measures: { m: { type: choice, names: [actors], steps: [a], sum-of: [b], unit: u, counts: things } }
source: { id: paper-1, publisher: paper, published: 2026-02-24, cites: radio-1, title: T, url: u }
claims:
  toll: { by: minister, about: raid, measure: killed, of: guards, value: 80, said: 2026-02-23, at: p1 }
  no: { denies: [toll, 'radio-1/toll'], allow: [rounding], note: n, words: w, via: [x] }
reviews:
  r: { question: raid/killed/people, verdict: open, saw: { paper-1/toll: "80" }, on: 2026-03-01 }
"#;

    #[test]
    fn is_same_ignores_moves_of_a_whole_entry() {
        let (here, there) = (read(TEXT), read(&format!("# moved\n{}", TEXT.replace('\n', "\n\n"))));
        assert_eq!(here.entries().len(), 11);
        for (one, other) in here.entries().into_iter().zip(there.entries()) {
            assert!(one.is_same(other), "{one:?}");
            assert_ne!(one.span(), other.span());
        }
        assert!(are_same_settings(here.settings.as_ref(), there.settings.as_ref()));
    }

    #[test]
    fn is_same_notices_other_values_and_places_within_an_entry() {
        for (from, to) in
            [("value: 80", "value: 90"), ("value: 80", "value:  80"), ("denies: [toll", "denies: [tell")]
        {
            let (here, there) = (read(TEXT), read(&TEXT.replace(from, to)));
            let same =
                here.entries().into_iter().zip(there.entries()).filter(|(one, other)| one.is_same(*other));
            assert_eq!(same.count(), 10, "{from}");
        }
        assert!(!are_same_settings(read(TEXT).settings.as_ref(), None));
    }

    #[test]
    fn document_is_rebuilt_from_its_entries() {
        let whole = read(TEXT);
        let mut parts = Document::default();
        for at in 0..whole.entries().len() {
            parts.add(&whole, at);
        }
        let spans =
            |document: &Document| document.entries().iter().map(|entry| entry.span()).collect::<Vec<_>>();
        assert_eq!(spans(&parts), spans(&whole));
        let mut one = Document::default();
        one.add(&whole, 9);
        assert_eq!(one.claims[0].id.value, "no");
    }
}

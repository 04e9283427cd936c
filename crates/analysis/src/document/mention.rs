//! All ids that a file defines and mentions, each with its place.
//!
//! One file does not always show what an id refers to. A value can be an id or a figure, depending on its measure, so
//! it is mentioned with every kind that a choice may name, and the model finds out which one it is.

use smol_str::SmolStr;

use super::{Document, Entry, Name, Written};
use crate::source::{Span, Spanned};

/// The kinds of things that have ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A person, organisation, state, armed group or publisher.
    Actor,
    /// An event, a proposition or a series.
    Subject,
    /// A place.
    Place,
    /// A term.
    Term,
    /// A group that can be counted.
    Population,
    /// Something that can be counted or stated.
    Measure,
    /// A publication in which claims are made.
    Source,
    /// A claim, by its full name `SOURCE/CLAIM`.
    Claim,
    /// A reviewer's decision.
    Review,
}

impl Kind {
    /// The name of the kind in messages: `actor`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Subject => "subject",
            Self::Place => "place",
            Self::Term => "term",
            Self::Population => "population",
            Self::Measure => "measure",
            Self::Source => "source",
            Self::Claim => "claim",
            Self::Review => "review",
        }
    }
}

/// The kinds of things that the value of a choice may name.
pub const ITEMS: &[Kind] = &[Kind::Actor, Kind::Place, Kind::Subject, Kind::Term, Kind::Population];
/// The kinds of things that a figure may mention: the population of a share, and the event of a change.
pub const IN_FIGURES: &[Kind] = &[Kind::Population, Kind::Subject];

/// A thing that a file defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definition {
    /// The kind of thing.
    pub kind: Kind,
    /// The name in the whole workspace: the id, or the full name `SOURCE/CLAIM` of a claim.
    pub name: SmolStr,
    /// The span of its id, including quotes.
    pub id: Span,
    /// The span from the id to the end of the body; for a source, its whole mapping.
    pub span: Span,
}

/// A place at which a file refers to a thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    /// The kinds that it can be of; outside of values only one.
    pub kinds: &'static [Kind],
    /// The name in the whole workspace: the id, or the full name `SOURCE/CLAIM` of a claim.
    pub name: SmolStr,
    /// The span of the id itself, without quotes and, in `SOURCE/CLAIM`, without the source. In a quoted text with
    /// escapes the place of a part is not known, so it is the span of the whole text.
    pub span: Span,
    /// The key that it is a value of: `by`, `about`.
    pub key: &'static str,
    /// The definition that contains it, as a position in [`definitions`]; none for settings.
    pub within: Option<usize>,
    /// Whether this file alone shows that it is a mention of these kinds.
    is_certain: bool,
}

impl Mention {
    /// Whether it certainly names a thing of its one kind. A mention in a value does not, nor does `A/B` in `declines`,
    /// which is a claim or a question.
    pub fn is_sure(&self) -> bool {
        self.is_certain && self.kinds.len() == 1
    }
}

/// All definitions of a file, by section: actors, subjects, places, terms, populations, measures, the
/// source, claims, reviews. Claims of a file without a source are named by their ids alone.
pub fn definitions(document: &Document) -> Vec<Definition> {
    fn all<T>(kind: Kind, entries: &[Entry<T>]) -> impl Iterator<Item = Definition> {
        entries.iter().map(move |entry| Definition {
            kind,
            name: entry.id.value.clone(),
            id: entry.id.span,
            span: entry.span,
        })
    }
    let mut found: Vec<Definition> = all(Kind::Actor, &document.actors).collect();
    found.extend(all(Kind::Subject, &document.subjects));
    found.extend(all(Kind::Place, &document.places));
    found.extend(all(Kind::Term, &document.terms));
    found.extend(all(Kind::Population, &document.populations));
    found.extend(all(Kind::Measure, &document.measures));
    found.extend(all(Kind::Source, document.source.as_slice()));
    found.extend(
        all(Kind::Claim, &document.claims)
            .map(|claim| Definition { name: full_name(document, &claim.name), ..claim }),
    );
    found.extend(all(Kind::Review, &document.reviews));
    found
}

/// All mentions in a file, in the order of [`definitions`], and in each definition in the order of the keys.
pub fn mentions(document: &Document) -> Vec<Mention> {
    let mut found = MentionCollector { document, found: Vec::new(), within: None };
    found.in_definitions();
    found.in_claims();
    found.in_reviews();
    found.found
}

/// The name of a claim in the whole workspace.
fn full_name(document: &Document, claim: &str) -> SmolStr {
    match &document.source {
        Some(source) => format!("{}/{claim}", source.id.value).into(),
        None => claim.into(),
    }
}

struct MentionCollector<'d> {
    document: &'d Document,
    found: Vec<Mention>,
    within: Option<usize>,
}

impl MentionCollector<'_> {
    /// Moves on to the next definition.
    fn enter(&mut self) {
        self.within = Some(self.within.map_or(0, |at| at + 1));
    }

    fn add(&mut self, kinds: &'static [Kind], key: &'static str, name: &str, span: Span) {
        self.found.push(Mention {
            kinds,
            name: name.into(),
            span,
            key,
            within: self.within,
            is_certain: true,
        });
    }

    fn all<'n>(
        &mut self,
        kinds: &'static [Kind],
        key: &'static str,
        names: impl IntoIterator<Item = &'n Name>,
    ) {
        for name in names {
            self.add(kinds, key, &name.value, part(name, 0, name.value.len()));
        }
    }

    fn in_definitions(&mut self) {
        let document = self.document;
        for entry in &document.actors {
            self.enter();
            self.all(&[Kind::Actor], "speaks-for", &entry.body.speaks_for);
        }
        for entry in &document.subjects {
            self.enter();
            let body = &entry.body;
            self.all(&[Kind::Place], "place", &body.place);
            self.all(&[Kind::Subject], "part-of", &body.part_of);
            self.all(&[Kind::Subject], "overlaps", &body.overlaps);
            self.all(&[Kind::Subject], "after", &body.after);
            self.all(&[Kind::Actor], "parties", &body.parties);
            self.all(&[Kind::Subject], "apart-from", &body.apart_from);
            self.all(&[Kind::Actor], "publisher", &body.publisher);
            self.all(&[Kind::Subject], "beside", &body.beside);
        }
        let terms = [(&document.places, &[Kind::Place]), (&document.terms, &[Kind::Term])];
        for (entries, kind) in terms {
            for entry in entries {
                self.enter();
                self.all(kind, "part-of", &entry.body.part_of);
                self.all(kind, "excludes", &entry.body.excludes);
            }
        }
        for entry in &document.populations {
            self.enter();
            self.all(&[Kind::Population], "part-of", &entry.body.part_of);
            self.all(&[Kind::Population], "excludes", &entry.body.excludes);
        }
        for entry in &document.measures {
            self.enter();
            self.all(&[Kind::Measure], "sum-of", &entry.body.sum_of);
        }
        if let Some(source) = &document.source {
            self.enter();
            self.all(&[Kind::Actor], "publisher", &source.body.publisher);
            self.all(&[Kind::Source], "cites", &source.body.cites);
        }
    }

    fn in_claims(&mut self) {
        let document = self.document;
        for entry in &document.claims {
            self.enter();
            let body = &entry.body;
            self.all(&[Kind::Actor], "by", &body.by);
            self.all(&[Kind::Actor], "via", &body.via);
            self.all(&[Kind::Subject], "about", &body.about);
            self.all(&[Kind::Measure], "measure", &body.measure);
            self.all(&[Kind::Population], "of", &body.of);
            for value in body.value.iter().flat_map(Written::items) {
                self.value("value", value);
            }
            if let Some((response, targets)) = &body.response {
                let key = super::Word::word(response.value);
                for target in targets {
                    self.target(key, target);
                }
            }
            self.all(&[Kind::Actor], "attributes-to", &body.attributes_to);
        }
    }

    fn in_reviews(&mut self) {
        for entry in &self.document.reviews {
            self.enter();
            if let Some(question) = &entry.body.question {
                self.question("question", question);
            }
            if let Some(figure) = &entry.body.figure {
                self.value("figure", figure);
            }
            for (claim, _) in entry.body.saw.iter().flatten() {
                self.claim("saw", claim);
            }
        }
    }

    /// Adds the ids in a value: one id, as in `kabul` or `places/kabul`, or every word of a figure that can be an id.
    fn value(&mut self, key: &'static str, value: &Name) {
        let text = value.value.as_str();
        let kind_of = |kind: &str| match kind {
            "actors" => Some(&[Kind::Actor]),
            "places" => Some(&[Kind::Place]),
            "events" => Some(&[Kind::Subject]),
            "terms" => Some(&[Kind::Term]),
            "populations" => Some(&[Kind::Population]),
            _ => None,
        };
        if super::is_id(text) {
            self.add(ITEMS, key, text, part(value, 0, text.len()));
        } else if let Some((kind, id)) = text.split_once('/')
            && let Some(kind) = kind_of(kind)
        {
            self.add(kind, key, id, part(value, prefix_length(text), text.len()));
        } else {
            for (at, word) in words(text) {
                if super::is_id(word) && !word.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.add(IN_FIGURES, key, word, part(value, at, at + word.len()));
                }
            }
        }
    }

    /// Adds the target of a response: a claim or, for `declines`, a question. `A/B` may be either.
    fn target(&mut self, key: &'static str, target: &Name) {
        let text = target.value.as_str();
        if key != "declines" || !text.contains(['/', '@']) {
            return self.claim(key, target);
        }
        if text.contains('@') || text.split('/').count() != 2 {
            return self.question(key, target);
        }
        let from = self.found.len();
        self.claim(key, target);
        self.question(key, target);
        for mention in &mut self.found[from..] {
            mention.is_certain = false;
        }
    }

    /// Adds a claim, given by its name within the source or by its full name.
    fn claim(&mut self, key: &'static str, name: &Name) {
        let text = name.value.as_str();
        if let Some((source, _)) = text.split_once('/') {
            self.add(&[Kind::Source], key, source, part(name, 0, source.len()));
            self.add(&[Kind::Claim], key, text, part(name, source.len() + 1, text.len()));
        } else {
            let full = full_name(self.document, text);
            self.add(&[Kind::Claim], key, &full, part(name, 0, text.len()));
        }
    }

    /// Adds the ids in the name of a question: `SUBJECT/MEASURE/POPULATION@PERIOD`.
    fn question(&mut self, key: &'static str, name: &Name) {
        const PARTS: [&[Kind]; 3] = [&[Kind::Subject], &[Kind::Measure], &[Kind::Population]];
        let asked = name.value.split('@').next().unwrap_or_default();
        let mut at = 0;
        for (id, kind) in asked.split('/').zip(PARTS) {
            self.add(kind, key, id, part(name, at, at + id.len()));
            at += id.len() + 1;
        }
    }
}

/// The length of the prefix `KIND/` of a value.
fn prefix_length(text: &str) -> usize {
    text.find('/').map_or(0, |at| at + 1)
}

/// The words of a text, each with its first byte. Words are separated by white space or `@`.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_separator = |letter: char| letter.is_whitespace() || letter == '@';
    text.split(is_separator).map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// The span of some bytes of a scalar. If the scalar has escapes, it is the span of the whole scalar.
pub fn part(name: &Spanned<SmolStr>, start: usize, end: usize) -> Span {
    let written = name.span.range().len();
    match written.checked_sub(name.value.len()) {
        Some(quotes @ (0 | 2)) => name.span.part(start + quotes / 2, end + quotes / 2),
        _ => name.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FileId, Id as _};
    use crate::yaml;

    const TEXT: &str = r#"
actors: { minister: { speaks-for: "state" } }
events: { raid: { place: [kabul], part-of: war } }
source: { id: paper-1, publisher: paper, published: 2026-02-24, cites: radio-1 }
claims:
  toll: { by: minister, about: raid, measure: killed, value: 80 % of militants }
  hit: { about: raid, measure: target, value: [places/kabul, school] }
  no: { by: state, denies: [toll, 'radio-1/toll'] }
  silent: { declines: [raid/killed/people, raid/hit] }
reviews:
  r: { question: pips/killed/people@2024, verdict: settled, figure: half of men, saw: { paper-1/toll: "80" } }
"#;

    #[test]
    fn mentions_have_the_span_of_the_id() {
        let file = FileId::new(0);
        let (tree, _) = yaml::parse(file, TEXT);
        let (document, _) = super::super::read(file, &tree);
        let defined = definitions(&document);
        let described: Vec<String> = mentions(&document)
            .iter()
            .map(|mention| {
                let kinds: Vec<_> = mention.kinds.iter().map(|kind| kind.name()).collect();
                let within = mention.within.map_or("", |at| defined[at].name.as_str());
                let text = &TEXT[mention.span.range()];
                let unsure = if mention.is_sure() { "" } else { "?" };
                format!("{within}: {} {}{unsure} {text} {}", mention.key, kinds.join("|"), mention.name)
            })
            .collect();
        assert_eq!(
            described,
            [
                "minister: speaks-for actor state state",
                "raid: place place kabul kabul",
                "raid: part-of subject war war",
                "paper-1: publisher actor paper paper",
                "paper-1: cites source radio-1 radio-1",
                "paper-1/toll: by actor minister minister",
                "paper-1/toll: about subject raid raid",
                "paper-1/toll: measure measure killed killed",
                "paper-1/toll: value population|subject? of of",
                "paper-1/toll: value population|subject? militants militants",
                "paper-1/hit: about subject raid raid",
                "paper-1/hit: measure measure target target",
                "paper-1/hit: value place kabul kabul",
                "paper-1/hit: value actor|place|subject|term|population? school school",
                "paper-1/no: by actor state state",
                "paper-1/no: denies claim toll paper-1/toll",
                "paper-1/no: denies source radio-1 radio-1",
                "paper-1/no: denies claim toll radio-1/toll",
                "paper-1/silent: declines subject raid raid",
                "paper-1/silent: declines measure killed killed",
                "paper-1/silent: declines population people people",
                "paper-1/silent: declines source? raid raid",
                "paper-1/silent: declines claim? hit raid/hit",
                "paper-1/silent: declines subject? raid raid",
                "paper-1/silent: declines measure? hit hit",
                "r: question subject pips pips",
                "r: question measure killed killed",
                "r: question population people people",
                "r: figure population|subject? half half",
                "r: figure population|subject? of of",
                "r: figure population|subject? men men",
                "r: saw source paper-1 paper-1",
                "r: saw claim toll paper-1/toll",
            ]
        );
    }
}

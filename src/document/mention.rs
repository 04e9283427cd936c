//! Where a file names a thing: every id it defines and every id it refers to, each with its own place.
//!
//! What is named is told as far as one file can tell. A value may be an id or a figure, which only its measure
//! knows: it is mentioned under every kind that a choice may name, and the model says which of them it is.

use smol_str::SmolStr;

use super::{Document, Entry, Name, Written};
use crate::source::{Span, Spanned};

/// A kind of thing that has ids of its own.
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
    /// Who is counted.
    Population,
    /// What is counted or stated.
    Measure,
    /// A document in which claims are made.
    Source,
    /// A claim, by its full name `SOURCE/CLAIM`.
    Claim,
    /// A reviewer's decision.
    Review,
}

impl Kind {
    /// The kind as messages call it: `actor`.
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

/// What a value of a choice may name.
pub const ITEMS: &[Kind] = &[Kind::Actor, Kind::Place, Kind::Subject, Kind::Term, Kind::Population];
/// What the words of a figure may name: whose share it is, and what it is a change of.
pub const IN_FIGURES: &[Kind] = &[Kind::Population, Kind::Subject];

/// A thing that a file defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definition {
    /// What it is.
    pub kind: Kind,
    /// By which name it is known in the whole workspace: the id; of a claim its full name.
    pub name: SmolStr,
    /// Where its id stands, quotes included.
    pub id: Span,
    /// From the id to the end of the body; of a source its whole mapping.
    pub span: Span,
}

/// A place at which a file refers to a thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    /// What it can be; one kind but in values.
    pub kinds: &'static [Kind],
    /// By which name it is known in the whole workspace: the id; of a claim its full name.
    pub name: SmolStr,
    /// Where the id stands, without quotes, and without what stands before and behind it, as the source in
    /// `SOURCE/CLAIM`. All of a text with escapes, in which no part has a place.
    pub span: Span,
    /// The key under which it stands: `by`, `about`.
    pub key: &'static str,
    /// The definition within which it stands, as a position in [`definitions`]; none for settings.
    pub within: Option<usize>,
    /// Whether the file alone tells that it names such a thing.
    is_told: bool,
}

impl Mention {
    /// Whether it surely names a thing of its one kind: anything but a value, and but `A/B` that a response
    /// declines, which is a claim or a question.
    pub fn is_sure(&self) -> bool {
        self.is_told && self.kinds.len() == 1
    }
}

/// Everything a file defines, section by section: actors, subjects, places, terms, populations, measures, the
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

/// Everything a file refers to, in the order of [`definitions`] and within each of its keys.
pub fn mentions(document: &Document) -> Vec<Mention> {
    let mut found = Finder { document, found: Vec::new(), within: None };
    found.in_definitions();
    found.in_claims();
    found.in_reviews();
    found.found
}

/// The name by which a claim of a file is known in the whole workspace.
fn full_name(document: &Document, claim: &str) -> SmolStr {
    match &document.source {
        Some(source) => format!("{}/{claim}", source.id.value).into(),
        None => claim.into(),
    }
}

struct Finder<'d> {
    document: &'d Document,
    found: Vec<Mention>,
    within: Option<usize>,
}

impl Finder<'_> {
    /// Goes to the next definition.
    fn enter(&mut self) {
        self.within = Some(self.within.map_or(0, |at| at + 1));
    }

    fn add(&mut self, kinds: &'static [Kind], key: &'static str, name: &str, span: Span) {
        self.found.push(Mention { kinds, name: name.into(), span, key, within: self.within, is_told: true });
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

    /// A value is one id, as `kabul` or `places/kabul`, or a figure in whose words ids may stand.
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
            self.add(kind, key, id, part(value, kind_length(text), text.len()));
        } else {
            for (at, word) in words(text) {
                if super::is_id(word) && !word.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.add(IN_FIGURES, key, word, part(value, at, at + word.len()));
                }
            }
        }
    }

    /// What a response is to: a claim, or a question it declines to answer. `A/B` may be either.
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
            mention.is_told = false;
        }
    }

    /// A claim by its name within the source, or by its full name.
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

    /// `SUBJECT/MEASURE/POPULATION@PERIOD`.
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

fn kind_length(text: &str) -> usize {
    text.find('/').map_or(0, |at| at + 1)
}

/// The words of a text, each with the byte at which it starts; `@` parts words as a blank does.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_between = |letter: char| letter.is_whitespace() || letter == '@';
    text.split(is_between).map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// The place of some bytes of a scalar's text, where it stands as it is or in plain quotes; else all of it.
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
    fn each_mention_stands_where_it_says() {
        let file = FileId::new(0);
        let (tree, _) = yaml::parse(file, TEXT);
        let (document, _) = super::super::read(file, &tree);
        let defined = definitions(&document);
        let told: Vec<String> = mentions(&document)
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
            told,
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

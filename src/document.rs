//! One file as typed records: what was written, where, and nothing about what it refers to.
//!
//! A record keeps each value with its place. Names are not resolved here and values of claims are not read:
//! both need the other files. What a mapping may hold stands once, in `shape`, for the reader, the JSON
//! Schema and every editor.

pub(crate) mod entries;
pub mod mention;
mod read;
mod schema;
pub mod shape;

use smol_str::SmolStr;

use crate::period::Period;
use crate::source::{Span, Spanned};

pub(crate) use read::{PEOPLE, begins_with_group, is_id, slug, unreadable_date};
pub use read::{read, read_into};
pub use schema::schema;

/// Makes an enum of the words a key takes, with the list of words.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $(#[doc = $meaning:literal] $member:ident $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $(#[doc = $meaning] $member,)* }

        impl Word for $name {
            const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$member)),*];
            const NAMES: &'static [&'static str] = &[$($word),*];
            const MEANINGS: &'static [&'static str] = &[$($meaning.trim_ascii()),*];
        }
    )*};
}
/// A name as written, with its place.
pub type Name = Spanned<SmolStr>;

/// Everything one file says.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Settings of the workspace, where this file holds them.
    pub settings: Option<Settings>,
    /// People, organisations, states, armed groups, publishers.
    pub actors: Vec<Entry<Actor>>,
    /// Events, propositions and series.
    pub subjects: Vec<Entry<Subject>>,
    /// Places a choice may name.
    pub places: Vec<Entry<Term>>,
    /// Terms a choice may name.
    pub terms: Vec<Entry<Term>>,
    /// Who is counted.
    pub populations: Vec<Entry<Population>>,
    /// What is counted or stated.
    pub measures: Vec<Entry<Measure>>,
    /// The document the claims are made in.
    pub source: Option<Entry<Source>>,
    /// The claims made in the source.
    pub claims: Vec<Entry<Claim>>,
    /// Decisions on disputes.
    pub reviews: Vec<Entry<Review>>,
    /// Whether it has a section for them, be it empty.
    pub has_reviews: bool,
}

impl Document {
    /// Whether it holds nothing that a claim file holds.
    pub fn is_empty(&self) -> bool {
        let Self { settings, actors, subjects, places, terms, populations, measures, source, claims, .. } =
            self;
        let is_bare = settings.is_none() && source.is_none() && claims.is_empty() && !self.has_reviews;
        let names_nobody = actors.is_empty() && subjects.is_empty() && places.is_empty() && terms.is_empty();
        is_bare && names_nobody && populations.is_empty() && measures.is_empty() && self.reviews.is_empty()
    }
}

/// An id with its body.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry<T> {
    /// The id; for a source the value of its `id` key.
    pub id: Name,
    /// From the id to the end of the body.
    pub span: Span,
    /// Whether something the entry cannot do without is missing or unreadable; a finding says what.
    pub broken: bool,
    /// What stands under the id.
    pub body: T,
}

/// A body under `actors`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Actor {
    /// What people call it.
    pub name: Option<Name>,
    /// Other names of it.
    pub aliases: Vec<Name>,
    /// Person, state, armed group …, in the words of the file.
    pub kind: Option<Name>,
    /// What it is, as readers are told.
    pub role: Option<Name>,
    /// The actor whose position its words are.
    pub speaks_for: Option<Name>,
}

/// Which of the three kinds of subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum SubjectKind {
    /// Something that happened.
    #[default]
    Event,
    /// A standing question without a date.
    Proposition,
    /// Figures published period by period.
    Series,
}

impl SubjectKind {
    /// The kind as messages call it: `event`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Proposition => "proposition",
            Self::Series => "series",
        }
    }
}

/// A body under `events`, `propositions` or `series`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Subject {
    /// Under which key it stands.
    pub kind: SubjectKind,
    /// What people call it.
    pub name: Option<Name>,
    /// Other names of it.
    pub aliases: Vec<Name>,
    /// Attack, talks, ceasefire …, in the words of the file.
    pub nature: Option<Name>,
    /// When it happened; frames it and is nobody's claim.
    pub date: Option<Spanned<Period>>,
    /// Where it happened.
    pub place: Vec<Name>,
    /// The larger events it belongs to.
    pub part_of: Vec<Name>,
    /// Whether its parts are all of it.
    pub parts_complete: bool,
    /// Fellow parts it shares something with.
    pub overlaps: Vec<Name>,
    /// Events it came after, as the desk knows it.
    pub after: Vec<Name>,
    /// Actors whose position a reader would ask for.
    pub parties: Vec<Name>,
    /// Subjects it is easily mistaken for.
    pub apart_from: Vec<Name>,
    /// Series: who publishes it.
    pub publisher: Option<Name>,
    /// Series: how it is counted.
    pub method: Option<Name>,
    /// Series: where it is counted.
    pub territory: Option<Name>,
    /// Series that count the same by another method.
    pub beside: Vec<Name>,
}

/// A body under `places` or `terms`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Term {
    /// What people call it.
    pub name: Option<Name>,
    /// Other names of it.
    pub aliases: Vec<Name>,
    /// What it lies in or falls under.
    pub part_of: Vec<Name>,
    /// What it cannot be at the same time.
    pub excludes: Vec<Name>,
}

/// A body under `populations`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Population {
    /// What people call it.
    pub name: Option<Name>,
    /// The populations it is part of.
    pub part_of: Vec<Name>,
    /// The populations nobody of it belongs to.
    pub excludes: Vec<Name>,
    /// Whether its edges are the desk's reading.
    pub inferred: bool,
}

words! {
    /// How the values of a measure are read.
    MeasureType {
        /// A whole figure of a population or of things.
        Count "count",
        /// A figure with or without a unit.
        Amount "amount",
        /// A step of a ladder.
        Scale "scale",
        /// Yes or no.
        YesNo "yes-no",
        /// One or several ids.
        Choice "choice",
        /// A day or a span of days.
        Date "date",
    }

    /// What a count counts.
    Counts {
        /// People of a population.
        People "people",
        /// Things, which have no population.
        Things "things",
    }

    /// A kind of id that a choice may name.
    Names {
        /// Actors.
        Actors "actors",
        /// Places.
        Places "places",
        /// Events.
        Events "events",
        /// Terms.
        Terms "terms",
        /// Populations.
        Populations "populations",
    }

    /// Where in the document a claim stands.
    Part {
        /// In the running text.
        Body "body",
        /// In the headline.
        Headline "headline",
        /// In a bullet or key point.
        Bullet "bullet",
        /// In a caption.
        Caption "caption",
    }

    /// How the source gives the words.
    Form {
        /// In other words.
        Paraphrase "paraphrase",
        /// Word for word.
        Quote "quote",
        /// Taken for granted in a sentence that asserts something else.
        Presupposed "presupposed",
    }

    /// How sure the speaker says to be.
    Certainty {
        /// Without a hedge.
        Certain "certain",
        /// Likely, suspected, believed.
        Probable "probable",
        /// Not to be ruled out.
        Possible "possible",
        /// If something else happens; never clashes.
        Conditional "conditional",
    }

    /// What a speaker does with an answer.
    Stance {
        /// Says it is so.
        Asserts "asserts",
        /// Says it is not so.
        Denies "denies",
        /// Neither confirms nor denies.
        Declines "declines",
    }

    /// What a response does with the claims it lists.
    Response {
        /// Says they are not so.
        Denies "denies",
        /// Says they are so.
        Confirms "confirms",
        /// Neither.
        Declines "declines",
    }

    /// What a reviewer decided.
    Verdict {
        /// Nothing yet.
        Open "open",
        /// The difference has a harmless reason.
        Explained "explained",
        /// The reviewer stands by a figure.
        Settled "settled",
        /// It cannot be settled from what is on record.
        Irreconcilable "irreconcilable",
    }

    /// Why a reviewer decided so.
    Because {
        /// The figures are one, rounded.
        Rounding "rounding",
        /// They cover different ground.
        Scope "scope",
        /// They count different things.
        Definition "definition",
        /// They hold at different times.
        Timing "timing",
        /// Something was lost in translation.
        Translation "translation",
        /// One was withdrawn.
        Retracted "retracted",
        /// A source erred.
        SourceError "source-error",
        /// Something else; the note says what.
        Other "other",
    }
}

/// A value that is one of a few words.
pub trait Word: Copy + PartialEq + 'static {
    /// The words and what they stand for.
    const ALL: &'static [(&'static str, Self)];
    /// The words alone.
    const NAMES: &'static [&'static str];
    /// What each of them means, as a sentence.
    const MEANINGS: &'static [&'static str];

    /// The word for this value.
    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }
}

/// A body under `measures`; what is left out keeps its built-in or default meaning.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Measure {
    /// What people call it.
    pub name: Option<Name>,
    /// How its values are read.
    pub kind: Option<Spanned<MeasureType>>,
    /// The unit of an amount.
    pub unit: Option<Name>,
    /// Whether it counts people or things.
    pub counts: Option<Spanned<Counts>>,
    /// Whether a figure can only rise while it is counted.
    pub grows: Option<bool>,
    /// Whether a figure rises and falls, so that only figures of one day are compared.
    pub varies: Option<bool>,
    /// The span after an event's end from which its figures are final.
    pub settles: Option<Name>,
    /// Whether a choice has one answer only.
    pub single: Option<bool>,
    /// What a choice may name.
    pub names: Vec<Spanned<Names>>,
    /// The steps of a scale, weakest first.
    pub steps: Vec<Name>,
    /// The measures it is the sum of.
    pub sum_of: Vec<Name>,
    /// How it is asked: `how many {people} were killed`.
    pub asks: Option<Name>,
}

/// The body of `source`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Source {
    /// The actor that published it.
    pub publisher: Option<Name>,
    /// When it was published.
    pub published: Option<Spanned<Period>>,
    /// Its title.
    pub title: Option<Name>,
    /// Where it is to be found.
    pub url: Option<Name>,
    /// Sources it draws on.
    pub cites: Vec<Name>,
    /// Admiralty code: reliability A to F, credibility 1 to 6.
    pub reliability: Option<Name>,
    /// The file name of an archived copy.
    pub text: Option<Name>,
}

/// A value as written; the measure says how to read it.
#[derive(Clone, PartialEq, Debug)]
pub enum Written {
    /// One scalar.
    Scalar(Name),
    /// A list of scalars.
    List(Vec<Name>, Span),
}

impl Written {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Scalar(name) => name.span,
            Self::List(_, span) => *span,
        }
    }

    /// Its scalars, one or several.
    pub fn items(&self) -> &[Name] {
        match self {
            Self::Scalar(name) => std::slice::from_ref(name),
            Self::List(names, _) => names,
        }
    }
}

/// A body under `claims`: content, or a response to other claims.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Claim {
    /// Who asserts it; the publisher where left out.
    pub by: Option<Name>,
    /// Through whom the source has it, nearest first.
    pub via: Vec<Name>,
    /// The subjects it is about.
    pub about: Vec<Name>,
    /// What it states.
    pub measure: Option<Name>,
    /// Who is counted; `people` where left out.
    pub of: Option<Name>,
    /// For a series: the period the figure is for.
    pub during: Option<Spanned<Period>>,
    /// The answer.
    pub value: Option<Written>,
    /// When it was asserted; the day of publication where left out.
    pub said: Option<Spanned<Period>>,
    /// The moment the figure describes; `said` where left out.
    pub as_of: Option<Spanned<Period>>,
    /// Where in the source.
    pub at: Option<Spanned<Locator>>,
    /// In which part of the source.
    pub part: Option<Spanned<Part>>,
    /// How the source gives the words.
    pub form: Option<Spanned<Form>>,
    /// A few words of the source, verbatim.
    pub words: Option<Name>,
    /// How sure the speaker says to be.
    pub certainty: Option<Spanned<Certainty>>,
    /// What the speaker does with the value.
    pub stance: Option<Spanned<Stance>>,
    /// Whose words it reports second-hand.
    pub attributes_to: Option<Name>,
    /// Our own words on it.
    pub note: Option<Name>,
    /// Rules and lints silenced on it.
    pub allow: Vec<Name>,
    /// What it does with which claims, where it is a response.
    pub response: Option<(Spanned<Response>, Vec<Name>)>,
}

/// Where in a source something stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Locator {
    /// Lines of the archived text that are not blank, counted from 1, first and last.
    Paragraphs(u32, u32),
    /// Seconds from the start of a recording.
    Time(u32),
}

impl Locator {
    /// Reads `p12`, `p3-4`, `12:40` or `00:12:40`.
    pub fn read(text: &str) -> Option<Self> {
        if let Some(paragraphs) = text.strip_prefix('p') {
            let (first, last) = paragraphs.split_once('-').unwrap_or((paragraphs, paragraphs));
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            return (first >= 1 && first <= last).then_some(Self::Paragraphs(first, last));
        }
        let parts: Option<Vec<u32>> = text.split(':').map(|part| part.parse().ok()).collect();
        let parts = parts.filter(|parts| (2..=3).contains(&parts.len()))?;
        if parts[1..].iter().any(|&part| part >= 60) {
            return None;
        }
        parts.iter().try_fold(0_u32, |sum, &part| sum.checked_mul(60)?.checked_add(part)).map(Self::Time)
    }
}

impl std::fmt::Display for Locator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Paragraphs(first, last) if first == last => write!(f, "p{first}"),
            Self::Paragraphs(first, last) => write!(f, "p{first}-{last}"),
            Self::Time(time) => write!(f, "{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60),
        }
    }
}

/// A body under `reviews`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Review {
    /// The question reviewed, by its name.
    pub question: Option<Name>,
    /// What was decided.
    pub verdict: Option<Spanned<Verdict>>,
    /// Why.
    pub because: Option<Spanned<Because>>,
    /// What the reviewer stands by, with `settled`.
    pub figure: Option<Name>,
    /// Our own words on it.
    pub note: Option<Name>,
    /// Who decided.
    pub by: Option<Name>,
    /// When.
    pub on: Option<Spanned<Period>>,
    /// Fingerprint of the claims that were reviewed.
    pub seen: Option<Name>,
    /// What each of these claims said, by its full name.
    pub saw: Option<Vec<(Name, Name)>>,
}

/// The body of `settings`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Settings {
    /// Where it stands.
    pub span: Span,
    /// How long after an event's end its figures are final.
    pub settles: Option<Name>,
    /// Readings of vague words: the word, its hard and its usual reading.
    pub words: Vec<(Name, Option<Name>, Option<Name>)>,
    /// Grades of rules: the rule and its grade or `off`.
    pub grades: Vec<(Name, Name)>,
}

//! One claim file as typed records: what was written, and where.
//!
//! A record keeps each value with its span. Names are not resolved and values of claims are not read here, since both
//! need the other files. The module `shape` has the one table of keys, which the reader, the JSON Schema and the
//! editors use.

pub mod entries;
pub mod mention;
mod read;
mod schema;
pub mod shape;

use smol_str::SmolStr;

use crate::source::{Span, Spanned};
use gainsay_reading::period::Period;

pub use read::{PEOPLE, begins_with_group, is_id, slug, unreadable_date};
pub use read::{read, read_into};
pub use schema::schema;

/// Defines an enum for each key that takes one of a few words, with the list of words and their meanings.
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

/// A name or another text as written, with its span.
pub type Name = Spanned<SmolStr>;

/// The contents of one claim file.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The settings of the workspace, if this file has them.
    pub settings: Option<Settings>,
    /// People, organisations, states, armed groups, publishers.
    pub actors: Vec<Entry<Actor>>,
    /// Events, propositions and series.
    pub subjects: Vec<Entry<Subject>>,
    /// Places that a choice may name.
    pub places: Vec<Entry<Term>>,
    /// Terms that a choice may name.
    pub terms: Vec<Entry<Term>>,
    /// Groups that can be counted.
    pub populations: Vec<Entry<Population>>,
    /// Measures: things that can be counted or stated.
    pub measures: Vec<Entry<Measure>>,
    /// The publication in which the claims are made.
    pub source: Option<Entry<Source>>,
    /// The claims made in the source.
    pub claims: Vec<Entry<Claim>>,
    /// Decisions on disputes.
    pub reviews: Vec<Entry<Review>>,
    /// Whether the file has a section `reviews`, which may be empty.
    pub has_reviews: bool,
}

impl Document {
    /// Whether the file contains nothing that belongs in a claim file.
    pub fn is_empty(&self) -> bool {
        let Self { settings, actors, subjects, places, terms, populations, measures, source, claims, .. } =
            self;
        let has_no_content = settings.is_none() && source.is_none() && claims.is_empty() && !self.has_reviews;
        let has_no_definitions =
            actors.is_empty() && subjects.is_empty() && places.is_empty() && terms.is_empty();
        has_no_content
            && has_no_definitions
            && populations.is_empty()
            && measures.is_empty()
            && self.reviews.is_empty()
    }
}

/// One named record of a claim file: an id with its body.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry<T> {
    /// The id; for a source the value of its `id` key.
    pub id: Name,
    /// The span from the id to the end of the body; for a source, its whole mapping.
    pub span: Span,
    /// Whether something required is missing or unreadable; a finding reports it.
    pub broken: bool,
    /// The fields of the entry.
    pub body: T,
}

/// A body under `actors`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Actor {
    /// The name that people use for it.
    pub name: Option<Name>,
    /// Its other names.
    pub aliases: Vec<Name>,
    /// Person, state, armed group …, in the words of the file.
    pub kind: Option<Name>,
    /// Its role, as reports show it: `defence minister of Pakistan`.
    pub role: Option<Name>,
    /// The actor on whose behalf it speaks.
    pub speaks_for: Option<Name>,
}

/// The three kinds of subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum SubjectKind {
    /// Something that happened.
    #[default]
    Event,
    /// A statement that can be true or false and is not tied to an event.
    Proposition,
    /// Figures published period by period.
    Series,
}

impl SubjectKind {
    /// The name of the kind in messages: `event`.
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
    /// The section that it is in.
    pub kind: SubjectKind,
    /// The name that people use for it.
    pub name: Option<Name>,
    /// Its other names.
    pub aliases: Vec<Name>,
    /// Attack, talks, ceasefire …, in the words of the file.
    pub nature: Option<Name>,
    /// When it happened, wide enough for everything that is said of it. It is nobody's claim.
    pub date: Option<Spanned<Period>>,
    /// Where it happened.
    pub place: Vec<Name>,
    /// The larger events it belongs to.
    pub part_of: Vec<Name>,
    /// Whether its listed parts make up the whole event.
    pub parts_complete: bool,
    /// Other parts of the same event that share something with it, so that their figures cannot be added.
    pub overlaps: Vec<Name>,
    /// Events that it came after, to the knowledge of the editors.
    pub after: Vec<Name>,
    /// Actors whose position a reader would want to know.
    pub parties: Vec<Name>,
    /// Subjects that it is easily confused with.
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
    /// The name that people use for it.
    pub name: Option<Name>,
    /// Its other names.
    pub aliases: Vec<Name>,
    /// The places or terms that it is a part of.
    pub part_of: Vec<Name>,
    /// The places or terms that exclude it: nothing can be both.
    pub excludes: Vec<Name>,
}

/// A body under `populations`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Population {
    /// The name that people use for it.
    pub name: Option<Name>,
    /// The populations it is part of.
    pub part_of: Vec<Name>,
    /// The populations that have no member in common with it.
    pub excludes: Vec<Name>,
    /// Whether `part-of` and `excludes` are an interpretation by the editors.
    pub inferred: bool,
}

words! {
    /// How the values of a measure are read.
    MeasureType {
        /// A whole number of people or things.
        Count "count",
        /// A figure with or without a unit.
        Amount "amount",
        /// A step of an ordered scale.
        Scale "scale",
        /// Yes or no.
        YesNo "yes-no",
        /// One or several ids.
        Choice "choice",
        /// A day or a range of days.
        Date "date",
    }

    /// Whether a count is of people or of things.
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

    /// The part of the source in which a claim is found.
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

    /// How certain the speaker is, in the speaker's own words.
    Certainty {
        /// Without a hedge.
        Certain "certain",
        /// Likely, suspected, believed.
        Probable "probable",
        /// Not to be ruled out.
        Possible "possible",
        /// Under a condition; never clashes.
        Conditional "conditional",
    }

    /// Whether a claim asserts, denies or declines an answer.
    Stance {
        /// Says it is so.
        Asserts "asserts",
        /// Says it is not so.
        Denies "denies",
        /// Neither confirms nor denies.
        Declines "declines",
    }

    /// Whether a response confirms, denies or declines the claims that it lists.
    Response {
        /// Says that they are not so.
        Denies "denies",
        /// Says that they are so.
        Confirms "confirms",
        /// Neither confirms nor denies them.
        Declines "declines",
    }

    /// The result of a review.
    Verdict {
        /// Not decided yet.
        Open "open",
        /// The difference has a harmless reason.
        Explained "explained",
        /// The reviewer settled on a figure.
        Settled "settled",
        /// The sources do not allow a decision.
        Irreconcilable "irreconcilable",
    }

    /// The reason for a verdict.
    Because {
        /// The figures are the same, rounded differently.
        Rounding "rounding",
        /// They cover different ground.
        Scope "scope",
        /// They count different things.
        Definition "definition",
        /// They are about different times.
        Timing "timing",
        /// Something was lost in translation.
        Translation "translation",
        /// One was withdrawn.
        Retracted "retracted",
        /// A source made a mistake.
        SourceError "source-error",
        /// Something else; the note says what.
        Other "other",
    }
}

/// A value that is written as one of a few words.
pub trait Word: Copy + PartialEq + 'static {
    /// The words with their values.
    const ALL: &'static [(&'static str, Self)];
    /// The words alone.
    const NAMES: &'static [&'static str];
    /// The meaning of each word, as a sentence.
    const MEANINGS: &'static [&'static str];

    /// The word for this value.
    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }
}

/// A body under `measures`. A missing field keeps its built-in or default value.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Measure {
    /// The name that people use for it.
    pub name: Option<Name>,
    /// How its values are read.
    pub kind: Option<Spanned<MeasureType>>,
    /// The unit of an amount.
    pub unit: Option<Name>,
    /// Whether it counts people or things.
    pub counts: Option<Spanned<Counts>>,
    /// Whether its figures can only rise until they are final.
    pub grows: Option<bool>,
    /// Whether its figures rise and fall, so that only figures of the same day are compared.
    pub varies: Option<bool>,
    /// The span after an event's end from which its figures are final.
    pub settles: Option<Name>,
    /// Whether a choice has only one answer.
    pub single: Option<bool>,
    /// The kinds of things that a choice may name.
    pub names: Vec<Spanned<Names>>,
    /// The steps of a scale, weakest first.
    pub steps: Vec<Name>,
    /// The measures that it is the sum of.
    pub sum_of: Vec<Name>,
    /// The question in words: `how many {people} were killed`.
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
    /// Its address on the web.
    pub url: Option<Name>,
    /// The sources that it relies on.
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
    /// The span of the whole value.
    pub fn span(&self) -> Span {
        match self {
            Self::Scalar(name) => name.span,
            Self::List(_, span) => *span,
        }
    }

    /// Its scalars: one, or those of the list.
    pub fn items(&self) -> &[Name] {
        match self {
            Self::Scalar(name) => std::slice::from_ref(name),
            Self::List(names, _) => names,
        }
    }
}

/// A body under `claims`: an answer to a question, or a response to other claims.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Claim {
    /// Who asserts it. If missing: the publisher, in its own voice.
    pub by: Option<Name>,
    /// Who passed it on to the source, the nearest first.
    pub via: Vec<Name>,
    /// The subjects it is about.
    pub about: Vec<Name>,
    /// What is counted or stated.
    pub measure: Option<Name>,
    /// Who is counted. If missing: `people`.
    pub of: Option<Name>,
    /// For a series: the period that the figure is for.
    pub during: Option<Spanned<Period>>,
    /// The answer.
    pub value: Option<Written>,
    /// When it was asserted. If missing: the day of publication.
    pub said: Option<Spanned<Period>>,
    /// The day whose situation it describes. If missing: `said`.
    pub as_of: Option<Spanned<Period>>,
    /// Where in the source it is found.
    pub at: Option<Spanned<Locator>>,
    /// In which part of the source it is found.
    pub part: Option<Spanned<Part>>,
    /// How the source gives the words.
    pub form: Option<Spanned<Form>>,
    /// A few words of the source, verbatim.
    pub words: Option<Name>,
    /// How certain the speaker is, in the speaker's own words.
    pub certainty: Option<Spanned<Certainty>>,
    /// Whether it asserts or denies the value, or declines to answer.
    pub stance: Option<Spanned<Stance>>,
    /// The actor whose words it reports second-hand.
    pub attributes_to: Option<Name>,
    /// A note by the editors.
    pub note: Option<Name>,
    /// Rules and lints that are silenced on it.
    pub allow: Vec<Name>,
    /// For a response: its kind, and the claims that it responds to.
    pub response: Option<(Spanned<Response>, Vec<Name>)>,
}

/// A place in a source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Locator {
    /// The first and last paragraph: the lines of the archived text that are not blank, counted from 1.
    Paragraphs(u32, u32),
    /// Seconds from the start of a recording.
    Time(u32),
}

impl Locator {
    /// Reads `p12`, `p3-4`, `12:40` or `00:12:40`; none for anything else.
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
    /// The name of the reviewed question.
    pub question: Option<Name>,
    /// The verdict.
    pub verdict: Option<Spanned<Verdict>>,
    /// The reason for the verdict.
    pub because: Option<Spanned<Because>>,
    /// The figure that the reviewer settled on, with the verdict `settled`.
    pub figure: Option<Name>,
    /// A note by the editors.
    pub note: Option<Name>,
    /// Who decided.
    pub by: Option<Name>,
    /// The day of the decision.
    pub on: Option<Spanned<Period>>,
    /// A fingerprint of the claims at the time of the review.
    pub seen: Option<Name>,
    /// What each of these claims said at that time, by the full name of the claim.
    pub saw: Option<Vec<(Name, Name)>>,
}

/// The body of `settings`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Settings {
    /// The span of its mapping.
    pub span: Span,
    /// How long after the end of an event its figures become final.
    pub settles: Option<Name>,
    /// Conventions for vague words: the word, its hard range and its usual range.
    pub words: Vec<(Name, Option<Name>, Option<Name>)>,
    /// The grades of rules: the rule, and its grade or `off`.
    pub grades: Vec<(Name, Name)>,
}

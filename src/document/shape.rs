//! What each mapping of a claim file may hold: the keys, what they take, and what they mean.
//!
//! The one table of keys. The reader checks against it, the JSON Schema is made from it, an editor completes
//! and explains from it.

use super::{Because, Certainty, Counts, Form, MeasureType, Names, Part, Stance, Verdict, Word as _};

/// The name, the meaning and the keys of one kind of mapping.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What people call such a mapping, with its article: `a claim`.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its keys, in the order a careful person writes them.
    pub keys: &'static [Key],
}

/// One key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it means.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// Free text.
    Text,
    /// The id of a thing of this kind.
    Id(&'static str),
    /// One id or a list of ids of this kind.
    Ids(&'static str),
    /// A list of free texts, or one.
    Texts,
    /// An EDTF date.
    Date,
    /// `yes`/`no` or `true`/`false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One or several of these words.
    Words(&'static [&'static str]),
    /// A place in a source.
    Locator,
    /// Whatever the measure reads: a scalar or a list of scalars.
    Value,
    /// A mapping from id to such a mapping.
    Entries(&'static Shape),
    /// One such mapping.
    One(&'static Shape),
    /// A mapping from a word to another word of this list.
    Grades(&'static [&'static str]),
    /// A mapping from the id of a thing of this kind to a line of text.
    Lines(&'static str),
}

impl Shape {
    /// The position of a key in this shape.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.name == name)
    }
}

const fn key(name: &'static str, takes: Takes, doc: &'static str) -> Key {
    Key { name, takes, doc }
}

use Takes::{Date, Entries, Flag, Grades, Id, Ids, Lines, Locator, One, Text, Texts, Value, Word, Words};

/// A claim file.
pub const FILE: Shape = Shape {
    name: "a claim file",
    doc: "who asserted what, about which event, in which source, in which words",
    keys: &[
        key("settings", One(&SETTINGS), "vague words, spans, grades; in at most one file of a workspace"),
        key("actors", Entries(&ACTOR), "people, organisations, states, armed groups, publishers"),
        key("events", Entries(&EVENT), "what happened, named and nested by what nobody disputes"),
        key("propositions", Entries(&PROPOSITION), "standing questions without a date"),
        key("series", Entries(&SERIES), "figures published period by period"),
        key("places", Entries(&TERM), "places that `choice` values may name"),
        key("terms", Entries(&TERM), "terms that `choice` values may name"),
        key("populations", Entries(&POPULATION), "who is counted"),
        key("measures", Entries(&MEASURE), "what is counted or stated"),
        key("source", One(&SOURCE), "the document in which the claims of this file are made"),
        key("claims", Entries(&CLAIM), "the claims made in the source"),
        key("reviews", Entries(&REVIEW), "a reviewer's decisions on disputes"),
    ],
};

/// An actor.
pub const ACTOR: Shape = Shape {
    name: "an actor",
    doc: "a person, an organisation, a state, an armed group or a publisher",
    keys: &[
        key("name", Text, "what people call it"),
        key("aliases", Texts, "other names and spellings of it"),
        key(
            "kind",
            Text,
            "person, state, government-body, military, armed-group, media, ngo, igo, researcher …",
        ),
        key("role", Text, "what it is, as readers are told"),
        key(
            "speaks-for",
            Id("actors"),
            "the actor whose position its words are; the end of the chain is the party",
        ),
        key("note", Text, "our own words on it"),
    ],
};

/// An event.
pub const EVENT: Shape = Shape {
    name: "an event",
    doc: "something that happened; who did it is a claim",
    keys: &[
        key("name", Text, "what people call it"),
        key("aliases", Texts, "other names of it"),
        key("kind", Text, "attack, air-strike, battle, talks, ceasefire, visit …"),
        key("date", Date, "when it happened; nobody's claim"),
        key("place", Ids("places"), "where it happened"),
        key("part-of", Ids("events"), "the larger events it belongs to"),
        key("parts-complete", Flag, "whether its parts are all of it"),
        key(
            "overlaps",
            Ids("events"),
            "fellow parts it shares something with; their figures are not added up",
        ),
        key("after", Ids("events"), "events it came after, as the desk knows it"),
        key("parties", Ids("actors"), "the actors whose position a reader would ask for"),
        key("apart-from", Ids("events"), "events it is easily mistaken for"),
        key("note", Text, "our own words on it"),
    ],
};

/// A proposition.
pub const PROPOSITION: Shape = Shape {
    name: "a proposition",
    doc: "a standing question without a date",
    keys: &[
        key("name", Text, "the proposition in words"),
        key("aliases", Texts, "other wordings of it"),
        key("parties", Ids("actors"), "the actors whose position a reader would ask for"),
        key("note", Text, "our own words on it"),
    ],
};

/// A series.
pub const SERIES: Shape = Shape {
    name: "a series",
    doc: "figures published period by period",
    keys: &[
        key("name", Text, "what people call it"),
        key("publisher", Id("actors"), "who publishes it"),
        key("method", Text, "how it is counted"),
        key("territory", Text, "where it is counted"),
        key("beside", Ids("series"), "series that count the same thing by another method"),
        key("note", Text, "our own words on it"),
    ],
};

/// A place or a term.
pub const TERM: Shape = Shape {
    name: "a place or term",
    doc: "something that a `choice` value may name",
    keys: &[
        key("name", Text, "what people call it"),
        key("aliases", Texts, "other names of it"),
        key("part-of", Ids("terms"), "what it lies in or falls under"),
        key(
            "excludes",
            Ids("terms"),
            "what it cannot be at the same time; holds both ways and for every part",
        ),
        key("note", Text, "our own words on it"),
    ],
};

/// A population.
pub const POPULATION: Shape = Shape {
    name: "a population",
    doc: "who is counted",
    keys: &[
        key("name", Text, "what people call it"),
        key("part-of", Ids("populations"), "the populations it is part of"),
        key(
            "excludes",
            Ids("populations"),
            "populations nobody of it belongs to; holds both ways and for every part",
        ),
        key("inferred", Flag, "whether its edges are the desk's reading; findings that rest on them say so"),
        key("note", Text, "our own words on it"),
    ],
};

/// A measure.
pub const MEASURE: Shape = Shape {
    name: "a measure",
    doc: "what is counted or stated",
    keys: &[
        key("name", Text, "what people call it"),
        key("type", Word(MeasureType::NAMES), "how its values are read"),
        key("unit", Text, "the unit of an amount"),
        key("counts", Word(Counts::NAMES), "whether a count is of people or of things"),
        key("grows", Flag, "whether a toll can only rise while it is counted"),
        key("varies", Flag, "whether a figure rises and falls, so that only figures of one day are compared"),
        key("settles", Text, "span after the event's end from which tolls are final"),
        key("single", Flag, "whether a choice has one answer only"),
        key("names", Words(Names::NAMES), "what a choice may name"),
        key("steps", Texts, "the steps of a scale, weakest first"),
        key("sum-of", Ids("measures"), "the measures it is the sum of"),
        key(
            "asks",
            Text,
            "how it is asked under the name of the subject, `{people}` for who is counted: how many {people} were killed",
        ),
        key("note", Text, "our own words on it"),
    ],
};

/// A source.
pub const SOURCE: Shape = Shape {
    name: "a source",
    doc: "one document in which claims are made",
    keys: &[
        key("id", Text, "the id of the source: lower-case words joined by hyphens"),
        key("publisher", Id("actors"), "the actor that published it"),
        key("published", Date, "when; with `~` where it is inferred"),
        key("title", Text, "its title"),
        key("url", Text, "where it is to be found"),
        key("author", Texts, "who wrote it"),
        key("language", Text, "the language it is written in"),
        key("accessed", Date, "when it was read"),
        key("cites", Ids("sources"), "sources it draws on: a shared origin is no second witness"),
        key("reliability", Text, "Admiralty code: reliability A to F, credibility 1 to 6"),
        key("text", Text, "archived copy, beside this file or in the folder given by `--texts`"),
        key("note", Text, "our own words on it"),
    ],
};

/// A claim.
pub const CLAIM: Shape = Shape {
    name: "a claim",
    doc: "what somebody asserts in the source, or a response to other claims",
    keys: &[
        key("by", Id("actors"), "who asserts it; left out: the publisher, in its own voice"),
        key("via", Ids("actors"), "through whom this source has it, nearest first"),
        key("about", Ids("subjects"), "an event, a proposition or a series"),
        key("measure", Id("measures"), "what is counted or stated"),
        key("of", Id("populations"), "who is counted; left out: people"),
        key("during", Date, "for a series: the period the figure is for"),
        key("value", Value, "the answer, a figure as the source words it"),
        key("denies", Ids("claims"), "claims it says are not so"),
        key("confirms", Ids("claims"), "claims it says are so"),
        key("declines", Ids("claims"), "claims or questions it neither confirms nor denies"),
        key("said", Date, "when it was asserted; left out: the day of publication"),
        key("as-of", Date, "the moment the figure describes; left out: `said`"),
        key("at", Locator, "where in the source: p12, p3-4, 00:12:40"),
        key("part", Word(Part::NAMES), "in which part of the source; left out: body"),
        key("form", Word(Form::NAMES), "how the source gives the words; left out: paraphrase"),
        key("words", Text, "the source's wording of the figure, a few words, verbatim"),
        key("certainty", Word(Certainty::NAMES), "how sure the speaker says to be; left out: certain"),
        key("stance", Word(Stance::NAMES), "what the speaker does with the value; left out: asserts"),
        key("attributes-to", Id("actors"), "whose words or admission it reports second-hand"),
        key("allow", Texts, "rules and lints silenced on this claim; `note` says why"),
        key("note", Text, "our own words on it"),
    ],
};

/// A review.
pub const REVIEW: Shape = Shape {
    name: "a review",
    doc: "a reviewer's decision on a dispute",
    keys: &[
        key("question", Text, "SUBJECT/MEASURE/POPULATION, with @PERIOD for a series"),
        key("verdict", Word(Verdict::NAMES), "what was decided"),
        key("because", Word(Because::NAMES), "why"),
        key("figure", Text, "with `settled`: what the reviewer stands by"),
        key("note", Text, "our own words on it"),
        key("by", Text, "who decided"),
        key("on", Date, "when"),
        key("seen", Text, "fingerprint of the claims that were reviewed, written by the tool"),
        key(
            "saw",
            Lines("claims"),
            "what each of these claims said, so that what changed can be told; written by the tool",
        ),
    ],
};

/// Settings.
pub const SETTINGS: Shape = Shape {
    name: "settings",
    doc: "how this workspace reads words and grades findings",
    keys: &[
        key("settles", Text, "span after an event's end from which its tolls are final"),
        key("words", Entries(&WORD), "readings of vague words and qualifiers"),
        key("grades", Grades(GRADES), "grades of rules, or `off`"),
    ],
};

/// The reading of a vague word.
pub const WORD: Shape = Shape {
    name: "a reading",
    doc: "the two readings of a vague word or a qualifier",
    keys: &[
        key("hard", Text, "the range outside which no fair reader would still call it that"),
        key("usual", Text, "what a reader takes it to mean"),
    ],
};

/// What a rule can be set to.
pub const GRADES: &[&str] = &["off", "note", "tension", "contradiction"];

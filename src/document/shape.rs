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
    /// A value of it as it stands in a file.
    pub example: &'static str,
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

const fn key(name: &'static str, takes: Takes, doc: &'static str, example: &'static str) -> Key {
    Key { name, takes, doc, example }
}

use Takes::{Date, Entries, Flag, Grades, Id, Ids, Lines, Locator, One, Text, Texts, Value, Word, Words};

/// A claim file.
pub const FILE: Shape = Shape {
    name: "a claim file",
    doc: "who asserted what, about which event, in which source, in which words",
    keys: &[
        key(
            "settings",
            One(&SETTINGS),
            "vague words, spans, grades; in at most one file of a workspace",
            "{ settles: 30 days }",
        ),
        key(
            "actors",
            Entries(&ACTOR),
            "people, organisations, states, armed groups, publishers",
            "{ kabul: { name: Taliban government, kind: state } }",
        ),
        key(
            "events",
            Entries(&EVENT),
            "what happened, named and nested by what nobody disputes",
            "{ raid: { name: Air raid on the border, date: 2026-02-22 } }",
        ),
        key(
            "propositions",
            Entries(&PROPOSITION),
            "standing questions without a date",
            "{ kabul-shelters-them: { name: Kabul shelters them } }",
        ),
        key(
            "series",
            Entries(&SERIES),
            "figures published period by period",
            "{ yearly-report: { name: Yearly report, publisher: the-paper } }",
        ),
        key(
            "places",
            Entries(&TERM),
            "places that `choice` values may name",
            "{ kabul: { part-of: afghanistan }, afghanistan: {} }",
        ),
        key(
            "terms",
            Entries(&TERM),
            "terms that `choice` values may name",
            "{ camps: { excludes: homes }, homes: {} }",
        ),
        key("populations", Entries(&POPULATION), "who is counted", "{ protesters: { part-of: civilians } }"),
        key(
            "measures",
            Entries(&MEASURE),
            "what is counted or stated",
            "{ attended: { type: count, counts: people } }",
        ),
        key(
            "source",
            One(&SOURCE),
            "the document in which the claims of this file are made",
            "{ id: the-paper-2026-04-02, publisher: the-paper, published: 2026-04-02 }",
        ),
        key(
            "claims",
            Entries(&CLAIM),
            "the claims made in the source",
            "{ militants: { by: islamabad, about: raid, measure: killed, of: militants, value: at least 80, at: p2 } }",
        ),
        key(
            "reviews",
            Entries(&REVIEW),
            "a reviewer's decisions on disputes",
            "{ raid-killed: { question: raid/killed/militants, verdict: irreconcilable, by: desk, on: 2026-04-03 } }",
        ),
    ],
};

/// An actor.
pub const ACTOR: Shape = Shape {
    name: "an actor",
    doc: "a person, an organisation, a state, an armed group or a publisher",
    keys: &[
        key("name", Text, "what people call it", "Government of Pakistan"),
        key("aliases", Texts, "other names and spellings of it", "[Islamabad, Pakistani government]"),
        key(
            "kind",
            Text,
            "person, state, government-body, military, armed-group, media, ngo, igo, researcher …",
            "state",
        ),
        key("role", Text, "what it is, as readers are told", "defence minister of Pakistan"),
        key(
            "speaks-for",
            Id("actors"),
            "the actor whose position its words are; the end of the chain is the party",
            "islamabad",
        ),
        key("note", Text, "our own words on it", "Officials whom the sources leave unnamed."),
    ],
};

/// An event.
pub const EVENT: Shape = Shape {
    name: "an event",
    doc: "something that happened; who did it is a claim",
    keys: &[
        key("name", Text, "what people call it", "Air raid on the border"),
        key("aliases", Texts, "other names of it", "[Nangarhar raid]"),
        key("kind", Text, "attack, air-strike, battle, talks, ceasefire, visit …", "air-strike"),
        key("date", Date, "when it happened; nobody's claim", "2026-02-22"),
        key("place", Ids("places"), "where it happened", "nangarhar"),
        key("part-of", Ids("events"), "the larger events it belongs to", "border-conflict"),
        key("parts-complete", Flag, "whether its parts are all of it", "yes"),
        key(
            "overlaps",
            Ids("events"),
            "fellow parts it shares something with; their figures are not added up",
            "[second-raid]",
        ),
        key("after", Ids("events"), "events it came after, as the desk knows it", "bombing"),
        key(
            "parties",
            Ids("actors"),
            "the actors whose position a reader would ask for",
            "[islamabad, kabul]",
        ),
        key("apart-from", Ids("events"), "events it is easily mistaken for", "[second-raid]"),
        key("note", Text, "our own words on it", "The day is common knowledge."),
    ],
};

/// A proposition.
pub const PROPOSITION: Shape = Shape {
    name: "a proposition",
    doc: "a standing question without a date",
    keys: &[
        key("name", Text, "the proposition in words", "Kabul shelters armed groups"),
        key("aliases", Texts, "other wordings of it", "[Safe havens in Afghanistan]"),
        key(
            "parties",
            Ids("actors"),
            "the actors whose position a reader would ask for",
            "[islamabad, kabul]",
        ),
        key("note", Text, "our own words on it", "As both sides put it."),
    ],
};

/// A series.
pub const SERIES: Shape = Shape {
    name: "a series",
    doc: "figures published period by period",
    keys: &[
        key("name", Text, "what people call it", "Yearly report on security"),
        key("publisher", Id("actors"), "who publishes it", "the-paper"),
        key("method", Text, "how it is counted", "incidents that two outlets report"),
        key("territory", Text, "where it is counted", "Pakistan"),
        key(
            "beside",
            Ids("series"),
            "series that count the same thing by another method",
            "[other-yearly-report]",
        ),
        key("note", Text, "our own words on it", "Counts the dead of both sides."),
    ],
};

/// A place or a term.
pub const TERM: Shape = Shape {
    name: "a place or term",
    doc: "something that a `choice` value may name",
    keys: &[
        key("name", Text, "what people call it", "religious school"),
        key("aliases", Texts, "other names of it", "[madrasa, seminary]"),
        key("part-of", Ids("terms"), "what it lies in or falls under", "civilian-sites"),
        key(
            "excludes",
            Ids("terms"),
            "what it cannot be at the same time; holds both ways and for every part",
            "[camps]",
        ),
        key("note", Text, "our own words on it", "Whoever runs it."),
    ],
};

/// A population.
pub const POPULATION: Shape = Shape {
    name: "a population",
    doc: "who is counted",
    keys: &[
        key("name", Text, "what people call it", "protesters"),
        key("part-of", Ids("populations"), "the populations it is part of", "civilians"),
        key(
            "excludes",
            Ids("populations"),
            "populations nobody of it belongs to; holds both ways and for every part",
            "[soldiers]",
        ),
        key(
            "inferred",
            Flag,
            "whether its edges are the desk's reading; findings that rest on them say so",
            "yes",
        ),
        key("note", Text, "our own words on it", "Nobody says that they were armed."),
    ],
};

/// A measure.
pub const MEASURE: Shape = Shape {
    name: "a measure",
    doc: "what is counted or stated",
    keys: &[
        key("name", Text, "what people call it", "attended"),
        key("type", Word(MeasureType::NAMES), "how its values are read", "count"),
        key("unit", Text, "the unit of an amount", "km"),
        key("counts", Word(Counts::NAMES), "whether a count is of people or of things", "things"),
        key("grows", Flag, "whether a toll can only rise while it is counted", "yes"),
        key(
            "varies",
            Flag,
            "whether a figure rises and falls, so that only figures of one day are compared",
            "yes",
        ),
        key("settles", Text, "span after the event's end from which tolls are final", "30 days"),
        key("single", Flag, "whether a choice has one answer only", "yes"),
        key("names", Words(Names::NAMES), "what a choice may name", "[actors, places]"),
        key("steps", Texts, "the steps of a scale, weakest first", "[tolerates, shelters, directs]"),
        key("sum-of", Ids("measures"), "the measures it is the sum of", "[killed, injured]"),
        key(
            "asks",
            Text,
            "how it is asked under the name of the subject, `{people}` for who is counted: how many {people} were killed",
            "how many {people} attended",
        ),
        key("note", Text, "our own words on it", "On the first day alone."),
    ],
};

/// A source.
pub const SOURCE: Shape = Shape {
    name: "a source",
    doc: "one document in which claims are made",
    keys: &[
        key("id", Text, "the id of the source: lower-case words joined by hyphens", "the-paper-2026-04-02"),
        key("publisher", Id("actors"), "the actor that published it", "the-paper"),
        key("published", Date, "when; with `~` where it is inferred", "2026-04-02"),
        key("title", Text, "its title", "Raid on the border"),
        key("url", Text, "where it is to be found", "https://paper.example/raid"),
        key("author", Texts, "who wrote it", "[News desk]"),
        key("language", Text, "the language it is written in", "en"),
        key("accessed", Date, "when it was read", "2026-04-05"),
        key(
            "cites",
            Ids("sources"),
            "sources it draws on: a shared origin is no second witness",
            "[the-agency-2026-04-01]",
        ),
        key("reliability", Text, "Admiralty code: reliability A to F, credibility 1 to 6", "B2"),
        key(
            "text",
            Text,
            "archived copy, beside this file or in the folder given by `--texts`",
            "the-paper-2026-04-02.txt",
        ),
        key("note", Text, "our own words on it", "Day inferred from the text."),
    ],
};

/// A claim.
pub const CLAIM: Shape = Shape {
    name: "a claim",
    doc: "what somebody asserts in the source, or a response to other claims",
    keys: &[
        key("by", Id("actors"), "who asserts it; left out: the publisher, in its own voice", "islamabad"),
        key("via", Ids("actors"), "through whom this source has it, nearest first", "[the-agency]"),
        key("about", Ids("subjects"), "an event, a proposition or a series", "raid"),
        key("measure", Id("measures"), "what is counted or stated", "killed"),
        key("of", Id("populations"), "who is counted; left out: people", "militants"),
        key("during", Date, "for a series: the period the figure is for", "2025"),
        key("value", Value, "the answer, a figure as the source words it", "at least 80"),
        key("denies", Ids("claims"), "claims it says are not so", "[militants]"),
        key("confirms", Ids("claims"), "claims it says are so", "[the-agency-2026-04-01/militants]"),
        key(
            "declines",
            Ids("claims"),
            "claims or questions it neither confirms nor denies",
            "[raid/killed/civilians]",
        ),
        key("said", Date, "when it was asserted; left out: the day of publication", "2026-02-22"),
        key("as-of", Date, "the moment the figure describes; left out: `said`", "2026-02-22"),
        key("at", Locator, "where in the source: p12, p3-4, 00:12:40", "p12"),
        key("part", Word(Part::NAMES), "in which part of the source; left out: body", "headline"),
        key("form", Word(Form::NAMES), "how the source gives the words; left out: paraphrase", "quote"),
        key("words", Text, "the source's wording of the figure, a few words, verbatim", "at least 80"),
        key(
            "certainty",
            Word(Certainty::NAMES),
            "how sure the speaker says to be; left out: certain",
            "probable",
        ),
        key(
            "stance",
            Word(Stance::NAMES),
            "what the speaker does with the value; left out: asserts",
            "denies",
        ),
        key("attributes-to", Id("actors"), "whose words or admission it reports second-hand", "kabul"),
        key("allow", Texts, "rules and lints silenced on this claim; `note` says why", "[no-locator]"),
        key("note", Text, "our own words on it", "The body has this from the ministry."),
    ],
};

/// A review.
pub const REVIEW: Shape = Shape {
    name: "a review",
    doc: "a reviewer's decision on a dispute",
    keys: &[
        key(
            "question",
            Text,
            "SUBJECT/MEASURE/POPULATION, with @PERIOD for a series",
            "raid/killed/militants",
        ),
        key("verdict", Word(Verdict::NAMES), "what was decided", "settled"),
        key("because", Word(Because::NAMES), "why", "source-error"),
        key("figure", Text, "with `settled`: what the reviewer stands by", "at least 80"),
        key("note", Text, "our own words on it", "No outside access to the site."),
        key("by", Text, "who decided", "desk"),
        key("on", Date, "when", "2026-04-03"),
        key("seen", Text, "fingerprint of the claims that were reviewed, written by the tool", "bdcffb0b"),
        key(
            "saw",
            Lines("claims"),
            "what each of these claims said, so that what changed can be told; written by the tool",
            "{ the-paper-2026-04-02/militants: at least 80; islamabad; said 2026-04-02 }",
        ),
    ],
};

/// Settings.
pub const SETTINGS: Shape = Shape {
    name: "settings",
    doc: "how this workspace reads words and grades findings",
    keys: &[
        key("settles", Text, "span after an event's end from which its tolls are final", "30 days"),
        key(
            "words",
            Entries(&WORD),
            "readings of vague words and qualifiers",
            "{ dozens: { hard: 12.., usual: 24-99 } }",
        ),
        key(
            "grades",
            Grades(GRADES),
            "grades of rules, or `off`",
            "{ rounding: off, rival-characterisation: contradiction }",
        ),
    ],
};

/// The reading of a vague word.
pub const WORD: Shape = Shape {
    name: "a reading",
    doc: "the two readings of a vague word or a qualifier",
    keys: &[
        key("hard", Text, "the range outside which no fair reader would still call it that", "12.."),
        key("usual", Text, "what a reader takes it to mean", "24-99"),
    ],
};

/// What a rule can be set to.
pub const GRADES: &[&str] = &["off", "note", "tension", "contradiction"];

/// What each of [`GRADES`] does.
const GRADES_MEAN: &[&str] = &[
    "the rule finds nothing",
    "a difference worth knowing that misleads nobody",
    "a reader of one claim is led away from the other",
    "the claims cannot all hold",
];

/// What each of the words of a key means, in their order.
pub fn meanings(words: &[&str]) -> &'static [&'static str] {
    let lists = [
        (MeasureType::NAMES, MeasureType::MEANINGS),
        (Counts::NAMES, Counts::MEANINGS),
        (Names::NAMES, Names::MEANINGS),
        (Part::NAMES, Part::MEANINGS),
        (Form::NAMES, Form::MEANINGS),
        (Certainty::NAMES, Certainty::MEANINGS),
        (Stance::NAMES, Stance::MEANINGS),
        (Verdict::NAMES, Verdict::MEANINGS),
        (Because::NAMES, Because::MEANINGS),
        (GRADES, GRADES_MEAN),
    ];
    lists.into_iter().find(|(names, _)| *names == words).map_or(&[], |(_, meanings)| meanings)
}

/// What one of the words of a key means.
pub fn meaning(words: &[&str], word: &str) -> Option<&'static str> {
    let at = words.iter().position(|known| *known == word)?;
    meanings(words).get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shapes of a claim file, each once.
    fn shapes() -> Vec<&'static Shape> {
        let mut shapes = vec![&FILE];
        let mut at = 0;
        while let Some(shape) = shapes.get(at).copied() {
            for key in shape.keys {
                if let Entries(inner) | One(inner) = key.takes
                    && shapes.iter().all(|known| known.name != inner.name)
                {
                    shapes.push(inner);
                }
            }
            at += 1;
        }
        shapes
    }

    #[test]
    fn every_word_has_a_meaning() {
        for key in shapes().iter().flat_map(|shape| shape.keys) {
            if let Word(words) | Words(words) | Grades(words) = key.takes {
                assert_eq!(meanings(words).len(), words.len(), "{}", key.name);
                assert!(meanings(words).iter().all(|meaning| !meaning.is_empty()), "{}", key.name);
            }
        }
    }
}

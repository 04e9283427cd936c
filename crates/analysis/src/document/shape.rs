//! The keys of each mapping of a claim file, what they take, and what they mean.
//!
//! This is the only table of keys. The reader checks files against it, the JSON Schema is generated from it, and
//! editors complete and explain keys from it.

use super::{Because, Certainty, Counts, Form, MeasureType, Names, Part, Stance, Verdict, Word as _};

/// The description of one kind of mapping.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its name in messages, with an article: `a claim`.
    pub name: &'static str,
    /// Its purpose, in one line.
    pub doc: &'static str,
    /// Its keys, in the usual order.
    pub keys: &'static [Key],
}

impl Shape {
    /// Whether this is the other shape, such as [`CLAIM`].
    pub fn is(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The description of one key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key as written.
    pub name: &'static str,
    /// The values that it takes.
    pub takes: Takes,
    /// Its meaning, in one line.
    pub doc: &'static str,
    /// An example value, as written in a file.
    pub example: &'static str,
}

/// The values that a key takes.
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
    /// A place in a source, see [`super::Locator`].
    Locator,
    /// A value that the measure reads: a scalar or a list of scalars.
    Value,
    /// A mapping from ids to mappings of this shape.
    Entries(&'static Shape),
    /// One mapping of this shape.
    One(&'static Shape),
    /// A mapping from the ids of rules to words of this list.
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
            "conventions for vague words, spans of time, grades of rules; in at most one file of a workspace",
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
            "what happened, with facts that nobody disputes",
            "{ raid: { name: Air raid on the border, date: 2026-02-22 } }",
        ),
        key(
            "propositions",
            Entries(&PROPOSITION),
            "statements that can be true or false and are not tied to an event",
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
            "the publication in which the claims of this file are made",
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
        key("name", Text, "the name that people use for it", "Government of Pakistan"),
        key("aliases", Texts, "other names and spellings of it", "[Islamabad, Pakistani government]"),
        key(
            "kind",
            Text,
            "person, state, government-body, military, armed-group, media, ngo, igo, researcher …",
            "state",
        ),
        key("role", Text, "its role, as reports show it", "defence minister of Pakistan"),
        key(
            "speaks-for",
            Id("actors"),
            "the actor on whose behalf it speaks; the last one of the chain is the party",
            "islamabad",
        ),
        key("note", Text, "a note by the editors", "Officials whom the sources leave unnamed."),
    ],
};

/// An event.
pub const EVENT: Shape = Shape {
    name: "an event",
    doc: "something that happened; who did it is a claim",
    keys: &[
        key("name", Text, "the name that people use for it", "Air raid on the border"),
        key("aliases", Texts, "other names of it", "[Nangarhar raid]"),
        key("kind", Text, "attack, air-strike, battle, talks, ceasefire, visit …", "air-strike"),
        key("date", Date, "when it happened; not a claim of anybody", "2026-02-22"),
        key("place", Ids("places"), "where it happened", "nangarhar"),
        key("part-of", Ids("events"), "the larger events it belongs to", "border-conflict"),
        key("parts-complete", Flag, "whether its listed parts make up the whole event", "yes"),
        key(
            "overlaps",
            Ids("events"),
            "other parts of the same event that share something with it; their figures are not added up",
            "[second-raid]",
        ),
        key("after", Ids("events"), "events that it came after, to the knowledge of the editors", "bombing"),
        key(
            "parties",
            Ids("actors"),
            "the actors whose position a reader would want to know",
            "[islamabad, kabul]",
        ),
        key("apart-from", Ids("events"), "events that it is easily confused with", "[second-raid]"),
        key("note", Text, "a note by the editors", "The day is common knowledge."),
    ],
};

/// A proposition.
pub const PROPOSITION: Shape = Shape {
    name: "a proposition",
    doc: "a statement that can be true or false and is not tied to an event",
    keys: &[
        key("name", Text, "the proposition in words", "Kabul shelters armed groups"),
        key("aliases", Texts, "other wordings of it", "[Safe havens in Afghanistan]"),
        key(
            "parties",
            Ids("actors"),
            "the actors whose position a reader would want to know",
            "[islamabad, kabul]",
        ),
        key("note", Text, "a note by the editors", "As both sides put it."),
    ],
};

/// A series.
pub const SERIES: Shape = Shape {
    name: "a series",
    doc: "figures published period by period",
    keys: &[
        key("name", Text, "the name that people use for it", "Yearly report on security"),
        key("publisher", Id("actors"), "who publishes it", "the-paper"),
        key("method", Text, "how it is counted", "incidents that two outlets report"),
        key("territory", Text, "where it is counted", "Pakistan"),
        key(
            "beside",
            Ids("series"),
            "series that count the same thing by another method",
            "[other-yearly-report]",
        ),
        key("note", Text, "a note by the editors", "Counts the dead of both sides."),
    ],
};

/// A place or a term.
pub const TERM: Shape = Shape {
    name: "a place or term",
    doc: "something that a `choice` value may name",
    keys: &[
        key("name", Text, "the name that people use for it", "religious school"),
        key("aliases", Texts, "other names of it", "[madrasa, seminary]"),
        key("part-of", Ids("terms"), "the places or terms that it is a part of", "civilian-sites"),
        key(
            "excludes",
            Ids("terms"),
            "what it cannot be at the same time; applies in both directions and to every part",
            "[camps]",
        ),
        key("note", Text, "a note by the editors", "State and private ones."),
    ],
};

/// A population.
pub const POPULATION: Shape = Shape {
    name: "a population",
    doc: "who is counted",
    keys: &[
        key("name", Text, "the name that people use for it", "protesters"),
        key("part-of", Ids("populations"), "the populations it is part of", "civilians"),
        key(
            "excludes",
            Ids("populations"),
            "populations without common members; applies in both directions and to every part",
            "[soldiers]",
        ),
        key(
            "inferred",
            Flag,
            "whether `part-of` and `excludes` are an interpretation by the editors; findings that rest on them say so",
            "yes",
        ),
        key("note", Text, "a note by the editors", "Nobody says that they were armed."),
    ],
};

/// A measure.
pub const MEASURE: Shape = Shape {
    name: "a measure",
    doc: "what is counted or stated",
    keys: &[
        key("name", Text, "the name that people use for it", "attended"),
        key("type", Word(MeasureType::NAMES), "how its values are read", "count"),
        key("unit", Text, "the unit of an amount", "km"),
        key("counts", Word(Counts::NAMES), "whether a count is of people or of things", "things"),
        key("grows", Flag, "whether its figures can only rise until they are final", "yes"),
        key(
            "varies",
            Flag,
            "whether its figures rise and fall, so that only figures of the same day are compared",
            "yes",
        ),
        key("settles", Text, "how long after the end of the event its figures become final", "30 days"),
        key("single", Flag, "whether a choice has only one answer", "yes"),
        key("names", Words(Names::NAMES), "the kinds of things that a choice may name", "[actors, places]"),
        key("steps", Texts, "the steps of a scale, weakest first", "[tolerates, shelters, directs]"),
        key("sum-of", Ids("measures"), "the measures that it is the sum of", "[killed, injured]"),
        key(
            "asks",
            Text,
            "the question in words, below the name of the subject; `{people}` is replaced by the population: how many {people} were killed",
            "how many {people} attended",
        ),
        key("note", Text, "a note by the editors", "On the first day alone."),
    ],
};

/// A source.
pub const SOURCE: Shape = Shape {
    name: "a source",
    doc: "one publication in which claims are made",
    keys: &[
        key("id", Text, "the id of the source: lower-case words joined by hyphens", "the-paper-2026-04-02"),
        key("publisher", Id("actors"), "the actor that published it", "the-paper"),
        key("published", Date, "when it was published; add `~` if that is inferred", "2026-04-02"),
        key("title", Text, "its title", "Raid on the border"),
        key("url", Text, "its address on the web", "https://paper.example/raid"),
        key("author", Texts, "who wrote it", "[News desk]"),
        key("language", Text, "the language it is written in", "en"),
        key("accessed", Date, "when it was read", "2026-04-05"),
        key(
            "cites",
            Ids("sources"),
            "sources that it relies on; two sources with one origin are not two witnesses",
            "[the-agency-2026-04-01]",
        ),
        key("reliability", Text, "Admiralty code: reliability A to F, credibility 1 to 6", "B2"),
        key(
            "text",
            Text,
            "file name of an archived copy, next to this file or in the folder given by `--texts`",
            "the-paper-2026-04-02.txt",
        ),
        key("note", Text, "a note by the editors", "Day inferred from the text."),
    ],
};

/// A claim.
pub const CLAIM: Shape = Shape {
    name: "a claim",
    doc: "an assertion by somebody in the source, or a response to other claims",
    keys: &[
        key("by", Id("actors"), "who asserts it; if missing: the publisher, in its own voice", "islamabad"),
        key("via", Ids("actors"), "who passed it on to this source, the nearest first", "[the-agency]"),
        key("about", Ids("subjects"), "an event, a proposition or a series", "raid"),
        key("measure", Id("measures"), "what is counted or stated", "killed"),
        key("of", Id("populations"), "who is counted; if missing: people", "militants"),
        key("during", Date, "for a series: the period that the figure is for", "2025"),
        key("value", Value, "the answer, a figure as the source words it", "at least 80"),
        key("denies", Ids("claims"), "claims that it says are false", "[militants]"),
        key("confirms", Ids("claims"), "claims that it says are true", "[the-agency-2026-04-01/militants]"),
        key(
            "declines",
            Ids("claims"),
            "claims or questions that it neither confirms nor denies",
            "[raid/killed/civilians]",
        ),
        key("said", Date, "when it was asserted; if missing: the day of publication", "2026-02-22"),
        key("as-of", Date, "the day whose situation the claim describes; if missing: `said`", "2026-02-22"),
        key("at", Locator, "where in the source: p12, p3-4, 00:12:40", "p12"),
        key("part", Word(Part::NAMES), "in which part of the source; if missing: body", "headline"),
        key("form", Word(Form::NAMES), "how the source gives the words; if missing: paraphrase", "quote"),
        key("words", Text, "the source's wording of the figure, a few words, verbatim", "at least 80"),
        key(
            "certainty",
            Word(Certainty::NAMES),
            "how certain the speaker is, in the speaker's own words; if missing: certain",
            "probable",
        ),
        key(
            "stance",
            Word(Stance::NAMES),
            "whether the speaker asserts or denies the value, or declines to answer; if missing: asserts",
            "denies",
        ),
        key("attributes-to", Id("actors"), "whose words or admission it reports second-hand", "kabul"),
        key("allow", Texts, "rules and lints silenced on this claim; `note` says why", "[no-locator]"),
        key("note", Text, "a note by the editors", "The body has this from the ministry."),
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
        key("verdict", Word(Verdict::NAMES), "the result of the review", "settled"),
        key("because", Word(Because::NAMES), "the reason for the verdict", "source-error"),
        key("figure", Text, "with `settled`: the figure that the reviewer settled on", "at least 80"),
        key("note", Text, "a note by the editors", "No outside access to the site."),
        key("by", Text, "who decided", "desk"),
        key("on", Date, "the day of the decision", "2026-04-03"),
        key("seen", Text, "fingerprint of the claims that were reviewed, written by the tool", "bdcffb0b"),
        key(
            "saw",
            Lines("claims"),
            "what each of these claims said, to show later changes; written by the tool",
            "{ the-paper-2026-04-02/militants: at least 80; islamabad; said 2026-04-02 }",
        ),
    ],
};

/// Settings.
pub const SETTINGS: Shape = Shape {
    name: "settings",
    doc: "how this workspace reads words and grades findings",
    keys: &[
        key("settles", Text, "how long after the end of an event its figures become final", "30 days"),
        key(
            "words",
            Entries(&WORD),
            "conventions: the ranges of vague words and qualifiers",
            "{ dozens: { hard: 12.., usual: 24-99 } }",
        ),
        key(
            "grades",
            Grades(GRADES),
            "the grades of rules, or `off`",
            "{ rounding: off, rival-characterisation: contradiction }",
        ),
    ],
};

/// The convention for a vague word.
pub const WORD: Shape = Shape {
    name: "the ranges of a word",
    doc: "the two ranges of a vague word or a qualifier",
    keys: &[
        key("hard", Text, "the hard range: every value that the word allows", "12.."),
        key("usual", Text, "the usual range: the values that people usually mean", "24-99"),
    ],
};

/// The grades that a rule can be set to.
pub const GRADES: &[&str] = &["off", "note", "tension", "contradiction"];

/// The meaning of each of [`GRADES`].
const GRADES_MEAN: &[&str] = &[
    "the rule reports nothing",
    "a difference that is worth knowing and is not a clash",
    "the claims can all hold, but reading only one of them misleads",
    "the claims cannot all hold",
];

/// The meaning of each word of a key, in the same order; empty for an unknown list of words.
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

/// The meaning of one word of a key; none for an unknown word.
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
    fn meanings_has_one_for_every_word() {
        for key in shapes().iter().flat_map(|shape| shape.keys) {
            if let Word(words) | Words(words) | Grades(words) = key.takes {
                assert_eq!(meanings(words).len(), words.len(), "{}", key.name);
                assert!(meanings(words).iter().all(|meaning| !meaning.is_empty()), "{}", key.name);
            }
        }
    }
}

//! Completions for keys, and for names that are used as keys.

use gen_lsp_types::CompletionItemKind as Kind;

use super::{CompletionOffer, CompletionOffers, CompletionQuery};
use gainsay_analysis::document::shape::{self, Key, Shape, Takes, meaning};
use gainsay_analysis::document::{SubjectKind, mention};
use gainsay_analysis::rules;
use gainsay_reading::figure::Conventions;

/// The keys of a response, which has no value.
const RESPONSE_KEYS: [&str; 3] = ["denies", "confirms", "declines"];
/// The keys of a claim that is not a response.
const CONTENT_KEYS: [&str; 5] = ["about", "measure", "of", "during", "value"];
/// The required keys of mappings, by the names of their shapes.
const REQUIRED_KEYS: [(&str, &[&str]); 3] = [
    ("a claim", &["about", "measure", "value"]),
    ("a source", &["id", "publisher", "published"]),
    ("a review", &["question", "verdict"]),
];

impl CompletionQuery<'_> {
    /// The keys that a mapping does not have yet.
    pub(super) fn keys(&self, shape: &'static Shape) -> CompletionOffers {
        let cursor = self.cursor;
        let has = |keys: &[&str]| keys.iter().any(|key| cursor.has(key));
        let is_claim = shape.is(&shape::CLAIM);
        let is_apart = |name: &str| {
            is_claim
                && ((RESPONSE_KEYS.contains(&name) && (has(&CONTENT_KEYS[..2]) || has(&CONTENT_KEYS[4..])))
                    || ((CONTENT_KEYS.contains(&name) || RESPONSE_KEYS.contains(&name))
                        && has(&RESPONSE_KEYS)))
        };
        let needs =
            REQUIRED_KEYS.iter().find(|(name, _)| *name == shape.name).map_or(&[][..], |(_, needs)| needs);
        // Only claims about a series have a period.
        let has_day = is_claim && self.subject().is_some_and(|subject| subject.kind != SubjectKind::Series);
        let is_idle = |name: &str| has_day && name == "during";
        let fits = |key: &&Key| !cursor.has(key.name) && !is_apart(key.name) && !is_idle(key.name);
        let keys = shape.keys.iter().filter(fits);
        let offer = |key: &'static Key| {
            let rank = u8::from(!needs.contains(&key.name));
            let insert = if cursor.word.has_colon { key.name.to_owned() } else { self.key_with_colon(key) };
            let kind = if shape.is(&shape::FILE) { Kind::Module } else { Kind::Property };
            let offer = CompletionOffer::new(key.name, kind)
                .detail(key.doc)
                .doc(format!("{}: {}, such as `{}`", key.doc, describe_value(key), key.example))
                .rank(rank);
            CompletionOffer { insert: Some(insert), ..offer }
        };
        CompletionOffers { all: keys.map(offer).collect(), is_incomplete: false }
    }

    /// A key with its colon and, for a mapping, the start of a new line below.
    fn key_with_colon(&self, key: &Key) -> String {
        let holds_keys =
            matches!(key.takes, Takes::Entries(_) | Takes::One(_) | Takes::Grades(_) | Takes::Lines(_));
        if holds_keys && !self.cursor.is_flow && !self.cursor.word.is_quoted {
            format!("{}:\n  ", key.name)
        } else if self.cursor.word.is_quoted {
            key.name.to_owned()
        } else {
            format!("{}: ", key.name)
        }
    }

    /// The ids that an entry can have, if they are from a fixed list. Only readings have such ids: the vague words.
    pub(super) fn ids(&self, shape: &'static Shape) -> CompletionOffers {
        if !shape.is(&shape::WORD) {
            return CompletionOffers::default();
        }
        let words = Conventions::words().filter(|word| !self.cursor.has(word));
        let conventions = &self.things.model.settings.conventions;
        let offer =
            |word| self.name(word, Kind::Value).detail(conventions.describe(word).unwrap_or_default());
        CompletionOffers { all: words.map(offer).collect(), is_incomplete: false }
    }

    /// The names that are used as keys: rules under `grades`, and claims under `seen`.
    pub(super) fn names(&self, key: &'static Key) -> CompletionOffers {
        match key.takes {
            Takes::Grades(_) => {
                let rules =
                    rules::ALL.iter().filter(|rule| !rule.grade.is_lint() && !self.cursor.has(rule.id));
                let offer = |rule: &&rules::Rule| {
                    self.name(rule.id, Kind::Function).detail(rule.grade.name()).doc(rule.summary)
                };
                CompletionOffers { all: rules.map(offer).collect(), is_incomplete: false }
            }
            Takes::Lines(_) => {
                let mut offers = self.things.offers(&[mention::Kind::Claim], self.cursor.typed(), true);
                for offer in &mut offers.all {
                    offer.insert = Some(self.name(&offer.label, Kind::Reference).insert.unwrap_or_default());
                }
                offers
            }
            _ => CompletionOffers::default(),
        }
    }

    /// A name with a colon after it.
    fn name(&self, name: &str, kind: Kind) -> CompletionOffer {
        let is_whole = self.cursor.word.has_colon || self.cursor.word.is_quoted;
        let insert = if is_whole { name.to_owned() } else { format!("{name}: ") };
        CompletionOffer { insert: Some(insert), ..CompletionOffer::new(name, kind) }
    }
}

/// The values of names that are used as keys: the grades of a rule.
pub(super) fn values_of_name(key: &'static Key) -> CompletionOffers {
    let words = match key.takes {
        Takes::Grades(words) => words,
        _ => &[],
    };
    let all = words.iter().map(|word| {
        CompletionOffer::new(*word, Kind::EnumMember).doc(meaning(words, word).unwrap_or_default())
    });
    CompletionOffers { all: all.collect(), is_incomplete: false }
}

/// A description of the values that a key can have.
pub(in crate::lsp) fn describe_value(key: &Key) -> String {
    let thing = |kind: &str| match kind {
        "subjects" => "event, proposition or series".to_owned(),
        "series" => "series".to_owned(),
        kind => kind.trim_end_matches('s').to_owned(),
    };
    match key.takes {
        Takes::Text => "a text".to_owned(),
        Takes::Texts => "a text or a list".to_owned(),
        Takes::Id(kind) => format!("the id of {} {}", article(&thing(kind)), thing(kind)),
        Takes::Ids(kind) => format!("the id of {} {}, or a list", article(&thing(kind)), thing(kind)),
        Takes::Date => {
            "a date, such as `2026-02-24`, `2026-02`, `2026-02-22/2026-02-25`, `2026-02-11~`".to_owned()
        }
        Takes::Flag => "`true` or `false`".to_owned(),
        Takes::Word(words) => words.join(" | "),
        Takes::Words(words) => format!("{}, or a list", words.join(" | ")),
        Takes::Locator => "a place in the source, such as `p12`, `p3-4`, `00:12:40`".to_owned(),
        Takes::Value => "a value that fits the measure, such as `at least 80`".to_owned(),
        Takes::Entries(shape) => format!("entries by id, {} each", shape.name),
        Takes::One(shape) => shape.name.to_owned(),
        Takes::Grades(words) => format!("a grade for each rule: {}", words.join(" | ")),
        Takes::Lines(_) => "a text for each claim".to_owned(),
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

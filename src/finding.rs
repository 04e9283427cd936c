//! What gainsay has to say: one finding, its labels, its evidence, its grade and its fix.
//!
//! Lints of the files and clashes of the claims are one type, so that every surface shows both alike. This
//! is data with a total order; nothing here decides what is a finding.

mod collector;

use xxhash_rust::xxh3::xxh3_64;

use crate::id::{ActorId, ClaimId, QuestionId};
use crate::names::Meant;
use crate::source::Location;
pub use collector::{Collector, Found, Limit, Omitted, by_place};

/// How grave a finding is, gravest first. The first two are about the files, the other three about what
/// the claims say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grade {
    /// The file cannot be read as meant; a check fails.
    Error,
    /// The file can be read, and is probably not meant so; a strict check fails.
    Warning,
    /// The claims cannot all hold.
    Contradiction,
    /// The claims can all hold, but a reader of one is led away from the other.
    Tension,
    /// A difference worth knowing that misleads nobody.
    Note,
}

impl Grade {
    /// The grade's name as people and formats write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Contradiction => "contradiction",
            Self::Tension => "tension",
            Self::Note => "note",
        }
    }

    /// Whether it is about the files rather than about what the claims say.
    pub fn is_lint(self) -> bool {
        matches!(self, Self::Error | Self::Warning)
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A place that takes part in a finding and what is to be seen there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Label {
    /// Where; each label names its own file.
    pub location: Location,
    /// What is to be seen there; may be empty.
    pub text: String,
}

/// Another text for a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub location: Location,
    /// What stands there afterwards.
    pub text: String,
}

/// A change that mends a finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fix {
    /// What the change does, as a menu would call it.
    pub title: String,
    /// The edits, of which all or none are made.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Another text in one place.
    fn replacing(title: impl Into<String>, location: Location, text: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![Edit { location, text: text.into() }] }
    }
}

/// How far apart figures are that clash.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Gap {
    /// The distance in thousandths of one (see `figure::ONE`).
    pub absolute: i64,
    /// The distance as a share of the larger figure, in millionths (0 to 1,000,000).
    pub relative: i64,
}

impl Gap {
    /// The gap between the highest low end and the lowest high end, both in thousandths.
    pub fn between(high: i64, low: i64) -> Self {
        let absolute = low.saturating_sub(high).max(0);
        let relative = (i128::from(absolute) * 1_000_000).checked_div(i128::from(low)).unwrap_or(0);
        Self { absolute, relative: relative.clamp(0, 1_000_000) as i64 }
    }
}

/// The claims behind a finding on what the claims say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    /// A name that stays the same when lines move: 12 hexadecimal digits made of the rule and its claims.
    pub id: String,
    /// The questions it touches; it belongs to the dispute of the first.
    pub questions: Vec<QuestionId>,
    /// The smallest set of claims that shows it, each statement by the claim said first.
    pub claims: Vec<ClaimId>,
    /// Further witnesses of the same statements, and statements that clash as well.
    pub also: Vec<ClaimId>,
    /// Where the claims stand that no label shows; filled in where the ids are left out.
    pub also_at: Vec<Location>,
    /// Further sets of claims that clash in the same way, each by itself.
    pub further: Vec<Vec<ClaimId>>,
    /// Whether it follows across questions: then each of `also` does as well in the place of one of `claims`.
    pub across: bool,
    /// The parties of the claims, each once.
    pub parties: Vec<ActorId>,
    /// From the claims to the clash, in words a reader can check.
    pub steps: Vec<String>,
    /// What single claims would have to reach to end the clash, the others standing as they are.
    pub repairs: Vec<String>,
    /// How far apart, where figures clash.
    pub gap: Option<Gap>,
    /// The conventions and inferred edges it leans on, as a report prints them.
    pub rests_on: Vec<String>,
    /// Whether parties of the event oppose each other; findings of outlets alone weigh less.
    pub opposing: bool,
}

impl Evidence {
    /// Every claim that is named: the set itself, what else clashes, and the further sets.
    pub fn all_claims(&self) -> impl Iterator<Item = ClaimId> {
        self.claims.iter().chain(&self.also).chain(self.further.iter().flatten()).copied()
    }
}

/// One thing gainsay has to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The name of the rule or lint.
    pub rule: &'static str,
    /// How grave.
    pub grade: Grade,
    /// The finding in one line: lower case, values in backticks, no final stop.
    pub message: String,
    /// The places that take part, the one to look at first.
    pub labels: Vec<Label>,
    /// Why it is one, where the message does not say it all.
    pub notes: Vec<String>,
    /// What would settle or mend it.
    pub help: Vec<String>,
    /// A change that surely mends it.
    pub fix: Option<Fix>,
    /// Changes of which one may mend it, for a person to choose from; none is made without being asked for.
    pub guesses: Vec<Fix>,
    /// The claims behind it; lints have none.
    pub evidence: Option<Box<Evidence>>,
}

impl Finding {
    /// A finding without labels, notes or evidence yet.
    pub fn new(rule: &'static str, grade: Grade, message: impl Into<String>) -> Self {
        Self {
            rule,
            grade,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fix: None,
            guesses: Vec::new(),
            evidence: None,
        }
    }

    /// The finding with one more place; the first is the one to look at.
    #[must_use]
    pub fn at(mut self, location: Location, text: impl Into<String>) -> Self {
        // Most findings have one place and one line of help, and there may be one for each claim.
        self.labels.reserve_exact(1);
        self.labels.push(Label { location, text: text.into() });
        self
    }

    /// The finding with one more note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The finding with one more line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.reserve_exact(1);
        self.help.push(help.into());
        self
    }

    /// The finding with a fix that replaces one place.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, location: Location, text: impl Into<String>) -> Self {
        self.fix = Some(Fix::replacing(title, location, text));
        self
    }

    /// The finding with what may have been meant at a place: the nearest as help, and as a fix where it is sure; else
    /// all of them to choose from.
    #[must_use]
    pub fn meant(mut self, location: Location, near: &Meant) -> Self {
        let mut fixes =
            near.ids.iter().map(|id| Fix::replacing(format!("write `{id}`"), location, id.as_str()));
        if near.is_sure {
            self.fix = fixes.next();
        }
        self.guesses.extend(fixes);
        match near.ids.first() {
            Some(id) => self.help(format!("did you mean `{id}`?")),
            None => self,
        }
    }

    /// All changes that may mend it, the sure one first.
    pub fn fixes(&self) -> impl Iterator<Item = &Fix> {
        self.fix.iter().chain(&self.guesses)
    }

    /// The finding with the claims behind it.
    #[must_use]
    pub fn on(mut self, evidence: Evidence) -> Self {
        self.evidence = Some(Box::new(evidence));
        self
    }

    /// Shortens its texts to so many characters each, and leaves out changes that would write a longer one.
    fn shorten(&mut self, most: usize) {
        let labels = self.labels.iter_mut().map(|label| &mut label.text);
        let texts = labels.chain(&mut self.notes).chain(&mut self.help).chain([&mut self.message]);
        for text in texts.filter(|text| text.len() > most) {
            *text = shortened(text, most);
        }
        let is_short = |fix: &Fix| fix.edits.iter().all(|edit| edit.text.len() <= most);
        self.fix.take_if(|fix| !is_short(fix));
        self.guesses.retain(is_short);
    }

    /// The claims behind it, none for a lint.
    pub fn claims(&self) -> &[ClaimId] {
        self.evidence.as_deref().map_or(&[], |evidence| &evidence.claims)
    }

    /// The questions it touches, none for a lint.
    pub fn questions(&self) -> &[QuestionId] {
        self.evidence.as_deref().map_or(&[], |evidence| &evidence.questions)
    }
}

/// A text with no more than so many characters: of a longer one the beginning and the end, with `…` between.
pub fn shortened(text: &str, most: usize) -> String {
    // Most are short, and need no count.
    if text.len() <= most || text.chars().count() <= most {
        return text.to_owned();
    }
    let (head, tail) = (most * 3 / 4, most / 4 - 1);
    let head = text.char_indices().nth(head).map_or(text.len(), |(at, _)| at);
    let tail = text.char_indices().rev().take(tail).last().map_or(text.len(), |(at, _)| at);
    format!("{}…{}", &text[..head], &text[tail..])
}

/// A name for a set of texts that stays the same from one version and machine to the next: XXH3 of the
/// texts in the order given, each closed by a byte that no text holds.
pub fn fingerprint<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0xff);
    }
    xxh3_64(&bytes)
}

/// Fingerprint of a text as a whole, by which two readings of a file are told apart: 16 hexadecimal digits.
pub fn print(text: &str) -> String {
    format!("{:016x}", fingerprint([text]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_text_keeps_both_ends() {
        assert_eq!(shortened("no actor is called `xx`", 23), "no actor is called `xx`");
        let long = shortened(&format!("é`{}`", "x".repeat(1_000_000)), 100);
        assert_eq!(
            (long.chars().count(), long.chars().next(), long.ends_with("xx`")),
            (100, Some('é'), true)
        );
        assert!(long.contains("xx…xx"));
    }

    #[test]
    fn fingerprints_do_not_run_texts_together() {
        assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
        assert_eq!(fingerprint(["ab", "c"]), fingerprint(["ab", "c"]));
    }

    #[test]
    fn a_gap_is_a_share_of_the_larger_figure() {
        assert_eq!(Gap::between(80_000, 100_000), Gap { absolute: 20_000, relative: 200_000 });
        assert_eq!(Gap::between(0, 0), Gap { absolute: 0, relative: 0 });
    }
}

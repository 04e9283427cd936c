//! Findings: what a rule or a lint reports, with labels, evidence, a grade and fixes.
//!
//! Lints on files and findings on claims have the same type, so that every surface shows both in the same way. This
//! module only contains data and its order; rules decide what is a finding.

mod collector;

use xxhash_rust::xxh3::xxh3_64;

use crate::id::{ActorId, ClaimId, QuestionId};
use crate::source::Location;
pub use collector::{CollectedFindings, Collector, Limit, Omitted, by_place};
use gainsay_reading::names::DidYouMean;

/// How serious a finding is, the most serious grade first. The first two are for lints on files, the other three for
/// findings on claims.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grade {
    /// The file cannot be read as intended; `gainsay check` fails.
    Error,
    /// The file can be read, but probably not as intended; a strict check fails.
    Warning,
    /// The claims cannot all hold.
    Contradiction,
    /// The claims can all hold, but reading only one of them misleads.
    Tension,
    /// A difference that is worth knowing and is not a clash.
    Note,
}

impl Grade {
    /// The name of the grade in reports and formats: `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Contradiction => "contradiction",
            Self::Tension => "tension",
            Self::Note => "note",
        }
    }

    /// Whether it is a grade of lints, which are about files and not about what the claims say.
    pub fn is_lint(self) -> bool {
        matches!(self, Self::Error | Self::Warning)
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A place with a text that a finding shows next to it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Label {
    /// The place. The labels of one finding can be in different files.
    pub location: Location,
    /// The text to show; may be empty.
    pub text: String,
}

/// A replacement of the text at a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edit {
    /// The text to replace; an empty span inserts.
    pub location: Location,
    /// The new text.
    pub text: String,
}

/// A change that fixes a finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fix {
    /// The title of the change in a menu: ``write `people` ``.
    pub title: String,
    /// The edits, which are made together or not at all.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that replaces the text at one place.
    fn replacing(title: impl Into<String>, location: Location, text: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![Edit { location, text: text.into() }] }
    }
}

/// The distance between figures that clash.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Gap {
    /// The distance in thousandths of one (see `figure::ONE`).
    pub absolute: i64,
    /// The distance as a share of the larger figure, in millionths (0 to 1,000,000).
    pub relative: i64,
}

impl Gap {
    /// The gap between the lowest upper bound `high` and the highest lower bound `low`, both in thousandths.
    pub fn between(high: i64, low: i64) -> Self {
        let absolute = low.saturating_sub(high).max(0);
        let relative = (i128::from(absolute) * 1_000_000).checked_div(i128::from(low)).unwrap_or(0);
        Self { absolute, relative: relative.clamp(0, 1_000_000) as i64 }
    }
}

/// The claims that a finding rests on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    /// A name that does not change when lines move: 12 hexadecimal digits, computed from the rule and the claims.
    pub id: String,
    /// The questions that it is about. It belongs to the dispute of the first one.
    pub questions: Vec<QuestionId>,
    /// A smallest set of claims that shows it. Each statement is represented by its earliest claim.
    pub claims: Vec<ClaimId>,
    /// Other witnesses of the same statements, and other statements that clash as well.
    pub also: Vec<ClaimId>,
    /// The places of claims without a label. Only set if the ids are left out.
    pub also_at: Vec<Location>,
    /// Other sets of claims that clash in the same way, each on its own.
    pub further: Vec<Vec<ClaimId>>,
    /// Whether the clash is across questions. Then each claim of `also` could replace one of `claims`.
    pub across: bool,
    /// The parties of the claims, each once.
    pub parties: Vec<ActorId>,
    /// The steps from the claims to the clash, in words that a reader can check.
    pub steps: Vec<String>,
    /// Changes of single claims that would end the clash, if the others stay as they are.
    pub repairs: Vec<String>,
    /// The distance between the figures, if figures clash.
    pub gap: Option<Gap>,
    /// The conventions and inferred relations that it rests on, as reports show them.
    pub rests_on: Vec<String>,
    /// Whether parties of the event oppose each other. Findings between outlets only are less important.
    pub opposing: bool,
}

impl Evidence {
    /// All claims of the finding: `claims`, `also` and `further`.
    pub fn all_claims(&self) -> impl Iterator<Item = ClaimId> {
        self.claims.iter().chain(&self.also).chain(self.further.iter().flatten()).copied()
    }
}

/// One thing that a rule or a lint reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The id of the rule or lint.
    pub rule: &'static str,
    /// How serious it is.
    pub grade: Grade,
    /// The message, in one line: lower case, values in backticks, no full stop.
    pub message: String,
    /// The places that it is about, the most important one first.
    pub labels: Vec<Label>,
    /// Explanations, if the message is not enough.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Vec<String>,
    /// A change that certainly fixes it.
    pub fix: Option<Fix>,
    /// Changes that may fix it, for a person to choose from. None is made automatically.
    pub guesses: Vec<Fix>,
    /// The claims that it rests on; none for a lint.
    pub evidence: Option<Box<Evidence>>,
}

impl Finding {
    /// A finding without labels, notes or evidence.
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

    /// Adds a label. The first one is the place that surfaces show first.
    #[must_use]
    pub fn at(mut self, location: Location, text: impl Into<String>) -> Self {
        // Most findings have one place and one line of help, and there may be one for each claim.
        self.labels.reserve_exact(1);
        self.labels.push(Label { location, text: text.into() });
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.reserve_exact(1);
        self.help.push(help.into());
        self
    }

    /// Sets a fix that replaces the text at one place.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, location: Location, text: impl Into<String>) -> Self {
        self.fix = Some(Fix::replacing(title, location, text));
        self
    }

    /// Adds suggestions for the text at a place: the best one as help. It is also the fix if it is certain; all others
    /// become guesses.
    #[must_use]
    pub fn meant(mut self, location: Location, near: &DidYouMean) -> Self {
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

    /// All changes that may fix it, the certain one first.
    pub fn fixes(&self) -> impl Iterator<Item = &Fix> {
        self.fix.iter().chain(&self.guesses)
    }

    /// Sets the claims that it rests on.
    #[must_use]
    pub fn on(mut self, evidence: Evidence) -> Self {
        self.evidence = Some(Box::new(evidence));
        self
    }

    /// Shortens each text to at most `max` characters, and removes fixes that would write a longer text.
    fn shorten(&mut self, max: usize) {
        let labels = self.labels.iter_mut().map(|label| &mut label.text);
        let texts = labels.chain(&mut self.notes).chain(&mut self.help).chain([&mut self.message]);
        for text in texts.filter(|text| text.len() > max) {
            *text = shortened(text, max);
        }
        let is_short = |fix: &Fix| fix.edits.iter().all(|edit| edit.text.len() <= max);
        self.fix.take_if(|fix| !is_short(fix));
        self.guesses.retain(is_short);
    }

    /// The claims that it rests on; none for a lint.
    pub fn claims(&self) -> &[ClaimId] {
        self.evidence.as_deref().map_or(&[], |evidence| &evidence.claims)
    }

    /// The questions that it is about; none for a lint.
    pub fn questions(&self) -> &[QuestionId] {
        self.evidence.as_deref().map_or(&[], |evidence| &evidence.questions)
    }
}

/// A text with at most `max` characters. The middle of a longer text is replaced by `…`.
pub fn shortened(text: &str, max: usize) -> String {
    // Most texts are short, so their characters need not be counted.
    if text.len() <= max || text.chars().count() <= max {
        return text.to_owned();
    }
    let (head, tail) = (max * 3 / 4, max / 4 - 1);
    let head = text.char_indices().nth(head).map_or(text.len(), |(at, _)| at);
    let tail = text.char_indices().rev().take(tail).last().map_or(text.len(), |(at, _)| at);
    format!("{}…{}", &text[..head], &text[tail..])
}

/// A hash of a list of texts that is the same in every version and on every machine: XXH3 of the texts in the given
/// order, each followed by a byte that does not occur in UTF-8.
pub fn fingerprint<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0xff);
    }
    xxh3_64(&bytes)
}

/// The fingerprint of a text, to notice when a file changed: 16 hexadecimal digits.
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
    fn fingerprint_depends_on_where_texts_end() {
        assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
        assert_eq!(fingerprint(["ab", "c"]), fingerprint(["ab", "c"]));
    }

    #[test]
    fn gap_is_relative_to_the_larger_figure() {
        assert_eq!(Gap::between(80_000, 100_000), Gap { absolute: 20_000, relative: 200_000 });
        assert_eq!(Gap::between(0, 0), Gap { absolute: 0, relative: 0 });
    }
}

//! The lints that reading itself finds: one record each, so that every surface can name and explain them.
//!
//! Lints that need the resolved claims are rules like any other and live in `rules`. A guard test there
//! holds this list against what reading emits.

use crate::finding::{Finding, Grade};
use crate::source::Location;

/// What is known of a lint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lint {
    /// Its name, as people write it.
    pub id: &'static str,
    /// [`Grade::Error`] or [`Grade::Warning`].
    pub grade: Grade,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// More about it: why it matters and what to do.
    pub doc: &'static str,
}

impl Lint {
    /// A finding of this lint at a place.
    pub fn at(&self, location: Location, message: impl Into<String>, label: impl Into<String>) -> Finding {
        Finding::new(self.id, self.grade, message).at(location, label)
    }
}

macro_rules! lints {
    ($($name:ident $id:literal $grade:ident $summary:literal $doc:literal)*) => {
        $(
            #[doc = $summary]
            pub const $name: Lint = Lint { id: $id, grade: Grade::$grade, summary: $summary, doc: $doc };
        )*

        /// All lints of reading, in the order of the stages that find them.
        pub const ALL: &[Lint] = &[$($name),*];
    };
}

lints! {
    UNREADABLE_FILE "unreadable-file" Error
        "a file that cannot be read as UTF-8 text"
        "Claim files are UTF-8 text without NUL bytes, of at most 64 MiB each. The message names the first \
         byte that is not; such bytes are read as `?`. A folder or a pipe with the name of a claim file, a \
         file without permission and a link that leads back to a folder above are reported here as well; the \
         other files are still read."
    OUTSIDE_LINK "outside-link" Warning
        "a link that leads out of the workspace"
        "A workspace may come from somebody else, and a link in it can lead to any file of whoever reads it. A link to \
         a file or folder outside of the workspace, or in a hidden folder such as `.git`, is left out, and nothing of \
         what it leads to is shown. `--follow-links` reads such links; nothing is ever written through them."
    INVALID_YAML "invalid-yaml" Error
        "text that is not YAML"
        "The entry in which the mistake stands is left out and everything else in the file is read, so one \
         run shows every mistake. Nesting deeper than 64 levels is refused."
    REFUSED_YAML "refused-yaml" Error
        "YAML that claim files do without: anchors, aliases, merge keys, tags, several documents"
        "Each of these makes a line mean something that cannot be seen on the line. Write the value out."
    DUPLICATE_KEY "duplicate-key" Error
        "a key that stands twice in one mapping"
        "YAML readers silently keep one of the two. Both places are shown; the first is read."
    UNKNOWN_KEY "unknown-key" Error
        "a key that this mapping does not have"
        "The message offers the nearest key the mapping has. Where the YAML cut a figure in two, as it does \
         with `{ value: 1,034 }`, it offers the quotes."
    WRONG_SHAPE "wrong-shape" Error
        "a mapping, list or scalar where another is expected"
        "The message says what the key takes."
    MISSING_FIELD "missing-field" Error
        "an entry without a key it cannot do without"
        "A claim needs `about`, `measure` and `value`, or one of `denies`, `confirms` and `declines`; a source \
         needs `id`, `publisher` and `published`."
    INVALID_ID "invalid-id" Error
        "an id that is not lower-case words joined by hyphens"
        "Ids look like `al-jazeera-2026-02-24`: letters a to z and digits, in words joined by single hyphens."
    UNKNOWN_WORD "unknown-word" Error
        "a word outside the list that a key takes"
        "Keys such as `stance`, `certainty`, `part` and `verdict` take one of a few words."
    UNREADABLE_DATE "unreadable-date" Error
        "a date that is not EDTF as claim files use it"
        "Dates are `2026-02-22`, `2026-02`, `2026`, two of them joined by `/`, `..` for an open end, and `~` \
         for about."
    UNREADABLE_FIGURE "unreadable-figure" Error
        "a figure whose wording cannot be read"
        "The message shows where reading stopped and what would be read."
    UNREADABLE_VALUE "unreadable-value" Error
        "a value that does not fit its measure"
        "A `yes-no` takes yes or no, a `scale` one of its steps, a `choice` ids of what the measure names."
    INVALID_SETTING "invalid-setting" Error
        "a setting that cannot be used"
        "Settings stand in at most one file of a workspace."
    DUPLICATE_ID "duplicate-id" Error
        "an id defined twice in one namespace"
        "Subjects share one namespace; every other kind has its own. Both places are shown; the first, in \
         the order of paths, is used."
    UNKNOWN_ID "unknown-id" Error
        "an id that nothing defines"
        "The message offers the nearest id of the kind that is expected."
    AMBIGUOUS_ID "ambiguous-id" Error
        "an id that two kinds hold, where either could be meant"
        "Say which: `places/kabul` or `actors/kabul`."
    MISPLACED_FIELD "misplaced-field" Error
        "a key that does not go with the rest of its claim"
        "A response takes no value of its own, a measure of things no population, only a series takes \
         `during`, and only yes-no and choice answers are said of several subjects at once."
    TOO_MANY_ANSWERS "too-many-answers" Error
        "a claim that would answer more than is read"
        "A claim about several subjects says its value of each, and a response answers every question of every claim \
         that it lists, with the whole value. Long lists of subjects, of ids and of responses multiply so. In a \
         workspace, all of this may name 16 things for each subject and each claim that is listed, and 262,144 more; a \
         claim that goes beyond answers nothing."
    CYCLE "cycle" Error
        "ids that lead back to themselves by part-of, sum-of, speaks-for, cites, after or a response"
        "The whole way round is shown. Nothing is read along the edge that closes the circle."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_hyphenated() {
        for (at, lint) in ALL.iter().enumerate() {
            assert!(lint.grade.is_lint(), "{}", lint.id);
            assert!(lint.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", lint.id);
            assert!(ALL[..at].iter().all(|other| other.id != lint.id), "{} stands twice", lint.id);
        }
    }
}

//! The lints that reading and resolving emit, one record each, so that every surface can name and explain them.
//!
//! Lints that need the resolved claims are rules like any other, in `rules`. A guard test compares this list with the
//! lints that are emitted.

use crate::finding::{Finding, Grade};
use crate::source::Location;

/// The description of a lint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lint {
    /// The id, as people write it: `unknown-key`.
    pub id: &'static str,
    /// [`Grade::Error`] or [`Grade::Warning`].
    pub grade: Grade,
    /// A summary, in one line.
    pub summary: &'static str,
    /// A longer explanation: why it matters and what to do.
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

        /// All lints of reading and resolving, in the order of the stages that emit them.
        pub const ALL: &[Lint] = &[$($name),*];
    };
}

lints! {
    UNREADABLE_FILE "unreadable-file" Error
        "a file that cannot be read as UTF-8 text"
        "Claim files are UTF-8 text without NUL bytes, of at most 64 MiB each. The message names the first \
         invalid byte; invalid bytes are read as `?`. This lint also reports a folder or a pipe with the name of a \
         claim file, a file without read permission, and a link that leads back to a folder above it. The other \
         files are still read."
    OUTSIDE_LINK "outside-link" Warning
        "a link that leads out of the workspace"
        "A workspace may come from somebody else, and a link in it can lead to any file that you may read. A link to a \
         file or folder outside of the workspace, or in a hidden folder such as `.git`, is skipped, and nothing of its \
         target is shown. `--follow-links` reads such links; gainsay never writes through them."
    INVALID_YAML "invalid-yaml" Error
        "text that is not YAML"
        "The entry with the mistake is left out. Everything else in the file is read, so one run shows every \
         mistake. Nesting deeper than 64 levels is refused."
    REFUSED_YAML "refused-yaml" Error
        "YAML features that claim files may not use: anchors, aliases, merge keys, tags, several documents"
        "With each of these, a line means something that the line itself does not show. Write out the value."
    DUPLICATE_KEY "duplicate-key" Error
        "a key that occurs twice in one mapping"
        "Many YAML readers silently keep one of the two. Both places are shown; the first value is used."
    UNKNOWN_KEY "unknown-key" Error
        "a key that this mapping does not have"
        "The help names the most similar key of the mapping. If YAML splits a figure at its comma, as in \
         `{ value: 1,034 }`, the fix puts the figure in quotes."
    WRONG_SHAPE "wrong-shape" Error
        "a value of the wrong form, such as a list instead of a mapping"
        "The message says what is expected."
    MISSING_FIELD "missing-field" Error
        "an entry without a required key"
        "A claim needs `about`, `measure` and `value`, or one of `denies`, `confirms` and `declines`; a source \
         needs `id`, `publisher` and `published`."
    INVALID_ID "invalid-id" Error
        "an id that is not lower-case words joined by hyphens"
        "An id consists of words joined by single hyphens, with the letters a to z and digits: \
         `al-jazeera-2026-02-24`."
    UNKNOWN_WORD "unknown-word" Error
        "a word that the key does not accept"
        "Keys such as `stance`, `certainty`, `part` and `verdict` accept only a few words, which the message lists."
    UNREADABLE_DATE "unreadable-date" Error
        "a date that is not in the EDTF format that claim files use"
        "Write `2026-02-22`, `2026-02` or `2026`. Join two dates by `/` for a range, write `..` for an open end, and \
         add `~` to a date that is approximate."
    UNREADABLE_FIGURE "unreadable-figure" Error
        "a figure whose wording cannot be read"
        "The message shows where reading stopped, and the help a wording that can be read."
    UNREADABLE_VALUE "unreadable-value" Error
        "a value that does not fit its measure"
        "A `yes-no` measure takes yes or no, a `scale` one of its steps, a `choice` ids of the kinds that the measure \
         names."
    INVALID_SETTING "invalid-setting" Error
        "a setting that cannot be used"
        "At most one file of a workspace can have settings."
    DUPLICATE_ID "duplicate-id" Error
        "an id defined twice in one namespace"
        "Events, propositions and series share one namespace; every other kind has its own. Both places are shown; the \
         first one, in the order of paths, is used."
    UNKNOWN_ID "unknown-id" Error
        "an id that nothing defines"
        "The help names the most similar id of the expected kind."
    AMBIGUOUS_ID "ambiguous-id" Error
        "an id that could name things of two kinds"
        "Write the kind as well: `places/kabul` or `actors/kabul`."
    MISPLACED_FIELD "misplaced-field" Error
        "a key that does not fit the rest of its claim"
        "A response cannot have a value of its own. A measure that counts things cannot have a population. Only a \
         claim about a series can have `during`. Only yes-no and choice answers can be about several subjects at once."
    TOO_MANY_ANSWERS "too-many-answers" Error
        "a claim with more answers than the limit allows"
        "A claim about several subjects gives its value for each of them. A response answers every question of every \
         claim that it lists, with the whole value. Long lists of subjects, ids and responses therefore multiply. All \
         answers of a workspace together may name 16 things for each subject and each listed claim, and 262,144 more. \
         A claim beyond that limit answers nothing."
    CYCLE "cycle" Error
        "ids that refer back to themselves through part-of, sum-of, speaks-for, cites, after or a response"
        "All places in the cycle are shown. The reference that closes the cycle is ignored."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lint_ids_are_distinct_and_hyphenated() {
        for (at, lint) in ALL.iter().enumerate() {
            assert!(lint.grade.is_lint(), "{}", lint.id);
            assert!(lint.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", lint.id);
            assert!(ALL[..at].iter().all(|other| other.id != lint.id), "duplicate id {}", lint.id);
        }
    }
}

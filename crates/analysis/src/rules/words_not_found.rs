//! Words of a claim that are not in the archived text where the claim says.

mod text;

use std::cell::LazyCell;

use rayon::prelude::*;

use super::message::listed;
use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::{Locator, Name};
use crate::finding::{Finding, Grade};
use crate::id::SourceId;
use crate::model::Claim;
use crate::source::Location;
use text::{ArchivedText, folded};

pub(super) static RULE: Rule = Rule {
    id: "words-not-found",
    grade: Grade::Error,
    summary: "words that are not in the archived text where the claim says",
    weight: Weight::File,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
If the archived text of a source is available, the `words` of each claim must appear in it at the place that
`at` gives. `p2` is the second line that is not blank, and `p2-3` is that line and the next. Without `at`, the
words may be anywhere in the text.

White space, typographic quotes and dashes make no difference. Case does, and a figure must be whole: `17` is
not found in `170`. Words of a recording, with an `at` such as `00:12:40`, are not looked for.

Bad:

```yaml
# claims.yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24, text: x.txt }
claims:
  toll: { about: raid, measure: killed, value: at least 80, at: p1, words: at least 80 }
# x.txt
Raids on the border

The raids killed at least 80, the minister said.
```

Good:

```yaml
# claims.yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24, text: x.txt }
claims:
  toll: { about: raid, measure: killed, value: at least 80, at: p2, words: at least 80 }
# x.txt
Raids on the border

The raids killed at least 80, the minister said.
```
";

/// A help line names at most this many other places.
const MAX_PLACES: usize = 3;

/// The numbers, from 1, of the lines of an archived text that are not blank, as an editor counts them. The first is `p1`.
pub fn paragraphs(archived: &str) -> Vec<usize> {
    let lines = archived.split('\n').enumerate();
    // A lone carriage return separates paragraphs, but most editors do not count it as the end of a line.
    lines
        .flat_map(|(at, line)| {
            let parts = line.split('\r').filter(|part| !folded(part).is_empty());
            parts.map(move |_| at + 1)
        })
        .collect()
}

/// The places in an archived text where words appear, each once.
pub fn find_words(archived: &str, words: &str) -> Vec<Locator> {
    let words = folded(words);
    if words.is_empty() {
        return Vec::new();
    }
    let text = ArchivedText::new(archived);
    text.find(&words).map(|(first, last)| Locator::Paragraphs(first as u32, last as u32)).collect()
}

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let with_claims = facts.model.sources.iter().filter(|(_, source)| !source.claims.is_empty());
    let archived: Vec<(SourceId, &str)> =
        with_claims.filter_map(|(id, _)| Some((id, *facts.archive.get(&id)?))).collect();
    let findings_of = |&(source, archived): &(SourceId, &str)| {
        let mut found = findings.empty_copy();
        check_source(facts, source, archived, &mut found);
        found
    };
    let found: Vec<Findings<'_>> = archived.par_iter().map(findings_of).collect();
    for found in found {
        findings.merge(found);
    }
}

fn check_source(facts: &Facts<'_>, source: SourceId, archived: &str, findings: &mut Findings<'_>) {
    let row = &facts.model.sources[source];
    let claims = &facts.model.claims[row.claims.start as usize..row.claims.end as usize];
    let text = ArchivedText::new(archived);
    let archive = ArchiveChecker {
        name: row.text.as_ref().map_or("the archived text", |name| name.value.as_str()),
        without_case: LazyCell::new(|| ArchivedText::new(&archived.to_lowercase())),
        text,
    };
    findings.extend(claims.iter().filter_map(|claim| archive.check(claim)));
}

/// One archived text, folded. The copy in lower case is made only when words are not found.
struct ArchiveChecker<'a, F: FnOnce() -> ArchivedText> {
    name: &'a str,
    text: ArchivedText,
    without_case: LazyCell<ArchivedText, F>,
}

impl<F: FnOnce() -> ArchivedText> ArchiveChecker<'_, F> {
    fn check(&self, claim: &Claim) -> Option<Finding> {
        let at = match claim.at {
            Some(Locator::Time(_)) => return None,
            Some(Locator::Paragraphs(first, last)) => Some((first, last)),
            None => None,
        };
        let words = claim.words.as_ref().map(|words| (words, folded(&words.value)));
        let words = words.filter(|(_, folded)| !folded.is_empty());
        if let Some((first, last)) = at
            && last as usize > self.text.len()
        {
            return Some(self.beyond(claim, Locator::Paragraphs(first, last), words));
        }
        let (written, words) = words?;
        let (first, last) = at.unwrap_or((1, self.text.len() as u32));
        (!self.text.contains(&words, first as usize, last as usize))
            .then(|| self.missing(claim, written, &words))
    }

    /// A finding on a locator past the last line.
    fn beyond(&self, claim: &Claim, at: Locator, words: Option<(&Name, String)>) -> Finding {
        let message = format!("claim `{}` is at {at}, past the end of `{}`", claim.name, self.name);
        let lines = match self.text.len() {
            0 => "the text is blank".to_owned(),
            1 => "the text has 1 line that is not blank".to_owned(),
            count => format!("the text has {count} lines that are not blank"),
        };
        let span = words.as_ref().map_or(claim.location.span, |(written, _)| written.span);
        let finding =
            RULE.lint(Location { span, ..claim.location }, message, format!("not at {at}")).note(lines);
        match words {
            Some((_, words)) => self.with_places(finding, &words),
            None => finding,
        }
    }

    /// A finding on words that are not where the claim says.
    fn missing(&self, claim: &Claim, written: &Name, words: &str) -> Finding {
        let words_as_written = &written.value;
        let at = Location { span: written.span, ..claim.location };
        let finding = match claim.at {
            Some(place) => {
                let message = format!("`{words_as_written}` is not at {place} of `{}`", self.name);
                RULE.lint(at, message, format!("not at {place}"))
            }
            None => {
                RULE.lint(at, format!("`{words_as_written}` is not in `{}`", self.name), "not in the text")
            }
        };
        self.with_places(finding, words)
    }

    /// Adds a help line that says where the words are, if they are anywhere in the text.
    fn with_places(&self, finding: Finding, words: &str) -> Finding {
        if let Some(places) = places(&self.text, words) {
            return finding.help(format!("the words are at {places}"));
        }
        match places(&self.without_case, &words.to_lowercase()) {
            Some(places) => finding.help(format!("with other capitals, the words are at {places}")),
            None => finding,
        }
    }
}

fn places(text: &ArchivedText, words: &str) -> Option<String> {
    let mut places = text.find(words);
    let mut named: Vec<String> = Vec::new();
    for (first, last) in places.by_ref().take(MAX_PLACES) {
        named.push(Locator::Paragraphs(first as u32, last as u32).to_string());
    }
    if places.next().is_some() {
        named.push("further on".to_owned());
    }
    (!named.is_empty()).then(|| listed(&named))
}

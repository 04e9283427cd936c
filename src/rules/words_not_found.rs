//! Words of a claim that are not in the archived text where the claim says.

mod text;

use std::cell::LazyCell;

use rayon::prelude::*;

use super::telling::listed;
use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::{Locator, Name};
use crate::finding::{Finding, Grade};
use crate::id::SourceId;
use crate::model::Claim;
use crate::source::Location;
use text::{Text, folded};

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

/// Other places are named up to this number.
const SHOWN: usize = 3;

/// The lines of an archived text that are not blank, as an editor counts lines, from 1: the first of them is `p1`.
pub(crate) fn paragraphs(archived: &str) -> Vec<usize> {
    let lines = archived.split('\n').enumerate();
    // A carriage return by itself parts paragraphs, but not the lines of most editors.
    lines
        .flat_map(|(at, line)| {
            let parts = line.split('\r').filter(|part| !folded(part).is_empty());
            parts.map(move |_| at + 1)
        })
        .collect()
}

/// Where in an archived text words stand, each place once.
pub(crate) fn places_of_words(archived: &str, words: &str) -> Vec<Locator> {
    let words = folded(words);
    if words.is_empty() {
        return Vec::new();
    }
    let text = Text::new(archived);
    text.find(&words).map(|(first, last)| Locator::Paragraphs(first as u32, last as u32)).collect()
}

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let with_claims = facts.model.sources.iter().filter(|(_, source)| !source.claims.is_empty());
    let at_hand: Vec<(SourceId, &str)> =
        with_claims.filter_map(|(id, _)| Some((id, *facts.archive.get(&id)?))).collect();
    let found = |&(source, archived): &(SourceId, &str)| {
        let mut found = findings.like();
        check_source(facts, source, archived, &mut found);
        found
    };
    let found: Vec<Findings<'_>> = at_hand.par_iter().map(found).collect();
    for found in found {
        findings.merge(found);
    }
}

fn check_source(facts: &Facts<'_>, source: SourceId, archived: &str, findings: &mut Findings<'_>) {
    let row = &facts.model.sources[source];
    let claims = &facts.model.claims[row.claims.start as usize..row.claims.end as usize];
    let text = Text::new(archived);
    let archive = Archive {
        name: row.text.as_ref().map_or("the archived text", |name| name.value.as_str()),
        without_case: LazyCell::new(|| Text::new(&archived.to_lowercase())),
        text,
    };
    findings.extend(claims.iter().filter_map(|claim| archive.check(claim)));
}

/// One archived text, folded, and once more without case for the first words that are not in it.
struct Archive<'a, F: FnOnce() -> Text> {
    name: &'a str,
    text: Text,
    without_case: LazyCell<Text, F>,
}

impl<F: FnOnce() -> Text> Archive<'_, F> {
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
        (!self.text.has(&words, first as usize, last as usize)).then(|| self.missing(claim, written, &words))
    }

    /// A locator that lies behind the last line.
    fn beyond(&self, claim: &Claim, at: Locator, words: Option<(&Name, String)>) -> Finding {
        let message = format!("claim `{}` stands at {at}, behind the end of `{}`", claim.name, self.name);
        let lines = match self.text.len() {
            0 => "the text is blank".to_owned(),
            1 => "the text has 1 line that is not blank".to_owned(),
            count => format!("the text has {count} lines that are not blank"),
        };
        let span = words.as_ref().map_or(claim.location.span, |(written, _)| written.span);
        let finding =
            RULE.lint(Location { span, ..claim.location }, message, format!("not at {at}")).note(lines);
        match words {
            Some((_, words)) => self.help(finding, &words),
            None => finding,
        }
    }

    /// Words that do not stand where the claim says.
    fn missing(&self, claim: &Claim, written: &Name, words: &str) -> Finding {
        let shown = &written.value;
        let at = Location { span: written.span, ..claim.location };
        let finding = match claim.at {
            Some(place) => {
                let message = format!("`{shown}` does not stand at {place} of `{}`", self.name);
                RULE.lint(at, message, format!("not at {place}"))
            }
            None => RULE.lint(at, format!("`{shown}` does not stand in `{}`", self.name), "not in the text"),
        };
        self.help(finding, words)
    }

    /// Where the words stand, if they stand anywhere.
    fn help(&self, finding: Finding, words: &str) -> Finding {
        if let Some(places) = places(&self.text, words) {
            return finding.help(format!("they stand at {places}"));
        }
        match places(&self.without_case, &words.to_lowercase()) {
            Some(places) => finding.help(format!("with other capitals they stand at {places}")),
            None => finding,
        }
    }
}

fn places(text: &Text, words: &str) -> Option<String> {
    let mut places = text.find(words);
    let mut named: Vec<String> = Vec::new();
    for (first, last) in places.by_ref().take(SHOWN) {
        named.push(Locator::Paragraphs(first as u32, last as u32).to_string());
    }
    if places.next().is_some() {
        named.push("further on".to_owned());
    }
    (!named.is_empty()).then(|| listed(&named))
}

//! Names so alike that two ids may be the same actor, place or term. Events also have dates and places, and a rule of
//! their own.

use rustc_hash::FxHashSet;

use super::clusters::{self, Cluster, ClusterMember};
use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::graph::Nesting;
use crate::id::{Id, Table};
use crate::model::Definition;
use crate::source::Location;
use gainsay_reading::names::{
    AlikeReason, Crowd, LONGEST, Likeness, NEIGHBOURS, Named, Strictness, near_duplicates,
};

pub(super) static RULE: Rule = Rule {
    id: "similar-names",
    grade: Grade::Warning,
    summary: "names so alike that two ids may be the same thing",
    weight: Weight::File,
    scope: Scope::Names,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
If one actor, place or term has two ids, its claims are split. The party seems to hold two positions, and
nobody notices that they clash. Names and aliases are compared without regard to case, accents, ranks,
transliteration, the order of words and single typing errors.

The rule stays silent if numbers in the names differ, or if short names differ in one letter: Iran and Iraq
are not alike. It also stays silent about a place or term that is part of the other or excludes it. If more
than eight ids are alike in this way, there is one finding for all of them instead of one for each pair.

Bad:

```yaml
actors:
  ttp: { name: Tehreek-e-Taliban Pakistan }
  pakistani-taliban: { name: Pakistani Taliban, aliases: [Tehrik-i-Taliban Pakistan] }
```

Good:

```yaml
actors:
  ttp: { name: Tehreek-e-Taliban Pakistan, aliases: [Tehrik-i-Taliban Pakistan] }
  afghan-taliban: { name: Afghan Taliban }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let (model, graph) = (facts.model, facts.graph);
    let actors = NamesOfKind::new("actor", &model.actors, |row| (&row.name, &row.defined));
    findings.extend(actors.findings(|_, _| false));
    let places = NamesOfKind::new("place", &model.places, |row| (&row.name, &row.defined));
    findings.extend(places.findings(|a, b| is_different(&graph.places, a, b)));
    let terms = NamesOfKind::new("term", &model.terms, |row| (&row.name, &row.defined));
    findings.extend(terms.findings(|a, b| is_different(&graph.terms, a, b)));
}

/// Whether one entry is part of the other or excludes it.
fn is_different<I: Id>(nesting: &Nesting<I>, a: u32, b: u32) -> bool {
    let (a, b) = (I::new(a as usize), I::new(b as usize));
    nesting.is_nested(a, b) || nesting.is_apart(a, b)
}

/// The names and aliases of all entries of one kind, such as actors.
struct NamesOfKind<'a> {
    /// The kind in words: `actor`.
    word: &'static str,
    /// The ids as written. The owner of a name is an index into them.
    ids: &'a [smol_str::SmolStr],
    names: Vec<Named<'a>>,
    /// The location of each name. A name derived from the id has the location of the id.
    locations: Vec<Location>,
}

impl<'a> NamesOfKind<'a> {
    fn new<I: Id, T>(
        word: &'static str,
        table: &'a Table<I, T>,
        row: impl Fn(&'a T) -> (&'a str, &'a Definition),
    ) -> Self {
        let mut kind = Self { word, ids: table.names(), names: Vec::new(), locations: Vec::new() };
        for (id, thing) in table.iter() {
            let (called, defined) = row(thing);
            let Some(at) = defined.location() else { continue };
            let span = defined.name.as_ref().map_or(at.span, |name| name.span);
            let aliases = defined.aliases.iter().map(|alias| (alias.value.as_str(), alias.span));
            for (name, span) in std::iter::once((called, span)).chain(aliases) {
                kind.names.push(Named { owner: id.index() as u32, name });
                kind.locations.push(Location { span, ..at });
            }
        }
        kind
    }

    fn findings(&self, is_different: impl Fn(u32, u32) -> bool) -> Vec<Finding> {
        let outcome = near_duplicates(&self.names, Strictness::Strict);
        let owners = |found: &Likeness| (self.names[found.left].owner, self.names[found.right].owner);
        let by_owners = outcome.likenesses.chunk_by(|a, b| owners(a) == owners(b));
        let pairs: Vec<&[Likeness]> =
            by_owners.filter(|pair| !is_different(owners(&pair[0]).0, owners(&pair[0]).1)).collect();
        let ends = |pair: &&[Likeness]| [owners(&pair[0]).0 as usize, owners(&pair[0]).1 as usize];
        let clusters = clusters::clusters(self.ids.len(), &pairs, ends).into_iter();
        let mut findings: Vec<Finding> = clusters
            .map(|cluster| match cluster {
                Cluster::Pair(pair) => self.pair_finding(pair),
                Cluster::Large(pairs) => self.cluster_finding(&pairs),
            })
            .collect();
        findings.extend(
            outcome.crowds.first().map(|largest| self.truncated_finding(largest, outcome.crowds.len())),
        );
        findings.extend(outcome.long.iter().map(|&index| self.long_name_finding(index)));
        findings
    }

    /// A finding on two ids with names that are alike. The message has the surest of them, the notes the others.
    fn pair_finding(&self, pair: &[Likeness]) -> Finding {
        let mut pair: Vec<&Likeness> = pair.iter().collect();
        pair.sort_by_key(|found| found.reason);
        let best = pair[0];
        let (mut first, mut second) = (best.left, best.right);
        if self.locations[first] > self.locations[second] {
            std::mem::swap(&mut first, &mut second);
        }
        let message = format!(
            "the {}s {} and {} may be the same: {}",
            self.word,
            self.id(first),
            self.id(second),
            self.why_alike(first, second, best.reason)
        );
        let label = |index| format!("a name of {}", self.id(index));
        let mut finding =
            RULE.lint(self.locations[second], message, label(second)).at(self.locations[first], label(first));
        for more in &pair[1..] {
            finding = finding.note(format!("also, {}", self.why_alike(more.left, more.right, more.reason)));
        }
        finding
            .help("if they are the same, keep one id and make the other names its aliases")
            .help("if they are different, give them names that show the difference")
    }

    /// A finding on a large cluster of ids.
    fn cluster_finding(&self, pairs: &[&&[Likeness]]) -> Finding {
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let names = pairs.iter().flat_map(|pair| [pair[0].left, pair[0].right]);
        let names = names.filter(|&name| seen.insert(self.names[name].owner));
        let member = |name: usize| ClusterMember {
            at: self.locations[name],
            id: &self.ids[self.names[name].owner as usize],
            label: format!("a name of {}", self.id(name)),
        };
        let Likeness { left, right, reason, .. } = pairs[0][0];
        let example = format!(
            "for example {} and {}, because {}",
            self.id(left),
            self.id(right),
            self.why_alike(left, right, reason)
        );
        clusters::finding(&RULE, self.word, names.map(member).collect(), &example)
            .help("if several are the same, keep one id and make the other names its aliases")
            .help("if they are different, give them names that show the difference")
    }

    fn id(&self, name: usize) -> String {
        format!("`{}`", self.ids[self.names[name].owner as usize])
    }

    /// Why two names are alike, in words.
    fn why_alike(&self, a: usize, b: usize, reason: AlikeReason) -> String {
        alike_in_words(self.names[a].name, self.names[b].name, reason)
    }

    /// A finding on names of which each was compared with some others only.
    fn truncated_finding(&self, largest: &Crowd, crowds: usize) -> Finding {
        let Crowd { first, names, left_out } = *largest;
        let message =
            format!("{names} names of {}s are alike, too many to compare each with every other", self.word);
        let finding = RULE.lint(self.locations[first], message, "the first of them in alphabetical order");
        let finding = finding.note(format!(
            "each was compared with the next {NEIGHBOURS} in alphabetical order, and {left_out} pairs were left out"
        ));
        if crowds > 1 {
            finding.note(format!("the same applies to {} smaller groups of names", crowds - 1))
        } else {
            finding
        }
    }

    /// A finding on a name that is too long to look for misspellings of it.
    fn long_name_finding(&self, index: usize) -> Finding {
        let message = format!("a name of {} has more than {LONGEST} letters", self.id(index));
        let finding = RULE.lint(self.locations[index], message, "compared only as a whole");
        finding.note("misspellings of it and other orders of its words are not looked for")
    }
}

/// Why two names are alike, in words.
pub(crate) fn alike_in_words(a: &str, b: &str, reason: AlikeReason) -> String {
    match reason {
        AlikeReason::SameFolded if a == b => format!("both are called `{a}`"),
        AlikeReason::SameFolded => {
            format!("`{a}` and `{b}` differ only in details that do not distinguish names")
        }
        AlikeReason::Transliteration => format!("`{a}` and `{b}` are spellings of the same name"),
        AlikeReason::WordOrder => format!("`{a}` and `{b}` have the same words in a different order"),
        AlikeReason::Spelling => format!("`{a}` and `{b}` differ by a likely typing error"),
        AlikeReason::ExtraWord => format!("`{a}` and `{b}` differ in one word that is often left out"),
        AlikeReason::Abbreviation => format!("`{a}` and `{b}` have the same initials"),
    }
}

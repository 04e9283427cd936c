//! Names so alike that two ids may be the same actor, place or term. Events also have dates and places, and a rule of
//! their own.

use rustc_hash::FxHashSet;

use super::crowd::{self, Member, Set};
use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::graph::Nesting;
use crate::id::{Id, Table};
use crate::model::Defined;
use crate::names::{Crowd, LONGEST, Likeness, NEIGHBOURS, Named, Reason, Sieve, near_duplicates};
use crate::source::Location;

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
    let actors = Kind::new("actor", &model.actors, |row| (&row.name, &row.defined));
    findings.extend(actors.findings(|_, _| false));
    let places = Kind::new("place", &model.places, |row| (&row.name, &row.defined));
    findings.extend(places.findings(|a, b| is_told_apart(&graph.places, a, b)));
    let terms = Kind::new("term", &model.terms, |row| (&row.name, &row.defined));
    findings.extend(terms.findings(|a, b| is_told_apart(&graph.terms, a, b)));
}

fn is_told_apart<I: Id>(nesting: &Nesting<I>, a: u32, b: u32) -> bool {
    let (a, b) = (I::new(a as usize), I::new(b as usize));
    nesting.is_nested(a, b) || nesting.is_apart(a, b)
}

/// The names and aliases of all things of one kind.
struct Kind<'a> {
    word: &'static str,
    /// The ids as written; a name's owner is an index into them.
    ids: &'a [smol_str::SmolStr],
    names: Vec<Named<'a>>,
    /// Where each of the names stands; the id, for a name that is made of it.
    places: Vec<Location>,
}

impl<'a> Kind<'a> {
    fn new<I: Id, T>(
        word: &'static str,
        table: &'a Table<I, T>,
        row: impl Fn(&'a T) -> (&'a str, &'a Defined),
    ) -> Self {
        let mut kind = Self { word, ids: table.names(), names: Vec::new(), places: Vec::new() };
        for (id, thing) in table.iter() {
            let (called, defined) = row(thing);
            let Some(at) = defined.location() else { continue };
            let span = defined.name.as_ref().map_or(at.span, |name| name.span);
            let aliases = defined.aliases.iter().map(|alias| (alias.value.as_str(), alias.span));
            for (name, span) in std::iter::once((called, span)).chain(aliases) {
                kind.names.push(Named { owner: id.index() as u32, name });
                kind.places.push(Location { span, ..at });
            }
        }
        kind
    }

    fn findings(&self, is_told_apart: impl Fn(u32, u32) -> bool) -> Vec<Finding> {
        let outcome = near_duplicates(&self.names, Sieve::Strict);
        let owners = |found: &Likeness| (self.names[found.left].owner, self.names[found.right].owner);
        let by_owners = outcome.likenesses.chunk_by(|a, b| owners(a) == owners(b));
        let pairs: Vec<&[Likeness]> =
            by_owners.filter(|pair| !is_told_apart(owners(&pair[0]).0, owners(&pair[0]).1)).collect();
        let ends = |pair: &&[Likeness]| [owners(&pair[0]).0 as usize, owners(&pair[0]).1 as usize];
        let sets = crowd::sets(self.ids.len(), &pairs, ends).into_iter();
        let mut findings: Vec<Finding> = sets
            .map(|set| match set {
                Set::Few(pair) => self.tell(pair),
                Set::Many(pairs) => self.many(&pairs),
            })
            .collect();
        findings.extend(outcome.crowds.first().map(|largest| self.crowded(largest, outcome.crowds.len())));
        findings.extend(outcome.long.iter().map(|&index| self.long(index)));
        findings
    }

    /// Two ids with all their names that are alike; the surest stands in the message.
    fn tell(&self, pair: &[Likeness]) -> Finding {
        let mut pair: Vec<&Likeness> = pair.iter().collect();
        pair.sort_by_key(|found| found.reason);
        let best = pair[0];
        let (mut first, mut second) = (best.left, best.right);
        if self.places[first] > self.places[second] {
            std::mem::swap(&mut first, &mut second);
        }
        let message = format!(
            "the {}s {} and {} may be one: {}",
            self.word,
            self.id(first),
            self.id(second),
            self.alike(first, second, best.reason)
        );
        let label = |index| format!("a name of {}", self.id(index));
        let mut finding =
            RULE.lint(self.places[second], message, label(second)).at(self.places[first], label(first));
        for more in &pair[1..] {
            finding = finding.note(format!("also, {}", self.alike(more.left, more.right, more.reason)));
        }
        finding
            .help("if they are one, keep one id and make the other's names its aliases")
            .help("if they are two, give them names that tell them apart")
    }

    /// Many ids each of which may be one with another.
    fn many(&self, pairs: &[&&[Likeness]]) -> Finding {
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let names = pairs.iter().flat_map(|pair| [pair[0].left, pair[0].right]);
        let names = names.filter(|&name| seen.insert(self.names[name].owner));
        let member = |name: usize| Member {
            at: self.places[name],
            id: &self.ids[self.names[name].owner as usize],
            label: format!("a name of {}", self.id(name)),
        };
        let Likeness { left, right, reason, .. } = pairs[0][0];
        let alike =
            format!("of {} and {}, {}", self.id(left), self.id(right), self.alike(left, right, reason));
        crowd::tell(&RULE, self.word, names.map(member).collect(), &alike)
            .help("of those that are one, keep one id and make the names of the others its aliases")
            .help("to those that are another, give names that tell them apart")
    }

    fn id(&self, name: usize) -> String {
        format!("`{}`", self.ids[self.names[name].owner as usize])
    }

    fn alike(&self, a: usize, b: usize, reason: Reason) -> String {
        in_words(self.names[a].name, self.names[b].name, reason)
    }

    /// Names too many and too alike to be compared all with all.
    fn crowded(&self, largest: &Crowd, crowds: usize) -> Finding {
        let Crowd { first, names, left_out } = *largest;
        let message = format!("{names} names of {}s are too alike to be compared all with all", self.word);
        let finding = RULE.lint(self.places[first], message, "the first of them in the alphabet");
        let finding = finding.note(format!(
            "each was compared with the next {NEIGHBOURS} in the alphabet, and {left_out} pairs were left out"
        ));
        if crowds > 1 {
            finding.note(format!("the same holds of {} smaller groups of names", crowds - 1))
        } else {
            finding
        }
    }

    fn long(&self, index: usize) -> Finding {
        let message = format!("a name of {} has more than {LONGEST} letters", self.id(index));
        let finding = RULE.lint(self.places[index], message, "compared as a whole only");
        finding.note("misspellings of it and other orders of its words are not looked for")
    }
}

/// Why two names are alike, in words.
pub(crate) fn in_words(a: &str, b: &str, reason: Reason) -> String {
    match reason {
        Reason::SameFolded if a == b => format!("both are called `{a}`"),
        Reason::SameFolded => format!("`{a}` and `{b}` differ in nothing that tells names apart"),
        Reason::Transliteration => format!("`{a}` and `{b}` are spellings of one name"),
        Reason::WordOrder => format!("`{a}` and `{b}` are the same words in another order"),
        Reason::Spelling => format!("`{a}` and `{b}` are a slip of the pen apart"),
        Reason::ExtraWord => format!("`{a}` and `{b}` differ in one word that is often left out"),
        Reason::Abbreviation => format!("`{a}` and `{b}` have the same initials"),
    }
}

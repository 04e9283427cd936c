//! Events that may be the same: their names are alike, and their dates and places allow it.

mod after;
mod pairs;

use rustc_hash::FxHashSet;

use super::crowd::{self, Member, Set};
use super::telling::listed;
use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::graph::Graph;
use crate::id::{Id as _, SubjectId};
use crate::model::{Model, Subject};
use crate::names::LONGEST;
use crate::source::Location;
use after::Befores;
use pairs::{Crowd, Likeness, Name, Pair};

pub(super) static RULE: Rule = Rule {
    id: "similar-events",
    grade: Grade::Warning,
    summary: "events so alike in name, date and place that they may be the same",
    weight: Weight::File,
    scope: Scope::Names,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
If one event has two ids, its claims are kept apart, and figures that clash are never compared. The rule
reports two events if their names are spellings of the same name, if their dates can be the same day, and if a
place of one is the same as a place of the other or lies in it. For events of the same day, place and kind, it
is enough that one name says everything that the other says. An event without a date or place can have any.

The rule stays silent if one event is part of the other, comes after it, overlaps it or is declared
`apart-from` it. If more than eight events are alike in this way, there is one finding for all of them instead
of one for each pair.

Bad:

```yaml
places: { kabul: {} }
events:
  market-bombing: { name: Bombing of the market in Kabul, date: 2025-10-09, place: kabul }
  kabul-market: { name: bombing of the market in Kabul, date: 2025-10, place: kabul }
```

Good:

```yaml
places: { kabul: {} }
events:
  market-bombing: { name: Bombing of the market in Kabul, date: 2025-10-09, place: kabul }
  market-again: { name: Bombing of the market in Kabul, date: 2025-12, place: kabul }
  market-twice:
    name: Bombing of the market in Kabul
    date: 2025-10-09
    place: kabul
    apart-from: market-bombing
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let possible = Possible::new(facts.model, facts.graph);
    let found = pairs::find(facts.model, |a, b| possible.can_be_one(a, b));
    let ends = |pair: &Pair<'_>| pair.names.map(|name| name.event.index());
    for pairs in crowd::sets(facts.model.subjects.len(), &found.pairs, ends) {
        match pairs {
            Set::Few(pair) => findings.push(tell(facts.model, pair)),
            Set::Many(pairs) => findings.push(many(facts.model, &pairs)),
        }
    }
    findings.extend(found.crowds.iter().map(crowded));
    findings.extend(found.long.into_iter().map(|name| long(facts.model, name)));
}

/// Which events can be one.
#[derive(Debug)]
pub(crate) struct Possible<'a> {
    model: &'a Model,
    graph: &'a Graph,
    befores: Befores<'a>,
}

impl<'a> Possible<'a> {
    /// Nothing was asked yet.
    pub(crate) fn new(model: &'a Model, graph: &'a Graph) -> Self {
        Self { model, graph, befores: Befores::new(model) }
    }

    /// Whether dates and places leave it open that two events are one, and nothing written says that they are two.
    pub(crate) fn can_be_one(&self, a: SubjectId, b: SubjectId) -> bool {
        let (one, other) = (&self.model.subjects[a], &self.model.subjects[b]);
        let dates = match (one.date, other.date) {
            (Some(a), Some(b)) => a.value.meets(&b.value),
            _ => true,
        };
        dates && is_one_place(self.graph, one, other) && !self.is_told_apart(a, b)
    }

    fn is_told_apart(&self, a: SubjectId, b: SubjectId) -> bool {
        let names = |one: SubjectId, other: SubjectId| {
            let one = &self.model.subjects[one];
            one.apart_from.contains(&other) || one.overlaps.contains(&other)
        };
        names(a, b)
            || names(b, a)
            || self.graph.events.is_nested(a, b)
            || self.befores.is_after(a, b)
            || self.befores.is_after(b, a)
    }
}

fn is_one_place(graph: &Graph, one: &Subject, other: &Subject) -> bool {
    let is_open = one.place.is_empty() || other.place.is_empty();
    is_open || one.place.iter().any(|&a| other.place.iter().any(|&b| graph.places.is_nested(a, b)))
}

/// Two events that this rule takes for alike, each with the name by which, and why.
pub(crate) struct Alike<'a> {
    /// The events.
    pub(crate) events: [SubjectId; 2],
    /// Their names, and where these stand.
    pub(crate) names: [(&'a str, Location); 2],
    /// Whether they are spellings of one name; else one says what the other says, or more.
    pub(crate) is_spelling: bool,
    /// Why, in words.
    pub(crate) why: String,
}

/// The events that this rule takes for alike, and how many of them were compared with some of the others only. Of many
/// that hang together these are not all pairs, but enough to lead from each to each.
pub(crate) fn alike<'a>(model: &'a Model, graph: &Graph) -> (Vec<Alike<'a>>, usize) {
    let possible = Possible::new(model, graph);
    let found = pairs::find(model, |a, b| possible.can_be_one(a, b));
    let crowded = found.crowds.iter().map(|crowd| crowd.size).sum();
    let alike = |pair: &Pair<'a>| Alike {
        events: pair.names.map(|name| name.event),
        names: pair.names.map(|name| (name.text, name.at)),
        is_spelling: pair.likeness == Likeness::Spelling,
        why: why(pair),
    };
    (found.pairs.iter().map(alike).collect(), crowded)
}

fn why(pair: &Pair<'_>) -> String {
    let [first, second] = pair.names;
    match pair.likeness {
        _ if first.text == second.text => format!("both are called `{}`", first.text),
        Likeness::Spelling => format!("`{}` and `{}` are spellings of one name", first.text, second.text),
        Likeness::Words => format!("`{}` and `{}` are the same words", first.text, second.text),
        Likeness::Within => format!("`{}` and `{}` say the same, one more fully", first.text, second.text),
    }
}

fn tell(model: &Model, pair: &Pair<'_>) -> Finding {
    let [first, second] = pair.names;
    let why = why(pair);
    let id = |name: Name<'_>| model.subjects.name(name.event);
    let message = format!("the events `{}` and `{}` may be one: {why}", id(first), id(second));
    let label = |name: Name<'_>| when_and_where(model, &model.subjects[name.event]);
    RULE.lint(second.at, message, label(second))
        .at(first.at, label(first))
        .help("if they are one, keep one id and make the other's name an alias of it")
        .help(format!("if they are two, write `apart-from: {}` on `{}`", id(first), id(second)))
}

/// Many events each of which may be one with another.
fn many(model: &Model, pairs: &[&Pair<'_>]) -> Finding {
    let mut seen: FxHashSet<SubjectId> = FxHashSet::default();
    let names = pairs.iter().flat_map(|pair| pair.names).filter(|name| seen.insert(name.event));
    let member = |name: Name<'_>| Member {
        at: name.at,
        id: model.subjects.name(name.event),
        label: when_and_where(model, &model.subjects[name.event]),
    };
    let [first, second] = pairs[0].names.map(|name| model.subjects.name(name.event));
    let alike = format!("of `{first}` and `{second}`, {}", why(pairs[0]));
    crowd::tell(&RULE, "event", names.map(member).collect(), &alike)
        .help("of those that are one, keep one id and make the names of the others its aliases")
        .help("on those that are another event, write `apart-from` with the id of the one they are like")
}

/// The date and the places of an event: `22 February 2026, Nangarhar and Paktika`.
fn when_and_where(model: &Model, event: &Subject) -> String {
    let date = event.date.map_or_else(|| "no date".to_owned(), |date| date.value.in_words());
    let places: Vec<String> = event.place.iter().map(|&place| model.places[place].name.to_string()).collect();
    let places = if places.is_empty() { "no place".to_owned() } else { listed(&places) };
    format!("{date}, {places}")
}

/// Events that were compared with some of the others only.
fn crowded(crowd: &Crowd<'_>) -> Finding {
    let Crowd { name, size, compared } = crowd;
    let message =
        format!("{size} events have names too much like `{}` to be compared all with all", name.text);
    let finding = RULE.lint(name.at, message, "the first of them");
    finding.note(format!("each was compared with the next {compared}"))
}

fn long(model: &Model, name: Name<'_>) -> Finding {
    let id = model.subjects.name(name.event);
    let message = format!("a name of the event `{id}` has more than {LONGEST} letters");
    RULE.lint(name.at, message, "compared as a whole only").note("misspellings of it are not looked for")
}

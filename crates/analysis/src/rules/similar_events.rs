//! Events that may be the same: their names are alike, and their dates and places allow it.

mod after;
mod pairs;

use rustc_hash::FxHashSet;

use super::clusters::{self, Cluster, ClusterMember};
use super::message::listed;
use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::graph::Graph;
use crate::id::{Id as _, SubjectId};
use crate::model::{Model, Subject};
use crate::source::Location;
use after::Predecessors;
use gainsay_reading::names::LONGEST;
use pairs::{EventLikeness, EventName, EventPair, TruncatedGroup};

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
    let possible = PossibleEvents::new(facts.model, facts.graph);
    let found = pairs::find(facts.model, |a, b| possible.can_be_one(a, b));
    let ends = |pair: &EventPair<'_>| pair.names.map(|name| name.event.index());
    for cluster in clusters::clusters(facts.model.subjects.len(), &found.pairs, ends) {
        match cluster {
            Cluster::Pair(pair) => findings.push(pair_finding(facts.model, pair)),
            Cluster::Large(pairs) => findings.push(cluster_finding(facts.model, &pairs)),
        }
    }
    findings.extend(found.truncated.iter().map(truncated_finding));
    findings.extend(found.long.into_iter().map(|name| long_name_finding(facts.model, name)));
}

/// Decides which events can be the same.
#[derive(Debug)]
pub(crate) struct PossibleEvents<'a> {
    model: &'a Model,
    graph: &'a Graph,
    predecessors: Predecessors<'a>,
}

impl<'a> PossibleEvents<'a> {
    /// For the events of a model. Orders in time are computed when they are needed.
    pub(crate) fn new(model: &'a Model, graph: &'a Graph) -> Self {
        Self { model, graph, predecessors: Predecessors::new(model) }
    }

    /// Whether two events can be the same by their dates and places, and no key says that they are different.
    pub(crate) fn can_be_one(&self, a: SubjectId, b: SubjectId) -> bool {
        let (one, other) = (&self.model.subjects[a], &self.model.subjects[b]);
        let dates = match (one.date, other.date) {
            (Some(a), Some(b)) => a.value.meets(&b.value),
            _ => true,
        };
        dates && can_be_one_place(self.graph, one, other) && !self.is_declared_different(a, b)
    }

    /// Whether some key says that two events are different.
    fn is_declared_different(&self, a: SubjectId, b: SubjectId) -> bool {
        let names = |one: SubjectId, other: SubjectId| {
            let one = &self.model.subjects[one];
            one.apart_from.contains(&other) || one.overlaps.contains(&other)
        };
        names(a, b)
            || names(b, a)
            || self.graph.events.is_nested(a, b)
            || self.predecessors.is_after(a, b)
            || self.predecessors.is_after(b, a)
    }
}

/// Whether two events can have taken place at the same place.
fn can_be_one_place(graph: &Graph, one: &Subject, other: &Subject) -> bool {
    let is_open = one.place.is_empty() || other.place.is_empty();
    is_open || one.place.iter().any(|&a| other.place.iter().any(|&b| graph.places.is_nested(a, b)))
}

/// Two events that this rule finds alike, with the two names that are alike.
pub(crate) struct AlikeEvents<'a> {
    /// The events.
    pub(crate) events: [SubjectId; 2],
    /// The names that are alike, each with its location.
    pub(crate) names: [(&'a str, Location); 2],
    /// Whether the names are spellings of the same name. If not, they have the same words, or one says more than the other.
    pub(crate) is_spelling: bool,
    /// Why the names are alike, in words.
    pub(crate) why: String,
}

/// The pairs of events that this rule finds alike, and how many names were compared with some others only. A large cluster
/// does not have all its pairs here, but enough to connect all its events.
pub(crate) fn alike_events<'a>(model: &'a Model, graph: &Graph) -> (Vec<AlikeEvents<'a>>, usize) {
    let possible = PossibleEvents::new(model, graph);
    let found = pairs::find(model, |a, b| possible.can_be_one(a, b));
    let truncated = found.truncated.iter().map(|group| group.size).sum();
    let alike = |pair: &EventPair<'a>| AlikeEvents {
        events: pair.names.map(|name| name.event),
        names: pair.names.map(|name| (name.text, name.at)),
        is_spelling: pair.likeness == EventLikeness::Spelling,
        why: why(pair),
    };
    (found.pairs.iter().map(alike).collect(), truncated)
}

/// Why two names are alike, in words.
fn why(pair: &EventPair<'_>) -> String {
    let [first, second] = pair.names;
    match pair.likeness {
        _ if first.text == second.text => format!("both are called `{}`", first.text),
        EventLikeness::Spelling => {
            format!("`{}` and `{}` are spellings of the same name", first.text, second.text)
        }
        EventLikeness::Words => format!("`{}` and `{}` consist of the same words", first.text, second.text),
        EventLikeness::Within => {
            format!("`{}` and `{}` say the same, one in more words", first.text, second.text)
        }
    }
}

/// A finding on two events.
fn pair_finding(model: &Model, pair: &EventPair<'_>) -> Finding {
    let [first, second] = pair.names;
    let why = why(pair);
    let id = |name: EventName<'_>| model.subjects.name(name.event);
    let message = format!("the events `{}` and `{}` may be the same: {why}", id(first), id(second));
    let label = |name: EventName<'_>| when_and_where(model, &model.subjects[name.event]);
    RULE.lint(second.at, message, label(second))
        .at(first.at, label(first))
        .help("if they are the same, keep one id and make the other name an alias")
        .help(format!("if they are different, write `apart-from: {}` on `{}`", id(first), id(second)))
}

/// A finding on a large cluster of events.
fn cluster_finding(model: &Model, pairs: &[&EventPair<'_>]) -> Finding {
    let mut seen: FxHashSet<SubjectId> = FxHashSet::default();
    let names = pairs.iter().flat_map(|pair| pair.names).filter(|name| seen.insert(name.event));
    let member = |name: EventName<'_>| ClusterMember {
        at: name.at,
        id: model.subjects.name(name.event),
        label: when_and_where(model, &model.subjects[name.event]),
    };
    let [first, second] = pairs[0].names.map(|name| model.subjects.name(name.event));
    let example = format!("for example `{first}` and `{second}`, because {}", why(pairs[0]));
    clusters::finding(&RULE, "event", names.map(member).collect(), &example)
        .help("if several are the same, keep one id and make the other names its aliases")
        .help("if they are different, write `apart-from` with the id of the event that they are like")
}

/// The date and places of an event in words: `22 February 2026, Nangarhar and Paktika`.
fn when_and_where(model: &Model, event: &Subject) -> String {
    let date = event.date.map_or_else(|| "no date".to_owned(), |date| date.value.in_words());
    let places: Vec<String> = event.place.iter().map(|&place| model.places[place].name.to_string()).collect();
    let places = if places.is_empty() { "no place".to_owned() } else { listed(&places) };
    format!("{date}, {places}")
}

/// A finding on events of which each was compared with some others only.
fn truncated_finding(group: &TruncatedGroup<'_>) -> Finding {
    let TruncatedGroup { name, size, compared } = group;
    let message =
        format!("{size} events have names like `{}`, too many to compare each with every other", name.text);
    let finding = RULE.lint(name.at, message, "the first of them");
    finding.note(format!("each was compared with the next {compared}"))
}

/// A finding on a name that is too long to look for misspellings of it.
fn long_name_finding(model: &Model, name: EventName<'_>) -> Finding {
    let id = model.subjects.name(name.event);
    let message = format!("a name of the event `{id}` has more than {LONGEST} letters");
    RULE.lint(name.at, message, "compared only as a whole").note("misspellings of it are not looked for")
}

//! Which ids of a workspace may be one thing: more than the lints complain of, for a person who goes through them.
//! Pairs that the files tell apart already are left out. Nothing is changed here.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Analysis, DefinitionIndex};
use crate::document::SubjectKind;
use crate::document::mention::Kind;
use crate::graph::Nesting;
use crate::id::{ActorId, Id, SubjectId, Table};
use crate::model::{Defined, Model};
use crate::names::{Likeness, NEIGHBOURS, Named, Reason, Sieve, near_duplicates};
use crate::rules;
use crate::source::Location;

/// Two ids that may be one thing.
#[derive(Clone, PartialEq, Debug)]
pub struct Suggestion {
    /// What they are.
    pub kind: Kind,
    /// From 0 to 1, where 1 is the same name; it orders, and is no probability.
    pub score: f64,
    /// The kind of likeness, as programs read it: `spelling`.
    pub reason: &'static str,
    /// Why, in words.
    pub why: String,
    /// The two, the one that is referred to more first.
    pub sides: [Side; 2],
}

/// One of two ids that may be one thing.
#[derive(Clone, PartialEq, Debug)]
pub struct Side {
    /// The id.
    pub id: SmolStr,
    /// The name by which they are alike.
    pub name: String,
    /// Where that stands.
    pub at: Location,
    /// How often files refer to the id.
    pub mentions: usize,
}

/// What was found, and what was not looked at.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Suggestions {
    /// The surest first.
    pub found: Vec<Suggestion>,
    /// Where not all names were compared with all, in words.
    pub left_out: Vec<String>,
    /// Pairs of names that were compared.
    pub comparisons: usize,
}

/// Everything that may be one thing: actors, events, places, terms, populations.
pub fn suggest(analysis: &Analysis, index: &DefinitionIndex) -> Suggestions {
    let (model, graph) = (&analysis.model, &analysis.graph);
    let mut search = Search { index, done: Suggestions::default() };
    let names = Names::new(&model.actors, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Actor, &names, |a, b| speaks_for(model, a, b) || speaks_for(model, b, a));
    let event = |row: &crate::model::Subject| row.kind == SubjectKind::Event;
    let names = Names::new(&model.subjects, |row| event(row).then_some((&row.name, &row.defined)));
    let possible = rules::PossibleEvents::new(model, graph);
    search.names(Kind::Subject, &names, |a, b| !possible.can_be_one(a, b));
    search.events(analysis);
    let names = Names::new(&model.places, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Place, &names, |a, b| is_told_apart(&graph.places, a, b));
    let names = Names::new(&model.terms, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Term, &names, |a, b| is_told_apart(&graph.terms, a, b));
    let names = Names::new(&model.populations, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Population, &names, |a, b| is_told_apart(&graph.populations, a, b));
    search.sorted()
}

fn speaks_for(model: &Model, actor: ActorId, other: ActorId) -> bool {
    let chain = std::iter::successors(Some(actor), |&actor| model.actors[actor].speaks_for);
    // A chain that bites its tail is a finding of its own, and has no end.
    chain.skip(1).take(model.actors.len()).any(|actor| actor == other)
}

fn is_told_apart<I: Id>(nesting: &Nesting<I>, a: I, b: I) -> bool {
    nesting.is_nested(a, b) || nesting.is_apart(a, b)
}

/// The names and aliases of all things of one kind that a file defines.
struct Names<'a, I> {
    called: Vec<Named<'a>>,
    places: Vec<Location>,
    ids: &'a [SmolStr],
    kind: std::marker::PhantomData<I>,
}

impl<'a, I: Id> Names<'a, I> {
    fn new<T>(table: &'a Table<I, T>, row: impl Fn(&'a T) -> Option<(&'a SmolStr, &'a Defined)>) -> Self {
        let mut all = Self {
            called: Vec::new(),
            places: Vec::new(),
            ids: table.names(),
            kind: std::marker::PhantomData,
        };
        for (id, thing) in table.iter() {
            let Some((name, defined)) = row(thing) else { continue };
            let Some(at) = defined.location() else { continue };
            let span = defined.name.as_ref().map_or(at.span, |name| name.span);
            let aliases = defined.aliases.iter().map(|alias| (alias.value.as_str(), alias.span));
            for (name, span) in std::iter::once((name.as_str(), span)).chain(aliases) {
                all.called.push(Named { owner: id.index() as u32, name });
                all.places.push(Location { span, ..at });
            }
        }
        all
    }
}

struct Search<'a> {
    index: &'a DefinitionIndex,
    done: Suggestions,
}

impl Search<'_> {
    /// Things whose names are alike, each pair of things by its surest names.
    fn names<I: Id>(&mut self, kind: Kind, all: &Names<'_, I>, is_apart: impl Fn(I, I) -> bool) {
        let outcome = near_duplicates(&all.called, Sieve::Loose);
        let owners = |found: &Likeness| (all.called[found.left].owner, all.called[found.right].owner);
        for pair in outcome.likenesses.chunk_by(|a, b| owners(a) == owners(b)) {
            let (a, b) = owners(&pair[0]);
            if is_apart(I::new(a as usize), I::new(b as usize)) {
                continue;
            }
            let Some(best) = pair.iter().max_by(|a, b| a.score.total_cmp(&b.score)) else { continue };
            let side = |name: usize| {
                self.side(
                    kind,
                    &all.ids[all.called[name].owner as usize],
                    all.called[name].name,
                    all.places[name],
                )
            };
            let why =
                rules::alike_in_words(all.called[best.left].name, all.called[best.right].name, best.reason);
            let sides = [side(best.left), side(best.right)];
            self.add(kind, best.score, word(best.reason), why, sides);
        }
        self.done.comparisons += outcome.comparisons;
        let (kind, crowds) = (kind_in_words(kind), outcome.crowds.len());
        if let Some(largest) = outcome.crowds.first() {
            let pairs: usize = outcome.crowds.iter().map(|crowd| crowd.left_out).sum();
            self.done.left_out.push(format!(
                "{crowds} groups of {kind} names, the largest of {} names, are too alike to be compared all with all: each \
                 name met the next {NEIGHBOURS} in the alphabet, and {pairs} pairs were left out",
                largest.names
            ));
        }
        if !outcome.long.is_empty() {
            let long = outcome.long.len();
            self.done
                .left_out
                .push(format!("{long} {kind} names are so long that they were compared as wholes only"));
        }
    }

    /// Events of one time and place that the lint takes for one, by other words.
    fn events(&mut self, analysis: &Analysis) {
        let model = &analysis.model;
        let (alike, crowded) = rules::alike_events(model, &analysis.graph);
        let sorted = |a: &Side, b: &Side| (a.id.clone().min(b.id.clone()), a.id.clone().max(b.id.clone()));
        let events = self.done.found.iter().filter(|known| known.kind == Kind::Subject);
        let known: FxHashSet<_> = events.map(|known| sorted(&known.sides[0], &known.sides[1])).collect();
        for pair in alike {
            let id = |event: SubjectId| model.subjects.name(event);
            let [a, b] = [0, 1]
                .map(|at| self.side(Kind::Subject, id(pair.events[at]), pair.names[at].0, pair.names[at].1));
            if !known.contains(&sorted(&a, &b)) {
                let (score, reason) = if pair.is_spelling { (0.9, "spelling") } else { (0.8, "words") };
                self.add(Kind::Subject, score, reason, pair.why, [a, b]);
            }
        }
        if crowded > 0 {
            let why = format!(
                "{crowded} names of events are too alike to be compared all with all by time and place"
            );
            self.done.left_out.push(why);
        }
    }

    fn side(&self, kind: Kind, id: &str, name: &str, at: Location) -> Side {
        let mentions = self.index.mentions(kind, id).count();
        Side { id: id.into(), name: name.to_owned(), at, mentions }
    }

    fn add(&mut self, kind: Kind, score: f64, reason: &'static str, why: String, mut sides: [Side; 2]) {
        let order = |side: &Side| (std::cmp::Reverse(side.mentions), side.at);
        sides.sort_by_key(order);
        self.done.found.push(Suggestion { kind, score, reason, why, sides });
    }

    fn sorted(mut self) -> Suggestions {
        let ids = |one: &Suggestion| one.sides.each_ref().map(|side| side.id.clone());
        self.done.found.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| (a.kind, ids(a)).cmp(&(b.kind, ids(b))))
        });
        self.done
    }
}

/// A kind as suggestions call it; of subjects only events are looked at.
pub fn kind_in_words(kind: Kind) -> &'static str {
    if kind == Kind::Subject { "event" } else { kind.name() }
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::SameFolded => "same-name",
        Reason::Transliteration => "transliteration",
        Reason::WordOrder => "word-order",
        Reason::Spelling => "spelling",
        Reason::ExtraWord => "extra-word",
        Reason::Abbreviation => "abbreviation",
    }
}

//! Suggests ids that may name the same thing, for a person to review. It finds more than the lints report. Pairs
//! that the files declare to be different are left out.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Analysis, DefinitionIndex};
use crate::document::SubjectKind;
use crate::document::mention::Kind;
use crate::graph::Nesting;
use crate::id::{ActorId, Id, SubjectId, Table};
use crate::model::{Definition, Model};
use crate::rules;
use crate::source::Location;
use gainsay_reading::names::{AlikeReason, Likeness, NEIGHBOURS, Named, Strictness, near_duplicates};

/// Two ids that may name the same thing.
#[derive(Clone, PartialEq, Debug)]
pub struct Suggestion {
    /// The kind of both.
    pub kind: Kind,
    /// From 0 to 1, where 1 means the same name. It is for sorting, and not a probability.
    pub score: f64,
    /// The kind of similarity, for programs: `spelling`.
    pub reason: &'static str,
    /// The reason, in words.
    pub why: String,
    /// The two ids; the one with more mentions comes first.
    pub sides: [SuggestionSide; 2],
}

/// One of the two ids of a suggestion.
#[derive(Clone, PartialEq, Debug)]
pub struct SuggestionSide {
    /// The id.
    pub id: SmolStr,
    /// The name that is similar to the other one.
    pub name: String,
    /// Where the name is.
    pub at: Location,
    /// How often the files mention the id.
    pub mentions: usize,
}

/// All suggestions, and a note on what was not compared.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Suggestions {
    /// Sorted by score, the highest first.
    pub found: Vec<Suggestion>,
    /// Groups of names in which not all pairs were compared, in words.
    pub left_out: Vec<String>,
    /// How many pairs of names were compared.
    pub comparisons: usize,
}

/// Suggests actors, events, places, terms and populations that may be the same.
pub fn suggest(analysis: &Analysis, index: &DefinitionIndex) -> Suggestions {
    let (model, graph) = (&analysis.model, &analysis.graph);
    let mut search = SuggestionSearch { index, suggestions: Suggestions::default() };
    let names = NameList::new(&model.actors, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Actor, &names, |a, b| speaks_for(model, a, b) || speaks_for(model, b, a));
    let event = |row: &crate::model::Subject| row.kind == SubjectKind::Event;
    let names = NameList::new(&model.subjects, |row| event(row).then_some((&row.name, &row.defined)));
    let possible = rules::PossibleEvents::new(model, graph);
    search.names(Kind::Subject, &names, |a, b| !possible.can_be_one(a, b));
    search.events(analysis);
    let names = NameList::new(&model.places, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Place, &names, |a, b| is_distinct(&graph.places, a, b));
    let names = NameList::new(&model.terms, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Term, &names, |a, b| is_distinct(&graph.terms, a, b));
    let names = NameList::new(&model.populations, |row| Some((&row.name, &row.defined)));
    search.names(Kind::Population, &names, |a, b| is_distinct(&graph.populations, a, b));
    search.sorted()
}

fn speaks_for(model: &Model, actor: ActorId, other: ActorId) -> bool {
    let chain = std::iter::successors(Some(actor), |&actor| model.actors[actor].speaks_for);
    // A cycle is reported by a lint; the bound ends the walk.
    chain.skip(1).take(model.actors.len()).any(|actor| actor == other)
}

fn is_distinct<I: Id>(nesting: &Nesting<I>, a: I, b: I) -> bool {
    nesting.is_nested(a, b) || nesting.is_apart(a, b)
}

/// The names and aliases of all defined things of one kind.
struct NameList<'a, I> {
    names: Vec<Named<'a>>,
    places: Vec<Location>,
    ids: &'a [SmolStr],
    kind: std::marker::PhantomData<I>,
}

impl<'a, I: Id> NameList<'a, I> {
    fn new<T>(table: &'a Table<I, T>, row: impl Fn(&'a T) -> Option<(&'a SmolStr, &'a Definition)>) -> Self {
        let mut all = Self {
            names: Vec::new(),
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
                all.names.push(Named { owner: id.index() as u32, name });
                all.places.push(Location { span, ..at });
            }
        }
        all
    }
}

struct SuggestionSearch<'a> {
    index: &'a DefinitionIndex,
    suggestions: Suggestions,
}

impl SuggestionSearch<'_> {
    /// Suggests pairs of things with similar names, each by the most similar pair of names.
    fn names<I: Id>(&mut self, kind: Kind, all: &NameList<'_, I>, is_apart: impl Fn(I, I) -> bool) {
        let outcome = near_duplicates(&all.names, Strictness::Loose);
        let owners = |found: &Likeness| (all.names[found.left].owner, all.names[found.right].owner);
        for pair in outcome.likenesses.chunk_by(|a, b| owners(a) == owners(b)) {
            let (a, b) = owners(&pair[0]);
            if is_apart(I::new(a as usize), I::new(b as usize)) {
                continue;
            }
            let Some(best) = pair.iter().max_by(|a, b| a.score.total_cmp(&b.score)) else { continue };
            let side = |name: usize| {
                self.side(
                    kind,
                    &all.ids[all.names[name].owner as usize],
                    all.names[name].name,
                    all.places[name],
                )
            };
            let why =
                rules::alike_in_words(all.names[best.left].name, all.names[best.right].name, best.reason);
            let sides = [side(best.left), side(best.right)];
            self.add(kind, best.score, reason_name(best.reason), why, sides);
        }
        self.suggestions.comparisons += outcome.comparisons;
        let (kind, crowds) = (kind_in_words(kind), outcome.crowds.len());
        if let Some(largest) = outcome.crowds.first() {
            let pairs: usize = outcome.crowds.iter().map(|crowd| crowd.left_out).sum();
            self.suggestions.left_out.push(format!(
                "{crowds} groups of {kind} names, the largest of {} names, are too similar to compare every pair: each \
                 name was compared with the next {NEIGHBOURS} in the alphabet, and {pairs} pairs were left out",
                largest.names
            ));
        }
        if !outcome.long.is_empty() {
            let long = outcome.long.len();
            self.suggestions
                .left_out
                .push(format!("{long} {kind} names are so long that they were only compared as a whole"));
        }
    }

    /// Suggests events of the same time and place with similar names, as the lint `similar-events` finds them.
    fn events(&mut self, analysis: &Analysis) {
        let model = &analysis.model;
        let (alike, not_compared) = rules::alike_events(model, &analysis.graph);
        let ids = |a: &SuggestionSide, b: &SuggestionSide| {
            (a.id.clone().min(b.id.clone()), a.id.clone().max(b.id.clone()))
        };
        let events = self.suggestions.found.iter().filter(|known| known.kind == Kind::Subject);
        let known: FxHashSet<_> = events.map(|known| ids(&known.sides[0], &known.sides[1])).collect();
        for pair in alike {
            let id = |event: SubjectId| model.subjects.name(event);
            let [a, b] = [0, 1]
                .map(|at| self.side(Kind::Subject, id(pair.events[at]), pair.names[at].0, pair.names[at].1));
            if !known.contains(&ids(&a, &b)) {
                let (score, reason) = if pair.is_spelling { (0.9, "spelling") } else { (0.8, "words") };
                self.add(Kind::Subject, score, reason, pair.why, [a, b]);
            }
        }
        if not_compared > 0 {
            let why = format!(
                "{not_compared} names of events are too similar to compare every pair by time and place"
            );
            self.suggestions.left_out.push(why);
        }
    }

    fn side(&self, kind: Kind, id: &str, name: &str, at: Location) -> SuggestionSide {
        let mentions = self.index.mentions(kind, id).count();
        SuggestionSide { id: id.into(), name: name.to_owned(), at, mentions }
    }

    fn add(
        &mut self,
        kind: Kind,
        score: f64,
        reason: &'static str,
        why: String,
        mut sides: [SuggestionSide; 2],
    ) {
        let order = |side: &SuggestionSide| (std::cmp::Reverse(side.mentions), side.at);
        sides.sort_by_key(order);
        self.suggestions.found.push(Suggestion { kind, score, reason, why, sides });
    }

    fn sorted(mut self) -> Suggestions {
        let ids = |one: &Suggestion| one.sides.each_ref().map(|side| side.id.clone());
        self.suggestions.found.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| (a.kind, ids(a)).cmp(&(b.kind, ids(b))))
        });
        self.suggestions
    }
}

/// The name of a kind in suggestions. Only events are compared among the subjects.
pub fn kind_in_words(kind: Kind) -> &'static str {
    if kind == Kind::Subject { "event" } else { kind.name() }
}

fn reason_name(reason: AlikeReason) -> &'static str {
    match reason {
        AlikeReason::SameFolded => "same-name",
        AlikeReason::Transliteration => "transliteration",
        AlikeReason::WordOrder => "word-order",
        AlikeReason::Spelling => "spelling",
        AlikeReason::ExtraWord => "extra-word",
        AlikeReason::Abbreviation => "abbreviation",
    }
}

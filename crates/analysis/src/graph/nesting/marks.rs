//! Marked entities; one lookup finds out whether any of them lies within or around another entity.
//!
//! Each mark has a tag, such as the party that made it. For each place only "none", "this tag" or "several"
//! is stored.

use super::Nesting;
use super::runs::{PlaceRun, PlaceRuns, holds};
use crate::id::Id;

/// Marked entities with their tags.
#[derive(Debug)]
pub struct Marks<T> {
    /// The place and the tag of each mark, sorted by place.
    points: Vec<(u32, T)>,
    /// For each mark, the index of the next one with another tag.
    next_other: Vec<u32>,
    /// Stretches of places that are covered by the same tags, each given by its first place.
    covers: Vec<(u32, CoverTags<T>)>,
}

/// The tags of all marks at or around a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum CoverTags<T> {
    None,
    One(T),
    Several,
}

impl<T: Copy + Ord> Marks<T> {
    /// Marks entities of one kind.
    pub fn new<I: Id>(nesting: &Nesting<I>, marks: impl IntoIterator<Item = (I, T)>) -> Self {
        let marks = marks.into_iter().map(|(thing, tag)| (nesting.places[thing.index()], tag));
        let mut points: Vec<(u32, T)> = marks.collect();
        points.sort_unstable();
        points.dedup();
        let mut next_other = vec![points.len() as u32; points.len()];
        for at in (1..points.len()).rev() {
            next_other[at - 1] = if points[at - 1].1 == points[at].1 { next_other[at] } else { at as u32 };
        }
        let covers = covers(nesting, &points);
        Self { points, next_other, covers }
    }

    /// Whether there is a mark at an entity or around it.
    pub fn any_around<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> bool {
        self.tags(nesting, thing) != CoverTags::None
    }

    /// Whether there is a mark with another tag at an entity or around it.
    pub fn other_around<I: Id>(&self, nesting: &Nesting<I>, thing: I, tag: T) -> bool {
        let tags = self.tags(nesting, thing);
        tags == CoverTags::Several || matches!(tags, CoverTags::One(one) if one != tag)
    }

    /// Whether there is a mark at an entity or within it.
    pub fn any_inside<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> bool {
        nesting.runs_of(thing).iter().any(|&run| !self.inside(run).is_empty())
    }

    /// The number of marks at an entity or within it. Marks of the same entity with the same tag count once.
    pub fn count_inside<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> usize {
        nesting.runs_of(thing).iter().map(|&run| self.inside(run).len()).sum()
    }

    /// Whether there is a mark with another tag at an entity or within it.
    pub fn other_inside<I: Id>(&self, nesting: &Nesting<I>, thing: I, tag: T) -> bool {
        nesting.runs_of(thing).iter().any(|&run| {
            let inside = self.inside(run);
            let first = inside.start;
            !inside.is_empty()
                && (self.points[first].1 != tag || (self.next_other[first] as usize) < inside.end)
        })
    }

    /// Whether each mark is at, within or around one of these entities.
    pub fn all_nested<I: Id>(&self, nesting: &Nesting<I>, things: &[I]) -> bool {
        let mut places: Vec<u32> = things.iter().map(|thing| nesting.places[thing.index()]).collect();
        places.sort_unstable();
        let mut within = PlaceRuns::default();
        within.extend(places.iter().flat_map(|&place| nesting.runs[place as usize].iter().copied()));
        let mut at = 0;
        let beyond = [PlaceRun { from: u32::MAX, to: u32::MAX }];
        for run in within.merged().into_iter().chain(beyond) {
            // Marks before the run are not within any of the entities.
            while let Some(&(place, _)) = self.points.get(at).filter(|&&(place, _)| place < run.from) {
                let is_around = |run: &PlaceRun| {
                    let next = places.partition_point(|&other| other < run.from);
                    places.get(next).is_some_and(|&other| other < run.to)
                };
                if !nesting.runs[place as usize].iter().any(is_around) {
                    return false;
                }
                at += 1;
            }
            at = self.inside(run).end.max(at);
        }
        true
    }

    /// Whether a marked entity excludes this one.
    pub fn any_apart<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> bool {
        let mut excluded = nesting.exclusions.runs_of(nesting.places[thing.index()]);
        excluded.any(|runs| {
            if runs.len() < self.points.len() {
                runs.iter().any(|&run| !self.inside(run).is_empty())
            } else {
                self.points.iter().any(|&(place, _)| holds(runs, place))
            }
        })
    }

    fn tags<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> CoverTags<T> {
        let place = nesting.places[thing.index()];
        let behind = self.covers.partition_point(|&(from, _)| from <= place);
        behind.checked_sub(1).map_or(CoverTags::None, |at| self.covers[at].1)
    }

    /// The indexes of the marks in a run of places.
    fn inside(&self, run: PlaceRun) -> std::ops::Range<usize> {
        let first = self.points.partition_point(|&(place, _)| place < run.from);
        let behind = self.points.partition_point(|&(place, _)| place < run.to);
        first..behind
    }
}

/// Stretches of places that are covered by the same tags, each given by its first place.
fn covers<I: Id, T: Copy + Ord>(nesting: &Nesting<I>, points: &[(u32, T)]) -> Vec<(u32, CoverTags<T>)> {
    // The places covered by one tag are merged, so that each tag begins or ends at most once at any place.
    let mut by_tag: Vec<(T, u32)> = points.iter().map(|&(place, tag)| (tag, place)).collect();
    by_tag.sort_unstable();
    let mut ends: Vec<(u32, bool, T)> = Vec::new();
    for marks in by_tag.chunk_by(|a, b| a.0 == b.0) {
        let mut covered = PlaceRuns::default();
        for &(_, place) in marks {
            covered.extend(nesting.runs[place as usize].iter().copied());
        }
        for PlaceRun { from, to } in covered.merged() {
            ends.extend([(from, true, marks[0].0), (to, false, marks[0].0)]);
        }
    }
    ends.sort_unstable();
    let mut open: std::collections::BTreeSet<T> = std::collections::BTreeSet::new();
    let mut covers: Vec<(u32, CoverTags<T>)> = Vec::new();
    for at in ends.chunk_by(|a, b| a.0 == b.0) {
        for &(_, begins, tag) in at {
            if begins {
                open.insert(tag)
            } else {
                open.remove(&tag)
            };
        }
        let mut tags = open.iter();
        let tags = match (tags.next(), tags.next()) {
            (None, _) => CoverTags::None,
            (Some(&one), None) => CoverTags::One(one),
            _ => CoverTags::Several,
        };
        covers.push((at[0].0, tags));
    }
    covers
}

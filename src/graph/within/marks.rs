//! Things that are marked, prepared so that one look says whether any of them lies within or around another thing.
//!
//! Each mark has a tag, such as the party that made it; of each place only "none", "this tag" or "several" is kept.

use super::Nesting;
use super::runs::{Run, Runs, holds};
use crate::id::Id;

/// Marked things with their tags.
#[derive(Debug)]
pub struct Marks<T> {
    /// The place of each mark with its tag, in the order of places.
    points: Vec<(u32, T)>,
    /// For each mark the first behind it that has another tag.
    next_other: Vec<u32>,
    /// Where the places begin that a mark of one tag covers, or marks of several.
    covers: Vec<(u32, Tags<T>)>,
}

/// The tags of all marks at or around a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tags<T> {
    None,
    One(T),
    Several,
}

impl<T: Copy + Ord> Marks<T> {
    /// Marks of things of one kind.
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

    /// Whether a mark lies at a thing or around it.
    pub fn any_around<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> bool {
        self.tags(nesting, thing) != Tags::None
    }

    /// Whether a mark with another tag lies at a thing or around it.
    pub fn other_around<I: Id>(&self, nesting: &Nesting<I>, thing: I, tag: T) -> bool {
        let tags = self.tags(nesting, thing);
        tags == Tags::Several || matches!(tags, Tags::One(one) if one != tag)
    }

    /// Whether a mark lies at a thing or within it.
    pub fn any_inside<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> bool {
        nesting.runs_of(thing).iter().any(|&run| !self.inside(run).is_empty())
    }

    /// How many marks, those of one thing with one tag as one, lie at a thing or within it.
    pub fn count_inside<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> usize {
        nesting.runs_of(thing).iter().map(|&run| self.inside(run).len()).sum()
    }

    /// Whether a mark with another tag lies at a thing or within it.
    pub fn other_inside<I: Id>(&self, nesting: &Nesting<I>, thing: I, tag: T) -> bool {
        nesting.runs_of(thing).iter().any(|&run| {
            let inside = self.inside(run);
            let first = inside.start;
            !inside.is_empty()
                && (self.points[first].1 != tag || (self.next_other[first] as usize) < inside.end)
        })
    }

    /// Whether each mark lies at one of some things, within it or around it.
    pub fn all_nested<I: Id>(&self, nesting: &Nesting<I>, things: &[I]) -> bool {
        let mut places: Vec<u32> = things.iter().map(|thing| nesting.places[thing.index()]).collect();
        places.sort_unstable();
        let mut within = Runs::default();
        within.extend(places.iter().flat_map(|&place| nesting.runs[place as usize].iter().copied()));
        let mut at = 0;
        let beyond = [Run { from: u32::MAX, to: u32::MAX }];
        for run in within.merged().into_iter().chain(beyond) {
            // What lies before the run lies within none of the things.
            while let Some(&(place, _)) = self.points.get(at).filter(|&&(place, _)| place < run.from) {
                let is_around = |run: &Run| {
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

    /// Whether something marked excludes a thing.
    pub fn any_apart<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> bool {
        let mut excluded = nesting.exclusions.of(nesting.places[thing.index()]);
        excluded.any(|runs| {
            if runs.len() < self.points.len() {
                runs.iter().any(|&run| !self.inside(run).is_empty())
            } else {
                self.points.iter().any(|&(place, _)| holds(runs, place))
            }
        })
    }

    fn tags<I: Id>(&self, nesting: &Nesting<I>, thing: I) -> Tags<T> {
        let place = nesting.places[thing.index()];
        let behind = self.covers.partition_point(|&(from, _)| from <= place);
        behind.checked_sub(1).map_or(Tags::None, |at| self.covers[at].1)
    }

    /// The marks in a run of places, by number.
    fn inside(&self, run: Run) -> std::ops::Range<usize> {
        let first = self.points.partition_point(|&(place, _)| place < run.from);
        let behind = self.points.partition_point(|&(place, _)| place < run.to);
        first..behind
    }
}

/// Where the places begin that some marks cover, by tags.
fn covers<I: Id, T: Copy + Ord>(nesting: &Nesting<I>, points: &[(u32, T)]) -> Vec<(u32, Tags<T>)> {
    // What marks of one tag cover is merged, so that each tag begins and ends once at any place.
    let mut by_tag: Vec<(T, u32)> = points.iter().map(|&(place, tag)| (tag, place)).collect();
    by_tag.sort_unstable();
    let mut ends: Vec<(u32, bool, T)> = Vec::new();
    for marks in by_tag.chunk_by(|a, b| a.0 == b.0) {
        let mut covered = Runs::default();
        for &(_, place) in marks {
            covered.extend(nesting.runs[place as usize].iter().copied());
        }
        for Run { from, to } in covered.merged() {
            ends.extend([(from, true, marks[0].0), (to, false, marks[0].0)]);
        }
    }
    ends.sort_unstable();
    let mut open: std::collections::BTreeSet<T> = std::collections::BTreeSet::new();
    let mut covers: Vec<(u32, Tags<T>)> = Vec::new();
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
            (None, _) => Tags::None,
            (Some(&one), None) => Tags::One(one),
            _ => Tags::Several,
        };
        covers.push((at[0].0, tags));
    }
    covers
}

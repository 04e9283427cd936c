//! What lies within what, and what excludes what, among things of one kind.

use rustc_hash::FxHashSet;

use crate::id::Id;

/// Parts and wholes, and pairs that exclude each other, with all that follows from them.
#[derive(Debug)]
pub struct Nesting<I> {
    /// For each thing itself and all it lies in, sorted.
    wholes: Vec<Box<[I]>>,
    /// For each thing what is written to exclude it or a thing it lies in, sorted.
    excluded: Vec<Box<[I]>>,
}

impl<I: Id> Nesting<I> {
    /// The nesting of things given in the order of their ids, each with its wholes and what it excludes.
    pub fn new<'a>(rows: impl Iterator<Item = (&'a [I], &'a [I])>) -> Self
    where
        I: 'a,
    {
        let rows: Vec<_> = rows.collect();
        let wholes: Vec<Box<[I]>> = (0..rows.len()).map(|at| closure(I::new(at), &rows)).collect();
        let mut written: Vec<Vec<I>> = vec![Vec::new(); rows.len()];
        for (at, (_, excludes)) in rows.iter().enumerate() {
            for &other in *excludes {
                written[at].push(other);
                written[other.index()].push(I::new(at));
            }
        }
        let excluded = |wholes: &[I]| {
            let mut all: Vec<I> =
                wholes.iter().flat_map(|whole| written[whole.index()].iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            all.into()
        };
        let excluded = wholes.iter().map(|wholes| excluded(wholes)).collect();
        Self { wholes, excluded }
    }

    /// A thing itself and all it lies in, sorted.
    pub fn wholes(&self, part: I) -> &[I] {
        &self.wholes[part.index()]
    }

    /// Whether `part` is `whole` or lies in it.
    pub fn is_within(&self, part: I, whole: I) -> bool {
        self.wholes(part).binary_search(&whole).is_ok()
    }

    /// Whether one of the two lies in the other, or they are one.
    pub fn is_nested(&self, a: I, b: I) -> bool {
        self.is_within(a, b) || self.is_within(b, a)
    }

    /// Whether nothing can be both: some whole of one is written to exclude some whole of the other.
    pub fn is_apart(&self, a: I, b: I) -> bool {
        let (excluded, wholes) = (&self.excluded[a.index()], self.wholes(b));
        let (less, more) =
            if excluded.len() < wholes.len() { (&**excluded, wholes) } else { (wholes, &**excluded) };
        less.iter().any(|thing| more.binary_search(thing).is_ok())
    }

    /// Whether anything at all excludes a thing.
    pub fn is_excluded_by_some(&self, thing: I) -> bool {
        !self.excluded[thing.index()].is_empty()
    }

    /// The wholes both lie in that hold no smaller such whole, sorted.
    pub fn nearest_common(&self, a: I, b: I) -> Vec<I> {
        let common: Vec<I> =
            self.wholes(a).iter().copied().filter(|&whole| self.is_within(b, whole)).collect();
        let holds_smaller =
            |&whole: &I| common.iter().any(|&other| other != whole && self.is_within(other, whole));
        common.iter().copied().filter(|whole| !holds_smaller(whole)).collect()
    }
}

/// Everything reachable upwards from a thing, with it; a circle is walked once.
fn closure<I: Id>(start: I, rows: &[(&[I], &[I])]) -> Box<[I]> {
    let mut found = vec![start];
    let mut seen: FxHashSet<I> = FxHashSet::default();
    let mut at = 0;
    while let Some(&next) = found.get(at) {
        for &whole in rows[next.index()].0 {
            if whole != start && seen.insert(whole) {
                found.push(whole);
            }
        }
        at += 1;
    }
    found.sort_unstable();
    found.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PopulationId;

    fn id(at: usize) -> PopulationId {
        PopulationId::new(at)
    }

    #[test]
    fn exclusion_is_inherited_and_holds_both_ways() {
        // 0 people; 1 civilians and 2 combatants exclude each other; 3 cricketers in 1; 4 militants in 2.
        let rows: [(&[_], &[_]); 5] =
            [(&[], &[]), (&[id(0)], &[id(2)]), (&[id(0)], &[]), (&[id(1)], &[]), (&[id(2)], &[])];
        let nesting = Nesting::new(rows.into_iter());
        assert!(nesting.is_apart(id(3), id(4)) && nesting.is_apart(id(4), id(3)));
        assert!(!nesting.is_apart(id(3), id(1)) && nesting.is_within(id(3), id(0)));
        assert_eq!(nesting.nearest_common(id(3), id(4)), [id(0)]);
        assert_eq!(nesting.nearest_common(id(3), id(1)), [id(1)]);
    }

    #[test]
    fn a_circle_ends() {
        let rows: [(&[_], &[_]); 2] = [(&[id(1)], &[]), (&[id(0)], &[])];
        let nesting = Nesting::new(rows.into_iter());
        assert!(nesting.is_within(id(0), id(1)) && nesting.is_within(id(1), id(0)));
    }
}

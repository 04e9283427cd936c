//! Interned ids: small numbers that stand for names, and the tables they index.
//!
//! Every kind of thing has a number type of its own, so that an actor cannot be looked up among places.
//! Tables are sorted by name before numbers are given out: comparing two ids compares their names, and no
//! result can depend on the order of files. What the things are is not known here.

use std::marker::PhantomData;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// A number that stands for a name within one [`Table`] or one set of columns.
pub trait Id: Copy + Eq + Ord + std::hash::Hash + std::fmt::Debug {
    /// The id with this index.
    fn new(index: usize) -> Self;
    /// The index, from 0.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(u32);

        impl Id for $name {
            fn new(index: usize) -> Self {
                Self(index as u32)
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A file of the workspace.
    FileId;
    /// A person, organisation, state, armed group or publisher.
    ActorId;
    /// An event, a proposition or a series: what claims are about.
    SubjectId;
    /// A place a `choice` may name.
    PlaceId;
    /// A term a `choice` may name.
    TermId;
    /// Who is counted.
    PopulationId;
    /// What is counted or stated.
    MeasureId;
    /// One document in which claims are made.
    SourceId;
    /// One claim; numbers follow the order of full names.
    ClaimId;
    /// One claim's answer to one question; numbers follow the order of questions, then of claims.
    AnswerId;
    /// Subject, measure, population and period: what parties dispute.
    QuestionId;
    /// One entry of a workspace that stays analysed; it keeps its number as long as it stands, whatever changes in
    /// and around it.
    EntryId;
    /// A kind and a name that some entry bears or mentions, in a workspace that stays analysed.
    NameId;
}

/// Things of one kind by id and by name, in the order of their names.
#[derive(Clone, Debug)]
pub struct Table<I, T> {
    names: Vec<SmolStr>,
    rows: Vec<T>,
    by_name: FxHashMap<SmolStr, u32>,
    kind: PhantomData<I>,
}

impl<I: Id, T> Table<I, T> {
    /// A table of these rows; of two rows with one name the first stays.
    pub fn new(rows: impl IntoIterator<Item = (SmolStr, T)>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|later, first| later.0 == first.0);
        let (names, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let by_name = names.iter().enumerate().map(|(at, name)| (name.clone(), at as u32)).collect();
        Self { names, rows, by_name, kind: PhantomData }
    }

    /// The same names with other rows.
    pub fn map<U>(self, mut row: impl FnMut(I, T) -> U) -> Table<I, U> {
        let rows = self.rows.into_iter().enumerate().map(|(at, old)| row(I::new(at), old)).collect();
        Table { names: self.names, rows, by_name: self.by_name, kind: PhantomData }
    }

    /// The id that bears this name.
    pub fn find(&self, name: &str) -> Option<I> {
        self.by_name.get(name).map(|&at| I::new(at as usize))
    }

    /// The name of an id.
    pub fn name(&self, id: I) -> &SmolStr {
        &self.names[id.index()]
    }

    /// All names, sorted.
    pub fn names(&self) -> &[SmolStr] {
        &self.names
    }

    /// All ids, in the order of their names.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = I> + use<I, T> {
        (0..self.rows.len()).map(I::new)
    }

    /// Ids and rows, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> {
        self.rows.iter().enumerate().map(|(at, row)| (I::new(at), row))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<I: Id, T> std::ops::Index<I> for Table<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.rows[id.index()]
    }
}

impl<I: Id, T> std::ops::IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.rows[id.index()]
    }
}

//! Interned ids: small numbers for names, and the tables that they index.
//!
//! Each kind of thing has its own id type, so that an actor cannot be looked up among places. Tables are sorted by name
//! before ids are assigned: the order of ids is the order of names, and no result depends on the order of files. This
//! module does not know what the things are.

use std::marker::PhantomData;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// A number for a name within one [`Table`] or one set of columns.
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
    /// An event, a proposition or a series, which claims can be about.
    SubjectId;
    /// A place that a `choice` may name.
    PlaceId;
    /// A term that a `choice` may name.
    TermId;
    /// A group that can be counted.
    PopulationId;
    /// Something that can be counted or stated.
    MeasureId;
    /// A publication in which claims are made.
    SourceId;
    /// A claim. The ids follow the order of full names.
    ClaimId;
    /// The answer of one claim to one question. The ids follow the order of questions, then of claims.
    AnswerId;
    /// A question: a subject, a measure, a population and a period.
    QuestionId;
    /// An entry of an incremental workspace. It keeps its id while it exists, even if it or other entries change.
    EntryId;
    /// A kind and a name that an entry of an incremental workspace defines or mentions.
    NameId;
}

/// Things of one kind, by id and by name, in the order of their names.
#[derive(Clone, Debug)]
pub struct Table<I, T> {
    names: Vec<SmolStr>,
    rows: Vec<T>,
    by_name: FxHashMap<SmolStr, u32>,
    kind: PhantomData<I>,
}

impl<I: Id, T> Table<I, T> {
    /// A table of rows. If two rows have the same name, the first is kept.
    pub fn new(rows: impl IntoIterator<Item = (SmolStr, T)>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|later, first| later.0 == first.0);
        let (names, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let by_name = names.iter().enumerate().map(|(at, name)| (name.clone(), at as u32)).collect();
        Self { names, rows, by_name, kind: PhantomData }
    }

    /// Replaces each row and keeps the names.
    pub fn map<U>(self, mut row: impl FnMut(I, T) -> U) -> Table<I, U> {
        let rows = self.rows.into_iter().enumerate().map(|(at, old)| row(I::new(at), old)).collect();
        Table { names: self.names, rows, by_name: self.by_name, kind: PhantomData }
    }

    /// The id of a name; none if no row has it.
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

    /// The ids and rows, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> {
        self.rows.iter().enumerate().map(|(at, row)| (I::new(at), row))
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the table is empty.
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

//! What an index knows of a workspace for whoever sees a part of it.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::DefinitionIndex;
use crate::document::mention::Kind;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::model::GlobalFacts;
use crate::names::Meant;

/// A workspace beyond some of its entries, by which nothing counts as used.
#[derive(Debug)]
pub(in crate::workspace) struct IndexGlobals<'i> {
    index: &'i DefinitionIndex,
    /// By how many of those entries each thing is used.
    within: FxHashMap<NameId, u32>,
}

impl<'i> IndexGlobals<'i> {
    /// The workspace beyond these entries.
    pub(in crate::workspace) fn new(
        index: &'i DefinitionIndex,
        entries: impl Iterator<Item = EntryId>,
    ) -> Self {
        let mut within: FxHashMap<NameId, u32> = FxHashMap::default();
        for entry in entries {
            for &name in &index.row(entry).uses {
                *within.entry(name).or_default() += 1;
            }
        }
        Self { index, within }
    }
}

impl GlobalFacts for IndexGlobals<'_> {
    fn nearest(&self, kind: Kind, name: &str) -> Vec<SmolStr> {
        // A claim is looked for in its source alone.
        if kind == Kind::Claim {
            return Vec::new();
        }
        Meant::of(name, self.index.names(kind).map(SmolStr::as_str)).ids
    }

    fn called(&self, kind: Kind, folded: &str) -> Vec<SmolStr> {
        self.index.called(kind, folded).cloned().collect()
    }

    fn first(&self, kind: Kind, most: usize) -> Vec<SmolStr> {
        self.index.names(kind).take(most + 1).cloned().collect()
    }

    fn claims_of(&self, source: &str) -> Vec<SmolStr> {
        let mut names = Vec::new();
        let Some(first) = self.index.counting_source(source) else { return names };
        let file = &self.index.files[self.index.row(first).file.index()];
        let claims = file.named.definitions.iter().filter(|definition| definition.kind == Kind::Claim);
        names.extend(claims.filter_map(|claim| claim.name.get(source.len() + 1..)).map(SmolStr::from));
        names
    }

    fn claims_called(&self, name: &str) -> Vec<SmolStr> {
        let mut called: Vec<SmolStr> = Vec::new();
        let _ = self.index.files.iter().enumerate().try_for_each(|(at, file)| {
            let Some(source) = &file.source else { return ControlFlow::Continue(()) };
            let counts = self.index.counting_source(source);
            if counts.is_none_or(|counts| self.index.row(counts).file != FileId::new(at)) {
                return ControlFlow::Continue(());
            }
            let claims = file.named.definitions.iter().filter(|definition| definition.kind == Kind::Claim);
            let is_so = |full: &SmolStr| full.get(source.len() + 1..) == Some(name);
            called.extend(claims.map(|claim| claim.name.clone()).filter(is_so));
            called.dedup();
            if called.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        called
    }

    fn publishes(&self, actor: &str) -> bool {
        let index = self.index;
        index.find(Kind::Actor, actor).is_some_and(|actor| {
            let mut sources = index.names[actor.index()].published.iter().copied();
            sources.any(|source| index.first_of(index.defined(index.name_of(source))) == Some(source))
        })
    }

    fn uses(&self, kind: Kind, name: &str) -> bool {
        self.index.find(kind, name).is_some_and(|name| {
            let within = self.within.get(&name).copied().unwrap_or(0);
            self.index.names[name.index()].used > within
        })
    }
}

impl DefinitionIndex {
    /// Of the sources with an id the one that counts.
    fn counting_source(&self, id: &str) -> Option<EntryId> {
        self.find(Kind::Source, id).and_then(|name| self.first_of(self.defined(name)))
    }
}

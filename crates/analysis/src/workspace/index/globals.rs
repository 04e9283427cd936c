//! The index as the source of facts about the whole workspace, for the analysis of a part.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::DefinitionIndex;
use crate::document::mention::Kind;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::model::GlobalFacts;
use gainsay_reading::names::DidYouMean;

/// Facts about the whole workspace. Uses by the entries under analysis are left out.
#[derive(Debug)]
pub(in crate::workspace) struct IndexGlobals<'i> {
    index: &'i DefinitionIndex,
    /// How many of those entries use each thing.
    used_within: FxHashMap<NameId, u32>,
}

impl<'i> IndexGlobals<'i> {
    /// Facts for an analysis of `entries`.
    pub(in crate::workspace) fn new(
        index: &'i DefinitionIndex,
        entries: impl Iterator<Item = EntryId>,
    ) -> Self {
        let mut used_within: FxHashMap<NameId, u32> = FxHashMap::default();
        for entry in entries {
            for &name in &index.entry(entry).uses {
                *used_within.entry(name).or_default() += 1;
            }
        }
        Self { index, used_within }
    }
}

impl GlobalFacts for IndexGlobals<'_> {
    fn nearest(&self, kind: Kind, name: &str) -> Vec<SmolStr> {
        // Similar names of claims are searched in their source only.
        if kind == Kind::Claim {
            return Vec::new();
        }
        DidYouMean::of(name, self.index.names(kind).map(SmolStr::as_str)).ids
    }

    fn called(&self, kind: Kind, folded: &str) -> Vec<SmolStr> {
        self.index.ids_by_alias(kind, folded).cloned().collect()
    }

    fn first(&self, kind: Kind, most: usize) -> Vec<SmolStr> {
        self.index.names(kind).take(most + 1).cloned().collect()
    }

    fn claims_of(&self, source: &str) -> Vec<SmolStr> {
        let mut names = Vec::new();
        let Some(first) = self.index.effective_source(source) else { return names };
        let file = &self.index.files[self.index.entry(first).file.index()];
        let claims = file.names.definitions.iter().filter(|definition| definition.kind == Kind::Claim);
        names.extend(claims.filter_map(|claim| claim.name.get(source.len() + 1..)).map(SmolStr::from));
        names
    }

    fn claims_called(&self, name: &str) -> Vec<SmolStr> {
        let mut called: Vec<SmolStr> = Vec::new();
        let _ = self.index.files.iter().enumerate().try_for_each(|(at, file)| {
            let Some(source) = &file.source else { return ControlFlow::Continue(()) };
            let effective = self.index.effective_source(source);
            if effective.is_none_or(|effective| self.index.entry(effective).file != FileId::new(at)) {
                return ControlFlow::Continue(());
            }
            let claims = file.names.definitions.iter().filter(|definition| definition.kind == Kind::Claim);
            let is_called_so = |full: &SmolStr| full.get(source.len() + 1..) == Some(name);
            called.extend(claims.map(|claim| claim.name.clone()).filter(is_called_so));
            called.dedup();
            if called.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        called
    }

    fn publishes(&self, actor: &str) -> bool {
        let index = self.index;
        index.find(Kind::Actor, actor).is_some_and(|actor| {
            let mut sources = index.names[actor.index()].sources_published.iter().copied();
            sources.any(|source| {
                index.first_in_order(index.entries_defining(index.name_of(source))) == Some(source)
            })
        })
    }

    fn uses(&self, kind: Kind, name: &str) -> bool {
        self.index.find(kind, name).is_some_and(|name| {
            let within = self.used_within.get(&name).copied().unwrap_or(0);
            self.index.names[name.index()].use_count > within
        })
    }
}

impl DefinitionIndex {
    /// The first source with an id, which is the one that is used.
    fn effective_source(&self, id: &str) -> Option<EntryId> {
        self.find(Kind::Source, id).and_then(|name| self.first_in_order(self.entries_defining(name)))
    }
}

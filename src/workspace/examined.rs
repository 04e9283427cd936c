//! What documents come to, before their findings are put in order: the one way from documents to findings, for a
//! whole workspace and for a part of it.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::{Analysis, Options};
use crate::dispute;
use crate::document::Document;
use crate::finding::{Collector, Found, Limit};
use crate::graph::Graph;
use crate::id::{FileId, SourceId};
use crate::model::{self, GlobalFacts, Model};
use crate::reason::{self, Reasoning};
use crate::rules::{self, Facts, Scope};
use crate::source::Files;

/// Documents, and what is known beyond them.
pub(super) struct View<'a> {
    /// The texts they were read from.
    pub(super) files: &'a Files,
    pub(super) documents: &'a [(FileId, &'a Document)],
    pub(super) options: &'a Options,
    pub(super) elsewhere: &'a dyn GlobalFacts,
    /// How many findings of each lint are collected.
    pub(super) limit: Limit,
}

/// What they come to.
pub(super) struct Examined {
    model: Model,
    graph: Graph,
    reasoning: Reasoning,
    /// What could not be resolved.
    unresolved: Found,
    /// What the rules say, in no order.
    told: Found,
    limit: Limit,
}

impl View<'_> {
    /// Resolves, reasons and finds, by the rules of one scope or of all. Of findings that show only while nothing is
    /// unreadable `is_complete` tells, given what could not be resolved, whether that is so.
    pub(super) fn examine(&self, scope: Option<Scope>, is_complete: impl FnOnce(&Found) -> bool) -> Examined {
        let mut unresolved = Collector::new(self.limit);
        let model = model::resolve_part(self.documents, self.options.as_of, self.elsewhere, &mut unresolved);
        let graph = Graph::build_into(&model, &mut unresolved);
        let mut reasoning = reason::run(&model, &graph);
        let unsearched = Mutex::new(Vec::new());
        let unresolved = unresolved.finish();
        let archive = self.archive(&model);
        let facts = Facts {
            files: self.files,
            model: &model,
            graph: &graph,
            reasoning: &reasoning,
            archive: &archive,
            elsewhere: self.elsewhere,
            complete: is_complete(&unresolved) && self.options.as_of.is_none(),
            unsearched: &unsearched,
        };
        let told = rules::run_some(&facts, self.limit, |rule| scope.is_none_or(|scope| rule.scope == scope));
        reasoning.unsearched.extend(unsearched.into_inner().unwrap_or_else(PoisonError::into_inner));
        reasoning.unsearched.sort_unstable();
        reasoning.unsearched.dedup();
        Examined { model, graph, reasoning, unresolved, told, limit: self.limit }
    }

    fn archive(&self, model: &Model) -> FxHashMap<SourceId, &str> {
        let archive = &self.options.archive;
        let text = |id: SourceId| archive.get(model.sources.name(id)).map(|text| (id, text.as_str()));
        if archive.is_empty() { FxHashMap::default() } else { model.sources.ids().filter_map(text).collect() }
    }
}

impl Examined {
    /// What the claims say.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// What is known, what could not be resolved in it, and what the rules say.
    pub(super) fn into_found(self) -> (Model, Found, Found) {
        (self.model, self.unresolved, self.told)
    }

    /// All of it in order, with what was found otherwise, as by reading the files.
    pub(super) fn in_order(self, otherwise: impl IntoIterator<Item = Found>) -> Analysis {
        let Self { model, graph, reasoning, unresolved, told, limit } = self;
        let mut all = Collector::new(limit);
        otherwise.into_iter().for_each(|found| all.merge_found(found));
        all.merge_found(unresolved);
        all.merge_found(told);
        let Found { mut findings, omitted } = all.finish();
        rules::sort(&mut findings, &model);
        let disputes = dispute::gather(&model, &graph, &reasoning, &findings);
        Analysis { model, graph, reasoning, findings, omitted, disputes }
    }
}

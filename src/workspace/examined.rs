//! What documents come to, before their findings are put in order: the one way from documents to findings, for a
//! whole workspace and for a part of it.

use rustc_hash::FxHashMap;

use super::{Analysis, Options};
use crate::dispute;
use crate::document::Document;
use crate::finding::Finding;
use crate::graph::Graph;
use crate::id::{FileId, SourceId};
use crate::model::{self, Elsewhere, Model};
use crate::reason::{self, Reasoning};
use crate::rules::{self, Facts, Scope};
use crate::source::Files;

/// Documents, and what is known beyond them.
pub(super) struct View<'a> {
    /// The texts they were read from.
    pub(super) files: &'a Files,
    pub(super) documents: &'a [(FileId, &'a Document)],
    pub(super) options: &'a Options,
    pub(super) elsewhere: &'a dyn Elsewhere,
}

/// What they come to.
pub(super) struct Examined {
    model: Model,
    graph: Graph,
    reasoning: Reasoning,
    /// What could not be resolved.
    pub(super) unresolved: Vec<Finding>,
    /// What the rules say, in no order.
    pub(super) told: Vec<Finding>,
}

impl View<'_> {
    /// Resolves, reasons and finds, by the rules of one scope or of all. Of findings that show only while nothing is
    /// unreadable `is_complete` tells, given what could not be resolved, whether that is so.
    pub(super) fn examine(
        &self,
        scope: Option<Scope>,
        is_complete: impl FnOnce(&[Finding]) -> bool,
    ) -> Examined {
        let (model, mut unresolved) = model::resolve_part(self.documents, self.options.as_of, self.elsewhere);
        let (graph, circles) = Graph::build(&model);
        let reasoning = reason::run(&model, &graph);
        unresolved.extend(circles);
        let archive = self.archive(&model);
        let facts = Facts {
            files: self.files,
            model: &model,
            graph: &graph,
            reasoning: &reasoning,
            archive: &archive,
            elsewhere: self.elsewhere,
            complete: is_complete(&unresolved) && self.options.as_of.is_none(),
        };
        let told = rules::run_some(&facts, |rule| scope.is_none_or(|scope| rule.scope == scope));
        Examined { model, graph, reasoning, unresolved, told }
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
    pub(super) fn into_found(self) -> (Model, Vec<Finding>, Vec<Finding>) {
        (self.model, self.unresolved, self.told)
    }

    /// All of it in order, with what was found otherwise, as by reading the files.
    pub(super) fn in_order(self, otherwise: Vec<Finding>) -> Analysis {
        let Self { model, graph, reasoning, unresolved, told } = self;
        let mut findings = otherwise;
        findings.extend(unresolved);
        findings.extend(told);
        rules::sort(&mut findings, &model);
        let disputes = dispute::gather(&model, &graph, &reasoning, &findings);
        Analysis { model, graph, reasoning, findings, disputes }
    }
}

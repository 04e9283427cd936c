//! The stages from documents to findings: resolve, graph, reason, rules. They are the same for a whole workspace and
//! for a part of it.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::{Analysis, Options};
use crate::dispute;
use crate::document::Document;
use crate::finding::{CollectedFindings, Collector, Limit};
use crate::graph::Graph;
use crate::id::{FileId, SourceId};
use crate::model::{self, GlobalFacts, Model};
use crate::reason::{self, Reasoning};
use crate::rules::{self, Facts, Scope};
use crate::source::Files;

/// The documents to analyse, with facts about the rest of the workspace.
pub(super) struct PipelineInput<'a> {
    /// The texts that the documents were read from.
    pub(super) files: &'a Files,
    pub(super) documents: &'a [(FileId, &'a Document)],
    pub(super) options: &'a Options,
    pub(super) globals: &'a dyn GlobalFacts,
    /// The limit for the findings of each lint.
    pub(super) limit: Limit,
}

/// The result of all stages, before the findings are sorted.
pub(super) struct PipelineOutput {
    model: Model,
    graph: Graph,
    reasoning: Reasoning,
    /// Findings on names and values that could not be resolved.
    unresolved: CollectedFindings,
    /// The findings of the rules, in no order.
    rule_findings: CollectedFindings,
    limit: Limit,
}

impl PipelineInput<'_> {
    /// Runs all stages, with the rules of the scopes that are asked for. `is_complete` receives the
    /// findings on unresolved names and values, and says whether every file could be read and resolved: some rules
    /// report nothing otherwise.
    pub(super) fn run(
        &self,
        has_scope: impl Fn(Scope) -> bool + Sync,
        is_complete: impl FnOnce(&CollectedFindings) -> bool,
    ) -> PipelineOutput {
        let mut unresolved = Collector::new(self.limit);
        let model = model::resolve_part(self.documents, self.options.as_of, self.globals, &mut unresolved);
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
            elsewhere: self.globals,
            complete: is_complete(&unresolved) && self.options.as_of.is_none(),
            unsearched: &unsearched,
        };
        let rule_findings = rules::run(&facts, self.limit, |rule| has_scope(rule.scope));
        reasoning.unsearched.extend(unsearched.into_inner().unwrap_or_else(PoisonError::into_inner));
        reasoning.unsearched.sort_unstable();
        reasoning.unsearched.dedup();
        PipelineOutput { model, graph, reasoning, unresolved, rule_findings, limit: self.limit }
    }

    /// The archived texts, by source.
    fn archive(&self, model: &Model) -> FxHashMap<SourceId, &str> {
        let archive = &self.options.archive;
        let text = |id: SourceId| archive.get(model.sources.name(id)).map(|text| (id, text.as_str()));
        if archive.is_empty() { FxHashMap::default() } else { model.sources.ids().filter_map(text).collect() }
    }
}

impl PipelineOutput {
    /// The resolved documents.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The model, the findings on unresolved names and values, and the findings of the rules.
    pub(super) fn into_findings(self) -> (Model, CollectedFindings, CollectedFindings) {
        (self.model, self.unresolved, self.rule_findings)
    }

    /// Sorts the findings together with `other_findings`, such as those of reading the files, and gathers the
    /// disputes.
    pub(super) fn into_analysis(
        self,
        other_findings: impl IntoIterator<Item = CollectedFindings>,
    ) -> Analysis {
        let Self { model, graph, reasoning, unresolved, rule_findings, limit } = self;
        let mut all = Collector::new(limit);
        other_findings.into_iter().for_each(|found| all.merge_found(found));
        all.merge_found(unresolved);
        all.merge_found(rule_findings);
        let CollectedFindings { mut findings, omitted } = all.finish();
        rules::sort(&mut findings, &model);
        let disputes = dispute::gather(&model, &graph, &reasoning, &findings);
        Analysis { model, graph, reasoning, findings, omitted, disputes }
    }
}

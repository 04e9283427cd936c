//! Analyses of a part of the workspace, made when an editor asks for them: for some entries, or for all.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::IncrementalWorkspace;
use super::finding_store::{DependsOn, Owner};
use super::invalidate::Invalidated;
use super::subset::SubWorkspace;
use crate::document::mention::Kind;
use crate::finding::CollectedFindings;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::source::Span;
use crate::workspace::Analysis;
use crate::workspace::index::IndexGlobals;
use crate::workspace::pipeline::{PipelineInput, PipelineOutput};

/// Groups of claims are cached while they have at most this many entries together.
const MAX_CACHED_ENTRIES: usize = 50_000;

/// The last scoped analysis, and what it was made for.
#[derive(Debug)]
pub(super) struct ScopedAnalysis {
    file: FileId,
    entries: Vec<EntryId>,
    things: Vec<(Kind, SmolStr)>,
    analysis: Arc<Analysis>,
}

/// Claims of a file that affect each other, with an analysis of everything that affects them.
#[derive(Clone, Debug)]
pub struct ClaimGroup {
    /// The positions of the claims among the claims of the document.
    pub claims: Vec<usize>,
    /// Contains the same findings on these claims as an analysis of the whole workspace. It may be older than a change
    /// that did not affect the claims, so take places in the text from the document.
    pub analysis: Arc<Analysis>,
}

/// A group of claims with its analysis, kept for later requests.
#[derive(Debug)]
pub(super) struct CachedGroup {
    /// The entries that affect each other.
    connected: FxHashSet<EntryId>,
    /// All entries that the analysis used.
    entries: FxHashSet<EntryId>,
    analysis: Arc<Analysis>,
}

impl CachedGroup {
    /// Whether the analysis is outdated after a change that invalidated these entries.
    pub(super) fn is_invalidated_by(&self, invalidated: &FxHashSet<EntryId>) -> bool {
        invalidated.iter().any(|entry| self.entries.contains(entry))
    }
}

impl IncrementalWorkspace {
    /// The claims of a file in groups that do not affect each other. A group is analysed when it is first asked for,
    /// and again after a change that affects it, so that a keystroke costs the analysis of one group.
    pub fn claim_groups(&mut self, file: FileId) -> Vec<ClaimGroup> {
        let first = self.workspace.documents()[file.index()].first_claim();
        let mut groups: Vec<(usize, ClaimGroup)> = Vec::new();
        let mut cached = std::mem::take(&mut self.groups);
        let claims = self.index.entries(file).iter().copied();
        for claim in claims.filter(|&claim| self.index.kind(claim) == Kind::Claim) {
            let known = cached.iter().position(|group| group.connected.contains(&claim));
            let at = known.unwrap_or_else(|| {
                cached.push(self.analyse_group_of(claim));
                cached.len() - 1
            });
            let position = self.index.position(claim) - first;
            if let Some((_, group)) = groups.iter_mut().find(|(cached_at, _)| *cached_at == at) {
                group.claims.push(position);
            } else {
                let analysis = Arc::clone(&cached[at].analysis);
                groups.push((at, ClaimGroup { claims: vec![position], analysis }));
            }
        }
        self.groups = cached;
        self.evict_groups(&groups.iter().map(|(at, _)| *at).collect());
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// Analyses a claim with all entries that affect it.
    fn analyse_group_of(&self, claim: EntryId) -> CachedGroup {
        let mut connected = Invalidated::new(&self.index);
        connected.add_connected(claim);
        let connected = connected.entries;
        let (output, subset) = self.analyse_subset(&connected, &[], self.is_complete());
        CachedGroup { connected, entries: subset.entries, analysis: Arc::new(output.into_analysis([])) }
    }

    /// Removes the oldest groups beyond [`MAX_CACHED_ENTRIES`], but none of those at `requested`.
    fn evict_groups(&mut self, requested: &FxHashSet<usize>) {
        let mut left = MAX_CACHED_ENTRIES;
        let mut at = self.groups.len();
        // The newest groups are at the end.
        let mut stays = vec![false; at];
        while at > 0 {
            at -= 1;
            let size = self.groups[at].connected.len();
            stays[at] = requested.contains(&at) || size <= left;
            left = left.saturating_sub(size);
        }
        let mut stays = stays.into_iter();
        self.groups.retain(|_| stays.next().unwrap_or(true));
    }

    /// An analysis that is complete for the entries at a place of a file: their claims, the questions that these
    /// answer with all answers, positions and findings, and everything that they name. It may leave out the rest of
    /// the workspace. It is made when first asked for; the analysis of the last place is kept until something changes.
    pub fn analysis_at(&mut self, file: FileId, place: Span) -> Arc<Analysis> {
        self.analysis_including(file, place, Vec::new())
    }

    /// Like [`Self::analysis_at`], but complete for `things` as well: who speaks for an actor; the parts of an event, place
    /// or population; the questions on an event and who answers them; the claims of a source.
    pub fn analysis_including(
        &mut self,
        file: FileId,
        place: Span,
        things: Vec<(Kind, SmolStr)>,
    ) -> Arc<Analysis> {
        let entries: Vec<EntryId> = self.index.entries_in(file, place).collect();
        if let Some(known) = &self.scoped
            && (known.file, &known.entries, &known.things) == (file, &entries, &things)
        {
            return Arc::clone(&known.analysis);
        }
        let Some(analysis) = self.analyse_around(file, &entries, &things) else { return self.whole() };
        let analysis = Arc::new(analysis);
        self.scoped = Some(ScopedAnalysis { file, entries, things, analysis: Arc::clone(&analysis) });
        analysis
    }

    /// The analysis of the whole workspace. It is made on the first call after a change.
    pub fn whole(&mut self) -> Arc<Analysis> {
        if self.whole.is_none() {
            self.begin_analysis();
        }
        let whole = self.whole.get_or_insert_with(|| Arc::new(self.workspace.analyse(&self.options)));
        Arc::clone(whole)
    }

    /// Analyses some entries of a file and some things with everything that affects them. None if that is most of the
    /// workspace.
    fn analyse_around(
        &self,
        file: FileId,
        entries: &[EntryId],
        things: &[(Kind, SmolStr)],
    ) -> Option<Analysis> {
        let index = &self.index;
        let mut connected = Invalidated::new(index);
        for &entry in entries {
            connected.add_connected(entry);
        }
        for (kind, name) in things.iter().filter_map(|(kind, name)| Some((*kind, index.find(*kind, name)?))) {
            for &entry in index.entries_defining(name) {
                connected.add_connected(entry);
            }
            let belongs_to_it = |by: Kind| by == kind || (by, kind) == (Kind::Claim, Kind::Source);
            let mentioning = index.entries_mentioning(name).iter().map(|&(by, _)| by);
            connected.entries.extend(mentioning.filter(|&by| belongs_to_it(index.kind(by))));
        }
        let connected = connected.entries;
        if self.is_majority(self.claims_among(&connected)) {
            return None;
        }
        let (output, _) = self.analyse_subset(&connected, &[], self.is_complete());
        let on_names = entries.iter().flat_map(|&entry| self.store.owned_by(Owner::Entry(entry)));
        let on_names = on_names.filter(|stored| stored.depends_on == DependsOn::Names);
        let findings = on_names.map(|stored| stored.finding.clone()).collect();
        let on_names = CollectedFindings { findings, omitted: Vec::new() };
        Some(output.into_analysis([self.workspace.reading[file.index()].clone(), on_names]))
    }

    /// Analyses `entries` together with their dependencies and the definitions of `names`. Unused ids and idle
    /// silences are reported only if `is_complete`.
    pub(super) fn analyse_subset(
        &self,
        entries: &FxHashSet<EntryId>,
        names: &[NameId],
        is_complete: bool,
    ) -> (PipelineOutput, SubWorkspace) {
        self.begin_analysis();
        let subset = SubWorkspace::with_dependencies(&self.index, &self.workspace, entries, names);
        let documents = subset.document_refs();
        let input = PipelineInput {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            globals: &IndexGlobals::new(&self.index, entries.iter().copied()),
            limit: self.limit(),
        };
        let output = input.run(|scope| scope != crate::rules::Scope::Names, |_| is_complete);
        (output, subset)
    }
}

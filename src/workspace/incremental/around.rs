//! Analyses of a part of a workspace as they are asked for: all that is to be known of some entries, or of all.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::IncrementalWorkspace;
use super::kept::{Home, Sort};
use super::slice::Slice;
use super::touched::Touched;
use crate::document::mention::Kind;
use crate::finding::Found;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::source::Span;
use crate::workspace::Analysis;
use crate::workspace::examined::{Examined, View};
use crate::workspace::index::IndexGlobals;

/// Pieces are kept while no more entries than that bear on each other in them.
const MOST_KEPT: usize = 50_000;

/// An analysis of all that is around some entries.
#[derive(Debug)]
pub(super) struct Around {
    file: FileId,
    entries: Vec<EntryId>,
    things: Vec<(Kind, SmolStr)>,
    analysis: Arc<Analysis>,
}

/// Claims of a file that bear on each other, with an analysis of all that bears on them.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Their places among the claims of the document.
    pub claims: Vec<usize>,
    /// It says of them what the analysis of the whole workspace says. It may have been made before a change that did
    /// not touch them: where anything stands in a text is to be asked of the document.
    pub analysis: Arc<Analysis>,
}

/// What is kept of a piece.
#[derive(Debug)]
pub(super) struct KeptPiece {
    /// The entries that bear on each other.
    bound: FxHashSet<EntryId>,
    /// All that went into the analysis.
    entries: FxHashSet<EntryId>,
    analysis: Arc<Analysis>,
}

impl KeptPiece {
    /// Whether a change that touches these entries touches it.
    pub(super) fn is_touched(&self, touched: &FxHashSet<EntryId>) -> bool {
        touched.iter().any(|entry| self.entries.contains(entry))
    }
}

impl IncrementalWorkspace {
    /// The claims of a file in pieces that do not bear on each other. A piece is analysed when first asked for, and
    /// again once a change touched it, so that a keystroke costs one of them.
    pub fn pieces(&mut self, file: FileId) -> Vec<Piece> {
        let first = self.workspace.documents()[file.index()].first_claim();
        let mut pieces: Vec<(usize, Piece)> = Vec::new();
        let mut kept = std::mem::take(&mut self.pieces);
        let claims = self.index.entries(file).iter().copied();
        for claim in claims.filter(|&claim| self.index.kind(claim) == Kind::Claim) {
            let known = kept.iter().position(|piece| piece.bound.contains(&claim));
            let at = known.unwrap_or_else(|| {
                kept.push(self.piece(claim));
                kept.len() - 1
            });
            let place = self.index.at(claim) - first;
            if let Some((_, piece)) = pieces.iter_mut().find(|(of, _)| *of == at) {
                piece.claims.push(place);
            } else {
                let analysis = Arc::clone(&kept[at].analysis);
                pieces.push((at, Piece { claims: vec![place], analysis }));
            }
        }
        self.pieces = kept;
        self.let_go(&pieces.iter().map(|(at, _)| *at).collect());
        pieces.into_iter().map(|(_, piece)| piece).collect()
    }

    fn piece(&self, claim: EntryId) -> KeptPiece {
        let mut bound = Touched::new(&self.index);
        bound.add(claim);
        let bound = bound.entries;
        let (examined, slice) = self.examined(&bound, &[], self.is_complete());
        KeptPiece { bound, entries: slice.entries, analysis: Arc::new(examined.in_order([])) }
    }

    /// Keeps no more pieces than that; those asked for now stay.
    fn let_go(&mut self, asked: &FxHashSet<usize>) {
        let mut left = MOST_KEPT;
        let mut at = self.pieces.len();
        // The last were made last.
        let mut stays = vec![false; at];
        while at > 0 {
            at -= 1;
            let size = self.pieces[at].bound.len();
            stays[at] = asked.contains(&at) || size <= left;
            left = left.saturating_sub(size);
        }
        let mut stays = stays.into_iter();
        self.pieces.retain(|_| stays.next().unwrap_or(true));
    }

    /// An analysis that says of the entries at a place of a file what that of the whole workspace says: its claims, the
    /// questions they answer with all answers, positions and findings, and whatever they name. Of the rest of the
    /// workspace it may know nothing. It is made when first asked for; that of the last place is kept until
    /// something changes.
    pub fn around(&mut self, file: FileId, place: Span) -> Arc<Analysis> {
        self.telling(file, place, Vec::new())
    }

    /// The same, which knows all of some things as well: who speaks for an actor, the parts of an event, a place or a
    /// population, what an event is asked and who answers, the claims of a source.
    pub fn telling(&mut self, file: FileId, place: Span, things: Vec<(Kind, SmolStr)>) -> Arc<Analysis> {
        let entries: Vec<EntryId> = self.index.entries_in(file, place).collect();
        if let Some(known) = &self.around
            && (known.file, &known.entries, &known.things) == (file, &entries, &things)
        {
            return Arc::clone(&known.analysis);
        }
        let Some(analysis) = self.part(file, &entries, &things) else { return self.whole() };
        let analysis = Arc::new(analysis);
        self.around = Some(Around { file, entries, things, analysis: Arc::clone(&analysis) });
        analysis
    }

    /// The analysis of the whole workspace, made when it is asked for after a change.
    pub fn whole(&mut self) -> Arc<Analysis> {
        if self.whole.is_none() {
            self.begin_analysis();
        }
        let whole = self.whole.get_or_insert_with(|| Arc::new(self.workspace.analyse(&self.options)));
        Arc::clone(whole)
    }

    /// The analysis of what is around some entries of a file and of some things; none where that is most of the
    /// workspace.
    fn part(&self, file: FileId, entries: &[EntryId], things: &[(Kind, SmolStr)]) -> Option<Analysis> {
        let index = &self.index;
        let mut touched = Touched::new(index);
        for &entry in entries {
            touched.add(entry);
        }
        for (kind, name) in things.iter().filter_map(|(kind, name)| Some((*kind, index.find(*kind, name)?))) {
            for &entry in index.defined(name) {
                touched.add(entry);
            }
            let is_of_it = |by: Kind| by == kind || (by, kind) == (Kind::Claim, Kind::Source);
            let beside = index.mentioned(name).iter().map(|&(by, _)| by);
            touched.entries.extend(beside.filter(|&by| is_of_it(index.kind(by))));
        }
        let touched = touched.entries;
        if self.is_most(self.claims_among(&touched)) {
            return None;
        }
        let (examined, _) = self.examined(&touched, &[], self.is_complete());
        let names = entries.iter().flat_map(|&entry| self.kept.at(Home::Entry(entry)));
        let names = names.filter(|kept| kept.sort == Sort::Names);
        let findings = names.map(|kept| kept.finding.clone()).collect();
        let names = Found { findings, omitted: Vec::new() };
        Some(examined.in_order([self.workspace.reading[file.index()].clone(), names]))
    }

    /// What some entries come to, with what is needed for them and the definitions of some names; with what only a
    /// complete workspace tells, or without.
    pub(super) fn examined(
        &self,
        entries: &FxHashSet<EntryId>,
        names: &[NameId],
        is_complete: bool,
    ) -> (Examined, Slice) {
        self.begin_analysis();
        let slice = Slice::around(&self.index, &self.workspace, entries, names);
        let documents = slice.as_documents();
        let view = View {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            elsewhere: &IndexGlobals::new(&self.index, entries.iter().copied()),
            limit: self.limit(),
        };
        let examined = view.examine(Some(crate::rules::Scope::Claims), |_| is_complete);
        (examined, slice)
    }
}

//! A workspace that stays analysed while its texts change, for whoever edits it.
//!
//! A change is analysed as far as it is felt: the entries it touches are put together to a part of the workspace,
//! which goes through the same pipeline as the whole, and what is found there takes the place of what was. Where
//! little would be left out, the whole is analysed.

mod around;
mod changes;
mod kept;
mod slice;
mod touched;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::examined::{Examined, View};
use super::index::Beyond;
use super::{Analysis, Index, Options, Workspace};
use crate::document::mention::{ITEMS, Kind};
use crate::finding::Finding;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::lint;
use crate::model::{Elsewhere as _, Nowhere};
use crate::rules::{self, Scope};
use crate::source::{Location, SourceFile, Span};
use around::Around;
use changes::{Changes, Reach};
use kept::{Home, Kept, KeptFinding, Sort, without_ids};
use slice::Slice;
use touched::Touched;

/// Above so many entries in which names could not be resolved, near ones may not be looked for any more; what is said
/// of one then hangs on all the others.
const MANY_UNRESOLVED: usize = 500;

/// Of a workspace with more claims than this the whole is analysed where three in four are touched.
const FEW: usize = 1_000;

/// A workspace with what is known of it now.
#[derive(Debug)]
pub struct Standing {
    workspace: Workspace,
    options: Options,
    index: Index,
    kept: Kept,
    /// How many findings reading all files came to.
    unread: usize,
    /// How many claims there are.
    claims: usize,
    around: Vec<Around>,
    whole: Option<Arc<Analysis>>,
    /// How many claims were looked at for the last change.
    looked_at: usize,
}

impl Standing {
    /// Analyses a workspace for the first time.
    pub fn new(workspace: Workspace, options: Options) -> Self {
        let index = Index::new(&workspace);
        let files = workspace.files().len();
        let mut standing = Self {
            unread: workspace.reading.iter().map(Vec::len).sum(),
            claims: workspace.documents().iter().map(|document| document.claims.len()).sum(),
            workspace,
            options,
            index,
            kept: Kept::new(files),
            around: Vec::new(),
            whole: None,
            looked_at: 0,
        };
        standing.look_at_all();
        standing
    }

    /// Begins anew with another workspace, as where files came or went.
    pub fn reload(&mut self, workspace: Workspace) {
        *self = Self::new(workspace, std::mem::take(&mut self.options));
    }

    /// The texts and what each says.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// What it is looked at with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Where everything is defined and mentioned.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// How many claims were looked at for the last change: what it cost follows from that.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// Looks at the same texts with other options, such as archived texts that changed.
    pub fn look_with(&mut self, options: Options) {
        let workspace = std::mem::replace(&mut self.workspace, Workspace::read(Vec::new()));
        *self = Self::new(workspace, options);
    }

    /// The findings whose first label stands in a file, by place: the same as those of [`Workspace::analyse`], but
    /// for the ids in their evidence, which mean nothing outside an analysis and are left out.
    pub fn findings(&self, file: FileId) -> &[Finding] {
        let homes = self.index.entries(file).iter().map(|&entry| Home::Entry(entry));
        let homes = homes.chain([Home::File(file)]);
        self.kept.show(file, homes, &self.workspace.reading[file.index()], self.is_complete())
    }

    /// The files whose findings are others, or show elsewhere, than when they were taken last; all of them the first
    /// time.
    pub fn take_changed(&mut self) -> Vec<FileId> {
        self.kept.take_changed()
    }

    /// Puts another text in the place of a file's and brings up to date what that touches.
    pub fn replace(&mut self, file: FileId, text: String) {
        if self.workspace.files()[file].text() == text {
            return;
        }
        let before = self.workspace.files()[file].clone();
        let (document, reading) = self.workspace.exchange(file, text);
        let was_complete = self.is_complete();
        self.count(file, &document, &reading);
        let now = &self.workspace.documents[file.index()];
        let changes = Changes::between(&mut self.index, file, &document, now);
        let settings = [&document, now].map(|document| document.settings.as_ref().map(|it| it.span));
        let touched = self.take_over(file, &changes, (&before, settings));
        let touches_many = touched.iter().filter(|&&entry| self.index.kind(entry) == Kind::Claim).count();
        self.looked_at = touches_many;
        let is_most = self.claims > FEW && touches_many * 4 > self.claims * 3;
        if changes.is_everywhere || is_most || self.kept.unresolved.len() >= MANY_UNRESOLVED {
            self.look_at_all();
        } else {
            self.look_at(&touched, &changes.mentioned);
            if self.kept.unresolved.len() >= MANY_UNRESOLVED {
                self.look_at_all();
            } else if changes.entries.iter().any(|change| is_named(change.kind)) {
                self.look_at_names();
            }
        }
        self.index.purge();
        if was_complete != self.is_complete() {
            let index = &self.index;
            self.kept.change_completeness(|home| file_of(index, home));
            self.around.clear();
        }
        self.around.retain(|around| !around.is_touched(file, &touched));
        self.whole = None;
    }

    /// Whether everything can be read, so that what nothing uses can be told.
    fn is_complete(&self) -> bool {
        self.unread == 0 && self.kept.is_resolved()
    }

    /// Counts what a file says now instead of what it said.
    fn count(&mut self, file: FileId, before: &crate::document::Document, reading: &[Finding]) {
        let (now, found) = (&self.workspace.documents[file.index()], &self.workspace.reading[file.index()]);
        self.claims = self.claims + now.claims.len() - before.claims.len();
        self.unread = self.unread + found.len() - reading.len();
        // Findings at the same bytes may show in other lines.
        if !found.is_empty() || !reading.is_empty() {
            self.kept.change(file);
        }
    }

    /// Takes what a file says now into the index, moves what is kept, and tells which entries the change touches.
    fn take_over(
        &mut self,
        file: FileId,
        changes: &Changes,
        (before, settings): (&SourceFile, [Option<Span>; 2]),
    ) -> FxHashSet<EntryId> {
        let mut old = Touched::new(&self.index);
        for change in changes.entries.iter().filter(|change| change.stood) {
            old.add(change.entry);
        }
        let old = old.entries;
        let source = self.workspace.documents[file.index()].source.as_ref();
        let publisher = source.and_then(|source| source.body.publisher.clone());
        let publishers = self.publishers(changes, publisher.as_ref());
        let places: Vec<(Span, EntryId)> =
            self.index.entries(file).iter().map(|&entry| (self.index.span(entry), entry)).collect();
        let now = &self.workspace.documents[file.index()];
        self.index.update(file, now, &changes.matched, &changes.places);
        self.move_in(file, before, places, settings, changes);
        for &(entry, _) in &changes.matched.gone {
            self.kept.set(Home::Entry(entry), file, |_| true, Vec::new());
        }
        let is_gone = |entry: &EntryId| changes.matched.gone.iter().any(|(gone, _)| gone == entry);
        let mut touched = Touched::new(&self.index);
        old.into_iter().filter(|entry| !is_gone(entry)).for_each(|entry| touched.add(entry));
        for change in &changes.entries {
            if change.stands {
                touched.add(change.entry);
            }
            touched.feel(change.entry, change.reach);
            for &same in self.index.defined(self.index.name_of(change.entry)) {
                touched.add(same);
            }
        }
        let beyond = Beyond::new(&self.index, std::iter::empty());
        for (name, published) in publishers {
            if beyond.publishes(self.index.text(name)) != published {
                for &actor in self.index.defined(name) {
                    touched.add(actor);
                    touched.feel(actor, Reach::Deep);
                }
            }
        }
        let is_sourceless = self.workspace.documents[file.index()].source.is_none();
        if is_sourceless {
            // Of all of them the first is told that it has none.
            let entries = self.index.entries(file).iter().copied();
            entries
                .filter(|&entry| self.index.kind(entry) == Kind::Claim)
                .for_each(|claim| touched.add(claim));
        }
        for entry in self.mistaken(changes) {
            touched.add(entry);
        }
        touched.entries
    }

    /// The actors that sources which changed are published by, before and now, and whether they publish any before.
    fn publishers(&mut self, changes: &Changes, now: Option<&crate::document::Name>) -> Vec<(NameId, bool)> {
        let sources = changes.entries.iter().filter(|change| change.kind == Kind::Source);
        let mut names: Vec<NameId> = Vec::new();
        for change in sources {
            names.extend(now.map(|name| self.index.intern((Some(Kind::Actor), name.value.clone()))));
            if change.stood {
                let same = self.index.defined(self.index.name_of(change.entry));
                let ties = same.iter().flat_map(|&source| self.index.ties(source)).map(|(name, _)| name);
                names.extend(ties.filter(|&name| self.index.kind_of(name) == Some(Kind::Actor)));
            }
        }
        names.sort_unstable();
        names.dedup();
        let beyond = Beyond::new(&self.index, std::iter::empty());
        names.into_iter().map(|name| (name, beyond.publishes(self.index.text(name)))).collect()
    }

    /// The entries that mention a name nothing bears, where another name may be the nearest to it now.
    fn mistaken(&self, changes: &Changes) -> Vec<EntryId> {
        let renamed = changes.entries.iter().filter(|change| change.stood != change.stands);
        let kinds: Vec<Kind> = renamed.map(|change| change.kind).collect();
        if kinds.is_empty() {
            return Vec::new();
        }
        let is_item = kinds.iter().any(|kind| ITEMS.contains(kind));
        let index = &self.index;
        let is_mistaken = |&entry: &EntryId| {
            let mut ties = index.ties(entry);
            ties.any(|(name, _)| {
                let kind = index.kind_of(name);
                index.defined(name).is_empty() && kind.map_or(is_item, |kind| kinds.contains(&kind))
            }) || is_item && self.kept.at(Home::Entry(entry)).iter().any(is_unreadable)
        };
        let homes = self.kept.unresolved.iter();
        homes
            .filter_map(|home| if let Home::Entry(entry) = home { Some(*entry) } else { None })
            .filter(is_mistaken)
            .collect()
    }

    /// Moves the places of what is kept with the entries of a file that say what they said.
    fn move_in(
        &mut self,
        file: FileId,
        before: &SourceFile,
        mut places: Vec<(Span, EntryId)>,
        settings: [Option<Span>; 2],
        changes: &Changes,
    ) {
        let (now, index) = (&self.workspace.files()[file], &self.index);
        places.sort_unstable_by_key(|(span, _)| *span);
        let gone: FxHashSet<EntryId> = changes.matched.gone.iter().map(|(entry, _)| *entry).collect();
        let start = |at: u32| -> Option<(u32, u32)> {
            let behind = places.partition_point(|(span, _)| span.start <= at);
            let entry =
                places[..behind].last().filter(|(span, entry)| at <= span.end && !gone.contains(entry));
            if let Some(&(span, entry)) = entry {
                return Some((span.start, index.span(entry).start));
            }
            let [was, is] = settings;
            was.filter(|was| was.start <= at && at <= was.end).zip(is).map(|(was, is)| (was.start, is.start))
        };
        let moved = |place: Location| {
            let Some((was, is)) = start(place.span.start) else { return (place, false) };
            let to = |at: u32| at.wrapping_sub(was).wrapping_add(is);
            let span = Span { start: to(place.span.start), end: to(place.span.end) };
            let shows = |file: &SourceFile, span: Span| [span.start, span.end].map(|at| file.line_column(at));
            let differs = shows(before, place.span) != shows(now, span);
            (Location { file, span }, differs)
        };
        self.kept.move_in(file, |home| file_of(index, home), moved);
    }

    /// Analyses everything anew.
    fn look_at_all(&mut self) {
        let documents = self.workspace.by_file();
        let view = View {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            elsewhere: &Nowhere,
        };
        let examined = view.examine(None, |_| true);
        self.looked_at = self.claims;
        let entries =
            (0..self.workspace.files().len()).flat_map(|at| self.index.entries(FileId::new(at)).to_vec());
        let entries: FxHashSet<EntryId> = entries.collect();
        self.note_uses(&examined, &entries);
        let mut found = self.by_home(examined);
        for home in self.kept.homes() {
            found.entry(home).or_default();
        }
        for (home, found) in found {
            self.kept.set(home, file_of(&self.index, home), |_| true, found);
        }
    }

    /// Analyses some entries with what is needed for them; of what their definitions and those of some names are
    /// used by, all is known.
    fn look_at(&mut self, touched: &FxHashSet<EntryId>, names: &[NameId]) {
        let slice = Slice::around(&self.index, &self.workspace, touched, names);
        let documents = slice.as_documents();
        let view = View {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            elsewhere: &Beyond::new(&self.index, touched.iter().copied()),
        };
        let examined = view.examine(Some(Scope::Claims), |_| true);
        self.note_uses(&examined, touched);
        let mut found = self.by_home(examined);
        for &entry in &slice.entries {
            let home = Home::Entry(entry);
            let mut now = found.remove(&home).unwrap_or_default();
            let file = self.index.file_of(entry);
            if touched.contains(&entry) {
                self.kept.set(home, file, |sort| sort != Sort::Names, now);
            } else {
                now.retain(|kept| kept.sort == Sort::Unused);
                self.kept.set(home, file, |sort| sort == Sort::Unused, now);
            }
        }
    }

    /// Holds all names against each other.
    fn look_at_names(&mut self) {
        let slice = Slice::of_names(&self.workspace);
        let documents = slice.as_documents();
        let view = View {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            elsewhere: &Nowhere,
        };
        let mut found = self.by_home(view.examine(Some(Scope::Names), |_| true));
        for &home in &self.kept.of_names {
            found.entry(home).or_default();
        }
        for (home, mut found) in found {
            found.retain(|kept| kept.sort == Sort::Names);
            self.kept.set(home, file_of(&self.index, home), |sort| sort == Sort::Names, found);
        }
    }

    /// Puts down what each of some entries uses.
    fn note_uses(&mut self, examined: &Examined, entries: &FxHashSet<EntryId>) {
        let mut uses: rustc_hash::FxHashMap<EntryId, Vec<NameId>> = rustc_hash::FxHashMap::default();
        for (by, thing) in rules::uses(examined.model()) {
            let entry = by.and_then(|by| self.index.entry_at(by.file, by.span.start));
            if let Some(entry) = entry.filter(|entry| entries.contains(entry)) {
                let (kind, name) = thing.name(examined.model());
                let name = self.index.intern((Some(kind), name.clone()));
                uses.entry(entry).or_default().push(name);
            }
        }
        for &entry in entries {
            self.index.set_uses(entry, uses.remove(&entry).unwrap_or_default());
        }
    }

    /// What was found, by where it is at home.
    fn by_home(&self, examined: Examined) -> rustc_hash::FxHashMap<Home, Vec<KeptFinding>> {
        let mut by_home: rustc_hash::FxHashMap<Home, Vec<KeptFinding>> = rustc_hash::FxHashMap::default();
        let (model, unresolved, told) = examined.into_found();
        let unresolved = unresolved.into_iter().map(|finding| (Sort::Unresolved, finding));
        let told = told.into_iter().map(|finding| (sort_of(&finding), finding));
        for (sort, finding) in unresolved.chain(told) {
            let Some(at) = finding.labels.first().map(|label| label.location) else { continue };
            let entry = self.index.entry_at(at.file, at.span.start);
            let home = entry.map_or(Home::File(at.file), Home::Entry);
            by_home
                .entry(home)
                .or_default()
                .push(KeptFinding { sort, finding: without_ids(&model, finding) });
        }
        by_home
    }
}

/// Whether an unresolved finding is on a value that may list what there is instead.
fn is_unreadable(kept: &KeptFinding) -> bool {
    kept.finding.rule == lint::UNREADABLE_VALUE.id
}

/// Whether the names of a kind are held against each other.
fn is_named(kind: Kind) -> bool {
    matches!(kind, Kind::Actor | Kind::Subject | Kind::Place | Kind::Term)
}

fn sort_of(finding: &Finding) -> Sort {
    match rules::find(finding.rule) {
        Some(rule) if rule.scope == Scope::Names => Sort::Names,
        Some(rule) if rule.id == "unused-id" => Sort::Unused,
        Some(rule) if rule.id == "idle-silence" => Sort::Idle,
        _ => Sort::Claims,
    }
}

/// The file of a home.
fn file_of(index: &Index, home: Home) -> FileId {
    match home {
        Home::Entry(entry) => index.file_of(entry),
        Home::File(file) => file,
    }
}

//! Findings as diagnostics: the words of the command line at every place that takes part, with links to the others.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport, Message,
    PublishDiagnosticsParams, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use super::error::RequestError;
use super::session::Session;
use crate::finding::{Finding, Grade, Omitted};
use crate::id::{FileId, Id as _};
use crate::report::snippets::clean;
use crate::source::{Location, Span};

/// Which diagnostics each file has, and which of them the editor knows.
#[derive(Default)]
pub(super) struct Told {
    /// By file, then by the file whose findings they are of.
    of: Vec<BTreeMap<FileId, Vec<Diagnostic>>>,
    /// The files in which the findings of a file show.
    shows_in: Vec<BTreeSet<FileId>>,
    /// Files whose findings changed, and whose diagnostics may have to be made anew where they show in other files.
    late: BTreeSet<FileId>,
    /// The same, whose diagnostics were made for no file yet.
    fresh: BTreeSet<FileId>,
    /// The files for which those of what is late were made.
    made_for: Vec<FileId>,
    /// Files whose diagnostics are others than the editor was told.
    untold: BTreeSet<FileId>,
    /// Files of which the editor was told something, by path: what is gone has to be taken back.
    known: BTreeSet<String>,
    /// Whether files may be gone of which the editor was told something.
    may_be_gone: bool,
    /// Files with another text: they may have become claim files, or ceased to be.
    reread: BTreeSet<FileId>,
    /// By file, the name of its diagnostics, where somebody asked for it.
    named: BTreeMap<FileId, String>,
    /// Whether any findings are others since somebody asked.
    news: bool,
}

impl Told {
    /// A text changed: the editor wants to hear that its findings are those of the new one, be they the same.
    pub(super) fn is_due(&mut self, file: FileId) {
        self.untold.insert(file);
        self.reread.insert(file);
    }

    /// Whether there is anything new since this was asked last.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    /// Whether there is anything of which the editor was not told.
    pub(super) fn has_more(&self) -> bool {
        let are_all_made = self.fresh.is_empty() && self.late.is_empty();
        !are_all_made || !self.untold.is_empty() || self.may_be_gone
    }

    /// The diagnostics of a file are others.
    fn changes(&mut self, file: FileId) {
        self.untold.insert(file);
        self.named.remove(&file);
    }

    /// Begins anew with so many files.
    pub(super) fn begin(&mut self, files: usize) {
        self.of = vec![BTreeMap::new(); files];
        self.shows_in = vec![BTreeSet::new(); files];
        self.untold = (0..files).map(FileId::new).collect();
        self.may_be_gone = true;
        self.reread.clear();
        self.late.clear();
        self.fresh.clear();
        self.named.clear();
        self.news = true;
    }
}

impl Session {
    /// Notes which findings changed, whose diagnostics are made when they are asked for.
    pub(super) fn note_changes(&mut self) {
        self.settle();
        let changed = self.standing_mut().take_changed();
        self.told.news |= !changed.is_empty();
        self.told.fresh.extend(changed);
        self.told.fresh.append(&mut self.told.reread);
    }

    /// Makes all diagnostics that may be others now.
    fn diagnose(&mut self) {
        self.note_changes();
        self.told.late.append(&mut self.told.fresh);
        for from in std::mem::take(&mut self.told.late) {
            self.diagnose_from(from, &|_| true);
        }
    }

    /// Makes those that show in some files; what else changed waits, as the next keystroke may change it again.
    fn diagnose_in(&mut self, files: &[FileId]) {
        self.note_changes();
        if self.told.made_for != files {
            // What was made for others is made for these as well.
            self.told.fresh.append(&mut self.told.late);
            files.clone_into(&mut self.told.made_for);
        }
        let mut fresh = std::mem::take(&mut self.told.fresh);
        for &from in &fresh {
            self.diagnose_from(from, &|shown| files.contains(&shown));
        }
        self.told.late.append(&mut fresh);
    }

    /// Makes the diagnostics of a file's findings that show in files asked for.
    fn diagnose_from(&mut self, from: FileId, is_asked: &dyn Fn(FileId) -> bool) {
        let shows_in = std::mem::take(&mut self.told.shows_in[from.index()]);
        let (asked, rest): (BTreeSet<FileId>, _) = shows_in.into_iter().partition(|&shown| is_asked(shown));
        self.told.shows_in[from.index()] = rest;
        let mut before: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
        for shown in asked {
            before.extend(self.told.of[shown.index()].remove(&from).map(|them| (shown, them)));
        }
        for (shown, now) in self.diagnostics_from(from, is_asked) {
            // Most of what a file has to do with others is as it was.
            if before.remove(&shown).as_ref() != Some(&now) {
                self.told.changes(shown);
            }
            self.told.of[shown.index()].insert(from, now);
            self.told.shows_in[from.index()].insert(shown);
        }
        for shown in before.into_keys() {
            self.told.changes(shown);
        }
    }

    /// The findings of a file as diagnostics, by the file in which they show, of those asked for.
    fn diagnostics_from(
        &self,
        file: FileId,
        is_asked: &dyn Fn(FileId) -> bool,
    ) -> BTreeMap<FileId, Vec<Diagnostic>> {
        let mut made: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
        if self.is_ours(file) {
            for finding in self.standing().findings(file) {
                self.diagnostics_of(finding, is_asked, &mut made);
            }
            if is_asked(file) {
                let omitted = self.standing().omitted(file).iter();
                made.entry(file).or_default().extend(omitted.map(|omitted| self.omitted(omitted)));
            }
        }
        made.retain(|_, diagnostics| !diagnostics.is_empty());
        made
    }

    /// What to publish of files that the editor has open: where they are others than it knows.
    pub(super) fn publish_open(&mut self) -> Vec<PublishDiagnosticsParams> {
        let open = self.open_files();
        self.diagnose_in(&open);
        let untold: Vec<FileId> = open.into_iter().filter(|file| self.told.untold.contains(file)).collect();
        untold.into_iter().filter_map(|file| self.published(file)).collect()
    }

    /// What to publish of one further file, or of one that is gone; none where the editor knows all.
    pub(super) fn publish_next(&mut self) -> Option<PublishDiagnosticsParams> {
        self.diagnose();
        while let Some(&file) = self.told.untold.first() {
            let published = self.published(file);
            if published.is_some() {
                return published;
            }
        }
        if self.told.may_be_gone {
            let gone = self.told.known.iter().find(|path| self.files().find(path).is_none()).cloned();
            if let Some(path) = gone {
                self.told.known.remove(&path);
                let uri = super::place::uri(std::path::Path::new(&path));
                return Some(PublishDiagnosticsParams::new(uri, None, Vec::new()));
            }
            self.told.may_be_gone = false;
        }
        None
    }

    /// The diagnostics of a file, for an editor that knows others; none where it has none to take back either.
    fn published(&mut self, file: FileId) -> Option<PublishDiagnosticsParams> {
        self.told.untold.remove(&file);
        let path = self.source(file).path().to_owned();
        let diagnostics = self.diagnostics(file);
        let was_known = self.told.known.remove(&path);
        if !diagnostics.is_empty() {
            self.told.known.insert(path);
        } else if !was_known && self.version(file).is_none() {
            return None;
        }
        Some(PublishDiagnosticsParams::new(self.uri(file), self.version(file), diagnostics))
    }

    /// What takes back all that was published.
    pub(super) fn take_back(&self) -> Vec<PublishDiagnosticsParams> {
        let uri = |path: &String| match self.files().find(path) {
            Some(file) => self.uri(file),
            None => super::place::uri(std::path::Path::new(path)),
        };
        self.told
            .known
            .iter()
            .map(|path| PublishDiagnosticsParams::new(uri(path), None, Vec::new()))
            .collect()
    }

    /// A name for the diagnostics of a file: as long as it stays the same, so do they, whichever server made them.
    fn name(&mut self, file: FileId) -> String {
        if let Some(name) = self.told.named.get(&file) {
            return name.clone();
        }
        let written = serde_json::to_vec(&self.diagnostics(file)).expect("diagnostics are JSON");
        let name = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&written));
        self.told.named.insert(file, name.clone());
        name
    }

    /// The diagnostics of a file, by place.
    pub(super) fn diagnostics(&self, file: FileId) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = self.told.of[file.index()].values().flatten().cloned().collect();
        all.sort_by_key(|diagnostic| (diagnostic.range.start, diagnostic.range.end));
        all
    }

    /// A finding at each place that takes part in it, once in a place; a lint at its first only.
    fn diagnostics_of(
        &self,
        finding: &Finding,
        is_asked: &dyn Fn(FileId) -> bool,
        made: &mut BTreeMap<FileId, Vec<Diagnostic>>,
    ) {
        let shown = if finding.grade.is_lint() { 1 } else { finding.labels.len() };
        for (at, label) in finding.labels.iter().enumerate().take(shown) {
            let place = label.location;
            let is_told = || finding.labels[..at].iter().any(|before| before.location == place);
            if is_asked(place.file) && !is_told() {
                made.entry(place.file).or_default().push(self.diagnostic(finding, at));
            }
        }
        let also = finding.evidence.iter().flat_map(|evidence| &evidence.also_at);
        for place in also.filter(|place| is_asked(place.file)) {
            made.entry(place.file).or_default().push(self.also(finding, *place));
        }
    }

    /// That there are more mistakes of a kind, where the last one that is shown stands, else at the start of the file.
    fn omitted(&self, omitted: &Omitted) -> Diagnostic {
        let findings = self.standing().findings(omitted.file).iter().rev();
        let last = findings
            .filter(|finding| finding.rule == omitted.rule)
            .find_map(|finding| finding.labels.first());
        let place = last.map_or(Location { file: omitted.file, span: Span::at(0) }, |label| label.location);
        let message = format!(
            "and {}; `gainsay check --all` shows them",
            crate::report::omitted::in_file(self.files(), omitted)
        );
        Diagnostic {
            range: self.range(place.file, place.span),
            severity: Some(severity(omitted.grade)),
            code: Some(Code::String(omitted.rule.to_owned())),
            code_description: super::desk::explained(omitted.rule).map(|href| CodeDescription { href }),
            source: Some("gainsay".to_owned()),
            message: Message::String(message),
            tags: None,
            related_information: None,
            data: None,
        }
    }

    /// A finding as seen from one of its labels.
    fn diagnostic(&self, finding: &Finding, from: usize) -> Diagnostic {
        let related =
            finding.labels.iter().enumerate().filter(|&(at, label)| at != from && !label.text.is_empty());
        let related: Vec<_> = related
            .map(|(_, label)| {
                DiagnosticRelatedInformation::new(self.place(label.location), label.text.clone())
            })
            .collect();
        let severity = severity(finding.grade);
        self.shown(finding, finding.labels[from].location, (severity, message(finding)), related)
    }

    /// A finding at a claim that no label shows: one that says the same, or clashes as well.
    fn also(&self, finding: &Finding, place: Location) -> Diagnostic {
        let severity = match finding.grade {
            Grade::Note => DiagnosticSeverity::Hint,
            _ => DiagnosticSeverity::Information,
        };
        let message = format!("also said here: {}", finding.message);
        let labels = finding.labels.iter().filter(|label| !label.text.is_empty());
        let related = labels
            .map(|label| DiagnosticRelatedInformation::new(self.place(label.location), label.text.clone()));
        self.shown(finding, place, (severity, message), related.collect())
    }

    fn shown(
        &self,
        finding: &Finding,
        place: Location,
        (severity, message): (DiagnosticSeverity, String),
        mut related: Vec<DiagnosticRelatedInformation>,
    ) -> Diagnostic {
        for label in &mut related {
            label.message = clean(&label.message);
        }
        Diagnostic {
            range: self.range(place.file, place.span),
            severity: Some(severity),
            code: Some(Code::String(finding.rule.to_owned())),
            code_description: super::desk::explained(finding.rule).map(|href| CodeDescription { href }),
            source: Some("gainsay".to_owned()),
            message: Message::String(clean(&message)),
            tags: is_needless(finding.rule).then(|| vec![DiagnosticTag::Unnecessary]),
            related_information: (!related.is_empty()).then_some(related),
            data: finding.evidence.as_deref().map(|evidence| evidence.id.clone().into()),
        }
    }
}

/// The diagnostics of one file. A file that belongs to no workspace has none.
pub(super) fn of_document(
    session: Option<&mut Session>,
    params: &DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReport, RequestError> {
    let uri = &params.text_document.uri;
    let mut found = None;
    if let Some(session) = session {
        session.require_analysis()?;
        session.settle();
        if let Some(file) = session.file(uri) {
            session.diagnose_in(&[file]);
            found = Some((session, file));
        }
    }
    let Some((session, file)) = found else {
        return Ok(RelatedFullDocumentDiagnosticReport::default().into());
    };
    let name = session.name(file);
    if params.previous_result_id.as_ref() == Some(&name) {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id: name };
        let report = RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report,
        };
        return Ok(report.into());
    }
    let items = session.diagnostics(file);
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: Some(name), items };
    let report =
        RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report };
    Ok(report.into())
}

/// What the editor asks of all files: of those that are as it knows them only that, and of those it knows and that
/// are gone, that nothing is to be said of them.
pub(super) fn of_workspace(
    sessions: &mut [Session],
    params: &WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReport, RequestError> {
    let previous = params.previous_result_ids.iter();
    let mut known: BTreeMap<&str, &str> =
        previous.map(|known| (known.uri.as_ref(), known.value.as_str())).collect();
    let mut items = Vec::new();
    for session in sessions {
        session.require_analysis()?;
        session.diagnose();
        for file in (0..session.files().len()).map(FileId::new) {
            let (uri, version, name) = (session.uri(file), session.version(file), session.name(file));
            items.push(if known.remove(uri.as_ref()) == Some(name.as_str()) {
                let report = UnchangedDocumentDiagnosticReport { result_id: name };
                WorkspaceUnchangedDocumentDiagnosticReport::new(uri, version, report).into()
            } else {
                let items = session.diagnostics(file);
                let report = FullDocumentDiagnosticReport { result_id: Some(name), items };
                WorkspaceFullDocumentDiagnosticReport::new(uri, version, report).into()
            });
        }
    }
    items.extend(known.keys().map(|&gone| {
        let report = FullDocumentDiagnosticReport::default();
        WorkspaceFullDocumentDiagnosticReport::new(Uri::from(gone), None, report).into()
    }));
    Ok(WorkspaceDiagnosticReport { items })
}

/// A contradiction is no error in the file: what both sides say stands in it as it should.
fn severity(grade: Grade) -> DiagnosticSeverity {
    match grade {
        Grade::Error => DiagnosticSeverity::Error,
        Grade::Warning | Grade::Contradiction => DiagnosticSeverity::Warning,
        Grade::Tension => DiagnosticSeverity::Information,
        Grade::Note => DiagnosticSeverity::Hint,
    }
}

/// Whether what a lint marks could be left out.
fn is_needless(rule: &str) -> bool {
    matches!(rule, "idle-silence" | "unused-id")
}

/// The message with its steps, notes and help, as the command line prints them.
fn message(finding: &Finding) -> String {
    let mut lines = vec![finding.message.clone()];
    if let Some(evidence) = finding.evidence.as_deref() {
        lines.extend(evidence.steps.iter().map(|step| format!("  {step}")));
    }
    lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
    let repairs = finding.evidence.iter().flat_map(|evidence| &evidence.repairs);
    let head = if finding.grade.is_lint() { "help:" } else { "would settle it:" };
    lines.extend(repairs.chain(&finding.help).map(|line| format!("{head} {line}")));
    lines.join("\n")
}

//! Turns findings into diagnostics. They have the same text as on the command line. A finding on claims is shown at
//! each of its places, with links to the others.

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
use gainsay_analysis::finding::{Finding, Grade, Omitted};
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::rules::{self, Scope};
use gainsay_analysis::source::{Location, Span};
use gainsay_report::report::snippets::clean;

impl Session {
    /// Applies pending changes and notes which findings changed. Their diagnostics are made when they are needed.
    pub(super) fn note_changes(&mut self) {
        self.apply_pending();
        let changed = self.incremental_mut().take_changed();
        self.collection.findings_changed(changed);
    }

    /// Makes all diagnostics that may have changed.
    fn make_diagnostics(&mut self) {
        self.note_changes();
        self.collection.partly_made.append(&mut self.collection.unmade);
        for from in std::mem::take(&mut self.collection.partly_made) {
            self.make_diagnostics_from(from, &|_| true);
        }
    }

    /// Makes the diagnostics that are shown in some files. The others are made later, because the next keystroke may
    /// change them again.
    fn make_diagnostics_in(&mut self, files: &[FileId]) {
        self.note_changes();
        if self.collection.made_for != files {
            // Diagnostics that were made for other files have to be made for these.
            self.collection.unmade.append(&mut self.collection.partly_made);
            files.clone_into(&mut self.collection.made_for);
        }
        let mut fresh = std::mem::take(&mut self.collection.unmade);
        for &from in &fresh {
            self.make_diagnostics_from(from, &|shown| files.contains(&shown));
        }
        self.collection.partly_made.append(&mut fresh);
    }

    /// Makes the diagnostics of the findings of `from`, in the files for which `is_asked` holds.
    fn make_diagnostics_from(&mut self, from: FileId, is_asked: &dyn Fn(FileId) -> bool) {
        let shows_in = std::mem::take(&mut self.collection.shown_in[from.index()]);
        let (asked, rest): (BTreeSet<FileId>, _) = shows_in.into_iter().partition(|&shown| is_asked(shown));
        self.collection.shown_in[from.index()] = rest;
        let mut before: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
        for shown in asked {
            before.extend(self.collection.by_file[shown.index()].remove(&from).map(|them| (shown, them)));
        }
        for (shown, now) in self.diagnostics_from(from, is_asked) {
            // Most diagnostics have not changed.
            if before.remove(&shown).as_ref() != Some(&now) {
                self.collection.diagnostics_changed(shown);
            }
            self.collection.by_file[shown.index()].insert(from, now);
            self.collection.shown_in[from.index()].insert(shown);
        }
        for shown in before.into_keys() {
            self.collection.diagnostics_changed(shown);
        }
    }

    /// The diagnostics of the findings of a file, by the file in which they are shown, for the files that are asked
    /// for.
    fn diagnostics_from(
        &self,
        file: FileId,
        is_asked: &dyn Fn(FileId) -> bool,
    ) -> BTreeMap<FileId, Vec<Diagnostic>> {
        let mut made: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
        if self.is_claim_file(file) {
            for finding in self.incremental().findings(file) {
                self.add_diagnostics(finding, is_asked, &mut made);
            }
            if is_asked(file) {
                let omitted = self.incremental().omitted(file).iter();
                made.entry(file)
                    .or_default()
                    .extend(omitted.map(|omitted| self.diagnostic_of_omitted(omitted)));
            }
        }
        made.retain(|_, diagnostics| !diagnostics.is_empty());
        made
    }

    /// The diagnostics to publish for open files: those that the editor does not have yet.
    pub(super) fn publish_open(&mut self) -> Vec<PublishDiagnosticsParams> {
        let open = self.open_files();
        self.make_diagnostics_in(&open);
        let unpublished: Vec<FileId> =
            open.into_iter().filter(|file| self.collection.unpublished.contains(file)).collect();
        unpublished.into_iter().filter_map(|file| self.take_unpublished(file)).collect()
    }

    /// The diagnostics to publish for one more file, or for one that was removed. None if the editor has them all.
    pub(super) fn publish_next(&mut self) -> Option<PublishDiagnosticsParams> {
        self.make_diagnostics();
        while let Some(&file) = self.collection.unpublished.first() {
            let published = self.take_unpublished(file);
            if published.is_some() {
                return published;
            }
        }
        if self.collection.may_have_removed_files {
            let gone = self
                .collection
                .published_paths
                .iter()
                .find(|path| self.files().find(path).is_none())
                .cloned();
            if let Some(path) = gone {
                self.collection.published_paths.remove(&path);
                let uri = super::position::uri_from_path(std::path::Path::new(&path));
                return Some(PublishDiagnosticsParams::new(uri, None, Vec::new()));
            }
            self.collection.may_have_removed_files = false;
        }
        None
    }

    /// The diagnostics to publish for a file. None if the file has no diagnostics, is not open, and the editor has
    /// none to clear.
    fn take_unpublished(&mut self, file: FileId) -> Option<PublishDiagnosticsParams> {
        self.collection.unpublished.remove(&file);
        let path = self.source(file).path().to_owned();
        let diagnostics = self.diagnostics(file);
        let was_known = self.collection.published_paths.remove(&path);
        if !diagnostics.is_empty() {
            self.collection.published_paths.insert(path);
        } else if !was_known && self.version(file).is_none() {
            return None;
        }
        Some(PublishDiagnosticsParams::new(self.uri(file), self.version(file), diagnostics))
    }

    /// Empty diagnostics for each file that has published ones, to clear them.
    pub(super) fn cleared_diagnostics(&self) -> Vec<PublishDiagnosticsParams> {
        let uri = |path: &String| match self.files().find(path) {
            Some(file) => self.uri(file),
            None => super::position::uri_from_path(std::path::Path::new(path)),
        };
        self.collection
            .published_paths
            .iter()
            .map(|path| PublishDiagnosticsParams::new(uri(path), None, Vec::new()))
            .collect()
    }

    /// The result id of the diagnostics of a file: a hash of them, so that equal diagnostics have the same id even
    /// after a restart of the server.
    fn result_id(&mut self, file: FileId) -> String {
        if let Some(name) = self.collection.result_ids.get(&file) {
            return name.clone();
        }
        let written = serde_json::to_vec(&self.diagnostics(file)).expect("diagnostics are JSON");
        let name = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&written));
        self.collection.result_ids.insert(file, name.clone());
        name
    }

    /// The diagnostics that are shown in a file, in the order of their ranges.
    pub(super) fn diagnostics(&self, file: FileId) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> =
            self.collection.by_file[file.index()].values().flatten().cloned().collect();
        all.sort_by_key(|diagnostic| (diagnostic.range.start, diagnostic.range.end));
        all
    }

    /// Adds the diagnostics of one finding: one for each place of its labels and its `also_at`. A lint is only shown
    /// at its first label.
    fn add_diagnostics(
        &self,
        finding: &Finding,
        is_asked: &dyn Fn(FileId) -> bool,
        made: &mut BTreeMap<FileId, Vec<Diagnostic>>,
    ) {
        let shown = if finding.grade.is_lint() { 1 } else { finding.labels.len() };
        for (at, label) in finding.labels.iter().enumerate().take(shown) {
            let place = label.location;
            let is_repeated = || finding.labels[..at].iter().any(|before| before.location == place);
            if is_asked(place.file) && !is_repeated() {
                made.entry(place.file).or_default().push(self.diagnostic(finding, at));
            }
        }
        let also = finding.evidence.iter().flat_map(|evidence| &evidence.also_at);
        for place in also.filter(|place| is_asked(place.file)) {
            made.entry(place.file).or_default().push(self.diagnostic_without_label(finding, *place));
        }
    }

    /// The diagnostic that says that there are more mistakes of one kind. It is shown at the last one that is shown,
    /// or at the start of the file.
    fn diagnostic_of_omitted(&self, omitted: &Omitted) -> Diagnostic {
        let findings = self.incremental().findings(omitted.file).iter().rev();
        let last = findings
            .filter(|finding| finding.rule == omitted.rule)
            .find_map(|finding| finding.labels.first());
        let place = last.map_or(Location { file: omitted.file, span: Span::at(0) }, |label| label.location);
        let message = format!(
            "and {}; `gainsay check --all` shows all of them",
            gainsay_report::report::omitted::in_file(self.files(), omitted)
        );
        Diagnostic {
            range: self.range(place.file, place.span),
            severity: Some(severity(omitted.grade)),
            code: Some(Code::String(omitted.rule.to_owned())),
            code_description: super::rule_pages::uri_of_rule(omitted.rule)
                .map(|href| CodeDescription { href }),
            source: Some("gainsay".to_owned()),
            message: Message::String(message),
            tags: None,
            related_information: None,
            data: None,
        }
    }

    /// The diagnostic of a finding at one of its labels, with links to the other labels.
    fn diagnostic(&self, finding: &Finding, from: usize) -> Diagnostic {
        let related =
            finding.labels.iter().enumerate().filter(|&(at, label)| at != from && !label.text.is_empty());
        let related: Vec<_> = related
            .map(|(_, label)| {
                DiagnosticRelatedInformation::new(self.lsp_location(label.location), label.text.clone())
            })
            .collect();
        let severity = severity(finding.grade);
        self.new_diagnostic(finding, finding.labels[from].location, (severity, message(finding)), related)
    }

    /// The diagnostic of a finding at a claim without a label: one that says the same as a labelled claim.
    fn diagnostic_without_label(&self, finding: &Finding, place: Location) -> Diagnostic {
        let severity = match finding.grade {
            Grade::Note => DiagnosticSeverity::Hint,
            _ => DiagnosticSeverity::Information,
        };
        let message = format!("also said here: {}", finding.message);
        let labels = finding.labels.iter().filter(|label| !label.text.is_empty());
        let related = labels.map(|label| {
            DiagnosticRelatedInformation::new(self.lsp_location(label.location), label.text.clone())
        });
        self.new_diagnostic(finding, place, (severity, message), related.collect())
    }

    fn new_diagnostic(
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
            code_description: super::rule_pages::uri_of_rule(finding.rule)
                .map(|href| CodeDescription { href }),
            source: Some("gainsay".to_owned()),
            message: Message::String(clean(&message)),
            tags: is_unnecessary(finding.rule).then(|| vec![DiagnosticTag::Unnecessary]),
            related_information: (!related.is_empty()).then_some(related),
            data: finding.evidence.as_deref().map(|evidence| evidence.id.clone().into()),
        }
    }
}

/// The diagnostics of one file. A file that belongs to no workspace has none.
pub(super) fn document_diagnostics(
    session: Option<&mut Session>,
    params: &DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReport, RequestError> {
    let uri = &params.text_document.uri;
    let mut found = None;
    if let Some(session) = session {
        session.require_analysis()?;
        session.apply_pending();
        if let Some(file) = session.file(uri) {
            session.make_diagnostics_in(&[file]);
            found = Some((session, file));
        }
    }
    let Some((session, file)) = found else {
        return Ok(RelatedFullDocumentDiagnosticReport::default().into());
    };
    let name = session.result_id(file);
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

/// The diagnostics of all files. Files whose diagnostics the editor has are reported as unchanged, and files that were
/// removed get empty diagnostics.
pub(super) fn workspace_diagnostics(
    sessions: &mut [Session],
    params: &WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReport, RequestError> {
    let previous = params.previous_result_ids.iter();
    let mut known: BTreeMap<&str, &str> =
        previous.map(|known| (known.uri.as_ref(), known.value.as_str())).collect();
    let mut items = Vec::new();
    for session in sessions {
        session.require_analysis()?;
        session.make_diagnostics();
        for file in (0..session.files().len()).map(FileId::new) {
            let (uri, version, name) = (session.uri(file), session.version(file), session.result_id(file));
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

/// The severity of a grade. A contradiction is not an error, because the file records correctly what both sides say.
fn severity(grade: Grade) -> DiagnosticSeverity {
    match grade {
        Grade::Error => DiagnosticSeverity::Error,
        Grade::Warning | Grade::Contradiction => DiagnosticSeverity::Warning,
        Grade::Tension => DiagnosticSeverity::Information,
        Grade::Note => DiagnosticSeverity::Hint,
    }
}

/// Whether the marked text could be removed.
fn is_unnecessary(rule: &str) -> bool {
    rules::find(rule).is_some_and(|rule| matches!(rule.scope, Scope::Uses | Scope::Silences))
}

/// The message of a finding with its steps, notes and help, as on the command line.
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

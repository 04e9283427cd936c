//! A workspace and its analysis: texts are parsed to documents, documents are resolved to a model, and the model gives
//! a graph, clashes, findings and disputes.
//!
//! Every surface calls [`Workspace::analyse`] and shows the result. Nothing here uses a disk or a clock: the caller
//! passes texts and days.

mod incremental;
mod index;
mod pipeline;
mod read;
mod suggestions;
mod threads;

pub use incremental::{ClaimGroup, IncrementalWorkspace};
pub use index::{DefinitionIndex, FileNames};
pub use read::{ReadObserver, ReadWorkspace};
pub use suggestions::{Suggestion, SuggestionSide, Suggestions, kind_in_words, suggest};
pub use threads::in_own_threads;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::dispute::Dispute;
use crate::document::{self, Document};
use crate::finding::{CollectedFindings, Collector, Finding, Grade, Limit, Omitted};
use crate::graph::Graph;
use crate::id::{FileId, Id as _};
use crate::lint;
use crate::model::{self, Model, NoGlobals};
use crate::reason::Reasoning;
use crate::source::{Files, Location, SourceFile, Span, decode};
use crate::yaml;
use gainsay_reading::period::Day;
use pipeline::PipelineInput;

/// A file as it was found on the disk.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path as shown to people.
    pub path: String,
    /// The bytes of the file, or the reason why it could not be read.
    pub content: Result<Vec<u8>, UnreadFile>,
}

/// The reason why a file was not read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnreadFile {
    /// The file cannot be read; with the message of the system.
    #[error("{0}")]
    Failed(String),
    /// The file is a link that is not followed; with where it leads: `leads out of`.
    #[error("it is a link that {0} the workspace")]
    OutsideLink(String),
}

/// All files of a workspace: parsed, with names not yet resolved.
#[derive(Clone, Debug)]
pub struct Workspace {
    files: Files,
    documents: Vec<Document>,
    /// The findings of reading each file.
    reading: Vec<CollectedFindings>,
    /// The limit for the findings of each lint.
    limit: Limit,
}

/// The options of an analysis.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Includes only what was said and published by this day; everything if none.
    pub as_of: Option<Day>,
    /// Archived texts of sources, by the id of the source.
    pub archive: FxHashMap<SmolStr, String>,
}

/// The result of analysing a workspace.
#[derive(Debug)]
pub struct Analysis {
    /// The documents with all names resolved.
    pub model: Model,
    /// The relations between the things of the model.
    pub graph: Graph,
    /// The clashes: sets of claims that cannot all hold.
    pub reasoning: Reasoning,
    /// All findings: those on claims, most serious first, then those on files, by place.
    pub findings: Vec<Finding>,
    /// The counts of findings on files beyond the limit of the workspace, by file.
    pub omitted: Vec<Omitted>,
    /// The findings by question, most serious first.
    pub disputes: Vec<Dispute>,
}

impl Workspace {
    /// Reads files in parallel. A file that cannot be read becomes one finding; the others are still read.
    /// [`Limit::default`] limits the findings of each lint, here and in each analysis.
    pub fn read(inputs: Vec<Input>) -> Self {
        Self::read_with_limit(Limit::default(), inputs, &|_, _| {})
    }

    /// Like [`Self::read`], but calls `progress` after each file with the number of files read and the number of all.
    pub fn read_with_progress(inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync)) -> Self {
        Self::read_with_limit(Limit::default(), inputs, progress)
    }

    /// Like [`Self::read_with_progress`], with another limit.
    pub fn read_with_limit(
        limit: Limit,
        inputs: Vec<Input>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Self {
        let (count, done) = (inputs.len(), AtomicUsize::new(0));
        let mut texts: Vec<Decoded> = inputs.into_par_iter().map(decode_input).collect();
        texts.sort_by(|a, b| a.file.path().cmp(b.file.path()));
        let mut files = Vec::with_capacity(texts.len());
        let mut unreadable = Vec::with_capacity(texts.len());
        for text in texts {
            files.push(text.file);
            unreadable.push((text.is_text, text.finding));
        }
        let files = Files::new(files);
        let all = Mutex::new(Collector::new(limit));
        let read = |(at, (is_text, finding)): (usize, (bool, Option<Finding>))| {
            let id = FileId::new(at);
            let text = if is_text { files[id].text() } else { "" };
            let mut findings = Collector::new(limit);
            if let Some(finding) = finding {
                findings.push(in_file(finding, id));
            }
            let document = read_file(id, text, &mut findings);
            if findings.count() > 0 {
                all.lock().expect("no thread panics while it merges").merge(findings);
            }
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
            document
        };
        let documents: Vec<Document> = unreadable.into_par_iter().enumerate().map(read).collect();
        let all = all.into_inner().expect("no thread panics while it merges").finish();
        let reading = split_by_file(files.len(), all);
        Self { files, documents, reading, limit }
    }

    /// From now on, collects all findings at a place, even beyond the limit.
    pub fn focus(&mut self, at: Location) {
        self.limit.focus = Some(at);
        if self.unreadable(at.file).is_none() {
            let mut findings = Collector::new(self.limit);
            read_file(at.file, self.files[at.file].text(), &mut findings);
            self.reading[at.file.index()] = findings.finish();
        }
    }

    /// The finding on a file that is not readable text; none if it is readable. The stored text of an unreadable file
    /// differs from the file.
    pub fn unreadable(&self, file: FileId) -> Option<&Finding> {
        self.reading[file.index()].findings.iter().find(|finding| finding.rule == lint::UNREADABLE_FILE.id)
    }

    /// Replaces the text of a file and parses it. Other files are not parsed again.
    pub fn replace(&mut self, file: FileId, text: impl Into<Arc<str>>) {
        let text = text.into();
        let read = self.read_text(file, &text);
        self.exchange(file, text, read);
    }

    /// Parses a text as the text of a file.
    fn read_text(&self, file: FileId, text: &str) -> (Document, CollectedFindings) {
        let mut findings = Collector::new(self.limit);
        let document = read_file(file, text, &mut findings);
        (document, findings.finish())
    }

    /// Replaces the text of a file with its document and findings; returns the old document and findings.
    fn exchange(
        &mut self,
        file: FileId,
        text: Arc<str>,
        (document, found): (Document, CollectedFindings),
    ) -> (Document, CollectedFindings) {
        self.files.replace(file, text);
        let document = std::mem::replace(&mut self.documents[file.index()], document);
        (document, std::mem::replace(&mut self.reading[file.index()], found))
    }

    /// The texts.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The document of each file, in the order of paths.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The findings of reading a file, before names are resolved.
    pub fn reading_findings(&self, file: FileId) -> &[Finding] {
        &self.reading[file.index()].findings
    }

    /// Runs the whole pipeline: resolve, graph, reason, rules, disputes.
    pub fn analyse(&self, options: &Options) -> Analysis {
        let documents = self.by_file();
        let globals = &NoGlobals;
        let input =
            PipelineInput { files: &self.files, documents: &documents, options, globals, limit: self.limit };
        let is_readable = self.reading.iter().all(CollectedFindings::is_empty);
        let output = input.run(|_| true, |unresolved| is_readable && unresolved.is_empty());
        output.into_analysis(self.reading.iter().cloned())
    }

    /// Resolves all names and values, without further analysis.
    pub fn resolve(&self, options: &Options) -> (Model, Vec<Finding>) {
        let mut findings = Collector::new(self.limit);
        let model = model::resolve_part(&self.by_file(), options.as_of, &NoGlobals, &mut findings);
        (model, findings.finish().findings)
    }

    /// Each document with its file.
    fn by_file(&self) -> Vec<(FileId, &Document)> {
        self.documents.iter().enumerate().map(|(at, document)| (FileId::new(at), document)).collect()
    }
}

impl Analysis {
    /// The findings on claims, most serious first.
    pub fn on_claims(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.grade.is_lint())
    }

    /// The findings on files, by place.
    pub fn on_files(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.grade.is_lint())
    }

    /// The number of findings of a grade, including those beyond the limit.
    pub fn count(&self, grade: Grade) -> usize {
        let collected = self.findings.iter().filter(|finding| finding.grade == grade).count();
        let omitted = self.omitted.iter().filter(|omitted| omitted.grade == grade);
        collected + omitted.map(|omitted| omitted.count).sum::<usize>()
    }
}

/// Findings by the file of the first label.
fn split_by_file(files: usize, found: CollectedFindings) -> Vec<CollectedFindings> {
    let mut by_file: Vec<CollectedFindings> = vec![CollectedFindings::default(); files];
    for finding in found.findings {
        if let Some(label) = finding.labels.first() {
            by_file[label.location.file.index()].findings.push(finding);
        }
    }
    for omitted in found.omitted {
        by_file[omitted.file.index()].omitted.push(omitted);
    }
    by_file
}

fn read_file(id: FileId, text: &str, findings: &mut Collector) -> Document {
    let tree = yaml::parse_into(id, text, findings);
    document::read_into(id, &tree, findings)
}

/// A file as text, with a finding on bytes that are not text. The finding has no file id yet.
struct Decoded {
    file: SourceFile,
    /// Whether most of it is text, so that it is worth parsing.
    is_text: bool,
    finding: Option<Finding>,
}

fn decode_input(input: Input) -> Decoded {
    let unread = FileId::new(0);
    let bytes = match input.content {
        Ok(bytes) => bytes,
        Err(why) => {
            let at = Location { file: unread, span: Span::default() };
            let finding = match &why {
                UnreadFile::Failed(why) => {
                    lint::UNREADABLE_FILE.at(at, format!("this file cannot be read: {why}"), "")
                }
                UnreadFile::OutsideLink(leads) => lint::OUTSIDE_LINK
                    .at(at, format!("this link {leads} the workspace, so it is not followed"), "")
                    .help("move the target into the workspace, or use `--follow-links`"),
            };
            return Decoded { file: SourceFile::new(input.path, ""), is_text: false, finding: Some(finding) };
        }
    };
    let (text, bad) = decode(bytes);
    let is_text = bad.is_empty() || bad.len() * 10 < text.len();
    let finding = bad.first().map(|first| {
        let message = match first.byte {
            0 => "file contains a NUL byte".to_owned(),
            byte => format!("byte 0x{byte:02x} is not UTF-8"),
        };
        let at = Location { file: unread, span: Span::new(first.at, first.at + 1) };
        let finding = lint::UNREADABLE_FILE.at(at, message, format!("byte {} of the file", first.at));
        let more = bad.len() - 1;
        let finding = if more > 0 { finding.note(format!("{more} more bytes are invalid")) } else { finding };
        finding.help("save the file as UTF-8")
    });
    Decoded { file: SourceFile::new(input.path, text), is_text, finding }
}

fn in_file(mut finding: Finding, file: FileId) -> Finding {
    for label in &mut finding.labels {
        label.location.file = file;
    }
    finding
}

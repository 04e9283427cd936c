//! The pipeline: texts to documents, documents to a model, its graph, its clashes, findings, disputes.
//!
//! Every surface calls [`Workspace::analyse`] and shows what it returns. Nothing here touches a disk or a
//! clock: the caller hands in texts and days.

mod examined;
mod index;
mod likeness;
mod read;
mod incremental;
mod threads;

pub use incremental::{IncrementalWorkspace, Piece};
pub use index::{DefinitionIndex, Named};
pub use likeness::{Side, Suggestion, Suggestions, kind_in_words, suggest};
pub use read::{ReadObserver, ReadWorkspace};
pub use threads::in_own_threads;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::dispute::Dispute;
use crate::document::{self, Document};
use crate::finding::{Collector, Finding, Found, Grade, Limit, Omitted};
use crate::graph::Graph;
use crate::id::{FileId, Id as _};
use crate::lint;
use crate::model::{self, Model, NoGlobals};
use crate::period::Day;
use crate::reason::Reasoning;
use crate::source::{Files, Location, SourceFile, Span, decode};
use crate::yaml;
use examined::View;

/// A file as it was found.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path as shown to people.
    pub path: String,
    /// Its bytes, or why it could not be read.
    pub content: Result<Vec<u8>, Unread>,
}

/// Why a file has not been read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unread {
    /// It cannot be read, and why.
    #[error("{0}")]
    Failed(String),
    /// It is a link that is not followed, and where it leads: `leads out of`.
    #[error("it is a link that {0} the workspace")]
    OutsideLink(String),
}

/// All files of a workspace, read and not yet resolved.
#[derive(Clone, Debug)]
pub struct Workspace {
    files: Files,
    documents: Vec<Document>,
    /// What reading each file found.
    reading: Vec<Found>,
    /// How many findings of each lint are collected.
    limit: Limit,
}

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What was said and published by this day; everything where none.
    pub as_of: Option<Day>,
    /// Archived texts of sources, by the id of the source.
    pub archive: FxHashMap<SmolStr, String>,
}

/// Everything known about a workspace.
#[derive(Debug)]
pub struct Analysis {
    /// What the claims say.
    pub model: Model,
    /// How everything hangs together.
    pub graph: Graph,
    /// What cannot hold together.
    pub reasoning: Reasoning,
    /// What gainsay has to say: on the claims, gravest first, then on the files, by place.
    pub findings: Vec<Finding>,
    /// Findings on the files beyond the limit of the workspace, by file: counted only.
    pub omitted: Vec<Omitted>,
    /// The findings by question, gravest first.
    pub disputes: Vec<Dispute>,
}

impl Workspace {
    /// Reads files side by side. A file that cannot be read is one finding, and the others are read. Of each lint no
    /// more findings are collected than [`Limit::default`] allows, then and in each analysis.
    pub fn read(inputs: Vec<Input>) -> Self {
        Self::read_within(Limit::default(), inputs, &|_, _| {})
    }

    /// The same; `progress` is told after each file how many are read, of how many.
    pub fn read_telling(inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync)) -> Self {
        Self::read_within(Limit::default(), inputs, progress)
    }

    /// The same with another limit.
    pub fn read_within(limit: Limit, inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync)) -> Self {
        let (count, done) = (inputs.len(), AtomicUsize::new(0));
        let mut texts: Vec<Decoded> = inputs.into_par_iter().map(decoded).collect();
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

    /// Collects all mistakes at a place from now on, whatever the limit.
    pub fn focus(&mut self, at: Location) {
        self.limit.focus = Some(at);
        if self.unreadable(at.file).is_none() {
            let mut findings = Collector::new(self.limit);
            read_file(at.file, self.files[at.file].text(), &mut findings);
            self.reading[at.file.index()] = findings.finish();
        }
    }

    /// Why a file is no text that can be read, where it is none: what is kept of it is not what it holds.
    pub fn unreadable(&self, file: FileId) -> Option<&Finding> {
        self.reading[file.index()].findings.iter().find(|finding| finding.rule == lint::UNREADABLE_FILE.id)
    }

    /// Replaces the text of a file and reads it; other files are not read again.
    pub fn replace(&mut self, file: FileId, text: impl Into<Arc<str>>) {
        let text = text.into();
        let read = self.read_text(file, &text);
        self.exchange(file, text, read);
    }

    /// Reads a text as that of a file.
    fn read_text(&self, file: FileId, text: &str) -> (Document, Found) {
        let mut findings = Collector::new(self.limit);
        let document = read_file(file, text, &mut findings);
        (document, findings.finish())
    }

    /// Replaces the text of a file and what reading it gave; returns what reading the text before gave.
    fn exchange(
        &mut self,
        file: FileId,
        text: Arc<str>,
        (document, found): (Document, Found),
    ) -> (Document, Found) {
        self.files.replace(file, text);
        let document = std::mem::replace(&mut self.documents[file.index()], document);
        (document, std::mem::replace(&mut self.reading[file.index()], found))
    }

    /// The texts.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// What each file says, in the order of paths.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// What reading a file found, before anything was resolved.
    pub fn on_reading(&self, file: FileId) -> &[Finding] {
        &self.reading[file.index()].findings
    }

    /// Resolves, reasons, finds and gathers.
    pub fn analyse(&self, options: &Options) -> Analysis {
        let documents = self.by_file();
        let elsewhere = &NoGlobals;
        let view = View { files: &self.files, documents: &documents, options, elsewhere, limit: self.limit };
        let is_read = self.reading.iter().all(Found::is_empty);
        let examined = view.examine(None, |unresolved| is_read && unresolved.is_empty());
        examined.in_order(self.reading.iter().cloned())
    }

    /// Resolves all names and values, and stops there.
    pub fn resolve(&self, options: &Options) -> (Model, Vec<Finding>) {
        let mut findings = Collector::new(self.limit);
        let model = model::resolve_part(&self.by_file(), options.as_of, &NoGlobals, &mut findings);
        (model, findings.finish().findings)
    }

    /// Each document with the file it was read from.
    fn by_file(&self) -> Vec<(FileId, &Document)> {
        self.documents.iter().enumerate().map(|(at, document)| (FileId::new(at), document)).collect()
    }
}

impl Analysis {
    /// The findings on what the claims say, gravest first.
    pub fn on_claims(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.grade.is_lint())
    }

    /// The findings on the files, by place.
    pub fn on_files(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.grade.is_lint())
    }

    /// How many findings there are of a grade, with those that were only counted.
    pub fn count(&self, grade: Grade) -> usize {
        let collected = self.findings.iter().filter(|finding| finding.grade == grade).count();
        let omitted = self.omitted.iter().filter(|omitted| omitted.grade == grade);
        collected + omitted.map(|omitted| omitted.count).sum::<usize>()
    }
}

/// What was found, by the file of the first place.
fn split_by_file(files: usize, found: Found) -> Vec<Found> {
    let mut by_file: Vec<Found> = vec![Found::default(); files];
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

/// A file as text, and what is wrong with its bytes; the finding has no file id yet.
struct Decoded {
    file: SourceFile,
    /// Whether it is text for the greater part, and worth reading.
    is_text: bool,
    finding: Option<Finding>,
}

fn decoded(input: Input) -> Decoded {
    let unread = FileId::new(0);
    let bytes = match input.content {
        Ok(bytes) => bytes,
        Err(why) => {
            let at = Location { file: unread, span: Span::default() };
            let finding = match &why {
                Unread::Failed(why) => {
                    lint::UNREADABLE_FILE.at(at, format!("this file cannot be read: {why}"), "")
                }
                Unread::OutsideLink(leads) => lint::OUTSIDE_LINK
                    .at(at, format!("this is a link that {leads} the workspace, and is not followed"), "")
                    .help("put what it leads to into the workspace, or read it with `--follow-links`"),
            };
            return Decoded { file: SourceFile::new(input.path, ""), is_text: false, finding: Some(finding) };
        }
    };
    let (text, bad) = decode(bytes);
    let is_text = bad.is_empty() || bad.len() * 10 < text.len();
    let finding = bad.first().map(|first| {
        let message = match first.byte {
            0 => "a NUL byte stands in the text".to_owned(),
            byte => format!("byte 0x{byte:02x} is not UTF-8"),
        };
        let at = Location { file: unread, span: Span::new(first.at, first.at + 1) };
        let finding = lint::UNREADABLE_FILE.at(at, message, format!("byte {} of the file", first.at));
        let more = bad.len() - 1;
        let finding = if more > 0 { finding.note(format!("and {more} more bytes like it")) } else { finding };
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

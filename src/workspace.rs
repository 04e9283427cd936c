//! The pipeline: texts to documents, documents to a model, its graph, its clashes, findings, disputes.
//!
//! Every surface calls [`Workspace::analyse`] and shows what it returns. Nothing here touches a disk or a
//! clock: the caller hands in texts and days.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::dispute::{self, Dispute};
use crate::document::{self, Document};
use crate::finding::Finding;
use crate::graph::Graph;
use crate::id::{FileId, Id as _, SourceId};
use crate::lint;
use crate::model::{self, Model};
use crate::period::Day;
use crate::reason::{self, Reasoning};
use crate::rules::{self, Facts};
use crate::source::{Files, Location, SourceFile, Span, decode};
use crate::yaml;

/// A file as it was found.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path as shown to people.
    pub path: String,
    /// Its bytes, or why it could not be read.
    pub content: Result<Vec<u8>, String>,
}

/// All files of a workspace, read and not yet resolved.
#[derive(Debug)]
pub struct Workspace {
    files: Files,
    documents: Vec<Document>,
    /// What reading each file found.
    reading: Vec<Vec<Finding>>,
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
    /// The findings by question, gravest first.
    pub disputes: Vec<Dispute>,
}

impl Workspace {
    /// Reads files side by side. A file that cannot be read is one finding, and the others are read.
    pub fn read(inputs: Vec<Input>) -> Self {
        let mut texts: Vec<(SourceFile, Vec<Finding>)> = inputs.into_par_iter().map(decoded).collect();
        texts.sort_by(|a, b| a.0.path().cmp(b.0.path()));
        let (files, unreadable): (Vec<_>, Vec<_>) = texts.into_iter().unzip();
        let files = Files::new(files);
        let ids: Vec<FileId> = files.iter().map(|(id, _)| id).collect();
        let read: Vec<(Document, Vec<Finding>)> =
            ids.par_iter().map(|&id| read_file(id, files[id].text())).collect();
        let (documents, mut reading): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        for ((found, unreadable), id) in reading.iter_mut().zip(unreadable).zip(ids) {
            found.splice(0..0, unreadable.into_iter().map(|finding| in_file(finding, id)));
        }
        Self { files, documents, reading }
    }

    /// Puts another text in the place of a file's and reads it; other files are not read again.
    pub fn replace(&mut self, file: FileId, text: String) {
        self.files.replace(file, text);
        let (document, findings) = read_file(file, self.files[file].text());
        self.documents[file.index()] = document;
        self.reading[file.index()] = findings;
    }

    /// The texts.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// What each file says, in the order of paths.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Resolves, reasons, finds and gathers.
    pub fn analyse(&self, options: &Options) -> Analysis {
        let (model, unresolved) = self.resolve(options);
        let (graph, circles) = Graph::build(&model);
        let reasoning = reason::run(&model, &graph);
        let mut findings: Vec<Finding> = self.reading.iter().flatten().cloned().collect();
        findings.extend(unresolved);
        findings.extend(circles);
        let archive = archive(&model, options);
        let facts = Facts {
            files: &self.files,
            model: &model,
            graph: &graph,
            reasoning: &reasoning,
            archive: &archive,
            complete: findings.is_empty() && options.as_of.is_none(),
        };
        findings.extend(rules::run(&facts));
        rules::sort(&mut findings);
        let disputes = dispute::gather(&model, &graph, &reasoning, &findings);
        Analysis { model, graph, reasoning, findings, disputes }
    }

    /// Resolves all names and values, and stops there.
    pub fn resolve(&self, options: &Options) -> (Model, Vec<Finding>) {
        let documents: Vec<(FileId, &Document)> =
            self.documents.iter().enumerate().map(|(at, document)| (FileId::new(at), document)).collect();
        model::resolve(&documents, options.as_of)
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
}

fn read_file(id: FileId, text: &str) -> (Document, Vec<Finding>) {
    let (tree, mut findings) = yaml::parse(id, text);
    let (document, more) = document::read(id, &tree);
    findings.extend(more);
    (document, findings)
}

/// The text of a file; its findings have no file id yet.
fn decoded(input: Input) -> (SourceFile, Vec<Finding>) {
    let unread = FileId::new(0);
    let bytes = match input.content {
        Ok(bytes) => bytes,
        Err(why) => {
            let at = Location { file: unread, span: Span::default() };
            let finding = lint::UNREADABLE_FILE.at(at, format!("this file cannot be read: {why}"), "");
            return (SourceFile::new(input.path, ""), vec![finding]);
        }
    };
    let (text, bad) = decode(bytes);
    let Some(first) = bad.first() else { return (SourceFile::new(input.path, text), Vec::new()) };
    let message = match first.byte {
        0 => "a NUL byte stands in the text".to_owned(),
        byte => format!("byte 0x{byte:02x} is not UTF-8"),
    };
    let at = Location { file: unread, span: Span::new(first.at, first.at + 1) };
    let mut finding = lint::UNREADABLE_FILE.at(at, message, format!("byte {} of the file", first.at));
    if bad.len() > 1 {
        finding = finding.note(format!("and {} more bytes like it", bad.len() - 1));
    }
    let mostly_text = bad.len() * 10 < text.len();
    let text = if mostly_text { text } else { String::new() };
    (SourceFile::new(input.path, text), vec![finding.help("save the file as UTF-8")])
}

fn in_file(mut finding: Finding, file: FileId) -> Finding {
    for label in &mut finding.labels {
        label.location.file = file;
    }
    finding
}

fn archive(model: &Model, options: &Options) -> FxHashMap<SourceId, String> {
    let known = |(name, text): (&SmolStr, &String)| model.sources.find(name).map(|id| (id, text.clone()));
    options.archive.iter().filter_map(known).collect()
}

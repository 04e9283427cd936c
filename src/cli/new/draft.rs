//! A new entry that is not written yet: its values so far, the missing ones, and the change that writes it.

use anyhow::{Context as _, bail};

use super::super::did_you_mean_suffix;
use super::{Args, EntryKind, is_claim_file, split_at_commas};
use gainsay_analysis::document::{Document, MeasureType};
use gainsay_analysis::model::Model;
use gainsay_analysis::workspace::Workspace;
use gainsay_edit::edit::{self, FieldValue, FileChange, NewEntry};

/// A new entry with the values that are known so far.
#[derive(Clone)]
pub(super) struct EntryDraft {
    pub(super) kind: &'static EntryKind,
    pub(super) id: Option<String>,
    /// The id of the source; only a claim has one.
    pub(super) source: Option<String>,
    pub(super) fields: Vec<(String, FieldValue)>,
}

impl EntryDraft {
    /// The entry as the options give it. The id of a claim may include its source: `SOURCE/CLAIM`.
    pub(super) fn new(args: &Args) -> anyhow::Result<Self> {
        let is_blank = |given: &FieldValue| given.texts().iter().any(|text| text.trim().is_empty());
        if let Some((key, _)) = args.fields.iter().find(|(_, given)| is_blank(given)) {
            bail!("--{key} has no value: leave the option out, or give it a value");
        }
        let (mut id, mut source) = (args.id.clone(), args.source.clone());
        let named = id.as_deref().and_then(|id| id.split_once('/')).filter(|_| args.kind.word == "claim");
        if let Some((of, claim)) = named.map(|(of, claim)| (of.to_owned(), claim.to_owned())) {
            if let Some(other) = source.filter(|source| *source != of) {
                bail!("the id names the source `{of}`, but --source names `{other}`");
            }
            (id, source) = (Some(claim), Some(of));
        }
        Ok(Self { kind: args.kind, id, source, fields: args.fields.clone() })
    }

    /// Splits the value at its commas if the measure is a choice.
    pub(super) fn split_choice(&mut self, model: &Model) {
        let is_choice = self.single_value("measure").and_then(|measure| model.measures.find(measure));
        if is_choice.is_none_or(|measure| model.measures[measure].kind != MeasureType::Choice) {
            return;
        }
        for (_, given) in self.fields.iter_mut().filter(|(key, _)| key == "value") {
            *given = split_at_commas(&given.texts().join(","));
        }
    }

    /// Returns an error if the id is not valid or already used. Checked before anything is asked.
    pub(super) fn check_id(&self, args: &Args, workspace: &Workspace) -> anyhow::Result<()> {
        if self.id.is_none() || (self.is_claim() && self.source.is_none()) {
            return Ok(());
        }
        Self { fields: Vec::new(), ..self.clone() }.change(args, workspace).map(|_| ())
    }

    /// The value of a key, if it has exactly one.
    pub(super) fn single_value(&self, key: &str) -> Option<&str> {
        self.fields.iter().find_map(|(known, given)| match given {
            FieldValue::One(text) if known == key => Some(text.as_str()),
            _ => None,
        })
    }

    /// The section of the claim file that the entry is written to.
    pub(super) fn section(&self) -> &'static str {
        self.kind.section
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == key)
    }

    pub(super) fn is_claim(&self) -> bool {
        self.kind.word == "claim"
    }

    pub(super) fn is_response(&self) -> bool {
        ["denies", "confirms", "declines"].iter().any(|response| self.has(response))
    }

    /// Sets the source of a claim if the given file has one, or the workspace has only one.
    pub(super) fn infer_source(&mut self, args: &Args, workspace: &Workspace) {
        if !self.is_claim() || self.source.is_some() {
            return;
        }
        let in_file = args.file.as_ref().map(|file| args.path_of(workspace, file));
        let sources =
            workspace.files().iter().zip(workspace.documents()).filter_map(|((_, file), document)| {
                let source = document.source.as_ref()?;
                in_file.as_deref().is_none_or(|path| path == file.path()).then_some(&source.id.value)
            });
        let sources: Vec<_> = sources.collect();
        if let [source] = sources.as_slice() {
            self.source = Some(source.to_string());
        }
    }

    /// A message about the required values that are missing, with their options; none if all are there.
    pub(super) fn missing(&self) -> Option<String> {
        let word = self.kind.word;
        if self.is_claim() && self.source.is_none() {
            return Some("name the source of the claim: --source ID".to_owned());
        }
        if self.id.is_none() {
            return Some(format!("give the {word} an id: `gainsay new {word} ID`"));
        }
        let needs: &[&str] = match word {
            "source" => &["publisher", "published"],
            "claim" if self.is_response() => &[],
            "claim" if self.has_value("stance", "declines") => &["about", "measure"],
            "claim" => &["about", "measure", "value"],
            "measure" => match self.single_value("type") {
                Some("scale") => &["type", "steps"],
                Some("choice") => &["type", "names"],
                _ => &["type"],
            },
            _ => &[],
        };
        let missing: Vec<String> =
            needs.iter().filter(|key| !self.has(key)).map(|key| format!("--{key}")).collect();
        (!missing.is_empty()).then(|| format!("{} needs {}", self.kind.shape.name, missing.join(", ")))
    }

    pub(super) fn has_value(&self, key: &str, text: &str) -> bool {
        self.single_value(key) == Some(text)
    }

    /// The change that writes the entry.
    pub(super) fn change(&self, args: &Args, workspace: &Workspace) -> anyhow::Result<FileChange> {
        let id = self.id.as_deref().unwrap_or_default();
        let folder = args.paths.folder();
        let named = args.file.as_ref().map(|file| args.path_of(workspace, file));
        if let Some(path) = named.as_ref().filter(|path| !is_claim_file(path)) {
            bail!("`{path}` is not a valid name for a claim file: it must end in .yaml or .yml");
        }
        if self.kind.word == "source" {
            if folder.is_file() {
                bail!("a source needs a file of its own, but PATH is a single file; name the folder instead");
            }
            if let Some(home) = file_of_source(workspace, id) {
                bail!("the source `{id}` already exists, in `{home}`");
            }
            let path =
                named.unwrap_or_else(|| gainsay_folder::folder::new_file(&folder, &format!("{id}.yaml")));
            return Ok(edit::new_source(workspace, id, &self.fields, &path)?);
        }
        let path = match (&self.source, named) {
            (Some(source), named) => {
                let home = file_for_claims(workspace, source)?;
                if let Some(other) = named.filter(|named| *named != home) {
                    bail!("the source `{source}` is in `{home}`, not in `{other}`");
                }
                home
            }
            (None, Some(named)) => named,
            (None, None) => {
                let new_file =
                    gainsay_folder::folder::new_file(&folder, &format!("{}.yaml", self.kind.section));
                edit::file_for_entries(workspace, self.kind.section, &new_file)
            }
        };
        let entry = NewEntry { section: self.kind.section, id, fields: &self.fields };
        Ok(edit::new_entry(workspace, &entry, &path)?)
    }
}

/// The path of the file that defines a source.
fn file_of_source<'w>(workspace: &'w Workspace, source: &str) -> Option<&'w str> {
    let files = workspace.files().iter().zip(workspace.documents());
    let is_home = |document: &Document| document.source.as_ref().is_some_and(|one| one.id.value == source);
    files.into_iter().find_map(|((_, file), document)| is_home(document).then(|| file.path()))
}

/// As [`file_of_source`], but an unknown source is an error that suggests a similar one.
fn file_for_claims(workspace: &Workspace, source: &str) -> anyhow::Result<String> {
    let sources = workspace.documents().iter().filter_map(|document| document.source.as_ref());
    let found = file_of_source(workspace, source).map(str::to_owned);
    let near = || did_you_mean_suffix(source, sources.map(|source| source.id.value.as_str()));
    found.with_context(|| format!("no source is called `{source}`{}", near()))
}

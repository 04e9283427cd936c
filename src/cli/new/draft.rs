//! What is known of a new entry so far, what it still lacks, and the change that writes it.

use anyhow::{Context as _, bail};

use super::super::meant;
use super::{Args, What, is_claim_file, several};
use crate::document::{Document, MeasureType};
use crate::edit::{self, Change, Given, NewEntry};
use crate::model::Model;
use crate::workspace::Workspace;

/// What is known of the new entry so far.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) what: &'static What,
    pub(super) id: Option<String>,
    /// Of a claim.
    pub(super) source: Option<String>,
    pub(super) fields: Vec<(String, Given)>,
}

impl Draft {
    /// What the options say. A claim may be named with its source: `SOURCE/CLAIM`.
    pub(super) fn new(args: &Args) -> anyhow::Result<Self> {
        let is_blank = |given: &Given| given.texts().iter().any(|text| text.trim().is_empty());
        if let Some((key, _)) = args.fields.iter().find(|(_, given)| is_blank(given)) {
            bail!("--{key} is given nothing: leave it out, or say what it is");
        }
        let (mut id, mut source) = (args.id.clone(), args.source.clone());
        let named = id.as_deref().and_then(|id| id.split_once('/')).filter(|_| args.what.word == "claim");
        if let Some((of, claim)) = named.map(|(of, claim)| (of.to_owned(), claim.to_owned())) {
            if let Some(other) = source.filter(|source| *source != of) {
                bail!("the claim is named in `{of}`, and --source says `{other}`");
            }
            (id, source) = (Some(claim), Some(of));
        }
        Ok(Self { what: args.what, id, source, fields: args.fields.clone() })
    }

    /// Takes what a choice is given apart at its commas.
    pub(super) fn split_choice(&mut self, model: &Model) {
        let is_choice = self.one("measure").and_then(|measure| model.measures.find(measure));
        if is_choice.is_none_or(|measure| model.measures[measure].kind != MeasureType::Choice) {
            return;
        }
        for (_, given) in self.fields.iter_mut().filter(|(key, _)| key == "value") {
            *given = several(&given.texts().join(","));
        }
    }

    /// Refuses an id that is none or taken, before more is asked.
    pub(super) fn is_free(&self, args: &Args, workspace: &Workspace) -> anyhow::Result<()> {
        if self.id.is_none() || (self.is_claim() && self.source.is_none()) {
            return Ok(());
        }
        Self { fields: Vec::new(), ..self.clone() }.change(args, workspace).map(|_| ())
    }

    /// The one text that a key is given.
    pub(super) fn one(&self, key: &str) -> Option<&str> {
        self.fields.iter().find_map(|(known, given)| match given {
            Given::One(text) if known == key => Some(text.as_str()),
            _ => None,
        })
    }

    /// The section the entry goes into, as the claim file has it.
    pub(super) fn section(&self) -> &'static str {
        self.what.section
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == key)
    }

    pub(super) fn is_claim(&self) -> bool {
        self.what.word == "claim"
    }

    pub(super) fn is_response(&self) -> bool {
        ["denies", "confirms", "declines"].iter().any(|response| self.has(response))
    }

    /// The source of a claim, where the file tells it, or there is one only.
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

    /// What the entry cannot do without, and the option that gives it.
    pub(super) fn missing(&self) -> Option<String> {
        let word = self.what.word;
        if self.is_claim() && self.source.is_none() {
            return Some("say in which source the claim is made: --source ID".to_owned());
        }
        if self.id.is_none() {
            return Some(format!("say how it is to be called: `gainsay new {word} ID`"));
        }
        let needs: &[&str] = match word {
            "source" => &["publisher", "published"],
            "claim" if self.is_response() => &[],
            "claim" if self.is_said("stance", "declines") => &["about", "measure"],
            "claim" => &["about", "measure", "value"],
            "measure" => match self.one("type") {
                Some("scale") => &["type", "steps"],
                Some("choice") => &["type", "names"],
                _ => &["type"],
            },
            _ => &[],
        };
        let missing: Vec<String> =
            needs.iter().filter(|key| !self.has(key)).map(|key| format!("--{key}")).collect();
        (!missing.is_empty()).then(|| format!("{} needs {}", self.what.shape.name, missing.join(", ")))
    }

    pub(super) fn is_said(&self, key: &str, text: &str) -> bool {
        self.one(key) == Some(text)
    }

    /// What writes the entry.
    pub(super) fn change(&self, args: &Args, workspace: &Workspace) -> anyhow::Result<Change> {
        let id = self.id.as_deref().unwrap_or_default();
        let folder = args.place.folder();
        let named = args.file.as_ref().map(|file| args.path_of(workspace, file));
        if let Some(path) = named.as_ref().filter(|path| !is_claim_file(path)) {
            bail!("`{path}` is no name of a claim file: it ends neither in .yaml nor in .yml");
        }
        if self.what.word == "source" {
            if folder.is_file() {
                bail!("a source begins a file, and this workspace is one; name its folder");
            }
            if let Some(home) = home_of_source(workspace, id) {
                bail!("the source `{id}` is there already, in `{home}`");
            }
            let path = named.unwrap_or_else(|| crate::folder::new_file(&folder, &format!("{id}.yaml")));
            return Ok(edit::new_source(workspace, id, &self.fields, &path)?);
        }
        let path = match (&self.source, named) {
            (Some(source), named) => {
                let home = home_of_claims(workspace, source)?;
                if let Some(other) = named.filter(|named| *named != home) {
                    bail!("the source `{source}` stands in `{home}`, not in `{other}`");
                }
                home
            }
            (None, Some(named)) => named,
            (None, None) => {
                let new_file = crate::folder::new_file(&folder, &format!("{}.yaml", self.what.section));
                edit::home_of_entries(workspace, self.what.section, &new_file)
            }
        };
        let entry = NewEntry { section: self.what.section, id, fields: &self.fields };
        Ok(edit::new_entry(workspace, &entry, &path)?)
    }
}

/// The file in which a source stands.
fn home_of_source<'w>(workspace: &'w Workspace, source: &str) -> Option<&'w str> {
    let files = workspace.files().iter().zip(workspace.documents());
    let is_it = |document: &Document| document.source.as_ref().is_some_and(|one| one.id.value == source);
    files.into_iter().find_map(|((_, file), document)| is_it(document).then(|| file.path()))
}

/// The same, with the name that was likely meant where none has it.
fn home_of_claims(workspace: &Workspace, source: &str) -> anyhow::Result<String> {
    let sources = workspace.documents().iter().filter_map(|document| document.source.as_ref());
    let found = home_of_source(workspace, source).map(str::to_owned);
    let near = || meant(source, sources.map(|source| source.id.value.as_str()));
    found.with_context(|| format!("no source is called `{source}`{}", near()))
}

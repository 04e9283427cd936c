//! Where each thing of a workspace is defined and mentioned, file by file: kept up as texts change, and asked by
//! whoever goes from a name to its places.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::Workspace;
use crate::document::Document;
use crate::document::mention::{self, Definition, Kind, Mention};
use crate::id::{FileId, Id as _};

/// Every definition and every mention of a workspace, by file and by name.
#[derive(Clone, Debug, Default)]
pub struct Index {
    files: Vec<Named>,
    by_name: BTreeMap<(Kind, SmolStr), Places>,
}

/// What one file names.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// What it defines.
    pub definitions: Vec<Definition>,
    /// What it refers to.
    pub mentions: Vec<Mention>,
}

/// Positions in [`Named::definitions`] and [`Named::mentions`] of files, in the order of files, then of places.
#[derive(Clone, Debug, Default)]
struct Places {
    defined: Vec<(FileId, u32)>,
    mentioned: Vec<(FileId, u32)>,
}

impl Index {
    /// The index of all documents.
    pub fn new(workspace: &Workspace) -> Self {
        let mut index =
            Self { files: vec![Named::default(); workspace.documents().len()], ..Self::default() };
        for (at, document) in workspace.documents().iter().enumerate() {
            index.replace(FileId::new(at), document);
        }
        index
    }

    /// Puts what a file names now in the place of what it named.
    pub fn replace(&mut self, file: FileId, document: &Document) {
        let before = std::mem::take(&mut self.files[file.index()]);
        for key in keys(&before) {
            if let Some(places) = self.by_name.get_mut(&key) {
                places.defined.retain(|place| place.0 != file);
                places.mentioned.retain(|place| place.0 != file);
                if places.defined.is_empty() && places.mentioned.is_empty() {
                    self.by_name.remove(&key);
                }
            }
        }
        let now =
            Named { definitions: mention::definitions(document), mentions: mention::mentions(document) };
        for (at, definition) in now.definitions.iter().enumerate() {
            let places = self.by_name.entry((definition.kind, definition.name.clone())).or_default();
            insert(&mut places.defined, (file, at as u32));
        }
        for (at, mention) in now.mentions.iter().enumerate() {
            for &kind in mention.kinds {
                let places = self.by_name.entry((kind, mention.name.clone())).or_default();
                insert(&mut places.mentioned, (file, at as u32));
            }
        }
        self.files[file.index()] = now;
    }

    /// What a file names.
    pub fn of(&self, file: FileId) -> &Named {
        &self.files[file.index()]
    }

    /// Where a thing is defined, by its name in the whole workspace: once, or several times by mistake.
    pub fn definitions(
        &self,
        kind: Kind,
        name: &str,
    ) -> impl Iterator<Item = (FileId, &Definition)> + use<'_> {
        let places = self.by_name.get(&(kind, name.into())).map_or(&[][..], |places| &places.defined);
        places.iter().map(|&(file, at)| (file, &self.files[file.index()].definitions[at as usize]))
    }

    /// Where a thing is referred to; a value among them may be no id but a figure, see [`Mention::is_sure`].
    pub fn mentions(&self, kind: Kind, name: &str) -> impl Iterator<Item = (FileId, &Mention)> + use<'_> {
        let places = self.by_name.get(&(kind, name.into())).map_or(&[][..], |places| &places.mentioned);
        places.iter().map(|&(file, at)| (file, &self.files[file.index()].mentions[at as usize]))
    }

    /// The names of all things of a kind that some file defines, sorted.
    pub fn names(&self, kind: Kind) -> impl Iterator<Item = &SmolStr> {
        let from = (kind, SmolStr::default());
        let of_kind = self.by_name.range(from..).take_while(move |((of, _), _)| *of == kind);
        of_kind.filter(|(_, places)| !places.defined.is_empty()).map(|((_, name), _)| name)
    }
}

fn keys(named: &Named) -> impl Iterator<Item = (Kind, SmolStr)> {
    let defined = named.definitions.iter().map(|definition| (definition.kind, definition.name.clone()));
    let mentioned = named
        .mentions
        .iter()
        .flat_map(|mention| mention.kinds.iter().map(|&kind| (kind, mention.name.clone())));
    defined.chain(mentioned)
}

fn insert(places: &mut Vec<(FileId, u32)>, place: (FileId, u32)) {
    let at = places.partition_point(|other| *other < place);
    places.insert(at, place);
}

//! The archived texts of sources: next to the claim file or in the folder of texts, and nowhere else.

use std::path::{Component, Path, PathBuf};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::open::{self, MAX_FILE};
use super::replace::folder_of;
use crate::workspace::Workspace;

/// The archived texts that the sources of a workspace name, by the id of the source: next to the claim file, or in
/// `texts`. A name that leads out of the two is not followed.
pub fn archived(workspace: &Workspace, texts: Option<&Path>) -> FxHashMap<SmolStr, String> {
    let places = named(workspace, texts);
    let read = |(id, path): (SmolStr, PathBuf)| {
        let bytes = open::read(&path, MAX_FILE).ok()?;
        Some((id, String::from_utf8_lossy(&bytes).into_owned()))
    };
    places.into_iter().filter_map(read).collect()
}

/// Where the archived text of a source lies: next to its claim file, or in `texts`, as for [`archived`].
pub fn archived_at(claim_file: &Path, name: &str, texts: Option<&Path>) -> Option<PathBuf> {
    let name = plain_name(name)?;
    let mut folders = std::iter::once(folder_of(claim_file)).chain(texts);
    folders.find_map(|folder| place_within(folder, name).filter(|path| path.is_file()))
}

/// The real path of each archived text that a source of a workspace names and that is there, by the id of the source.
pub(super) fn named(workspace: &Workspace, texts: Option<&Path>) -> FxHashMap<SmolStr, PathBuf> {
    let mut named = FxHashMap::default();
    for ((_, file), document) in workspace.files().iter().zip(workspace.documents()) {
        let Some(source) = &document.source else { continue };
        let Some(name) = &source.body.text else { continue };
        if let Some(path) = archived_at(Path::new(file.path()), &name.value, texts) {
            named.insert(source.id.value.clone(), path);
        }
    }
    named
}

/// A file name that is nothing but a name, and not hidden.
fn plain_name(name: &str) -> Option<&str> {
    let mut components = Path::new(name).components();
    let is_plain = matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none();
    (is_plain && !name.starts_with('.')).then_some(name)
}

/// The real path of a file that is in a folder in fact, and neither hidden nor in a hidden folder there.
fn place_within(folder: &Path, name: &str) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let path = folder.join(name).canonicalize().ok()?;
    super::links::check(&folder, &path, Path::new("")).ok()?;
    Some(path)
}

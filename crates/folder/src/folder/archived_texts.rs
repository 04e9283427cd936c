//! The archived texts of sources. They are read only next to the claim file and in the folder for texts.

use std::path::{Component, Path, PathBuf};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::open::{self, MAX_FILE};
use super::replace::folder_of;
use gainsay_analysis::workspace::Workspace;

/// Reads the archived texts that the sources of a workspace name, by the id of the source. They are next to the claim
/// file or in the folder `texts`; a name that leads elsewhere is not followed.
pub fn archived(workspace: &Workspace, texts: Option<&Path>) -> FxHashMap<SmolStr, String> {
    let paths = archived_paths(workspace, texts);
    let read = |(id, path): (SmolStr, PathBuf)| {
        let bytes = open::read(&path, MAX_FILE).ok()?;
        Some((id, String::from_utf8_lossy(&bytes).into_owned()))
    };
    paths.into_iter().filter_map(read).collect()
}

/// The real path of an archived text `name`: next to its claim file, or in the folder `texts`. None if it does not
/// exist or is elsewhere.
pub fn archived_at(claim_file: &Path, name: &str, texts: Option<&Path>) -> Option<PathBuf> {
    let name = plain_name(name)?;
    let mut folders = std::iter::once(folder_of(claim_file)).chain(texts);
    folders.find_map(|folder| real_path_within(folder, name).filter(|path| path.is_file()))
}

/// The real paths of all archived texts of a workspace that exist, by the id of the source.
pub(super) fn archived_paths(workspace: &Workspace, texts: Option<&Path>) -> FxHashMap<SmolStr, PathBuf> {
    let mut paths = FxHashMap::default();
    for ((_, file), document) in workspace.files().iter().zip(workspace.documents()) {
        let Some(source) = &document.source else { continue };
        let Some(name) = &source.body.text else { continue };
        if let Some(path) = archived_at(Path::new(file.path()), &name.value, texts) {
            paths.insert(source.id.value.clone(), path);
        }
    }
    paths
}

/// A file name without folders that is not hidden; none for any other text.
fn plain_name(name: &str) -> Option<&str> {
    let mut components = Path::new(name).components();
    let is_plain = matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none();
    (is_plain && !name.starts_with('.')).then_some(name)
}

/// The real path of a file in a folder. None if a link leads out of the folder, or to a hidden file or folder.
fn real_path_within(folder: &Path, name: &str) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let path = folder.join(name).canonicalize().ok()?;
    super::links::check(&folder, &path, Path::new("")).ok()?;
    Some(path)
}

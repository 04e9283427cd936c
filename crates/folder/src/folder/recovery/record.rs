//! A recovery record: the files of a change with their new texts. The first line is a header in JSON; the new texts
//! follow unchanged, in the order of the header.
//!
//! A record contains only claim files, with plain relative paths. Anything else is refused, both when a record is
//! written and when it is read.

use std::io::{self, BufRead as _, Read as _};
use std::path::{Component, Path, PathBuf};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::folder::is_claim_file;

const FORMAT: &str = "gainsay.recovery/1";

/// The longest header, in bytes: enough for about 100,000 files.
const MAX_HEADER: u64 = 16 * 1024 * 1024;

/// The largest record, in bytes.
pub(super) const MAX_RECORD: u64 = 1024 * 1024 * 1024;

/// A change of several files, with everything that is needed to finish it.
#[derive(PartialEq, Eq, Debug)]
pub struct RecoveryRecord {
    root: PathBuf,
    files: Vec<RecordedFile>,
}

/// One file of a change.
#[derive(PartialEq, Eq, Debug)]
pub(in crate::folder) struct RecordedFile {
    /// The path relative to the root of the workspace.
    pub(in crate::folder) path: PathBuf,
    /// The fingerprint of the bytes before the change; none for a new file.
    pub(in crate::folder) before: Option<String>,
    /// The bytes after the change.
    pub(in crate::folder) text: Vec<u8>,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is damaged, or another version of gainsay wrote it.
    #[error("it is not a recovery record of this version of gainsay, or it is damaged")]
    Unknown,
    /// It contains a file that cannot be in a change of several files.
    #[error("`{path}` cannot be changed together with other files: {why}")]
    Path {
        /// The file.
        path: String,
        /// What is wrong with its path.
        why: &'static str,
    },
    /// It is too large.
    #[error("the texts of one change have more than 1 GiB")]
    TooLarge,
}

/// The first line of a record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordHeader {
    format: String,
    /// The real path of the workspace.
    pub(super) root: PathBuf,
    files: Vec<RecordHeaderFile>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct RecordHeaderFile {
    path: PathBuf,
    before: Option<String>,
    after: String,
    /// The length of the new text, in bytes.
    bytes: u64,
}

/// The fingerprint of the bytes of a file.
pub(in crate::folder) fn fingerprint(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

impl RecoveryRecord {
    /// A record of files in the workspace with the real path `root`.
    ///
    /// # Errors
    /// If a path is not that of a claim file inside the workspace, or is not UTF-8 text, or the texts are too large.
    pub(in crate::folder) fn new(root: PathBuf, files: Vec<RecordedFile>) -> Result<Self, RecordError> {
        check(&root, files.iter().map(|file| file.path.as_path()))?;
        let size: u64 = files.iter().map(|file| file.text.len() as u64).sum();
        if size > MAX_RECORD - MAX_HEADER {
            return Err(RecordError::TooLarge);
        }
        Ok(Self { root, files })
    }

    /// The bytes of the record, as written to the disk.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, RecordError> {
        let header_file = |file: &RecordedFile| RecordHeaderFile {
            path: file.path.clone(),
            before: file.before.clone(),
            after: fingerprint(&file.text),
            bytes: file.text.len() as u64,
        };
        let files = self.files.iter().map(header_file).collect();
        let header = RecordHeader { format: FORMAT.to_owned(), root: self.root.clone(), files };
        let mut bytes = serde_json::to_vec(&header).map_err(|_| RecordError::Unknown)?;
        bytes.push(b'\n');
        if bytes.len() as u64 > MAX_HEADER {
            return Err(RecordError::TooLarge);
        }
        self.files.iter().for_each(|file| bytes.extend_from_slice(&file.text));
        Ok(bytes)
    }

    /// Reads a record.
    ///
    /// # Errors
    /// If it is not a complete record, or contains anything except claim files inside its workspace.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut rest = bytes;
        let header = RecordHeader::read(&mut rest)?;
        let mut files = Vec::with_capacity(header.files.len());
        for RecordHeaderFile { path, before, after, bytes } in header.files {
            let length = usize::try_from(bytes).map_err(|_| RecordError::Unknown)?;
            let (text, other) = rest.split_at_checked(length).ok_or(RecordError::Unknown)?;
            if fingerprint(text) != after {
                return Err(RecordError::Unknown);
            }
            files.push(RecordedFile { path, before, text: text.to_owned() });
            rest = other;
        }
        if !rest.is_empty() {
            return Err(RecordError::Unknown);
        }
        Ok(Self { root: header.root, files })
    }

    /// The real path of the workspace.
    pub(in crate::folder) fn root(&self) -> &Path {
        &self.root
    }

    /// The files of the change.
    pub(in crate::folder) fn files(&self) -> &[RecordedFile] {
        &self.files
    }
}

impl RecordHeader {
    /// Reads the first line of a record and nothing after it.
    pub(super) fn read(record: &mut impl io::BufRead) -> Result<Self, RecordError> {
        let mut line = Vec::new();
        let read = record.by_ref().take(MAX_HEADER).read_until(b'\n', &mut line);
        if read.is_err() || line.last() != Some(&b'\n') {
            return Err(RecordError::Unknown);
        }
        let header: Self = serde_json::from_slice(&line).map_err(|_| RecordError::Unknown)?;
        if header.format != FORMAT {
            return Err(RecordError::Unknown);
        }
        check(&header.root, header.files.iter().map(|file| file.path.as_path()))?;
        Ok(header)
    }

    /// The paths of the files, relative to the root.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }
}

/// Refuses a root or a path that a record cannot have, and duplicate paths.
fn check<'p>(root: &Path, paths: impl Iterator<Item = &'p Path>) -> Result<(), RecordError> {
    if !root.is_absolute() || root.to_str().is_none() {
        return Err(RecordError::Path {
            path: root.display().to_string(),
            why: "the name of its folder is not UTF-8 text",
        });
    }
    let mut known = FxHashSet::default();
    for path in paths {
        let why = check_path(path).err();
        let why = why.or_else(|| (!known.insert(path)).then_some("it occurs twice"));
        if let Some(why) = why {
            return Err(RecordError::Path { path: path.display().to_string(), why });
        }
    }
    Ok(())
}

/// Checks that a path is that of a claim file inside the workspace. Only the text of the path is checked.
fn check_path(path: &Path) -> Result<(), &'static str> {
    let Some(text) = path.to_str() else { return Err("its path is not UTF-8 text") };
    if text.contains('\0') || (cfg!(windows) && text.contains(':')) {
        return Err("its path has a character that file names cannot have");
    }
    for component in path.components() {
        match component {
            Component::Normal(name) if name.as_encoded_bytes().starts_with(b".") => {
                return Err("it is hidden, or in a hidden folder");
            }
            Component::Normal(_) => {}
            _ => return Err("it is outside of the workspace"),
        }
    }
    if is_claim_file(path) { Ok(()) } else { Err("its name does not end with .yaml or .yml") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, before: Option<&str>, text: &str) -> RecordedFile {
        let before = before.map(|text| fingerprint(text.as_bytes()));
        RecordedFile { path: path.into(), before, text: text.into() }
    }

    fn root() -> PathBuf {
        if cfg!(windows) { r"C:\claims".into() } else { "/claims".into() }
    }

    #[test]
    fn record_is_read_as_it_was_written() {
        let files =
            vec![file("a.yaml", Some("a"), "# A\n"), file("sub/b.yml", None, "\u{feff}é\r\n\n{\"root\": 1}")];
        let record = RecoveryRecord::new(root(), files).unwrap();
        let bytes = record.to_bytes().unwrap();
        assert_eq!(RecoveryRecord::parse(&bytes).unwrap(), record);
        let header = RecordHeader::read(&mut bytes.as_slice()).unwrap();
        assert_eq!(header.paths().collect::<Vec<_>>(), [Path::new("a.yaml"), Path::new("sub/b.yml")]);
    }

    #[test]
    fn record_is_refused_if_it_is_cut_or_changed() {
        let files = vec![file("a.yaml", Some("a"), "# A\n"), file("b.yaml", None, "# B\n")];
        let bytes = RecoveryRecord::new(root(), files).unwrap().to_bytes().unwrap();
        for length in 0..bytes.len() {
            assert!(RecoveryRecord::parse(&bytes[..length]).is_err(), "{length}");
        }
        assert!(RecoveryRecord::parse(&[bytes.as_slice(), b"x"].concat()).is_err());
        let at = bytes.len() - 2;
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert!(RecoveryRecord::parse(&other).is_err(), "the text has another fingerprint");
        let text = String::from_utf8(bytes).unwrap();
        for (old, new) in [
            ("recovery/1", "recovery/2"),
            ("\"root\":", "\"more\":1,\"root\":"),
            ("b.yaml", "a.yaml"),
            ("\"bytes\":4", "\"bytes\":18446744073709551615"),
            ("\"bytes\":4", "\"bytes\":-1"),
        ] {
            assert!(text.contains(old));
            assert!(RecoveryRecord::parse(text.replacen(old, new, 1).as_bytes()).is_err(), "{new}");
        }
    }

    #[test]
    fn record_contains_only_claim_files_inside_of_its_root() {
        let refused = |path: &str| {
            let record = RecoveryRecord::new(root(), vec![file(path, None, "x")]);
            // A forged record is refused as well.
            let header = RecordHeader {
                format: FORMAT.to_owned(),
                root: root(),
                files: vec![RecordHeaderFile {
                    path: path.into(),
                    before: None,
                    after: fingerprint(b"x"),
                    bytes: 1,
                }],
            };
            let forged = [serde_json::to_vec(&header).unwrap(), b"\nx".to_vec()].concat();
            let parsed = RecoveryRecord::parse(&forged);
            assert_eq!(record.is_err(), parsed.is_err(), "{path}");
            parsed.is_err()
        };
        for path in ["a.yaml", "sub/b.yml", "sub/more/c.yaml", "a b.yaml", "é.yaml"] {
            assert!(!refused(path), "{path}");
        }
        for path in [
            "",
            ".",
            "..",
            "/etc/x.yaml",
            "../x.yaml",
            "a/../x.yaml",
            "a/../../x.yaml",
            ".git/hooks/x.yaml",
            "sub/.git/x.yaml",
            ".x.yaml",
            ".yaml",
            "hooks/pre-commit",
            "notes.txt",
            "x.yaml/y",
            "x.YAML",
            "a\0.yaml",
        ] {
            assert!(refused(path), "{path}");
        }
        assert!(RecoveryRecord::new("claims".into(), vec![file("a.yaml", None, "x")]).is_err());
    }
}

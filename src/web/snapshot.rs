//! The workspace as it was read at one moment, with all that pages on it need. It never changes; the next one
//! takes its place whole.

use crate::finding::fingerprint;
use crate::folder::Followed;
use crate::report::html::Index;
use crate::source::Files;
use crate::workspace::{Analysis, Workspace};

/// A workspace at one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// Counts up from 1 in a run of the program.
    pub version: u64,
    /// The texts.
    pub files: Files,
    /// What they come to.
    pub analysis: Analysis,
    /// What stands where in it.
    pub index: Index,
    /// When it was read, in words.
    pub read: String,
    /// Why the folder as a whole could not be read.
    pub trouble: Option<String>,
    /// The file that a new review is written into.
    pub reviews: String,
    /// Its fingerprint; empty where it is not there.
    pub print: String,
}

impl Snapshot {
    pub(super) fn new(version: u64, followed: &Followed) -> Self {
        let workspace = followed.workspace();
        let analysis = workspace.analyse(followed.options());
        let reviews = file_of_reviews(followed);
        let print = workspace.files().find(&reviews).map(|file| print_of(workspace.files()[file].text()));
        Self {
            version,
            files: workspace.files().clone(),
            index: Index::new(&analysis),
            analysis,
            read: jiff::Zoned::now().strftime("%-d %b %Y, %H:%M").to_string(),
            trouble: followed.trouble().map(str::to_owned),
            print: print.unwrap_or_default(),
            reviews,
        }
    }
}

/// Tells whether a file is as it was.
pub(super) fn print_of(text: &str) -> String {
    format!("{:016x}", fingerprint([text]))
}

/// The first file that holds reviews already, or the one that is begun.
fn file_of_reviews(followed: &Followed) -> String {
    first_with_reviews(followed.workspace()).unwrap_or_else(|| followed.new_file("reviews.yaml"))
}

fn first_with_reviews(workspace: &Workspace) -> Option<String> {
    let mut files = workspace.files().iter().zip(workspace.documents());
    files.find(|(_, document)| !document.reviews.is_empty()).map(|((_, file), _)| file.path().to_owned())
}

//! The workspace as read at one moment, with everything that pages need. A snapshot never changes; the next one
//! replaces it.

use rustc_hash::FxHashMap;

use super::page_cache::PageCache;
use gainsay_analysis::finding::print;
use gainsay_analysis::id::{FileId, QuestionId};
use gainsay_analysis::source::Files;
use gainsay_analysis::workspace::Analysis;
use gainsay_edit::edit;
use gainsay_folder::folder::Followed;
use gainsay_report::report::html::PageIndex;

/// The file that is created if no file holds reviews yet.
pub(super) const NEW_FILE: &str = "reviews.yaml";

/// A workspace at one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// Counts up from 1 in a run of the program.
    pub version: u64,
    /// The texts.
    pub files: Files,
    /// Their analysis.
    pub analysis: Analysis,
    /// Lookup tables over the analysis.
    pub index: PageIndex,
    /// When it was read, in words.
    pub read: String,
    /// Why the folder as a whole could not be read. None if it could.
    pub trouble: Option<String>,
    /// Notices about the folder.
    pub notices: Vec<String>,
    /// Pages made from it.
    pub kept: PageCache,
    /// The file that the first review of a question is written into.
    home: String,
    /// The fingerprints of that file and of those that hold reviews.
    prints: FxHashMap<String, String>,
}

impl Snapshot {
    pub(super) fn new(version: u64, followed: &Followed) -> Self {
        let workspace = followed.workspace();
        let analysis = workspace.analyse(followed.options());
        let files = workspace.files().clone();
        let home = edit::file_for_first_review(workspace, &followed.new_file(NEW_FILE));
        let with_reviews = analysis.model.reviews.iter().map(|review| review.location.file);
        let mut with_reviews: Vec<FileId> = with_reviews.chain(files.find(&home)).collect();
        with_reviews.sort_unstable();
        with_reviews.dedup();
        let printed = |file: FileId| (files[file].path().to_owned(), print(files[file].text()));
        Self {
            version,
            kept: PageCache::default(),
            index: PageIndex::new(&analysis),
            read: jiff::Zoned::now().strftime("%-d %b %Y, %H:%M").to_string(),
            trouble: followed.trouble().map(str::to_owned),
            notices: followed.notices().iter().map(ToString::to_string).collect(),
            prints: with_reviews.into_iter().map(printed).collect(),
            home,
            files,
            analysis,
        }
    }

    /// The file for a review of a question, and its fingerprint, which is empty if the file does not exist.
    pub(super) fn home(&self, question: Option<QuestionId>) -> (&str, &str) {
        let latest = question.and_then(|question| self.analysis.model.latest_review(question));
        let home = latest.map_or(self.home.as_str(), |review| self.files[review.location.file].path());
        (home, self.prints.get(home).map_or("", String::as_str))
    }
}

//! The pages of the review desk: served one by one, or frozen into one self-contained file.
//!
//! A [`PageContext`] is an analysis with the data that its pages share. Each kind of page has a module and returns a
//! [`Page`]. [`PageContext::whole`] puts the frame around one, [`PageContext::frozen`] puts all of them into one file. Pages
//! have no inline script or style, so a strict content security policy can apply. All text from claim files goes
//! through `text`, which escapes it.

mod actor;
mod chart;
mod components;
mod dispute;
mod disputes;
mod event;
mod file;
mod frame;
mod frozen;
mod graph;
mod index;
mod links;
mod missing;
mod pager;
mod parties;
mod relations;
mod rule;
mod source;
mod text;

pub use disputes::Filter;
pub use frame::{ASSETS, Asset};
pub use index::PageIndex;
pub use links::Links;

use maud::Markup;

use gainsay_analysis::dispute::Decision;
use gainsay_analysis::model::Model;
use gainsay_analysis::source::Files;
use gainsay_analysis::workspace::Analysis;

/// An analysis, and the data that all its pages share.
#[derive(Clone, Copy, Debug)]
pub struct PageContext<'a> {
    /// The texts, for places.
    pub files: &'a Files,
    /// The analysis that the pages show.
    pub analysis: &'a Analysis,
    /// Lookup tables over it; see [`PageIndex::new`].
    pub index: &'a PageIndex,
    /// The form of links.
    pub links: Links,
    /// How reviews are made.
    pub reviewing: Reviewing<'a>,
    /// The folder, as shown to people: `claims/`.
    pub place: &'a str,
    /// When it was read, in words.
    pub read: &'a str,
}

/// How reviews are made on these pages.
#[derive(Clone, Copy, Debug)]
pub enum Reviewing<'a> {
    /// With a form that is sent to the URL of the page.
    Form(Form<'a>),
    /// With a command that the page shows, because the desk is read-only or the page is frozen.
    Command,
}

/// Data that every form contains.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The token that proves that the form is from this desk.
    pub token: &'a str,
    /// The file for new reviews, as shown to people.
    pub file: &'a str,
    /// Fingerprint of that file when the page was made. Empty if it did not exist.
    pub print: &'a str,
}

/// A review that was not saved, shown on the page that says so.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The complete typed text.
    pub decision: Decision,
    /// Why it was not saved.
    pub why: String,
    /// The differences on disk, as the lines of a unified diff. May be empty.
    pub diff: String,
}

/// A page without its frame.
#[derive(Debug)]
pub struct Page {
    /// Its title, as plain text.
    pub title: String,
    /// The part of the desk it belongs to.
    pub part: DeskSection,
    /// Its content between navigation and footer, beginning with the breadcrumb or the `h1`.
    pub body: Markup,
}

/// The parts of the desk, as the navigation names them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeskSection {
    /// Disputes to review, and single questions.
    Disputes,
    /// Events, propositions and series.
    Events,
    /// Who speaks.
    Actors,
    /// Differences between parties.
    Parties,
    /// The documents.
    Sources,
    /// Everything as a graph.
    Graph,
    /// The rules, and how often each found something.
    Rules,
    /// The files, and the problems in them.
    Files,
}

impl<'a> PageContext<'a> {
    fn model(&self) -> &'a Model {
        &self.analysis.model
    }
}

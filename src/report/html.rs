//! The pages of the review desk: served one by one, or frozen into one file that needs nothing else.
//!
//! A [`Desk`] is an analysis with what its pages share; each kind of page has a module of its own and returns a
//! [`Page`]. [`Desk::whole`] puts the frame around one, [`Desk::frozen`] puts all of them into one file. Pages
//! carry neither script nor style of their own, so that a strict content security policy holds; whatever a
//! claim file says goes through `text`, and is text.

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

use crate::dispute::Decision;
use crate::model::Model;
use crate::source::Files;
use crate::workspace::Analysis;

/// An analysis, and what all pages on it share.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The texts, for places.
    pub files: &'a Files,
    /// Everything that is shown.
    pub analysis: &'a Analysis,
    /// What stands where in it; see [`PageIndex::new`].
    pub index: &'a PageIndex,
    /// Where the links lead.
    pub links: Links,
    /// How a reviewer decides.
    pub reviewing: Reviewing<'a>,
    /// The folder, as people know it: `claims/`.
    pub place: &'a str,
    /// When it was read, in words.
    pub read: &'a str,
}

/// How a reviewer decides on these pages.
#[derive(Clone, Copy, Debug)]
pub enum Reviewing<'a> {
    /// By a form that is sent to where the page is.
    Form(Form<'a>),
    /// By a command, which the page shows: the desk is read-only, or the page frozen.
    Command,
}

/// What every form carries.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// Proves that the form is one of ours.
    pub token: &'a str,
    /// The file that a new review is written into, as people know it.
    pub file: &'a str,
    /// Fingerprint of that file as it was when the page was made; empty where it is not there yet.
    pub print: &'a str,
}

/// A review that was not written, on the page that says so.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What was typed; nothing of it is lost.
    pub decision: Decision,
    /// Why it was not written.
    pub why: String,
    /// What is otherwise on disk, as the lines of a unified diff; may be empty.
    pub diff: String,
}

/// A page without its frame.
#[derive(Debug)]
pub struct Page {
    /// What it is called, as plain text.
    pub title: String,
    /// The part of the desk it belongs to.
    pub part: Part,
    /// What stands between the navigation and the foot, from its crumbs and its `h1` on.
    pub body: Markup,
}

/// The parts of the desk, as the navigation names them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Disputes to review, and single questions.
    Disputes,
    /// Events, propositions and series.
    Events,
    /// Who speaks.
    Actors,
    /// Who stands against whom.
    Parties,
    /// The documents.
    Sources,
    /// Everything as a graph.
    Graph,
    /// The rules, and which fired.
    Rules,
    /// The files, and what is wrong with them.
    Files,
}

impl<'a> Desk<'a> {
    fn model(&self) -> &'a Model {
        &self.analysis.model
    }
}

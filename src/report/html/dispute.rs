//! The page of a question: what is asked, who says what, how far apart, who is silent, how review stands.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part, Refused};
use crate::id::QuestionId;

impl Desk<'_> {
    /// The page of a question, disputed or not; with `refused`, a review of it that was not written.
    pub fn question(&self, id: QuestionId, refused: Option<&Refused>) -> Page {
        let _ = refused;
        let asked = self.model().question_asked(id);
        page(asked.clone(), Part::Disputes, html! { h1 { (asked) } })
    }
}

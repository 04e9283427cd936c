//! Charts of answers, drawn here as SVG: nothing is summed, rounded or averaged.

use maud::Markup;

use super::Desk;
use crate::id::AnswerId;
use crate::period::Period;

/// A row of a timeline: what happened, a party, or the outlets.
pub(super) struct Lane {
    /// What stands before it.
    pub name: String,
    /// The hue of its party; none for what happened.
    pub hue: Option<u8>,
    /// Whether an outlet speaks in its own voice.
    pub own: bool,
    /// What stands in it.
    pub marks: Vec<Mark>,
}

/// A day or a span of days on a timeline.
pub(super) struct Mark {
    /// When.
    pub days: Period,
    /// What.
    pub label: String,
    /// Whether it was announced and is not known to have happened.
    pub planned: bool,
}

impl Desk<'_> {
    /// Figures of several parts on one scale.
    pub(super) fn tolls(&self, rows: &[(String, Vec<AnswerId>)]) -> Option<Markup> {
        let _ = rows;
        None
    }

    /// What happened and what was said, over time.
    pub(super) fn timeline(&self, lanes: &[Lane]) -> Option<Markup> {
        let _ = lanes;
        None
    }
}

//! One party asserts what another denies: by a response, a stance, a no, or a zero against more than zero.

use super::{Said, Statement, choices};
use crate::graph::Graph;

/// Whether `denial` denies what `other` asserts: the answer lies wholly inside what is denied.
pub(super) fn denies(graph: &Graph, denial: &Statement, other: &Statement) -> bool {
    match (&denial.said, &other.said) {
        (Said::Not(denied), Said::Line(hard, _)) => denied.contains(hard),
        (Said::NotChoice(denied), Said::Choice(items)) => choices::is_denied(graph, items, denied),
        (Said::Line(left, _), Said::Line(hard, _)) => {
            denial.is_denial && !other.is_denial && !left.meets(hard) && !other.slot_is_after(denial)
        }
        _ => false,
    }
}

impl Statement {
    /// Whether this figure describes a day after that of a zero that was counted: a toll may rise from none.
    /// A denial holds whenever it was said.
    fn slot_is_after(&self, denial: &Statement) -> bool {
        !denial.is_outright && denial.slot.is_before(self.slot)
    }
}

/// The assertion said first among those denied, and the denial of it said first; empty where there is none.
/// `fits` says which two may be paired. The statements are in the order of time.
pub(super) fn reversed<'s>(
    graph: &Graph,
    statements: &[&'s Statement],
    fits: impl Fn(&Statement, &Statement) -> bool,
) -> Vec<&'s Statement> {
    let denials: Vec<&Statement> =
        statements.iter().copied().filter(|statement| may_deny(statement)).collect();
    if denials.is_empty() {
        return Vec::new();
    }
    for &asserted in statements {
        let denial =
            denials.iter().copied().find(|denial| fits(asserted, denial) && denies(graph, denial, asserted));
        if let Some(denial) = denial {
            return vec![asserted, denial];
        }
    }
    Vec::new()
}

fn may_deny(statement: &Statement) -> bool {
    statement.is_denial || matches!(statement.said, Said::Not(_) | Said::NotChoice(_))
}

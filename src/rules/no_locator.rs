//! stub
use super::{Facts, Rule, Weight};
use crate::finding::{Finding, Grade};
pub(super) static RULE: Rule = Rule { id: "no-locator", grade: Grade::Warning, summary: "", weight: Weight::File, since: "0.1.0", doc: "", check };
fn check(_: &Facts<'_>, _: &mut Vec<Finding>) {}

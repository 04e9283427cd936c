//! stub
use super::{Facts, Rule, Weight};
use crate::finding::{Finding, Grade};
pub(super) static RULE: Rule = Rule { id: "idle-silence", grade: Grade::Warning, summary: "", weight: Weight::File, since: "0.1.0", doc: "", check };
fn check(_: &Facts<'_>, _: &mut Vec<Finding>) {}
use crate::{document::Name, id::ClaimId};
pub(super) fn finding(facts: &Facts<'_>, claim: ClaimId, name: &Name) -> Finding {
    let at = crate::source::Location { file: facts.claim(claim).location.file, span: name.span };
    RULE.lint(at, format!("`allow: {}` silences nothing here", name.value), "")
}

//! Fixes of findings, one by one, and all safe fixes of a file at once.

use std::collections::BTreeSet;

use gen_lsp_types::CodeActionKind;

use super::Menu;
use gainsay_analysis::finding::{Edit, Finding, Fix};
use gainsay_edit::edit;

impl Menu<'_> {
    /// Adds the fixes of each finding here. Only a safe fix is marked as preferred; the others are suggestions.
    pub(super) fn fix(&mut self) {
        let fixes_of = |finding: &Finding| -> Vec<(&'static str, Fix, bool)> {
            let fixes = finding.fixes();
            fixes.map(|fix| (finding.rule, fix.clone(), finding.fix.as_ref() == Some(fix))).collect()
        };
        let fixes: Vec<_> = self.findings.iter().flat_map(fixes_of).collect();
        let mut offered = BTreeSet::new();
        for (rule, fix, is_sure) in fixes {
            if !offered.insert(fix.clone()) {
                continue;
            }
            let changes = edit::apply(self.session.files(), &fix.edits).map_err(|why| why.to_string());
            let offer = changes.and_then(|changes| self.session.workspace_edit(&changes));
            self.offer(fix.title, CodeActionKind::QuickFix, Some(rule), is_sure, offer);
        }
    }

    /// Adds one action with all safe fixes of the file. If two fixes overlap, only the first is made; the other can be
    /// made afterwards.
    pub(super) fn fix_all(&mut self) {
        let kind = CodeActionKind::SourceFixAll;
        let fixes =
            self.session.incremental().findings(self.file).iter().filter_map(|finding| finding.fix.as_ref());
        let mut edits: Vec<Edit> = Vec::new();
        let mut count = 0;
        let mut fixes: Vec<&Fix> = fixes.collect();
        fixes.sort_by(|a, b| a.edits.cmp(&b.edits));
        fixes.dedup_by(|a, b| a.edits == b.edits);
        for fix in fixes {
            let is_apart = fix.edits.iter().all(|new| edits.iter().all(|known| are_apart(known, new)));
            if is_apart {
                edits.extend(fix.edits.iter().cloned());
                count += 1;
            }
        }
        let is_worth = count > 1 || (count == 1 && self.asks_for(&kind));
        if !is_worth {
            return;
        }
        let changes = edit::apply(self.session.files(), &edits).map_err(|why| why.to_string());
        let offer = changes.and_then(|changes| self.session.workspace_edit(&changes));
        self.offer(format!("apply all {count} safe fixes in this file"), kind, None, false, offer);
    }
}

fn are_apart(one: &Edit, other: &Edit) -> bool {
    let (a, b) = (one.location.span, other.location.span);
    one.location.file != other.location.file || a.end < b.start || b.end < a.start
}

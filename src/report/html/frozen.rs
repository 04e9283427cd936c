//! All pages in one file: no script, no request, nothing beside it.

use super::Desk;
use crate::report::Report;

impl Desk<'_> {
    /// The report as one file that opens from a disk: what was asked for, and every page it leads to.
    pub fn frozen(&self, report: &Report<'_>) -> String {
        let _ = report;
        self.whole(&self.disputes(&super::Filter::default()))
    }
}

//! The pages that explain rules and lints, as files on this machine that an editor can open.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gen_lsp_types::Uri;

use super::position;
use gainsay_analysis::rules;
use gainsay_folder::folder;
use gainsay_report::report::explain;

/// The URI of the page of each rule and lint. Written once, when the first is needed; empty if they cannot be written.
static PAGES: LazyLock<BTreeMap<&'static str, Uri>> = LazyLock::new(|| {
    let known = || rules::names().filter_map(|name| Some((name, rules::known(name)?)));
    let files: Vec<(String, String)> =
        known().map(|(name, known)| (file_name(name), explain::render_markdown(known))).collect();
    match folder::keep(concat!("rules-", env!("CARGO_PKG_VERSION")), &files) {
        Ok(folder) => {
            known().map(|(name, _)| (name, position::uri_from_path(&folder.join(file_name(name))))).collect()
        }
        // Then rules have no links, and the command `gainsay.explain` shows the text in a message.
        Err(_) => BTreeMap::new(),
    }
});

fn file_name(rule: &str) -> String {
    format!("{rule}.md")
}

/// The URI of the page that explains a rule or lint; none if there is no such file.
pub(super) fn uri_of_rule(rule: &str) -> Option<Uri> {
    PAGES.get(rule).cloned()
}

//! What leads out of the editor: the review desk in a browser, and the pages that explain rules.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use gen_lsp_types::{
    ExecuteCommandParams, MessageType, ShowDocumentParams, ShowDocumentRequest, ShowMessageNotification,
    ShowMessageParams, Uri,
};
use serde_json::Value;

use super::place;
use super::requests::Refused;
use super::server::Server;
use crate::folder;
use crate::report::explain;
use crate::report::html::Links;
use crate::rules;

/// Serves the review desk of a workspace until the process ends, and says at which address it is: the caller of
/// the language server brings it along, as it knows of the web. Asked again for the same folder it is the same desk.
pub type OpenDesk<'a> = dyn Fn(&Path, Option<&Path>) -> Result<String, String> + 'a;

/// The page of each rule and lint as a file on this machine; none where they cannot be kept. Made once, when the
/// first is asked for.
static PAGES: LazyLock<BTreeMap<&'static str, Uri>> = LazyLock::new(|| {
    let known = || rules::names().filter_map(|name| Some((name, rules::known(name)?)));
    let files: Vec<(String, String)> =
        known().map(|(name, known)| (page_of(name), explain::render_markdown(known))).collect();
    match folder::keep(concat!("rules-", env!("CARGO_PKG_VERSION")), &files) {
        Ok(folder) => known().map(|(name, _)| (name, place::uri(&folder.join(page_of(name))))).collect(),
        // Without a place for them there are no links; what they would say is shown by the command.
        Err(_) => BTreeMap::new(),
    }
});

fn page_of(rule: &str) -> String {
    format!("{rule}.md")
}

/// Where a rule is explained.
pub(super) fn explained(rule: &str) -> Option<Uri> {
    PAGES.get(rule).cloned()
}

/// Does what a lens or an action names as a command.
pub(super) fn execute(
    server: &mut Server<'_>,
    params: &ExecuteCommandParams,
) -> Result<Option<Value>, Refused> {
    let arguments = params.arguments.as_deref().unwrap_or_default();
    let text = |at: usize| arguments.get(at).and_then(Value::as_str);
    match params.command.as_str() {
        "gainsay.openDesk" => {
            let uri = Uri::from(text(0).ok_or("the address of a file is missing")?);
            open_desk(server, &uri, text(2).unwrap_or("question"), text(1))
        }
        "gainsay.explain" => explain(server, text(0).ok_or("the name of a rule is missing")?),
        other => Err(format!("`{other}` is no command of gainsay")),
    }
}

/// Opens the review desk of the workspace of a file, at the page of one thing or at its first.
fn open_desk(
    server: &mut Server<'_>,
    uri: &Uri,
    kind: &str,
    name: Option<&str>,
) -> Result<Option<Value>, Refused> {
    if !["question", "event", "actor", "source"].contains(&kind) {
        return Err(format!("the desk has no page of a `{kind}`"));
    }
    let session = server.session(uri).ok_or("this file belongs to no workspace")?;
    let (root, texts) = (session.root().to_owned(), session.texts().map(Path::to_owned));
    let desk = (server.desk)(&root, texts.as_deref())?;
    let page = name.map_or_else(|| Links::Served.disputes(), |name| Links::Served.to(kind, name));
    let address = address_of(&desk, &page);
    show(server, &Uri::from(address.as_str()), true, || format!("the review desk is at {address}"));
    Ok(Some(Value::from(address)))
}

/// Shows the page of a rule.
fn explain(server: &mut Server<'_>, rule: &str) -> Result<Option<Value>, Refused> {
    let known = rules::known(rule).ok_or_else(|| format!("no rule or lint is called `{rule}`"))?;
    let page = explain::render_markdown(known);
    match explained(rule) {
        Some(uri) => show(server, &uri, false, || page.clone()),
        None => say(server, page.clone()),
    }
    Ok(Some(Value::from(page)))
}

/// Has the editor open an address, in a browser or by itself; one that cannot is told in words.
fn show(server: &mut Server<'_>, uri: &Uri, external: bool, in_words: impl Fn() -> String) {
    if !server.editor.shows_documents {
        return say(server, in_words());
    }
    server.ask::<ShowDocumentRequest>(ShowDocumentParams {
        uri: uri.clone(),
        external: Some(external),
        take_focus: Some(true),
        selection: None,
    });
}

fn say(server: &Server<'_>, message: String) {
    server.notify::<ShowMessageNotification>(&ShowMessageParams { kind: MessageType::Info, message });
}

/// The address of a page of a desk: that of the desk is `http://HOST/`, perhaps with a query that lets its reader in.
fn address_of(desk: &str, page: &str) -> String {
    let (desk, query) = desk.split_once('?').unwrap_or((desk, ""));
    let (page, fragment) = page.find('#').map_or((page, ""), |at| page.split_at(at));
    let joint = match query {
        "" => "",
        _ if page.contains('?') => "&",
        _ => "?",
    };
    format!("{}{page}{joint}{query}{fragment}", desk.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_of_a_page_keeps_the_token_of_its_desk() {
        for (desk, page, address) in [
            ("http://127.0.0.1:4880/", "/event/raid", "http://127.0.0.1:4880/event/raid"),
            ("http://127.0.0.1:4880/?token=a", "/event/raid", "http://127.0.0.1:4880/event/raid?token=a"),
            ("http://127.0.0.1:4880/?token=a", "/", "http://127.0.0.1:4880/?token=a"),
            (
                "http://127.0.0.1:4880/?token=a",
                "/source/s?claim=c#c",
                "http://127.0.0.1:4880/source/s?claim=c&token=a#c",
            ),
        ] {
            assert_eq!(address_of(desk, page), address);
        }
    }
}

//! The links of a file: to its source on the web, and to the archived text, for claims at their paragraph.

use std::path::Path;

use gen_lsp_types::{DocumentLink, DocumentLinkParams, Uri};

use super::error::RequestError;
use super::position;
use super::session::Session;
use gainsay_analysis::document::{Document, Locator, Name};
use gainsay_analysis::id::FileId;
use gainsay_analysis::rules;
use gainsay_analysis::source::Span;
use gainsay_folder::folder;

/// The links of a file.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn links(
    session: &mut Session,
    params: &DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    Ok(Some(session.links(file)))
}

impl Session {
    fn links(&self, file: FileId) -> Vec<DocumentLink> {
        let document = self.document(file);
        let Some(source) = &document.source else { return Vec::new() };
        let mut links = Vec::new();
        let link = |span: Span, target: String, tooltip: String| DocumentLink {
            range: self.range(file, self.without_quotes(file, span)),
            target: Some(Uri::from(target)),
            tooltip: Some(tooltip),
            data: None,
        };
        if let Some((span, address)) = source.body.url.as_ref().and_then(web_address) {
            let host = address.host_str().unwrap_or_default();
            links.push(link(span, address.to_string(), format!("open the source at {host}")));
        }
        let Some((name, archived)) = self.archived_text(file, document) else { return links };
        links.push(link(name.span, archived.clone(), "open the archived text".to_owned()));
        let Some(text) = self.incremental().options().archive.get(&source.id.value) else { return links };
        let paragraphs = rules::paragraphs(text);
        for at in document.claims.iter().filter_map(|claim| claim.body.at) {
            let Locator::Paragraphs(first, last) = at.value else { continue };
            let on = |number: u32| paragraphs.get(number as usize - 1);
            // A paragraph after the end of the text has no link; the rule `words-not-found` reports it.
            let Some(start) = on(first) else { continue };
            let end = on(last).filter(|&end| end > start);
            let target = match end {
                Some(end) => format!("{archived}#L{start}-L{end}"),
                None => format!("{archived}#L{start}"),
            };
            links.push(link(at.span, target, format!("open the archived text at {}", at.value)));
        }
        links
    }

    /// The URI of the archived text of the source of a file, and the name of the text in the file.
    fn archived_text<'d>(&self, file: FileId, document: &'d Document) -> Option<(&'d Name, String)> {
        let name = document.source.as_ref()?.body.text.as_ref()?;
        let claim_file = Path::new(self.source(file).path());
        let path = folder::archived_at(claim_file, &name.value, self.texts())?;
        Some((name, position::uri_from_path(&path).to_string()))
    }
}

/// Parses an address; only `http` and `https` are accepted.
fn web_address(written: &Name) -> Option<(Span, url::Url)> {
    let address = url::Url::parse(&written.value).ok()?;
    matches!(address.scheme(), "http" | "https").then_some((written.span, address))
}

//! The page of a source: its claims in the order of the text.

mod claims;
mod strip;

use maud::{Markup, html};

use super::components::time;
use super::components::{crumbs, fact_list, facts, tally, text};
use super::pager::Pager;
use super::text::{plain, said};
use super::{DeskSection, Page, PageContext};
use crate::report::wording::{counted, source_in_words};
use gainsay_analysis::id::{ClaimId, Id as _, SourceId};

/// The sources, or the claims of one source, on one page.
const ROWS_PER_PAGE: usize = 200;

impl PageContext<'_> {
    /// The page of all sources, by day of publication.
    pub fn sources(&self, number: usize) -> Page {
        let model = self.model();
        let mut ids: Vec<SourceId> = model.sources.ids().filter(|&id| !model.sources[id].later).collect();
        ids.sort_by_key(|&id| (model.sources[id].published.earliest(), id));
        let pager = Pager::new(self.links, number, ROWS_PER_PAGE);
        let claims: usize = ids.iter().map(|&id| self.known_claims(id).count()).sum();
        let body = html! {
            h1 { "Sources" }
            p .lede { (counted(ids.len(), "source")) " with " (counted(claims, "claim")) ", by date of publication." }
            div .mt { (self.source_table(&ids[pager.rows(ids.len())], true)) }
            (pager.range_note(ids.len(), "source"))
            (pager.page_links(&self.links.list("sources"), ids.len()))
        };
        Page { title: "Sources".to_owned(), part: DeskSection::Sources, body }
    }

    /// The page of a source: the part of the list with the claim `claim`, or else the part with this
    /// number.
    pub fn source(&self, id: SourceId, number: usize, claim: Option<&str>) -> Page {
        let claims = self.in_text_order(id);
        let wanted = claim.and_then(|name| self.model().find_claim_in(id, name));
        let place = wanted.and_then(|wanted| claims.iter().position(|&claim| claim == wanted));
        let pager = match place {
            Some(place) => Pager::holding(self.links, place, ROWS_PER_PAGE),
            None => Pager::new(self.links, number, ROWS_PER_PAGE),
        };
        let name = source_in_words(self.model(), id);
        let body = html! {
            (crumbs([html! { a href=(self.links.list("sources")) { "Sources" } }, said(self.model().sources.name(id))]))
            h1 { (said(&name)) }
            p .lede { (self.source_lede(&claims)) }
            (self.source_facts(id))
            @if !claims.is_empty() {
                (self.strip(&claims))
                (self.claim_table(id, &claims[pager.rows(claims.len())]))
                (pager.range_note(claims.len(), "claim"))
            }
            (pager.page_links(&self.links.to("source", self.model().sources.name(id)), claims.len()))
        };
        Page { title: plain(&name), part: DeskSection::Sources, body }
    }

    /// The claims of a source that were known on the day of the analysis.
    fn known_claims(&self, id: SourceId) -> impl Iterator<Item = ClaimId> {
        let run = &self.model().sources[id].claims;
        (run.start as usize..run.end as usize)
            .map(ClaimId::new)
            .filter(|&claim| !self.model().claim(claim).later)
    }

    fn in_text_order(&self, id: SourceId) -> Vec<ClaimId> {
        let mut claims: Vec<ClaimId> = self.known_claims(id).collect();
        claims.sort_by_key(|&claim| {
            let row = self.model().claim(claim);
            (row.at.is_none(), row.at, row.location)
        });
        claims
    }

    fn source_lede(&self, claims: &[ClaimId]) -> Markup {
        let own = claims.iter().filter(|&&claim| self.model().is_own_voice(claim)).count();
        let mut speakers: Vec<_> = claims.iter().map(|&claim| self.model().claim(claim).by).collect();
        speakers.sort_unstable();
        speakers.dedup();
        html! {
            (counted(claims.len(), "claim"))
            @if !claims.is_empty() {
                " by " (counted(speakers.len(), "speaker")) ", " (self.named_of(claims)) " of them in findings. "
                @if own > 0 { (own) @if own == 1 { " is" } @else { " are" } " in the outlet’s own voice." }
            } @else { "." }
        }
    }

    fn source_facts(&self, id: SourceId) -> Markup {
        let row = &self.model().sources[id];
        let citing = self.index.relations.citing(id);
        facts([
            ("Publisher", Some(self.who(row.publisher))),
            ("Published", Some(time(&row.published))),
            ("Title", text(row.title.as_ref())),
            ("Address", row.url.as_ref().map(|url| address(url))),
            ("Cites", fact_list(&row.cites, "source", |&source| self.source_and_day(source))),
            ("Cited by", fact_list(citing, "source", |&source| self.source_and_day(source))),
            ("Reliability", text(row.reliability.as_ref())),
            ("Archived text", row.text.as_ref().map(|name| html! { code { (said(&name.value)) } })),
            ("File", row.defined.location().map(|location| self.place_of(location))),
        ])
    }

    /// A table of sources, with the number of their claims in findings.
    pub(super) fn source_table(&self, ids: &[SourceId], with_publisher: bool) -> Markup {
        html! {
            div .scroll role="region" aria-label="Sources" tabindex="0" {
                table .stack {
                    thead {
                        tr {
                            th scope="col" { "Source" }
                            th scope="col" { "Published" }
                            th scope="col" { "Title" }
                            th .r scope="col" { "Claims" } th .r scope="col" { "In findings" } th scope="col" { "Disputes" }
                        }
                    }
                    tbody { @for &id in ids { (self.source_row(id, with_publisher)) } }
                }
            }
        }
    }

    fn source_row(&self, id: SourceId, with_publisher: bool) -> Markup {
        let row = &self.model().sources[id];
        let claims: Vec<ClaimId> = self.known_claims(id).collect();
        let name = self.model().sources.name(id);
        html! {
            tr {
                th scope="row" {
                    @if with_publisher { (self.source_link(id)) " " }
                    a .ref href=(self.links.to("source", name)) { (said(name)) }
                }
                td .num .nowrap { (time(&row.published)) }
                td { @if let Some(title) = text(row.title.as_ref()) { (title) } }
                td .r .num data-l="Claims" { (claims.len()) }
                td .r .num data-l="In findings" { (self.named_of(&claims)) }
                td { (tally(self.disputed_by(&claims))) }
            }
        }
    }
}

/// A URL from a claim file: a link if it is an HTTP URL, otherwise text.
fn address(url: &str) -> Markup {
    let starts =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let is_web = starts("http://") || starts("https://");
    let is_plain = !url.contains(|c: char| c.is_control() || c.is_whitespace());
    html! {
        @if is_web && is_plain { a rel="noreferrer noopener" href=(url) { (said(url)) } }
        @else { (said(url)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_links_http_urls_only() {
        assert!(
            address("https://a.example/?b=c&d")
                .into_string()
                .contains("href=\"https://a.example/?b=c&amp;d\"")
        );
        assert!(address("HTTP://a.example").into_string().starts_with("<a rel=\"noreferrer noopener\""));
        for other in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "//a.example",
            "http:x",
            "https://a b",
            "ftp://a",
            "é",
        ] {
            assert!(!address(other).into_string().contains("<a"), "{other}");
        }
    }
}

//! Splits long lists into pages on the live desk; the frozen file has them in full. Everything that is left out has
//! a link.

use std::ops::Range;

use maud::{Markup, html};

use super::Links;
use super::components::grouped;
use crate::report::wording::counted;

/// Which part of a long page is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pager {
    links: Links,
    /// From 0.
    at: usize,
    size: usize,
}

impl Pager {
    /// The page with this number, from 1 (0 means 1), of lists with `size` rows per page.
    pub(super) fn new(links: Links, number: usize, size: usize) -> Self {
        Self { links, at: number.saturating_sub(1), size }
    }

    /// The page that contains the row with this index.
    pub(super) fn holding(links: Links, row: usize, size: usize) -> Self {
        Self { links, at: row / size, size }
    }

    /// The rows of a list that are shown.
    pub(super) fn rows(&self, length: usize) -> Range<usize> {
        if self.links == Links::Frozen {
            return 0..length;
        }
        let from = self.at.saturating_mul(self.size).min(length);
        from..(from + self.size).min(length)
    }

    /// A note on which rows are shown. Empty if all are.
    pub(super) fn range_note(&self, length: usize, noun: &str) -> Markup {
        let rows = self.rows(length);
        html! {
            @if rows.len() < length {
                p .small .muted {
                    @if rows.is_empty() { "All " (counted(length, noun)) " are on earlier pages." }
                    @else { (rows.start + 1) "–" (rows.end) " of " (counted(length, noun)) "." }
                }
            }
        }
    }

    /// Links to the other pages if the longest list has `longest` rows. Empty if there is only one page.
    pub(super) fn page_links(&self, page: &str, longest: usize) -> Markup {
        let count = longest.div_ceil(self.size);
        let number = self.at + 1;
        html! {
            @if count > 1 && self.links == Links::Served {
                nav .pager aria-label="Pages" {
                    @if number > 1 { a rel="prev" href=(self.links.part(page, number.min(count + 1) - 1)) { "Previous" } }
                    span { "Page " (number) " of " (count) }
                    @if number < count { a rel="next" href=(self.links.part(page, number + 1)) { "Next" } }
                    @if number != 1 { a href=(self.links.part(page, 1)) { "First" } }
                    @if number < count { a href=(self.links.part(page, count)) { "Last" } }
                }
            }
        }
    }
}

/// Links to the previous and the next of `pages` pages. Empty if there is only one page.
pub(super) fn steps(at: usize, pages: usize, to: impl Fn(usize) -> String) -> Markup {
    html! {
        @if pages > 1 {
            nav .pager aria-label="Pages of the list" {
                @if at > 1 { a .button rel="prev" href=(to(at - 1)) { "Previous" } }
                span { "Page " (grouped(at)) " of " (grouped(pages)) }
                @if at < pages { a .button rel="next" href=(to(at + 1)) { "Next" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_on_some_page() {
        let shown: usize = (0..5).map(|number| Pager::new(Links::Served, number, 10).rows(37).len()).sum();
        // 0 and 1 are the first page.
        assert_eq!(shown, 37 + 10);
        assert_eq!(Pager::new(Links::Served, 9, 10).rows(37), 37..37);
        assert_eq!(Pager::new(Links::Frozen, 1, 10).rows(37), 0..37);
        assert_eq!(Pager::holding(Links::Served, 36, 10).rows(37), 30..37);
        let page_links = Pager::new(Links::Served, 2, 10).page_links("/events", 37).into_string();
        assert!(
            page_links.contains("href=\"/events\"") && page_links.contains("href=\"/events?page=3\""),
            "{page_links}"
        );
        assert!(
            Pager::new(Links::Served, usize::MAX, 10)
                .page_links("/events", 37)
                .into_string()
                .contains("page=4")
        );
    }
}

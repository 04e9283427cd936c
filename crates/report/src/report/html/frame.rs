//! The frame around every page, and the files that pages load.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::components::{counted_in_words, grouped};
use super::{DeskSection, Links, Page, PageContext};

/// A file that pages load.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name in `/assets/`.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal: $kind:literal),* $(,)?) => {
        /// All files that pages load from `/assets/`.
        pub const ASSETS: &[Asset] =
            &[$(Asset { name: $name, kind: $kind, bytes: include_bytes!(concat!("assets/", $name)) }),*];
    };
}

assets! {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "graph.js": "text/javascript; charset=utf-8",
    "graph-layout.js": "text/javascript; charset=utf-8",
    "graph-many.js": "text/javascript; charset=utf-8",
    "vendor/cytoscape.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-dispatch.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-force.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-quadtree.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-timer.min.js": "text/javascript; charset=utf-8",
    "fonts/source-sans-3-latin-wght-normal.woff2": "font/woff2",
    "fonts/source-serif-4-latin-600-normal.woff2": "font/woff2",
}

/// The scripts that draw the graph, loaded by its page only.
const GRAPH_SCRIPTS: [&str; 3] =
    ["/assets/vendor/cytoscape.min.js", "/assets/graph-many.js", "/assets/graph.js"];

/// The glyphs of grades and verdicts, included once in each document.
pub(super) const SPRITE: &str = include_str!("assets/sprite.svg");

/// The parts of the desk: their names in the navigation, and their URLs.
const PARTS: [(DeskSection, &str, &str); 8] = [
    (DeskSection::Disputes, "Disputes", "disputes"),
    (DeskSection::Events, "Events", "events"),
    (DeskSection::Actors, "Actors", "actors"),
    (DeskSection::Parties, "Parties", "parties"),
    (DeskSection::Sources, "Sources", "sources"),
    (DeskSection::Graph, "Graph", "graph"),
    (DeskSection::Rules, "Rules", "rules"),
    (DeskSection::Files, "Files", "files"),
];

/// The keys of the desk and what they do. `desk.js` implements the same keys.
const KEYS: [(&[&str], &str); 11] = [
    (&["j", "k"], "next, previous dispute or claim"),
    (&["enter"], "open the selected one"),
    (&["u"], "back to the list"),
    (&["/"], "search"),
    (&["n", "p"], "next, previous finding on a page"),
    (&["s"], "go to the review form"),
    (&["1", "2", "3", "4"], "open, explained, settled, irreconcilable"),
    (&["ctrl", "enter"], "save the review"),
    (&["c"], "copy the dispute as text"),
    (&["?"], "show these keys"),
    (&["esc"], "leave a field, close this list"),
];

impl PageContext<'_> {
    /// A page with its frame.
    pub fn whole(&self, page: &Page) -> String {
        self.served(page, "", &[])
    }

    /// A page with its frame, as the live desk serves it: with the version of the files it was made from, which
    /// the script compares with new versions, and with notices about the folder at the top.
    pub fn served(&self, page: &Page, version: &str, notices: &[String]) -> String {
        let title = super::text::plain(&page.title);
        html! {
            (DOCTYPE)
            html lang="en" data-version=[(!version.is_empty()).then_some(version)] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · gainsay" }
                    link rel="stylesheet" href="/assets/desk.css";
                    link rel="icon" type="image/svg+xml" href="/assets/icon.svg";
                    script src="/assets/desk.js" defer {}
                    @if page.part == DeskSection::Graph {
                        @for script in GRAPH_SCRIPTS { script src=(script) defer {} }
                    }
                }
                body data-version=(self.read) {
                    (PreEscaped(SPRITE))
                    a .skip href="#main" { "Skip to content" }
                    (self.top(Some(page.part)))
                    main #main .wrap {
                        @for notice in notices { p .notice { (super::text::prose(notice)) } }
                        (self.left_out())
                        (page.body)
                    }
                    (self.foot())
                }
            }
        }
        .into_string()
    }

    /// A notice on every page if entries with errors are left out.
    pub(super) fn left_out(&self) -> Markup {
        let (broken, files) = (self.index.broken(), self.files.len());
        html! {
            @if broken > 0 {
                p .notice .left-out {
                    b {
                        (grouped(broken)) " of " (counted_in_words(files, "file")) @if broken == 1 { " has errors." } @else { " have errors." }
                    }
                    " Entries that cannot be read are left out, and so are disputes that depend on them. "
                    a href=(self.links.list("files")) { "See the files" }
                }
            }
        }
    }

    /// The head of every page: name, navigation, folder.
    pub(super) fn top(&self, current: Option<DeskSection>) -> Markup {
        html! {
            header .top {
                div .wrap {
                    a .brand href=(self.links.disputes()) { "gainsay" }
                    nav aria-label="Main" {
                        ul {
                            @for (part, name, list) in PARTS {
                                li { a href=(self.links.list(list)) aria-current=[(Some(part) == current).then_some("page")] { (name) } }
                            }
                        }
                    }
                    p .place { (super::text::said(self.place)) " · read " (self.read) }
                }
            }
        }
    }

    /// The foot of every page, with the keys on live pages.
    pub(super) fn foot(&self) -> Markup {
        html! {
            footer .foot {
                div .wrap {
                    p { "Findings show which statements cannot all be true. They never say which one is true." }
                    @if self.links == Links::Served {
                        details .keys #keys {
                            summary {
                                kbd { "j" } " " kbd { "k" } " next, previous · " kbd { "enter" } " open · " kbd { "/" } " search · "
                                kbd { "?" } " all keys"
                            }
                            dl { @for (keys, does) in KEYS { div { dt { @for key in keys { kbd { (key) } " " } } dd { (does) } } } }
                        }
                    }
                }
            }
        }
    }
}

//! What stands around every page, and the files that pages need.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Desk, Links, Page, Part};

/// A file that pages load.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name in `/assets/`.
    pub name: &'static str,
    /// What it is, as HTTP says it.
    pub kind: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal: $kind:literal),* $(,)?) => {
        /// Everything that pages load from `/assets/`.
        pub const ASSETS: &[Asset] =
            &[$(Asset { name: $name, kind: $kind, bytes: include_bytes!(concat!("assets/", $name)) }),*];
    };
}

assets! {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "graph.js": "text/javascript; charset=utf-8",
    "graph-layout.js": "text/javascript; charset=utf-8",
    "vendor/cytoscape.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-dispatch.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-force.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-quadtree.min.js": "text/javascript; charset=utf-8",
    "vendor/d3-timer.min.js": "text/javascript; charset=utf-8",
    "fonts/source-sans-3-latin-wght-normal.woff2": "font/woff2",
    "fonts/source-serif-4-latin-600-normal.woff2": "font/woff2",
}

/// What draws the graph, on its page alone.
const GRAPH_SCRIPTS: [&str; 2] = ["/assets/vendor/cytoscape.min.js", "/assets/graph.js"];

/// Glyphs of grades and verdicts, once a document.
pub(super) const SPRITE: &str = include_str!("assets/sprite.svg");

/// The parts of the desk: what the navigation calls them, and their addresses.
const PARTS: [(Part, &str, &str); 8] = [
    (Part::Disputes, "Disputes", "disputes"),
    (Part::Events, "Events", "events"),
    (Part::Actors, "Actors", "actors"),
    (Part::Parties, "Parties", "parties"),
    (Part::Sources, "Sources", "sources"),
    (Part::Graph, "Graph", "graph"),
    (Part::Rules, "Rules", "rules"),
    (Part::Files, "Files", "files"),
];

impl Desk<'_> {
    /// A page with its frame.
    pub fn whole(&self, page: &Page) -> String {
        self.served(page, "")
    }

    /// A page with its frame, as the live desk serves it: with the version of the files it was made of, which
    /// the script compares with what it hears.
    pub fn served(&self, page: &Page, version: &str) -> String {
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
                    script src="/assets/desk.js" defer {}
                    @if page.part == Part::Graph {
                        @for script in GRAPH_SCRIPTS { script src=(script) defer {} }
                    }
                }
                body {
                    (PreEscaped(SPRITE))
                    a .skip href="#main" { "Skip to content" }
                    (self.top(Some(page.part)))
                    main #main .wrap { (page.body) }
                    (self.foot())
                }
            }
        }
        .into_string()
    }

    /// The head of every page: name, navigation, folder.
    pub(super) fn top(&self, current: Option<Part>) -> Markup {
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

    /// The foot of every page, with the keys where there is script.
    pub(super) fn foot(&self) -> Markup {
        html! {
            footer .foot {
                div .wrap {
                    p { "Findings say which statements cannot stand together. They never say which is true." }
                    @if self.links == Links::Served {
                        details .keys #keys {
                            summary { kbd { "?" } " keys" }
                        }
                    }
                }
            }
        }
    }
}

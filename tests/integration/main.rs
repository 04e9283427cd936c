//! All integration tests in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot continue fails")]
#![expect(clippy::disallowed_methods, reason = "tests read what they have written")]
#![expect(clippy::print_stderr, reason = "pending cases are listed")]
#![expect(clippy::format_push_string, reason = "speed does not matter in generated texts")]

#[cfg(unix)]
mod attributes;
mod browser;
mod bulk;
mod cases;
mod changing;
mod clocks;
mod commands;
mod committed;
mod desk;
mod disputed_pages;
mod documentation;
mod editors;
mod edits;
mod events;
mod evidence;
mod formatting;
mod frozen;
mod guards;
mod hooks;
mod hostile;
mod joint;
mod keys;
mod line_ends;
#[cfg(unix)]
mod links;
mod long;
mod lsp;
mod on_disk;
#[cfg(unix)]
mod opens;
#[cfg(unix)]
mod output;
mod parallel;
#[cfg(unix)]
mod planted;
mod properties;
mod questions;
mod reading;
#[cfg(unix)]
mod recovery;
mod reviewing;
mod reviews;
mod sarif;
mod saving;
mod security;
mod shown;
mod incremental;
mod suggesting;
mod support;
#[cfg(unix)]
mod terminal;
mod untrusted;
mod writing;
mod yaml_server;

//! gainsay: who claims what, in which source, in which words, and which of these claims cannot all hold.
//!
//! The command line, and one name for everything below it. Each crate has a reason to be one: a border that the compiler
//! enforces, a part that other programs can use, or a faster build.
//!
//! | crate | modules | must not |
//! | --- | --- | --- |
//! | `gainsay-reading` | [`figure`], [`period`], [`names`]: words to ranges, dates and comparable names | know claims |
//! | `gainsay-analysis` | [`id`], [`source`], [`finding`], [`lint`], [`yaml`], [`document`], [`model`], [`graph`], [`reason`], [`rules`], [`dispute`], [`workspace`]: texts to findings | touch a disk, print, judge who is right |
//! | `gainsay-report` | [`report`]: every output format | find anything out |
//! | `gainsay-edit` | [`edit`]: changes as edits of spans | touch a disk |
//! | `gainsay-folder` | [`folder`]: the only access to a disk | look inside of a claim |
//! | `gainsay-lsp` | [`lsp`]: the language server | have opinions that the command line lacks |
//! | `gainsay-web` | [`web`]: the review desk over HTTP | have opinions that the command line lacks |
//! | `gainsay` | [`cli`]: arguments to calls, results to exit codes | have opinions |
//!
//! Start at [`workspace::Workspace::analyse`]. `docs/architecture.md` in the repository follows one claim through all stages, maps the
//! modules and lists the invariants.
//!
//! Absent on purpose: no clock, environment or disk below `folder` and `cli`; no `Serialize` on a core type; nothing
//! asynchronous outside of `web`; no verdict on who is right.

#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests read what they have written"))]

pub use gainsay_analysis::{
    dispute, document, finding, graph, id, lint, model, reason, rules, source, workspace, yaml,
};
pub use gainsay_edit::edit;
pub use gainsay_folder::folder;
pub use gainsay_lsp::lsp;
pub use gainsay_reading::{figure, names, period};
pub use gainsay_report::report;
pub use gainsay_web::web;

pub mod cli;

//! gainsay: who claims what, in which source, in which words, and what of it cannot all hold.
//!
//! Text becomes a tree that keeps its places, a tree becomes typed records, records become one resolved
//! model, the model becomes a graph and a table of questions, reasoning finds the sets that cannot hold,
//! rules turn those into findings, findings become disputes, and reports show them. One stage, one type; a
//! stage takes the former and returns the next *plus findings*, and never fails: a half-written file still
//! gives a partial document. Start at [`workspace::Workspace::analyse`], which is the whole way on one
//! screen.
//!
//! Lowest first; a module imports only from those before it (a test reads the imports):
//!
//! | module | holds | must not |
//! | --- | --- | --- |
//! | [`id`] | interned ids and the tables they index | know what the things are |
//! | [`source`] | texts, byte spans, lines and columns | know YAML |
//! | [`names`] | names folded and compared | know whose names they are |
//! | [`finding`] | what gainsay has to say, as data with an order | decide |
//! | [`lint`] | the records of the lints that reading emits | look at anything |
//! | [`yaml`] | text to a tree with places; the one user of the YAML parser | know claims |
//! | [`figure`], [`period`] | a figure as worded and its two ranges; a date with its precision | know where it stood |
//! | [`document`] | one tree to typed records; the table of keys | resolve names |
//! | [`model`] | all documents resolved; answers as columns, by question | judge |
//! | [`graph`] | what hangs together with what; the one user of petgraph | judge |
//! | [`reason`] | statements, sweeps, the smallest sets that cannot hold | name a rule |
//! | [`rules`] | the registry, one file a rule | import a sibling |
//! | [`dispute`] | findings and positions by question, reviews, what it all comes to | print |
//! | [`workspace`] | the pipeline | touch a disk |
//! | [`report`] | text, markdown, pages, CSV, JSON, graph formats; each owns its output | compute |
//! | [`edit`] | changes of files as edits of spans, read again | touch a disk |
//! | [`folder`] | the only access to a disk | parse |
//! | [`lsp`] | the language server | have opinions the command line lacks |
//! | [`web`] | the live review desk, over HTTP | have opinions the command line lacks |
//! | [`cli`] | arguments to calls, results to exit codes | have opinions |
//!
//! Absent on purpose: no clock, environment or disk below `folder` and `cli`; no `Serialize` on a core type;
//! nothing asynchronous outside `web`; no verdict on who is right.

#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests read what they have written"))]

pub mod id;
pub mod source;
pub mod names;
pub mod finding;
pub mod lint;
pub mod yaml;
pub mod figure;
pub mod period;
pub mod document;
pub mod model;
pub mod graph;
pub mod reason;
pub mod rules;
pub mod dispute;
pub mod workspace;
pub mod report;
pub mod edit;
pub mod folder;
pub mod lsp;
pub mod web;
pub mod cli;

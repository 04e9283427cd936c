//! gainsay records who claims what, in which source and in which words, and finds claims that cannot all hold.
//!
//! The pipeline has one type for each stage:
//!
//! 1. A text is parsed to a YAML tree with spans, and the tree is read to a document with typed records.
//! 2. All documents are resolved to one model, which has a table of questions and answers.
//! 3. The model gives a graph of relations.
//! 4. Reasoning finds the clashes: the smallest sets of claims that cannot all hold.
//! 5. Rules turn clashes into findings. The findings on each question form a dispute.
//! 6. Reports show disputes and findings.
//!
//! A stage takes the result of the one before and returns its own result *with findings*. It never fails: a
//! half-written file still gives a partial document. Start reading at [`workspace::Workspace::analyse`], which runs all
//! stages. The terms are explained in `docs/glossary.md`.
//!
//! The modules, lowest first. A module imports only from those before it, which a test checks:
//!
//! | module | contains | must not |
//! | --- | --- | --- |
//! | [`id`] | interned ids and the tables that they index | know what the things are |
//! | [`source`] | texts, byte spans, lines and columns | know YAML |
//! | [`names`] | comparing names | know whose names they are |
//! | [`finding`] | findings as data with an order | decide what is a finding |
//! | [`lint`] | the descriptions of the lints that reading emits | read anything |
//! | [`yaml`] | text to a tree with spans; the only user of the YAML parser | know claims |
//! | [`figure`], [`period`] | a figure as worded with its two ranges; a date with its precision | know where it is |
//! | [`document`] | tree to typed records; the table of keys | resolve names |
//! | [`model`] | all documents with names resolved; answers in columns, by question | judge claims |
//! | [`graph`] | relations between things; the only user of petgraph | judge claims |
//! | [`reason`] | statements and clashes | name a rule |
//! | [`rules`] | the registry and one file for each rule | import a sibling |
//! | [`dispute`] | findings, positions and reviews by question; the summary | print |
//! | [`workspace`] | the pipeline, and incremental analysis | access a disk |
//! | [`report`] | text, markdown, pages, CSV, JSON and graph formats | compute |
//! | [`edit`] | changes of files as edits of spans, checked by reading the result | access a disk |
//! | [`folder`] | all access to a disk | parse |
//! | [`lsp`] | the language server | find anything that the command line does not find |
//! | [`web`] | the review desk, over HTTP | find anything that the command line does not find |
//! | [`cli`] | arguments to calls, results to exit codes | contain logic |
//!
//! Absent on purpose: no clock, environment or disk below `folder` and `cli`; no `Serialize` on a core type; no
//! asynchronous code outside of `web`; no verdict on who is right.

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

//! Finds out which claims cannot all hold: from the text of claim files to findings and disputes.
//!
//! Text becomes a tree that keeps its places, a tree becomes typed records, records become one resolved model, the model becomes a graph and a
//! table of questions, reasoning finds the sets that cannot hold, rules turn those into findings, and findings become disputes. A stage never
//! fails: it returns its result and findings, so a half-written file still gives a partial result. Start at [`workspace::Workspace::analyse`].
//!
//! This crate reads texts and returns data. It must not open a file, print, ask for the time, or decide who is right.

pub mod id;
pub mod source;
pub mod finding;
pub mod lint;
pub mod yaml;
pub mod document;
pub mod model;
pub mod graph;
pub mod reason;
pub mod rules;
pub mod dispute;
pub mod workspace;

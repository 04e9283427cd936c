//! gainsay

pub mod id;
pub mod source;
pub mod finding;
pub mod lint;
pub mod names;
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
pub mod folder;
pub mod report;
pub mod cli;

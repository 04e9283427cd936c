//! gainsay

pub mod cli;
pub mod dispute;
pub mod document;
pub mod figure;
pub mod finding;
pub mod folder;
pub mod graph;
pub mod id;
pub mod lint;
pub mod model;
pub mod names;
pub mod period;
pub mod reason;
pub mod report;
pub mod rules;
pub mod source;
pub mod workspace;
pub mod yaml;

//! Shows an analysis: as text, Markdown, HTML pages, CSV, JSON, SARIF and graphs.
//!
//! Each format owns its output. This crate chooses and words; it must not find anything out that the analysis does not say, and it must not
//! open a file.

pub mod report;

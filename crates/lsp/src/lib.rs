//! The language server: one analysis, kept up to date while files are edited, shown in an editor.
//!
//! It must not have an opinion that the command line lacks.

pub mod lsp;

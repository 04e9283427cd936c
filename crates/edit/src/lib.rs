//! Changes claim files: new entries, renames, merges, reviews and formatting, as edits of spans of a text.
//!
//! An edit keeps comments and layout, and its result is read again before anything is written. This crate returns the new texts; it must not
//! write them.

pub mod edit;

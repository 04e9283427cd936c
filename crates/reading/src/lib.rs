//! Reads words: a figure with its qualifier as two ranges, a date with its precision, and names that may mean the same.
//!
//! This crate knows nothing of claims, sources or files. Use it to read "at least dozens" or "early March 2024" in any program. It must not
//! depend on another crate of gainsay.

pub mod figure;
pub mod period;
pub mod names;

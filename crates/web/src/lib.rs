//! The review desk: the pages of a report over HTTP, kept up to date, with forms that write reviews.
//!
//! This is the only asynchronous code. It must not have an opinion that the command line lacks.

pub mod web;

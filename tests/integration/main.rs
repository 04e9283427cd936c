//! All integration tests in one binary.

mod committed;
mod properties;
mod reading;
mod support;

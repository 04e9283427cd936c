//! The only access to a disk: finds, reads, watches and writes the files of a workspace.
//!
//! What a folder contains is hostile. Files are opened in one place, never through a link that leads out, and are replaced as a whole. It
//! tells claim files from other YAML files, and must not look inside of a claim.

#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests read what they have written"))]

pub mod folder;

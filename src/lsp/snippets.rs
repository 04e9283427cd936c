//! Entries to begin with, with places to fill in.

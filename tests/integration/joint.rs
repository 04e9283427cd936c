//! Tests clashes across questions against a reference that shares no code with the tool.
//!
//! `drawn` is a small workspace and its claim files. `strategies` generates such workspaces. `worlds` is the
//! reference: it decides from the definitions alone which claims can all hold. `worked` tests the reference with
//! examples solved by hand. `findings` compares the tool with the reference.

mod drawn;
mod vocabularies;
mod strategies;
mod worlds;
mod worked;
mod findings;

//! The language server: claim files in an editor, with the findings of the command line word for word.
//!
//! Three threads: the message loop (`server`) takes messages and writes answers; the analysis thread (`worker`)
//! applies changes in their order and answers from the analysis; a third (`provisional`) answers from the texts
//! alone if an analysis takes longer than a request may wait. So no request waits for an analysis, and every answer
//! is about the text as it was when the request came. Findings come from `workspace`, edits from `edit`.

mod actions;
mod capabilities;
mod changes;
mod completion;
mod cursor;
mod desk;
mod diagnostics;
mod error;
mod events;
mod folding;
mod formatting;
mod frame;
mod hints;
mod hover;
mod lens;
mod links;
mod named;
mod navigation;
mod notifications;
mod place;
mod provisional;
mod queue;
mod rename;
mod requests;
mod responder;
mod server;
mod session;
mod shared;
mod signature;
mod snippets;
mod stdio;
mod symbols;
mod texts;
mod worker;

pub use desk::OpenDesk;
pub use frame::{Frame, Hears};
pub use server::{Abrupt, Settings, serve};
pub use shared::AnalysisHook;
pub use stdio::{Threads, stdio};
pub use worker::WatchFolder;

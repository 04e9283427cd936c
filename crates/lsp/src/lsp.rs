//! The language server: shows findings in an editor, with the same text as on the command line, and helps to write
//! claim files.
//!
//! It has three threads. The message loop (`server`) receives messages and sends answers. The analysis thread
//! (`worker`) applies changes in order and answers from the analysis. If an analysis takes too long, a third thread
//! (`provisional`) answers from the texts alone. So no request waits long for an analysis, and every answer is about
//! the text as it was when the request came. Findings come from `workspace`, edits from `edit`.

mod actions;
mod answer;
mod capabilities;
mod changes;
mod commands;
mod completion;
mod cursor;
mod diagnostic_collection;
mod diagnostics;
mod error;
mod events;
mod folding;
mod formatting;
mod hints;
mod hover;
mod id_at_cursor;
mod lens;
mod links;
mod navigation;
mod notifications;
mod outgoing;
mod position;
mod provisional;
mod queue;
mod rename;
mod requests;
mod responder;
mod rule_pages;
mod server;
mod session;
mod settings;
mod shared;
mod signature;
mod stdio;
mod symbols;
mod texts;
mod worker;

pub use commands::OpenDesk;
pub use outgoing::{MessageSink, OutgoingMessage};
pub use server::{Abrupt, serve};
pub use settings::{AnalysisHook, LspSettings};
pub use stdio::{Threads, stdio};
pub use worker::WatchFolder;

//! The language server: claim files in an editor, with the findings of the command line word for word.
//!
//! One thread takes messages in the order in which they came. What an editor types is put into the texts at once
//! and analysed when somebody asks or nothing more is waiting, so that fast typing costs one analysis. A request
//! that was cancelled while it waited is not begun. What is
//! open is told of first, other files once the editor is quiet. Nothing is decided here: what a finding says comes from
//! `workspace`, what an edit does from `edit`.

mod actions;
mod capabilities;
mod changes;
mod completion;
mod cursor;
mod desk;
mod diagnostics;
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
mod rename;
mod requests;
mod server;
mod session;
mod signature;
mod snippets;
mod stdio;
mod symbols;

pub use desk::OpenDesk;
pub use frame::{Frame, Hears};
pub use server::{Abrupt, Settings, serve};
pub use stdio::{Threads, stdio};

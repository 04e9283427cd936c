//! The review desk as a browser meets it: the program itself, asked over sockets.

mod client;
mod crawl;
mod disturbed;
mod files;
mod hostile;
mod limits;
#[cfg(unix)]
mod recovery;
mod refused;
mod saved;
#[cfg(unix)]
mod socket;
mod token;

use client::Desk;

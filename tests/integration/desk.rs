//! The review desk over HTTP: the tests run the program and send it requests.

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

//! Messages over standard input and output. The size of a message is checked before memory is allocated for it;
//! everything else is done by `lsp-server`.

use std::io::{self, BufRead, Read, Write as _};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use lsp_server::Message;

use super::OutgoingMessage;

/// The largest message that is accepted, in bytes. No editor sends more, and no claim file is as large.
const MAX_MESSAGE_BYTES: u64 = 256 * 1024 * 1024;
/// The longest header that is accepted, in bytes.
const MAX_HEADER_BYTES: u64 = 4096;

/// The threads that read and write. Both end when the editor disconnects.
#[derive(Debug)]
pub struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Threads {
    /// Waits for both threads.
    ///
    /// # Errors
    /// If the input was not a message of the protocol, or the output could not be written.
    pub fn join(self) -> io::Result<()> {
        let ended = |thread: JoinHandle<io::Result<()>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        ended(self.reader)?;
        ended(self.writer)
    }
}

/// Connects to an editor over standard input and output: returns the messages from it, and where to send messages to
/// it.
pub fn stdio() -> (Receiver<Message>, Sender<OutgoingMessage>, Threads) {
    let (to_server, receiver) = bounded(0);
    let (sender, to_editor) = bounded::<OutgoingMessage>(0);
    let reader = thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(message) = read(&mut input)? {
            let is_exit = matches!(&message, Message::Notification(it) if it.method == "exit");
            // The server has ended, or the editor wants it to.
            if to_server.send(message).is_err() || is_exit {
                break;
            }
        }
        Ok(())
    });
    let writer = thread::spawn(move || {
        let mut output = io::stdout().lock();
        to_editor.into_iter().try_for_each(|frame| {
            output.write_all(frame.bytes())?;
            output.flush()
        })
    });
    (receiver, sender, Threads { reader, writer })
}

/// Reads the next message; none at the end of the input.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let header = header(input)?;
    // `lsp-server` reports errors in the header.
    Message::read(&mut header.as_slice().chain(input))
}

/// Reads the header of a message, up to and including the empty line, or up to the end of the input.
fn header(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    loop {
        let from = header.len();
        let room = MAX_HEADER_BYTES - from as u64;
        input.by_ref().take(room).read_until(b'\n', &mut header)?;
        let line = &header[from..];
        if header.len() as u64 >= MAX_HEADER_BYTES {
            return Err(invalid_data(format!("a header is longer than {MAX_HEADER_BYTES} bytes")));
        }
        if !line.ends_with(b"\r\n") || line == b"\r\n" {
            return Ok(header);
        }
        if let Some(size) = size(line).filter(|&size| size > MAX_MESSAGE_BYTES) {
            return Err(invalid_data(format!(
                "a message of {size} bytes is larger than {MAX_MESSAGE_BYTES}"
            )));
        }
    }
}

/// The size in bytes that a header line gives for the body; none if it is another line.
fn size(line: &[u8]) -> Option<u64> {
    let (name, value) = std::str::from_utf8(line).ok()?.split_once(": ")?;
    name.eq_ignore_ascii_case("Content-Length").then(|| value.trim_end().parse().ok())?
}

fn invalid_data(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Option<Message>, String> {
        read(&mut text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn read_returns_one_message_after_the_other() {
        let body = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let text = format!("Content-Type: x\r\ncontent-length: {}\r\n\r\n{body}", body.len()).repeat(2);
        let mut input = text.as_bytes();
        for _ in 0..2 {
            assert!(matches!(read(&mut input), Ok(Some(Message::Notification(it))) if it.method == "exit"));
        }
        assert!(matches!(read(&mut input), Ok(None)));
    }

    #[test]
    fn read_refuses_a_message_that_is_too_large() {
        for size in ["268435457", "99999999999999", "18446744073709551615"] {
            let why = read_text(&format!("Content-Length: {size}\r\n\r\n")).unwrap_err();
            assert_eq!(why, format!("a message of {size} bytes is larger than 268435456"));
        }
        for size in ["18446744073709551616", "-1", "x"] {
            assert!(read_text(&format!("Content-Length: {size}\r\n\r\n")).is_err(), "{size}");
        }
    }

    #[test]
    fn read_refuses_a_header_without_end() {
        let why = read_text(&"x".repeat(10_000)).unwrap_err();
        assert_eq!(why, "a header is longer than 4096 bytes");
        assert!(read_text(&"X: y\r\n".repeat(10_000)).is_err());
        assert!(read_text("X: y").is_err() && read_text("X: y\r\n").is_ok_and(|message| message.is_none()));
    }
}

//! Messages over standard input and output. What a message says of its own size is looked at before room is made for
//! it; everything else about messages is for `lsp-server`.

use std::io::{self, BufRead, Read, Write as _};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use lsp_server::Message;

use super::OutgoingMessage;

/// Bytes of the largest message that is taken: no editor sends more, and no claim file is as large.
const MAX_MESSAGE_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes of the longest header that is taken.
const MAX_HEADER_BYTES: u64 = 4096;

/// The threads that read and write; both end with the editor.
#[derive(Debug)]
pub struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Threads {
    /// Waits for both.
    ///
    /// # Errors
    /// Where what came was no message of the protocol, or the editor could not be written to.
    pub fn join(self) -> io::Result<()> {
        let ended = |thread: JoinHandle<io::Result<()>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        ended(self.reader)?;
        ended(self.writer)
    }
}

/// The editor at the other end of standard input and output: what it says, and where it hears.
pub fn stdio() -> (Receiver<Message>, Sender<OutgoingMessage>, Threads) {
    let (to_server, receiver) = bounded(0);
    let (sender, to_editor) = bounded::<OutgoingMessage>(0);
    let reader = thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(message) = read(&mut input)? {
            let is_exit = matches!(&message, Message::Notification(it) if it.method == "exit");
            // A server that has ended takes nothing more.
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

/// The next message; none at the end.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let header = header(input)?;
    // What is wrong with a header, `lsp-server` says.
    Message::read(&mut header.as_slice().chain(input))
}

/// The header of a message with the empty line that ends it, or as much of it as there is.
fn header(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    loop {
        let from = header.len();
        let room = MAX_HEADER_BYTES - from as u64;
        input.by_ref().take(room).read_until(b'\n', &mut header)?;
        let line = &header[from..];
        if header.len() as u64 >= MAX_HEADER_BYTES {
            return Err(refused(format!("a header is longer than {MAX_HEADER_BYTES} bytes")));
        }
        if !line.ends_with(b"\r\n") || line == b"\r\n" {
            return Ok(header);
        }
        if let Some(size) = size(line).filter(|&size| size > MAX_MESSAGE_BYTES) {
            return Err(refused(format!("a message of {size} bytes is larger than {MAX_MESSAGE_BYTES}")));
        }
    }
}

/// What a line of a header says of the size of its message.
fn size(line: &[u8]) -> Option<u64> {
    let (name, value) = std::str::from_utf8(line).ok()?.split_once(": ")?;
    name.eq_ignore_ascii_case("Content-Length").then(|| value.trim_end().parse().ok())?
}

fn refused(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Option<Message>, String> {
        read(&mut text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn one_message_after_the_other_is_read() {
        let body = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let text = format!("Content-Type: x\r\ncontent-length: {}\r\n\r\n{body}", body.len()).repeat(2);
        let mut input = text.as_bytes();
        for _ in 0..2 {
            assert!(matches!(read(&mut input), Ok(Some(Message::Notification(it))) if it.method == "exit"));
        }
        assert!(matches!(read(&mut input), Ok(None)));
    }

    #[test]
    fn no_room_is_made_for_what_no_editor_sends() {
        for size in ["268435457", "99999999999999", "18446744073709551615"] {
            let why = read_text(&format!("Content-Length: {size}\r\n\r\n")).unwrap_err();
            assert_eq!(why, format!("a message of {size} bytes is larger than 268435456"));
        }
        for size in ["18446744073709551616", "-1", "x"] {
            assert!(read_text(&format!("Content-Length: {size}\r\n\r\n")).is_err(), "{size}");
        }
    }

    #[test]
    fn a_header_without_end_is_refused() {
        let why = read_text(&"x".repeat(10_000)).unwrap_err();
        assert_eq!(why, "a header is longer than 4096 bytes");
        assert!(read_text(&"X: y\r\n".repeat(10_000)).is_err());
        assert!(read_text("X: y").is_err() && read_text("X: y\r\n").is_ok_and(|message| message.is_none()));
    }
}

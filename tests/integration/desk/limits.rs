//! Clients that are slow, numerous or gone: the others still get answers.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::Path;

use super::Desk;
use super::client::read;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// The headers of a request by a page of the desk.
fn page_headers(desk: &Desk) -> String {
    format!("Host: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\n", desk.address, desk.cookie)
}

/// Starts forms whose bodies never end, and waits until the desk reads, refuses or disconnects each.
fn unfinished_forms(desk: &Desk, count: usize, headers: &str, begin: &str) -> Vec<TcpStream> {
    let begin_one = |_| {
        let mut stream = desk.connect();
        // The desk announces that it reads the body.
        _ = write!(stream, "POST /undo HTTP/1.1\r\n{headers}{FORM}Expect: 100-continue\r\n{begin}");
        stream
    };
    let mut streams: Vec<TcpStream> = (0..count).map(begin_one).collect();
    for stream in &mut streams {
        // The desk may reset the connection when it closes it.
        _ = stream.read(&mut [0; 64]);
    }
    streams
}

/// SECURITY: D9.
#[test]
fn unfinished_forms_do_not_block_other_clients() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let stranger = page_headers(&desk).replace("Cookie: ", "Cookie: other=");
    for (count, headers, begin) in [
        (300, page_headers(&desk), "Content-Length: 1000\r\n\r\nreview="),
        (1000, page_headers(&desk), "Content-Length: 60000\r\n\r\n"),
        (300, page_headers(&desk), "Transfer-Encoding: chunked\r\n\r\n5\r\nrevie"),
        (300, stranger, "Content-Length: 1000\r\n\r\nreview="),
    ] {
        let unfinished = unfinished_forms(&desk, count, &headers, begin);
        let statuses: Vec<u16> = (0..20).map(|_| desk.get("/").status).collect();
        assert_eq!(statuses, [200; 20], "{count} with {begin:?}");
        assert_eq!(desk.post("/undo", "token=0&review=none").status, 404, "{count} with {begin:?}");
        drop(unfinished);
    }
}

#[test]
fn unfinished_forms_do_not_end_idle_connections() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let mut idle = desk.connect();
    let ask = format!("HEAD / HTTP/1.1\r\n{}\r\n", page_headers(&desk));
    let mut answered = || {
        idle.write_all(ask.as_bytes()).unwrap();
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            assert_eq!(idle.read(&mut byte).unwrap(), 1, "the desk closed the connection");
            read.extend(byte);
        }
        assert!(read.starts_with(b"HTTP/1.1 200"));
    };
    answered();
    let _unfinished =
        unfinished_forms(&desk, 300, &page_headers(&desk), "Content-Length: 1000\r\n\r\nreview=");
    answered();
}

#[test]
fn unfinished_form_is_answered_after_a_time_limit() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let mut stream = desk.connect();
    write!(stream, "POST /undo HTTP/1.1\r\n{}{FORM}Content-Length: 1000\r\n\r\nreview=", page_headers(&desk))
        .unwrap();
    let answer = read(&mut stream).unwrap();
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
    answer.assert_guarded("/undo");
}

#[test]
fn form_that_announces_too_much_data_is_not_read() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let mut stream = desk.connect();
    write!(stream, "POST /undo HTTP/1.1\r\n{}{FORM}Content-Length: 65537\r\n\r\n", page_headers(&desk))
        .unwrap();
    assert_eq!(read(&mut stream).unwrap().status, 413);
}

#[test]
fn silent_connections_do_not_block_other_clients() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let silent: Vec<TcpStream> = (0..300).map(|_| desk.connect()).collect();
    assert_eq!(desk.get("/").status, 200);
    let half: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = desk.connect();
            // A refused connection cannot be written to.
            _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
            stream
        })
        .collect();
    assert_eq!(desk.get("/").status, 200);
    drop((silent, half));
    assert_eq!(desk.get("/").status, 200);
}

/// SECURITY: D9.
#[test]
fn three_hundred_requests_at_once_get_an_answer_or_503() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let request = format!("GET /events HTTP/1.1\r\n{}Connection: close\r\n\r\n", page_headers(&desk));
    let mut streams: Vec<TcpStream> = (0..300).map(|_| desk.connect()).collect();
    for stream in &mut streams {
        _ = stream.write_all(request.as_bytes());
    }
    let answers: Vec<u16> = streams.iter_mut().filter_map(|stream| Some(read(stream)?.status)).collect();
    assert!(answers.iter().all(|status| [200, 503].contains(status)), "{answers:?}");
    assert!(answers.iter().filter(|status| **status == 200).count() >= 200, "{answers:?}");
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn clients_that_disconnect_early_do_no_harm() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for at in 0..100 {
        let mut stream = desk.connect();
        write!(stream, "GET /assets/vendor/cytoscape.min.js HTTP/1.1\r\n{}\r\n", page_headers(&desk))
            .unwrap();
        if at % 2 == 0 {
            stream.shutdown(Shutdown::Both).unwrap();
        }
    }
    for _ in 0..20 {
        let mut stream = desk.connect();
        write!(stream, "POST /undo HTTP/1.1\r\n{}{FORM}Content-Length: 1000\r\n\r\nrev", page_headers(&desk))
            .unwrap();
    }
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn live_connections_are_limited_to_64() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let mut following: Vec<_> = (0..64).map(|_| desk.subscribe()).collect();
    for versions in &mut following {
        assert!(versions.next().ends_with("-1"));
    }
    assert_eq!(desk.get("/live").status, 503);
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn malformed_requests_are_refused() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for bytes in
        [&b"\0\0\0\0\r\n\r\n"[..], b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"]
    {
        let mut stream = desk.connect();
        stream.write_all(bytes).unwrap();
        assert!(read(&mut stream).is_none_or(|answer| answer.status == 400));
    }
    let smuggled = format!(
        "POST /undo HTTP/1.1\r\nHost: {0}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        desk.address
    );
    assert_ne!(desk.send(smuggled.as_bytes()).status, 200);
    assert_eq!(desk.get("/").status, 200);
}

//! Clients that are slow, many or gone: the others are answered all the same.

use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::path::Path;

use super::Desk;
use super::client::read;

#[test]
fn who_sends_nothing_keeps_nobody_out() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let silent: Vec<TcpStream> = (0..300).map(|_| desk.connect()).collect();
    assert_eq!(desk.get("/").status, 200);
    let half: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = desk.connect();
            // Whoever was sent home cannot be written to.
            _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
            stream
        })
        .collect();
    assert_eq!(desk.get("/").status, 200);
    drop((silent, half));
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn three_hundred_at_once_are_answered_or_told_to_come_again() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let request = format!("GET /events HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", desk.address);
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
fn who_hangs_up_in_the_middle_does_no_harm() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for at in 0..100 {
        let mut stream = desk.connect();
        write!(stream, "GET /assets/vendor/cytoscape.min.js HTTP/1.1\r\nHost: {}\r\n\r\n", desk.address)
            .unwrap();
        if at % 2 == 0 {
            stream.shutdown(Shutdown::Both).unwrap();
        }
    }
    for _ in 0..20 {
        let mut stream = desk.connect();
        write!(stream, "POST /undo HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n", desk.address).unwrap();
        write!(stream, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nrev")
            .unwrap();
    }
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn so_many_pages_follow_the_files_and_no_more() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let mut following: Vec<_> = (0..64).map(|_| desk.live()).collect();
    for versions in &mut following {
        assert!(versions.next().ends_with("-1"));
    }
    assert_eq!(desk.get("/live").status, 503);
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn what_is_no_request_is_refused() {
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

//! A running desk and handwritten requests to it: exactly the bytes in the test are sent.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::TIMEOUT;

/// A running desk, which ends with the test.
pub(super) struct Desk {
    child: Child,
    /// Such as `127.0.0.1:4880`.
    pub(super) address: String,
    /// The access token of this run; empty if none is needed.
    pub(super) token: String,
    /// The cookie that the desk gave in exchange for the token, as a browser sends it.
    pub(super) cookie: String,
}

/// The address and cookie of a desk, which may have ended.
#[derive(Clone)]
pub(super) struct BrowserSession {
    address: String,
    cookie: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// A response of the desk.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    head: String,
    pub(super) body: Vec<u8>,
}

impl Desk {
    pub(super) fn start(path: &Path, args: &[&str]) -> Self {
        Self::start_with(crate::support::program().arg("serve"), path, args)
    }

    /// Starts a desk with a command that lacks only the path and the options.
    pub(super) fn start_with(command: &mut Command, path: &Path, args: &[&str]) -> Self {
        let mut child = command
            .arg(path)
            .args(["--port", "0"])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (address, query) = line.trim().split_once('?').unwrap_or((line.trim(), ""));
        let address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(address.contains(':'), "the desk did not start: `{line}`");
        let token = query.trim_start_matches("token=").to_owned();
        let mut desk = Self { child, address, token, cookie: String::new() };
        if !desk.token.is_empty() {
            let entered = desk.get(&format!("/?token={}", desk.token));
            let cookie = entered.header("set-cookie").expect("the token is exchanged for a cookie");
            cookie.split(';').next().unwrap().clone_into(&mut desk.cookie);
        }
        desk
    }

    /// A browser that already has the cookie.
    pub(super) fn browser_session(&self) -> BrowserSession {
        BrowserSession { address: self.address.clone(), cookie: self.cookie.clone() }
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream
    }

    /// Sends bytes unchanged and reads until the desk closes the connection.
    pub(super) fn send(&self, bytes: &[u8]) -> Response {
        let mut stream = self.connect();
        // The desk may close the connection before it has read everything.
        _ = stream.write_all(bytes);
        read(&mut stream).expect("an answer")
    }

    pub(super) fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> Response {
        let has = |name: &str| headers.lines().any(|line| line.to_lowercase().starts_with(name));
        let host = if has("host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        let cookie = if self.cookie.is_empty() || has("cookie:") {
            String::new()
        } else {
            format!("Cookie: {}\r\n", self.cookie)
        };
        let length =
            if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        self.send(
            format!(
                "{method} {path} HTTP/1.1\r\n{host}{cookie}{headers}{length}Connection: close\r\n\r\n{body}"
            )
            .as_bytes(),
        )
    }

    /// Sends a request with neither token nor cookie.
    pub(super) fn request_without_token(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Response {
        self.request(method, path, &format!("Cookie: other=1\r\n{headers}"), body)
    }

    pub(super) fn get(&self, path: &str) -> Response {
        self.request("GET", path, "", "")
    }

    /// Sends a form as a page of the desk would.
    pub(super) fn post(&self, path: &str, body: &str) -> Response {
        let headers =
            format!("Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n", self.address);
        self.request("POST", path, &headers, body)
    }

    /// Subscribes to changes.
    pub(super) fn subscribe(&self) -> Versions {
        let mut stream = self.connect();
        write!(stream, "GET /live HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n", self.address, self.cookie)
            .unwrap();
        Versions(BufReader::new(stream))
    }

    /// Ends the desk abruptly, like a power cut.
    pub(super) fn kill_abruptly(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Interrupts the desk, waits until it ends and returns its exit code.
    pub(super) fn interrupt(mut self) -> Option<i32> {
        let killed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap().code()
    }
}

/// Sends a form to a desk that may end meanwhile. None if it did.
pub(super) fn try_post(visitor: &BrowserSession, path: &str, body: &str) -> Option<Response> {
    let BrowserSession { address, cookie } = visitor;
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(TIMEOUT)).ok()?;
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all((head + body).as_bytes()).ok()?;
    read(&mut stream)
}

/// The version numbers that a page is sent.
pub(super) struct Versions(BufReader<TcpStream>);

impl Versions {
    /// Waits for the next version.
    pub(super) fn next(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the desk closed the connection");
            if let Some(version) = line.trim_end().strip_prefix("data: ") {
                return version.to_owned();
            }
        }
    }
}

/// Reads a response. None if the desk closed the connection without one.
pub(super) fn read(stream: &mut impl Read) -> Option<Response> {
    let mut bytes = Vec::new();
    // A reset after the response also ends it.
    _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Response { status, head, body: bytes[end + 4..].to_vec() })
}

impl Response {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Every response forbids a browser to run, load or frame anything else.
    pub(super) fn assert_guarded(&self, asked: &str) {
        let policy = self.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"),
            "{asked}: {}",
            self.head
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(self.header(name), Some(value), "{asked}");
        }
        assert_eq!(self.header("set-cookie"), None, "{asked}");
        let kept = self.header("cache-control").unwrap_or_default();
        assert!(["no-store", "private, no-cache"].contains(&kept), "{asked}: {}", self.head);
    }
}

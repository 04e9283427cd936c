//! A desk on a Unix socket: the permissions of its file decide who may connect.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::client::{Response, read};
use super::saved::{PAGE, folder, hidden_fields, reviews};
use crate::support::TIMEOUT;

/// A desk on a socket.
struct DeskAtSocket {
    child: Child,
    path: PathBuf,
}

impl DeskAtSocket {
    fn start(claims: &Path, path: &Path, options: &[&str]) -> Self {
        let mut child =
            serve(claims, path, options).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(Path::new(line.trim_end()), path.canonicalize().unwrap());
        Self { child, path: path.to_owned() }
    }

    fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> Response {
        let mut stream = UnixStream::connect(&self.path).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        read(&mut stream).expect("an answer")
    }

    fn interrupt(&mut self) -> Option<i32> {
        assert!(
            Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap().success()
        );
        self.child.wait().unwrap().code()
    }
}

impl Drop for DeskAtSocket {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn serve(claims: &Path, socket: &Path, options: &[&str]) -> Command {
    let mut command = crate::support::program();
    command.arg("serve").arg(claims).arg("--socket").arg(socket).args(options);
    command
}

/// The message with which a desk refuses to start.
fn refusal(claims: &Path, socket: &Path) -> String {
    let output = serve(claims, socket, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

/// SECURITY: D4.
#[test]
fn socket_serves_its_owner_and_is_removed_at_the_end() {
    let (claims, place) = (folder(), tempfile::tempdir().unwrap());
    let path = place.path().join("desk.sock");
    let mut desk = DeskAtSocket::start(claims.path(), &path, &["--host", "desk.example"]);
    let file = fs::symlink_metadata(&path).unwrap();
    assert!(file.file_type().is_socket());
    assert_eq!(file.permissions().mode() & 0o7777, 0o600);

    for host in ["localhost", "localhost:9000", "127.0.0.1:4880", "[::1]:1", "desk.example"] {
        let answer = desk.request("GET", PAGE, &format!("Host: {host}\r\n"), "");
        assert_eq!(answer.status, 200, "{host}");
        answer.assert_guarded(host);
    }
    for host in ["evil.example", "", "localhost.evil.example", "localhost:x", "127.0.0.1.evil.example:80"] {
        assert_eq!(desk.request("GET", "/", &format!("Host: {host}\r\n"), "").status, 421, "{host}");
    }

    let page = desk.request("GET", PAGE, "Host: localhost:9000\r\n", "");
    let fields = hidden_fields(&page, PAGE) + "verdict=open&by=desk&note=through+the+socket";
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    for origin in ["http://evil.example", "http://localhost:9001", "http://localhost", "null"] {
        let headers = format!("Host: localhost:9000\r\nOrigin: {origin}\r\n{form}");
        assert_eq!(desk.request("POST", PAGE, &headers, &fields).status, 403, "{origin}");
    }
    let headers = format!("Host: localhost:9000\r\nOrigin: http://localhost:9000\r\n{form}");
    assert_eq!(desk.request("POST", PAGE, &headers, &fields).status, 303);
    assert!(reviews(claims.path()).contains("through the socket"));

    assert_eq!(desk.interrupt(), Some(0));
    assert!(!path.exists(), "the socket is removed");
}

#[test]
fn socket_is_refused_in_an_unsafe_place() {
    let (claims, place) = (folder(), tempfile::tempdir().unwrap());
    let path = place.path().join("desk.sock");
    let desk = DeskAtSocket::start(claims.path(), &path, &[]);
    assert!(refusal(claims.path(), &path).contains("a program answers there"));
    assert_eq!(
        desk.request("GET", "/", "Host: localhost\r\n", "").status,
        200,
        "the first desk keeps running"
    );
    drop(desk);
    // A desk that was killed leaves its socket behind; the next desk replaces it.
    assert!(path.exists());
    let mut next = DeskAtSocket::start(claims.path(), &path, &[]);
    assert_eq!(next.request("GET", "/", "Host: localhost\r\n", "").status, 200);
    assert_eq!(next.interrupt(), Some(0));

    let file = place.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(refusal(claims.path(), &file).contains("is not a socket"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "text");
    let other = place.path().join("other.sock");
    let _listening = UnixListener::bind(&other).unwrap();
    let link = place.path().join("link.sock");
    std::os::unix::fs::symlink(&other, &link).unwrap();
    assert!(refusal(claims.path(), &link).contains("is not a socket"));
    assert!(refusal(claims.path(), &place.path().join("none/desk.sock")).contains("none/desk.sock"));
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o777)).unwrap();
    assert!(refusal(claims.path(), &place.path().join("new.sock")).contains("other users can write"));
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn socket_and_port_exclude_each_other() {
    for other in [&["--port", "0"][..], &["--bind", "127.0.0.1"], &["--open"], &["--no-token"]] {
        let output = serve(Path::new("claims"), Path::new("x.sock"), other).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{other:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be used with"), "{other:?}");
    }
}

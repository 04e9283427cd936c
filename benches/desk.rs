//! The speed of the review desk: how long a page takes and how large it is, how soon it shows a saved change, and how
//! many lists of disputes it serves per second.
//!
//! `cargo bench --bench desk -- FOLDER…` measures `claims/` and these folders of generated claims, written by `cargo
//! bench --bench reason -- generate mixed 100000 FOLDER`. Each desk is its own process on loopback, and nothing is
//! cached on the client side. Wall times show what a reader waits for on an idle machine. The processor time of the
//! desk (Linux) is comparable on a busy one. Requests per second come from `wrk`, if it is installed.
#![expect(clippy::print_stdout, reason = "a benchmark prints tables")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files that it generated")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often a page is requested.
const TIMES: usize = 51;
/// How often a file is saved.
const SAVES: usize = 50;

fn main() {
    let folders = std::env::args().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from);
    let folders: Vec<PathBuf> = folders.collect();
    println!(
        "| workspace | page | bytes | first time: first byte ms | processor ms | again: first byte ms, median | worst | requests a second |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    pages(Path::new("claims"));
    for folder in &folders {
        pages(folder);
    }
    println!(
        "\n| workspace | ready s | MiB | saves | saved to shown ms, median | worst | processor ms a save | MiB then | peak |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for folder in &folders {
        saves(folder);
    }
    frozen();
}

/// The list of disputes, its second page, a search, and the first and last dispute of the list.
fn pages(folder: &Path) {
    let name = folder.display();
    let desk = Desk::start(folder);
    let first = desk.first_time("/");
    let disputes: Vec<String> =
        first.body.split("href=\"").filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect();
    let mut disputes = disputes.iter().filter(|href| href.starts_with("/question/") && !href.contains('#'));
    let gravest = disputes.next().expect("the list has disputes").clone();
    let last = disputes.next_back().unwrap_or(&gravest).clone();
    row(&desk, &name.to_string(), "disputes", "/", &first);
    let others = [
        ("a search", "/?q=killed"),
        ("first dispute", gravest.as_str()),
        ("last of the list", last.as_str()),
    ];
    for (what, path) in others.into_iter().chain([("graph data", "/graph.json")]) {
        let first = desk.first_time(path);
        row(&desk, &name.to_string(), what, path, &first);
    }
}

fn row(desk: &Desk, name: &str, what: &str, path: &str, first: &FirstRequest) {
    let mut again: Vec<f64> = (0..TIMES).map(|_| desk.get(path).0).collect();
    again.sort_by(f64::total_cmp);
    let load = if path == "/" { desk.load(path) } else { String::new() };
    println!(
        "| {name} | {what} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {load} |",
        first.body.len(),
        first.waited * 1e3,
        first.processor * 1e3,
        again[TIMES / 2] * 1e3,
        again[TIMES - 1] * 1e3,
    );
}

/// The time from saving a file until its page shows the change, as in a browser: the desk announces the change, and the
/// page is requested again.
fn saves(folder: &Path) {
    let desk = Desk::start(folder);
    let at_first = desk.memory("VmRSS:");
    let source = first_source(folder);
    let text = std::fs::read_to_string(&source).expect("a generated file");
    let id = text.split("id: ").nth(1).and_then(|rest| rest.split([',', '}']).next()).expect("it has an id");
    let page = format!("/source/{id}");
    let mut live = desk.ask("/live");
    let mut wait_for_change = || {
        let mut event = String::new();
        while !event.starts_with("data: ") {
            event.clear();
            assert!(
                live.read_line(&mut event).expect("the desk announces the change") > 0,
                "the desk closed the connection"
            );
        }
    };
    wait_for_change();
    let before = desk.processor();
    let mut took: Vec<f64> = Vec::with_capacity(SAVES);
    for nth in 0..SAVES {
        let title = format!("saved for the {nth} time");
        let start = Instant::now();
        std::fs::write(&source, text.replacen("source: {", &format!("source: {{title: {title}, "), 1))
            .expect("a file is saved");
        loop {
            wait_for_change();
            if desk.get(&page).1.contains(&title) {
                break;
            }
        }
        took.push(start.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(50));
    }
    let spent = (desk.processor() - before) * 1e3 / SAVES as f64;
    std::fs::write(&source, &text).expect("the file can be restored");
    took.sort_by(f64::total_cmp);
    println!(
        "| {} | {:.2} | {at_first:.0} | {SAVES} | {:.0} | {:.0} | {spent:.0} | {:.0} | {:.0} |",
        folder.display(),
        desk.ready,
        took[SAVES / 2],
        took[SAVES - 1],
        desk.memory("VmRSS:"),
        desk.memory("VmHWM:"),
    );
}

fn first_source(folder: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join("sources"))
        .expect("generated claims have sources")
        .map(|entry| entry.expect("a file is listed").path())
        .collect();
    files.sort();
    files.swap_remove(0)
}

/// The report on the project's own claims, as one file.
fn frozen() {
    let report = Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .args(["report", "claims", "--format", "html"])
        .output()
        .expect("gainsay runs");
    println!("\nreport of claims/ as one HTML file: {} bytes", report.stdout.len());
}

/// The first request for a page.
struct FirstRequest {
    /// Seconds to its first byte.
    waited: f64,
    /// Processor seconds that the desk used for it.
    processor: f64,
    body: String,
}

/// A running desk.
struct Desk {
    child: Child,
    address: String,
    /// The header that gives access: `Cookie: …`.
    cookie: String,
    /// Seconds until it accepted requests.
    ready: f64,
}

impl Desk {
    fn start(folder: &Path) -> Self {
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gainsay"))
            .args(["serve", "--port", "0"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("gainsay runs");
        let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(output.read_line(&mut line).expect("its output is text") > 0, "it ended at once");
        }
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let (address, token) =
            address.and_then(|address| address.split_once("/?token=")).expect("its address");
        let port = address.rsplit(':').next().expect("an address has a port");
        let cookie = format!("Cookie: gainsay-{port}={token}");
        let address = address.to_owned();
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self { child, address, cookie, ready: start.elapsed().as_secs_f64() }
    }

    /// Sends a request on a new connection.
    fn ask(&self, path: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).expect("the desk listens");
        let (host, cookie) = (&self.address, &self.cookie);
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\nConnection: close\r\n\r\n")
            .expect("the desk reads");
        BufReader::new(stream)
    }

    /// Seconds from the start of the connection to the first byte, and the page.
    fn get(&self, path: &str) -> (f64, String) {
        let start = Instant::now();
        let mut answer = self.ask(path);
        answer.fill_buf().expect("the desk answers");
        let first_byte = start.elapsed().as_secs_f64();
        let mut whole = String::new();
        answer.read_to_string(&mut whole).expect("the desk answers in whole");
        let (head, body) = whole.split_once("\r\n\r\n").expect("an answer has a head");
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        (first_byte, body.to_owned())
    }

    fn first_time(&self, path: &str) -> FirstRequest {
        let before = self.processor();
        let (first_byte, body) = self.get(path);
        FirstRequest { waited: first_byte, processor: self.processor() - before, body }
    }

    /// The result of `wrk` for a page.
    fn load(&self, path: &str) -> String {
        let run = Command::new("wrk")
            .args([
                "-t",
                "1",
                "-c",
                "16",
                "-d",
                "5s",
                "-H",
                &self.cookie,
                &format!("http://{}{path}", self.address),
            ])
            .output();
        let Ok(run) = run else { return "no wrk".to_owned() };
        let output = String::from_utf8_lossy(&run.stdout).into_owned();
        let value =
            |name: &str| output.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
        let failed = value("Non-2xx or 3xx responses:").or_else(|| value("Socket errors:"));
        let rate = value("Requests/sec:").unwrap_or("?");
        failed.map_or_else(|| rate.to_owned(), |failed| format!("{rate}, failed: {failed}"))
    }

    /// Resident memory in MiB, now (`VmRSS:`) or at its peak (`VmHWM:`), if the system reports it.
    fn memory(&self, which: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(which));
        let kib = line.and_then(|line| line.trim().split(' ').next()).and_then(|kib| kib.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }

    /// Processor seconds of its threads, if the system reports them.
    fn processor(&self) -> f64 {
        let threads =
            std::fs::read_dir(format!("/proc/{}/task", self.child.id())).into_iter().flatten().flatten();
        let worked =
            threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok());
        worked.filter_map(|told| told.split(' ').next()?.parse::<f64>().ok()).sum::<f64>() / 1e9
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

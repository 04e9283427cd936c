//! How the review desk does: how soon a page comes and how large it is, how soon it shows what was saved, how
//! many lists of disputes it serves in a second.
//!
//! `cargo bench --bench desk -- FOLDER…` looks at `claims/` and at these folders of claims made up, as
//! `cargo bench --bench reason -- generate mixed 100000 FOLDER` writes them. Each desk is a process of its own on
//! loopback. Requests per second are `wrk`'s, where it is installed.
#![expect(clippy::print_stdout, reason = "tables are what a benchmark is for")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often a page is asked for.
const TIMES: usize = 21;
/// How often a file is saved.
const SAVES: usize = 7;

fn main() {
    let folders = std::env::args().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from);
    let folders: Vec<PathBuf> = folders.collect();
    println!("| workspace | ready s | page | first byte ms | bytes | resident MiB | requests a second |");
    println!("|---|---|---|---|---|---|---|");
    pages(Path::new("claims"));
    for folder in &folders {
        pages(folder);
    }
    println!("\n| workspace | saved to shown ms, median | worst |\n|---|---|---|");
    for folder in &folders {
        saves(folder);
    }
    frozen();
}

/// The first page and that of the first dispute.
fn pages(folder: &Path) {
    let name = folder.display();
    let desk = Desk::start(folder);
    let (_, list) = desk.get("/");
    let dispute = list.split("href=\"").map(|rest| rest.split('"').next().unwrap_or_default());
    let dispute = dispute.into_iter().find(|href| href.starts_with("/question/")).unwrap_or("/").to_owned();
    for (what, path) in [("disputes", "/"), ("a dispute", dispute.as_str())] {
        let mut asked: Vec<(f64, usize)> = (0..TIMES).map(|_| timed(&desk, path)).collect();
        asked.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (first_byte, bytes) = asked[TIMES / 2];
        let load = if path == "/" { desk.load(path) } else { String::new() };
        println!(
            "| {name} | {:.2} | {what} | {:.2} | {bytes} | {:.0} | {load} |",
            desk.ready,
            first_byte * 1e3,
            desk.resident()
        );
    }
}

fn timed(desk: &Desk, path: &str) -> (f64, usize) {
    let (first_byte, page) = desk.get(path);
    (first_byte, page.len())
}

/// From the moment a file is saved until its page shows what was saved.
fn saves(folder: &Path) {
    let name = folder.display();
    let desk = Desk::start(folder);
    let source = first_source(folder);
    let text = std::fs::read_to_string(&source).expect("a file made up");
    let id = text.split("id: ").nth(1).and_then(|rest| rest.split([',', '}']).next()).expect("it has an id");
    let mut took: Vec<f64> = Vec::with_capacity(SAVES);
    for nth in 0..SAVES {
        let title = format!("saved for the {nth} time");
        let start = Instant::now();
        std::fs::write(&source, text.replacen("source: {", &format!("source: {{title: {title}, "), 1))
            .expect("a file is saved");
        while !desk.get(&format!("/source/{id}")).1.contains(&title) {
            assert!(start.elapsed() < Duration::from_secs(60), "the page never shows what was saved");
            std::thread::sleep(Duration::from_millis(2));
        }
        took.push(start.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(200));
    }
    std::fs::write(&source, &text).expect("the file is as it was");
    took.sort_by(f64::total_cmp);
    println!("| {name} | {:.0} | {:.0} |", took[SAVES / 2], took[SAVES - 1]);
}

fn first_source(folder: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join("sources"))
        .expect("claims made up have sources")
        .map(|entry| entry.expect("a file is listed").path())
        .collect();
    files.sort();
    files.swap_remove(0)
}

/// The report on the project's own claims as one file.
fn frozen() {
    let report = Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .args(["report", "claims", "--format", "html"])
        .output()
        .expect("gainsay runs");
    println!("\nreport of claims/ as one HTML file: {} bytes", report.stdout.len());
}

/// A desk that is served.
struct Desk {
    child: Child,
    address: String,
    /// Seconds until it could be asked.
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
        let address = address.expect("it tells its address").trim_end_matches(['/', '.', ',']).to_owned();
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self { child, address, ready: start.elapsed().as_secs_f64() }
    }

    /// Asks for a page on a connection of its own: seconds to the first byte, and the whole answer.
    fn get(&self, path: &str) -> (f64, String) {
        let start = Instant::now();
        let mut stream = TcpStream::connect(&self.address).expect("the desk listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)
            .expect("the desk reads");
        let mut first = [0];
        stream.read_exact(&mut first).expect("the desk answers");
        let first_byte = start.elapsed().as_secs_f64();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("the desk answers in whole");
        let answer = String::from_utf8_lossy(&rest).into_owned();
        assert!(answer.starts_with("TTP/1.1 200"), "{path}: {}", answer.lines().next().unwrap_or_default());
        (first_byte, answer)
    }

    /// What `wrk` says of a page.
    fn load(&self, path: &str) -> String {
        let run = Command::new("wrk")
            .args(["-t", "1", "-c", "16", "-d", "5s", &format!("http://{}{path}", self.address)])
            .output();
        let Ok(run) = run else { return "no wrk".to_owned() };
        let told = String::from_utf8_lossy(&run.stdout).into_owned();
        let value = |name: &str| told.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
        let failed = value("Non-2xx or 3xx responses:").or_else(|| value("Socket errors:"));
        let rate = value("Requests/sec:").unwrap_or("?");
        failed.map_or_else(|| rate.to_owned(), |failed| format!("{rate}, failed: {failed}"))
    }

    /// Resident memory in MiB, where the system tells.
    fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().split(' ').next()).and_then(|kib| kib.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

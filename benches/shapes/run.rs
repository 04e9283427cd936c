//! One run of the program as a child with limits: processor seconds, peak memory, bytes of output.
//!
//! A system reports these for all children of a process together, so each run has its own intermediate process.

use std::io::Read as _;
use std::path::Path;
use std::process::{self, Stdio};

use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};

use crate::{Command, editor};

/// The limit on processor seconds of a child.
pub(crate) const SECONDS: u64 = 60;

/// The limit on the address space of a child, in GiB.
pub(crate) const GIB: u64 = 10;

/// The cost of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Processor seconds.
    pub(crate) cpu: f64,
    /// Peak memory in MiB.
    pub(crate) peak: f64,
    /// Bytes of standard output.
    pub(crate) output: usize,
    pub(crate) outcome: Outcome,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// With an exit code that the program uses.
    Ended,
    /// It used up its processor time.
    TooLong,
    /// It failed otherwise, for example for lack of memory.
    Failed,
}

/// The first argument of the intermediate process.
const RUNNER: &str = "measure-one-run";

/// The argument that selects the language server.
const EDITOR: &str = "editor";

/// Whether this process is an intermediate one.
pub(crate) fn is_runner(arguments: &[String]) -> bool {
    arguments.first().is_some_and(|first| first == RUNNER)
}

/// Runs a program on a folder with one file that has this text.
pub(crate) fn measure(program: &Path, command: Command, text: &str) -> Cost {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("a.yaml"), text).expect("a file can be written");
    let mut runner = process::Command::new(std::env::current_exe().expect("a running program has a path"));
    runner.arg(RUNNER).arg(folder.path()).arg(program);
    match command {
        Command::Cli(arguments) => runner.args(arguments),
        Command::Editor => runner.arg(EDITOR),
    };
    let output = runner.stderr(Stdio::inherit()).output().expect("this program runs again");
    let printed = String::from_utf8_lossy(&output.stdout);
    let mut cells = printed.split_whitespace();
    let mut next = || cells.next().unwrap_or_else(|| panic!("no cost of `{}`", program.display()));
    let outcome = match next() {
        "ended" => Outcome::Ended,
        "too-long" => Outcome::TooLong,
        _ => Outcome::Failed,
    };
    let (cpu, peak, output) = (next(), next(), next());
    let number = |text: &str| text.parse::<f64>().expect("a number");
    Cost { cpu: number(cpu), peak: number(peak), output: output.parse().expect("a number of bytes"), outcome }
}

/// The intermediate process: runs the program and prints the cost.
#[expect(clippy::print_stdout, reason = "the parent reads it")]
pub(crate) fn measure_and_print(arguments: &[String]) {
    let [_, folder, program, command @ ..] = arguments else { panic!("a folder, a program, a command") };
    setrlimit(Resource::RLIMIT_CPU, SECONDS, SECONDS).expect("a lower limit may be set");
    setrlimit(Resource::RLIMIT_AS, GIB << 30, GIB << 30).expect("a lower limit may be set");
    let mut child = process::Command::new(program);
    child.current_dir(folder).env("RAYON_NUM_THREADS", "1").stderr(Stdio::null());
    let (ended, output) =
        if command == [EDITOR] { editor::run(child, Path::new(folder)) } else { run(child, command) };
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).expect("a process may ask for this");
    let seconds =
        [used.user_time(), used.system_time()].map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6);
    let cpu = seconds[0] + seconds[1];
    let outcome = match ended {
        true => "ended",
        false if cpu > SECONDS as f64 - 1.0 => "too-long",
        false => "failed",
    };
    println!("{outcome} {cpu} {} {output}", used.max_rss() as f64 / 1024.0);
}

/// Runs a command to its end. Returns whether it ended as expected, and how many bytes it printed.
fn run(mut child: process::Command, arguments: &[String]) -> (bool, usize) {
    let mut child = child
        .args(arguments)
        .arg(".")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut output = child.stdout.take().expect("a pipe");
    let (mut buffer, mut bytes) = (vec![0; 1 << 16], 0);
    while let Ok(read @ 1..) = output.read(&mut buffer) {
        bytes += read;
    }
    let status = child.wait().expect("a child can be waited for");
    (status.code().is_some_and(|code| code <= 1), bytes)
}

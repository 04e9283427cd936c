//! Wall time, processor time and peak memory of one process, stage by stage.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// The cost of one stage.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    /// The name of the stage.
    pub(crate) name: String,
    /// Wall time in seconds.
    pub(crate) wall: f64,
    /// Processor time in seconds, of all processors together.
    pub(crate) cpu: f64,
    /// The peak memory of the process during the stage, in MiB; since the start of the process if the system cannot
    /// reset the mark, and 0 if it does not report it.
    pub(crate) peak: f64,
}

/// Measures the stages of this process, one after the other, for the parent process.
#[derive(Default)]
pub(crate) struct Stopwatch(String);

impl Stopwatch {
    /// Runs a function and records its cost.
    pub(crate) fn time<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        forget_peak();
        let (wall, cpu) = (Instant::now(), cpu());
        let done = work();
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), self::cpu() - cpu);
        self.note(name, wall, cpu);
        done
    }

    /// Records a number that is not a time.
    pub(crate) fn count(&mut self, name: &str, number: usize) {
        self.note(name, number as f64, 0.0);
    }

    /// The recorded lines, which the parent reads.
    pub(crate) fn lines(&self) -> &str {
        &self.0
    }

    fn note(&mut self, name: &str, wall: f64, cpu: f64) {
        writeln!(self.0, "{name}\t{wall}\t{cpu}\t{}", peak()).expect("a string takes all that is written");
    }
}

fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The high-water mark of resident memory.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Resets the high-water mark to the current resident memory (Linux; elsewhere the mark stays).
fn forget_peak() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// Runs this program again as a child that measures one thing, so that peaks of memory stay separate.
pub(crate) fn child(what: &str, of: impl AsRef<OsStr>, threads: usize) -> Vec<Stage> {
    let program = std::env::current_exe().expect("a running program has a path");
    let output = Command::new(program)
        .args(["child", what])
        .arg(of)
        .env("RAYON_NUM_THREADS", threads.to_string())
        .output()
        .expect("this program runs again");
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().filter_map(stage).collect()
}

fn stage(line: &str) -> Option<Stage> {
    let mut cells = line.split('\t');
    let name = cells.next()?.to_owned();
    let mut number = || cells.next()?.parse().ok();
    Some(Stage { name, wall: number()?, cpu: number()?, peak: number()? })
}

/// The median of some numbers.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => numbers[count / 2],
        count => f64::midpoint(numbers[count / 2 - 1], numbers[count / 2]),
    }
}

//! Wall time, processor time and peak memory of one process, stage by stage.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// What one stage took.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    /// What was done.
    pub(crate) name: String,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// Seconds of all processors together.
    pub(crate) cpu: f64,
    /// The most memory the process had so far, in MiB; 0 where the system does not say.
    pub(crate) peak: f64,
}

/// Measures the stages of this process, one after the other, and hands them to the parent.
#[derive(Default)]
pub(crate) struct Stopwatch(String);

impl Stopwatch {
    /// Does something and notes what it took.
    pub(crate) fn time<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let (wall, cpu) = (Instant::now(), cpu());
        let done = work();
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), self::cpu() - cpu);
        self.note(name, wall, cpu);
        done
    }

    /// Notes a number that is no time.
    pub(crate) fn count(&mut self, name: &str, number: usize) {
        self.note(name, number as f64, 0.0);
    }

    /// What the parent reads.
    pub(crate) fn told(&self) -> &str {
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

/// Runs this program again as a child that measures one thing, so that no peak is another's.
pub(crate) fn child(what: &str, folder: &Path, threads: usize) -> Vec<Stage> {
    let program = std::env::current_exe().expect("a running program has a path");
    let output = Command::new(program)
        .args(["child", what])
        .arg(folder)
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

/// The middle one of some numbers.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => numbers[count / 2],
        count => f64::midpoint(numbers[count / 2 - 1], numbers[count / 2]),
    }
}

/// Runs a program so many times; the middle wall time and the mean processor time, in seconds.
pub(crate) fn cold(program: &str, arguments: &[&str], times: usize) -> (f64, f64) {
    let before = children();
    let walls = (0..times).map(|_| {
        let start = Instant::now();
        let output = Command::new(program).args(arguments).output().expect("the program runs");
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        start.elapsed().as_secs_f64()
    });
    let wall = median(walls);
    (wall, (children() - before) / times as f64)
}

/// Processor time of all children that ended, in seconds; steps of a hundredth.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

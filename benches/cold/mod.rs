//! Repeated cold starts of a program.

use std::process::Command;
use std::time::Instant;

use crate::measure::median;

/// Runs a program `times` times. Returns the median wall time and the mean processor time, in seconds.
pub(crate) fn cold_runs(program: &str, arguments: &[&str], times: usize) -> (f64, f64) {
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

/// Processor time of all ended children, in seconds; the resolution is a hundredth.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

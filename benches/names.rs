//! The search for similar names: its time, how many of the planted misspellings it finds, and how many pairs of names
//! it compares.
//!
//! `cargo bench --bench names` searches 100,000 generated names (`-- 20000`: that many). `-- 100000 HARNESS` also runs
//! other programs on the same names, if their harness is available (see `peers`). Each measurement is its own process,
//! in alternation (A B A B …), and medians are shown.
#![expect(clippy::print_stdout, reason = "a benchmark prints tables")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files that it generated")]

#[path = "../crates/reading/src/names/blocks/tests/made_up.rs"]
mod made_up;
mod measure;
#[path = "generate/random.rs"]
#[expect(dead_code, clippy::cast_sign_loss, reason = "shared with the other benchmarks")]
mod random;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use gainsay::names::{Named, Strictness, near_duplicates};
use serde_json::Value;

use measure::{Stage, Stopwatch, child, median};
use random::Random;

const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["child", sieve, folder] => measure_one(sieve, Path::new(folder)),
        [] => run(100_000, None),
        [names] => run(names.parse().expect("a number of names"), None),
        [names, harness] => run(names.parse().expect("a number of names"), Some(Path::new(harness))),
        other => println!("unknown arguments: {}", other.join(" ")),
    }
}

/// Runs one method on the names of a folder. The names are read before the time starts.
fn measure_one(sieve: &str, folder: &Path) {
    let text = std::fs::read_to_string(folder.join("names.txt")).expect("the names can be read");
    let names: Vec<Named<'_>> = text.lines().zip(0..).map(|(name, owner)| Named { owner, name }).collect();
    let sieve = if sieve == "strict" { Strictness::Strict } else { Strictness::Loose };
    let mut watch = Stopwatch::default();
    let mut outcome = watch.time("first", || near_duplicates(&names, sieve));
    for _ in 0..4 {
        outcome = watch.time("again", || near_duplicates(&names, sieve));
    }
    let found: BTreeSet<(usize, usize)> = outcome
        .likenesses
        .iter()
        .map(|found| (found.left.min(found.right), found.left.max(found.right)))
        .collect();
    let planted = planted(folder);
    watch.count("comparisons", outcome.comparisons);
    watch.count("pairs", found.len());
    watch.count("planted", planted.len());
    watch.count("met", planted.iter().filter(|pair| found.contains(pair)).count());
    print!("{}", watch.lines());
}

/// The pairs that are misspellings of one name.
fn planted(folder: &Path) -> Vec<(usize, usize)> {
    let truth = std::fs::read_to_string(folder.join("names_truth.csv")).expect("the truth can be read");
    let pair = |line: &str| {
        let (a, b) = line.split_once(',')?;
        let (a, b) = (a.parse().ok()?, b.parse().ok()?);
        Some((std::cmp::min::<usize>(a, b), std::cmp::max(a, b)))
    };
    truth.lines().filter_map(pair).collect()
}

fn run(count: usize, harness: Option<&Path>) {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let harness = harness.filter(|harness| {
        let is_made = generated_there(harness, folder.path(), count);
        if !is_made {
            println!("skipped: no harness at `{}`, or no Python (set PEER_PY)", harness.display());
        }
        is_made
    });
    if harness.is_none() {
        generate(folder.path(), count);
    }
    let mut peers = harness.map(|harness| peers(harness, folder.path())).unwrap_or_default();
    let kinds = [("loose", 1), ("loose", 2), ("strict", 1)];
    let mut ours: Vec<Vec<Stage>> = vec![Vec::new(); kinds.len()];
    for _ in 0..ROUNDS {
        for ((sieve, threads), runs) in kinds.iter().zip(&mut ours) {
            runs.extend(child(sieve, folder.path(), *threads));
        }
        for peer in &mut peers {
            peer.runs.extend(run_once(peer));
        }
    }
    println!("\n## {count} names, {ROUNDS} rounds in turns, medians\n");
    println!("| program | wall s | CPU s | MiB | pairs compared | pairs reported | recall |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for ((sieve, threads), runs) in kinds.iter().zip(&ours) {
        print_row(
            &format!("gainsay, {sieve}, {threads} thread{}", if *threads > 1 { "s" } else { "" }),
            runs,
        );
    }
    peers.iter().for_each(print_peer_row);
}

fn print_row(name: &str, runs: &[Stage]) {
    let of = |stage: &str, which: fn(&Stage) -> f64| {
        median(runs.iter().filter(|run| run.name == stage).map(which))
    };
    let count = |stage: &str| of(stage, |stage| stage.wall);
    println!(
        "| {name} | {:.3} | {:.3} | {:.0} | {} | {} | {:.3} |",
        of("again", |stage| stage.wall),
        of("again", |stage| stage.cpu),
        of("again", |stage| stage.peak),
        count("comparisons"),
        count("pairs"),
        count("met") / count("planted"),
    );
    println!(
        "| {name}, first time | {:.3} | {:.3} | | | | |",
        of("first", |stage| stage.wall),
        of("first", |stage| stage.cpu)
    );
}

/// A program of the harness.
struct NamePeer {
    name: String,
    command: Vec<OsString>,
    runs: Vec<Value>,
}

fn peers(harness: &Path, data: &Path) -> Vec<NamePeer> {
    let engine = |engine: &str| NamePeer {
        name: engine.to_owned(),
        command: vec![python().into(), harness.join("peer_names.py").into(), engine.into(), data.into()],
        runs: Vec::new(),
    };
    let engines =
        std::env::var("PEER_NAMES").unwrap_or_else(|_| "blocked-rapidfuzz,recordlinkage".to_owned());
    engines.split(',').filter(|name| !name.is_empty()).map(engine).collect()
}

/// The one-line result of a program.
fn run_once(peer: &NamePeer) -> Option<Value> {
    let (program, arguments) = peer.command.split_first()?;
    let output = Command::new(program).args(arguments).output().ok()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let result = printed.lines().find_map(|line| line.strip_prefix("RESULT "))?;
    serde_json::from_str(result).ok()
}

fn print_peer_row(peer: &NamePeer) {
    let Some(last) = peer.runs.last() else {
        println!("| {} | could not be run | | | | | |", peer.name);
        return;
    };
    let middle = |key: &str| median(peer.runs.iter().filter_map(|run| run[key].as_f64()));
    println!(
        "| {} | {:.3} | {:.3} | {:.0} | {} | {} | {} |",
        peer.name,
        middle("detect"),
        middle("detect_cpu"),
        middle("rss_mb"),
        last["pairs"],
        last["hits"],
        last["recall"],
    );
}

/// Lets the harness generate the names.
fn generated_there(harness: &Path, folder: &Path, count: usize) -> bool {
    let script = harness.join("gen_names.py");
    let done = Command::new(python()).arg(script).arg(folder).args(["--names", &count.to_string()]).status();
    done.is_ok_and(|status| status.success())
}

fn python() -> PathBuf {
    let home =
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/peers/venv/bin/python");
    std::env::var_os("PEER_PY").map_or_else(home, PathBuf::from)
}

/// Generates the same kind of names: one in five is a misspelling of another.
fn generate(folder: &Path, count: usize) {
    let mut random = Random::new(1);
    let (names, planted) = made_up::with_slips(count, &mut |bound| random.below(bound));
    let mut shuffled: Vec<usize> = (0..names.len()).collect();
    for at in (1..shuffled.len()).rev() {
        shuffled.swap(at, random.below(at + 1));
    }
    let (mut text, mut place) = (String::new(), vec![0; names.len()]);
    for (at, &name) in shuffled.iter().enumerate() {
        place[name] = at;
        writeln!(text, "{}", names[name]).expect("a string takes all that is written");
    }
    let mut truth = String::new();
    for (one, other) in planted {
        let (one, other) = (place[one].min(place[other]), place[one].max(place[other]));
        writeln!(truth, "{one},{other}").expect("a string takes all that is written");
    }
    std::fs::write(folder.join("names.txt"), text).expect("the folder can be written");
    std::fs::write(folder.join("names_truth.csv"), truth).expect("the folder can be written");
}

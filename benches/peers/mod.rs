//! Other programs on the same claims, in alternation with gainsay. They are in a harness of their own that the project
//! does not need: a folder with `peer_duckdb.py` (disputes, positions, parts above wholes), `peer_joint.py` (clashes of
//! several claims, by `HiGHS`) and `rust/` (a handwritten program with the results of the first).
//!
//! `PEER_PY` names a Python with the packages they need, `PEER_RUST` the folder of the built programs.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::families::found::SOUGHT;
use crate::families::{Kind, make};
use crate::measure::{Stage, child, median};
use crate::stage_named;

/// A program of the harness.
struct PeerProgram {
    name: &'static str,
    command: Vec<OsString>,
    /// Whether it searches for clashes of several claims, group by group; otherwise for all others.
    joint: bool,
    runs: Vec<Value>,
}

const ROUNDS: usize = 5;

/// Runs every available program, and prints how gainsay compares.
pub(crate) fn run(harness: &Path, claims: usize) {
    if !harness.is_dir() {
        println!("skipped: no harness at `{}`", harness.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let made = make(Kind::Mixed, claims);
    let groups = made.groups();
    made.write_tables(folder.path()).expect("the folder can be written");
    drop(made);
    if !convert(folder.path()) {
        println!("skipped: no Python with polars and pyarrow at `{}` (set PEER_PY)", python().display());
        return;
    }
    let mut peers = peers(harness, folder.path());
    let mut ours = Vec::new();
    for _ in 0..ROUNDS {
        ours.extend(child("families", format!("mixed:{claims}"), 1));
        for peer in &mut peers {
            peer.runs.extend(run_once(peer, folder.path()));
        }
    }
    let right = if is_all_found(&ours) { "yes" } else { "no" };
    let ours = stage_named(&ours, "reason").cpu;
    println!("\n## Other programs, {claims} claims in {groups} groups, {ROUNDS} rounds in turns, medians\n");
    println!("| program | CPU s | wall s | right | CPU, ours to it |\n|---|---|---|---|---|");
    println!("| gainsay, all of reasoning | {ours:.4} | | {right} | 1.00 |");
    for peer in &peers {
        print_row(peer, ours, groups, folder.path());
    }
}

/// Whether exactly the planted clashes were found.
fn is_all_found(stages: &[Stage]) -> bool {
    SOUGHT.iter().all(|sought| {
        let [planted, found, extra] =
            ["planted", "found", "extra"].map(|which| stage_named(stages, &format!("{sought} {which}")).wall);
        planted <= found && extra <= 0.0
    })
}

/// Prints one line for a program: its time for all claims, or for as many groups as gainsay searched.
fn print_row(peer: &PeerProgram, ours: f64, groups: usize, data: &Path) {
    let Some(last) = peer.runs.last() else {
        println!("| {} | could not be run | | | |", peer.name);
        return;
    };
    let middle = |key: &str| median(peer.runs.iter().filter_map(|run| run[key].as_f64()));
    let right = match (last["correct"].as_str(), last["out"].as_str()) {
        (Some(right), _) => right,
        (None, Some(out)) if is_truth(Path::new(out), data) => "yes",
        _ => "no",
    };
    if peer.joint {
        let each = middle("cpu_us_per_group");
        println!(
            "| {}, {each:.1} µs a group | {:.4} | | {right} | {:.4} |",
            peer.name,
            each * groups as f64 / 1e6,
            ours / (each * groups as f64 / 1e6),
        );
    } else {
        let (cpu, wall) = (middle("detect_cpu"), middle("detect"));
        println!("| {} | {cpu:.4} | {wall:.4} | {right} | {:.2} |", peer.name, ours / cpu);
    }
}

/// Whether a file of results, `D` for disputes and `P` for parts above wholes, has the same lines as the truth.
fn is_truth(out: &Path, data: &Path) -> bool {
    let lines = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let truth = |name: &str, mark: &str| -> Vec<String> {
        lines(&data.join(name)).lines().skip(1).map(|line| format!("{mark},{line}")).collect()
    };
    let told: BTreeSet<String> = lines(out).lines().map(|line| line.replace('\t', ",")).collect();
    let truth = [truth("truth_disputed.csv", "D"), truth("truth_partwhole.csv", "P")].concat();
    told == truth.into_iter().collect()
}

fn peers(harness: &Path, data: &Path) -> Vec<PeerProgram> {
    let script = |name: &str, variant: &str| -> Vec<OsString> {
        vec![python().into(), harness.join(name).into(), variant.into(), data.into()]
    };
    let built =
        std::env::var_os("PEER_RUST").map_or_else(|| harness.join("rust/target/release"), PathBuf::from);
    let hand = vec![
        built.join("detect").into(),
        "hand".into(),
        "csv".into(),
        data.into(),
        data.join("hand.txt").into(),
    ];
    let peer = |name, command, joint| PeerProgram { name, command, joint, runs: Vec::new() };
    vec![
        peer("by hand in Rust, no joint clashes", hand, false),
        peer("DuckDB, no joint clashes", script("peer_duckdb.py", "csv"), false),
        peer("HiGHS, joint clashes only", script("peer_joint.py", "highs"), true),
        peer(
            "HiGHS on the tightest claims, joint clashes only",
            script("peer_joint.py", "highs-tight"),
            true,
        ),
    ]
}

/// The one-line result of a program.
fn run_once(peer: &PeerProgram, data: &Path) -> Option<Value> {
    let (program, arguments) = peer.command.split_first()?;
    let output = Command::new(program).args(arguments).env("PEER_OUT", data).output().ok()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let result = printed.lines().find_map(|line| line.strip_prefix("RESULT "))?;
    serde_json::from_str(result).ok()
}

/// Converts the tables to the columnar format that some of the programs read. False if that is not possible.
fn convert(folder: &Path) -> bool {
    let script = "import sys, polars as pl, pyarrow\n\
                  for name in ('claims', 'truth_disputed', 'truth_partwhole', 'joint_groups'):\n    \
                  pl.read_csv(f'{sys.argv[1]}/{name}.csv').write_parquet(f'{sys.argv[1]}/{name}.parquet')\n";
    let done = Command::new(python()).args(["-c", script]).arg(folder).output();
    done.is_ok_and(|output| output.status.success())
}

fn python() -> PathBuf {
    let home =
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/peers/venv/bin/python");
    std::env::var_os("PEER_PY").map_or_else(home, PathBuf::from)
}

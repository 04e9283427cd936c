//! The time from a keystroke to updated findings, with incremental analysis.
//!
//! `cargo bench --bench edit -- FOLDER…` types in these folders of generated claims, written by `cargo bench --bench
//! reason -- generate mixed 20000 FOLDER`; without a folder, in generated workspaces of 1,000, 20,000 and 200,000
//! claims. Each folder has its own process. Letters are typed and deleted one by one in random claims, so most of the
//! analysed text is half-written. The measured time covers replacing the text and reading the findings of every file
//! whose findings changed.
#![expect(clippy::print_stdout, reason = "a benchmark prints tables")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files that it generated")]
#![expect(clippy::cast_sign_loss, reason = "generated days are after 1970 and generated figures above zero")]
#![expect(dead_code, reason = "the generator and the stopwatch are shared with other benchmarks")]

mod generate;
mod measure;

use std::path::{Path, PathBuf};
use std::time::Instant;

use gainsay::folder;
use gainsay::id::FileId;
use gainsay::workspace::{IncrementalWorkspace, Options, Workspace};

use generate::{Size, Spread};
use measure::{Stopwatch, child};

/// The number of claims and names in which something is typed.
const PLACES: usize = 40;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [first, what, folder] = arguments.as_slice()
        && first == "child"
    {
        measure_one(what, Path::new(folder));
        return;
    }
    println!(
        "| workspace | claims | typed | keystrokes | median ms | 95th ms | worst ms | claims looked at, median | most | MiB at rest | peak |"
    );
    println!("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    if arguments.is_empty() {
        for claims in [1_000, 20_000, 200_000] {
            let made = tempfile::tempdir().expect("a folder for temporary files");
            let size = Size { claims, in_file: 100, spread: Spread::Skewed };
            generate::write(made.path(), size).expect("the folder can be written");
            rows("skewed", made.path());
        }
    }
    for folder in arguments {
        rows(&folder, Path::new(&folder));
    }
}

/// One row for each kind of place in which something is typed.
fn rows(name: &str, folder: &Path) {
    for what in ["value", "id", "name"] {
        let stages = child(what, folder, 2);
        let of =
            |name: &str| stages.iter().find(|stage| stage.name == name).map_or(f64::NAN, |stage| stage.wall);
        println!(
            "| {name} | {} | {what} | {} | {:.2} | {:.2} | {:.2} | {} | {} | {:.0} | {:.0} |",
            of("claims"),
            of("keystrokes"),
            of("median") / 1e3,
            of("95th") / 1e3,
            of("worst") / 1e3,
            of("looked at"),
            of("looked at most"),
            of("rest"),
            of("peak"),
        );
    }
}

/// A keystroke: the file, the place, and the typed letter, or none for a deletion.
struct Keystroke {
    file: FileId,
    at: usize,
    letter: Option<char>,
}

fn measure_one(what: &str, folder: &Path) {
    let inputs = folder::read(&PathBuf::from(folder), &folder::Access::default(), &|_, _| {})
        .expect("the generated folder can be read")
        .inputs;
    let workspace = Workspace::read(inputs);
    let claims: usize = workspace.documents().iter().map(|document| document.claims.len()).sum();
    let mut incremental = IncrementalWorkspace::new(workspace, Options::default());
    for file in incremental.take_changed() {
        assert!(incremental.findings(file).len() < usize::MAX);
    }
    let rest = memory("VmRSS:");
    forget_peak();
    let (mut took, mut rechecked) = (Vec::new(), Vec::new());
    for nth in 0..PLACES {
        for key in keys(&incremental, what, nth) {
            let mut text = incremental.workspace().files()[key.file].text().to_owned();
            match key.letter {
                Some(letter) => text.insert(key.at, letter),
                None => drop(text.remove(key.at)),
            }
            let start = Instant::now();
            incremental.replace(key.file, text);
            let found: usize =
                incremental.take_changed().into_iter().map(|file| incremental.findings(file).len()).sum();
            took.push(start.elapsed().as_secs_f64() * 1e6);
            assert!(found < usize::MAX);
            rechecked.push(incremental.rechecked());
        }
    }
    took.sort_by(f64::total_cmp);
    rechecked.sort_unstable();
    let mut watch = Stopwatch::default();
    watch.count("claims", claims);
    watch.count("keystrokes", took.len());
    for (name, at) in [("median", took.len() / 2), ("95th", took.len() * 95 / 100), ("worst", took.len() - 1)]
    {
        watch.count(name, took[at].round() as usize);
    }
    watch.count("looked at", rechecked[rechecked.len() / 2]);
    watch.count("looked at most", rechecked[rechecked.len() - 1]);
    watch.count("rest", rest);
    watch.count("peak", memory("VmHWM:"));
    print!("{}", watch.lines());
}

/// Keystrokes that type letters after a value, an id or a name, and delete them one by one.
fn keys(incremental: &IncrementalWorkspace, what: &str, nth: usize) -> Vec<Keystroke> {
    let documents = incremental.workspace().documents();
    let drawn = nth.wrapping_mul(0x9e37_79b9).wrapping_add(12_345);
    let all: Vec<(usize, u32)> = documents
        .iter()
        .enumerate()
        .flat_map(|(file, document)| {
            let claims = document.claims.iter().filter_map(|claim| match what {
                "value" => claim.body.value.as_ref().map(|value| value.span().end),
                _ => Some(claim.id.span.end),
            });
            let claims = claims.filter(|_| what != "name");
            let actors = document.actors.iter().map(|actor| actor.span.end - 1).filter(|_| what == "name");
            claims.chain(actors).map(move |at| (file, at)).collect::<Vec<_>>()
        })
        .collect();
    let (file, at) = all[drawn % all.len()];
    let (file, at) = (gainsay::id::Id::new(file), at as usize);
    let word = if what == "name" { "name: Ab" } else { "12-b" };
    let typed =
        word.char_indices().map(|(nth, letter)| Keystroke { file, at: at + nth, letter: Some(letter) });
    let taken_back = (0..word.len()).rev().map(|nth| Keystroke { file, at: at + nth, letter: None });
    typed.chain(taken_back).collect()
}

/// A line of the memory statistics of this process, in MiB.
fn memory(line: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|known| known.strip_prefix(line));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(0) / 1024
}

/// Resets the high-water mark to the current resident memory.
fn forget_peak() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

//! The time to read, resolve, analyse and print a workspace, compared with a plain `serde_yaml` read of the same files.
//!
//! `cargo bench --bench read` runs everything; `-- quick` uses a tenth of the size; `-- rules` adds the time of each
//! rule; `-- generate skewed 20000 FOLDER` only writes the files. Each measurement is its own process, so peaks of
//! memory stay separate. Measurements alternate (A B A B …), and medians are shown. No benchmark library measures the
//! processor time and memory of children, so none is used.
#![expect(clippy::print_stdout, reason = "a benchmark prints tables")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files that it generated")]
#![expect(clippy::cast_sign_loss, reason = "generated days are after 1970 and generated figures above zero")]

mod cold;
mod generate;
mod measure;
mod plain;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gainsay::finding::{Grade, Limit};
use gainsay::graph::Graph;
use gainsay::report::{Report, Selection, json, text};
use gainsay::rules::{self, Facts};
use gainsay::workspace::{Analysis, Options, Workspace};
use gainsay::{dispute, folder, reason};

use cold::cold_runs;
use generate::{Size, Spread};
use measure::{Stage, Stopwatch, child, median};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["child", what, folder] => measure_one(what, Path::new(folder)),
        ["generate", spread, claims, folder] => {
            let (claims, spread) = (claims.parse().expect("a number of claims"), spread_from_name(spread));
            generate::write(Path::new(folder), Size { claims, in_file: 100, spread })
                .expect("the folder can be written");
        }
        ["quick", rest @ ..] => run(20_000, 3, rest.contains(&"rules")),
        rest => run(200_000, 5, rest.contains(&"rules")),
    }
}

/// All tables, for one size and a tenth of it.
fn run(claims: usize, rounds: usize, rules: bool) {
    let (large, small) =
        (GeneratedFolder::new(claims, Spread::Skewed), GeneratedFolder::new(claims / 10, Spread::Skewed));
    for made in [&small, &large] {
        println!("\n## {} claims in {} files, {:.1} MB", made.claims, made.files, made.bytes as f64 / 1e6);
        reading(made, rounds);
    }
    let of_small = stages(&small, rounds);
    let of_large = stages(&large, rounds);
    growth(&of_small, &of_large);
    println!("\n## One question, 1 thread");
    for (spread, description) in [
        (Spread::OneAgreed, "all agree"),
        (Spread::OneDisputed, "three positions"),
        (Spread::OneScattered, "no two figures alike"),
        (Spread::OneOverYears, "each for a day of ten years"),
    ] {
        let sizes = [claims / 20, claims / 2].map(|claims| GeneratedFolder::new(claims, spread));
        let [of_small, of_large] = sizes.each_ref().map(|made| {
            println!("\n{} claims, {description}", made.claims);
            stages(made, 1)
        });
        growth(&of_small, &of_large);
    }
    if rules {
        for made in [&small, &large] {
            println!("\n## Rules at {} claims", made.claims);
            table(&child("rules", made.folder.path(), 1));
        }
    }
    let (wall, cpu) = cold_runs(env!("CARGO_BIN_EXE_gainsay"), &["report", "claims"], 20);
    println!(
        "\n## `gainsay report claims`, cold, median of 20\n{:.1} ms wall, {:.1} ms CPU",
        wall * 1e3,
        cpu * 1e3
    );
}

fn spread_from_name(name: &str) -> Spread {
    match name {
        "agreed" => Spread::OneAgreed,
        "disputed" => Spread::OneDisputed,
        "scattered" => Spread::OneScattered,
        "years" => Spread::OneOverYears,
        _ => Spread::Skewed,
    }
}

/// A generated workspace in a temporary folder.
struct GeneratedFolder {
    folder: tempfile::TempDir,
    claims: usize,
    files: usize,
    bytes: u64,
}

impl GeneratedFolder {
    fn new(claims: usize, spread: Spread) -> Self {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let size = Size { claims, in_file: 100, spread };
        let bytes = generate::write(folder.path(), size).expect("the folder can be written");
        Self { folder, claims, files: claims.div_ceil(size.in_file), bytes }
    }
}

/// gainsay and the plain read, in alternation, with one and two threads.
fn reading(made: &GeneratedFolder, rounds: usize) {
    println!(
        "| read by | threads | wall s | CPU s | peak MiB | CPU, ours to it |\n|---|---|---|---|---|---|"
    );
    for threads in [1, 2] {
        let kinds = ["ours", "typed", "untyped"];
        let mut runs: BTreeMap<&str, Vec<Stage>> = BTreeMap::new();
        for _ in 0..rounds {
            for kind in kinds {
                runs.entry(kind).or_default().extend(child(kind, made.folder.path(), threads).pop());
            }
        }
        let middle = |kind: &str, of: fn(&Stage) -> f64| median(runs[kind].iter().map(of));
        let ours = middle("ours", |stage| stage.cpu);
        for (kind, label) in kinds.iter().zip(["gainsay", "serde_yaml, typed", "serde_yaml, values"]) {
            let cpu = middle(kind, |stage| stage.cpu);
            println!(
                "| {label} | {threads} | {:.3} | {cpu:.3} | {:.0} | {:.2} |",
                middle(kind, |stage| stage.wall),
                middle(kind, |stage| stage.peak),
                ours / cpu,
            );
        }
    }
}

/// Every stage in one thread, as medians over some rounds.
fn stages(made: &GeneratedFolder, rounds: usize) -> Vec<Stage> {
    let runs: Vec<Vec<Stage>> = (0..rounds).map(|_| child("stages", made.folder.path(), 1)).collect();
    let middle = |at: usize, of: fn(&Stage) -> f64| median(runs.iter().map(|run| of(&run[at])));
    let stages = (0..runs[0].len()).map(|at| Stage {
        name: runs[0][at].name.clone(),
        wall: middle(at, |stage| stage.wall),
        cpu: middle(at, |stage| stage.cpu),
        peak: middle(at, |stage| stage.peak),
    });
    let stages: Vec<Stage> = stages.collect();
    println!();
    table(&stages);
    stages
}

fn table(stages: &[Stage]) {
    println!("| stage | wall s | CPU s | peak MiB |\n|---|---|---|---|");
    for Stage { name, wall, cpu, peak } in stages.iter().filter(|stage| stage.cpu > 0.0) {
        println!("| {name} | {wall:.4} | {cpu:.4} | {peak:.0} |");
    }
    let counts = stages.iter().filter(|stage| stage.cpu == 0.0);
    let counts: Vec<_> = counts.map(|Stage { name, wall, .. }| format!("{wall} {name}")).collect();
    println!("{}", counts.join(", "));
}

/// The exponent with which each stage grows from ten times as many claims: 1 is linear.
fn growth(small: &[Stage], large: &[Stage]) {
    println!("\n| stage | exponent for ten times the claims |\n|---|---|");
    let mut sums = (0.0, 0.0);
    for (small, large) in small.iter().zip(large).filter(|(small, _)| small.cpu > 0.0) {
        sums = (sums.0 + small.cpu, sums.1 + large.cpu);
        println!("| {} | {:.2} |", small.name, (large.cpu / small.cpu).log10());
    }
    println!("| all | {:.2} |", (sums.1 / sums.0).log10());
}

// --- children -----------------------------------------------------------------------------------------------

fn measure_one(what: &str, folder: &Path) {
    let mut watch = Stopwatch::default();
    match what {
        "ours" => drop(watch.time("read", || read(folder))),
        "typed" => {
            let files = watch.time("read", || plain::read_typed(folder));
            assert!(files.iter().map(plain::File::claims).sum::<usize>() > 0);
        }
        "untyped" => drop(watch.time("read", || plain::read_untyped(folder))),
        "stages" => all_stages(&mut watch, folder),
        "rules" => each_rule(&mut watch, folder),
        other => unreachable!("nothing measures {other}"),
    }
    print!("{}", watch.lines());
}

fn read(path: &Path) -> Workspace {
    let inputs = folder::read(&PathBuf::from(path), &folder::Access::default(), &|_, _| {})
        .expect("the generated folder can be read")
        .inputs;
    Workspace::read(inputs)
}

/// The pipeline of [`Workspace::analyse`], stage by stage, and the printing of its result.
fn all_stages(watch: &mut Stopwatch, folder: &Path) {
    let workspace = watch.time("read", || read(folder));
    let options = Options::default();
    let (model, unresolved) = watch.time("resolve", || workspace.resolve(&options));
    let (graph, circles) = watch.time("graph", || Graph::build(&model));
    let reasoning = watch.time("reason", || reason::run(&model, &graph));
    let archive = rustc_hash::FxHashMap::default();
    let files = workspace.files();
    let facts = Facts {
        files,
        model: &model,
        graph: &graph,
        reasoning: &reasoning,
        archive: &archive,
        elsewhere: &gainsay::model::NoGlobals,
        unsearched: &std::sync::Mutex::new(Vec::new()),
        complete: true,
    };
    let mut findings = watch.time("rules", || rules::run(&facts, Limit::default(), |_| true).findings);
    findings.extend(unresolved.into_iter().chain(circles));
    rules::sort(&mut findings, &model);
    let disputes = watch.time("disputes", || dispute::gather(&model, &graph, &reasoning, &findings));
    let omitted = Vec::new();
    let analysis = Analysis { model, graph, reasoning, findings, omitted, disputes };
    let report = watch.time("report", || Report::new(files, &analysis, &Selection::default()));
    let style = text::Style { color: false, width: 100 };
    let shown = watch.time("print text", || text::render(&report, style));
    let json = watch.time("print JSON", || json::render(&report).expect("a report is JSON"));
    let of_grade = |grade| analysis.findings.iter().filter(|finding| finding.grade == grade).count();
    assert_eq!(of_grade(Grade::Error), 0, "{:#?}", analysis.on_files().next());
    watch.count("claims", analysis.model.claims.len());
    watch.count("questions", analysis.model.questions.len());
    watch.count("contradictions", of_grade(Grade::Contradiction));
    watch.count("tensions", of_grade(Grade::Tension));
    watch.count("notes", of_grade(Grade::Note));
    watch.count("warnings", of_grade(Grade::Warning));
    watch.count("disputes", analysis.disputes.len());
    watch.count("bytes of text", shown.len());
    watch.count("bytes of JSON", json.len());
}

/// The time and the number of findings of each rule.
fn each_rule(watch: &mut Stopwatch, folder: &Path) {
    let workspace = read(folder);
    let analysis = workspace.analyse(&Options::default());
    let archive = rustc_hash::FxHashMap::default();
    let Analysis { model, graph, reasoning, .. } = &analysis;
    let facts = Facts {
        files: workspace.files(),
        model,
        graph,
        reasoning,
        archive: &archive,
        elsewhere: &gainsay::model::NoGlobals,
        unsearched: &std::sync::Mutex::new(Vec::new()),
        complete: true,
    };
    for rule in rules::ALL {
        let alone = |other: &rules::Rule| other.id == rule.id;
        let found = watch.time(rule.id, || rules::run(&facts, Limit::default(), alone));
        if !found.findings.is_empty() {
            watch.count(rule.id, found.findings.len());
        }
    }
}

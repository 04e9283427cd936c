//! The time of reasoning alone: finding the claims that cannot hold together among generated claims with a known truth.
//!
//! `cargo bench --bench reason` runs everything; `-- quick` uses a tenth of the size; `-- peers HARNESS CLAIMS` runs
//! other programs on the same claims, if their harness is available; `-- generate KIND CLAIMS FOLDER` writes generated
//! claims; `-- table FILE.csv FOLDER` turns a table of real figures into claim files. Each measurement is its own
//! process, in one thread or two. Reasoning is repeated within it and the median is shown. The found clashes are
//! compared with the planted ones.
#![expect(clippy::print_stdout, reason = "a benchmark prints tables")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files that it generated")]
#![expect(clippy::cast_sign_loss, reason = "generated days are after 1970 and generated figures above zero")]

mod families;
mod measure;
mod peers;
#[path = "generate/random.rs"]
mod random;
mod skews;
mod table;

use std::path::Path;

use gainsay::graph::Graph;
use gainsay::model::Model;
use gainsay::reason::{self, Reasoning};
use gainsay::workspace::{Input, Options, Workspace};

use families::found::{CARRIED, SOUGHT};
use families::{Kind, make};
use measure::{Stage, Stopwatch, child, median};
use skews::Skew;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["child", what, stage_named] => measure_one(what, stage_named),
        ["peers", harness, claims] => {
            peers::run(Path::new(harness), claims.parse().expect("a number of claims"));
        }
        ["generate", kind, claims, folder] => {
            let kind = Kind::from_name(kind).expect("mixed, growing, clean, flat, broken or held");
            let made = make(kind, claims.parse().expect("a number of claims"));
            table::save(Path::new(folder), made.files()).expect("the folder can be written");
            made.write_tables(Path::new(folder)).expect("the folder can be written");
        }
        ["table", file, folder] => {
            table::convert(Path::new(file), Path::new(folder), table::Reading::Qualified);
        }
        ["table", file, folder, "exact"] => {
            table::convert(Path::new(file), Path::new(folder), table::Reading::Exact);
        }
        ["quick"] => run([1_000, 10_000, 100_000]),
        [] => run([10_000, 100_000, 1_000_000]),
        other => println!("unknown arguments: {}", other.join(" ")),
    }
}

/// All tables; each size is ten times the previous one.
fn run(sizes: [usize; 3]) {
    by_size(Kind::Mixed, &sizes);
    by_size(Kind::Growing, &sizes[..2]);
    costs(sizes[1]);
    println!("\n## Hard shapes, 1 thread\n");
    println!(
        "| shape | size | resolve CPU s | graph CPU s | reason CPU s | exponent of reason | clashes within a question | across questions |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for skew in &skews::ALL {
        shape(skew, if sizes[2] < 1_000_000 { skew.size / 10 } else { skew.size });
    }
    println!(
        "\n## Other programs\n\nskipped: `-- peers HARNESS CLAIMS` runs them, if their harness is available"
    );
}

// --- by size ------------------------------------------------------------------------------------------------

/// Every stage at every size with one thread and two, the growth of reasoning, and whether all clashes were found.
fn by_size(kind: Kind, sizes: &[usize]) {
    println!("\n## Reasoning, {} claims\n", kind.name());
    println!(
        "| claims | threads | read CPU s | resolve CPU s | graph CPU s | reason wall s | reason CPU s | µs per claim | peak MiB | peak of reason MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut runs = Vec::new();
    for &size in sizes {
        for threads in [1, 2] {
            let stages = child("families", spec(kind, size), threads);
            let (reason, resolve) = (stage_named(&stages, "reason"), stage_named(&stages, "resolve"));
            println!(
                "| {size} | {threads} | {:.3} | {:.3} | {:.4} | {:.4} | {:.4} | {:.2} | {:.0} | {:.0} |",
                stage_named(&stages, "read").cpu,
                resolve.cpu,
                stage_named(&stages, "graph").cpu,
                reason.wall,
                reason.cpu,
                reason.cpu * 1e6 / size as f64,
                resolve.peak.max(stage_named(&stages, "read").peak),
                reason.peak,
            );
            runs.push((threads, stages));
        }
    }
    let one = || runs.iter().filter(|(threads, _)| *threads == 1).map(|(_, stages)| stages);
    println!(
        "\n{}",
        exponents(sizes, &one().map(|stages| stage_named(stages, "reason").cpu).collect::<Vec<_>>())
    );
    println!("\n| claims | questions | planted kind | planted | found | extra |\n|---|---|---|---|---|---|");
    for (size, stages) in sizes.iter().zip(one()) {
        let questions = stage_named(stages, "questions").wall;
        for sought in SOUGHT {
            let [planted, found, extra] = ["planted", "found", "extra"]
                .map(|which| stage_named(stages, &format!("{sought} {which}")).wall);
            println!("| {size} | {questions} | {sought} | {planted} | {found} | {extra} |");
        }
        let carried = stage_named(stages, CARRIED).wall;
        println!("| {size} | {questions} | {CARRIED} | | {carried} | |");
    }
}

/// The exponents with which the times grow, from each size to the next and overall.
fn exponents(sizes: &[usize], times: &[f64]) -> String {
    let exponent = |from: usize, to: usize| {
        (times[to] / times[from]).ln() / (sizes[to] as f64 / sizes[from] as f64).ln()
    };
    let steps: Vec<_> = (1..sizes.len())
        .map(|at| format!("{:.2} from {} to {}", exponent(at - 1, at), sizes[at - 1], sizes[at]))
        .collect();
    format!("exponent of reason: {}, {:.2} over all", steps.join(", "), exponent(0, sizes.len() - 1))
}

// --- costs --------------------------------------------------------------------------------------------------

/// The cost of a clash that is found, and of a group without one.
fn costs(size: usize) {
    println!("\n## Cost of one, {size} claims, 1 thread\n");
    println!(
        "| claims | reason CPU s | compared with | more by | for each | µs each |\n|---|---|---|---|---|---|"
    );
    for (kind, plain, each) in
        [(Kind::Broken, Kind::Held, "clash planted"), (Kind::Clean, Kind::Flat, "clean group")]
    {
        let mut pairs = Vec::new();
        for _ in 0..3 {
            let [one, other] =
                [kind, plain].map(|kind| stage_named(&child("families", spec(kind, size), 1), "reason").cpu);
            pairs.push((one, other));
        }
        let (one, other) = (median(pairs.iter().map(|pair| pair.0)), median(pairs.iter().map(|pair| pair.1)));
        let number = make(kind, size).groups();
        println!(
            "| {} | {one:.4} | {} {other:.4} | {:.4} | {number} {each} | {:.2} |",
            kind.name(),
            plain.name(),
            one - other,
            (one - other) * 1e6 / number as f64
        );
    }
}

fn shape(skew: &Skew, size: usize) {
    let sizes = [size / 10, size];
    let runs = sizes.map(|size| child("skew", format!("{}:{size}", skew.name), 1));
    let reason = runs.each_ref().map(|stages| stage_named(stages, "reason").cpu);
    for (at, stages) in runs.iter().enumerate() {
        let exponent =
            if at == 0 { String::new() } else { format!("{:.2}", (reason[1] / reason[0]).log10()) };
        println!(
            "| {} | {} | {:.4} | {:.5} | {:.5} | {exponent} | {} | {} |",
            skew.description,
            sizes[at],
            stage_named(stages, "resolve").cpu,
            stage_named(stages, "graph").cpu,
            reason[at],
            stage_named(stages, "clashes within a question").wall,
            stage_named(stages, "clashes across questions").wall
        );
    }
}

// --- children -----------------------------------------------------------------------------------------------

fn spec(kind: Kind, size: usize) -> String {
    format!("{}:{size}", kind.name())
}

/// The median of all runs of one stage.
pub(crate) fn stage_named(stages: &[Stage], name: &str) -> Stage {
    let runs: Vec<&Stage> = stages.iter().filter(|stage| stage.name == name).collect();
    let middle = |stage_named: fn(&Stage) -> f64| median(runs.iter().map(|stage| stage_named(stage)));
    Stage {
        name: name.to_owned(),
        wall: middle(|stage| stage.wall),
        cpu: middle(|stage| stage.cpu),
        peak: middle(|stage| stage.peak),
    }
}

fn measure_one(what: &str, stage_named: &str) {
    let (name, size) = stage_named.split_once(':').expect("a name and a size");
    let size = size.parse().expect("a size");
    let mut watch = Stopwatch::default();
    match what {
        "families" => {
            let mut made = make(Kind::from_name(name).expect("a kind of claims"), size);
            let files = made.files();
            made.forget_claims();
            let (model, _, reasoning) = stages(&mut watch, files, (1_000_000 / size).clamp(3, 30));
            watch.count("questions", model.questions.len());
            if made.kind != Kind::Flat {
                families::found::compare(&mut watch, &made, &model, &reasoning);
            }
        }
        "skew" => {
            let skew = skews::ALL.iter().find(|skew| skew.name == name).expect("a shape");
            let (_, _, reasoning) = stages(&mut watch, (skew.make)(size), 5);
            let joint = reasoning.clashes.iter().filter(|clash| clash.questions.len() > 1).count();
            watch.count("clashes within a question", reasoning.clashes.len() - joint);
            watch.count("clashes across questions", joint);
        }
        other => unreachable!("nothing measures {other}"),
    }
    print!("{}", watch.lines());
}

/// From texts to reasoning, stage by stage; reasoning is repeated `times` times.
fn stages(watch: &mut Stopwatch, files: Vec<Input>, times: usize) -> (Model, Graph, Reasoning) {
    let workspace = watch.time("read", || Workspace::read(files));
    let (model, findings) = watch.time("resolve", || workspace.resolve(&Options::default()));
    assert!(findings.is_empty(), "claims made up hold a mistake: {:#?}", findings.first());
    drop(workspace);
    let (graph, findings) = watch.time("graph", || Graph::build(&model));
    assert!(findings.is_empty(), "claims made up go round in a circle: {:#?}", findings.first());
    let mut reasoning = Reasoning::default();
    for _ in 0..times {
        drop(std::mem::take(&mut reasoning));
        reasoning = watch.time("reason", || reason::run(&model, &graph));
    }
    (model, graph, reasoning)
}

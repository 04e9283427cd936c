//! Shapes that stress one thing at a time: a question that everybody answers, a whole of very many parts, a deep chain
//! of wholes, a long cycle of changes.

use gainsay::workspace::Input;

use crate::families::OPEN;
use crate::families::text::{file, put, wording};

/// One shape, generated in a given size.
pub(crate) struct Skew {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// The larger size; the smaller one is a tenth of it.
    pub(crate) size: usize,
    pub(crate) make: fn(usize) -> Vec<Input>,
}

pub(crate) const ALL: [Skew; 5] = [
    Skew { name: "question-agreed", description: "one question, all agree", size: 100_000, make: agreed },
    Skew {
        name: "question-disputed",
        description: "one question, four positions",
        size: 100_000,
        make: disputed,
    },
    Skew {
        name: "parts",
        description: "an event of many parts, broken by their sum",
        size: 10_000,
        make: parts,
    },
    Skew { name: "chain", description: "a chain of wholes, each below its part", size: 1_000, make: chain },
    Skew { name: "changes", description: "changes in a circle between sources", size: 1_000, make: changes },
];

fn agreed(size: usize) -> Vec<Input> {
    let ranges = (0..size)
        .map(|at| if at % 9 == 0 { (100, OPEN) } else { (100 - at as i64 % 40, 110 + at as i64 % 50) });
    let claims =
        ranges.map(|(low, high)| format!("about: all, measure: hurt, value: {}", wording(low, high)));
    workspace(
        "measures: {hurt: {type: count}}\nevents: {all: {date: 2015-01-01}}\n",
        &claims.collect::<Vec<_>>(),
    )
}

fn disputed(size: usize) -> Vec<Input> {
    let ranges = (0..size as i64).map(|at| {
        let figure = 100 * (1 + at % 4);
        (figure - at % 30, figure + at % 40)
    });
    let claims =
        ranges.map(|(low, high)| format!("about: all, measure: hurt, value: {}", wording(low, high)));
    workspace(
        "measures: {hurt: {type: count}}\nevents: {all: {date: 2015-01-01}}\n",
        &claims.collect::<Vec<_>>(),
    )
}

fn parts(size: usize) -> Vec<Input> {
    let mut definitions =
        String::from("measures: {hurt: {type: count}}\nevents:\n  all: {date: 2015-01-01}\n");
    let mut claims = Vec::with_capacity(size + 1);
    let mut sum = 0;
    for at in 0..size {
        put(&mut definitions, format_args!("  part-{at:06}: {{date: 2015-01-01, part-of: all}}\n"));
        let low = 1 + at as i64 * 7 % 90;
        sum += low;
        claims.push(format!(
            "about: part-{at:06}, measure: hurt, value: {}",
            wording(low, low + at as i64 % 3)
        ));
    }
    claims.push(format!("about: all, measure: hurt, value: {}", wording(0, sum / 2)));
    workspace(&definitions, &claims)
}

/// Each event is part of the one before it and claimed to be more than it.
fn chain(size: usize) -> Vec<Input> {
    let mut definitions = String::from("measures: {hurt: {type: count}}\nevents:\n");
    let mut claims = Vec::with_capacity(size);
    for at in 0..size {
        let part = if at == 0 { String::new() } else { format!(", part-of: deep-{:05}", at - 1) };
        put(&mut definitions, format_args!("  deep-{at:05}: {{date: 2015-01-01{part}}}\n"));
        claims.push(format!("about: deep-{at:05}, measure: hurt, value: {}", 10 + at));
    }
    workspace(&definitions, &claims)
}

/// A cycle of series, each said to be more than the next; one has a figure.
fn changes(size: usize) -> Vec<Input> {
    let mut definitions = String::from("series:\n");
    let mut claims = Vec::with_capacity(size + 1);
    for at in 0..size {
        put(&mut definitions, format_args!("  count-{at:05}: {{publisher: desk}}\n"));
        let (next, percent) = ((at + 1) % size, 1 + at % 9);
        claims.push(format!(
            "about: count-{at:05}, measure: attacks, during: 2024, value: \"+{percent}% on count-{next:05}@2024\""
        ));
    }
    claims.push("about: count-00000, measure: attacks, during: 2024, value: 1000".to_owned());
    workspace(&definitions, &claims)
}

/// Definitions and claims. Each claim is in one of a hundred sources and has its own party.
fn workspace(definitions: &str, claims: &[String]) -> Vec<Input> {
    let in_file = claims.len().div_ceil(100).max(10);
    let mut actors = String::from("actors:\n  desk: {}\n");
    let mut files = Vec::new();
    for (at, chunk) in claims.chunks(in_file).enumerate() {
        let mut text =
            format!("source: {{id: source-{at:03}, publisher: desk, published: 2020-01-01}}\nclaims:\n");
        for (nth, claim) in chunk.iter().enumerate() {
            let number = at * in_file + nth;
            put(&mut actors, format_args!("  actor-{number:06}: {{}}\n"));
            put(&mut text, format_args!("  c{number:06}: {{by: actor-{number:06}, {claim}}}\n"));
        }
        files.push(file(format!("{at:03}.yaml"), text));
    }
    files.push(file("actors.yaml", actors));
    files.push(file("definitions.yaml", definitions.to_owned()));
    files
}

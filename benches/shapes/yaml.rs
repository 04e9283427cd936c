//! Shapes that are hard to read as YAML or as claim files, and files with very many mistakes.

use std::fmt::Write as _;

/// Two parties, an outlet and an event.
const HEAD: &str = "\
actors:
  aa: { name: Government A, kind: state }
  bb: { name: Government B, kind: state }
  pp: { name: The Paper, kind: media }
events:
  raid: { name: Air raid, date: 2026-02-22, parties: [aa, bb] }
source: { id: src, publisher: pp, published: 2026-04-02 }
";

/// One line for each number below `count`.
fn lines(head: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    for at in 0..count {
        text.push_str(&line(at));
        text.push('\n');
    }
    text
}

pub(crate) fn unknown_lines(count: usize) -> String {
    "a:\n".repeat(count)
}

pub(crate) fn unknown_keys_on_one_line(count: usize) -> String {
    let keys: Vec<String> = (0..count).map(|at| format!("k{at}: x")).collect();
    format!("actors: {{ a: {{ {} }} }}\n", keys.join(", "))
}

pub(crate) fn duplicates_on_one_line(count: usize) -> String {
    format!("actors: {{ {} }}\n", "a: {}, ".repeat(count))
}

pub(crate) fn duplicates_in_lines(count: usize) -> String {
    lines("actors:\n", count, |_| "  a: {}".to_owned())
}

pub(crate) fn duplicates_of_two(count: usize) -> String {
    format!("actors: {{ a: {{ {} }} }}\n", "name: x, kind: y, ".repeat(count / 2))
}

/// Every id is defined by an actor twice, in two sections that share one namespace.
pub(crate) fn duplicate_ids(count: usize) -> String {
    let events = lines("events:\n", count, |at| format!("  e{at}: {{ date: 2026-02 }}"));
    lines(&format!("{events}propositions:\n"), count, |at| format!("  e{at}: {{}}"))
}

/// Claims that are each invalid YAML.
pub(crate) fn broken_entries(count: usize) -> String {
    lines(&format!("{HEAD}claims:\n"), count, |at| format!("  c{at}: {{ by: [aa, about: raid }}"))
}

pub(crate) fn open_quotes(count: usize) -> String {
    lines(&format!("{HEAD}claims:\n"), count, |at| format!("  c{at}: {{ by: \"aa, about: raid }}"))
}

pub(crate) fn anchors(count: usize) -> String {
    lines("actors:\n", count, |at| format!("  a{at}: &x {{ name: N }}"))
}

pub(crate) fn wrong_shapes(count: usize) -> String {
    lines("actors:\n", count, |at| format!("  a{at}: [x]"))
}

pub(crate) fn no_locators(count: usize) -> String {
    lines(&format!("{HEAD}claims:\n"), count, |at| {
        format!("  c{at}: {{ by: aa, about: raid, measure: killed, value: {} }}", at % 7 + 1)
    })
}

/// Every second claim silences the missing locator.
pub(crate) fn silences(count: usize) -> String {
    lines(&format!("{HEAD}claims:\n"), count, |at| {
        let allow = ["", ", allow: [no-locator], note: seen"][at % 2];
        format!("  c{at}: {{ by: aa, about: raid, measure: killed, value: {}{allow} }}", at % 7 + 1)
    })
}

/// Unrelated names, so that none is a suggestion for another.
pub(crate) fn unused_ids(count: usize) -> String {
    lines("actors:\n", count, |at| format!("  a{at}: {{ name: Q{}q{at} }}", at * 7919 % 100_003))
}

pub(crate) fn unknown_ids(count: usize) -> String {
    let known =
        lines("actors:\n", count, |at| format!("  known-{at}: {{ name: Q{}q{at} }}", at * 7919 % 100_003));
    lines(&known, count, |at| {
        format!("  u{at}: {{ name: W{}w{at}, speaks-for: unknown-{at} }}", at * 7919 % 100_003)
    })
}

pub(crate) fn bad_dates(count: usize) -> String {
    lines(&format!("{HEAD}claims:\n"), count, |at| {
        format!(
            "  c{at}: {{ by: aa, about: raid, measure: killed, value: 3, at: p1, said: 22 Febuary {at} }}"
        )
    })
}

pub(crate) fn bad_figures(count: usize) -> String {
    lines(&format!("{HEAD}claims:\n"), count, |at| {
        format!("  c{at}: {{ by: aa, about: raid, measure: killed, value: a great many, at: p1 }}")
    })
}

/// One mistake in the middle of a long line.
pub(crate) fn long_line(bytes: usize) -> String {
    let half = "x".repeat(bytes / 2);
    format!("actors: {{ a: {{ note: {half}, naem: y, role: {half} }} }}\n")
}

pub(crate) fn long_key(bytes: usize) -> String {
    format!("actors: {{ {}: {{}} }}\n", "Key ".repeat(bytes / 4))
}

pub(crate) fn long_id(bytes: usize) -> String {
    let id = "long-".repeat(bytes / 5);
    format!("actors: {{ {id}a: {{}}, b: {{ speaks-for: {id}b }} }}\n")
}

/// `count` ids of a thousand letters, each unknown and similar to a known one.
pub(crate) fn many_long_ids(count: usize) -> String {
    let id = "long-".repeat(200);
    let known = lines("actors:\n", count, |at| format!("  {id}{at}: {{}}"));
    lines(&known, count, |at| format!("  u{at}: {{ speaks-for: {id}x{at} }}"))
}

pub(crate) fn spaces(bytes: usize) -> String {
    " ".repeat(bytes)
}

pub(crate) fn line_ends(bytes: usize) -> String {
    "\n".repeat(bytes)
}

pub(crate) fn comments(count: usize) -> String {
    format!("{}actors: {{}}\n", "# x\n".repeat(count))
}

pub(crate) fn dashes(count: usize) -> String {
    "- ".repeat(count)
}

pub(crate) fn items(count: usize) -> String {
    "- \n".repeat(count)
}

pub(crate) fn braces(bytes: usize) -> String {
    "{".repeat(bytes)
}

pub(crate) fn brackets(bytes: usize) -> String {
    "[]".repeat(bytes / 2)
}

pub(crate) fn quotes(bytes: usize) -> String {
    "\"".repeat(bytes)
}

pub(crate) fn single_quotes(bytes: usize) -> String {
    "'".repeat(bytes)
}

pub(crate) fn block_scalars(count: usize) -> String {
    lines("actors:\n", count, |at| format!("  a{at}:\n    note: |\n\n\n      x\n    kind: state"))
}

pub(crate) fn empty_block_scalar(bytes: usize) -> String {
    format!("actors:\n  a:\n    note: |\n{}      x\n", "\n".repeat(bytes))
}

pub(crate) fn question_marks(count: usize) -> String {
    "? a\n".repeat(count)
}

pub(crate) fn colons(count: usize) -> String {
    ": a\n".repeat(count)
}

/// Each line is indented deeper than the one before.
pub(crate) fn deep_block(depth: usize) -> String {
    let mut text = String::new();
    for at in 0..depth {
        writeln!(text, "{}a:", " ".repeat(at)).expect("a string takes all that is written");
    }
    text
}

/// Claims that are each nested too deep.
pub(crate) fn deep_flow_claims(count: usize) -> String {
    lines(&format!("{HEAD}claims:\n"), count, |at| format!("  c{at}: {}", "[".repeat(100)))
}

/// Mistakes on one line between multi-byte, wide and combining characters.
pub(crate) fn wide_letters(count: usize) -> String {
    let keys: Vec<String> = (0..count).map(|at| format!("ключ{at}: 漢字é")).collect();
    format!("actors: {{ a: {{ {} }} }}\n", keys.join(", "))
}

pub(crate) fn long_list(count: usize) -> String {
    let items: Vec<String> = (0..count).map(|at| format!("n{at}")).collect();
    format!("actors: {{ a: {{ aliases: [{}] }} }}\n", items.join(", "))
}

pub(crate) fn flow_actors(count: usize) -> String {
    let actors: Vec<String> = (0..count).map(|at| format!("a{at}: {{ name: x }}")).collect();
    format!("actors: {{ {} }}\n", actors.join(", "))
}

//! `gainsay fmt`: examples, and files generated in every layout.

use gainsay::edit::{self, Refusal};
use gainsay::id::{FileId, Id as _};
use gainsay::source::SourceFile;
use gainsay::yaml::{self, NodeKind, NodeRef};
use proptest::prelude::*;

use crate::support::real_files;

fn format(text: &str) -> String {
    edit::format("x.yaml", text).unwrap_or_else(|refusal| panic!("{refusal}\n{text}"))
}

fn apply_edits(text: &str, edits: &[(std::ops::Range<usize>, String)]) -> String {
    let mut spliced = text.to_owned();
    for (span, new) in edits.iter().rev() {
        spliced.replace_range(span.clone(), new);
    }
    spliced
}

/// All data of a text, without its layout.
fn data_of(text: &str) -> String {
    fn say(node: NodeRef<'_, '_>) -> String {
        match node.shape() {
            NodeKind::List => format!("[{}]", node.items().map(say).collect::<Vec<_>>().join(",")),
            NodeKind::Mapping => {
                let pair = |(key, value)| format!("{}:{}", say(key), say(value));
                format!("{{{}}}", node.entries().map(pair).collect::<Vec<_>>().join(","))
            }
            shape => format!("{shape:?}{:?}", node.text()),
        }
    }
    let (tree, findings) = yaml::parse(FileId::new(0), text);
    assert!(findings.is_empty(), "{findings:?}\n{text}");
    tree.root().map(say).unwrap_or_default()
}

/// The examples of `tests/format.md`: each heading with the texts before and after.
fn examples() -> Vec<(String, String, String)> {
    let book = std::fs::read_to_string("tests/format.md").unwrap().replace("\r\n", "\n");
    let mut examples = Vec::new();
    for part in book.split("\n## ").skip(1) {
        let heading = part.lines().next().unwrap().to_owned();
        let mut blocks =
            part.split("```yaml\n").skip(1).map(|rest| rest.split("```\n").next().unwrap().to_owned());
        let before = blocks.next().unwrap();
        examples.push((heading, before.clone(), blocks.next().unwrap_or(before)));
        assert!(blocks.next().is_none());
    }
    examples
}

#[test]
fn format_examples_have_the_documented_result() {
    let examples = examples();
    assert!(examples.len() > 15);
    for (heading, before, after) in examples {
        assert_eq!(format(&before), after, "{heading}");
        assert_eq!(format(&after), after, "{heading}");
        let windows = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(format(&windows(&before)), windows(&after), "{heading}");
        let edits = edit::format_edits("x.yaml", &before).unwrap();
        assert_eq!(apply_edits(&before, &edits), after, "{heading}");
    }
}

#[test]
fn real_claim_files_are_formatted() {
    for (path, text) in real_files() {
        assert_eq!(format(&text), text, "{path}: `gainsay fmt`");
    }
}

#[test]
fn format_keeps_data_and_comments_of_every_case() {
    let (mut formatted, mut refused) = (0, 0);
    for entry in std::fs::read_dir("tests/cases").unwrap() {
        let book = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for block in book.split("\n```yaml").skip(1) {
            let text = block.split_once('\n').unwrap().1.split("\n```").next().unwrap().to_owned() + "\n";
            match edit::format("x.yaml", &text) {
                Ok(after) => {
                    formatted += 1;
                    assert_eq!(data_of(&text), data_of(&after));
                    assert_eq!(comments(&text), comments(&after), "{text}\n{after}");
                    assert_eq!(format(&after), after);
                }
                Err(refusal) => {
                    let is_broken = !yaml::parse(FileId::new(0), &text).1.is_empty();
                    assert!(is_broken, "{refusal}\n{text}");
                    refused += 1;
                }
            }
        }
    }
    assert!(formatted > 300 && refused < formatted / 10, "{formatted} {refused}");
}

/// The comments of a text that has no block texts and no ` #` in quotes.
fn comments(text: &str) -> Vec<String> {
    let after = |line: &str| {
        let at = if line.trim_start().starts_with('#') {
            line.find('#')
        } else {
            line.find(" #").map(|at| at + 1)
        };
        at.map(|at| line[at..].trim_start_matches('#').trim().to_owned())
    };
    text.lines().filter_map(after).collect()
}

#[test]
fn format_refuses_texts_that_it_cannot_lay_out() {
    for (text, line, why) in [
        ("a: [\n", 1, "not YAML"),
        ("events:\n  a: &x {}\n", 2, "an anchor"),
        ("events: {}\n---\nevents: {}\n", 2, "a second document"),
        ("actors:\n  ? a\n  : { name: b }\n", 2, "expected a key or value"),
        ("- a\n- b\nc\n", 3, "not YAML"),
        ("just text\n", 1, "not a mapping of sections"),
        ("a: {}\rb: {}\n", 1, "a carriage return"),
        ("a:\n  # one\n  |\n  text\n", 3, "a comment between the key"),
        ("a:\n  {\n  # one\n  value: 1,034,\n  at: p1 }\n", 4, "YAML splits this figure at its comma"),
    ] {
        let refusal = edit::format("x.yaml", text).unwrap_err();
        let Refusal::Layout { line: reported, why: because, .. } = &refusal else { panic!("{refusal}") };
        assert!(because.contains(why), "{text}: {refusal}");
        assert_eq!(*reported, line, "{text}: {refusal}");
    }
}

#[test]
fn format_of_a_range_leaves_the_rest_alone() {
    let text = "actors:\n    a:\n       name:   x\n    b:   {name: y}\n    c: {name:   z}\nevents: {e: {}}\n";
    let at = |lines| apply_edits(text, &edit::format_range("x.yaml", text, lines).unwrap());
    assert_eq!(at(0..1), text);
    assert_eq!(at(2..3), text.replace("       name:   x", "      name: x"));
    assert_eq!(
        at(1..4),
        text.replace("       name:   x", "      name: x").replace("b:   {name: y}", "b: { name: y }")
    );
    assert_eq!(at(4..4), text.replace("c: {name:   z}", "c: { name: z }"));
    assert_eq!(at(5..9), text.replace("events: {e: {}}", "events: { e: {} }"));
}

#[test]
fn format_edits_contain_only_changed_lines() {
    let text = "actors:\n  a: {}\n  b:   {}\n  c: {}\n";
    assert_eq!(edit::format_edits("x.yaml", text).unwrap(), [(16..26, "  b: {}\n".to_owned())]);
    assert_eq!(edit::format_edits("x.yaml", "\u{feff}a: {}\n").unwrap(), []);
    assert_eq!(format("\u{feff}a:  {}\n"), "\u{feff}a: {}\n");
}

/// Decisions for a generated text, in order. When they run out, the plainest is taken.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn below(&mut self, faces: usize) -> usize {
        self.0.next().map_or(0, |&byte| byte as usize % faces)
    }

    fn one_of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

/// A generated text in a layout that the dice decide.
struct GeneratedText<'a> {
    dice: Dice<'a>,
    text: String,
    comments: usize,
}

const SCALARS: [&str; 14] = [
    "x",
    "a b",
    "at least 36",
    "\"q: # no, comment\"",
    "'it''s # no'",
    "2026-02-22",
    "né 中文",
    "a#b",
    "\"\\u00e9 \\\"\"",
    "1.5",
    "http://a.b/c?d",
    "''",
    "a very long wording that goes on for as long as a wording ever goes on, so that it fills a line",
    "-1",
];

impl GeneratedText<'_> {
    fn blanks(&mut self) -> String {
        " ".repeat(self.dice.below(4))
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("#{}c{}", self.dice.one_of(&[" ", "", "  "]), self.comments)
    }

    /// The end of a line, with or without a comment.
    fn end(&mut self) {
        if self.dice.below(5) == 4 {
            let comment = format!("{} {}", self.blanks(), self.comment());
            self.text.push_str(&comment);
        } else if self.dice.below(6) == 5 {
            self.text.push_str("  ");
        }
        self.text.push('\n');
    }

    /// Blank lines and comments before something.
    fn above(&mut self, indent: usize) {
        for _ in 0..self.dice.below(5).saturating_sub(2) {
            self.text.push('\n');
        }
        if self.dice.below(5) == 4 {
            let wide = indent + self.dice.below(3);
            let comment = format!("{:wide$}{}\n", "", self.comment());
            self.text.push_str(&comment);
            self.text.push_str(self.dice.one_of(&["", "", "\n"]));
        }
    }

    fn mapping(&mut self, indent: usize, depth: usize) {
        for nth in 0..=self.dice.below(4) {
            self.above(indent);
            let key = self.dice.one_of(&["k", "key", "'k", "\"k"]).to_owned();
            let quote =
                key.chars().next().filter(|c| !c.is_alphabetic()).map(String::from).unwrap_or_default();
            let line = format!("{:indent$}{key}{nth}{quote}{}:", "", self.blanks());
            self.text.push_str(&line);
            self.value(indent, depth, false);
        }
    }

    fn list(&mut self, indent: usize, depth: usize) {
        for _ in 0..=self.dice.below(4) {
            self.above(indent);
            let line = format!("{:indent$}-", "");
            self.text.push_str(&line);
            self.value(indent, depth, true);
        }
    }

    fn value(&mut self, indent: usize, depth: usize, is_item: bool) {
        let inner = indent + 1 + self.dice.below(4);
        match self.dice.below(if depth < 3 { 10 } else { 6 }) {
            0..3 => {
                let scalar = format!(" {}{}", self.blanks(), self.dice.one_of(&SCALARS));
                self.text.push_str(&scalar);
                self.end();
            }
            3 => self.end(),
            4 => self.lines(inner),
            5 => {
                self.text.push(' ');
                self.flow(inner, depth);
                self.end();
            }
            6 if !is_item && self.dice.below(3) == 0 => {
                self.end();
                self.list(indent, depth + 1);
            }
            6..8 => {
                self.end();
                self.list(inner, depth + 1);
            }
            _ => {
                self.end();
                self.mapping(inner, depth + 1);
            }
        }
    }

    /// A scalar of several lines.
    fn lines(&mut self, indent: usize) {
        let header = self.dice.one_of(&["|", ">", "|-", ">+", "|+", "plain", "\"double", "'single"]);
        let is_block = header.starts_with(['|', '>']);
        self.text.push(' ');
        self.text.push_str(header);
        if is_block {
            self.end();
        } else {
            self.text.push('\n');
        }
        let mut ends = "";
        for nth in 0..=self.dice.below(4) {
            self.text.push_str(ends);
            let (more, blank) = (self.dice.below(3), self.dice.below(5) == 4);
            if blank && nth > 0 {
                self.text.push_str(ends);
            }
            let wide = indent + if nth == 0 { 0 } else { more };
            let inside = self.dice.one_of(&["line", "line", "two words", "né", "it"]);
            let trail = if is_block { self.dice.one_of(&["", "", " # no", "  "]) } else { "" };
            let line = format!("{:wide$}{inside}{trail}", "");
            self.text.push_str(&line);
            ends = "\n";
        }
        match header {
            "\"double" => self.text.push('"'),
            "'single" => self.text.push('\''),
            _ => {}
        }
        if is_block {
            self.text.push('\n');
        } else {
            self.end();
        }
    }

    fn flow(&mut self, indent: usize, depth: usize) {
        let is_list = self.dice.below(2) == 0;
        self.text.push(if is_list { '[' } else { '{' });
        let count = self.dice.below(5);
        for nth in 0..count {
            self.gap(indent);
            if !is_list {
                let key = format!("f{nth}: ");
                self.text.push_str(&key);
            }
            if depth < 3 && self.dice.below(4) == 3 {
                self.flow(indent, depth + 1);
            } else {
                self.text.push_str(self.dice.one_of(&[
                    "x",
                    "\"a, b\"",
                    "'}'",
                    "two words",
                    "né",
                    "1,000".split(',').next().unwrap(),
                    "a wording that goes on for a while, so".split(',').next().unwrap(),
                ]));
            }
            self.gap(indent);
            if nth + 1 < count || self.dice.below(3) == 2 {
                self.text.push(',');
            }
        }
        self.gap(indent);
        self.text.push(if is_list { ']' } else { '}' });
    }

    /// The text between the entries of a mapping in braces.
    fn gap(&mut self, indent: usize) {
        match self.dice.below(9) {
            6 => self.text.push_str("  "),
            7 => {
                let line = format!("\n{:indent$}", "");
                self.text.push_str(&line);
            }
            8 => {
                let line = format!(" {}\n{:indent$}", self.comment(), "");
                self.text.push_str(&line);
            }
            _ => {}
        }
    }
}

/// A text in some layout, and the number of its comments.
fn generate(dice: &[u8]) -> (String, usize) {
    let mut made = GeneratedText { dice: Dice(dice.iter()), text: String::new(), comments: 0 };
    let indent = made.dice.below(8).saturating_sub(6);
    if made.dice.below(12) == 11 {
        made.text.push_str("---\n");
    }
    made.mapping(indent, 0);
    let windows = made.dice.below(4) == 3;
    let text = if windows { made.text.replace('\n', "\r\n") } else { made.text };
    (text, made.comments)
}

/// The numbers of the comments that [`GeneratedText`] wrote, in the order of a text.
fn numbers(text: &str) -> Vec<usize> {
    let after = |rest: &str| {
        let digits: String =
            rest.trim_start().strip_prefix('c')?.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    text.split('#').skip(1).filter_map(after).collect()
}

/// The letters of a text without blanks and layout characters, sorted.
fn sorted_letters(text: &str) -> Vec<char> {
    let is_layout = |c: &char| c.is_whitespace() || "{}[],-:".contains(*c);
    let mut letters: Vec<char> = text.chars().filter(|c| !is_layout(c)).collect();
    letters.sort_unstable();
    letters
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn format_of_any_layout_is_stable_and_keeps_the_data(dice in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (before, comments) = generate(&dice);
        // gainsay and the other reader have different limits. Every text that both read can be formatted.
        let theirs: Result<serde_yaml::Value, _> = serde_yaml::from_str(&before);
        prop_assume!(theirs.is_ok() && yaml::parse(FileId::new(0), &before).1.is_empty());
        let after = edit::format("x.yaml", &before).map_err(|why| TestCaseError::fail(format!("{why}\n{before}")))?;
        prop_assert_eq!(data_of(&before), data_of(&after), "{}\n----\n{}", before, after);
        prop_assert_eq!(theirs.unwrap(), serde_yaml::from_str::<serde_yaml::Value>(&after).unwrap(), "{}\n----\n{}", before, after);
        prop_assert_eq!(&format(&after), &after);
        let mut reported = numbers(&after);
        reported.sort_unstable();
        prop_assert_eq!(reported, (1..=comments).collect::<Vec<_>>(), "{}\n----\n{}", before, after);
        prop_assert_eq!(sorted_letters(&before), sorted_letters(&after), "{}\n----\n{}", before, after);
        prop_assert_eq!(before.contains("\r\n"), after.contains("\r\n"));
        let edits = edit::format_edits("x.yaml", &before).unwrap();
        prop_assert_eq!(apply_edits(&before, &edits), after);
    }

    #[test]
    fn format_of_a_range_in_any_layout_keeps_data_and_the_rest(
        dice in proptest::collection::vec(any::<u8>(), 0..300),
        first in 0_usize..20,
        count in 0_usize..5,
    ) {
        let (before, _) = generate(&dice);
        prop_assume!(yaml::parse(FileId::new(0), &before).1.is_empty());
        let edits = edit::format_range("x.yaml", &before, first..first + count)
            .map_err(|why| TestCaseError::fail(format!("{why}\n{before}")))?;
        let after = apply_edits(&before, &edits);
        prop_assert_eq!(data_of(&before), data_of(&after), "{}\n----\n{}", before, after);
        prop_assert_eq!(sorted_letters(&before), sorted_letters(&after));
        let lines = SourceFile::new("x.yaml", before.as_str());
        let is_whole = |span: &std::ops::Range<usize>| lines.line_column(span.start as u32).column == 1;
        prop_assert!(edits.iter().all(|(span, _)| is_whole(span)));
    }
}

/// Runs the program with this input; returns its exit code and standard output.
fn run_program(arguments: &[&str], input: &str) -> (i32, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut program = crate::support::program();
    let program = program.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = program.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn fmt_writes_only_files_that_need_it() {
    let folder = tempfile::tempdir().unwrap();
    let (odd, fine) = (folder.path().join("odd.yaml"), folder.path().join("fine.yaml"));
    let text = "\u{feff}actors: {a:  {}}\r\n";
    std::fs::write(&odd, text).unwrap();
    std::fs::write(&fine, "places: {}\n").unwrap();
    let place = folder.path().to_str().unwrap();
    let (code, reported) = run_program(&["fmt", "--check", place], "");
    assert_eq!((code, reported.lines().count()), (1, 1), "{reported}");
    assert!(reported.contains("odd.yaml"), "{reported}");
    let (code, reported) = run_program(&["fmt", "--diff", place], "");
    assert!(code == 0 && reported.contains("+actors: { a: {} }"), "{reported}");
    assert_eq!(std::fs::read_to_string(&odd).unwrap(), text);
    assert_eq!(run_program(&["fmt", place], "").0, 0);
    assert_eq!(std::fs::read_to_string(&odd).unwrap(), "\u{feff}actors: { a: {} }\r\n");
    assert_eq!(run_program(&["fmt", "--check", place], ""), (0, String::new()));
    std::fs::write(&fine, "places: [\n").unwrap();
    assert_eq!(run_program(&["fmt", place], "").0, 1);
    assert_eq!(std::fs::read_to_string(&fine).unwrap(), "places: [\n");
    assert_eq!(run_program(&["fmt", "-"], "actors:  {}\n"), (0, "actors: {}\n".to_owned()));
    assert_eq!(run_program(&["fmt", "--stdin", "--check"], "actors:  {}\n"), (1, String::new()));
    assert_eq!(run_program(&["fmt", "-"], "actors: [\n"), (2, String::new()));
}

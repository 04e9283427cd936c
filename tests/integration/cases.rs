//! Runs the literate cases: `tests/cases/<topic>.md`, where each `## heading` is one case.
//!
//! YAML blocks of a case are its files, named by a first line `# name.yaml` (else `claims.yaml`). A text block with the
//! first line `# name.txt` is the archived text of the source that names it. Blocks before the first heading belong to
//! every case. A comment under the primary place of a finding marks it, with its grade if that is not the rule's own,
//! and with any part of its message:
//!
//! ```yaml
//!   north-toll: { about: raid, measure: killed, value: 36 }
//!   #                                                  ^^ figures-disagree[tension]: cannot all hold
//! ```
//!
//! `# <- rule` marks a place in the column of its `#`, of any width. A case fails if a finding is not marked or a mark
//! has no finding. `no-locator` and `unused-id` count only in cases that ask for them. A line `Only: rule, rule` in the
//! prose restricts a case to these rules. A line `As of: 2026-02-24` sets the day of the report. Files named
//! `pending-*` hold cases that do not pass yet; they are listed, not run.
//!
//! `GAINSAY_CASES=rewrite cargo test --test integration` writes the marks that would pass; read the diff.
//! `GAINSAY_CASES=pending` runs the pending cases as well.

mod marks;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gainsay::finding::Finding;
use gainsay::period::Period;
use gainsay::source::Files;
use gainsay::workspace::Options;

use crate::support::{File, examine};
use marks::Mark;

/// Lints that nearly every small case would trigger.
const LINTS_ON_REQUEST: [&str; 2] = ["no-locator", "unused-id"];

/// One heading with its files and marks. Lines count from 0 in the case file.
#[derive(Default)]
struct Case {
    heading: String,
    line: usize,
    only: Option<Vec<String>>,
    as_of: Option<Period>,
    /// Each file with the line on which its text starts.
    files: Vec<(usize, File)>,
    marks: Vec<Mark>,
    /// Lines that hold marks.
    marked: BTreeSet<usize>,
}

#[test]
fn cases_find_exactly_what_is_marked() {
    let wish = std::env::var("GAINSAY_CASES").unwrap_or_default();
    let (mut failed, mut pending) = (String::new(), String::new());
    for path in case_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let cases = parse(&text);
        assert!(!cases.is_empty(), "{} has no case", path.display());
        if is_pending(&path) && wish != "pending" {
            pending.extend(cases.iter().map(|case| format!("pending: {}\n", title(&path, case))));
        } else if wish == "rewrite" {
            std::fs::write(&path, rewritten(&text, &cases)).unwrap();
        } else {
            failed.extend(cases.iter().map(|case| difference(&path, case, &case.found())));
        }
    }
    eprint!("{pending}");
    assert!(failed.is_empty(), "\n{failed}\n(GAINSAY_CASES=rewrite writes marks for the actual findings)\n");
}

/// The names of the rules and lints that the cases mark.
pub(crate) fn marked() -> BTreeSet<String> {
    runnable_cases().flat_map(|(_, case)| case.marks).map(|mark| mark.rule).collect()
}

/// For each case that is run, its title and its files.
pub(crate) fn runnable() -> impl Iterator<Item = (String, Vec<File>)> {
    runnable_cases()
        .map(|(path, case)| (title(&path, &case), case.files.into_iter().map(|(_, file)| file).collect()))
}

fn runnable_cases() -> impl Iterator<Item = (PathBuf, Case)> {
    let ready = case_files().into_iter().filter(|path| !is_pending(path));
    ready.flat_map(|path| {
        let cases = parse(&std::fs::read_to_string(&path).unwrap());
        cases.into_iter().map(move |case| (path.clone(), case))
    })
}

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|kind| kind == "md")).collect();
    files.sort();
    files
}

fn is_pending(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pending-"))
}

fn title(path: &Path, case: &Case) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("tests/cases/{name}:{}: {}", case.line + 1, case.heading)
}

/// The cases of a file. Blocks before the first heading belong to each of them.
fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = vec![Case::default()];
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if let Some(heading) = line.strip_prefix("## ") {
            let files = cases[0].files.clone();
            cases.push(Case { heading: heading.to_owned(), line: at, files, ..Case::default() });
        } else if let Some(language) = line.strip_prefix("```") {
            let body = at + 1..at + 1 + lines[at + 1..].iter().take_while(|line| **line != "```").count();
            at = body.end;
            if let Some(case) = cases.last_mut() {
                case.add_block(language, &lines, body);
            }
        } else if let Some(case) = cases.last_mut() {
            if let Some(rules) = line.strip_prefix("Only: ") {
                let rules = rules.trim_end_matches('.').split(',').map(|rule| rule.trim().to_owned());
                case.only = Some(rules.collect());
            } else if let Some(day) = line.strip_prefix("As of: ") {
                case.as_of = Some(Period::read(day.trim_end_matches('.')).unwrap());
            }
        }
        at += 1;
    }
    assert!(cases[0].marks.is_empty(), "blocks before the first heading cannot have marks");
    cases.split_off(1)
}

impl Case {
    fn add_block(&mut self, language: &str, lines: &[&str], body: std::ops::Range<usize>) {
        let mut start = body.start;
        let first = lines[start].strip_prefix("# ").filter(|name| !name.contains(' '));
        let is = |ending: &str| first.is_some_and(|name| name.ends_with(ending));
        let name = match language {
            "yaml" if is(".yaml") || is(".yml") => first,
            "yaml" => Some("claims.yaml"),
            "text" if is(".txt") => {
                start += 1;
                first
            }
            _ => None,
        };
        let Some(name) = name else { return };
        let mut below = start;
        for (at, line) in lines.iter().enumerate().take(body.end).skip(start) {
            match Mark::parse(line, below).filter(|_| language == "yaml") {
                Some(mark) => _ = (self.marks.push(mark), self.marked.insert(at)),
                None => below = at,
            }
        }
        let text = lines[start..body.end].iter().flat_map(|line| [line, "\n"]).collect();
        self.files.push((start, File { name: name.to_owned(), text }));
    }

    /// The findings, placed in the lines of the case file.
    fn found(&self) -> Vec<Mark> {
        let as_of = self.as_of.and_then(|day| day.last);
        let files: Vec<File> = self.files.iter().map(|(_, file)| file.clone()).collect();
        let (workspace, analysis) = examine(&files, Options { as_of, ..Options::default() });
        let is_wanted = |finding: &&Finding| match &self.only {
            Some(only) => only.iter().any(|rule| rule == finding.rule),
            None => !LINTS_ON_REQUEST.contains(&finding.rule),
        };
        let findings = analysis.findings.iter().filter(is_wanted);
        findings.map(|finding| self.mark(workspace.files(), finding)).collect()
    }

    fn mark(&self, files: &Files, finding: &Finding) -> Mark {
        let label = finding.labels.first().unwrap_or_else(|| panic!("no place: {}", finding.message));
        let (file, span) = (&files[label.location.file], label.location.span);
        let start = self.files.iter().find(|(_, own)| own.name == file.path()).map_or(0, |(start, _)| *start);
        let place = file.line_column(span.start);
        let lines: Vec<&str> = file.text().lines().collect();
        let (mut line, mut column) = (place.line - 1, place.column - 1);
        // A place behind the end of the text, or in a mark, is marked at the end of the line above.
        while line > 0 && (line >= lines.len() || self.marked.contains(&(start + line))) {
            line -= 1;
            column = lines[line].chars().count();
        }
        let rest_of_line = lines.get(line).map_or(0, |line| line.chars().count()).saturating_sub(column);
        let width = file.slice(span).chars().count().min(rest_of_line).max(1);
        let (rule, grade) = (finding.rule.to_owned(), finding.grade.name());
        Mark { line: start + line, column, width: Some(width), rule, grade, message: finding.message.clone() }
    }
}

/// The marks without a finding and the findings without a mark; empty if there are none.
fn difference(path: &Path, case: &Case, found: &[Mark]) -> String {
    let mut unmarked: Vec<&Mark> = found.iter().collect();
    let mut unmet = Vec::new();
    for mark in &case.marks {
        match unmarked.iter().position(|found| mark.means(found)) {
            Some(at) => _ = unmarked.remove(at),
            None => unmet.push(mark),
        }
    }
    let mut text = String::new();
    for (what, marks) in [("marked and not found", unmet), ("found and not marked", unmarked)] {
        if !marks.is_empty() {
            text += &format!(" {what}:\n");
            text.extend(marks.iter().map(|mark| format!("{:6}: {}\n", mark.line + 1, mark.comment(""))));
        }
    }
    if text.is_empty() { text } else { format!("{}\n{text}", title(path, case)) }
}

/// The file with marks for the actual findings. A mark that is still right keeps its words; a new one gets the whole
/// message.
fn rewritten(text: &str, cases: &[Case]) -> String {
    let mut comments: BTreeMap<usize, Vec<Mark>> = BTreeMap::new();
    for case in cases {
        let mut found = case.found();
        found.sort();
        for mut found in found {
            if let Some(mark) = case.marks.iter().find(|mark| mark.speaks_of(&found)) {
                found.message.clone_from(&mark.message);
            }
            comments.entry(found.line).or_default().push(found);
        }
    }
    let is_mark = |at: usize| cases.iter().any(|case| case.marked.contains(&at));
    let mut lines: Vec<String> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(at, _)| !is_mark(*at)) {
        lines.push(line.to_owned());
        lines.extend(comments.remove(&at).unwrap_or_default().iter().map(|mark| mark.comment(line)));
    }
    lines.join("\n") + "\n"
}

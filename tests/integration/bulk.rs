//! Very many mistakes in one file: for each kind, the first are shown and the others are counted. Name resolution does
//! not depend on the limit.
#![expect(clippy::format_collect, reason = "claim files are made line by line")]

use std::path::Path;

use gainsay::finding::{Finding, Grade, Limit};
use gainsay::report::html::{Links, PageContext, PageIndex, Reviewing};
use gainsay::report::snippets::{self, Style};
use gainsay::report::{Report, Selection, sarif};
use gainsay::workspace::{Analysis, Input, Options, Workspace};

use crate::lsp::client::Client;
use crate::support::{analyse, found, program, workspace};

/// Two parties, an outlet, an event, and the start of a list of claims.
const HEAD: &str = "\
actors: { aa: { name: North }, bb: { name: South }, pp: { name: The Paper } }
events: { raid: { name: Air raid, date: 2026-02-22, parties: [aa, bb] } }
source: { id: src, publisher: pp, published: 2026-06-01 }
claims:
";

/// `count` claims without a place in the source.
fn without_locator(count: usize, more: impl Fn(usize) -> &'static str) -> String {
    let claim = |at: usize| {
        format!("  c{at}: {{ by: aa, about: raid, measure: killed, value: {}{} }}\n", at + 1, more(at))
    };
    format!("{HEAD}{}", (0..count).map(claim).collect::<String>())
}

fn read_with_limit(limit: Limit, text: &str) -> Workspace {
    let input = Input { path: "a.yaml".to_owned(), content: Ok(text.as_bytes().to_vec()) };
    Workspace::read_with_limit(limit, vec![input], &|_, _| {})
}

/// How many findings of a rule are collected, and how many are only counted.
fn collected_and_counted(analysis: &Analysis, rule: &str) -> (usize, usize) {
    let omitted = analysis.omitted.iter().filter(|omitted| omitted.rule == rule);
    (
        analysis.findings.iter().filter(|finding| finding.rule == rule).count(),
        omitted.map(|omitted| omitted.count).sum(),
    )
}

// --- what is collected ------------------------------------------------------------------------------------------

/// SECURITY: R12.
#[test]
fn memory_for_mistakes_of_one_file_is_bounded() {
    let count = 50_000;
    let broken = |at| format!("  c{at}: {{ by: [aa, about: raid }}\n");
    let misdated =
        |at| format!("  c{at}: {{ by: aa, said: 22 Febuary, about: raid, measure: killed, value: 3 }}\n");
    let unknown = |at| format!("  c{at}: {{ by: x{at}, about: raid, measure: killed, value: 3 }}\n");
    let misread = |at| format!("  c{at}: {{ by: aa, about: raid, measure: killed, value: a great many }}\n");
    let claims =
        |claim: &dyn Fn(usize) -> String| format!("{HEAD}{}", (0..count).map(claim).collect::<String>());
    for (text, rule, grade) in [
        ("a:\n".repeat(count), "unknown-key", Grade::Error),
        (format!("actors: {{ a: {{}}, {} }}\n", "a: {}, ".repeat(count)), "duplicate-key", Grade::Error),
        (
            format!("actors: {{ a: {{ name: N, kind: k, {} }} }}\n", "name: x, kind: y, ".repeat(count / 2)),
            "duplicate-key",
            Grade::Error,
        ),
        (
            format!("actors:\n{}", (0..count).map(|at| format!("  a{at}: [x]\n")).collect::<String>()),
            "wrong-shape",
            Grade::Error,
        ),
        (
            format!("actors:\n{}", (0..count).map(|at| format!("  a{at}: &x {{}}\n")).collect::<String>()),
            "refused-yaml",
            Grade::Error,
        ),
        (claims(&broken), "invalid-yaml", Grade::Error),
        (claims(&misdated), "unreadable-date", Grade::Error),
        (claims(&unknown), "unknown-id", Grade::Error),
        (claims(&misread), "unreadable-figure", Grade::Error),
        (without_locator(count, |_| ""), "no-locator", Grade::Warning),
    ] {
        let analysis = analyse(&workspace([("a.yaml", text)]));
        let (collected, counted) = collected_and_counted(&analysis, rule);
        assert_eq!((collected, collected + counted), (1_000, count), "{rule}");
        assert!(analysis.count(grade) >= count, "{rule}: {}", analysis.count(grade));
    }
}

/// SECURITY: R12.
#[test]
fn mistakes_in_many_files_are_bounded_in_all() {
    let files = (0..40).map(|at| (format!("{at:02}.yaml"), "a:\n".repeat(500)));
    let analysis = analyse(&workspace(files));
    assert_eq!(collected_and_counted(&analysis, "unknown-key"), (10_000, 10_000));
    let files = analysis.findings.iter().map(|finding| finding.labels[0].location.file);
    assert!(files.is_sorted(), "the findings of the first files by path are collected");
}

#[test]
fn collected_mistakes_are_the_first_by_place() {
    // Reading finds invalid YAML before it finds unknown keys, and a missing key after the whole entry.
    let text = without_locator(1_500, |at| if at % 3 == 0 { ", about: raid" } else { "" });
    let all = read_with_limit(Limit::NONE, &text).analyse(&Options::default());
    let some = read_with_limit(Limit::default(), &text).analyse(&Options::default());
    for rule in ["no-locator", "duplicate-key"] {
        let of_rule = |analysis: &Analysis| -> Vec<Finding> {
            analysis.findings.iter().filter(|finding| finding.rule == rule).cloned().collect()
        };
        let (all, some) = (of_rule(&all), of_rule(&some));
        assert_eq!(some, all[..some.len()], "{rule}");
    }
    assert_eq!(all.count(Grade::Warning), some.count(Grade::Warning));
    assert_eq!(all.count(Grade::Error), some.count(Grade::Error));
}

#[test]
fn counted_mistakes_do_not_change_what_is_resolved() {
    let broken = |at: usize| match at % 4 {
        0 => format!("  b{at}: {{ by: nobody{at}, about: raid, measure: killed, value: 3, at: p1 }}\n"),
        1 => format!("  b{at}: {{ by: aa, about: raid, measure: killed, value: a great many, at: p1 }}\n"),
        2 => format!("  b{at}: {{ by: aa, about: raid, measure: killed, value: 5, at: there }}\n"),
        _ => format!("  b{at}: {{ by: aa, denies: [nothing{at}], at: p1 }}\n"),
    };
    let tail = "  one: { by: aa, about: raid, measure: injured, value: 36, at: p1 }\n\
                \x20 two: { by: bb, about: raid, measure: injured, value: 90, at: p1 }\n";
    let text = format!("{HEAD}{}{tail}", (0..200).map(broken).collect::<String>());
    let small = Limit { in_file: 1, in_all: 1, focus: None };
    let [all, some] =
        [Limit::NONE, small].map(|limit| read_with_limit(limit, &text).analyse(&Options::default()));
    assert!(some.findings.len() < 10, "{}", some.findings.len());
    assert_eq!(format!("{:?}", all.model.claims), format!("{:?}", some.model.claims));
    assert_eq!(format!("{:?}", all.model.answers), format!("{:?}", some.model.answers));
    assert_eq!(found(&all), found(&some));
    assert_eq!(found(&some).len(), 1, "the last two claims clash");
    for grade in [Grade::Error, Grade::Warning, Grade::Contradiction] {
        assert_eq!(all.count(grade), some.count(grade), "{grade}");
    }
}

#[test]
fn silenced_mistakes_are_not_counted_and_their_silences_are_in_use() {
    let text =
        without_locator(4_000, |at| if at % 2 == 0 { "" } else { ", allow: [no-locator], note: seen" });
    let analysis = analyse(&workspace([("a.yaml", text.as_str())]));
    assert_eq!(collected_and_counted(&analysis, "no-locator"), (1_000, 1_000));
    assert_eq!(collected_and_counted(&analysis, "idle-silence"), (0, 0));
    let off = format!("settings: {{ grades: {{ no-locator: off }} }}\n{text}");
    let analysis = analyse(&workspace([("a.yaml", off)]));
    assert_eq!(collected_and_counted(&analysis, "no-locator"), (0, 0));
    assert_eq!(collected_and_counted(&analysis, "idle-silence"), (1_000, 1_000));
}

#[test]
fn unused_ids_are_not_searched_where_mistakes_are_only_counted() {
    let text =
        format!("actors:\n{}", (0..2_000).map(|at| format!("  a{at}: {{ naem: x }}\n")).collect::<String>());
    let small = Limit { in_file: 0, in_all: 0, focus: None };
    for limit in [Limit::default(), small] {
        let analysis = read_with_limit(limit, &text).analyse(&Options::default());
        assert_eq!(collected_and_counted(&analysis, "unused-id"), (0, 0));
        assert_eq!(analysis.count(Grade::Error), 2_000);
    }
}

#[test]
fn long_ids_are_not_copied_into_each_message() {
    let long = "long-".repeat(40_000);
    let unknown: String =
        (0..200).map(|at| format!("  u{at}: {{ speaks-for: long-{} }}\n", at % 7)).collect();
    let text = format!("actors:\n  {long}1: {{}}\n{unknown}  x: {{ speaks-for: {long}2 }}\n");
    let analysis = analyse(&workspace([("a.yaml", text)]));
    let bytes = |finding: &Finding| {
        let labels = finding.labels.iter().map(|label| label.text.len());
        let fixes = finding.fixes().flat_map(|fix| fix.edits.iter().map(|edit| edit.text.len()));
        finding.message.len() + labels.chain(fixes).chain(finding.help.iter().map(String::len)).sum::<usize>()
    };
    let longest = analysis.findings.iter().map(bytes).max().unwrap();
    assert!(longest < 5_000, "{longest}");
    assert!(analysis.findings.iter().any(|finding| finding.message.contains('…')));
}

// --- near names -------------------------------------------------------------------------------------------------

#[test]
fn near_names_are_searched_up_to_a_limit_for_references_of_any_kind() {
    let count = 1_200;
    let targets: String =
        (0..count).map(|at| format!("  d{at}: {{ by: aa, denies: [nothing{at}], at: p1 }}\n")).collect();
    let reviews: String = (0..count)
        .map(|at| format!("  r{at}: {{ question: raid/kiled/people{at}, verdict: open }}\n"))
        .collect();
    let choices: String = (0..count)
        .map(|at| format!("  t{at}: {{ by: aa, about: raid, measure: target, value: scool{at}, at: p1 }}\n"))
        .collect();
    for (text, rule) in [
        (format!("{HEAD}{targets}"), "unknown-id"),
        (format!("{HEAD}{choices}"), "unreadable-value"),
        (
            format!(
                "{HEAD}  c: {{ by: aa, about: raid, measure: killed, value: 3, at: p1 }}\nreviews:\n{reviews}"
            ),
            "unknown-id",
        ),
    ] {
        let analysis = read_with_limit(Limit::NONE, &text).analyse(&Options::default());
        let of_rule = analysis.findings.iter().filter(|finding| finding.rule == rule);
        assert_eq!(of_rule.clone().count(), count, "{rule}");
        let is_left = |finding: &&Finding| {
            finding.notes.iter().any(|note| note.contains("near names are no longer searched for"))
        };
        assert_eq!(of_rule.filter(is_left).count(), count - 1_000, "{rule}");
    }
}

#[test]
fn near_names_are_searched_once_for_all_files() {
    let file = |at: usize| {
        let claims: String = (0..60)
            .map(|nth| {
                format!(
                    "  c{nth}: {{ by: nobody-{at}-{nth}, about: raid, measure: killed, value: 3, at: p1 }}\n"
                )
            })
            .collect();
        (
            format!("{at:02}.yaml"),
            format!("source: {{ id: s{at}, publisher: pp, published: 2026-06-01 }}\nclaims:\n{claims}"),
        )
    };
    let head = HEAD.lines().take(2).collect::<Vec<_>>().join("\n");
    let files = (0..20).map(file).chain([("head.yaml".to_owned(), head)]);
    let analysis = analyse(&workspace(files));
    let of_rule = analysis.findings.iter().filter(|finding| finding.rule == "unknown-id");
    let is_left = |finding: &&Finding| {
        finding.notes.iter().any(|note| note.contains("near names are no longer searched for"))
    };
    assert_eq!(of_rule.clone().count(), 1_200);
    assert_eq!(of_rule.filter(is_left).count(), 200);
}

// --- the command line -------------------------------------------------------------------------------------------

/// Runs the program on a folder: its exit code, and what it prints.
fn gainsay(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = program();
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.yaml"), text).unwrap();
    folder
}

/// SECURITY: R11.
#[test]
fn check_shows_20_of_a_kind_in_a_file_and_counts_the_rest() {
    let folder = folder(&without_locator(1_234, |at| if at % 50 == 0 { ", part: hedline" } else { "" }));
    std::fs::write(folder.path().join("b.yaml"), "a:\n".repeat(21)).unwrap();
    std::fs::write(folder.path().join("c.yaml"), "a:\n".repeat(20)).unwrap();
    let (code, printed) = gainsay(folder.path(), &["check", "."]);
    assert_eq!(code, Some(1));
    let shown =
        |text: &str, rule: &str| text.lines().filter(|line| line.contains(&format!("[{rule}]"))).count();
    assert_eq!((shown(&printed, "no-locator"), shown(&printed, "unknown-word")), (20, 20));
    assert_eq!(shown(&printed, "unknown-key"), 40);
    for line in [
        "... and 1,189 more no-locator warnings in a.yaml; `--all` shows them",
        "... and 5 more unknown-word errors in a.yaml; `--all` shows them",
        "... and 1 more unknown-key error in b.yaml; `--all` shows them",
    ] {
        assert!(printed.contains(&format!("\n{line}\n")), "{line}");
    }
    assert_eq!(printed.matches("... and").count(), 3);
    let summary = "1234 claims in 3 files: 66 errors, 1209 warnings\n";
    assert!(printed.ends_with(summary), "{}", printed.lines().last().unwrap());

    let (code, printed) = gainsay(folder.path(), &["check", "--all", "."]);
    assert_eq!(code, Some(1));
    assert_eq!((shown(&printed, "no-locator"), shown(&printed, "unknown-word")), (1_209, 25));
    assert!(
        printed.ends_with(summary) && !printed.contains("... and"),
        "{}",
        printed.lines().last().unwrap()
    );
}

#[test]
fn exit_codes_include_mistakes_that_are_not_shown() {
    let folder = folder(&without_locator(3_000, |_| ""));
    assert_eq!(gainsay(folder.path(), &["check", "."]).0, Some(0));
    assert_eq!(gainsay(folder.path(), &["check", "--strict", "."]).0, Some(1));
    assert_eq!(gainsay(folder.path(), &["report", "."]).0, Some(0));
    std::fs::write(folder.path().join("b.yaml"), "a:\n".repeat(3_000)).unwrap();
    for command in ["check", "report"] {
        assert_eq!(gainsay(folder.path(), &[command, "."]).0, Some(1), "{command}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&gainsay(folder.path(), &["report", "--format", "json", "."]).1).unwrap();
    assert_eq!((&json["counts"]["errors"], &json["counts"]["warnings"]), (&3_000.into(), &3_000.into()));
}

#[test]
fn new_entry_with_an_error_is_refused_in_a_file_with_many_errors() {
    let claims: String = (0..1_500)
        .map(|at| format!("  c{at}: {{ by: nobody{at}, about: raid, measure: killed, value: 3, at: p1 }}\n"))
        .collect();
    let folder = folder(&format!("{HEAD}{claims}"));
    let new = |by: &str, id: &str| {
        let claim = ["--by", by, "--about", "raid", "--measure", "injured", "--value", "3", "--at", "p1"];
        let arguments = [&["new", "claim", id, "--source", "src"][..], &claim, &["."]].concat();
        gainsay(folder.path(), &arguments)
    };
    let (code, printed) = new("noone", "bad");
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("no actor is called `noone`"), "{printed}");
    assert!(!std::fs::read_to_string(folder.path().join("a.yaml")).unwrap().contains("noone"));
    let (code, printed) = new("aa", "good");
    assert_eq!(code, Some(0), "{printed}");
}

#[test]
fn new_entry_is_refused_where_too_many_errors_would_hide_a_new_one() {
    let folder = folder(&format!(
        "actors:\n{}",
        (0..1_500).map(|at| format!("  a{at}: {{ naem: x }}\n")).collect::<String>()
    ));
    let before = std::fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    let mut command = program();
    let output =
        command.args(["new", "actor", "b", "--name", "B", "."]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(why.contains("so many `unknown-key` errors"), "{why}");
    assert_eq!(std::fs::read_to_string(folder.path().join("a.yaml")).unwrap(), before);
}

// --- drawing ----------------------------------------------------------------------------------------------------

const STYLE: Style = Style { color: false, width: 100 };

fn drawings(text: &str) -> Vec<String> {
    let workspace = workspace([("a.yaml", text)]);
    let analysis = analyse(&workspace);
    analysis.on_files().map(|finding| snippets::render(workspace.files(), finding, STYLE)).collect()
}

/// The text above the carets of a drawing.
fn text_above_carets(drawings: &str) -> String {
    use unicode_width::UnicodeWidthChar as _;
    let lines: Vec<&str> = drawings.lines().collect();
    let at = lines.iter().position(|line| line.contains('^')).unwrap();
    let carets = lines[at].find('^').unwrap()..lines[at].rfind('^').unwrap() + 1;
    let mut column = 0;
    let is_above = |letter: &char| {
        let here = carets.contains(&column);
        column += letter.width().unwrap_or(0);
        here
    };
    lines[at - 1].chars().filter(is_above).collect()
}

#[test]
fn long_line_is_shortened_around_the_mistake() {
    for (before, after) in [
        ("x".repeat(200_000), "y".repeat(200_000)),
        ("漢字".repeat(30_000), "かな".repeat(30_000)),
        ("é \t".repeat(30_000), "\t\t".repeat(30_000)),
        ("e\u{301}".repeat(30_000), "𝄞".repeat(30_000)),
        (String::new(), "y".repeat(200_000)),
        ("x".repeat(200_000), String::new()),
    ] {
        let text = format!("actors: {{ a: {{ role: \"{before}\", naem: y, kind: \"{after}\" }} }}\n");
        let drawings = drawings(&text);
        let drawing = drawings.iter().find(|drawing| drawing.contains("naem")).unwrap();
        assert!(drawing.len() < 3_000, "{} bytes are drawn", drawing.len());
        assert_eq!(text_above_carets(drawing), "naem", "{drawing}");
        let column = text[..text.find("naem").unwrap()].chars().count() + 1;
        assert!(drawing.contains(&format!("--> a.yaml:1:{column}\n")), "{column}: {drawing}");
        let line = drawing.lines().find(|line| line.starts_with("1 |")).unwrap();
        assert_eq!(line.starts_with("1 | ..."), !before.is_empty(), "{drawing}");
        assert_eq!(line.ends_with("..."), !after.is_empty(), "{drawing}");
    }
}

#[test]
fn two_places_on_a_long_line_are_drawn_separately() {
    let text = format!(
        "actors: {{ a: {{}}, {} a: {{}} }}\n",
        (0..20_000).map(|at| format!("b{at}: {{}}, ")).collect::<String>()
    );
    let drawings = drawings(&text);
    let drawing = drawings.iter().find(|drawing| drawing.contains("duplicate-key")).unwrap();
    assert!(drawing.len() < 3_000, "{} bytes are drawn", drawing.len());
    let second = text.rfind(" a:").unwrap() + 2;
    assert!(drawing.contains(&format!("a.yaml:1:{second}\n")), "{drawing}");
    assert!(drawing.contains("a.yaml:1:11\n"), "{drawing}");
    assert!(drawing.contains("again here") && drawing.contains("first here"), "{drawing}");
}

#[test]
fn drawing_of_mistakes_on_one_line_grows_linearly() {
    let bytes = |count: usize| -> usize {
        let keys: Vec<String> = (0..count).map(|at| format!("k{at:04}: x")).collect();
        drawings(&format!("actors: {{ a: {{ {} }} }}\n", keys.join(", "))).iter().map(String::len).sum()
    };
    let (some, twice) = (bytes(300), bytes(600));
    assert!(twice < some * 9 / 4, "{some} bytes, then {twice}");
}

#[test]
fn long_messages_are_shortened_in_output() {
    let id = "x".repeat(1_000_000);
    let drawings =
        drawings(&format!("actors: {{ a: {{ speaks-for: {id} }}, {id}y: {{ speaks-for: b }} }}\n"));
    let longest = drawings.iter().map(String::len).max().unwrap();
    assert!(longest < 5_000, "{longest}");
}

#[test]
fn long_cycle_draws_only_some_of_its_places() {
    let actors: String =
        (0..5_000).map(|at| format!("  a{at}: {{ speaks-for: a{} }}\n", (at + 1) % 5_000)).collect();
    let drawings = drawings(&format!("actors:\n{actors}"));
    let circle = drawings.iter().find(|drawing| drawing.contains("[cycle]")).unwrap();
    assert!(circle.len() < 10_000, "{} bytes are drawn", circle.len());
    assert!(circle.contains("4,980 more places are not shown"), "{circle}");
}

// --- reports, the desk, an editor -------------------------------------------------------------------------------

#[test]
fn sarif_lists_a_bounded_number_of_mistakes_and_counts_the_rest() {
    let workspace = workspace([("a.yaml", without_locator(2_500, |_| "").as_str()), ("b.yaml", "a:\n")]);
    let analysis = analyse(&workspace);
    let report = Report::new(workspace.files(), &analysis, &Selection::default());
    let log: serde_json::Value = serde_json::from_str(&sarif::render(&report).unwrap()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|result| result["ruleId"] == "no-locator").count(), 1_000);
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains("1,500 no-locator warnings in 1 file"), "{notes}");
}

#[test]
fn pages_of_files_count_all_mistakes_and_say_how_many_are_not_shown() {
    let workspace = workspace([("a.yaml", without_locator(2_500, |_| "").as_str()), ("b.yaml", "a:\n")]);
    let analysis = analyse(&workspace);
    let (index, files) = (PageIndex::new(&analysis), workspace.files());
    let desk = PageContext {
        files,
        analysis: &analysis,
        index: &index,
        links: Links::Served,
        reviewing: Reviewing::Command,
        place: "claims/",
        read: "today",
    };
    let file = desk.file(files.find("a.yaml").unwrap(), 1, None).body.into_string();
    assert!(file.contains("2500 warnings."), "{file}");
    assert!(file.contains("1,500 more in"), "{file}");
    let list = desk.files(1).body.into_string();
    assert!(list.contains("1 error, 2500 warnings") && list.contains("1,500 more in"), "{list}");
    assert!(list.matches("class=\"lintbox\"").count() <= 50, "the others are on further pages");
    assert!(desk.files(20).body.into_string().contains("lintbox"));
    assert!(desk.rules().body.into_string().contains(">2500<"), "the rule counts all its findings");
}

#[test]
fn diagnostics_are_bounded_and_count_the_rest() {
    let text = without_locator(2_500, |_| "");
    let folder = folder(&text);
    let mut editor = Client::start(folder.path(), serde_json::json!({}));
    editor.open("a.yaml", &text);
    let diagnostics = editor.diagnostics("a.yaml", 1);
    let messages: Vec<String> = diagnostics.iter().map(|it| format!("{:?}", it.message)).collect();
    let of_rule = messages.iter().filter(|message| message.contains("has no `at`"));
    assert_eq!(of_rule.count(), 1_000);
    let rest: Vec<&String> = messages.iter().filter(|message| message.contains("more no-locator")).collect();
    assert_eq!(rest.len(), 1, "{rest:?}");
    assert!(rest[0].contains("and 1,500 more no-locator warnings in"), "{rest:?}");
    // A file that is closed makes room for the next.
    editor.write("a.yaml", 2, &text.replacen("value: 1 }", "value: 1, at: p1 }", 1));
    let messages: Vec<String> =
        editor.diagnostics("a.yaml", 2).iter().map(|it| format!("{:?}", it.message)).collect();
    assert_eq!(messages.iter().filter(|message| message.contains("has no `at`")).count(), 1_000);
    assert!(messages.iter().any(|message| message.contains("and 1,499 more no-locator warnings in")));
}

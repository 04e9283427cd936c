//! Texts of claim files in every output of the command line: they cannot reorder, hide or forge anything, and JSON
//! parses back to the text of the file. Pages are tested in `desk` and `frozen`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::program;

/// Characters that control a terminal, change the direction of text or are invisible.
const HIDDEN: [char; 40] = [
    '\u{1b}',
    '\u{7}',
    '\u{7f}',
    '\u{80}',
    '\u{85}',
    '\u{9b}',
    '\u{9f}',
    '\u{ad}',
    '\u{61c}',
    '\u{115f}',
    '\u{180e}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2061}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{206a}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{fff9}',
    '\u{ffff}',
    '\u{1d173}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e0100}',
];

/// A text as a double-quoted YAML scalar.
fn quoted(text: &str) -> String {
    let escaped = |c: char| {
        if c == ' ' || (c.is_ascii_graphic() && !matches!(c, '"' | '\\')) {
            c.to_string()
        } else {
            format!("\\U{:08X}", u32::from(c))
        }
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// A folder with a text in every name, note, title and quotation, and in mistakes.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let with = |before: &str, after: &str| quoted(&format!("{before}{text}{after}"));
    let claims = format!(
        "actors:
  north: {{ name: {north}, note: {note}, kind: state }}
  north-2: {{ name: {north}, aliases: [{alias}] }}
  south: {{ name: {south} }}
  paper: {{ name: {paper} }}
events: {{ raid: {{ name: {raid}, date: 2026-02-22, parties: [north, south], note: {note} }} }}
source: {{ id: paper-1, publisher: paper, published: 2026-06-01, title: {title}, url: {url} }}
claims:
  toll: {{ by: north, about: raid, measure: killed, value: 36, at: p1, words: {words}, note: {note} }}
  other: {{ by: south, about: raid, measure: killed, value: 80, at: p2, words: {words} }}
  lost: {{ by: {bogus}, about: raid, measure: killed, value: {bogus}, at: {bogus} }}
reviews:
  one: {{ question: raid/killed/people, verdict: open, note: {note}, by: {south}, on: 2026-03-01 }}
",
        north = with("No", "rth"),
        alias = with("Nor", "the"),
        south = with("So", "uth"),
        paper = with("Pa", "per"),
        raid = with("Ra", "id"),
        note = with("no", "te"),
        title = with("ti", "tle"),
        url = with("https://a.example/", ""),
        words = with("wo", "rds"),
        bogus = with("bo", "gus"),
    );
    fs::write(folder.path().join("claims.yaml"), claims).unwrap();
    // Unescaped where YAML allows it, escaped where it does not.
    fs::write(folder.path().join("raw.yaml"), format!("actors:\n  a{text}: {{ naem: x }} # co{text}mment\n"))
        .unwrap();
    folder
}

/// Every command that prints claims.
const COMMANDS: [&[&str]; 18] = [
    &["check"],
    &["report"],
    &["report", "--format", "markdown"],
    &["report", "--format", "html"],
    &["report", "--format", "csv"],
    &["report", "--format", "json"],
    &["report", "--format", "sarif"],
    &["graph", "--format", "dot"],
    &["graph", "--format", "graphml"],
    &["graph", "--format", "mermaid"],
    &["graph", "--format", "json"],
    &["suggest"],
    &["suggest", "--format", "json"],
    &["review", "--list"],
    &["show", "north"],
    &["show", "paper-1/toll"],
    &["show", "raid/killed/people"],
    &["show", "paper-1"],
];

/// The output of a command, errors included.
fn output(command: &[&str], folder: &Path) -> String {
    let run = crate::support::program().args(command).arg(folder).output().unwrap();
    assert!(
        run.status.code().is_some_and(|code| code < 2),
        "{command:?}: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).unwrap() + std::str::from_utf8(&run.stderr).unwrap()
}

/// SECURITY: R13.
#[test]
fn hidden_characters_do_not_reach_any_output() {
    let all: String = HIDDEN.iter().collect();
    let folder = folder(&all);
    for command in COMMANDS {
        let shown = output(command, folder.path());
        let found: Vec<char> = HIDDEN.iter().copied().filter(|&c| shown.contains(c)).collect();
        assert!(found.is_empty(), "{command:?}: {found:?}");
    }
}

#[test]
fn json_outputs_parse_back_to_the_text_of_the_file() {
    let all: String = HIDDEN.iter().collect();
    let folder = folder(&all);
    let json = |command: &[&str]| {
        let run = program().args(command).arg(folder.path()).output().unwrap();
        serde_json::from_slice::<Value>(&run.stdout).unwrap()
    };
    let report = json(&["report", "--format", "json"]);
    assert_eq!(report["sources"]["paper-1"]["title"], format!("ti{all}tle"));
    assert_eq!(report["disputes"][0]["review"]["note"], format!("no{all}te"));
    let suggestions = json(&["suggest", "--format", "json"]);
    assert_eq!(suggestions["suggestions"][0]["keep"]["name"], format!("No{all}rth"));
    json(&["report", "--format", "sarif"]);
    json(&["graph", "--format", "json"]);
}

#[test]
fn writing_systems_keep_the_characters_they_need() {
    // Persian with a non-joiner, an emoji sequence of three, and a variation selector.
    let text = "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{646} \u{1f469}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f469}";
    let folder = folder(text);
    for command in [
        &["report"][..],
        &["report", "--format", "markdown"],
        &["report", "--format", "html"],
        &["report", "--format", "csv"],
    ] {
        assert!(output(command, folder.path()).contains(text), "{command:?}");
    }
}

/// SECURITY: R15.
#[test]
fn file_contents_are_never_commands_to_a_build_server() {
    let folder = folder("\n::add-mask::x ##vso[task.setvariable variable=a]b ##[group]c ::stop-commands::d");
    fs::write(folder.path().join("::error::.yaml"), "actors: { b: { naem: c } }\n").unwrap();
    // JSON has its texts in quotes, and a page is not a log.
    let is_shown = |command: &&&[&str]| !command.iter().any(|word| ["json", "sarif", "html"].contains(word));
    for command in COMMANDS.iter().filter(is_shown) {
        for columns in ["40", "60", "100"] {
            let mut run = program();
            let output = run.args(*command).arg(folder.path()).env("COLUMNS", columns).output().unwrap();
            let shown = String::from_utf8(output.stdout).unwrap();
            assert!(!shown.contains("##vso[") && !shown.contains("##["), "{command:?}: {shown}");
            assert!(shown.lines().all(|line| !line.trim_start().starts_with("::")), "{command:?}: {shown}");
        }
    }
}

/// SECURITY: R15.
#[test]
fn file_contents_never_start_an_output_line() {
    for end in ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}"] {
        let folder = folder(&format!("{end}error[forged]: x{end}"));
        let name = if end == "\u{85}" || end == "\n" {
            format!("a{end}error[forged].yaml")
        } else {
            "b.yaml".to_owned()
        };
        fs::write(folder.path().join(name), "actors: { b: { naem: c } }\n").unwrap();
        for command in COMMANDS.iter().filter(|command| command[..] != ["report", "--format", "html"]) {
            let shown = output(command, folder.path());
            // Lines as any viewer could split them.
            let mut lines = shown.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']);
            assert!(
                lines.all(|line| !line.starts_with("error[forged]")),
                "{command:?} with {end:?}: {shown}"
            );
        }
    }
}

/// Blanks that can precede a formula, and the characters that begin one.
const BLANK_CHARACTERS: [&str; 14] = [
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\u{a0}",
    "\u{3000}",
    "\u{2003}",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "\"",
    " \u{200f} ",
];
const FORMULA_SIGNS: [&str; 10] = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\u{fe66}", "\u{2212}"];

/// SECURITY: R14.
#[test]
fn file_contents_are_never_formulas_in_csv() {
    let formulas =
        BLANK_CHARACTERS.iter().flat_map(|blank| FORMULA_SIGNS.map(|sign| format!("{blank}{sign}cmd|x!A1")));
    let claims: Vec<String> = formulas
        .enumerate()
        .map(|(at, formula)| {
            let (alone, behind) = (quoted(&formula), quoted(&format!("36;{formula};")));
            let (by, value) = if at % 2 == 0 { ("north", 36) } else { ("south", 80) };
            format!(
                "  c{at}: {{ by: {by}, about: raid, measure: killed, value: {value}, at: p1, words: {alone}, note: {behind} }}\n"
            )
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let head = "actors: { north: { name: ' =1' }, south: { name: '=1' }, paper: {} }\nevents: { raid: {} }\n\
                source: { id: paper-1, publisher: paper, published: 2026-06-01 }\nclaims:\n";
    fs::write(folder.path().join("a.yaml"), head.to_owned() + &claims.concat()).unwrap();
    let table = output(&["report", "--format", "csv"], folder.path());
    assert!(
        table.lines().count() > BLANK_CHARACTERS.len() * FORMULA_SIGNS.len(),
        "{} lines",
        table.lines().count()
    );
    // A spreadsheet splits at commas or semicolons, depending on the country.
    for delimiter in [b',', b';'] {
        let mut reader = csv::ReaderBuilder::new();
        let rows =
            reader.delimiter(delimiter).flexible(true).has_headers(false).from_reader(table.as_bytes());
        for cell in
            rows.into_records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let shown = cell.trim_start_matches(['"', ' ', '\u{a0}', '\u{3000}', '\u{2003}', '?']);
            assert!(!FORMULA_SIGNS.iter().any(|sign| shown.starts_with(sign)), "{cell:?}");
        }
    }
}

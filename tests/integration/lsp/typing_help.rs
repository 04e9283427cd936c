//! Help while typing: completion, hover, signature help, inlay hints.

use gen_lsp_types as lsp;
use gen_lsp_types::{
    CompletionItem, CompletionRequest, CompletionResponse, HoverRequest, InlayHintRequest,
    SignatureHelpRequest,
};
use serde_json::{Value, json};

use super::client::{Client, position};
use super::folder;
use crate::cases;

/// The definitions of the workspace.
const DESK: &str = "\
actors:
  islamabad: { name: Government of Pakistan, aliases: [Pakistan, Rawalpindi], kind: state }
  army: { name: Pakistan Army, kind: military, speaks-for: islamabad, role: the armed forces }
  kabul: { name: Kabul Government, kind: state }
  paper: { name: The Paper, kind: media }
events:
  raid: { name: Air raids, kind: air-strike, date: 2026-02-22, place: nangarhar }
  talks: { name: Talks, date: 2026-03, place: doha }
propositions:
  shelters: { name: Kabul shelters militants }
series:
  watch: { name: Attack watch, publisher: paper }
places:
  nangarhar: { name: Nangarhar }
  doha: { name: Doha }
  kabul: { name: Kabul }
terms:
  school: { name: religious school }
measures:
  level: { type: scale, steps: [low, middle, high] }
";
const OTHER: &str = "\
source: { id: radio-1, publisher: paper, published: 2026-02-23 }
claims:
  toll: { by: kabul, about: raid, measure: killed, value: 36, at: p2 }
  yearly: { about: watch, measure: attacks, during: 2025, value: 300, at: p3 }
";

/// The head of the edited file.
const HEAD: &str = "\
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
";

fn editor(capabilities: Value, one: &str) -> (tempfile::TempDir, Client) {
    let folder = folder(&[("desk.yaml", DESK), ("radio.yaml", OTHER), ("one.yaml", one)]);
    let mut editor = Client::start(folder.path(), capabilities);
    editor.open("one.yaml", one);
    (folder, editor)
}

/// The text of a file without its `|`, and the byte offset of the `|`.
fn split_at_cursor(marked: &str) -> (String, usize) {
    let at = marked.find('|').expect("a cursor");
    (format!("{}{}", &marked[..at], &marked[at + 1..]), at)
}

fn at(editor: &Client, text: &str, byte: usize) -> Value {
    json!({ "textDocument": { "uri": editor.uri("one.yaml") }, "position": position(text, byte) })
}

fn all_capabilities() -> Value {
    json!({ "textDocument": {
        "completion": { "completionItem": { "snippetSupport": true } },
        "hover": { "contentFormat": ["markdown", "plaintext"] },
    } })
}

/// The completions at the `|` of a text after the head, whether the list is incomplete, and the text.
fn completions(marked: &str, capabilities: Value) -> (Vec<CompletionItem>, bool, String) {
    let (text, byte) = split_at_cursor(&format!("{HEAD}{marked}"));
    let (_folder, mut editor) = editor(capabilities, &text);
    let asked = at(&editor, &text, byte);
    let Some(CompletionResponse::CompletionList(list)) = editor.ask::<CompletionRequest>(asked) else {
        panic!()
    };
    (list.items, list.is_incomplete, text)
}

/// The labels of the completions, in the order in which an editor shows them.
fn labels(marked: &str) -> Vec<String> {
    let (mut items, ..) = completions(marked, json!({}));
    items.sort_by(|a, b| a.sort_text.cmp(&b.sort_text));
    items.into_iter().map(|item| item.label).collect()
}

/// The text after the completion with a label is accepted.
fn accepted(marked: &str, label: &str) -> String {
    let (items, _, text) = completions(marked, json!({}));
    let item =
        items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("{label} in {items:#?}"));
    let Some(lsp::CompletionItemTextEdit::TextEdit(edit)) = &item.text_edit else { panic!() };
    let byte = |at: &lsp::Position| {
        let line: usize = text.split_inclusive('\n').take(at.line as usize).map(str::len).sum();
        line + at.character as usize
    };
    let mut text = text.clone();
    text.replace_range(byte(&edit.range.start)..byte(&edit.range.end), &edit.new_text);
    text.strip_prefix(HEAD).unwrap().to_owned()
}

#[test]
fn completion_offers_missing_keys_and_required_ones_first() {
    let keys = labels("  toll:\n    by: kabul\n    |\n");
    assert_eq!(keys[..3], ["about", "measure", "value"], "{keys:?}");
    assert!(!keys.contains(&"by".to_owned()) && keys.contains(&"denies".to_owned()), "{keys:?}");
    let keys = labels("  toll: { about: raid, measure: killed, | }\n");
    assert_eq!(keys[0], "value");
    assert!(!keys.contains(&"denies".to_owned()), "a claim with a value is not a response: {keys:?}");
    assert_eq!(accepted("  toll:\n    me|\n", "measure"), "  toll:\n    measure: \n");
    assert_eq!(accepted("  toll:\n    me|: killed\n", "measure"), "  toll:\n    measure: killed\n");
    assert_eq!(accepted("  toll: { me|, by: x }\n", "measure"), "  toll: { measure: , by: x }\n");
}

#[test]
fn completion_finds_ids_by_name_and_alias_and_replaces_typed_text() {
    for (marked, label, wanted) in [
        ("  t: { by: isl| }\n", "islamabad", "  t: { by: islamabad }\n"),
        ("  t: { by: Rawal| }\n", "islamabad", "  t: { by: islamabad }\n"),
        ("  t:\n    by: pakistan ar|\n", "army", "  t:\n    by: army\n"),
        ("  t:\n    by:|\n", "kabul", "  t:\n    by: kabul\n"),
        ("  t:\n    by: is|lamabad\n", "islamabad", "  t:\n    by: islamabad\n"),
        ("  t: { via: [army, k|] }\n", "kabul", "  t: { via: [army, kabul] }\n"),
        ("  t: { by: \"k|\" }\n", "kabul", "  t: { by: \"kabul\" }\n"),
        ("  t: { by: k|\n  next: { about: raid }\n", "kabul", "  t: { by: kabul\n  next: { about: raid }\n"),
        ("  t: { about: rai| }\n", "raid", "  t: { about: raid }\n"),
        ("  t: { measure: kil| }\n", "killed", "  t: { measure: killed }\n"),
        ("  t: { of: mil| }\n", "militants", "  t: { of: militants }\n"),
        (
            "  t:\n    denies:\n      - a\n      |\n",
            "radio-1/toll",
            "  t:\n    denies:\n      - a\n      - radio-1/toll\n",
        ),
        ("  t: { denies: [radio| }\n", "radio-1/toll", "  t: { denies: [radio-1/toll }\n"),
        ("  t: { declines: raid/k| }\n", "raid/killed/people", "  t: { declines: raid/killed/people }\n"),
        ("  t: { declines: watch| }\n", "watch/attacks@2025", "  t: { declines: watch/attacks@2025 }\n"),
        ("  t: { allow: figures-dis| }\n", "figures-disagree", "  t: { allow: figures-disagree }\n"),
        (
            "  t: { measure: target, value: kab| }\n",
            "places/kabul",
            "  t: { measure: target, value: places/kabul }\n",
        ),
        (
            "  t: { measure: target, value: [school, nan|] }\n",
            "nangarhar",
            "  t: { measure: target, value: [school, nangarhar] }\n",
        ),
        (
            "  t: { measure: level, value: at| }\n",
            "at least middle",
            "  t: { measure: level, value: at least middle }\n",
        ),
        ("  t: { measure: holds, value: | }\n", "yes", "  t: { measure: holds, value: yes }\n"),
        ("  t: { about: raid, said: 2026| }\n", "2026-02-22", "  t: { about: raid, said: 2026-02-22 }\n"),
        ("  t: { form: q| }\n", "quote", "  t: { form: quote }\n"),
    ] {
        assert_eq!(accepted(marked, label), wanted, "{marked}");
    }
    let (items, is_incomplete, _) = completions("  t: { by: arm| }\n", json!({}));
    let army = items.iter().find(|item| item.label == "army").unwrap();
    assert_eq!(army.detail.as_deref(), Some("Pakistan Army · the armed forces · for islamabad"));
    assert!(army.filter_text.as_deref().unwrap().contains("Pakistan Army") && !is_incomplete);
    assert_eq!(labels("  t: { about: shelters, measure: | }\n")[0], "holds");
    assert_eq!(labels("  t: { by: zzz| }\n"), [""; 0]);
    assert_eq!(labels("  t: { by: kabul } # |\n"), [""; 0]);
}

#[test]
fn completion_offers_likely_values_first() {
    let measures = labels("  t: { about: raid, measure: | }\n");
    let mut first: Vec<&str> = measures[..3].iter().map(String::as_str).collect();
    first.sort_unstable();
    assert_eq!(first, ["casualties", "injured", "killed"], "{measures:?}");
    let typed = "  a: { by: kabul, about: talks, measure: killed, value: 3 }\n  t: { by: |, about: raid }\n";
    assert_eq!(labels(typed)[0], "kabul");
    assert_eq!(labels(&typed.replace("by: |, about: raid", "about: |"))[0], "talks");
    let (text, at_byte) = split_at_cursor("source: { id: a-1, publisher: | }\n");
    let (_folder, mut editor) = editor(json!({}), &text);
    let asked = at(&editor, &text, at_byte);
    let Some(CompletionResponse::CompletionList(mut list)) = editor.ask::<CompletionRequest>(asked) else {
        panic!()
    };
    list.items.sort_by(|a, b| a.sort_text.cmp(&b.sort_text));
    assert_eq!(list.items[0].label, "paper");
    let keys = labels("  t:\n    about: raid\n    |\n");
    assert!(!keys.contains(&"during".to_owned()), "{keys:?}");
    let keys = labels("  t:\n    about: watch\n    |\n");
    assert!(keys.contains(&"during".to_owned()), "{keys:?}");
    let (items, ..) = completions("  t:\n    about: raid\n    |\n", json!({}));
    let measure = items.iter().find(|item| item.label == "measure").unwrap();
    assert_eq!(measure.detail.as_deref(), Some("what is counted or stated"));
}

#[test]
fn completion_offers_wordings_of_the_typed_number() {
    let (items, ..) = completions("  t: { measure: killed, value: 80| }\n", json!({}));
    let least = items.iter().find(|item| item.label == "at least 80").unwrap();
    assert_eq!(least.detail.as_deref(), Some("80 and up, usually 80-160"));
    assert!(least.filter_text.as_deref().unwrap().starts_with("80"), "found by the typed text");
    assert_eq!(
        accepted("  t:\n    measure: killed\n    value: 80|\n", "more than 80"),
        "  t:\n    measure: killed\n    value: more than 80\n"
    );
    assert_eq!(
        accepted("  t:\n    measure: killed\n    value: doz|\n", "dozens"),
        "  t:\n    measure: killed\n    value: dozens\n"
    );
    assert_eq!(
        accepted("  t: { measure: killed, value: half of mil| }\n", "militants"),
        "  t: { measure: killed, value: half of militants }\n"
    );
    assert_eq!(
        accepted("  t: { measure: duration, value: 6| }\n", "at least 6 days"),
        "  t: { measure: duration, value: at least 6 days }\n"
    );
    let with_number = labels("  t: { measure: killed, value: 80| }\n");
    for word in ["half of …", "most of …", "some", "dozens", "double …", "double …80"] {
        assert!(!with_number.iter().any(|label| label == word), "{with_number:?}");
    }
    let (items, ..) = completions("  t: { measure: killed, value: 80| }\n", all_capabilities());
    let share = items.iter().find(|item| item.label == "80% of …").unwrap();
    assert!(share.detail.as_deref().unwrap().starts_with("as 80% of people: "), "{:?}", share.detail);
    let (items, ..) = completions("  t: { measure: killed, value: at l| }\n", all_capabilities());
    let least = items.iter().find(|item| item.label == "at least N").unwrap();
    assert_eq!(least.insert_text_format, Some(lsp::InsertTextFormat::Snippet));
}

#[test]
fn completion_of_a_new_entry_is_a_snippet() {
    let wanted = "  |\n".replace('|', "id:\n  by: \n  about: \n  measure: killed\n  value: \n  at: p");
    assert_eq!(accepted("  |\n", "new claim"), wanted, "the editor indents the lines after the first");
    assert!(labels("  |\n").contains(&"new response".to_owned()));
    let sections = labels("  t: {}\n|\n");
    assert!(
        sections.contains(&"actors".to_owned()) && sections.contains(&"new claim".to_owned()),
        "{sections:?}"
    );
    assert!(!sections.contains(&"new source".to_owned()), "there is one: {sections:?}");
    let (items, ..) = completions("  |\n", all_capabilities());
    let new = items.iter().find(|item| item.label == "new claim").unwrap();
    assert_eq!(new.insert_text_format, Some(lsp::InsertTextFormat::Snippet));
}

#[test]
fn completion_list_is_limited_and_marked_incomplete() {
    let many = (0..500)
        .map(|at| format!("  actor-{at}: {{ name: \"Actor No {at}\" }}\n"))
        .collect::<Vec<_>>()
        .concat();
    let text =
        format!("actors:\n{many}{HEAD}  t: {{ by: , about: raid }}\n  u: {{ by: actor-49, about: raid }}\n");
    let (_folder, mut editor) = editor(json!({}), &text);
    for (marked, count, is_cut) in [("by: |", 200, true), ("by: actor-49|", 29, false)] {
        let asked = editor.at("one.yaml", &text, marked);
        let Some(CompletionResponse::CompletionList(list)) = editor.ask::<CompletionRequest>(asked) else {
            panic!()
        };
        assert_eq!(list.is_incomplete, is_cut);
        let best = if is_cut {
            list.items.len()
        } else {
            list.items.iter().filter(|it| it.label.starts_with("actor-49")).count()
        };
        assert_eq!(best, if is_cut { count } else { 11 }, "{} are sent", list.items.len());
    }
}

/// The text of a hover at the `|` of a text after the head.
fn hover_text(marked: &str, capabilities: Value) -> Option<String> {
    let (text, byte) = split_at_cursor(&format!("{HEAD}{marked}"));
    let (_folder, mut editor) = editor(capabilities, &text);
    let asked = at(&editor, &text, byte);
    let hover = editor.ask::<HoverRequest>(asked)?;
    let lsp::Contents::MarkupContent(content) = hover.contents else { panic!() };
    Some(content.value)
}

const TOLL: &str = "  toll: { by: army, about: raid, measure: killed, value: at least 80, at: p2, said: 2026-02-11~, allow: [figures-disagree] }\n";

#[test]
fn hover_shows_what_the_command_line_shows() {
    let hover = |marked: &str| {
        let plain = marked.replace('|', "");
        assert!(TOLL.contains(&plain), "{plain}");
        hover_text(&TOLL.replacen(&plain, marked, 1), json!({}))
            .unwrap_or_else(|| panic!("nothing at {marked}"))
    };
    for (marked, wanted) in [
        (
            "ar|my",
            &[
                "actor army",
                "name: Pakistan Army",
                "kind: military",
                "role: the armed forces",
                "party: Government of Pakistan",
                "desk.yaml:3",
            ][..],
        ),
        ("ra|id", &["event raid", "name: Air raids", "date: 22 February 2026", "place: Nangarhar"]),
        ("kill|ed", &["measure killed", "type: count", "takes: a figure of a population", "built in"]),
        ("at le|ast 80", &["reads as: 80 and up; usually 80-160", "by convention: at least"]),
        ("tol|l", &["claim paper-1/toll", "asked: killed, Air raids", "36", "Kabul Government", "radio-1"]),
        ("meas|ure", &["means: what is counted or stated", "takes: the id of a measure"]),
        ("figures-|disagree", &["finds:", "Bad:"]),
        (
            "2026-02-|11~",
            &[
                "reads as: about 11 February 2026",
                "first day: 10 February 2026",
                "last day: 12 February 2026",
            ],
        ),
    ] {
        let hover_shown = hover(marked);
        for wanted in wanted {
            assert!(hover_shown.contains(wanted), "`{wanted}` at {marked} in {hover_shown}");
        }
    }
    assert_eq!(hover_text("  toll: { by: army } # ar|my\n", json!({})), None);
}

#[test]
fn hover_on_an_event_lists_its_questions() {
    let more = format!("{TOLL}  no: {{ by: kabul, about: raid, measure: killed, value: none, at: p3 }}\n");
    let hover_shown = hover_text(&more.replacen("about: raid", "about: ra|id", 1), json!({})).unwrap();
    assert!(
        hover_shown.lines().any(|line| line.trim().starts_with("killed: ") && line.contains("at least 80")),
        "{hover_shown}"
    );
    assert!(
        hover_shown.contains("(Government of Pakistan)") && !hover_shown.contains("· ·"),
        "{hover_shown}"
    );
    assert!(
        hover_shown.contains("defined: desk.yaml:") || hover_shown.contains(": desk.yaml:"),
        "{hover_shown}"
    );
    let day = "  toll: { by: army, said: 2026-02|-11 }\n";
    assert_eq!(hover_text(day, json!({})).unwrap().matches("11 February 2026").count(), 1);
}

#[test]
fn hover_escapes_markup_of_the_file() {
    let hostile = "actors:\n  x: { name: \"<img src=x> [a](http://b.example) `c` **d** ![e](f)\\u202e\" }\n";
    let text = format!("{hostile}{HEAD}  t: {{ by: x, about: raid, measure: killed, value: 3 }}\n");
    let (_folder, mut editor) = editor(all_capabilities(), &text);
    let asked = editor.at("one.yaml", &text, "by: x|");
    let hover = editor.ask::<HoverRequest>(asked).unwrap();
    let lsp::Contents::MarkupContent(content) = hover.contents else { panic!() };
    assert_eq!(content.kind, lsp::MarkupKind::Markdown);
    for markup in ["<img", "[a](", "`c`", "**d**", "![e](", "http://", "\u{202e}"] {
        assert!(!content.value.contains(markup), "{markup} in {}", content.value);
    }
}

#[test]
fn hover_on_a_long_list_counts_the_rest() {
    let many = (0..30).map(|at| format!("  a{at}: {{ speaks-for: kabul }}\n")).collect::<Vec<_>>().concat();
    let text = format!("actors:\n{many}{HEAD}  t: {{ by: kabul, about: raid, measure: killed, value: 3 }}\n");
    let (_folder, mut editor) = editor(json!({}), &text);
    let asked = editor.at("one.yaml", &text, "by: kab|ul");
    let hover = editor.ask::<HoverRequest>(asked).unwrap();
    let lsp::Contents::MarkupContent(content) = hover.contents else { panic!() };
    assert!(content.value.contains("and 22 more"), "{}", content.value);
}

#[test]
fn signature_help_lists_wordings_and_marks_the_typed_one() {
    for (marked, active, label) in [
        (
            "  t: { measure: killed, value: at least 8| }\n",
            Some("at least N"),
            "killed: N | at least N | more than N",
        ),
        ("  t: { measure: killed, value: more th| }\n", Some("more than N"), "killed: N"),
        ("  t: { measure: killed, value: 17-20| }\n", Some("N to M"), "killed: N"),
        ("  t: { measure: killed, value: 45% of civilians| }\n", Some("N% of WHOM"), "killed: N"),
        ("  t: { measure: killed, value: | }\n", None, "killed: N"),
        (
            "  t: { measure: level, value: middle| }\n",
            Some("middle"),
            "level: low | middle | high | at least STEP",
        ),
        ("  t: { measure: target, value: | }\n", None, "target: ACTOR | PLACE | TERM | POPULATION"),
        ("  t: { measure: ended, value: 2026-02| }\n", Some("2026-02"), "ended: 2026-02-22 | 2026-02 | 2026"),
        ("  t: { said: 2026-02-11~| }\n", Some("2026-02-11~"), "said: 2026"),
        ("  t: { at: p3-| }\n", Some("p3-4"), "at: p12 | p3-4 | 00:12:40"),
    ] {
        let (text, byte) = split_at_cursor(&format!("{HEAD}{marked}"));
        let (_folder, mut editor) = editor(json!({}), &text);
        let asked = at(&editor, &text, byte);
        let help = editor.ask::<SignatureHelpRequest>(asked).unwrap();
        let signature = &help.signatures[0];
        assert!(signature.label.starts_with(label), "{} at {marked}", signature.label);
        let Some(lsp::ActiveParameter::Int(found)) = help.active_parameter else { panic!() };
        let parameter = signature.parameters.as_ref().unwrap().get(found as usize);
        let found = parameter.map(|parameter| {
            let lsp::ParameterInformationLabel::Tuple((from, to)) = parameter.label else { panic!() };
            &signature.label[from as usize..to as usize]
        });
        assert_eq!(found, active, "{marked}");
    }
}

#[test]
fn inlay_hints_show_party_question_and_range() {
    let text = format!(
        "{HEAD}  one: {{ by: army, about: raid, measure: killed, value: dozens }}\n  two: {{ by: kabul, about: raid, measure: killed, value: 36 }}\n"
    );
    let (_folder, mut editor) = editor(json!({}), &text);
    let range = |from: usize, to: usize| json!({ "textDocument": { "uri": editor.uri("one.yaml") }, "range": { "start": position(&text, from), "end": position(&text, to) } });
    let (all, second) = (range(0, text.len()), range(text.find("two").unwrap(), text.len()));
    let mut hints = |asked: Value| -> Vec<String> {
        let hints = editor.ask::<InlayHintRequest>(asked).unwrap();
        let shown = hints.iter().map(|hint| {
            let lsp::Label::String(label) = &hint.label else { panic!() };
            let before = text.lines().nth(hint.position.line as usize).unwrap()
                [..hint.position.character as usize]
                .to_owned();
            format!("{} «{label}»", &before[before.len().saturating_sub(6)..])
        });
        shown.collect()
    };
    assert_eq!(
        hints(all),
        [
            "  one: «killed, Air raids (22 February 2026)»",
            ": army «for Government of Pakistan»",
            "dozens «12 and up, usually 24-99»",
            "  two: «killed, Air raids (22 February 2026)»",
        ]
    );
    assert_eq!(hints(second).len(), 1);
    drop(editor);
    let (_folder, mut editor) = self::editor(json!({}), &text);
    editor.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "gainsay": { "inlayHints": false } } }),
    );
    let asked = json!({ "textDocument": { "uri": editor.uri("one.yaml") }, "range": { "start": position(&text, 0), "end": position(&text, text.len()) } });
    assert_eq!(editor.ask::<InlayHintRequest>(asked), None);
}

/// Sends every request at a position of a file, in the negotiated encoding.
fn ask_all(editor: &mut Client, file: &str, at: &Value) {
    let document = json!({ "uri": editor.uri(file) });
    let place = json!({ "textDocument": document, "position": at });
    if let Some(CompletionResponse::CompletionList(list)) = editor.ask::<CompletionRequest>(place.clone()) {
        for item in list.items {
            let Some(lsp::CompletionItemTextEdit::TextEdit(edit)) = item.text_edit else { panic!() };
            let here = |at: &lsp::Position| json!({ "line": at.line, "character": at.character });
            assert_eq!(edit.range.start.line, edit.range.end.line, "{}", item.label);
            let around = (edit.range.start.character..=edit.range.end.character)
                .contains(&(at["character"].as_u64().unwrap() as u32));
            assert!(around, "{} from {} at {at}", item.label, here(&edit.range.start));
        }
    }
    editor.ask::<HoverRequest>(place.clone());
    editor.ask::<SignatureHelpRequest>(place);
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": at });
    editor.ask::<InlayHintRequest>(json!({ "textDocument": document, "range": range }));
}

/// The position of a byte offset in one of the three encodings.
fn in_units(text: &str, byte: usize, encoding: &str) -> Value {
    let before = &text[..byte];
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let character = match encoding {
        "utf-8" => line.len(),
        "utf-16" => line.encode_utf16().count(),
        _ => line.chars().count(),
    };
    json!({ "line": before.matches('\n').count(), "character": character })
}

const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];

#[test]
fn requests_are_answered_at_every_byte_in_every_encoding() {
    let text = format!(
        "# é𝄞\n{HEAD}{TOLL}  é𝄞: {{ denies: [toll, radio-1/toll], note: \"𝄞: é\" }}\n  open: {{ by: kab\n"
    );
    for encoding in ENCODINGS {
        let mut capabilities = all_capabilities();
        capabilities["general"] = json!({ "positionEncodings": [encoding] });
        let (_folder, mut editor) = editor(capabilities, &text);
        for byte in (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)) {
            ask_all(&mut editor, "one.yaml", &in_units(&text, byte, encoding));
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(if cfg!(debug_assertions) { 40 } else { 400 }))]

    /// Texts of the cases and of `claims/`, truncated anywhere, with any text typed at the end.
    #[test]
    fn requests_on_truncated_texts_are_answered(
        which: proptest::sample::Index,
        end: proptest::sample::Index,
        typed in r#"(by: |value: |at least |  |\n|\r\n|[{}\[\],:'"|>#-]|é|𝄞|kab|80|new ){0,6}"#,
        places in proptest::collection::vec(proptest::prelude::any::<proptest::sample::Index>(), 12),
        encoding in 0_usize..3,
    ) {
        let cases: Vec<(String, String)> = cases::runnable()
            .flat_map(|(_, files)| files.into_iter().map(|file| (file.name, file.text)))
            .chain(crate::support::real_files())
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let (_, whole) = which.get(&cases);
        let mut end = end.index(whole.len() + 1);
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        let text = format!("{}{typed}", &whole[..end]);
        let encoding = ENCODINGS[encoding];
        let mut capabilities = all_capabilities();
        capabilities["general"] = json!({ "positionEncodings": [encoding] });
        let (_folder, mut editor) = editor(capabilities, &text);
        for place in places {
            let mut byte = place.index(text.len() + 1);
            // A position cannot be between the two bytes of a Windows line break.
            while !text.is_char_boundary(byte) || text[..byte].ends_with('\r') {
                byte -= 1;
            }
            ask_all(&mut editor, "one.yaml", &in_units(&text, byte, encoding));
        }
        ask_all(&mut editor, "one.yaml", &in_units(&text, text.len(), encoding));
    }
}

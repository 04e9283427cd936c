//! Code actions: each change is applied, the files are analysed again, and the promised result is checked.

use std::collections::BTreeMap;
use std::rc::Rc;

use gainsay::finding::Grade;
use gainsay::workspace::{Analysis, Options, Workspace};
use gen_lsp_types as lsp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::client::{Client, position};
use crate::cases;
use crate::support::{File, examine};

/// The capabilities of an editor that can do everything except snippets.
pub(super) fn capabilities() -> Value {
    json!({
        "textDocument": {
            "definition": { "linkSupport": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": {
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
                "disabledSupport": true,
            },
        },
        "workspace": {
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
        },
        "window": { "showDocument": { "support": true } },
    })
}

/// Files that are on a disk and open in an editor.
struct OpenFiles {
    folder: tempfile::TempDir,
    editor: Client,
    texts: BTreeMap<String, String>,
    versions: BTreeMap<String, i32>,
    /// The analysis of the texts; reset when one of them changes.
    analysis: Option<Rc<(Workspace, Analysis)>>,
}

impl OpenFiles {
    fn new(files: &[(&str, &str)], capabilities: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let mut editor = Client::start(folder.path(), capabilities);
        editor.notify(
            "workspace/didChangeConfiguration",
            json!({ "settings": { "gainsay": { "reviewer": "a.reviewer" } } }),
        );
        let mut texts = BTreeMap::new();
        for (name, text) in files.iter().filter(|(name, _)| is_yaml(name)) {
            editor.open(name, text);
            texts.insert((*name).to_owned(), (*text).to_owned());
        }
        Self { folder, editor, texts, versions: BTreeMap::new(), analysis: None }
    }

    fn write(&mut self, file: &str, text: &str) {
        let version = self.versions.entry(file.to_owned()).or_insert(1);
        *version += 1;
        self.editor.write(file, *version, text);
        self.analysis = None;
        self.texts.insert(file.to_owned(), text.to_owned());
    }

    /// The actions for a selection of a file.
    fn actions(&mut self, file: &str, start: usize, end: usize, only: Option<&str>) -> Vec<lsp::CodeAction> {
        let text = &self.texts[file];
        let range = json!({ "start": position(text, start), "end": position(text, end) });
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let asked =
            json!({ "textDocument": { "uri": self.editor.uri(file) }, "range": range, "context": context });
        let found = self.editor.ask::<lsp::CodeActionRequest>(asked).unwrap_or_default();
        let action = |found| match found {
            lsp::CodeActionResponse::CodeAction(action) => action,
            lsp::CodeActionResponse::Command(command) => panic!("{command:?}"),
        };
        found.into_iter().map(action).collect()
    }

    /// The actions at a text in the file.
    fn actions_at(&mut self, file: &str, marked: &str) -> Vec<lsp::CodeAction> {
        let (before, after) = marked.split_once('|').unwrap();
        let at = self.texts[file].find(&format!("{before}{after}")).unwrap() + before.len();
        self.actions(file, at, at, None)
    }

    /// The texts after an edit.
    fn texts_after(&self, edit: &lsp::WorkspaceEdit) -> BTreeMap<String, String> {
        let mut texts = self.texts.clone();
        let name = |uri: &lsp::Uri| {
            let path = url::Url::parse(uri.as_ref()).unwrap().to_file_path().unwrap();
            let root = self.folder.path().canonicalize().unwrap();
            path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
        };
        for change in edit.document_changes.iter().flatten() {
            match change {
                lsp::DocumentChange::CreateFile(new) => {
                    assert_eq!(texts.insert(name(&new.uri), String::new()), None, "a new file");
                }
                lsp::DocumentChange::TextDocumentEdit(of_file) => {
                    let file = name(&of_file.text_document.text_document_identifier.uri);
                    let version = self
                        .texts
                        .contains_key(&file)
                        .then(|| self.versions.get(&file).copied().unwrap_or(1));
                    assert_eq!(of_file.text_document.version, version);
                    let text = texts.get_mut(&file).unwrap();
                    let mut edits: Vec<(usize, usize, String)> =
                        of_file.edits.iter().map(|edit| edit_in(text, edit)).collect();
                    edits.sort();
                    for (start, end, new) in edits.into_iter().rev() {
                        text.replace_range(start..end, &new);
                    }
                }
                other => panic!("{other:?}"),
            }
        }
        texts
    }

    fn analyse(&self, texts: &BTreeMap<String, String>) -> (Workspace, Analysis) {
        let mut files: Vec<File> =
            texts.iter().map(|(name, text)| File { name: name.clone(), text: text.clone() }).collect();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_file() && !is_yaml(&name) {
                files.push(File { name, text: std::fs::read_to_string(path).unwrap() });
            }
        }
        examine(&files, Options::default())
    }

    /// The analysis of the open texts.
    fn current(&mut self) -> Rc<(Workspace, Analysis)> {
        let analysis = self.analysis.take().unwrap_or_else(|| Rc::new(self.analyse(&self.texts)));
        self.analysis = Some(Rc::clone(&analysis));
        analysis
    }
}

fn edit_in(text: &str, edit: &lsp::Edit) -> (usize, usize, String) {
    let (range, new) = match edit {
        lsp::Edit::TextEdit(edit) => (edit.range, edit.new_text.clone()),
        lsp::Edit::SnippetTextEdit(edit) => (edit.range, edit.snippet.value.clone()),
        lsp::Edit::AnnotatedTextEdit(_) => panic!("{edit:?}"),
    };
    (byte(text, range.start), byte(text, range.end), new)
}

/// The byte offset of a position in UTF-16 units.
fn byte(text: &str, at: lsp::Position) -> usize {
    let start: usize = text.split_inclusive('\n').take(at.line as usize).map(str::len).sum();
    let mut units = 0;
    for (byte, letter) in text[start..].char_indices() {
        if units >= at.character {
            return start + byte;
        }
        units += letter.len_utf16() as u32;
    }
    text.len()
}

/// How often each rule reports something, by grade and message.
fn count_by_finding(analysis: &Analysis) -> BTreeMap<(Grade, &'static str, String), usize> {
    let mut found = BTreeMap::new();
    for finding in &analysis.findings {
        *found.entry((finding.grade, finding.rule, finding.message.clone())).or_default() += 1;
    }
    found
}

fn of_rule(analysis: &Analysis, rule: &str) -> usize {
    analysis.findings.iter().filter(|finding| finding.rule == rule).count()
}

/// The text between the first and the last backtick of a title.
fn quoted(title: &str) -> &str {
    title.split('`').nth(1).unwrap_or_default()
}

impl OpenFiles {
    /// Applies an action and checks that the files then have what its title says.
    fn assert_does_what_it_offers(&self, action: &lsp::CodeAction, then: &Analysis) {
        let Some(edit) = &action.edit else {
            assert!(action.disabled.is_some() || action.command.is_some(), "{action:?}");
            return;
        };
        let title = &action.title;
        let texts = self.texts_after(edit);
        assert_ne!(texts, self.texts, "{title}");
        let (_, now) = self.analyse(&texts);
        let (before, after) = (count_by_finding(then), count_by_finding(&now));
        let is_fix = title.starts_with("write") || title.starts_with("put") || title.starts_with("apply all");
        if is_fix {
            let gone = before.iter().any(|(finding, count)| after.get(finding).is_none_or(|now| now < count));
            assert!(gone, "{title}: {texts:#?}");
            return;
        }
        for (finding, count) in &after {
            let is_new = finding.0 == Grade::Error && before.get(finding).is_none_or(|then| then < count);
            // Adding something must not cause errors that were not there.
            assert!(!is_new, "{title} makes {finding:?} of {:#?}: {texts:#?}", self.texts);
        }
        if title.starts_with("silence") {
            let rule = quoted(title);
            assert!(of_rule(&now, rule) < of_rule(then, rule), "{title}: {texts:#?}");
        } else if title.starts_with("add `at") {
            assert!(of_rule(&now, "no-locator") < of_rule(then, "no-locator"), "{title}: {texts:#?}");
        } else if title.ends_with("in a new file") {
            assert_eq!(now.model.sources.len(), then.model.sources.len() + 1, "{title}: {texts:#?}");
        } else if title.starts_with("add the") {
            let unknown = |analysis| of_rule(analysis, "unknown-id") + of_rule(analysis, "unreadable-value");
            assert!(unknown(&now) < unknown(then), "{title}: {texts:#?}");
        } else if title.starts_with("record a review") {
            assert_eq!(now.model.reviews.len(), then.model.reviews.len() + 1, "{title}");
            let open = |analysis: &Analysis| {
                analysis.disputes.iter().filter(|dispute| dispute.standing.is_open()).count()
            };
            assert_eq!(open(&now), open(then) - 1, "{title}: {texts:#?}");
        } else {
            panic!("what does `{title}` promise?");
        }
    }

    /// Sends every request at a place and checks that each is answered.
    fn ask_all(&mut self, file: &str, at: usize) {
        let text = &self.texts[file];
        let uri = json!({ "uri": self.editor.uri(file) });
        let position = position(text, at);
        let options = json!({ "tabSize": 2, "insertSpaces": true });
        let range = json!({ "start": position, "end": position });
        let here = json!({ "textDocument": uri, "position": position });
        let mut references = here.clone();
        references["context"] = json!({ "includeDeclaration": true });
        let mut renamed = here.clone();
        renamed["newName"] = json!("quite-another-name");
        let mut ask = |method: &str, params: &Value| match self.editor.call(method, params.clone()) {
            Ok(answer) => answer,
            Err(error) => {
                assert_eq!(error.code, lsp_server::ErrorCode::RequestFailed as i32, "{method}: {error:?}");
                assert!(!error.message.is_empty(), "{method}");
                Value::Null
            }
        };
        ask("textDocument/definition", &here);
        ask("textDocument/references", &references);
        ask("textDocument/documentHighlight", &here);
        ask("textDocument/prepareRename", &here);
        let edit = ask("textDocument/rename", &renamed);
        ask("textDocument/documentSymbol", &json!({ "textDocument": uri }));
        ask("textDocument/foldingRange", &json!({ "textDocument": uri }));
        ask("textDocument/documentLink", &json!({ "textDocument": uri }));
        ask("textDocument/codeLens", &json!({ "textDocument": uri }));
        ask("textDocument/formatting", &json!({ "textDocument": uri, "options": options }));
        ask(
            "textDocument/rangeFormatting",
            &json!({ "textDocument": uri, "options": options, "range": range }),
        );
        ask("workspace/symbol", &json!({ "query": "a" }));
        if !edit.is_null() {
            let edit: lsp::WorkspaceEdit = serde_json::from_value(edit).unwrap();
            let (then, now) = (self.current(), self.analyse(&self.texts_after(&edit)).1);
            // A name that is not an id can become one; nothing else changes.
            assert!(now.findings.len() <= then.1.findings.len(), "{:#?}", now.findings);
        }
    }
}

fn open_files(files: &[File]) -> OpenFiles {
    let files: Vec<(&str, &str)> =
        files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect();
    OpenFiles::new(&files, capabilities())
}

/// A sample of byte offsets at which characters begin, which differs with `salt`.
fn places(text: &str, salt: usize, count: usize) -> Vec<usize> {
    let all: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    (0..count).map(|nth| all[(salt.wrapping_mul(7919) + nth * (all.len() / count + 1)) % all.len()]).collect()
}

#[test]
fn requests_on_all_cases_are_answered_and_actions_do_what_they_offer() {
    let mut offered: BTreeMap<String, usize> = BTreeMap::new();
    for (nth, (title, files)) in cases::runnable().enumerate() {
        if files.iter().all(|file| !is_yaml(&file.name)) {
            continue;
        }
        let mut open = open_files(&files);
        let current = open.current();
        let (workspace, then) = &*current;
        for (file, text) in open.texts.clone() {
            for at in places(&text, nth, 2) {
                open.ask_all(&file, at);
            }
            let labels: Vec<(usize, usize)> = then
                .findings
                .iter()
                .filter_map(|finding| finding.labels.first())
                .filter(|label| workspace.files()[label.location.file].path() == file)
                .map(|label| (label.location.span.start as usize, label.location.span.end as usize))
                .take(4)
                .collect();
            for (start, end) in labels {
                for action in open.actions(&file, start, end, None) {
                    let kind = action.title.split(['`', ':']).next().unwrap_or_default().trim().to_owned();
                    let kind = if action.disabled.is_some() { format!("cannot {kind}") } else { kind };
                    let known = offered.entry(kind).or_default();
                    *known += 1;
                    // Of the actions that are offered often, only some are checked.
                    if *known <= 30 || nth % 7 == 0 {
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                            open.assert_does_what_it_offers(&action, then);
                        }))
                        .unwrap_or_else(|_| panic!("{title}"));
                    }
                }
            }
        }
    }
    for kind in
        ["write", "put the figure in quotes", "add the event", "silence", "record a review", "explain"]
    {
        assert!(offered.contains_key(kind), "{kind}: {offered:?}");
    }
}

#[test]
fn requests_on_half_written_files_are_answered() {
    for (nth, (_, files)) in cases::runnable().enumerate().filter(|(nth, _)| nth % 11 == 0) {
        let mut open = open_files(&files);
        let Some((file, text)) = open.texts.clone().into_iter().next() else { continue };
        for cut in places(&text, nth, 4) {
            open.write(&file, &text[..cut]);
            open.ask_all(&file, cut);
            open.ask_all(&file, places(&text[..cut], nth, 1)[0]);
            open.actions(&file, 0, cut, None);
            open.actions(&file, cut, cut, None);
        }
    }
}

const WORDS: [&str; 16] = [
    "\n",
    "  ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "#",
    "\"",
    "|\n",
    "\t",
    "é𝄞",
    "claims:\n  x:\n    ",
    "\r\n",
    "&a ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn requests_are_answered_after_any_typed_text(typed in prop::collection::vec((0usize..1000, 0usize..6, 0usize..16), 1..12)) {
        let files = [("a.yaml", super::ONE), ("b.yaml", super::TWO)];
        let mut open = OpenFiles::new(&files, capabilities());
        for (at, length, word) in typed {
            let file = if at % 2 == 0 { "a.yaml" } else { "b.yaml" };
            let mut text = open.texts[file].clone();
            let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = at % bytes.len();
            let end = (start + length).min(bytes.len() - 1);
            text.replace_range(bytes[start]..bytes[end], WORDS[word]);
            open.write(file, &text);
            open.ask_all(file, bytes[start]);
            open.actions(file, bytes[start], bytes[start], None);
        }
    }
}

const ACTORS: &str = "actors: { north: {}, south: {}, paper: {} }\nevents:\n  raid: { date: 2026-02-22 }\n";

/// A source of this publisher with claims.
fn source(claims: &str) -> String {
    format!(
        "source: {{ id: paper-1, publisher: paper, published: 2026-02-24, text: one.txt }}\nclaims:\n{claims}"
    )
}

fn titles(actions: &[lsp::CodeAction]) -> Vec<&str> {
    actions.iter().map(|action| action.title.as_str()).collect()
}

#[test]
fn missing_entry_is_added_to_the_file_of_its_kind() {
    let text = source(
        "  toll: { by: east, about: strike, measure: killed, of: miners, value: 80, at: p2 }\n  hit: { by: north, about: \
         raid, measure: target, value: depot, at: p1 }\n  no: { by: north, denies: paper-2026-02-22/toll, at: p3 }\n",
    );
    let mut open = OpenFiles::new(&[("actors.yaml", ACTORS), ("one.yaml", &text)], capabilities());
    let then = open.analyse(&open.texts).1;
    for (at, title, file, line) in [
        ("by: ea|st", "add the actor `east` to actors.yaml", "actors.yaml", "east: {}"),
        ("about: st|rike", "add the event `strike` to actors.yaml", "actors.yaml", "  strike: {}"),
        ("of: mi|ners", "add the population `miners` to one.yaml", "one.yaml", "  miners: {}"),
        ("value: de|pot", "add the term `depot` to one.yaml", "one.yaml", "  depot: {}"),
        (
            "denies: paper-2026|-02",
            "add the source `paper-2026-02-22` in a new file",
            "paper-2026-02-22.yaml",
            "  published: 2026-02-22",
        ),
    ] {
        let actions = open.actions_at("one.yaml", at);
        let action = actions.iter().find(|action| action.title == title);
        let action = action.unwrap_or_else(|| panic!("{title}: {:?}", titles(&actions)));
        if let Some(disabled) = &action.disabled {
            // `actors` is in braces here, so nothing is appended to it.
            assert!(at == "by: ea|st" && disabled.reason.contains("braces"), "{title}: {disabled:?}");
            continue;
        }
        let texts = open.texts_after(action.edit.as_ref().unwrap());
        assert!(
            texts[file].lines().any(|it| it == line || it.trim() == line.trim()),
            "{title}: {}",
            texts[file]
        );
        if title.starts_with("add") {
            open.assert_does_what_it_offers(action, &then);
        }
    }
}

#[test]
fn locator_action_finds_the_words_of_a_claim() {
    let text = source(
        "  toll: { by: north, about: raid, measure: killed, value: at least 80 }\n  twice: { by: north, about: raid, \
         measure: injured, value: 36 }\n",
    );
    let archived = "The raid\n\nIt killed at least 80.\n36 were hurt\nand 36 more\n";
    let mut open = OpenFiles::new(
        &[("actors.yaml", ACTORS), ("one.yaml", &text), ("one.txt", archived)],
        capabilities(),
    );
    let then = open.analyse(&open.texts).1;
    let actions = open.actions_at("one.yaml", "  to|ll:");
    let located = actions.iter().find(|action| action.title.starts_with("add `at: p2`")).unwrap();
    assert_eq!(located.is_preferred, Some(true));
    open.assert_does_what_it_offers(located, &then);
    let twice = open.actions_at("one.yaml", "  tw|ice:");
    let places = titles(&twice).into_iter().filter(|title| title.starts_with("add `at")).count();
    assert_eq!(places, 2, "{:?}", titles(&twice));
}

#[test]
fn new_files_end_their_lines_as_the_open_files_do() {
    let text = source(
        "  toll: { by: north, about: raid, measure: killed, value: 80, at: p2 }\n  less: { by: south, about: raid, measure: \
         killed, value: 36, at: p2 }\n  no: { by: north, denies: paper-2026-02-22/toll, at: p3 }\n",
    );
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let mut open =
        OpenFiles::new(&[("actors.yaml", &crlf(ACTORS)), ("one.yaml", &crlf(&text))], capabilities());
    for (at, title, file) in [
        ("denies: paper-2026|-02", "add the source", "paper-2026-02-22.yaml"),
        ("value: 8|0", "record a review: explained", "reviews.yaml"),
    ] {
        let actions = open.actions_at("one.yaml", at);
        let action = actions.iter().find(|action| action.title.starts_with(title)).expect(title);
        let texts = open.texts_after(action.edit.as_ref().unwrap());
        assert!(texts[file].split_terminator('\n').all(|line| line.ends_with('\r')), "{:?}", texts[file]);
    }
}

#[test]
fn dispute_actions_silence_review_and_open_it() {
    let text = source(
        "  toll: { by: north, about: raid, measure: killed, value: 80, at: p2 }\n  less: { by: south, about: raid, measure: \
         killed, value: 36, at: p2, note: Told later. }\n",
    );
    let mut open = OpenFiles::new(&[("actors.yaml", ACTORS), ("one.yaml", &text)], capabilities());
    let then = open.analyse(&open.texts).1;
    let actions = open.actions_at("one.yaml", "value: 8|0");
    assert_eq!(
        titles(&actions),
        [
            "silence `toll-unsettled` on this claim; give the reason in its note",
            "record a review: explained, no real clash",
            "record a review: irreconcilable, both stay on record",
            "open the dispute in the review desk",
            "explain `toll-unsettled`",
        ]
    );
    for action in &actions {
        open.assert_does_what_it_offers(action, &then);
    }
    let texts = open.texts_after(actions[0].edit.as_ref().unwrap());
    assert!(
        texts["one.yaml"].contains("at: p2, allow: [toll-unsettled], note: \"\" }"),
        "{}",
        texts["one.yaml"]
    );
    let texts = open.texts_after(actions[1].edit.as_ref().unwrap());
    assert!(texts["reviews.yaml"].contains("by: a.reviewer"), "{}", texts["reviews.yaml"]);
    let other = open.actions_at("one.yaml", "value: 3|6");
    let texts = open.texts_after(other[0].edit.as_ref().unwrap());
    assert!(
        texts["one.yaml"].contains("note: Told later., allow: [toll-unsettled] }"),
        "{}",
        texts["one.yaml"]
    );

    // The reviewer is not guessed, and actions that the editor cannot run are not offered.
    open.editor.notify("workspace/didChangeConfiguration", json!({ "settings": {} }));
    let mut plain = OpenFiles::new(&[("actors.yaml", ACTORS), ("one.yaml", &text)], json!({}));
    let asked = json!({
        "textDocument": { "uri": plain.editor.uri("one.yaml") },
        "range": { "start": { "line": 2, "character": 62 }, "end": { "line": 2, "character": 62 } },
        "context": { "diagnostics": [] },
    });
    let found = plain.editor.ask::<lsp::CodeActionRequest>(asked).unwrap();
    let commands = found.iter().all(|it| matches!(it, lsp::CodeActionResponse::Command(_)));
    assert!(commands && !found.is_empty(), "{found:?}");
}

#[test]
fn safe_fixes_are_applied_one_by_one_or_all_at_once() {
    let text = source(
        "  toll: { by: nort, about: riad, measure: killed, value: 1,034, at: p2 }\n  b: { by: north, abuot: raid, measure: \
         killed, value: 3, at: p2 }\n",
    );
    let mut open = OpenFiles::new(&[("actors.yaml", ACTORS), ("one.yaml", &text)], capabilities());
    let actions = open.actions_at("one.yaml", "by: no|rt,");
    let write = actions.iter().find(|action| action.title == "write `north`").unwrap();
    assert_eq!((write.is_preferred, write.kind.clone()), (Some(true), Some(lsp::CodeActionKind::QuickFix)));
    assert!(open.texts_after(write.edit.as_ref().unwrap())["one.yaml"].contains("by: north, about: riad"));
    let [all] = open.actions("one.yaml", 0, 0, Some("source.fixAll")).try_into().unwrap();
    let fixed = &open.texts_after(all.edit.as_ref().unwrap())["one.yaml"];
    assert!(
        fixed.contains("by: north, about: raid") && fixed.contains("\"1,034\""),
        "{}: {fixed}",
        all.title
    );
    assert!(fixed.contains("b: { by: north, about: raid"), "{fixed}");
    assert!(open.actions("one.yaml", 0, 0, Some("refactor")).is_empty());
}

#[test]
fn uncertain_fixes_are_offered_but_never_applied_automatically() {
    let events = "actors: { khawaja-asif: {}, paper: {} }\nevents:\n  raids-2026-02-22: { date: 2026-02-22 }\n  \
                  raids-nangarhar-2026-02-22: { date: 2026-02-22 }\n";
    let text = source("  toll: { by: asif, about: raids, measure: filmed, value: 80, at: p2 }\n");
    let mut open = OpenFiles::new(&[("actors.yaml", events), ("one.yaml", &text)], capabilities());
    let all = open.actions("one.yaml", 0, text.len(), None);
    assert!(all.iter().all(|action| action.is_preferred != Some(true)), "{:?}", titles(&all));
    assert!(open.actions("one.yaml", 0, 0, Some("source.fixAll")).is_empty());
    let near = open.actions_at("one.yaml", "about: ra|ids");
    for title in [
        "write `raids-2026-02-22`",
        "write `raids-nangarhar-2026-02-22`",
        "add the event `raids` to actors.yaml",
    ] {
        assert!(titles(&near).contains(&title), "{:?}", titles(&near));
    }
    assert!(titles(&open.actions_at("one.yaml", "by: as|if")).contains(&"write `khawaja-asif`"));
    let new = open.actions_at("one.yaml", "measure: fil|med");
    let new = new.iter().find(|action| action.title.starts_with("add the measure `filmed` to")).unwrap();
    let texts = open.texts_after(new.edit.as_ref().unwrap());
    assert!(
        texts.values().any(|text| text.contains("filmed:") && text.contains("type: count")),
        "{texts:#?}"
    );
    let (_, analysis) = open.analyse(&open.texts);
    let unknown = analysis.findings.iter().filter(|finding| finding.rule == "unknown-id");
    assert!(unknown.clone().count() == 3 && unknown.clone().all(|finding| finding.fix.is_none()));
}

#[test]
fn further_witness_of_a_dispute_gets_a_diagnostic() {
    let text = source(
        "  a: { by: north, about: raid, measure: killed, value: 80, at: p2 }\n  b: { by: south, about: raid, measure: \
         killed, value: 10, at: p2 }\n",
    );
    let mut open = OpenFiles::new(&[("actors.yaml", ACTORS), ("one.yaml", &text)], capabilities());
    let more = format!("{text}  again: {{ by: north, about: raid, measure: killed, value: 80, at: p4 }}\n");
    open.write("one.yaml", &more);
    let diagnostics = open.editor.diagnostics("one.yaml", 2);
    let line = |it: &&lsp::Diagnostic| {
        it.range.start.line == 4 && it.code == Some(lsp::Code::String("toll-unsettled".into()))
    };
    let here: Vec<_> = diagnostics.iter().filter(line).collect();
    let [again] = here.as_slice() else { panic!("{diagnostics:#?}") };
    assert_eq!(again.severity, Some(lsp::DiagnosticSeverity::Information));
    let lsp::Message::String(said) = &again.message else { panic!() };
    assert!(said.starts_with("also said here: "), "{said}");
    assert_eq!(again.related_information.as_ref().unwrap().len(), 2);
    let settled = diagnostics.iter().filter(|it| it.range.start.line == 2);
    let says = |it: &lsp::Diagnostic| matches!(&it.message, lsp::Message::String(text) if text.contains("\nwould settle it: "));
    assert!(settled.clone().any(says), "{diagnostics:#?}");
}

#[test]
fn symbol_search_lists_the_exact_id_first() {
    let more = "events:\n  raid-on-raid: { name: raid raid }\npropositions: { raided: {} }\n";
    let mut open = OpenFiles::new(&[("actors.yaml", ACTORS), ("more.yaml", more)], capabilities());
    let asked = json!({ "query": "raid" });
    let found = open.editor.call("workspace/symbol", asked).unwrap();
    assert_eq!(
        (&found[0]["name"], &found[0]["containerName"]),
        (&json!("raid"), &json!("event")),
        "{found:#?}"
    );
    let raided = found.as_array().unwrap().iter().find(|it| it["name"] == "raided").unwrap();
    assert_eq!(raided["containerName"], "proposition");
}

#[test]
fn rename_changes_an_id_in_all_files() {
    let text = source("  toll: { by: north, about: raid, measure: killed, value: 80, at: p2 }\n");
    let files = [("actors.yaml", ACTORS), ("one.yaml", text.as_str())];
    let mut open = OpenFiles::new(&files, capabilities());
    let mut asked = open.editor.at("one.yaml", &text, "by: no|rth");
    let prepared = open.editor.ask::<lsp::PrepareRenameRequest>(asked.clone()).unwrap();
    let lsp::PrepareRenameResult::PrepareRenamePlaceholder(prepared) = prepared else {
        panic!("{prepared:?}")
    };
    assert_eq!(prepared.placeholder, "north");
    asked["newName"] = json!("northern-command");
    let edit = open.editor.ask::<lsp::RenameRequest>(asked.clone()).unwrap();
    let texts = open.texts_after(&edit);
    assert!(
        texts["actors.yaml"].contains("northern-command: {}")
            && texts["one.yaml"].contains("by: northern-command")
    );
    let mut plain = OpenFiles::new(&files, json!({}));
    asked["textDocument"]["uri"] = json!(plain.editor.uri("one.yaml"));
    let edit = plain.editor.ask::<lsp::RenameRequest>(asked.clone()).unwrap();
    assert_eq!(edit.changes.unwrap().len(), 2);

    asked["newName"] = json!("south");
    asked["textDocument"]["uri"] = json!(open.editor.uri("one.yaml"));
    let refused = open.editor.call("textDocument/rename", asked).unwrap_err();
    assert!(refused.message.contains("already exists"), "{}", refused.message);
    let built_in = open.editor.at("one.yaml", &text, "measure: kil|led");
    let refused = open.editor.call("textDocument/prepareRename", built_in).unwrap_err();
    assert_eq!(refused.message, "the measure `killed` is built in and cannot be renamed");
    let no_name = open.editor.at("one.yaml", &text, "val|ue");
    assert_eq!(open.editor.ask::<lsp::PrepareRenameRequest>(no_name), None);
}

#[test]
fn formatting_request_lays_out_the_file() {
    let text = source(
        "  toll:   {by: north, about: raid,  measure: killed, value: 80, at: p2}\n  b: {by:  south}\n",
    );
    let mut open = OpenFiles::new(&[("actors.yaml", ACTORS), ("one.yaml", &text)], capabilities());
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let uri = json!({ "uri": open.editor.uri("one.yaml") });
    let asked = json!({ "textDocument": uri, "options": options });
    let edits = open.editor.ask::<lsp::DocumentFormattingRequest>(asked.clone()).unwrap();
    let made = |edits: Vec<lsp::TextEdit>| {
        let mut now = text.clone();
        for edit in edits.into_iter().rev() {
            now.replace_range(byte(&text, edit.range.start)..byte(&text, edit.range.end), &edit.new_text);
        }
        now
    };
    assert_eq!(made(edits), gainsay::edit::format("one.yaml", &text).unwrap());
    let lines = json!({ "start": { "line": 3, "character": 0 }, "end": { "line": 4, "character": 0 } });
    let asked_range = json!({ "textDocument": uri, "options": options, "range": lines });
    let edits = open.editor.ask::<lsp::DocumentRangeFormattingRequest>(asked_range).unwrap();
    let now = made(edits);
    assert!(now.contains("  toll:   {by") && now.contains("  b: { by: south }"), "{now}");
    open.write("one.yaml", "claims:\n  a: {\n");
    assert_eq!(open.editor.ask::<lsp::DocumentFormattingRequest>(asked), None, "half-written");
}

fn is_yaml(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "yaml")
}

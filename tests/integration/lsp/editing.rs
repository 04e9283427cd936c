//! Typing, closing, saving and deleting in any order: in the end the server reports the same as a new server does for
//! the same files.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::client::Client;
use super::folder;
use super::protocol::without_folder;

/// The possible files. A step may put any text into any of them.
const FILES: [&str; 4] = ["a.yaml", "b.yaml", "deep/c.yaml", "new.yaml"];

/// The initial workspaces: those of the test cases.
fn workspaces() -> Vec<Vec<String>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut all = Vec::new();
    for file in std::fs::read_dir(cases).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for case in text.split("\n## ").skip(1) {
            let blocks = case.split("```yaml").skip(1);
            let texts: Vec<String> = blocks
                .filter_map(|block| {
                    let (_, body) = block.split_once('\n')?;
                    Some(body.split("```").next()?.to_owned())
                })
                .filter(|text| text.len() < 3_000)
                .take(3)
                .collect();
            if !texts.is_empty() {
                all.push(texts);
            }
        }
    }
    assert!(all.len() > 50, "the cases are read");
    all
}

#[derive(Clone, Debug)]
enum Step {
    OpenTexts(usize),
    /// Replaces a part of an open file; both ends are fractions of the text.
    Type(usize, Vec<(u16, u16, String)>),
    Close(usize),
    /// Another program writes the file with a text of the workspace, and the editor is notified.
    Write(usize, usize),
    Delete(usize),
    Ask(usize),
}

fn typed_text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        "[a-z0-9:,{}\\[\\]'\"#& *!|>%@-]{1,4}",
        prop::sample::select(vec![
            "é",
            "𝄞",
            "\u{feff}",
            "\u{0}",
            "\r",
            "\t",
            "  ",
            "at least 40",
            "claims:\n",
            "value: 7",
            "{}",
            "source: { id: s }\n",
        ])
        .prop_map(str::to_owned),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let file = 0..FILES.len();
    let change = (any::<u16>(), 0..80_u16, typed_text());
    prop_oneof![
        3 => file.clone().prop_map(Step::OpenTexts),
        6 => (file.clone(), prop::collection::vec(change, 1..4)).prop_map(|(file, changes)| Step::Type(file, changes)),
        1 => file.clone().prop_map(Step::Close),
        2 => (file.clone(), 0..3_usize).prop_map(|(file, text)| Step::Write(file, text)),
        1 => file.clone().prop_map(Step::Delete),
        2 => file.prop_map(Step::Ask),
    ]
}

/// The editor's side: its open texts, updated by the same edits.
struct OpenTexts<'a> {
    editor: &'a mut Client,
    encoding: &'a str,
    root: &'a Path,
    texts: &'a [String],
    buffers: BTreeMap<usize, (i32, String)>,
}

impl OpenTexts<'_> {
    fn take(&mut self, step: Step) {
        match step {
            Step::OpenTexts(file) => {
                if !self.buffers.contains_key(&file) {
                    let text = std::fs::read(self.root.join(FILES[file])).unwrap_or_default();
                    let text = String::from_utf8(text).unwrap();
                    self.editor.open(FILES[file], &text);
                    self.buffers.insert(file, (1, text));
                }
            }
            Step::Type(file, changes) => self.change(file, changes),
            Step::Close(file) => {
                if self.buffers.remove(&file).is_some() {
                    self.editor.close(FILES[file]);
                }
            }
            Step::Write(file, text) => {
                std::fs::write(self.root.join(FILES[file]), &self.texts[text % self.texts.len()]).unwrap();
                self.notify_changed(file);
            }
            Step::Delete(file) => {
                std::fs::remove_file(self.root.join(FILES[file])).ok();
                self.notify_changed(file);
            }
            Step::Ask(file) => {
                let uri = self.editor.uri(FILES[file]);
                self.editor.pulled(&uri);
            }
        }
    }

    fn notify_changed(&mut self, file: usize) {
        let change = json!({ "uri": self.editor.uri(FILES[file]), "type": 2 });
        self.editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    }

    fn change(&mut self, file: usize, changes: Vec<(u16, u16, String)>) {
        let Some((version, text)) = self.buffers.get_mut(&file) else { return };
        let mut diagnostics = Vec::new();
        for (at, length, new) in changes {
            let start = boundary(text, at as usize * text.len() / usize::from(u16::MAX));
            let end = boundary(text, start + length as usize).max(start);
            let range = json!({
                "start": position(self.encoding, text, start), "end": position(self.encoding, text, end),
            });
            text.replace_range(start..end, &new);
            diagnostics.push(json!({ "range": range, "text": new }));
        }
        *version += 1;
        let (version, diagnostics) = (*version, Value::Array(diagnostics));
        self.editor.change(FILES[file], version, &diagnostics);
    }
}

/// The nearest place at which a character begins; a position cannot be inside a line break.
fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) || (text[..at].ends_with('\r') && text[at..].starts_with('\n')) {
        at -= 1;
    }
    at
}

/// Counted independently of the server.
fn position(encoding: &str, text: &str, byte: usize) -> Value {
    let before = &text[..byte];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let column = match encoding {
        "utf-8" => line.len(),
        "utf-16" => line.encode_utf16().count(),
        _ => line.chars().count(),
    };
    json!({ "line": before.matches('\n').count(), "character": column })
}

fn capabilities(encoding: &str) -> Value {
    json!({
        "general": { "positionEncodings": [encoding] },
        "textDocument": { "diagnostic": {} },
    })
}

fn all_diagnostics(editor: &mut Client) -> BTreeMap<String, Value> {
    let report = editor.call("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    let root = editor.uri("").as_ref().to_owned();
    let items = report["items"].as_array().unwrap();
    let by_file = items.iter().map(|item| {
        let diagnostics = serde_json::from_value::<Vec<_>>(item["items"].clone()).unwrap();
        let diagnostics = serde_json::to_value(without_folder(&diagnostics, editor)).unwrap();
        (item["uri"].as_str().unwrap().replace(&root, ""), diagnostics)
    });
    by_file.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn diagnostics_after_any_edits_equal_those_of_a_new_server(
        workspace in prop::sample::select(workspaces()),
        encoding in prop::sample::select(vec!["utf-8", "utf-16", "utf-32"]),
        in_claims in any::<bool>(),
        steps in prop::collection::vec(step(), 1..14),
    ) {
        let before = tempfile::tempdir().unwrap();
        // In a folder `claims/` every file is a claim file; elsewhere only those with a section of ours.
        let inside = |folder: &Path| if in_claims { folder.join("claims") } else { folder.to_owned() };
        std::fs::create_dir_all(inside(before.path()).join("deep")).unwrap();
        for (name, text) in FILES.iter().zip(&workspace) {
            std::fs::write(inside(before.path()).join(name), text).unwrap();
        }
        let open_in = |folder: &Path| {
            let folder = folder.canonicalize().unwrap();
            let mut editor = Client::start(&folder, capabilities(encoding));
            editor.root = inside(&folder);
            editor
        };
        let mut editor = open_in(before.path());
        let root = editor.root.clone();
        let mut open = OpenTexts { editor: &mut editor, encoding, root: &root, texts: &workspace, buffers: BTreeMap::new() };
        for step in steps {
            open.take(step);
        }
        let texts = open.buffers;

        let after = folder(&[]);
        std::fs::create_dir_all(inside(after.path()).join("deep")).unwrap();
        for (at, name) in FILES.iter().enumerate() {
            let there = inside(after.path()).join(name);
            match (texts.get(&at), std::fs::read(root.join(name))) {
                (Some((_, text)), _) => std::fs::write(there, text).unwrap(),
                (None, Ok(bytes)) => std::fs::write(there, bytes).unwrap(),
                (None, Err(_)) => {}
            }
        }
        let mut fresh = open_in(after.path());
        for (&at, (version, text)) in texts.iter().filter(|(_, (_, text))| text.starts_with('\u{feff}')) {
            // On disk a byte-order mark is not part of the text; in an editor it takes a column.
            fresh.open(FILES[at], "");
            fresh.write(FILES[at], version + 1, text);
        }
        prop_assert_eq!(all_diagnostics(&mut editor), all_diagnostics(&mut fresh));
    }
}

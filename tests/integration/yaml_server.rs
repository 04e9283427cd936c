//! The committed schema in the real YAML language server, over its standard input and output as an editor uses it: no
//! false reports on the real claim files, the right lines on broken ones, and a description of each key.

use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request, Response};
use serde_json::{Value, json};

use crate::support::real_files;

const SERVER: &str = "tests/editors/node_modules/yaml-language-server/bin/yaml-language-server";

/// An editor in which a modeline in each file names the schema, as in the README.
struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: i32,
    modeline: String,
}

impl Editor {
    fn start() -> Self {
        assert!(Path::new(SERVER).exists(), "run `npm ci --prefix tests/editors --ignore-scripts` first");
        let mut server = Command::new("node")
            .args([SERVER, "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
        let schema = Path::new("schema/claim-file.schema.json").canonicalize().unwrap();
        let schema = url::Url::from_file_path(schema).unwrap();
        let modeline = format!("# yaml-language-server: $schema={schema}\n");
        let mut editor = Self { server, input, output, asked: 0, modeline };
        let completion =
            json!({ "completionItem": { "snippetSupport": true, "documentationFormat": ["markdown"] } });
        let text = json!({ "completion": completion, "hover": { "contentFormat": ["markdown"] } });
        let can = json!({ "workspace": { "configuration": true }, "textDocument": text });
        editor.request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": can }));
        editor.notify("initialized", json!({}));
        editor
    }

    fn write(&mut self, message: impl Into<Message>) {
        message.into().write(&mut self.input).unwrap();
        self.input.flush().unwrap();
    }

    /// The next message of the server; its requests are answered.
    fn receive(&mut self) -> Message {
        let message = Message::read(&mut self.output).unwrap().expect("the server is still there");
        if let Message::Request(request) = &message {
            let settings = |section: &Value| match section["section"].as_str() {
                Some("yaml") => {
                    json!({ "schemaStore": { "enable": false }, "validate": true, "hover": true })
                }
                _ => json!({}),
            };
            let items = request.params["items"].as_array();
            let answer = items.map_or(Value::Null, |items| items.iter().map(settings).collect());
            self.write(Response::new_ok(request.id.clone(), answer));
        }
        message
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.write(Notification::new(method.to_owned(), params));
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked.into();
        self.write(Request::new(self.asked.into(), method.to_owned(), params));
        loop {
            if let Message::Response(answer) = self.receive()
                && answer.id == id
            {
                return serde_json::to_value(answer).unwrap()["result"].clone();
            }
        }
    }

    /// Opens a text below the modeline; returns the line (from 1, without the modeline) and the message of each
    /// diagnostic.
    fn diagnostics_of(&mut self, name: &str, text: &str) -> Vec<(u64, String)> {
        let text = format!("{}{text}", self.modeline);
        let document = json!({ "uri": uri(name), "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        loop {
            if let Message::Notification(published) = self.receive()
                && published.method == "textDocument/publishDiagnostics"
                && published.params["uri"] == uri(name)
            {
                let said = |found: &Value| {
                    let line = found["range"]["start"]["line"].as_u64().unwrap();
                    (line, found["message"].as_str().unwrap().to_owned())
                };
                return published.params["diagnostics"].as_array().unwrap().iter().map(said).collect();
            }
        }
    }

    /// Sends a request about a place in an open text: its line from 1 and its column from 0.
    fn request_at(&mut self, method: &str, name: &str, line: u64, column: u64) -> Value {
        let position = json!({ "line": line, "character": column });
        self.request(method, json!({ "textDocument": { "uri": uri(name) }, "position": position }))
    }

    /// The completions at a place: the label and the rest of each.
    fn completions(&mut self, name: &str, line: u64, column: u64) -> Vec<(String, Value)> {
        let answer = self.request_at("textDocument/completion", name, line, column);
        let items = answer["items"].as_array().unwrap().clone();
        items.into_iter().map(|item| (item["label"].as_str().unwrap().to_owned(), item)).collect()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn uri(name: &str) -> String {
    format!("file:///nowhere/{name}")
}

#[test]
fn yaml_server_accepts_the_real_claim_files() {
    let mut editor = Editor::start();
    for (path, text) in real_files() {
        let name = path.replace("claims/", "real-");
        assert_eq!(editor.diagnostics_of(&name, &text), [], "{path}");
    }
}

#[test]
fn yaml_server_accepts_the_examples_of_the_readme() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let blocks = readme.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or(rest));
    let is_whole = |block: &&str| {
        block.split_once(':').is_some_and(|(key, _)| gainsay::document::shape::FILE.position(key).is_some())
    };
    let mut editor = Editor::start();
    let mut held = 0;
    for (at, block) in blocks.filter(is_whole).enumerate() {
        assert_eq!(editor.diagnostics_of(&format!("readme-{at}.yaml"), block), [], "{block}");
        held += 1;
    }
    assert!(held >= 3, "only {held} examples");
}

#[test]
fn yaml_server_reports_mistakes_in_their_lines() {
    let id = "an id is lower-case words joined by hyphens";
    let cases: [(&str, &[(u64, &str)]); 14] = [
        ("actors:\n  north: { naem: x }\n", &[(2, "Property naem is not allowed.")]),
        ("suorce: {}\n", &[(1, "Property suorce is not allowed.")]),
        ("events:\n  raid:\n    date: 22.2.2026\n", &[(3, "a date is written like 2026-02-22")]),
        ("events:\n  raid:\n    date: 2026-02-22/\n", &[(3, "a date is written like 2026-02-22")]),
        ("claims:\n  a:\n    about: raid\n    value: 3\n", &[(2, "Missing property \"measure\".")]),
        ("claims:\n  a:\n    denies: [b]\n    value: 3\n", &[(4, "Property value is not allowed.")]),
        ("claims:\n  a:\n", &[(2, "Incorrect type. Expected \"a claim\".")]),
        (
            "claims:\n  a:\n    about: raid\n    measure: killed\n    stance: denis\n    at: page 3\n",
            &[
                (5, "Value is not accepted. Valid values: \"asserts\""),
                (6, "a place in a source is written like p12"),
            ],
        ),
        ("claims:\n  A_b:\n    denies: [b]\n", &[(2, id)]),
        ("claims:\n  a:\n    by: Kabul\n    confirms: paper_1/b\n", &[(3, id), (4, "a claim is named like")]),
        ("source:\n  id: x\n  publisher: y\n", &[(1, "Missing property \"published\".")]),
        (
            "measures:\n  m:\n    names: [actor]\n    grows: maybe\n",
            &[(3, "Value is not"), (4, "Value is not")],
        ),
        ("settings:\n  grades: { rounding: of }\n", &[(2, "Value is not accepted. Valid values: \"off\"")]),
        ("reviews:\n  r:\n    question: a/b\n    verdict: setled\n", &[(4, "Value is not accepted.")]),
    ];
    let mut editor = Editor::start();
    for (at, (text, wanted)) in cases.into_iter().enumerate() {
        let mut said = editor.diagnostics_of(&format!("broken-{at}.yaml"), text);
        said.sort();
        let fits = said.len() == wanted.len()
            && said
                .iter()
                .zip(wanted)
                .all(|(said, wanted)| said.0 == wanted.0 && said.1.starts_with(wanted.1));
        assert!(fits, "{text}\n{said:?}");
    }
}

#[test]
fn yaml_server_accepts_unfinished_entries_that_are_right_so_far() {
    let mut editor = Editor::start();
    for (at, text) in
        ["", "actors:\n", "actors:\n  kabul:\n", "claims:\n", "settings:\n"].into_iter().enumerate()
    {
        assert_eq!(editor.diagnostics_of(&format!("half-{at}.yaml"), text), [], "{text}");
    }
}

#[test]
fn yaml_server_offers_keys_words_and_new_claims() {
    let mut editor = Editor::start();
    editor.diagnostics_of("claim.yaml", "claims:\n  a:\n    about: raid\n    stance: \n    \n");
    let keys = editor.completions("claim.yaml", 5, 4);
    let measure = &keys.iter().find(|(label, _)| label == "measure").expect("the key is offered").1;
    let explained = measure["documentation"]["value"].as_str().unwrap();
    assert!(
        explained.contains("what is counted or stated") && explained.contains("measure: killed"),
        "{explained}"
    );
    assert!(!keys.iter().any(|(label, _)| label == "about"), "a key that is there is not offered again");

    let words = editor.completions("claim.yaml", 4, 12);
    let labels: Vec<&str> = words.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["asserts", "denies", "declines"]);
    assert!(words[1].1.to_string().contains("Says it is not so"), "{:?}", words[1].1);

    editor.diagnostics_of("new.yaml", "claims:\n  \n");
    let claims = editor.completions("new.yaml", 2, 2);
    let (_, claim) =
        claims.iter().find(|(label, _)| label == "new: a claim").expect("a new claim is offered");
    let text = claim["textEdit"]["newText"].as_str().or(claim["insertText"].as_str()).unwrap();
    assert!(text.starts_with("${1:id}:\n") && text.contains("about: $3\n"), "{text}");
}

#[test]
fn yaml_server_explains_keys() {
    let mut editor = Editor::start();
    editor.diagnostics_of(
        "claim.yaml",
        "claims:\n  a:\n    about: raid\n    measure: killed\n    as-of: 2026-02-22\n",
    );
    let shown = editor.request_at("textDocument/hover", "claim.yaml", 5, 5)["contents"]["value"].to_string();
    assert!(
        shown.contains("the day whose situation the claim describes") && shown.contains("as-of: 2026-02-22"),
        "{shown}"
    );
}

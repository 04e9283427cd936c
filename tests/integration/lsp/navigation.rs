//! Navigation in claim files: definitions, references, outlines, links and lenses.

use std::path::Path;

use gen_lsp_types as lsp;
use serde_json::{Value, json};

use super::client::Client;
use super::code_actions::capabilities;

const ACTORS: &str = "\
actors:
  north: { name: Northern command }
  south: { aliases: [Southerners] }
  paper: {}
events:
  raid: { name: The raid, date: 2026-02-22, parties: [north, south] }
places: { school: {} }
";
const ONE: &str = "\
source: { id: paper-1, publisher: paper, published: 2026-02-24, text: one.txt, url: \"https://paper.example/1\" }
claims:
  toll: { by: north, about: raid, measure: killed, of: militants, value: at least 80, at: p2 }
  hit: { about: raid, measure: target, value: [school], at: p1-2 }
";
const TWO: &str = "\
source: { id: paper-2, publisher: paper, published: 2026-02-24, cites: [paper-1] }
claims:
  toll: { by: south, about: raid, measure: killed, of: militants, value: 36, at: p2 }
  no: { by: south, denies: [paper-1/hit], at: p3 }
  share: { by: south, about: raid, measure: killed, of: soldiers, value: half of militants, at: p4 }
reviews:
  r: { question: raid/killed/militants, verdict: open, by: a, on: 2026-03-01 }
";
const TEXT: &str = "The raid\n\nIt killed at least 80 militants.\r\n\r\nat least 80, they say\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("actors.yaml", ACTORS), ("one.yaml", ONE), ("two.yaml", TWO), ("one.txt", TEXT)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn start(folder: &Path, capabilities: Value) -> Client {
    let mut editor = Client::start(folder, capabilities);
    for (file, text) in [("actors.yaml", ACTORS), ("one.yaml", ONE), ("two.yaml", TWO)] {
        editor.open(file, text);
    }
    editor
}

/// The texts at locations, with their files: `one.yaml 2: toll`.
fn describe(editor: &Client, places: &[lsp::Location]) -> Vec<String> {
    let place = |place: &lsp::Location| {
        let files = [("actors.yaml", ACTORS), ("one.yaml", ONE), ("two.yaml", TWO)];
        let (file, text) = files.into_iter().find(|(file, _)| editor.uri(file) == place.uri).unwrap();
        let line = text.lines().nth(place.range.start.line as usize).unwrap();
        let word = &line[place.range.start.character as usize..place.range.end.character as usize];
        format!("{file} {}: {word}", place.range.start.line + 1)
    };
    places.iter().map(place).collect()
}

fn definition(editor: &mut Client, file: &str, text: &str, marked: &str) -> Vec<String> {
    let params = editor.at(file, text, marked);
    let found = match editor.ask::<lsp::DefinitionRequest>(params) {
        None => Vec::new(),
        Some(lsp::DefinitionResponse::DefinitionLinkList(links)) => links
            .into_iter()
            .map(|link| lsp::Location::new(link.target_uri, link.target_selection_range))
            .collect(),
        Some(lsp::DefinitionResponse::Definition(lsp::Definition::LocationList(places))) => places,
        Some(other) => panic!("{other:?}"),
    };
    describe(editor, &found)
}

fn references(editor: &mut Client, file: &str, text: &str, marked: &str) -> Vec<String> {
    let mut params = editor.at(file, text, marked);
    params["context"] = json!({ "includeDeclaration": true });
    let found = editor.ask::<lsp::ReferencesRequest>(params).unwrap_or_default();
    describe(editor, &found)
}

#[test]
fn definition_is_found_from_a_name() {
    let folder = folder();
    for capabilities in [capabilities(), json!({})] {
        let mut editor = start(folder.path(), capabilities);
        for (file, text, marked, expected) in [
            ("one.yaml", ONE, "by: no|rth", &["actors.yaml 2: north"][..]),
            ("one.yaml", ONE, "publisher: paper|", &["actors.yaml 4: paper"]),
            ("one.yaml", ONE, "about: |raid", &["actors.yaml 6: raid"]),
            ("one.yaml", ONE, "measure: ki|lled", &[]),
            ("one.yaml", ONE, "of: mili|tants", &[]),
            ("one.yaml", ONE, "value: at |least", &[]),
            ("one.yaml", ONE, "[sch|ool]", &["actors.yaml 7: school"]),
            ("two.yaml", TWO, "cites: [paper-|1]", &["one.yaml 1: paper-1"]),
            ("two.yaml", TWO, "denies: [pa|per-1/hit]", &["one.yaml 1: paper-1"]),
            ("two.yaml", TWO, "denies: [paper-1/h|it]", &["one.yaml 4: hit"]),
            ("two.yaml", TWO, "question: ra|id/", &["actors.yaml 6: raid"]),
            ("actors.yaml", ACTORS, "parties: [north, so|uth]", &["actors.yaml 3: south"]),
            // On a definition, the result is the places that refer to it.
            ("one.yaml", ONE, "  h|it:", &["two.yaml 4: no", "two.yaml 4: hit"]),
            ("one.yaml", ONE, "by|: north", &[]),
        ] {
            assert_eq!(definition(&mut editor, file, text, marked), expected, "{marked}");
        }
    }
}

#[test]
fn references_are_found_in_all_files() {
    let folder = folder();
    let mut editor = start(folder.path(), capabilities());
    assert_eq!(
        references(&mut editor, "one.yaml", ONE, "about: ra|id, measure: killed"),
        [
            "actors.yaml 6: raid",
            "one.yaml 3: raid",
            "one.yaml 4: raid",
            "two.yaml 3: raid",
            "two.yaml 5: raid",
            "two.yaml 7: raid",
        ]
    );
    assert_eq!(
        references(&mut editor, "actors.yaml", ACTORS, "pa|per: {}"),
        ["actors.yaml 4: paper", "one.yaml 1: paper", "one.yaml 4: hit", "two.yaml 1: paper"],
        "an actor's own voice"
    );
    assert_eq!(
        references(&mut editor, "one.yaml", ONE, "to|ll:"),
        ["one.yaml 3: toll", "two.yaml 3: toll"],
        "who answers the same question"
    );
    assert_eq!(
        references(&mut editor, "one.yaml", ONE, "of: mili|tants"),
        ["one.yaml 3: militants", "two.yaml 3: militants", "two.yaml 5: militants", "two.yaml 7: militants"],
        "within figures and questions too"
    );
    assert_eq!(
        references(&mut editor, "one.yaml", ONE, "id: paper|-1"),
        ["one.yaml 1: paper-1", "two.yaml 1: paper-1", "two.yaml 4: paper-1"]
    );
}

#[test]
fn highlights_mark_a_name_in_its_file() {
    let folder = folder();
    let mut editor = start(folder.path(), capabilities());
    let params = editor.at("actors.yaml", ACTORS, "no|rth:");
    let found = editor.ask::<lsp::DocumentHighlightRequest>(params).unwrap();
    let kinds: Vec<_> = found.iter().map(|it| (it.range.start.line, it.kind)).collect();
    assert_eq!(
        kinds,
        [(1, Some(lsp::DocumentHighlightKind::Write)), (5, Some(lsp::DocumentHighlightKind::Read))]
    );
}

#[test]
fn outline_lists_the_entries_of_a_file() {
    let folder = folder();
    let mut editor = start(folder.path(), capabilities());
    let asked = json!({ "textDocument": { "uri": editor.uri("two.yaml") } });
    let Some(lsp::DocumentSymbolResponse::DocumentSymbolList(outline)) =
        editor.ask::<lsp::DocumentSymbolRequest>(asked.clone())
    else {
        panic!()
    };
    let line = |symbol: &lsp::DocumentSymbol| {
        let contains =
            |outer: lsp::Range, inner: lsp::Range| outer.start <= inner.start && inner.end <= outer.end;
        assert!(contains(symbol.range, symbol.selection_range), "{symbol:?}");
        format!("{}: {}", symbol.name, symbol.detail.as_deref().unwrap_or_default())
    };
    let mut lines = Vec::new();
    for symbol in &outline {
        lines.push(line(symbol));
        lines.extend(symbol.children.iter().flatten().map(|child| format!("  {}", line(child))));
    }
    assert_eq!(
        lines,
        [
            "paper-2: paper, 2026-02-24",
            "claims: 3",
            "  toll: south, 36 killed, militants",
            "  no: south, denies paper-1/hit",
            "  share: south, half of militants killed, soldiers",
            "reviews: 1",
            "  r: raid/killed/militants, open",
        ]
    );
    let mut plain = start(folder.path(), json!({}));
    let Some(lsp::DocumentSymbolResponse::SymbolInformationList(flat)) =
        plain.ask::<lsp::DocumentSymbolRequest>(asked)
    else {
        panic!()
    };
    assert_eq!(flat[2].base_symbol_information.name, "toll: south, 36 killed, militants");
    assert_eq!(flat[2].base_symbol_information.container_name.as_deref(), Some("claims"));
}

#[test]
fn workspace_symbols_are_found_by_a_few_letters() {
    let folder = folder();
    let mut editor = start(folder.path(), capabilities());
    let mut found = |query: &str| -> Vec<String> {
        match editor.ask::<lsp::WorkspaceSymbolRequest>(json!({ "query": query })) {
            Some(lsp::WorkspaceSymbolResponse::SymbolInformationList(symbols)) => {
                symbols.into_iter().map(|it| it.base_symbol_information.name).collect()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(found("nrthcom"), ["north: Northern command"]);
    assert_eq!(found("southerner"), ["south"], "by an alias");
    assert_eq!(found("paper-2/toll"), ["paper-2/toll"]);
    assert_eq!(found("raid")[0], "raid: The raid");
    assert_eq!(found("zzz"), [""; 0]);
    assert_eq!(found("").len(), 13);
}

#[test]
fn document_links_lead_to_the_web_and_to_archived_texts() {
    let folder = folder();
    let mut editor = start(folder.path(), capabilities());
    let asked = json!({ "textDocument": { "uri": editor.uri("one.yaml") } });
    let links = |editor: &mut Client| -> Vec<(u32, String)> {
        let links = editor.ask::<lsp::DocumentLinkRequest>(asked.clone()).unwrap();
        links.into_iter().map(|link| (link.range.start.line, link.target.unwrap().to_string())).collect()
    };
    let text = editor.uri("one.txt").to_string();
    assert_eq!(
        links(&mut editor),
        [
            (0, "https://paper.example/1".to_owned()),
            (0, text.clone()),
            (2, format!("{text}#L3")),
            (3, format!("{text}#L1-L3")),
        ]
    );
    let hostile =
        ONE.replace("one.txt", "../one.txt").replace("https://paper.example/1", "javascript:alert(1)");
    editor.write("one.yaml", 2, &hostile);
    assert_eq!(links(&mut editor), []);
}

#[test]
fn lenses_count_answers_and_clashes() {
    let folder = folder();
    let mut editor = start(folder.path(), capabilities());
    let mut lenses = |file: &str| -> Vec<(u32, String, Vec<Value>)> {
        let asked = json!({ "textDocument": { "uri": editor.uri(file) } });
        let lenses = editor.ask::<lsp::CodeLensRequest>(asked).unwrap();
        lenses
            .into_iter()
            .map(|lens| {
                let command = lens.command.unwrap();
                (lens.range.start.line, command.title, command.arguments.unwrap()[1..].to_vec())
            })
            .collect()
    };
    let question = |name: &str| vec![json!(name), json!("question")];
    assert_eq!(
        lenses("one.yaml"),
        [
            (2, "2 answers, 2 parties · 1 tension".to_owned(), question("raid/killed/militants")),
            (3, "2 answers, 2 parties · 1 contradiction".to_owned(), question("raid/target")),
        ]
    );
    assert_eq!(
        lenses("actors.yaml"),
        [
            (1, "1 claim".to_owned(), vec![json!("north"), json!("actor")]),
            (2, "3 claims".to_owned(), vec![json!("south"), json!("actor")]),
            (3, "1 claim".to_owned(), vec![json!("paper"), json!("actor")]),
            (5, "4 claims · 1 contradiction, 1 tension".to_owned(), vec![json!("raid"), json!("event")]),
        ]
    );
}

#[test]
fn lens_opens_the_desk() {
    let folder = folder();
    let run = |editor: &mut Client, command: &str, arguments: Value| {
        let asked = json!({ "command": command, "arguments": arguments });
        editor.call("workspace/executeCommand", asked)
    };
    let mut editor = start(folder.path(), capabilities());
    let uri = json!(editor.uri("one.yaml"));
    let opened =
        run(&mut editor, "gainsay.openDesk", json!([uri, "raid/killed/militants", "question"])).unwrap();
    assert_eq!(opened, json!("http://127.0.0.1:4880/question/raid/killed/militants"));
    assert_eq!(editor.asks.pop().unwrap().params["external"], json!(true));
    assert!(run(&mut editor, "gainsay.openDesk", json!([uri, "x", "nothing"])).is_err());
    assert!(run(&mut editor, "gainsay.openDesk", json!([])).is_err());
    assert!(run(&mut editor, "rm", json!([])).is_err());
    let page = run(&mut editor, "gainsay.explain", json!(["figures-disagree"])).unwrap();
    assert!(page.as_str().unwrap().starts_with("# figures-disagree"), "{page}");

    let mut plain = start(folder.path(), json!({}));
    run(&mut plain, "gainsay.openDesk", json!([uri, "raid", "event"])).unwrap();
    let said = plain.messages_of("window/showMessage");
    assert!(said[0]["message"].as_str().unwrap().contains("http://127.0.0.1:4880/event/raid"), "{said:?}");
}

#[test]
fn program_serves_the_desk_for_the_editor() {
    let folder = folder();
    let mut editor = Client::spawn(folder.path(), capabilities());
    let uri = json!(editor.uri("one.yaml"));
    let mut open = || {
        let asked = json!({ "command": "gainsay.openDesk", "arguments": [uri, "raid/killed/militants"] });
        editor.call("workspace/executeCommand", asked).unwrap().as_str().unwrap().to_owned()
    };
    let address = open();
    assert_eq!(open(), address, "one desk for a folder");
    let url = url::Url::parse(&address).unwrap();
    let host = format!("127.0.0.1:{}", url.port().unwrap());
    let get = |path: &str, cookie: &str| {
        let mut stream = std::net::TcpStream::connect(&host).unwrap();
        let asked =
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        std::io::Write::write_all(&mut stream, asked.as_bytes()).unwrap();
        let mut page = String::new();
        std::io::Read::read_to_string(&mut stream, &mut page).unwrap();
        page
    };
    assert!(get(url.path(), "").starts_with("HTTP/1.1 403"), "no access without the token");
    let entered = get(&format!("{}?{}", url.path(), url.query().unwrap()), "");
    let header = |name: &str| entered.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    assert_eq!(header("location: "), url.path(), "{entered}");
    let page = get(url.path(), header("set-cookie: ").split(';').next().unwrap());
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("at least 80"), "{page}");
}

#[test]
fn diagnostics_have_no_hidden_characters() {
    let claims = "actors:\n  north: { name: \"a\\u202eb\\x9b\", nmae: x }\n  n\u{e4}: {}\n  south: { speaks-for: \"b\\u2066o\\u200bgus\" }\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("four.yaml"), claims).unwrap();
    let mut editor = Client::start(folder.path(), capabilities());
    editor.open("four.yaml", claims);
    let messages: Vec<String> = editor
        .diagnostics("four.yaml", 1)
        .iter()
        .map(|shown| serde_json::to_string(shown).unwrap())
        .collect();
    assert!(messages.iter().any(|message| message.contains("gus")), "{messages:?}");
    let hidden = ['\u{202e}', '\u{9b}', '\u{2066}', '\u{200b}'];
    assert!(messages.iter().all(|message| !message.contains(hidden)), "{messages:?}");
}

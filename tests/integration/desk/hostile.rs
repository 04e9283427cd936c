//! A workspace whose every text is an attack: it is served as text.

use std::fs;

use super::Desk;
use super::crawl::{crawl, links};

/// What stands in names, words, notes, titles.
const TEXTS: [&str; 8] = [
    "<script>alert(1)</script>",
    r#"\"><img src=x onerror=alert(1)>"#,
    "' onmouseover='alert(1)",
    "</title></script><svg onload=alert(1)>",
    "&lt;b&gt;&#60;i&#62;",
    r"a\u202egnp.exe\u2066\u200b\ufeff",
    r"\u001b[31m\u0007\u0008\u0085 bell",
    "javascript:alert(1)",
];

/// A workspace in which one of the texts stands wherever a text may stand.
fn hostile(text: &str) -> String {
    format!(
        r#"actors:
  north: {{ name: "{text}", aliases: ["{text} one"], note: "{text}" }}
  south: {{ name: "{text} two" }}
  paper: {{ name: "{text} three" }}
  "x<script>alert(2)</script>": {{ name: "odd id" }}
events: {{ raid: {{ name: "{text}", date: 2026-02-22, parties: [north, south], note: "{text}" }} }}
source: {{ id: paper-1, publisher: paper, published: 2026-02-23, title: "{text}", url: "javascript:alert(1)//{text}" }}
claims:
  toll: {{ by: north, about: raid, measure: killed, value: 36, at: "{text}", words: "{text}", note: "{text}" }}
  other: {{ by: south, about: raid, measure: killed, value: 80, at: p2, words: "{text}" }}
reviews:
  one: {{ question: raid/killed/people, verdict: open, note: "{text}", by: "{text}", on: 2026-03-01 }}
"#
    )
}

#[test]
fn whatever_a_file_says_is_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a\"><script>alert(3)<script>.yaml");
    for text in TEXTS {
        fs::write(&file, hostile(text)).unwrap();
        let desk = Desk::start(folder.path(), &[]);
        let known = crawl(&desk);
        assert!(
            known.iter().any(|address| address.starts_with("/question/raid/killed")),
            "{text}: {known:?}"
        );
        for address in &known {
            let page = desk.get(address);
            if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                let page = page.text();
                for raw in ["<script>", "<img", "<svg onload", "=\"javascript:"] {
                    assert!(!page.contains(raw), "{address} of {text}: {raw}");
                }
            }
        }
        let data = desk.get("/graph.json");
        assert_eq!(data.header("content-type"), Some("application/json"));
    }
}

#[test]
fn what_an_address_says_is_text() {
    let desk = Desk::start(std::path::Path::new("claims"), &[]);
    for address in [
        "/actor/%3Cscript%3Ealert(1)%3C/script%3E",
        "/%22%3E%3Cimg%20src=x%3E",
        "/?q=%3Cscript%3Ealert(1)%3C/script%3E&actor=%22%3E%3Cimg%20src=x%3E&page=-1",
        "/?q=%E2%80%AEevil&page=99999999999999999999",
        "/events?page=18446744073709551615",
    ] {
        let answer = desk.get(address);
        assert!([200, 404].contains(&answer.status), "{address}");
        links(address, answer.text());
    }
}

#[test]
fn a_name_of_a_megabyte_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), hostile(&"x".repeat(1_000_000))).unwrap();
    let desk = Desk::start(folder.path(), &[]);
    for address in crawl(&desk).iter().filter(|address| !address.starts_with("/file/")) {
        let answer = desk.get(address);
        let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        assert!(!is_page || answer.body.len() < 500_000, "{address}: {} bytes", answer.body.len());
    }
}

//! A workspace in which every text is an attack: it is served as text.

use std::fs;

use super::Desk;
use super::crawl::{crawl, links};

/// Texts used as names, words, notes and titles.
const TEXTS: [&str; 9] = [
    "<script>alert(1)</script>",
    r#"\"><img src=x onerror=alert(1)>"#,
    "' onmouseover='alert(1)",
    "</title></script><svg onload=alert(1)>",
    "&lt;b&gt;&#60;i&#62;",
    r"a\u202egnp.exe\u2066\u200b\ufeff",
    r"\u00ad\u061c\u180e\u2028\u2029\u2060\u206a\u3164\ufff9\U000E0041\u009b",
    r"\u001b[31m\u0007\u0008\u0085 bell",
    "javascript:alert(1)",
];

/// A workspace with one of the texts in every place that takes text.
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

/// SECURITY: R15.
#[test]
fn file_contents_are_served_as_text() {
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

/// File names and ids that could be addresses or markup, or are not UTF-8.
#[cfg(unix)]
#[test]
fn odd_file_names_and_ids_have_working_addresses() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(240) + ".yaml";
    let names: [&[u8]; 9] = [
        b"<img src=x>.yaml",
        b"a\nb.yaml",
        b"caf\xe9.yaml",
        b"back\\slash.yaml",
        b"q?x#y%2f.yaml",
        b"'\".yaml",
        long.as_bytes(),
        "a\u{202e}gnp.yaml".as_bytes(),
        b"\x1b[31m.yaml",
    ];
    for name in names {
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "actors: { b: { naem: c } }\n")
            .unwrap();
    }
    let ids = ["..", ".", "%2f", "?x#y", "javascript:alert(1)", "a/b", "", " ", "a\\nb", "</style><script>"];
    let actors: Vec<String> = ids.iter().map(|id| format!("  \"{id}\": {{ name: \"{id}\" }}\n")).collect();
    let claims: Vec<String> = ids
        .iter()
        .enumerate()
        .map(|(at, id)| {
            format!("  c{at}: {{ by: \"{id}\", about: raid, measure: killed, value: {at}, at: p1 }}\n")
        })
        .collect();
    let (actors, claims) = (actors.concat(), claims.concat());
    let text = format!(
        "actors:\n  paper: {{}}\n{actors}events: {{ raid: {{ name: \"</style><script>\", date: 2026-02-22 }} }}\n\
         source: {{ id: \"..\", publisher: paper, published: 2026-02-23 }}\nclaims:\n{claims}"
    );
    fs::write(folder.path().join("raid.yaml"), text).unwrap();
    let desk = Desk::start(folder.path(), &[]);
    // The crawl asserts that every link works.
    let known = crawl(&desk);
    assert!(known.iter().filter(|address| address.starts_with("/file/")).count() >= names.len(), "{known:?}");
    assert!(known.iter().any(|address| address.contains("back%5Cslash.yaml")), "{known:?}");
    let frozen =
        crate::support::program().args(["report", "--format", "html"]).arg(folder.path()).output().unwrap();
    let frozen = String::from_utf8(frozen.stdout).unwrap();
    for raw in ["<script", "<img", "=\"javascript:"] {
        assert!(!frozen.contains(raw), "{raw}");
    }
    assert_eq!(frozen.matches("</style>").count(), 1);
}

/// A file of many lines, and an event in a cycle of many parts: the cost of a page depends on what it shows.
#[test]
fn long_deep_and_circular_structures_are_shown_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let ring: Vec<String> = (0..400)
        .map(|at| format!("  e{at}: {{ date: 2026-02-22, part-of: e{} }}\n", (at + 1) % 400))
        .collect();
    let chain: Vec<String> =
        (1..400).map(|at| format!("  f{at}: {{ date: 2026-02-22, part-of: f{} }}\n", at - 1)).collect();
    let claims: Vec<String> = (0..600)
        .map(|at| {
            format!("  c{at}: {{ by: a{}, about: f9, measure: killed, value: {at}, at: p1 }}\n", at % 2)
        })
        .collect();
    let (ring, chain, claims) = (ring.concat(), chain.concat(), claims.concat());
    let text = format!(
        "actors: {{ a0: {{}}, a1: {{}} }}\nevents:\n{ring}  f0: {{ date: 2026-02-22 }}\n{chain}\
         source: {{ id: s, publisher: a0, published: 2026-02-23 }}\nclaims:\n{claims}{}# end\n",
        "\n".repeat(1_000_000)
    );
    let lines = text.lines().count();
    fs::write(folder.path().join("raid.yaml"), text).unwrap();
    let desk = Desk::start(folder.path(), &[]);
    let file = format!("/file/{}", folder.path().join("raid.yaml").display());
    let last = desk.get(&format!("{file}?line={lines}"));
    for address in [
        "/",
        "/event/e0",
        "/event/f399",
        "/event/f0",
        "/question/f9/killed/people",
        "/graph",
        "/files",
        &file,
    ] {
        let answer = desk.get(address);
        assert_eq!(answer.status, 200, "{address}");
        assert!(answer.body.len() < 1_000_000, "{address}: {} bytes", answer.body.len());
        links(address, answer.text());
    }
    assert!(last.text().contains("# end"), "the last line is on its page");
}

#[test]
fn address_contents_are_shown_as_text() {
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
fn name_of_a_megabyte_is_shortened() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), hostile(&"x".repeat(1_000_000))).unwrap();
    let desk = Desk::start(folder.path(), &[]);
    for address in crawl(&desk).iter().filter(|address| !address.starts_with("/file/")) {
        let answer = desk.get(address);
        let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        assert!(!is_page || answer.body.len() < 500_000, "{address}: {} bytes", answer.body.len());
    }
}

//! The HTML report is one self-contained file with unique ids and working links, and pages escape the texts of a
//! hostile file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gainsay::finding::Grade;
use gainsay::folder;
use gainsay::id::{FileId, Id as _};
use gainsay::report::html::{Links, Page, PageContext, PageIndex, Reviewing};
use gainsay::report::{Report, Selection};
use gainsay::rules;
use gainsay::workspace::{Analysis, Workspace};

use crate::support::{access, analyse, workspace};

fn real_claims() -> Workspace {
    Workspace::read(folder::read(Path::new("claims"), &access(), &|_, _| ()).unwrap().inputs)
}

/// Calls a function with the desk of a workspace.
fn with_desk<T>(
    workspace: &Workspace,
    links: Links,
    look: impl FnOnce(&PageContext<'_>, &Analysis) -> T,
) -> T {
    let analysis = analyse(workspace);
    let index = PageIndex::new(&analysis);
    let desk = PageContext {
        files: workspace.files(),
        analysis: &analysis,
        index: &index,
        links,
        reviewing: Reviewing::Command,
        place: "claims/",
        read: "",
    };
    look(&desk, &analysis)
}

fn frozen(workspace: &Workspace, select: impl FnOnce(&Analysis) -> Selection) -> String {
    with_desk(workspace, Links::Frozen, |desk, analysis| {
        desk.frozen(&Report::new(workspace.files(), analysis, &select(analysis)))
    })
}

/// The values of an attribute, in order.
fn attribute_values<'t>(page: &'t str, attribute: &str) -> Vec<&'t str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Every tag of a page, in order.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or(rest)).collect()
}

/// Asserts that a page has no script, no inline styles, and only links to the web.
fn assert_inert(page: &str) {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    for tag in tags(body) {
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        let is_ours = !["script", "style", "iframe", "object", "embed", "base", "meta", "link", "img"]
            .contains(&name.as_str());
        assert!(is_ours, "<{tag}>");
        let attributes: BTreeSet<&str> = tag.split('"').step_by(2).flat_map(str::split_whitespace).collect();
        let acts = attributes
            .iter()
            .any(|name| name.starts_with("on") && name.contains('=') || name.starts_with("style="));
        assert!(!acts, "<{tag}>");
    }
    for href in attribute_values(body, "href") {
        let is_known = ["#", "/", "http://", "https://"].iter().any(|start| href.starts_with(start));
        assert!(is_known && !href.starts_with("//"), "{href}");
    }
}

#[test]
fn frozen_report_has_unique_ids_and_no_broken_links() {
    let file = frozen(&real_claims(), |_| Selection::default());
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for id in attribute_values(&file, "id") {
        *times.entry(id).or_default() += 1;
    }
    let twice: Vec<_> = times.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let dead: BTreeSet<&str> = attribute_values(&file, "href")
        .into_iter()
        .filter(|href| href.strip_prefix('#').is_none_or(|id| !times.contains_key(id)))
        .filter(|href| !href.starts_with("http"))
        .collect();
    assert!(dead.is_empty(), "{dead:?}");
    for reference in ["aria-labelledby", "aria-describedby", "aria-details", "for"] {
        for ids in attribute_values(&file, reference) {
            assert!(ids.split(' ').all(|id| times.contains_key(id)), "{reference}={ids}");
        }
    }
}

#[test]
fn print_includes_the_main_chapters_and_names_the_others() {
    let file = frozen(&real_claims(), |_| Selection::default());
    for (chapter, is_read) in [
        ("disputes", true),
        ("parties", true),
        ("events", false),
        ("actors", false),
        ("sources", false),
        ("rules", false),
        ("files", false),
    ] {
        let tick = format!(
            "<input type=\"checkbox\" id=\"print:{chapter}\"{}>",
            if is_read { " checked" } else { "" }
        );
        assert!(file.contains(&tick), "{chapter}");
        for place in ["chapter", "unprinted", "of-chapter"] {
            assert_eq!(file.matches(&format!("class=\"{place} {chapter}\"")).count(), 1, "{place} {chapter}");
        }
        // The style sheet hides an unticked chapter on paper and says so.
        let hides =
            format!("body:has(#print\\:{chapter}:not(:checked)) :is(.chapter, .of-chapter).{chapter}");
        let tells = format!("body:has(#print\\:{chapter}:not(:checked)) .unprinted.{chapter}");
        assert!(file.contains(&hides) && file.contains(&tells), "{chapter}");
    }
}

#[test]
fn frozen_report_has_a_section_for_every_entry() {
    let workspace = real_claims();
    let analysis = analyse(&workspace);
    let file = frozen(&workspace, |_| Selection::default());
    let ids: BTreeSet<&str> = attribute_values(&file, "id").into_iter().collect();
    let model = &analysis.model;
    for (kind, names) in [
        ("actor", model.actors.names()),
        ("event", model.subjects.names()),
        ("source", model.sources.names()),
    ] {
        for name in names {
            assert!(ids.contains(format!("{kind}/{name}").as_str()), "{kind}/{name}");
        }
    }
    for dispute in &analysis.disputes {
        let place = Links::Frozen.to("question", &model.question_name(dispute.question));
        assert!(ids.contains(&place[1..]), "{place}");
    }
    for claim in model.claim_ids().map(|claim| model.claim(claim)) {
        let place = Links::Frozen.claim(model.sources.name(claim.source), &claim.name);
        assert!(ids.contains(&place[1..]), "{place}");
    }
}

#[test]
fn frozen_report_loads_nothing_and_says_so() {
    let file = frozen(&real_claims(), |_| Selection::default());
    assert_inert(&file);
    assert!(file.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\""));
    assert!(!file.contains("<script") && !file.contains(" src="));
    let elsewhere: Vec<_> =
        file.split("url(\"").skip(1).filter(|rest| !rest.starts_with("data:font/woff2;base64,")).collect();
    assert!(elsewhere.is_empty(), "{:?}", elsewhere.first().map(|rest| &rest[..40]));
    assert_eq!(file, frozen(&real_claims(), |_| Selection::default()), "the same files give the same report");
}

#[test]
fn frozen_report_of_a_selection_has_only_related_entries() {
    let raids = |analysis: &Analysis| Selection {
        events: vec![analysis.model.subjects.find("raids-2026-02-22").unwrap()],
        grades: vec![Grade::Contradiction],
        ..Selection::default()
    };
    let file = frozen(&real_claims(), raids);
    let ids = attribute_values(&file, "id");
    assert!(ids.contains(&"event/raids-2026-02-22") && ids.contains(&"actor/pakistan-gov"));
    assert!(ids.contains(&"question/raids-2026-02-22/killed/militants"));
    assert!(
        !ids.contains(&"event/ttp-founding-2007") && !ids.contains(&"source/the-defense-news-2025-10-10")
    );
    assert!(!ids.contains(&"parties") && !ids.contains(&"files"));
    for href in attribute_values(&file, "href").into_iter().filter(|href| href.starts_with('#')) {
        assert!(ids.contains(&&href[1..]), "{href}");
    }
}

/// Files in which every text would be markup, an address or a direction override if it were not escaped.
fn hostile_workspace() -> Workspace {
    let evil = "\\\"><script>alert(1)</script><a href='javascript:alert(2)' onmouseover=x>\\u202Etxt\\u0007";
    let long = "x".repeat(100_000);
    let text = format!(
        "actors:\n  north: {{ name: \"North {evil}\", role: \"{evil}\", kind: \"{evil}\" }}\n  south: {{ name: \"South {evil}\" }}\n  \
         paper: {{ name: \"{evil} {long}\" }}\n  general: {{ speaks-for: north, name: \"General {evil}\" }}\n\
         events:\n  war: {{ name: \"War {evil}\", date: 2026-02 }}\n  raid: {{ name: \"{evil}\", kind: \"{evil}\", date: 2026-02-22, part-of: war, parties: [north, south] }}\n\
         source: {{ id: paper-1, publisher: paper, published: 2026-06-01, title: \"{evil}\", url: \"javascript:alert(3)\", text: \"{evil}\" }}\n\
         claims:\n  one: {{ by: general, about: raid, measure: killed, value: 36, at: p1, words: \"{evil}\", note: \"{evil}\" }}\n  \
         two: {{ by: south, about: raid, measure: killed, value: at least 50, at: p2 }}\n  \
         three: {{ by: south, about: raid, measure: injured, value: \"{evil}\" }}\n  \
         \"{evil}\": {{ by: \"{evil}\", about: \"{evil}\", measure: \"{evil}\", value: 3 }}\n\"{evil}\": {{}}\n"
    );
    workspace([("\"><script>alert(4)</script>.yaml", text), ("a b?c#d.yaml", "actors: { x: [ }".to_owned())])
}

#[test]
fn hostile_text_is_escaped_on_every_page() {
    let workspace = hostile_workspace();
    with_desk(&workspace, Links::Served, |desk, analysis| {
        let model = &analysis.model;
        assert!(
            analysis.disputes.iter().any(|dispute| dispute.grade == Grade::Contradiction),
            "nothing to show"
        );
        let mut pages: Vec<Page> = vec![
            desk.events(1),
            desk.actors(1),
            desk.sources(1),
            desk.parties(1),
            desk.rules(),
            desk.files(1),
            desk.graph(1),
        ];
        pages.extend(model.subjects.ids().map(|id| desk.event(id, 1)));
        pages.extend(model.actors.ids().map(|id| desk.actor(id, 1)));
        pages.extend(model.sources.ids().map(|id| desk.source(id, 1, Some("one"))));
        pages.extend(
            model
                .actors
                .ids()
                .flat_map(|one| model.actors.ids().map(move |other| (one, other)))
                .map(|(one, other)| desk.pair(one, other, 1)),
        );
        pages.extend((0..workspace.files().len()).map(|at| desk.file(FileId::new(at), 1, Some(3))));
        for page in pages {
            let body = page.body.into_string();
            assert_inert(&body);
            assert!(!body.contains(['\u{202e}', '\u{7}']), "{}", page.title);
            assert!(body.len() < 400_000, "{}: {}", page.title, body.len());
        }
        let data = desk.graph_data();
        assert!(serde_json::from_str::<serde_json::Value>(&data).is_ok());
    });
    let file = frozen(&workspace, |_| Selection::default());
    assert_inert(&file);
    assert!(!file.contains("<script") && !file.contains(['\u{202e}', '\u{7}']));
}

#[test]
fn web_addresses_become_links() {
    let with = |url: &str| {
        let text = format!(
            "actors: {{ paper: {{}} }}\nsource: {{ id: p, publisher: paper, published: 2026-06-01, url: \"{url}\" }}\nclaims: {{}}\n"
        );
        let workspace = workspace([("a.yaml", text)]);
        with_desk(&workspace, Links::Served, |desk, analysis| {
            let source = analysis.model.sources.ids().next().unwrap();
            desk.source(source, 1, None).body.into_string()
        })
    };
    assert!(
        with("https://example.org/?a=b&c")
            .contains("<a rel=\"noreferrer noopener\" href=\"https://example.org/?a=b&amp;c\">")
    );
    for url in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org"] {
        assert!(!attribute_values(&with(url), "href").contains(&url), "{url}");
    }
}

#[test]
fn rule_pages_count_their_findings_and_link_to_them() {
    with_desk(&real_claims(), Links::Served, |desk, analysis| {
        let page = desk.rules().body.into_string();
        for rule in rules::ALL.iter().filter(|rule| !rule.grade.is_lint()) {
            let fired = analysis.findings.iter().filter(|finding| finding.rule == rule.id).count();
            let count = format!("<a href=\"/?rule={}\">{fired}</a>", rule.id);
            assert_eq!(page.contains(&count), fired > 0, "{}: {fired}", rule.id);
            assert!(page.contains(&format!("href=\"/rule/{}\"", rule.id)), "{}", rule.id);
        }
        for name in rules::names() {
            let body = desk.rule(rules::known(name).unwrap()).body.into_string();
            assert!(body.contains(&format!("<h1>{name}</h1>")), "{name}");
        }
        let denied = desk.rule(rules::known("denied").unwrap()).body.into_string();
        assert!(denied.contains("<h3>Bad</h3><pre") && denied.contains("stance: denies"));
    });
}

#[test]
fn file_pages_show_lints_and_reach_every_line() {
    let lines = (0..5_000).map(|at| format!("# line {at}\n")).collect::<Vec<_>>().concat();
    let text = format!("{lines}actors: {{ a: {{ naem: x }} }}\n");
    let workspace = workspace([("a.yaml", text)]);
    with_desk(&workspace, Links::Served, |desk, _| {
        let page = desk.files(1).body.into_string();
        assert!(page.contains("^^^^") && page.contains("href=\"/file/a.yaml?line=5001#L5001\""), "{page}");
        let of_line = desk.file(FileId::new(0), 1, Some(5_001)).body.into_string();
        let ids = attribute_values(&of_line, "id");
        assert!(ids.contains(&"L5001") && !ids.contains(&"L1"), "{ids:?}");
        assert!(of_line.contains("unknown-key") && of_line.contains("Page 3 of 3"));
        let shown: usize = (1..=3)
            .map(|page| {
                attribute_values(&desk.file(FileId::new(0), page, None).body.into_string(), "id").len()
            })
            .sum();
        assert_eq!(shown, 5_001);
    });
}

#[test]
fn claim_is_on_the_page_that_its_link_opens() {
    let claims = (0..450)
        .map(|at| {
            format!(
                "  c{at:03}: {{ by: north, about: raid, measure: killed, value: {at}, at: p{} }}\n",
                at + 1
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let text = format!(
        "actors: {{ north: {{}}, paper: {{}} }}\nevents: {{ raid: {{ date: 2026-02-22 }} }}\nsource: {{ id: p, publisher: paper, published: 2026-06-01 }}\nclaims:\n{claims}"
    );
    let workspace = workspace([("a.yaml", text)]);
    with_desk(&workspace, Links::Served, |desk, analysis| {
        let source = analysis.model.sources.ids().next().unwrap();
        for name in ["c000", "c199", "c200", "c449"] {
            let link = Links::Served.claim("p", name);
            let body = desk.source(source, 0, Some(name)).body.into_string();
            assert!(attribute_values(&body, "id").contains(&link.split_once('#').unwrap().1), "{link}");
        }
        let event = analysis.model.subjects.find("raid").unwrap();
        let all: usize = (1..=3)
            .map(|page| desk.event(event, page).body.into_string().matches("/source/p?claim=").count())
            .sum();
        assert!(all >= 450, "{all}");
    });
}

#[test]
fn graph_data_marks_clashes() {
    with_desk(&real_claims(), Links::Served, |desk, _| {
        let data: serde_json::Value = serde_json::from_str(&desk.graph_data()).unwrap();
        let nodes = data["nodes"].as_array().unwrap();
        let edges = data["edges"].as_array().unwrap();
        for edge in edges {
            let ends = [&edge["from"], &edge["to"]]
                .map(|end| &nodes[usize::try_from(end.as_u64().unwrap()).unwrap()]);
            let are_claims = ends.iter().all(|end| end["kind"] == "claim");
            assert!(edge["clash"] == (edge["kind"] == "clashes with"));
            assert!(edge["clash"] == false || are_claims, "{edge}");
        }
        assert!(edges.iter().any(|edge| edge["clash"] == true));
        assert!(nodes.iter().any(|node| node["grade"] == "contradiction"
            && node["href"].as_str().unwrap().starts_with("/question/")));
    });
}

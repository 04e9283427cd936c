//! Follows every link from the first page, and checks each page.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use super::Desk;

/// Elements without an end tag.
const VOID_ELEMENTS: [&str; 8] = ["meta", "link", "input", "br", "hr", "img", "wbr", "col"];
/// The most pages of one crawl: enough for all of `claims/`, and a limit in case pages link to ever more pages.
const MAX_PAGES: usize = 3000;

/// Requests every page that can be reached from the first one, and returns their addresses.
pub(super) fn crawl(desk: &Desk) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = BTreeSet::from(["/".to_owned()]);
    let mut ahead: VecDeque<String> = known.iter().cloned().collect();
    while let Some(address) = ahead.pop_front() {
        let answer = desk.get(&address);
        assert_eq!(answer.status, 200, "{address}");
        answer.assert_guarded(&address);
        if answer.header("content-type") != Some("text/html; charset=utf-8") {
            continue;
        }
        for link in links(&address, answer.text()) {
            if known.len() < MAX_PAGES && known.insert(link.clone()) {
                ahead.push_back(link);
            }
        }
    }
    known
}

/// Checks a page as a strict parser would. Returns the addresses of its links and of the files it loads.
pub(super) fn links(address: &str, page: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut links = Vec::new();
    assert!(page.starts_with("<!DOCTYPE html>"), "{address}");
    let mut rest = &page["<!DOCTYPE html>".len()..];
    while let Some(at) = rest.find('<') {
        assert!(
            !rest[..at].chars().any(is_control_or_invisible),
            "{address}: control or invisible characters in {:?}",
            &rest[..at]
        );
        rest = &rest[at + 1..];
        let end = end_of_tag(rest).unwrap_or_else(|| panic!("{address}: a tag without an end: {rest:.80}"));
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{address}: tags closed in the wrong order");
            continue;
        }
        let name = tag.split([' ', '/', '\n']).next().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{address}: <{tag}>");
        for (key, value) in attributes(&tag[name.len()..]) {
            assert!(key != "style" && !key.starts_with("on"), "{address}: <{tag}>");
            // A field contains exactly the text that a reader typed.
            let typed = name == "input" && key == "value";
            assert!(
                typed || !value.chars().any(is_control_or_invisible),
                "{address}: control or invisible characters in <{tag:?}>"
            );
            if ["href", "src", "action"].contains(&key) && name != "use" {
                let scheme = value.split_once(':').map(|(scheme, _)| scheme);
                let is_ours = value.starts_with(['/', '#', '?']) && !value.starts_with("//");
                assert!(is_ours || matches!(scheme, Some("http" | "https")), "{address}: <{tag}>");
                if value.starts_with('/') && key != "action" {
                    let value = value.replace("&amp;", "&");
                    links.push(value.split('#').next().unwrap().to_owned());
                }
            }
        }
        if name == "script" {
            assert!(tag.contains("src=") && rest.starts_with("</script>"), "{address}: an inline script");
        }
        if !VOID_ELEMENTS.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{address}: never closed: {open:?}");
    links
}

/// The end of a tag: a `>` outside of quotation marks.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim().trim_end_matches('/').trim_end();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let key = &rest[..end];
        if let Some(value) = rest[end..].strip_prefix("=\"") {
            let (value, after) = value.split_once('"').expect("a value ends");
            attributes.push((key, value));
            rest = after.trim_start();
        } else {
            assert!(!rest[end..].starts_with('='), "a value without quotation marks: {rest}");
            attributes.push((key, ""));
            rest = rest[end..].trim_start();
        }
    }
    attributes
}

/// Control and format characters, which a terminal or browser obeys or which are invisible.
fn is_control_or_invisible(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'
                ..='\u{202e}'
        )
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[test]
fn pages_on_the_real_claims_are_all_served() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let known = crawl(&desk);
    for part in
        ["/", "/events", "/actors", "/parties", "/sources", "/graph", "/rules", "/files", "/assets/desk.css"]
    {
        assert!(known.contains(part), "no page leads to {part}");
    }
    assert!(known.iter().any(|address| address.starts_with("/question/")), "{known:?}");
    assert_eq!(desk.get("/graph.json").status, 200);
    assert_eq!(desk.interrupt(), Some(0), "an interrupt ends the desk and is not an error");
}

#[test]
fn files_a_browser_has_cached_are_not_sent_again() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for path in ["/", "/assets/desk.css", "/graph.json"] {
        let first = desk.get(path);
        let tag = first.header("etag").unwrap().to_owned();
        let again = desk.request("GET", path, &format!("If-None-Match: {tag}\r\n"), "");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        again.assert_guarded(path);
        let head = desk.request("HEAD", path, "", "");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-length"), first.header("content-length"), "{path}");
    }
    let other = desk.request("GET", "/", "If-None-Match: \"other\"\r\n", "");
    assert_eq!(other.status, 200);
}

#[test]
fn mistyped_address_gets_suggestions() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for (address, meant) in [
        ("/question/raids-2026-02-22/killed/militant", "/question/raids-2026-02-22/killed/militants"),
        ("/event/raids-2026-02-21", "/event/raids-2026-02-22"),
        ("/rule/denyed", "/rule/denied"),
    ] {
        let answer = desk.get(address);
        assert_eq!(answer.status, 404, "{address}");
        assert!(links(address, answer.text()).iter().any(|link| link == meant), "{address}");
    }
}

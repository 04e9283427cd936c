//! A claim file that attacks its readers.

use super::driver::{Browser, BrowserSetup, Served, browse};

/// Names and words that could be markup, script, links or direction overrides.
fn hostile() -> String {
    let name = "</title></script><script>window.hit=1</script><img src=x onerror=window.hit=1>\\u202Edesrever\\u0002";
    let long = "x".repeat(1_000_000);
    format!(
        "actors:
  a: {{ name: \"{name}\", kind: \"<b>state\" }}
  b: {{ name: \"' onmouseover='window.hit=1\", role: \"{long}\" }}
  paper: {{ name: \"<iframe src=javascript:window.hit=1>\" }}
events:
  e: {{ name: \"{name}\", date: 2026-02-22, parties: [a, b] }}
source:
  id: s
  publisher: paper
  published: 2026-03-01
  title: \"{name}\"
  url: \"javascript:window.hit=1\"
claims:
  one: {{ by: a, about: e, measure: killed, of: civilians, value: 36, words: \"{name}\", note: \"{long}\" }}
  two: {{ by: b, about: e, measure: killed, of: civilians, value: 10, words: \"<svg onload=window.hit=1>\" }}
reviews:
  r: {{ question: e/killed/civilians, verdict: open, by: \"{name}\", note: \"<style>*{{display:none}}</style>\" }}
"
    )
}

#[test]
fn hostile_text_is_shown_and_has_no_effect() {
    let desk = Served::start([("a.yaml", hostile())], &[]);
    browse(BrowserSetup::default(), async move |page: Browser| {
        for path in [
            "/",
            "/question/e/killed/civilians",
            "/event/e",
            "/actor/a",
            "/actor/b",
            "/source/s",
            "/parties",
            "/graph",
            "/files",
            "/events",
            "/actors",
            "/sources",
        ] {
            page.open(&desk.page(path)).await;
            page.find("h1").await;
            assert_eq!(page.run("return window.hit === undefined").await, true, "{path}");
            let harm = page.run("return document.querySelectorAll('iframe, img, main script, main style, [onerror], [onload], [onmouseover], a[href^=javascript]').length").await;
            assert_eq!(harm, 0, "{path}");
            let size = page.source().await.len();
            assert!(size < 600_000, "{path}: {size} bytes");
        }
        page.open(&desk.page("/question/e/killed/civilians")).await;
        page.shows("main", "<script>").await;
        page.shows("main", "U+202E").await;
    });
}

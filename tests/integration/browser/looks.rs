//! The appearance of pages: nothing overflows or overlaps, and the accessibility engine finds no serious fault, in
//! light and dark colours, on wide and small screens.

use serde_json::Value;

use super::driver::{Browser, BrowserSetup, Served, browse};

/// One page of each kind.
const PAGES: [&str; 17] = [
    "/",
    "/?by_event=1",
    "/?q=nothing-is-called-so",
    "/question/raids-2026-02-22/killed/militants",
    "/question/kabul-backs-armed-groups/backing",
    "/events",
    "/event/raids-2026-02-22",
    "/actors",
    "/actor/pakistan-gov",
    "/parties",
    "/sources",
    "/source/al-jazeera-2026-02-24",
    "/parties/pakistan-gov/afghan-gov",
    "/graph",
    "/rules",
    "/rule/denied",
    "/files",
];

/// The impact levels of accessibility complaints that fail a test.
const FAILING_IMPACTS: [&str; 2] = ["serious", "critical"];

fn check_pages(setup: BrowserSetup) {
    let axe = std::fs::read_to_string("tests/browser/node_modules/axe-core/axe.min.js")
        .expect("`sh tests/run` installs axe-core");
    let desk = Served::real(&[]);
    browse(setup, async move |page: Browser| {
        let mut complaints: Vec<String> = Vec::new();
        page.open(&desk.page("/files")).await;
        let lines = page.find("main a[href^='/file/']").await.attr("href").await.unwrap().unwrap();
        for path in PAGES.into_iter().chain([lines.as_str()]) {
            page.open(&desk.page(path)).await;
            page.find("h1").await;
            page.run_to_end("document.fonts.ready.then(() => arguments[0](true))", Vec::new()).await;
            let overhang = page
                .run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                .await;
            if overhang != 0 {
                complaints.push(format!("{path} hangs over by {overhang} px"));
            }
            let overlaps = page.run(OVERLAPS).await;
            complaints.extend(
                overlaps.as_array().unwrap().iter().map(|pair| format!("{path}: labels overlap: {pair}")),
            );
            page.run(&axe).await;
            let found = page.run_to_end("axe.run(document, { resultTypes: ['violations'] }).then(found => arguments[0](found.violations), error => arguments[0]([{ impact: 'critical', id: String(error), nodes: [] }]))", Vec::new()).await;
            complaints.extend(found.as_array().unwrap().iter().filter(|it| is_serious(it)).map(|it| {
                let nodes: Vec<String> = it["nodes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .take(3)
                    .map(|node| format!("{} {}", node["html"], node["failureSummary"]))
                    .collect();
                format!("{path}: {} {}: {}", it["impact"], it["id"], nodes.join("\n   "))
            }));
        }
        assert!(complaints.is_empty(), "{setup:?}\n{}", complaints.join("\n"));
    });
}

fn is_serious(complaint: &Value) -> bool {
    complaint["impact"].as_str().is_some_and(|impact| FAILING_IMPACTS.contains(&impact))
}

/// Pairs of labels of one chart that visibly overlap.
const OVERLAPS: &str = "
    const found = [];
    for (const chart of document.querySelectorAll('svg.chart')) {
        const box = chart.getBoundingClientRect();
        if (!box.width) continue;
        const texts = [...chart.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
        for (const [text, a] of texts) {
            if (a.left < box.left - 2 || a.right > box.right + 2) found.push([text, 'the frame']);
        }
        for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
            const [a, b] = [texts[i][1], texts[j][1]];
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 1 && high > 5) found.push([texts[i][0], texts[j][0]]);
        }
    }
    return found.slice(0, 9);
";

#[test]
fn pages_pass_all_checks_in_light_colours() {
    check_pages(BrowserSetup::default());
}

#[test]
fn pages_pass_all_checks_in_dark_colours() {
    check_pages(BrowserSetup { dark: true, ..BrowserSetup::default() });
}

#[test]
fn pages_pass_all_checks_on_a_small_screen() {
    check_pages(BrowserSetup { narrow: true, ..BrowserSetup::default() });
}

//! Finding a dispute, reading it, and following its links.

use super::driver::{Browser, BrowserSetup, Served, browse};

#[test]
fn dispute_can_be_found_by_filter_opened_and_read() {
    let desk = Served::real(&[]);
    let address = desk.page("/");
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&address).await;
        let all = page.all(".drow").await.len();
        assert!(all >= 20, "{all} disputes");
        let search = page.find("input[name=q]").await;
        search.send_keys("Nangarhar").await.unwrap();
        page.find(".filter button").await.click().await.unwrap();
        page.find("input[name=q][value=Nangarhar]").await;
        let left = page.all(".drow").await.len();
        assert!(left > 0 && left < all, "{left} of {all}");
        page.find(".drow h3 a[href='/question/raids-2026-02-22/killed/militants']")
            .await
            .click()
            .await
            .unwrap();
        page.shows("h1", "How many militants were killed?").await;
        page.shows("h1", "22 February 2026").await;
        let chart = page.find("svg.chart.wide[role=img]").await;
        let said = chart.text().await.unwrap();
        assert!(said.contains("at least 80"), "{said}");
        let titled = page
            .run("const chart = document.querySelector('svg.chart.wide'); return ['title', 'desc'].every(name => chart.querySelector(name).textContent.length > 10)")
            .await;
        assert_eq!(titled, true);
        page.shows("main", "No position on record").await;
    });
}

#[test]
fn links_all_lead_to_existing_places() {
    let desk = Served::real(&[]);
    let address = desk.page("/");
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&address).await;
        let dead = page
            .run_to_end(
                "const done = arguments[0];
                 (async () => {
                   const seen = new Set(), dead = [], queue = [['/', 'start']];
                   const documents = new Map();
                   while (queue.length) {
                     const [address, from] = queue.shift();
                     const url = new URL(address, location);
                     if (url.origin !== location.origin) continue;
                     for (const place of ['claim', 'line']) url.searchParams.delete(place);
                     const path = url.pathname + url.search;
                     if (!documents.has(path)) {
                       const answer = await fetch(path);
                       if (!answer.ok) { dead.push(`${address} on ${from}: ${answer.status}`); documents.set(path, null); continue; }
                       if (!(answer.headers.get('content-type') || '').startsWith('text/html')) { documents.set(path, null); continue; }
                       const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
                       documents.set(path, new Set([...page.querySelectorAll('[id]')].map(e => e.id)));
                       const ids = [...page.querySelectorAll('[id]')].map(e => e.id);
                       const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
                       if (twice.length) dead.push(`${path}: ids twice: ${twice.slice(0, 3)}`);
                       for (const link of page.querySelectorAll('a[href]')) queue.push([new URL(link.getAttribute('href'), url.href).href, path]);
                     }
                     const ids = documents.get(path);
                     if (ids && url.hash.length > 1 && !ids.has(decodeURIComponent(url.hash.slice(1)))) {
                       const what = path + url.hash; if (!seen.has(what)) { seen.add(what); dead.push(`${what} on ${from}: no such place`); }
                     }
                   }
                   done({ pages: documents.size, dead: [...new Set(dead)].slice(0, 20) });
                 })().catch(error => done({ pages: 0, dead: [String(error)] }));",
                Vec::new(),
            )
            .await;
        assert_eq!(dead["dead"], serde_json::json!([]), "{dead}");
        assert!(dead["pages"].as_u64().unwrap() > 200, "{dead}");
    });
}

#[test]
fn graph_shows_a_node_and_its_neighbours() {
    let desk = Served::real(&[]);
    let address = desk.page("/graph");
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&address).await;
        page.find("#graph canvas").await;
        let search = page.find("#graph input[type=search]").await;
        search.send_keys("Pahalgam").await.unwrap();
        page.find(".graph-panel .graph-go").await.click().await.unwrap();
        page.shows(".graph-status", "around “").await;
        page.shows(".graph-status", "Pahalgam").await;
        assert!(!page.all("table tbody tr").await.is_empty(), "the edges are also in a table");
    });
}

#[test]
fn graph_of_thousands_of_nodes_is_drawn_and_can_be_zoomed() {
    let actors = (0..1500).map(|at| format!("  a{at}: {{}}\n")).collect::<Vec<_>>().concat();
    let claims = "source: {id: s, publisher: a0, published: 2026-02-24}\nevents: {raid: {date: 2026-02-22}}\nclaims:\n  \
                  one: {by: a1, about: raid, measure: killed, value: 80, at: p1}\n  \
                  other: {by: a2, about: raid, measure: killed, value: 20, at: p2}\n";
    let desk =
        Served::start([("actors.yaml", format!("actors:\n{actors}")), ("s.yaml", claims.to_owned())], &[]);
    let address = desk.page("/graph");
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&address).await;
        page.find("#graph canvas.graph-plain").await;
        page.shows(".graph-status", "nodes").await;
        page.find("#graph input[type=search]").await.send_keys("raid").await.unwrap();
        page.find(".graph-panel .graph-go").await.click().await.unwrap();
        page.shows(".graph-status", "around “").await;
        assert!(page.all("canvas.graph-plain").await.is_empty(), "cytoscape draws the few nodes");
        page.find("button[aria-label='Whole graph']").await.click().await.unwrap();
        page.find("#graph canvas.graph-plain").await;
        page.shows(".graph-status", "Click a node").await;
    });
}

#[test]
fn frozen_report_opens_from_a_disk_and_requests_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    let done = crate::support::program()
        .args(["report", "claims", "--format", "html", "-o"])
        .arg(&file)
        .status()
        .unwrap();
    assert!(done.success());
    let address = format!("file://{}", file.display());
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&address).await;
        page.shows("[id='question/raids-2026-02-22/killed/militants'] h1", "How many militants were killed?")
            .await;
        let asked = page.run("return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:'))").await;
        assert_eq!(asked, serde_json::json!([]));
        assert_eq!(page.all("script").await.len(), 0);
        let font = page.run_to_end("document.fonts.ready.then(() => arguments[0](document.fonts.check('16px \"Source Sans 3\"')))", Vec::new()).await;
        assert_eq!(font, true, "the fonts are in the file");
        let dead = page.run("return [...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(decodeURIComponent(a.getAttribute('href').slice(1))) && !document.getElementById(a.getAttribute('href').slice(1))).map(a => a.getAttribute('href')).slice(0, 9)").await;
        assert_eq!(dead, serde_json::json!([]));
    });
    drop(folder);
}

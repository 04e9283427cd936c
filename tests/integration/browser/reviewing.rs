//! Reviewing a dispute: by keyboard, next to an editor, next to another reviewer, without script.

use super::driver::{Browser, BrowserSetup, Served, browse};
use super::{DISPUTE, RAID};

const CTRL_ENTER: &str = "\u{e009}\u{e007}";

#[test]
fn review_is_saved_and_undone_by_keyboard_alone() {
    let desk = Served::start([("raid.yaml", RAID)], &[]);
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&desk.page("/")).await;
        page.find(".drow").await;
        page.press("j").await;
        page.find(".drow.on").await;
        page.press("\u{e007}").await;
        page.shows("h1", "How many militants were killed?").await;
        page.press("4").await;
        page.find("input[name=verdict][value=irreconcilable]:checked").await;
        page.press("s").await;
        page.run("document.getElementById('review-note').focus()").await;
        page.press("No access to the site: \"both\" stay").await;
        page.press("\u{e004}").await;
        page.press("the desk").await;
        page.press(CTRL_ENTER).await;
        page.shows(".history", "Irreconcilable").await;
        page.shows(".history", "No access to the site: \"both\" stay").await;
        let written = desk.read("reviews.yaml");
        for line in ["question: raid/killed/militants", "verdict: irreconcilable", "by: the desk", "seen: "] {
            assert!(written.contains(line), "{line} in\n{written}");
        }
        assert_eq!(desk.read("raid.yaml"), RAID, "the claims are unchanged");
        page.find(".history form button").await.click().await.unwrap();
        page.shows(".metaline .state", "Open").await;
        assert!(!desk.read("reviews.yaml").contains("irreconcilable"), "{}", desk.read("reviews.yaml"));
    });
}

#[test]
fn page_follows_the_files_and_a_review_becomes_stale() {
    let desk = Served::start([("raid.yaml", RAID)], &[]);
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&desk.page(DISPUTE)).await;
        page.find("input[name=verdict][value=explained]").await.click().await.unwrap();
        page.find("input[name=by]").await.send_keys("the desk").await.unwrap();
        page.find("form.form button.primary").await.click().await.unwrap();
        page.shows(".metaline .state", "Explained").await;
        desk.write("raid.yaml", &RAID.replace("at least 80 ", "at least 95 "));
        page.shows(".metaline .state", "Stale").await;
        page.shows(".thennow", "at least 80").await;
        page.shows(".thennow", "at least 95").await;
        page.shows("svg.chart.wide", "at least 95").await;
        desk.write("raid.yaml", "claims: [");
        page.shows("main", "raid.yaml").await;
        desk.write("raid.yaml", RAID);
        page.shows(".metaline .state", "Explained").await;
    });
}

#[test]
fn reviews_saved_by_two_reviewers_at_once_are_both_kept() {
    let desk = Served::start([("raid.yaml", RAID)], &[]);
    let address = desk.page(DISPUTE);
    let other = BrowserSetup { scriptless: true, ..BrowserSetup::default() };
    browse(BrowserSetup::default(), async move |first: Browser| {
        first.open(&desk.page(DISPUTE)).await;
        let second = super::driver::second(other).await;
        second.page.open(&address).await;
        for (page, verdict, by) in
            [(&first, "explained", "first desk"), (&second.page, "settled", "second desk")]
        {
            page.find(&format!("input[name=verdict][value={verdict}]")).await.click().await.unwrap();
            page.find("input[name=by]").await.send_keys(by).await.unwrap();
            page.find("textarea[name=note]").await.send_keys(&format!("what the {by} saw")).await.unwrap();
        }
        second.page.find("input[name=figure]").await.send_keys("at least 80").await.unwrap();
        first.find("form.form button.primary").await.click().await.unwrap();
        first.shows(".metaline .state", "Explained").await;
        second.page.find("form.form button.primary").await.click().await.unwrap();
        second.page.shows("main", "Not saved").await;
        second.page.shows("main pre", "first desk").await;
        assert_eq!(
            second.page.find("textarea[name=note]").await.text().await.unwrap(),
            "what the second desk saw"
        );
        assert!(!desk.read("reviews.yaml").contains("second desk"));
        second.page.find("button[name=anyway]").await.click().await.unwrap();
        second.page.shows(".metaline .state", "Settled").await;
        let written = desk.read("reviews.yaml");
        assert!(written.contains("first desk") && written.contains("second desk"), "{written}");
        second.close().await;
    });
}

#[test]
fn pages_work_without_script_except_for_keyboard_shortcuts() {
    let desk = Served::start([("raid.yaml", RAID)], &[]);
    browse(BrowserSetup { scriptless: true, ..BrowserSetup::default() }, async move |page: Browser| {
        page.open(&desk.page("/")).await;
        page.find("input[name=q]").await.send_keys("nowhere").await.unwrap();
        page.find(".filter button").await.click().await.unwrap();
        page.shows("main", "No dispute matches").await;
        page.open(&desk.page(DISPUTE)).await;
        page.find("input[name=verdict][value=irreconcilable]").await.click().await.unwrap();
        page.find("input[name=by]").await.send_keys("the desk").await.unwrap();
        page.find("form.form button.primary").await.click().await.unwrap();
        page.shows(".metaline .state", "Irreconcilable").await;
        page.open(&desk.page("/graph")).await;
        assert!(!page.all("table tbody tr").await.is_empty());
    });
}

#[test]
fn read_only_desk_shows_the_command_instead_of_the_form() {
    let desk = Served::start([("raid.yaml", RAID)], &["--read-only"]);
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&desk.page(DISPUTE)).await;
        page.shows("main", "gainsay review raid/killed/militants").await;
        assert_eq!(page.all("form[method=post]").await.len(), 0);
    });
}

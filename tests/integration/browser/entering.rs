//! How a browser gets access to a desk: with the printed address at first, then with the cookie, and in no other way.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::driver::{Browser, BrowserSetup, Served, browse, second};

/// Serves a page of another site with one link until the test ends, and returns its address. For a browser `localhost`
/// and `127.0.0.1` are two sites.
fn other_site(link: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
    let page = format!("<!DOCTYPE html><title>other</title><a id=link href=\"{link}\">to the desk</a>");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (head, page) = ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close", &page);
            _ = stream.read(&mut [0; 4096]);
            _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{page}", page.len());
        }
    });
    address
}

#[test]
fn printed_address_logs_in_and_the_token_leaves_the_address() {
    let desk = Served::real(&[]);
    browse(BrowserSetup::default(), async move |page: Browser| {
        page.open(&desk.address).await;
        page.shows("h1", "This desk needs a token").await;
        page.open(&desk.page("/events?page=1")).await;
        page.shows("h1", "Events").await;
        assert_eq!(page.run("return location.pathname + location.search").await, "/events?page=1");
        let traces = "return JSON.stringify([document.cookie, document.referrer, document.documentElement.outerHTML, \
                      ...navigation.entries().map(entry => entry.url)])";
        assert!(!page.run(traces).await.as_str().unwrap().contains("token="));
        assert_eq!(page.run("return document.cookie").await, "", "script cannot read the cookie");
        // From here on the address has no token. Styles and scripts load as well.
        page.open(&format!("{}/actors", desk.address)).await;
        page.shows("h1", "Actors").await;
        assert_eq!(page.run("return document.styleSheets.length").await, 1);

        let stranger = second(BrowserSetup::default()).await;
        stranger.page.open(&format!("{}/actors", desk.address)).await;
        stranger.page.shows("h1", "This desk needs a token").await;
        stranger.close().await;
    });
}

#[test]
fn links_from_other_sites_work_with_the_cookie() {
    let desk = Served::real(&[]);
    let with_token = other_site(&desk.page("/events"));
    let without = other_site(&format!("{}/actors", desk.address));
    browse(BrowserSetup::default(), async move |page: Browser| {
        for (site, heading, path) in [(&with_token, "Events", "/events"), (&without, "Actors", "/actors")] {
            page.open(site).await;
            page.find("#link").await.click().await.unwrap();
            page.shows("h1", heading).await;
            assert_eq!(page.run("return location.pathname + location.search").await, path);
        }
        let stranger = second(BrowserSetup::default()).await;
        stranger.page.open(&without).await;
        stranger.page.find("#link").await.click().await.unwrap();
        stranger.page.shows("h1", "This desk needs a token").await;
        stranger.close().await;
    });
}

#[test]
fn file_opened_by_the_program_logs_in_without_script() {
    let desk = Served::real(&[]);
    let file = desk.folder.path().join("open.html");
    let page = desk.page("/");
    std::fs::write(&file, format!("<!DOCTYPE html><meta http-equiv=\"refresh\" content=\"0; url={page}\">"))
        .unwrap();
    browse(BrowserSetup { scriptless: true, ..BrowserSetup::default() }, async move |page: Browser| {
        page.open(&format!("file://{}", file.display())).await;
        page.shows("h1", "Disputes").await;
        assert!(!page.all(".drow").await.is_empty(), "the folder {}", desk.folder.path().display());
    });
}

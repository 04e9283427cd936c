//! The access token of a run: with it, or with its cookie, a visitor gets everything; without it, nothing.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::Desk;
use super::crawl::links;
use super::saved::{PAGE, folder, form_fields, hidden_fields, reviews};
#[cfg(unix)]
use crate::support::{TIMEOUT, program};

const QUESTION: &str = "/question/raids-2026-02-22/killed/militants";

/// SECURITY: D2.
#[test]
fn visitors_without_the_token_get_a_page_that_explains_how_to_log_in() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let tag = desk.get("/").header("etag").unwrap().to_owned();
    let known = format!("If-None-Match: {tag}\r\n");
    for path in [
        "/",
        "/events",
        QUESTION,
        "/live",
        "/graph.json",
        "/assets/desk.css",
        "/assets/desk.js",
        "/favicon.ico",
        "/nothing",
        "//evil.example/",
    ] {
        for (method, headers) in
            [("GET", ""), ("HEAD", ""), ("OPTIONS", ""), ("PUT", ""), ("GET", known.as_str())]
        {
            let answer = desk.request_without_token(method, path, headers, "");
            assert_eq!(answer.status, 403, "{method} {path}");
            answer.assert_guarded(path);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("etag"), None);
            if method == "GET" {
                links(path, answer.text());
                assert!(
                    answer.text().contains("gainsay serve") && answer.text().contains("?token="),
                    "{path}"
                );
                for shown in ["killed", "claims/", "Pakistan", desk.token.as_str()] {
                    assert!(!answer.text().contains(shown), "{path} shows {shown}");
                }
            }
        }
    }
}

/// SECURITY: D2.
#[test]
fn token_is_exchanged_for_a_cookie_and_leaves_the_address() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let port = desk.address.rsplit(':').next().unwrap();
    for (path, location) in [
        ("/?", "/"),
        ("/events?page=1&", "/events?page=1"),
        ("/?q=a+b&page=%31&", "/?q=a+b&page=%31"),
        ("//evil.example/?", "/"),
    ] {
        let asked = format!("{path}token={}", desk.token);
        for method in ["GET", "HEAD"] {
            let answer = desk.request_without_token(method, &asked, "", "");
            assert_eq!((answer.status, answer.header("location")), (303, Some(location)), "{path}");
            let cookie = format!("gainsay-{port}={}; Path=/; HttpOnly; SameSite=Strict", desk.token);
            assert_eq!(answer.header("set-cookie"), Some(cookie.as_str()), "{path}");
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert!(answer.body.is_empty());
        }
        // A browser that has the cookie is redirected as well.
        let again = desk.get(&asked);
        assert_eq!(
            (again.status, again.header("location"), again.header("set-cookie")),
            (303, Some(location), None)
        );
    }
    for path in ["/", "/events", QUESTION, "/graph.json", "/assets/desk.css"] {
        let page = desk.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains(&desk.token), "{path} shows the token");
    }
}

#[test]
fn wrong_tokens_and_cookies_are_refused() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let other = Desk::start(Path::new("claims"), &[]);
    assert_ne!(desk.token, other.token);
    let (token, name) = (&desk.token, desk.cookie.split('=').next().unwrap());
    let wrong = [
        String::new(),
        token[1..].to_owned(),
        format!("{token}0"),
        token.to_uppercase(),
        other.token.clone(),
        format!(" {token}"),
    ];
    for wrong in &wrong {
        let answer =
            desk.request_without_token("GET", &format!("/?token={}", wrong.replace(' ', "%20")), "", "");
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{wrong:?}");
        if wrong.trim() != token {
            assert_eq!(
                desk.request("GET", "/", &format!("Cookie: {name}={wrong}\r\n"), "").status,
                403,
                "{wrong:?}"
            );
        }
    }
    // A token in another place does not count.
    for headers in [
        format!("Authorization: Bearer {token}\r\n"),
        format!("Referer: http://{}/?token={token}\r\n", desk.address),
        format!("X-Token: {token}\r\n"),
    ] {
        assert_eq!(desk.request_without_token("GET", "/", &headers, "").status, 403, "{headers}");
    }
    assert_eq!(
        desk.request_without_token(
            "POST",
            &format!("/undo?token={token}"),
            &format!("Origin: http://{}\r\n", desk.address),
            "a=b"
        )
        .status,
        403
    );
    // A stale cookie of an earlier run does not hide the current one.
    let both = format!("Cookie: {name}=old; a=b; {}\r\n", desk.cookie);
    assert_eq!(desk.request("GET", "/", &both, "").status, 200);
}

#[test]
fn cookies_of_other_programs_do_no_harm() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for odd in [&b"x=\xff\xfe\x80"[..], b"", b";;;", b"=", b"\"", b"a=b; a=b", &[b'x'; 8000]] {
        let mut request =
            format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: ", desk.address).into_bytes();
        request.extend_from_slice(odd);
        let alone = [&request[..], b"\r\n\r\n"].concat();
        assert_eq!(desk.send(&alone).status, 403, "{odd:?}");
        let with_ours = [&request[..], b"; ", desk.cookie.as_bytes(), b"\r\n\r\n"].concat();
        assert_eq!(desk.send(&with_ours).status, 200, "{odd:?}");
    }
}

#[test]
fn text_typed_before_a_restart_is_kept() {
    let folder = folder();
    let fields = form_fields(&Desk::start(folder.path(), &[]))
        + "verdict=open&by=desk&note=typed+before%3C%2Ftextarea%3E%3Cscript%3E";
    // The page of the first run is sent to the second.
    let desk = Desk::start(folder.path(), &[]);
    let headers =
        format!("Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n", desk.address);
    let denied = desk.request_without_token("POST", PAGE, &headers, &fields);
    assert_eq!(denied.status, 403);
    denied.assert_guarded(PAGE);
    links(PAGE, denied.text());
    assert!(denied.text().contains("typed before&lt;/textarea&gt;") && !denied.text().contains("<script>"));
    assert!(!denied.text().contains("Northern") && !denied.text().contains("raid.yaml"));
    // Sent again with the cookie of this run, the form of the earlier run is shown once more.
    let again = desk.post(PAGE, &(hidden_fields(&denied, PAGE) + "verdict=open&by=desk&note=typed+before"));
    assert_eq!(again.status, 403);
    assert!(again.text().contains("typed before") && again.text().contains("Not saved"));
    let saved = desk.post(PAGE, &(hidden_fields(&again, PAGE) + "verdict=open&by=desk&note=typed+before"));
    assert_eq!(saved.status, 303);
    assert!(reviews(folder.path()).contains("typed before"));
}

#[test]
fn visitors_without_the_token_cannot_write() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    let fields = form_fields(&desk) + "verdict=open&by=desk&note=forged";
    let headers =
        format!("Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n", desk.address);
    // The token in the form is not sufficient.
    assert_eq!(desk.request_without_token("POST", PAGE, &headers, &fields).status, 403);
    assert_eq!(desk.request_without_token("POST", "/undo", &headers, &fields).status, 403);
    // The cookie is not sufficient either.
    assert_eq!(desk.post(PAGE, "verdict=open&by=desk&note=forged").status, 403);
    let foreign = headers.replace("Origin: http://127", "Origin: http://evil.example:127");
    assert_eq!(desk.request("POST", PAGE, &foreign, &fields).status, 403);
    assert_eq!(reviews(folder.path()), "");
    assert_eq!(desk.post(PAGE, &fields).status, 303);
}

/// The output of a desk on both streams until it is ready.
fn startup_output(options: &[&str]) -> (String, String) {
    let mut command = crate::support::program();
    let command = command.args(["serve", "claims", "--port", "0"]).args(options);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    let mut hints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut hints).unwrap();
    child.wait().unwrap();
    (line, hints)
}

/// SECURITY: D3.
#[test]
fn desk_without_a_token_warns_and_is_open() {
    let (line, hints) = startup_output(&[]);
    assert!(line.contains("/?token=") && hints.is_empty(), "{line} {hints}");
    let (line, hints) = startup_output(&["--no-token"]);
    assert!(
        !line.contains("token") && hints.contains("every user of this machine can read every claim"),
        "{line} {hints}"
    );
    let (_, hints) = startup_output(&["--no-token", "--bind", "0.0.0.0"]);
    assert!(hints.contains("others can reach this desk") && hints.contains("without an account"), "{hints}");
    let (line, hints) = startup_output(&["--bind", "0.0.0.0"]);
    assert!(line.contains("/?token=") && hints.contains("unencrypted"), "{line} {hints}");

    let folder = folder();
    let desk = Desk::start(folder.path(), &["--no-token"]);
    assert!(desk.token.is_empty() && desk.cookie.is_empty());
    assert_eq!(desk.get("/").status, 200);
    // Forms are still protected.
    assert_eq!(desk.post(PAGE, "verdict=open&by=desk&token=0").status, 403);
    assert_eq!(desk.request("POST", PAGE, "Origin: http://evil.example\r\n", "a=b").status, 403);
    assert_eq!(desk.post(PAGE, &(form_fields(&desk) + "verdict=open&by=desk&note=ours")).status, 303);
    assert!(fs::read_to_string(folder.path().join("reviews.yaml")).unwrap().contains("ours"));
}

#[test]
fn links_from_other_sites_ask_once_more() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let from = |site: &str| {
        format!("Sec-Fetch-Site: {site}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n")
    };
    // A browser withholds the cookie if a page of another site links here, and sends it if our own page asks.
    let asks_again = |site: &str| {
        desk.request_without_token("GET", QUESTION, &from(site), "").text().contains("http-equiv=\"refresh\"")
    };
    assert!(asks_again("cross-site"));
    assert!(!asks_again("same-origin") && !asks_again("none"));
}

/// Other users can see command lines of programs, so the browser gets a file that only its user can read.
#[cfg(unix)]
#[test]
fn browser_is_opened_without_the_token_on_its_command_line() {
    use std::os::unix::fs::PermissionsExt as _;
    let tools = tempfile::tempdir().unwrap();
    let (browser, pipe) = (tools.path().join("xdg-open"), tools.path().join("pipe"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::write(&browser, format!("#!/bin/sh\necho \"$@\" > '{}'\n", pipe.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let (opened, opens) = std::sync::mpsc::channel();
    std::thread::spawn(move || opened.send(fs::read_to_string(pipe)));
    let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap());
    let mut command = program();
    let desk = Desk::start_with(command.arg("serve").env("PATH", path), Path::new("claims"), &["--open"]);
    let opened = opens.recv_timeout(TIMEOUT).expect("the browser is opened").unwrap();
    assert!(!opened.contains(&desk.token), "{opened}");
    let page = Path::new(opened.trim_end());
    assert_eq!(fs::metadata(page).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(
        fs::read_to_string(page)
            .unwrap()
            .contains(&format!("url=http://{}/?token={}", desk.address, desk.token))
    );
    assert_eq!(desk.interrupt(), Some(0));
    assert!(!page.exists(), "the file is removed at the end");
}

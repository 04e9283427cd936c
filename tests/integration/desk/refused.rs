//! Requests that do not come from a page of the desk, or ask for something that does not exist.

use std::path::Path;

use super::Desk;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
const QUESTION: &str = "/question/raids-2026-02-22/killed/militants";

/// SECURITY: D6.
#[test]
fn requests_to_other_host_names_are_refused() {
    let desk = Desk::start(Path::new("claims"), &["--host", "desk.example"]);
    let port = desk.address.rsplit(':').next().unwrap();
    for host in ["evil.example", "127.0.0.1", "localhost", "", "127.0.0.1:1", "evil.example@127.0.0.1:4880"] {
        let answer = desk.request("GET", "/", &format!("Host: {host}\r\n"), "");
        assert!(answer.status == 421 || answer.status == 400, "{host}: {}", answer.status);
        assert!(!String::from_utf8_lossy(&answer.body).contains("Disputes"), "{host}");
    }
    for host in [
        format!("localhost:{port}"),
        format!("LOCALHOST:{port}"),
        format!("[::1]:{port}"),
        "desk.example".into(),
    ] {
        assert_eq!(desk.request("GET", "/", &format!("Host: {host}\r\n"), "").status, 200, "{host}");
    }
    let twice = format!("Host: {}\r\nHost: evil.example\r\n", desk.address);
    assert_ne!(desk.request("GET", "/", &twice, "").status, 200);
    let absolute = desk.request("GET", "http://evil.example/", &format!("Host: {}\r\n", desk.address), "");
    assert_ne!(absolute.status, 200);
    assert_ne!(desk.send(b"GET / HTTP/1.0\r\n\r\n").status, 200);
}

/// SECURITY: D5.
#[test]
fn form_of_another_site_writes_nothing() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let ours = format!("Origin: http://{}\r\n", desk.address);
    for (from, status) in [
        ("Origin: http://evil.example\r\n".to_owned(), 403),
        ("Origin: null\r\n".to_owned(), 403),
        (String::new(), 403),
        ("Referer: http://evil.example/\r\n".to_owned(), 403),
        ("Sec-Fetch-Site: cross-site\r\n".to_owned(), 403),
        // From our page, but without the token of this run.
        (ours.clone(), 403),
    ] {
        for path in [QUESTION, "/undo"] {
            let answer =
                desk.request("POST", path, &format!("{from}{FORM}"), "verdict=open&token=0&review=x");
            assert!(
                answer.status == status || (path == "/undo" && answer.status == 404),
                "{from}{path}: {}",
                answer.status
            );
            answer.assert_guarded(path);
        }
    }
    let plain =
        desk.request("POST", QUESTION, &format!("{ours}Content-Type: text/plain\r\n"), "verdict=open");
    assert_eq!(plain.status, 415);
    let kept = desk.post(QUESTION, "verdict=open&token=0&note=typed%20before");
    assert_eq!(kept.status, 403);
    kept.assert_guarded(QUESTION);
}

/// SECURITY: D7.
#[test]
fn other_sites_can_link_to_pages_but_not_embed_them() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let by = |site: &str, mode: &str, dest: &str| {
        format!("Sec-Fetch-Site: {site}\r\nSec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: {dest}\r\n")
    };
    for path in ["/", "/live", "/graph.json", "/assets/desk.js"] {
        for site in ["cross-site", "same-site"] {
            for (mode, dest) in
                [("no-cors", "image"), ("no-cors", "script"), ("cors", "empty"), ("navigate", "iframe")]
            {
                let answer = desk.request("GET", path, &by(site, mode, dest), "");
                assert_eq!(answer.status, 403, "{path} {site} {mode}");
                answer.assert_guarded(path);
            }
        }
    }
    for site in ["cross-site", "same-site", "same-origin", "none"] {
        assert_eq!(desk.request("GET", "/", &by(site, "navigate", "document"), "").status, 200, "{site}");
    }
    assert_eq!(desk.request("GET", "/graph.json", &by("same-origin", "cors", "empty"), "").status, 200);
    let twice = format!("Origin: http://{}\r\nOrigin: http://evil.example\r\n{FORM}", desk.address);
    assert_eq!(desk.request("POST", "/undo", &twice, "review=x").status, 403);
}

#[test]
fn odd_requests_get_an_answer_and_have_no_effect() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let ours = format!("Host: {}\r\nCookie: {}\r\nConnection: close\r\n", desk.address, desk.cookie);
    let form = format!("POST /undo HTTP/1.1\r\n{ours}Origin: http://{}\r\n{FORM}", desk.address);
    let many = "400\r\n".to_owned() + &"x".repeat(1024) + "\r\n";
    for (request, status) in [
        (format!("CONNECT {} HTTP/1.1\r\n{ours}\r\n", desk.address), 405),
        (format!("CONNECT evil.example:443 HTTP/1.1\r\n{ours}\r\n"), 421),
        (format!("OPTIONS * HTTP/1.1\r\n{ours}\r\n"), 405),
        (format!("GET * HTTP/1.1\r\n{ours}\r\n"), 404),
        (format!("GET http://{}/ HTTP/1.1\r\n{ours}\r\n", desk.address), 200),
        (format!("GET http://x@{}/ HTTP/1.1\r\n{ours}\r\n", desk.address), 421),
        (format!("GET / HTTP/1.0\r\n{ours}\r\n"), 200),
        ("GET / HTTP/1.1\r\nHost: localhost.:80\r\nConnection: close\r\n\r\n".to_owned(), 421),
        (format!("GET / HTTP/1.1\r\n{ours} folded\r\n\r\n"), 400),
        (format!("{form}Content-Length: 3\r\nContent-Length: 4\r\n\r\na=bc"), 400),
        (format!("{form}Content-Length: -3\r\n\r\na=b"), 400),
        (format!("{form}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"), 413),
        (format!("{form}Transfer-Encoding: chunked\r\n\r\n{}", many.repeat(100)), 413),
        (format!("{form}Content-Length: 9\r\n\r\n%ff=%ff%fe"), 404),
    ] {
        assert_eq!(desk.send(request.as_bytes()).status, status, "{request:.300}");
    }
    for query in ["actor=x&", "q=a+b&", "a=b&", "&", "page=-1&", "since=9999999-1-1&"] {
        assert_eq!(desk.get(&format!("/?{}", query.repeat(3000))).status, 200, "{query}");
    }
    for kind in ["actor", "event", "source", "question", "answers", "file", "rule", "parties", "none"] {
        for id in
            ["%00", "%2e%2e", "..", "%c0%ae", "%ff", "%", "%zz", "%2f", "a/b/c", ";", "a%0d%0aSet-Cookie:x"]
        {
            let answer = desk.get(&format!("/{kind}/{id}"));
            assert_eq!(answer.status, 404, "{kind} {id}");
            answer.assert_guarded(id);
        }
        assert_eq!(desk.get(&format!("/{kind}/{}", "x".repeat(50_000))).status, 404);
    }
}

#[test]
fn large_forms_and_other_methods_are_refused() {
    let desk = Desk::start(Path::new("claims"), &[]);
    assert_eq!(desk.post(QUESTION, &format!("note={}", "x".repeat(70_000))).status, 413);
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"] {
        assert_eq!(desk.request(method, "/", "", "").status, 405, "{method}");
    }
    assert_eq!(desk.post("/", "a=b").status, 405);
    let long = desk.get(&format!("/actor/{}", "x".repeat(200_000)));
    assert!((400..500).contains(&long.status), "{}", long.status);
    let crowded = desk.request("GET", "/", &"X-Y: z\r\n".repeat(500), "");
    assert!((400..500).contains(&crowded.status), "{}", crowded.status);
    assert_eq!(desk.get("/").status, 200);
}

/// SECURITY: D8.
#[test]
fn addresses_reach_only_files_of_the_workspace() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for path in [
        "/assets/",
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/vendor/../desk.css",
        "/assets/fonts",
        "/file/../../etc/passwd",
        "/file/..%2F..%2F..%2Fetc%2Fpasswd",
        "/file//etc/passwd",
        "/file/Cargo.toml",
        "/file/claims",
        "/file/claims/%00",
        "/file/%ff",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/actor/%00",
        "/actor/",
        "/question/%20",
        "/nothing",
        "//evil.example/",
    ] {
        let answer = desk.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("[package]"), "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("root:"), "{path}");
        answer.assert_guarded(path);
    }
}

/// SECURITY: D10.
#[test]
fn read_only_desk_writes_nothing() {
    let desk = Desk::start(Path::new("claims"), &["--read-only"]);
    let answer = desk.post(QUESTION, "verdict=open");
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("read-only"));
    assert!(!desk.get(QUESTION).text().contains("name=\"token\""));
}

#[test]
fn proxy_headers_are_ignored() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let ours = &desk.address;
    for headers in [
        format!("Host: evil.example\r\nX-Forwarded-Host: {ours}\r\n"),
        format!("Host: evil.example\r\nForwarded: host=\"{ours}\";for=127.0.0.1\r\n"),
        format!("Host: evil.example\r\nX-Host: {ours}\r\nX-Forwarded-Server: {ours}\r\n"),
    ] {
        assert_eq!(desk.request("GET", "/", &headers, "").status, 421, "{headers}");
    }
    for headers in [
        "Origin: http://evil.example\r\nX-Forwarded-Host: evil.example\r\n",
        "Origin: http://evil.example\r\nForwarded: host=evil.example\r\n",
        "Origin: https://evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n",
    ] {
        assert_eq!(
            desk.request("POST", "/undo", &format!("{headers}{FORM}"), "review=x").status,
            403,
            "{headers}"
        );
    }
    for headers in [
        "X-Forwarded-For: 127.0.0.1\r\n",
        "X-Real-IP: 127.0.0.1\r\n",
        "Forwarded: for=127.0.0.1;by=127.0.0.1\r\n",
    ] {
        assert_eq!(desk.request_without_token("GET", "/", headers, "").status, 403, "{headers}");
    }
    // Other methods and paths are not changed either.
    let tricks = "X-HTTP-Method-Override: POST\r\nX-Original-URL: /events\r\nX-Rewrite-URL: /events\r\n";
    let answer = desk.request("GET", "/nothing", tricks, "");
    assert_eq!(answer.status, 404);
}

#[test]
fn connections_are_not_upgraded() {
    let desk = Desk::start(Path::new("claims"), &[]);
    for headers in [
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    ] {
        for path in ["/", "/live"] {
            let answer = desk.request_without_token("GET", path, headers, "");
            assert_eq!((answer.status, answer.header("upgrade")), (403, None), "{path}");
        }
        assert_eq!(desk.request("GET", "/", headers, "").status, 200);
    }
    let mut stream = desk.connect();
    std::io::Write::write_all(&mut stream, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    assert!(super::client::read(&mut stream).is_none_or(|answer| answer.status >= 400));
}

#[test]
fn preflight_requests_of_other_origins_are_denied() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let asked = "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\
                 Access-Control-Request-Headers: content-type\r\nAccess-Control-Request-Private-Network: true\r\n";
    for answer in [
        desk.request("OPTIONS", QUESTION, asked, ""),
        desk.request_without_token("OPTIONS", QUESTION, asked, ""),
        desk.request("GET", "/", asked, ""),
    ] {
        for name in [
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-allow-credentials",
            "access-control-allow-private-network",
        ] {
            assert_eq!(answer.header(name), None, "{name}");
        }
    }
}

#[test]
fn requests_hidden_in_a_body_are_not_processed() {
    let desk = Desk::start(Path::new("claims"), &[]);
    let head = format!(
        "POST /undo HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\n{FORM}",
        desk.address, desk.cookie
    );
    let hidden = format!(
        "GET /events HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
        desk.address, desk.cookie
    );
    for framing in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n",
        " Content-Length: 5\r\n",
        "Content-Length\r\n",
    ] {
        let mut stream = desk.connect();
        _ = std::io::Write::write_all(
            &mut stream,
            format!("{head}{framing}\r\n0\r\n\r\n{hidden}").as_bytes(),
        );
        let mut answers = Vec::new();
        _ = std::io::Read::read_to_end(&mut stream, &mut answers);
        let answers = String::from_utf8_lossy(&answers);
        assert!(!answers.contains("HTTP/1.1 200"), "{framing:?}: {answers:.2000}");
    }
}

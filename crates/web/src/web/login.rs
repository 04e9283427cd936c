//! Login: a visitor sends the token of this run once, in the URL that the program printed, and a cookie from then on.
//! Other users of the machine have neither.
//!
//! The first request with the token gets the cookie and a redirect to the same URL without the token. This keeps
//! the token out of the history, copied links and `Referer`. The name of the cookie contains the port,
//! because browsers share the cookies of a host between its ports.

use std::borrow::Cow;
use std::fmt;

use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};
use percent_encoding::percent_decode_str;
use subtle::ConstantTimeEq as _;

use super::saving::{self, Sent};

/// The query parameter that carries the token.
const PARAMETER: &str = "token";

/// A secret text that is never shown in logs.
pub(super) struct Secret(String);

impl Secret {
    /// A new secret of 24 random bytes as hexadecimal digits.
    ///
    /// # Errors
    /// If the system does not provide random bytes.
    pub(super) fn new() -> std::io::Result<Self> {
        super::access::random_hex(24).map(Self)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares a text with the secret in constant time.
    pub(super) fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How visitors log in.
#[derive(Debug)]
pub(super) struct Login {
    /// The token and the name of its cookie. None if no login is needed.
    login: Option<(Secret, String)>,
}

/// The decision on a request.
#[derive(Debug, PartialEq, Eq)]
enum Admission {
    /// It is answered.
    Granted,
    /// It is redirected to this URL, with the cookie if it had only the token.
    SentOn { location: String, with_cookie: bool },
    /// It is not answered.
    Denied,
}

impl Login {
    /// Login with a new token, for a desk on a port.
    ///
    /// # Errors
    /// If the system does not provide random bytes.
    pub(super) fn by_token(port: u16) -> std::io::Result<Self> {
        Ok(Self { login: Some((Secret::new()?, format!("gainsay-{port}"))) })
    }

    /// Access for everyone who can connect.
    pub(super) fn open() -> Self {
        Self { login: None }
    }

    /// The query that logs a visitor in: `?token=…`. Empty if no token is needed.
    pub(super) fn query(&self) -> String {
        self.login.as_ref().map(|(token, _)| format!("?{PARAMETER}={}", token.as_str())).unwrap_or_default()
    }

    /// Lets a request through, or returns the response that it gets instead.
    ///
    /// # Errors
    /// That response.
    pub(super) async fn admit(&self, request: Request) -> Result<Request, Response> {
        let Some((token, cookie)) = &self.login else { return Ok(request) };
        match entry(request.method(), request.uri(), request.headers(), token, cookie) {
            Admission::Granted => Ok(request),
            Admission::SentOn { location, with_cookie } => {
                let cookie = with_cookie.then(|| set_cookie(cookie, token));
                Err(send_on(&location, cookie.as_deref()))
            }
            Admission::Denied => Err(deny(request).await),
        }
    }
}

/// Decides on a request if a token is needed.
fn entry(method: &Method, uri: &Uri, headers: &HeaderMap, token: &Secret, cookie: &str) -> Admission {
    let is_known = has_cookie(headers, cookie, token);
    let (given, rest) = split_query(uri.query().unwrap_or_default());
    let is_shown = given.is_some_and(|given| token.is(given.as_bytes()));
    let is_reading = matches!(*method, Method::GET | Method::HEAD);
    if is_reading && (is_shown || (is_known && uri.query().is_some_and(mentions_token))) {
        return Admission::SentOn { location: address(uri.path(), &rest), with_cookie: !is_known };
    }
    if is_known { Admission::Granted } else { Admission::Denied }
}

/// The token in a query, and the query without it.
fn split_query(query: &str) -> (Option<Cow<'_, str>>, String) {
    let (ours, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| is_token(pair));
    let value = ours.first().and_then(|pair| pair.split_once('=')).map(|(_, value)| value);
    (value.map(|value| percent_decode_str(value).decode_utf8_lossy()), rest.join("&"))
}

fn mentions_token(query: &str) -> bool {
    query.split('&').any(is_token)
}

fn is_token(pair: &str) -> bool {
    pair.split('=').next() == Some(PARAMETER)
}

/// A URL on this desk. A path that a browser would take for another host becomes the first page.
fn address(path: &str, query: &str) -> String {
    let is_plain = path.starts_with('/') && !path[1..].starts_with(['/', '\\']);
    let path = if is_plain { path } else { "/" };
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Whether a request has our cookie. Other programs on this host may have set other cookies, with any bytes.
fn has_cookie(headers: &HeaderMap, name: &str, token: &Secret) -> bool {
    let sent = headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    sent.filter_map(|cookie| cookie.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        .fold(false, |found, value| found | token.is(value))
}

fn set_cookie(name: &str, token: &Secret) -> String {
    format!("{name}={}; Path=/; HttpOnly; SameSite=Strict", token.as_str())
}

fn send_on(location: &str, cookie: Option<&str>) -> Response {
    let text = |text: &str| HeaderValue::from_str(text).ok();
    let mut answer = StatusCode::SEE_OTHER.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::LOCATION, text(location).unwrap_or(HeaderValue::from_static("/")));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The requested URL contains the token.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Some(cookie) = cookie.and_then(text) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    answer
}

/// A page that says how to log in. It keeps the content of a form that was sent.
async fn deny(request: Request) -> Response {
    let again = follows_a_link(request.method(), request.headers());
    let path = request.uri().path().to_owned();
    let typed = if *request.method() == Method::POST { saving::read(request).await.ok() } else { None };
    let page = page(again, typed.as_ref().map(|sent| form(&path, sent)));
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::FORBIDDEN, headers, page.into_string()).into_response()
}

/// Whether a link on another site led here. Browsers then withhold the cookie, and send it when the page
/// reloads itself.
fn follows_a_link(method: &Method, headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|sent| sent == value);
    *method == Method::GET && is("sec-fetch-site", "cross-site") && is("sec-fetch-dest", "document")
}

fn page(again: bool, form: Option<Markup>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if again { meta http-equiv="refresh" content="0"; }
                title { "Token needed · gainsay" }
            }
            body {
                h1 { "This desk needs a token" }
                p {
                    "Open the address that " code { "gainsay serve" } " printed when it started; it ends in "
                    code { "?token=…" } ". From an editor, open the desk with the command of the editor."
                }
                p {
                    "Each run has a new token. After a restart, open the new address once in this browser. Pages that are "
                    "already open then work again."
                }
                @if let Some(form) = form { (form) }
            }
        }
    }
}

/// The content of the form, to be sent again.
fn form(path: &str, sent: &Sent) -> Markup {
    html! {
        h2 { "Not saved" }
        p { "What you typed is kept here. Open the printed address in another tab, then send it again." }
        form method="post" action=(address(path, "")) {
            @for (name, value) in sent.fields() {
                @if name == "note" {
                    p { label { "Note" br; textarea name=(name) rows="8" cols="70" { "\n" (value) } } }
                } @else {
                    input type="hidden" name=(name) value=(value);
                }
            }
            button { "Send again" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Secret {
        Secret("0123456789abcdef".to_owned())
    }

    fn ask(address: &str, cookies: &[&[u8]]) -> Admission {
        let cookies = cookies.iter().map(|value| (header::COOKIE, HeaderValue::from_bytes(value).unwrap()));
        let headers: HeaderMap = cookies.collect();
        entry(&Method::GET, &address.parse().unwrap(), &headers, &token(), "gainsay-4880")
    }

    fn sent_on(location: &str, with_cookie: bool) -> Admission {
        Admission::SentOn { location: location.to_owned(), with_cookie }
    }

    #[test]
    fn token_in_the_address_is_exchanged_for_the_cookie() {
        for (address, location) in [
            ("/?token=0123456789abcdef", "/"),
            ("/question/a/b?token=0123456789abcdef", "/question/a/b"),
            ("/?q=a+b&token=0123456789abcdef&page=2", "/?q=a+b&page=2"),
            ("/?token=0123456789abcde%66", "/"),
            ("//evil.example/?token=0123456789abcdef", "/"),
            ("/%5Cevil.example/?token=0123456789abcdef", "/%5Cevil.example/"),
        ] {
            assert_eq!(ask(address, &[]), sent_on(location, true), "{address}");
            assert_eq!(
                ask(address, &[b"gainsay-4880=0123456789abcdef"]),
                sent_on(location, false),
                "{address}"
            );
        }
        for address in [
            "/",
            "/?token=",
            "/?token",
            "/?token=0123456789abcdee",
            "/?token=0123456789abcdef0",
            "/?Token=0123456789abcdef",
            "/?a=token=0123456789abcdef",
        ] {
            assert_eq!(ask(address, &[]), Admission::Denied, "{address}");
        }
        // The address of an earlier run, in a browser that has the cookie of this one.
        assert_eq!(ask("/events?token=old", &[b"gainsay-4880=0123456789abcdef"]), sent_on("/events", false));
    }

    #[test]
    fn cookie_is_found_among_others() {
        let ours: &[u8] = b"gainsay-4880=0123456789abcdef";
        for cookies in [
            &[ours][..],
            &[b"a=b; gainsay-4880=0123456789abcdef; c"],
            &[b"x=\xff\xfe\"; gainsay-4880=0123456789abcdef"],
            &[b"gainsay-4880=old;gainsay-4880=0123456789abcdef"],
            &[b"a=b", ours],
        ] {
            assert_eq!(ask("/", cookies), Admission::Granted, "{cookies:?}");
        }
        for cookies in [
            &[][..],
            &[&b"gainsay-4881=0123456789abcdef"[..]],
            &[b"gainsay-4880"],
            &[b"gainsay-4880="],
            &[b"gainsay-4880=0123456789abcde"],
            &[b"gainsay-4880 =0123456789abcdef"],
            &[b"xgainsay-4880=0123456789abcdef"],
            &[b"x=gainsay-4880=0123456789abcdef"],
            &[b"\x80\xff; ;;=; gainsay-4880=\xff"],
        ] {
            assert_eq!(ask("/", cookies), Admission::Denied, "{cookies:?}");
        }
    }

    #[test]
    fn forms_need_the_cookie() {
        let uri = "/undo?token=0123456789abcdef".parse().unwrap();
        let denied = entry(&Method::POST, &uri, &HeaderMap::new(), &token(), "gainsay-4880");
        assert_eq!(denied, Admission::Denied);
    }

    #[test]
    fn secrets_are_long_different_and_never_logged() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_eq!(one.as_str().len(), 48);
        assert!(one.is(one.as_str().as_bytes()) && !one.is(other.as_str().as_bytes()) && !one.is(b""));
        assert!(!format!("{one:?}").contains(one.as_str()));
    }
}

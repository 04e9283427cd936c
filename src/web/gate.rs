//! Who may ask: requests to our own names, writes from our own pages, and what every answer tells a browser.
//!
//! A page of somebody else's, open in the same browser, can send requests here. It cannot make the browser
//! send our name as `Host` unless it has our name, nor our address as `Origin`, and it cannot read the token.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{Served, Settings};

/// What every answer carries: nothing runs, loads or frames a page but we. A form's own address is sent along
/// to ourselves only; without it a browser would send no origin either.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; font-src 'self'; script-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// Knows our names and our token.
#[derive(Debug)]
pub(super) struct Gate {
    /// As `Host` says them, with the port, in small letters.
    names: Vec<String>,
    port: u16,
    token: String,
    read_only: bool,
}

/// The address at which a connection came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local(pub SocketAddr);

impl Gate {
    /// The gate of a desk at an address.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub(super) fn new(settings: &Settings, address: SocketAddr) -> io::Result<Self> {
        let port = address.port();
        let given: Vec<String> = settings.hosts.iter().map(|name| name.to_ascii_lowercase()).collect();
        let own = ["127.0.0.1", "localhost", "[::1]"].into_iter();
        let own = own.chain(given.iter().map(String::as_str)).map(|name| format!("{name}:{port}"));
        let mut names: Vec<String> = own.chain([address.to_string()]).collect();
        // Behind a proxy or a tunnel, browsers know a name with another port or none.
        names.extend(given);
        Ok(Self { names, port, token: random_hex(32)?, read_only: settings.read_only })
    }

    /// What every form carries.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Whether nothing may be written.
    pub(super) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Whether a token is ours; how long that takes does not depend on where it differs.
    pub(super) fn is_token(&self, given: &str) -> bool {
        given.len() == self.token.len()
            && given.bytes().zip(self.token.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }

    /// Whether a request asks for one of our names.
    fn is_ours(&self, host: &str, local: Option<Local>) -> bool {
        let host = host.to_ascii_lowercase();
        // Bound to every address of the machine, the one that was asked is ours.
        let asked =
            local.map(|Local(address)| SocketAddr::new(unmapped(address.ip()), self.port).to_string());
        let is_known = |host: &String| self.names.contains(host) || asked.as_ref() == Some(host);
        // A browser leaves the port of HTTP out.
        is_known(&host) || (self.port == 80 && is_known(&format!("{host}:80")))
    }

    /// Whether a request comes from one of our pages.
    fn is_from_us(&self, headers: &HeaderMap, local: Option<Local>) -> bool {
        let text = |name: HeaderName| once(headers, &name);
        let is_ours = |address: &str| {
            let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
            rest.is_some_and(|rest| self.is_ours(rest.split('/').next().unwrap_or_default(), local))
        };
        if headers.contains_key(header::ORIGIN) {
            return text(header::ORIGIN).is_some_and(is_ours);
        }
        match text(HeaderName::from_static("sec-fetch-site")) {
            Some(site) => site == "same-origin",
            None => text(header::REFERER).is_some_and(is_ours),
        }
    }
}

/// A header that stands there once, and is text.
fn once<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a page of somebody else's asks behind the back of whoever sits there: a link that leads here is
/// followed, but nothing of ours is an image, a frame or a stream of theirs.
fn is_pried(headers: &HeaderMap) -> bool {
    let is = |name: &'static str, value: &str| {
        once(headers, &HeaderName::from_static(name)).is_some_and(|sent| sent == value)
    };
    let is_theirs = is("sec-fetch-site", "cross-site") || is("sec-fetch-site", "same-site");
    is_theirs && !(is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document"))
}

/// An IPv4 address as itself where a socket of both families shows it as IPv6.
fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Random bytes as hexadecimal digits, from the system.
pub(super) fn random_hex(bytes: usize) -> io::Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let digits = random.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect())
}

/// Lets requests in that may ask, and gives every answer its headers.
pub(super) async fn keep(State(served): State<Arc<Served>>, request: Request, next: Next) -> Response {
    let mut answer = match refuse(&served.gate, &request) {
        Some((status, why)) => (status, why).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer
}

/// Why a request is not let in.
fn refuse(gate: &Gate, request: &Request) -> Option<(StatusCode, &'static str)> {
    let headers = request.headers();
    let local = request.extensions().get::<Local>().copied();
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let named = Uri::authority(request.uri()).is_none_or(|named| gate.is_ours(named.as_str(), local));
    if hosts.next().is_some() || !named || !host.is_some_and(|host| gate.is_ours(host, local)) {
        return Some((
            StatusCode::MISDIRECTED_REQUEST,
            "This desk is not known under the name it was asked for. Start it with --host NAME to add one.\n",
        ));
    }
    if *request.method() != Method::POST {
        let why = "Pages of others may lead here, and no more.\n";
        return is_pried(headers).then_some((StatusCode::FORBIDDEN, why));
    }
    if gate.read_only {
        return Some((StatusCode::FORBIDDEN, "This desk is read-only.\n"));
    }
    if !gate.is_from_us(headers, local) {
        return Some((StatusCode::FORBIDDEN, "This form does not come from a page of this desk.\n"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(hosts: &[&str]) -> Gate {
        let settings =
            Settings { hosts: hosts.iter().map(|&host| host.to_owned()).collect(), ..Settings::default() };
        Gate::new(&settings, "127.0.0.1:4880".parse().unwrap()).unwrap()
    }

    #[test]
    fn only_our_names_are_ours() {
        let gate = gate(&["Desk.example"]);
        for ours in ["127.0.0.1:4880", "localhost:4880", "LOCALHOST:4880", "[::1]:4880", "desk.example"] {
            assert!(gate.is_ours(ours, None), "{ours}");
        }
        for other in ["", "localhost", "localhost:4881", "evil.example:4880", "localhost.:4880", "127.0.0.1"]
        {
            assert!(!gate.is_ours(other, None), "{other}");
        }
        let local = Some(Local("192.0.2.7:4880".parse().unwrap()));
        assert!(gate.is_ours("192.0.2.7:4880", local) && !gate.is_ours("192.0.2.8:4880", local));
    }

    #[test]
    fn a_write_comes_from_our_own_pages() {
        let gate = gate(&[]);
        let from = |name: &'static str, value: &'static str| {
            let headers: HeaderMap =
                [(HeaderName::from_static(name), HeaderValue::from_static(value))].into_iter().collect();
            gate.is_from_us(&headers, None)
        };
        assert!(from("origin", "http://localhost:4880"));
        assert!(from("referer", "http://127.0.0.1:4880/question/x"));
        assert!(from("sec-fetch-site", "same-origin"));
        for other in
            ["null", "http://evil.example", "http://localhost:4881", "http://localhost:4880.evil.example"]
        {
            assert!(!from("origin", other), "{other}");
        }
        assert!(!from("referer", "http://evil.example/http://localhost:4880/"));
        assert!(!from("sec-fetch-site", "cross-site") && !from("accept", "*/*"));
    }

    #[test]
    fn a_browser_leaves_the_port_of_http_out() {
        let settings = Settings { hosts: vec!["desk.example:8080".to_owned()], ..Settings::default() };
        let gate = Gate::new(&settings, "127.0.0.1:80".parse().unwrap()).unwrap();
        for ours in ["localhost", "localhost:80", "127.0.0.1", "[::1]", "desk.example:8080"] {
            assert!(gate.is_ours(ours, None), "{ours}");
        }
        assert!(!gate.is_ours("evil.example", None) && !gate.is_ours("", None) && !gate.is_ours(":80", None));
    }

    #[test]
    fn another_token_is_not_ours() {
        let gate = gate(&[]);
        let token = gate.token().to_owned();
        assert!(token.len() == 64 && gate.is_token(&token));
        assert!(!gate.is_token("") && !gate.is_token(&token[1..]) && !gate.is_token(&"0".repeat(64)));
        assert_ne!(token, self::gate(&[]).token());
    }
}

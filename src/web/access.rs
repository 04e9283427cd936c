//! Who may ask: requests to our own names, writes from our own pages, and what every answer tells a browser.
//!
//! A page of somebody else's, open in the same browser, can send requests here. It cannot make the browser
//! send our name as `Host` unless it has our name, nor our address as `Origin`, and it cannot read the token of our
//! forms. Headers that a proxy would add, such as `X-Forwarded-Host`, are not read.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::login::Secret;
use super::{Served, Settings};

/// What every answer carries: nothing runs, loads or frames a page but we. A form's own address is sent along
/// to ourselves only; without it a browser would send no origin either.
const HEADERS: [(&str, &str); 7] = [
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
    // Claims are kept by nobody in between; pages that a browser may keep say so.
    ("cache-control", "no-store"),
];

/// Knows our names and the token of our forms.
#[derive(Debug)]
pub(super) struct AccessRules {
    /// As `Host` says them, in small letters.
    names: Vec<String>,
    /// None on a Unix socket: `ssh -L` and the like lead to it from a port of their own.
    port: Option<u16>,
    token: Secret,
    read_only: bool,
}

/// The names of this machine that every desk answers to.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The address at which a connection came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local(pub SocketAddr);

impl AccessRules {
    /// The gate of a desk at an address; at a Unix socket there is none.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub(super) fn new(settings: &Settings, address: Option<SocketAddr>) -> io::Result<Self> {
        let given: Vec<String> = settings.hosts.iter().map(|name| name.to_ascii_lowercase()).collect();
        let mut names = Vec::new();
        if let Some(address) = address {
            let own = LOOPBACK.into_iter().chain(given.iter().map(String::as_str));
            names.extend(own.map(|name| format!("{name}:{}", address.port())));
            names.push(address.to_string());
        }
        // Behind a proxy or a tunnel, browsers know a name with another port or none.
        names.extend(given);
        let port = address.map(|address| address.port());
        Ok(Self { names, port, token: Secret::new()?, read_only: settings.read_only })
    }

    /// The token that every form carries.
    pub(super) fn token(&self) -> &str {
        self.token.as_str()
    }

    /// Whether nothing may be written.
    pub(super) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Whether a token is the one of our forms.
    pub(super) fn is_token(&self, given: &str) -> bool {
        self.token.is(given.as_bytes())
    }

    /// Whether a request asks for one of our names.
    fn is_own_host(&self, host: &str, local: Option<Local>) -> bool {
        let host = host.to_ascii_lowercase();
        let Some(port) = self.port else { return self.names.contains(&host) || is_loopback(&host) };
        // Bound to every address of the machine, the one that was asked is ours.
        let asked = local.map(|Local(address)| SocketAddr::new(unmapped(address.ip()), port).to_string());
        let is_known = |host: &String| self.names.contains(host) || asked.as_ref() == Some(host);
        // A browser leaves the port of HTTP out.
        is_known(&host) || (port == 80 && is_known(&format!("{host}:80")))
    }

    /// Whether a request comes from one of our pages.
    fn is_own_origin(&self, headers: &HeaderMap, local: Option<Local>) -> bool {
        let text = |name: HeaderName| single_header(headers, &name);
        let is_own_host = |address: &str| {
            let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
            let Some(name) = rest.and_then(|rest| rest.split('/').next()) else { return false };
            // At a socket any port of this machine may lead to us, but only the one that was asked does.
            let is_asked = || text(header::HOST).is_some_and(|host| host.eq_ignore_ascii_case(name));
            self.is_own_host(name, local)
                && (self.port.is_some() || self.names.contains(&name.to_ascii_lowercase()) || is_asked())
        };
        if headers.contains_key(header::ORIGIN) {
            return text(header::ORIGIN).is_some_and(is_own_host);
        }
        match text(HeaderName::from_static("sec-fetch-site")) {
            Some(site) => site == "same-origin",
            None => text(header::REFERER).is_some_and(is_own_host),
        }
    }
}

/// Whether a name is one of this machine, with any port or none.
fn is_loopback(host: &str) -> bool {
    let is_port = |rest: &str| {
        rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
    };
    LOOPBACK.iter().any(|name| host.strip_prefix(name).is_some_and(is_port))
}

/// A header that stands there once, and is text.
fn single_header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a page of somebody else's asks behind the back of whoever sits there: a link that leads here is
/// followed, but nothing of ours is an image, a frame or a stream of theirs.
fn is_cross_site_load(headers: &HeaderMap) -> bool {
    let is = |name: &'static str, value: &str| {
        single_header(headers, &HeaderName::from_static(name)).is_some_and(|sent| sent == value)
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
pub(super) async fn guard(State(served): State<Arc<Served>>, request: Request, next: Next) -> Response {
    let mut answer = match rejection(&served.access_rules, &request) {
        Some((status, why)) => (status, why).into_response(),
        None => match served.access.admit(request).await {
            Ok(request) => next.run(request).await,
            Err(answer) => answer,
        },
    };
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// Why a request is not let in.
fn rejection(access_rules: &AccessRules, request: &Request) -> Option<(StatusCode, &'static str)> {
    let headers = request.headers();
    let local = request.extensions().get::<Local>().copied();
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let named = Uri::authority(request.uri()).is_none_or(|named| access_rules.is_own_host(named.as_str(), local));
    if hosts.next().is_some() || !named || !host.is_some_and(|host| access_rules.is_own_host(host, local)) {
        return Some((
            StatusCode::MISDIRECTED_REQUEST,
            "This desk does not answer to that host name. To add a name, start the desk with --host NAME.\n",
        ));
    }
    if *request.method() != Method::POST {
        let why = "Other sites may link to this desk, but may not load anything from it.\n";
        return is_cross_site_load(headers).then_some((StatusCode::FORBIDDEN, why));
    }
    if access_rules.read_only {
        return Some((StatusCode::FORBIDDEN, "This desk is read-only.\n"));
    }
    if !access_rules.is_own_origin(headers, local) {
        return Some((StatusCode::FORBIDDEN, "This form does not come from a page of this desk.\n"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access_rules(hosts: &[&str]) -> AccessRules {
        let settings =
            Settings { hosts: hosts.iter().map(|&host| host.to_owned()).collect(), ..Settings::default() };
        AccessRules::new(&settings, "127.0.0.1:4880".parse().ok()).unwrap()
    }

    #[test]
    fn only_our_names_are_ours() {
        let access_rules = access_rules(&["Desk.example"]);
        for ours in ["127.0.0.1:4880", "localhost:4880", "LOCALHOST:4880", "[::1]:4880", "desk.example"] {
            assert!(access_rules.is_own_host(ours, None), "{ours}");
        }
        for other in ["", "localhost", "localhost:4881", "evil.example:4880", "localhost.:4880", "127.0.0.1"]
        {
            assert!(!access_rules.is_own_host(other, None), "{other}");
        }
        let local = Some(Local("192.0.2.7:4880".parse().unwrap()));
        assert!(
            access_rules.is_own_host("192.0.2.7:4880", local) && !access_rules.is_own_host("192.0.2.8:4880", local)
        );
    }

    #[test]
    fn a_write_comes_from_our_own_pages() {
        let access_rules = access_rules(&[]);
        let from = |name: &'static str, value: &'static str| {
            let headers: HeaderMap =
                [(HeaderName::from_static(name), HeaderValue::from_static(value))].into_iter().collect();
            access_rules.is_own_origin(&headers, None)
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
        let access_rules = AccessRules::new(&settings, "127.0.0.1:80".parse().ok()).unwrap();
        for ours in ["localhost", "localhost:80", "127.0.0.1", "[::1]", "desk.example:8080"] {
            assert!(access_rules.is_own_host(ours, None), "{ours}");
        }
        assert!(
            !access_rules.is_own_host("evil.example", None)
                && !access_rules.is_own_host("", None)
                && !access_rules.is_own_host(":80", None)
        );
    }

    #[test]
    fn names_of_this_machine_lead_to_a_socket_with_any_port() {
        let settings = Settings { hosts: vec!["desk.example".to_owned()], ..Settings::default() };
        let access_rules = AccessRules::new(&settings, None).unwrap();
        for ours in
            ["localhost", "localhost:9000", "127.0.0.1:80", "[::1]:9000", "desk.example", "Desk.Example"]
        {
            assert!(access_rules.is_own_host(ours, None), "{ours}");
        }
        for other in [
            "",
            "evil.example",
            "localhost.evil.example",
            "localhost:x",
            "localhost:99999",
            "desk.example:80",
            "localhostx",
        ] {
            assert!(!access_rules.is_own_host(other, None), "{other}");
        }
        let from = |origin: &'static str, host: &'static str| {
            let headers = [(header::ORIGIN, origin), (header::HOST, host)];
            let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
            access_rules.is_own_origin(&headers.into_iter().collect(), None)
        };
        assert!(from("http://localhost:9000", "localhost:9000") && from("https://desk.example", "localhost"));
        assert!(
            !from("http://localhost:9001", "localhost:9000")
                && !from("http://evil.example", "localhost:9000")
        );
    }

    #[test]
    fn another_token_is_not_ours() {
        let access_rules = access_rules(&[]);
        let token = access_rules.token().to_owned();
        assert!(token.len() == 48 && access_rules.is_token(&token));
        assert!(
            !access_rules.is_token("")
                && !access_rules.is_token(&token[1..])
                && !access_rules.is_token(&"0".repeat(64))
        );
        assert_ne!(token, self::access_rules(&[]).token());
    }
}

//! Access rules: requests must use our own host names, writes must come from our own pages, and every answer
//! carries security headers.
//!
//! A page of another site, open in the same browser, can send requests here. It cannot make the browser
//! send our name as `Host` or our address as `Origin`, and it cannot read the token of our
//! forms. Headers that a proxy adds, such as `X-Forwarded-Host`, are ignored.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::login::Secret;
use super::{DeskSettings, Served};

/// Headers of every answer: only our own code runs, loads or frames a page. The `Referer` is sent
/// to ourselves only. Without it, a browser would not send an origin either.
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
    // No cache may keep claims, unless a page overrides this for the browser.
    ("cache-control", "no-store"),
];

/// Our host names and the token of our forms.
#[derive(Debug)]
pub(super) struct AccessRules {
    /// As in `Host`, in lower case.
    names: Vec<String>,
    /// None for a Unix socket: tunnels such as `ssh -L` lead to it from ports of their own.
    port: Option<u16>,
    token: Secret,
    read_only: bool,
}

/// Names of the local machine, which every desk answers to.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The local address of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local(pub SocketAddr);

impl AccessRules {
    /// The rules for a desk at an address, or, with `None`, at a Unix socket.
    ///
    /// # Errors
    /// If the system does not provide random bytes.
    pub(super) fn new(settings: &DeskSettings, address: Option<SocketAddr>) -> io::Result<Self> {
        let given: Vec<String> = settings.hosts.iter().map(|name| name.to_ascii_lowercase()).collect();
        let mut names = Vec::new();
        if let Some(address) = address {
            let own = LOOPBACK.into_iter().chain(given.iter().map(String::as_str));
            names.extend(own.map(|name| format!("{name}:{}", address.port())));
            names.push(address.to_string());
        }
        // Behind a proxy or a tunnel, browsers use a name with another port or without one.
        names.extend(given);
        let port = address.map(|address| address.port());
        Ok(Self { names, port, token: Secret::new()?, read_only: settings.read_only })
    }

    /// The token that every form carries.
    pub(super) fn token(&self) -> &str {
        self.token.as_str()
    }

    /// Whether the desk is read-only.
    pub(super) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Whether a token is the one of our forms.
    pub(super) fn is_token(&self, given: &str) -> bool {
        self.token.is(given.as_bytes())
    }

    /// Whether `host` is one of our host names.
    fn is_own_host(&self, host: &str, local: Option<Local>) -> bool {
        let host = host.to_ascii_lowercase();
        let Some(port) = self.port else { return self.names.contains(&host) || is_loopback(&host) };
        // If bound to all addresses of the machine, the address of the connection is ours.
        let asked = local.map(|Local(address)| SocketAddr::new(unmapped(address.ip()), port).to_string());
        let is_known = |host: &String| self.names.contains(host) || asked.as_ref() == Some(host);
        // Browsers leave out port 80.
        is_known(&host) || (port == 80 && is_known(&format!("{host}:80")))
    }

    /// Whether a request comes from one of our pages.
    fn is_own_origin(&self, headers: &HeaderMap, local: Option<Local>) -> bool {
        let text = |name: HeaderName| single_header(headers, &name);
        let is_own_host = |address: &str| {
            let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
            let Some(name) = rest.and_then(|rest| rest.split('/').next()) else { return false };
            // Any port of this machine may lead to a socket, but it must be the port in `Host`.
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

/// Whether a name means this machine, with any port or none.
fn is_loopback(host: &str) -> bool {
    let is_port = |rest: &str| {
        rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
    };
    LOOPBACK.iter().any(|name| host.strip_prefix(name).is_some_and(is_port))
}

/// The value of a header that occurs exactly once and is text.
fn single_header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a page of another site loads something from here. Following a link is allowed, but nothing of ours may be
/// an image, a frame or a stream on another site.
fn is_cross_site_load(headers: &HeaderMap) -> bool {
    let is = |name: &'static str, value: &str| {
        single_header(headers, &HeaderName::from_static(name)).is_some_and(|sent| sent == value)
    };
    let is_theirs = is("sec-fetch-site", "cross-site") || is("sec-fetch-site", "same-site");
    is_theirs && !(is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document"))
}

/// Converts an IPv4 address in IPv6 notation, as dual-stack sockets report it, to IPv4.
fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Random bytes from the system, as hexadecimal digits.
pub(super) fn random_hex(bytes: usize) -> io::Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let digits = random.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect())
}

/// Middleware: rejects requests that break the rules, and adds [`HEADERS`] to every answer.
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

/// Why a request is rejected. None if it is allowed.
fn rejection(access_rules: &AccessRules, request: &Request) -> Option<(StatusCode, &'static str)> {
    let headers = request.headers();
    let local = request.extensions().get::<Local>().copied();
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let named =
        Uri::authority(request.uri()).is_none_or(|named| access_rules.is_own_host(named.as_str(), local));
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
        let settings = DeskSettings {
            hosts: hosts.iter().map(|&host| host.to_owned()).collect(),
            ..DeskSettings::default()
        };
        AccessRules::new(&settings, "127.0.0.1:4880".parse().ok()).unwrap()
    }

    #[test]
    fn is_own_host_accepts_our_names_only() {
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
            access_rules.is_own_host("192.0.2.7:4880", local)
                && !access_rules.is_own_host("192.0.2.8:4880", local)
        );
    }

    #[test]
    fn is_own_origin_accepts_our_pages_only() {
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
    fn is_own_host_accepts_names_without_port_80() {
        let settings =
            DeskSettings { hosts: vec!["desk.example:8080".to_owned()], ..DeskSettings::default() };
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
    fn is_own_host_accepts_local_names_with_any_port_at_a_socket() {
        let settings = DeskSettings { hosts: vec!["desk.example".to_owned()], ..DeskSettings::default() };
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
    fn is_token_rejects_other_tokens() {
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

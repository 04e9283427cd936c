//! Links to things: URLs of the live desk, or fragments in the frozen file.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The form of links.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Links {
    /// To pages of the live desk: `/actor/kabul`.
    Served,
    /// To fragments in one file: `#actor/kabul`.
    Frozen,
}

/// Characters of ordinary ids are kept in a URL. All others are encoded, so a hostile id is harmless.
pub(super) const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');

impl Links {
    /// The page of disputes.
    pub fn disputes(self) -> String {
        self.to("disputes", "")
    }

    /// The page of a part of the desk that lists things: `events`, `actors` …
    pub fn list(self, part: &str) -> String {
        self.to(part, "")
    }

    /// The page of one thing: its kind, such as `question` or `actor`, and its id. A slash in an id stays a slash.
    pub fn to(self, kind: &str, id: &str) -> String {
        // A browser takes `..` for the page above. An encoded slash after it prevents that.
        let part = |part: &str| {
            let slash = if matches!(part, "." | "..") { "%2F" } else { "/" };
            utf8_percent_encode(part, PLAIN).to_string() + slash
        };
        let mut address: String = id.split('/').map(part).collect();
        address.truncate(address.len() - usize::from(address.ends_with('/')));
        let (id, slash) = (address, if id.is_empty() { "" } else { "/" });
        match self {
            Self::Served if kind == "disputes" => "/".to_owned(),
            Self::Served => format!("/{kind}{slash}{id}"),
            Self::Frozen => format!("#{kind}{slash}{id}"),
        }
    }

    /// A claim on the page of its source.
    pub fn claim(self, source: &str, claim: &str) -> String {
        let place = claim_id(source, claim);
        match self {
            Self::Served => format!("{}?claim={}#{place}", self.to("source", source), encoded(claim)),
            Self::Frozen => format!("#{place}"),
        }
    }

    /// A line on the page of a file. None in the frozen file, which does not contain the files.
    pub fn line(self, path: &str, line: usize) -> Option<String> {
        (self == Self::Served).then(|| format!("{}?line={line}#L{line}", self.to("file", path)))
    }

    /// The disputes that pass a filter, given as names and values. None in the frozen file, which has no filters.
    pub fn filtered(self, fields: &[(&str, &str)]) -> Option<String> {
        let fields = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        (self == Self::Served).then(|| format!("/?{}", fields.collect::<Vec<_>>().join("&")))
    }

    /// A part of a long page, from 1. The first part is the page itself.
    pub fn part(self, page: &str, number: usize) -> String {
        if number > 1 { format!("{page}?page={number}") } else { page.to_owned() }
    }
}

/// The HTML id of a claim, both on the page of its source and in the frozen file.
pub(super) fn claim_id(source: &str, claim: &str) -> String {
    format!("claim/{}/{}", encoded(source), encoded(claim))
}

/// A text encoded for a URL.
pub(super) fn encoded(name: &str) -> String {
    utf8_percent_encode(name, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_encode_ids() {
        assert_eq!(
            Links::Served.to("question", "raid/killed/people@2024"),
            "/question/raid/killed/people@2024"
        );
        assert_eq!(Links::Served.to("file", "../../a/./b.yaml"), "/file/..%2F..%2Fa/.%2Fb.yaml");
        assert_eq!(Links::Served.to("actor", "\"><script>"), "/actor/%22%3E%3Cscript%3E");
        assert_eq!(Links::Served.to("actor", ".."), "/actor/..%2F");
        assert_eq!(Links::Frozen.to("actor", "kabul"), "#actor/kabul");
        assert_eq!(Links::Served.claim("paper", "dead"), "/source/paper?claim=dead#claim/paper/dead");
        assert_eq!(Links::Frozen.claim("paper", "\" id="), "#claim/paper/%22%20id%3D");
        assert_eq!(Links::Served.line("a b.yaml", 7).as_deref(), Some("/file/a%20b.yaml?line=7#L7"));
        assert_eq!(Links::Served.filtered(&[("actor", "a&b")]).as_deref(), Some("/?actor=a%26b"));
        assert_eq!(Links::Served.disputes(), "/");
    }
}

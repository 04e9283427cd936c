//! Where things are to be found: addresses of the live desk, or places in the frozen file.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where links lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Links {
    /// To pages of the live desk: `/actor/kabul`.
    Served,
    /// To places in one file: `#actor/kabul`.
    Frozen,
}

/// What ids are made of stands in an address as it is; all else, a hostile id's included, is encoded.
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

    /// The page of one thing: its kind, such as `question` or `actor`, and its id. A slash in an id stays one.
    pub fn to(self, kind: &str, id: &str) -> String {
        // A browser takes `..` for the page above; with an encoded slash behind it, it is a name like any other.
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

    /// The place of a claim, on that part of the page of its source that holds it.
    pub fn claim(self, source: &str, claim: &str) -> String {
        let place = claim_id(source, claim);
        match self {
            Self::Served => format!("{}?claim={}#{place}", self.to("source", source), encoded(claim)),
            Self::Frozen => format!("#{place}"),
        }
    }

    /// A line of a file, on that part of its page that holds it; nowhere in the frozen file, which holds no lines.
    pub fn line(self, path: &str, line: usize) -> Option<String> {
        (self == Self::Served).then(|| format!("{}?line={line}#L{line}", self.to("file", path)))
    }

    /// The disputes that a filter leaves, by the names and values of its fields. The frozen file holds no such list.
    pub fn filtered(self, fields: &[(&str, &str)]) -> Option<String> {
        let fields = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        (self == Self::Served).then(|| format!("/?{}", fields.collect::<Vec<_>>().join("&")))
    }

    /// A further part of a long page, from 1; the first is the page itself.
    pub fn part(self, page: &str, number: usize) -> String {
        if number > 1 { format!("{page}?page={number}") } else { page.to_owned() }
    }
}

/// The id of the place of a claim: the same in a page of its source and in the frozen file.
pub(super) fn claim_id(source: &str, claim: &str) -> String {
    format!("claim/{}/{}", encoded(source), encoded(claim))
}

/// A text as a part of an address.
pub(super) fn encoded(name: &str) -> String {
    utf8_percent_encode(name, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_nowhere_else() {
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

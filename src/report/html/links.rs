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
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');

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
        let id: Vec<String> = id.split('/').map(|part| utf8_percent_encode(part, PLAIN).to_string()).collect();
        let id = id.join("/");
        let slash = if id.is_empty() { "" } else { "/" };
        match self {
            Self::Served if kind == "disputes" => "/".to_owned(),
            Self::Served => format!("/{kind}{slash}{id}"),
            Self::Frozen => format!("#{kind}{slash}{id}"),
        }
    }

    /// The place of a claim, on the page of its source.
    pub fn claim(self, source: &str, claim: &str) -> String {
        match self {
            Self::Served => format!("{}#{}", self.to("source", source), anchor(claim)),
            Self::Frozen => self.to("claim", &format!("{source}/{claim}")),
        }
    }
}

/// A name as the end of an address.
pub(super) fn anchor(name: &str) -> String {
    utf8_percent_encode(name, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_nowhere_else() {
        assert_eq!(Links::Served.to("question", "raid/killed/people@2024"), "/question/raid/killed/people@2024");
        assert_eq!(Links::Served.to("actor", "\"><script>"), "/actor/%22%3E%3Cscript%3E");
        assert_eq!(Links::Frozen.to("actor", "kabul"), "#actor/kabul");
        assert_eq!(Links::Served.claim("paper", "dead"), "/source/paper#dead");
        assert_eq!(Links::Served.disputes(), "/");
    }
}

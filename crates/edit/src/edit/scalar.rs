//! Writes texts as YAML scalars: plain if possible, quoted if necessary, and as a block scalar if they have several
//! lines. `serde_yaml` writes them. If its reader and ours do not both read the same text back, double quotes are
//! used.

use std::fmt::Write as _;

use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::yaml;

/// A key with its value, as lines without indentation: `note: |-`, `  first`, `  second`. The key must be an id, or ids
/// joined by slashes.
pub(super) fn pair(key: &str, text: &str) -> Vec<String> {
    let written = serde_yaml::to_string(&std::collections::BTreeMap::from([(key, text)])).ok();
    let is_open = !is_yaml_1_1_boolean(text) && !text.chars().any(is_hidden);
    let fits = |written: &String| is_open && reads_back(written, key, text);
    let written = written.filter(fits).unwrap_or_else(|| format!("{key}: {}\n", quoted(text)));
    written.strip_suffix('\n').unwrap_or(&written).split('\n').map(str::to_owned).collect()
}

/// As [`pair`], but a whole number is written without quotes, because the measure decides how it is read.
pub(super) fn figure(key: &str, text: &str) -> Vec<String> {
    let is_number = text.parse::<u32>().is_ok_and(|number| number.to_string() == text);
    if is_number { vec![format!("{key}: {text}")] } else { pair(key, text) }
}

/// A text as a value on one line: plain if our own reader reads it back, also inside brackets; otherwise quoted. With
/// `is_text`, it is also quoted if another reader could take it for a number, a boolean or null. Ids, dates and figures
/// do not need that, because their keys decide how they are read.
pub(super) fn value(text: &str, is_text: bool) -> String {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_ambiguous =
        is_yaml_1_1_boolean(text) || is_number || matches!(text, "null" | "true" | "false" | "~");
    if (is_text && is_ambiguous) || !is_plain(text) { quoted(text) } else { text.to_owned() }
}

/// Whether a text can be written without quotes as the value of a key on a line of its own.
pub(super) fn is_plain_line(text: &str) -> bool {
    if text.chars().any(is_hidden) {
        return false;
    }
    let written = format!("k: {text}\n");
    let (tree, findings) = yaml::parse(FileId::new(0), &written);
    let value = tree.root().filter(|root| root.entries().len() == 1).and_then(|root| root.entries().next());
    let is_read = value
        .is_some_and(|(_, value)| value.text() == Some(text) && value.span().range().len() == text.len());
    findings.is_empty() && is_read && !text.is_empty()
}

/// Whether a text can be written without quotes, also inside braces and brackets.
fn is_plain(text: &str) -> bool {
    let written = format!("{{ k: {text}, l: [{text}, {text}] }}");
    let (tree, findings) = yaml::parse(FileId::new(0), &written);
    let says =
        |node: yaml::NodeRef<'_, '_>| node.text() == Some(text) && node.span().range().len() == text.len();
    let read = tree.root().map(|root| root.entries().map(|(_, value)| value).collect::<Vec<_>>());
    let is_read = read.is_some_and(|values| {
        values.len() == 2 && says(values[0]) && values[1].items().len() == 2 && values[1].items().all(says)
    });
    findings.is_empty() && is_read && !text.starts_with(['"', '\'']) && !text.chars().any(is_hidden)
}

/// Writes a text in the same quotes as the scalar `written`, which it replaces. None if that is a block scalar.
pub(super) fn in_same_style(written: &str, text: &str) -> Option<String> {
    match written.chars().next() {
        Some('|' | '>') => None,
        Some('\'') if !text.contains(char::is_control) => Some(format!("'{}'", text.replace('\'', "''"))),
        Some('"' | '\'') => Some(quoted(text)),
        // The old scalar was not inside braces, because it could not be written there.
        _ if !is_plain(written) && is_plain_line(text) => Some(text.to_owned()),
        _ => Some(value(text, false)),
    }
}

/// The first character that must not be written into a claim file: a control character, or one typed by mistake.
pub(super) fn unwritable(text: &str) -> Option<char> {
    let is_odd = |c: char| {
        (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    text.chars().find(|&c| is_odd(c))
}

/// Whether a character changes the direction of the text or has no width. People cannot see it, so it is written as an
/// escape. The two joiners are not included, because Persian and Urdu need them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether readers of YAML 1.1 take a text for a boolean.
fn is_yaml_1_1_boolean(text: &str) -> bool {
    ["y", "n", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether both readers read the written mapping as this key with this text.
fn reads_back(written: &str, key: &str, text: &str) -> bool {
    let (tree, findings) = yaml::parse(FileId::new(0), written);
    let ours = tree.root().is_some_and(|root| {
        root.entries().len() == 1
            && root.entries().all(|(name, value)| name.text() == Some(key) && value.text() == Some(text))
    });
    let theirs: Result<std::collections::BTreeMap<String, serde_yaml::Value>, _> =
        serde_yaml::from_str(written);
    let theirs = theirs.is_ok_and(|read| read.get(key).and_then(|value| value.as_str()) == Some(text));
    findings.is_empty() && ours && theirs
}

/// A text in double quotes on one line, for any text. It is written as JSON, which is also YAML, with escapes for all
/// characters that readers could take for a line break.
pub(super) fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let mut quoted = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            c if is_hidden(c) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pair_quotes_only_if_necessary() {
        for (text, written) in [
            ("No outside access to the site.", "k: No outside access to the site."),
            ("at least 80; north; said 2026-02-22", "k: at least 80; north; said 2026-02-22"),
            ("1,034", "k: 1,034"),
            ("yes", "k: \"yes\""),
            ("36", "k: '36'"),
            ("1e3", "k: '1e3'"),
            ("a: b", "k: 'a: b'"),
            ("a #b", "k: 'a #b'"),
            ("'", "k: ''''"),
            ("", "k: ''"),
            ("~", "k: '~'"),
            ("two\nlines", "k: |-\n  two\n  lines"),
            ("\u{2028}", "k: \"\\u2028\""),
            ("a\u{202e}b", "k: \"a\\u202eb\""),
            ("a\u{200b}b\u{200f}", "k: \"a\\u200bb\\u200f\""),
            ("می\u{200c}شود", "k: می\u{200c}شود"),
        ] {
            assert_eq!(pair("k", text).join("\n"), written, "{text:?}");
        }
        assert_eq!(value("a\u{202e}b", false), "\"a\\u202eb\"");
        assert!(!is_plain_line("a\u{200b}"));
        assert_eq!(figure("figure", "36"), ["figure: 36"]);
        assert_eq!(figure("figure", "036"), ["figure: '036'"]);
    }

    #[test]
    fn pair_of_a_difficult_text_reads_back() {
        for text in [
            " leading",
            "trailing ",
            "\tx",
            "x\t",
            "- a",
            "? a",
            "a:",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "\"a\"",
            "*a",
            "&a",
            "!a",
            "[a",
            "{a",
            "]",
            "}",
            ",",
            "a, b",
            "---",
            "...",
            "--- a",
            "# a",
            "null",
            "true",
            "0x1f",
            "0o7",
            ".inf",
            "1_000",
            "2026-02-22",
            "12:30:00",
            "a\nb\n",
            "\n a\nb",
            "  a\n b",
            "a\n\n\nb\n\n",
            "a \nb",
            "a\t\nb",
            "#\n#",
            "é\u{301}",
            "\u{202e}abc",
            "𝄞",
            "\u{a0}",
            "\u{200b}",
            "a\u{2029}b",
            "<<",
            "=",
            "a\\b",
            "\\n",
            "-",
            "-1",
        ] {
            let written = pair("k", text).join("\n") + "\n";
            assert!(reads_back(&written, "k", text), "{text:?} as {written}");
        }
    }
}

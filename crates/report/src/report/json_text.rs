//! JSON output: characters that are invisible, or that change how other text is shown, are
//! escaped, so that they cannot mislead in a terminal, an editor or a page. Parsers read
//! the original values.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::hidden::is_invisible;

/// A value as JSON on one line.
///
/// # Errors
/// As in `serde_json`: if a map has keys that are not strings.
pub(crate) fn compact(value: &impl Serialize) -> serde_json::Result<String> {
    write(value, CompactFormatter)
}

/// A value as JSON for people: indented, with a newline at the end.
///
/// # Errors
/// As in `serde_json`: if a map has keys that are not strings.
pub fn pretty(value: &impl Serialize) -> serde_json::Result<String> {
    write(value, PrettyFormatter::new()).map(|text| text + "\n")
}

fn write(value: &impl Serialize, layout: impl Formatter) -> serde_json::Result<String> {
    let mut bytes = Vec::with_capacity(1024);
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Escaping(layout)))?;
    Ok(String::from_utf8(bytes).expect("JSON consists of texts and ASCII"))
}

/// A JSON formatter that escapes invisible characters within strings.
struct Escaping<F>(F);

/// Delegates methods to the inner formatter.
macro_rules! pass_on {
    ($($method:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $method<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$method(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Escaping<F> {
    pass_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some(at) = rest.find(is_invisible) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut following = from.chars();
            for unit in following.next().into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = following.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_text_escapes_invisible_characters() {
        for (text, json) in [
            ("A\u{9b}B", r#""A\u009bB""#),
            ("C\u{202e}D", r#""C\u202eD""#),
            ("\u{7f}\u{80}\u{2028}\u{feff}\u{61c}", r#""\u007f\u0080\u2028\ufeff\u061c""#),
            ("\u{e0041}", r#""\udb40\udc41""#),
            ("\u{1b}\"\\\n", r#""\u001b\"\\\n""#),
            ("Taliban \u{645}\u{6cc}\u{200c}\u{62e}", "\"Taliban \u{645}\u{6cc}\\u200c\u{62e}\""),
        ] {
            assert_eq!(compact(&text).unwrap(), json);
            assert_eq!(serde_json::from_str::<String>(json).unwrap(), text);
        }
    }

    #[test]
    fn json_text_escapes_keys_and_keeps_the_layout() {
        let value = serde_json::json!({ "a\u{200f}": [1, { "b": [] }], "c": null });
        let text = pretty(&value).unwrap();
        assert_eq!(text, serde_json::to_string_pretty(&value).unwrap().replace('\u{200f}', "\\u200f") + "\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}

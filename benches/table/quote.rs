//! Texts as YAML scalars.

use crate::families::text::put;

/// A text as a YAML scalar: plain if it has only letters, digits, blanks and hyphens and could not be read as anything
/// else; otherwise in double quotes, with escapes where YAML needs them.
pub(super) fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-' | '.' | '/');
    let is_word = ["null", "true", "false", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str());
    let ends_well = text.starts_with(|first: char| first.is_ascii_alphanumeric()) && !text.ends_with(' ');
    if ends_well && !is_word && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() || matches!(control, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                put(&mut quoted, format_args!("\\U{:08X}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

//! Splits a wording into tokens (words, numerals and marks) with their offsets, and provides a cursor over
//! them. Numerals are read here, because only the characters between digits distinguish `1 034` from `1 0`.
//! The meaning of words is not known here.

/// The longest wording that is read, in bytes. A figure is a few words; a longer text is something else.
const MAX_WORDING_BYTES: usize = 500;

/// The byte offset where reading stopped, and the reason: lower case, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FigureStop {
    pub at: usize,
    pub why: String,
    /// The wordings that were meant, if the reason makes them clear.
    pub meant: Vec<String>,
}

impl FigureStop {
    pub(super) fn new(at: usize, why: impl Into<String>) -> Self {
        Self { at, why: why.into(), meant: Vec::new() }
    }

    pub(super) fn meant(mut self, wording: impl Into<String>) -> Self {
        self.meant.push(wording.into());
        self
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Letters and apostrophes, in lower case.
    Word(String),
    /// A numeral: its digits without separators, and how many of them are decimals.
    Digits { digits: String, decimals: usize },
    /// Any of the dashes and the minus.
    Dash,
    /// `..`, or the ellipsis that an editor made of it.
    Dots,
    /// Any other mark.
    Mark(char),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
    /// Whether there is white space before it.
    pub spaced: bool,
}

/// The text itself; an error if it is too long to be a figure.
pub(super) fn sized(text: &str) -> Result<&str, FigureStop> {
    if text.len() <= MAX_WORDING_BYTES {
        return Ok(text);
    }
    let cut = (0..=MAX_WORDING_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    Err(FigureStop::new(cut, format!("it is longer than {MAX_WORDING_BYTES} bytes")))
}

/// Splits a text into tokens; stops at a numeral that can be read in two ways.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FigureStop> {
    let mut found = Vec::new();
    let (mut at, mut spaced) = (0, false);
    while let Some(first) = text[at..].chars().next() {
        if is_space(first) {
            (at, spaced) = (at + first.len_utf8(), true);
            continue;
        }
        let (kind, end) = token(text, at, first)?;
        found.push(Token { kind, start: at, end, spaced });
        (at, spaced) = (end, false);
    }
    Ok(found)
}

fn token(text: &str, at: usize, first: char) -> Result<(TokenKind, usize), FigureStop> {
    let rest = &text[at..];
    if first.is_ascii_digit() {
        return numeral(text, at);
    }
    if first.is_alphabetic() {
        let length =
            rest.find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’')).unwrap_or(rest.len());
        return Ok((TokenKind::Word(rest[..length].to_lowercase()), at + length));
    }
    if rest.starts_with("..") {
        let length = if rest.starts_with("...") { 3 } else { 2 };
        return Ok((TokenKind::Dots, at + length));
    }
    let kind = match first {
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => TokenKind::Dash,
        '…' => TokenKind::Dots,
        mark => TokenKind::Mark(mark),
    };
    Ok((kind, at + first.len_utf8()))
}

/// Whether this is white space, including thin and no-break spaces and invisible characters that are copied
/// with text.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Whether this can separate groups of three digits, like a comma.
fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}')
}

/// Reads `36`, `1,034`, `1 034`, `1_000`, `1.5`; stops at `1,5` and `1.5.2`.
fn numeral(text: &str, start: usize) -> Result<(TokenKind, usize), FigureStop> {
    let mut end = run(text, start);
    let mut digits = text[start..end].to_owned();
    if let Some(separator) = text[end..].chars().next() {
        let groupable = digits.len() <= 3;
        if separator == '_' {
            while text[end..].starts_with('_') && run(text, end + 1) > end + 1 {
                digits.push_str(&text[end + 1..run(text, end + 1)]);
                end = run(text, end + 1);
            }
        } else if groupable && (separator == ',' || is_group_space(separator)) {
            while let Some(group) = group(text, end, separator) {
                digits.push_str(group);
                end += separator.len_utf8() + 3;
            }
        }
    }
    let decimals = decimals(text, end);
    let whole_end = end;
    if !decimals.is_empty() {
        digits.push_str(decimals);
        end += 1 + decimals.len();
    }
    refuse_half_grouped(text, start, whole_end, end)?;
    Ok((TokenKind::Digits { digits, decimals: decimals.len() }, end))
}

/// The end of the run of digits that starts at `at`.
fn run(text: &str, at: usize) -> usize {
    at + text[at..].bytes().take_while(u8::is_ascii_digit).count()
}

/// The three digits after a separator; none unless there are exactly three.
fn group(text: &str, at: usize, separator: char) -> Option<&str> {
    let rest = text[at..].strip_prefix(separator)?;
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    (length == 3).then(|| &rest[..3])
}

/// The digits after a decimal point; empty if there are none.
fn decimals(text: &str, at: usize) -> &str {
    if text[at..].starts_with('.') { &text[at + 1..run(text, at + 1)] } else { "" }
}

/// Stops at a comma or a second point that is followed by digits, because the numeral can then be read in two
/// ways. It is not guessed.
fn refuse_half_grouped(text: &str, start: usize, whole_end: usize, end: usize) -> Result<(), FigureStop> {
    let rest = &text[end..];
    let Some(mark) = rest.chars().next().filter(|c| matches!(c, ',' | '.')) else { return Ok(()) };
    let after = run(text, end + 1);
    if after == end + 1 {
        return Ok(());
    }
    let (before, tail) = (&text[start..end], &text[end + 1..after]);
    let quoted = &text[start..after];
    if mark == '.' || end != whole_end || before.contains(',') {
        return Err(FigureStop::new(
            end,
            format!("`{quoted}` mixes commas and points; a group has three digits"),
        ));
    }
    let (decimal, joined) = (format!("{before}.{tail}"), format!("{before}{tail}"));
    let why = format!("`{quoted}` could be {decimal} or {joined}");
    Err(FigureStop::new(end, why)
        .meant(format!("{}{decimal}{}", &text[..start], &text[after..]))
        .meant(format!("{}{joined}{}", &text[..start], &text[after..])))
}

/// A position in a list of tokens. To look ahead, a reader copies it.
#[derive(Debug, Clone, Copy)]
pub(super) struct TokenCursor<'a> {
    pub text: &'a str,
    rest: &'a [Token],
    end: usize,
}

impl<'a> TokenCursor<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, rest: tokens, end: tokens.last().map_or(0, |last| last.end) }
    }

    pub(super) fn rest(&self) -> &'a [Token] {
        self.rest
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.rest.first()
    }

    pub(super) fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The byte offset of the next token.
    pub(super) fn at(&self) -> usize {
        self.peek().map_or(self.end, |token| token.start)
    }

    /// The next word; none if the next token is not a word.
    pub(super) fn word(&self) -> Option<&'a str> {
        match &self.peek()?.kind {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Takes the words of `phrase`, all or none. A dash may replace the space between two of them.
    pub(super) fn phrase(&mut self, phrase: &str) -> bool {
        let mut ahead = *self;
        for (place, wanted) in phrase.split(' ').enumerate() {
            if place > 0 {
                ahead.kind(&TokenKind::Dash);
            }
            if ahead.word() != Some(wanted) {
                return false;
            }
            ahead.next();
        }
        *self = ahead;
        true
    }

    /// Takes the next token if it is of this kind.
    pub(super) fn kind(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == *kind);
        if found {
            self.next();
        }
        found
    }

    /// Takes a dash that joins two words, without a space before or after it.
    pub(super) fn joining_dash(&mut self) -> bool {
        let joins = matches!(self.rest, [dash, after, ..] if dash.kind == TokenKind::Dash && !dash.spaced && !after.spaced);
        if joins {
            self.next();
        }
        joins
    }

    /// The cursor over the next `count` tokens only.
    pub(super) fn first(&self, count: usize) -> Self {
        Self::new(self.text, &self.rest[..count.min(self.rest.len())])
    }

    /// The cursor after the next `count` tokens.
    pub(super) fn after(&self, count: usize) -> Self {
        Self { rest: &self.rest[count.min(self.rest.len())..], ..*self }
    }

    /// An error unless everything was read.
    pub(super) fn finish(&self) -> Result<(), FigureStop> {
        if self.is_done() { Ok(()) } else { Err(self.stop()) }
    }

    /// The error at the next token.
    pub(super) fn stop(&self) -> FigureStop {
        match self.peek() {
            Some(_) => FigureStop::new(
                self.at(),
                format!("reading stopped at `{}`", quoted_text(&self.text[self.at()..])),
            ),
            None => FigureStop::new(self.end, "a number is missing at its end"),
        }
    }
}

/// A text as messages quote it: white space is reduced to single spaces, and a long text is cut.
pub(super) fn quoted_text(text: &str) -> String {
    const MAX_CHARS: usize = 40;
    // Only as many words are read as are needed to decide whether to cut; a long text is not read to its end.
    let folded = text.split_whitespace().take(MAX_CHARS).collect::<Vec<_>>().join(" ");
    match folded.char_indices().nth(MAX_CHARS) {
        Some((cut, _)) => format!("{}…", &folded[..cut]),
        None => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<String> {
        let read = tokens(text).expect("readable in this test");
        read.into_iter()
            .map(|token| match token.kind {
                TokenKind::Digits { digits, decimals } => format!("{digits}/{decimals}"),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn tokens_reads_numerals() {
        for text in ["1,034", "1 034", "1\u{2009}034", "1\u{202f}034", "1\u{a0}034", "1_034", "1034"] {
            assert_eq!(digits(text), ["1034/0"], "{text}");
        }
        assert_eq!(digits("1,234,567.8"), ["12345678/1"]);
        assert_eq!(digits("17..20"), ["17/0", "Dots", "20/0"]);
        assert_eq!(digits("17 20"), ["17/0", "20/0"]);
        assert_eq!(digits("2024 100"), ["2024/0", "100/0"]);
    }

    #[test]
    fn tokens_refuses_ambiguous_numerals() {
        let stop = tokens("about 1,5 million").expect_err("refused");
        assert_eq!((stop.at, stop.meant), (7, vec!["about 1.5 million".into(), "about 15 million".into()]));
        for text in ["1,03", "1,0345", "1,034,5", "1.5.2", "1.034,5", "1034,567"] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }
}

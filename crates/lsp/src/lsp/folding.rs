//! Folding ranges: sections, entries, block scalars and runs of comments. They are found by indentation, so that they
//! also work in a half-written file.

use gen_lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use super::error::RequestError;
use super::session::Session;

/// The folds of a file.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn folds(
    session: &mut Session,
    params: &FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    Ok(Some(folds_of(session.source(file).text())))
}

/// A range that has begun and has not ended yet.
struct OpenFold {
    line: usize,
    indent: usize,
    is_item: bool,
    /// Whether its content is a block scalar, in which nothing folds.
    is_block_scalar: bool,
}

fn folds_of(text: &str) -> Vec<FoldingRange> {
    let mut folds = FoldBuilder::default();
    for (number, line) in text.lines().enumerate() {
        folds.take(number, line);
    }
    folds.end_comments();
    folds.close(0, "");
    folds.folds.sort_by_key(|fold| (fold.start_line, std::cmp::Reverse(fold.end_line)));
    folds.folds
}

#[derive(Default)]
struct FoldBuilder {
    folds: Vec<FoldingRange>,
    open: Vec<OpenFold>,
    /// The last line that is not blank.
    last: usize,
    /// The first and the last line of the current run of comments.
    comments: Option<(usize, usize)>,
}

impl FoldBuilder {
    fn take(&mut self, number: usize, line: &str) {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let content = content.trim_end();
        if content.is_empty() {
            return self.end_comments();
        }
        if self.open.last().is_some_and(|open| open.is_block_scalar && indent > open.indent) {
            self.last = number;
            return;
        }
        if content.starts_with('#') {
            // A comment belongs to the next entry, unless it is indented further.
            self.comments = Some((self.comments.map_or(number, |(first, _)| first), number));
            return;
        }
        let is_item = self.close(indent, content);
        self.end_comments();
        self.last = number;
        self.open.push(OpenFold {
            line: number,
            indent,
            is_item,
            is_block_scalar: begins_block_scalar(content),
        });
    }

    /// Ends all open ranges that do not contain a line with this indentation. A list may be indented as far as its key.
    /// Returns whether the line is a list item.
    fn close(&mut self, indent: usize, content: &str) -> bool {
        let is_item = content == "-" || content.starts_with("- ");
        let ends = |open: &mut OpenFold| {
            open.indent > indent || (open.indent == indent && (open.is_item || !is_item))
        };
        while let Some(open) = self.open.pop_if(ends) {
            if self.last > open.line {
                self.folds.push(fold(open.line, self.last, None));
            }
        }
        is_item
    }

    fn end_comments(&mut self) {
        if let Some((first, last)) = self.comments.take().filter(|(first, last)| last > first) {
            self.folds.push(fold(first, last, Some(FoldingRangeKind::Comment)));
        }
    }
}

/// Whether a block scalar follows, as after `note: |` or `- >-`.
fn begins_block_scalar(content: &str) -> bool {
    let content = content.split(" #").next().unwrap_or(content).trim_end();
    let sign = content.rsplit([' ', '\t']).next().unwrap_or(content);
    let mark = sign.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    matches!(mark, "|" | ">") && content.len() > sign.len()
}

fn fold(start: usize, end: usize, kind: Option<FoldingRangeKind>) -> FoldingRange {
    FoldingRange {
        start_line: start as u32,
        end_line: end as u32,
        start_character: None,
        end_character: None,
        kind,
        collapsed_text: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u32, u32, bool)> {
        let is_comment = |fold: &FoldingRange| fold.kind == Some(FoldingRangeKind::Comment);
        folds_of(text).iter().map(|fold| (fold.start_line, fold.end_line, is_comment(fold))).collect()
    }

    #[test]
    fn folds_of_sections_entries_block_scalars_and_comments() {
        let text = "# one\n# two\nactors:\n  north: {}\n\n  south:\n    name: South\n    note: |\n      a\n        b:\n\n      # c\nclaims:\n- a\n- b:\n    c\nlast: 1\n";
        assert_eq!(
            lines(text),
            [(0, 1, true), (2, 11, false), (5, 11, false), (7, 11, false), (12, 15, false), (14, 15, false),]
        );
    }

    #[test]
    fn folds_of_half_written_files() {
        assert_eq!(
            lines("actors:\n  north: { name: \"N\n  south: [\nclaims:\n  a:\n    by"),
            [(0, 2, false), (3, 5, false), (4, 5, false),]
        );
        assert_eq!(lines("actors:\r\n  north:\r\n    name: N\r\n"), [(0, 2, false), (1, 2, false)]);
        assert_eq!(lines(""), []);
    }

    #[test]
    fn folds_of_comments_at_the_end_of_a_section() {
        assert_eq!(lines("a:\n  b: 1\n  # c\n  # d\n\ne: 1\n"), [(0, 1, false), (2, 3, true)]);
    }
}

//! Lines, tables and facts for a terminal, wrapped to its width and without control characters. Colour only
//! repeats what the words say. Other modules decide what is drawn.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr as _;

use super::snippets::{Style, disarmed, one_line};
use gainsay_analysis::finding::Grade;

/// Builds a text for a terminal. Every method cleans its input.
pub(super) struct TerminalWriter {
    style: Style,
    text: String,
}

impl TerminalWriter {
    /// An empty text.
    pub(super) fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    /// The text written so far.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A plain line.
    pub(super) fn line(&mut self, text: &str) {
        self.push_line(&one_line(text));
    }

    /// A dimmed line.
    pub(super) fn faint(&mut self, text: &str) {
        let line = self.painted("2", &one_line(text));
        self.push_line(&line);
    }

    /// A line in the colour of a grade.
    pub(super) fn graded(&mut self, grade: Grade, text: &str) {
        let line = self.painted(color_of(grade), &one_line(text));
        self.push_line(&line);
    }

    /// A line of a diff, coloured as added or removed.
    pub(super) fn changed(&mut self, text: &str) {
        let text = one_line(text);
        let line = match text.as_bytes().first() {
            Some(b'+') => self.painted("32", &text),
            Some(b'-') => self.painted("31", &text),
            Some(b'@') => self.painted("2", &text),
            _ => text,
        };
        self.push_line(&line);
    }

    /// A title after a blank line.
    pub(super) fn heading(&mut self, text: &str) {
        self.line("");
        self.title(text);
    }

    /// A title at the top, without a blank line.
    pub(super) fn title(&mut self, text: &str) {
        let line = self.painted("1", &one_line(text));
        self.push_line(&line);
    }

    /// A text after a head, wrapped to the width. Later lines are indented a little further than the head.
    pub(super) fn wrapped(&mut self, head: &str, text: &str) {
        self.hanging(head, head, text, further_in(head));
    }

    /// The same, with the head in the colour of a grade.
    pub(super) fn wrapped_graded(&mut self, grade: Grade, head: &str, text: &str) {
        let shown = self.painted(color_of(grade), head);
        self.hanging(head, &shown, text, further_in(head));
    }

    /// Names and values, indented by two columns.
    pub(super) fn facts<'a>(&mut self, facts: impl IntoIterator<Item = (&'a str, String)>) {
        self.facts_at(2, facts);
    }

    /// Names on the left, indented by `indent`, and texts on the right. Facts without text are left out.
    pub(super) fn facts_at<N: AsRef<str>>(
        &mut self,
        indent: usize,
        facts: impl IntoIterator<Item = (N, String)>,
    ) {
        let facts = facts.into_iter().filter(|(_, text)| !text.is_empty());
        let facts: Vec<(String, String)> =
            facts.map(|(name, text)| (one_line(name.as_ref()), text)).collect();
        let width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
        for (name, text) in facts {
            let rest = width - name.width();
            let head = format!("{:indent$}{name}{:rest$}  ", "", "");
            let shown = self.painted("2", &head);
            self.hanging(&head, &shown, &text, indent + width + 2);
        }
    }

    /// A table, indented by two columns.
    pub(super) fn table<R: IntoIterator<Item = String>>(
        &mut self,
        header: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        let width = self.style.width.saturating_sub(2).clamp(40, 160);
        table.set_width(width as u16);
        table.set_header(header);
        let mut words = vec![0; header.len()];
        for row in rows {
            let cells: Vec<String> = row.into_iter().map(|cell| one_line(&cell)).collect();
            for (widest, cell) in words.iter_mut().zip(&cells) {
                *widest = cell
                    .split(' ')
                    .map(unicode_width::UnicodeWidthStr::width)
                    .chain([*widest])
                    .max()
                    .unwrap_or(0);
            }
            table.add_row(cells);
        }
        // Words are not broken if the width allows it, because readers copy names of sources from reports.
        if words.iter().map(|word| word + 2).sum::<usize>() <= width {
            let whole = |&word: &usize| ColumnConstraint::LowerBoundary(Width::Fixed(word as u16 + 2));
            table.set_constraints(words.iter().map(whole));
        }
        for line in table.to_string().lines() {
            self.push_line(&format!("  {}", line.trim_end()));
        }
    }

    /// A paragraph, wrapped to the width and indented by `indent`.
    pub(super) fn paragraph(&mut self, indent: usize, text: &str) {
        let head = " ".repeat(indent);
        self.hanging(&head, &head, text, indent);
    }

    fn hanging(&mut self, head: &str, head_shown: &str, text: &str, indent: usize) {
        let lines = wrap(&one_line(text), self.style.width.max(40), head.width(), indent);
        for (at, line) in lines.iter().enumerate() {
            let text = if at == 0 { format!("{head_shown}{line}") } else { format!("{:indent$}{line}", "") };
            self.push_line(&text);
        }
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.style.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Appends a line that is already clean and coloured.
    fn push_line(&mut self, line: &str) {
        if line.trim_start().starts_with("::") {
            self.text.push_str(&disarmed(line.to_owned()));
        } else {
            self.text.push_str(line);
        }
        self.text.push('\n');
    }
}

fn color_of(grade: Grade) -> &'static str {
    match grade {
        Grade::Contradiction | Grade::Error => "1;31",
        Grade::Tension | Grade::Warning => "1;33",
        Grade::Note => "1;36",
    }
}

/// The indent of the later lines of a text.
fn further_in(head: &str) -> usize {
    6.max(head.len() - head.trim_start().len() + 2)
}

/// Breaks a text at spaces so that no line is wider than `width`, unless a single word is. `first` columns
/// of the first line and `indent` columns of the others are in use already.
pub(super) fn wrap(text: &str, width: usize, first: usize, indent: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = first;
    for word in text.split_whitespace() {
        let wide = word.width();
        if let Some(line) = lines.last_mut().filter(|line| line.is_empty() || used + 1 + wide <= width) {
            if !line.is_empty() {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += wide;
        } else {
            lines.push(word.to_owned());
            used = indent + wide;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> TerminalWriter {
        TerminalWriter::new(Style { color: false, width: 40 })
    }

    #[test]
    fn terminal_writer_keeps_each_value_on_its_line() {
        let mut sheet = sheet();
        sheet.line("a\nb\u{1b}[31m");
        sheet.facts([("name", "x\n✗ forged".to_owned()), ("left out", String::new())]);
        sheet.table(&["who"], [["y\n✗ forged".to_owned()]]);
        assert_eq!(sheet.finish(), "a b?[31m\n  name  x ✗ forged\n   who\n   y ✗ forged\n");
    }

    #[test]
    fn facts_wrap_under_their_own_column() {
        let mut sheet = sheet();
        sheet.facts([("words", "one two three four five six seven eight".to_owned())]);
        assert_eq!(sheet.finish(), "  words  one two three four five six\n         seven eight\n");
    }
}

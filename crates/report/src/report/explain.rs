//! `gainsay explain`: the page of a rule or a lint, and the table of all of them.

use super::snippets::Style;
use super::terminal::TerminalWriter;
use super::wording::{mark, values_in_words};
use gainsay_analysis::document::Word as _;
use gainsay_analysis::finding::Grade;
use gainsay_analysis::id::PopulationId;
use gainsay_analysis::lint::{self, Lint};
use gainsay_analysis::model::Model;
use gainsay_analysis::rules::{self, Rule, RuleOrLint};
use gainsay_reading::figure;

/// The page of one rule or lint.
pub fn render(known: RuleOrLint, style: Style) -> String {
    let mut sheet = TerminalWriter::new(style);
    match known {
        RuleOrLint::Rule(rule) => draw_rule(&mut sheet, rule),
        RuleOrLint::Lint(lint) => draw_lint(&mut sheet, lint),
    }
    sheet.finish()
}

/// The table of all rules and lints, with grades and summaries.
pub fn render_all(style: Style) -> String {
    let mut sheet = TerminalWriter::new(style);
    let row = |id: &str, grade: Grade, summary: &str| {
        [format!("{} {id}", mark(grade)), grade.name().to_owned(), summary.to_owned()]
    };
    let on_claims = rules::ALL.iter().filter(|rule| !rule.grade.is_lint());
    sheet.title("Rules for claims");
    sheet.table(&["rule", "grade", "finds"], on_claims.map(|rule| row(rule.id, rule.grade, rule.summary)));
    let on_files = rules::ALL.iter().filter(|rule| rule.grade.is_lint());
    let on_files = on_files.map(|rule| row(rule.id, rule.grade, rule.summary));
    let reading = lint::ALL.iter().map(|lint| row(lint.id, lint.grade, lint.summary));
    sheet.heading("Checks of the files");
    sheet.table(&["lint", "grade", "finds"], on_files.chain(reading));
    sheet.line("");
    sheet.line("`gainsay explain RULE` describes one of them; `explain measures` and `explain words` list what a claim can say.");
    sheet.finish()
}

/// The measures and populations of a model, which a claim can use.
pub fn render_measures(model: &Model, style: Style) -> String {
    let mut sheet = TerminalWriter::new(style);
    sheet.title("Measures");
    let measures = model.measures.iter().map(|(id, measure)| {
        [model.measures.name(id).to_string(), measure.kind.word().to_owned(), values_in_words(measure)]
    });
    sheet.table(&["measure", "type", "takes"], measures);
    sheet.heading("Populations");
    let populations = model.populations.iter().map(|(id, population)| {
        let names = |ids: &[PopulationId]| {
            ids.iter().map(|&id| model.populations.name(id).as_str()).collect::<Vec<_>>().join(", ")
        };
        let name = model.populations.name(id).to_string();
        [name, names(&population.part_of), names(&population.excludes)]
    });
    sheet.table(&["population", "part of", "excludes"], populations);
    sheet.line("");
    sheet.paragraph(
        0,
        "Define others under `measures:` and `populations:`, as in `measures: { attended: { type: count, counts: \
         people } }`.",
    );
    sheet.finish()
}

/// The wordings of figures, and how each is read.
pub fn render_words(style: Style) -> String {
    let mut sheet = TerminalWriter::new(style);
    sheet.title("Wordings of figures");
    let rows =
        figure::wordings().iter().map(|(wording, reading)| [(*wording).to_owned(), (*reading).to_owned()]);
    sheet.table(&["wording", "reads as"], rows);
    sheet.line("");
    let words: Vec<&str> = figure::Conventions::words().collect();
    sheet.paragraph(
        0,
        "To change how gainsay reads these words, write `settings: { words: { dozens: { hard: 12.., usual: 24-99 }, about: { \
         hard: 50%, usual: 10% } } }`. These words can be set:",
    );
    sheet.paragraph(2, &words.join(", "));
    sheet.finish()
}

/// The same page as [`render`] makes, as Markdown.
pub fn render_markdown(known: RuleOrLint) -> String {
    let (id, grade, summary, doc) = match known {
        RuleOrLint::Rule(rule) => (rule.id, rule.grade, rule.summary, rule.doc),
        RuleOrLint::Lint(lint) => (lint.id, lint.grade, lint.summary, lint.doc),
    };
    let mut page =
        vec![format!("# {id}"), format!("{} {grade}: {summary}.", mark(grade)), doc.trim().to_owned()];
    if let RuleOrLint::Rule(rule) = known {
        page.extend(silencing(rule));
        page.push(format!("Since {}.", rule.since));
    }
    page.join("\n\n") + "\n"
}

fn draw_rule(sheet: &mut TerminalWriter, rule: &Rule) {
    head(sheet, rule.id, rule.grade, rule.summary);
    draw_doc(sheet, rule.doc);
    sheet.line("");
    for paragraph in silencing(rule) {
        sheet.paragraph(0, &paragraph);
    }
    sheet.faint(&format!("Since {}.", rule.since));
}

/// How to silence a rule or change its grade.
pub(super) fn silencing(rule: &Rule) -> Vec<String> {
    let on_claim = format!("To silence it on a claim, write `allow: [{}]`.", rule.id);
    let everywhere = format!(
        "To change its grade, write in the settings: `settings: {{ grades: {{ {}: note }} }}`. The grades are contradiction, \
         tension, note and off.",
        rule.id
    );
    if rule.grade.is_lint() { vec![on_claim] } else { vec![on_claim, everywhere] }
}

fn draw_lint(sheet: &mut TerminalWriter, lint: &Lint) {
    head(sheet, lint.id, lint.grade, lint.summary);
    draw_doc(sheet, lint.doc);
}

fn head(sheet: &mut TerminalWriter, id: &str, grade: Grade, summary: &str) {
    sheet.graded(grade, &format!("{} {grade}[{id}]", mark(grade)));
    sheet.paragraph(0, summary);
    sheet.line("");
}

/// The documentation of a rule: paragraphs are wrapped, examples are not.
fn draw_doc(sheet: &mut TerminalWriter, doc: &str) {
    for (at, block) in blocks(doc).iter().enumerate() {
        if at > 0 {
            sheet.line("");
        }
        match block {
            Block::Paragraph(text) => sheet.paragraph(0, text),
            Block::Example(lines) => {
                for line in lines {
                    sheet.line(format!("    {line}").trim_end());
                }
            }
        }
    }
}

/// A block of the documentation of a rule.
pub enum Block<'a> {
    /// A paragraph, on one line.
    Paragraph(String),
    /// An example, line by line.
    Example(Vec<&'a str>),
}

/// Splits the documentation of a rule into blocks.
pub fn blocks(doc: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = doc.trim().lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            blocks.push(Block::Example(lines.by_ref().take_while(|line| !line.starts_with("```")).collect()));
        } else if !line.trim().is_empty() {
            let mut paragraph = line.to_owned();
            while let Some(more) = lines.next_if(|line| !line.trim().is_empty() && !line.starts_with("```")) {
                paragraph = format!("{paragraph} {more}");
            }
            blocks.push(Block::Paragraph(paragraph));
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draw_doc_wraps_paragraphs_only() {
        let mut sheet = TerminalWriter::new(Style { color: false, width: 40 });
        draw_doc(&mut sheet, "one two\nthree\n\nBad:\n\n```yaml\na: { b: 1 }\n\nc: 2\n```\n");
        assert_eq!(sheet.finish(), "one two three\n\nBad:\n\n    a: { b: 1 }\n\n    c: 2\n");
    }
}

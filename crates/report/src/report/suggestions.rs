//! Suggested duplicates, for a terminal and as JSON, `gainsay.suggestions/1`.

use serde::Serialize;

use super::json_text;
use super::terminal::TerminalWriter;
use super::text::Style;
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::source::{Files, Location};
use gainsay_analysis::workspace::{Suggestion, Suggestions, kind_in_words};

/// The suggestions as text, the most likely first.
pub fn render(files: &Files, suggestions: &[&Suggestion], style: Style) -> String {
    let mut sheet = TerminalWriter::new(style);
    for (nth, suggestion) in suggestions.iter().enumerate() {
        if nth > 0 {
            sheet.line("");
        }
        draw(&mut sheet, files, suggestion);
    }
    sheet.finish()
}

/// One suggestion: the score, the two records with names and places, the reason, and the command to merge them.
fn draw(sheet: &mut TerminalWriter, files: &Files, suggestion: &Suggestion) {
    let [keep, drop] = &suggestion.sides;
    let what = kind_in_words(suggestion.kind);
    let head = format!("{:.2}  ", suggestion.score);
    sheet.wrapped(&head, &format!("{what}s {} and {}: {}", keep.id, drop.id, suggestion.why));
    for side in &suggestion.sides {
        let times = if side.mentions == 1 { "time" } else { "times" };
        sheet.line(&format!(
            "      {} (`{}`), {}, referred to {} {times}",
            side.id,
            side.name,
            place(files, side.at),
            side.mentions
        ));
    }
    let apart = if suggestion.kind == Kind::Subject {
        format!("; if they differ, `--as apart-from` writes that on `{}`", drop.id)
    } else {
        String::new()
    };
    sheet.faint(&format!(
        "      gainsay suggest --apply {} {}: removes `{}` and makes its names aliases{apart}",
        keep.id, drop.id, drop.id
    ));
}

fn place(files: &Files, at: Location) -> String {
    let file = &files[at.file];
    format!("{}:{}", file.path(), file.line(at.span.start))
}

#[derive(Serialize)]
struct SuggestionsDocument<'a> {
    format: &'static str,
    suggestions: Vec<SuggestionRow<'a>>,
    left_out: &'a [String],
    comparisons: usize,
}

#[derive(Serialize)]
struct SuggestionRow<'a> {
    kind: &'static str,
    score: f64,
    reason: &'static str,
    why: &'a str,
    keep: SideRow<'a>,
    drop: SideRow<'a>,
}

#[derive(Serialize)]
struct SideRow<'a> {
    id: &'a str,
    name: &'a str,
    file: &'a str,
    line: usize,
    mentions: usize,
}

/// The suggestions as JSON.
///
/// # Errors
/// Never in practice, because every name is a string.
pub fn json(files: &Files, all: &Suggestions, chosen: &[&Suggestion]) -> anyhow::Result<String> {
    let rows = chosen.iter().map(|one| {
        let side = |nth: usize| {
            let side = &one.sides[nth];
            let file = &files[side.at.file];
            let line = file.line(side.at.span.start);
            SideRow { id: &side.id, name: &side.name, file: file.path(), line, mentions: side.mentions }
        };
        SuggestionRow {
            kind: kind_in_words(one.kind),
            score: (one.score * 1000.0).round() / 1000.0,
            reason: one.reason,
            why: &one.why,
            keep: side(0),
            drop: side(1),
        }
    });
    let document = SuggestionsDocument {
        format: "gainsay.suggestions/1",
        suggestions: rows.collect(),
        left_out: &all.left_out,
        comparisons: all.comparisons,
    };
    Ok(json_text::pretty(&document)?)
}

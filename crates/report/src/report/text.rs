//! The report for a terminal: counts, disputes with their positions and findings, and tables across disputes.

use unicode_width::UnicodeWidthStr as _;

use super::Report;
use super::outline::{self, Depth, Remark};
use super::snippets::one_line;
use super::terminal::TerminalWriter;
use super::wording::{self, AnswerRow, mark, rows, without_question, witnesses};
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::QuestionId;
use gainsay_analysis::model::Model;
use gainsay_analysis::workspace::Analysis;

pub use super::snippets::Style;

/// The whole report.
pub fn render(report: &Report<'_>, style: Style) -> String {
    let mut sheet = TerminalWriter::new(style);
    for line in outline::counts(report) {
        sheet.line(&line);
    }
    for (dispute, findings) in &report.disputes {
        sheet.line("");
        draw_dispute(&mut sheet, report.analysis, dispute, findings, Depth::Brief);
    }
    if !report.selected {
        for section in outline::across(report.analysis) {
            sheet.heading(section.title);
            sheet.table(&section.header, section.rows);
        }
    }
    sheet.finish()
}

/// One dispute, formatted as in the report.
pub fn render_dispute(analysis: &Analysis, dispute: &Dispute, style: Style) -> String {
    let findings: Vec<_> = dispute.findings.iter().map(|&at| &analysis.findings[at]).collect();
    let mut sheet = TerminalWriter::new(style);
    draw_dispute(&mut sheet, analysis, dispute, &findings, Depth::Brief);
    sheet.finish()
}

/// A list of disputes, one per line: grade mark, review status, name and question.
pub fn render_list(analysis: &Analysis, disputes: &[&Dispute]) -> String {
    let model = &analysis.model;
    let names: Vec<String> = disputes.iter().map(|dispute| model.question_name(dispute.question)).collect();
    let width = names.iter().map(|name| name.width()).max().unwrap_or(0).min(60);
    let line = |(dispute, name): (&&Dispute, &String)| {
        let (mark, standing) = (mark(dispute.grade), dispute.standing.name());
        let words = model.question_in_words(dispute.question);
        one_line(&format!("{mark} {standing:5}  {name:width$}  {words}")) + "\n"
    };
    disputes.iter().zip(&names).map(line).collect()
}

/// A unified diff for a terminal.
pub fn render_diff(diff: &str, style: Style) -> String {
    let mut sheet = TerminalWriter::new(style);
    diff.lines().for_each(|line| sheet.changed(line));
    sheet.finish()
}

/// A dispute: the question, who answers what, and the findings.
pub(super) fn draw_dispute(
    sheet: &mut TerminalWriter,
    analysis: &Analysis,
    dispute: &Dispute,
    findings: &[&Finding],
    depth: Depth,
) {
    let model = &analysis.model;
    let question = model.question_in_words(dispute.question);
    sheet.graded(dispute.grade, &format!("{} {question}", mark(dispute.grade)));
    let name = model.question_name(dispute.question);
    sheet.faint(&format!("  {name} · {} · {}", dispute.grade, wording::review_status(model, dispute)));
    draw_positions(sheet, analysis, dispute);
    draw_remarks(sheet, "  ", outline::silent(model, dispute));
    for finding in findings {
        draw_finding(sheet, model, Some(dispute.question), finding, depth);
    }
    draw_remarks(sheet, "  ", outline::named_in(analysis, dispute));
    draw_remarks(sheet, "  ", outline::reviews(model, dispute, depth));
}

/// Who answers what: the positions from low to high, then the claims that decline.
pub(super) fn draw_positions(sheet: &mut TerminalWriter, analysis: &Analysis, dispute: &Dispute) {
    let (rows, left_out) = rows(analysis, dispute);
    sheet.table(&wording::HEADER, rows.into_iter().map(AnswerRow::cells));
    draw_remarks(sheet, "  ", outline::left_out(&analysis.model, dispute, left_out));
    for (at, position) in dispute.positions.iter().enumerate() {
        if position.sources.len() > 1 {
            sheet.line(&format!("  {}: {}", at + 1, witnesses(position)));
        }
    }
}

/// A finding with its remarks. Under its own question (`asked`), the message does not repeat the question.
pub(super) fn draw_finding(
    sheet: &mut TerminalWriter,
    model: &Model,
    asked: Option<QuestionId>,
    finding: &Finding,
    depth: Depth,
) {
    let head = format!("  {} {}[{}]: ", mark(finding.grade), finding.grade, finding.rule);
    let message = match asked {
        Some(question) => without_question(model, question, &finding.message),
        None => &finding.message,
    };
    sheet.wrapped_graded(finding.grade, &head, message);
    draw_remarks(sheet, "      ", outline::remarks(model, finding, depth));
}

fn draw_remarks(sheet: &mut TerminalWriter, indent: &str, remarks: impl IntoIterator<Item = Remark>) {
    for remark in remarks {
        sheet.wrapped(&format!("{indent}{} ", remark.head), &remark.text);
    }
}

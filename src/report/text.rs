//! The report for a terminal: counts, disputes with their positions and findings, and what lies across them.

use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::wording::{claims_in_words, counted, mark, rows, without_question, witnesses};
use super::{Report, snippets::clean};
use crate::dispute::{Dispute, summary};
use crate::document::Word as _;
use crate::finding::{Finding, Grade};
use crate::id::{ClaimId, Id as _};

pub use super::snippets::Style;

/// The whole report.
pub fn render(report: &Report<'_>, style: Style) -> String {
    let mut page = Page { report, style, text: String::new() };
    page.counts();
    for (dispute, findings) in &report.disputes {
        page.dispute(dispute, findings);
    }
    if !report.selected {
        page.oppositions();
        page.one_sided();
        page.records();
        page.conventions();
    }
    page.text
}

/// One dispute by itself.
pub fn render_dispute(report: &Report<'_>, dispute: &Dispute, findings: &[&Finding], style: Style) -> String {
    let mut page = Page { report, style, text: String::new() };
    page.dispute(dispute, findings);
    page.text
}

struct Page<'a> {
    report: &'a Report<'a>,
    style: Style,
    text: String,
}

impl Page<'_> {
    fn counts(&mut self) {
        let counts = &self.report.counts;
        let line = [
            counted(counts.sources, "source"),
            counted(counts.actors, "actor"),
            counted(counts.subjects, "subject"),
            counted(counts.claims, "claim"),
            counted(counts.questions, "question"),
        ];
        self.line(&line.join(", "));
        let line = [
            counted(counts.contradictions, "contradiction"),
            counted(counts.tensions, "tension"),
            counted(counts.notes, "note"),
        ];
        let standing = format!("{} open, {} reviewed, {} stale", counts.open, counts.reviewed, counts.stale);
        self.line(&format!("{}; disputes: {standing}", line.join(", ")));
        if counts.errors > 0 {
            let errors = counted(counts.errors, "error");
            self.line(&format!(
                "{errors} in the files: what could not be read is left out, see `gainsay check`"
            ));
        }
        if self.report.selected {
            let shown = self.report.disputes.len();
            self.line(&format!("shown: {shown} of {} disputes", self.report.analysis.disputes.len()));
        }
    }

    fn dispute(&mut self, dispute: &Dispute, findings: &[&Finding]) {
        let model = &self.report.analysis.model;
        let question = clean(&model.question_in_words(dispute.question));
        let name = model.question_name(dispute.question);
        self.line("");
        let heading = format!("{} {question}", mark(dispute.grade));
        let heading = self.colored(dispute.grade, &heading);
        self.line(&heading);
        let standing = dispute.standing.name();
        let faint = self.faint(&format!("  {name} · {} · {standing}", dispute.grade));
        self.line(&faint);
        self.positions(dispute);
        if !dispute.silent.is_empty() {
            let silent: Vec<_> =
                dispute.silent.iter().map(|&actor| model.actors[actor].name.to_string()).collect();
            self.wrapped("  no position on record: ", &silent.join(", "));
        }
        for finding in findings {
            self.finding(dispute, finding);
        }
        self.named_in(dispute);
        self.reviews(dispute);
    }

    fn positions(&mut self, dispute: &Dispute) {
        let mut table = self.table();
        table.set_header(["", "who", "answer", "said", "source"]);
        let (rows, left_out) = rows(self.report.analysis, dispute);
        for row in rows {
            let position = row.position.map(|at| at.to_string()).unwrap_or_default();
            let cells = [position, row.who, row.answer, row.said, row.source];
            table.add_row(cells.map(|cell| Cell::new(clean(&cell))));
        }
        self.indented(&table);
        if left_out > 0 {
            let rest = counted(left_out, "more claim");
            self.line(&format!("  and {rest} on these positions (`gainsay show` lists them)"));
        }
        if dispute.positions_left_out > 0 {
            let between = counted(dispute.positions_left_out, "position");
            self.line(&format!("  and {between} between the lowest and the highest"));
        }
        for (at, position) in dispute.positions.iter().enumerate() {
            if position.sources.len() > 1 {
                self.line(&format!("  {}: {}", at + 1, witnesses(position)));
            }
        }
    }

    fn finding(&mut self, dispute: &Dispute, finding: &Finding) {
        let head = format!("  {} {}[{}]: ", mark(finding.grade), finding.grade, finding.rule);
        let head_colored = self.colored(finding.grade, &head);
        let message = without_question(&self.report.analysis.model, dispute, &finding.message);
        self.hanging(&head, &head_colored, message);
        let Some(evidence) = &finding.evidence else { return };
        for step in evidence.steps.iter().chain(&finding.notes) {
            self.wrapped("      because ", step);
        }
        for line in &evidence.rests_on {
            self.wrapped("      read by convention: ", line);
        }
        for line in &finding.help {
            self.wrapped("      would settle it: ", line);
        }
        let model = &self.report.analysis.model;
        let names = |claims: &[ClaimId]| claims_in_words(model, claims);
        self.wrapped("      claims ", &names(&evidence.claims));
        if !evidence.also.is_empty() {
            self.wrapped("      also ", &names(&evidence.also));
        }
    }

    /// Findings of other disputes that bear on this question.
    fn named_in(&mut self, dispute: &Dispute) {
        let analysis = self.report.analysis;
        for &at in &dispute.named_in {
            let finding = &analysis.findings[at];
            let Some(&other) = finding.questions().first() else { continue };
            let place = analysis.model.question_name(other);
            self.wrapped("  see also ", &format!("{place}: {}", finding.rule));
        }
    }

    fn reviews(&mut self, dispute: &Dispute) {
        let model = &self.report.analysis.model;
        for (at, &review) in dispute.reviews.iter().enumerate() {
            let review = &model.reviews[review];
            let mut words = vec![review.verdict.word().to_owned()];
            words.extend(review.because.map(|because| format!("because of {}", because.word())));
            words.extend(review.figure.as_ref().map(|figure| format!("at {figure}")));
            words.extend(review.by.as_ref().map(|by| format!("by {by}")));
            words.extend(review.on.map(|on| format!("on {}", on.in_words())));
            words.extend(review.note.as_ref().map(ToString::to_string));
            let head = if at == 0 { "  review: " } else { "  earlier review: " };
            self.wrapped(head, &words.join(", "));
            if at == 0 && dispute.standing == crate::dispute::Standing::Stale {
                self.stale(dispute, review.on.and_then(|on| on.last));
            }
        }
    }

    /// What changed since a review that no longer fits, as far as days tell.
    fn stale(&mut self, dispute: &Dispute, on: Option<crate::period::Day>) {
        let model = &self.report.analysis.model;
        let newer = dispute.positions.iter().flat_map(|position| &position.answers).filter(|answer| {
            let source = model.claim(model.answers.claim[answer.index()]).source;
            on.is_some_and(|on| model.sources[source].published.earliest() > on)
        });
        let mut names: Vec<String> =
            newer.map(|answer| model.claim_name(model.answers.claim[answer.index()])).collect();
        names.sort();
        names.dedup();
        let text = if names.is_empty() {
            "claims were changed, added or taken out".to_owned()
        } else {
            format!("published since: {}", names.join(", "))
        };
        self.wrapped("  stale, open again: ", &text);
    }

    fn oppositions(&mut self) {
        let analysis = self.report.analysis;
        let (rows, crowded) = summary::oppositions(analysis.on_claims());
        if rows.is_empty() && crowded == 0 {
            return;
        }
        self.heading("Parties against parties");
        let mut table = self.table();
        table.set_header(["party", "against", "contradictions", "tensions"]);
        for row in rows {
            let name = |actor| clean(&analysis.model.actors[actor].name);
            let against = if row.one == row.other { "itself".to_owned() } else { name(row.other) };
            table.add_row([name(row.one), against, row.contradictions.to_string(), row.tensions.to_string()]);
        }
        self.indented(&table);
        if crowded > 0 {
            let findings = counted(crowded, "finding");
            let most = summary::MAX_PARTIES;
            self.line(&format!("  {findings} of more than {most} parties not broken down"));
        }
    }

    fn one_sided(&mut self) {
        let model = &self.report.analysis.model;
        let rows = summary::one_sided(model, &self.report.analysis.graph);
        if rows.is_empty() {
            return;
        }
        self.heading("Figures that only one side gives");
        let mut table = self.table();
        table.set_header(["question", "only"]);
        for (question, party) in rows {
            table.add_row([clean(&model.question_in_words(question)), clean(&model.actors[party].name)]);
        }
        self.indented(&table);
    }

    fn records(&mut self) {
        let analysis = self.report.analysis;
        self.heading("Sources");
        let mut table = self.table();
        table.set_header(["source", "claims", "disputed"]);
        for record in summary::records(&analysis.model, &analysis.findings) {
            let name = analysis.model.sources.name(record.source).to_string();
            table.add_row([name, record.claims.to_string(), record.disputed.to_string()]);
        }
        self.indented(&table);
    }

    fn conventions(&mut self) {
        let lines = summary::conventions(&self.report.analysis.model);
        if lines.is_empty() {
            return;
        }
        self.heading("Words read by convention");
        for line in lines {
            self.line(&format!("  {line}"));
        }
    }

    // --- lines ------------------------------------------------------------------------------------------

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(self.style.width.saturating_sub(2).clamp(40, 160) as u16);
        table
    }

    fn indented(&mut self, table: &Table) {
        for line in table.to_string().lines() {
            self.line(&format!("  {}", line.trim_end()));
        }
    }

    fn heading(&mut self, text: &str) {
        self.line("");
        let text = if self.style.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
        self.line(&text);
    }

    fn wrapped(&mut self, head: &str, text: &str) {
        self.hanging(head, head, text);
    }

    /// A text behind a head, wrapped to the width, later lines under the first.
    fn hanging(&mut self, head: &str, head_shown: &str, text: &str) {
        let indent = 6.max(head.len() - head.trim_start().len() + 2);
        let first = unicode_width::UnicodeWidthStr::width(head);
        let lines = wrap(&clean(text), self.style.width.max(40), first, indent);
        for (at, line) in lines.iter().enumerate() {
            let text = if at == 0 { format!("{head_shown}{line}") } else { format!("{:indent$}{line}", "") };
            self.line(&text);
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn colored(&self, grade: Grade, text: &str) -> String {
        if !self.style.color {
            return text.to_owned();
        }
        let code = match grade {
            Grade::Contradiction | Grade::Error => "1;31",
            Grade::Tension | Grade::Warning => "1;33",
            Grade::Note => "1;36",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    fn faint(&self, text: &str) -> String {
        if self.style.color { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Breaks a text at blanks so that no line is wider than `width`, where words allow it.
fn wrap(text: &str, width: usize, first: usize, indent: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = first;
    for word in text.split_whitespace() {
        let wide = unicode_width::UnicodeWidthStr::width(word);
        let line = lines.last_mut().filter(|line| line.is_empty() || used + 1 + wide <= width);
        if let Some(line) = line {
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

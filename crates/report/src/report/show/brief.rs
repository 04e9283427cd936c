//! A summary of one thing in a few lines, for hover texts in editors: the facts of `show`, and the positions on
//! a question. Long lists are cut and say how many more there are.

use super::{FactLine, ShowPage, Style};
use crate::report::outline::{self, Depth};
use crate::report::wording::{answers_of, mark, review_status, rows, values_in_words, without_question};
use gainsay_analysis::graph::{self, Node};
use gainsay_analysis::id::{AnswerId, ClaimId, MeasureId, QuestionId};
use gainsay_analysis::model::{Measure, Model};
use gainsay_analysis::source::Files;
use gainsay_analysis::workspace::Analysis;
use gainsay_reading::figure::{self, Reading};

/// The most names in a list, and the most lines in a section.
const MAX_LISTED: usize = 8;

/// A summary of a thing.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Its kind: `actor`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Names and texts of facts. The texts are not empty.
    pub facts: Vec<(&'static str, String)>,
    /// Titles with lines under them.
    pub sections: Vec<(String, Vec<String>)>,
}

/// A summary of a node.
pub fn brief(files: &Files, analysis: &Analysis, node: Node) -> Brief {
    let page = page(files, analysis);
    let model = page.model;
    let mut sections = Vec::new();
    let facts = match node {
        Node::Claim(id) => {
            let answers = answers_of(analysis, id);
            let mut facts = page.said(model.claim(id));
            facts.extend(page.asked(&answers[..answers.len().min(MAX_LISTED)]));
            if answers.len() > MAX_LISTED {
                facts.push(("and", format!("{} more answers", answers.len() - MAX_LISTED)));
            }
            let mut asked: Vec<QuestionId> = answers.iter().map(|&answer| page.question_of(answer)).collect();
            asked.dedup();
            asked.truncate(MAX_LISTED);
            sections.extend(asked.into_iter().flat_map(|question| page.held_on(question)));
            facts
        }
        Node::Question(id) => {
            sections = page.held_on(id);
            vec![("asked", model.question_in_words(id))]
        }
        Node::Actor(id) => page.actor_facts(id),
        Node::Subject(id) => {
            let asked: Vec<QuestionId> = model.questions_on(id).collect();
            let shown = asked.iter().take(MAX_LISTED);
            let mut lines: Vec<String> = shown.filter_map(|&question| page.answered(question)).collect();
            more(&mut lines, asked.len().saturating_sub(MAX_LISTED), "question");
            if !lines.is_empty() {
                sections.push(("Questions, and who answers what".to_owned(), lines));
            }
            page.subject_facts(id)
        }
        Node::Source(id) => {
            let mut facts = page.source_facts(id);
            facts.push(("claims", model.sources[id].claims.len().to_string()));
            facts
        }
        Node::Place(id) => page.place_facts(id),
        Node::Term(id) => page.term_facts(&model.terms, id),
        Node::Population(id) => page.population_facts(id),
    };
    Brief { kind: graph::kind(model, node), id: graph::node_id(model, node), facts: filled(facts), sections }
}

/// A summary of a measure.
pub fn measure_in_brief(files: &Files, analysis: &Analysis, id: MeasureId) -> Brief {
    let page = page(files, analysis);
    let facts = filled(page.measure_facts(id));
    Brief { kind: "measure", id: page.model.measures.name(id).to_string(), facts, sections: Vec::new() }
}

/// The questions that a claim answers, and how its answers are read.
pub fn answers_in_brief(files: &Files, analysis: &Analysis, claim: ClaimId) -> Vec<(&'static str, String)> {
    let answers = answers_of(analysis, claim);
    let mut facts = page(files, analysis).asked(&answers[..answers.len().min(MAX_LISTED)]);
    if answers.len() > MAX_LISTED {
        facts.push(("and", format!("{} more answers", answers.len() - MAX_LISTED)));
    }
    filled(facts)
}

/// The kind of values that a measure takes, in words.
pub fn measure_values_in_words(measure: &Measure) -> String {
    values_in_words(measure)
}

/// How the words of a figure are read for a measure, and the conventions used; or the reason
/// why they cannot be read.
pub fn reading_in_brief(model: &Model, measure: &Measure, words: &str) -> Vec<(&'static str, String)> {
    let conventions = &model.settings.conventions;
    let reading = match figure::read(words, &measure.counting, conventions) {
        Ok(reading) => reading,
        Err(unread) => return vec![("not read", unread.message)],
    };
    let leaned_on = match &reading {
        Reading::Figure(figure) => &figure.leaned_on,
        Reading::Share(share) => &share.leaned_on,
        Reading::Change(change) => &change.leaned_on,
    };
    let lines: Vec<String> = leaned_on.iter().filter_map(|word| conventions.describe(word)).collect();
    filled(vec![("reads as", reading.to_string()), ("by convention", lines.join("; "))])
}

fn page<'a>(files: &'a Files, analysis: &'a Analysis) -> ShowPage<'a> {
    let mut page = ShowPage::new(files, analysis, Style { color: false, width: 80 });
    page.max_listed = MAX_LISTED;
    page
}

fn filled(facts: Vec<FactLine>) -> Vec<FactLine> {
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Adds a line on how many more there are.
fn more(lines: &mut Vec<String>, rest: usize, noun: &str) {
    if rest > 0 {
        let plural = if rest == 1 { "" } else { "s" };
        lines.push(format!("and {rest} more {noun}{plural}"));
    }
}

impl ShowPage<'_> {
    /// The positions on a question with findings and reviews, or the answers if it is not disputed.
    fn held_on(&self, question: QuestionId) -> Vec<(String, Vec<String>)> {
        let words = self.model.question_in_words(question);
        let Some(dispute) = self.dispute(question) else {
            let answers: Vec<AnswerId> = self.model.answers_to(question).collect();
            let shown = answers.iter().take(MAX_LISTED);
            let mut lines: Vec<String> = shown
                .map(|&answer| self.statement(answer))
                .map(|(said, statement)| format!("{statement}; {said}"))
                .collect();
            more(&mut lines, answers.len().saturating_sub(MAX_LISTED), "answer");
            return vec![(format!("{words}: no findings"), lines)];
        };
        let title = format!(
            "{} {words} · {} · {}",
            mark(dispute.grade),
            dispute.grade,
            review_status(self.model, dispute)
        );
        let (rows, left_out) = rows(self.analysis, dispute);
        let rest = rows.len().saturating_sub(MAX_LISTED) + left_out;
        let line = |row: crate::report::wording::AnswerRow| {
            let cells = row.cells();
            cells.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" · ")
        };
        let mut positions: Vec<String> = rows.into_iter().take(MAX_LISTED).map(line).collect();
        more(&mut positions, rest, "claim");
        positions.extend(
            outline::silent(self.model, dispute).map(|remark| format!("{} {}", remark.head, remark.text)),
        );
        let finding = |&at: &usize| {
            let finding = &self.analysis.findings[at];
            let message = without_question(self.model, question, &finding.message);
            format!("{} {} ({}): {message}", mark(finding.grade), finding.grade, finding.rule)
        };
        let mut findings: Vec<String> = dispute.findings.iter().take(MAX_LISTED).map(finding).collect();
        more(&mut findings, dispute.findings.len().saturating_sub(MAX_LISTED), "finding");
        let reviews = outline::reviews(self.model, dispute, Depth::Brief);
        let rest = reviews.len().saturating_sub(MAX_LISTED);
        findings.extend(
            reviews.into_iter().take(MAX_LISTED).map(|remark| format!("{} {}", remark.head, remark.text)),
        );
        more(&mut findings, rest, "line");
        vec![(title, positions), ("Findings".to_owned(), findings)]
    }
}

//! `gainsay show`: everything on one claim, actor, source, subject, question, place, term,
//! population or finding, for a terminal. Each kind has a module; this one has the shared parts.

mod actor;
mod brief;
mod claim;
mod finding;
mod measure;
mod question;
mod source;
mod subject;
mod vocabulary;

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::with_clashes;
use super::outline::Depth;
use super::terminal::TerminalWriter;
use super::text::draw_finding;
use super::wording::{answer_in_full, date_said, mark, source_and_place, speaker};
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::finding::Finding;
use gainsay_analysis::graph::{self, Edge, Node};
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _, QuestionId};
use gainsay_analysis::model::{Definition, Model};
use gainsay_analysis::source::{Files, Location};
use gainsay_analysis::workspace::Analysis;

pub use super::snippets::Style;
pub use brief::{
    Brief, answers_in_brief, brief, measure_in_brief, measure_values_in_words, reading_in_brief,
};

/// Everything on one node.
pub fn render(files: &Files, analysis: &Analysis, node: Node, style: Style) -> String {
    let mut page = ShowPage::new(files, analysis, style);
    let (kind, id) = (graph::kind(page.model, node), graph::node_id(page.model, node));
    page.sheet.title(&format!("{kind} {id}"));
    if graph::is_later(page.model, node) {
        page.sheet.line("  Said or published after the day of this report, so it is left out.");
        return page.sheet.finish();
    }
    match node {
        Node::Claim(id) => page.claim(id),
        Node::Actor(id) => page.actor(id),
        Node::Source(id) => page.source(id),
        Node::Subject(id) => page.subject(id),
        Node::Question(id) => page.question(id),
        Node::Place(id) => page.place(id),
        Node::Term(id) => page.term(id),
        Node::Population(id) => page.population(id),
    }
    page.neighbours(node);
    page.sheet.finish()
}

/// Everything on the finding with an id from a report or a page. None if there is no such finding.
pub fn finding(files: &Files, analysis: &Analysis, id: &str, style: Style) -> Option<String> {
    let is_it = |finding: &&Finding| finding.evidence.as_ref().is_some_and(|evidence| evidence.id == id);
    let finding = analysis.on_claims().find(is_it)?;
    let mut page = ShowPage::new(files, analysis, style);
    page.sheet.title(&format!("finding {id}"));
    page.finding(finding);
    Some(page.sheet.finish())
}

/// The output on one thing under construction.
struct ShowPage<'a> {
    files: &'a Files,
    analysis: &'a Analysis,
    model: &'a Model,
    disputes: FxHashMap<QuestionId, &'a Dispute>,
    sheet: TerminalWriter,
    /// The most names in a list. The list says how many more there are.
    max_listed: usize,
}

/// The name and the text of a fact. Facts with empty text are left out.
type FactLine = (&'static str, String);

impl<'a> ShowPage<'a> {
    fn new(files: &'a Files, analysis: &'a Analysis, style: Style) -> Self {
        let disputes = analysis.disputes.iter().map(|dispute| (dispute.question, dispute)).collect();
        Self {
            files,
            analysis,
            model: &analysis.model,
            disputes,
            sheet: TerminalWriter::new(style),
            max_listed: usize::MAX,
        }
    }

    /// A list with commas, and how many more there are.
    fn listed(&self, texts: impl IntoIterator<Item = String>) -> String {
        let mut texts = texts.into_iter();
        let shown = joined(texts.by_ref().take(self.max_listed));
        match texts.count() {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }

    /// The aliases and the place of a definition.
    fn defined(&self, defined: &Definition) -> [FactLine; 2] {
        let aliases = self.listed(defined.aliases.iter().map(|alias| alias.value.to_string()));
        let place = match defined.location() {
            Some(location) => self.place_of(location),
            None => "built in".to_owned(),
        };
        [("also called", aliases), ("defined in", place)]
    }

    /// `claims/actors.yaml:12`.
    fn place_of(&self, location: Location) -> String {
        let file = &self.files[location.file];
        format!("{}:{}", file.path(), file.line(location.span.start))
    }

    /// The dispute on a question, if there is one.
    fn dispute(&self, question: QuestionId) -> Option<&'a Dispute> {
        self.disputes.get(&question).copied()
    }

    /// The mark of the grade of the dispute on a question.
    fn mark(&self, question: QuestionId) -> String {
        self.dispute(question).map(|dispute| mark(dispute.grade).to_owned()).unwrap_or_default()
    }

    fn question_of(&self, answer: AnswerId) -> QuestionId {
        self.model.answers.question[answer.index()]
    }

    fn claim_of(&self, answer: AnswerId) -> ClaimId {
        self.model.answers.claim[answer.index()]
    }

    /// The answers that match, sorted by date of the event, question and time.
    fn answers_of(&self, is_meant: impl Fn(AnswerId) -> bool) -> Vec<AnswerId> {
        let mut answers: Vec<AnswerId> =
            (0..self.model.answers.len()).map(AnswerId::new).filter(|&answer| is_meant(answer)).collect();
        answers.sort_by_key(|&answer| {
            let (question, claim) = (self.question_of(answer), self.claim_of(answer));
            let subject = &self.model.subjects[self.model.question(question).subject];
            let date = subject.date.and_then(|date| date.value.first);
            (date, question, self.model.claim(claim).said.first, claim)
        });
        answers
    }

    /// Answers under their questions, in the order given.
    fn by_question(&mut self, title: &str, answers: &[AnswerId]) {
        if answers.is_empty() {
            return;
        }
        let model = self.model;
        self.sheet.heading(title);
        for answers in
            answers.chunk_by(|&a, &b| model.answers.question[a.index()] == model.answers.question[b.index()])
        {
            let question = self.question_of(answers[0]);
            self.question_line(question);
            let line = |answer: AnswerId| {
                let (said, statement) = self.statement(answer);
                (said, format!("{statement}; {}", self.model.claim(self.claim_of(answer)).name))
            };
            let lines: Vec<_> = answers.iter().map(|&answer| line(answer)).collect();
            self.sheet.facts_at(6, lines);
        }
    }

    /// A question in words, after the mark of its dispute.
    fn question_line(&mut self, question: QuestionId) {
        let words = self.model.question_in_words(question);
        match self.dispute(question) {
            Some(dispute) => {
                self.sheet.wrapped_graded(dispute.grade, &format!("  {} ", mark(dispute.grade)), &words);
            }
            None => self.sheet.wrapped("    ", &words),
        }
    }

    /// The date of an answer, and its words, speaker and source.
    fn statement(&self, answer: AnswerId) -> (String, String) {
        let claim = self.model.claim(self.claim_of(answer));
        let words = answer_in_full(self.model, self.question_of(answer), answer);
        let (who, source) = (speaker(self.model, claim), source_and_place(self.model, claim));
        (date_said(claim), format!("{words} — {who}; {source}"))
    }

    /// The findings that name one of the claims, in full or as one line each.
    fn findings(&mut self, claims: &FxHashSet<ClaimId>, in_full: bool) {
        let findings = naming(self.analysis, claims);
        if findings.is_empty() {
            return;
        }
        self.sheet.heading("Findings");
        for finding in findings {
            if in_full {
                draw_finding(&mut self.sheet, self.model, None, finding, Depth::Full);
            } else {
                let head = format!("  {} {}[{}]: ", mark(finding.grade), finding.grade, finding.rule);
                self.sheet.wrapped_graded(finding.grade, &head, &finding.message);
            }
        }
    }

    /// The neighbours in the graph, by relation.
    fn neighbours(&mut self, node: Node) {
        const MAX_NEIGHBOURS: usize = 12;
        let mut relations: Vec<(&'static str, Vec<String>)> = Vec::new();
        let neighbours = with_clashes(self.analysis).neighbours(node);
        for (edge, out, other) in neighbours {
            if graph::is_later(self.model, other) {
                continue;
            }
            let relation = if out { edge.name() } else { edge.reverse_name() };
            let id = graph::node_id(self.model, other);
            match relations.iter_mut().find(|(known, _)| *known == relation) {
                Some((_, ids)) => ids.push(id),
                None => relations.push((relation, vec![id])),
            }
        }
        if relations.is_empty() {
            return;
        }
        let is_listed = |relation: &str| relation == Edge::About.reverse_name();
        let facts = relations.into_iter().map(|(relation, ids)| {
            let shown = if is_listed(relation) { ids.len() } else { MAX_NEIGHBOURS };
            let rest = ids.len().saturating_sub(shown);
            let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            (relation, joined(ids.into_iter().take(shown)) + &more)
        });
        self.sheet.heading("Neighbours in the graph");
        self.sheet.facts(facts);
    }
}

/// The findings that name one of the claims, most serious first.
fn naming<'a>(analysis: &'a Analysis, claims: &FxHashSet<ClaimId>) -> Vec<&'a Finding> {
    let names = |finding: &&Finding| {
        let evidence = finding.evidence.as_deref();
        evidence.is_some_and(|at| at.all_claims().any(|claim| claims.contains(&claim)))
    };
    analysis.on_claims().filter(names).collect()
}

/// Joins texts with commas.
fn joined(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().collect::<Vec<_>>().join(", ")
}

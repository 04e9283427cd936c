//! The message of a finding on a clash: the words of the sources, who said them, what the clash rests on and what would
//! settle it.

mod across;

use rustc_hash::FxHashSet;

use super::{Facts, Rule};
use crate::document::{Certainty, MeasureType, Stance};
use crate::finding::{Evidence, Finding, Grade};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, PopulationId, QuestionId, SubjectId};
use crate::model::{Claim, Value};
use crate::reason::{Clash, Content, Nature, Statement};
use crate::source::Location;
use gainsay_reading::figure::{OPEN, Range};

/// How many statements a message quotes and labels. A longer list ends with the number of the others.
const MAX_QUOTES: usize = 8;

impl<'a> Facts<'a> {
    /// The clashes of one kind, in the order of questions.
    pub(super) fn clashes(&self, nature: Nature) -> impl Iterator<Item = &'a Clash> {
        self.reasoning.clashes.iter().filter(move |clash| clash.nature == nature)
    }

    /// The claim of an answer.
    pub(super) fn claim_of(&self, answer: AnswerId) -> ClaimId {
        self.model.answers.claim[answer.index()]
    }

    /// A claim.
    pub(super) fn claim(&self, claim: ClaimId) -> &'a Claim {
        self.model.claim(claim)
    }

    /// A statement in the words of its source, with its speaker: `` `at least 80` (Pakistani authorities) ``.
    pub(super) fn quote(&self, statement: &Statement) -> String {
        self.quote_answer(statement.main_answer())
    }

    /// An answer in the words of its source, with its speaker.
    pub(super) fn quote_answer(&self, answer: AnswerId) -> String {
        let claim = self.claim(self.claim_of(answer));
        let speaker = &self.model.actors[claim.by].name;
        let words = self.model.answer_in_words(answer);
        match self.model.answers.stance[answer.index()] {
            Stance::Asserts => format!("`{words}` ({speaker})"),
            Stance::Denies if self.model.is_any(answer) => format!("a denial of any ({speaker})"),
            Stance::Denies => format!("a denial of `{words}` ({speaker})"),
            Stance::Declines => format!("no answer ({speaker})"),
        }
    }

    /// Quotes of several statements, joined as in a sentence.
    pub(super) fn quotes(&self, statements: &[Statement]) -> String {
        listed(&capped(statements, |statement| self.quote(statement)))
    }

    /// Quotes sorted by date, each with its day.
    pub(super) fn quotes_by_date(&self, statements: &[Statement]) -> String {
        let mut answers: Vec<AnswerId> = statements.iter().map(Statement::main_answer).collect();
        answers.sort_by_key(|&answer| self.claim(self.claim_of(answer)).said_on());
        let dated = |&answer: &AnswerId| {
            let said = self.claim(self.claim_of(answer)).said.when_in_words();
            format!("{} {said}", self.quote_answer(answer))
        };
        capped(&answers, dated).join(", then ")
    }

    /// A finding on a clash, with all its evidence. A claim that is only probable or possible lowers the grade.
    pub(super) fn clash_finding(&self, rule: &Rule, clash: &Clash, message: impl Into<String>) -> Finding {
        let usual = clash.joint.as_ref().is_some_and(|joint| joint.usual);
        let grade = if clash.certain && !usual { rule.grade } else { rule.grade.max(Grade::Tension) };
        let answers: Vec<AnswerId> = clash.statements.iter().map(Statement::main_answer).collect();
        let mut evidence =
            self.evidence_with_usual(&clash.questions, &answers, clash.nature == Nature::Usual);
        evidence.also.clone_from(&clash.also);
        evidence.gap = clash.gap;
        evidence.steps = self.steps(clash);
        if let Some(joint) = clash.joint.as_deref() {
            evidence.across = true;
            if clash.nature != Nature::Denial {
                evidence.repairs = joint.repairs.iter().map(|&repair| self.repair_in_words(repair)).collect();
            }
            evidence.further = self.further(clash, joint);
        }
        evidence.rests_on.extend(self.inferred_across(clash));
        evidence.rests_on.sort();
        evidence.rests_on.dedup();
        let mut finding = Finding::new(rule.id, grade, message);
        for &answer in answers.iter().take(MAX_QUOTES) {
            finding = finding.at(self.value_location(self.claim_of(answer)), self.label(answer));
        }
        if !clash.certain {
            finding = finding.note("this rests on a claim that is only probable or possible");
        }
        if usual {
            finding = finding
                .note("a change given together with `at least` is taken to be computed from that figure");
        }
        finding.on(evidence)
    }

    /// The evidence of a finding on some answers, in this order.
    pub(super) fn evidence(&self, questions: &[QuestionId], answers: &[AnswerId]) -> Evidence {
        self.evidence_with_usual(questions, answers, false)
    }

    /// The evidence of a finding on some answers. With `usual`, it also rests on their usual ranges.
    pub(super) fn evidence_with_usual(
        &self,
        questions: &[QuestionId],
        answers: &[AnswerId],
        usual: bool,
    ) -> Evidence {
        let claims: Vec<ClaimId> = answers.iter().map(|&answer| self.claim_of(answer)).collect();
        let mut seen: FxHashSet<ActorId> = FxHashSet::default();
        let parties: Vec<ActorId> =
            claims.iter().map(|&claim| self.claim(claim).party).filter(|&party| seen.insert(party)).collect();
        let opposing = parties.iter().filter(|&&party| !self.model.actors[party].publishes).count() > 1;
        let rests_on = self.rests_on(answers, usual);
        Evidence { questions: questions.to_vec(), claims, parties, opposing, rests_on, ..Evidence::default() }
    }

    /// The location of a claim's value, or of its id if it has no value.
    pub(super) fn value_location(&self, claim: ClaimId) -> Location {
        let row = self.claim(claim);
        Location { file: row.location.file, span: row.value_span }
    }

    /// The label at an answer: who says it, and when.
    pub(super) fn label(&self, answer: AnswerId) -> String {
        let claim = self.claim(self.claim_of(answer));
        let verb = match self.model.answers.stance[answer.index()] {
            Stance::Asserts => "says so",
            Stance::Denies => "denies it",
            Stance::Declines => "neither confirms nor denies it",
        };
        format!("{} {verb}, {}", self.model.actors[claim.by].name, claim.said.in_words())
    }

    /// The steps that lead from the claims to the clash, simple enough to check by hand.
    fn steps(&self, clash: &Clash) -> Vec<String> {
        if clash.joint.is_some() {
            return self.steps_across(clash);
        }
        let mut steps = Vec::new();
        for statement in clash.statements.iter().take(MAX_QUOTES) {
            let question = self.model.answers.question[statement.main_answer().index()];
            let is_line =
                matches!(self.model.measure_of(question).kind, MeasureType::Count | MeasureType::Amount);
            let words = self.model.answer_in_words(statement.main_answer());
            match statement.content {
                Content::Interval { usual, .. } if clash.nature == Nature::Usual && is_line => {
                    steps.push(format!(
                        "`{words}` usually means {}",
                        self.model.range_in_words(question, usual)
                    ));
                }
                // The wording of a single value needs no explanation.
                Content::Interval { hard, .. }
                    if is_line && !statement.is_denial && hard.low != hard.high =>
                {
                    let range = self.model.range_in_words(question, hard);
                    if range != words {
                        steps.push(format!("`{words}` means {range}"));
                    }
                }
                _ => {}
            }
        }
        let is_exact = |statement: &Statement| statement.hard().is_some_and(|hard| hard.low == hard.high);
        if let Some(gap) = clash.gap.filter(|_| !clash.statements.iter().all(is_exact)) {
            let gap = self
                .model
                .range_in_words(clash.questions[0], Range { low: gap.absolute, high: gap.absolute });
            let what = if clash.nature == Nature::Usual { "usual readings" } else { "answers" };
            steps.push(format!("the lowest and the highest of the {what} are {gap} apart"));
        }
        steps
    }

    /// How the events of a clash are linked, in words, starting with the event whose date is carried over.
    pub(super) fn event_links(&self, clash: &Clash) -> Vec<String> {
        let subjects = &self.model.subjects;
        let events: Vec<SubjectId> = clash.through.iter().rev().copied().collect();
        let link = |one: SubjectId, other: SubjectId| {
            let (name, row) = (&subjects[one].name, &subjects[one]);
            let relations = [("is part of", &row.part_of), ("came after", &row.after)];
            let relation = relations.into_iter().find(|(_, others)| others.contains(&other));
            relation.map(|(words, _)| format!("{name} {words} {}", subjects[other].name))
        };
        let pairs = events.windows(2).map(|pair| {
            let linked = link(pair[0], pair[1]).or_else(|| link(pair[1], pair[0]));
            linked.unwrap_or_else(|| format!("and so on, to {}", subjects[pair[1]].name))
        });
        pairs.collect()
    }

    /// The conventions that the ranges of some answers rest on: all of them with `usual`, else those for hard ranges.
    fn rests_on(&self, answers: &[AnswerId], usual: bool) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for &answer in answers {
            if let Value::Figure(figure) = &self.model.answers.value[answer.index()] {
                let conventions = &self.model.settings.conventions;
                let words = figure.leaned_on.iter().filter(|word| usual || conventions.is_hard(word));
                lines.extend(words.filter_map(|word| conventions.describe(word)));
            }
        }
        lines.sort();
        lines.dedup();
        lines
    }

    /// A line for each population between a part and a whole that is part of it only by the desk's inference.
    pub(super) fn inferred_between(&self, part: PopulationId, whole: PopulationId) -> Vec<String> {
        let populations = &self.model.populations;
        if !self.graph.inferred.any_around(&self.graph.populations, part) {
            return Vec::new();
        }
        let between = self.graph.populations.between(part, whole);
        between
            .into_iter()
            .filter(|&at| populations[at].inferred)
            .map(|at| {
                format!("{} are counted as {} by the desk", populations[at].name, populations[whole].name)
            })
            .collect()
    }

    /// What would reconcile figures that do not meet: how far the lowest and the highest would have to reach.
    pub(super) fn how_to_reconcile(&self, clash: &Clash) -> Vec<String> {
        let question = clash.questions[0];
        let mut lines: Vec<(&Statement, Range)> = clash
            .statements
            .iter()
            .filter_map(|statement| statement.hard().map(|hard| (statement, hard)))
            .collect();
        lines.sort_by_key(|(_, range)| range.low);
        let ([(low_by, low), ..], [.., (high_by, high)]) = (lines.as_slice(), lines.as_slice()) else {
            return Vec::new();
        };
        if low.high >= high.low || low.high == OPEN {
            return Vec::new();
        }
        let to = |value| self.model.range_in_words(question, Range { low: value, high: value });
        vec![format!(
            "{} would have to reach up to {}, or {} down to {}",
            self.quote(low_by),
            to(high.low),
            self.quote(high_by),
            to(low.high),
        )]
    }

    /// Whether a claim is conditional: it is shown, but never clashes.
    pub(super) fn is_conditional(&self, claim: ClaimId) -> bool {
        self.claim(claim).certainty == Certainty::Conditional
    }
}

/// The first [`MAX_QUOTES`] items in words. If there are more, the last entry says how many.
pub(super) fn capped<T>(items: &[T], words: impl Fn(&T) -> String) -> Vec<String> {
    let mut shown: Vec<String> = items.iter().take(MAX_QUOTES).map(words).collect();
    if let Some(more) = items.len().checked_sub(MAX_QUOTES).filter(|&more| more > 0) {
        shown.push(format!("{more} more"));
    }
    shown
}

/// Joins items as in a sentence: `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

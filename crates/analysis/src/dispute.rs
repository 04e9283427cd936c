//! Disputes: findings and positions grouped by question, with reviews applied.
//!
//! A dispute is a question with findings on it. Its positions are the largest groups of claims that can hold
//! together. It also lists the parties that have not answered. This module finds and prints nothing.

mod decision;
mod positions;
mod seen;
pub mod summary;

pub use decision::{Decision, FIGURE, REASONS, VERDICTS, reason_in_words};
pub use seen::{Difference, Line, differences, is_same_line, seen_lines, since};

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{Certainty, Stance, Verdict};
use crate::finding::{Finding, Grade};
use crate::graph::Graph;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId, SourceId};
use crate::model::{AnswersByClaim, Model, Review};
use crate::reason::Reasoning;
use gainsay_reading::figure::Range;
use gainsay_reading::period::Day;

/// A question with findings on it.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// The question.
    pub question: QuestionId,
    /// The most serious grade among its findings.
    pub grade: Grade,
    /// The largest groups of claims that can hold together, from low to high.
    pub positions: Vec<Position>,
    /// How many positions between the lowest and the highest are left out: see [`MAX_POSITIONS`].
    pub positions_left_out: usize,
    /// Answers that express no position: declines, conditional claims, and superseded answers that a finding
    /// names.
    pub aside: Vec<AnswerId>,
    /// The parties of the event that have not answered.
    pub silent: Vec<ActorId>,
    /// Its findings, as indexes into all findings, most serious first.
    pub findings: Vec<usize>,
    /// Findings of other disputes that name this question.
    pub named_in: Vec<usize>,
    /// Its review status.
    pub standing: ReviewStatus,
    /// Its reviews, as indexes into [`Model::reviews`]; the first is the one that counts.
    pub reviews: Vec<usize>,
    /// The claims on its question and those that its findings name, each by one of its answers, sorted by
    /// claim.
    pub bearing: Vec<AnswerId>,
    /// The fingerprint of these claims, 8 hexadecimal digits. A review records it to notice later changes.
    pub seen: String,
}

/// The number of positions of a question that are listed: half from the low end and half from the high end.
/// Reports say how many are left out between them.
pub const MAX_POSITIONS: usize = 64;

/// One answer to a question together with the parties that give it: claims that can hold together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Position {
    /// Its answers, in the order of time.
    pub answers: Vec<AnswerId>,
    /// The parties that hold it, without duplicates, in the order of time.
    pub parties: Vec<ActorId>,
    /// The values that all its answers allow, if they have ranges.
    pub range: Option<Range>,
    /// The answer that names it.
    pub named_by: AnswerId,
    /// The sources of its claims.
    pub sources: Vec<SourceId>,
    /// How many independent origins these claims have.
    pub origins: usize,
}

/// The review status of a dispute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReviewStatus {
    /// It has not been decided.
    Open,
    /// The claims have changed since it was decided, so it is open again.
    Stale,
    /// The difference has a harmless reason.
    Explained,
    /// A reviewer confirms a figure.
    Settled,
    /// It cannot be settled from the recorded claims.
    Irreconcilable,
}

impl ReviewStatus {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Stale => "stale",
            Self::Explained => "explained",
            Self::Settled => "settled",
            Self::Irreconcilable => "irreconcilable",
        }
    }

    /// The status of a dispute whose review has this verdict and is not stale.
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Open => Self::Open,
            Verdict::Explained => Self::Explained,
            Verdict::Settled => Self::Settled,
            Verdict::Irreconcilable => Self::Irreconcilable,
        }
    }

    /// Whether it still needs a review.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Stale)
    }
}

/// Groups findings into disputes, sorted by grade, then by their first finding.
pub fn gather(model: &Model, graph: &Graph, reasoning: &Reasoning, findings: &[Finding]) -> Vec<Dispute> {
    let mut of_question: BTreeMap<QuestionId, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let Some((own, others)) = finding.questions().split_first() else { continue };
        of_question.entry(*own).or_default().0.push(at);
        for other in others {
            of_question.entry(*other).or_default().1.push(at);
        }
    }
    let reviews = reviews_by_question(model);
    let by_claim = AnswersByClaim::new(model);
    of_question.retain(|_, (own, _)| !own.is_empty());
    let mut disputes: Vec<Dispute> = of_question
        .into_par_iter()
        .map(|(question, findings_of_it)| {
            let mut dispute =
                build_dispute(model, graph, reasoning, findings, question, findings_of_it, &by_claim);
            dispute.set_reviews(model, reviews.get(&question).cloned().unwrap_or_default());
            dispute
        })
        .collect();
    disputes.sort_by_key(|dispute| (dispute.grade, dispute.findings[0]));
    disputes
}

fn build_dispute(
    model: &Model,
    graph: &Graph,
    reasoning: &Reasoning,
    findings: &[Finding],
    question: QuestionId,
    (own, named_in): (Vec<usize>, Vec<usize>),
    by_claim: &AnswersByClaim,
) -> Dispute {
    let involved: Vec<ClaimId> = own.iter().flat_map(|&at| findings[at].claims()).copied().collect();
    let named: FxHashSet<ClaimId> = involved.iter().copied().collect();
    let (positions, positions_left_out) =
        positions::positions_on(model, graph, reasoning, question, &named, by_claim);
    let replaced = |answer: AnswerId| {
        !reasoning.current[answer.index()] && named.contains(&model.answers.claim[answer.index()])
    };
    let aside: Vec<AnswerId> =
        model.answers_to(question).filter(|&answer| is_aside(model, answer) || replaced(answer)).collect();
    let own_findings: Vec<&Finding> = own.iter().map(|&at| &findings[at]).collect();
    let bearing = seen::bearing(model, by_claim, question, &own_findings);
    Dispute {
        question,
        grade: own.iter().map(|&at| findings[at].grade).min().unwrap_or(Grade::Note),
        silent: silent_parties(model, question, &positions),
        positions,
        positions_left_out,
        aside,
        findings: own,
        named_in,
        standing: ReviewStatus::Open,
        reviews: Vec::new(),
        seen: seen::seen(model, question, &bearing),
        bearing,
    }
}

impl Dispute {
    /// The figure that the review confirms, as the review words it. None unless the dispute is settled.
    pub fn stands_by<'m>(&self, model: &'m Model) -> Option<&'m str> {
        let review = &model.reviews[*self.reviews.first()?];
        review.figure.as_deref().filter(|_| self.standing == ReviewStatus::Settled)
    }

    /// Sets its reviews and its status; the first review is the one that counts.
    fn set_reviews(&mut self, model: &Model, reviews: Vec<usize>) {
        let published = self.positions.iter().flat_map(|position| &position.sources);
        let newest = published.filter_map(|&source| model.sources[source].published.first).max();
        self.standing = review_status(reviews.first().map(|&at| &model.reviews[at]), &self.seen, newest);
        self.reviews = reviews;
    }
}

/// Whether an answer expresses no position.
fn is_aside(model: &Model, answer: AnswerId) -> bool {
    let claim = model.claim(model.answers.claim[answer.index()]);
    model.answers.stance[answer.index()] == Stance::Declines || claim.certainty == Certainty::Conditional
}

/// The parties listed for the event that have not answered. An answer counts even if no position shows it:
/// some positions are left out, and shares have no range.
fn silent_parties(model: &Model, question: QuestionId, positions: &[Position]) -> Vec<ActorId> {
    let subject = &model.subjects[model.question(question).subject];
    let answered =
        model.answers_to(question).map(|answer| model.claim(model.answers.claim[answer.index()]).party);
    let elsewhere = positions.iter().flat_map(|position| position.parties.iter().copied());
    let spoke: FxHashSet<ActorId> = answered.chain(elsewhere).collect();
    let mut silent: Vec<ActorId> = subject
        .parties
        .iter()
        .map(|&actor| model.actors[actor].party)
        .filter(|party| !spoke.contains(party))
        .collect();
    silent.sort_unstable();
    silent.dedup();
    silent
}

/// The reviews of each question, the latest first; see [`Review::order`].
fn reviews_by_question(model: &Model) -> FxHashMap<QuestionId, Vec<usize>> {
    let mut of_question: FxHashMap<QuestionId, Vec<usize>> = FxHashMap::default();
    for (at, review) in model.reviews.iter().enumerate() {
        if let Some(question) = review.question {
            of_question.entry(question).or_default().push(at);
        }
    }
    for reviews in of_question.values_mut() {
        reviews.sort_by_key(|&at| std::cmp::Reverse(model.reviews[at].order()));
    }
    of_question
}

/// The status of a dispute. A review is stale if its claims have changed since. For a review that does not
/// record its claims, it is stale if a source was published after it.
fn review_status(review: Option<&Review>, seen: &str, newest: Option<Day>) -> ReviewStatus {
    let Some(review) = review else { return ReviewStatus::Open };
    let changed = match (seen::seen_by(review), review.on.and_then(|on| on.last)) {
        (Some(known), _) => known != seen,
        (None, Some(on)) => newest.is_some_and(|newest| newest > on),
        (None, None) => false,
    };
    if review.verdict != Verdict::Open && changed {
        return ReviewStatus::Stale;
    }
    ReviewStatus::of(review.verdict)
}

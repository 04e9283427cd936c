//! Findings and positions gathered by question, reviews applied.
//!
//! A dispute is a question on which something was found. Its positions are the largest groups of claims that
//! can hold together; who has not answered is part of it. Nothing is found or printed here.

mod decision;
mod positions;
mod seen;
pub mod summary;

pub use decision::{Decision, FIGURE, REASONS, VERDICTS, reason_in_words};
pub use seen::{Difference, Line, differences, reads_as, saw, since};

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{Certainty, Stance, Verdict};
use crate::figure::Range;
use crate::finding::{Finding, Grade};
use crate::graph::Graph;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId, SourceId};
use crate::model::{ByClaim, Model, Review};
use crate::period::Day;
use crate::reason::Reasoning;

/// A question on which something was found.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// What is asked.
    pub question: QuestionId,
    /// The gravest grade among its findings.
    pub grade: Grade,
    /// The largest groups of claims that can hold together, from low to high.
    pub positions: Vec<Position>,
    /// How many positions between the lowest and the highest are left out: see [`MAX_POSITIONS`].
    pub positions_left_out: usize,
    /// Answers that hold no position: who neither confirms nor denies, what is said on a condition, and what
    /// its party has answered again since, where a finding names it.
    pub aside: Vec<AnswerId>,
    /// The parties of the event that have no position on record.
    pub silent: Vec<ActorId>,
    /// Its findings, as indexes into all findings, gravest first.
    pub findings: Vec<usize>,
    /// Findings of other disputes that name this question.
    pub named_in: Vec<usize>,
    /// How it stands with review.
    pub standing: ReviewStatus,
    /// Its reviews as indexes into [`Model::reviews`], the one that counts first.
    pub reviews: Vec<usize>,
    /// The claims that bear on it, each by one of its answers, in the order of claims: those on its question and
    /// those its findings name.
    pub bearing: Vec<AnswerId>,
    /// Fingerprint of what these claims say, as a review has seen it: 8 hexadecimal digits.
    pub seen: String,
}

/// At most this many positions of a question are gathered, the lowest and the highest; a report says how many
/// lie between.
pub const MAX_POSITIONS: usize = 64;

/// Claims that can hold together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Position {
    /// Its answers, in the order of time.
    pub answers: Vec<AnswerId>,
    /// Whose position it is, each party once, in the order of time.
    pub parties: Vec<ActorId>,
    /// What its figures have in common, where they are on a line.
    pub range: Option<Range>,
    /// The answer that names it.
    pub named_by: AnswerId,
    /// The sources it stands in.
    pub sources: Vec<SourceId>,
    /// How many of them are independent.
    pub origins: usize,
}

/// How a dispute stands with review.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReviewStatus {
    /// Nobody has decided on it.
    Open,
    /// The claims changed since it was decided on: open again.
    Stale,
    /// The difference has a harmless reason.
    Explained,
    /// A reviewer stands by a figure.
    Settled,
    /// It cannot be settled from what is on record.
    Irreconcilable,
}

impl ReviewStatus {
    /// The name of it, as reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Stale => "stale",
            Self::Explained => "explained",
            Self::Settled => "settled",
            Self::Irreconcilable => "irreconcilable",
        }
    }

    /// How a dispute stands by a verdict that still fits.
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Open => Self::Open,
            Verdict::Explained => Self::Explained,
            Verdict::Settled => Self::Settled,
            Verdict::Irreconcilable => Self::Irreconcilable,
        }
    }

    /// Whether somebody has to look at it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Stale)
    }
}

/// Gathers findings into disputes, in the order of the findings: gravest first, then by the date of the event.
pub fn gather(model: &Model, graph: &Graph, reasoning: &Reasoning, findings: &[Finding]) -> Vec<Dispute> {
    let mut of_question: BTreeMap<QuestionId, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let Some((own, others)) = finding.questions().split_first() else { continue };
        of_question.entry(*own).or_default().0.push(at);
        for other in others {
            of_question.entry(*other).or_default().1.push(at);
        }
    }
    let reviews = reviews(model);
    let by_claim = ByClaim::new(model);
    of_question.retain(|_, (own, _)| !own.is_empty());
    let mut disputes: Vec<Dispute> = of_question
        .into_par_iter()
        .map(|(question, findings_of_it)| {
            let mut dispute = dispute(model, graph, reasoning, findings, question, findings_of_it, &by_claim);
            dispute.apply(model, reviews.get(&question).cloned().unwrap_or_default());
            dispute
        })
        .collect();
    disputes.sort_by_key(|dispute| (dispute.grade, dispute.findings[0]));
    disputes
}

fn dispute(
    model: &Model,
    graph: &Graph,
    reasoning: &Reasoning,
    findings: &[Finding],
    question: QuestionId,
    (own, named_in): (Vec<usize>, Vec<usize>),
    by_claim: &ByClaim,
) -> Dispute {
    let involved: Vec<ClaimId> = own.iter().flat_map(|&at| findings[at].claims()).copied().collect();
    let named: FxHashSet<ClaimId> = involved.iter().copied().collect();
    let (positions, positions_left_out) = positions::of(model, graph, reasoning, question, &named, by_claim);
    let replaced = |answer: AnswerId| {
        !reasoning.current[answer.index()] && named.contains(&model.answers.claim[answer.index()])
    };
    let aside: Vec<AnswerId> =
        model.answers_to(question).filter(|&answer| is_aside(model, answer) || replaced(answer)).collect();
    let told: Vec<&Finding> = own.iter().map(|&at| &findings[at]).collect();
    let bearing = seen::bearing(model, by_claim, question, &told);
    Dispute {
        question,
        grade: own.iter().map(|&at| findings[at].grade).min().unwrap_or(Grade::Note),
        silent: silent(model, question, &positions),
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
    /// The figure that reviewers stand by, in the words of the review that counts, where it is settled.
    pub fn stands_by<'m>(&self, model: &'m Model) -> Option<&'m str> {
        let review = &model.reviews[*self.reviews.first()?];
        review.figure.as_deref().filter(|_| self.standing == ReviewStatus::Settled)
    }

    /// Applies its reviews, the one that counts first.
    fn apply(&mut self, model: &Model, reviews: Vec<usize>) {
        let published = self.positions.iter().flat_map(|position| &position.sources);
        let newest = published.filter_map(|&source| model.sources[source].published.first).max();
        self.standing = standing(reviews.first().map(|&at| &model.reviews[at]), &self.seen, newest);
        self.reviews = reviews;
    }
}

/// Whether an answer holds no position.
fn is_aside(model: &Model, answer: AnswerId) -> bool {
    let claim = model.claim(model.answers.claim[answer.index()]);
    model.answers.stance[answer.index()] == Stance::Declines || claim.certainty == Certainty::Conditional
}

/// The parties named with the event that neither hold a position nor spoke of it otherwise. Whoever answered
/// spoke, whether or not a position shows it: some are left out, and a share is on no line.
fn silent(model: &Model, question: QuestionId, positions: &[Position]) -> Vec<ActorId> {
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

/// The reviews of each question, the latest first; of one day, whichever stands later.
fn reviews(model: &Model) -> FxHashMap<QuestionId, Vec<usize>> {
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

/// A review is stale where the claims are not those it has seen; one that does not say what it has seen,
/// where a source was published after it.
fn standing(review: Option<&Review>, seen: &str, newest: Option<Day>) -> ReviewStatus {
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

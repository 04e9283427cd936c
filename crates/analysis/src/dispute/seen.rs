//! The claims that a review has seen, and their changes since then. Each claim of a dispute is written as one
//! line that people can read. The fingerprint of a dispute is calculated from these lines, so the two always
//! agree.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::Dispute;
use crate::document::{Certainty, Stance, Word as _};
use crate::finding::{Evidence, Finding, fingerprint};
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::{AnswersByClaim, Claim, Model, Review};

/// A claim that has changed since a review.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its full name.
    pub claim: String,
    /// Its line when it was reviewed; none if it did not exist then.
    pub then: Option<String>,
    /// Its line now; none if it no longer exists.
    pub now: Option<String>,
}

/// The full name of a claim and what it says: `at least 80; north; said 2026-02-22`.
pub type Line = (String, String);

/// A line for every claim of a dispute, sorted by claim. The line of a claim on another question names that
/// question.
pub fn seen_lines(model: &Model, dispute: &Dispute) -> Vec<Line> {
    lines(model, dispute.question, &dispute.bearing).collect()
}

/// The claims of a dispute that have changed since a review, sorted by name; none if the review does not
/// record what it has seen.
pub fn since(model: &Model, dispute: &Dispute, review: &Review) -> Option<Vec<Difference>> {
    let then: Vec<Line> = review.saw.iter().flatten().map(known).collect();
    review.saw.as_ref().map(|_| differences(&then, &seen_lines(model, dispute)))
}

/// The differences between the claims at two times, sorted by name.
pub fn differences(then: &[Line], now: &[Line]) -> Vec<Difference> {
    let mut both: BTreeMap<&str, (Option<&str>, Option<&str>)> = BTreeMap::new();
    for (claim, line) in then {
        both.entry(claim).or_default().0 = Some(line);
    }
    for (claim, line) in now {
        both.entry(claim).or_default().1 = Some(line);
    }
    let differing = both.into_iter().filter(|(_, (then, now))| then != now);
    let owned = |line: Option<&str>| line.map(str::to_owned);
    differing
        .map(|(claim, (then, now))| Difference {
            claim: claim.to_owned(),
            then: owned(then),
            now: owned(now),
        })
        .collect()
}

/// The fingerprint of the claims that a review has seen, if it records them.
pub(super) fn seen_by(review: &Review) -> Option<String> {
    let from_lines = || review.saw.as_ref().map(|lines| lines_fingerprint(lines.iter().map(known)));
    review.seen.as_ref().map(ToString::to_string).or_else(from_lines)
}

/// The fingerprint of the claims of a dispute.
pub(super) fn seen(model: &Model, question: QuestionId, bearing: &[AnswerId]) -> String {
    lines_fingerprint(lines(model, question, bearing))
}

/// Whether a line of a review equals the line of a claim, apart from line breaks that an editor may have
/// added.
pub fn is_same_line(line: &str, said: &str) -> bool {
    folded(line) == said
}

/// A line of a review without the line breaks that an editor may have added.
fn known((claim, line): &(smol_str::SmolStr, smol_str::SmolStr)) -> Line {
    (claim.to_string(), folded(line))
}

/// The fingerprint of some lines, which does not depend on their order, because a reviewer may sort them.
fn lines_fingerprint(lines: impl Iterator<Item = Line>) -> String {
    let mut lines: Vec<Line> = lines.collect();
    lines.sort_unstable();
    let texts = lines.iter().flat_map(|(claim, line)| [claim.as_str(), line.as_str()]);
    format!("{:08x}", fingerprint(texts) >> 32)
}

fn lines(model: &Model, question: QuestionId, bearing: &[AnswerId]) -> impl Iterator<Item = Line> {
    bearing.iter().map(move |&answer| {
        let claim = model.answers.claim[answer.index()];
        (model.claim_name(claim), line(model, question, answer))
    })
}

/// The line of a claim: its answer, its speaker, the day when it was said, and more if needed.
fn line(model: &Model, asked: QuestionId, answer: AnswerId) -> String {
    let row = model.claim(model.answers.claim[answer.index()]);
    let said = format!("said {}", row.said);
    let mut parts = vec![stated(model, row, answer), model.actors.name(row.by).to_string(), said];
    if row.as_of != row.said {
        parts.push(format!("as of {}", row.as_of));
    }
    if row.certainty != Certainty::Certain {
        parts.push(row.certainty.word().to_owned());
    }
    let question = model.answers.question[answer.index()];
    if question != asked {
        parts.push(format!("on {}", model.question_name(question)));
    }
    folded(&parts.join("; "))
}

/// The answer of a claim: `at least 80`, `denies some`, `denies raid-militants`.
fn stated(model: &Model, row: &Claim, answer: AnswerId) -> String {
    if let Some(response) = row.response {
        let at = answer.index();
        let targets = model.targets_on(model.answers.claim[at], model.answers.question[at]);
        let names: Vec<String> = targets.into_iter().map(|claim| name_in(model, row, claim)).collect();
        return format!("{} {}", response.word(), names.join(", ")).trim_end().to_owned();
    }
    match model.answers.stance[answer.index()] {
        Stance::Asserts => row.written.to_string(),
        Stance::Denies => format!("denies {}", row.written),
        Stance::Declines if row.written.is_empty() => "declines to answer".to_owned(),
        Stance::Declines => format!("neither confirms nor denies {}", row.written),
    }
}

/// The name of a claim as used by another claim: short within the same source, otherwise full.
fn name_in(model: &Model, row: &Claim, claim: ClaimId) -> String {
    let named = model.claim(claim);
    if named.source == row.source { named.name.to_string() } else { model.claim_name(claim) }
}

/// A text on one line: white space and control characters become single spaces.
fn folded(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The claims on a question and those that its findings name, sorted by claim and without duplicates. Each is
/// given by one of its answers: to the question itself, or else to another question that the findings are on.
pub(super) fn bearing(
    model: &Model,
    by_claim: &AnswersByClaim,
    question: QuestionId,
    findings: &[&Finding],
) -> Vec<AnswerId> {
    let claim_of = |answer: &AnswerId| model.answers.claim[answer.index()];
    let mut bearing: Vec<AnswerId> = model.answers_to(question).collect();
    bearing.dedup_by_key(|answer| claim_of(answer));
    let mut known: FxHashSet<ClaimId> = bearing.iter().map(claim_of).collect();
    let mut on: Vec<QuestionId> = findings.iter().flat_map(|finding| finding.questions()).copied().collect();
    on.sort_unstable();
    on.dedup();
    let evidence = findings.iter().filter_map(|finding| finding.evidence.as_deref());
    for &claim in evidence.flat_map(|evidence: &Evidence| &evidence.claims) {
        if known.insert(claim) {
            let answers = by_claim.of(claim);
            let asked = |answer: &AnswerId| model.answers.question[answer.index()];
            let named = if on.len() < answers.len() {
                let from = |question: QuestionId| answers.partition_point(|answer| asked(answer) < question);
                let mut first = on.iter().filter_map(|&question| {
                    answers.get(from(question)).filter(|answer| asked(answer) == question)
                });
                first.next()
            } else {
                answers.iter().find(|answer| on.binary_search(&asked(answer)).is_ok())
            };
            bearing.extend(named.or(answers.first()));
        }
    }
    bearing.sort_unstable_by_key(claim_of);
    bearing
}

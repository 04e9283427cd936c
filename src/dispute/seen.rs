//! What a review has seen, and what became of it since: every claim that bears on a dispute as one line that
//! people can read. The fingerprint of a dispute is made of these lines, so the two always agree.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::Dispute;
use crate::document::{Certainty, Stance, Word as _};
use crate::finding::{Evidence, Finding, fingerprint};
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::{ByClaim, Claim, Model, Review};

/// A claim that is not as a review has seen it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its full name.
    pub claim: String,
    /// What it said when it was reviewed; none where it was not there.
    pub then: Option<String>,
    /// What it says now; none where it is gone.
    pub now: Option<String>,
}

/// A claim by its full name, and what it says: `at least 80; north; said 2026-02-22`.
pub type Line = (String, String);

/// Every claim that bears on a dispute with what it says, in the order of claims. Of a claim on another question
/// the line says on which.
pub fn saw(model: &Model, dispute: &Dispute) -> Vec<Line> {
    lines(model, dispute.question, &dispute.bearing).collect()
}

/// What changed on a dispute since a review, in the order of names; none where the review does not say what it
/// has seen.
pub fn since(model: &Model, dispute: &Dispute, review: &Review) -> Option<Vec<Difference>> {
    let then: Vec<Line> = review.saw.iter().flatten().map(known).collect();
    review.saw.as_ref().map(|_| differences(&then, &saw(model, dispute)))
}

/// What differs between the claims at one time and at another, in the order of names.
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

/// Fingerprint of the claims as a review has seen them, where it says so.
pub(super) fn seen_by(review: &Review) -> Option<String> {
    let told = || review.saw.as_ref().map(|lines| print(lines.iter().map(known)));
    review.seen.as_ref().map(ToString::to_string).or_else(told)
}

/// Fingerprint of what is claimed on a question, and of the claims elsewhere that its findings name.
pub(super) fn seen(model: &Model, question: QuestionId, bearing: &[AnswerId]) -> String {
    print(lines(model, question, bearing))
}

/// Whether a line of a review says what a claim says; an editor may have wrapped it.
pub fn reads_as(line: &str, said: &str) -> bool {
    folded(line) == said
}

/// A line of a review as it is compared: it may have been wrapped by an editor.
fn known((claim, line): &(smol_str::SmolStr, smol_str::SmolStr)) -> Line {
    (claim.to_string(), folded(line))
}

/// The same lines in whatever order have the same fingerprint: a reviewer may sort them.
fn print(lines: impl Iterator<Item = Line>) -> String {
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

/// What a claim says, who says it and when, on one line.
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

/// What a claim does: `at least 80`, `denies some`, `denies raid-militants`.
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

/// A claim as another claim of its source may call it.
fn name_in(model: &Model, row: &Claim, claim: ClaimId) -> String {
    let named = model.claim(claim);
    if named.source == row.source { named.name.to_string() } else { model.claim_name(claim) }
}

/// A text on one line: white space and control characters as single blanks.
fn folded(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The claims that bear on a question, each once and in order, by one of their answers: to the question itself,
/// else to another that its findings are on.
pub(super) fn bearing(
    model: &Model,
    by_claim: &ByClaim,
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

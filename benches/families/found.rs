//! Compares the found clashes with the planted ones.

use std::collections::BTreeSet;

use gainsay::id::{ClaimId, Id as _, QuestionId};
use gainsay::model::Model;
use gainsay::reason::{Clash, Nature, Reasoning};

use super::{GeneratedFamilies, MEASURES, QuestionKey, claim_name};
use crate::measure::Stopwatch;

/// The kinds of findings that are compared.
pub(crate) const SOUGHT: [&str; 3] =
    ["disputed questions", "clashes of two claims on two questions", "clashes of three claims and more"];

/// Clashes across questions that rest on a disputed question, reported in addition. A disputed figure may also clash
/// with the parts of its question.
pub(crate) const CARRIED: &str = "clashes that a dispute brings with it";

/// Counts the planted clashes, the found ones among them, and the additional ones.
pub(crate) fn compare(watch: &mut Stopwatch, made: &GeneratedFamilies, model: &Model, reasoning: &Reasoning) {
    let disputed: BTreeSet<usize> = made.disputed().collect();
    let found = reasoning.clashes.iter().filter(|clash| is_dispute(clash));
    let found: BTreeSet<usize> = found.filter_map(|clash| asked(model, clash.questions[0])).collect();
    count(watch, SOUGHT[0], &disputed, &found);
    let named = |claims: &Vec<usize>| claims.iter().map(|&claim| claim_name(claim)).collect::<BTreeSet<_>>();
    let planted: BTreeSet<BTreeSet<String>> = made.clashes.iter().map(named).collect();
    let leans = |clash: &Clash| {
        clash
            .questions
            .iter()
            .any(|&question| asked(model, question).is_some_and(|at| disputed.contains(&at)))
    };
    let (carried, own): (Vec<&Clash>, Vec<&Clash>) =
        reasoning.clashes.iter().filter(|clash| clash.questions.len() > 1).partition(|clash| leans(clash));
    watch.count(CARRIED, carried.len());
    let found: BTreeSet<BTreeSet<String>> = own.into_iter().map(|clash| claims_of(model, clash)).collect();
    let of = |sets: &BTreeSet<BTreeSet<String>>, pairs: bool| {
        sets.iter().filter(|set| (set.len() == 2) == pairs).cloned().collect::<BTreeSet<_>>()
    };
    count(watch, SOUGHT[1], &of(&planted, true), &of(&found, true));
    count(watch, SOUGHT[2], &of(&planted, false), &of(&found, false));
}

/// Whether the claims of one question cannot all hold.
fn is_dispute(clash: &Clash) -> bool {
    clash.questions.len() == 1 && !matches!(clash.nature, Nature::Usual | Nature::Rounding)
}

/// The claims of a clash, by name.
fn claims_of(model: &Model, clash: &Clash) -> BTreeSet<String> {
    let claims =
        clash.statements.iter().map(|statement| model.answers.claim[statement.main_answer().index()]);
    claims.map(|claim: ClaimId| model.claim(claim).name.to_string()).collect()
}

/// The number of a question, by its subject, measure and population.
fn asked(model: &Model, question: QuestionId) -> Option<usize> {
    let question = model.question(question);
    let subject = model.subjects.name(question.subject);
    let measure = model.measures.name(question.measure);
    let (family, part) = subject.strip_prefix("ev-")?.split_at(7);
    let event = part.strip_prefix('-').map_or(0, |part| usize::from(part.as_bytes()[0] - b'a') + 1);
    let population = match model.populations.name(question.population?).as_str() {
        "people" => 0,
        "civilians" => 1,
        _ => 2,
    };
    let measure = MEASURES.iter().position(|known| known == measure)?;
    Some(QuestionKey { family: family.parse().ok()?, measure, event, population }.number())
}

fn count<T: Ord>(watch: &mut Stopwatch, what: &str, planted: &BTreeSet<T>, found: &BTreeSet<T>) {
    watch.count(&format!("{what} planted"), planted.len());
    watch.count(&format!("{what} found"), planted.intersection(found).count());
    watch.count(&format!("{what} extra"), found.difference(planted).count());
}

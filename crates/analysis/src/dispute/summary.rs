//! A summary of a whole workspace: counts, parties that contradict each other, and figures that only one
//! party gives.

use std::collections::BTreeMap;

use super::{Dispute, ReviewStatus};
use crate::document::{MeasureType, Stance, SubjectKind};
use crate::finding::{Finding, Grade, Omitted};
use crate::graph::{Graph, Marks};
use crate::id::{ActorId, Id as _, QuestionId, SourceId};
use crate::model::{Model, Question, Value};
use crate::rules::{self, Weight};

/// The numbers of sources, claims, findings and disputes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Sources published by the day up to which the report looks.
    pub sources: usize,
    /// Actors.
    pub actors: usize,
    /// Events, propositions and series.
    pub subjects: usize,
    /// Claims made by the day up to which the report looks.
    pub claims: usize,
    /// Questions that some claim answers.
    pub questions: usize,
    /// Findings of the grade contradiction.
    pub contradictions: usize,
    /// Findings of the grade tension.
    pub tensions: usize,
    /// Findings of the grade note.
    pub notes: usize,
    /// Disputes that have not been decided.
    pub open: usize,
    /// Disputes that are decided.
    pub reviewed: usize,
    /// Disputes whose claims have changed since they were decided.
    pub stale: usize,
    /// Errors in the files.
    pub errors: usize,
    /// Warnings on the files.
    pub warnings: usize,
}

impl Counts {
    /// Counts a model, its findings (`omitted` are those that were only counted), and its disputes.
    pub fn of(model: &Model, findings: &[Finding], omitted: &[Omitted], disputes: &[Dispute]) -> Self {
        let graded = |grade| {
            let omitted = omitted.iter().filter(|omitted| omitted.grade == grade);
            findings.iter().filter(|finding| finding.grade == grade).count()
                + omitted.map(|omitted| omitted.count).sum::<usize>()
        };
        let standing =
            |fits: fn(ReviewStatus) -> bool| disputes.iter().filter(|dispute| fits(dispute.standing)).count();
        Self {
            sources: model.sources.iter().filter(|(_, source)| !source.later).count(),
            actors: model.actors.len(),
            subjects: model.subjects.len(),
            claims: model.claims.iter().filter(|claim| !claim.later).count(),
            questions: model.questions.iter().filter(|question| !question.answers.is_empty()).count(),
            contradictions: graded(Grade::Contradiction),
            tensions: graded(Grade::Tension),
            notes: graded(Grade::Note),
            open: standing(|standing| standing == ReviewStatus::Open),
            reviewed: standing(|standing| !standing.is_open()),
            stale: standing(|standing| standing == ReviewStatus::Stale),
            errors: graded(Grade::Error),
            warnings: graded(Grade::Warning),
        }
    }
}

/// How often findings set two parties against each other, or one party against itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Opposition {
    /// One party.
    pub one: ActorId,
    /// The other, or the same one.
    pub other: ActorId,
    /// In contradictions.
    pub contradictions: usize,
    /// In tensions.
    pub tensions: usize,
}

/// Findings with more parties than this are not split into pairs.
pub const MAX_PARTIES: usize = 64;

/// Pairs of opposed parties, including parties opposed to themselves, most often first; and how many findings
/// have too many parties to be split into pairs (see [`MAX_PARTIES`]). Notes and lost attributions do not
/// count.
pub fn oppositions<'f>(findings: impl Iterator<Item = &'f Finding>) -> (Vec<Opposition>, usize) {
    let mut crowded = 0;
    let mut counted: BTreeMap<(ActorId, ActorId), (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let Some(pairs) = opposed(finding) else {
            crowded += 1;
            continue;
        };
        for pair in pairs {
            let count = counted.entry(pair).or_default();
            if finding.grade == Grade::Contradiction { count.0 += 1 } else { count.1 += 1 }
        }
    }
    let mut oppositions: Vec<Opposition> = counted
        .into_iter()
        .map(|((one, other), (contradictions, tensions))| Opposition { one, other, contradictions, tensions })
        .collect();
    oppositions
        .sort_by_key(|row| (std::cmp::Reverse((row.contradictions, row.tensions)), row.one, row.other));
    (oppositions, crowded)
}

/// The parties opposed to one party, and how often, most often first. Findings with too many parties are left
/// out (see [`MAX_PARTIES`]).
pub fn oppositions_of<'f>(party: ActorId, findings: impl Iterator<Item = &'f Finding>) -> Vec<Opposition> {
    let mut counted: BTreeMap<ActorId, (usize, usize)> = BTreeMap::new();
    for finding in findings {
        for other in opponents(party, finding) {
            let count = counted.entry(other).or_default();
            if finding.grade == Grade::Contradiction { count.0 += 1 } else { count.1 += 1 }
        }
    }
    let mut rows: Vec<Opposition> = counted
        .into_iter()
        .map(|(other, (contradictions, tensions))| Opposition { one: party, other, contradictions, tensions })
        .collect();
    rows.sort_by_key(|row| {
        let pair = (party.min(row.other), party.max(row.other));
        (std::cmp::Reverse((row.contradictions, row.tensions)), pair)
    });
    rows
}

/// The parties that a finding sets against `party`, which can be the party itself; empty if the finding has
/// too many parties.
pub fn opponents(party: ActorId, finding: &Finding) -> Vec<ActorId> {
    let parties = opposing(finding).filter(|parties| parties.len() <= MAX_PARTIES).unwrap_or_default();
    match parties {
        [one] if *one == party => vec![party],
        parties if parties.contains(&party) => {
            parties.iter().copied().filter(|&other| other != party).collect()
        }
        _ => Vec::new(),
    }
}

/// The parties of a finding, if it sets parties against each other.
fn opposing(finding: &Finding) -> Option<&[ActorId]> {
    let of_claims = rules::find(finding.rule).is_some_and(|rule| rule.weight < Weight::Attribution);
    let opposes = of_claims && matches!(finding.grade, Grade::Contradiction | Grade::Tension);
    finding.evidence.as_deref().filter(|_| opposes).map(|evidence| evidence.parties.as_slice())
}

/// The pairs of parties that a finding sets against each other, each once and with the lower id first; a
/// single party is paired with itself. None if the finding has too many parties (see [`MAX_PARTIES`]).
pub fn opposed(finding: &Finding) -> Option<Vec<(ActorId, ActorId)>> {
    match opposing(finding) {
        Some(parties) if parties.len() > MAX_PARTIES => None,
        Some(parties) => Some(pairs(parties)),
        None => Some(Vec::new()),
    }
}

/// All pairs of these parties; a single party is paired with itself.
fn pairs(parties: &[ActorId]) -> Vec<(ActorId, ActorId)> {
    if let [one] = parties {
        return vec![(*one, *one)];
    }
    let with_later = parties.iter().enumerate().flat_map(|(at, &one)| {
        parties[at + 1..].iter().map(move |&other| if one <= other { (one, other) } else { (other, one) })
    });
    with_later.collect()
}

/// Counts on events that only one party gives, with that party. No other party gives a figure for the same
/// population, or for a part or a whole of it.
pub fn one_sided(model: &Model, graph: &Graph) -> Vec<(QuestionId, ActorId)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < model.questions.len() {
        let Question { subject, measure, .. } = model.questions[at];
        let family = model.family(subject, measure);
        at = family.end;
        let is_event = model.subjects[subject].kind == SubjectKind::Event;
        if is_event && model.measures[measure].kind == MeasureType::Count {
            found.extend(one_sided_of(model, graph, family.map(QuestionId::new)));
        }
    }
    found
}

/// The one-sided counts among the questions of one subject and measure.
fn one_sided_of<'a>(
    model: &'a Model,
    graph: &'a Graph,
    family: impl Iterator<Item = QuestionId> + Clone + 'a,
) -> impl Iterator<Item = (QuestionId, ActorId)> + 'a {
    let populations = &graph.populations;
    let counted =
        family.clone().filter_map(|question| Some((question, model.question(question).population?)));
    let given = counted
        .flat_map(|(question, population)| counting(model, question).map(move |party| (population, party)));
    let given = Marks::new(populations, given);
    family.filter_map(move |question| {
        let first = counting(model, question).next()?;
        let is_shared = match model.question(question).population {
            Some(population) => {
                given.other_inside(populations, population, first)
                    || given.other_around(populations, population, first)
            }
            None => counting(model, question).any(|party| party != first),
        };
        (!is_shared).then_some((question, first))
    })
}

/// The parties that give a figure.
fn counting(model: &Model, question: QuestionId) -> impl Iterator<Item = ActorId> {
    model.answers_to(question).filter_map(|answer| {
        let at = answer.index();
        let counts =
            matches!(model.answers.value[at], Value::Figure(_) | Value::Share(..) | Value::Change(..));
        let asserts = model.answers.stance[at] == Stance::Asserts;
        (counts && asserts).then(|| model.claim(model.answers.claim[at]).party)
    })
}

/// How many claims a source has, and how many of them are named in contradictions and tensions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceRecord {
    /// The source.
    pub source: SourceId,
    /// Its claims by the day up to which the report looks.
    pub claims: usize,
    /// Those named in a contradiction or tension.
    pub disputed: usize,
}

/// The record of every source published by the day up to which the report looks, sorted by name.
pub fn records(model: &Model, findings: &[Finding]) -> Vec<SourceRecord> {
    let mut disputed = vec![false; model.claims.len()];
    for finding in
        findings.iter().filter(|finding| matches!(finding.grade, Grade::Contradiction | Grade::Tension))
    {
        for claim in finding.claims() {
            disputed[claim.index()] = true;
        }
    }
    let record = |source: SourceId| {
        let run = &model.sources[source].claims;
        let own = run.start as usize..run.end as usize;
        SourceRecord {
            source,
            claims: own.clone().filter(|&at| !model.claims[at].later).count(),
            disputed: own.filter(|&at| disputed[at]).count(),
        }
    };
    model.sources.iter().filter(|(_, source)| !source.later).map(|(id, _)| record(id)).collect()
}

/// The lines of the table of conventions that some figure depends on, as reports print them.
pub fn conventions(model: &Model) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut seen = rustc_hash::FxHashSet::default();
    for value in model.answers.value.iter() {
        let leaned_on = match value {
            Value::Figure(figure) => figure.leaned_on.as_slice(),
            Value::Share(share, _) => share.leaned_on.as_slice(),
            Value::Change(change, _) => change.leaned_on.as_slice(),
            _ => &[],
        };
        for &word in leaned_on {
            if seen.insert(word) {
                lines.extend(model.settings.conventions.describe(word));
            }
        }
    }
    lines.sort();
    lines
}

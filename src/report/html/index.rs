//! What stands where in an analysis, put in order once so that a page costs what it shows.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::relations::Relations;
use crate::dispute::summary::Counts;
use crate::document::Stance;
use crate::finding::{Evidence, Grade};
use crate::graph::Marks;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId, SubjectId};
use crate::model::{ByClaim, Model, Value};
use crate::period::Day;
use crate::workspace::Analysis;

/// How many parties have a hue of their own; the others, and outlets, are grey.
const PARTY_HUES: usize = 7;

/// Where the pages find things.
#[derive(Debug)]
pub struct PageIndex {
    /// The hue of each actor's party, from 1; 0 is grey.
    hues: Vec<u8>,
    /// The dispute on a question, as a place among the disputes.
    disputes: FxHashMap<QuestionId, usize>,
    /// The findings on the claims that name a claim, as places among the findings, gravest first.
    findings: FxHashMap<ClaimId, Vec<usize>>,
    /// The findings that name a claim as one of those that clash, in the same way.
    named: FxHashMap<ClaimId, Vec<usize>>,
    /// The answers of each claim.
    by_claim: ByClaim,
    /// The parties that give a figure of their own on a question.
    figures: FxHashSet<(QuestionId, ActorId)>,
    /// How much there is of everything.
    counts: Counts,
    /// How many files have errors.
    broken: usize,
    /// The subjects with a dispute on them or on a part of them, and how many there are; in the order of time.
    disputed: Vec<(SubjectId, usize)>,
    /// What a search looks at, for each dispute; made when somebody searches.
    texts: OnceLock<Vec<String>>,
    /// What belongs to whom.
    pub(super) relations: Relations,
}

impl PageIndex {
    /// Puts an analysis in order.
    pub fn new(analysis: &Analysis) -> Self {
        let model = &analysis.model;
        let disputes = analysis.disputes.iter().enumerate().map(|(at, dispute)| (dispute.question, at));
        let mut findings: FxHashMap<ClaimId, Vec<usize>> = FxHashMap::default();
        let mut named: FxHashMap<ClaimId, Vec<usize>> = FxHashMap::default();
        for (at, finding) in
            analysis.findings.iter().enumerate().filter(|(_, finding)| !finding.grade.is_lint())
        {
            let all = finding.evidence.iter().flat_map(|evidence| Evidence::all_claims(evidence));
            for claim in all.collect::<FxHashSet<ClaimId>>() {
                findings.entry(claim).or_default().push(at);
            }
            for claim in finding.claims().iter().copied().collect::<FxHashSet<ClaimId>>() {
                named.entry(claim).or_default().push(at);
            }
        }
        Self {
            hues: hues(model),
            disputes: disputes.collect(),
            findings,
            named,
            by_claim: ByClaim::new(model),
            figures: figures(model),
            counts: Counts::of(model, &analysis.findings, &analysis.omitted, &analysis.disputes),
            broken: broken(analysis),
            disputed: disputed(analysis),
            texts: OnceLock::new(),
            relations: Relations::new(analysis),
        }
    }

    /// The number of the hue of an actor's party, from 1 to 7; 0 for grey.
    pub fn hue(&self, actor: ActorId) -> u8 {
        self.hues[actor.index()]
    }

    /// The dispute on a question, as a place among the disputes.
    pub fn dispute(&self, question: QuestionId) -> Option<usize> {
        self.disputes.get(&question).copied()
    }

    /// The findings that name a claim, as places among the findings, gravest first.
    pub fn findings(&self, claim: ClaimId) -> &[usize] {
        self.findings.get(&claim).map_or(&[], Vec::as_slice)
    }

    /// The findings that name a claim as one of those that clash, as places among the findings, gravest first.
    pub(super) fn named(&self, claim: ClaimId) -> &[usize] {
        self.named.get(&claim).map_or(&[], Vec::as_slice)
    }

    /// Whether a party gives a figure of its own on a question.
    pub(super) fn gives_figure(&self, question: QuestionId, party: ActorId) -> bool {
        self.figures.contains(&(question, party))
    }

    /// The answers a claim gives, in the order of questions.
    pub fn answers(&self, claim: ClaimId) -> &[AnswerId] {
        self.by_claim.of(claim)
    }

    /// How much there is of everything.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many files have errors, so that something in them is left out.
    pub fn broken(&self) -> usize {
        self.broken
    }

    /// The subjects with a dispute on them or on a part of them, and how many; in the order of time.
    pub fn disputed(&self) -> &[(SubjectId, usize)] {
        &self.disputed
    }

    /// What a search looks at, for each dispute.
    pub(super) fn texts(&self, make: impl FnOnce() -> Vec<String>) -> &[String] {
        self.texts.get_or_init(make)
    }
}

/// How many files have errors.
fn broken(analysis: &Analysis) -> usize {
    let errors = analysis.on_files().filter(|finding| finding.grade == Grade::Error);
    let files = errors.filter_map(|finding| finding.labels.first()).map(|label| label.location.file);
    let omitted = analysis.omitted.iter().filter(|omitted| omitted.grade == Grade::Error);
    files.chain(omitted.map(|omitted| omitted.file)).collect::<FxHashSet<_>>().len()
}

/// The subjects that disputes are on, with what those are part of.
fn disputed(analysis: &Analysis) -> Vec<(SubjectId, usize)> {
    let model = &analysis.model;
    let events = &analysis.graph.events;
    let subject = |at: usize| model.question(analysis.disputes[at].question).subject;
    let on: Vec<(SubjectId, usize)> = (0..analysis.disputes.len()).map(|at| (subject(at), at)).collect();
    let wholes = events.wholes_of_all(on.iter().map(|&(subject, _)| subject));
    let marks = Marks::new(events, on);
    let mut disputed: Vec<(SubjectId, usize)> =
        wholes.into_iter().map(|subject| (subject, marks.count_inside(events, subject))).collect();
    disputed.sort_by_key(|&(subject, _)| (when(model, subject), subject));
    disputed
}

/// The parties that give a figure, a share or a change on each question.
fn figures(model: &Model) -> FxHashSet<(QuestionId, ActorId)> {
    let answers = &model.answers;
    let is_figure = |at: &usize| {
        answers.stance[*at] == Stance::Asserts
            && matches!(answers.value[*at], Value::Figure(_) | Value::Share(..) | Value::Change(..))
    };
    (0..answers.len()).filter(is_figure).map(|at| (answers.question[at], answers.party[at])).collect()
}

/// The place of a subject in the order of time; what has no date stands last.
pub(super) fn when(model: &Model, subject: SubjectId) -> Day {
    let date = model.subjects[subject].date.as_ref();
    date.and_then(|date| date.value.first.or(date.value.last)).unwrap_or(Day::MAX)
}

/// The first parties that are asked for a position or give one, other than outlets in their own voice, take the
/// hues in the order in which they are defined.
fn hues(model: &Model) -> Vec<u8> {
    let asked = model.subjects.iter().flat_map(|(_, subject)| subject.parties.iter().copied());
    let speaking = model.claim_ids().filter(|&claim| !model.is_own_voice(claim)).map(|id| model.claim(id).by);
    let parties: FxHashSet<ActorId> = asked.chain(speaking).map(|actor| model.actors[actor].party).collect();
    let mut parties: Vec<ActorId> = parties.into_iter().collect();
    parties.sort_by_key(|&party| (model.actors[party].defined.location(), party));
    let of_party: FxHashMap<ActorId, u8> = parties.into_iter().take(PARTY_HUES).zip(1..).collect();
    model.actors.iter().map(|(_, actor)| of_party.get(&actor.party).copied().unwrap_or(0)).collect()
}

//! Lookup tables over an analysis, built once per snapshot, so that a page does not search the whole analysis.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::relations::AnalysisRelations;
use gainsay_analysis::dispute::summary::Counts;
use gainsay_analysis::document::Stance;
use gainsay_analysis::finding::{Evidence, Grade};
use gainsay_analysis::graph::Marks;
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId, SubjectId};
use gainsay_analysis::model::{AnswersByClaim, Model, Value};
use gainsay_analysis::workspace::Analysis;
use gainsay_reading::period::Day;

/// How many parties have their own colour. The others, and outlets, are grey.
const PARTY_HUES: usize = 7;

/// Lookup tables for the pages.
#[derive(Debug)]
pub struct PageIndex {
    /// The colour of each actor's party, from 1; 0 is grey.
    hues: Vec<u8>,
    /// The index of the dispute on a question.
    disputes: FxHashMap<QuestionId, usize>,
    /// The indexes of the findings that name a claim, most serious first.
    findings: FxHashMap<ClaimId, Vec<usize>>,
    /// The same, but only findings in which the claim takes part in the clash.
    named: FxHashMap<ClaimId, Vec<usize>>,
    /// The answers of each claim.
    by_claim: AnswersByClaim,
    /// The parties that give their own figure on a question.
    figures: FxHashSet<(QuestionId, ActorId)>,
    /// Counts of everything.
    counts: Counts,
    /// How many files have errors.
    broken: usize,
    /// The subjects with disputes on them or their parts, and the number of those; by date.
    disputed: Vec<(SubjectId, usize)>,
    /// The searchable text of each dispute, made at the first search.
    texts: OnceLock<Vec<String>>,
    /// Parts and wholes, speakers and parties, and so on.
    pub(super) relations: AnalysisRelations,
}

impl PageIndex {
    /// Builds the tables.
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
            by_claim: AnswersByClaim::new(model),
            figures: figures(model),
            counts: Counts::of(model, &analysis.findings, &analysis.omitted, &analysis.disputes),
            broken: broken(analysis),
            disputed: disputed(analysis),
            texts: OnceLock::new(),
            relations: AnalysisRelations::new(analysis),
        }
    }

    /// The number of the colour of an actor's party, from 1 to 7; 0 for grey.
    pub fn hue(&self, actor: ActorId) -> u8 {
        self.hues[actor.index()]
    }

    /// The index of the dispute on a question.
    pub fn dispute(&self, question: QuestionId) -> Option<usize> {
        self.disputes.get(&question).copied()
    }

    /// The indexes of the findings that name a claim, most serious first.
    pub fn findings(&self, claim: ClaimId) -> &[usize] {
        self.findings.get(&claim).map_or(&[], Vec::as_slice)
    }

    /// The indexes of the findings in which a claim takes part in the clash, most serious first.
    pub(super) fn named(&self, claim: ClaimId) -> &[usize] {
        self.named.get(&claim).map_or(&[], Vec::as_slice)
    }

    /// Whether a party gives its own figure on a question.
    pub(super) fn gives_figure(&self, question: QuestionId, party: ActorId) -> bool {
        self.figures.contains(&(question, party))
    }

    /// The answers a claim gives, in the order of questions.
    pub fn answers(&self, claim: ClaimId) -> &[AnswerId] {
        self.by_claim.of(claim)
    }

    /// Counts of everything.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many files have errors and therefore lack entries.
    pub fn broken(&self) -> usize {
        self.broken
    }

    /// The subjects with disputes on them or their parts, and the number of those; by date.
    pub fn disputed(&self) -> &[(SubjectId, usize)] {
        &self.disputed
    }

    /// The searchable text of each dispute. Calls `make` the first time.
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

/// The subjects of disputes and their wholes.
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

/// The day that decides the order of a subject. Subjects without a date come last.
pub(super) fn when(model: &Model, subject: SubjectId) -> Day {
    let date = model.subjects[subject].date.as_ref();
    date.and_then(|date| date.value.first.or(date.value.last)).unwrap_or(Day::MAX)
}

/// Assigns the colours to the first parties that are asked for a position or give one, other than outlets in their own
/// voice, in the order of their definitions.
fn hues(model: &Model) -> Vec<u8> {
    let asked = model.subjects.iter().flat_map(|(_, subject)| subject.parties.iter().copied());
    let speaking = model.claim_ids().filter(|&claim| !model.is_own_voice(claim)).map(|id| model.claim(id).by);
    let parties: FxHashSet<ActorId> = asked.chain(speaking).map(|actor| model.actors[actor].party).collect();
    let mut parties: Vec<ActorId> = parties.into_iter().collect();
    parties.sort_by_key(|&party| (model.actors[party].defined.location(), party));
    let of_party: FxHashMap<ActorId, u8> = parties.into_iter().take(PARTY_HUES).zip(1..).collect();
    model.actors.iter().map(|(_, actor)| of_party.get(&actor.party).copied().unwrap_or(0)).collect()
}

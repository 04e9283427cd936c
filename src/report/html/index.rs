//! What stands where in an analysis, put in order once so that a page costs what it shows.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Evidence;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId, SubjectId};
use crate::model::Model;
use crate::workspace::Analysis;

/// How many parties have a hue of their own; the others, and outlets, are grey.
const HUES: usize = 7;

/// Where the pages find things.
#[derive(Debug)]
pub struct Index {
    /// The hue of each actor's party, from 1; 0 is grey.
    hues: Vec<u8>,
    /// The dispute on a question, as a place among the disputes.
    disputes: FxHashMap<QuestionId, usize>,
    /// The findings on the claims that name a claim, as places among the findings, gravest first.
    findings: FxHashMap<ClaimId, Vec<usize>>,
    /// The answers of all claims, in the order of claims, then of questions.
    answers: Vec<AnswerId>,
    /// Where the answers of each claim begin; one more at the end.
    of_claim: Vec<u32>,
    /// The parts of each event that has any.
    parts: FxHashMap<SubjectId, Vec<SubjectId>>,
}

impl Index {
    /// Puts an analysis in order.
    pub fn new(analysis: &Analysis) -> Self {
        let model = &analysis.model;
        let disputes = analysis.disputes.iter().enumerate().map(|(at, dispute)| (dispute.question, at));
        let mut findings: FxHashMap<ClaimId, Vec<usize>> = FxHashMap::default();
        for (at, finding) in
            analysis.findings.iter().enumerate().filter(|(_, finding)| !finding.grade.is_lint())
        {
            let named = finding.evidence.iter().flat_map(|evidence| Evidence::all_claims(evidence));
            for claim in named.collect::<FxHashSet<ClaimId>>() {
                findings.entry(claim).or_default().push(at);
            }
        }
        let (answers, of_claim) = by_claim(model);
        let mut parts: FxHashMap<SubjectId, Vec<SubjectId>> = FxHashMap::default();
        for (part, subject) in model.subjects.iter() {
            for &whole in &subject.part_of {
                parts.entry(whole).or_default().push(part);
            }
        }
        Self { hues: hues(model), disputes: disputes.collect(), findings, answers, of_claim, parts }
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

    /// The answers a claim gives, in the order of questions.
    pub fn answers(&self, claim: ClaimId) -> &[AnswerId] {
        let run = self.of_claim[claim.index()] as usize..self.of_claim[claim.index() + 1] as usize;
        &self.answers[run]
    }

    /// The parts of an event, by name.
    pub fn parts(&self, whole: SubjectId) -> &[SubjectId] {
        self.parts.get(&whole).map_or(&[], Vec::as_slice)
    }
}

/// The answers in the order of claims, and where those of each claim begin.
fn by_claim(model: &Model) -> (Vec<AnswerId>, Vec<u32>) {
    let mut of_claim = vec![0u32; model.claims.len() + 1];
    for claim in &model.answers.claim {
        of_claim[claim.index() + 1] += 1;
    }
    for at in 1..of_claim.len() {
        of_claim[at] += of_claim[at - 1];
    }
    let mut answers: Vec<AnswerId> = (0..model.answers.len()).map(AnswerId::new).collect();
    answers.sort_by_key(|answer| model.answers.claim[answer.index()]);
    (answers, of_claim)
}

/// The first parties that are asked for a position or give one, other than outlets in their own voice, take the
/// hues in the order in which they are defined.
fn hues(model: &Model) -> Vec<u8> {
    let asked = model.subjects.iter().flat_map(|(_, subject)| subject.parties.iter().copied());
    let speaking = model.claim_ids().filter(|&claim| !model.is_own_voice(claim)).map(|id| model.claim(id).by);
    let parties: FxHashSet<ActorId> = asked.chain(speaking).map(|actor| model.actors[actor].party).collect();
    let mut parties: Vec<ActorId> = parties.into_iter().collect();
    parties.sort_by_key(|&party| (model.actors[party].defined.location(), party));
    let of_party: FxHashMap<ActorId, u8> = parties.into_iter().take(HUES).zip(1..).collect();
    model.actors.iter().map(|(_, actor)| of_party.get(&actor.party).copied().unwrap_or(0)).collect()
}

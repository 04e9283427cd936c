//! Resolves responses: a response answers the questions of the claims that it lists.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::claims::QuestionKey;
use super::definitions::{Lookup, unknown_id};
use super::global_facts::GlobalFacts;
use super::{AnswersByClaim, Claim, Model, Value};
use crate::document::mention::Kind;
use crate::document::{Name, Response, Stance};
use crate::finding::{Collector, Finding};
use crate::id::{ClaimId, Id as _, QuestionId, SourceId};
use crate::lint;
use crate::source::Location;
use gainsay_reading::names::DidYouMean;

/// One answer before questions are numbered.
#[derive(Clone)]
pub(super) struct AnswerDraft {
    /// The question, as an index into [`Resolved::keys`].
    pub(super) key: u32,
    pub(super) claim: ClaimId,
    pub(super) stance: Stance,
    pub(super) value: Arc<Value>,
    /// The claim that gave the value.
    pub(super) origin: ClaimId,
}

impl AnswerDraft {
    /// The number of things that an answer names: the ids of a choice, or 1 for any other value.
    fn size(&self) -> usize {
        if let Value::Choice(items) = &*self.value { items.len().max(1) } else { 1 }
    }
}

/// The limit on things named by responses and by claims on their second and later subjects is `BASE_NAMED`
/// plus `NAMED_PER_LISTED` for each subject or claim that is listed. Long lists of subjects, long lists of
/// ids and long chains of responses multiply; a claim that goes over the limit is an error.
const NAMED_PER_LISTED: usize = 16;
const BASE_NAMED: usize = 1 << 18;

/// The state of resolving responses.
pub(super) struct Responses<'a> {
    model: &'a Model,
    targets: &'a [Vec<Name>],
    elsewhere: &'a dyn GlobalFacts,
    lookup: Lookup<'a>,
    links: Vec<(ClaimId, ClaimId)>,
    answers: Vec<Vec<AnswerDraft>>,
    /// The keys of all questions without duplicates, and the index of each.
    keys: Vec<QuestionKey>,
    places: FxHashMap<QuestionKey, u32>,
    /// How many more things answers can name before the limit is reached.
    left: usize,
    state: Vec<ResolveState>,
    short_names: Option<FxHashMap<SmolStr, Vec<ClaimId>>>,
}

/// The result: every answer, who responds to whom, and findings on what could not be resolved.
pub(super) struct Resolved {
    pub(super) answers: Vec<AnswerDraft>,
    /// The keys of all questions, in no particular order.
    pub(super) keys: Vec<QuestionKey>,
    pub(super) links: Vec<(ClaimId, ClaimId)>,
    pub(super) findings: Collector,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ResolveState {
    Waiting,
    Begun,
    Done,
}

/// The target of a response.
enum ResponseTarget {
    Claim(ClaimId),
    /// A question, by the index of its key.
    Question(u32),
}

impl<'a> Responses<'a> {
    pub(super) fn new(
        model: &'a Model,
        content: Vec<Vec<(QuestionKey, Stance, Arc<Value>)>>,
        targets: &'a [Vec<Name>],
        elsewhere: &'a dyn GlobalFacts,
        lookup: Lookup<'a>,
    ) -> Self {
        let state = targets
            .iter()
            .map(|targets| if targets.is_empty() { ResolveState::Done } else { ResolveState::Waiting });
        let listed: usize = targets.iter().map(Vec::len).sum();
        let subjects: usize = content.iter().map(Vec::len).sum();
        let left = (listed + subjects).saturating_mul(NAMED_PER_LISTED).saturating_add(BASE_NAMED);
        let mut responses = Self {
            model,
            targets,
            elsewhere,
            lookup,
            links: Vec::with_capacity(listed),
            answers: Vec::with_capacity(content.len()),
            keys: Vec::new(),
            places: FxHashMap::default(),
            left,
            state: state.collect(),
            short_names: None,
        };
        for (at, content) in content.into_iter().enumerate() {
            let claim = ClaimId::new(at);
            let mut answers = Vec::with_capacity(content.len());
            for (key, stance, value) in content {
                answers.push(AnswerDraft {
                    key: responses.key_index(key),
                    claim,
                    stance,
                    value,
                    origin: claim,
                });
            }
            // The first subject does not count towards the limit.
            let further = answers.iter().skip(1).map(AnswerDraft::size).sum();
            responses.answers.push(Vec::new());
            responses.store_answers(claim, answers, further);
        }
        responses
    }

    /// Stores the answers of a claim, which name `further` more things; reports the claim instead if that is
    /// over the limit.
    fn store_answers(&mut self, claim: ClaimId, answers: Vec<AnswerDraft>, further: usize) {
        if let Some(left) = self.left.checked_sub(further) {
            (self.left, self.answers[claim.index()]) = (left, answers);
        } else {
            let row = self.model.claim(claim);
            let report = || too_many_answers(row, answers.len(), further);
            self.lookup.findings.push_with(lint::TOO_MANY_ANSWERS.id, row.location, report);
        }
    }

    /// The index of a key, which is added if it is new.
    fn key_index(&mut self, key: QuestionKey) -> u32 {
        *self.places.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() as u32 - 1
        })
    }

    /// Resolves every response after the claims it lists, without recursion: chains may be long.
    pub(super) fn resolve(mut self) -> Resolved {
        // The stack of responses being resolved: each with its targets, and how many of them are known to be
        // done.
        let mut stack: Vec<(ClaimId, Vec<ResponseTarget>, usize)> = Vec::new();
        for start in self.model.claim_ids() {
            self.enter(start, &mut stack);
            while let Some((_, targets, done)) = stack.last_mut() {
                let is_waiting = |target: &ResponseTarget| match target {
                    ResponseTarget::Claim(target) => self.state[target.index()] == ResolveState::Waiting,
                    ResponseTarget::Question(_) => false,
                };
                let waiting = targets[*done..].iter().position(is_waiting);
                *done = waiting.map_or(targets.len(), |at| *done + at);
                if let Some(&ResponseTarget::Claim(next)) = targets.get(*done) {
                    self.enter(next, &mut stack);
                } else if let Some((claim, targets, _)) = stack.pop() {
                    self.answer(claim, &targets);
                }
            }
        }
        let answers = self.answers.into_iter().flatten().collect();
        Resolved { answers, keys: self.keys, links: self.links, findings: self.lookup.findings }
    }

    fn enter(&mut self, claim: ClaimId, stack: &mut Vec<(ClaimId, Vec<ResponseTarget>, usize)>) {
        if self.state[claim.index()] != ResolveState::Waiting {
            return;
        }
        self.state[claim.index()] = ResolveState::Begun;
        let targets = self.targets;
        let resolved = targets[claim.index()].iter().filter_map(|name| self.target(claim, name)).collect();
        stack.push((claim, resolved, 0));
    }

    /// Answers the questions of the targets. Each target is done or closes a cycle.
    fn answer(&mut self, claim: ClaimId, targets: &[ResponseTarget]) {
        let row = self.model.claim(claim);
        let Some(response) = row.response else { return };
        let mut answers: Vec<AnswerDraft> = Vec::new();
        // An answer that reaches a response by several paths is kept once; otherwise each further response
        // would double it.
        let mut seen = FxHashSet::default();
        for target in targets {
            match target {
                ResponseTarget::Claim(target) if self.state[target.index()] == ResolveState::Done => {
                    self.links.push((claim, *target));
                    let of_target = self.answers[target.index()].iter().map(|answer| AnswerDraft {
                        claim,
                        stance: combine_stances(response, answer.stance),
                        ..answer.clone()
                    });
                    answers.extend(
                        of_target.filter(|answer| seen.insert((answer.key, answer.origin, answer.stance))),
                    );
                }
                ResponseTarget::Claim(target) => {
                    let there = self.model.claim(*target).location;
                    self.lookup.findings.push_with(lint::CYCLE.id, row.location, || {
                        let message =
                            format!("the response `{}` leads back to itself", self.model.claim_name(claim));
                        lint::CYCLE.at(row.location, message, "responds to").at(there, "which leads back")
                    });
                }
                ResponseTarget::Question(key) => {
                    let (stance, value) = (Stance::Declines, Arc::new(Value::Unstated));
                    let answer = AnswerDraft { key: *key, claim, stance, value, origin: claim };
                    answers.extend(Some(answer).filter(|_| seen.insert((*key, claim, stance))));
                }
            }
        }
        if !row.broken && !row.later {
            let size = answers.iter().map(AnswerDraft::size).sum();
            self.store_answers(claim, answers, size);
        }
        self.state[claim.index()] = ResolveState::Done;
    }

    /// The target with this name: a claim by its full or short name, or, for a response that declines, a
    /// question. Reports a name that is not known.
    fn target(&mut self, claim: ClaimId, name: &Name) -> Option<ResponseTarget> {
        let row = self.model.claim(claim);
        let found = if name.value.contains('/') {
            self.model.find_claim(&name.value)
        } else {
            self.model.find_claim_in(row.source, &name.value)
        };
        if let Some(found) = found {
            return Some(ResponseTarget::Claim(found));
        }
        if row.response == Some(Response::Declines)
            && let Some(key) = self.model.question_key(&name.value)
        {
            return Some(ResponseTarget::Question(self.key_index(key)));
        }
        let at = Location { file: row.location.file, span: name.span };
        let Self { model, elsewhere, lookup, short_names, .. } = self;
        let meant = || {
            let same_name = claims_by_short_name(model, *elsewhere, short_names, &name.value);
            // A claim with this name in exactly one other source is what was meant.
            if let [meant] = same_name.as_slice() {
                return DidYouMean { ids: vec![meant.clone()], is_sure: false, is_name: false };
            }
            let known = candidate_names(model, *elsewhere, row.source, &name.value);
            DidYouMean::of(&name.value, known.iter().map(SmolStr::as_str))
        };
        // The suggestion depends on the source in which the name is written.
        let key = || (model.sources.name(row.source).clone(), name.value.clone());
        lookup.report_unknown(&lint::UNKNOWN_ID, at, key, meant, |meant| {
            unknown_id(Kind::Claim, at, name, meant)
        });
        None
    }
}

/// The full names of the claims with this short name; if there are several, any two of them. `short_names` is
/// built when it is first needed.
fn claims_by_short_name(
    model: &Model,
    elsewhere: &dyn GlobalFacts,
    short_names: &mut Option<FxHashMap<SmolStr, Vec<ClaimId>>>,
    name: &SmolStr,
) -> Vec<SmolStr> {
    let short_names = short_names.get_or_insert_with(|| {
        let mut by_name: FxHashMap<SmolStr, Vec<ClaimId>> = FxHashMap::default();
        for claim in model.claim_ids() {
            by_name.entry(model.claim(claim).name.clone()).or_default().push(claim);
        }
        by_name
    });
    let here = short_names.get(name).into_iter().flatten().take(2);
    let mut called: Vec<SmolStr> = here.map(|&id| model.claim_name(id).into()).collect();
    called.extend(elsewhere.claims_called(name));
    called.sort_unstable();
    called.dedup();
    called
}

/// The names to compare with a mistyped one: the claims of the source in the name, or of its own source if it
/// names none.
fn candidate_names(model: &Model, elsewhere: &dyn GlobalFacts, own: SourceId, name: &str) -> Vec<SmolStr> {
    let (source, full) = match name.split_once('/') {
        Some((source, _)) => (model.sources.find(source), true),
        None => (Some(own), false),
    };
    let Some(source) = source else { return Vec::new() };
    let run = &model.sources[source].claims;
    let here = (run.start as usize..run.end as usize).map(|at| model.claims[at].name.clone());
    let source = model.sources.name(source);
    let names = here.chain(elsewhere.claims_of(source));
    names.map(|name| if full { format!("{source}/{name}").into() } else { name }).collect()
}

/// The error on a claim whose answers are over the limit.
fn too_many_answers(row: &Claim, answers: usize, named: usize) -> Finding {
    let message = format!(
        "claim `{}` is left out: its {answers} answers name {named} more things, which is over the limit for all claims",
        row.name
    );
    let help = "list fewer claims or subjects, or ones with shorter answers";
    lint::TOO_MANY_ANSWERS.at(row.location, message, "left out").help(help)
}

/// The stance of a response to an answer with this stance. To deny a denial is to assert.
fn combine_stances(response: Response, stance: Stance) -> Stance {
    match (response, stance) {
        (Response::Confirms, stance) => stance,
        (Response::Denies, Stance::Asserts) => Stance::Denies,
        (Response::Denies, Stance::Denies) => Stance::Asserts,
        (Response::Declines, _) | (Response::Denies, Stance::Declines) => Stance::Declines,
    }
}

/// For each long response, the claims it responds to, sorted by the questions that they answer.
#[derive(Clone, Default, Debug)]
pub struct TargetIndex(FxHashMap<ClaimId, Box<[(QuestionId, ClaimId)]>>);

/// Responses with up to this many targets are not indexed.
const MAX_UNINDEXED_TARGETS: usize = 16;

impl TargetIndex {
    /// Builds the index for the long responses of a model.
    pub(super) fn new(model: &Model) -> Self {
        let is_long = |&claim: &ClaimId| model.claim(claim).responds_to.len() > MAX_UNINDEXED_TARGETS;
        let long: Vec<ClaimId> = model.claim_ids().filter(is_long).collect();
        if long.is_empty() {
            return Self::default();
        }
        let by_claim = AnswersByClaim::new(model);
        let targets = |claim: ClaimId| {
            let mut targets: Vec<(QuestionId, ClaimId)> = Vec::new();
            for &target in &model.claim(claim).responds_to {
                let mut questions: Vec<QuestionId> =
                    by_claim.of(target).iter().map(|answer| model.answers.question[answer.index()]).collect();
                questions.dedup();
                targets.extend(questions.into_iter().map(|question| (question, target)));
            }
            // The sort is stable, so the targets on one question keep the order in which they are listed.
            targets.sort_by_key(|&(question, _)| question);
            (claim, targets.into_boxed_slice())
        };
        Self(long.into_iter().map(targets).collect())
    }
}

impl Model {
    /// The claims on a question that a response responds to, in the order in which it lists them.
    pub fn targets_on(&self, response: ClaimId, question: QuestionId) -> Vec<ClaimId> {
        if let Some(targets) = self.targets.0.get(&response) {
            let from = targets.partition_point(|&(other, _)| other < question);
            let of_question = targets[from..].iter().take_while(|&&(other, _)| other == question);
            return of_question.map(|&(_, target)| target).collect();
        }
        let run = &self.question(question).answers;
        let answering = &self.answers.claim[run.start as usize..run.end as usize];
        let targets = self.claim(response).responds_to.iter().copied();
        targets.filter(|target| answering.binary_search(target).is_ok()).collect()
    }
}

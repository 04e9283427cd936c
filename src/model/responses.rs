//! Responses carried over to the questions of the claims they list.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::claims::Key;
use super::definitions::{Lookup, unknown_id};
use super::global_facts::GlobalFacts;
use super::{ByClaim, Claim, Model, Value};
use crate::document::mention::Kind;
use crate::document::{Name, Response, Stance};
use crate::finding::{Collector, Finding};
use crate::id::{ClaimId, Id as _, QuestionId, SourceId};
use crate::lint;
use crate::names::Meant;
use crate::source::Location;

/// One answer before it is filed under its question.
#[derive(Clone)]
pub(super) struct Answer {
    /// What is asked, by its place in [`Resolved::keys`].
    pub(super) key: u32,
    pub(super) claim: ClaimId,
    pub(super) stance: Stance,
    pub(super) value: Arc<Value>,
    /// The claim whose value it is.
    pub(super) origin: ClaimId,
}

impl Answer {
    /// How much an answer names: the ids of a choice, else one figure or word.
    fn size(&self) -> usize {
        if let Value::Choice(items) = &*self.value { items.len().max(1) } else { 1 }
    }
}

/// What claims say of further subjects, and responses answer, may name this many things for each subject and claim that
/// is listed, and so many more. Long lists of subjects, long lists of ids and long chains of responses multiply; what
/// goes beyond is an error.
const MAX_NAMED_FOR_LISTED: usize = 16;
const FREE_NAMED: usize = 1 << 18;

/// Carries responses over to the questions of the claims they list.
pub(super) struct Responses<'a> {
    model: &'a Model,
    targets: &'a [Vec<Name>],
    elsewhere: &'a dyn GlobalFacts,
    lookup: Lookup<'a>,
    links: Vec<(ClaimId, ClaimId)>,
    answers: Vec<Vec<Answer>>,
    /// What is asked, each once, and the place of each.
    keys: Vec<Key>,
    places: FxHashMap<Key, u32>,
    /// How many more things answers may name.
    left: usize,
    state: Vec<State>,
    short_names: Option<FxHashMap<SmolStr, Vec<ClaimId>>>,
}

/// What came of it: every answer, who responds to whom, and what could not be resolved.
pub(super) struct Resolved {
    pub(super) answers: Vec<Answer>,
    /// What is asked, in no order.
    pub(super) keys: Vec<Key>,
    pub(super) links: Vec<(ClaimId, ClaimId)>,
    pub(super) findings: Collector,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Begun,
    Done,
}

/// What a response refers to.
enum Target {
    Claim(ClaimId),
    /// A question, by the place of its key.
    Question(u32),
}

impl<'a> Responses<'a> {
    pub(super) fn new(
        model: &'a Model,
        content: Vec<Vec<(Key, Stance, Arc<Value>)>>,
        targets: &'a [Vec<Name>],
        elsewhere: &'a dyn GlobalFacts,
        lookup: Lookup<'a>,
    ) -> Self {
        let state =
            targets.iter().map(|targets| if targets.is_empty() { State::Done } else { State::Waiting });
        let listed: usize = targets.iter().map(Vec::len).sum();
        let subjects: usize = content.iter().map(Vec::len).sum();
        let left = (listed + subjects).saturating_mul(MAX_NAMED_FOR_LISTED).saturating_add(FREE_NAMED);
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
                answers.push(Answer { key: responses.place(key), claim, stance, value, origin: claim });
            }
            // The first subject is free, whatever is said of it.
            let further = answers.iter().skip(1).map(Answer::size).sum();
            responses.answers.push(Vec::new());
            responses.keep(claim, answers, further);
        }
        responses
    }

    /// Keeps the answers of a claim that name so many things more, unless that is too much.
    fn keep(&mut self, claim: ClaimId, answers: Vec<Answer>, further: usize) {
        if let Some(left) = self.left.checked_sub(further) {
            (self.left, self.answers[claim.index()]) = (left, answers);
        } else {
            let row = self.model.claim(claim);
            let report = || too_many_answers(row, answers.len(), further);
            self.lookup.findings.push_with(lint::TOO_MANY_ANSWERS.id, row.location, report);
        }
    }

    /// The place of a key among all.
    fn place(&mut self, key: Key) -> u32 {
        *self.places.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() as u32 - 1
        })
    }

    /// Resolves every response after the claims it lists, without recursion: chains may be long.
    pub(super) fn resolve(mut self) -> Resolved {
        // Each response on the way with its targets, and how many of them are known to be done.
        let mut way: Vec<(ClaimId, Vec<Target>, usize)> = Vec::new();
        for start in self.model.claim_ids() {
            self.enter(start, &mut way);
            while let Some((_, targets, done)) = way.last_mut() {
                let is_waiting = |target: &Target| match target {
                    Target::Claim(target) => self.state[target.index()] == State::Waiting,
                    Target::Question(_) => false,
                };
                let waiting = targets[*done..].iter().position(is_waiting);
                *done = waiting.map_or(targets.len(), |at| *done + at);
                if let Some(&Target::Claim(next)) = targets.get(*done) {
                    self.enter(next, &mut way);
                } else if let Some((claim, targets, _)) = way.pop() {
                    self.answer(claim, &targets);
                }
            }
        }
        let answers = self.answers.into_iter().flatten().collect();
        Resolved { answers, keys: self.keys, links: self.links, findings: self.lookup.findings }
    }

    fn enter(&mut self, claim: ClaimId, way: &mut Vec<(ClaimId, Vec<Target>, usize)>) {
        if self.state[claim.index()] != State::Waiting {
            return;
        }
        self.state[claim.index()] = State::Begun;
        let targets = self.targets;
        let resolved = targets[claim.index()].iter().filter_map(|name| self.target(claim, name)).collect();
        way.push((claim, resolved, 0));
    }

    /// Answers the questions of the targets, each of which is done or closes a circle.
    fn answer(&mut self, claim: ClaimId, targets: &[Target]) {
        let row = self.model.claim(claim);
        let Some(response) = row.response else { return };
        let mut answers: Vec<Answer> = Vec::new();
        // What reaches a response by several ways it answers once; else each further response would double it.
        let mut seen = FxHashSet::default();
        for target in targets {
            match target {
                Target::Claim(target) if self.state[target.index()] == State::Done => {
                    self.links.push((claim, *target));
                    let of_target = self.answers[target.index()].iter().map(|answer| Answer {
                        claim,
                        stance: compose(response, answer.stance),
                        ..answer.clone()
                    });
                    answers.extend(
                        of_target.filter(|answer| seen.insert((answer.key, answer.origin, answer.stance))),
                    );
                }
                Target::Claim(target) => {
                    let there = self.model.claim(*target).location;
                    self.lookup.findings.push_with(lint::CYCLE.id, row.location, || {
                        let message =
                            format!("the response `{}` comes back to itself", self.model.claim_name(claim));
                        lint::CYCLE.at(row.location, message, "responds to").at(there, "which leads back")
                    });
                }
                Target::Question(key) => {
                    let (stance, value) = (Stance::Declines, Arc::new(Value::Unstated));
                    let answer = Answer { key: *key, claim, stance, value, origin: claim };
                    answers.extend(Some(answer).filter(|_| seen.insert((*key, claim, stance))));
                }
            }
        }
        if !row.broken && !row.later {
            let size = answers.iter().map(Answer::size).sum();
            self.keep(claim, answers, size);
        }
        self.state[claim.index()] = State::Done;
    }

    /// A claim by its full or short name; a response that declines may name a question instead.
    fn target(&mut self, claim: ClaimId, name: &Name) -> Option<Target> {
        let row = self.model.claim(claim);
        let found = if name.value.contains('/') {
            self.model.find_claim(&name.value)
        } else {
            self.model.find_claim_in(row.source, &name.value)
        };
        if let Some(found) = found {
            return Some(Target::Claim(found));
        }
        if row.response == Some(Response::Declines)
            && let Some(key) = self.model.question_key(&name.value)
        {
            return Some(Target::Question(self.place(key)));
        }
        let at = Location { file: row.location.file, span: name.span };
        let Self { model, elsewhere, lookup, short_names, .. } = self;
        let meant = || {
            let called = called(model, *elsewhere, short_names, &name.value);
            // The same name in one other source is what was meant.
            if let [meant] = called.as_slice() {
                return Meant { ids: vec![meant.clone()], is_sure: false, is_name: false };
            }
            let known = near(model, *elsewhere, row.source, &name.value);
            Meant::of(&name.value, known.iter().map(SmolStr::as_str))
        };
        // What was meant depends on the source in which the name stands.
        let key = || (model.sources.name(row.source).clone(), name.value.clone());
        lookup.report_unknown(&lint::UNKNOWN_ID, at, key, meant, |meant| {
            unknown_id(Kind::Claim, at, name, meant)
        });
        None
    }
}

/// The full names of the claims that are called so within their sources, of several any two. `short_names` are made
/// when a name is first looked for in vain.
fn called(
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

/// The names of claims a mistyped one may have meant: those of the source it names, else its own.
fn near(model: &Model, elsewhere: &dyn GlobalFacts, own: SourceId, name: &str) -> Vec<SmolStr> {
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

/// The error on a claim that would answer more than is read.
fn too_many_answers(row: &Claim, answers: usize, named: usize) -> Finding {
    let message = format!(
        "claim `{}` answers {answers} times and names {named} things more than are read of all claims: it is left out",
        row.name
    );
    let help = "list fewer claims or subjects, or those of which less is said";
    lint::TOO_MANY_ANSWERS.at(row.location, message, "left out").help(help)
}

/// What a response makes of the stance it responds to: whoever denies a denial asserts.
fn compose(response: Response, stance: Stance) -> Stance {
    match (response, stance) {
        (Response::Confirms, stance) => stance,
        (Response::Denies, Stance::Asserts) => Stance::Denies,
        (Response::Denies, Stance::Denies) => Stance::Asserts,
        (Response::Declines, _) | (Response::Denies, Stance::Declines) => Stance::Declines,
    }
}

/// What long responses list, by the questions that this answers.
#[derive(Clone, Default, Debug)]
pub struct Targets(FxHashMap<ClaimId, Box<[(QuestionId, ClaimId)]>>);

/// Responses that list no more than this are gone through as they are.
const FEW_TARGETS: usize = 16;

impl Targets {
    /// Looks through the long responses of a model.
    pub(super) fn new(model: &Model) -> Self {
        let is_long = |&claim: &ClaimId| model.claim(claim).responds_to.len() > FEW_TARGETS;
        let long: Vec<ClaimId> = model.claim_ids().filter(is_long).collect();
        if long.is_empty() {
            return Self::default();
        }
        let by_claim = ByClaim::new(model);
        let targets = |claim: ClaimId| {
            let mut targets: Vec<(QuestionId, ClaimId)> = Vec::new();
            for &target in &model.claim(claim).responds_to {
                let mut questions: Vec<QuestionId> =
                    by_claim.of(target).iter().map(|answer| model.answers.question[answer.index()]).collect();
                questions.dedup();
                targets.extend(questions.into_iter().map(|question| (question, target)));
            }
            // Stable: of one question they stay as they are listed.
            targets.sort_by_key(|&(question, _)| question);
            (claim, targets.into_boxed_slice())
        };
        Self(long.into_iter().map(targets).collect())
    }
}

impl Model {
    /// The claims that a response lists and that answer a question, as they are listed.
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

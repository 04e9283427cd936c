//! Claims of all files: resolved side by side, put in the order of their names, their answers gathered by
//! question, responses carried over to the questions they answer.

use std::sync::Mutex;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::bearers::{Bearers, NOBODY};
use super::definitions::{Definitions, Lookup, has_periods, unknown_id};
use super::elsewhere::Elsewhere;
use super::{Answers, Claim, Days, Model, Question, Review, Value, is_later, value};
use crate::document::mention::Kind;
use crate::document::{
    self, Certainty, Document, Entry, Form, MeasureType, Name, Part, Response, Stance, Written,
};
use crate::figure;
use crate::finding::{Collector, Finding};
use crate::id::{ClaimId, FileId, Id as _, MeasureId, PopulationId, QuestionId, SourceId, SubjectId};
use crate::lint;
use crate::names::Meant;
use crate::period::{Day, Period};
use crate::source::{Location, Spanned};

/// What a question is known by.
pub(super) type Key = (SubjectId, MeasureId, Option<PopulationId>, Option<Period>);

/// A claim of one file, with what it answers still by key or by name.
pub(super) struct Draft {
    claim: Claim,
    content: Vec<(Key, Stance, Value)>,
    targets: Vec<Name>,
}

/// Fewer claims are read on one thread.
const FEW: usize = 2_000;

/// Reads the claims of every file.
pub(super) fn read(
    documents: &[(FileId, &Document)],
    definitions: &Definitions,
    until: Option<Day>,
    bearers: &Bearers<'_>,
    findings: &mut Collector,
) -> Vec<Draft> {
    // Of few claims no other thread is woken, however many files they stand in.
    let claims: usize = documents.iter().map(|(_, document)| document.claims.len()).sum();
    let min_len = if claims < FEW { documents.len().max(1) } else { 1 };
    let like = findings.like();
    let found = Mutex::new(findings);
    let read: Vec<Option<Vec<Draft>>> = documents
        .par_iter()
        .with_min_len(min_len)
        .map(|&(file, document)| {
            let mut lookup = Lookup::without_near(bearers, &like);
            let drafts = read_file(file, document, definitions, until, &mut lookup);
            if lookup.is_deferred() {
                return None;
            }
            if lookup.findings.count() > 0 {
                found.lock().expect("no thread panics while it merges").merge(lookup.findings);
            }
            Some(drafts)
        })
        .collect();
    let findings = found.into_inner().expect("no thread panics while it merges");
    let mut searching = Lookup::new(bearers, findings);
    let mut drafts = Vec::with_capacity(read.iter().flatten().map(Vec::len).sum());
    for (read, &(file, document)) in read.into_iter().zip(documents) {
        // Near names are searched for in the order of files, so that it does not depend on threads for which.
        drafts.extend(read.unwrap_or_else(|| read_file(file, document, definitions, until, &mut searching)));
    }
    findings.merge(searching.findings);
    drafts.par_sort_by(|a, b| (a.claim.source, &a.claim.name).cmp(&(b.claim.source, &b.claim.name)));
    drafts
}

fn read_file(
    file: FileId,
    document: &Document,
    definitions: &Definitions,
    until: Option<Day>,
    lookup: &mut Lookup<'_>,
) -> Vec<Draft> {
    let Some(source) = &document.source else {
        if let Some(claim) = document.claims.first() {
            let message = "claims without a `source`: nobody can tell who published them";
            lookup.report(&lint::MISSING_FIELD, file, claim.id.span, message);
        }
        return Vec::new();
    };
    let source = definitions.sources.find(&source.id.value);
    let here = source.filter(|&id| definitions.sources[id].defined.place.is_some_and(|(at, ..)| at == file));
    let Some(source) = here else { return Vec::new() };
    let reader = Reader { file, source, definitions, until };
    document.claims.iter().map(|entry| reader.claim(entry, lookup)).collect()
}

struct Reader<'a> {
    file: FileId,
    source: SourceId,
    definitions: &'a Definitions,
    until: Option<Day>,
}

impl Reader<'_> {
    fn claim(&self, entry: &Entry<document::Claim>, lookup: &mut Lookup<'_>) -> Draft {
        let body = &entry.body;
        let before = lookup.findings.count();
        let actors = &self.definitions.actors;
        let source = &self.definitions.sources[self.source];
        let mut actor = |name: &Name| lookup.find(Kind::Actor, actors, self.file, name);
        let by = body.by.as_ref().map(&mut actor);
        let via = body.via.iter().filter_map(&mut actor).collect();
        let attributes_to = body.attributes_to.as_ref().and_then(&mut actor);
        let said = body.said.map_or(source.published, |said| said.value);
        let by = by.unwrap_or(Some(source.publisher));
        let content = if entry.broken { None } else { self.content(entry, lookup) };
        let broken = entry.broken || source.broken || by.is_none() || lookup.findings.count() > before;
        let by = by.unwrap_or(source.publisher);
        let later = source.later || is_later(&said, self.until);
        let claim = Claim {
            name: entry.id.value.clone(),
            source: self.source,
            by,
            party: actors[by].party,
            via,
            said,
            as_of: body.as_of.map_or(said, |as_of| as_of.value),
            at: body.at.map(|at| at.value),
            part: body.part.map_or(Part::Body, |part| part.value),
            form: body.form.map_or(Form::Paraphrase, |form| form.value),
            words: body.words.clone(),
            certainty: body.certainty.map_or(Certainty::Certain, |certainty| certainty.value),
            attributes_to,
            note: body.note.as_ref().map(|note| note.value.clone()),
            allow: body.allow.clone(),
            response: body.response.as_ref().map(|(response, _)| response.value),
            responds_to: Vec::new(),
            written: body.value.as_ref().map(written).unwrap_or_default(),
            value_span: value::place(body.value.as_ref(), entry.id.span),
            said_span: body.said.map(|said| said.span),
            location: Location { file: self.file, span: entry.id.span },
            span: entry.span,
            broken,
            later,
        };
        let targets = body.response.as_ref().map(|(_, targets)| targets.clone()).unwrap_or_default();
        Draft { claim, content: content.filter(|_| !broken && !later).unwrap_or_default(), targets }
    }

    /// What a content claim answers: each of its subjects, with the same value.
    fn content(
        &self,
        entry: &Entry<document::Claim>,
        lookup: &mut Lookup<'_>,
    ) -> Option<Vec<(Key, Stance, Value)>> {
        let body = &entry.body;
        let name = body.measure.as_ref()?;
        let subjects = lookup.all(Kind::Subject, &self.definitions.subjects, self.file, &body.about);
        let id = lookup.find(Kind::Measure, &self.definitions.measures, self.file, name)?;
        let measure = &self.definitions.measures[id];
        if let Some(second) = body.about.get(1).filter(|_| !is_said_of_each(measure.kind)) {
            let message = format!("`{}` is stated of one subject at a time", measure.name);
            lookup.report(&lint::MISPLACED_FIELD, self.file, second.span, message);
        }
        let population =
            value::population(measure, body.of.as_ref(), self.file, &self.definitions.populations, lookup)
                .ok()?;
        let stance = body.stance.map_or(Stance::Asserts, |stance| stance.value);
        let value = match &body.value {
            Some(written) => value::read(measure, written, self.file, self.definitions, lookup)?,
            None => Value::Unstated,
        };
        let mut content = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let period = self.period(subject, entry, lookup).ok()?;
            content.push(((subject, id, population, period), stance, value.clone()));
        }
        Some(content)
    }

    /// The period a figure is for: a series needs one, nothing else has one.
    fn period(
        &self,
        subject: SubjectId,
        entry: &Entry<document::Claim>,
        lookup: &mut Lookup<'_>,
    ) -> Result<Option<Period>, Reported> {
        let needed = has_periods(self.definitions.subjects[subject].kind);
        match entry.body.during {
            Some(during) if !needed => {
                let message = "only a series takes `during`";
                lookup.report(&lint::MISPLACED_FIELD, self.file, during.span, message);
                Err(Reported)
            }
            None if needed => {
                let message = format!("claim `{}` is about a series and has no `during`", entry.id.value);
                lookup.report(&lint::MISSING_FIELD, self.file, entry.id.span, message);
                Err(Reported)
            }
            during => Ok(during.map(|during| during.value.canonical())),
        }
    }
}

/// Something is wrong and a finding says so.
pub(super) struct Reported;

fn is_said_of_each(kind: MeasureType) -> bool {
    matches!(kind, MeasureType::YesNo | MeasureType::Choice)
}

fn written(value: &Written) -> SmolStr {
    match value.items() {
        [one] => one.value.clone(),
        items => items.iter().map(|item| item.value.as_str()).collect::<Vec<_>>().join(", ").into(),
    }
}

/// Puts claims, answers, questions and reviews into one model.
pub(super) fn assemble(
    documents: &[(FileId, &Document)],
    mut definitions: Definitions,
    drafts: Vec<Draft>,
    until: Option<Day>,
    elsewhere: &dyn Elsewhere,
    findings: &mut Collector,
) -> Model {
    number_claims(&mut definitions, &drafts);
    let mut claims = Vec::with_capacity(drafts.len());
    let mut content = Vec::with_capacity(drafts.len());
    let mut targets = Vec::with_capacity(drafts.len());
    for draft in drafts {
        claims.push(draft.claim);
        content.push(draft.content);
        targets.push(draft.targets);
    }
    let Definitions { settings, actors, subjects, places, terms, populations, measures, sources } =
        definitions;
    let mut model = Model {
        settings,
        actors,
        subjects,
        places,
        terms,
        populations,
        measures,
        sources,
        claims,
        answers: Answers::default(),
        questions: Vec::new(),
        reviews: Vec::new(),
    };
    let lookup = Lookup::new(&NOBODY, findings);
    let resolved = Responses::new(&model, content, &targets, elsewhere, lookup).resolve();
    findings.merge(resolved.findings);
    for (claim, target) in resolved.links {
        model.claims[claim.index()].responds_to.push(target);
    }
    gather_questions(&mut model, resolved.answers);
    model.reviews = reviews(documents, &model, until, findings);
    model
}

/// Tells each source which claims are its own.
fn number_claims(definitions: &mut Definitions, drafts: &[Draft]) {
    for id in definitions.sources.ids() {
        let from = drafts.partition_point(|draft| draft.claim.source < id);
        let to = drafts.partition_point(|draft| draft.claim.source <= id);
        definitions.sources[id].claims = from as u32..to as u32;
    }
}

/// One answer before it is filed under its question.
#[derive(Clone)]
struct Answer {
    key: Key,
    claim: ClaimId,
    stance: Stance,
    value: Value,
    origin: ClaimId,
}

/// Carries responses over to the questions of the claims they list.
struct Responses<'a> {
    model: &'a Model,
    targets: &'a [Vec<Name>],
    elsewhere: &'a dyn Elsewhere,
    lookup: Lookup<'a>,
    links: Vec<(ClaimId, ClaimId)>,
    answers: Vec<Vec<Answer>>,
    state: Vec<State>,
    short_names: Option<FxHashMap<SmolStr, Vec<ClaimId>>>,
}

/// What came of it: every answer, who responds to whom, and what could not be resolved.
struct Resolved {
    answers: Vec<Answer>,
    links: Vec<(ClaimId, ClaimId)>,
    findings: Collector,
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
    Question(Key),
}

impl<'a> Responses<'a> {
    fn new(
        model: &'a Model,
        content: Vec<Vec<(Key, Stance, Value)>>,
        targets: &'a [Vec<Name>],
        elsewhere: &'a dyn Elsewhere,
        lookup: Lookup<'a>,
    ) -> Self {
        let own = |(at, content): (usize, Vec<(Key, Stance, Value)>)| {
            let claim = ClaimId::new(at);
            let answer = |(key, stance, value)| Answer { key, claim, stance, value, origin: claim };
            content.into_iter().map(answer).collect::<Vec<_>>()
        };
        let answers: Vec<_> = content.into_iter().enumerate().map(own).collect();
        let state =
            targets.iter().map(|targets| if targets.is_empty() { State::Done } else { State::Waiting });
        Self {
            model,
            targets,
            elsewhere,
            lookup,
            links: Vec::new(),
            answers,
            state: state.collect(),
            short_names: None,
        }
    }

    /// Resolves every response after the claims it lists, without recursion: chains may be long.
    fn resolve(mut self) -> Resolved {
        let mut way: Vec<(ClaimId, Vec<Target>)> = Vec::new();
        for start in self.model.claim_ids() {
            self.enter(start, &mut way);
            while let Some((claim, targets)) = way.last() {
                let claim = *claim;
                let waiting = targets.iter().find_map(|target| match target {
                    Target::Claim(target) if self.state[target.index()] == State::Waiting => Some(*target),
                    _ => None,
                });
                if let Some(next) = waiting {
                    self.enter(next, &mut way);
                    continue;
                }
                if let Some((_, targets)) = way.pop() {
                    self.answer(claim, &targets);
                }
            }
        }
        let answers = self.answers.into_iter().flatten().collect();
        Resolved { answers, links: self.links, findings: self.lookup.findings }
    }

    fn enter(&mut self, claim: ClaimId, way: &mut Vec<(ClaimId, Vec<Target>)>) {
        if self.state[claim.index()] != State::Waiting {
            return;
        }
        self.state[claim.index()] = State::Begun;
        let targets = self.targets;
        let resolved = targets[claim.index()].iter().filter_map(|name| self.target(claim, name)).collect();
        way.push((claim, resolved));
    }

    /// Answers the questions of the targets, each of which is done or closes a circle.
    fn answer(&mut self, claim: ClaimId, targets: &[Target]) {
        let row = self.model.claim(claim);
        let Some(response) = row.response else { return };
        let mut answers: Vec<Answer> = Vec::new();
        for target in targets {
            match target {
                Target::Claim(target) if self.state[target.index()] == State::Done => {
                    self.links.push((claim, *target));
                    let of_target = &self.answers[target.index()];
                    answers.extend(of_target.iter().map(|answer| Answer {
                        claim,
                        stance: compose(response, answer.stance),
                        ..answer.clone()
                    }));
                }
                Target::Claim(target) => {
                    let there = self.model.claim(*target).location;
                    self.lookup.findings.push_with(lint::CYCLE.id, row.location, || {
                        let message =
                            format!("the response `{}` comes back to itself", self.model.claim_name(claim));
                        lint::CYCLE.at(row.location, message, "responds to").at(there, "which leads back")
                    });
                }
                Target::Question(key) => answers.push(Answer {
                    key: *key,
                    claim,
                    stance: Stance::Declines,
                    value: Value::Unstated,
                    origin: claim,
                }),
            }
        }
        // What reaches a response by several ways it answers once; else each further response would double it.
        let mut seen = FxHashSet::default();
        answers.retain(|answer| seen.insert((answer.key, answer.origin, answer.stance)));
        if !row.broken && !row.later {
            self.answers[claim.index()] = answers;
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
            return Some(Target::Question(key));
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
    elsewhere: &dyn Elsewhere,
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
fn near(model: &Model, elsewhere: &dyn Elsewhere, own: SourceId, name: &str) -> Vec<SmolStr> {
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

/// What a response makes of the stance it responds to: whoever denies a denial asserts.
fn compose(response: Response, stance: Stance) -> Stance {
    match (response, stance) {
        (Response::Confirms, stance) => stance,
        (Response::Denies, Stance::Asserts) => Stance::Denies,
        (Response::Denies, Stance::Denies) => Stance::Asserts,
        (Response::Declines, _) | (Response::Denies, Stance::Declines) => Stance::Declines,
    }
}

/// Numbers the questions in the order of their keys and files each answer under its own.
fn gather_questions(model: &mut Model, mut answers: Vec<Answer>) {
    answers.par_sort_by_key(|answer| (answer.key, answer.claim, answer.origin));
    let asked = asked_of_wholes(model, &answers);
    answers.dedup_by(|b, a| (a.key, a.claim, a.stance) == (b.key, b.claim, b.stance) && a.value == b.value);
    let mut keys: Vec<Key> = answers.iter().map(|answer| answer.key).chain(asked).collect();
    keys.sort_unstable();
    keys.dedup();
    let columns = &mut model.answers;
    let mut answers = answers.into_iter().peekable();
    for (at, key) in keys.into_iter().enumerate() {
        let start = columns.len() as u32;
        while let Some(answer) = answers.next_if(|answer| answer.key == key) {
            let claim = &model.claims[answer.claim.index()];
            columns.party.push(claim.party);
            columns.certainty.push(claim.certainty);
            columns.said.push(Days::of(&claim.said));
            columns.as_of.push(Days::of(&claim.as_of));
            columns.question.push(QuestionId::new(at));
            columns.claim.push(answer.claim);
            columns.stance.push(answer.stance);
            columns.value.push(answer.value);
            columns.origin.push(answer.origin);
        }
        let (subject, measure, population, period) = key;
        let answers = start..columns.len() as u32;
        model.questions.push(Question { subject, measure, population, period, answers });
    }
}

/// Questions nobody answers but that answers to others bear on: the populations that two of those counted
/// in one subject have in common.
fn asked_of_wholes(model: &Model, answers: &[Answer]) -> Vec<Key> {
    let mut counted: Vec<_> = answers
        .iter()
        .filter_map(|Answer { key: (subject, measure, population, period), .. }| {
            population.map(|population| (*subject, *measure, *period, population))
        })
        .collect();
    counted.sort_unstable();
    counted.dedup();
    let mut asked = Vec::new();
    for family in
        counted.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)).filter(|family| family.len() > 1)
    {
        let mut wholes: Vec<PopulationId> =
            family.iter().flat_map(|counted| proper_wholes(model, counted.3)).collect();
        wholes.sort_unstable();
        let (subject, measure, period, _) = family[0];
        let shared = wholes.chunk_by(|a, b| a == b).filter(|run| run.len() > 1).map(|run| run[0]);
        asked.extend(shared.map(|whole| (subject, measure, Some(whole), period)));
    }
    asked
}

/// Everything a population is part of, each once.
fn proper_wholes(model: &Model, part: PopulationId) -> Vec<PopulationId> {
    let mut wholes: Vec<PopulationId> = model.populations[part].part_of.clone();
    let mut at = 0;
    while let Some(&next) = wholes.get(at) {
        for &whole in &model.populations[next].part_of {
            if whole != part && !wholes.contains(&whole) {
                wholes.push(whole);
            }
        }
        at += 1;
    }
    wholes
}

fn reviews(
    documents: &[(FileId, &Document)],
    model: &Model,
    until: Option<Day>,
    findings: &mut Collector,
) -> Vec<Review> {
    let mut reviews: Vec<Review> = Vec::new();
    let mut lookup = Lookup::new(&NOBODY, findings);
    let mut asked: FxHashMap<SubjectId, Vec<String>> = FxHashMap::default();
    let mut first: FxHashMap<&SmolStr, Location> = FxHashMap::default();
    for &(file, document) in documents {
        for entry in &document.reviews {
            let here = Location { file, span: entry.id.span };
            if let Some(&there) = first.get(&entry.id.value) {
                lookup.findings.push_with(lint::DUPLICATE_ID.id, here, || {
                    let message = format!("the review `{}` is defined twice", entry.id.value);
                    lint::DUPLICATE_ID.at(here, message, "again here").at(there, "first here")
                });
                continue;
            }
            first.insert(&entry.id.value, here);
            let body = &entry.body;
            let (Some(name), Some(verdict)) = (&body.question, body.verdict) else { continue };
            let question = model.find_question(&name.value);
            match (question, &body.figure) {
                // Nobody has answered it by the day looked at.
                (None, _) if until.is_some() && model.question_key(&name.value).is_some() => {}
                (None, _) => unknown_question(model, file, name, &mut lookup, &mut asked),
                (Some(question), Some(figure)) => {
                    if let Some(finding) = unreadable_figure(model, question, file, figure) {
                        lookup.findings.push(finding);
                    }
                }
                (Some(_), None) => {}
            }
            reviews.push(Review {
                id: entry.id.value.clone(),
                location: here,
                question_name: name.clone(),
                question,
                verdict: verdict.value,
                because: body.because.map(|because| because.value),
                figure: body.figure.as_ref().map(|name| name.value.clone()),
                note: body.note.as_ref().map(|name| name.value.clone()),
                by: body.by.as_ref().map(|name| name.value.clone()),
                on: body.on.map(|on| on.value),
                seen: body.seen.as_ref().map(|name| name.value.clone()),
                saw: body.saw.as_ref().map(|lines| lines.iter().map(texts).collect()),
            });
        }
    }
    findings.merge(lookup.findings);
    reviews.sort_by(|a, b| a.id.cmp(&b.id));
    reviews
}

fn texts((name, line): &(Name, Name)) -> (SmolStr, SmolStr) {
    (name.value.clone(), line.value.clone())
}

impl Model {
    /// Why a figure cannot be read as an answer to a question; none where it can be, or where the answers are no
    /// figures.
    pub fn misread(&self, question: QuestionId, figure: &str) -> Option<figure::Unread> {
        let measure = self.measure_of(question);
        let is_figure = matches!(measure.kind, MeasureType::Count | MeasureType::Amount);
        let read = figure::read(figure, &measure.counting, &self.settings.conventions);
        read.err().filter(|_| is_figure)
    }
}

/// A figure that a reviewer stands by is read as the answers to its question are.
fn unreadable_figure(model: &Model, question: QuestionId, file: FileId, figure: &Name) -> Option<Finding> {
    Some(value::unreadable_figure(file, figure, model.misread(question, &figure.value)?))
}

/// Reports a question that no claim answers. `asked` are the names of the questions on each subject, made when they
/// are first needed.
fn unknown_question(
    model: &Model,
    file: FileId,
    name: &Spanned<SmolStr>,
    lookup: &mut Lookup<'_>,
    asked: &mut FxHashMap<SubjectId, Vec<String>>,
) {
    let at = Location { file, span: name.span };
    let meant = || {
        let subject = name.value.split(['/', '@']).next().and_then(|subject| model.subjects.find(subject));
        let Some(subject) = subject else { return Meant::default() };
        let names = asked.entry(subject).or_insert_with(|| {
            model.questions_on(subject).map(|question| model.question_name(question)).collect()
        });
        Meant::of(&name.value, names.iter().map(String::as_str))
    };
    let key = || ("question".into(), name.value.clone());
    lookup.report_unknown(&lint::UNKNOWN_ID, at, key, meant, |meant| {
        let finding = lint::UNKNOWN_ID.at(at, format!("no claim answers `{}`", name.value), "");
        if meant.ids.is_empty() {
            return finding.help("a question is SUBJECT/MEASURE/POPULATION, with @PERIOD for a series");
        }
        finding.meant(at, meant)
    });
}

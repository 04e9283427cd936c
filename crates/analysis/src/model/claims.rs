//! Resolves the claims of all files in parallel, sorts them by name, and gathers their answers by question,
//! including those of responses.

use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::aliases::{AliasIndex, EMPTY};
use super::definitions::{Definitions, Lookup, has_periods};
use super::global_facts::GlobalFacts;
use super::responses::{AnswerDraft, Responses, TargetIndex};
use super::{Answers, Claim, Days, Model, Question, Review, Value, is_later, value};
use crate::document::mention::Kind;
use crate::document::{self, Certainty, Document, Entry, Form, MeasureType, Name, Part, Stance, Written};
use crate::finding::{Collector, Finding};
use crate::id::{FileId, Id as _, MeasureId, PopulationId, QuestionId, SourceId, SubjectId};
use crate::lint;
use crate::source::{Location, Spanned};
use gainsay_reading::figure;
use gainsay_reading::names::DidYouMean;
use gainsay_reading::period::{Day, Period};

/// The key of a question: subject, measure, population and period.
pub(super) type QuestionKey = (SubjectId, MeasureId, Option<PopulationId>, Option<Period>);

/// A claim whose answers and response targets are not resolved yet.
pub(super) struct ClaimDraft {
    claim: Claim,
    content: Vec<(QuestionKey, Stance, Arc<Value>)>,
    targets: Vec<Name>,
}

/// Fewer claims than this are read on one thread.
const MIN_PARALLEL_CLAIMS: usize = 2_000;

/// Reads the claims of every file, sorted by source and name.
pub(super) fn read(
    documents: &[(FileId, &Document)],
    definitions: &Definitions,
    until: Option<Day>,
    aliases: &AliasIndex<'_>,
    findings: &mut Collector,
) -> Vec<ClaimDraft> {
    // A small number of claims is read on one thread, no matter how many files they are in.
    let claims: usize = documents.iter().map(|(_, document)| document.claims.len()).sum();
    let min_len = if claims < MIN_PARALLEL_CLAIMS { documents.len().max(1) } else { 1 };
    let like = findings.like();
    let found = Mutex::new(findings);
    let read: Vec<Option<Vec<ClaimDraft>>> = documents
        .par_iter()
        .with_min_len(min_len)
        .map(|&(file, document)| {
            let mut lookup = Lookup::without_near(aliases, &like);
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
    let mut searching = Lookup::new(aliases, findings);
    let mut drafts = Vec::with_capacity(read.iter().flatten().map(Vec::len).sum());
    for (read, &(file, document)) in read.into_iter().zip(documents) {
        // Near names are searched for in the order of files, so that the limit on searches does not depend on
        // threads.
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
) -> Vec<ClaimDraft> {
    let Some(source) = &document.source else {
        if let Some(claim) = document.claims.first() {
            let message = "claims without a `source`: their publisher is unknown";
            lookup.report(&lint::MISSING_FIELD, file, claim.id.span, message);
        }
        return Vec::new();
    };
    let source = definitions.sources.find(&source.id.value);
    let here = source.filter(|&id| definitions.sources[id].defined.place.is_some_and(|(at, ..)| at == file));
    let Some(source) = here else { return Vec::new() };
    let reader = ClaimReader { file, source, definitions, until };
    document.claims.iter().map(|entry| reader.claim(entry, lookup)).collect()
}

struct ClaimReader<'a> {
    file: FileId,
    source: SourceId,
    definitions: &'a Definitions,
    until: Option<Day>,
}

impl ClaimReader<'_> {
    fn claim(&self, entry: &Entry<document::Claim>, lookup: &mut Lookup<'_>) -> ClaimDraft {
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
            written: body.value.as_ref().map(value_text).unwrap_or_default(),
            value_span: value::value_span(body.value.as_ref(), entry.id.span),
            said_span: body.said.map(|said| said.span),
            location: Location { file: self.file, span: entry.id.span },
            span: entry.span,
            broken,
            later,
        };
        let targets = body.response.as_ref().map(|(_, targets)| targets.clone()).unwrap_or_default();
        ClaimDraft { claim, content: content.filter(|_| !broken && !later).unwrap_or_default(), targets }
    }

    /// The answers of a claim with a measure: one for each subject in `about`, all with the same value. None
    /// if something in it cannot be read.
    fn content(
        &self,
        entry: &Entry<document::Claim>,
        lookup: &mut Lookup<'_>,
    ) -> Option<Vec<(QuestionKey, Stance, Arc<Value>)>> {
        let body = &entry.body;
        let name = body.measure.as_ref()?;
        let subjects = lookup.all(Kind::Subject, &self.definitions.subjects, self.file, &body.about);
        let id = lookup.find(Kind::Measure, &self.definitions.measures, self.file, name)?;
        let measure = &self.definitions.measures[id];
        if let Some(second) = body.about.get(1).filter(|_| !takes_several_subjects(measure.kind)) {
            let message = format!("`{}` takes one subject in each claim", measure.name);
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
        let value = Arc::new(value);
        let mut content = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let period = self.period(subject, entry, lookup).ok()?;
            content.push(((subject, id, population, period), stance, Arc::clone(&value)));
        }
        Some(content)
    }

    /// The period of the answer. A series needs one; other subjects have none.
    fn period(
        &self,
        subject: SubjectId,
        entry: &Entry<document::Claim>,
        lookup: &mut Lookup<'_>,
    ) -> Result<Option<Period>, ErrorReported> {
        let needed = has_periods(self.definitions.subjects[subject].kind);
        match entry.body.during {
            Some(during) if !needed => {
                let message = "only a series takes `during`";
                lookup.report(&lint::MISPLACED_FIELD, self.file, during.span, message);
                Err(ErrorReported)
            }
            None if needed => {
                let message = format!("claim `{}` is about a series and has no `during`", entry.id.value);
                lookup.report(&lint::MISSING_FIELD, self.file, entry.id.span, message);
                Err(ErrorReported)
            }
            during => Ok(during.map(|during| during.value.canonical())),
        }
    }
}

/// Something is wrong, and a finding has been reported for it.
pub(super) struct ErrorReported;

fn takes_several_subjects(kind: MeasureType) -> bool {
    matches!(kind, MeasureType::YesNo | MeasureType::Choice)
}

fn value_text(value: &Written) -> SmolStr {
    match value.items() {
        [one] => one.value.clone(),
        items => items.iter().map(|item| item.value.as_str()).collect::<Vec<_>>().join(", ").into(),
    }
}

/// Builds the model from definitions, claims and reviews.
pub(super) fn assemble(
    documents: &[(FileId, &Document)],
    mut definitions: Definitions,
    drafts: Vec<ClaimDraft>,
    until: Option<Day>,
    elsewhere: &dyn GlobalFacts,
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
        targets: TargetIndex::default(),
    };
    let lookup = Lookup::new(&EMPTY, findings);
    let resolved = Responses::new(&model, content, &targets, elsewhere, lookup).resolve();
    findings.merge(resolved.findings);
    for (claim, target) in resolved.links {
        model.claims[claim.index()].responds_to.push(target);
    }
    gather_questions(&mut model, &resolved.keys, resolved.answers);
    model.targets = TargetIndex::new(&model);
    model.reviews = resolve_reviews(documents, &model, until, findings);
    model
}

/// Sets the range of claims of each source.
fn number_claims(definitions: &mut Definitions, drafts: &[ClaimDraft]) {
    for id in definitions.sources.ids() {
        let from = drafts.partition_point(|draft| draft.claim.source < id);
        let to = drafts.partition_point(|draft| draft.claim.source <= id);
        definitions.sources[id].claims = from as u32..to as u32;
    }
}

/// Numbers the questions in the order of their keys and stores the answers in that order.
fn gather_questions(model: &mut Model, known: &[QuestionKey], mut answers: Vec<AnswerDraft>) {
    let mut order: Vec<u32> = (0..known.len() as u32).collect();
    order.sort_unstable_by_key(|&at| known[at as usize]);
    let mut places = vec![0; known.len()];
    for (place, &at) in order.iter().enumerate() {
        places[at as usize] = place;
    }
    answers.par_sort_unstable_by_key(|answer| {
        (places[answer.key as usize], answer.claim, answer.origin, answer.stance)
    });
    let answered: Vec<QuestionKey> =
        answers.chunk_by(|a, b| a.key == b.key).map(|of_key| known[of_key[0].key as usize]).collect();
    let asked = questions_of_shared_wholes(model, &answered);
    answers.dedup_by(|b, a| (a.key, a.claim, a.stance) == (b.key, b.claim, b.stance) && a.value == b.value);
    let mut keys: Vec<QuestionKey> = answered.into_iter().chain(asked).collect();
    keys.sort_unstable();
    keys.dedup();
    let columns = &mut model.answers;
    columns.reserve_exact(answers.len());
    let mut answers = answers.into_iter().peekable();
    for (at, key) in keys.into_iter().enumerate() {
        let start = columns.len() as u32;
        while let Some(answer) = answers.next_if(|answer| known[answer.key as usize] == key) {
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

/// Questions without answers that are still needed: those on a whole of which two or more counted populations
/// are parts.
fn questions_of_shared_wholes(model: &Model, answered: &[QuestionKey]) -> Vec<QuestionKey> {
    let mut counted: Vec<_> = answered
        .iter()
        .filter_map(|(subject, measure, population, period)| {
            population.map(|population| (*subject, *measure, *period, population))
        })
        .collect();
    counted.sort_unstable();
    counted.dedup();
    let mut asked = Vec::new();
    let families = counted.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2));
    for family in families.filter(|family| family.len() > 1) {
        let (subject, measure, period, _) = family[0];
        let populations = family.iter().map(|counted| counted.3);
        let shared = shared_wholes(model, populations);
        asked.extend(shared.into_iter().map(|whole| (subject, measure, Some(whole), period)));
    }
    asked
}

/// The wholes of two or more of these populations, sorted.
///
/// Each whole remembers only its first few parts, so that no path upwards is followed more than a few times.
/// Two parts would be enough; the third is for cycles, where a population is part of itself and does not
/// count.
fn shared_wholes(model: &Model, parts: impl Iterator<Item = PopulationId>) -> Vec<PopulationId> {
    const MAX_KEPT_PARTS: usize = 3;
    let mut inside: FxHashMap<PopulationId, Vec<PopulationId>> = FxHashMap::default();
    for part in parts {
        let mut stack: Vec<PopulationId> = model.populations[part].part_of.clone();
        while let Some(whole) = stack.pop() {
            let known = inside.entry(whole).or_default();
            if whole != part && known.len() < MAX_KEPT_PARTS && !known.contains(&part) {
                known.push(part);
                stack.extend(&model.populations[whole].part_of);
            }
        }
    }
    let mut shared: Vec<PopulationId> =
        inside.into_iter().filter(|(_, parts)| parts.len() > 1).map(|(whole, _)| whole).collect();
    shared.sort_unstable();
    shared
}

fn resolve_reviews(
    documents: &[(FileId, &Document)],
    model: &Model,
    until: Option<Day>,
    findings: &mut Collector,
) -> Vec<Review> {
    let mut reviews: Vec<Review> = Vec::new();
    let mut lookup = Lookup::new(&EMPTY, findings);
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
                // No claim answers it by the day up to which the report looks.
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
                saw: body.saw.as_ref().map(|lines| lines.iter().map(to_texts).collect()),
            });
        }
    }
    findings.merge(lookup.findings);
    reviews.sort_by(|a, b| a.id.cmp(&b.id));
    reviews
}

fn to_texts((name, line): &(Name, Name)) -> (SmolStr, SmolStr) {
    (name.value.clone(), line.value.clone())
}

impl Model {
    /// Why a figure cannot be read as an answer to a question. None if it can be read, or if the answers to
    /// the question are not figures.
    pub fn figure_error(&self, question: QuestionId, figure: &str) -> Option<figure::Unread> {
        let measure = self.measure_of(question);
        let is_figure = matches!(measure.kind, MeasureType::Count | MeasureType::Amount);
        let read = figure::read(figure, &measure.counting, &self.settings.conventions);
        read.err().filter(|_| is_figure)
    }
}

/// A finding if the figure of a review cannot be read as an answer to its question.
fn unreadable_figure(model: &Model, question: QuestionId, file: FileId, figure: &Name) -> Option<Finding> {
    Some(value::unreadable_figure(file, figure, model.figure_error(question, &figure.value)?))
}

/// Reports a question that no claim answers. `asked` caches the names of the questions on each subject.
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
        let Some(subject) = subject else { return DidYouMean::default() };
        let names = asked.entry(subject).or_insert_with(|| {
            model.questions_on(subject).map(|question| model.question_name(question)).collect()
        });
        DidYouMean::of(&name.value, names.iter().map(String::as_str))
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

//! The model: all documents of a workspace with their names resolved to ids, their values read, and every
//! answer filed under its question.
//!
//! Ids are assigned in the order of names, so nothing here depends on the order of files. A claim can answer
//! several questions (`about` with a list, or a response to several claims). Answers are stored as columns in
//! the order of questions, because the later stages scan them in that order. This module judges nothing.

mod aliases;
mod by_claim;
mod claims;
mod definitions;
mod global_facts;
mod responses;
mod value;
mod values;
mod wording;

pub use by_claim::AnswersByClaim;
pub use definitions::is_built_in;
pub use global_facts::{GlobalFacts, NoGlobals};
pub use responses::TargetIndex;
pub use value::below;
pub use values::Values;
pub use wording::Heading;
pub use wording::MAX_NAMES;

use std::ops::Range as Run;

use aliases::AliasIndex;
use smol_str::SmolStr;

use crate::document::{
    Because, Certainty, Document, Form, Locator, MeasureType, Name, Names, Part, Response, Stance,
    SubjectKind, Verdict,
};
use crate::finding::{Collector, Finding, Limit};
use crate::id::{
    ActorId, AnswerId, ClaimId, FileId, Id as _, MeasureId, PlaceId, PopulationId, QuestionId, SourceId,
    SubjectId, Table, TermId,
};
use crate::source::{Location, Span, Spanned};
use gainsay_reading::figure::{Change, Conventions, Counting, Figure, OPEN, Range, Share};
use gainsay_reading::period::{Day, Period};

/// The workspace with every name resolved.
#[derive(Debug)]
pub struct Model {
    /// How vague words are read, when figures become final, and the grades of rules.
    pub settings: Settings,
    /// People, organisations, states, armed groups, publishers.
    pub actors: Table<ActorId, Actor>,
    /// Events, propositions and series.
    pub subjects: Table<SubjectId, Subject>,
    /// Places that can be an answer to a choice.
    pub places: Table<PlaceId, Term<PlaceId>>,
    /// Terms that can be an answer to a choice.
    pub terms: Table<TermId, Term<TermId>>,
    /// A group that can be counted: `people`, `civilians`, `homes`.
    pub populations: Table<PopulationId, Population>,
    /// What is counted or asked: `killed`, `target`.
    pub measures: Table<MeasureId, Measure>,
    /// The publications that claims are found in.
    pub sources: Table<SourceId, Source>,
    /// All claims, sorted by their full names.
    pub claims: Vec<Claim>,
    /// The answers that claims give, sorted by question, then by claim.
    pub answers: Answers,
    /// All questions, sorted by subject, measure, population and period.
    pub questions: Vec<Question>,
    /// Reviews of disputes. A review whose question no claim answers is kept without a question.
    pub reviews: Vec<Review>,
    /// An index for long responses, used by [`Model::targets_on`].
    pub targets: TargetIndex,
}

/// Where an entity is defined, and its names.
#[derive(Clone, Debug, Default)]
pub struct Definition {
    /// The file, the span of the id and the span of the whole entry; none for built-in entities.
    pub place: Option<(FileId, Span, Span)>,
    /// Its `name`, if one is written.
    pub name: Option<Name>,
    /// Its `aliases`.
    pub aliases: Vec<Name>,
}

impl Definition {
    /// The location of the id; none for built-in entities.
    pub fn location(&self) -> Option<Location> {
        self.place.map(|(file, span, _)| Location { file, span })
    }
}

/// An actor.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Where it is defined.
    pub defined: Definition,
    /// Its name for readers.
    pub name: SmolStr,
    /// Person, state, armed group …
    pub kind: Option<SmolStr>,
    /// A short description for readers, such as a title.
    pub role: Option<SmolStr>,
    /// The actor that it speaks for, if any.
    pub speaks_for: Option<ActorId>,
    /// The last actor in its chain of `speaks_for`; the actor itself if it speaks for nobody.
    pub party: ActorId,
    /// Whether it publishes a source, which makes it an outlet.
    pub publishes: bool,
}

/// An event, a proposition or a series.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Where it is defined.
    pub defined: Definition,
    /// Which of the three.
    pub kind: SubjectKind,
    /// Its name for readers.
    pub name: SmolStr,
    /// Attack, talks, ceasefire …
    pub nature: Option<SmolStr>,
    /// When it happened, with the span of the date.
    pub date: Option<Spanned<Period>>,
    /// Where it happened.
    pub place: Vec<PlaceId>,
    /// The larger events it belongs to.
    pub part_of: Vec<SubjectId>,
    /// Whether its parts together make up the whole event.
    pub parts_complete: bool,
    /// Other parts of the same whole that it overlaps with.
    pub overlaps: Vec<SubjectId>,
    /// Events it came after.
    pub after: Vec<SubjectId>,
    /// Actors whose position a reader expects to find.
    pub parties: Vec<ActorId>,
    /// Subjects that it is easily confused with and that are not the same.
    pub apart_from: Vec<SubjectId>,
    /// Series: who publishes it.
    pub publisher: Option<ActorId>,
    /// Series: how it is counted.
    pub method: Option<SmolStr>,
    /// Series: where it is counted.
    pub territory: Option<SmolStr>,
    /// Series that count the same thing by another method.
    pub beside: Vec<SubjectId>,
}

/// A place or a term.
#[derive(Clone, Debug)]
pub struct Term<I> {
    /// Where it is defined.
    pub defined: Definition,
    /// Its name for readers.
    pub name: SmolStr,
    /// The places it lies in, or the terms it falls under.
    pub part_of: Vec<I>,
    /// What it cannot be at the same time, as written; see [`crate::graph::Nesting`] for what follows from
    /// that.
    pub excludes: Vec<I>,
}

/// A group that can be counted: `people`, `civilians`, `homes`.
#[derive(Clone, Debug)]
pub struct Population {
    /// Where it is defined.
    pub defined: Definition,
    /// Its name for readers.
    pub name: SmolStr,
    /// The populations it is part of.
    pub part_of: Vec<PopulationId>,
    /// The populations that share no member with it, as written.
    pub excludes: Vec<PopulationId>,
    /// Whether `part_of` and `excludes` are the desk's own reading of the sources.
    pub inferred: bool,
}

/// What is counted or asked: `killed`, `target`.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Where it is defined.
    pub defined: Definition,
    /// Its name for readers.
    pub name: SmolStr,
    /// How values are read.
    pub kind: MeasureType,
    /// How figures are read: whole, or with a unit.
    pub counting: Counting,
    /// Whether it counts members of a population.
    pub of_people: bool,
    /// Whether it is a toll: a figure that can only grow until it is final.
    pub grows: bool,
    /// Whether a figure can rise and fall, so that only figures of the same day are compared.
    pub varies: bool,
    /// How many days after the end of an event its figures are final; none means the setting of the
    /// workspace.
    pub settles: Option<i32>,
    /// Whether a choice has only one true answer.
    pub single: bool,
    /// The kinds of entities that can be answers to a choice.
    pub names: Vec<Names>,
    /// The steps of a scale, weakest first.
    pub steps: Vec<SmolStr>,
    /// The measures whose figures add up to this one.
    pub sum_of: Vec<MeasureId>,
    /// The question as a sentence, with `{people}` in place of who is counted.
    pub asks: Option<SmolStr>,
}

/// One publication that claims are found in.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is defined.
    pub defined: Definition,
    /// Who published it.
    pub publisher: ActorId,
    /// When.
    pub published: Period,
    /// Whether its publisher or its date is missing or unreadable; its claims then answer nothing.
    pub broken: bool,
    /// Whether it was published after the day up to which the report looks.
    pub later: bool,
    /// Its title.
    pub title: Option<SmolStr>,
    /// Its address on the web.
    pub url: Option<SmolStr>,
    /// The sources that it draws on.
    pub cites: Vec<SourceId>,
    /// Its reliability as an Admiralty code, such as `B2`.
    pub reliability: Option<SmolStr>,
    /// The file name of its archived text.
    pub text: Option<Name>,
    /// Its claims, as indexes into [`Model::claims`].
    pub claims: Run<u32>,
}

/// One claim: who said something, when and in which source. The answers it gives are in [`Answers`].
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its name within the source.
    pub name: SmolStr,
    /// The source it is found in.
    pub source: SourceId,
    /// Who asserts it.
    pub by: ActorId,
    /// The party on whose behalf it is asserted.
    pub party: ActorId,
    /// The relays between the speaker and the source, the one nearest to the source first.
    pub via: Vec<ActorId>,
    /// When it was asserted.
    pub said: Period,
    /// The moment it describes.
    pub as_of: Period,
    /// The locator: where in the source it is found.
    pub at: Option<Locator>,
    /// Which part of the source it is in: headline, body …
    pub part: Part,
    /// Whether the source paraphrases or quotes the speaker, or takes the claim for granted.
    pub form: Form,
    /// A few words quoted from the source.
    pub words: Option<Name>,
    /// Whether it is firm, hedged or conditional.
    pub certainty: Certainty,
    /// The actor whose words it reports second-hand.
    pub attributes_to: Option<ActorId>,
    /// Our own words on it.
    pub note: Option<SmolStr>,
    /// The rules and lints that its `allow` key turns off.
    pub allow: Vec<Name>,
    /// Whether it confirms, denies or declines other claims, if it is a response.
    pub response: Option<Response>,
    /// The claims it responds to.
    pub responds_to: Vec<ClaimId>,
    /// The value as written, with commas between ids; empty if the claim has no value of its own.
    pub written: SmolStr,
    /// The span of its value, or of its id if it has no value.
    pub value_span: Span,
    /// The span of `said`, if it is written.
    pub said_span: Option<Span>,
    /// The location of its id.
    pub location: Location,
    /// From its id to the end of its body.
    pub span: Span,
    /// Whether something in it is missing or unreadable; a broken claim answers nothing.
    pub broken: bool,
    /// Whether it was said or published after the day up to which the report looks; it then answers nothing.
    pub later: bool,
}

impl Claim {
    /// The day by which claims are sorted in time: the first day on which it may have been said, or the last
    /// if only that is known.
    pub fn said_on(&self) -> Day {
        self.said.first.or(self.said.last).unwrap_or(Day::MIN)
    }
}

/// The entity that an id in a choice refers to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ChoiceItem {
    /// An actor.
    Actor(ActorId),
    /// A place.
    Place(PlaceId),
    /// An event.
    Event(SubjectId),
    /// A term.
    Term(TermId),
    /// A population.
    Population(PopulationId),
}

/// The value of an answer after reading.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// No value: the speaker declines to answer.
    Unstated,
    /// A figure.
    Figure(Figure),
    /// A share of another population's figure.
    Share(Share, PopulationId),
    /// A change relative to the figure of another period or subject.
    Change(Change, Base),
    /// A step of a scale: the hard and the usual range of steps. Steps are numbered from 1; 0 means below the
    /// first step.
    Step(Range, Range),
    /// Yes or no.
    YesNo(bool),
    /// Entities, sorted and without duplicates; all of them together are the answer.
    Choice(Box<[ChoiceItem]>),
    /// A span of days.
    Days(Period),
}

/// The basis of a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Base {
    /// The same subject in another period.
    Period(Period),
    /// Another subject, in a period where it is a series.
    Subject(SubjectId, Option<Period>),
}

/// All answers as columns of equal length, sorted by question, then by claim.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The question.
    pub question: Vec<QuestionId>,
    /// The claim.
    pub claim: Vec<ClaimId>,
    /// Whether the speaker asserts, denies or declines the value.
    pub stance: Vec<Stance>,
    /// The value.
    pub value: Values,
    /// The claim that gave the value: for a response the claim it responds to, otherwise the claim itself.
    pub origin: Vec<ClaimId>,
    /// The party of the claim. This column and the next three repeat what the claim says, so that a scan over
    /// all answers does not have to look up claims, which are sorted differently.
    pub party: Vec<ActorId>,
    /// Whether it is firm, hedged or conditional.
    pub certainty: Vec<Certainty>,
    /// When it was asserted.
    pub said: Vec<Days>,
    /// The moment it describes.
    pub as_of: Vec<Days>,
}

/// A range of days, counted from 1970-01-01; `i32::MIN` and `i32::MAX` mark open ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Days {
    /// The first day.
    pub first: i32,
    /// The last day.
    pub last: i32,
}

impl Days {
    /// The days that a period can mean.
    pub fn of(period: &Period) -> Self {
        Self {
            first: period.first.map_or(i32::MIN, Day::number),
            last: period.last.map_or(i32::MAX, Day::number),
        }
    }
}

impl Answers {
    /// How many answers there are.
    pub fn len(&self) -> usize {
        self.claim.len()
    }

    /// Whether the columns are empty.
    pub fn is_empty(&self) -> bool {
        self.claim.is_empty()
    }

    /// Reserves space for exactly `count` more answers in each column.
    fn reserve_exact(&mut self, count: usize) {
        self.question.reserve_exact(count);
        self.claim.reserve_exact(count);
        self.stance.reserve_exact(count);
        self.value.reserve_exact(count);
        self.origin.reserve_exact(count);
        self.party.reserve_exact(count);
        self.certainty.reserve_exact(count);
        self.said.reserve_exact(count);
        self.as_of.reserve_exact(count);
    }
}

/// A question: a measure of a population on a subject, in a period if the subject is a series.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// The subject.
    pub subject: SubjectId,
    /// What is counted or asked: `killed`, `target`.
    pub measure: MeasureId,
    /// Who is counted, if the measure counts members of a population.
    pub population: Option<PopulationId>,
    /// The period, for a series.
    pub period: Option<Period>,
    /// Its answers.
    pub answers: Run<u32>,
}

/// The recorded judgement of an editor on a dispute.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its id.
    pub id: SmolStr,
    /// The location of its id.
    pub location: Location,
    /// The question as written.
    pub question_name: Name,
    /// The question; none if no claim answers it.
    pub question: Option<QuestionId>,
    /// The result of the review.
    pub verdict: Verdict,
    /// Why.
    pub because: Option<Because>,
    /// The figure that the reviewer confirms.
    pub figure: Option<SmolStr>,
    /// Our own words on it.
    pub note: Option<SmolStr>,
    /// Who reviewed it.
    pub by: Option<SmolStr>,
    /// When.
    pub on: Option<Period>,
    /// Fingerprint of the claims that were reviewed.
    pub seen: Option<SmolStr>,
    /// The full name of each of these claims, with what it said.
    pub saw: Option<Vec<(SmolStr, SmolStr)>>,
}

impl Review {
    /// The sort key for the reviews of a question: by day, then by location. The last one counts, so a newer
    /// review can simply be added below.
    pub fn order(&self) -> impl Ord + use<> {
        (self.on.and_then(|on| on.first), self.location)
    }
}

/// The settings of one workspace.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The ranges that vague words and qualifiers are read as.
    pub conventions: Conventions,
    /// How many days after the end of an event its figures are final.
    pub settles: i32,
    /// The configured grades: a rule or lint, and its grade or `off`.
    pub grades: Vec<(Name, Name)>,
    /// The file with the settings.
    pub file: Option<FileId>,
}

/// Resolves all documents. The model contains everything that could be resolved. The findings report the
/// rest, up to [`Limit::default`] findings per lint.
///
/// With `until`, claims said or published after that day keep their names and answer nothing.
pub fn resolve(documents: &[(FileId, &Document)], until: Option<Day>) -> (Model, Vec<Finding>) {
    let mut findings = Collector::new(Limit::default());
    let model = resolve_part(documents, until, &NoGlobals, &mut findings);
    (model, findings.finish().findings)
}

/// Resolves documents that are part of a workspace; `elsewhere` answers questions about the rest of it.
/// Problems are pushed to `findings`.
pub fn resolve_part(
    documents: &[(FileId, &Document)],
    until: Option<Day>,
    elsewhere: &dyn GlobalFacts,
    findings: &mut Collector,
) -> Model {
    let aliases = AliasIndex::new(documents, elsewhere);
    let mut definitions = definitions::resolve(documents, &aliases, findings);
    for id in definitions.sources.ids() {
        definitions.sources[id].later = is_later(&definitions.sources[id].published, until);
    }
    let drafts = claims::read(documents, &definitions, until, &aliases, findings);
    let mut model = claims::assemble(documents, definitions, drafts, until, elsewhere, findings);
    model.reviews.retain(|review| review.on.is_none_or(|on| !is_later(&on, until)));
    model
}

/// Whether a period ends after `until`, without the widening of `~`.
fn is_later(period: &Period, until: Option<Day>) -> bool {
    until.is_some_and(|until| period.nominal_last().is_none_or(|last| last > until))
}

impl Model {
    /// The answers to a question, sorted by claim.
    pub fn answers_to(&self, question: QuestionId) -> impl ExactSizeIterator<Item = AnswerId> + use<> {
        let run = &self.questions[question.index()].answers;
        (run.start as usize..run.end as usize).map(AnswerId::new)
    }

    /// A claim.
    pub fn claim(&self, id: ClaimId) -> &Claim {
        &self.claims[id.index()]
    }

    /// A question.
    pub fn question(&self, id: QuestionId) -> &Question {
        &self.questions[id.index()]
    }

    /// The measure of a question.
    pub fn measure_of(&self, question: QuestionId) -> &Measure {
        &self.measures[self.question(question).measure]
    }

    /// All direct and indirect summands of a measure, without the measure itself. A cycle is followed only
    /// once.
    pub fn summands(&self, of: MeasureId) -> Vec<MeasureId> {
        let mut found: Vec<MeasureId> = Vec::new();
        let mut next: Vec<MeasureId> = self.measures[of].sum_of.clone();
        while let Some(part) = next.pop() {
            if !found.contains(&part) {
                found.push(part);
                next.extend(&self.measures[part].sum_of);
            }
        }
        found
    }

    /// All questions.
    pub fn question_ids(&self) -> impl ExactSizeIterator<Item = QuestionId> + use<> {
        (0..self.questions.len()).map(QuestionId::new)
    }

    /// All claims.
    pub fn claim_ids(&self) -> impl ExactSizeIterator<Item = ClaimId> + use<> {
        (0..self.claims.len()).map(ClaimId::new)
    }

    /// The claim with this full name, `SOURCE/CLAIM`.
    pub fn find_claim(&self, name: &str) -> Option<ClaimId> {
        let (source, claim) = name.split_once('/')?;
        self.find_claim_in(self.sources.find(source)?, claim)
    }

    /// The claim of a source with this name.
    pub fn find_claim_in(&self, source: SourceId, name: &str) -> Option<ClaimId> {
        let run = &self.sources[source].claims;
        let claims = &self.claims[run.start as usize..run.end as usize];
        let at = claims.binary_search_by(|claim| claim.name.as_str().cmp(name)).ok()?;
        Some(ClaimId::new(run.start as usize + at))
    }

    /// The question with this name, `SUBJECT/MEASURE/POPULATION@PERIOD`.
    pub fn find_question(&self, name: &str) -> Option<QuestionId> {
        let wanted = self.question_key(name)?;
        let key =
            |question: &Question| (question.subject, question.measure, question.population, question.period);
        self.questions.binary_search_by(|question| key(question).cmp(&wanted)).ok().map(QuestionId::new)
    }

    /// The key of a question with this name, whether or not a claim answers it.
    fn question_key(&self, name: &str) -> Option<claims::QuestionKey> {
        let (name, period) = match name.split_once('@') {
            Some((name, period)) => (name, Some(Period::read(period).ok()?.canonical())),
            None => (name, None),
        };
        let mut parts = name.split('/');
        let subject = self.subjects.find(parts.next()?)?;
        let measure = self.measures.find(parts.next()?)?;
        let population = match parts.next() {
            Some(population) => Some(self.populations.find(population)?),
            None => None,
        };
        let of_people = self.measures[measure].of_people;
        let is_series = self.subjects[subject].kind == SubjectKind::Series;
        let fits =
            parts.next().is_none() && of_people == population.is_some() && is_series == period.is_some();
        fits.then_some((subject, measure, population, period))
    }

    /// The latest review of a question, which is the one that counts.
    pub fn latest_review(&self, question: QuestionId) -> Option<&Review> {
        let reviews = self.reviews.iter().filter(|review| review.question == Some(question));
        reviews.max_by_key(|review| review.order())
    }

    /// The questions on one subject.
    pub fn questions_on(&self, subject: SubjectId) -> impl Iterator<Item = QuestionId> + use<> {
        let from = self.questions.partition_point(|question| question.subject < subject);
        let to = self.questions.partition_point(|question| question.subject <= subject);
        (from..to).map(QuestionId::new)
    }

    /// The questions on one subject and measure, for all populations and periods.
    pub fn family(&self, subject: SubjectId, measure: MeasureId) -> Run<usize> {
        let key = (subject, measure);
        let from = self.questions.partition_point(|question| (question.subject, question.measure) < key);
        let to = self.questions.partition_point(|question| (question.subject, question.measure) <= key);
        from..to
    }

    /// Whether a claim is in the outlet's own voice: the speaker published the source.
    pub fn is_own_voice(&self, claim: ClaimId) -> bool {
        let claim = self.claim(claim);
        claim.by == self.sources[claim.source].publisher
    }
}

impl Value {
    /// The hard and the usual range of a value that can be compared as a number: figures in thousandths,
    /// steps, day numbers, and 0 or 1 for no and yes. None for other values.
    pub fn ranges(&self) -> Option<(Range, Range)> {
        match self {
            Self::Figure(figure) => Some((figure.hard, figure.usual)),
            Self::Step(hard, usual) => Some((*hard, *usual)),
            Self::YesNo(yes) => {
                let range = Range { low: i64::from(*yes), high: i64::from(*yes) };
                Some((range, range))
            }
            Self::Days(days) => {
                let low = days.first.map_or(i64::MIN, |day| i64::from(day.number()));
                let high = days.last.map_or(OPEN, |day| i64::from(day.number()));
                Some((Range { low, high }, Range { low, high }))
            }
            Self::Unstated | Self::Share(..) | Self::Change(..) | Self::Choice(_) => None,
        }
    }
}

//! All documents resolved: names to ids, values to readings, claims to answers, answers to questions.
//!
//! Ids follow names, so nothing here depends on the order of files. A claim answers one question or several
//! (`about` a list, a response to several claims); the answers are columns in the order of questions, which
//! is what the later stages sweep over. Nothing is judged here.

mod bearers;
mod by_claim;
mod claims;
mod definitions;
mod global_facts;
mod responses;
mod value;
mod values;
mod wording;

pub use by_claim::ByClaim;
pub use definitions::is_built_in;
pub use global_facts::{GlobalFacts, NoGlobals};
pub use responses::Targets;
pub(crate) use value::below;
pub use values::Values;
pub use wording::Heading;
pub(crate) use wording::MAX_NAMES;

use std::ops::Range as Run;

use bearers::Bearers;
use smol_str::SmolStr;

use crate::document::{
    Because, Certainty, Document, Form, Locator, MeasureType, Name, Names, Part, Response, Stance,
    SubjectKind, Verdict,
};
use crate::figure::{Change, Conventions, Counting, Figure, OPEN, Range, Share};
use crate::finding::{Collector, Finding, Limit};
use crate::id::{
    ActorId, AnswerId, ClaimId, FileId, Id as _, MeasureId, PlaceId, PopulationId, QuestionId, SourceId,
    SubjectId, Table, TermId,
};
use crate::period::{Day, Period};
use crate::source::{Location, Span, Spanned};

/// The workspace with every name resolved.
#[derive(Debug)]
pub struct Model {
    /// Readings of words, spans and grades.
    pub settings: Settings,
    /// People, organisations, states, armed groups, publishers.
    pub actors: Table<ActorId, Actor>,
    /// Events, propositions and series.
    pub subjects: Table<SubjectId, Subject>,
    /// Places a choice may name.
    pub places: Table<PlaceId, Term<PlaceId>>,
    /// Terms a choice may name.
    pub terms: Table<TermId, Term<TermId>>,
    /// Who is counted.
    pub populations: Table<PopulationId, Population>,
    /// What is counted or stated.
    pub measures: Table<MeasureId, Measure>,
    /// The documents claims are made in.
    pub sources: Table<SourceId, Source>,
    /// All claims, in the order of their full names.
    pub claims: Vec<Claim>,
    /// What the claims answer, in the order of questions, then of claims.
    pub answers: Answers,
    /// What is asked, in the order of subjects, measures, populations and periods.
    pub questions: Vec<Question>,
    /// Decisions on disputes, by question where the question exists.
    pub reviews: Vec<Review>,
    /// What long responses list, by question; see [`Model::targets_on`].
    pub targets: Targets,
}

/// Where a definition stands, and its other names.
#[derive(Clone, Debug, Default)]
pub struct Defined {
    /// The id and the whole entry; none for what is built in.
    pub place: Option<(FileId, Span, Span)>,
    /// Its name, where one is written.
    pub name: Option<Name>,
    /// Other names of it.
    pub aliases: Vec<Name>,
}

impl Defined {
    /// Where the id stands.
    pub fn location(&self) -> Option<Location> {
        self.place.map(|(file, span, _)| Location { file, span })
    }
}

/// An actor.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Where it is defined.
    pub defined: Defined,
    /// What people call it.
    pub name: SmolStr,
    /// Person, state, armed group …
    pub kind: Option<SmolStr>,
    /// What it is, as readers are told.
    pub role: Option<SmolStr>,
    /// Whose position its words are.
    pub speaks_for: Option<ActorId>,
    /// The end of the chain of `speaks_for`: itself, where it speaks for nobody.
    pub party: ActorId,
    /// Whether it publishes a source, and so speaks as an outlet.
    pub publishes: bool,
}

/// An event, a proposition or a series.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Where it is defined.
    pub defined: Defined,
    /// Which of the three.
    pub kind: SubjectKind,
    /// What people call it.
    pub name: SmolStr,
    /// Attack, talks, ceasefire …
    pub nature: Option<SmolStr>,
    /// When it happened, and where that is written.
    pub date: Option<Spanned<Period>>,
    /// Where it happened.
    pub place: Vec<PlaceId>,
    /// The larger events it belongs to.
    pub part_of: Vec<SubjectId>,
    /// Whether its parts are all of it.
    pub parts_complete: bool,
    /// Fellow parts it shares something with.
    pub overlaps: Vec<SubjectId>,
    /// Events it came after.
    pub after: Vec<SubjectId>,
    /// Actors whose position a reader would ask for.
    pub parties: Vec<ActorId>,
    /// Subjects it is easily mistaken for.
    pub apart_from: Vec<SubjectId>,
    /// Series: who publishes it.
    pub publisher: Option<ActorId>,
    /// Series: how it is counted.
    pub method: Option<SmolStr>,
    /// Series: where it is counted.
    pub territory: Option<SmolStr>,
    /// Series that count the same by another method.
    pub beside: Vec<SubjectId>,
}

/// A place or a term.
#[derive(Clone, Debug)]
pub struct Term<I> {
    /// Where it is defined.
    pub defined: Defined,
    /// What people call it.
    pub name: SmolStr,
    /// What it lies in or falls under.
    pub part_of: Vec<I>,
    /// What it cannot be at the same time, as written.
    pub excludes: Vec<I>,
}

/// Who is counted.
#[derive(Clone, Debug)]
pub struct Population {
    /// Where it is defined.
    pub defined: Defined,
    /// What people call it.
    pub name: SmolStr,
    /// The populations it is part of.
    pub part_of: Vec<PopulationId>,
    /// The populations nobody of it belongs to, as written.
    pub excludes: Vec<PopulationId>,
    /// Whether these edges are the desk's reading.
    pub inferred: bool,
}

/// What is counted or stated.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Where it is defined.
    pub defined: Defined,
    /// What people call it.
    pub name: SmolStr,
    /// How values are read.
    pub kind: MeasureType,
    /// How figures are read: whole, or with a unit.
    pub counting: Counting,
    /// Whether it counts people, and so has populations.
    pub of_people: bool,
    /// Whether a figure can only rise while it is counted.
    pub grows: bool,
    /// Whether a figure rises and falls, so that only figures of one day are compared.
    pub varies: bool,
    /// Days after an event's end from which figures are final; the workspace's where none.
    pub settles: Option<i32>,
    /// Whether a choice has one answer only.
    pub single: bool,
    /// What a choice may name.
    pub names: Vec<Names>,
    /// The steps of a scale, weakest first.
    pub steps: Vec<SmolStr>,
    /// The measures it is the sum of.
    pub sum_of: Vec<MeasureId>,
    /// How it is asked, with `{people}` for who is counted.
    pub asks: Option<SmolStr>,
}

/// One document claims are made in.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is defined.
    pub defined: Defined,
    /// Who published it.
    pub publisher: ActorId,
    /// When.
    pub published: Period,
    /// Whether its publisher or its date cannot be read; its claims then say nothing.
    pub broken: bool,
    /// Whether it was published after the day that is looked at.
    pub later: bool,
    /// Its title.
    pub title: Option<SmolStr>,
    /// Where it is to be found.
    pub url: Option<SmolStr>,
    /// Sources it draws on.
    pub cites: Vec<SourceId>,
    /// Admiralty code.
    pub reliability: Option<SmolStr>,
    /// The file name of an archived copy.
    pub text: Option<Name>,
    /// Its claims.
    pub claims: Run<u32>,
}

/// Who said something where; what was said is in the [`Answers`].
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its name within the source.
    pub name: SmolStr,
    /// The document it is made in.
    pub source: SourceId,
    /// Who asserts it.
    pub by: ActorId,
    /// Whose position that is.
    pub party: ActorId,
    /// Through whom the source has it, nearest first.
    pub via: Vec<ActorId>,
    /// When it was asserted.
    pub said: Period,
    /// The moment it describes.
    pub as_of: Period,
    /// Where in the source.
    pub at: Option<Locator>,
    /// In which part of the source.
    pub part: Part,
    /// How the source gives the words.
    pub form: Form,
    /// A few words of the source.
    pub words: Option<Name>,
    /// How sure the speaker says to be.
    pub certainty: Certainty,
    /// Whose words it reports second-hand.
    pub attributes_to: Option<ActorId>,
    /// Our own words on it.
    pub note: Option<SmolStr>,
    /// Rules and lints silenced on it.
    pub allow: Vec<Name>,
    /// What it does with other claims, where it is a response.
    pub response: Option<Response>,
    /// The claims it responds to.
    pub responds_to: Vec<ClaimId>,
    /// The value as written, ids joined by commas; empty where there is none of its own.
    pub written: SmolStr,
    /// Where its value stands, else its id.
    pub value_span: Span,
    /// Where `said` stands, if it is written.
    pub said_span: Option<Span>,
    /// Where its id stands.
    pub location: Location,
    /// From its id to the end of its body.
    pub span: Span,
    /// Whether something is missing or unreadable; a broken claim answers nothing.
    pub broken: bool,
    /// Whether it was said or published after the day that is looked at; it answers nothing then.
    pub later: bool,
}

impl Claim {
    /// The day by which claims are put in the order of time: the first on which it may have been said, or
    /// the last, where only that is known.
    pub fn said_on(&self) -> Day {
        self.said.first.or(self.said.last).unwrap_or(Day::MIN)
    }
}

/// What an id in a choice stands for.
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

/// An answer as read.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Nothing: a speaker who declines to answer.
    Unstated,
    /// A figure.
    Figure(Figure),
    /// A share of the figure of another population.
    Share(Share, PopulationId),
    /// A change against the figure of another period or subject.
    Change(Change, Base),
    /// A step of a scale: its range of steps, and the usual one. Steps count from 1; 0 is none of them.
    Step(Range, Range),
    /// Yes or no.
    YesNo(bool),
    /// Ids, sorted, each once; all of them together are the answer.
    Choice(Box<[ChoiceItem]>),
    /// A span of days.
    Days(Period),
}

/// What a change is measured against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Base {
    /// The same subject in another period.
    Period(Period),
    /// Another subject, in a period where it is a series.
    Subject(SubjectId, Option<Period>),
}

/// The answers to all questions, as columns in the order of questions, then of claims.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The question.
    pub question: Vec<QuestionId>,
    /// The claim.
    pub claim: Vec<ClaimId>,
    /// What the speaker does with the value.
    pub stance: Vec<Stance>,
    /// The value.
    pub value: Values,
    /// The claim whose value this is, where a response answers; else the claim itself.
    pub origin: Vec<ClaimId>,
    /// Whose position it is, as its claim says. These stand here as well so that what goes through all answers
    /// need not look up their claims, which stand in another order.
    pub party: Vec<ActorId>,
    /// How sure the speaker says to be.
    pub certainty: Vec<Certainty>,
    /// When it was asserted.
    pub said: Vec<Days>,
    /// The moment it describes.
    pub as_of: Vec<Days>,
}

/// From one day to another, as days since 1970; `i32::MIN` and `i32::MAX` where an end is open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Days {
    /// The first day.
    pub first: i32,
    /// The last day.
    pub last: i32,
}

impl Days {
    /// The days a date can mean.
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

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.claim.is_empty()
    }

    /// Makes room for exactly so many more answers.
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

/// What parties dispute: a subject, a measure, a population and a period.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// What it is about.
    pub subject: SubjectId,
    /// What is counted or stated.
    pub measure: MeasureId,
    /// Who is counted, where people are.
    pub population: Option<PopulationId>,
    /// The period, for a series.
    pub period: Option<Period>,
    /// Its answers.
    pub answers: Run<u32>,
}

/// A reviewer's decision.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its id.
    pub id: SmolStr,
    /// Where it stands.
    pub location: Location,
    /// The question as written.
    pub question_name: Name,
    /// The question, if any claim answers it.
    pub question: Option<QuestionId>,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub because: Option<Because>,
    /// What the reviewer stands by.
    pub figure: Option<SmolStr>,
    /// Our own words on it.
    pub note: Option<SmolStr>,
    /// Who decided.
    pub by: Option<SmolStr>,
    /// When.
    pub on: Option<Period>,
    /// Fingerprint of the claims that were reviewed.
    pub seen: Option<SmolStr>,
    /// What each of these claims said, by its full name.
    pub saw: Option<Vec<(SmolStr, SmolStr)>>,
}

impl Review {
    /// The order of the reviews of a question, of which the last counts: by day, and of one day by place, so that
    /// who decides again need only write below.
    pub fn order(&self) -> impl Ord + use<> {
        (self.on.and_then(|on| on.first), self.location)
    }
}

/// Readings of words, spans and grades of one workspace.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How vague words and qualifiers are read.
    pub conventions: Conventions,
    /// Days after an event's end from which its figures are final.
    pub settles: i32,
    /// Grades of rules: the rule, where it stands, and the grade or `off`.
    pub grades: Vec<(Name, Name)>,
    /// The file that holds the settings.
    pub file: Option<FileId>,
}

/// Resolves all documents. The model holds what could be resolved; the findings say what could not, so many of each
/// lint as [`Limit::default`] allows.
///
/// With `until`, claims said or published after that day are kept by name and answer nothing.
pub fn resolve(documents: &[(FileId, &Document)], until: Option<Day>) -> (Model, Vec<Finding>) {
    let mut findings = Collector::new(Limit::default());
    let model = resolve_part(documents, until, &NoGlobals, &mut findings);
    (model, findings.finish().findings)
}

/// Resolves documents that are part of a workspace, of which `elsewhere` knows the rest; what could not be resolved is
/// pushed to `findings`.
pub fn resolve_part(
    documents: &[(FileId, &Document)],
    until: Option<Day>,
    elsewhere: &dyn GlobalFacts,
    findings: &mut Collector,
) -> Model {
    let bearers = Bearers::new(documents, elsewhere);
    let mut definitions = definitions::resolve(documents, &bearers, findings);
    for id in definitions.sources.ids() {
        definitions.sources[id].later = is_later(&definitions.sources[id].published, until);
    }
    let drafts = claims::read(documents, &definitions, until, &bearers, findings);
    let mut model = claims::assemble(documents, definitions, drafts, until, elsewhere, findings);
    model.reviews.retain(|review| review.on.is_none_or(|on| !is_later(&on, until)));
    model
}

/// Whether a day, as it was given, lies after the one looked at.
fn is_later(period: &Period, until: Option<Day>) -> bool {
    until.is_some_and(|until| period.nominal_last().is_none_or(|last| last > until))
}

impl Model {
    /// The answers to a question.
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

    /// The measure a question asks for.
    pub fn measure_of(&self, question: QuestionId) -> &Measure {
        &self.measures[self.question(question).measure]
    }

    /// Everything a measure is the sum of, at whatever depth, without itself; a circle is walked once.
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

    /// What a name of a question stands for, whether or not anybody answers it.
    fn question_key(&self, name: &str) -> Option<claims::Key> {
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
        let in_periods = self.subjects[subject].kind == SubjectKind::Series;
        let fits =
            parts.next().is_none() && of_people == population.is_some() && in_periods == period.is_some();
        fits.then_some((subject, measure, population, period))
    }

    /// The review of a question that counts.
    pub fn latest_review(&self, question: QuestionId) -> Option<&Review> {
        let of_it = self.reviews.iter().filter(|review| review.question == Some(question));
        of_it.max_by_key(|review| review.order())
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

    /// Whether a claim is the outlet's own voice: its speaker published the source.
    pub fn is_own_voice(&self, claim: ClaimId) -> bool {
        let claim = self.claim(claim);
        claim.by == self.sources[claim.source].publisher
    }
}

impl Value {
    /// The hard and the usual range of an answer on a line: figures in thousandths, steps, days, 0 or 1.
    /// None for answers that are on no line.
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

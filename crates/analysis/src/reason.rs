//! Reasoning: finds the clashes, the sets of statements that cannot all hold.
//!
//! A question whose answers agree takes one pass; any other takes a sort. Pairs of answers are never listed.
//! Each clash is a smallest set that shows the problem, with its nature. Which rule reports it, and with
//! which grade, is decided in `rules`.

mod before_event;
mod choices;
mod clashes;
mod current;
mod dates;
mod denials;
mod dominance;
mod event_dates;
mod extremes;
mod joint;
mod occurrence;
mod spans;
mod statements;
pub mod sweep;
mod time;

use rayon::prelude::*;

use crate::finding::Gap;
use crate::graph::Graph;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, PopulationId, QuestionId, SubjectId};
use crate::model::{Base, ChoiceItem, Model};
use gainsay_reading::figure::Range;

pub use choices::{ChoiceAnswer, MarkedItems};
pub use joint::{Fact, JointQuantity, Link, Step};
pub use time::ValidDays;

/// The results of reasoning.
#[derive(Debug, Default)]
pub struct Reasoning {
    /// For each answer, the days for which its figure is compared.
    pub valid_days: Vec<ValidDays>,
    /// For each answer, whether it is still the position of its party: not superseded, not conditional and
    /// not a decline.
    pub current: Vec<bool>,
    /// All clashes, sorted by question.
    pub clashes: Vec<Clash>,
    /// Questions in components that were too large to search completely.
    pub unsearched: Vec<QuestionId>,
}

/// The content of a statement, in the form in which statements are compared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Content {
    /// A range: a figure, a step, a day, or yes or no. Also a denial that leaves one range.
    Interval {
        /// The hard range.
        hard: Range,
        /// The usual range.
        usual: Range,
    },
    /// A denial that leaves two ranges or none: the range that it denies.
    NotRange(Range),
    /// The entities of a choice; all of them together are the answer.
    Choice(Box<[ChoiceItem]>),
    /// A denial of a choice: none of these entities, and no part of them.
    NotChoice(Box<[ChoiceItem]>),
    /// A share or a change: a multiple of the answer to another question, in millionths.
    Ratio(Range, RatioBasis),
}

/// The basis of a share or a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RatioBasis {
    /// Another population.
    Population(PopulationId),
    /// Another period or subject.
    Base(Base),
}

/// The equal answers by one party to one question for the same days, with their witnesses.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The party that makes it.
    pub party: ActorId,
    /// Its content.
    pub content: Content,
    /// The days for which its figure is compared.
    pub days: ValidDays,
    /// Whether it denies something, by a response, a stance or a no.
    pub is_denial: bool,
    /// Whether it denies by a response or a stance. Such a denial holds no matter when it was said; a zero is
    /// a count of its day.
    pub is_outright: bool,
    /// Its answers, sorted by the day they were said, then by name.
    pub answers: Vec<AnswerId>,
    /// The answer by which it is named.
    pub(crate) main_answer: AnswerId,
    /// Whether some witness makes it without a hedge.
    pub certain: bool,
    /// Whether it is still the position of the party.
    pub current: bool,
}

impl Statement {
    /// The answer by which the statement is named: the first one without a hedge, or else the first one.
    pub fn main_answer(&self) -> AnswerId {
        self.main_answer
    }

    /// The hard range, if the content is a range.
    pub fn hard(&self) -> Option<Range> {
        match self.content {
            Content::Interval { hard, .. } => Some(hard),
            _ => None,
        }
    }
}

/// The nature of a clash: the first that fits, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Nature {
    /// A claim about an event that was made before it began.
    BeforeEvent,
    /// Exact figures that are the same number, rounded.
    Rounding,
    /// One party at different times.
    OverTime,
    /// One speaker, one day, several sources.
    Reports,
    /// One party at one time.
    Within,
    /// One party asserts what another denies.
    Denial,
    /// A later figure below an earlier one, while the toll may still grow.
    Drop,
    /// Figures for the same day that exclude each other, while the toll may still grow.
    Unsettled,
    /// Answers to a single choice, or steps of a scale.
    Answers,
    /// Days.
    Dates,
    /// Figures for the same thing from two series.
    Series,
    /// Shares or changes, and figures of other questions.
    Implied,
    /// A part above its whole.
    Part,
    /// Parts that add up to more or less than their whole, and any other clash across questions.
    Parts,
    /// Figures.
    Figures,
    /// Only the usual ranges exclude each other; the hard ranges overlap.
    Usual,
}

/// A smallest set of statements that cannot all hold, or, for [`Nature::Usual`], a misleading pair.
#[derive(Clone, Debug)]
pub struct Clash {
    /// The questions that it is about; it belongs to the first.
    pub questions: Vec<QuestionId>,
    /// The nature of the clash.
    pub nature: Nature,
    /// The statements that it names. Within a party they are in the order of time, otherwise in the order of
    /// answers.
    pub statements: Vec<Statement>,
    /// The claims of other statements that clash in the same way, sorted by name.
    pub also: Vec<ClaimId>,
    /// The gap between the outermost figures.
    pub gap: Option<Gap>,
    /// Whether it holds without hedged claims.
    pub certain: bool,
    /// For dates of different events, the events between the two, from the first claim's to the other's.
    pub through: Vec<SubjectId>,
    /// How a clash across questions follows from the claims.
    pub joint: Option<Box<Joint>>,
}

/// How a clash across questions follows from the claims, and what would resolve it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Joint {
    /// The steps from the claims to the clash.
    pub steps: Vec<Step>,
    /// For each claim, the value it would need for the clash to end if the others stay as they are. Any one
    /// of these resolves the clash.
    pub repairs: Vec<Repair>,
    /// Further sets of claims that clash with the claim named first in the same way.
    pub further: Vec<Vec<ClaimId>>,
    /// Whether it depends on the usual reading of a figure: a change stated together with `at least 36` is
    /// assumed to be calculated from 36.
    pub usual: bool,
}

/// The value that one claim would need for a clash to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repair {
    /// The answer.
    pub answer: AnswerId,
    /// Whether its low end would have to fall; otherwise its high end would have to rise.
    pub is_low: bool,
    /// The value: a figure in thousandths, or a share or a change in millionths of its basis.
    pub to: i64,
}

/// The number of questions that one thread takes at a time; with fewer, no other thread is started.
const MIN_PARALLEL_QUESTIONS: usize = 256;

/// Finds all clashes of a model.
pub fn run(model: &Model, graph: &Graph) -> Reasoning {
    let finality = time::Finality::new(model, graph);
    let valid_days = time::valid_days(model, &finality);
    let current = current::current(model, graph, &valid_days);
    let reader = statements::StatementReader { model, graph, valid_days: &valid_days, current: &current };
    let disputed: Vec<QuestionId> = model
        .question_ids()
        .collect::<Vec<_>>()
        .into_par_iter()
        .with_min_len(MIN_PARALLEL_QUESTIONS)
        .filter(|&q| !reader.is_clean(q))
        .collect();
    let mut clashes: Vec<Clash> = disputed
        .par_iter()
        .with_min_len(MIN_PARALLEL_QUESTIONS / 4)
        .flat_map_iter(|&question| clashes::within_question(&reader, question))
        .collect();
    let (across, unsearched) = joint::across_questions(&reader, finality);
    clashes.extend(across);
    clashes.extend(occurrence::clashes(&reader));
    clashes.extend(
        event_dates::EventDates::new(&reader)
            .iter()
            .flat_map(|days| [dates::clashes(days), before_event::clashes(days)].concat()),
    );
    clashes.sort_by(|a, b| {
        (&a.questions, a.nature, first_claim(model, a)).cmp(&(&b.questions, b.nature, first_claim(model, b)))
    });
    Reasoning { valid_days, current, clashes, unsearched }
}

fn first_claim(model: &Model, clash: &Clash) -> Option<ClaimId> {
    clash.statements.first().map(|statement| model.answers.claim[statement.main_answer().index()])
}

impl Reasoning {
    /// The clashes that belong to a question.
    pub fn clashes_of(&self, question: QuestionId) -> &[Clash] {
        let from = self.clashes.partition_point(|clash| clash.questions[0] < question);
        let to = self.clashes.partition_point(|clash| clash.questions[0] <= question);
        &self.clashes[from..to]
    }

    /// The superseded answers to a question, each with the answer of the same party that first replaced it.
    pub fn superseded(
        &self,
        model: &Model,
        graph: &Graph,
        question: QuestionId,
    ) -> Vec<(AnswerId, AnswerId)> {
        current::superseded(model, graph, &self.valid_days, question)
    }

    /// The statements on a question, including superseded ones, in the order of time.
    pub fn statements(&self, model: &Model, graph: &Graph, question: QuestionId) -> Vec<Statement> {
        statements::StatementReader { model, graph, valid_days: &self.valid_days, current: &self.current }
            .statements(question)
    }
}

/// Whether a statement denies what another asserts.
pub fn denies(graph: &Graph, denial: &Statement, other: &Statement) -> bool {
    denials::denies(graph, denial, other)
}

/// Whether an item is excluded by any other.
pub fn is_excluded_by_some(graph: &Graph, item: ChoiceItem) -> bool {
    match item {
        ChoiceItem::Place(id) => graph.places.is_excluded_by_some(id),
        ChoiceItem::Term(id) => graph.terms.is_excluded_by_some(id),
        ChoiceItem::Population(id) => graph.populations.is_excluded_by_some(id),
        ChoiceItem::Actor(_) | ChoiceItem::Event(_) => false,
    }
}

/// Whether two items exclude each other, so that nothing can be both.
pub fn is_apart(graph: &Graph, a: ChoiceItem, b: ChoiceItem) -> bool {
    choices::is_apart(graph, a, b)
}

//! What cannot hold together: statements on each question, swept for the answers that exclude each other.
//!
//! One question costs a fold where its answers agree, and a sort where they do not; pairs are never listed.
//! Each clash is the smallest set that shows it, with the nature of it; which rule it is told by, and how
//! gravely, is not known here.

mod apart;
mod choices;
mod clashes;
mod current;
mod dates;
mod days;
mod denials;
mod dominance;
mod early;
mod joint;
mod occurrence;
mod spans;
mod statements;
pub mod sweep;
mod time;

use rayon::prelude::*;

use crate::figure::Range;
use crate::finding::Gap;
use crate::graph::Graph;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, PopulationId, QuestionId, SubjectId};
use crate::model::{Base, ChoiceItem, Model};

pub use choices::{Answer, Marked};
pub use joint::{Fact, Link, Spot, Step};
pub use time::Slot;

/// What reasoning found out.
#[derive(Debug, Default)]
pub struct Reasoning {
    /// For each answer, the days at which its figure is compared.
    pub slots: Vec<Slot>,
    /// For each answer, whether it is still its party's position: not superseded, not conditional, no decline.
    pub current: Vec<bool>,
    /// Everything that cannot hold together, in the order of questions.
    pub clashes: Vec<Clash>,
    /// Questions around which not everything could be searched to the end: too much hangs together there.
    pub unsearched: Vec<QuestionId>,
}

/// What a statement says, in the form in which statements are compared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Said {
    /// An answer on a line: hard and usual range. Denials that leave a range are here as well.
    Line(Range, Range),
    /// A denial that leaves two ranges or none: what it denies.
    Not(Range),
    /// Ids, all of them together.
    Choice(Box<[ChoiceItem]>),
    /// None of these ids, nor any part of them.
    NotChoice(Box<[ChoiceItem]>),
    /// So many times what another question asks for, in millionths: a share or a change.
    Ratio(Range, Against),
}

/// What a share or a change is measured against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Against {
    /// Another population.
    Population(PopulationId),
    /// Another period or subject.
    Base(Base),
}

/// One answer of one party to one question, with all its witnesses.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Whose position it is.
    pub party: ActorId,
    /// What it says.
    pub said: Said,
    /// The days at which its figure is compared.
    pub slot: Slot,
    /// Whether it denies something, by a response, a stance or a no.
    pub is_denial: bool,
    /// Whether it denies by a response or a stance, and so holds whenever it was said; a zero is a count.
    pub is_outright: bool,
    /// Its answers: the one said first stands first, ties by name.
    pub answers: Vec<AnswerId>,
    /// The answer by which it is named.
    pub(crate) named: AnswerId,
    /// Whether some witness of it is without a hedge.
    pub certain: bool,
    /// Whether it is still the party's position.
    pub current: bool,
}

impl Statement {
    /// The answer by which the statement is named: the one said first without a hedge, else the one said
    /// first.
    pub fn first(&self) -> AnswerId {
        self.named
    }

    /// The hard range, where the statement is on a line.
    pub fn hard(&self) -> Option<Range> {
        match self.said {
            Said::Line(hard, _) => Some(hard),
            _ => None,
        }
    }
}

/// What sort of clash a set is: the first that fits, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Nature {
    /// Something asserted of an event before it began.
    Early,
    /// Exact figures that are one figure, rounded.
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
    /// Figures for one day that do not meet, while the toll may still grow.
    Unsettled,
    /// Answers to a single choice, or steps of a scale.
    Answers,
    /// Days.
    Dates,
    /// Figures of two series that stand beside each other.
    Series,
    /// Shares or changes, and figures of other questions.
    Implied,
    /// A part above its whole.
    Part,
    /// Parts that add up past their whole, or short of it; any other clash across questions.
    Parts,
    /// Figures.
    Figures,
    /// Usual ranges only: the hard ranges meet.
    Usual,
}

/// A set of statements that cannot all hold, or, for [`Nature::Usual`], that mislead about each other.
#[derive(Clone, Debug)]
pub struct Clash {
    /// The questions it touches; it belongs to the first.
    pub questions: Vec<QuestionId>,
    /// What sort of clash it is.
    pub nature: Nature,
    /// The statements named: every two of them clash. In the order of time within a party, else of answers.
    pub statements: Vec<Statement>,
    /// Further claims: other statements that clash as well, in the order of names.
    pub also: Vec<ClaimId>,
    /// How far apart the outermost figures are.
    pub gap: Option<Gap>,
    /// Whether it stands without claims that are only probable or possible.
    pub certain: bool,
    /// For dates of different events, the events it follows through, from the first claim's to the other's.
    pub through: Vec<SubjectId>,
    /// How a clash across questions comes about.
    pub joint: Option<Box<Joint>>,
}

/// How a clash across questions comes about, and what would end it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Joint {
    /// From the claims to the clash.
    pub steps: Vec<Step>,
    /// What each claim would have to reach, the others standing as they are: any one of these ends the clash.
    pub repairs: Vec<Repair>,
    /// Further sets of claims that the one named first clashes with in the same way.
    pub further: Vec<Vec<ClaimId>>,
    /// Whether it leans on how a figure is usually read: a change stated beside `at least 36` is taken to be
    /// worked out from 36.
    pub usual: bool,
}

/// How far one claim would have to give way to end a clash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repair {
    /// The answer.
    pub answer: AnswerId,
    /// Whether its least value would have to come down, else its greatest to go up.
    pub is_low: bool,
    /// How far: a figure in thousandths, a share or a change in millionths of what it is measured against.
    pub to: i64,
}

/// So many questions go at once: for fewer, no other thread is woken.
const AT_ONCE: usize = 256;

/// Reasons about every question of a model.
pub fn run(model: &Model, graph: &Graph) -> Reasoning {
    let settling = time::Settling::new(model, graph);
    let slots = time::slots(model, &settling);
    let current = current::current(model, graph, &slots);
    let reader = statements::Reader { model, graph, slots: &slots, current: &current };
    let disputed: Vec<QuestionId> = model
        .question_ids()
        .collect::<Vec<_>>()
        .into_par_iter()
        .with_min_len(AT_ONCE)
        .filter(|&q| !reader.is_clean(q))
        .collect();
    let mut clashes: Vec<Clash> = disputed
        .par_iter()
        .with_min_len(AT_ONCE / 4)
        .flat_map_iter(|&question| clashes::within_question(&reader, question))
        .collect();
    let (across, unsearched) = joint::across_questions(&reader, settling);
    clashes.extend(across);
    clashes.extend(occurrence::clashes(&reader));
    clashes.extend(
        days::Days::new(&reader)
            .iter()
            .flat_map(|days| [dates::clashes(days), early::clashes(days)].concat()),
    );
    clashes.sort_by(|a, b| {
        (&a.questions, a.nature, first_claim(model, a)).cmp(&(&b.questions, b.nature, first_claim(model, b)))
    });
    Reasoning { slots, current, clashes, unsearched }
}

fn first_claim(model: &Model, clash: &Clash) -> Option<ClaimId> {
    clash.statements.first().map(|statement| model.answers.claim[statement.first().index()])
}

impl Reasoning {
    /// The clashes that belong to a question.
    pub fn clashes_of(&self, question: QuestionId) -> &[Clash] {
        let from = self.clashes.partition_point(|clash| clash.questions[0] < question);
        let to = self.clashes.partition_point(|clash| clash.questions[0] <= question);
        &self.clashes[from..to]
    }

    /// The superseded answers to a question, each with the answer of its party that first took its place.
    pub fn superseded(
        &self,
        model: &Model,
        graph: &Graph,
        question: QuestionId,
    ) -> Vec<(AnswerId, AnswerId)> {
        current::superseded(model, graph, &self.slots, question)
    }

    /// The statements on a question, superseded ones included, in the order of time.
    pub fn statements(&self, model: &Model, graph: &Graph, question: QuestionId) -> Vec<Statement> {
        statements::Reader { model, graph, slots: &self.slots, current: &self.current }.statements(question)
    }
}

/// Whether a statement denies what another asserts.
pub fn denies(graph: &Graph, denial: &Statement, other: &Statement) -> bool {
    denials::denies(graph, denial, other)
}

/// Whether anything at all excludes an item.
pub fn is_excluded_by_some(graph: &Graph, item: ChoiceItem) -> bool {
    match item {
        ChoiceItem::Place(id) => graph.places.is_excluded_by_some(id),
        ChoiceItem::Term(id) => graph.terms.is_excluded_by_some(id),
        ChoiceItem::Population(id) => graph.populations.is_excluded_by_some(id),
        ChoiceItem::Actor(_) | ChoiceItem::Event(_) => false,
    }
}

/// Whether nothing can be both of two items.
pub fn is_apart(graph: &Graph, a: ChoiceItem, b: ChoiceItem) -> bool {
    choices::is_apart(graph, a, b)
}

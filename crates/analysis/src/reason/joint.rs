//! Conflicts across questions: sets of claims that cannot all hold, even if every two of them can.
//!
//! # Constraints
//!
//! The unknowns are *quantities*. A quantity is the number that one question asks for, for example the civilians
//! killed in one event. Each claim gives a quantity a lowest value, a highest value, or a ratio to another quantity.
//! These constraints connect quantities:
//!
//! - A whole is at least the sum of its parts that exclude each other. It is exactly the sum of its parts if they are
//!   declared to be complete. Parts and wholes are events or populations.
//! - A measure that is defined as a sum is exactly the sum of its summands: casualties are killed plus injured.
//! - A toll never falls from one day to the next.
//! - A share or a change bounds one quantity by a multiple of another.
//!
//! Quantities that are connected by constraints form a *component*. Components are searched independently and in
//! parallel.
//!
//! # How a component is searched
//!
//! 1. [`propagate`] carries low bounds from parts to wholes. The sum of the low bounds of parts is a low bound of
//!    their whole. If it is above a claimed high bound, the claims behind the sum and the high bound are in conflict.
//!    Only the largest parts are kept, as many as are needed to pass the high bound.
//! 2. [`needs_exact`] decides whether this is enough. It is not if there are exact sums, shares, changes, or
//!    remainders of a population that matter.
//! 3. If it is not enough, [`exact`] tests all constraints together. Few claims are tested by the [`simplex`] method,
//!    which returns the claims that it used to show that the constraints cannot hold. For many claims,
//!    [`elimination`] first bounds one variable after another by the others.
//! 4. [`shrink`] makes the resulting set as small as possible: it removes one claim at a time, or half of the claims
//!    if there are many, and keeps the smaller set if it still cannot hold.
//! 5. [`exact_search`] then disables one bound of the conflict and starts again with step 3, until the rest can hold.
//!
//! [`clash`] turns each conflict into a [`Clash`], and [`steps`] explains it as a list of small sums. [`series`]
//! compares different series that count the same thing.
//!
//! # Limit of work
//!
//! Each component has a [`work::WorkBudget`]. It counts steps, not time, so that the result does not depend on the
//! machine. A step looks at one number, such as a term of a constraint or a bound of a claim. The size of the budget
//! depends only on the number of claims. When the budget of a component is used up, its search stops, the clashes
//! found so far are kept, and one question of the component is listed as not completely searched.

mod bounds;
mod clash;
mod cliques;
mod component;
mod elimination;
mod exact;
mod exact_search;
mod needs_exact;
mod network;
mod propagate;
mod search;
mod series;
mod shrink;
mod simplex;
mod steps;
mod system;
#[cfg(test)]
mod tests;
mod units;
mod work;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Clash;
use super::statements::StatementReader;
use super::time::Finality;
use crate::document::MeasureType;
use crate::id::{Id as _, MeasureId, QuestionId, SubjectId};
use crate::model::{Base, Question, Value};
use component::Component;
use gainsay_reading::period::Period;
use network::Entities;
use units::DisjointSets;

pub use steps::{Fact, JointQuantity, Link, Step};

/// A fraction of 128-bit numbers. Its arithmetic is checked, because a long chain of shares can overflow it.
type Rational = num_rational::Ratio<i128>;

/// Returns the clashes across questions, and one question of each component that was not completely searched.
pub(super) fn across_questions(
    reader: &StatementReader<'_>,
    finality: Finality,
) -> (Vec<Clash>, Vec<QuestionId>) {
    let mut entities = Entities::new(reader.model, reader.graph, finality);
    let groups = connected_questions(reader, &entities);
    entities.divide_free_quantities(groups.len());
    let components: Vec<Component<'_>> =
        groups.par_iter().filter_map(|questions| Component::new(reader, &entities, questions)).collect();
    let (clashes, is_done): (Vec<_>, Vec<_>) = components.par_iter().map(clashes_in).unzip();
    let mut clashes: Vec<Clash> = clashes.into_iter().flatten().collect();
    clashes.extend(series::clashes(reader, &entities, &components));
    let unsearched = components
        .iter()
        .zip(is_done)
        .filter(|(component, is_done)| !is_done || component.work.is_spent())
        .filter_map(|(component, _)| component.question())
        .collect();
    (clashes, unsearched)
}

/// The clashes in one component, and whether the budget was enough to find and explain all of them.
///
/// Each stage has the full budget: the search, the explanations, and later the comparison of series.
fn clashes_in(component: &Component<'_>) -> (Vec<Clash>, bool) {
    let result = component.search();
    let is_searched = !result.unsearched && !component.work.is_spent();
    component.work.refill();
    let (clashes, is_explained) = clash::clashes(component, &result);
    component.work.refill();
    (clashes, is_searched && is_explained)
}

/// Questions that are always in the same component: the tree of the event, the measure and the period.
type QuestionGroup = (u32, MeasureId, Option<Period>);

/// Groups the questions that ask for figures by component. They are connected by parts and wholes of events, by sums of
/// measures that somebody answers, by shares, and by changes from one period or subject to another. A group of one
/// question without a share or a change is left out, unless its series is compared with another series.
fn connected_questions(reader: &StatementReader<'_>, entities: &Entities<'_>) -> Vec<Vec<QuestionId>> {
    let model = reader.model;
    let mut asked: Vec<(QuestionGroup, QuestionId)> = Vec::new();
    let mut sums: Vec<(QuestionGroup, QuestionGroup)> = Vec::new();
    let mut ratios: Vec<(QuestionGroup, QuestionGroup)> = Vec::new();
    for id in model.question_ids() {
        let Question { subject, measure, period, .. } = *model.question(id);
        let is_figure = matches!(model.measures[measure].kind, MeasureType::Count | MeasureType::Amount);
        if !is_figure || model.answers_to(id).len() == 0 {
            continue;
        }
        let tree = |subject: SubjectId| entities.units.tree[subject.index()];
        let own = (tree(subject), measure, period);
        if !model.measures[measure].sum_of.is_empty() {
            sums.extend(model.summands(measure).into_iter().map(|part| (own, (own.0, part, period))));
        }
        asked.push((own, id));
        for answer in model.answers_to(id) {
            match &model.answers.value[answer.index()] {
                Value::Change(_, Base::Period(of)) => ratios.push((own, (own.0, measure, Some(*of)))),
                Value::Change(_, Base::Subject(of, period)) => {
                    ratios.push((own, (tree(*of), measure, *period)));
                }
                Value::Share(..) => ratios.push((own, own)),
                _ => {}
            }
        }
    }
    asked.sort_unstable();
    let links = || sums.iter().chain(&ratios);
    let mut groups: Vec<QuestionGroup> =
        asked.iter().map(|(group, _)| *group).chain(links().flat_map(|&(own, base)| [own, base])).collect();
    groups.sort_unstable();
    groups.dedup();
    let index = |group: &QuestionGroup| groups.binary_search(group).unwrap_or(0);
    let mut sets = DisjointSets::new(groups.len());
    for (own, base) in links() {
        sets.join(index(own), index(base));
    }
    let mut by_root: Vec<(usize, QuestionId)> =
        asked.iter().map(|(group, id)| (sets.root(index(group)), *id)).collect();
    by_root.sort_unstable();
    let with_ratios: FxHashSet<usize> = ratios.iter().map(|(own, _)| sets.root(index(own))).collect();
    by_root
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|set| {
            let is_compared = || entities.is_on_beside_series(model.question(set[0].1));
            set.len() > 1 || with_ratios.contains(&set[0].0) || is_compared()
        })
        .map(|set| set.iter().map(|(_, id)| *id).collect())
        .collect()
}

//! Sets of claims across questions that cannot hold together, though every two of them may.
//!
//! The constraints: a whole is at least the sum of its parts that exclude one another, and exactly that if they are all
//! of it; a sum of measures is the sum of its summands; a toll never falls from day to day; a share or a change bounds
//! one quantity by a multiple of another. Each claim is a least value, a greatest value, or a share or change.
//!
//! First each least value is carried up, from parts to wholes (`pass`). Where it passes a greatest value, the claims
//! behind it clash. For sums that are exact, shares and changes a test of all constraints follows (`exact`): by the
//! simplex method for few claims, and for many by eliminating one quantity after another (`elimination`). Of a set that
//! clashes, claims are taken away as long as the others still clash (`shrink`). Shares and changes of the same value are one
//! constraint, found once and named for each party (`complete`).
//!
//! Every step is counted against a limit that depends on the number of claims only (`work`). Where a part of the
//! workspace uses it up, the search stops, and the report names a question of that part.

mod cliques;
mod complete;
mod elimination;
mod ends;
mod exact;
mod gate;
mod network;
mod part;
mod pass;
mod search;
mod series;
mod shrink;
mod simplex;
mod steps;
mod system;
#[cfg(test)]
mod tests;
mod told;
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
use gainsay_reading::period::Period;
use network::Frame;
use part::Part;
use units::Groups;

pub use steps::{Fact, Link, Spot, Step};

/// The clashes across questions. Where the search used up its limit of work, one question of that part is listed too.
pub(super) fn across_questions(
    reader: &StatementReader<'_>,
    finality: Finality,
) -> (Vec<Clash>, Vec<QuestionId>) {
    let mut frame = Frame::new(reader.model, reader.graph, finality);
    let parts = parts(reader, &frame);
    frame.share_cells(parts.len());
    let parts: Vec<Part<'_>> =
        parts.par_iter().filter_map(|questions| Part::new(reader, &frame, questions)).collect();
    let (clashes, is_done): (Vec<_>, Vec<_>) = parts.par_iter().map(clashes_in).unzip();
    let mut clashes: Vec<Clash> = clashes.into_iter().flatten().collect();
    clashes.extend(series::clashes(reader, &frame, &parts));
    let unsearched = parts.iter().zip(is_done).filter(|(part, is_done)| !is_done || part.work.is_spent());
    let questions = unsearched.filter_map(|(part, _)| part.question()).collect();
    (clashes, questions)
}

/// The clashes in one part, and whether the work was enough to find and to show them all.
///
/// Each stage has the whole limit of work: the search, the explanations, and later the comparison with other series.
fn clashes_in(part: &Part<'_>) -> (Vec<Clash>, bool) {
    let findings = part.search();
    let is_searched = !findings.unsearched && !part.work.is_spent();
    part.work.renew();
    let (clashes, is_told) = told::clashes(part, &findings);
    part.work.renew();
    (clashes, is_searched && is_told)
}

/// The tree of events, the measure and the period of a question.
type Place = (u32, MeasureId, Option<Period>);

/// The questions on figures, those that hang together in one list: by parts and wholes of events, by sums of
/// measures that somebody is asked for, by changes from one period or subject to another.
fn parts(reader: &StatementReader<'_>, frame: &Frame<'_>) -> Vec<Vec<QuestionId>> {
    let model = reader.model;
    let mut asked: Vec<(Place, QuestionId)> = Vec::new();
    let mut sums: Vec<(Place, Place)> = Vec::new();
    let mut ratios: Vec<(Place, Place)> = Vec::new();
    for id in model.question_ids() {
        let Question { subject, measure, period, .. } = *model.question(id);
        let is_figure = matches!(model.measures[measure].kind, MeasureType::Count | MeasureType::Amount);
        if !is_figure || model.answers_to(id).len() == 0 {
            continue;
        }
        let tree = |subject: SubjectId| frame.units.tree[subject.index()];
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
    let mut places: Vec<Place> =
        asked.iter().map(|(place, _)| *place).chain(links().flat_map(|&(own, base)| [own, base])).collect();
    places.sort_unstable();
    places.dedup();
    let at = |place: &Place| places.binary_search(place).unwrap_or(0);
    let mut groups = Groups::new(places.len());
    for (own, base) in links() {
        groups.join(at(own), at(base));
    }
    let mut told: Vec<(usize, QuestionId)> =
        asked.iter().map(|(place, id)| (groups.root(at(place)), *id)).collect();
    told.sort_unstable();
    let by_ratio: FxHashSet<usize> = ratios.iter().map(|(own, _)| groups.root(at(own))).collect();
    told.chunk_by(|a, b| a.0 == b.0)
        .filter(|part| {
            let alone = || frame.stands_beside(model.question(part[0].1));
            part.len() > 1 || by_ratio.contains(&part[0].0) || alone()
        })
        .map(|part| part.iter().map(|(_, id)| *id).collect())
        .collect()
}

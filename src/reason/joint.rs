//! Sets of claims across questions that cannot hold together, though every two of them may.
//!
//! Low ends go up from parts to wholes: from populations to those they are part of, from events to larger ones,
//! from summands to sums, from day to day. Where one passes a claimed high end, something clashes, and the sum
//! knows the claims it came from. For everything but complete parts, sums of measures, shares and changes that
//! is exact in one pass; for those an exact test follows.

mod cliques;
mod ends;
mod exact;
mod gate;
mod network;
mod pass;
mod search;
mod series;
mod simplex;
mod steps;
mod system;
mod told;
mod units;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Clash;
use super::statements::Reader;
use super::time::Settling;
use crate::document::MeasureType;
use crate::id::{Id as _, MeasureId, QuestionId, SubjectId};
use crate::model::{Base, Question, Value};
use crate::period::Period;
use network::Frame;
use search::Part;
use units::Groups;

pub use steps::{Fact, Link, Spot, Step};

/// The clashes across questions, and questions around which not everything could be searched to the end.
pub(super) fn across_questions(reader: &Reader<'_>, settling: Settling) -> (Vec<Clash>, Vec<QuestionId>) {
    let mut frame = Frame::new(reader.model, reader.graph, settling);
    let parts = parts(reader, &frame);
    frame.share_cells(parts.len());
    let parts: Vec<Part<'_>> =
        parts.par_iter().filter_map(|questions| Part::new(reader, &frame, questions)).collect();
    let search = |part: &Part<'_>| {
        let findings = part.search();
        let unsearched = findings.unsearched.then(|| part.question()).flatten();
        (told::clashes(part, &findings), unsearched)
    };
    let (clashes, unsearched): (Vec<_>, Vec<_>) = parts.par_iter().map(search).unzip();
    let mut clashes: Vec<Clash> = clashes.into_iter().flatten().collect();
    clashes.extend(series::clashes(reader, &frame, &parts));
    (clashes, unsearched.into_iter().flatten().collect())
}

/// The tree of events, the measure and the period of a question.
type Place = (u32, MeasureId, Option<Period>);

/// The questions on figures, those that hang together in one list: by parts and wholes of events, by sums of
/// measures that somebody is asked for, by changes from one period or subject to another.
fn parts(reader: &Reader<'_>, frame: &Frame<'_>) -> Vec<Vec<QuestionId>> {
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

//! A set that clashes as a clash: its statements, what sort of clash it is, what would do as well in it.

use num_traits::{CheckedDiv as _, CheckedMul as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::ends::End;
use super::search::{Findings, Found, Part};
use super::steps::{self, Number, Step, reach};
use crate::figure::{ONE, OPEN, WHOLE};
use crate::finding::Gap;
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::Value;
use crate::reason::{Clash, Joint, Nature, Repair, Statement};

/// Sets with more shares and changes than this are told without what these would have to be.
const RATIOS_MENDED: usize = 8;

/// The clashes of a part, in the order in which they were found.
pub(super) fn clashes(part: &Part<'_>, findings: &Findings) -> Vec<Clash> {
    let mut teller = Teller { part, statements: FxHashMap::default(), by_cell: FxHashMap::default() };
    if !findings.found.is_empty() {
        for (at, end) in part.ends.iter().enumerate() {
            teller.by_cell.entry((end.cell, end.is_low)).or_default().push(at as u32);
        }
    }
    // Sets of other witnesses of the same statements are told once.
    let mut told: FxHashSet<Vec<AnswerId>> = FxHashSet::default();
    let mut clashes: Vec<Clash> = findings.found.iter().filter_map(|found| teller.clash(found)).collect();
    clashes.retain(|clash| {
        let mut named: Vec<AnswerId> = clash.statements.iter().map(Statement::first).collect();
        named.sort_unstable();
        told.insert(named)
    });
    clashes
}

/// The statement an answer belongs to.
pub(super) fn statement(part: &Part<'_>, answer: AnswerId) -> Option<Statement> {
    let question = part.reader.model.answers.question[answer.index()];
    holding(&part.reader.statements(question), answer)
}

fn holding(statements: &[Statement], answer: AnswerId) -> Option<Statement> {
    statements.iter().find(|statement| statement.answers.contains(&answer)).cloned()
}

struct Teller<'p> {
    part: &'p Part<'p>,
    statements: FxHashMap<QuestionId, Vec<Statement>>,
    /// The ends of each cell, low and high apart.
    by_cell: FxHashMap<(u32, bool), Vec<u32>>,
}

impl Teller<'_> {
    fn clash(&mut self, found: &Found) -> Option<Clash> {
        let part = self.part;
        let end = |at: u32| part.ends[at as usize];
        let broken = end(found.broken);
        let mut answers = vec![broken.answer];
        let mut others: Vec<u32> = found.set.ends.iter().copied().filter(|&at| at != found.broken).collect();
        others.sort_by_key(|&at| {
            (end(at).is_low != broken.is_low, std::cmp::Reverse(end(at).value), part.in_time(at))
        });
        answers.extend(others.iter().map(|&at| end(at).answer));
        answers.extend(found.set.ratios.iter().map(|&at| part.ratios[at as usize].answer));
        let mut seen = FxHashSet::default();
        answers.retain(|&answer| seen.insert(answer));
        let nature = self.nature(found, &answers);
        if nature == Nature::Denial {
            answers.reverse();
        }
        let statements: Vec<Statement> =
            answers.iter().map(|&answer| self.statement(answer)).collect::<Option<_>>()?;
        let questions = self.questions(broken.answer, &answers);
        let certain = statements.iter().all(|statement| statement.certain);
        let joint = Joint {
            steps: self.steps(found),
            repairs: self.repairs(found),
            further: found.further.iter().map(|lows| self.claims(lows)).collect(),
            usual: part.is_usual(found),
        };
        Some(Clash {
            also: self.also(found, &statements),
            gap: Some(gap(found, broken)).filter(|_| nature != Nature::Denial),
            joint: Some(Box::new(joint)),
            through: Vec::new(),
            questions,
            nature,
            statements,
            certain,
        })
    }

    /// The statement an answer belongs to.
    fn statement(&mut self, answer: AnswerId) -> Option<Statement> {
        let reader = self.part.reader;
        let question = reader.model.answers.question[answer.index()];
        let statements = self.statements.entry(question).or_insert_with(|| reader.statements(question));
        holding(statements, answer)
    }

    /// The question whose bounds cross, then the others.
    fn questions(&self, broken: AnswerId, answers: &[AnswerId]) -> Vec<QuestionId> {
        let of = |answer: AnswerId| self.part.reader.model.answers.question[answer.index()];
        let mut others: Vec<QuestionId> =
            answers.iter().map(|&answer| of(answer)).filter(|&question| question != of(broken)).collect();
        others.sort_unstable();
        others.dedup();
        others.insert(0, of(broken));
        others
    }

    fn nature(&self, found: &Found, answers: &[AnswerId]) -> Nature {
        if self.is_rounding(found) {
            return Nature::Rounding;
        }
        let broken = self.part.ends[found.broken as usize];
        let parties: FxHashSet<_> = answers.iter().map(|&answer| self.part.claim(answer).party).collect();
        match (found.set.ratios.as_slice(), answers.len()) {
            ([], 2) if !broken.is_low && broken.value == 0 && parties.len() > 1 => Nature::Denial,
            ([], 2) => Nature::Part,
            ([], _) => Nature::Parts,
            _ => Nature::Implied,
        }
    }

    /// Whether the gap is within the rounding of one of the figures, and small beside it.
    fn is_rounding(&self, found: &Found) -> bool {
        let model = self.part.reader.model;
        found.set.ends.iter().zip(&found.gives).any(|(&at, &give)| {
            let end = self.part.ends[at as usize];
            let Value::Figure(figure) = &model.answers.value[end.answer.index()] else { return false };
            // The fewest parts that pass a whole pass it by little, however far all of them do.
            let apart = i128::from(give.max(found.excess));
            let larger = i128::from(end.value) + if end.is_low { 0 } else { apart };
            figure.hard.is_exact()
                && apart * 2 <= i128::from(figure.step)
                && apart * 20 <= larger
                && figure.step > ONE
        })
    }

    fn steps(&self, found: &Found) -> Vec<Step> {
        let plain = steps::steps(self.part, found, false);
        if plain.is_empty() { steps::steps(self.part, found, true) } else { plain }
    }

    /// What each end would have to reach for the set to hold.
    fn repairs(&self, found: &Found) -> Vec<Repair> {
        let repair = |(&at, &give): (&u32, &i64)| {
            let end = self.part.ends[at as usize];
            let to = if end.is_low { end.value.saturating_sub(give) } else { end.value.saturating_add(give) };
            Repair { answer: end.answer, is_low: end.is_low, to }
        };
        let mut repairs: Vec<Repair> = found.set.ends.iter().zip(&found.gives).map(repair).collect();
        // Each takes the others to be carried anew; of a long chain every link could give way as well.
        if found.set.ratios.len() <= RATIOS_MENDED {
            repairs.extend(found.set.ratios.iter().filter_map(|&at| self.repair_of_ratio(found, at)));
        }
        repairs.sort_by_key(|repair| {
            (repair.answer != self.part.ends[found.broken as usize].answer, repair.answer)
        });
        repairs
    }

    /// What a share or a change would have to be: the quotient of what the others make of its two quantities.
    fn repair_of_ratio(&self, found: &Found, at: u32) -> Option<Repair> {
        let part = self.part;
        let ratio = part.ratios[at as usize];
        let mut others = found.set.clone();
        others.ratios.retain(|&other| other != at);
        let reached = reach(part, &others);
        let end = |cell: u32, is_low: bool| {
            let key = part.network.cells[cell as usize];
            reached
                .iter()
                .find(|reached| reached.key == key && reached.is_low == is_low)
                .map(|reached| reached.value)
        };
        let times = |own: Option<Number>, base: Option<Number>| {
            let quotient = own?.checked_div(&base?)?.checked_mul(&Number::from_integer(WHOLE.into()))?;
            Some((quotient.round().to_integer(), quotient))
        };
        let to = |value: i128| i64::try_from(value).ok();
        if let Some((value, exact)) = times(end(ratio.own, false), end(ratio.base, true))
            && exact < Number::from_integer(ratio.low.into())
        {
            return Some(Repair { answer: ratio.answer, is_low: true, to: to(value)? });
        }
        let (value, exact) = times(end(ratio.own, true), end(ratio.base, false))?;
        let passes = ratio.high != OPEN && exact > Number::from_integer(ratio.high.into());
        passes.then_some(Repair { answer: ratio.answer, is_low: false, to: to(value)? })
    }

    /// Further claims: other witnesses, ends that would do as well, and what the same claims break besides.
    fn also(&self, found: &Found, statements: &[Statement]) -> Vec<ClaimId> {
        let model = self.part.reader.model;
        let claim = |answer: AnswerId| model.answers.claim[answer.index()];
        let named: FxHashSet<ClaimId> = statements.iter().map(|statement| claim(statement.first())).collect();
        let witnesses =
            statements.iter().flat_map(|statement| &statement.answers).map(|&answer| claim(answer));
        let mut also: Vec<ClaimId> = witnesses.collect();
        also.extend(self.claims(&found.echoes));
        let is_sum = self.is_sum(found);
        for (&at, &give) in found.set.ends.iter().zip(&found.gives) {
            also.extend(if is_sum { self.as_well(found, at, give) } else { self.as_tight(at) });
        }
        also.sort_unstable();
        also.dedup();
        also.retain(|claim| !named.contains(claim));
        also
    }

    /// Whether the set is a sum of low ends against one high end.
    fn is_sum(&self, found: &Found) -> bool {
        let ends = found.set.ends.iter().map(|&at| self.part.ends[at as usize]);
        found.set.ratios.is_empty() && ends.filter(|end| !end.is_low).count() == 1
    }

    /// The claims whose ends could stand in the place of one that has to give way by `give`, in a sum.
    fn as_well(&self, found: &Found, at: u32, give: i64) -> Vec<ClaimId> {
        let end = self.part.ends[at as usize];
        let days = found.set.ends.iter().map(|&at| self.part.ends[at as usize]);
        // A low end binds from its day on, a high end up to its day.
        let last = days.clone().filter(|end| !end.is_low).map(|end| end.day).min().unwrap_or(end.day);
        let first = days.filter(|end| end.is_low).map(|end| end.day).max().unwrap_or(end.day);
        self.beside(end, |other| {
            if end.is_low {
                other.day <= last.max(end.day) && other.value > end.value.saturating_sub(give)
            } else {
                other.day >= first.min(end.day) && other.value < end.value.saturating_add(give)
            }
        })
    }

    /// The claims whose ends bind as tightly as one and on all of its days: of what was found by the exact test
    /// these surely do as well.
    fn as_tight(&self, at: u32) -> Vec<ClaimId> {
        let end = self.part.ends[at as usize];
        self.beside(end, |other| {
            if end.is_low {
                other.day <= end.day && other.value >= end.value
            } else {
                other.day >= end.day && other.value <= end.value
            }
        })
    }

    /// The claims with an end of the same cell that does.
    fn beside(&self, end: End, does: impl Fn(&End) -> bool) -> Vec<ClaimId> {
        let beside = self.by_cell.get(&(end.cell, end.is_low)).map_or(&[][..], Vec::as_slice);
        let fitting: Vec<u32> =
            beside.iter().copied().filter(|&other| does(&self.part.ends[other as usize])).collect();
        self.claims(&fitting)
    }

    fn claims(&self, ends: &[u32]) -> Vec<ClaimId> {
        let model = self.part.reader.model;
        let claim = |&at: &u32| model.answers.claim[self.part.ends[at as usize].answer.index()];
        let mut claims: Vec<ClaimId> = ends.iter().map(claim).collect();
        claims.sort_unstable();
        claims.dedup();
        claims
    }
}

/// By how much the broken end is passed.
fn gap(found: &Found, broken: End) -> Gap {
    let place = found.set.ends.iter().position(|&at| at == found.broken);
    let give = place.map_or(0, |at| found.gives[at]);
    if broken.is_low {
        Gap::between(broken.value.saturating_sub(give), broken.value)
    } else {
        Gap::between(broken.value, broken.value.saturating_add(give))
    }
}

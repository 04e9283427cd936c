//! A set that clashes as a clash: its statements, what sort of clash it is, what would do as well in it.

use num_traits::{CheckedDiv as _, CheckedMul as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::ends::End;
use super::part::Part;
use super::search::{Findings, Found};
use super::steps::{self, Number, Reach, Step};
use crate::finding::Gap;
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::Value;
use crate::reason::{Clash, Joint, Nature, Repair, Statement};
use gainsay_reading::figure::{ONE, OPEN, WHOLE};

/// Sets with more shares and changes than this are told without what these would have to be.
const RATIOS_MENDED: usize = 8;

/// The clashes of a part, in the order in which they were found, and whether everything about them could be told.
pub(super) fn clashes(part: &Part<'_>, findings: &Findings) -> (Vec<Clash>, bool) {
    let mut teller = Teller { part, statements: Statements::default() };
    // Sets of other witnesses of the same statements are told once.
    let mut told: FxHashSet<Vec<AnswerId>> = FxHashSet::default();
    let mut clashes = Vec::new();
    let mut is_whole = true;
    for found in &findings.found {
        let Some(statements) = teller.named(found) else { continue };
        let answers = statements.iter().map(|statement| statement.answers.len()).sum();
        if part.work.spend(answers).is_none() && answers > MAX_ANSWERS {
            is_whole = false;
            continue;
        }
        let mut named: Vec<AnswerId> = statements.iter().map(Statement::main_answer).collect();
        named.sort_unstable();
        if told.insert(named) {
            clashes.push(teller.clash(found, statements));
        }
    }
    (clashes, is_whole && !part.work.is_spent())
}

/// When no work is left, clashes of more answers than this are left out.
const MAX_ANSWERS: usize = 100;

/// The statements on the questions asked for so far, each found by its answers.
#[derive(Default)]
pub(super) struct Statements {
    of: FxHashMap<QuestionId, (Vec<Statement>, FxHashMap<AnswerId, usize>)>,
}

impl Statements {
    /// The statement an answer belongs to.
    pub(super) fn of(&mut self, part: &Part<'_>, answer: AnswerId) -> Option<&Statement> {
        let reader = part.reader;
        let question = reader.model.answers.question[answer.index()];
        let (statements, places) = self.of.entry(question).or_insert_with(|| {
            let statements = reader.statements(question);
            let of = |(at, statement): (usize, &Statement)| {
                statement.answers.iter().map(|&answer| (answer, at)).collect::<Vec<_>>()
            };
            let places = statements.iter().enumerate().flat_map(of).collect();
            (statements, places)
        });
        statements.get(*places.get(&answer)?)
    }
}

struct Teller<'p> {
    part: &'p Part<'p>,
    statements: Statements,
}

/// The cost of listing and showing one further claim.
const STEPS_TO_LIST: usize = 20;

impl Teller<'_> {
    /// The statements of a set: the one that is broken, then the others, shares and changes last.
    fn named(&mut self, found: &Found) -> Option<Vec<Statement>> {
        let part = self.part;
        let answers = self.answers(found);
        let statements = answers.into_iter().map(|answer| self.statements.of(part, answer).cloned());
        let mut statements = statements.collect::<Option<Vec<_>>>()?;
        if self.nature(found, &self.answers(found)) == Nature::Denial {
            statements.reverse();
        }
        Some(statements)
    }

    fn answers(&self, found: &Found) -> Vec<AnswerId> {
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
        answers
    }

    /// A clash; without its steps, and without further claims, if there is not enough work left for them.
    fn clash(&self, found: &Found, statements: Vec<Statement>) -> Clash {
        let part = self.part;
        let broken = part.ends[found.broken as usize];
        let answers = self.answers(found);
        let nature = self.nature(found, &answers);
        let certain = statements.iter().all(|statement| statement.certain);
        let joint = Joint {
            steps: self.steps(found),
            repairs: self.repairs(found),
            further: found.further.iter().map(|lows| self.claims(lows)).collect(),
            usual: part.is_usual(&found.set),
        };
        let also = self.also(found, &statements).unwrap_or_default();
        Clash {
            questions: self.questions(broken.answer, &answers),
            gap: Some(gap(found, broken)).filter(|_| nature != Nature::Denial),
            joint: Some(Box::new(joint)),
            through: Vec::new(),
            also,
            nature,
            statements,
            certain,
        }
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
        let reach = Reach::new(part, others)?;
        let end = |cell: u32, is_low: bool| reach.value(part.network.cells[cell as usize], is_low);
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

    /// Further claims: other witnesses, ends that would also clash, and other ends that the same claims break. None where
    /// there is not enough work left.
    fn also(&self, found: &Found, statements: &[Statement]) -> Option<Vec<ClaimId>> {
        let model = self.part.reader.model;
        let claim = |answer: AnswerId| model.answers.claim[answer.index()];
        let named: FxHashSet<ClaimId> =
            statements.iter().map(|statement| claim(statement.main_answer())).collect();
        let witnesses =
            statements.iter().flat_map(|statement| &statement.answers).map(|&answer| claim(answer));
        let mut also: Vec<ClaimId> = witnesses.collect();
        also.extend(self.claims(&found.echoes));
        let is_sum = self.is_sum(found);
        for (&at, &give) in found.set.ends.iter().zip(&found.gives) {
            let end = self.part.ends[at as usize];
            self.part.work.spend(self.part.ends_of(end.cell, end.is_low).len())?;
            also.extend(if is_sum { self.as_well(found, at, give) } else { self.as_tight(at) });
        }
        also.sort_unstable();
        also.dedup();
        also.retain(|claim| !named.contains(claim));
        self.part.work.spend(STEPS_TO_LIST * also.len())?;
        Some(also)
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
        let beside = self.part.ends_of(end.cell, end.is_low).iter().copied();
        let fitting: Vec<u32> = beside.filter(|&other| does(&self.part.ends[other as usize])).collect();
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

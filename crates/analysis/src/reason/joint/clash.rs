//! Turns a conflict into a clash: finds its statements and its nature, and collects the claims that clash in the same
//! way.

use num_traits::{CheckedDiv as _, CheckedMul as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Rational;
use super::bounds::Bound;
use super::component::Component;
use super::search::{Conflict, SearchResult};
use super::steps::{self, DerivedRanges, Step};
use crate::finding::Gap;
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::Value;
use crate::reason::{Clash, Joint, Nature, Repair, Statement};
use gainsay_reading::figure::{ONE, OPEN, WHOLE};

/// If a conflict has more shares and changes than this, no repairs of shares and changes are computed.
const MAX_REPAIRED_RATIOS: usize = 8;

/// The clashes of a component, in the order in which its conflicts were found, and whether the budget was enough for
/// all of them.
pub(super) fn clashes(component: &Component<'_>, result: &SearchResult) -> (Vec<Clash>, bool) {
    let mut builder = ClashBuilder { component, statements: StatementCache::default() };
    // Conflicts between other witnesses of the same statements are reported once.
    let mut described: FxHashSet<Vec<AnswerId>> = FxHashSet::default();
    let mut clashes = Vec::new();
    let mut is_complete = true;
    for conflict in &result.conflicts {
        let Some(statements) = builder.statements_of(conflict) else { continue };
        let answers = statements.iter().map(|statement| statement.answers.len()).sum();
        if component.work.spend(answers).is_none() && answers > MAX_ANSWERS {
            is_complete = false;
            continue;
        }
        let mut named: Vec<AnswerId> = statements.iter().map(Statement::main_answer).collect();
        named.sort_unstable();
        if described.insert(named) {
            clashes.push(builder.clash(conflict, statements));
        }
    }
    (clashes, is_complete && !component.work.is_spent())
}

/// When the budget is used up, clashes with more answers than this are left out.
const MAX_ANSWERS: usize = 100;

/// A cache of the statements on each question, with an index by answer.
#[derive(Default)]
pub(super) struct StatementCache {
    by_question: FxHashMap<QuestionId, (Vec<Statement>, FxHashMap<AnswerId, usize>)>,
}

impl StatementCache {
    /// The statement that an answer belongs to.
    pub(super) fn get(&mut self, component: &Component<'_>, answer: AnswerId) -> Option<&Statement> {
        let reader = component.reader;
        let question = reader.model.answers.question[answer.index()];
        let (statements, places) = self.by_question.entry(question).or_insert_with(|| {
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

struct ClashBuilder<'p> {
    component: &'p Component<'p>,
    statements: StatementCache,
}

/// The cost of listing one further claim.
const STEPS_TO_LIST: usize = 20;

impl ClashBuilder<'_> {
    /// The statements of a conflict: first the one whose bound is violated, then the others, with shares and changes
    /// last.
    fn statements_of(&mut self, conflict: &Conflict) -> Option<Vec<Statement>> {
        let component = self.component;
        let answers = self.answers(conflict);
        let statements = answers.into_iter().map(|answer| self.statements.get(component, answer).cloned());
        let mut statements = statements.collect::<Option<Vec<_>>>()?;
        if self.nature(conflict, &self.answers(conflict)) == Nature::Denial {
            statements.reverse();
        }
        Some(statements)
    }

    fn answers(&self, conflict: &Conflict) -> Vec<AnswerId> {
        let component = self.component;
        let bound = |at: u32| component.bounds[at as usize];
        let violated = bound(conflict.violated);
        let mut answers = vec![violated.answer];
        let mut others: Vec<u32> =
            conflict.set.bounds.iter().copied().filter(|&at| at != conflict.violated).collect();
        others.sort_by_key(|&at| {
            (
                bound(at).is_low != violated.is_low,
                std::cmp::Reverse(bound(at).value),
                component.naming_rank(at),
            )
        });
        answers.extend(others.iter().map(|&at| bound(at).answer));
        answers.extend(conflict.set.ratios.iter().map(|&at| component.ratios[at as usize].answer));
        let mut seen = FxHashSet::default();
        answers.retain(|&answer| seen.insert(answer));
        answers
    }

    /// Builds a clash. Steps and further claims are left out if the budget is not enough.
    fn clash(&self, conflict: &Conflict, statements: Vec<Statement>) -> Clash {
        let component = self.component;
        let violated = component.bounds[conflict.violated as usize];
        let answers = self.answers(conflict);
        let nature = self.nature(conflict, &answers);
        let certain = statements.iter().all(|statement| statement.certain);
        let joint = Joint {
            steps: self.steps(conflict),
            repairs: self.repairs(conflict),
            further: conflict.further.iter().map(|lows| self.claims(lows)).collect(),
            usual: component.is_usual(&conflict.set),
        };
        let also = self.other_claims(conflict, &statements).unwrap_or_default();
        Clash {
            questions: self.questions(violated.answer, &answers),
            gap: Some(gap(conflict, violated)).filter(|_| nature != Nature::Denial),
            joint: Some(Box::new(joint)),
            through: Vec::new(),
            also,
            nature,
            statements,
            certain,
        }
    }

    /// The question of the violated bound, followed by the other questions.
    fn questions(&self, violated: AnswerId, answers: &[AnswerId]) -> Vec<QuestionId> {
        let of = |answer: AnswerId| self.component.reader.model.answers.question[answer.index()];
        let mut others: Vec<QuestionId> =
            answers.iter().map(|&answer| of(answer)).filter(|&question| question != of(violated)).collect();
        others.sort_unstable();
        others.dedup();
        others.insert(0, of(violated));
        others
    }

    fn nature(&self, conflict: &Conflict, answers: &[AnswerId]) -> Nature {
        if self.is_rounding(conflict) {
            return Nature::Rounding;
        }
        let violated = self.component.bounds[conflict.violated as usize];
        let parties: FxHashSet<_> =
            answers.iter().map(|&answer| self.component.claim(answer).party).collect();
        match (conflict.set.ratios.as_slice(), answers.len()) {
            ([], 2) if !violated.is_low && violated.value == 0 && parties.len() > 1 => Nature::Denial,
            ([], 2) => Nature::Part,
            ([], _) => Nature::Parts,
            _ => Nature::Implied,
        }
    }

    /// Whether the gap is smaller than the rounding of a figure in the set, and small compared with that figure.
    fn is_rounding(&self, conflict: &Conflict) -> bool {
        let model = self.component.reader.model;
        conflict.set.bounds.iter().zip(&conflict.relaxations).any(|(&at, &change)| {
            let bound = self.component.bounds[at as usize];
            let Value::Figure(figure) = &model.answers.value[bound.answer.index()] else { return false };
            // The conflict names only as many parts as are needed to exceed the whole, so its own excess is small.
            // The excess of all parts counts.
            let difference = i128::from(change.max(conflict.excess));
            let larger = i128::from(bound.value) + if bound.is_low { 0 } else { difference };
            figure.hard.is_exact()
                && difference * 2 <= i128::from(figure.step)
                && difference * 20 <= larger
                && figure.step > ONE
        })
    }

    fn steps(&self, conflict: &Conflict) -> Vec<Step> {
        let plain = steps::steps(self.component, conflict, false);
        if plain.is_empty() { steps::steps(self.component, conflict, true) } else { plain }
    }

    /// The value that each bound would need for the conflict to end.
    fn repairs(&self, conflict: &Conflict) -> Vec<Repair> {
        let repair = |(&at, &change): (&u32, &i64)| {
            let bound = self.component.bounds[at as usize];
            let to = if bound.is_low {
                bound.value.saturating_sub(change)
            } else {
                bound.value.saturating_add(change)
            };
            Repair { answer: bound.answer, is_low: bound.is_low, to }
        };
        let mut repairs: Vec<Repair> =
            conflict.set.bounds.iter().zip(&conflict.relaxations).map(repair).collect();
        // Each repair of a ratio computes all ranges again. In a long chain every link could be repaired.
        if conflict.set.ratios.len() <= MAX_REPAIRED_RATIOS {
            repairs.extend(conflict.set.ratios.iter().filter_map(|&at| self.repair_of_ratio(conflict, at)));
        }
        repairs.sort_by_key(|repair| {
            (repair.answer != self.component.bounds[conflict.violated as usize].answer, repair.answer)
        });
        repairs
    }

    /// The factor that a share or a change would need. It is the quotient of the values that the other claims imply
    /// for its two quantities.
    fn repair_of_ratio(&self, conflict: &Conflict, at: u32) -> Option<Repair> {
        let component = self.component;
        let ratio = component.ratios[at as usize];
        let mut others = conflict.set.clone();
        others.ratios.retain(|&other| other != at);
        let ranges = DerivedRanges::new(component, others)?;
        let bound = |quantity: u32, is_low: bool| {
            ranges.value(component.network.quantities[quantity as usize], is_low)
        };
        let times = |own: Option<Rational>, base: Option<Rational>| {
            let quotient = own?.checked_div(&base?)?.checked_mul(&Rational::from_integer(WHOLE.into()))?;
            Some((quotient.round().to_integer(), quotient))
        };
        let to = |value: i128| i64::try_from(value).ok();
        if let Some((value, exact)) = times(bound(ratio.own, false), bound(ratio.base, true))
            && exact < Rational::from_integer(ratio.low.into())
        {
            return Some(Repair { answer: ratio.answer, is_low: true, to: to(value)? });
        }
        let (value, exact) = times(bound(ratio.own, true), bound(ratio.base, false))?;
        let passes = ratio.high != OPEN && exact > Rational::from_integer(ratio.high.into());
        passes.then_some(Repair { answer: ratio.answer, is_low: false, to: to(value)? })
    }

    /// Further claims that clash in the same way: other witnesses of the statements, bounds that could replace one of
    /// the conflict, and further bounds that the same claims violate. `None` if the budget is used up.
    fn other_claims(&self, conflict: &Conflict, statements: &[Statement]) -> Option<Vec<ClaimId>> {
        let model = self.component.reader.model;
        let claim = |answer: AnswerId| model.answers.claim[answer.index()];
        let named: FxHashSet<ClaimId> =
            statements.iter().map(|statement| claim(statement.main_answer())).collect();
        let witnesses =
            statements.iter().flat_map(|statement| &statement.answers).map(|&answer| claim(answer));
        let mut also: Vec<ClaimId> = witnesses.collect();
        also.extend(self.claims(&conflict.also_violated));
        let is_sum = self.is_sum(conflict);
        for (&at, &change) in conflict.set.bounds.iter().zip(&conflict.relaxations) {
            let bound = self.component.bounds[at as usize];
            self.component.work.spend(self.component.bounds_on(bound.quantity, bound.is_low).len())?;
            also.extend(if is_sum {
                self.claims_that_fit_a_sum(conflict, at, change)
            } else {
                self.claims_at_least_as_tight(at)
            });
        }
        also.sort_unstable();
        also.dedup();
        also.retain(|claim| !named.contains(claim));
        self.component.work.spend(STEPS_TO_LIST * also.len())?;
        Some(also)
    }

    /// Whether the conflict is a sum of low bounds that exceeds one high bound.
    fn is_sum(&self, conflict: &Conflict) -> bool {
        let bounds = conflict.set.bounds.iter().map(|&at| self.component.bounds[at as usize]);
        conflict.set.ratios.is_empty() && bounds.filter(|bound| !bound.is_low).count() == 1
    }

    /// The claims whose bounds could replace a bound of a sum that would have to change by `give`.
    fn claims_that_fit_a_sum(&self, conflict: &Conflict, at: u32, change: i64) -> Vec<ClaimId> {
        let bound = self.component.bounds[at as usize];
        let days = conflict.set.bounds.iter().map(|&at| self.component.bounds[at as usize]);
        // A low bound holds from its day on, a high bound up to its day.
        let last =
            days.clone().filter(|bound| !bound.is_low).map(|bound| bound.day).min().unwrap_or(bound.day);
        let first = days.filter(|bound| bound.is_low).map(|bound| bound.day).max().unwrap_or(bound.day);
        self.claims_on_same_side(bound, |other| {
            if bound.is_low {
                other.day <= last.max(bound.day) && other.value > bound.value.saturating_sub(change)
            } else {
                other.day >= first.min(bound.day) && other.value < bound.value.saturating_add(change)
            }
        })
    }

    /// The claims whose bounds are at least as tight as this one and hold on all of its days. In conflicts found by
    /// the exact test, only these are certain to clash too.
    fn claims_at_least_as_tight(&self, at: u32) -> Vec<ClaimId> {
        let bound = self.component.bounds[at as usize];
        self.claims_on_same_side(bound, |other| {
            if bound.is_low {
                other.day <= bound.day && other.value >= bound.value
            } else {
                other.day >= bound.day && other.value <= bound.value
            }
        })
    }

    /// The claims with a bound on the same side of the same quantity for which `does` is true.
    fn claims_on_same_side(&self, bound: Bound, does: impl Fn(&Bound) -> bool) -> Vec<ClaimId> {
        let same_side = self.component.bounds_on(bound.quantity, bound.is_low).iter().copied();
        let fitting: Vec<u32> =
            same_side.filter(|&other| does(&self.component.bounds[other as usize])).collect();
        self.claims(&fitting)
    }

    fn claims(&self, bounds: &[u32]) -> Vec<ClaimId> {
        let model = self.component.reader.model;
        let claim = |&at: &u32| model.answers.claim[self.component.bounds[at as usize].answer.index()];
        let mut claims: Vec<ClaimId> = bounds.iter().map(claim).collect();
        claims.sort_unstable();
        claims.dedup();
        claims
    }
}

/// The gap between the violated bound and the value that the other claims imply.
fn gap(conflict: &Conflict, violated: Bound) -> Gap {
    let place = conflict.set.bounds.iter().position(|&at| at == conflict.violated);
    let change = place.map_or(0, |at| conflict.relaxations[at]);
    if violated.is_low {
        Gap::between(violated.value.saturating_sub(change), violated.value)
    } else {
        Gap::between(violated.value, violated.value.saturating_add(change))
    }
}

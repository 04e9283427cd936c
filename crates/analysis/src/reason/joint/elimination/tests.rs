//! Compares each result of elimination with the exact test.

use proptest::prelude::*;

use super::*;
use crate::reason::joint::system::Feasibility;

fn plenty() -> WorkBudget {
    WorkBudget::with_steps(u64::MAX)
}

fn bound(variable: u32, is_low: bool, value: i64) -> simplex::VariableBound {
    simplex::VariableBound { variable, is_low, value }
}

/// Rows, each with the number of its ratio if it has one.
type Rows = Vec<(Vec<(u32, i64)>, Option<u32>)>;

fn system(variables: usize, rows: &Rows) -> System {
    let origin = |ratio: &Option<u32>| ratio.map_or(RowOrigin::Growth, RowOrigin::Ratio);
    System::from_rows(
        variables,
        rows.iter().map(|(terms, _)| simplex::LinearRow { terms: terms.clone() }).collect(),
        rows.iter().map(|(_, ratio)| origin(ratio)).collect(),
    )
}

fn ratios(rows: &Rows) -> usize {
    rows.iter().filter_map(|(_, ratio)| *ratio).max().map_or(0, |most| most as usize + 1)
}

/// The exact result without disabled bounds and removed ratios.
fn can_hold(elimination: &Elimination, system: &System, bounds: &[simplex::VariableBound]) -> bool {
    let bounds: Vec<u32> = elimination.active_bounds().filter(|&at| (at as usize) < bounds.len()).collect();
    let is_active = |row: usize| elimination.is_active_row(row);
    let verdict = system.test_some(&elimination.claimed, &bounds, is_active, &plenty());
    assert!(!matches!(verdict, Feasibility::Undecided));
    matches!(verdict, Feasibility::Feasible)
}

/// Propagates bounds and checks the result.
fn propagate_and_check(
    elimination: &mut Elimination,
    system: &System,
    bounds: &[simplex::VariableBound],
) -> EliminationResult {
    let settled = elimination.propagate(&plenty());
    let is_surely_feasible = can_hold(elimination, system, bounds);
    match settled {
        EliminationResult::Clash(variable) => {
            let BoundSet { bounds: reasons, ratios: named } =
                elimination.clash(variable, &plenty()).unwrap().set;
            let is_named =
                |row: usize| elimination.ratio_of_row[row].is_none_or(|ratio| named.contains(&ratio));
            let verdict = system.test_some(&elimination.claimed, &reasons, is_named, &plenty());
            assert!(matches!(verdict, Feasibility::Infeasible(_)), "the reasons clash by themselves");
            assert!(!is_surely_feasible);
        }
        EliminationResult::Done => {
            if elimination.is_exact() {
                assert!(is_surely_feasible, "an exact answer is right");
            }
            if elimination.has_witness(&plenty()) {
                assert!(is_surely_feasible, "a witness proves that everything can hold");
            }
        }
        EliminationResult::OutOfWork => panic!("there is plenty of work"),
    }
    settled
}

fn row(variables: u32) -> impl Strategy<Value = (Vec<(u32, i64)>, bool)> {
    let pair = (0..variables, 0..variables, 1..8_i64, 1..8_i64).prop_map(|(one, other, a, b)| {
        (if one == other { vec![(one, 1)] } else { vec![(one, a), (other, -b)] }, true)
    });
    let sum = (0..variables, prop::collection::vec(0..variables, 1..4), any::<bool>()).prop_map(
        |(whole, mut parts, is_opposite)| {
            parts.sort_unstable();
            parts.dedup();
            parts.retain(|part| *part != whole);
            let sign = if is_opposite { -1 } else { 1 };
            let mut terms = vec![(whole, sign)];
            terms.extend(parts.into_iter().map(|part| (part, -sign)));
            (terms, false)
        },
    );
    prop_oneof![2 => pair, 1 => sum]
}

fn bounds(variables: u32) -> impl Strategy<Value = Vec<simplex::VariableBound>> {
    let one = (0..variables, any::<bool>(), 0..40_i64);
    prop::collection::vec(one.prop_map(|(variable, is_low, value)| bound(variable, is_low, value)), 1..10)
}

fn numbered(rows: Vec<(Vec<(u32, i64)>, bool)>) -> Rows {
    let mut next = 0;
    rows.into_iter()
        .map(|(terms, is_ratio)| {
            next += u32::from(is_ratio);
            (terms, is_ratio.then(|| next - 1))
        })
        .collect()
}

proptest! {
    #[test]
    fn elimination_agrees_with_the_exact_test(
        rows in prop::collection::vec(row(6), 0..8).prop_map(numbered),
        bounds in bounds(6),
        changes in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..12),
    ) {
        let system = system(6, &rows);
        let ratios = ratios(&rows);
        let mut elimination = Elimination::new(&system, bounds.clone(), ratios, &plenty()).unwrap();
        propagate_and_check(&mut elimination, &system, &bounds);
        let mut disabled = vec![false; bounds.len()];
        for (is_bound, at) in changes {
            if is_bound || ratios == 0 {
                let at = at.index(bounds.len());
                disabled[at] = !disabled[at];
                elimination.set_disabled(at as u32, disabled[at]);
            } else {
                elimination.drop_ratio(at.index(ratios) as u32, &system);
            }
            propagate_and_check(&mut elimination, &system, &bounds);
        }
        // The bounds are the same as in a new elimination with the same bounds and ratios.
        if elimination.propagate(&plenty()) == EliminationResult::Done {
            let mut fresh = Elimination::new(&system, bounds, ratios, &plenty()).unwrap();
            (0..disabled.len()).for_each(|at| fresh.set_disabled(at as u32, disabled[at]));
            for ratio in (0..ratios as u32).filter(|&at| elimination.is_ratio_disabled[at as usize]) {
                fresh.drop_ratio(ratio, &system);
            }
            prop_assert_eq!(fresh.propagate(&plenty()), EliminationResult::Done);
            for (one, other) in elimination.sides.iter().flatten().zip(fresh.sides.iter().flatten()) {
                prop_assert_eq!(one.best, other.best);
            }
            prop_assert_eq!(elimination.rounded, fresh.rounded);
        }
    }
}

/// `count` variables, each about 1% above the one before.
fn chain(count: u32) -> Rows {
    let rows = (1..count).flat_map(|at| {
        let ratio = Some(at - 1);
        [
            (vec![(at, 1_000_000), (at - 1, -1_005_000)], ratio),
            (vec![(at - 1, 1_015_000), (at, -1_000_000)], ratio),
        ]
    });
    rows.collect()
}

#[test]
fn elimination_finds_a_clash_at_the_far_end_of_a_chain() {
    let rows = chain(300);
    let system = system(300, &rows);
    let bounds = vec![bound(0, true, 10_000), bound(299, false, 10_000)];
    let mut elimination = Elimination::new(&system, bounds, 299, &plenty()).unwrap();
    let EliminationResult::Clash(variable) = elimination.propagate(&plenty()) else {
        panic!("the chain clashes")
    };
    let clash = elimination.clash(variable, &plenty()).unwrap();
    assert_eq!(clash.set.ratios.len(), 299);
    elimination.set_disabled(1, true);
    assert_eq!(elimination.propagate(&plenty()), EliminationResult::Done);
    assert!(!elimination.is_exact());
    assert!(elimination.has_witness(&plenty()));
}

#[test]
fn work_of_elimination_grows_with_the_length_of_a_chain() {
    let steps = |count: u32| {
        let rows = chain(count);
        let system = system(count as usize, &rows);
        let bounds = (0..count).flat_map(|at| [bound(at, true, 10_000), bound(at, false, 10_000)]).collect();
        let work = WorkBudget::with_steps(u64::MAX);
        let mut elimination = Elimination::new(&system, bounds, count as usize - 1, &work).unwrap();
        while let EliminationResult::Clash(variable) = elimination.propagate(&work) {
            let clash = elimination.clash(variable, &work).unwrap();
            assert_eq!((clash.set.bounds.len(), clash.set.ratios.len()), (2, 1));
            elimination.set_disabled(*clash.set.bounds.last().unwrap(), true);
        }
        work.spent()
    };
    assert!(steps(800) < 5 * steps(200), "{} {}", steps(200), steps(800));
}

#[test]
fn elimination_stops_when_no_work_is_left() {
    let rows = chain(100);
    let system = system(100, &rows);
    let bounds = vec![bound(0, true, 10_000)];
    assert!(Elimination::new(&system, bounds.clone(), 99, &WorkBudget::with_steps(10)).is_none());
    let mut elimination = Elimination::new(&system, bounds, 99, &plenty()).unwrap();
    assert_eq!(elimination.propagate(&WorkBudget::with_steps(50)), EliminationResult::OutOfWork);
    assert_eq!(elimination.propagate(&plenty()), EliminationResult::Done);
}

//! Each result is checked: values are inserted into all rows and bounds, and contradictions are added up.

use num_integer::Integer as _;
use proptest::prelude::*;

use super::*;

const MANY: usize = 100_000;

fn plenty() -> WorkBudget {
    WorkBudget::with_steps(u64::MAX)
}

fn low(variable: u32, value: i64) -> VariableBound {
    VariableBound { variable, is_low: true, value }
}

fn high(variable: u32, value: i64) -> VariableBound {
    VariableBound { variable, is_low: false, value }
}

fn problem(variables: usize, bounds: &[VariableBound], rows: &[&[(u32, i64)]]) -> LinearProblem {
    let rows = rows.iter().map(|terms| LinearRow { terms: terms.to_vec() }).collect();
    LinearProblem { variables, bounds: bounds.to_vec(), rows }
}

fn clash(bounds: &[(usize, u128)], rows: &[(usize, u128)]) -> Outcome {
    Outcome::Infeasible { bounds: bounds.to_vec(), rows: rows.to_vec() }
}

#[derive(Clone, Copy, PartialEq)]
enum Rule {
    Usual,
    Bland,
}

/// Decides with numbers of type `T` and checks the result. `None` on overflow.
fn proved<T: CheckedInteger + Into<BigInt>>(problem: &LinearProblem, rule: Rule) -> Option<Outcome> {
    let limits = Limits::new(problem);
    let work = plenty();
    let mut tableau = Tableau::<T>::new(problem, &limits, &work);
    if rule == Rule::Bland {
        tableau.sparse_pivots = 0;
    }
    let outcome = tableau.decide(MANY).ok()?;
    match outcome.clone() {
        Outcome::Feasible => {
            let values = (0..problem.variables).map(|variable| tableau.value(variable));
            prove_values(problem, &values.map(|(value, of)| (value.into(), of.into())).collect::<Vec<_>>());
        }
        Outcome::Infeasible { bounds, rows } => prove_clash(problem, &large(bounds), &large(rows)),
        Outcome::Unfinished => panic!("Bland's rule ends"),
    }
    Some(saturated(outcome))
}

fn large<T: Into<BigInt>>(reasons: Vec<(usize, T)>) -> Vec<(usize, BigInt)> {
    reasons.into_iter().map(|(at, times)| (at, times.into())).collect()
}

/// Decides as callers do, then with each size of numbers, and by Bland's rule alone. Checks all results.
fn decided(problem: &LinearProblem) -> Outcome {
    let outcome = solve(problem, MANY, &plenty());
    assert_eq!(proved::<BigInt>(problem, Rule::Usual).as_ref(), Some(&outcome));
    if let Some(small) = proved::<i128>(problem, Rule::Usual) {
        assert_eq!(small, outcome);
    }
    let by_bland = proved::<BigInt>(problem, Rule::Bland);
    assert_eq!(by_bland == Some(Outcome::Feasible), outcome == Outcome::Feasible);
    outcome
}

fn prove_values(problem: &LinearProblem, values: &[(BigInt, BigInt)]) {
    let zero = BigInt::from(0);
    assert!(values.iter().all(|(value, of)| *value >= zero && *of > zero));
    for bound in problem.bounds.iter().filter(|bound| bound.value != OPEN) {
        let (value, of) = &values[bound.variable as usize];
        assert!(if bound.is_low { *value >= of * bound.value } else { *value <= of * bound.value });
    }
    let common = values.iter().fold(BigInt::from(1), |common, (_, of)| common.lcm(of));
    for row in &problem.rows {
        let share = |variable: u32| &values[variable as usize].0 * (&common / &values[variable as usize].1);
        assert!(
            row.terms.iter().map(|&(variable, coefficient)| share(variable) * coefficient).sum::<BigInt>()
                >= zero
        );
    }
}

/// Adds up terms that are not negative: rows as they are, low bounds as `variable - low`, high bounds as `high -
/// variable`. If no coefficient of the sum is positive and the constant is negative, no values satisfy it.
fn prove_clash(problem: &LinearProblem, bounds: &[(usize, BigInt)], rows: &[(usize, BigInt)]) {
    let mut variables = vec![BigInt::from(0); problem.variables];
    let mut constant = BigInt::from(0);
    for (row, times) in rows {
        for &(variable, coefficient) in &problem.rows[*row].terms {
            variables[variable as usize] += times * coefficient;
        }
    }
    for (at, times) in bounds {
        let VariableBound { variable, is_low, value } = problem.bounds[*at];
        let times = if is_low { times.clone() } else { -times };
        constant -= &times * value;
        variables[variable as usize] += times;
    }
    assert!(variables.iter().all(|left| *left <= BigInt::from(0)) && constant < BigInt::from(0));
    prove_form(problem, bounds, rows);
}

/// Indexes are sorted and unique, factors are positive without a common divisor, and each bound is the first of the
/// tightest ones.
fn prove_form(problem: &LinearProblem, bounds: &[(usize, BigInt)], rows: &[(usize, BigInt)]) {
    assert!(bounds.is_sorted_by(|a, b| a.0 < b.0) && rows.is_sorted_by(|a, b| a.0 < b.0));
    let times = || bounds.iter().chain(rows).map(|(_, times)| times);
    assert!(times().all(|times| *times > BigInt::from(0)));
    assert_eq!(times().fold(BigInt::from(0), |common, times| common.gcd(times)), BigInt::from(1));
    for &(at, _) in bounds {
        let VariableBound { variable, is_low, value } = problem.bounds[at];
        let rivals = problem
            .bounds
            .iter()
            .enumerate()
            .filter(|(_, bound)| bound.variable == variable && bound.is_low == is_low);
        let ranked = rivals.map(|(at, bound)| (if is_low { -bound.value } else { bound.value }, at));
        assert_eq!(ranked.min(), Some((if is_low { -value } else { value }, at)));
    }
}

#[test]
fn conflict_of_parts_that_add_up_to_more_than_the_whole() {
    // People 40, civilians at least 25, militants at least 20, and an unrelated row.
    let bounds = [low(0, 40_000), high(0, 40_000), low(1, 25_000), low(2, 20_000)];
    let rows: [&[_]; 2] = [&[(0, 1), (3, -1)], &[(0, 1), (1, -1), (2, -1)]];
    assert_eq!(decided(&problem(4, &bounds, &rows)), clash(&[(1, 1), (2, 1), (3, 1)], &[(1, 1)]));
    let bounds = [low(0, 40_000), high(0, 45_000), low(1, 25_000), low(2, 20_000)];
    assert_eq!(decided(&problem(4, &bounds, &rows)), Outcome::Feasible);
}

#[test]
fn bounds_of_one_variable_can_contradict_each_other() {
    let bounds = [low(0, 3), high(0, 9), high(0, 5), high(0, 5), low(0, 6), low(0, 6)];
    assert_eq!(decided(&problem(1, &bounds, &[])), clash(&[(2, 1), (4, 1)], &[]));
    assert_eq!(decided(&problem(1, &bounds[..4], &[])), Outcome::Feasible);
    // No variable is negative, even if a bound allows it.
    assert_eq!(decided(&problem(1, &[low(0, -5), high(0, -2)], &[])), clash(&[(1, 1)], &[]));
    assert_eq!(decided(&problem(1, &[low(0, i64::MIN), high(0, 0)], &[])), Outcome::Feasible);
    // An open bound has no effect.
    let rows: [&[_]; 1] = [&[(0, 1), (1, -4)]];
    let bounds = [low(1, i64::MAX / 2), high(0, OPEN)];
    assert_eq!(decided(&problem(2, &bounds, &rows)), Outcome::Feasible);
}

#[test]
fn cycle_of_ratios_is_decided() {
    // x >= 1.1 y and y >= x would grow forever if they were propagated. With y >= 1 they cannot hold.
    let rows: [&[_]; 2] = [&[(0, 1_000_000), (1, -1_100_000)], &[(1, 1), (0, -1)]];
    let found = decided(&problem(2, &[low(1, 1_000)], &rows));
    assert_eq!(found, clash(&[(0, 100_000)], &[(0, 1), (1, 1_000_000)]));
    // Without y >= 1 they can hold, also if both are zero.
    assert_eq!(decided(&problem(2, &[], &rows)), Outcome::Feasible);
    assert_eq!(decided(&problem(2, &[high(0, 0), high(1, 7)], &rows)), Outcome::Feasible);
}

#[test]
fn equality_is_decided_as_two_rows() {
    // casualties = killed + injured, and injured is a fifth of casualties.
    let rows: [&[_]; 4] = [
        &[(0, 1), (1, -1), (2, -1)],
        &[(1, 1), (2, 1), (0, -1)],
        &[(2, 1_000_000), (0, -200_000)],
        &[(0, 200_000), (2, -1_000_000)],
    ];
    let bounds = |killed| [low(0, 50_000), high(0, 50_000), low(1, killed), high(1, killed)];
    assert_eq!(decided(&problem(3, &bounds(40_000), &rows)), Outcome::Feasible);
    let few = decided(&problem(3, &bounds(39_000), &rows));
    assert_eq!(few, clash(&[(0, 800_000), (3, 1_000_000)], &[(1, 1_000_000), (3, 1)]));
    let many = decided(&problem(3, &bounds(41_000), &rows));
    assert_eq!(many, clash(&[(1, 800_000), (2, 1_000_000)], &[(0, 1_000_000), (2, 1)]));
}

#[test]
fn conflict_can_use_a_row_twice() {
    // Half of a is in b, half of a is in c, and b and c exclude each other in d: a <= d.
    let rows: [&[_]; 3] = [&[(1, 2), (0, -1)], &[(2, 2), (0, -1)], &[(3, 1), (1, -1), (2, -1)]];
    let found = decided(&problem(4, &[low(0, 10), high(3, 9)], &rows));
    assert_eq!(found, clash(&[(0, 2), (1, 2)], &[(0, 1), (1, 1), (2, 2)]));
    assert_eq!(decided(&problem(4, &[low(0, 10), high(3, 10)], &rows)), Outcome::Feasible);
}

#[test]
fn terms_of_one_variable_are_added_up() {
    let rows: [&[_]; 2] = [&[(1, -1), (0, 3), (1, -1), (0, -3)], &[]];
    assert_eq!(decided(&problem(2, &[low(1, 4)], &rows)), clash(&[(0, 2)], &[(0, 1)]));
    assert_eq!(decided(&problem(2, &[low(0, 4)], &rows)), Outcome::Feasible);
    let rows: [&[_]; 1] = [&[(0, i64::MIN), (0, i64::MIN), (1, i64::MAX)]];
    let found = decided(&problem(2, &[low(0, i64::MAX - 1), high(1, i64::MAX - 1)], &rows));
    assert!(matches!(found, Outcome::Infeasible { .. }));
}

#[test]
fn largest_figures_are_decided() {
    let most = 1_000_000_000_000_000_000;
    let rows: [&[_]; 1] = [&[(0, 1), (1, -1), (2, -1), (3, -1)]];
    let bounds = |total| [high(0, total), low(1, 3 * most), low(2, 3 * most), low(3, 3 * most)];
    assert_eq!(decided(&problem(4, &bounds(9 * most), &rows)), Outcome::Feasible);
    let found = decided(&problem(4, &bounds(9 * most - 1), &rows));
    assert_eq!(found, clash(&[(0, 1), (1, 1), (2, 1), (3, 1)], &[(0, 1)]));
}

/// Each variable is at least `up / down` times the one before it.
fn chain(length: u32, up: i64, down: i64) -> Vec<Vec<(u32, i64)>> {
    (1..length).map(|variable| vec![(variable, down), (variable - 1, -up)]).collect()
}

#[test]
fn numbers_above_128_bits_are_decided() {
    let rows = chain(12, 1_000_003, 999_983);
    let rows: Vec<&[_]> = rows.iter().map(Vec::as_slice).collect();
    // (1000003/999983)^11 of 1,000,000 is 1,000,220.02…
    for (last, holds) in [(1_000_220, false), (1_000_221, true)] {
        let problem = problem(12, &[low(0, 1_000_000), high(11, last)], &rows);
        assert_eq!(proved::<i128>(&problem, Rule::Usual), None);
        match solve(&problem, MANY, &plenty()) {
            Outcome::Feasible => assert!(holds),
            Outcome::Infeasible { bounds, rows } => {
                assert!(!holds);
                assert_eq!(bounds.iter().map(|bound| bound.0).collect::<Vec<_>>(), [0, 1]);
                assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), (0..11).collect::<Vec<_>>());
                // 1000003^11 is above the cap.
                assert_eq!(bounds[0].1, u128::MAX);
            }
            Outcome::Unfinished => panic!("eleven rows"),
        }
    }
}

#[test]
fn pivots_are_counted() {
    let rows = chain(6, 2, 1);
    let rows: Vec<&[_]> = rows.iter().map(Vec::as_slice).collect();
    let holds = problem(6, &[low(0, 1)], &rows);
    let clashes = problem(6, &[low(0, 1), high(5, 31)], &rows);
    for problem in [holds, clashes] {
        let needed = (0..100).find(|&pivots| solve(&problem, pivots, &plenty()) != Outcome::Unfinished);
        assert!(needed.is_some_and(|needed| needed > 0));
        assert_eq!(needed.map(|needed| solve(&problem, needed, &plenty())), Some(decided(&problem)));
    }
    // Problems that are decided at the start need no pivots.
    assert_eq!(solve(&problem(1, &[low(0, 5)], &[&[(0, 1)]]), 0, &plenty()), Outcome::Feasible);
    assert_eq!(solve(&problem(1, &[low(0, 5)], &[&[(0, -1)]]), 0, &plenty()), clash(&[(0, 1)], &[(0, 1)]));
}

fn bounds(
    variables: u32,
    values: std::ops::Range<i64>,
    most: usize,
) -> impl Strategy<Value = Vec<VariableBound>> {
    let bound = (0..variables, any::<bool>(), values).prop_map(|(variable, is_low, value)| VariableBound {
        variable,
        is_low,
        value,
    });
    proptest::collection::vec(bound, 0..most)
}

fn rows(
    variables: u32,
    coefficients: impl Strategy<Value = i64>,
    most: usize,
) -> impl Strategy<Value = Vec<LinearRow>> {
    let terms = proptest::collection::vec((0..variables, coefficients), 0..5);
    proptest::collection::vec(terms.prop_map(|terms| LinearRow { terms }), 0..most)
}

/// Wholes that are at least or exactly the sum of their parts, and some ratios, similar to real ones.
fn sums() -> impl Strategy<Value = Vec<LinearRow>> {
    let parts = proptest::collection::btree_set(1_u32..20, 1..4);
    let sum = (parts, any::<bool>()).prop_map(|(parts, closed)| {
        let whole = parts.first().map_or(0, |first| first - 1);
        let up: Vec<_> = [(whole, 1)].into_iter().chain(parts.iter().map(|&part| (part, -1))).collect();
        let down = up.iter().map(|&(variable, coefficient)| (variable, -coefficient)).collect();
        let rows = [up, down].map(|terms| LinearRow { terms });
        rows.into_iter().take(if closed { 2 } else { 1 }).collect::<Vec<_>>()
    });
    let ratio = (0_u32..20, 1_u32..20, 1_i64..3_000_000).prop_map(|(own, apart, ratio)| {
        vec![LinearRow { terms: vec![(own, 1_000_000), ((own + apart) % 20, -ratio)] }]
    });
    let groups = proptest::collection::vec(prop_oneof![4 => sum, 1 => ratio], 0..30);
    groups.prop_map(|groups| groups.into_iter().flatten().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn tiny_systems_agree_with_trying_all_values(
        bounds in bounds(3, -1..6, 6),
        rows in rows(3, -2_i64..3, 5),
    ) {
        let problem = LinearProblem { variables: 3, bounds, rows };
        let found = decided(&problem);
        let meets = |values: [i64; 3]| {
            let value = |variable: u32| values[variable as usize];
            problem.bounds.iter().all(|bound| {
                let value = value(bound.variable);
                if bound.is_low { value >= bound.value } else { value <= bound.value }
            }) && problem.rows.iter().all(|row| {
                row.terms.iter().map(|&(variable, factor)| factor * value(variable)).sum::<i64>() >= 0
            })
        };
        if (0..1_000).any(|at| meets([at % 10, at / 10 % 10, at / 100])) {
            prop_assert_eq!(found, Outcome::Feasible);
        }
    }

    #[test]
    fn systems_with_any_coefficients_are_decided(bounds in bounds(6, 0..1_000, 10), rows in rows(6, -50_i64..50, 12)) {
        decided(&LinearProblem { variables: 6, bounds, rows });
    }

    #[test]
    fn systems_with_numbers_of_any_size_are_decided(
        bounds in bounds(4, i64::MIN..i64::MAX, 8),
        rows in rows(4, prop_oneof![any::<i64>(), -1_i64..2], 6),
    ) {
        decided(&LinearProblem { variables: 4, bounds, rows });
    }

    #[test]
    fn systems_of_sums_and_ratios_are_decided(bounds in bounds(20, 0..60_000, 15), rows in sums()) {
        decided(&LinearProblem { variables: 20, bounds, rows });
    }
}

#[test]
fn problem_that_takes_more_work_than_is_left_is_unfinished() {
    let problem = problem(2, &[low(0, 5), high(1, 3)], &[&[(1, 1), (0, -1)]]);
    assert_eq!(solve(&problem, MANY, &WorkBudget::with_steps(1)), Outcome::Unfinished);
    assert_ne!(solve(&problem, MANY, &WorkBudget::with_steps(1000)), Outcome::Unfinished);
}

//! Compares the findings of the tool with the reference.
//!
//! A test failure shows the smallest workspace that fails, the findings of the tool, and the sets of claims that
//! cannot hold according to the reference. Claims are given by their numbers: `c3` is 3.

use std::collections::BTreeSet;

use gainsay::finding::Grade;
use gainsay::model::{Base, Value};
use gainsay::workspace::Analysis;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::drawn::{Drawn, Question, Says};
use super::strategies::{ANYTHING, LATER, SHARED, UPWARDS, series, workspaces};
use super::worked::{Worked, examples};
use super::worlds::{Ends, Worlds, both_ends};
use crate::support::{analyse, report, workspace};

/// Rules that report something other than claims that cannot all hold.
const OTHER_RULES: [&str; 6] = [
    "accounts-vary",
    "attribution-lost",
    "denial-narrower-than-charge",
    "figures-diverge",
    "one-origin",
    "rival-characterisation",
];

type Set = BTreeSet<usize>;

/// A finding that some claims cannot all hold.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Found {
    rule: &'static str,
    grade: &'static str,
    claims: Set,
}

/// All findings that some claims cannot all hold, including those on rounding.
fn clashes(analysis: &Analysis) -> Vec<Found> {
    let number = |&claim| {
        let name = analysis.model.claim_name(claim);
        name.rsplit("/c").next().unwrap().trim_end_matches("-x").parse().unwrap()
    };
    let mut found: Vec<Found> = analysis
        .on_claims()
        .filter(|finding| finding.grade != Grade::Note || finding.rule == "rounding")
        .filter(|finding| !OTHER_RULES.contains(&finding.rule))
        .map(|finding| Found {
            rule: finding.rule,
            grade: finding.grade.name(),
            claims: finding.claims().iter().map(number).collect(),
        })
        .collect();
    found.sort();
    found
}

fn clashes_in(files: Vec<(String, String)>) -> Vec<Found> {
    clashes(&analyse(&workspace(files)))
}

fn questions(drawn: &Drawn, set: &Set) -> BTreeSet<Question> {
    set.iter().map(|&claim| drawn.claims[claim].question).collect()
}

/// Whether a finding is about more than one question. A share or a change is always about two.
fn is_joint(drawn: &Drawn, found: &Found) -> bool {
    questions(drawn, &found.claims).len() > 1 || found.claims.iter().any(|&claim| drawn.is_ratio(claim))
}

/// A workspace with the findings of the tool.
struct ComparedWorkspace<'a> {
    drawn: &'a Drawn,
    worlds: Worlds,
    found: Vec<Found>,
    joint: Vec<Found>,
}

impl<'a> ComparedWorkspace<'a> {
    fn new(drawn: &'a Drawn) -> Self {
        let found = clashes_in(drawn.files(0, ""));
        let joint = found.iter().filter(|found| is_joint(drawn, found)).cloned().collect();
        Self { drawn, worlds: Worlds::new(drawn), found, joint }
    }

    fn fail(&self, why: &str) -> TestCaseError {
        let found: Vec<String> = self
            .found
            .iter()
            .map(|found| format!("{} {} {:?}", found.grade, found.rule, found.claims))
            .collect();
        TestCaseError::fail(format!(
            "{why}\n\n{}\nthe tool reports:\n  {}\nthe smallest sets that cannot hold:\n  {:?}",
            self.drawn.as_text(),
            found.join("\n  "),
            self.worlds.minimal_sets(),
        ))
    }

    fn holds(&self, what: bool, why: impl FnOnce() -> String) -> Result<(), TestCaseError> {
        if what { Ok(()) } else { Err(self.fail(&why())) }
    }

    /// Each reported set cannot hold, but can hold without any one of its claims.
    fn sets_are_minimal(&self) -> Result<(), TestCaseError> {
        for Found { rule, claims, .. } in &self.joint {
            let ends = |set: &Set| both_ends(set.iter().copied());
            self.holds(!self.worlds.can_hold(ends(claims)), || format!("{rule} {claims:?} can all hold"))?;
            for spared in claims {
                let rest: Set = claims.iter().copied().filter(|claim| claim != spared).collect();
                self.holds(self.worlds.can_hold(ends(&rest)), || {
                    format!("{rule} {claims:?} cannot hold even without claim {spared}")
                })?;
            }
        }
        Ok(())
    }

    /// Each set of claims is reported once.
    fn each_set_is_reported_once(&self) -> Result<(), TestCaseError> {
        let mut seen: BTreeSet<&Set> = BTreeSet::new();
        for Found { rule, claims, .. } in &self.joint {
            self.holds(seen.insert(claims), || format!("{rule} {claims:?} is reported twice"))?;
        }
        Ok(())
    }

    /// No reported set equals or contains another one.
    fn no_set_contains_another(&self) -> Result<(), TestCaseError> {
        for (at, found) in self.joint.iter().enumerate() {
            for (other, inner) in self.joint.iter().enumerate() {
                self.holds(at == other || !inner.claims.is_subset(&found.claims), || {
                    format!("{:?} is reported in addition to {:?}", found.claims, inner.claims)
                })?;
            }
        }
        Ok(())
    }

    /// If claims cannot all hold, something is reported. If they can, nothing across questions is reported.
    fn conflicts_are_reported(&self) -> Result<(), TestCaseError> {
        if self.worlds.can_hold(self.worlds.all()) {
            self.holds(self.joint.is_empty(), || "something is reported, but all claims can hold".to_owned())
        } else {
            self.holds(!self.found.is_empty(), || {
                "nothing is reported, but the claims cannot all hold".to_owned()
            })
        }
    }

    /// If certain claims alone cannot all hold, some finding names certain claims only.
    fn certain_conflicts_are_reported(&self) -> Result<(), TestCaseError> {
        let certain: Set = (0..self.drawn.claims.len()).filter(|&claim| self.is_certain(claim)).collect();
        let is_found = self.found.iter().any(|found| found.claims.is_subset(&certain));
        self.holds(self.worlds.can_hold(both_ends(certain.iter().copied())) || is_found, || {
            format!("nothing is reported for {certain:?}, which are certain and cannot all hold")
        })?;
        for found in self.joint.iter().filter(|found| found.grade == "contradiction") {
            self.holds(found.claims.is_subset(&certain), || {
                format!("{:?} is a contradiction, but not all of its claims are certain", found.claims)
            })?;
        }
        Ok(())
    }

    fn is_certain(&self, claim: usize) -> bool {
        !self.drawn.claims[claim].probable
    }

    /// If one end is removed from each reported set, no clash across questions remains. If figures for one question
    /// clash with each other, this is checked once without their high ends and once without their low ends.
    fn no_other_conflict_remains(&self) -> Result<(), TestCaseError> {
        for put_aside in self.disputed_ends() {
            let ends = self.worlds.all() & !put_aside;
            let sets: Vec<Ends> =
                self.joint.iter().map(|found| both_ends(found.claims.iter().copied())).collect();
            self.holds(self.can_hold_without_one_end_each(ends, &sets), || {
                format!("some conflict is not reported (without disputed ends: {put_aside:b})")
            })?;
        }
        Ok(())
    }

    /// Whether all ends can hold after one end is removed from each set, together with its equivalent ends.
    fn can_hold_without_one_end_each(&self, ends: Ends, sets: &[Ends]) -> bool {
        if self.worlds.can_hold(ends) {
            return true;
        }
        let smallest_infeasible = self.worlds.smallest_infeasible(ends);
        (0..sets.len()).any(|at| {
            let mut others = sets.to_vec();
            let set = others.swap_remove(at);
            let broken = bits(set)
                .map(|broken| self.equivalent_ends(set, broken))
                .filter(|broken| broken & smallest_infeasible != 0);
            broken.into_iter().any(|broken| self.can_hold_without_one_end_each(ends & !broken, &others))
        })
    }

    /// An end of a set, with all ends that would also clash with the rest of the set: equally tight ends on the same
    /// question, and ends of larger wholes, which are reported in the same finding.
    fn equivalent_ends(&self, set: Ends, broken: Ends) -> Ends {
        let rest = set & !broken;
        let same_side = if broken & LOW_ENDS == 0 { !LOW_ENDS } else { LOW_ENDS };
        let does = |&other: &Ends| other & set == 0 && !self.worlds.can_hold(rest | other);
        bits(self.worlds.all() & same_side).filter(does).fold(broken, |all, other| all | other)
    }

    /// The high ends that clash with a low end on their own question, and those low ends.
    fn disputed_ends(&self) -> [Ends; 2] {
        let claims = 0..self.drawn.claims.len();
        let (mut highs, mut lows) = (0, 0);
        for low in claims.clone() {
            for high in claims.clone().filter(|&high| self.is_on_one_line(low, high)) {
                let (low, high) = (1 << (2 * low), 2 << (2 * high));
                if !self.worlds.can_hold(low | high) {
                    (highs, lows) = (highs | high, lows | low);
                }
            }
        }
        [highs, lows]
    }

    fn is_on_one_line(&self, one: usize, other: usize) -> bool {
        let is_ratio = |claim| self.drawn.is_ratio(claim);
        let question = |claim: usize| self.drawn.claims[claim].question;
        question(one) == question(other) && !is_ratio(one) && !is_ratio(other)
    }

    /// The claims of parties with only one claim on a question. They are certainly current.
    fn surely_current(&self) -> Set {
        let key = |claim: usize| (self.drawn.claims[claim].question, self.drawn.claims[claim].party);
        let all = 0..self.drawn.claims.len();
        all.clone()
            .filter(|&claim| all.clone().all(|other| other == claim || key(other) != key(claim)))
            .collect()
    }
}

/// The low ends of all claims.
const LOW_ENDS: Ends = 0x5555_5555;

fn bits(ends: Ends) -> impl Iterator<Item = Ends> {
    (0..Ends::BITS).map(|bit| 1 << bit).filter(move |bit| ends & bit != 0)
}

fn check_against_reference(drawn: &Drawn) -> Result<(), TestCaseError> {
    let compared = ComparedWorkspace::new(drawn);
    compared.sets_are_minimal()?;
    compared.no_set_contains_another()?;
    compared.conflicts_are_reported()?;
    compared.no_other_conflict_remains()
}

/// The number of cases: `least`, or `PROPTEST_CASES` if that is more.
fn cases(least: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        max_shrink_iters: 8_192,
        ..ProptestConfig::with_cases(asked.map_or(least, |asked: u32| asked.max(least)))
    }
}

/// Claims by another party about another event.
const UNRELATED: &str = "
actors: { z: {} }
events: { z0: {}, z1: { part-of: z0 } }
source: { id: z, publisher: z, published: 2026-06-01 }
claims:
  c100: { about: z0, measure: killed, value: 30, at: p1 }
  c101: { about: z1, measure: killed, of: civilians, value: 3, at: p1 }
";

/// The tool reads each figure as the range from which its wording was generated.
#[test]
fn drawn_wordings_are_read_as_drawn() {
    let mut runner = proptest::test_runner::TestRunner::new(cases(200));
    let strategy = prop_oneof![workspaces(LATER), series(true), series(false)];
    let read = |drawn: Drawn| {
        let analysis = analyse(&workspace(drawn.files(0, "-x")));
        let errors: Vec<_> = analysis.on_files().filter(|finding| finding.grade == Grade::Error).collect();
        prop_assert!(errors.is_empty(), "{errors:?}\n{}", drawn.as_text());
        prop_assert_eq!(analysis.model.answers.len(), drawn.claims.len());
        for (value, &claim) in analysis.model.answers.value.iter().zip(&analysis.model.answers.claim) {
            let name = analysis.model.claim_name(claim);
            let number: usize = name.rsplit("/c").next().unwrap().trim_end_matches("-x").parse().unwrap();
            let read = match value {
                Value::Figure(figure) => {
                    let high = (!figure.hard.is_open()).then_some(figure.hard.high / 1000);
                    Says::Figure(figure.hard.low / 1000, high)
                }
                Value::YesNo(yes) => Says::Occurred(*yes),
                Value::Share(share, of) => {
                    let id = analysis.model.populations.name(*of).trim_end_matches("-x");
                    let of = drawn.populations.iter().position(|population| population.id == id).unwrap();
                    Says::Share(share.low, share.high, of)
                }
                Value::Change(change, Base::Period(_) | Base::Subject(..)) => match drawn.claims[number].says
                {
                    Says::Change(_, _, base) => Says::Change(change.low, change.high, base),
                    other => other,
                },
                other => panic!("{other:?}"),
            };
            let says = match drawn.claims[number].says {
                Says::Denial => Says::Figure(1, None),
                says => says,
            };
            prop_assert_eq!(read, says, "{}", drawn.as_text());
        }
        Ok(())
    };
    runner.run(&strategy, read).unwrap();
}

#[test]
fn joint_findings_in_worked_examples() {
    let mut failed = Vec::new();
    for Worked { name, drawn, .. } in examples() {
        failed.extend(check_against_reference(&drawn).err().map(|why| format!("{name}: {why}")));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn joint_findings_that_propagation_decides(drawn in workspaces(UPWARDS)) {
        check_against_reference(&drawn)?;
    }

    #[test]
    fn joint_findings_of_all_constraints(drawn in workspaces(ANYTHING)) {
        check_against_reference(&drawn)?;
    }

    #[test]
    fn joint_findings_of_a_series(drawn in series(false)) {
        check_against_reference(&drawn)?;
    }

    #[test]
    fn joint_findings_of_series_beside_each_other(drawn in series(true)) {
        let compared = ComparedWorkspace::new(&drawn);
        compared.each_set_is_reported_once()?;
        compared.sets_are_minimal()?;
        compared.conflicts_are_reported()?;
    }

    #[test]
    fn joint_findings_of_parties_with_several_claims(drawn in workspaces(SHARED)) {
        let compared = ComparedWorkspace::new(&drawn);
        compared.each_set_is_reported_once()?;
        compared.sets_are_minimal()?;
        compared.conflicts_are_reported()?;
        compared.certain_conflicts_are_reported()?;
    }

    /// A claim that its party has superseded does not clash with others.
    #[test]
    fn joint_findings_of_parties_that_change_position(drawn in workspaces(LATER)) {
        let compared = ComparedWorkspace::new(&drawn);
        compared.each_set_is_reported_once()?;
        compared.sets_are_minimal()?;
        let current = compared.surely_current();
        // Another claim can replace one of these and be named instead.
        let is_found = !compared.found.is_empty();
        compared.holds(compared.worlds.can_hold(both_ends(current.iter().copied())) || is_found, || {
            format!("nothing is reported for {current:?}, although none of these is superseded")
        })?;
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn joint_findings_do_not_depend_on_order(drawn in workspaces(SHARED), turn in 1..8_usize) {
        let [straight, turned] = [0, turn].map(|turn| workspace(drawn.files(turn, "")));
        prop_assert_eq!(report(&straight, &analyse(&straight)), report(&turned, &analyse(&turned)));
    }

    #[test]
    fn joint_findings_do_not_depend_on_names(drawn in workspaces(SHARED)) {
        prop_assert_eq!(clashes_in(drawn.files(0, "")), clashes_in(drawn.files(0, "-x")), "{}", drawn.as_text());
    }

    #[test]
    fn joint_findings_do_not_depend_on_unrelated_claims(drawn in workspaces(SHARED)) {
        let mut more = drawn.files(0, "");
        more.push(("z.yaml".to_owned(), UNRELATED.to_owned()));
        prop_assert_eq!(clashes_in(drawn.files(0, "")), clashes_in(more), "{}", drawn.as_text());
    }

    /// The claims of a reported set are reported in the same way if they are the only claims. Without any one of
    /// them, nothing is reported.
    #[test]
    fn joint_findings_are_repeated_for_their_claims_alone(drawn in workspaces(ANYTHING)) {
        let compared = ComparedWorkspace::new(&drawn);
        for one in &compared.joint {
            let alone = clashes_in(drawn.only(&one.claims));
            // Other claims can show that a figure is not rounded. Then it is reported with another rule.
            let is_rounded = |other: &Found| other.rule == "rounding" && other.claims == one.claims;
            let is_found = alone == [one.clone()] || matches!(alone.as_slice(), [other] if is_rounded(other));
            compared.holds(is_found, || format!("the claims of {one:?} alone are reported as {alone:?}"))?;
            for spared in &one.claims {
                let rest: Set = one.claims.iter().copied().filter(|claim| claim != spared).collect();
                let left = clashes_in(drawn.only(&rest));
                compared.holds(left.is_empty(), || format!("without {spared}, {one:?} is reported as {left:?}"))?;
            }
        }
    }
}

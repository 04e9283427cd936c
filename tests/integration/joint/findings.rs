//! What the tool finds, held against the worlds.
//!
//! A failure shows the smallest workspace that shows it, what the tool found in it, and what cannot hold by
//! the worlds. Claims are told by their numbers: `c3` is 3.

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

/// Rules whose findings are of other things than figures and answers that cannot all hold.
const OTHERWISE: [&str; 6] = [
    "accounts-vary",
    "attribution-lost",
    "denial-narrower-than-charge",
    "figures-diverge",
    "one-origin",
    "rival-characterisation",
];

type Set = BTreeSet<usize>;

/// A finding that claims cannot all hold.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Found {
    rule: &'static str,
    grade: &'static str,
    claims: Set,
}

/// Every finding that claims cannot all hold, with roundings.
fn clashes(analysis: &Analysis) -> Vec<Found> {
    let number = |&claim| {
        let name = analysis.model.claim_name(claim);
        name.rsplit("/c").next().unwrap().trim_end_matches("-x").parse().unwrap()
    };
    let mut found: Vec<Found> = analysis
        .on_claims()
        .filter(|finding| finding.grade != Grade::Note || finding.rule == "rounding")
        .filter(|finding| !OTHERWISE.contains(&finding.rule))
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

/// Whether a finding is of more than one question. A share or a change is of two by itself.
fn is_joint(drawn: &Drawn, found: &Found) -> bool {
    questions(drawn, &found.claims).len() > 1 || found.claims.iter().any(|&claim| drawn.is_ratio(claim))
}

/// One workspace with what the tool finds in it.
struct Held<'a> {
    drawn: &'a Drawn,
    worlds: Worlds,
    found: Vec<Found>,
    joint: Vec<Found>,
}

impl<'a> Held<'a> {
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
            "{why}\n\n{}\nthe tool finds:\n  {}\nthe smallest sets that cannot hold are:\n  {:?}",
            self.drawn.shown(),
            found.join("\n  "),
            self.worlds.minimal_sets(),
        ))
    }

    fn holds(&self, what: bool, why: impl FnOnce() -> String) -> Result<(), TestCaseError> {
        if what { Ok(()) } else { Err(self.fail(&why())) }
    }

    /// Each set that is found cannot hold, and can without any one of its claims.
    fn sets_are_minimal(&self) -> Result<(), TestCaseError> {
        for Found { rule, claims, .. } in &self.joint {
            let ends = |set: &Set| both_ends(set.iter().copied());
            self.holds(!self.worlds.can_hold(ends(claims)), || format!("{rule} {claims:?} can all hold"))?;
            for spared in claims {
                let rest: Set = claims.iter().copied().filter(|claim| claim != spared).collect();
                self.holds(self.worlds.can_hold(ends(&rest)), || {
                    format!("{rule} {claims:?} cannot hold without claim {spared} either")
                })?;
            }
        }
        Ok(())
    }

    /// One set of claims gives one finding.
    fn sets_are_told_once(&self) -> Result<(), TestCaseError> {
        let mut seen: BTreeSet<&Set> = BTreeSet::new();
        for Found { rule, claims, .. } in &self.joint {
            self.holds(seen.insert(claims), || format!("{rule} {claims:?} is found twice"))?;
        }
        Ok(())
    }

    /// No two findings are of one set, and none of a set that holds another's.
    fn sets_hold_no_others(&self) -> Result<(), TestCaseError> {
        for (at, found) in self.joint.iter().enumerate() {
            for (other, inner) in self.joint.iter().enumerate() {
                self.holds(at == other || !inner.claims.is_subset(&found.claims), || {
                    format!("{:?} is found beside {:?}", found.claims, inner.claims)
                })?;
            }
        }
        Ok(())
    }

    /// Something is found where claims cannot all hold, and nothing across questions where they can.
    fn clashing_is_found(&self) -> Result<(), TestCaseError> {
        if self.worlds.can_hold(self.worlds.all()) {
            self.holds(self.joint.is_empty(), || "something is found, and all can hold".to_owned())
        } else {
            self.holds(!self.found.is_empty(), || "nothing is found, and not all can hold".to_owned())
        }
    }

    /// Where the certain claims alone cannot all hold, a finding names certain claims alone.
    fn certain_clashing_is_found(&self) -> Result<(), TestCaseError> {
        let certain: Set = (0..self.drawn.claims.len()).filter(|&claim| self.is_certain(claim)).collect();
        let is_found = self.found.iter().any(|found| found.claims.is_subset(&certain));
        self.holds(self.worlds.can_hold(both_ends(certain.iter().copied())) || is_found, || {
            format!("nothing is found in {certain:?}, which are certain and cannot all hold")
        })?;
        for found in self.joint.iter().filter(|found| found.grade == "contradiction") {
            self.holds(found.claims.is_subset(&certain), || {
                format!("{:?} is a contradiction, and not all of it is certain", found.claims)
            })?;
        }
        Ok(())
    }

    fn is_certain(&self, claim: usize) -> bool {
        !self.drawn.claims[claim].probable
    }

    /// With one end put aside for each set that is found, nothing across questions clashes any more. A
    /// disputed question is looked at without the high ends that clash within it, and without the low ones.
    fn nothing_else_clashes(&self) -> Result<(), TestCaseError> {
        for put_aside in self.disputed_ends() {
            let ends = self.worlds.all() & !put_aside;
            let sets: Vec<Ends> =
                self.joint.iter().map(|found| both_ends(found.claims.iter().copied())).collect();
            self.holds(self.can_be_freed(ends, &sets), || {
                format!("more than is found clashes (disputed ends put aside: {put_aside:b})")
            })?;
        }
        Ok(())
    }

    /// Whether there is one end in each of the sets so that all ends but those, and those that do as well,
    /// can hold.
    fn can_be_freed(&self, ends: Ends, sets: &[Ends]) -> bool {
        if self.worlds.can_hold(ends) {
            return true;
        }
        let stuck = self.worlds.stuck(ends);
        (0..sets.len()).any(|at| {
            let mut others = sets.to_vec();
            let set = others.swap_remove(at);
            let broken =
                bits(set).map(|broken| self.as_well(set, broken)).filter(|broken| broken & stuck != 0);
            broken.into_iter().any(|broken| self.can_be_freed(ends & !broken, &others))
        })
    }

    /// An end of a set and all that the rest of the set breaks as well: ends as tight on the same question,
    /// and those of wholes further up, which are told beside it.
    fn as_well(&self, set: Ends, broken: Ends) -> Ends {
        let rest = set & !broken;
        let same_side = if broken & LOW_ENDS == 0 { !LOW_ENDS } else { LOW_ENDS };
        let does = |&other: &Ends| other & set == 0 && !self.worlds.can_hold(rest | other);
        bits(self.worlds.all() & same_side).filter(does).fold(broken, |all, other| all | other)
    }

    /// The high ends that clash with a low end of their own question, and those low ends.
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

    /// The claims of parties that said nothing else on the same question: each is still what its party says.
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

fn hold_against_worlds(drawn: &Drawn) -> Result<(), TestCaseError> {
    let held = Held::new(drawn);
    held.sets_are_minimal()?;
    held.sets_hold_no_others()?;
    held.clashing_is_found()?;
    held.nothing_else_clashes()
}

/// So many cases, or more where `PROPTEST_CASES` asks for more.
fn cases(least: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        max_shrink_iters: 8_192,
        ..ProptestConfig::with_cases(asked.map_or(least, |asked: u32| asked.max(least)))
    }
}

/// Claims of another party about another event.
const UNRELATED: &str = "
actors: { z: {} }
events: { z0: {}, z1: { part-of: z0 } }
source: { id: z, publisher: z, published: 2026-06-01 }
claims:
  c100: { about: z0, measure: killed, value: 30, at: p1 }
  c101: { about: z1, measure: killed, of: civilians, value: 3, at: p1 }
";

/// The figures the tool reads are those the workspace was drawn with.
#[test]
fn drawn_wordings_are_read_as_drawn() {
    let mut runner = proptest::test_runner::TestRunner::new(cases(200));
    let strategy = prop_oneof![workspaces(LATER), series(true), series(false)];
    let read = |drawn: Drawn| {
        let analysis = analyse(&workspace(drawn.files(0, "-x")));
        let errors: Vec<_> = analysis.on_files().filter(|finding| finding.grade == Grade::Error).collect();
        prop_assert!(errors.is_empty(), "{errors:?}\n{}", drawn.shown());
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
            prop_assert_eq!(read, says, "{}", drawn.shown());
        }
        Ok(())
    };
    runner.run(&strategy, read).unwrap();
}

#[test]
fn joint_findings_in_worked_examples() {
    let mut failed = Vec::new();
    for Worked { name, drawn, .. } in examples() {
        failed.extend(hold_against_worlds(&drawn).err().map(|why| format!("{name}: {why}")));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn joint_findings_that_one_pass_decides(drawn in workspaces(UPWARDS)) {
        hold_against_worlds(&drawn)?;
    }

    #[test]
    fn joint_findings_of_anything(drawn in workspaces(ANYTHING)) {
        hold_against_worlds(&drawn)?;
    }

    #[test]
    fn joint_findings_of_a_series(drawn in series(false)) {
        hold_against_worlds(&drawn)?;
    }

    #[test]
    fn joint_findings_of_series_beside_each_other(drawn in series(true)) {
        let held = Held::new(&drawn);
        held.sets_are_told_once()?;
        held.sets_are_minimal()?;
        held.clashing_is_found()?;
    }

    #[test]
    fn joint_findings_of_parties_with_several_claims(drawn in workspaces(SHARED)) {
        let held = Held::new(&drawn);
        held.sets_are_told_once()?;
        held.sets_are_minimal()?;
        held.clashing_is_found()?;
        held.certain_clashing_is_found()?;
    }

    /// What a party no longer says counts against nobody else.
    #[test]
    fn joint_findings_of_parties_that_change_their_word(drawn in workspaces(LATER)) {
        let held = Held::new(&drawn);
        held.sets_are_told_once()?;
        held.sets_are_minimal()?;
        let current = held.surely_current();
        // Another claim may do as well as one of these, and be named in its place.
        let is_found = !held.found.is_empty();
        held.holds(held.worlds.can_hold(both_ends(current.iter().copied())) || is_found, || {
            format!("nothing is found in {current:?}, of which nothing is superseded")
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
        prop_assert_eq!(clashes_in(drawn.files(0, "")), clashes_in(drawn.files(0, "-x")), "{}", drawn.shown());
    }

    #[test]
    fn joint_findings_do_not_depend_on_claims_of_something_else(drawn in workspaces(SHARED)) {
        let mut more = drawn.files(0, "");
        more.push(("z.yaml".to_owned(), UNRELATED.to_owned()));
        prop_assert_eq!(clashes_in(drawn.files(0, "")), clashes_in(more), "{}", drawn.shown());
    }

    /// The claims of a set that is found are found by themselves, under the same name; without any one of
    /// them nothing is.
    #[test]
    fn joint_sets_stand_by_themselves(drawn in workspaces(ANYTHING)) {
        let held = Held::new(&drawn);
        for one in &held.joint {
            let alone = clashes_in(drawn.only(&one.claims));
            // What is rounded by itself may be shown by the others not to be, and then counts as more.
            let is_rounded = |other: &Found| other.rule == "rounding" && other.claims == one.claims;
            let is_found = alone == [one.clone()] || matches!(alone.as_slice(), [other] if is_rounded(other));
            held.holds(is_found, || format!("{one:?} by itself is found as {alone:?}"))?;
            for spared in &one.claims {
                let rest: Set = one.claims.iter().copied().filter(|claim| claim != spared).collect();
                let left = clashes_in(drawn.only(&rest));
                held.holds(left.is_empty(), || format!("of {one:?} without {spared} is left {left:?}"))?;
            }
        }
    }
}

//! Clashes across events, compared with a search of all pairs on small generated workspaces.

use std::fmt::Write as _;

use gainsay::finding::Finding;
use gainsay::workspace::Analysis;
use proptest::prelude::*;

use crate::support::{analyse, workspace};

const EVENTS: usize = 5;

/// The content of a claim about an event; days are in February 2026.
#[derive(Clone, Debug)]
enum ClaimContent {
    Date(usize, usize),
    Ended(usize, usize),
    Killed(bool),
    Occurred(bool),
}

/// A claim by its own party.
#[derive(Clone, Debug)]
struct GeneratedClaim {
    event: usize,
    says: ClaimContent,
    said: usize,
}

/// Claims, and events that are part of or after events with smaller numbers.
#[derive(Clone, Debug)]
struct GeneratedEvents {
    part_of: Vec<(usize, usize)>,
    after: Vec<(usize, usize)>,
    claims: Vec<GeneratedClaim>,
}

fn generated_events() -> impl Strategy<Value = GeneratedEvents> {
    let span = || (1..9_usize, 0..3_usize).prop_map(|(first, days)| (first, first + days));
    let says = prop_oneof![
        span().prop_map(|(first, last)| ClaimContent::Date(first, last)),
        span().prop_map(|(first, last)| ClaimContent::Ended(first, last)),
        any::<bool>().prop_map(ClaimContent::Killed),
        any::<bool>().prop_map(ClaimContent::Occurred),
    ];
    let claim =
        (0..EVENTS, says, 1..12_usize).prop_map(|(event, says, said)| GeneratedClaim { event, says, said });
    let edges = || {
        let pair = (0..EVENTS, 0..EVENTS).prop_filter("of two", |(a, b)| a != b);
        prop::collection::vec(pair.prop_map(|(a, b)| (a.max(b), a.min(b))), 0..4)
    };
    (edges(), edges(), prop::collection::vec(claim, 0..9))
        .prop_map(|(part_of, after, claims)| GeneratedEvents { part_of, after, claims })
}

impl GeneratedEvents {
    fn file(&self) -> String {
        let mut text = "actors: { paper: {}".to_owned();
        for at in 0..self.claims.len() {
            let _ = write!(text, ", p{at}: {{}}");
        }
        text.push_str(" }\nevents:\n");
        for event in 0..EVENTS {
            let of = |edges: &[(usize, usize)]| {
                let mut others: Vec<_> = edges.iter().filter(|(one, _)| *one == event).collect();
                others.sort();
                others.dedup();
                others.iter().map(|(_, other)| format!("e{other}")).collect::<Vec<_>>().join(", ")
            };
            let (part_of, after) = (of(&self.part_of), of(&self.after));
            let _ = writeln!(text, "  e{event}: {{ part-of: [{part_of}], after: [{after}] }}");
        }
        text.push_str("source: { id: s, publisher: paper, published: 2026-06-01 }\nclaims:\n");
        for (at, GeneratedClaim { event, says, said }) in self.claims.iter().enumerate() {
            let (measure, value) = match says {
                ClaimContent::Date(first, last) => ("date", format!("2026-02-{first:02}/2026-02-{last:02}")),
                ClaimContent::Ended(first, last) => {
                    ("ended", format!("2026-02-{first:02}/2026-02-{last:02}"))
                }
                ClaimContent::Killed(some) => ("killed", if *some { "5" } else { "0" }.to_owned()),
                ClaimContent::Occurred(yes) => ("occurred", if *yes { "yes" } else { "no" }.to_owned()),
            };
            let _ = writeln!(
                text,
                "  c{at}: {{ by: p{at}, about: e{event}, measure: {measure}, value: {value}, said: 2026-02-{said:02} }}",
            );
        }
        if self.claims.is_empty() {
            text.push_str("  {}\n");
        }
        text
    }

    /// Whether one moment is known to be no later than another. Starts are even, ends are odd.
    fn no_later(&self) -> Vec<Vec<bool>> {
        let mut known = vec![vec![false; 2 * EVENTS]; 2 * EVENTS];
        for event in 0..EVENTS {
            known[2 * event][2 * event + 1] = true;
        }
        for &(part, whole) in &self.part_of {
            known[2 * whole][2 * part] = true;
            known[2 * part + 1][2 * whole + 1] = true;
        }
        for &(event, other) in &self.after {
            known[2 * other][2 * event] = true;
        }
        for by in 0..2 * EVENTS {
            for a in 0..2 * EVENTS {
                for b in 0..2 * EVENTS {
                    known[a][b] |= known[a][by] && known[by][b];
                }
            }
        }
        known
    }

    /// Whether an event is part of another or the same event.
    fn is_within(&self, part: usize, whole: usize) -> bool {
        part == whole || self.part_of.iter().any(|&(one, other)| one == part && self.is_within(other, whole))
    }

    /// The moment that a claim dates, with the first and last day it gives.
    fn dated(&self, claim: usize) -> Option<(usize, usize, usize)> {
        match self.claims[claim] {
            GeneratedClaim { event, says: ClaimContent::Date(first, last), .. } => {
                Some((2 * event, first, last))
            }
            GeneratedClaim { event, says: ClaimContent::Ended(first, last), .. } => {
                Some((2 * event + 1, first, last))
            }
            _ => None,
        }
    }

    /// Whether a claim implies that its event occurred, and whether it says so explicitly.
    fn shows(&self, claim: usize) -> Option<bool> {
        match self.claims[claim].says {
            ClaimContent::Killed(true) => Some(false),
            ClaimContent::Occurred(true) => Some(true),
            _ => None,
        }
    }
}

/// The findings of a rule across questions.
fn findings_across_questions<'a>(analysis: &'a Analysis, rule: &'static str) -> Vec<&'a Finding> {
    analysis.on_claims().filter(|finding| finding.rule == rule && finding.questions().len() > 1).collect()
}

fn claim_numbers(analysis: &Analysis, finding: &Finding) -> Vec<usize> {
    let name = |&claim| analysis.model.claim(claim).name[1..].parse().unwrap();
    finding.claims().iter().map(name).collect()
}

fn moment_name(moment: usize) -> String {
    format!("e{}/{}", moment / 2, if moment.is_multiple_of(2) { "date" } else { "ended" })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Each reported pair of dates clashes. Every last day that is before some first day is in a finding,
    /// as one of its claims or as a further one.
    #[test]
    fn date_clashes_are_those_of_all_pairs(made in generated_events()) {
        let analysis = analyse(&workspace(vec![("claims.yaml".to_owned(), made.file())]));
        let no_later = made.no_later();
        let clash = |last: usize, first: usize| match (made.dated(last), made.dated(first)) {
            (Some((end, _, last)), Some((start, first, _))) => {
                start != end && no_later[start][end] && first > last
            }
            _ => false,
        };
        let findings = findings_across_questions(&analysis, "dates-disagree");
        for finding in &findings {
            let named = claim_numbers(&analysis, finding);
            prop_assert!(named.len() == 2 && clash(named[0], named[1]), "{}", finding.message);
        }
        let questions: Vec<String> = findings.iter()
            .flat_map(|finding| finding.questions())
            .map(|&question| analysis.model.question_name(question))
            .collect();
        for last in 0..made.claims.len() {
            if (0..made.claims.len()).any(|first| clash(last, first)) {
                let question = moment_name(made.dated(last).unwrap().0);
                prop_assert!(questions.contains(&question), "{question} is violated and not reported");
            }
        }
        let mut own: Vec<_> = findings.iter().map(|finding| finding.questions()[0]).collect();
        own.sort();
        own.dedup();
        prop_assert_eq!(own.len(), findings.len(), "a violated day is reported twice");
    }

    /// A denied event is reported once, exactly if something shows that it or a part of it occurred.
    #[test]
    fn denied_events_are_those_of_all_pairs(made in generated_events()) {
        let analysis = analyse(&workspace(vec![("claims.yaml".to_owned(), made.file())]));
        let findings = findings_across_questions(&analysis, "denied");
        for event in 0..EVENTS {
            let denies = |made: &GeneratedClaim| made.event == event && matches!(made.says, ClaimContent::Occurred(false));
            let shows = |at: usize| {
                let part = made.claims[at].event;
                let word = made.shows(at);
                made.is_within(part, event) && word.is_some_and(|yes| !yes || part != event)
            };
            let broken = made.claims.iter().any(denies) && (0..made.claims.len()).any(shows);
            let name = format!("e{event}/occurred");
            let of_event: Vec<_> = findings.iter()
                .filter(|finding| analysis.model.question_name(finding.questions()[0]) == name)
                .collect();
            prop_assert_eq!(of_event.len(), usize::from(broken), "{}", name);
            for finding in of_event {
                let named = claim_numbers(&analysis, finding);
                prop_assert!(shows(named[0]) && denies(&made.claims[named[1]]), "{}", finding.message);
                let greatest = (0..made.claims.len()).any(|at| shows(at) && made.shows(at) == Some(false));
                prop_assert_eq!(made.shows(named[0]) == Some(false), greatest, "a figure is named first if there is one");
            }
        }
    }

    /// A claim reported as too early was made before the earliest possible day of its event. If all dates can hold
    /// together, every event with such claims is reported once.
    #[test]
    fn claims_made_too_early_are_those_of_all_pairs(made in generated_events()) {
        let analysis = analyse(&workspace(vec![("claims.yaml".to_owned(), made.file())]));
        let no_later = made.no_later();
        let early = |at: usize, date: usize| {
            let GeneratedClaim { event, said, .. } = made.claims[at];
            let reaches = |moment: usize| moment == 2 * event || no_later[moment][2 * event];
            made.shows(at).is_some()
                && made.dated(date).is_some_and(|(moment, first, _)| reaches(moment) && said < first)
        };
        let findings = findings_across_questions(&analysis, "said-too-early");
        for finding in &findings {
            let named = claim_numbers(&analysis, finding);
            prop_assert!(early(named[0], named[1]), "{}", finding.message);
        }
        let all = || 0..made.claims.len();
        if analysis.on_claims().any(|finding| finding.rule == "dates-disagree") {
            return Ok(());
        }
        for event in 0..EVENTS {
            let of_event = |&at: &usize| made.claims[at].event == event;
            let is_early = all().filter(of_event).any(|at| all().any(|date| early(at, date)));
            let found = findings.iter().filter(|finding| of_event(&claim_numbers(&analysis, finding)[0])).count();
            prop_assert_eq!(found, usize::from(is_early), "e{}", event);
        }
    }
}

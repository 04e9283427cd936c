//! What kinds of people there can be, and what claims and the passing of time ask of how many there are.

use std::cell::RefCell;

use super::structure::{self, Set, holds};
use super::{Counted, FINAL, Figure, Kind, Row, SETTLES, Worlds};
use crate::joint::drawn::{Claim, Drawn, Measure, Says, Subject};

/// A workspace while its worlds are set up.
pub(super) struct Asked<'a> {
    drawn: &'a Drawn,
    /// Years of series; they stand behind the events.
    years: Vec<(usize, u16)>,
    /// For each event the day from which its figures are final.
    settled: Vec<Option<i32>>,
    days: Vec<i32>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(drawn: &'a Drawn) -> Self {
        let within = structure::events_within(&drawn.events);
        // A whole settles no earlier than its parts.
        let settled = (0..drawn.events.len()).map(|whole| {
            let parts = (0..drawn.events.len()).filter(|&part| holds(within[part], whole));
            parts.filter_map(|part| drawn.events[part].end).max().map(|end| end + SETTLES)
        });
        let mut asked = Self { drawn, years: Vec::new(), settled: settled.collect(), days: vec![FINAL] };
        for claim in &drawn.claims {
            asked.note_year(claim.question.0);
            if let Says::Change(_, _, base) = claim.says {
                asked.note_year(base);
            }
        }
        // What stands beside a year is asked for the same year.
        for (series, year) in asked.years.clone() {
            let others = 0..drawn.series.len();
            for other in others.filter(|&other| asked.is_beside(series, other)).collect::<Vec<_>>() {
                asked.note_year(Subject::Series(other, year));
            }
        }
        let days: Vec<i32> = drawn.claims.iter().map(|claim| asked.day_of(claim)).collect();
        asked.days.extend(days);
        asked.days.sort_unstable();
        asked.days.dedup();
        asked
    }

    fn note_year(&mut self, subject: Subject) {
        if let Subject::Series(series, year) = subject
            && !self.years.contains(&(series, year))
        {
            self.years.push((series, year));
        }
    }

    fn is_beside(&self, one: usize, other: usize) -> bool {
        self.drawn.series[one].contains(&other) || self.drawn.series[other].contains(&one)
    }

    fn subject(&self, subject: Subject) -> usize {
        match subject {
            Subject::Event(event) => event,
            Subject::Series(series, year) => {
                self.drawn.events.len()
                    + self.years.iter().position(|&known| known == (series, year)).unwrap()
            }
        }
    }

    /// The day a claim binds: of a toll its own until the toll is final, of all else one for all.
    fn day_of(&self, claim: &Claim) -> i32 {
        let (subject, measure, _) = claim.question;
        let grows = Counted::of(measure).iter().all(|counted| counted.grows());
        match subject {
            Subject::Event(event) if grows && claim.says != Says::Denial => {
                self.settled[event].map_or(FINAL, |settled| claim.as_of.min(settled))
            }
            _ => FINAL,
        }
    }

    pub(super) fn worlds(&self) -> Worlds {
        let mut ends = Vec::new();
        for claim in &self.drawn.claims {
            ends.extend(self.ends_of(claim));
        }
        Worlds {
            kinds: self.kinds(),
            days: self.days.clone(),
            always: self.growth(),
            ends,
            alike: self.alike(),
            known: RefCell::default(),
        }
    }

    /// Populations that claims speak of, and all they are part of. Nobody need belong to another.
    fn spoken_of(&self) -> Set {
        let within = structure::populations_within(self.drawn.populations);
        self.drawn.claims.iter().fold(1, |set, claim| {
            let of = match claim.says {
                Says::Share(_, _, of) => within[of],
                _ => 0,
            };
            set | within[claim.question.2] | of
        })
    }

    /// What claims count; where something did not occur, also what that would be.
    fn counted(&self) -> impl Iterator<Item = Counted> {
        let measures: Vec<Measure> = self.drawn.claims.iter().map(|claim| claim.question.1).collect();
        let is_counted =
            move |counted: &Counted| measures.iter().any(|&measure| Counted::of(measure).contains(counted));
        Counted::ALL.into_iter().filter(is_counted)
    }

    fn kinds(&self) -> Vec<Kind> {
        let of_events = structure::sets_of_events(&self.drawn.events);
        let years = (0..self.years.len()).map(|year| 1 << (self.drawn.events.len() + year));
        let subjects: Vec<Set> = of_events.into_iter().chain(years).collect();
        let populations = structure::sets_of_populations(self.drawn.populations, self.spoken_of());
        let mut kinds = Vec::new();
        for counted in self.counted() {
            let (subjects, populations) = match counted {
                // A complete whole may have occurred though none of its parts is said to have.
                Counted::Occurred => (structure::events_within(&self.drawn.events), vec![1]),
                Counted::Attacks => (subjects.clone(), vec![1]),
                _ => (subjects.clone(), populations.clone()),
            };
            for &subjects in &subjects {
                kinds.extend(populations.iter().map(|&populations| Kind { subjects, populations, counted }));
            }
        }
        kinds
    }

    /// The figure of each question does not fall from one day to the next, and stands still once it is final.
    /// Who belongs to what may come out later: it is figures that grow, not kinds of people.
    fn growth(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let populations = self.spoken_of();
        let populations = (0..32).filter(|&population| holds(populations, population));
        for (population, days) in populations.flat_map(|of| self.days.windows(2).map(move |days| (of, days)))
        {
            for counted in self.counted().filter(|counted| counted.grows()) {
                for (subject, settled) in self.settled.iter().enumerate() {
                    let at = |day| Figure { subject, population, counted, day };
                    let terms = vec![(1.0, at(days[1])), (-1.0, at(days[0]))];
                    if settled.is_none_or(|settled| settled <= days[0]) {
                        let back = terms.iter().map(|&(times, figure)| (-times, figure)).collect();
                        rows.push(Row { terms: back, least: 0.0 });
                    }
                    rows.push(Row { terms, least: 0.0 });
                }
            }
        }
        rows
    }

    /// What the low and the high end of a claim ask for.
    fn ends_of(&self, claim: &Claim) -> [Vec<Row>; 2] {
        let day = self.day_of(claim);
        let (subject, measure, population) = claim.question;
        let subject = self.subject(subject);
        let times = |factor: f64, subject: usize, population: usize, counted: &[Counted], day: i32| {
            let term = |&counted: &Counted| (factor, Figure { subject, population, counted, day });
            counted.iter().map(term).collect::<Vec<_>>()
        };
        let own = |factor: f64| times(factor, subject, population, Counted::of(measure), day);
        let least = |least: f64, terms: Vec<_>| vec![Row { terms, least }];
        let ratio = |low: i64, high: i64, base: &dyn Fn(f64) -> Vec<(f64, Figure)>| {
            let factor = |millionths: i64| millionths as f64 / 1e6;
            let above = own(1.0).into_iter().chain(base(-factor(low))).collect();
            let below = own(-1.0).into_iter().chain(base(factor(high))).collect();
            [least(0.0, above), least(0.0, below)]
        };
        match claim.says {
            Says::Figure(low, high) => {
                let above = if low > 0 { least(low as f64, own(1.0)) } else { Vec::new() };
                [above, high.map_or(Vec::new(), |high| least(-high as f64, own(-1.0)))]
            }
            Says::Denial => [Vec::new(), least(0.0, own(-1.0))],
            Says::Occurred(true) => [least(1.0, own(1.0)), Vec::new()],
            Says::Occurred(false) => {
                let counted: Vec<Counted> = self.counted().collect();
                [Vec::new(), least(0.0, times(-1.0, subject, 0, &counted, FINAL))]
            }
            Says::Share(low, high, of) => {
                ratio(low, high, &|factor| times(factor, subject, of, Counted::of(measure), day))
            }
            Says::Change(low, high, base) => {
                let base = self.subject(base);
                ratio(low, high, &|factor| times(factor, base, population, Counted::of(measure), FINAL))
            }
        }
    }

    /// Each question that two series beside each other both answer.
    fn alike(&self) -> Vec<(Figure, Figure)> {
        let mut alike = Vec::new();
        for &(one, year) in &self.years {
            for other in (0..one).filter(|&other| self.is_beside(one, other)) {
                for population in (0..32).filter(|&population| holds(self.spoken_of(), population)) {
                    for counted in self.counted() {
                        let [one, other] = [one, other].map(|series| {
                            let subject = self.subject(Subject::Series(series, year));
                            Figure { subject, population, counted, day: FINAL }
                        });
                        alike.push((one, other));
                    }
                }
            }
        }
        alike
    }
}

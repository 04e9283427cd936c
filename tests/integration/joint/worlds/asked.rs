//! The kinds of people that can exist, and the rows for claims and for the passing of time.

use std::cell::RefCell;

use super::structure::{self, Set, holds};
use super::{Counted, FINAL, Figure, Kind, Row, SETTLES, Worlds};
use crate::joint::drawn::{Claim, Drawn, Measure, Says, Subject};

/// A workspace from which the worlds are built.
pub(super) struct Asked<'a> {
    drawn: &'a Drawn,
    /// The years of series. They come after the events.
    years: Vec<(usize, u16)>,
    /// For each event, the day from which its figures are final.
    settled: Vec<Option<i32>>,
    days: Vec<i32>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(drawn: &'a Drawn) -> Self {
        let within = structure::events_within(&drawn.events);
        // A whole is not final before its parts.
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
        // Figures of a series for one year are compared with those of the series `beside` it for the same year.
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

    /// The day on which a claim holds. For a toll that is not final it is the day that the claim describes. For
    /// everything else it is one common day.
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

    /// The populations of claims and all their wholes. Nobody has to belong to other populations.
    fn mentioned_populations(&self) -> Set {
        let within = structure::populations_within(self.drawn.populations);
        self.drawn.claims.iter().fold(1, |set, claim| {
            let of = match claim.says {
                Says::Share(_, _, of) => within[of],
                _ => 0,
            };
            set | within[claim.question.2] | of
        })
    }

    /// The measures of claims. If an event did not occur, also the measures that would show that it did.
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
        let populations =
            structure::sets_of_populations(self.drawn.populations, self.mentioned_populations());
        let mut kinds = Vec::new();
        for counted in self.counted() {
            let (subjects, populations) = match counted {
                // A complete whole can have occurred even if no claim says that one of its parts did.
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

    /// A question's figure does not fall from one day to the next, and does not change once it is final. It
    /// can become known later who belongs to which population, so figures grow and kinds of people do not.
    fn growth(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let populations = self.mentioned_populations();
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

    /// The rows for the low and the high end of a claim.
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

    /// Each question that is answered in two series `beside` each other.
    fn alike(&self) -> Vec<(Figure, Figure)> {
        let mut alike = Vec::new();
        for &(one, year) in &self.years {
            for other in (0..one).filter(|&other| self.is_beside(one, other)) {
                for population in
                    (0..32).filter(|&population| holds(self.mentioned_populations(), population))
                {
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

//! The planted figures of one group, and claims whose ranges contain one of them.

use super::plan::REPORT_DAYS;
use super::{EVENTS, GROUP, OPEN, POPULATIONS};
use crate::random::Random;

/// A figure that can grow.
#[derive(Clone, Copy, Default)]
struct PlantedToll {
    first: i64,
    a_day: i64,
}

impl PlantedToll {
    fn on(self, day: i64) -> i64 {
        self.first + self.a_day * day
    }

    fn and(self, other: Self) -> Self {
        Self { first: self.first + other.first, a_day: self.a_day + other.a_day }
    }
}

/// The figures of a group. Without disputes, civilians and combatants add up to all people, and parts are at most their
/// whole. With disputes, a whole is at least the highest position of each of its parts.
pub(super) struct Truth {
    tolls: [PlantedToll; GROUP],
    /// The figures of the second and later positions.
    further: [[i64; 3]; GROUP],
    positions: [usize; GROUP],
}

impl Truth {
    /// Figures for questions with the given numbers of positions.
    pub(super) fn new(positions: &[u8], grows: bool, random: &mut Random) -> Self {
        let positions = std::array::from_fn(|at| usize::from(positions[at]));
        let mut truth = Self { tolls: [PlantedToll::default(); GROUP], further: [[0; 3]; GROUP], positions };
        for event in (1..EVENTS).chain([0]) {
            let parts = if event == 0 { 1..EVENTS } else { 0..0 };
            for population in 1..POPULATIONS {
                let own = PlantedToll {
                    first: random.between(10, 60),
                    a_day: if grows { random.between(0, 2) } else { 0 },
                };
                let toll = parts.clone().map(|part| truth.room(part, population)).fold(own, PlantedToll::and);
                truth.set(event, population, toll, random);
            }
            let both = truth.room(event, 1).and(truth.room(event, 2));
            let of_parts =
                parts.map(|part| truth.room(part, 0)).fold(PlantedToll::default(), PlantedToll::and);
            let whole = PlantedToll { first: both.first.max(of_parts.first), ..both };
            truth.set(event, 0, whole, random);
        }
        truth
    }

    fn set(&mut self, event: usize, population: usize, toll: PlantedToll, random: &mut Random) {
        let at = event * POPULATIONS + population;
        self.tolls[at] = toll;
        let mut last = toll.on(REPORT_DAYS);
        for further in &mut self.further[at] {
            last += (last / 2).max(6) + random.between(0, 8);
            *further = last;
        }
    }

    /// The minimum of a whole: the highest position of a question.
    fn room(&self, event: usize, population: usize) -> PlantedToll {
        let at = event * POPULATIONS + population;
        if self.positions.iter().all(|&positions| positions == 1) {
            return self.tolls[at];
        }
        PlantedToll { first: self.figure(at, self.positions[at] - 1, REPORT_DAYS), a_day: 0 }
    }

    /// The figure of a position on a day.
    fn figure(&self, at: usize, position: usize, day: i64) -> i64 {
        match position {
            0 => self.tolls[at].on(day),
            further => self.further[at][further - 1],
        }
    }

    /// How far a range can extend around a figure without reaching the next position.
    fn radius(&self, at: usize) -> i64 {
        let first = self.tolls[at].first;
        let figures = (0..self.positions[at])
            .map(|position| self.figure(at, position, REPORT_DAYS))
            .collect::<Vec<_>>();
        let gap = figures.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(i64::MAX);
        (gap / 2 - 1).min(1 + first / 5).min(first - 1)
    }

    /// The range of the nth claim on a question. The first claims take one position each; later ones take any position
    /// or contain all of them. The usual range contains the same positions.
    pub(super) fn range_of_claim(&self, at: usize, nth: usize, day: i64, random: &mut Random) -> (i64, i64) {
        let positions = self.positions[at];
        let position = if nth < positions { nth } else { random.below(positions) };
        let (figure, radius) = (self.figure(at, position, day), self.radius(at));
        if nth >= positions && random.chance(20) {
            let (lowest, highest) =
                (self.figure(at, 0, day) - radius, self.figure(at, positions - 1, day) + radius);
            let at_least = random.chance(60);
            return if at_least { (lowest * 9 / 10, OPEN) } else { (0, highest + highest / 5) };
        }
        if random.chance(50) {
            return (figure, figure);
        }
        (figure - random.between(0, radius), figure + random.between(0, radius))
    }
}

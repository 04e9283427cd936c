//! Examples solved by hand, with the smallest sets of their claims that cannot hold. They test the reference.

use std::collections::BTreeSet;

use super::drawn::{Claim, Drawn, Event, Measure, Says, Subject};
use super::vocabularies::VOCABULARIES;
use super::worlds::Worlds;
use Measure::{Casualties, Injured, Killed, Occurred};

/// Populations, as indexes in the second vocabulary.
const PEOPLE: usize = 0;
const CIVILIANS: usize = 1;
const COMBATANTS: usize = 2;
const MILITANTS: usize = 3;
const SOLDIERS: usize = 4;

/// An example, with the smallest sets of its claims that cannot hold.
pub(crate) struct Worked {
    pub(crate) name: &'static str,
    pub(crate) drawn: Drawn,
    pub(crate) sets: &'static [&'static [usize]],
}

/// An example about events, each with its wholes.
fn about(name: &'static str, wholes: &[&[usize]]) -> Worked {
    let event = |part_of: &&[usize]| Event { part_of: part_of.to_vec(), ..Event::default() };
    let events = wholes.iter().map(event).collect();
    let drawn = Drawn { events, populations: VOCABULARIES[1], ..Drawn::default() };
    Worked { name, drawn, sets: &[] }
}

/// An example about series, each with the series that it is `beside`.
fn of_series(name: &'static str, beside: &[&[usize]]) -> Worked {
    let mut worked = about(name, &[]);
    worked.drawn.series = beside.iter().map(|series| series.to_vec()).collect();
    worked
}

impl Worked {
    /// Sets the last days of the events.
    fn ended(mut self, days: &[i32]) -> Self {
        for (event, &day) in self.drawn.events.iter_mut().zip(days) {
            event.end = Some(day);
        }
        self
    }

    fn overlap(mut self, one: usize, other: usize) -> Self {
        self.drawn.events[one].overlaps.push(other);
        self
    }

    fn complete(mut self, event: usize) -> Self {
        self.drawn.events[event].complete = true;
        self
    }

    /// Adds a claim about an event on a day.
    fn says(self, event: usize, measure: Measure, of: usize, says: Says, as_of: i32) -> Self {
        self.adds((Subject::Event(event), measure, of), says, as_of)
    }

    fn adds(mut self, question: (Subject, Measure, usize), says: Says, as_of: i32) -> Self {
        let at = self.drawn.claims.len();
        let words = match says {
            Says::Figure(low, Some(high)) if low == high => low.to_string(),
            Says::Figure(0, Some(high)) => format!("up to {high}"),
            Says::Figure(low, Some(high)) => format!("{low}-{high}"),
            Says::Figure(low, None) => format!("at least {low}"),
            Says::Denial => String::new(),
            Says::Occurred(yes) => if yes { "yes" } else { "no" }.to_owned(),
            Says::Share(..) => "half of".to_owned(),
            Says::Change(..) => "+21% on".to_owned(),
        };
        let (said, source) = (61, at % 2);
        self.drawn.claims.push(Claim {
            question,
            says,
            words,
            as_of,
            said,
            party: at,
            source,
            probable: false,
        });
        self
    }

    /// Adds a claim on the killed of an event, without a particular day.
    fn killed(self, event: usize, of: usize, says: Says) -> Self {
        self.says(event, Killed, of, says, 60)
    }

    /// Adds a claim on the killed in one year of a series.
    fn in_year(self, series: usize, year: u16, of: usize, says: Says) -> Self {
        self.adds((Subject::Series(series, year), Killed, of), says, 60)
    }

    fn clash(mut self, sets: &'static [&'static [usize]]) -> Self {
        self.sets = sets;
        self
    }
}

fn exactly(value: i64) -> Says {
    Says::Figure(value, Some(value))
}

fn at_least(value: i64) -> Says {
    Says::Figure(value, None)
}

fn up_to(value: i64) -> Says {
    Says::Figure(0, Some(value))
}

const HALF_OF_PEOPLE: Says = Says::Share(450_000, 550_000, PEOPLE);

fn up_by_21_percent(base: Subject) -> Says {
    Says::Change(1_205_000, 1_215_000, base)
}

/// All examples.
pub(crate) fn examples() -> Vec<Worked> {
    [sums(), parts(), times(), measures(), ratios(), others()].into_iter().flatten().collect()
}

fn sums() -> Vec<Worked> {
    let forty = |name| {
        let worked = about(name, &[&[], &[0], &[0]]).killed(1, PEOPLE, exactly(40));
        worked.killed(1, CIVILIANS, exactly(25)).killed(1, COMBATANTS, exactly(20))
    };
    vec![
        forty("25 and 20 are more than 40").clash(&[&[0, 1, 2]]),
        forty("at least 22 clashes as 25 does")
            .killed(1, CIVILIANS, Says::Figure(22, Some(26)))
            .clash(&[&[0, 1, 2], &[0, 2, 3]]),
        forty("the same two claims exceed the larger event too")
            .killed(0, PEOPLE, exactly(44))
            .clash(&[&[0, 1, 2], &[1, 2, 3]]),
        forty("another part forms a set of its own")
            .killed(0, PEOPLE, exactly(50))
            .killed(2, PEOPLE, exactly(10))
            .clash(&[&[0, 1, 2], &[1, 2, 3, 4]]),
        about("militants and soldiers exclude each other", &[&[]])
            .killed(0, COMBATANTS, exactly(30))
            .killed(0, MILITANTS, exactly(20))
            .killed(0, SOLDIERS, at_least(12))
            .clash(&[&[0, 1, 2]]),
        about("part of a part is not added again", &[&[]])
            .killed(0, PEOPLE, exactly(50))
            .killed(0, CIVILIANS, exactly(20))
            .killed(0, COMBATANTS, exactly(30))
            .killed(0, MILITANTS, exactly(25)),
        about("a remainder without a name", &[&[], &[0]])
            .killed(0, PEOPLE, exactly(28))
            .killed(0, CIVILIANS, exactly(23))
            .killed(1, PEOPLE, at_least(15))
            .killed(1, CIVILIANS, up_to(7))
            .clash(&[&[0, 1, 2, 3]]),
        about("a remainder that fits", &[&[], &[0]])
            .killed(0, PEOPLE, exactly(28))
            .killed(0, CIVILIANS, exactly(23))
            .killed(1, PEOPLE, at_least(12))
            .killed(1, CIVILIANS, up_to(7)),
    ]
}

fn parts() -> Vec<Worked> {
    let three = |name, whole: i64, values: [i64; 3]| {
        let worked = about(name, &[&[], &[0], &[0], &[0]]).killed(0, PEOPLE, exactly(whole));
        (1..).zip(values).fold(worked, |worked, (at, value)| worked.killed(at, PEOPLE, exactly(value)))
    };
    vec![
        three("30, 30 and 15 in 40", 40, [30, 30, 15]).clash(&[&[0, 1, 2], &[0, 1, 3], &[0, 2, 3]]),
        three("50, 30 and 30 in 40", 40, [50, 30, 30]).clash(&[&[0, 1], &[0, 2, 3]]),
        three("parts that overlap count once", 30, [20, 20, 8]).overlap(1, 2),
        three("parts that overlap add up with others", 27, [20, 20, 8])
            .overlap(1, 2)
            .clash(&[&[0, 1, 3], &[0, 2, 3]]),
        three("parts can overlap through a third part", 30, [20, 8, 20]).overlap(2, 1).overlap(2, 3),
        about("a common part makes two parts overlap", &[&[], &[0], &[0], &[1, 2]])
            .killed(0, PEOPLE, exactly(30))
            .killed(1, PEOPLE, exactly(20))
            .killed(2, PEOPLE, exactly(20)),
        about("a whole that follows from another whole adds nothing", &[&[], &[0], &[0, 1]])
            .killed(0, PEOPLE, exactly(30))
            .killed(1, PEOPLE, exactly(20))
            .killed(2, PEOPLE, exactly(20)),
        three("complete parts add up to the whole", 50, [20, 20, 8]).complete(0).clash(&[&[0, 1, 2, 3]]),
        three("complete and overlapping", 50, [20, 20, 20]).complete(0).overlap(1, 2),
        three("incomplete parts need not add up to the whole", 50, [20, 20, 8]),
    ]
}

fn times() -> Vec<Worked> {
    let campaign = |name| about(name, &[&[], &[0]]).ended(&[0, 0]);
    let longer = |name| about(name, &[&[], &[0]]).ended(&[0, 14]);
    let dead = |worked: Worked, whole: i32, part: i32| {
        worked.says(0, Killed, PEOPLE, exactly(30), whole).says(1, Killed, PEOPLE, exactly(36), part)
    };
    let found_out = |worked: Worked, first: usize, last: usize, part: usize| {
        let worked = worked.says(0, Killed, PEOPLE, exactly(10), 1).says(first, Killed, part, exactly(3), 1);
        worked.says(0, Killed, PEOPLE, exactly(12), 5).says(last, Killed, part, exactly(6), 5)
    };
    vec![
        dead(campaign("an earlier part in a later whole"), 5, 1).clash(&[&[0, 1]]),
        dead(campaign("a later part in an earlier whole"), 1, 5),
        dead(campaign("both final, in any order"), 31, 60).clash(&[&[0, 1]]),
        dead(campaign("final on the first final day"), 30, 60).clash(&[&[0, 1]]),
        dead(campaign("not yet final the day before"), 29, 60),
        dead(longer("a whole is not final before its parts"), 31, 60),
        dead(longer("both are final with the later one"), 44, 60).clash(&[&[0, 1]]),
        campaign("a toll that falls is a clash within its question")
            .says(0, Killed, PEOPLE, at_least(36), 1)
            .says(0, Killed, PEOPLE, exactly(30), 5)
            .clash(&[&[0, 1]]),
        campaign("a denial holds whenever it was said")
            .says(0, Killed, PEOPLE, Says::Denial, 1)
            .says(0, Killed, CIVILIANS, exactly(3), 5)
            .clash(&[&[0, 1]]),
        campaign("none counted so far").says(0, Killed, PEOPLE, exactly(0), 1).says(
            0,
            Killed,
            CIVILIANS,
            exactly(3),
            5,
        ),
        // On the first day, seven dead have an unknown status. Some later turn out to be civilians.
        found_out(campaign("who belongs to what may come out later"), 0, 0, CIVILIANS),
        // The other part had 7 dead on the first day and 6 dead later.
        found_out(
            about("the toll of an unnamed part does not fall", &[&[], &[0], &[0]])
                .ended(&[0, 0, 0])
                .complete(0),
            1,
            1,
            PEOPLE,
        )
        .clash(&[&[0, 1, 2, 3]]),
    ]
}

fn measures() -> Vec<Worked> {
    let sum = |name, casualties: Says| {
        let worked = about(name, &[&[], &[0]]).says(0, Killed, PEOPLE, exactly(40), 60);
        let worked = worked.says(1, Injured, PEOPLE, exactly(20), 60);
        worked.says(0, Casualties, PEOPLE, casualties, 60)
    };
    vec![
        sum("killed and injured are casualties", exactly(50)).clash(&[&[0, 1, 2]]),
        sum("either alone is too many", exactly(15)).clash(&[&[0, 2], &[1, 2]]),
        sum("more were injured elsewhere in it", exactly(70)),
        sum("casualties fall short of nothing named", exactly(60)),
        about("casualties are those killed and those injured", &[&[]])
            .says(0, Killed, PEOPLE, up_to(10), 60)
            .says(0, Injured, PEOPLE, up_to(20), 60)
            .says(0, Casualties, CIVILIANS, at_least(31), 60)
            .clash(&[&[0, 1, 2]]),
        about("what did not occur killed nobody", &[&[], &[0]])
            .says(0, Occurred, PEOPLE, Says::Occurred(false), 1)
            .says(1, Injured, CIVILIANS, at_least(1), 5)
            .clash(&[&[0, 1]]),
        about("no part of an event that did not occur occurred", &[&[], &[0]])
            .says(0, Occurred, PEOPLE, Says::Occurred(false), 1)
            .says(1, Occurred, PEOPLE, Says::Occurred(true), 5)
            .clash(&[&[0, 1]]),
        about("a part that did not occur", &[&[], &[0]])
            .says(1, Occurred, PEOPLE, Says::Occurred(false), 1)
            .says(0, Killed, PEOPLE, exactly(9), 5),
    ]
}

fn ratios() -> Vec<Worked> {
    let half = |name, civilians: i64, day: i32| {
        let worked = about(name, &[&[]]).ended(&[0]).says(0, Killed, CIVILIANS, HALF_OF_PEOPLE, 1);
        let worked = worked.says(0, Killed, PEOPLE, exactly(40), 1);
        worked.says(0, Killed, CIVILIANS, exactly(civilians), day)
    };
    let change = |name, base: i64| {
        let worked = of_series(name, &[&[]]).in_year(0, 2025, PEOPLE, exactly(1034));
        let worked = worked.in_year(0, 2025, PEOPLE, up_by_21_percent(Subject::Series(0, 2024)));
        worked.in_year(0, 2024, PEOPLE, exactly(base))
    };
    vec![
        half("half of 40 is not 30", 30, 1).clash(&[&[0, 1, 2]]),
        half("half of 40 may be 22", 22, 1),
        half("a share holds for its day", 30, 5),
        change("1,034 is not 21% above 900", 900).clash(&[&[0, 1, 2]]),
        change("1,034 is not 21% above 851", 851).clash(&[&[0, 1, 2]]),
        change("1,034 can be 21% above 852", 852),
        change("1,034 can be 21% above 858", 858),
        change("1,034 is not 21% above 859", 859).clash(&[&[0, 1, 2]]),
        about("against another event", &[&[], &[]])
            .killed(0, PEOPLE, up_by_21_percent(Subject::Event(1)))
            .killed(0, CIVILIANS, at_least(25))
            .killed(1, PEOPLE, exactly(20))
            .clash(&[&[0, 1, 2]]),
        about("a share above its whole", &[&[]])
            .killed(0, PEOPLE, Says::Share(450_000, 550_000, CIVILIANS))
            .killed(0, PEOPLE, at_least(1))
            .clash(&[&[0, 1]]),
    ]
}

fn others() -> Vec<Worked> {
    let beside = |name, beside: &'static [&'static [usize]]| {
        let worked = of_series(name, beside).in_year(0, 2024, CIVILIANS, exactly(50));
        worked.in_year(1, 2024, PEOPLE, exactly(40))
    };
    vec![
        beside("series that are `beside` each other", &[&[], &[0]]).clash(&[&[0, 1]]),
        beside("series that are not related", &[&[], &[]]),
        of_series("other years are other questions", &[&[1], &[]])
            .in_year(0, 2024, PEOPLE, exactly(25))
            .in_year(1, 2025, PEOPLE, exactly(20)),
        about("equal figures of different events", &[&[], &[]]).killed(0, PEOPLE, exactly(25)).killed(
            1,
            PEOPLE,
            exactly(20),
        ),
    ]
}

#[test]
fn reference_solves_worked_examples() {
    for Worked { name, drawn, sets } in examples() {
        let mut expected: Vec<BTreeSet<usize>> =
            sets.iter().map(|set| set.iter().copied().collect()).collect();
        let mut found = Worlds::new(&drawn).minimal_sets();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{name}\n{}", drawn.as_text());
    }
}

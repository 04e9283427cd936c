//! Strategies for small workspaces. They draw free numbers and interpret them, so that every draw is a workspace and
//! shrinks to a smaller one.

use proptest::prelude::*;

use super::drawn::{Claim, Drawn, Event, Measure, Population, Says, Subject};
use super::vocabularies::{NESTED, VOCABULARIES};
use super::worlds::structure::{
    Set, direct_parts, events_within, holds, sets_of_events, sets_of_populations,
};

/// The features that a workspace can have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowed {
    /// Sums of measures, complete parts, shares and changes.
    pub(crate) equalities: bool,
    /// Several claims by one party, some of them only probable.
    pub(crate) shared_parties: bool,
    /// Claims by one party on several days.
    pub(crate) later_words: bool,
}

/// All kinds of constraints. Each party makes one claim.
pub(crate) const ANYTHING: Allowed = Allowed { equalities: true, shared_parties: false, later_words: false };
/// Only what propagation of low bounds decides: no sums of measures, complete parts, shares or changes.
pub(crate) const UPWARDS: Allowed = Allowed { equalities: false, shared_parties: false, later_words: false };
/// Few parties with several claims each, some of them probable. Changes are left out, because a change that a speaker
/// states together with `at least 14` is assumed to be calculated from 14, which is not the hard reading.
pub(crate) const SHARED: Allowed = Allowed { equalities: true, shared_parties: true, later_words: false };
/// The same, with claims made on different days.
pub(crate) const LATER: Allowed = Allowed { equalities: true, shared_parties: true, later_words: true };

/// One claim, as numbers.
#[derive(Clone, Debug)]
struct Row {
    event: u8,
    measure: u8,
    population: u8,
    wording: u8,
    percent: u8,
    day: u8,
    other: u8,
    who: u8,
    said: u8,
}

fn row() -> impl Strategy<Value = Row> {
    let numbers = (0..4_u8, 0..20_u8, 0..12_u8, 0..40_u8, 0..100_u8, 0..3_u8, 0..12_u8, 0..12_u8, 0..4_u8);
    numbers.prop_map(|(event, measure, population, wording, percent, day, other, who, said)| Row {
        event,
        measure,
        population,
        wording,
        percent,
        day,
        other,
        who,
        said,
    })
}

/// Events, as numbers: the earlier events that each event except the first can be part of, the pairs that overlap,
/// the complete events, the events that end late, and whether events have dates.
type Shape = (u8, [u8; 3], [bool; 6], [bool; 4], [bool; 4], u8);

fn shape() -> impl Strategy<Value = Shape> {
    let overlaps = proptest::array::uniform6(prop::bool::weighted(0.3));
    let four = || proptest::array::uniform4(prop::bool::weighted(0.35));
    (1..5_u8, proptest::array::uniform3(0..8_u8), overlaps, four(), four(), 0..3_u8)
}

/// People of the world that claims describe, as numbers: their events, their populations, whether they are injured,
/// how many there are, and from which day on.
type People = (u8, u8, u8, u8, u8);

fn people() -> impl Strategy<Value = Vec<People>> {
    let some = (any::<u8>(), any::<u8>(), 0..6_u8, 1..25_u8, 0..3_u8);
    prop_oneof![1 => Just(Vec::new()), 3 => prop::collection::vec(some, 2..6)]
}

/// Workspaces about events. In three of four, the claims describe one world, and most of them are true, so that a
/// clash needs several claims.
pub(crate) fn workspaces(allowed: Allowed) -> impl Strategy<Value = Drawn> {
    let days = prop::sample::subsequence(vec![1, 5, 30, 40, 60], 1..4);
    let rows = prop::collection::vec(row(), 3..9);
    let drawn = (shape(), 0..VOCABULARIES.len(), days, people(), rows, copies());
    drawn.prop_map(move |(shape, vocabulary, days, people, rows, copies)| {
        let (events, dated) = events(&shape, allowed.equalities);
        let mut drawn = Drawn { events, populations: VOCABULARIES[vocabulary], ..Drawn::default() };
        let truth = Truth::new(&drawn, &people, &days);
        for (at, row) in rows.iter().enumerate() {
            let claim = claim(&drawn, &truth, row, at, &days, dated, allowed);
            drawn.claims.push(claim);
        }
        for copy in copies.iter().copied() {
            add_copy(&mut drawn, copy, allowed);
        }
        drawn
    })
}

/// A claim that repeats another one, as numbers: the claim, the party and the source.
type Repeat = (u8, u8, u8);

fn copies() -> impl Strategy<Value = Vec<Repeat>> {
    let some = prop::collection::vec((0..24_u8, 0..6_u8, 0..2_u8), 1..4);
    prop_oneof![2 => Just(Vec::new()), 1 => some]
}

/// Repeats a claim, usually a share or a change, as a claim by the same party or by another one.
fn add_copy(drawn: &mut Drawn, (which, who, source): Repeat, allowed: Allowed) {
    let all: Vec<usize> = (0..drawn.claims.len()).collect();
    let ratios: Vec<usize> = all.iter().copied().filter(|&claim| drawn.is_ratio(claim)).collect();
    let among = if ratios.is_empty() || which.is_multiple_of(4) { all } else { ratios };
    let mut copy = drawn.claims[among[usize::from(which / 4) % among.len()]].clone();
    if who.is_multiple_of(2) {
        let party = usize::from(who) / 2;
        copy.party = if allowed.shared_parties { party } else { drawn.claims.len() };
    }
    copy.source = usize::from(source);
    drawn.claims.push(copy);
}

/// One of the sets, usually one that no other set contains.
fn some(sets: &[Set], at: u8) -> Set {
    let is_inner = |set: &Set| sets.iter().any(|other| other != set && set & !other == 0);
    let outer: Vec<Set> = sets.iter().copied().filter(|set| !is_inner(set)).collect();
    let among = if at.is_multiple_of(4) { sets } else { &outer };
    among[usize::from(at / 4) % among.len()]
}

/// The world that claims describe.
struct Truth {
    /// For each group of people: events, populations, whether injured, how many, and from which day on.
    people: Vec<(Set, Set, bool, i64, i32)>,
}

impl Truth {
    fn new(drawn: &Drawn, people: &[People], days: &[i32]) -> Self {
        let events = sets_of_events(&drawn.events);
        let populations = sets_of_populations(drawn.populations, Set::MAX);
        let read = |&(event, population, injured, count, day): &People| {
            let day = days[usize::from(day) % days.len()];
            (some(&events, event), some(&populations, population), injured == 0, i64::from(count), day)
        };
        Self { people: people.iter().map(read).collect() }
    }

    /// The event and the population that a claim is about. They are those of some people of the world, if there are
    /// any.
    fn asked(&self, drawn: &Drawn, row: &Row) -> (usize, usize) {
        // The whole, or the deepest part in it.
        let pick = |set: Set, at: u8| {
            let item = if at.is_multiple_of(3) { set.trailing_zeros() } else { set.ilog2() };
            item as usize
        };
        let of = self.people.get(usize::from(row.other) % 8 % self.people.len().max(1));
        if let Some(&(events, populations, ..)) = of {
            return (pick(events, row.event), pick(populations, row.population));
        }
        let (event, of) = (usize::from(row.event), usize::from(row.population));
        (event % drawn.events.len(), of % drawn.populations.len())
    }

    /// The number of people on a day.
    fn figure(&self, event: usize, measure: Measure, of: usize, day: i32) -> i64 {
        let counted = self.people.iter().filter(|&&(events, populations, injured, _, since)| {
            let measured = measure == Measure::Casualties || injured == (measure == Measure::Injured);
            holds(events, event) && holds(populations, of) && measured && since <= day
        });
        counted.map(|&(_, _, _, count, _)| count).sum()
    }
}

fn events(shape: &Shape, equalities: bool) -> (Vec<Event>, bool) {
    let (count, wholes, overlaps, complete, late, dated) = shape;
    let dated = *dated > 0;
    let mut events: Vec<Event> = vec![Event::default()];
    for at in 1..usize::from(*count) {
        // Most events are part of another one, because only those can clash across events.
        let mut part_of: Vec<usize> = (0..at).filter(|whole| wholes[at - 1] >> whole & 1 == 1).collect();
        if part_of.is_empty() && wholes[at - 1] > 0 {
            part_of.push(0);
        }
        events.push(Event { part_of, ..Event::default() });
    }
    for (event, late) in events.iter_mut().zip(late) {
        event.end = dated.then_some(if *late { 14 } else { 0 });
    }
    let parts = direct_parts(&events);
    let pairs = (1..events.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    for ((one, other), overlaps) in pairs.zip(overlaps) {
        let fellows = parts.iter().any(|parts| parts.contains(&one) && parts.contains(&other));
        if *overlaps && fellows {
            events[one].overlaps.push(other);
        }
    }
    for (at, complete) in complete.iter().enumerate().take(events.len()) {
        // A complete whole that ends after all its parts would have to stop changing before it is final.
        events[at].complete = *complete && equalities && !late[at] && !shares_parts(&events, &parts[at]);
    }
    (events, dated)
}

/// Whether two parts of a whole have a common part. If such a whole is complete, the tool is known to report less
/// than the reference: it limits overlapping parts only by their sum.
fn shares_parts(events: &[Event], parts: &[usize]) -> bool {
    let inside = |set: Set| parts.iter().filter(|&&part| holds(set, part)).count();
    events_within(events).into_iter().any(|set| inside(set) > 1)
}

fn claim(
    drawn: &Drawn,
    truth: &Truth,
    row: &Row,
    at: usize,
    days: &[i32],
    dated: bool,
    allowed: Allowed,
) -> Claim {
    let (event, population) = truth.asked(drawn, row);
    let measure = match row.measure {
        13 => Measure::Injured,
        14..=16 if allowed.equalities => Measure::Casualties,
        17 => Measure::Arrested,
        18 => Measure::Attacks,
        _ => Measure::Killed,
    };
    let of = if measure.of_people() { population } else { 0 };
    let as_of = days[usize::from(row.day) % days.len()];
    let value = if truth.people.is_empty() {
        let depth = depth_of_event(&drawn.events, event) + depth(drawn.populations, of);
        [60, 30, 16, 10][depth.min(3)] * (75 + i64::from(row.percent) / 2) / 100
    } else {
        // Untrue figures are too low for wholes and too high for parts. They clash only if all parts have claims.
        let untrue = if event == 0 && of == 0 { [8, 9, 7, 9] } else { [12, 15, 13, 11] };
        let untrue = untrue.get(usize::from(row.percent) / 12).unwrap_or(&10);
        truth.figure(event, measure, of, as_of) * untrue / 10
    };
    let (says, words) = match row.wording {
        _ if measure == Measure::Occurred => {
            let yes = row.wording.is_multiple_of(2);
            (Says::Occurred(yes), if yes { "yes" } else { "no" }.to_owned())
        }
        30..=36 if allowed.equalities => {
            let changes = !dated && !allowed.shared_parties;
            ratio(drawn, row, (event, measure, of), changes).unwrap_or_else(|| figure(0, value))
        }
        wording => figure(wording, value),
    };
    let party = if allowed.shared_parties { usize::from(row.who) % 3 } else { at };
    let said = if allowed.later_words { 61 + i32::from(row.said) } else { 61 };
    Claim {
        question: (Subject::Event(event), measure, of),
        says,
        words,
        as_of,
        said,
        party,
        source: usize::from(row.who) / 3 % 2,
        probable: allowed.shared_parties && row.said == 3,
    }
}

/// A figure with its hard range, by the table of wordings.
fn figure(wording: u8, value: i64) -> (Says, String) {
    let wording = if value == 0 && wording < 37 { 38 } else { wording };
    let (low, high, words) = match wording {
        0..=14 => (value, Some(value), value.to_string()),
        15..=19 => (value, None, format!("at least {value}")),
        20..=23 => (0, Some(value), format!("up to {value}")),
        24..=25 => (value, Some(value + 4), format!("{value}-{}", value + 4)),
        26 => (value + 1, None, format!("more than {value}")),
        27 => (0, Some(value - 1), format!("fewer than {value}")),
        28 => ((value + 1) / 2, Some(2 * value), format!("about {value}")),
        29 => (12, None, "dozens".to_owned()),
        37 => return (Says::Denial, String::new()),
        38 => (0, Some(0), "none".to_owned()),
        39 => (1, None, "some".to_owned()),
        _ => (0, Some(value), format!("at most {value}")),
    };
    (Says::Figure(low, high), words)
}

/// A share of another population or, with `changes`, a change against another event. Changes are not drawn against
/// events whose tolls still grow.
fn ratio(
    drawn: &Drawn,
    row: &Row,
    (event, measure, of): (usize, Measure, usize),
    changes: bool,
) -> Option<(Says, String)> {
    if row.wording >= 34 {
        let base = usize::from(row.other) % drawn.events.len();
        let (low, high, words) = CHANGES[usize::from(row.other) / 4 % CHANGES.len()];
        let fits = base != event && changes && words != "half";
        return fits.then(|| (Says::Change(low, high, Subject::Event(base)), words.to_owned()));
    }
    let whole = usize::from(row.other) % drawn.populations.len();
    let (low, high, words) = SHARES[usize::from(row.other) / 2 % SHARES.len()];
    let fits = measure.of_people() && whole != of;
    fits.then(|| (Says::Share(low, high, whole), words.to_owned()))
}

/// Shares, in millionths.
const SHARES: [(i64, i64, &str); 6] = [
    (450_000, 550_000, "half of"),
    (445_000, 455_000, "45% of"),
    (300_000, 370_000, "a third of"),
    (500_001, 1_000_000, "most of"),
    (500_000, 1_000_000, "at least half of"),
    (795_000, 805_000, "80% of"),
];

/// Changes, in millionths.
const CHANGES: [(i64, i64, &str); 5] = [
    (1_205_000, 1_215_000, "+21% on"),
    (945_000, 955_000, "-5% on"),
    (1_750_000, 2_500_000, "double"),
    (450_000, 550_000, "half"),
    (1_495_000, 1_505_000, "+50% on"),
];

fn depth_of_event(events: &[Event], event: usize) -> usize {
    events[event].part_of.iter().map(|&whole| 1 + depth_of_event(events, whole)).max().unwrap_or(0)
}

fn depth(populations: &[Population], of: usize) -> usize {
    populations[of].part_of.iter().map(|&whole| 1 + depth(populations, whole)).max().unwrap_or(0)
}

/// Workspaces about one or two series in two years. With `beside`, the two series are `beside` each other.
pub(crate) fn series(beside: bool) -> impl Strategy<Value = Drawn> {
    (prop::collection::vec(row(), 3..9), copies()).prop_map(move |(rows, copies)| {
        let besides = if beside { vec![Vec::new(), vec![0]] } else { vec![Vec::new()] };
        let populations = if beside { NESTED } else { VOCABULARIES[1] };
        let mut drawn = Drawn { series: besides, populations, ..Drawn::default() };
        for (at, row) in rows.iter().enumerate() {
            let (series, year) = (usize::from(row.event) % drawn.series.len(), 2023 + u16::from(row.day));
            let of = usize::from(row.population) % populations.len();
            let scale = [240, 120, 60][depth(populations, of).min(2)];
            let base = 2023 + u16::from(row.other % 3);
            let (low, high, words) = CHANGES[usize::from(row.who) % CHANGES.len()];
            let (says, words) = if row.wording % 3 == 0 && base != year {
                (Says::Change(low, high, Subject::Series(series, base)), words.to_owned())
            } else {
                figure(row.wording, scale * (75 + i64::from(row.percent) / 2) / 100)
            };
            drawn.claims.push(Claim {
                question: (Subject::Series(series, year), Measure::Killed, of),
                says,
                words,
                as_of: 61,
                said: 61,
                party: at,
                source: usize::from(row.who) % 2,
                probable: false,
            });
        }
        for copy in copies.iter().copied() {
            add_copy(&mut drawn, copy, ANYTHING);
        }
        drawn
    })
}

//! The sets of events and populations that people can be part of, from the definitions alone.

use crate::joint::drawn::{Event, Population};

/// A set of events or populations, with one bit for each.
pub(crate) type Set = u32;

/// For each event, its direct parts: those that are not part of another of its parts.
pub(crate) fn direct_parts(events: &[Event]) -> Vec<Vec<usize>> {
    let within = events_within(events);
    let is_direct = |part: usize, whole: usize| {
        let between = |&other: &usize| {
            other != part && other != whole && holds(within[part], other) && holds(within[other], whole)
        };
        events[part].part_of.contains(&whole) && !(0..events.len()).any(|other| between(&other))
    };
    (0..events.len())
        .map(|whole| (0..events.len()).filter(|&part| is_direct(part, whole)).collect())
        .collect()
}

/// For each event, the event itself and all its wholes.
pub(crate) fn events_within(events: &[Event]) -> Vec<Set> {
    let wholes: Vec<&[usize]> = events.iter().map(|event| event.part_of.as_slice()).collect();
    closures(&wholes)
}

/// For each population, the population itself and all its wholes.
pub(crate) fn populations_within(populations: &[Population]) -> Vec<Set> {
    let wholes: Vec<&[usize]> = populations.iter().map(|population| population.part_of).collect();
    closures(&wholes)
}

fn closures(wholes: &[&[usize]]) -> Vec<Set> {
    fn closure(wholes: &[&[usize]], of: usize) -> Set {
        wholes[of].iter().fold(1 << of, |set, &whole| set | closure(wholes, whole))
    }
    (0..wholes.len()).map(|of| closure(wholes, of)).collect()
}

pub(crate) fn holds(set: Set, item: usize) -> bool {
    set >> item & 1 == 1
}

/// Groups parts of a whole that can share people: they are connected by `overlaps` or by common parts, directly or
/// through others.
pub(crate) fn groups(events: &[Event], parts: &[usize]) -> Vec<Vec<usize>> {
    let within = events_within(events);
    let is_tied = |one: usize, other: usize| {
        let overlap = events[one].overlaps.contains(&other) || events[other].overlaps.contains(&one);
        overlap || within.iter().any(|&set| holds(set, one) && holds(set, other))
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &part in parts {
        let (joined, mut apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|&other| is_tied(part, other)));
        let mut group: Vec<usize> = joined.into_iter().flatten().collect();
        group.push(part);
        apart.push(group);
        groups = apart;
    }
    groups
}

/// Every set of events that a person can have been in. It contains all wholes of its events. It does not contain two
/// parts of one whole from different groups. It contains some part of each complete whole.
pub(crate) fn sets_of_events(events: &[Event]) -> Vec<Set> {
    let (within, parts) = (events_within(events), direct_parts(events));
    let groups: Vec<Vec<Vec<usize>>> = parts.iter().map(|parts| groups(events, parts)).collect();
    let fits = |set: &Set| {
        (0..events.len()).filter(|&event| holds(*set, event)).all(|event| {
            let inside = groups[event].iter().filter(|group| group.iter().any(|&part| holds(*set, part)));
            let inside = inside.count();
            let is_covered = !events[event].complete || parts[event].is_empty() || inside > 0;
            within[event] & !set == 0 && inside <= 1 && is_covered
        })
    };
    (1..1 << events.len()).filter(fits).collect()
}

/// Every set of these populations that a person can belong to. It contains all wholes of its populations, and no two
/// that exclude each other. All people, the first population, is in every set.
pub(crate) fn sets_of_populations(populations: &[Population], among: Set) -> Vec<Set> {
    let within = populations_within(populations);
    let fits = |set: &Set| {
        set & !among == 0
            && holds(*set, 0)
            && (0..populations.len()).filter(|&one| holds(*set, one)).all(|one| {
                let excludes = populations[one].excludes.iter().any(|&other| holds(*set, other));
                within[one] & !set == 0 && !excludes
            })
    };
    (1..1 << populations.len()).filter(fits).collect()
}

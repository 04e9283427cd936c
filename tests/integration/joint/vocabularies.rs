//! Populations for generated workspaces: nested ones, ones that exclude each other, and ones with several wholes.

use super::drawn::Population;

const fn built_in(id: &'static str, part_of: &'static [usize], excludes: &'static [usize]) -> Population {
    Population { id, part_of, excludes, body: None }
}

const fn own(
    id: &'static str,
    part_of: &'static [usize],
    excludes: &'static [usize],
    body: &'static str,
) -> Population {
    Population { id, part_of, excludes, body: Some(body) }
}

const PEOPLE: Population = built_in("people", &[], &[]);

pub(crate) const VOCABULARIES: [&[Population]; 7] = [
    &[PEOPLE, built_in("civilians", &[0], &[2]), built_in("combatants", &[0], &[])],
    &[
        PEOPLE,
        built_in("civilians", &[0], &[2]),
        built_in("combatants", &[0], &[]),
        built_in("militants", &[2], &[4]),
        built_in("soldiers", &[2], &[]),
    ],
    &[
        PEOPLE,
        built_in("women", &[0], &[2, 3]),
        built_in("men", &[0], &[3]),
        built_in("children", &[0], &[]),
        built_in("civilians", &[0], &[5]),
        built_in("combatants", &[0], &[]),
    ],
    // Worshippers are civilians, and imams are worshippers. Guards are neither worshippers nor soldiers.
    &[
        PEOPLE,
        built_in("civilians", &[0], &[]),
        own("worshippers", &[1], &[4], "part-of: civilians, excludes: guards~, inferred: true"),
        own("imams", &[2], &[], "part-of: worshippers~"),
        own("guards", &[0], &[], "part-of: people"),
    ],
    // With several wholes: girls are children and civilians.
    &[
        PEOPLE,
        built_in("civilians", &[0], &[2]),
        built_in("combatants", &[0], &[]),
        built_in("children", &[0], &[]),
        own("girls", &[1, 3], &[5], "part-of: [civilians, children], excludes: boys~"),
        own("boys", &[3], &[], "part-of: children"),
    ],
    // Four in a ring. Each excludes its two neighbours.
    &[
        PEOPLE,
        own("drivers", &[0], &[2], "excludes: farmers~"),
        own("farmers", &[0], &[3], "excludes: guests~"),
        own("guests", &[0], &[4], "excludes: miners~"),
        own("miners", &[0], &[1], "excludes: drivers~"),
    ],
    // Pilots are crew and soldiers. Each of them excludes civilians in two ways.
    &[
        PEOPLE,
        built_in("civilians", &[0], &[2]),
        built_in("combatants", &[0], &[]),
        built_in("soldiers", &[2], &[]),
        own("crew", &[0], &[1], "excludes: civilians"),
        own("pilots", &[3, 4], &[], "part-of: [soldiers, crew~]"),
    ],
];

/// People, civilians among them, and worshippers among those.
pub(crate) const NESTED: &[Population] =
    &[PEOPLE, built_in("civilians", &[0], &[]), own("worshippers", &[1], &[], "part-of: civilians")];

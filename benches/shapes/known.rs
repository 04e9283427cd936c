//! Shapes that the tests on hostile texts and the reasoning benchmark also use: nesting, chains, many similar names,
//! questions that everybody answers.

use std::fmt::Write as _;

/// Nested lists of aliases ("billion laughs"), which would expand to an astronomical number of bytes.
pub(crate) fn laughs(count: usize) -> String {
    let mut text = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for at in 0..count {
        put(&mut text, format_args!("b{at}: &b{at} [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"));
    }
    text
}

pub(crate) fn closed_out_of_turn(count: usize) -> String {
    "[}".repeat(count)
}

/// Each response confirms the one before it.
pub(crate) fn responses(count: usize) -> String {
    let mut text = head("");
    text += "  c0: { by: a0, about: raid, measure: hurt, value: 3, at: p1 }\n";
    for at in 1..count {
        put(&mut text, format_args!("  c{at}: {{ by: a1, confirms: c{}, at: p1 }}\n", at - 1));
    }
    text
}

pub(crate) fn speakers(count: usize) -> String {
    let mut text = String::from("actors:\n");
    for at in 0..count {
        put(&mut text, format_args!("  a{at}: {{ speaks-for: a{} }}\n", (at + 1) % count));
    }
    text
}

pub(crate) fn events_alike(count: usize) -> String {
    let mut text = String::from("events:\n");
    for at in 0..count {
        put(&mut text, format_args!("  e{at}: {{ name: Air raid on the border, date: 2026-02 }}\n"));
    }
    text
}

pub(crate) fn actors_alike(count: usize) -> String {
    let mut text = String::from("actors:\n");
    for at in 0..count {
        put(&mut text, format_args!("  a{at}: {{ name: Ahmed Sharif Chaudhry }}\n"));
    }
    text
}

pub(crate) fn events_in_order(count: usize) -> String {
    let mut text = String::from("events:\n");
    for at in 0..count {
        let after = if at == 0 { String::new() } else { format!(", after: e{}", at - 1) };
        put(&mut text, format_args!("  e{at}: {{ name: Air raid, date: 2026-02{after} }}\n"));
    }
    text
}

/// One question to which everybody gives the same answer.
pub(crate) fn agreed(count: usize) -> String {
    question(count, |at| {
        let low = 100 - at % 40;
        if at % 9 == 0 { "at least 100".to_owned() } else { format!("{low}-{}", 110 + at % 50) }
    })
}

/// One question with four positions.
pub(crate) fn disputed(count: usize) -> String {
    question(count, |at| {
        let figure = 100 * (1 + at % 4);
        format!("{}-{}", figure - at % 30, figure + at % 40)
    })
}

fn question(count: usize, value: impl Fn(usize) -> String) -> String {
    let mut text = head(&actors(count));
    for at in 0..count {
        put(
            &mut text,
            format_args!(
                "  c{at}: {{ by: a{at}, about: raid, measure: hurt, value: {}, at: p1 }}\n",
                value(at)
            ),
        );
    }
    text
}

/// An event of many parts whose sum is above the figure of the whole.
pub(crate) fn parts(count: usize) -> String {
    let mut definitions = actors(count) + "events:\n  all: { name: All of it, date: 2015-01-01 }\n";
    for at in 0..count {
        put(
            &mut definitions,
            format_args!("  p{at}: {{ name: Q{}q{at}, date: 2015-01-01, part-of: all }}\n", mixed(at)),
        );
    }
    let mut text = body(&definitions);
    for at in 0..count {
        let low = 1 + at * 7 % 90;
        put(
            &mut text,
            format_args!(
                "  c{at}: {{ by: a{at}, about: p{at}, measure: hurt, value: {low}-{}, at: p1 }}\n",
                low + 1 + at % 3
            ),
        );
    }
    text + "  whole: { by: a0, about: all, measure: hurt, value: 3, at: p1 }\n"
}

/// Each event is part of the one before it and claimed to be more than it.
pub(crate) fn chain(count: usize) -> String {
    let mut definitions = actors(count) + "events:\n";
    for at in 0..count {
        let part = if at == 0 { String::new() } else { format!(", part-of: d{}", at - 1) };
        put(
            &mut definitions,
            format_args!("  d{at}: {{ name: Q{}q{at}, date: 2015-01-01{part} }}\n", mixed(at)),
        );
    }
    let mut text = body(&definitions);
    for at in 0..count {
        put(
            &mut text,
            format_args!(
                "  c{at}: {{ by: a{at}, about: d{at}, measure: hurt, value: {}, at: p1 }}\n",
                10 + at
            ),
        );
    }
    text
}

/// A cycle of series, each said to be more than the next; one has a figure.
pub(crate) fn changes(count: usize) -> String {
    let mut definitions = actors(count) + "series:\n";
    for at in 0..count {
        put(&mut definitions, format_args!("  s{at}: {{ name: Q{}q{at}, publisher: desk }}\n", mixed(at)));
    }
    let mut text = body(&definitions);
    for at in 0..count {
        put(
            &mut text,
            format_args!(
                "  c{at}: {{ by: a{at}, about: s{at}, measure: hurt, during: 2024, value: \"+{}% on s{}@2024\", at: p1 }}\n",
                1 + at % 9,
                (at + 1) % count
            ),
        );
    }
    text + "  whole: { by: a0, about: s0, measure: hurt, during: 2024, value: 1000, at: p1 }\n"
}

/// Actors with unrelated names.
fn actors(count: usize) -> String {
    let mut text = String::from("actors:\n  desk: { name: The Desk }\n");
    for at in 0..count.max(2) {
        put(&mut text, format_args!("  a{at}: {{ name: Q{}w{at} }}\n", mixed(at)));
    }
    text
}

fn mixed(at: usize) -> usize {
    at * 7919 % 100_003
}

/// Definitions with one event, and the head of the claims.
fn head(actors: &str) -> String {
    let two = "actors:\n  desk: { name: The Desk }\n  a0: { name: North }\n  a1: { name: South }\n";
    let actors = if actors.is_empty() { two } else { actors };
    body(&format!("{actors}events:\n  raid: {{ name: Air raid, date: 2015-01-01 }}\n"))
}

fn body(definitions: &str) -> String {
    let source = "source: { id: src, publisher: desk, published: 2020-01-01 }\nclaims:\n";
    format!("measures: {{ hurt: {{ type: count }} }}\n{definitions}{source}")
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).expect("a string takes all that is written");
}

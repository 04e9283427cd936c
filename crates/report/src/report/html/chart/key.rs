//! The legend of a chart: the marks that occur in it, and their meaning.

use maud::{Markup, PreEscaped, html};

use super::entry::{ChartEntry, EntryRole};
use super::reading::AxisReading;

/// A mark of the legend, with its picture and meaning.
struct KeyMark {
    occurs: fn(&ChartEntry) -> bool,
    wide: bool,
    picture: &'static str,
    means: &'static str,
    /// Its meaning on steps of a scale.
    on_steps: &'static str,
}

const KEY_MARKS: [KeyMark; 9] = [
    KeyMark {
        occurs: |entry| {
            !entry.own
                && entry.kind != EntryRole::Related
                && entry.reading.as_ref().is_some_and(AxisReading::is_exact)
        },
        wide: false,
        picture: r#"<circle class="dot" cx="17" cy="7" r="4.2"/>"#,
        means: "exact",
        on_steps: "this step",
    },
    KeyMark {
        occurs: |entry| entry.own && entry.reading.as_ref().is_some_and(|reading| reading.number.is_some()),
        wide: false,
        picture: r#"<rect class="dot" x="13" y="3" width="8" height="8"/>"#,
        means: "an outlet’s own voice",
        on_steps: "an outlet’s own voice",
    },
    KeyMark {
        occurs: |entry| {
            entry.reading.as_ref().is_some_and(|reading| reading.number.is_some() && !reading.is_exact())
        },
        wide: false,
        picture: r#"<circle class="ring" cx="17" cy="7" r="4.2"/>"#,
        means: "the number in “at least”, “about” …",
        on_steps: "the step named",
    },
    KeyMark {
        occurs: |entry| {
            entry.reading.as_ref().is_some_and(|reading| !reading.denied && reading.usual != reading.hard)
        },
        wide: true,
        picture: r#"<rect class="usual" x="2" y="3" width="30" height="8"/>"#,
        means: "usual reading",
        on_steps: "usual reading",
    },
    KeyMark {
        occurs: |entry| {
            entry
                .reading
                .as_ref()
                .is_some_and(|reading| !reading.denied && !reading.hard.is_exact() && !reading.hard.is_open())
        },
        wide: true,
        picture: r#"<path class="hard" d="M2 7H32M2 2v10M32 2v10"/>"#,
        means: "hard range",
        on_steps: "all steps it can mean",
    },
    KeyMark {
        occurs: |entry| {
            entry.reading.as_ref().is_some_and(|reading| !reading.denied && reading.hard.is_open())
        },
        wide: true,
        picture: r#"<path class="hard" d="M2 2v10M2 7H32M27 2l5 5-5 5"/>"#,
        means: "hard range, open end",
        on_steps: "hard range, open end",
    },
    KeyMark {
        occurs: |entry| entry.reading.as_ref().is_some_and(|reading| reading.denied),
        wide: true,
        picture: r#"<path class="hatch" d="M4 11l8-8M10 11l8-8M16 11l8-8M22 11l8-8"/><path class="hard" d="M3 1v12"/>"#,
        means: "denied, no figure given",
        on_steps: "denied, no figure given",
    },
    KeyMark {
        occurs: |entry| entry.kind == EntryRole::Replaced && entry.reading.is_some(),
        wide: false,
        picture: r#"<g class="late"><circle class="dot" cx="17" cy="7" r="4.2"/></g>"#,
        means: "replaced by a later answer",
        on_steps: "replaced by a later answer",
    },
    KeyMark {
        occurs: |entry| entry.kind == EntryRole::Related,
        wide: true,
        picture: r#"<g class="related"><path class="hard" d="M2 7H32"/><circle class="dot" cx="17" cy="7" r="4.2"/></g>"#,
        means: "answer to a related question",
        on_steps: "answer to a related question",
    },
];

/// The mark of a range that continues beyond the frame.
const PAST: KeyMark = KeyMark {
    occurs: |_| true,
    wide: true,
    picture: r#"<path class="hard" d="M2 7H32M23.5 12l3-10M27.5 12l3-10"/>"#,
    means: "continues beyond the chart",
    on_steps: "continues beyond the chart",
};

/// The legend of the marks that occur. `on_steps` is for charts with steps of a scale, `past` for charts with a range
/// beyond the frame.
pub(super) fn key<'a>(entries: impl Iterator<Item = &'a ChartEntry>, on_steps: bool, past: bool) -> Markup {
    let entries: Vec<&ChartEntry> = entries.collect();
    let occurs = |sign: &&KeyMark| entries.iter().any(|entry| (sign.occurs)(entry));
    let mut signs: Vec<&KeyMark> = KEY_MARKS.iter().filter(occurs).collect();
    signs.extend(past.then_some(&PAST));
    html! {
        ul .key aria-label="How to read the marks" {
            @for sign in signs {
                li {
                    svg class={ "mini" @if !sign.wide { " pt" } } aria-hidden="true"
                        viewBox=(if sign.wide { "0 0 34 14" } else { "10 0 14 14" }) { (PreEscaped(sign.picture)) }
                    (if on_steps { sign.on_steps } else { sign.means })
                }
            }
        }
    }
}

//! The timeline of an event: what happened, and who said what when, in lanes over time.

use maud::{Markup, html};

use super::label::{FontWeight, fit, said, width};
use super::lanes::{PictureText, bullet, picture};
use super::mark::Px;
use super::scale::{Plot, Scale};
use crate::report::html::PageContext;
use gainsay_reading::period::{Day, Period};

/// A lane of a timeline.
pub(in crate::report::html) struct Lane {
    /// Its name.
    pub name: String,
    /// The colour of the party. None for the lane of events, which is black.
    pub hue: Option<u8>,
    /// Whether it is the lane of outlets in their own voice.
    pub own: bool,
    /// Its marks.
    pub marks: Vec<Mark>,
}

/// A mark on a timeline.
pub(in crate::report::html) struct Mark {
    /// Its days.
    pub days: Period,
    /// A short label.
    pub label: String,
    /// Whether it was only announced.
    pub planned: bool,
}

/// The width of a timeline and of its labels. Both widths are drawn; the style sheet shows one.
#[derive(Clone, Copy)]
struct TimelineSheet {
    class: &'static str,
    width: f64,
    label: f64,
}

const SHEETS: [TimelineSheet; 2] = [
    TimelineSheet { class: "chart wide tl far", width: 1120.0, label: 420.0 },
    TimelineSheet { class: "chart wide tl mid", width: 712.0, label: 320.0 },
];

/// The left edge of the days, and the margin on the right.
const PLOT_LEFT: f64 = 150.0;
const RIGHT_MARGIN: f64 = 16.0;

const TOP: f64 = 24.0;

/// The height of a row of a lane.
const ROW_HEIGHT: f64 = 36.0;

/// The least distance between labels of one row.
const LABEL_GAP: f64 = 10.0;

/// The most rows of a lane.
const MAX_ROWS_PER_LANE: usize = 10;

/// A shorter span is drawn as a day.
const MIN_SPAN_WIDTH: f64 = 12.0;

/// A mark with its position.
struct PlacedMark<'a> {
    mark: &'a Mark,
    row: usize,
    from: f64,
    to: f64,
    text: String,
    text_at: f64,
}

impl PageContext<'_> {
    /// Draws the timeline. Ids in it begin with `id`.
    pub(in crate::report::html) fn timeline(&self, id: &str, lanes: &[Lane]) -> Option<Markup> {
        let days =
            || lanes.iter().flat_map(|lane| &lane.marks).flat_map(|mark| [mark.days.first, mark.days.last]);
        let (first, last) = (days().flatten().min()?, days().flatten().max()?);
        let span = Period::between(Some(first), Some(last)).in_brief();
        let scale = Scale::calendar(first.number(), last.number(), 10);
        let drawn = SHEETS.map(|sheet| self.lanes_over_time(id, lanes, sheet, &scale, &span));
        Some(html! { @for picture in &drawn { (picture) } })
    }

    fn lanes_over_time(
        &self,
        id: &str,
        lanes: &[Lane],
        sheet: TimelineSheet,
        scale: &Scale,
        span: &str,
    ) -> Markup {
        let plot = Plot { scale, from: PLOT_LEFT, to: sheet.width - RIGHT_MARGIN };
        let mut y = TOP;
        let mut drawn: Vec<Markup> = Vec::new();
        for lane in lanes.iter().filter(|lane| !lane.marks.is_empty()) {
            if y > TOP {
                drawn.push(html! { path .sep d=(format!("M0 {}H{}", Px(y), Px(sheet.width))) {} });
            }
            let (placed, left_out) = place(lane, &plot, sheet);
            let rows = placed.iter().map(|placed| placed.row + 1).max().unwrap_or(1);
            drawn.push(draw(lane, &placed, left_out, y + 22.0));
            y += 22.0 + ROW_HEIGHT * rows as f64 - 4.0;
        }
        let grid = html! {
            @for (x, name) in plot.ticks() {
                path .grid d=(format!("M{} {}V{}", Px(x), Px(TOP), Px(y - 8.0))) {}
                text .t2 x=(Px(x)) y="14" text-anchor="middle" { (name) }
            }
        };
        let title = format!("What happened and what was said, {span}");
        let description = format!(
            "According to the claims in {}. The list of days has the same content.",
            said(self.place)
        );
        picture(
            sheet.class,
            sheet.width,
            Px(y),
            &PictureText {
                id: format!("timeline:{id}:{}", sheet.width),
                title: &title,
                description: &description,
            },
            &html! {
                (grid)
                @for lane in &drawn { (lane) }
            },
        )
    }
}

/// The marks of a lane, each in the first row with room for its label, and how many do not fit.
fn place<'a>(lane: &'a Lane, plot: &Plot<'_>, sheet: TimelineSheet) -> (Vec<PlacedMark<'a>>, usize) {
    let mut marks: Vec<&Mark> = lane.marks.iter().collect();
    marks.sort_by_key(|mark| (mark.days.first.or(mark.days.last).unwrap_or(Day::MIN), mark.days.last));
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let (mut placed, mut left_out) = (Vec::new(), 0);
    for mark in marks {
        let at = |day: Option<Day>, open: f64| day.map_or(open, |day| plot.at(f64::from(day.number())));
        let (from, to) = (at(mark.days.first, plot.from), at(mark.days.last, plot.to));
        let text = fit(&said(&mark.label), FontWeight::Regular, sheet.label);
        let wide = width(&text, FontWeight::Regular);
        let text_at = (from - 3.0).min(sheet.width - wide);
        let (left, right) =
            (text_at.min(from - 5.0) - LABEL_GAP / 2.0, (text_at + wide).max(to + 5.0) + LABEL_GAP / 2.0);
        let is_clear = |row: &Vec<(f64, f64)>| row.iter().all(|&(start, end)| right <= start || left >= end);
        let row = rows.iter().position(is_clear).unwrap_or(rows.len());
        if row >= MAX_ROWS_PER_LANE {
            left_out += 1;
            continue;
        }
        if row == rows.len() {
            rows.push(Vec::new());
        }
        rows[row].push((left, right));
        placed.push(PlacedMark { mark, row, from, to, text, text_at });
    }
    (placed, left_out)
}

fn draw(lane: &Lane, placed: &[PlacedMark<'_>], left_out: usize, y: f64) -> Markup {
    let (class, x) = if lane.hue.is_some() { ("party", 16.0) } else { ("b", 0.0) };
    let name = lines(&said(&lane.name), PLOT_LEFT - x - 12.0);
    html! {
        g class=[lane.hue.map(|hue| format!("c{hue}"))] {
            @if lane.hue.is_some() { (bullet(y - 9.0, lane.own)) }
            @for (at, line) in name.iter().enumerate() {
                text class=(class) x=(Px(x)) y=(Px(y + 16.0 * at as f64)) { (line) }
            }
        }
        @if left_out > 0 {
            text .t2 x=(Px(x)) y=(Px(y + 16.0 * name.len() as f64)) { "and " (left_out) " more below" }
        }
        g class=[lane.hue.map(|hue| format!("c{hue}"))] {
            @for placed in placed {
                g {
                    title { (placed.mark.days.in_brief()) ": " (said(&placed.mark.label)) }
                    text x=(Px(placed.text_at)) y=(Px(y + ROW_HEIGHT * placed.row as f64)) { (placed.text) }
                    (shape(lane, placed, y + ROW_HEIGHT * placed.row as f64 + 10.0))
                }
            }
        }
    }
}

/// A name on one or two lines.
fn lines(name: &str, room: f64) -> Vec<String> {
    let fits = |at: &usize| width(&name[..*at], FontWeight::Bold) <= room;
    let breaks = name.rmatch_indices(' ').map(|(at, _)| at).find(fits);
    match breaks.filter(|_| width(name, FontWeight::Bold) > room) {
        Some(at) => vec![name[..at].to_owned(), fit(&name[at + 1..], FontWeight::Bold, room)],
        None => vec![fit(name, FontWeight::Bold, room)],
    }
}

/// The shape of a mark: a dot for a day, a square for an outlet's own voice, a bar for a span or an uncertain date.
fn shape(lane: &Lane, placed: &PlacedMark<'_>, y: f64) -> Markup {
    let PlacedMark { mark, from, to, .. } = placed;
    let (bar, end, dot) = match lane.hue {
        None => ("evbar", "gap", "ev"),
        Some(_) => ("usual", "hard", "pc"),
    };
    if to - from >= MIN_SPAN_WIDTH {
        let closed = [(mark.days.first, *from), (mark.days.last, *to)];
        let ends = closed.into_iter().filter(|(day, _)| day.is_some());
        return html! {
            rect class={ (bar) @if mark.planned { " plan" } } x=(Px(*from)) y=(Px(y - 4.0)) width=(Px(to - from)) height="8" {}
            @for (_, x) in ends { path class=(end) d=(format!("M{} {}v10", Px(x), Px(y - 5.0))) {} }
        };
    }
    let x = f64::midpoint(*from, *to);
    html! {
        @if lane.own {
            rect class=(if mark.planned { "plan" } else { dot }) x=(Px(x - 4.0)) y=(Px(y - 4.0)) width="8" height="8" {}
        } @else {
            circle class=(if mark.planned { "plan" } else { dot }) cx=(Px(x)) cy=(Px(y)) r="4.5" {}
        }
    }
}

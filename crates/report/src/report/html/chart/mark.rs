//! The marks of one answer on an axis: hard range, usual range, the number it names, a denial.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::reading::AxisReading;
use super::scale::{Plot, RangeEnd};

/// A length in pixels, printed with at most one decimal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Px(pub(super) f64);

impl std::fmt::Display for Px {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = if self.0.is_finite() { (self.0 * 10.0).round() / 10.0 } else { 0.0 };
        // Adding zero turns negative zero into zero.
        write!(out, "{}", tenths + 0.0)
    }
}

/// The sizes of marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    /// The radius of a circle.
    radius: f64,
    /// The side of a square.
    side: f64,
    /// The height of the band of the usual range.
    band: f64,
    /// Half the height of the vertical line at a closed end.
    upright: f64,
    /// The length of an arrowhead.
    arrow: f64,
    /// The distance between the strokes of a hatching.
    hatch: f64,
}

/// Marks of a chart.
pub(super) const LANE: Pen = Pen { radius: 5.0, side: 9.2, band: 8.0, upright: 5.0, arrow: 6.0, hatch: 6.0 };

/// Marks of a strip in a list.
pub(super) const STRIP: Pen = Pen { radius: 3.6, side: 6.4, band: 6.0, upright: 3.5, arrow: 4.5, hatch: 5.0 };

/// A narrower range is drawn as one vertical line.
const MIN_RANGE_WIDTH: f64 = 6.0;

impl Pen {
    /// Draws a reading on a plot at height `y`. `own` is for an outlet that speaks in its own voice.
    pub(super) fn draw(self, plot: &Plot<'_>, reading: &AxisReading, y: f64, own: bool) -> Markup {
        if reading.denied {
            return self.denial(plot, reading, y);
        }
        let number = reading.number.map(|number| plot.at(number as f64));
        html! {
            @if !reading.is_exact() { (self.range(plot, reading, y, number)) }
            @if let Some(x) = number { (self.number(x, y, own, reading.is_exact())) }
        }
    }

    fn range(self, plot: &Plot<'_>, reading: &AxisReading, y: f64, number: Option<f64>) -> Markup {
        let (low, high) = (plot.low(reading.hard.low), plot.high(reading.hard.high));
        let (from, to) = (low.at(), high.at());
        let is_closed = matches!((low, high), (RangeEnd::Closed(_), RangeEnd::Closed(_)));
        html! {
            @if !plot.scale.is_steps() { (self.usual(plot, reading, y)) }
            @if is_closed && to - from < MIN_RANGE_WIDTH {
                @if number.is_none() {
                    rect .pc x=(Px(f64::midpoint(from, to) - 1.7)) y=(Px(y - self.upright - 0.5)) width="3.4"
                        height=(Px(self.upright * 2.0 + 1.0)) {}
                }
            } @else {
                path .hard d=(format!("M{} {}H{}", Px(from), Px(y), Px(to))) {}
                (self.end(low, y, number, -1.0))
                (self.end(high, y, number, 1.0))
            }
        }
    }

    /// The band of the usual range. Empty if it equals the hard range.
    fn usual(self, plot: &Plot<'_>, reading: &AxisReading, y: f64) -> Markup {
        if reading.usual == reading.hard {
            return html! {};
        }
        let (low, high) = (plot.low(reading.usual.low), plot.high(reading.usual.high));
        let room = if plot.high(reading.hard.high).at() >= plot.to { 9.0 } else { 0.0 };
        let (from, to) = (low.at(), high.at().min(plot.to - room));
        html! {
            rect .usual x=(Px(from)) y=(Px(y - self.band / 2.0)) width=(Px((to - from).max(2.0)))
                height=(Px(self.band)) {}
        }
    }

    /// An end of a range; `way` is 1 at the right and -1 at the left.
    fn end(self, end: RangeEnd, y: f64, number: Option<f64>, way: f64) -> Markup {
        let Self { upright, arrow, .. } = self;
        match end {
            RangeEnd::Closed(x) if number.is_some_and(|number| (number - x).abs() < 0.5) => html! {},
            RangeEnd::Closed(x) => {
                html! { path .hard d=(format!("M{} {}v{}", Px(x), Px(y - upright), Px(upright * 2.0))) {} }
            }
            RangeEnd::Open(x) => {
                let back = Px(x - way * arrow);
                let path =
                    format!("M{back} {}L{} {}L{back} {}", Px(y - upright), Px(x), Px(y), Px(y + upright));
                html! { path .arrow d=(path) {} }
            }
            RangeEnd::Past(x) => {
                let stroke = |back: f64| {
                    format!(
                        "M{} {}l{} {}",
                        Px(x - way * back - 1.5),
                        Px(y + upright),
                        Px(3.0),
                        Px(-2.0 * upright)
                    )
                };
                html! { path .hard .past d=(stroke(3.0) + &stroke(7.0)) {} }
            }
        }
    }

    fn number(self, x: f64, y: f64, own: bool, is_exact: bool) -> Markup {
        let class = if is_exact { "dot" } else { "ring" };
        if !own {
            return html! { circle class=(class) cx=(Px(x)) cy=(Px(y)) r=(Px(self.radius)) {} };
        }
        let half = self.side / 2.0;
        html! {
            rect class=(class) x=(Px(x - half)) y=(Px(y - half)) width=(Px(self.side)) height=(Px(self.side)) {}
        }
    }

    /// Hatching over the denied range, from a vertical line at its end; for a single figure, across the line.
    fn denial(self, plot: &Plot<'_>, reading: &AxisReading, y: f64) -> Markup {
        let (low, high) = (plot.low(reading.hard.low), plot.high(reading.hard.high));
        let (mut from, mut to) = (low.at(), high.at());
        let (rise, tall) = (self.band, self.upright * 2.0 + 3.0);
        if to - from < rise + 2.0 {
            (from, to) = (from - rise, from + rise);
        }
        let mut strokes = String::new();
        let mut x = from + 1.0;
        while x + rise <= to {
            let _ = write!(strokes, "M{} {}l{rise} -{rise}", Px(x), Px(y + rise / 2.0));
            x += self.hatch;
        }
        let upright = |end: RangeEnd| {
            matches!(end, RangeEnd::Closed(_))
                .then(|| format!("M{} {}v{}", Px(end.at()), Px(y - tall / 2.0), Px(tall)))
        };
        html! {
            path .hatch d=(strokes) {}
            @for end in [low, high] { @if let Some(path) = upright(end) { path .denyline d=(path) {} } }
        }
    }
}

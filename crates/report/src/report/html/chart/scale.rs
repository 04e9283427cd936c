//! Scales map values to pixels and have round ticks. They are linear from zero, or from a higher value if all answers
//! are close together; logarithmic if answers are far apart; by days; or by steps of a scale.

use super::calendar;
use super::label::{FontWeight, width};
use super::reading::AxisReading;
use gainsay_reading::figure::{ONE, OPEN, number};

/// The kind of values on an axis.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Axis {
    /// Whole numbers.
    Count,
    /// Numbers with decimals.
    Amount,
    /// Durations, in seconds.
    Time,
    /// Days.
    Days,
    /// Steps, weakest first. The first means none of them.
    Steps(Vec<String>),
}

/// A labelled value on an axis.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct AxisTick {
    pub(super) value: f64,
    pub(super) label: String,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Spread {
    Even,
    Log,
    Steps,
}

/// An axis with its ends.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Scale {
    spread: Spread,
    low: f64,
    high: f64,
    /// Whether zero has its own lane to the left of a logarithmic axis.
    zero: bool,
    pub(super) ticks: Vec<AxisTick>,
    /// The unit of durations, if there is one.
    pub(super) unit: Option<&'static str>,
}

/// The largest ratio between the largest and the smallest number on a linear axis.
const MAX_LINEAR_RATIO: f64 = 25.0;

/// The most ticks on an axis.
const MAX_TICKS: usize = 64;

/// The width of the lane of zero, and the position of zero in it.
const ZERO_LANE: (f64, f64) = (34.0, 13.0);

/// The distance of the outer steps from the ends of the axis.
const STEP_INSET: f64 = 16.0;

impl Scale {
    /// The scale for some readings, with about `most` ticks.
    pub(super) fn new<'a>(axis: &Axis, readings: impl Iterator<Item = &'a AxisReading>, most: usize) -> Self {
        let readings: Vec<&AxisReading> = readings.collect();
        match axis {
            Axis::Steps(names) => Self::steps(names, &readings),
            Axis::Days => Self::days(&readings, most),
            Axis::Count | Axis::Amount | Axis::Time => Self::figures(axis, &readings, most),
        }
    }

    fn figures(axis: &Axis, readings: &[&AxisReading], most: usize) -> Self {
        let numbers = || readings.iter().flat_map(|reading| reading.numbers()).map(|value| value as f64);
        let (largest, smallest) = (numbers().fold(0.0, f64::max), above_zero(numbers()));
        if largest > smallest * MAX_LINEAR_RATIO && axis != &Axis::Time {
            return Self::log(readings, smallest, largest);
        }
        let ends = readings.iter().map(|reading| reading.hard.low as f64);
        let largest = if largest > 0.0 { largest } else { ends.fold(0.0, f64::max) };
        let (unit, name) = unit(axis, largest);
        let has_decimals = axis == &Axis::Amount && numbers().any(|value| value % unit != 0.0);
        let finest = if has_decimals { 1.0 } else { unit };
        let (from, to) = frame(numbers().fold(f64::INFINITY, f64::min), largest);
        let step = step((to - from).max(finest), unit, finest, most);
        let low = (from / step).floor() * step;
        // The last tick is beyond the largest number, so that an arrow has room.
        let high = ((to + (to - from) * 0.04) / step).ceil().max(1.0) * step;
        let places = (0..=MAX_TICKS).map(|at| low + step * at as f64);
        let places = places.take_while(|&value| value < high + step / 2.0);
        let name_of =
            |value: f64| if name.is_some() { amount(value / unit) } else { amount(value / ONE as f64) };
        let ticks = places.map(|value| AxisTick { value, label: name_of(value) }).collect();
        Self { spread: Spread::Even, low, high, zero: false, ticks, unit: name }
    }

    fn log(readings: &[&AxisReading], smallest: f64, largest: f64) -> Self {
        let lows = readings.iter().map(|reading| reading.hard.low as f64);
        let first = above_zero(lows).min(smallest).log10().floor() as i32;
        // The last power of ten is well beyond the largest number, so that an end has room.
        let last = (largest * 1.25).log10().floor() as i32 + 1;
        let zero = readings.iter().any(|reading| reading.hard.low <= 0);
        let tick = |power: i32| {
            let value = 10f64.powi(power);
            AxisTick { value, label: amount(value / ONE as f64) }
        };
        let mut ticks: Vec<AxisTick> = (first..=last).map(tick).collect();
        if zero {
            ticks.insert(0, AxisTick { value: 0.0, label: "0".to_owned() });
        }
        let (low, high) = (10f64.powi(first), 10f64.powi(last));
        Self { spread: Spread::Log, low, high, zero, ticks, unit: None }
    }

    fn days(readings: &[&AxisReading], most: usize) -> Self {
        let days = || readings.iter().flat_map(|reading| reading.numbers());
        let (first, last) = (days().min().unwrap_or(0), days().max().unwrap_or(0));
        Self::calendar(first as i32, last as i32, most)
    }

    /// The scale from one day to another, with a margin at both ends.
    pub(super) fn calendar(first: i32, last: i32, most: usize) -> Self {
        let room = ((f64::from(last) - f64::from(first)) * 0.05).clamp(1.0, 5_000.0) as i32;
        let (low, high) = (first.saturating_sub(room), last.saturating_add(room));
        let ticks = calendar::ticks(low, high, most).into_iter();
        let ticks = ticks.map(|tick| AxisTick { value: f64::from(tick.day), label: tick.label }).collect();
        let (low, high) = (f64::from(low), f64::from(high));
        Self { spread: Spread::Even, low, high, zero: false, ticks, unit: None }
    }

    fn steps(names: &[String], readings: &[&AxisReading]) -> Self {
        let none = readings.iter().any(|reading| reading.hard.low <= 0);
        let first = usize::from(!none);
        let shown = names.iter().enumerate().skip(first);
        let ticks = shown.map(|(at, name)| AxisTick { value: at as f64, label: name.clone() }).collect();
        let (low, high) = (first as f64, names.len().saturating_sub(1).max(first) as f64);
        Self { spread: Spread::Steps, low, high, zero: false, ticks, unit: None }
    }

    /// Whether it is logarithmic.
    pub(super) fn is_log(&self) -> bool {
        self.spread == Spread::Log
    }

    /// Whether it has steps, which are labelled at the top and do not have bands between them.
    pub(super) fn is_steps(&self) -> bool {
        self.spread == Spread::Steps
    }

    /// Whether zero has its own lane.
    pub(super) fn has_zero_apart(&self) -> bool {
        self.zero
    }
}

/// A scale drawn between two pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot<'a> {
    pub(super) scale: &'a Scale,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// How the end of a range is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum RangeEnd {
    /// At this pixel.
    Closed(f64),
    /// With an arrow at this pixel, because the range is open.
    Open(f64),
    /// With a break at this pixel, because the end is beyond the frame.
    Past(f64),
}

impl RangeEnd {
    pub(super) fn at(self) -> f64 {
        match self {
            Self::Closed(at) | Self::Open(at) | Self::Past(at) => at,
        }
    }
}

impl Plot<'_> {
    /// The pixel of a value, inside the frame.
    pub(super) fn at(&self, value: f64) -> f64 {
        let scale = self.scale;
        let share = |value: f64, low: f64, high: f64| {
            let share = if high > low { (value - low) / (high - low) } else { 0.5 };
            if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
        };
        let (from, to) = match scale.spread {
            Spread::Log if scale.zero && value <= 0.0 => return self.from + ZERO_LANE.1,
            Spread::Log if scale.zero => (self.from + ZERO_LANE.0, self.to),
            Spread::Steps => (self.from + STEP_INSET, self.to - STEP_INSET),
            Spread::Log | Spread::Even => (self.from, self.to),
        };
        let share = match scale.spread {
            Spread::Log => share(value.max(scale.low).log10(), scale.low.log10(), scale.high.log10()),
            Spread::Steps | Spread::Even => share(value, scale.low, scale.high),
        };
        from + share * (to - from)
    }

    /// Where the low end of a range is drawn.
    pub(super) fn low(&self, value: i64) -> RangeEnd {
        match value {
            i64::MIN => RangeEnd::Open(self.from),
            _ if self.is_below(value as f64) => RangeEnd::Past(self.from),
            _ => RangeEnd::Closed(self.at(value as f64)),
        }
    }

    /// Where the high end of a range is drawn.
    pub(super) fn high(&self, value: i64) -> RangeEnd {
        match value {
            OPEN => RangeEnd::Open(self.to),
            _ if self.scale.is_steps() && value as f64 >= self.scale.high => RangeEnd::Open(self.to),
            _ if value as f64 > self.scale.high => RangeEnd::Past(self.to),
            _ => RangeEnd::Closed(self.at(value as f64)),
        }
    }

    fn is_below(&self, value: f64) -> bool {
        value < self.scale.low && !(self.scale.zero && value <= 0.0)
    }

    /// The pixel where the axis begins, after the lane of zero.
    pub(super) fn start(&self) -> f64 {
        if self.scale.zero { self.from + ZERO_LANE.0 } else { self.from }
    }

    /// The position of the label of a tick, its anchor, and its left and right edge.
    pub(super) fn name(&self, at: f64, name: &str) -> (f64, &'static str, (f64, f64)) {
        let (wide, edge) = (width(name, FontWeight::Regular), self.to + 6.0);
        if at + wide / 2.0 > edge + 2.0 {
            (edge, "end", (edge - wide, edge))
        } else {
            let middle = at.max(wide / 2.0);
            (middle, "middle", (middle - wide / 2.0, middle + wide / 2.0))
        }
    }

    /// The ticks with their pixels. Ticks whose labels would touch are left out, the outer ones last.
    pub(super) fn ticks(&self) -> Vec<(f64, &str)> {
        let ticks = &self.scale.ticks;
        let fits = |every: usize| {
            let kept: Vec<&AxisTick> = ticks.iter().rev().step_by(every).collect();
            kept.windows(2).all(|pair| {
                let [(_, _, after), (_, _, before)] =
                    [0, 1].map(|at| self.name(self.at(pair[at].value), &pair[at].label));
                before.1 + 8.0 <= after.0
            })
        };
        let every = (1..ticks.len().max(2)).find(|&every| fits(every)).unwrap_or(ticks.len().max(1));
        let mut kept: Vec<(f64, &str)> = ticks
            .iter()
            .rev()
            .step_by(every)
            .map(|tick| (self.at(tick.value), tick.label.as_str()))
            .collect();
        kept.reverse();
        kept
    }
}

/// The range of a linear axis: from zero, or from a higher value if all numbers are within a
/// fifth of each other. It then covers at least a fifth, so that close values look close.
fn frame(least: f64, largest: f64) -> (f64, f64) {
    if !(least < largest && least >= largest * 0.8) {
        return (0.0, largest);
    }
    let (middle, half) = (f64::midpoint(least, largest), ((largest - least) * 0.55).max(largest * 0.1));
    (middle - half, middle + half)
}

fn above_zero(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|&value| value > 0.0).fold(f64::INFINITY, f64::min)
}

/// The unit of values: its size in thousandths, and its name if it is a unit of time.
fn unit(axis: &Axis, largest: f64) -> (f64, Option<&'static str>) {
    if axis != &Axis::Time {
        return (ONE as f64, None);
    }
    let units = [("years", 365.0 * 86_400.0), ("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)];
    let (name, seconds) =
        units.into_iter().find(|(_, seconds)| largest >= 2_000.0 * seconds).unwrap_or(("seconds", 1.0));
    (seconds * ONE as f64, Some(name))
}

/// The round step that covers a span in at most `most` steps with the least remainder. 2.5 and 4 are less round
/// than 1, 2 and 5, so they must leave an eighth less.
fn step(span: f64, unit: f64, finest: f64, most: usize) -> f64 {
    const ROUND: [(f64, f64); 5] = [(1.0, 1.0), (2.0, 1.0), (2.5, 1.12), (4.0, 1.12), (5.0, 1.0)];
    let most = most.max(2) as f64;
    let power = (span / unit / most).log10().floor();
    let rounds =
        (0..3).flat_map(|more| ROUND.map(|(one, cost)| (one * 10f64.powf(power + f64::from(more)), cost)));
    let is_whole = |step: f64| finest < unit || (step - step.round()).abs() < 1e-9;
    let count = |step: f64| (span * 1.04 / (step * unit)).ceil();
    let mut fits =
        rounds.filter(|&(step, _)| is_whole(step) && count(step) <= most && step * unit >= finest).take(4);
    let first = fits.next().unwrap_or((10f64.powf(power + 3.0), 1.0));
    let fits = fits.filter(|&(step, _)| count(step) >= (most / 2.0).ceil());
    let over = |(step, cost): (f64, f64)| count(step) * step * cost;
    fits.fold(first, |best, next| if over(next) <= over(best) { next } else { best }).0 * unit
}

/// A number on an axis, in few letters: `1,000`, `2.5 million`.
fn amount(value: f64) -> String {
    let names = [(1e15, " quadrillion"), (1e12, " trillion"), (1e9, " billion"), (1e6, " million")];
    let found = names.into_iter().find(|(size, _)| value >= *size);
    let (value, name) = found.map_or((value, ""), |(size, name)| (value / size, name));
    format!("{}{name}", number((value * ONE as f64).round() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_reading::figure::Range;

    fn reading(low: i64, high: i64) -> AxisReading {
        let scaled = |value: i64| if value == OPEN { OPEN } else { value * ONE };
        let hard = Range::new(scaled(low), scaled(high));
        let number = (low == high || high == OPEN).then_some(hard.low);
        AxisReading { hard, usual: hard, number, denied: false, loose: false }
    }

    fn labels(axis: &Axis, readings: &[AxisReading], most: usize) -> String {
        let scale = Scale::new(axis, readings.iter(), most);
        scale.ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticks_are_round_and_go_beyond_the_largest_number() {
        let cases = [
            (160, "0 50 100 150 200"),
            (46, "0 10 20 30 40 50"),
            (1_500, "0 400 800 1,200 1,600"),
            (3, "0 1 2 3 4"),
            (1, "0 1 2"),
            (0, "0 1"),
            (23, "0 5 10 15 20 25"),
        ];
        for (largest, ticks) in cases {
            assert_eq!(labels(&Axis::Count, &[reading(largest, largest)], 6), ticks, "{largest}");
        }
        let exact = Range::exact(6_300);
        let decimal =
            AxisReading { hard: exact, usual: exact, number: Some(6_300), denied: false, loose: false };
        assert_eq!(labels(&Axis::Amount, &[decimal], 6), "0 2 4 6 8");
    }

    #[test]
    fn scale_of_close_values_begins_above_zero() {
        assert_eq!(labels(&Axis::Count, &[reading(152, 186), reading(170, 170)], 6), "150 160 170 180 190");
        assert!(labels(&Axis::Count, &[reading(100, 100), reading(170, 170)], 6).starts_with("0 "));
        assert!(labels(&Axis::Count, &[reading(170, 170), reading(170, 170)], 6).starts_with("0 "));
    }

    #[test]
    fn scale_of_distant_figures_is_logarithmic() {
        let far = [reading(4, 4), reading(101, OPEN)];
        assert_eq!(labels(&Axis::Count, &far, 6), "1 10 100 1,000");
        assert_eq!(labels(&Axis::Count, &[reading(4, 4), reading(99, OPEN)], 6), "0 20 40 60 80 100 120");
        let with_none = [reading(0, 0), reading(4, 4), reading(101, OPEN)];
        let scale = Scale::new(&Axis::Count, with_none.iter(), 6);
        let plot = Plot { scale: &scale, from: 0.0, to: 334.0 };
        assert!(scale.is_log() && scale.has_zero_apart());
        let near =
            |value: f64, place: f64| assert!((plot.at(value * 1000.0) - place).abs() < 0.01, "{value}");
        near(0.0, 13.0);
        near(1.0, 34.0);
        near(10.0, 134.0);
        near(1_000.0, 334.0);
    }

    #[test]
    fn huge_figures_and_open_ends_stay_in_the_frame() {
        let huge = [reading(1_000_000_000_000_000, 1_000_000_000_000_000), reading(1, OPEN)];
        let scale = Scale::new(&Axis::Count, huge.iter(), 6);
        let plot = Plot { scale: &scale, from: 256.0, to: 770.0 };
        assert_eq!(plot.high(OPEN), RangeEnd::Open(770.0));
        assert!((256.0..=770.0).contains(&plot.at(1e18)) && plot.ticks().len() > 1);
        assert!(plot.ticks().windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

//! The reading of an answer on an axis: its hard range, its usual range, and the number it names.

use gainsay_analysis::document::{Certainty, Stance};
use gainsay_analysis::id::{AnswerId, Id as _};
use gainsay_analysis::model::{Model, Value, below};
use gainsay_reading::figure::{Figure, OPEN, Qualifier, Range};
use gainsay_reading::period::Period;

/// The reading of an answer on an axis. Values are figures in thousandths, steps of a scale, or day numbers.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct AxisReading {
    /// The hard range. For a denial, the denied range.
    pub(super) hard: Range,
    /// The usual range.
    pub(super) usual: Range,
    /// The number it names, or the only possible one.
    pub(super) number: Option<i64>,
    /// Whether it denies its range without giving another value.
    pub(super) denied: bool,
    /// Whether its hard range is very wide, as for `about`, so that its ends say little.
    pub(super) loose: bool,
}

impl AxisReading {
    /// The reading of an answer. None if it cannot be on an axis, or is not a position.
    pub(super) fn for_answer(model: &Model, answer: AnswerId) -> Option<Self> {
        let at = answer.index();
        if model.answers.certainty[at] == Certainty::Conditional {
            return None;
        }
        let value = &model.answers.value[at];
        match (model.answers.stance[at], value) {
            (Stance::Declines, _) | (_, Value::YesNo(_)) => None,
            (Stance::Asserts, Value::Figure(figure)) => Some(Self::figure(figure)),
            (Stance::Asserts, Value::Days(days)) => Some(Self::days(days, value.ranges()?.0)),
            (Stance::Asserts, Value::Step(hard, _)) => Some(Self::step(*hard, top(model, answer))),
            (Stance::Asserts, _) => value.ranges().map(|(hard, usual)| Self::on(hard, usual)),
            // The denial of a step names that step, not one of the steps that remain possible.
            (Stance::Denies, Value::Step(hard, _)) if hard.low > 0 => Some(Self::unnamed(below(*hard))),
            (Stance::Denies, Value::Step(hard, _)) => {
                let top = top(model, answer);
                Some(Self::unnamed(Range { low: hard.high.saturating_add(1).min(top), high: top }))
            }
            (Stance::Denies, _) => {
                let (hard, usual) = value.ranges()?;
                Some(Self { number: None, denied: true, ..Self::on(hard, usual) })
            }
        }
    }

    fn on(hard: Range, usual: Range) -> Self {
        let number = hard.is_exact().then_some(hard.low);
        Self { hard, usual, number, denied: false, loose: false }
    }

    fn unnamed(hard: Range) -> Self {
        Self { number: None, ..Self::on(hard, hard) }
    }

    /// Steps of a scale; "at least" and "at most" name one.
    fn step(hard: Range, top: i64) -> Self {
        let named = match (hard.low, hard.high) {
            (low, high) if low == high || high >= top => Some(low),
            (low, high) => (low <= 0).then_some(high),
        };
        Self { number: named, ..Self::on(hard, hard) }
    }

    fn figure(figure: &Figure) -> Self {
        let loose = figure.qualifier == Qualifier::About || figure.leaned_on.contains(&"about");
        let mut reading = Self { loose, ..Self::on(figure.hard, figure.usual) };
        if let [stated] = figure.stated[..] {
            // "Over 1,000" begins at 1,001, so the ring is drawn there, on the range.
            reading.number = Some(stated.clamp(figure.hard.low, figure.hard.high));
        }
        reading
    }

    fn days(days: &Period, hard: Range) -> Self {
        let named = days.nominal_first().filter(|first| Some(*first) == days.nominal_last());
        Self { number: named.map(|day| i64::from(day.number())), ..Self::on(hard, hard) }
    }

    /// Whether only one value is possible.
    pub(super) fn is_exact(&self) -> bool {
        self.hard.is_exact() && !self.denied
    }

    /// Whether it only says that there was at least one.
    pub(super) fn is_any(&self) -> bool {
        self.number.is_none() && self.hard.is_open() && self.usual.is_open()
    }

    /// The numbers that an axis must include: the stated number, the usual range, and near ends of the hard range.
    pub(super) fn numbers(&self) -> impl Iterator<Item = i64> + use<> {
        let ends = [self.usual.low, self.usual.high, self.hard.low, self.hard.high];
        let near = if self.is_any() {
            0
        } else if self.loose || self.hard.is_open() {
            2
        } else {
            4
        };
        let drawn = self.number.into_iter().chain(ends.into_iter().take(near));
        drawn.filter(|&value| value != OPEN && value != i64::MIN)
    }
}

/// The strongest step of the scale that an answer is on.
fn top(model: &Model, answer: AnswerId) -> i64 {
    model.measure_of(model.answers.question[answer.index()]).steps.len() as i64
}

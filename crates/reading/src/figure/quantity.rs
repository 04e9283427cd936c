//! Quantities: figures that are being built, and how wordings combine.
//!
//! Combinations apply to both ranges in the same way, from the inside out: - a vague word times a scale
//! (`several hundred`, `dozens of thousands`) runs from its low end times the scale to just below the next
//! step: `several hundred` is usually 300-999, `a couple of dozen` 24-47 and usually 24-35; - `A to B` runs
//! from the low ends of A to the high ends of B; `1 to 2 million` is 1 million to 2 million; - `at least Q`
//! is hard from Q's hard low end, usual from its usual low end to double its usual high end (`at least
//! dozens`: 12 and up, usually 24-198); `more than` the same, less the low end itself; - `up to Q` is hard to
//! Q's hard high end, usual from half its usual low end to its usual high end; `fewer than` the same, less
//! the high end itself. So `up to several hundred` has no hard ceiling; - `about` and `nearly` widen each end
//! by what the table says; - `some` before a vague word (`some dozens`) adds nothing; - one bound may come
//! before `about` or `nearly` (`at least some 40`); other pairs are refused; - what is usual is kept within
//! what is hard; counts are cut inwards to whole numbers.

use super::conventions::{VagueWord, lowered, raised};
use super::lex::{FigureStop, TokenCursor};
use super::number::{self, ReadNumber};
use super::range::{LARGEST, ONE, OPEN, Range, WHOLE, part_down};
use super::unit::TimeUnit;
use super::{Conventions, Qualifier};

/// A figure that is being built.
#[derive(Debug, Clone)]
pub(super) struct Quantity {
    pub hard: Range,
    pub usual: Range,
    pub stated: Vec<i64>,
    pub step: i64,
    pub leaned_on: Vec<&'static str>,
    pub qualifier: Qualifier,
    /// The scale word of a plain number, which the other end of a range may borrow.
    pub scale: Option<i64>,
    pub span: Option<TimeUnit>,
}

impl Quantity {
    pub(super) fn exact(value: i64, step: i64, qualifier: Qualifier) -> Self {
        let (hard, stated) = (Range::exact(value), vec![value]);
        Self { hard, usual: hard, stated, step, leaned_on: Vec::new(), qualifier, scale: None, span: None }
    }

    pub(super) fn plain(number: ReadNumber) -> Self {
        Self { scale: number.scale, ..Self::exact(number.value, number.step, Qualifier::Exactly) }
    }

    pub(super) fn vague(entry: &VagueWord) -> Self {
        let leaned_on = vec![entry.word];
        let nothing = Self::exact(0, ONE, Qualifier::Vague);
        Self { hard: entry.hard, usual: entry.usual, stated: Vec::new(), leaned_on, ..nothing }
    }

    pub(super) fn is_bare_zero(&self) -> bool {
        self.qualifier == Qualifier::Exactly && self.hard == Range::exact(0)
    }

    /// The smallest distance that `about` allows.
    fn slack(&self) -> i64 {
        self.span.map_or(ONE, TimeUnit::slack)
    }

    /// A vague quantity times a scale. Its high ends reach to just below the next step.
    pub(super) fn scaled(self, size: i64) -> Option<Self> {
        let run = |range: Range| {
            let high = if range.is_open() { OPEN } else { (range.high + ONE).checked_mul(size)? - ONE };
            let low = range.low.checked_mul(size)?;
            (low <= LARGEST && (high <= LARGEST || high == OPEN)).then_some(Range::new(low, high))
        };
        Some(Self { hard: run(self.hard)?, usual: run(self.usual)?, ..self })
    }

    /// Every value times `factor`.
    fn times(self, factor: i64) -> Option<Self> {
        let stated: Option<Vec<_>> =
            self.stated.iter().map(|value| super::range::times(*value, factor)).collect();
        let (hard, usual) = (self.hard.times(factor)?, self.usual.times(factor)?);
        Some(Self { hard, usual, stated: stated?, step: self.step.checked_mul(factor)?, ..self })
    }

    /// The quantity in a unit of time, in seconds.
    pub(super) fn spanned(self, span: TimeUnit, cursor: &TokenCursor<'_>) -> Result<Self, FigureStop> {
        let long = self.times(span.seconds).ok_or_else(|| FigureStop::new(cursor.at(), number::TOO_LARGE))?;
        Ok(Self { step: span.size(), span: Some(span), ..long })
    }

    /// The quantity with a qualifier before it, by the rules above. An error if the result has no meaning.
    pub(super) fn qualified(self, qualifier: Qualifier, conventions: &Conventions) -> Result<Self, String> {
        let reach = conventions.reach(qualifier);
        let Self { hard, usual, .. } = self;
        let zero = usual.high == 0;
        let (hard, usual) = match qualifier {
            Qualifier::AtLeast => {
                (Range::at_least(hard.low), Range::new(usual.low, raised(usual.high, reach.1)))
            }
            Qualifier::MoreThan => {
                (Range::at_least(hard.low + 1), Range::new(usual.low + 1, raised(usual.high, reach.1)))
            }
            Qualifier::AtMost => {
                (Range::new(0, hard.high), Range::new(lowered(usual.low, reach.1), usual.high))
            }
            Qualifier::FewerThan if zero => return Err("nothing can be fewer than none".to_owned()),
            Qualifier::FewerThan => {
                let (hard, low, high) = (below(hard.high), below(usual.low), below(usual.high));
                (Range::new(0, hard), Range::new(lowered(low, reach.1), high))
            }
            Qualifier::About => (around(hard, reach.0), either_way(usual, reach.1, self.slack())),
            Qualifier::Nearly => (
                Range::new(lowered(hard.low, reach.0), hard.high),
                Range::new(lowered(usual.low, reach.1), usual.high),
            ),
            _ => (hard, usual),
        };
        // Twice zero says nothing about the usual range.
        let usual = if zero && hard.is_open() { hard } else { usual };
        let leaned_on = qualifier.line().into_iter().chain(self.leaned_on).collect();
        Ok(Self { hard, usual, leaned_on, qualifier, ..self })
    }
}

/// A range of two quantities. The first borrows the unit or the scale of the second if it has none.
pub(super) fn joined(
    first: Quantity,
    second: Quantity,
    start: &TokenCursor<'_>,
    end: &TokenCursor<'_>,
) -> Result<Quantity, FigureStop> {
    let large = || FigureStop::new(start.at(), number::TOO_LARGE);
    let first = match (first.span, second.span) {
        (None, Some(span)) => first.spanned(span, start)?,
        (Some(_), None) => return Err(FigureStop::new(end.at(), "the unit is missing at its end")),
        _ => match (first.scale, second.scale) {
            (None, Some(size)) if first.hard.is_exact() && first.hard.low < second.hard.low / size => {
                first.times(size).ok_or_else(large)?
            }
            _ => first,
        },
    };
    if first.hard.low > second.hard.high || first.usual.low > second.usual.high {
        return Err(FigureStop::new(end.at(), "the range ends below its start"));
    }
    Ok(Quantity {
        hard: Range::new(first.hard.low, second.hard.high),
        usual: Range::new(first.usual.low, second.usual.high),
        stated: first.stated.into_iter().chain(second.stated).collect(),
        step: first.step.min(second.step),
        leaned_on: first.leaned_on.into_iter().chain(second.leaned_on).collect(),
        qualifier: Qualifier::Between,
        scale: None,
        span: first.span.max(second.span),
    })
}

fn below(value: i64) -> i64 {
    if value == OPEN { OPEN } else { (value - 1).max(0) }
}

/// The range from `x·(1-reach)` to `x/(1-reach)`: a reach of one half gives half to double.
fn around(range: Range, reach: i64) -> Range {
    Range::new(lowered(range.low, reach), part_down(range.high, WHOLE, WHOLE - reach))
}

/// `reach` of a figure in both directions, and at least `slack`.
fn either_way(range: Range, reach: i64, slack: i64) -> Range {
    let low = lowered(range.low, reach).min(range.low - slack).max(0);
    let high = if range.is_open() { OPEN } else { raised(range.high, reach).max(range.high + slack) };
    Range::new(low, high)
}

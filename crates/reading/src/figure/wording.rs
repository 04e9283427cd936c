//! The grammar of a wording, from left to right: `[qualifier [qualifier]] extent [suffix]`. An extent is one
//! quantity or a range of two. A quantity is a number or a vague word, with its unit. `quantity` calculates
//! the ranges.

use super::conventions::vague_word;
use super::lex::{FigureStop, TokenCursor, TokenKind};
use super::number::{self, ReadNumber};
use super::qualifier::{prefixes, suffix};
use super::quantity::{Quantity, joined};
use super::range::{LARGEST, ONE, Range};
use super::unit;
use super::{Conventions, Counting, Figure, Qualifier, Unit};

/// Words for zero.
const NONE: [&str; 5] = ["none", "no", "nobody", "no one", "nil"];

/// Reads wordings for one type of measure, under one table of conventions.
#[derive(Clone, Copy)]
pub(super) struct FigureReader<'a> {
    pub counting: &'a Counting,
    pub conventions: &'a Conventions,
}

impl FigureReader<'_> {
    /// Reads a whole wording as a figure.
    pub(super) fn figure(self, mut cursor: TokenCursor<'_>) -> Result<Figure, FigureStop> {
        let at = cursor.at();
        if let Some(quantity) = self.whole_wording(&cursor) {
            return self.finished(quantity, at);
        }
        let some = cursor.word() == Some("some");
        let (mut outer, mut inner) = prefixes(&mut cursor)?;
        let mut quantity = self.extent(&mut cursor)?;
        self.needs_unit(&quantity, &cursor)?;
        let before_suffix = cursor.at();
        match suffix(&mut cursor) {
            Some(Qualifier::About) if inner.is_none() => inner = Some(Qualifier::About),
            Some(bound) if outer.is_none() && bound != Qualifier::About => outer = Some(bound),
            Some(_) => return Err(FigureStop::new(before_suffix, "it has a qualifier before and after")),
            None => {}
        }
        cursor.finish()?;
        if some && quantity.qualifier == Qualifier::Vague {
            inner = None;
        }
        for qualifier in [inner, outer].into_iter().flatten() {
            quantity =
                quantity.qualified(qualifier, self.conventions).map_err(|why| FigureStop::new(at, why))?;
        }
        self.finished(quantity, at)
    }

    /// `none`, `some` or `2nd`: wordings that are read only if there is nothing else.
    fn whole_wording(self, cursor: &TokenCursor<'_>) -> Option<Quantity> {
        let alone = |phrase: &&str| {
            let mut ahead = *cursor;
            ahead.phrase(phrase) && ahead.is_done()
        };
        if NONE.iter().any(alone) {
            return Some(Quantity::exact(0, ONE, Qualifier::None));
        }
        if alone(&"some") && *self.counting != Counting::TIME {
            let from_one = Range::at_least(ONE);
            let nothing = Quantity::exact(0, ONE, Qualifier::Some);
            return Some(Quantity { hard: from_one, usual: from_one, stated: Vec::new(), ..nothing });
        }
        let ranked = *self.counting == Counting::Amount { unit: None };
        let ordinal = number::ordinal(cursor).filter(|_| ranked)?;
        Some(Quantity::plain(ordinal))
    }

    /// One quantity, or a range of two.
    fn extent(self, cursor: &mut TokenCursor<'_>) -> Result<Quantity, FigureStop> {
        if cursor.phrase("between") {
            return self.between(cursor);
        }
        let start = *cursor;
        let from = cursor.phrase("from");
        let first = self.quantity(cursor)?;
        let mut ahead = *cursor;
        if suffix(&mut ahead).is_none() && separator(&mut ahead) {
            *cursor = ahead;
            let second = self.quantity(cursor).map_err(|stop| open_ended(stop, &start, &ahead))?;
            return joined(first, second, &start, cursor);
        }
        if from { Err(cursor.stop()) } else { Ok(first) }
    }

    /// Reads the part after `between`. Numbers can contain an `and` (`between a hundred and twenty and two
    /// hundred`), so each `and` is tried as the one between the ends.
    fn between(self, cursor: &mut TokenCursor<'_>) -> Result<Quantity, FigureStop> {
        let start = *cursor;
        let mut furthest = FigureStop::new(start.at(), "`between` needs two ends and `and`");
        let parts = |token: &super::lex::Token| token.kind == TokenKind::Word("and".to_owned());
        for (place, _) in start.rest().iter().enumerate().filter(|(_, token)| parts(token)) {
            let (mut left, mut right) = (start.first(place), start.after(place + 1));
            let read = self.quantity(&mut left).and_then(|first| {
                left.finish()?;
                let second = self.quantity(&mut right)?;
                joined(first, second, &start, &right)
            });
            match read {
                Ok(range) => {
                    *cursor = right;
                    return Ok(range);
                }
                Err(stop) if stop.at >= furthest.at => furthest = stop,
                Err(_) => {}
            }
        }
        let first = self.quantity(cursor)?;
        if separator(cursor) {
            let second = self.quantity(cursor)?;
            return joined(first, second, &start, cursor);
        }
        Err(furthest)
    }

    /// A number or a vague word, with its unit before or after it.
    fn quantity(self, cursor: &mut TokenCursor<'_>) -> Result<Quantity, FigureStop> {
        let before = self.takes_name(cursor);
        if let Some(line) = vague_word(cursor) {
            return self.vague(line, cursor);
        }
        if let Some(number) = self.number(cursor)? {
            let quantity = Quantity::plain(number);
            if !before {
                self.takes_name(cursor);
            }
            return if self.is_timed() { timed(quantity, cursor) } else { Ok(quantity) };
        }
        if self.is_timed()
            && let Some(span) = unit::one_span(cursor)
        {
            return compound(Quantity::exact(ONE, ONE, Qualifier::Exactly).spanned(span, cursor)?, cursor);
        }
        let dash = cursor.peek().is_some_and(|token| token.kind == TokenKind::Dash);
        Err(if dash { FigureStop::new(cursor.at(), "a figure cannot be negative") } else { cursor.stop() })
    }

    /// A number; before a unit of time also with an article (`a six-day`).
    fn number(self, cursor: &mut TokenCursor<'_>) -> Result<Option<ReadNumber>, FigureStop> {
        let mut ahead = *cursor;
        if self.is_timed() && (ahead.phrase("a") || ahead.phrase("an")) {
            let number = number::number(&mut ahead)?;
            if number.is_some() {
                *cursor = ahead;
                return Ok(number);
            }
        }
        number::number(cursor)
    }

    /// A vague word, the scales it multiplies, and its unit.
    fn vague(self, line: &'static str, cursor: &mut TokenCursor<'_>) -> Result<Quantity, FigureStop> {
        let entry = self.conventions.vague(line).ok_or_else(|| cursor.stop())?;
        let mut quantity = Quantity::vague(entry);
        loop {
            let mut ahead = *cursor;
            ahead.phrase("of");
            let Some(size) = number::scale(&mut ahead) else { break };
            quantity =
                quantity.scaled(size).ok_or_else(|| FigureStop::new(cursor.at(), number::TOO_LARGE))?;
            *cursor = ahead;
        }
        let mut ahead = *cursor;
        ahead.phrase("of");
        if self.is_timed()
            && let Some(span) = unit::span(&mut ahead)
        {
            *cursor = ahead;
            return quantity.spanned(span, cursor);
        }
        if self.takes_name(&mut ahead) {
            *cursor = ahead;
        }
        Ok(quantity)
    }

    fn is_timed(self) -> bool {
        *self.counting == Counting::TIME
    }

    fn takes_name(self, cursor: &mut TokenCursor<'_>) -> bool {
        matches!(self.counting, Counting::Amount { unit: Some(Unit::Named(name)) } if unit::named(cursor, name))
    }

    fn needs_unit(self, quantity: &Quantity, cursor: &TokenCursor<'_>) -> Result<(), FigureStop> {
        if !self.is_timed() || quantity.span.is_some() {
            return Ok(());
        }
        let (before, after) = cursor.text.split_at(cursor.at());
        let with = |unit: &str| {
            format!("{} {unit}{}{after}", before.trim_end(), if after.is_empty() { "" } else { " " })
        };
        Err(FigureStop::new(cursor.at(), "it needs a unit of time").meant(with("days")).meant(with("hours")))
    }

    fn finished(self, quantity: Quantity, at: usize) -> Result<Figure, FigureStop> {
        let hard =
            if *self.counting == Counting::Whole { quantity.hard.whole() } else { Some(quantity.hard) };
        let hard = hard.ok_or_else(|| FigureStop::new(at, "a count is a whole number"))?;
        let usual = quantity.usual.intersect(&hard).and_then(|usual| match self.counting {
            Counting::Whole => usual.whole(),
            Counting::Amount { .. } => Some(usual),
        });
        Ok(Figure {
            hard,
            usual: usual.unwrap_or(hard),
            qualifier: if quantity.is_bare_zero() { Qualifier::None } else { quantity.qualifier },
            stated: quantity.stated,
            step: quantity.step,
            timed: self.is_timed(),
            leaned_on: quantity.leaned_on,
        })
    }
}

/// Takes the separator between the ends of a range.
fn separator(cursor: &mut TokenCursor<'_>) -> bool {
    cursor.kind(&TokenKind::Dash)
        || cursor.kind(&TokenKind::Dots)
        || cursor.phrase("to")
        || cursor.phrase("or")
}

/// A number with the unit of time after it, if one follows, and smaller units after that.
fn timed(quantity: Quantity, cursor: &mut TokenCursor<'_>) -> Result<Quantity, FigureStop> {
    match unit::span(cursor) {
        Some(span) => compound(quantity.spanned(span, cursor)?, cursor),
        None => Ok(quantity),
    }
}

/// Adds the following numbers in smaller units: `2 hours and 30 minutes`, `an hour and a half`.
fn compound(mut quantity: Quantity, cursor: &mut TokenCursor<'_>) -> Result<Quantity, FigureStop> {
    while let Some(span) = quantity.span {
        let mut ahead = *cursor;
        let (added, step) = if ahead.phrase("and a half") {
            (span.size() / 2, span)
        } else {
            ahead.phrase("and");
            let Some(number) = number::number(&mut ahead)? else { break };
            let Some(smaller) = unit::span(&mut ahead).filter(|smaller| *smaller < span) else { break };
            (Quantity::plain(number).spanned(smaller, &ahead)?.hard.low, smaller)
        };
        let total = quantity.hard.low + added;
        if total > LARGEST {
            return Err(FigureStop::new(cursor.at(), number::TOO_LARGE));
        }
        let (sum, half) = (Quantity::exact(total, step.size(), Qualifier::Exactly), step == span);
        quantity = Quantity { span: Some(step), ..sum };
        *cursor = ahead;
        if half {
            break;
        }
    }
    Ok(quantity)
}

/// `12..` is the form of a setting; in a figure it gets a hint.
fn open_ended(stop: FigureStop, start: &TokenCursor<'_>, end: &TokenCursor<'_>) -> FigureStop {
    let number = start.text[start.at()..].split("..").next().unwrap_or_default().trim();
    if end.is_done() { stop.meant(format!("at least {number}")) } else { stop }
}

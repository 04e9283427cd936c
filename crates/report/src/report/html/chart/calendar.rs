//! Date ticks of an axis.

use gainsay_reading::period::{Day, month_in_brief};

/// A labelled day on an axis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DateTick {
    pub(super) day: i32,
    pub(super) label: String,
}

/// Ticks between two days, at most `most`: by days, months or years, depending on the span.
pub(super) fn ticks(first: i32, last: i32, most: usize) -> Vec<DateTick> {
    let span = i64::from(last) - i64::from(first);
    let most = most.max(2) as i64;
    let days = [1usize, 2, 5, 7, 14].into_iter().find(|&step| span / (step as i64) < most);
    if let Some(step) = days {
        return by_days(first, last, step);
    }
    let months = [1, 2, 3, 6].into_iter().find(|step| span / (30 * step) < most);
    if let Some(step) = months {
        return by_months(first, last, step as i32);
    }
    let rounds = (0..5).flat_map(|power| [1, 2, 5].map(|one| one * 10i64.pow(power)));
    by_years(first, last, rounds.into_iter().find(|step| span / (365 * step) < most).unwrap_or(10_000))
}

fn by_days(first: i32, last: i32, step: usize) -> Vec<DateTick> {
    let mut known = None;
    let mut tick = |day: i32| {
        let (year, month, date) = Day::from_number(day).ymd();
        let label = match known {
            Some((known_year, known_month)) if (known_year, known_month) == (year, month) => date.to_string(),
            Some((known_year, _)) if known_year == year => format!("{date} {}", month_in_brief(month)),
            _ => format!("{date} {} {year}", month_in_brief(month)),
        };
        known = Some((year, month));
        DateTick { day, label }
    };
    (first..=last).step_by(step).map(&mut tick).collect()
}

fn by_months(first: i32, last: i32, step: i32) -> Vec<DateTick> {
    let (year, month, _) = Day::from_number(first).ymd();
    let start = i32::from(year) * 12 + i32::from(month) - 1;
    let mut known = None;
    let mut tick = |at: i32| {
        let (year, month) = (at.div_euclid(12), at.rem_euclid(12) + 1);
        let day = day_of(year, month)?;
        if day < first || day > last {
            return None;
        }
        let name = month_in_brief(month as i8);
        let label = if known == Some(year) { name.to_owned() } else { format!("{name} {year}") };
        known = Some(year);
        Some(DateTick { day, label })
    };
    // Months are counted from January, so that ticks of half a year fall on January and July.
    let from = start.div_euclid(step) * step;
    (0..200).filter_map(|nth| tick(from + nth * step)).collect()
}

fn by_years(first: i32, last: i32, step: i64) -> Vec<DateTick> {
    let (start, end) = (Day::from_number(first).ymd().0, Day::from_number(last).ymd().0);
    let from = i64::from(start).div_euclid(step) * step;
    let years = (0..200).map(|nth| from + nth * step).take_while(|year| *year <= i64::from(end));
    let tick = |year: i64| Some(DateTick { day: day_of(year as i32, 1)?, label: year.to_string() });
    years.filter_map(tick).filter(|tick| (first..=last).contains(&tick.day)).collect()
}

fn day_of(year: i32, month: i32) -> Option<i32> {
    Day::from_ymd(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).map(Day::number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_reading::period::Period;

    fn labels(first: &str, last: &str, most: usize) -> String {
        let day = |text: &str| Period::read(text).unwrap().earliest().number();
        let ticks = ticks(day(first), day(last), most);
        ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticks_fall_on_round_days_months_and_years() {
        assert_eq!(labels("2025-10-07", "2025-10-25", 10), "7 Oct 2025 9 11 13 15 17 19 21 23 25");
        assert_eq!(labels("2025-10-28", "2025-11-03", 4), "28 Oct 2025 30 1 Nov 3");
        assert_eq!(labels("2025-10-28", "2026-03-03", 6), "Nov 2025 Dec Jan 2026 Feb Mar");
        assert_eq!(labels("2014-10-28", "2026-03-03", 8), "2016 2018 2020 2022 2024 2026");
        assert!(ticks(Day::MIN.number(), Day::MAX.number(), 8).len() <= 8);
    }
}

//! Days as a page writes them: `22 Feb 2026`, `9–19 Oct 2025`, `10 Oct 2025 (about)`.

use maud::{Markup, html};

use crate::model::Claim;
use crate::period::Period;

const MONTHS: [&str; 11] = [
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day or a span of days.
pub(super) fn day(period: Period) -> Markup {
    let written = period.to_string();
    let is_one = period.nominal_first().is_some() && !written.contains(['/', '~']);
    let words = in_brief(period);
    html! {
        @if is_one { time datetime=(written) { (words) } } @else { span .when { (words) } }
    }
}

/// When a claim was made; where only the day of publication is known, that it is.
pub(super) fn said_on(claim: &Claim) -> Markup {
    html! {
        @if claim.said_span.is_none() { span .muted { "published " } }
        (day(claim.said))
    }
}

/// A period with its months cut to three letters.
pub(super) fn in_brief(period: Period) -> String {
    let mut words = period.in_words();
    for month in MONTHS {
        words = words.replace(month, &month[..3]);
    }
    let is_about = words.contains("about ");
    words = words.replace("about ", "");
    if let Some((from, to)) = words.split_once(" to ") {
        let is_year = from.len() == 4 && from.bytes().all(|byte| byte.is_ascii_digit());
        let space = if from.contains(' ') || (is_year && to.contains(' ')) { " " } else { "" };
        words = format!("{from}{space}–{space}{to}");
    }
    if is_about { format!("{words} (about)") } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_short() {
        let brief = |text| in_brief(Period::read(text).unwrap());
        assert_eq!(brief("2026-02-22"), "22 Feb 2026");
        assert_eq!(brief("2025-10-09/2025-10-19"), "9–19 Oct 2025");
        assert_eq!(brief("2025-11/2026-02-21"), "Nov 2025 – 21 Feb 2026");
        assert_eq!(brief("2025-10-10~"), "10 Oct 2025 (about)");
        assert_eq!(brief("../2026-02-24"), "by 24 Feb 2026");
        assert_eq!(brief("2025/2026"), "2025–2026");
    }
}

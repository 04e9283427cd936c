//! Completions for figures: their wordings, with the number that is already typed.

use gen_lsp_types::CompletionItemKind as Kind;

use super::{CompletionOffer, CompletionOffers, CompletionQuery, MeasureInfo};
use gainsay_analysis::document::mention;
use gainsay_analysis::source::Span;
use gainsay_reading::figure::{self, Conventions, Counting, Qualifier, Reading};

/// A wording of a figure: `N` and `M` are numbers, `WHOM` is a population and `WHEN` a period.
#[derive(Clone, Copy, Debug)]
pub(in crate::lsp) struct FigureForm {
    pub(in crate::lsp) words: &'static str,
    means: Means,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Means {
    Figure(Qualifier),
    Share,
    Change,
}

const fn form(words: &'static str, means: Means) -> FigureForm {
    FigureForm { words, means }
}

use Means::{Change, Figure, Share};

const COUNT_FORMS: [FigureForm; 17] = [
    form("N", Figure(Qualifier::Exactly)),
    form("at least N", Figure(Qualifier::AtLeast)),
    form("more than N", Figure(Qualifier::MoreThan)),
    form("up to N", Figure(Qualifier::AtMost)),
    form("fewer than N", Figure(Qualifier::FewerThan)),
    form("about N", Figure(Qualifier::About)),
    form("nearly N", Figure(Qualifier::Nearly)),
    form("N to M", Figure(Qualifier::Between)),
    form("dozens", Figure(Qualifier::Vague)),
    form("some", Figure(Qualifier::Some)),
    form("none", Figure(Qualifier::None)),
    form("N% of WHOM", Share),
    form("half of WHOM", Share),
    form("most of WHOM", Share),
    form("+N% on WHEN", Change),
    form("-N% on WHEN", Change),
    form("double WHEN", Change),
];

const DURATION_FORMS: [FigureForm; 8] = [
    form("N days", Figure(Qualifier::Exactly)),
    form("at least N days", Figure(Qualifier::AtLeast)),
    form("more than N days", Figure(Qualifier::MoreThan)),
    form("up to N days", Figure(Qualifier::AtMost)),
    form("fewer than N days", Figure(Qualifier::FewerThan)),
    form("about N days", Figure(Qualifier::About)),
    form("nearly N days", Figure(Qualifier::Nearly)),
    form("N to M days", Figure(Qualifier::Between)),
];

/// The wordings that a figure can have.
pub(in crate::lsp) fn forms(counting: &Counting) -> &'static [FigureForm] {
    match counting {
        Counting::Amount { .. } if *counting == Counting::TIME => &DURATION_FORMS,
        Counting::Amount { .. } => &COUNT_FORMS[..8],
        Counting::Whole => &COUNT_FORMS,
    }
}

impl FigureForm {
    /// Whether `words`, which are read as `reading`, have this form.
    pub(in crate::lsp) fn is_of(self, reading: &Reading, words: &str) -> bool {
        let first = |text: &str| text.split_whitespace().next().map(str::to_lowercase);
        match (reading, self.means) {
            (Reading::Figure(figure), Figure(qualifier)) => figure.qualifier == qualifier,
            (Reading::Share(_), Share) => {
                let (own, other) = (first(self.words), first(words));
                own == other || (self.words.starts_with('N') && !words.starts_with(['h', 'm']))
            }
            (Reading::Change(_), Change) => words.chars().next() == self.words.chars().next(),
            _ => false,
        }
    }

    /// An example of the form.
    pub(in crate::lsp) fn example(self) -> String {
        self.with("36")
    }

    /// The form with this number, and with examples for its other parts.
    fn with(self, number: &str) -> String {
        let word = |word: &str| match word {
            "WHOM" => "people".to_owned(),
            "WHEN" => "2024".to_owned(),
            "M" => "40".to_owned(),
            word => word.replace('N', number),
        };
        self.words.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    /// Whether the form has a number, and whether it has exactly one.
    fn takes_number(self) -> (bool, bool) {
        let mut words = self.words.split(' ');
        let has = words.clone().any(|word| word != "WHEN" && word.contains('N'));
        (has, has && !words.any(|word| word == "M"))
    }

    /// The form with `number` inserted, and with placeholders for its other parts if the editor supports `snippets`.
    /// Also returns whether it has placeholders.
    fn filled(self, number: Option<&str>, snippets: bool) -> (String, bool) {
        let mut text = String::new();
        let mut places = 0;
        let mut place = |what: &str| {
            places += 1;
            if snippets { format!("${{{places}:{what}}}") } else { String::new() }
        };
        for (at, word) in self.words.split(' ').enumerate() {
            if at > 0 {
                text.push(' ');
            }
            let word = match word {
                "WHOM" | "WHEN" | "M" => place(word),
                word if word.contains('N') => {
                    let number = match number {
                        Some(number) => number.to_owned(),
                        None => place("N"),
                    };
                    word.replace('N', &number)
                }
                word => word.to_owned(),
            };
            text.push_str(&word);
        }
        (text, places > 0 && snippets)
    }
}

impl CompletionQuery<'_> {
    /// The wordings that a figure can have, and the ids inside them.
    pub(super) fn figures(&self, measured: &MeasureInfo) -> CompletionOffers {
        let typed = self.cursor.typed();
        if let Some(offers) = self.in_figure(typed) {
            return offers;
        }
        let number = number(typed);
        let before = typed.to_lowercase();
        let mut all = Vec::new();
        for form in forms(&measured.counting) {
            if form.words == "N" || form.words == "dozens" {
                continue;
            }
            let (insert, is_snippet) = form.filled(number, self.snippets);
            let is_number = number.is_some_and(|number| number == typed.trim());
            let (has_number, has_one) = form.takes_number();
            if is_number && !has_number {
                continue;
            }
            let shown = match number {
                Some(number) if has_number => form.words.replacen('N', number, 1),
                _ => form.words.to_owned(),
            };
            let shown = shown.replace("WHEN", "…").replace("WHOM", "…");
            let goes_on = shown.to_lowercase().starts_with(before.trim_start());
            if !typed.is_empty() && !is_number && !goes_on {
                continue;
            }
            let example =
                number.filter(|_| has_one).map_or_else(|| form.example(), |number| form.with(number));
            let reading =
                self.read(if number.is_some() && !is_snippet { insert.trim() } else { &example }, measured);
            let detail = match reading {
                Some(reading) if number.is_some() && !is_snippet => reading,
                Some(reading) => format!("as {example}: {reading}"),
                None => continue,
            };
            let offer = CompletionOffer::new(shown, Kind::Value).detail(detail);
            let found_by = Some(format!("{typed} {insert}"));
            all.push(CompletionOffer { insert: Some(insert), is_snippet, found_by, ..offer });
        }
        let vague = self.vague(measured).filter(|offer| offer.label.starts_with(before.trim_start()));
        all.extend(vague);
        // Each further digit makes another number, so the editor has to ask again.
        CompletionOffers { all, is_incomplete: number.is_some() }
    }

    /// Vague words without a number, such as `dozens`.
    fn vague(&self, measured: &MeasureInfo) -> impl Iterator<Item = CompletionOffer> {
        let conventions = &self.things.model.settings.conventions;
        let is_count = measured.counting == Counting::Whole;
        let words = Conventions::words().filter(move |_| is_count);
        let reads = |word: &&str| figure::read(word, &Counting::Whole, conventions).is_ok();
        words.filter(reads).map(|word| {
            CompletionOffer::new(word, Kind::Constant).detail(conventions.describe(word).unwrap_or_default())
        })
    }

    /// The ids inside a figure: the population of a share, or the series of a change.
    fn in_figure(&self, typed: &str) -> Option<CompletionOffers> {
        let at = typed.rfind(char::is_whitespace)? + 1;
        let before = typed[..at].trim_end();
        let matcher = &typed[at..];
        let is_share = before.ends_with(" of");
        let is_change = before.ends_with(" on") || matches!(before, "double" | "triple" | "half");
        if !is_share && !is_change {
            return None;
        }
        let mut offers = if is_share {
            self.things.offers(&[mention::Kind::Population], matcher, false)
        } else {
            self.things.subjects(gainsay_analysis::document::SubjectKind::Series, matcher)
        };
        let start = self.cursor.word.start + at;
        for offer in &mut offers.all {
            offer.span = Some(Span::new(start, self.cursor.word.end.max(start)));
        }
        Some(offers)
    }

    fn read(&self, words: &str, measured: &MeasureInfo) -> Option<String> {
        let conventions = &self.things.model.settings.conventions;
        figure::read(words, &measured.counting, conventions).ok().map(|reading| reading.to_string())
    }
}

/// The number in the typed text, from its first digit to its last.
fn number(typed: &str) -> Option<&str> {
    let first = typed.find(|letter: char| letter.is_ascii_digit())?;
    let last = typed.rfind(|letter: char| letter.is_ascii_digit())?;
    let number = &typed[first..=last];
    number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b' ')).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_is_read_as_it_says() {
        let conventions = Conventions::default();
        for counting in [Counting::Whole, Counting::TIME, Counting::Amount { unit: None }] {
            for form in forms(&counting) {
                let words = form.example();
                let reading = figure::read(&words, &counting, &conventions)
                    .unwrap_or_else(|why| panic!("{words}: {why}"));
                assert!(form.is_of(&reading, &words), "{words}");
            }
        }
    }

    #[test]
    fn form_with_the_typed_number() {
        assert_eq!(COUNT_FORMS[1].filled(Some("80"), true), ("at least 80".to_owned(), false));
        assert_eq!(COUNT_FORMS[1].filled(None, true), ("at least ${1:N}".to_owned(), true));
        assert_eq!(COUNT_FORMS[7].filled(Some("80"), true), ("80 to ${1:M}".to_owned(), true));
        assert_eq!(COUNT_FORMS[14].filled(None, true), ("+${1:N}% on ${2:WHEN}".to_owned(), true));
        assert_eq!(COUNT_FORMS[7].filled(Some("80"), false), ("80 to ".to_owned(), false));
        assert_eq!(number("at least 1,034"), Some("1,034"));
        assert_eq!(number("at least"), None);
    }
}

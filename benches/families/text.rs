//! Claims and definitions in the form of claim files.

use std::fmt::Write as _;

use gainsay::period::Day;
use gainsay::workspace::Input;

use super::{
    AFTERWARDS, Claim, EVENTS, GeneratedFamilies, Kind, MEASURES, OPEN, QuestionKey, claim_name, day_of,
};

/// The number of claims in one file.
const IN_FILE: usize = 500;
const PEOPLE: [&str; 3] = ["people", "civilians", "combatants"];

impl GeneratedFamilies {
    /// All claims and definitions as claim files.
    pub(crate) fn files(&self) -> Vec<Input> {
        let sources = self.claims.chunks(IN_FILE).enumerate().map(|(at, claims)| {
            let mut text = format!(
                "source: {{id: {}, publisher: desk, published: {}}}\nclaims:\n",
                source(at * IN_FILE),
                date(AFTERWARDS + 2000)
            );
            for (nth, claim) in claims.iter().enumerate() {
                self.entry(&mut text, at * IN_FILE + nth, claim);
            }
            file(format!("sources/{at:06}.yaml"), text)
        });
        sources
            .chain([file("vocabulary.yaml", self.vocabulary()), file("events.yaml", self.events())])
            .collect()
    }

    fn entry(&self, text: &mut String, number: usize, claim: &Claim) {
        let asked = QuestionKey::of(claim.question as usize);
        let (measure, of) = (MEASURES[asked.measure], PEOPLE[asked.population]);
        let what = match (self.kind, asked.population) {
            (_, 0) => measure.to_owned(),
            (Kind::Flat, _) => format!("{measure}-{of}"),
            _ => format!("{measure}, of: {of}"),
        };
        put(
            text,
            format_args!(
                "  {}: {{by: {}, about: {}, measure: {what}, value: {}, said: {}}}\n",
                claim_name(number),
                actor(claim.actor),
                asked.event_name(),
                wording(claim.low, claim.high),
                date(claim.day)
            ),
        );
    }

    fn vocabulary(&self) -> String {
        let mut text = String::from("measures:\n");
        let own = MEASURES[2..].iter().map(|measure| (*measure).to_owned());
        let flat =
            MEASURES.iter().flat_map(|measure| PEOPLE[1..].iter().map(move |of| format!("{measure}-{of}")));
        for measure in own.chain(flat.filter(|_| self.kind == Kind::Flat)) {
            put(&mut text, format_args!("  {measure}: {{type: count, counts: people}}\n"));
        }
        text.push_str("actors:\n  desk: {}\n");
        for at in 0..self.actors {
            put(&mut text, format_args!("  {}: {{}}\n", actor(at as u32)));
        }
        text
    }

    fn events(&self) -> String {
        let mut text = String::from("events:\n");
        for family in 0..self.families {
            for event in 0..EVENTS {
                let asked = QuestionKey { family, measure: 0, event, population: 0 };
                let begin = day_of(family);
                put(&mut text, format_args!("  {}: {{date: ", asked.event_name()));
                match event {
                    0 => put(&mut text, format_args!("{}/{}", date(begin), date(begin + EVENTS as i64))),
                    part => put(&mut text, format_args!("{}", date(begin + part as i64))),
                }
                if event > 0 && self.kind != Kind::Flat {
                    let whole = QuestionKey { event: 0, ..asked };
                    put(&mut text, format_args!(", part-of: {}", whole.event_name()));
                }
                text.push_str("}\n");
            }
        }
        text
    }
}

/// The source of a claim.
pub(super) fn source(claim: usize) -> String {
    format!("source-{:06}", claim / IN_FILE)
}

pub(super) fn actor(number: u32) -> String {
    format!("actor-{number:06}")
}

/// A wording that reads as a range.
pub(crate) fn wording(low: i64, high: i64) -> String {
    match (low, high) {
        (1, OPEN) => "some".to_owned(),
        (low, OPEN) => format!("at least {low}"),
        (0, high) => format!("up to {high}"),
        (low, high) if low == high => low.to_string(),
        (low, high) => format!("{low}-{high}"),
    }
}

pub(crate) fn date(day: i64) -> String {
    let number = i32::try_from(day).expect("days are near ours");
    let (year, month, day) = Day::from_number(number).ymd();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A file of a workspace.
pub(crate) fn file(path: impl Into<String>, text: String) -> Input {
    Input { path: path.into(), content: Ok(text.into_bytes()) }
}

/// Appends to a text.
pub(crate) fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("a string takes all that is written");
}

//! A small workspace for tests: its content, with figures read by the table of wordings instead of by the tool, and
//! its claim files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Events, series, populations and claims. They refer to each other by their indexes in these lists.
#[derive(Clone, Default)]
pub(crate) struct Drawn {
    /// Wholes come before their parts.
    pub(crate) events: Vec<Event>,
    /// For each series, the series that it is `beside`.
    pub(crate) series: Vec<Vec<usize>>,
    pub(crate) populations: &'static [Population],
    pub(crate) claims: Vec<Claim>,
}

/// A test failure shows the claim files instead.
impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the workspace shown above, of {} claims", self.claims.len())
    }
}

/// An event. All events begin on the first day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Event {
    pub(crate) part_of: Vec<usize>,
    pub(crate) overlaps: Vec<usize>,
    pub(crate) complete: bool,
    /// Its last day. None if it has no date.
    pub(crate) end: Option<i32>,
}

/// A population of a vocabulary. In each vocabulary, the first population is all people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Population {
    pub(crate) id: &'static str,
    pub(crate) part_of: &'static [usize],
    /// An exclusion is listed for one of the two populations only.
    pub(crate) excludes: &'static [usize],
    /// Its entry in a claim file. None if it is built in.
    pub(crate) body: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Subject {
    Event(usize),
    /// The index of a series and the year of a figure.
    Series(usize, u16),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Measure {
    Killed,
    Injured,
    Casualties,
    Arrested,
    Attacks,
    Occurred,
}

impl Measure {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Injured => "injured",
            Self::Casualties => "casualties",
            Self::Arrested => "arrested",
            Self::Attacks => "attacks",
            Self::Occurred => "occurred",
        }
    }

    pub(crate) fn of_people(self) -> bool {
        !matches!(self, Self::Attacks | Self::Occurred)
    }
}

/// The subject, the measure and the population that a claim is about.
pub(crate) type Question = (Subject, Measure, usize);

#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) question: Question,
    pub(crate) says: Says,
    /// The wording of its value.
    pub(crate) words: String,
    /// The day it describes.
    pub(crate) as_of: i32,
    /// The day it was said.
    pub(crate) said: i32,
    pub(crate) party: usize,
    pub(crate) source: usize,
    pub(crate) probable: bool,
}

/// The content of a claim, with the hard range of its wording. A high end of `None` means no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Says {
    Figure(i64, Option<i64>),
    /// The claim denies that anybody was counted. A denial holds no matter when it was said.
    Denial,
    Occurred(bool),
    /// The lowest and the highest share, in millionths, of the same question for another population.
    Share(i64, i64, usize),
    /// The lowest and the highest ratio, in millionths, to the same question for another subject.
    Change(i64, i64, Subject),
}

/// A day as written in claim files. Day 0 is 1 February 2026.
pub(crate) fn date(day: i32) -> String {
    let (mut month, mut day) = (2, day);
    for length in [28, 31, 30, 31, 30] {
        if day < length {
            break;
        }
        (month, day) = (month + 1, day - length);
    }
    format!("2026-{month:02}-{:02}", day + 1)
}

impl Drawn {
    /// The claim files. `turn` rotates the order of claims and files. `mark` is appended to every id that is not
    /// built in; this does not change their order.
    pub(crate) fn files(&self, turn: usize, mark: &str) -> Vec<(String, String)> {
        let sources: BTreeSet<usize> = self.claims.iter().map(|claim| claim.source).collect();
        let mut files: Vec<(String, String)> = Vec::new();
        for source in sources {
            let own: Vec<usize> =
                (0..self.claims.len()).filter(|&at| self.claims[at].source == source).collect();
            let mut text = if files.is_empty() { self.definitions(mark) } else { String::new() };
            let _ = writeln!(
                text,
                "source: {{ id: s{source}{mark}, publisher: desk{mark}, published: {} }}\nclaims:",
                date(119)
            );
            for at in 0..own.len() {
                let claim = own[(at + turn) % own.len()];
                let _ = writeln!(text, "  c{claim}{mark}: {{ {}, at: p1 }}", self.body(claim, mark));
            }
            files.push((format!("s{source}.yaml"), text));
        }
        if turn % 2 == 1 {
            let paths: Vec<String> = files.iter().rev().map(|(path, _)| path.clone()).collect();
            for ((path, _), other) in files.iter_mut().zip(paths) {
                *path = other;
            }
        }
        files
    }

    fn definitions(&self, mark: &str) -> String {
        let mut text = format!("actors: {{ desk{mark}: {{}}");
        for party in self.claims.iter().map(|claim| claim.party).collect::<BTreeSet<usize>>() {
            let _ = write!(text, ", p{party}{mark}: {{}}");
        }
        text.push_str(" }\n");
        section(
            &mut text,
            "events",
            self.events.iter().enumerate().map(|(at, event)| {
                let mut body = Vec::new();
                let list = |ids: &[usize]| {
                    ids.iter().map(|id| format!("e{id}{mark}")).collect::<Vec<_>>().join(", ")
                };
                if let Some(end) = event.end {
                    let date = if end == 0 { date(0) } else { format!("{}/{}", date(0), date(end)) };
                    body.push(format!("date: {date}"));
                }
                if !event.part_of.is_empty() {
                    body.push(format!("part-of: [{}]", list(&event.part_of)));
                }
                if !event.overlaps.is_empty() {
                    body.push(format!("overlaps: [{}]", list(&event.overlaps)));
                }
                if event.complete {
                    body.push("parts-complete: true".to_owned());
                }
                format!("e{at}{mark}: {{ {} }}", body.join(", "))
            }),
        );
        section(
            &mut text,
            "series",
            self.series.iter().enumerate().map(|(at, beside)| {
                let ids: Vec<String> = beside.iter().map(|id| format!("r{id}{mark}")).collect();
                let beside =
                    if ids.is_empty() { String::new() } else { format!(", beside: [{}]", ids.join(", ")) };
                format!("r{at}{mark}: {{ publisher: desk{mark}{beside} }}")
            }),
        );
        let own = self.populations.iter().filter_map(|population| {
            let body = population.body?.replace('~', mark);
            Some(format!("{}{mark}: {{ {body} }}", population.id))
        });
        section(&mut text, "populations", own);
        text
    }

    fn population(&self, at: usize, mark: &str) -> String {
        let population = self.populations[at];
        let mark = if population.body.is_some() { mark } else { "" };
        format!("{}{mark}", population.id)
    }

    fn body(&self, claim: usize, mark: &str) -> String {
        let claim = &self.claims[claim];
        let (subject, measure, population) = claim.question;
        let mut body = format!("by: p{}{mark}", claim.party);
        let _ = match subject {
            Subject::Event(event) => write!(body, ", about: e{event}{mark}"),
            Subject::Series(series, year) => write!(body, ", about: r{series}{mark}, during: {year}"),
        };
        let _ = write!(body, ", measure: {}", measure.id());
        if measure.of_people() {
            let _ = write!(body, ", of: {}", self.population(population, mark));
        }
        let words = match claim.says {
            Says::Share(_, _, of) => format!("{} {}", claim.words, self.population(of, mark)),
            Says::Change(_, _, Subject::Event(event)) => format!("{} e{event}{mark}", claim.words),
            Says::Change(_, _, Subject::Series(_, year)) => format!("{} {year}", claim.words),
            Says::Denial => "some, stance: denies".to_owned(),
            _ => claim.words.clone(),
        };
        let _ = write!(body, ", value: {words}, said: {}, as-of: {}", date(claim.said), date(claim.as_of));
        if claim.probable {
            body.push_str(", certainty: probable");
        }
        body
    }

    /// Whether a claim is a share or a change.
    pub(crate) fn is_ratio(&self, claim: usize) -> bool {
        matches!(self.claims[claim].says, Says::Share(..) | Says::Change(..))
    }

    /// The claim files as one text, for test failures.
    pub(crate) fn as_text(&self) -> String {
        let files = self.files(0, "");
        files.iter().fold(String::new(), |all, (path, text)| all + "# " + path + "\n" + text)
    }

    /// The same workspace with only these claims. Their names stay the same.
    pub(crate) fn only(&self, kept: &BTreeSet<usize>) -> Vec<(String, String)> {
        let files = self.files(0, "").into_iter();
        files.map(|(path, text)| (path, without(&text, kept))).collect()
    }
}

/// A claim file with only the claims that have these numbers.
fn without(text: &str, kept: &BTreeSet<usize>) -> String {
    let number = |line: &str| line.strip_prefix("  c")?.split(':').next()?.parse().ok();
    let is_kept = |line: &str| number(line).is_none_or(|claim| kept.contains(&claim));
    let lines: Vec<&str> = text.lines().filter(|line| is_kept(line)).collect();
    let text = lines.join("\n");
    if text.ends_with("claims:") { text + " {}\n" } else { text + "\n" }
}

fn section(text: &mut String, key: &str, entries: impl Iterator<Item = String>) {
    let entries: Vec<String> = entries.collect();
    if !entries.is_empty() {
        let _ = writeln!(text, "{key}:\n  {}", entries.join("\n  "));
    }
}

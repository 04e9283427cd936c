//! Turns a table of figures into claim files, to try the program on real data from others.
//!
//! Columns: source, actor, event, measure, population, low, high, qualifier, date, place, ref. A row is a claim. Each
//! source becomes a file; actors, events and other definitions share one more. If all rows of an event have one date,
//! it is the date of the event; otherwise it is the day that each figure describes.

mod ids;
mod quote;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use gainsay::model::Model;
use gainsay::workspace::{Input, Options, Workspace};

use crate::families::text::{file, put};
use ids::Ids;
use quote::quoted;

/// Whether `at least` and similar words are kept or every figure is taken as exact.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Qualified,
    Exact,
}

/// One line of the table, by the names of its columns.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Row {
    source: String,
    actor: String,
    event: String,
    measure: String,
    population: String,
    low: String,
    high: String,
    qualifier: String,
    date: String,
    place: String,
    r#ref: String,
}

/// Turns a table into claim files in a folder, and prints how many it made, by kind.
pub(crate) fn convert(from: &Path, folder: &Path, reading: Reading) {
    let mut table = csv::Reader::from_path(from).expect("the table can be read");
    let rows: Vec<Row> = table.deserialize().collect::<Result<_, _>>().expect("the table has these columns");
    let table = Table::new(&rows, reading);
    let mut files = vec![file("definitions.yaml", table.definitions())];
    for source in table.sources() {
        files.push(file(format!("sources/{}.yaml", table.sources.id(source)), table.source(source)));
    }
    let count = files.len();
    save(folder, files).expect("the folder can be written");
    println!("{} claims in {count} files in {}", rows.len(), folder.display());
}

/// Writes claim files into a folder.
///
/// # Errors
/// Returns the error of the file system.
pub(crate) fn save(folder: &Path, files: Vec<Input>) -> io::Result<()> {
    for Input { path, content } in files {
        let path = folder.join(path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, content.unwrap_or_default())?;
    }
    Ok(())
}

struct Table<'a> {
    rows: &'a [Row],
    reading: Reading,
    /// The names that the program knows without a definition.
    built_in: Model,
    sources: Ids<'a>,
    /// Actors and sources share names: a source publishes itself.
    actors: Ids<'a>,
    events: Ids<'a>,
    measures: Ids<'a>,
    populations: Ids<'a>,
    places: Ids<'a>,
    /// The dates in the rows of each event.
    dates: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Table<'a> {
    fn new(rows: &'a [Row], reading: Reading) -> Self {
        let ids = |of: fn(&Row) -> &str| Ids::new(rows.iter().map(of));
        let mut dates: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.date.is_empty()) {
            dates.entry(&row.event).or_default().insert(&row.date);
        }
        Self {
            rows,
            reading,
            built_in: Workspace::read(Vec::new()).resolve(&Options::default()).0,
            sources: ids(|row| &row.source),
            actors: Ids::new(rows.iter().flat_map(|row| [row.source.as_str(), row.actor.as_str()])),
            events: ids(|row| &row.event),
            measures: ids(|row| &row.measure),
            populations: ids(|row| &row.population),
            places: ids(|row| &row.place),
            dates,
        }
    }

    fn sources(&self) -> impl Iterator<Item = &'a str> {
        self.sources.names()
    }

    /// The date of an event, if its rows have only one.
    fn date_of(&self, event: &str) -> Option<&'a str> {
        let dates = self.dates.get(event).filter(|dates| dates.len() == 1)?;
        dates.first().copied()
    }

    // --- definitions ------------------------------------------------------------------------------------

    fn definitions(&self) -> String {
        let mut text = String::from(
            "settings:\n  # A table has no lines to point at.\n  grades: { no-locator: off }\n  \
             # Nor days on which tolls were told: what it gives is final.\n  settles: 0 days\n",
        );
        let Model { measures, populations, .. } = &self.built_in;
        section(&mut text, "actors", entries(&self.actors, "", |_| false));
        section(&mut text, "places", entries(&self.places, "", |_| false));
        let known = |id: &str| populations.find(id).is_some();
        section(&mut text, "populations", entries(&self.populations, "", known));
        let known = |id: &str| measures.find(id).is_some();
        section(&mut text, "measures", entries(&self.measures, ", type: count", known));
        let places = self.places_of_events();
        let event = |event: &'a str| {
            let date = self.date_of(event).map(|date| format!(", date: {}", quoted(date)));
            let places = places.get(event).map(|places| format!(", place: [{}]", places.join(", ")));
            entry(self.events.id(event), event, &(date.unwrap_or_default() + &places.unwrap_or_default()))
        };
        section(&mut text, "events", self.events.names().map(event).collect());
        text
    }

    fn places_of_events(&self) -> BTreeMap<&'a str, Vec<&str>> {
        let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let given: BTreeSet<_> =
            self.rows.iter().map(|row| (row.event.as_str(), row.place.as_str())).collect();
        for (event, place) in given.into_iter().filter(|(_, place)| !place.is_empty()) {
            places.entry(event).or_default().push(self.places.id(place));
        }
        places
    }

    // --- sources ----------------------------------------------------------------------------------------

    fn source(&self, source: &'a str) -> String {
        let mut text = format!(
            "source:\n  id: {}\n  publisher: {}\n  published: {}\n  title: {}\n\nclaims:\n",
            self.sources.id(source),
            self.actors.id(source),
            quoted(&self.published(source)),
            quoted(source),
        );
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.source == source).collect();
        let names = rows.iter().map(|row| format!("{} {} {}", row.event, row.measure, row.population));
        for (row, name) in rows.iter().zip(ids::each_unique(names)) {
            self.claim(&mut text, &name, row);
        }
        text
    }

    /// The year in the name of a source, as in `Fox 1898`, if no row is later; otherwise a day after all rows.
    fn published(&self, source: &str) -> String {
        let rows = self.rows.iter().filter(|row| row.source == source);
        let last = rows.map(|row| row.date.as_str()).max().unwrap_or_default();
        let year = source.split_whitespace().find(|word| {
            word.len() == 4
                && word.bytes().all(|byte| byte.is_ascii_digit())
                && *word > last.get(..4).unwrap_or_default()
        });
        match year {
            Some(year) => year.to_owned(),
            None if last.is_empty() => "1000/..".to_owned(),
            None => format!("{last}/.."),
        }
    }

    fn claim(&self, text: &mut String, name: &str, row: &Row) {
        let measure = self.measures.id(&row.measure);
        let mut line = |key: &str, value: &str| {
            let blank = if value.is_empty() { "" } else { " " };
            put(text, format_args!("{key}:{blank}{value}\n"));
        };
        line(&format!("  {name}"), "");
        if row.actor != row.source {
            line("    by", self.actors.id(&row.actor));
        }
        line("    about", self.events.id(&row.event));
        line("    measure", measure);
        if !row.population.is_empty() {
            line("    of", self.populations.id(&row.population));
        }
        let (value, rest) = self.value(row);
        line("    value", &quoted(&value));
        // A figure that rises and falls describes a day: the day of the event.
        let varies = self.built_in.measures.find(measure).is_some_and(|id| self.built_in.measures[id].varies);
        if !row.date.is_empty() && (varies || self.date_of(&row.event).is_none()) {
            line("    as-of", &quoted(&row.date));
        }
        let notes: Vec<&str> = [rest, &row.r#ref].into_iter().filter(|note| !note.is_empty()).collect();
        if !notes.is_empty() {
            line("    note", &quoted(&notes.join("; ")));
        }
    }

    /// The figure as a wording, and the rest of the qualifier.
    fn value(&self, row: &'a Row) -> (String, &'a str) {
        let (low, high) = (row.low.trim(), row.high.trim());
        let figure = match (low, high) {
            ("", high) => format!("up to {high}"),
            (low, "") => format!("at least {low}"),
            (low, high) if low == high => low.to_owned(),
            (low, high) => {
                return (
                    format!("{low}-{high}"),
                    row.qualifier.strip_prefix("range").unwrap_or(&row.qualifier),
                );
            }
        };
        let (qualifier, rest) = row.qualifier.split_once(',').unwrap_or((&row.qualifier, ""));
        let word = match qualifier.trim().to_lowercase().as_str() {
            // Each row is a claim.
            "" | "exact" | "range" | "claimed" => "",
            "at least" | "minimum" | "no fewer than" => "at least ",
            "more" | "more than" | "over" => "more than ",
            "at most" | "maximum" | "up to" => "up to ",
            "fewer" | "fewer than" | "less" | "less than" | "under" => "fewer than ",
            "about" | "around" | "approximately" | "roughly" => "about ",
            "nearly" | "almost" => "nearly ",
            _ => return (figure, &row.qualifier),
        };
        let word = if self.reading == Reading::Exact { "" } else { word };
        (format!("{word}{figure}"), rest.trim())
    }
}

/// Entries for ids with their names and a common property, except for those known without a definition.
fn entries(ids: &Ids<'_>, more: &str, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let names = ids.names().filter(|name| !is_known(ids.id(name)));
    names.map(|name| entry(ids.id(name), name, more)).collect()
}

/// An entry with its name and other properties.
fn entry(id: &str, name: &str, more: &str) -> String {
    format!("  {id}: {{ name: {}{more} }}\n", quoted(name))
}

fn section(text: &mut String, kind: &str, entries: Vec<String>) {
    if !entries.is_empty() {
        text.extend([format!("\n{kind}:\n")].into_iter().chain(entries));
    }
}

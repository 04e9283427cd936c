//! What is missing of a new entry, asked for on a terminal: names are completed with the Tab key, and one that nothing
//! has is asked for again.

use anyhow::bail;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Completion, Confirm, Input, Select};

use super::Draft;
use crate::document::shape::{Key, Takes};
use crate::document::{MeasureType, Names, Word as _, is_id};
use crate::edit::Given;
use crate::id::{Id, Table};
use crate::model::{Defined, Measure, Model};
use crate::names::did_you_mean;
use crate::report::text::Style;
use crate::workspace::Analysis;

fn theme(style: Style) -> Box<dyn Theme> {
    if style.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) }
}

/// Whether what was shown is to be written.
pub(super) fn is_agreed(style: Style) -> anyhow::Result<bool> {
    Ok(Confirm::with_theme(theme(style).as_ref()).with_prompt("write it?").default(true).interact()?)
}

/// Asks for everything that the entry cannot do without, and for what most of its kind have.
pub(super) fn complete(draft: &mut Draft, analysis: &Analysis, style: Style) -> anyhow::Result<()> {
    let asker = Asker { theme: theme(style), model: &analysis.model };
    if draft.is_claim() && draft.source.is_none() {
        let known = Known::of(&analysis.model, "sources");
        if known.ids.is_empty() {
            bail!("no source is there yet; begin one: `gainsay new source`");
        }
        draft.source = asker.name("source", "the document in which it is made", &known, true)?;
    }
    if draft.id.is_none() {
        draft.id = Some(asker.id(draft.what.word)?);
    }
    let response = if draft.is_claim() && !draft.is_response() && !draft.has("about") {
        asker.response()?
    } else {
        None
    };
    for (name, is_needed) in Asker::keys(draft, response) {
        let Some(key) = draft.what.shape.keys.iter().find(|key| key.name == name) else { continue };
        if !draft.has(name) && asker.is_to_be_asked(draft, name) {
            let given = asker.field(key, draft, is_needed)?;
            draft.fields.extend(given.map(|given| (name.to_owned(), given)));
        }
    }
    Ok(())
}

/// The ids of a kind, with the other names of each.
struct Known {
    what: &'static str,
    ids: Vec<(String, Vec<String>)>,
}

impl Known {
    fn of(model: &Model, what: &'static str) -> Self {
        fn all<I: Id, T>(
            table: &Table<I, T>,
            defined: impl Fn(&T) -> &Defined,
        ) -> Vec<(String, Vec<String>)> {
            let one = |(id, row): (I, &T)| {
                let defined = defined(row);
                let names = defined.name.iter().chain(&defined.aliases).map(|name| name.value.to_string());
                (table.name(id).to_string(), names.collect())
            };
            table.iter().map(one).collect()
        }
        let ids = match what {
            "actors" => all(&model.actors, |row| &row.defined),
            "subjects" | "events" | "series" => all(&model.subjects, |row| &row.defined),
            "places" => all(&model.places, |row| &row.defined),
            "terms" => all(&model.terms, |row| &row.defined),
            "populations" => all(&model.populations, |row| &row.defined),
            "measures" => all(&model.measures, |row| &row.defined),
            "sources" => all(&model.sources, |row| &row.defined),
            "claims" => model.claim_ids().map(|claim| (model.claim_name(claim), Vec::new())).collect(),
            _ => Vec::new(),
        };
        Self { what, ids }
    }

    fn of_words(what: &'static str, words: impl IntoIterator<Item = String>) -> Self {
        Self { what, ids: words.into_iter().map(|word| (word, Vec::new())).collect() }
    }

    fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|(known, _)| known == id)
    }
}

/// Completes the last of several names: as far as all that begin so go on alike, or to the one of which it is another
/// name.
impl Completion for Known {
    fn get(&self, input: &str) -> Option<String> {
        let typed = input.rsplit([',', ' ']).next().unwrap_or(input);
        let before = &input[..input.len() - typed.len()];
        let mut begun = self.ids.iter().map(|(id, _)| id).filter(|id| id.starts_with(typed));
        if let Some(first) = begun.next() {
            let common = begun.fold(first.len(), |common, id| {
                first.bytes().zip(id.bytes()).take(common).take_while(|(a, b)| a == b).count()
            });
            return first.get(..common).map(|common| format!("{before}{common}"));
        }
        let folded = typed.to_lowercase();
        let is_in = |name: &String| name.to_lowercase().contains(&folded);
        let mut meant = self.ids.iter().filter(|(id, names)| id.contains(typed) || names.iter().any(is_in));
        match (meant.next(), meant.next()) {
            (Some((id, _)), None) => Some(format!("{before}{id}")),
            _ => None,
        }
    }
}

struct Asker<'a> {
    theme: Box<dyn Theme>,
    model: &'a Model,
}

impl Asker<'_> {
    /// Whether a claim states something, or responds to other claims, and how.
    fn response(&self) -> anyhow::Result<Option<&'static str>> {
        let offers =
            ["states something", "denies other claims", "confirms other claims", "declines to answer"];
        let select = Select::with_theme(self.theme.as_ref()).with_prompt("the speaker").items(offers);
        let Some(chosen) = select.default(0).interact_opt()? else { bail!("nothing was written") };
        Ok([None, Some("denies"), Some("confirms"), Some("declines")][chosen])
    }

    /// What is asked for, in order, and whether there must be an answer.
    fn keys(draft: &Draft, response: Option<&'static str>) -> Vec<(&'static str, bool)> {
        match (draft.what.word, response) {
            ("claim", Some(response)) => {
                vec![("by", false), (response, true), ("at", false), ("words", false)]
            }
            ("claim", None) if draft.is_response() => vec![],
            ("claim", None) => vec![
                ("by", false),
                ("about", true),
                ("measure", true),
                ("of", false),
                ("during", false),
                ("value", true),
                ("said", false),
                ("at", false),
                ("words", false),
            ],
            ("source", _) => vec![("publisher", true), ("published", true), ("title", false), ("url", false)],
            ("actor", _) => vec![("name", false), ("kind", false), ("speaks-for", false)],
            ("event", _) => {
                vec![("name", false), ("kind", false), ("date", false), ("place", false), ("parties", false)]
            }
            ("measure", _) => vec![("name", false), ("type", true)],
            _ => vec![("name", false)],
        }
    }

    /// Whether a key goes with what is said already: who is counted only where people are, a period for a series.
    fn is_to_be_asked(&self, draft: &Draft, key: &str) -> bool {
        match key {
            "of" => self.measure(draft).is_some_and(|measure| measure.of_people),
            "during" => said(draft, "about").and_then(|about| self.model.subjects.find(about)).is_some_and(
                |subject| self.model.subjects[subject].kind == crate::document::SubjectKind::Series,
            ),
            "value" => !draft.is_said("stance", "declines"),
            _ => true,
        }
    }

    fn measure(&self, draft: &Draft) -> Option<&Measure> {
        let measure = self.model.measures.find(said(draft, "measure")?)?;
        Some(&self.model.measures[measure])
    }

    /// An id for the new thing.
    fn id(&self, word: &str) -> anyhow::Result<String> {
        let is_one = |id: &String| {
            let why = "an id is lower-case words and digits, joined by single hyphens";
            if is_id(id) { Ok(()) } else { Err(why) }
        };
        let input = Input::<String>::with_theme(self.theme.as_ref()).with_prompt(format!("id of the {word}"));
        Ok(input.validate_with(is_one).interact_text()?)
    }

    /// What a key is given; none where that is left out.
    fn field(&self, key: &Key, draft: &Draft, is_needed: bool) -> anyhow::Result<Option<Given>> {
        let one = |text: Option<String>| text.map(Given::One);
        match key.takes {
            Takes::Id(what) => {
                Ok(one(self.name(key.name, key.doc, &Known::of(self.model, what), is_needed)?))
            }
            Takes::Ids(what) => {
                let text = self.name(key.name, key.doc, &Known::of(self.model, what), is_needed)?;
                Ok(text.and_then(|text| given(&text)))
            }
            Takes::Value => self.value(key, draft),
            Takes::Word(words) => {
                let known = Known::of_words("words it takes", words.iter().map(|word| (*word).to_owned()));
                Ok(one(self.name(key.name, key.doc, &known, is_needed)?))
            }
            _ => Ok(one(self.text(key.name, key.doc, is_needed)?)),
        }
    }

    /// The value, as its measure reads it: names are completed.
    fn value(&self, key: &Key, draft: &Draft) -> anyhow::Result<Option<Given>> {
        let known = self.measure(draft).and_then(|measure| match measure.kind {
            MeasureType::Choice => {
                let kinds = measure.names.iter().map(|names: &Names| names.word());
                let ids = kinds.flat_map(|kind| Known::of(self.model, kind).ids).collect();
                Some(Known { what: "things it names", ids })
            }
            MeasureType::YesNo => Some(Known::of_words("answers", ["yes".to_owned(), "no".to_owned()])),
            _ => None,
        });
        match known {
            Some(known) => Ok(self.name(key.name, key.doc, &known, true)?.and_then(|text| given(&text))),
            None => Ok(self.text(key.name, key.doc, true)?.map(Given::One)),
        }
    }

    /// One or several names of what is known, asked for again until they are.
    fn name(&self, key: &str, doc: &str, known: &Known, is_needed: bool) -> anyhow::Result<Option<String>> {
        let is_known = |text: &String| {
            if text.trim().is_empty() && is_needed {
                return Err(format!("`{key}` cannot be left out"));
            }
            let unknown = text.split([',', ' ']).filter(|id| !id.is_empty()).find(|id| !is_there(known, id));
            unknown.map_or(Ok(()), |unknown| {
                let near = did_you_mean(unknown, known.ids.iter().map(|(id, _)| id.as_str()));
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Err(format!("`{unknown}` is none of the {}{near}", known.what))
            })
        };
        let input = Input::<String>::with_theme(self.theme.as_ref()).with_prompt(prompt(key, doc));
        let text = input.allow_empty(true).completion_with(known).validate_with(is_known).interact_text()?;
        Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    fn text(&self, key: &str, doc: &str, is_needed: bool) -> anyhow::Result<Option<String>> {
        let is_said = |text: &String| {
            let is_missing = is_needed && text.trim().is_empty();
            if is_missing { Err(format!("`{key}` cannot be left out")) } else { Ok(()) }
        };
        let input = Input::<String>::with_theme(self.theme.as_ref()).with_prompt(prompt(key, doc));
        let text = input.allow_empty(true).validate_with(is_said).interact_text()?;
        Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }
}

/// Names that can be taken as given: those that are known, `places/kabul`, a claim by its short name, a question.
fn is_there(known: &Known, id: &str) -> bool {
    let is_claim =
        known.what == "claims" && (id.contains('/') || known.ids.iter().any(|(full, _)| full.ends_with(id)));
    let by_kind = id.split_once('/').is_some_and(|(_, id)| known.what == "things it names" && known.has(id));
    known.has(id) || is_claim || by_kind
}

fn prompt(key: &str, doc: &str) -> String {
    format!("{key} ({doc})")
}

/// One name, or a list of them.
fn given(text: &str) -> Option<Given> {
    let mut names: Vec<String> =
        text.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    match names.len() {
        0 => None,
        1 => names.pop().map(Given::One),
        _ => Some(Given::List(names)),
    }
}

fn said<'d>(draft: &'d Draft, key: &str) -> Option<&'d str> {
    draft.fields.iter().find_map(|(known, given)| match given {
        Given::One(text) if known == key => Some(text.as_str()),
        _ => None,
    })
}

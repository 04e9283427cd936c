//! What is missing of a new entry, asked for on a terminal: names are completed with the Tab key, and an answer that
//! cannot stand is asked for again, as it was typed.

use anyhow::bail;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::super::hint;
use super::known::{Known, Tab};
use super::{Args, Draft, several};
use crate::document::shape::{Key, Takes};
use crate::document::{MeasureType, Names, Word as _, is_id};
use crate::edit::{self, Given};
use crate::finding::{Finding, Grade};
use crate::model::{Measure, Model};
use crate::names::did_you_mean;
use crate::report::text::Style;
use crate::source::Location;
use crate::workspace::{Options, Workspace};

fn theme(style: Style) -> Box<dyn Theme> {
    if style.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) }
}

/// Whether what was shown is to be written.
pub(super) fn is_agreed(style: Style) -> anyhow::Result<bool> {
    Ok(Confirm::with_theme(theme(style).as_ref()).with_prompt("write it?").default(true).interact()?)
}

/// What the answers are held against.
pub(super) struct Desk<'a> {
    pub(super) args: &'a Args,
    pub(super) workspace: &'a Workspace,
    pub(super) options: &'a Options,
    pub(super) model: &'a Model,
}

impl Desk<'_> {
    /// Why the entry cannot have its id.
    fn wrong_id(&self, draft: &Draft) -> Option<Vec<String>> {
        if !draft.id.as_deref().is_some_and(is_id) {
            return Some(vec!["an id is lower-case words and digits, joined by single hyphens".to_owned()]);
        }
        draft.is_free(self.args, self.workspace).err().map(|why| vec![format!("{why:#}")])
    }

    /// What is wrong with the answer to a key, as the files would be read with it: nothing, if it can stand.
    fn wrong(&self, draft: &Draft, key: &str, given: &Given) -> Vec<String> {
        let mut tried = draft.clone();
        tried.fields.push((key.to_owned(), given.clone()));
        let change = match tried.change(self.args, self.workspace) {
            Ok(change) => change,
            Err(why) => return vec![format!("{why:#}")],
        };
        let id = tried.id.as_deref().unwrap_or_default();
        let Some(span) = edit::span_of(&change.after, tried.section(), id, Some(key)) else {
            return Vec::new();
        };
        let mut after = edit::changed(self.workspace, std::slice::from_ref(&change));
        let Some(file) = after.files().find(&change.path) else { return Vec::new() };
        after.focus(Location { file, span });
        let (_, resolved) = after.resolve(self.options);
        let is_on_it = |finding: &&Finding| {
            let at = finding.labels.first().map(|label| label.location);
            finding.grade == Grade::Error && at.is_some_and(|at| at.file == file && span.holds(at.span))
        };
        let all = after.on_reading(file).iter().chain(&resolved).filter(is_on_it);
        all.flat_map(|finding| std::iter::once(&finding.message).chain(&finding.help).cloned()).collect()
    }
}

/// Asks for everything that the entry cannot do without, and for what most of its kind have.
pub(super) fn complete(draft: &mut Draft, desk: &Desk<'_>, style: Style) -> anyhow::Result<()> {
    let asker = Asker { theme: theme(style), desk, model: desk.model };
    if draft.is_claim() && draft.source.is_none() {
        let known = Known::of(desk.model, "sources");
        if known.ids.is_empty() {
            bail!("no source is there yet; begin one: `gainsay new source`");
        }
        let no_more = |_: &str| Vec::new();
        draft.source = asker.name("source", "the document in which it is made", &known, true, &no_more)?;
    }
    if draft.id.is_none() {
        draft.id = Some(asker.id(draft)?);
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

struct Asker<'a> {
    theme: Box<dyn Theme>,
    desk: &'a Desk<'a>,
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
            ("measure", _) => {
                vec![
                    ("name", false),
                    ("type", true),
                    ("counts", false),
                    ("unit", false),
                    ("names", true),
                    ("steps", true),
                ]
            }
            _ => vec![("name", false)],
        }
    }

    /// Whether a key goes with what is said already: who is counted only where people are, a period for a series.
    fn is_to_be_asked(&self, draft: &Draft, key: &str) -> bool {
        match key {
            "of" => self.measure(draft).is_some_and(|measure| measure.of_people),
            "during" => {
                draft.one("about").and_then(|about| self.model.subjects.find(about)).is_some_and(|subject| {
                    self.model.subjects[subject].kind == crate::document::SubjectKind::Series
                })
            }
            "value" => !draft.is_said("stance", "declines"),
            "counts" => draft.is_said("type", "count"),
            "unit" => draft.is_said("type", "amount"),
            "names" => draft.is_said("type", "choice"),
            "steps" => draft.is_said("type", "scale"),
            _ => true,
        }
    }

    fn measure(&self, draft: &Draft) -> Option<&Measure> {
        let measure = self.model.measures.find(draft.one("measure")?)?;
        Some(&self.model.measures[measure])
    }

    /// An id for the new thing, which nothing has.
    fn id(&self, draft: &Draft) -> anyhow::Result<String> {
        let wrong = |text: &str| {
            let tried = Draft { id: Some(text.to_owned()), ..draft.clone() };
            self.desk.wrong_id(&tried).unwrap_or_default()
        };
        self.until(&format!("id of the {}", draft.what.word), None, &wrong)
    }

    /// What a key is given; none where that is left out.
    fn field(&self, key: &Key, draft: &Draft, is_needed: bool) -> anyhow::Result<Option<Given>> {
        let list = |known: &Known| {
            let wrong = |text: &str| {
                given(text).map(|given| self.desk.wrong(draft, key.name, &given)).unwrap_or_default()
            };
            Ok(self.name(key.name, key.doc, known, is_needed, &wrong)?.and_then(|text| given(&text)))
        };
        let words =
            |words: &[&str]| Known::of_words("words it takes", words.iter().map(|word| (*word).to_owned()));
        match key.takes {
            Takes::Id(what) => self.one_name(key, draft, &Known::of(self.model, what), is_needed),
            Takes::Word(known) => self.one_name(key, draft, &words(known), is_needed),
            Takes::Ids(what) => list(&Known::of(self.model, what)),
            Takes::Words(known) => list(&words(known)),
            Takes::Value => self.value(key, draft),
            Takes::Texts => self.text(key, draft, is_needed, &|text| several(text)),
            _ => self.text(key, draft, is_needed, &|text| Given::One(text.to_owned())),
        }
    }

    fn one_name(
        &self,
        key: &Key,
        draft: &Draft,
        known: &Known,
        is_needed: bool,
    ) -> anyhow::Result<Option<Given>> {
        let wrong = |text: &str| self.desk.wrong(draft, key.name, &Given::One(text.to_owned()));
        Ok(self.name(key.name, key.doc, known, is_needed, &wrong)?.map(Given::One))
    }

    /// The value, as its measure reads it: names are completed.
    fn value(&self, key: &Key, draft: &Draft) -> anyhow::Result<Option<Given>> {
        let known = self.measure(draft).and_then(|measure| match measure.kind {
            MeasureType::Choice => {
                let kinds: Vec<&str> = measure.names.iter().map(|names: &Names| names.word()).collect();
                let ids = kinds.iter().flat_map(|kind| Known::of(self.model, kind).ids).collect();
                let doc = format!("ids of {}; several with commas", kinds.join(", "));
                Some((doc, Known { what: "things it names", ids }))
            }
            MeasureType::YesNo => {
                let answers = Known::of_words("answers", ["yes".to_owned(), "no".to_owned()]);
                Some(("yes or no".to_owned(), answers))
            }
            _ => None,
        });
        let Some((doc, known)) = known else {
            let steps = self.measure(draft).filter(|measure| measure.kind == MeasureType::Scale);
            let doc = steps.map(|measure| format!("one of {}", measure.steps.join(", ")));
            let doc = doc.as_deref().unwrap_or(key.doc);
            return self.text_of(key.name, doc, draft, true, &|text| Given::One(text.to_owned()));
        };
        let wrong = |text: &str| {
            given(text).map(|given| self.desk.wrong(draft, key.name, &given)).unwrap_or_default()
        };
        Ok(self.name(key.name, &doc, &known, true, &wrong)?.and_then(|text| given(&text)))
    }

    /// One or several names of what is known, asked for again until they are.
    fn name(
        &self,
        key: &str,
        doc: &str,
        known: &Known,
        is_needed: bool,
        wrong: &dyn Fn(&str) -> Vec<String>,
    ) -> anyhow::Result<Option<String>> {
        let is_wrong = |text: &str| {
            if text.is_empty() {
                return left_out(key, is_needed);
            }
            let unknown = text.split([',', ' ']).filter(|id| !id.is_empty()).find(|id| !is_there(known, id));
            let Some(unknown) = unknown else { return wrong(text) };
            let near = did_you_mean(unknown, known.ids.iter().map(|(id, _)| id.as_str()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            vec![format!("`{unknown}` is none of the {}{near}", known.what)]
        };
        let text = self.until(&prompt(key, doc), Some(known), &is_wrong)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    fn text(
        &self,
        key: &Key,
        draft: &Draft,
        is_needed: bool,
        read: &dyn Fn(&str) -> Given,
    ) -> anyhow::Result<Option<Given>> {
        self.text_of(key.name, key.doc, draft, is_needed, read)
    }

    fn text_of(
        &self,
        key: &str,
        doc: &str,
        draft: &Draft,
        is_needed: bool,
        read: &dyn Fn(&str) -> Given,
    ) -> anyhow::Result<Option<Given>> {
        let wrong = |text: &str| {
            if text.is_empty() { left_out(key, is_needed) } else { self.desk.wrong(draft, key, &read(text)) }
        };
        let text = self.until(&prompt(key, doc), None, &wrong)?;
        Ok((!text.is_empty()).then(|| read(&text)))
    }

    /// Asks until nothing is wrong with the answer; what was typed stands there to be mended.
    fn until(
        &self,
        prompt: &str,
        known: Option<&Known>,
        wrong: &dyn Fn(&str) -> Vec<String>,
    ) -> anyhow::Result<String> {
        let mut question = String::new();
        self.theme.format_input_prompt(&mut question, prompt, None)?;
        let tab = known.map(|known| Tab { known, question });
        let mut typed = String::new();
        loop {
            let input =
                Input::<String>::with_theme(self.theme.as_ref()).with_prompt(prompt).allow_empty(true);
            let input = if typed.is_empty() { input } else { input.with_initial_text(&typed) };
            let input = match &tab {
                Some(tab) => input.completion_with(tab),
                None => input,
            };
            input.interact_text()?.trim().clone_into(&mut typed);
            let wrong = wrong(&typed);
            if wrong.is_empty() {
                return Ok(typed);
            }
            for why in &wrong {
                hint(why);
            }
        }
    }
}

fn left_out(key: &str, is_needed: bool) -> Vec<String> {
    if is_needed { vec![format!("`{key}` cannot be left out")] } else { Vec::new() }
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

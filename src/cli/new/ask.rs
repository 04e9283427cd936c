//! Asks for the missing values of a new entry on a terminal. The Tab key completes names; a wrong answer can be
//! corrected.

use anyhow::bail;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::super::eprint_line;
use super::known::{KnownNames, TabCompletion};
use super::{Args, EntryDraft, split_at_commas};
use gainsay_analysis::document::shape::{Key, Takes};
use gainsay_analysis::document::{MeasureType, Names, Word as _, is_id};
use gainsay_analysis::finding::{Finding, Grade};
use gainsay_analysis::model::{Measure, Model};
use gainsay_analysis::source::Location;
use gainsay_analysis::workspace::{Options, Workspace};
use gainsay_edit::edit::{self, FieldValue};
use gainsay_reading::names::did_you_mean;
use gainsay_report::report::text::Style;

fn theme(style: Style) -> Box<dyn Theme> {
    if style.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) }
}

/// Asks whether the change that was shown is to be written.
pub(super) fn confirm(style: Style) -> anyhow::Result<bool> {
    Ok(Confirm::with_theme(theme(style).as_ref())
        .with_prompt("write this change?")
        .default(true)
        .interact()?)
}

/// Checks answers against the workspace.
pub(super) struct AnswerChecker<'a> {
    pub(super) args: &'a Args,
    pub(super) workspace: &'a Workspace,
    pub(super) options: &'a Options,
    pub(super) model: &'a Model,
}

impl AnswerChecker<'_> {
    /// The reasons why the entry cannot have its id; none if it can.
    fn id_errors(&self, draft: &EntryDraft) -> Option<Vec<String>> {
        if !draft.id.as_deref().is_some_and(is_id) {
            return Some(vec![
                "an id consists of lower-case words and digits, joined by single hyphens".to_owned(),
            ]);
        }
        draft.check_id(self.args, self.workspace).err().map(|why| vec![format!("{why:#}")])
    }

    /// The errors that the value of a key would cause in the files; empty if it is valid.
    fn errors(&self, draft: &EntryDraft, key: &str, given: &FieldValue) -> Vec<String> {
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
        let is_on_entry = |finding: &&Finding| {
            let at = finding.labels.first().map(|label| label.location);
            finding.grade == Grade::Error && at.is_some_and(|at| at.file == file && span.holds(at.span))
        };
        let all = after.reading_findings(file).iter().chain(&resolved).filter(is_on_entry);
        all.flat_map(|finding| std::iter::once(&finding.message).chain(&finding.help).cloned()).collect()
    }
}

/// Asks for all required values of the entry, and for those that most entries of its kind have.
pub(super) fn complete(
    draft: &mut EntryDraft,
    checker: &AnswerChecker<'_>,
    style: Style,
) -> anyhow::Result<()> {
    let prompt = Prompt { theme: theme(style), checker, model: checker.model };
    if draft.is_claim() && draft.source.is_none() {
        let known = KnownNames::of_kind(checker.model, "sources");
        if known.ids.is_empty() {
            bail!("there are no sources yet; add one with `gainsay new source`");
        }
        let no_more = |_: &str| Vec::new();
        draft.source =
            prompt.ask_names("source", "the document that the claim is found in", &known, true, &no_more)?;
    }
    if draft.id.is_none() {
        draft.id = Some(prompt.ask_id(draft)?);
    }
    let response = if draft.is_claim() && !draft.is_response() && !draft.has("about") {
        prompt.ask_response()?
    } else {
        None
    };
    for (name, is_needed) in Prompt::keys_to_ask(draft, response) {
        let Some(key) = draft.kind.shape.keys.iter().find(|key| key.name == name) else { continue };
        if !draft.has(name) && prompt.is_applicable(draft, name) {
            let given = prompt.ask_field(key, draft, is_needed)?;
            draft.fields.extend(given.map(|given| (name.to_owned(), given)));
        }
    }
    Ok(())
}

/// Asks questions on the terminal.
struct Prompt<'a> {
    theme: Box<dyn Theme>,
    checker: &'a AnswerChecker<'a>,
    model: &'a Model,
}

impl Prompt<'_> {
    /// Asks whether a claim states something or responds to other claims. The result is the key of the response, or
    /// none.
    fn ask_response(&self) -> anyhow::Result<Option<&'static str>> {
        let offers =
            ["states something", "denies other claims", "confirms other claims", "declines to answer"];
        let select = Select::with_theme(self.theme.as_ref()).with_prompt("the speaker").items(offers);
        let Some(chosen) = select.default(0).interact_opt()? else { bail!("nothing was written") };
        Ok([None, Some("denies"), Some("confirms"), Some("declines")][chosen])
    }

    /// The keys to ask for, in order, and whether each one is required.
    fn keys_to_ask(draft: &EntryDraft, response: Option<&'static str>) -> Vec<(&'static str, bool)> {
        match (draft.kind.word, response) {
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

    /// Whether a key makes sense with the answers so far. A population is only asked for if people are counted, a
    /// period only for a series.
    fn is_applicable(&self, draft: &EntryDraft, key: &str) -> bool {
        match key {
            "of" => self.measure(draft).is_some_and(|measure| measure.of_people),
            "during" => draft
                .single_value("about")
                .and_then(|about| self.model.subjects.find(about))
                .is_some_and(|subject| {
                    self.model.subjects[subject].kind == gainsay_analysis::document::SubjectKind::Series
                }),
            "value" => !draft.has_value("stance", "declines"),
            "counts" => draft.has_value("type", "count"),
            "unit" => draft.has_value("type", "amount"),
            "names" => draft.has_value("type", "choice"),
            "steps" => draft.has_value("type", "scale"),
            _ => true,
        }
    }

    fn measure(&self, draft: &EntryDraft) -> Option<&Measure> {
        let measure = self.model.measures.find(draft.single_value("measure")?)?;
        Some(&self.model.measures[measure])
    }

    /// Asks for an id that is not used yet.
    fn ask_id(&self, draft: &EntryDraft) -> anyhow::Result<String> {
        let wrong = |text: &str| {
            let tried = EntryDraft { id: Some(text.to_owned()), ..draft.clone() };
            self.checker.id_errors(&tried).unwrap_or_default()
        };
        self.ask_until_valid(&format!("id of the {}", draft.kind.word), None, &wrong)
    }

    /// Asks for the value of a key; none if the user leaves it out.
    fn ask_field(
        &self,
        key: &Key,
        draft: &EntryDraft,
        is_needed: bool,
    ) -> anyhow::Result<Option<FieldValue>> {
        let list = |known: &KnownNames| {
            let wrong = |text: &str| {
                parse_names(text)
                    .map(|given| self.checker.errors(draft, key.name, &given))
                    .unwrap_or_default()
            };
            Ok(self
                .ask_names(key.name, key.doc, known, is_needed, &wrong)?
                .and_then(|text| parse_names(&text)))
        };
        let words = |words: &[&str]| {
            KnownNames::from_words("words it can be", words.iter().map(|word| (*word).to_owned()))
        };
        match key.takes {
            Takes::Id(what) => self.ask_name(key, draft, &KnownNames::of_kind(self.model, what), is_needed),
            Takes::Word(known) => self.ask_name(key, draft, &words(known), is_needed),
            Takes::Ids(what) => list(&KnownNames::of_kind(self.model, what)),
            Takes::Words(known) => list(&words(known)),
            Takes::Value => self.ask_value(key, draft),
            Takes::Texts => self.ask_text(key, draft, is_needed, &|text| split_at_commas(text)),
            _ => self.ask_text(key, draft, is_needed, &|text| FieldValue::One(text.to_owned())),
        }
    }

    fn ask_name(
        &self,
        key: &Key,
        draft: &EntryDraft,
        known: &KnownNames,
        is_needed: bool,
    ) -> anyhow::Result<Option<FieldValue>> {
        let wrong = |text: &str| self.checker.errors(draft, key.name, &FieldValue::One(text.to_owned()));
        Ok(self.ask_names(key.name, key.doc, known, is_needed, &wrong)?.map(FieldValue::One))
    }

    /// Asks for the value of a claim. For a choice, or yes or no, the possible answers are completed.
    fn ask_value(&self, key: &Key, draft: &EntryDraft) -> anyhow::Result<Option<FieldValue>> {
        let known = self.measure(draft).and_then(|measure| match measure.kind {
            MeasureType::Choice => {
                let kinds: Vec<&str> = measure.names.iter().map(|names: &Names| names.word()).collect();
                let ids = kinds.iter().flat_map(|kind| KnownNames::of_kind(self.model, kind).ids).collect();
                let doc = format!("ids of {}; separate several with commas", kinds.join(", "));
                Some((doc, KnownNames { label: "things it can name", ids }))
            }
            MeasureType::YesNo => {
                let answers = KnownNames::from_words("answers", ["yes".to_owned(), "no".to_owned()]);
                Some(("yes or no".to_owned(), answers))
            }
            _ => None,
        });
        let Some((doc, known)) = known else {
            let steps = self.measure(draft).filter(|measure| measure.kind == MeasureType::Scale);
            let doc = steps.map(|measure| format!("one of {}", measure.steps.join(", ")));
            let doc = doc.as_deref().unwrap_or(key.doc);
            return self.ask_text_for(key.name, doc, draft, true, &|text| FieldValue::One(text.to_owned()));
        };
        let wrong = |text: &str| {
            parse_names(text).map(|given| self.checker.errors(draft, key.name, &given)).unwrap_or_default()
        };
        Ok(self.ask_names(key.name, &doc, &known, true, &wrong)?.and_then(|text| parse_names(&text)))
    }

    /// Asks for one or several known names.
    fn ask_names(
        &self,
        key: &str,
        doc: &str,
        known: &KnownNames,
        is_needed: bool,
        wrong: &dyn Fn(&str) -> Vec<String>,
    ) -> anyhow::Result<Option<String>> {
        let is_wrong = |text: &str| {
            if text.is_empty() {
                return errors_of_empty_answer(key, is_needed);
            }
            let unknown =
                text.split([',', ' ']).filter(|id| !id.is_empty()).find(|id| !is_known_name(known, id));
            let Some(unknown) = unknown else { return wrong(text) };
            let near = did_you_mean(unknown, known.ids.iter().map(|(id, _)| id.as_str()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            vec![format!("`{unknown}` is not one of the {}{near}", known.label)]
        };
        let text = self.ask_until_valid(&question_text(key, doc), Some(known), &is_wrong)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    fn ask_text(
        &self,
        key: &Key,
        draft: &EntryDraft,
        is_needed: bool,
        read: &dyn Fn(&str) -> FieldValue,
    ) -> anyhow::Result<Option<FieldValue>> {
        self.ask_text_for(key.name, key.doc, draft, is_needed, read)
    }

    fn ask_text_for(
        &self,
        key: &str,
        doc: &str,
        draft: &EntryDraft,
        is_needed: bool,
        read: &dyn Fn(&str) -> FieldValue,
    ) -> anyhow::Result<Option<FieldValue>> {
        let wrong = |text: &str| {
            if text.is_empty() {
                errors_of_empty_answer(key, is_needed)
            } else {
                self.checker.errors(draft, key, &read(text))
            }
        };
        let text = self.ask_until_valid(&question_text(key, doc), None, &wrong)?;
        Ok((!text.is_empty()).then(|| read(&text)))
    }

    /// Asks until the answer is valid. After a wrong answer the question shows it again, to be corrected.
    fn ask_until_valid(
        &self,
        prompt: &str,
        known: Option<&KnownNames>,
        wrong: &dyn Fn(&str) -> Vec<String>,
    ) -> anyhow::Result<String> {
        let mut question = String::new();
        self.theme.format_input_prompt(&mut question, prompt, None)?;
        let tab = known.map(|known| TabCompletion { known, question });
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
                eprint_line(why);
            }
        }
    }
}

fn errors_of_empty_answer(key: &str, is_needed: bool) -> Vec<String> {
    if is_needed { vec![format!("`{key}` is required")] } else { Vec::new() }
}

/// Whether an answer names something known. It can also be `places/kabul`, or a claim without its source. An answer
/// with a slash is checked later.
fn is_known_name(known: &KnownNames, id: &str) -> bool {
    let is_claim =
        known.label == "claims" && (id.contains('/') || known.ids.iter().any(|(full, _)| full.ends_with(id)));
    let by_kind =
        id.split_once('/').is_some_and(|(_, id)| known.label == "things it can name" && known.has(id));
    known.has(id) || is_claim || by_kind
}

fn question_text(key: &str, doc: &str) -> String {
    format!("{key} ({doc})")
}

/// Splits an answer into one name or a list of names; none if it is empty.
fn parse_names(text: &str) -> Option<FieldValue> {
    let mut names: Vec<String> =
        text.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    match names.len() {
        0 => None,
        1 => names.pop().map(FieldValue::One),
        _ => Some(FieldValue::List(names)),
    }
}

//! Signature help: the wordings that a value can have, while it is typed.

use gen_lsp_types::{
    ActiveParameter, Documentation, ParameterInformation, ParameterInformationLabel, SignatureHelp,
    SignatureHelpParams, SignatureInformation,
};

use super::completion::{DefinedThings, FigureForm, MeasureInfo, forms};
use super::cursor::{CursorContext, TextCursor};
use super::error::RequestError;
use super::session::Session;
use gainsay_analysis::document::shape::Takes;
use gainsay_analysis::document::{Locator, MeasureType, Word as _};
use gainsay_reading::figure;
use gainsay_report::report::snippets::one_line;

/// The forms of a date: an example and its meaning.
const DATES: [(&str, &str); 7] = [
    ("2026-02-22", "a day"),
    ("2026-02", "a month"),
    ("2026", "a year"),
    ("2026-02-22/2026-02-25", "from one day to another"),
    ("../2024-12-31", "up to a day"),
    ("2025-10-20/..", "from a day on"),
    ("2026-02-11~", "about this day: one day earlier or later"),
];

/// The forms of a locator.
const LOCATORS: [(&str, &str); 3] = [
    ("p12", "paragraph 12: the 12th line of the archived text that is not blank"),
    ("p3-4", "paragraphs 3 and 4"),
    ("00:12:40", "hours, minutes and seconds in a recording"),
];

/// The wordings that are shown: a title, the forms with their meaning, and the index of the form that is being typed.
struct Wordings {
    head: String,
    forms: Vec<(String, String)>,
    active: Option<usize>,
}

/// The wordings for the value at a position.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn help(
    session: &mut Session,
    params: &SignatureHelpParams,
) -> Result<Option<SignatureHelp>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let model = session.incremental_mut().vocabulary();
    let session = &*session;
    let cursor = TextCursor::at(session.source(file).text(), byte as usize);
    let CursorContext::Value(key) = cursor.context else { return Ok(None) };
    let things = DefinedThings { workspace: session.incremental().workspace(), model: &model, file };
    let words = cursor.text().trim();
    let wordings = match key.takes {
        Takes::Value => forms_of_value(&cursor, &things, words),
        Takes::Date => Some(forms_of_date(key.name, words)),
        Takes::Locator => Some(forms_of_locator(key.name, words)),
        _ => None,
    };
    Ok(wordings.as_ref().map(to_signature_help))
}

/// The forms of a value of a measure; none if the measure is not known.
fn forms_of_value(cursor: &TextCursor<'_>, things: &DefinedThings<'_>, words: &str) -> Option<Wordings> {
    let id = cursor.field("measure")?;
    let measure = things.measure(id)?;
    let plain = |forms: Vec<(String, String)>| {
        let active = forms.iter().position(|(form, _)| form == words);
        Wordings { head: id.to_owned(), forms, active }
    };
    match measure.kind {
        MeasureType::Count | MeasureType::Amount => Some(forms_of_figure(id, &measure, things, words)),
        MeasureType::Date => Some(forms_of_date(id, words)),
        MeasureType::YesNo => Some(plain(vec![
            ("yes".to_owned(), "it is true".to_owned()),
            ("no".to_owned(), "it is not true".to_owned()),
        ])),
        MeasureType::Scale => {
            let steps = measure.steps.iter();
            let forms = steps
                .enumerate()
                .map(|(at, step)| (step.clone(), format!("step {}, from the weakest", at + 1)));
            let mut wordings = plain(forms.collect());
            wordings.forms.push(("at least STEP".to_owned(), "this step or a stronger one".to_owned()));
            wordings.forms.push(("at most STEP".to_owned(), "this step or a weaker one".to_owned()));
            let count = wordings.forms.len();
            for (at, bound) in [(count - 2, "at least "), (count - 1, "at most ")] {
                if words.starts_with(bound) {
                    wordings.active = Some(at);
                }
            }
            Some(wordings)
        }
        MeasureType::Choice => {
            let forms = measure.names.iter().map(|names| {
                let kind = names.word().trim_end_matches('s').to_uppercase();
                (kind, format!("the id of one of the {}, or a list", names.word()))
            });
            Some(plain(forms.collect()))
        }
    }
}

fn forms_of_figure(id: &str, measure: &MeasureInfo, things: &DefinedThings<'_>, words: &str) -> Wordings {
    let conventions = &things.model.settings.conventions;
    let read = |words: &str| figure::read(words, &measure.counting, conventions).ok();
    let all = forms(&measure.counting);
    let form = |form: &FigureForm| {
        let example = form.example();
        let reading = read(&example).map(|reading| reading.to_string()).unwrap_or_default();
        (form.words.to_owned(), format!("`{example}` reads as {reading}"))
    };
    let active = match read(words) {
        Some(reading) => all.iter().position(|form| form.is_of(&reading, words)),
        None => form_begun_by(all, words),
    };
    Wordings { head: id.to_owned(), forms: all.iter().map(form).collect(), active }
}

/// The index of the form that incomplete words are the start of.
fn form_begun_by(forms: &[FigureForm], words: &str) -> Option<usize> {
    let words = words.to_lowercase();
    if words.is_empty() {
        return None;
    }
    forms.iter().position(|form| {
        let fixed = form.words.split(['N', 'W']).next().unwrap_or_default().trim_end();
        !fixed.is_empty() && (fixed.starts_with(&words) || words.starts_with(fixed))
    })
}

fn forms_of_date(head: &str, words: &str) -> Wordings {
    let active = if words.is_empty() {
        None
    } else if words.contains('~') {
        Some(6)
    } else if words.starts_with("..") {
        Some(4)
    } else if words.ends_with("..") {
        Some(5)
    } else if words.contains('/') {
        Some(3)
    } else {
        Some(2 - words.matches('-').count().min(2))
    };
    Wordings { head: head.to_owned(), forms: to_owned_pairs(&DATES), active }
}

fn forms_of_locator(head: &str, words: &str) -> Wordings {
    let active = match Locator::read(words) {
        Some(Locator::Paragraphs(first, last)) => Some(usize::from(first != last)),
        Some(Locator::Time(_)) => Some(2),
        None if words.starts_with('p') => Some(usize::from(words.contains('-'))),
        None => words.contains(':').then_some(2),
    };
    Wordings { head: head.to_owned(), forms: to_owned_pairs(&LOCATORS), active }
}

fn to_owned_pairs(forms: &[(&str, &str)]) -> Vec<(String, String)> {
    forms.iter().map(|(form, means)| ((*form).to_owned(), (*means).to_owned())).collect()
}

/// Puts all forms on one line, each as a parameter.
fn to_signature_help(wordings: &Wordings) -> SignatureHelp {
    let mut label = format!("{}: ", one_line(&wordings.head));
    let units = |text: &str| text.encode_utf16().count() as u32;
    let mut parameters = Vec::new();
    for (at, (form, means)) in wordings.forms.iter().enumerate() {
        if at > 0 {
            label.push_str(" | ");
        }
        let start = units(&label);
        label.push_str(&one_line(form));
        let place = ParameterInformationLabel::Tuple((start, units(&label)));
        parameters.push(ParameterInformation::new(place, Some(Documentation::String(one_line(means)))));
    }
    // No active form is an index after the last one, according to the protocol.
    let active = wordings.active.unwrap_or(parameters.len()) as u32;
    let active = Some(ActiveParameter::Int(active));
    let signature = SignatureInformation::new(label, None, Some(parameters), active);
    SignatureHelp::new(vec![signature], Some(0), active)
}

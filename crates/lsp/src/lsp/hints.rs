//! Inlay hints in claims: the party, the question, and the range of a figure.
//!
//! A hint is plain text on one line. Long texts are left to the hover.

use gen_lsp_types::{InlayHint, InlayHintParams, Label};
use rustc_hash::FxHashMap;

use super::error::RequestError;
use super::session::Session;
use gainsay_analysis::document::{Claim, Entry};
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _};
use gainsay_analysis::model::{Model, Value};
use gainsay_analysis::source::Span;
use gainsay_analysis::workspace::{Analysis, ClaimGroup};
use gainsay_reading::figure::Qualifier;
use gainsay_report::report::answers_of;
use gainsay_report::report::snippets::one_line;

/// The largest number of characters of a hint.
const MAX_HINT_CHARS: usize = 70;

/// The hints in a range of a file.
pub(super) fn hints(
    session: &mut Session,
    params: &InlayHintParams,
) -> Result<Option<Vec<InlayHint>>, RequestError> {
    if !session.hints {
        return Ok(None);
    }
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    let wanted = session.span(file, params.range);
    let pieces = session.claim_groups(file)?;
    let session = &*session;
    let document = &session.incremental().workspace().documents()[file.index()];
    let Some(source) = document.source.as_ref() else { return Ok(None) };
    let mut hints: Vec<(u32, String)> = Vec::new();
    // If an id is defined twice, the analysis only has the first.
    let mut firsts: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, entry) in document.claims.iter().enumerate() {
        firsts.entry(&entry.id.value).or_insert(at);
    }
    for ClaimGroup { claims, analysis } in &pieces {
        let Some(source) = analysis.model.sources.find(&source.id.value) else { continue };
        for &at in claims.iter().filter(|&&at| document.claims[at].span.touches(wanted)) {
            let entry = &document.claims[at];
            let is_first = firsts.get(entry.id.value.as_str()) == Some(&at);
            let claim = analysis.model.find_claim_in(source, &entry.id.value);
            let is_this_entry =
                |&claim: &ClaimId| analysis.model.claim(claim).location.file == file && is_first;
            if let Some(claim) = claim.filter(is_this_entry) {
                hints.extend(hints_of_claim(analysis, entry, claim));
            }
        }
    }
    hints.sort_by_key(|(at, _)| *at);
    hints.retain(|(at, _)| wanted.start <= *at && *at <= wanted.end);
    let hint = |(at, text): (u32, String)| {
        let position = session.range(file, Span { start: at, end: at }).start;
        InlayHint {
            position,
            label: Label::String(one_line(&text)),
            kind: None,
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: None,
        }
    };
    Ok(Some(hints.into_iter().map(hint).collect()))
}

/// The hints of a claim, each with the byte after which it is shown.
fn hints_of_claim(analysis: &Analysis, entry: &Entry<Claim>, id: ClaimId) -> Vec<(u32, String)> {
    let model = &analysis.model;
    let claim = model.claim(id);
    let answers = answers_of(analysis, id);
    let mut hints = Vec::new();
    let mut questions: Vec<_> = answers.iter().map(|answer| model.answers.question[answer.index()]).collect();
    questions.dedup();
    if let [question] = questions[..] {
        let words = model.question_in_words(question);
        if words.chars().count() <= MAX_HINT_CHARS {
            // After the colon that follows the id.
            hints.push((entry.id.span.end + 1, words));
        }
    }
    if let Some(by) = &entry.body.by
        && claim.party != claim.by
    {
        hints.push((by.span.end, format!("for {}", shortened(&model.actors[claim.party].name))));
    }
    if let (Some(value), Some(&answer)) = (&entry.body.value, answers.first())
        && let Some(range) = range_hint(model, answer)
    {
        hints.push((value.span().end, range));
    }
    hints
}

/// The hard range of a vague or one-sided figure, and its usual range if it is different. None for a plain figure.
fn range_hint(model: &Model, answer: AnswerId) -> Option<String> {
    let question = model.answers.question[answer.index()];
    let Value::Figure(figure) = &model.answers.value[answer.index()] else { return None };
    let is_plain = matches!(figure.qualifier, Qualifier::Exactly | Qualifier::Between | Qualifier::None);
    let is_said = is_plain && figure.hard == figure.usual;
    let words = |range| model.range_in_words(question, range);
    let (hard, usual) = (words(figure.hard), words(figure.usual));
    (!is_said).then(|| shortened(&if hard == usual { hard } else { format!("{hard}, usually {usual}") }))
}

/// Shortens a long text.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_HINT_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

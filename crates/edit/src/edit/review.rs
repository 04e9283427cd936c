//! Adds reviews to claim files, and removes them.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::layout::{self, Edits, Margin, UnsupportedLayout};
use super::verify::{self, ParsedText};
use super::{FileChange, Refusal, apply, diff, line_break_of, scalar};
use gainsay_analysis::dispute::{self, Decision, Dispute, Line};
use gainsay_analysis::document::{self, Because, Document, Entry, Verdict, Word as _, is_id, slug};
use gainsay_analysis::finding::{Edit, Finding, print};
use gainsay_analysis::id::{FileId, Id as _, QuestionId};
use gainsay_analysis::lint;
use gainsay_analysis::model::Model;
use gainsay_analysis::source::{Files, Location, SourceFile, Span};
use gainsay_analysis::workspace::{Analysis, Workspace};
use gainsay_reading::period::{Day, Period};

const SECTION: &str = "reviews";

/// If there are more claims, or more bytes of them, a review only has their fingerprint.
const MAX_SAW_CLAIMS: usize = 200;
const MAX_SAW_BYTES: usize = 64 * 1024;

/// The largest number of characters of the id of a review. Longer ids are shortened at the end of a word.
const MAX_ID_CHARS: usize = 80;

/// The path of the file that a review of a question is written to: that of its latest review, or the one for a first
/// review.
pub fn home(workspace: &Workspace, analysis: &Analysis, question: QuestionId, new_file: &str) -> String {
    match analysis.model.latest_review(question) {
        Some(review) => workspace.files()[review.location.file].path().to_owned(),
        None => file_for_first_review(workspace, new_file),
    }
}

/// The path of the file that the first review of a question is written to: the last one with reviews, or with an empty
/// section for them, or `new_file`, which need not exist yet.
pub fn file_for_first_review(workspace: &Workspace, new_file: &str) -> String {
    let last = |has: fn(&Document) -> bool| workspace.documents().iter().rposition(has).map(FileId::new);
    let file =
        last(|document| !document.reviews.is_empty()).or_else(|| last(|document| document.has_reviews));
    file.map_or_else(|| new_file.to_owned(), |file| workspace.files()[file].path().to_owned())
}

/// The change that writes a decision on a question. `on` is the date of the decision, and `new_file` the file to
/// create if no file has reviews.
///
/// # Errors
/// If the decision is incomplete or cannot be read, or the file cannot be changed without damage.
pub fn review(
    workspace: &Workspace,
    analysis: &Analysis,
    question: QuestionId,
    decision: &Decision,
    on: Day,
    new_file: &str,
) -> Result<FileChange, Refusal> {
    let model = &analysis.model;
    let dispute = dispute_on(analysis, question)?;
    let fields = ReviewFields::new(model, dispute, decision, on)?;
    fields.check_is_latest(model, question)?;
    let path = home(workspace, analysis, question, new_file);
    let file = workspace.files().find(&path);
    let text = file.map_or("", |file| workspace.files()[file].text());
    let id = id_for(workspace, &model.question_name(question));
    let read = verify::parse(text);
    check_valid_yaml(&path, text, &read)?;
    let lines = |margin: Margin| fields.lines(&id, margin);
    let edits = layout::append(text, &read.tree, SECTION, line_break_of(workspace), &lines)
        .map_err(|why| layout_refusal(&path, text, why))?;
    let change = change(workspace, file, &path, edits)?;
    let after = verify::parse(&change.after);
    let written = after.document.reviews.iter().find(|entry| entry.id.value == id);
    let is_as_meant = written.is_some_and(|entry| fields.matches(entry))
        && verify::is_one_more(&read.tree, &after.tree, SECTION, &id);
    check_result(&path, &read, &after, is_as_meant).map(|()| change)
}

/// Checks that the claims on a question are those that the reviewer saw. `seen` is their [`Dispute::seen`], empty if
/// there was no dispute. `then` are their lines, if they are still known; an error uses them to show the differences.
///
/// # Errors
/// If the claims changed.
pub fn check_claims_unchanged(
    analysis: &Analysis,
    question: QuestionId,
    seen: &str,
    then: &[Line],
) -> Result<(), Refusal> {
    let now = dispute_on(analysis, question).ok();
    if now.map_or("", |dispute| dispute.seen.as_str()) == seen {
        return Ok(());
    }
    let now = now.map(|dispute| dispute::seen_lines(&analysis.model, dispute)).unwrap_or_default();
    let differences = if then.is_empty() { Vec::new() } else { dispute::differences(then, &now) };
    Err(Refusal::ClaimsChanged { differences })
}

/// Checks that a file is as it was when it was shown, by its fingerprint [`fingerprint_of`]. `then` are the files of that
/// time, if they are still known; an error uses them to show the difference.
///
/// # Errors
/// If the file changed.
pub fn check_file_unchanged(
    files: &Files,
    path: &str,
    print: &str,
    then: Option<&Files>,
) -> Result<(), Refusal> {
    if fingerprint_of(files, path) == print {
        return Ok(());
    }
    let now = text_of(files, path).unwrap_or_default();
    let diff = then.map(|then| diff(path, text_of(then, path), now)).unwrap_or_default();
    Err(Refusal::FileChanged { path: path.to_owned(), diff })
}

/// The fingerprint of the text of a file; empty if the file does not exist.
pub fn fingerprint_of(files: &Files, path: &str) -> String {
    text_of(files, path).map(print).unwrap_or_default()
}

fn text_of<'f>(files: &'f Files, path: &str) -> Option<&'f str> {
    files.find(path).map(|file| files[file].text())
}

/// The change that removes a review.
///
/// # Errors
/// If there is no such review, or its file cannot be changed without damage.
pub fn withdraw(workspace: &Workspace, review: &str) -> Result<FileChange, Refusal> {
    let all = workspace
        .documents()
        .iter()
        .enumerate()
        .flat_map(|(at, document)| document.reviews.iter().map(move |entry| (FileId::new(at), entry)));
    let found = all.into_iter().find(|(_, entry)| entry.id.value == review);
    let Some((file, entry)) = found else {
        return Err(Refusal::Unknown(format!("no review is called `{review}`")));
    };
    let (path, text) = (workspace.files()[file].path(), workspace.files()[file].text());
    let read = verify::parse(text);
    check_valid_yaml(path, text, &read)?;
    let edits = layout::remove(text, &read.tree, SECTION, entry.id.span.start as usize)
        .map_err(|why| layout_refusal(path, text, why))?;
    let change = change(workspace, Some(file), path, edits)?;
    let after = verify::parse(&change.after);
    let is_as_meant = verify::is_one_more(&after.tree, &read.tree, SECTION, review);
    check_result(path, &read, &after, is_as_meant).map(|()| change)
}

fn dispute_on(analysis: &Analysis, question: QuestionId) -> Result<&Dispute, Refusal> {
    analysis.disputes.iter().find(|dispute| dispute.question == question).ok_or_else(|| {
        let name = analysis.model.question_name(question);
        Refusal::Unknown(format!("there are no findings on `{name}`, so there is nothing to decide"))
    })
}

/// Returns an error if the text is not valid YAML. Such a file is read entry by entry, and cannot be changed safely.
pub(super) fn check_valid_yaml(path: &str, text: &str, read: &ParsedText<'_>) -> Result<(), Refusal> {
    match read.findings.iter().find(|finding| finding.rule == lint::INVALID_YAML.id) {
        None => Ok(()),
        Some(finding) => Err(layout_refusal(path, text, fix_first(finding))),
    }
}

/// Returns an error if a file has bytes that are not text. They were replaced when the file was read, so writing it
/// would change them.
pub(super) fn check_readable(workspace: &Workspace, file: FileId) -> Result<(), Refusal> {
    match workspace.unreadable(file) {
        None => Ok(()),
        Some(finding) => {
            let (path, text) = (workspace.files()[file].path(), workspace.files()[file].text());
            Err(layout_refusal(path, text, fix_first(finding)))
        }
    }
}

fn fix_first(finding: &Finding) -> UnsupportedLayout {
    let at = finding.labels.first().map_or(0, |label| label.location.span.start as usize);
    UnsupportedLayout { at, why: format!("{}; fix it first", finding.message) }
}

pub(super) fn layout_refusal(
    path: &str,
    text: &str,
    UnsupportedLayout { at, why }: UnsupportedLayout,
) -> Refusal {
    let line = SourceFile::new(path, text).line(at as u32);
    Refusal::Layout { path: path.to_owned(), line, why }
}

/// The change that applies edits to one file, or creates it if `file` is none.
pub(super) fn change(
    workspace: &Workspace,
    file: Option<FileId>,
    path: &str,
    edits: Edits,
) -> Result<FileChange, Refusal> {
    let Some(file) = file else {
        let after = edits.into_iter().map(|(_, text)| text).collect::<String>();
        return Ok(FileChange { path: path.to_owned(), before: None, after });
    };
    check_readable(workspace, file)?;
    let edit = |(span, text): (std::ops::Range<usize>, String)| Edit {
        location: Location { file, span: Span::new(span.start, span.end) },
        text,
    };
    let edits: Vec<Edit> = edits.into_iter().map(edit).collect();
    let change = apply(workspace.files(), &edits)?.pop();
    change.ok_or_else(|| Refusal::Misread(format!("there is nothing to change in `{path}`")))
}

/// Returns an error if the changed text has new mistakes, or not the intended content.
pub(super) fn check_result(
    path: &str,
    before: &ParsedText<'_>,
    after: &ParsedText<'_>,
    is_as_meant: bool,
) -> Result<(), Refusal> {
    let refused = |why: &str| Err(Refusal::Misread(format!("`{path}` was not changed: {why}")));
    if let Some(why) = [before, after].into_iter().find_map(|read| verify::too_many_errors(&read.omitted)) {
        return refused(&why);
    }
    if let Some(Finding { message, .. }) = verify::first_new_finding(&before.findings, &after.findings) {
        return Err(Refusal::Misread(format!("the change of `{path}` would cause an error: {message}")));
    }
    if is_as_meant {
        return Ok(());
    }
    refused("its layout is not supported, and something else would change; edit the file by hand")
}

/// A new id for a review: the words of the question, with a number if that id is used already.
fn id_for(workspace: &Workspace, question: &str) -> SmolStr {
    let reviews = workspace.documents().iter().flat_map(|document| &document.reviews);
    let taken: FxHashSet<&str> = reviews.map(|entry| entry.id.value.as_str()).collect();
    let words = slug(question.strip_suffix("/people").unwrap_or(question));
    let cut = match words.char_indices().nth(MAX_ID_CHARS) {
        Some((end, _)) => words[..end].rsplit_once('-').map_or(&words[..end], |(words, _)| words),
        None => words.as_str(),
    };
    let base = if is_id(cut) { cut } else { "review" };
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut ids = std::iter::once(base.to_owned()).chain(numbered);
    ids.find(|id| !taken.contains(id.as_str())).unwrap_or_default().into()
}

/// The fields of a new review, as they will be read back.
struct ReviewFields {
    question: String,
    verdict: Verdict,
    because: Option<Because>,
    figure: Option<String>,
    note: Option<String>,
    by: String,
    on: Day,
    seen: String,
    saw: Option<Vec<Line>>,
}

impl ReviewFields {
    /// The fields of a decision. Returns an error if it is incomplete, a text cannot be written, or the figure cannot
    /// be read.
    fn new(model: &Model, dispute: &Dispute, decision: &Decision, on: Day) -> Result<Self, Refusal> {
        let undecided = |why: &str| Err(Refusal::Undecided(why.to_owned()));
        let Some(verdict) = decision.verdict else { return undecided("choose a verdict") };
        let figure = text("the figure", &decision.figure, false)?;
        let note = text("the note", &decision.note, true)?;
        let Some(by) = text("the name", &decision.by, false)? else {
            return undecided("the name of the reviewer is missing");
        };
        match (verdict, &figure) {
            (Verdict::Settled, None) => {
                return undecided("`settled` needs a figure: the one that you accept");
            }
            (Verdict::Settled, Some(figure)) => {
                if let Some(unread) = model.figure_error(dispute.question, figure) {
                    return Err(Refusal::Undecided(unread.message));
                }
            }
            (_, Some(_)) => return undecided("only `settled` has a figure; write it in the note"),
            (_, None) => {}
        }
        if decision.because == Some(Because::Other) && note.is_none() {
            return undecided("the reason `other` needs a note");
        }
        let saw = dispute::seen_lines(model, dispute);
        Ok(Self {
            question: model.question_name(dispute.question),
            verdict,
            because: decision.because,
            figure,
            note,
            by,
            on,
            seen: dispute.seen.clone(),
            saw: Some(saw).filter(|saw| is_worth_writing(saw)),
        })
    }

    /// Returns an error if an existing review has a later date, so that the new one would have no effect.
    fn check_is_latest(&self, model: &Model, question: QuestionId) -> Result<(), Refusal> {
        let latest = model.latest_review(question);
        match latest.filter(|latest| latest.on.and_then(|on| on.first) > Some(self.on)) {
            None => Ok(()),
            Some(latest) => {
                let (id, today) = (&latest.id, self.on);
                let on = latest.on.map(|on| on.to_string()).unwrap_or_default();
                let why = format!(
                    "the review `{id}` has the later date {on}, so a review of {today} would have no effect"
                );
                Err(Refusal::Undecided(why))
            }
        }
    }

    /// The lines of the new entry.
    fn lines(&self, id: &str, margin: Margin) -> Vec<String> {
        let mut keys = scalar::pair("question", &self.question);
        keys.push(format!("verdict: {}", self.verdict.word()));
        keys.extend(self.because.map(|because| format!("because: {}", because.word())));
        keys.extend(self.figure.iter().flat_map(|figure| scalar::figure("figure", figure)));
        keys.extend(self.note.iter().flat_map(|note| scalar::pair("note", note)));
        keys.extend(scalar::pair("by", &self.by));
        keys.push(format!("on: {}", self.on));
        keys.extend(scalar::pair("seen", &self.seen));
        if let Some(saw) = &self.saw {
            keys.push("saw:".to_owned());
            let lines = saw.iter().flat_map(|(claim, line)| scalar::pair(claim, line));
            keys.extend(lines.map(|line| format!("{:1$}{line}", "", margin.step)));
        }
        let indent = margin.indent + margin.step;
        let within = |line: String| if line.is_empty() { line } else { format!("{:indent$}{line}", "") };
        let head = format!("{:1$}{id}:", "", margin.indent);
        std::iter::once(head).chain(keys.into_iter().map(within)).collect()
    }

    /// Whether an entry has exactly these fields.
    fn matches(&self, entry: &Entry<document::Review>) -> bool {
        let body = &entry.body;
        let saw = body.saw.as_ref().map(|lines| {
            let line = |(claim, line): &(document::Name, document::Name)| {
                (claim.value.to_string(), line.value.to_string())
            };
            lines.iter().map(line).collect::<Vec<_>>()
        });
        let is = |name: &Option<document::Name>, text: Option<&String>| {
            name.as_ref().map(|name| name.value.as_str()) == text.map(String::as_str)
        };
        !entry.broken
            && is(&body.question, Some(&self.question))
            && body.verdict.map(|verdict| verdict.value) == Some(self.verdict)
            && body.because.map(|because| because.value) == self.because
            && is(&body.figure, self.figure.as_ref())
            && is(&body.note, self.note.as_ref())
            && is(&body.by, Some(&self.by))
            && body.on.map(|on| on.value) == Some(Period::between(Some(self.on), Some(self.on)))
            && is(&body.seen, Some(&self.seen))
            && saw == self.saw
    }
}

/// The text of a field, with uniform line breaks; none if it is blank. Returns an error if it cannot be written.
fn text(what: &str, typed: &str, in_lines: bool) -> Result<Option<String>, Refusal> {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    if text.trim().is_empty() {
        return Ok(None);
    }
    if let Some(odd) = scalar::unwritable(&text) {
        let code = u32::from(odd);
        let why = format!("{what} contains an invisible character, U+{code:04X}; remove it");
        return Err(Refusal::Undecided(why));
    }
    if !in_lines && text.contains('\n') {
        return Err(Refusal::Undecided(format!("{what} must be on one line")));
    }
    Ok(Some(text))
}

/// Whether the lines of the claims are few and short enough to be written, and their names are valid ids.
fn is_worth_writing(saw: &[Line]) -> bool {
    let bytes: usize = saw.iter().map(|(claim, line)| claim.len() + line.len()).sum();
    let is_name = |name: &str| name.len() <= MAX_SAW_CLAIMS && name.split('/').all(is_id);
    !saw.is_empty()
        && saw.len() <= MAX_SAW_CLAIMS
        && bytes <= MAX_SAW_BYTES
        && saw.iter().all(|(claim, _)| is_name(claim))
}

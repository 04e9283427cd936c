//! Hover: what the word under the cursor means, with the same text as `gainsay show` and `gainsay explain`.
//!
//! Text from files is escaped for Markdown, or put on one line for an editor without Markdown. Long texts are
//! shortened.

use std::fmt::Write as _;
use std::path::Path;

use gen_lsp_types::{Contents, Hover, HoverParams, MarkupContent, MarkupKind};
use smol_str::SmolStr;

use super::completion::describe_value;
use super::cursor::{CursorContext, TextCursor};
use super::error::RequestError;
use super::session::Session;
use gainsay_analysis::document::MeasureType;
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::document::shape::{Key, Takes, meaning};
use gainsay_analysis::graph::Node;
use gainsay_analysis::id::FileId;
use gainsay_analysis::model::Model;
use gainsay_analysis::rules::{self, RuleOrLint};
use gainsay_analysis::source::{Files, Span};
use gainsay_analysis::workspace::Analysis;
use gainsay_folder::folder::shown_path;
use gainsay_reading::period::Period;
use gainsay_report::report::explain::{Block, blocks};
use gainsay_report::report::markdown::escape;
use gainsay_report::report::show::{Brief, answers_in_brief, brief, measure_in_brief, reading_in_brief};
use gainsay_report::report::snippets::one_line;

/// The largest number of characters shown per text.
const MAX_TEXT_CHARS: usize = 400;
/// Shown for a thing while the analysis still runs.
const STILL_ANALYSING: &str = "the files are still being analysed; try again in a moment";
/// The largest number of lines that are shown.
const MAX_LINES: usize = 60;

/// One part of the text.
enum HoverPart {
    Thing(Brief),
    Rule(RuleOrLint),
    /// A title, and the facts below it with their names.
    Facts(String, Vec<(&'static str, String)>),
}

/// The hover text for a position.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn hover(session: &mut Session, params: &HoverParams) -> Result<Option<Hover>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let (things, span) = things_at(session, file, byte);
    let analysis = session.analysis_including(file, Span::at(byte), things.clone()).ok();
    let vocabulary = analysis.is_none().then(|| session.incremental_mut().vocabulary());
    let session = &*session;
    let cursor = TextCursor::at(session.source(file).text(), byte as usize);
    let named = (things, span);
    let (files, analysis) = (session.files(), analysis.as_deref());
    let Some(model) = analysis.map(|analysis| &analysis.model).or(vocabulary.as_deref()) else {
        return Ok(None);
    };
    let query = HoverQuery { session, files, model, analysis, file, byte, cursor: &cursor, named };
    let Some((parts, span)) = query.parts().filter(|(parts, _)| !parts.is_empty()) else { return Ok(None) };
    let is_markdown = session.editor.markdown;
    let kind = if is_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = Contents::MarkupContent(MarkupContent::new(
        kind,
        HoverText::new(is_markdown, folder(session, file)).render(parts),
    ));
    Ok(Some(Hover::new(contents, Some(session.range(file, span)))))
}

/// The things that the id at a byte may name, with the span of the id.
fn things_at(session: &Session, file: FileId, byte: u32) -> (Vec<(Kind, SmolStr)>, Span) {
    let named = session.incremental().index().of(file);
    let is_here = |span: Span| span.start <= byte && byte <= span.end;
    if let Some(defined) = named.definitions.iter().find(|definition| is_here(definition.id)) {
        return (vec![(defined.kind, defined.name.clone())], defined.id);
    }
    let mentions = || named.mentions.iter().filter(|mention| is_here(mention.span));
    let things =
        mentions().flat_map(|mention| mention.kinds.iter().map(|&kind| (kind, mention.name.clone())));
    (things.collect(), mentions().next().map_or(Span::at(byte), |mention| mention.span))
}

/// Everything that is needed to describe what is at a position.
struct HoverQuery<'a> {
    session: &'a Session,
    files: &'a Files,
    /// The model of the analysis; while the analysis runs, a model with measures only.
    model: &'a Model,
    /// None while the analysis still runs.
    analysis: Option<&'a Analysis>,
    file: FileId,
    byte: u32,
    cursor: &'a TextCursor<'a>,
    /// The things that are defined or mentioned here, with the span of the id.
    named: (Vec<(Kind, SmolStr)>, Span),
}

impl HoverQuery<'_> {
    /// The parts of the text, and the span of the file that they are about.
    fn parts(&self) -> Option<(Vec<HoverPart>, Span)> {
        let named = self.thing_parts();
        let (mut parts, span) = match self.cursor.context {
            CursorContext::Key(shape) => {
                let key = &shape.keys[shape.position(self.cursor.text())?];
                (vec![key_part(shape.name, key)], self.cursor.span())
            }
            CursorContext::Value(key) => (self.value(key), self.cursor.span()),
            CursorContext::NamedKey(key) if matches!(key.takes, Takes::Grades(_)) => {
                (self.rule(), self.cursor.span())
            }
            CursorContext::NamedValue(Key { takes: Takes::Grades(words), .. }) => {
                let word = self.cursor.text();
                let facts = vec![("means", meaning(words, word)?.to_owned())];
                (vec![HoverPart::Facts(word.to_owned(), facts)], self.cursor.span())
            }
            CursorContext::Nothing
            | CursorContext::Id(_)
            | CursorContext::NamedKey(_)
            | CursorContext::NamedValue(_) => return named,
        };
        let Some((more, part)) = named else { return Some((parts, span)) };
        let span = if parts.is_empty() { part } else { span };
        parts.extend(more);
        Some((parts, span))
    }

    /// The parts about the things that the id here names.
    fn thing_parts(&self) -> Option<(Vec<HoverPart>, Span)> {
        let (things, span) = &self.named;
        let parts: Vec<HoverPart> =
            things.iter().filter_map(|(kind, name)| self.thing(*kind, name)).collect();
        (!parts.is_empty()).then_some((parts, *span))
    }

    fn thing(&self, kind: Kind, name: &str) -> Option<HoverPart> {
        let Some(analysis) = self.analysis else {
            let facts = vec![("not known yet", STILL_ANALYSING.to_owned())];
            return Some(HoverPart::Facts(format!("{} {name}", kind.name()), facts));
        };
        let model = &analysis.model;
        let node = match kind {
            Kind::Actor => Node::Actor(model.actors.find(name)?),
            Kind::Subject => Node::Subject(model.subjects.find(name)?),
            Kind::Place => Node::Place(model.places.find(name)?),
            Kind::Term => Node::Term(model.terms.find(name)?),
            Kind::Population => Node::Population(model.populations.find(name)?),
            Kind::Source => Node::Source(model.sources.find(name)?),
            Kind::Claim => Node::Claim(model.find_claim(name)?),
            Kind::Review => Node::Question(model.reviews.iter().find(|review| review.id == name)?.question?),
            Kind::Measure => {
                let measure = model.measures.find(name)?;
                return Some(HoverPart::Thing(measure_in_brief(self.files, analysis, measure)));
            }
        };
        Some(HoverPart::Thing(brief(self.files, analysis, node)))
    }

    /// The parts about a value, without the things that it names.
    fn value(&self, key: &'static Key) -> Vec<HoverPart> {
        let word = self.cursor.text().trim();
        let head = || format!("{}: {word}", key.name);
        let parts = match key.takes {
            Takes::Date => Some(HoverPart::Facts(head(), date_facts(word))),
            Takes::Word(words) | Takes::Words(words) => {
                meaning(words, word).map(|doc| HoverPart::Facts(head(), vec![("means", doc.to_owned())]))
            }
            Takes::Texts if key.name == "allow" => return self.rule(),
            Takes::Text if key.name == "question" => {
                let question = self.model.find_question(word).map(Node::Question);
                let question = question.zip(self.analysis);
                question.map(|(node, analysis)| HoverPart::Thing(brief(self.files, analysis, node)))
            }
            Takes::Value => self.reading(word).map(|facts| HoverPart::Facts(head(), facts)),
            Takes::Locator => Some(HoverPart::Facts(head(), vec![("means", key.doc.to_owned())])),
            _ => None,
        };
        parts
            .into_iter()
            .filter(|part| !matches!(part, HoverPart::Facts(_, facts) if facts.is_empty()))
            .collect()
    }

    /// How the value of a claim is read. If the claim has errors, only its words are used.
    fn reading(&self, word: &str) -> Option<Vec<(&'static str, String)>> {
        let model = self.model;
        let defined = &self.session.incremental().index().of(self.file).definitions;
        let is_around = |span: Span| span.start <= self.byte && self.byte <= span.end;
        let claim = defined.iter().find(|at| at.kind == Kind::Claim && is_around(at.span));
        let claim = claim.and_then(|claim| model.find_claim(&claim.name));
        let claim = claim.zip(self.analysis);
        let facts = claim.map(|(claim, analysis)| answers_in_brief(self.files, analysis, claim));
        let facts = facts.unwrap_or_default();
        if !facts.is_empty() {
            return Some(facts);
        }
        let measure = model.measures.find(self.cursor.field("measure")?)?;
        let measure = &model.measures[measure];
        match measure.kind {
            MeasureType::Count | MeasureType::Amount => Some(reading_in_brief(model, measure, word)),
            MeasureType::Date => Some(date_facts(word)),
            MeasureType::Scale | MeasureType::YesNo | MeasureType::Choice => None,
        }
    }

    fn rule(&self) -> Vec<HoverPart> {
        rules::known(self.cursor.text().trim()).map(HoverPart::Rule).into_iter().collect()
    }
}

/// The part about a key: its meaning, its possible values, and an example.
fn key_part(holder: &str, key: &Key) -> HoverPart {
    let example = format!("{}: {}", key.name, key.example);
    let facts = vec![("means", key.doc.to_owned()), ("takes", describe_value(key)), ("example", example)];
    HoverPart::Facts(format!("{} of {holder}", key.name), facts)
}

/// How a date is read: its first and last day, or why it cannot be read.
fn date_facts(text: &str) -> Vec<(&'static str, String)> {
    match Period::read(text) {
        Ok(period) => {
            let day = |day| Period::between(Some(day), Some(day)).in_words();
            let words = period.in_words();
            if period.first.is_some()
                && period.first == period.last
                && period.first.map(day).as_ref() == Some(&words)
            {
                return vec![("reads as", words)];
            }
            let first = period.first.map_or("open".to_owned(), day);
            let last = period.last.map_or("open".to_owned(), day);
            vec![("reads as", words), ("first day", first), ("last day", last)]
        }
        Err(misread) => {
            let mut facts = vec![("cannot be read", misread.message)];
            facts.extend(misread.help.map(|help| ("help", help)));
            facts
        }
    }
}

/// The folder of the workspace; if the workspace is one file, the folder that contains it.
fn folder(session: &Session, file: FileId) -> &Path {
    let root = session.root();
    let is_file = root == Path::new(session.source(file).path());
    if is_file { root.parent().unwrap_or(root) } else { root }
}

/// The text of a hover while it is written.
struct HoverText {
    is_markdown: bool,
    /// The common start of the workspace's paths, which is removed from texts.
    root: String,
    text: String,
    lines: usize,
    left_out: usize,
}

impl HoverText {
    fn new(is_markdown: bool, folder: &Path) -> Self {
        let root = format!("{}{}", shown_path(folder), std::path::MAIN_SEPARATOR);
        Self { root, is_markdown, text: String::new(), lines: 0, left_out: 0 }
    }

    fn render(mut self, parts: Vec<HoverPart>) -> String {
        for parts in parts {
            match parts {
                HoverPart::Thing(Brief { kind, id, facts, sections }) => {
                    self.title(&format!("{kind} {id}"));
                    self.facts(facts);
                    for (title, lines) in sections.into_iter().filter(|(_, lines)| !lines.is_empty()) {
                        self.title(&title);
                        for line in lines {
                            self.item("", &line.replace(&self.root, ""));
                        }
                    }
                }
                HoverPart::Facts(title, facts) => {
                    self.title(&title);
                    self.facts(facts);
                }
                HoverPart::Rule(known) => self.rule(known),
            }
        }
        if self.left_out > 0 {
            let _ = write!(self.text, "\nand {} more lines\n", self.left_out);
        }
        self.text.trim_end().to_owned()
    }

    fn facts(&mut self, facts: Vec<(&'static str, String)>) {
        for (name, text) in facts {
            self.item(name, &text.replace(&self.root, ""));
        }
    }

    /// Adds a rule or lint: what it finds, and its page. The page needs no escaping, because it does not come from a
    /// file.
    fn rule(&mut self, known: RuleOrLint) {
        let (id, grade, summary, doc) = match known {
            RuleOrLint::Rule(rule) => (rule.id, rule.grade, rule.summary, rule.doc),
            RuleOrLint::Lint(lint) => (lint.id, lint.grade, lint.summary, lint.doc),
        };
        self.title(&format!("{grade}[{id}]"));
        self.item("finds", summary);
        for block in blocks(doc) {
            match block {
                Block::Paragraph(text) => {
                    let _ = write!(self.text, "\n{text}\n");
                }
                Block::Example(lines) => {
                    let (open, close) = if self.is_markdown { ("```yaml\n", "\n```\n") } else { ("", "\n") };
                    let _ = write!(self.text, "\n{open}{}{close}", lines.join("\n"));
                }
            }
        }
    }

    fn title(&mut self, text: &str) {
        if !self.takes_line() {
            return;
        }
        let text = self.display(text);
        let gap = if self.text.is_empty() { "" } else { "\n" };
        let _ = if self.is_markdown {
            write!(self.text, "{gap}**{text}**\n\n")
        } else {
            writeln!(self.text, "{gap}{text}")
        };
    }

    fn item(&mut self, name: &str, text: &str) {
        if !self.takes_line() {
            return;
        }
        let text = self.display(text);
        let _ = match (self.is_markdown, name.is_empty()) {
            (true, true) => writeln!(self.text, "- {text}"),
            (true, false) => writeln!(self.text, "- *{name}*: {text}"),
            (false, true) => writeln!(self.text, "  {text}"),
            (false, false) => writeln!(self.text, "  {name}: {text}"),
        };
    }

    /// Whether there is room for another line. Lines without room are counted.
    fn takes_line(&mut self) -> bool {
        let is_room = self.lines < MAX_LINES;
        self.lines += usize::from(is_room);
        self.left_out += usize::from(!is_room);
        is_room
    }

    /// A text of a file, shortened if it is long, and escaped.
    fn display(&self, text: &str) -> String {
        let cut = text.char_indices().nth(MAX_TEXT_CHARS).map(|(at, _)| format!("{}…", &text[..at]));
        let text = cut.as_deref().unwrap_or(text);
        if self.is_markdown { escape(text) } else { one_line(text) }
    }
}

//! Symbols: the outline of a file, and the search for definitions in the workspace.

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, MessageType,
    SymbolInformation, SymbolKind, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use rayon::prelude::*;
use smol_str::SmolStr;

use super::error::RequestError;
use super::responder::Responder;
use super::session::Session;
use gainsay_analysis::document::entries::EntryRef;
use gainsay_analysis::document::mention::{Definition, Kind};
use gainsay_analysis::document::{Claim, Document, MeasureType, Name, SubjectKind, Word as _, Written};
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::Span;
use gainsay_analysis::yaml;

/// The largest number of workspace symbols that are returned, best first. If there are more, the log says so.
const MAX_SYMBOLS: usize = 1000;

/// The outline of a file.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn document_symbols(
    session: &mut Session,
    params: &DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    let outline = session.outline(file);
    if session.editor.nested_symbols {
        return Ok(Some(DocumentSymbolResponse::DocumentSymbolList(outline)));
    }
    let mut flat = Vec::new();
    for symbol in outline {
        let section = symbol.name.clone();
        let within = symbol.children.clone().unwrap_or_default();
        flat.push(session.flat(file, symbol, None));
        flat.extend(within.into_iter().map(|symbol| session.flat(file, symbol, Some(section.clone()))));
    }
    Ok(Some(DocumentSymbolResponse::SymbolInformationList(flat)))
}

/// The definitions in all files whose names match the query, best first.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn workspace_symbols(
    responder: &mut Responder,
    params: &WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>, RequestError> {
    let pattern = Pattern::parse(&params.query, CaseMatching::Ignore, Normalization::Smart);
    let mut found: Vec<(usize, FoundSymbol)> = Vec::new();
    for (at, session) in responder.sessions.iter_mut().enumerate() {
        session.apply_pending();
        found.extend(session.find_symbols(&pattern, params.query.trim()).into_iter().map(|one| (at, one)));
    }
    found.sort_unstable_by(|(a, one), (b, other)| (one.order(), a).cmp(&(other.order(), b)));
    let all = found.len();
    if all > MAX_SYMBOLS {
        let message = format!("only {MAX_SYMBOLS} of {all} symbols are shown; type more of the name");
        responder.outbox.log(MessageType::Info, message);
    }
    let symbols =
        found.iter().take(MAX_SYMBOLS).map(|(at, one)| responder.sessions[*at].symbol(one)).collect();
    Ok(Some(WorkspaceSymbolResponse::SymbolInformationList(symbols)))
}

/// A definition whose name matches the query.
struct FoundSymbol {
    file: FileId,
    /// Its position among the definitions of the file.
    at: usize,
    kind: Kind,
    display_name: SmolStr,
    score: u32,
    /// Whether the id is exactly the query.
    is_exact: bool,
}

impl FoundSymbol {
    /// The sort key: exact ids first, then better matches. Equal matches are sorted by kind, with claims late, then by
    /// length.
    fn order(&self) -> impl Ord + use<'_> {
        let closeness = std::cmp::Reverse((self.is_exact, self.score));
        (closeness, self.kind, self.display_name.len(), &self.display_name, self.file, self.at)
    }
}

impl Session {
    /// The sections of a file with their entries.
    fn outline(&self, file: FileId) -> Vec<DocumentSymbol> {
        let (tree, _) = yaml::parse(file, self.source(file).text());
        let mut entries: Vec<(Span, DocumentSymbol)> = self
            .incremental()
            .index()
            .of(file)
            .definitions
            .iter()
            .enumerate()
            .map(|(at, defined)| (defined.id, self.entry(file, at, defined)))
            .collect();
        let mut outline = Vec::new();
        for (key, value) in tree.root().into_iter().flat_map(yaml::NodeRef::entries) {
            let whole = key.span().to(value.span());
            let (within, others) = entries.into_iter().partition(|(id, _)| whole.holds(*id));
            entries = others;
            let within: Vec<(Span, DocumentSymbol)> = within;
            let name = key.text().unwrap_or_default().to_owned();
            let mut children: Vec<DocumentSymbol> = within.into_iter().map(|(_, symbol)| symbol).collect();
            if name == "source" && children.len() == 1 {
                outline.extend(
                    children.pop().map(|source| DocumentSymbol { range: self.range(file, whole), ..source }),
                );
                continue;
            }
            let count = (!children.is_empty()).then(|| children.len().to_string());
            let selected = key.span();
            let symbol = symbol(name, count, SymbolKind::Namespace, self.range(file, whole));
            let selection_range = self.range(file, selected);
            outline.push(DocumentSymbol { selection_range, children: Some(children), ..symbol });
        }
        // In a file with syntax errors, entries can be outside of all sections.
        outline.extend(entries.into_iter().map(|(_, symbol)| symbol));
        outline
    }

    fn entry(&self, file: FileId, at: usize, defined: &Definition) -> DocumentSymbol {
        let name = defined.name.rsplit('/').next().unwrap_or_default().to_owned();
        let detail = Some(self.detail(file, at, defined.kind)).filter(|detail| !detail.is_empty());
        let kind = kind(self.document(file), at - self.first(file, defined.kind), defined.kind);
        let range = self.range(file, defined.span.to(defined.id));
        DocumentSymbol { selection_range: self.range(file, defined.id), ..symbol(name, detail, kind, range) }
    }

    /// The index of the first definition of a kind among those of a file.
    fn first(&self, file: FileId, kind: Kind) -> usize {
        self.incremental().index().of(file).definitions.partition_point(|defined| defined.kind < kind)
    }

    /// A short description of a definition.
    fn detail(&self, file: FileId, at: usize, kind: Kind) -> String {
        let document = self.document(file);
        let at = at - self.first(file, kind);
        match kind {
            Kind::Actor => {
                let actor = &document.actors[at].body;
                listed([text(actor.name.as_ref()), text(actor.kind.as_ref())])
            }
            Kind::Subject => {
                let subject = &document.subjects[at].body;
                let date = subject.date.map(|date| date.value.to_string());
                listed([text(subject.name.as_ref()), date])
            }
            Kind::Place => listed([text(document.places[at].body.name.as_ref())]),
            Kind::Term => listed([text(document.terms[at].body.name.as_ref())]),
            Kind::Population => listed([text(document.populations[at].body.name.as_ref())]),
            Kind::Measure => {
                let measure = &document.measures[at].body;
                let kind = measure.kind.map(|kind| kind.value.word().to_owned());
                listed([text(measure.name.as_ref()), kind])
            }
            Kind::Source => document.source.as_ref().map(source_in_words).unwrap_or_default(),
            Kind::Claim => self.claim_in_words(document, &document.claims[at].body),
            Kind::Review => {
                let review = &document.reviews[at].body;
                let verdict = review.verdict.map(|verdict| verdict.value.word().to_owned());
                listed([text(review.question.as_ref()), verdict])
            }
        }
    }

    /// A claim in words, such as `north, at least 80 killed`.
    fn claim_in_words(&self, document: &Document, claim: &Claim) -> String {
        let publisher = document.source.as_ref().and_then(|source| source.body.publisher.as_ref());
        let by = text(claim.by.as_ref().or(publisher));
        if let Some((response, targets)) = &claim.response {
            return listed([by, Some(format!("{} {}", response.value.word(), names(targets)))]);
        }
        let value = claim.value.as_ref().map(Written::items).map(names);
        let said = match (value, &claim.measure) {
            (Some(value), Some(measure)) => {
                let is_figure = matches!(
                    self.reading(&measure.value),
                    Some((MeasureType::Count | MeasureType::Amount, _))
                );
                let between = if is_figure { " " } else { ": " };
                let (first, then) =
                    if is_figure { (value.as_str(), &*measure.value) } else { (&*measure.value, &*value) };
                Some(format!("{first}{between}{then}"))
            }
            (value, measure) => value.or_else(|| text(measure.as_ref())),
        };
        listed([by, said, text(claim.of.as_ref())])
    }

    /// The definitions in all files whose names match the pattern, in no order.
    fn find_symbols(&self, pattern: &Pattern, query: &str) -> Vec<FoundSymbol> {
        let files: Vec<FileId> =
            self.files().iter().map(|(file, _)| file).filter(|&file| self.is_claim_file(file)).collect();
        let new = || (Matcher::new(Config::DEFAULT), Vec::new());
        let in_file = |(matcher, letters): &mut (Matcher, Vec<char>), file: FileId| {
            let definitions = &self.incremental().index().of(file).definitions;
            let entries = self.document(file).entries();
            let mut found = Vec::new();
            for (at, (defined, entry)) in definitions.iter().zip(entries).enumerate() {
                let (name, aliases) = names_of(entry);
                let display_name = display_name(&defined.name, name);
                let also = aliases.iter().map(|alias| alias.value.as_str());
                let names = std::iter::once(display_name.as_str()).chain(also);
                let scores = names.filter_map(|name| pattern.score(Utf32Str::new(name, letters), matcher));
                if let Some(score) = scores.max() {
                    let short = defined.name.rsplit('/').next().unwrap_or_default();
                    let is_exact = defined.name == query || short == query;
                    found.push(FoundSymbol { file, at, kind: defined.kind, display_name, score, is_exact });
                }
            }
            found
        };
        files.into_par_iter().map_init(new, in_file).flatten_iter().collect()
    }

    fn symbol(&self, found: &FoundSymbol) -> SymbolInformation {
        let defined = &self.incremental().index().of(found.file).definitions[found.at];
        let within = self.detail(found.file, found.at, found.kind);
        let at = found.at - self.first(found.file, found.kind);
        let container = match found.kind {
            Kind::Claim => within,
            Kind::Subject => self.document(found.file).subjects[at].body.kind.name().to_owned(),
            kind => kind.name().to_owned(),
        };
        let whole = self.range(found.file, defined.span.to(defined.id));
        information(
            found.display_name.to_string(),
            kind(self.document(found.file), at, found.kind),
            gen_lsp_types::Location::new(self.uri(found.file), whole),
            Some(container),
        )
    }

    fn flat(&self, file: FileId, symbol: DocumentSymbol, section: Option<String>) -> SymbolInformation {
        let name = match symbol.detail {
            Some(detail) => format!("{}: {detail}", symbol.name),
            None => symbol.name,
        };
        let place = gen_lsp_types::Location::new(self.uri(file), symbol.range);
        information(name, symbol.kind, place, section)
    }
}

/// The name and the aliases of an entry. The name of a review is its question.
fn names_of(entry: EntryRef<'_>) -> (Option<&Name>, &[Name]) {
    match entry {
        EntryRef::Review(review) => (review.body.question.as_ref(), &[]),
        _ => entry.names(),
    }
}

/// The id with the name. Editors filter symbols by this text.
fn display_name(id: &SmolStr, name: Option<&Name>) -> SmolStr {
    match name.map(|name| name.value.trim()).filter(|name| !name.is_empty()) {
        Some(name) => smol_str::format_smolstr!("{id}: {name}"),
        None => id.clone(),
    }
}

fn source_in_words(source: &gainsay_analysis::document::Entry<gainsay_analysis::document::Source>) -> String {
    let source = &source.body;
    let published = source.published.map(|published| published.value.to_string());
    listed([text(source.publisher.as_ref()), published, text(source.title.as_ref())])
}

/// The icon that editors show. The protocol only has icons for parts of programs.
fn kind(document: &Document, at: usize, kind: Kind) -> SymbolKind {
    match kind {
        Kind::Actor => SymbolKind::Class,
        Kind::Subject => match document.subjects[at].body.kind {
            SubjectKind::Event => SymbolKind::Event,
            SubjectKind::Proposition => SymbolKind::Boolean,
            SubjectKind::Series => SymbolKind::Array,
        },
        Kind::Place => SymbolKind::Module,
        Kind::Term => SymbolKind::EnumMember,
        Kind::Population => SymbolKind::Struct,
        Kind::Measure => SymbolKind::Number,
        Kind::Source => SymbolKind::File,
        Kind::Claim => SymbolKind::String,
        Kind::Review => SymbolKind::Key,
    }
}

fn text(name: Option<&Name>) -> Option<String> {
    name.map(|name| name.value.to_string())
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", ")
}

fn listed(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[expect(deprecated, reason = "the type of the protocol still has the field")]
fn symbol(
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    range: gen_lsp_types::Range,
) -> DocumentSymbol {
    // Editors refuse an outline with an empty name.
    let name = if name.trim().is_empty() { "''".to_owned() } else { name };
    let (tags, deprecated, selection_range, children) = (None, None, range, None);
    DocumentSymbol { name, detail, kind, tags, deprecated, range, selection_range, children }
}

#[expect(deprecated, reason = "the type of the protocol still has the field")]
fn information(
    name: String,
    kind: SymbolKind,
    location: gen_lsp_types::Location,
    container_name: Option<String>,
) -> SymbolInformation {
    let base_symbol_information = BaseSymbolInformation { name, kind, tags: None, container_name };
    SymbolInformation { deprecated: None, location, base_symbol_information }
}

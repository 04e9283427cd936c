//! Completions for ids, found by the id, the name or an alias.
//!
//! Definitions come from the documents of all files. Measures and built-in things come from the vocabulary of the
//! workspace. No analysis is needed.

use std::fmt::Write as _;

use gen_lsp_types::CompletionItemKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::name_matcher::NameMatcher;
use super::{CompletionOffer, CompletionOffers, MAX_OFFERS};
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::document::{
    self, Document, Entry, MeasureType, Name, Names, SubjectKind, Word as _, Written,
};
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::model::Model;
use gainsay_analysis::workspace::Workspace;
use gainsay_reading::figure::{Counting, Unit};

/// Everything defined in a workspace, as seen from one of its files.
#[derive(Clone, Copy)]
pub(in crate::lsp) struct DefinedThings<'a> {
    pub(in crate::lsp) workspace: &'a Workspace,
    pub(in crate::lsp) model: &'a Model,
    pub(in crate::lsp) file: FileId,
}

/// One thing with an id.
struct DefinedThing<'a> {
    kind: Kind,
    id: &'a str,
    name: Option<&'a Name>,
    aliases: &'a [Name],
    details: ThingDetails<'a>,
}

enum ThingDetails<'a> {
    Actor(&'a document::Actor),
    Subject(&'a document::Subject),
    Measure(&'a document::Measure),
    Source(&'a document::Source),
    Claim(&'a Document, &'a document::Claim),
    BuiltIn(String),
    Other,
}

/// The properties of a measure, defined in a file or built in.
pub(in crate::lsp) struct MeasureInfo {
    pub(in crate::lsp) kind: MeasureType,
    pub(in crate::lsp) counting: Counting,
    pub(in crate::lsp) of_people: bool,
    pub(in crate::lsp) names: Vec<Names>,
    pub(in crate::lsp) steps: Vec<String>,
}

impl<'a> DefinedThings<'a> {
    /// The things of some kinds that match the typed text, best first. With `whole`, claims are offered with their
    /// full names.
    pub(super) fn offers(&self, kinds: &[Kind], typed: &str, whole: bool) -> CompletionOffers {
        self.offers_where(kinds, typed, whole, |_| true)
    }

    /// The subjects of a kind that match the typed text.
    pub(super) fn subjects(&self, kind: SubjectKind, typed: &str) -> CompletionOffers {
        self.offers_where(
            &[Kind::Subject],
            typed,
            false,
            |thing| matches!(thing.details, ThingDetails::Subject(subject) if subject.kind == kind),
        )
    }

    fn offers_where(
        &self,
        kinds: &[Kind],
        typed: &str,
        whole: bool,
        takes: impl Fn(&DefinedThing<'a>) -> bool,
    ) -> CompletionOffers {
        let matcher = NameMatcher::new(typed);
        let mut found: Vec<(u8, String, DefinedThing<'a>, Option<usize>)> = Vec::new();
        for (file, document) in self.documents() {
            let is_near = file == self.file;
            for &kind in kinds {
                for thing in things_of_kind(kind, document).filter(&takes) {
                    let label = label(&thing, document, is_near && !whole);
                    if let Some((rank, by)) = matcher.rank(&label, thing.id, thing.names()) {
                        found.push((rank * 2 + u8::from(!is_near), label, thing, by));
                    }
                }
            }
        }
        let known: FxHashSet<(Kind, &str)> =
            found.iter().map(|(.., thing, _)| (thing.kind, thing.id)).collect();
        let built_in = kinds
            .iter()
            .flat_map(|&kind| self.built_in(kind))
            .filter(|thing| !known.contains(&(thing.kind, thing.id)));
        let built_in = built_in.filter(&takes).filter_map(|thing| {
            let (rank, by) = matcher.rank(thing.id, thing.id, thing.names())?;
            Some((rank * 2 + 1, thing.id.to_owned(), thing, by))
        });
        let built_in: Vec<_> = built_in.collect();
        found.extend(built_in);
        let is_incomplete = found.len() > MAX_OFFERS;
        if is_incomplete {
            found.select_nth_unstable_by(MAX_OFFERS, |a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            found.truncate(MAX_OFFERS);
        }
        found.sort_unstable_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let all = found.into_iter().map(|(rank, label, thing, by)| thing.offer(label, rank, by)).collect();
        CompletionOffers { all, is_incomplete }
    }

    /// All documents, that of the current file first.
    pub(super) fn documents(&self) -> impl Iterator<Item = (FileId, &'a Document)> + use<'a> {
        let all = self.workspace.documents();
        let own = self.file;
        let here = all.get(own.index()).map(|document| (own, document));
        let others = all.iter().enumerate().map(|(at, document)| (FileId::new(at), document));
        here.into_iter().chain(others.filter(move |(file, _)| *file != own))
    }

    /// The document of the current file.
    pub(super) fn document(&self) -> Option<&'a Document> {
        self.workspace.documents().get(self.file.index())
    }

    /// The built-in things of a kind.
    fn built_in(&self, kind: Kind) -> Vec<DefinedThing<'a>> {
        let thing = |id: &'a str, what: String| DefinedThing {
            kind,
            id,
            name: None,
            aliases: &[],
            details: ThingDetails::BuiltIn(what),
        };
        let model = self.model;
        match kind {
            Kind::Measure => {
                let all = model.measures.iter().filter(|(_, measure)| measure.defined.place.is_none());
                let what = |measure: &gainsay_analysis::model::Measure| {
                    format!(
                        "{}, {}",
                        measure.kind.word(),
                        gainsay_report::report::show::measure_values_in_words(measure)
                    )
                };
                all.map(|(id, measure)| thing(model.measures.name(id), what(measure))).collect()
            }
            Kind::Population => {
                let all =
                    model.populations.iter().filter(|(_, population)| population.defined.place.is_none());
                let what = |population: &gainsay_analysis::model::Population| {
                    let of: Vec<&str> =
                        population.part_of.iter().map(|&of| model.populations[of].name.as_str()).collect();
                    if of.is_empty() {
                        "population".to_owned()
                    } else {
                        format!("population, part of {}", of.join(", "))
                    }
                };
                all.map(|(id, population)| thing(model.populations.name(id), what(population))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The properties of the measure with this id; none if it is not defined.
    pub(in crate::lsp) fn measure(&self, id: &str) -> Option<MeasureInfo> {
        if let Some(at) = self.model.measures.find(id) {
            let measure = &self.model.measures[at];
            return Some(MeasureInfo {
                kind: measure.kind,
                counting: measure.counting.clone(),
                of_people: measure.of_people,
                names: measure.names.clone(),
                steps: measure.steps.iter().map(ToString::to_string).collect(),
            });
        }
        let entry = self
            .documents()
            .find_map(|(_, document)| document.measures.iter().find(|entry| entry.id.value == id))?;
        let body = &entry.body;
        let kind = body.kind.as_ref().map_or(MeasureType::Count, |kind| kind.value);
        let counting = match kind {
            MeasureType::Count => Counting::Whole,
            _ => Counting::Amount { unit: body.unit.as_ref().map(|unit| Unit::read(&unit.value)) },
        };
        let of_things = body.counts.as_ref().is_some_and(|counts| counts.value == document::Counts::Things);
        Some(MeasureInfo {
            kind,
            counting,
            of_people: kind == MeasureType::Count && !of_things,
            names: body.names.iter().map(|names| names.value).collect(),
            steps: body.steps.iter().map(|step| step.value.to_string()).collect(),
        })
    }

    /// The questions that match the typed text and that a claim answers.
    pub(super) fn questions(&self, typed: &str) -> CompletionOffers {
        let series: FxHashSet<&str> = self
            .documents()
            .flat_map(|(_, document)| &document.subjects)
            .filter(|subject| subject.body.kind == SubjectKind::Series)
            .map(|subject| subject.id.value.as_str())
            .collect();
        let mut of_people: FxHashMap<&str, bool> = FxHashMap::default();
        let mut query: FxHashMap<String, usize> = FxHashMap::default();
        let matcher = NameMatcher::new(typed);
        for (_, document) in self.documents() {
            for entry in &document.claims {
                let claim = &entry.body;
                let Some(measure) = claim.measure.as_ref().map(|measure| measure.value.as_str()) else {
                    continue;
                };
                let counts = *of_people
                    .entry(measure)
                    .or_insert_with(|| self.measure(measure).is_some_and(|measure| measure.of_people));
                for subject in &claim.about {
                    let mut name = format!("{}/{measure}", subject.value);
                    if counts {
                        let _ = write!(name, "/{}", claim.of.as_ref().map_or("people", |of| &of.value));
                    }
                    if let Some(during) =
                        claim.during.as_ref().filter(|_| series.contains(subject.value.as_str()))
                    {
                        let _ = write!(name, "@{}", during.value.canonical());
                    }
                    if matcher.fits(&name) {
                        *query.entry(name).or_default() += 1;
                    }
                }
            }
        }
        let mut query: Vec<(String, usize)> = query.into_iter().collect();
        let is_incomplete = query.len() > MAX_OFFERS;
        if is_incomplete {
            query.select_nth_unstable(MAX_OFFERS);
            query.truncate(MAX_OFFERS);
        }
        query.sort_unstable();
        let offer = |(name, claims): (String, usize)| {
            let plural = if claims == 1 { "" } else { "s" };
            CompletionOffer::new(name, CompletionItemKind::Interface)
                .detail(format!("question, {claims} claim{plural}"))
                .rank(5)
        };
        CompletionOffers { all: query.into_iter().map(offer).collect(), is_incomplete }
    }
}

/// The label of a thing: its id. Claims of other sources have their full name.
fn label(thing: &DefinedThing<'_>, document: &Document, is_short: bool) -> String {
    match (&document.source, thing.kind) {
        (Some(source), Kind::Claim) if !is_short => format!("{}/{}", source.id.value, thing.id),
        _ => thing.id.to_owned(),
    }
}

fn things_of_kind(kind: Kind, document: &Document) -> Box<dyn Iterator<Item = DefinedThing<'_>> + '_> {
    fn thing<'a, T>(
        kind: Kind,
        entry: &'a Entry<T>,
        name: Option<&'a Name>,
        aliases: &'a [Name],
        details: ThingDetails<'a>,
    ) -> DefinedThing<'a> {
        DefinedThing { kind, id: &entry.id.value, name, aliases, details }
    }
    match kind {
        Kind::Actor => Box::new(document.actors.iter().map(move |entry| {
            thing(
                kind,
                entry,
                entry.body.name.as_ref(),
                &entry.body.aliases,
                ThingDetails::Actor(&entry.body),
            )
        })),
        Kind::Subject => Box::new(document.subjects.iter().map(move |entry| {
            thing(
                kind,
                entry,
                entry.body.name.as_ref(),
                &entry.body.aliases,
                ThingDetails::Subject(&entry.body),
            )
        })),
        Kind::Place | Kind::Term => {
            let entries = if kind == Kind::Place { &document.places } else { &document.terms };
            Box::new(entries.iter().map(move |entry| {
                thing(kind, entry, entry.body.name.as_ref(), &entry.body.aliases, ThingDetails::Other)
            }))
        }
        Kind::Population => Box::new(
            document
                .populations
                .iter()
                .map(move |entry| thing(kind, entry, entry.body.name.as_ref(), &[], ThingDetails::Other)),
        ),
        Kind::Measure => Box::new(document.measures.iter().map(move |entry| {
            thing(kind, entry, entry.body.name.as_ref(), &[], ThingDetails::Measure(&entry.body))
        })),
        Kind::Source => Box::new(document.source.iter().map(move |entry| {
            thing(kind, entry, entry.body.title.as_ref(), &[], ThingDetails::Source(&entry.body))
        })),
        Kind::Claim => Box::new(
            document
                .claims
                .iter()
                .map(move |entry| thing(kind, entry, None, &[], ThingDetails::Claim(document, &entry.body))),
        ),
        Kind::Review => Box::new(std::iter::empty()),
    }
}

impl DefinedThing<'_> {
    fn offer(&self, label: String, rank: u8, by: Option<usize>) -> CompletionOffer {
        let names: Vec<&str> = self.names().collect();
        let kind = match self.kind {
            Kind::Actor => CompletionItemKind::Class,
            Kind::Subject => CompletionItemKind::Event,
            Kind::Place => CompletionItemKind::Folder,
            Kind::Measure => CompletionItemKind::Unit,
            Kind::Source => CompletionItemKind::File,
            Kind::Claim | Kind::Review => CompletionItemKind::Reference,
            Kind::Term | Kind::Population => CompletionItemKind::Value,
        };
        let mut found_by: Vec<&str> = by.map(|by| names[by]).into_iter().collect();
        found_by.push(&label);
        found_by.extend(names.iter().enumerate().filter(|(at, _)| Some(*at) != by).map(|(_, name)| *name));
        let found_by = found_by.join(" ");
        let aliases: Vec<&str> = self.aliases.iter().map(|alias| alias.value.as_str()).collect();
        let doc = if aliases.is_empty() { String::new() } else { format!("aliases: {}", aliases.join(", ")) };
        let offer = CompletionOffer::new(label, kind).detail(self.description()).doc(doc).rank(rank);
        CompletionOffer { found_by: Some(found_by), ..offer }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.name.into_iter().chain(self.aliases).map(|name| name.value.as_str())
    }

    /// A description on one line: the name, and what it is.
    fn description(&self) -> String {
        let mut words: Vec<String> = self.name.iter().map(|name| name.value.to_string()).collect();
        let text = |name: &Option<Name>| name.as_ref().map(|name| name.value.to_string());
        match &self.details {
            ThingDetails::Actor(actor) => {
                words.extend(text(&actor.role).or_else(|| text(&actor.kind)));
                words.extend(actor.speaks_for.as_ref().map(|party| format!("for {}", party.value)));
            }
            ThingDetails::Subject(subject) => {
                words.extend(match subject.kind {
                    SubjectKind::Event => text(&subject.nature).or(Some("event".to_owned())),
                    SubjectKind::Proposition => Some("proposition".to_owned()),
                    SubjectKind::Series => Some("series".to_owned()),
                });
                words.extend(subject.date.as_ref().map(|date| date.value.in_words()));
                words.extend(subject.place.iter().map(|place| place.value.to_string()));
            }
            ThingDetails::Measure(measure) => {
                words.extend(measure.kind.as_ref().map(|kind| kind.value.word().to_owned()));
                words.extend(text(&measure.asks));
            }
            ThingDetails::Source(source) => {
                words.extend(text(&source.publisher));
                words.extend(source.published.as_ref().map(|date| date.value.in_words()));
            }
            ThingDetails::Claim(document, claim) => words.push(claim_in_words(document, claim)),
            ThingDetails::BuiltIn(what) => words.push(format!("{what}, built in")),
            ThingDetails::Other => words.push(self.kind.name().to_owned()),
        }
        words.join(" · ")
    }
}

/// A claim in words, as its file has it.
fn claim_in_words(document: &Document, claim: &document::Claim) -> String {
    let listed = |names: &[Name]| names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", ");
    let who =
        claim.by.as_ref().or(document.source.as_ref().and_then(|source| source.body.publisher.as_ref()));
    let who = who.map(|who| who.value.as_str()).unwrap_or_default();
    if let Some((response, targets)) = &claim.response {
        return format!("{who} {} {}", response.value.word(), listed(targets));
    }
    let value = claim.value.as_ref().map(Written::items).map(listed).unwrap_or_default();
    let stance = claim.stance.as_ref().map_or("", |stance| match stance.value {
        document::Stance::Asserts => "",
        document::Stance::Denies => "denies ",
        document::Stance::Declines => "declines ",
    });
    let measure = claim.measure.as_ref().map(|measure| measure.value.as_str()).unwrap_or_default();
    let of = claim.of.as_ref().map(|of| format!(" {}", of.value)).unwrap_or_default();
    format!("{who}: {stance}{value}{of} {measure}, {}", listed(&claim.about))
}

//! Resolves the definitions of all files: actors, subjects, places, terms, populations, measures, sources and
//! settings.

use std::collections::hash_map;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::aliases::AliasIndex;
use super::{Actor, Definition, Measure, Population, Settings, Source, Subject, Term};
use crate::document::mention::Kind;
use crate::document::{self, Document, Entry, MeasureType, Name, SubjectKind};
use crate::finding::{Collector, Finding};
use crate::id::{ActorId, FileId, Id, MeasureId, PlaceId, PopulationId, SourceId, SubjectId, Table, TermId};
use crate::lint::{self, Lint};
use crate::source::{Location, Span};
use crate::yaml;
use gainsay_reading::figure::{Conventions, Counting, ONE, Reading, Unit};
use gainsay_reading::names::DidYouMean;
use gainsay_reading::period::Period;

/// All entities that claims can refer to, and the settings.
#[derive(Debug)]
pub(super) struct Definitions {
    pub(super) settings: Settings,
    pub(super) actors: Table<ActorId, Actor>,
    pub(super) subjects: Table<SubjectId, Subject>,
    pub(super) places: Table<PlaceId, Term<PlaceId>>,
    pub(super) terms: Table<TermId, Term<TermId>>,
    pub(super) populations: Table<PopulationId, Population>,
    pub(super) measures: Table<MeasureId, Measure>,
    pub(super) sources: Table<SourceId, Source>,
}

/// The number of unknown names for which near names are searched; each search is a pass over all names.
pub(super) const MAX_SUGGESTIONS: usize = 1_000;

/// Finds entities by id, and reports unknown ids with the nearest known ones.
#[derive(Debug)]
pub(super) struct Lookup<'e> {
    pub(super) findings: Collector,
    near: NearNames,
    pub(super) aliases: &'e AliasIndex<'e>,
}

/// The near names that were found so far, or the note that some should be searched for later.
#[derive(Debug)]
enum NearNames {
    /// Suggestions by kind and unknown name.
    Searched(FxHashMap<(SmolStr, SmolStr), DidYouMean>),
    /// Near names are not searched for; `true` once a search was needed.
    Deferred(bool),
}

impl<'e> Lookup<'e> {
    /// A lookup without findings, with the limit of `like`.
    pub(super) fn new(aliases: &'e AliasIndex<'e>, like: &Collector) -> Self {
        Self { findings: like.like(), near: NearNames::Searched(FxHashMap::default()), aliases }
    }

    /// A lookup that does not search for near names. If [`Self::is_deferred`] is true at the end, its
    /// findings lack suggestions.
    pub(super) fn without_near(aliases: &'e AliasIndex<'e>, like: &Collector) -> Self {
        Self { near: NearNames::Deferred(false), ..Self::new(aliases, like) }
    }

    /// Whether a search for near names was needed and skipped.
    pub(super) fn is_deferred(&self) -> bool {
        matches!(self.near, NearNames::Deferred(true))
    }

    /// The entity with this name in a table. An unknown name is reported as in "no actor is called `x`".
    pub(super) fn find<I: Id, T>(
        &mut self,
        kind: Kind,
        table: &Table<I, T>,
        file: FileId,
        name: &Name,
    ) -> Option<I> {
        let found = table.find(&name.value);
        if found.is_none() {
            self.report_unknown_id(kind, file, name, table.names());
        }
        found
    }

    /// The known entities in a list of names; unknown names are reported.
    pub(super) fn all<I: Id, T>(
        &mut self,
        kind: Kind,
        table: &Table<I, T>,
        file: FileId,
        names: &[Name],
    ) -> Vec<I> {
        names.iter().filter_map(|name| self.find(kind, table, file, name)).collect()
    }

    /// Reports a name that is not the id of any entity of this kind.
    fn report_unknown_id(&mut self, kind: Kind, file: FileId, name: &Name, known: &[SmolStr]) {
        let all = self.aliases;
        let meant = || {
            let beyond = all.elsewhere.nearest(kind, &name.value);
            let known = known.iter().chain(&beyond).map(SmolStr::as_str);
            DidYouMean::of(&name.value, known).or_called(all.ids_by_alias(kind, &name.value))
        };
        let at = Location { file, span: name.span };
        let key = || (kind.name().into(), name.value.clone());
        self.report_unknown(&lint::UNKNOWN_ID, at, key, meant, |meant| unknown_id(kind, at, name, meant));
    }

    /// Reports an unknown name. `meant` searches for suggestions, once for each `key` and for up to
    /// [`MAX_SUGGESTIONS`] keys; `make` builds the finding from them.
    pub(super) fn report_unknown(
        &mut self,
        lint: &Lint,
        at: Location,
        key: impl FnOnce() -> (SmolStr, SmolStr),
        meant: impl FnOnce() -> DidYouMean,
        make: impl FnOnce(&DidYouMean) -> Finding,
    ) {
        let near = &mut self.near;
        self.findings.push_with(lint.id, at, || match near {
            NearNames::Deferred(is_deferred) => {
                *is_deferred = true;
                make(&DidYouMean::default())
            }
            NearNames::Searched(searched) => {
                let (key, is_full) = (key(), searched.len() >= MAX_SUGGESTIONS);
                match searched.entry(key) {
                    hash_map::Entry::Vacant(_) if is_full => make(&DidYouMean::default()).note(format!(
                        "over {MAX_SUGGESTIONS} names are unknown, so near names are no longer searched for"
                    )),
                    entry => make(entry.or_insert_with(meant)),
                }
            }
        });
    }

    pub(super) fn report(&mut self, lint: &Lint, file: FileId, span: Span, message: impl Into<String>) {
        let at = Location { file, span };
        self.findings.push_with(lint.id, at, || lint.at(at, message, ""));
    }
}

/// The finding on an unknown id, with the ids that were probably meant.
pub(super) fn unknown_id(kind: Kind, at: Location, name: &Name, meant: &DidYouMean) -> Finding {
    let message = if meant.is_name {
        format!("the {} `{}` must be given by its id here", kind.name(), name.value)
    } else {
        format!("no {} is called `{}`", kind.name(), name.value)
    };
    let finding = lint::UNKNOWN_ID.at(at, message, "");
    if !meant.ids.is_empty() {
        finding.meant(at, meant)
    } else if kind == Kind::Measure {
        finding.help("`gainsay explain measures` lists those built in; others are defined under `measures:`")
    } else {
        finding
    }
}

/// The built-in vocabulary, read from YAML like any claim file.
pub(super) static BUILT_IN: LazyLock<Document> = LazyLock::new(|| {
    let file = FileId::new(0);
    let (tree, findings) = yaml::parse(file, include_str!("builtin.yaml"));
    let (document, more) = document::read(file, &tree);
    debug_assert!(findings.is_empty() && more.is_empty(), "the built-in vocabulary does not read: {more:?}");
    document
});

/// Whether a population or a measure is built in, whether or not a file changes it.
pub fn is_built_in(kind: Kind, id: &str) -> bool {
    match kind {
        Kind::Population => BUILT_IN.populations.iter().any(|entry| entry.id.value == id),
        Kind::Measure => BUILT_IN.measures.iter().any(|entry| entry.id.value == id),
        _ => false,
    }
}

type FileDocuments<'a> = &'a [(FileId, &'a Document)];

/// Resolves every definition of every file.
pub(super) fn resolve(
    files: FileDocuments<'_>,
    aliases: &AliasIndex<'_>,
    findings: &mut Collector,
) -> Definitions {
    let mut lookup = Lookup::new(aliases, findings);
    let settings = resolve_settings(files, &mut lookup);
    let actors = gather_entries(files, Kind::Actor, |document| &document.actors, &mut lookup);
    let subjects = gather_entries(files, Kind::Subject, |document| &document.subjects, &mut lookup);
    let places = gather_entries(files, Kind::Place, |document| &document.places, &mut lookup);
    let terms = gather_entries(files, Kind::Term, |document| &document.terms, &mut lookup);
    let sources = gather_entries(files, Kind::Source, |document| document.source.as_slice(), &mut lookup);
    let populations = resolve_populations(files, &mut lookup);
    let measures = resolve_measures(files, &settings.conventions, &mut lookup);

    let needs_unknown = lacks_publisher(&sources, &actors);
    let mut actors = resolve_actors(&actors, needs_unknown, &mut lookup);
    let unknown = actors.find(UNKNOWN_PUBLISHER);
    let places = resolve_terms(Kind::Place, places, &mut lookup);
    let terms = resolve_terms(Kind::Term, terms, &mut lookup);
    let subjects = resolve_subjects(subjects, &actors, &places, &mut lookup);
    let sources = resolve_sources(&sources, &actors, unknown, &mut lookup);
    for (_, source) in sources.iter() {
        actors[source.publisher].publishes = true;
    }
    for id in actors.ids() {
        actors[id].publishes |= aliases.elsewhere.publishes(actors.name(id));
    }
    findings.merge(lookup.findings);
    Definitions { settings, actors, subjects, places, terms, populations, measures, sources }
}

type Gathered<'a, I, T> = Table<I, (FileId, &'a Entry<T>)>;

/// All entries of one kind in all files. An id that is defined twice is reported with both locations.
fn gather_entries<'a, I: Id, T>(
    files: FileDocuments<'a>,
    kind: Kind,
    section: impl Fn(&'a Document) -> &'a [Entry<T>],
    lookup: &mut Lookup<'_>,
) -> Gathered<'a, I, T> {
    let mut first: FxHashMap<&SmolStr, Location> = FxHashMap::default();
    let mut rows = Vec::new();
    for &(file, document) in files {
        for entry in section(document) {
            let here = Location { file, span: entry.id.span };
            if let Some(&there) = first.get(&entry.id.value) {
                lookup.findings.push_with(lint::DUPLICATE_ID.id, here, || {
                    let message = format!("the {} `{}` is defined twice", kind.name(), entry.id.value);
                    lint::DUPLICATE_ID.at(here, message, "again here").at(there, "first here")
                });
                continue;
            }
            first.insert(&entry.id.value, here);
            rows.push((entry.id.value.clone(), (file, entry)));
        }
    }
    Table::new(rows)
}

fn defined<T>(file: FileId, entry: &Entry<T>, name: Option<&Name>, aliases: &[Name]) -> Definition {
    Definition {
        place: Some((file, entry.id.span, entry.span)),
        name: name.cloned(),
        aliases: aliases.to_vec(),
    }
}

/// The name for readers: the `name` as written, or the id with spaces in place of hyphens.
fn display_name(name: Option<&Name>, id: &str) -> SmolStr {
    name.map_or_else(|| id.replace('-', " ").into(), |name| name.value.clone())
}

fn text_of(name: Option<&Name>) -> Option<SmolStr> {
    name.map(|name| name.value.clone())
}

fn resolve_actors(
    table: &Gathered<'_, ActorId, document::Actor>,
    needs_unknown: bool,
    lookup: &mut Lookup<'_>,
) -> Table<ActorId, Actor> {
    let mut speaks_for = Vec::with_capacity(table.len());
    for (_, (file, entry)) in table.iter() {
        let for_whom = entry.body.speaks_for.as_ref();
        speaks_for.push(for_whom.and_then(|name| lookup.find(Kind::Actor, table, *file, name)));
    }
    // The placeholder for an unknown publisher moves the ids that sort after it. It is not added if an actor
    // has its name.
    let needs_unknown = needs_unknown && table.find(UNKNOWN_PUBLISHER).is_none();
    let before = table.names().partition_point(|name| name.as_str() < UNKNOWN_PUBLISHER);
    let moved = |id: ActorId| ActorId::new(id.index() + usize::from(needs_unknown && id.index() >= before));
    let unknown = needs_unknown.then(|| {
        let defined = Definition::default();
        let name = SmolStr::from("unknown publisher");
        let actor = Actor {
            defined,
            name,
            kind: None,
            role: None,
            speaks_for: None,
            party: ActorId::new(before),
            publishes: true,
        };
        (SmolStr::from(UNKNOWN_PUBLISHER), actor)
    });
    let ends = ends_of_chains(&speaks_for);
    let rows = table.iter().map(|(id, (file, entry))| {
        let body = &entry.body;
        let actor = Actor {
            defined: defined(*file, entry, body.name.as_ref(), &body.aliases),
            name: display_name(body.name.as_ref(), &entry.id.value),
            kind: text_of(body.kind.as_ref()),
            role: text_of(body.role.as_ref()),
            speaks_for: speaks_for[id.index()].map(moved),
            party: moved(ends[id.index()]),
            publishes: false,
        };
        (entry.id.value.clone(), actor)
    });
    Table::new(unknown.into_iter().chain(rows))
}

/// For each actor, the last actor in its chain of `speaks-for`; the actor itself if the chain runs into a
/// cycle, which is reported elsewhere. Each link is followed once.
fn ends_of_chains(speaks_for: &[Option<ActorId>]) -> Vec<ActorId> {
    let mut ends: Vec<Option<ActorId>> = vec![None; speaks_for.len()];
    let mut is_begun = vec![false; speaks_for.len()];
    for start in (0..speaks_for.len()).map(ActorId::new) {
        let mut path = Vec::new();
        let mut at = start;
        while !std::mem::replace(&mut is_begun[at.index()], true) {
            path.push(at);
            match speaks_for[at.index()] {
                Some(next) => at = next,
                None => ends[at.index()] = Some(at),
            }
        }
        // The actor was visited before and has no end: the path leads back to itself, or to one that did.
        let end = ends[at.index()].filter(|&end| speaks_for[end.index()].is_none());
        for passed in path {
            ends[passed.index()] = Some(end.unwrap_or(passed));
        }
    }
    ends.into_iter().enumerate().map(|(at, end)| end.unwrap_or(ActorId::new(at))).collect()
}

fn resolve_terms<I: Id>(
    kind: Kind,
    table: Gathered<'_, I, document::Term>,
    lookup: &mut Lookup<'_>,
) -> Table<I, Term<I>> {
    let mut edges = Vec::with_capacity(table.len());
    for (_, (file, entry)) in table.iter() {
        let part_of = lookup.all(kind, &table, *file, &entry.body.part_of);
        let excludes = lookup.all(kind, &table, *file, &entry.body.excludes);
        edges.push((part_of, excludes));
    }
    table.map(|id, (file, entry)| {
        let (part_of, excludes) = std::mem::take(&mut edges[id.index()]);
        let body = &entry.body;
        let name = display_name(body.name.as_ref(), &entry.id.value);
        Term { defined: defined(file, entry, body.name.as_ref(), &body.aliases), name, part_of, excludes }
    })
}

fn resolve_subjects(
    table: Gathered<'_, SubjectId, document::Subject>,
    actors: &Table<ActorId, Actor>,
    places: &Table<PlaceId, Term<PlaceId>>,
    lookup: &mut Lookup<'_>,
) -> Table<SubjectId, Subject> {
    let mut rows = Vec::with_capacity(table.len());
    for (_, (file, entry)) in table.iter() {
        let body = &entry.body;
        let mut same_kind = |names: &[Name]| {
            let mut ids = lookup.all(Kind::Subject, &table, *file, names);
            ids.retain(|&id| {
                let fits = table[id].1.body.kind == body.kind;
                if !fits {
                    let message = format!("`{}` is another kind of subject", table.name(id));
                    let span = names
                        .iter()
                        .find(|name| name.value == *table.name(id))
                        .map_or(entry.id.span, |n| n.span);
                    lookup.report(&lint::UNKNOWN_ID, *file, span, message);
                }
                fits
            });
            ids
        };
        let (part_of, overlaps) = (same_kind(&body.part_of), same_kind(&body.overlaps));
        let (after, beside) = (same_kind(&body.after), same_kind(&body.beside));
        let apart_from = same_kind(&body.apart_from);
        rows.push(Some(Subject {
            defined: defined(*file, entry, body.name.as_ref(), &body.aliases),
            kind: body.kind,
            name: display_name(body.name.as_ref(), &entry.id.value),
            nature: text_of(body.nature.as_ref()),
            date: body.date,
            place: lookup.all(Kind::Place, places, *file, &body.place),
            part_of,
            parts_complete: body.parts_complete,
            overlaps,
            after,
            parties: lookup.all(Kind::Actor, actors, *file, &body.parties),
            apart_from,
            publisher: body.publisher.as_ref().and_then(|name| lookup.find(Kind::Actor, actors, *file, name)),
            method: text_of(body.method.as_ref()),
            territory: text_of(body.territory.as_ref()),
            beside,
        }));
    }
    table.map(|id, _| rows[id.index()].take().expect("each subject is resolved once"))
}

/// The placeholder for a publisher that cannot be read, so that its source and claims can still be found by
/// name. A written id cannot have this form.
pub(super) const UNKNOWN_PUBLISHER: &str = "?";

/// Resolves sources. A source whose publisher or date cannot be read is kept, marked as broken; its claims
/// answer nothing.
fn resolve_sources(
    table: &Gathered<'_, SourceId, document::Source>,
    actors: &Table<ActorId, Actor>,
    unknown: Option<ActorId>,
    lookup: &mut Lookup<'_>,
) -> Table<SourceId, Source> {
    let mut rows = Vec::new();
    for (id, (file, entry)) in table.iter() {
        let body = &entry.body;
        let publisher =
            body.publisher.as_ref().and_then(|name| lookup.find(Kind::Actor, actors, *file, name));
        let cites = lookup.all(Kind::Source, table, *file, &body.cites);
        let broken = publisher.is_none() || body.published.is_none();
        let Some(publisher) = publisher.or(unknown) else { continue };
        let source = Source {
            defined: defined(*file, entry, body.title.as_ref(), &[]),
            publisher,
            published: body.published.map_or(Period::between(None, None), |day| day.value),
            broken,
            later: false,
            title: text_of(body.title.as_ref()),
            url: text_of(body.url.as_ref()),
            cites,
            reliability: text_of(body.reliability.as_ref()),
            text: body.text.clone(),
            claims: 0..0,
        };
        rows.push((table.name(id).clone(), source));
    }
    Table::new(rows)
}

/// Whether some source has no publisher that is defined.
fn lacks_publisher(
    table: &Gathered<'_, SourceId, document::Source>,
    actors: &Gathered<'_, ActorId, document::Actor>,
) -> bool {
    table.iter().any(|(_, (_, entry))| {
        entry.body.publisher.as_ref().is_none_or(|publisher| actors.find(&publisher.value).is_none())
    })
}

/// The built-in populations with the changes that files make to them, and the populations that files define.
fn resolve_populations(files: FileDocuments<'_>, lookup: &mut Lookup<'_>) -> Table<PopulationId, Population> {
    let own =
        gather_entries::<PopulationId, _>(files, Kind::Population, |document| &document.populations, lookup);
    let known = with_built_in(&own, &BUILT_IN.populations);
    let mut rows = Vec::with_capacity(known.len());
    for (_, (built_in, own)) in known.iter() {
        let mut population = Population {
            defined: Definition::default(),
            name: SmolStr::default(),
            part_of: Vec::new(),
            excludes: Vec::new(),
            inferred: false,
        };
        let id = built_in.map(|entry| &entry.id).or(own.map(|(_, entry)| &entry.id));
        population.name = id.map(|id| display_name(None, &id.value)).unwrap_or_default();
        let built_in = built_in.map(|entry| (FileId::new(0), entry));
        for (file, entry) in built_in.into_iter().chain(*own) {
            let body = &entry.body;
            if !body.part_of.is_empty() {
                population.part_of = lookup.all(Kind::Population, &known, file, &body.part_of);
            }
            population.excludes.extend(lookup.all(Kind::Population, &known, file, &body.excludes));
            population.inferred |= body.inferred;
            if let Some(name) = &body.name {
                population.name = name.value.clone();
            }
        }
        if let Some((file, entry)) = own {
            population.defined = defined(*file, entry, entry.body.name.as_ref(), &[]);
        }
        rows.push(population);
    }
    let mut rows = rows.into_iter();
    let mut table = known.map(|_, _| rows.next().expect("each population is resolved once"));
    nest_in_people(&mut table);
    table
}

/// Makes every population without a whole a part of `people`.
fn nest_in_people(populations: &mut Table<PopulationId, Population>) {
    let Some(people) = populations.find("people") else { return };
    for id in populations.ids() {
        if id != people && populations[id].part_of.is_empty() {
            populations[id].part_of.push(people);
        }
    }
}

/// The built-in entry and the workspace's own entry of one id.
type BuiltInAndOwn<'a, T> = (Option<&'a Entry<T>>, Option<(FileId, &'a Entry<T>)>);
type MergedEntries<'a, I, T> = Table<I, BuiltInAndOwn<'a, T>>;

/// Every id of a kind, with its built-in entry and the workspace's own entry.
fn with_built_in<'a, I: Id, T>(
    own: &Gathered<'a, I, T>,
    built_in: &'a [Entry<T>],
) -> MergedEntries<'a, I, T> {
    let mut rows: FxHashMap<SmolStr, BuiltInAndOwn<'_, T>> =
        built_in.iter().map(|entry| (entry.id.value.clone(), (Some(entry), None))).collect();
    for (id, &(file, entry)) in own.iter() {
        rows.entry(own.name(id).clone()).or_default().1 = Some((file, entry));
    }
    Table::new(rows)
}

/// The built-in measures with the changes that files make to them, and the measures that files define.
fn resolve_measures(
    files: FileDocuments<'_>,
    conventions: &Conventions,
    lookup: &mut Lookup<'_>,
) -> Table<MeasureId, Measure> {
    let own = gather_entries::<MeasureId, _>(files, Kind::Measure, |document| &document.measures, lookup);
    let known = with_built_in(&own, &BUILT_IN.measures);
    let mut rows = Vec::with_capacity(known.len());
    for (id, (built_in, own)) in known.iter() {
        let mut measure = Measure {
            defined: Definition::default(),
            name: display_name(None, known.name(id)),
            kind: MeasureType::Count,
            counting: Counting::Whole,
            of_people: true,
            grows: false,
            varies: false,
            settles: None,
            single: false,
            names: Vec::new(),
            steps: Vec::new(),
            sum_of: Vec::new(),
            asks: None,
        };
        let built_in = built_in.map(|entry| (FileId::new(0), entry));
        for (file, entry) in built_in.into_iter().chain(*own) {
            apply_definition(&mut measure, file, &entry.body, conventions, &known, lookup);
        }
        if let Some((file, entry)) = own {
            measure.defined = defined(*file, entry, entry.body.name.as_ref(), &[]);
            check_measure(&measure, built_in.is_none(), *file, entry, lookup);
        }
        rows.push(measure);
    }
    let mut rows = rows.into_iter();
    known.map(|_, _| rows.next().expect("each measure is resolved once"))
}

fn apply_definition<T>(
    measure: &mut Measure,
    file: FileId,
    body: &document::Measure,
    conventions: &Conventions,
    known: &Table<MeasureId, T>,
    lookup: &mut Lookup<'_>,
) {
    if let Some(name) = &body.name {
        measure.name = name.value.clone();
    }
    if let Some(asks) = &body.asks {
        measure.asks = Some(asks.value.clone());
    }
    if let Some(kind) = body.kind {
        measure.kind = kind.value;
    }
    if measure.kind == MeasureType::Count {
        measure.counting = Counting::Whole;
    }
    if measure.kind == MeasureType::Amount && (body.kind.is_some() || body.unit.is_some()) {
        let unit = body.unit.as_ref().map(|unit| match unit.value.as_str() {
            "time" | "days" | "hours" | "weeks" | "minutes" | "seconds" | "months" | "years" => Unit::Time,
            named => Unit::Named(named.to_owned()),
        });
        measure.counting = Counting::Amount { unit };
    }
    if let Some(counts) = body.counts {
        measure.of_people = counts.value == document::Counts::People;
    }
    measure.of_people &= measure.kind == MeasureType::Count;
    measure.grows = body.grows.unwrap_or(measure.grows);
    measure.varies = body.varies.unwrap_or(measure.varies);
    if let Some(span) = &body.settles {
        measure.settles = read_days(span, file, conventions, lookup);
    }
    measure.single = body.single.unwrap_or(measure.single);
    if !body.names.is_empty() {
        measure.names = body.names.iter().map(|name| name.value).collect();
    }
    if !body.steps.is_empty() {
        measure.steps = body.steps.iter().map(|step| step.value.clone()).collect();
    }
    if !body.sum_of.is_empty() {
        measure.sum_of = lookup.all(Kind::Measure, known, file, &body.sum_of);
    }
}

/// Reports a measure that lacks a key which its type needs.
fn check_measure(
    measure: &Measure,
    new: bool,
    file: FileId,
    entry: &Entry<document::Measure>,
    lookup: &mut Lookup<'_>,
) {
    let needs = match measure.kind {
        MeasureType::Scale if measure.steps.is_empty() => Some("steps"),
        MeasureType::Choice if measure.names.is_empty() => Some("names"),
        _ if new && entry.body.kind.is_none() => Some("type"),
        _ => None,
    };
    if let Some(key) = needs.filter(|_| !entry.broken) {
        let message = format!("measure `{}` has no `{key}`", entry.id.value);
        lookup.report(&lint::MISSING_FIELD, file, entry.id.span, message);
    }
}

/// A span of time in whole days. Reports a text that is not one.
fn read_days(span: &Name, file: FileId, conventions: &Conventions, lookup: &mut Lookup<'_>) -> Option<i32> {
    const DAY: i64 = 86_400 * ONE;
    let time = Counting::Amount { unit: Some(Unit::Time) };
    let days = match gainsay_reading::figure::read(&span.value, &time, conventions) {
        Ok(Reading::Figure(figure)) if figure.hard.is_exact() => i32::try_from(figure.hard.low / DAY).ok(),
        _ => None,
    };
    if days.is_none() {
        let message = format!("`{}` is not a span of time", span.value);
        lookup.findings.push(
            lint::INVALID_SETTING
                .at(Location { file, span: span.span }, message, "")
                .help("write it as `30 days`, for example"),
        );
    }
    days
}

fn resolve_settings(files: FileDocuments<'_>, lookup: &mut Lookup<'_>) -> Settings {
    let mut settings =
        Settings { conventions: Conventions::default(), settles: 30, grades: Vec::new(), file: None };
    let mut first: Option<Location> = None;
    for &(file, document) in files {
        let Some(written) = &document.settings else { continue };
        let here = Location { file, span: written.span };
        if let Some(there) = first {
            let message = "settings are given in two files";
            lookup.findings.push(lint::INVALID_SETTING.at(here, message, "not used").at(there, "used"));
            continue;
        }
        first = Some(here);
        settings.file = Some(file);
        for (word, hard, usual) in &written.words {
            let text = |name: &Option<Name>| name.as_ref().map(|name| name.value.to_string());
            let (hard, usual) = (text(hard), text(usual));
            if let Err(error) = settings.conventions.set(&word.value, hard.as_deref(), usual.as_deref()) {
                lookup.report(&lint::INVALID_SETTING, file, word.span, error.to_string());
            }
        }
        if let Some(span) = &written.settles {
            settings.settles =
                read_days(span, file, &settings.conventions, lookup).unwrap_or(settings.settles);
        }
        settings.grades.clone_from(&written.grades);
    }
    settings
}

/// Whether subjects of this kind have periods.
pub(super) fn has_periods(kind: SubjectKind) -> bool {
    kind == SubjectKind::Series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Limit;
    use crate::model::aliases::EMPTY;

    fn ends(speaks_for: &[Option<usize>]) -> Vec<usize> {
        let speaks_for: Vec<_> = speaks_for.iter().map(|id| id.map(ActorId::new)).collect();
        ends_of_chains(&speaks_for).into_iter().map(Id::index).collect()
    }

    #[test]
    fn chain_of_speaks_for_ends_with_an_actor_that_speaks_for_nobody() {
        assert_eq!(ends(&[Some(1), Some(2), None, Some(0), None]), [2, 2, 2, 2, 4]);
    }

    #[test]
    fn actors_on_or_before_a_cycle_are_their_own_parties() {
        assert_eq!(ends(&[Some(1), Some(0), Some(0), Some(2), Some(4)]), [0, 1, 2, 3, 4]);
        assert_eq!(ends(&[Some(2), Some(0), Some(1), Some(1), Some(3)]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn unknown_publisher_moves_only_the_ids_after_it() {
        for text in [
            "actors: { 1st: {}, army: { speaks-for: 1st } }\nsource: { id: s, published: 2026-03-01 }\n",
            "actors: { \"?\": {}, army: { speaks-for: \"?\" } }\nsource: { id: s, published: 2026-03-01 }\n",
        ] {
            let file = FileId::new(0);
            let (document, _) = document::read(file, &yaml::parse(file, text).0);
            let mut findings = Collector::new(Limit::NONE);
            let definitions = resolve(&[(file, &document)], &EMPTY, &mut findings);
            for (id, actor) in definitions.actors.iter() {
                let is_army = definitions.actors.name(id) == "army";
                let party = definitions.actors.name(actor.party);
                assert_eq!(party == definitions.actors.name(id), !is_army, "{text}");
            }
            assert!(definitions.sources.iter().len() == 1, "{text}");
        }
    }
}

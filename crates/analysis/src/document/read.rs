//! Reads a YAML tree to typed records. Unknown keys, wrong shapes and other mistakes become findings with a place.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::mention::part;
use super::shape::{self, Shape as Keys};
use super::{
    Actor, Claim, Document, Entry, Locator, Measure, Name, Population, Response, Review, Settings, Source,
    Subject, SubjectKind, Term, Word, Written,
};
use crate::finding::{Collector, Finding, Limit};
use crate::lint::{self, Lint};
use crate::source::{FileId, Location, Span, Spanned};
use crate::yaml::{NodeKind, NodeRef, Tree};
use gainsay_reading::names::DidYouMean;
use gainsay_reading::period::{Misread, Period};

/// The placeholder for the population in the `asks` text of a measure.
pub const PEOPLE: &str = "{people}";

/// Reads a tree to records. The document contains what could be read; the findings report the rest.
/// [`Limit::default`] limits the findings of each lint.
pub fn read(file: FileId, tree: &Tree<'_>) -> (Document, Vec<Finding>) {
    let mut findings = Collector::new(Limit::default());
    let document = read_into(file, tree, &mut findings);
    (document, findings.finish().findings)
}

/// Reads a tree to records. The document contains what could be read; the rest is reported in `findings`.
pub fn read_into(file: FileId, tree: &Tree<'_>, findings: &mut Collector) -> Document {
    let mut reader = DocumentReader { file, findings, broken: false };
    let mut document = Document::default();
    if let Some(root) = tree.root().filter(|root| root.shape() != NodeKind::Empty) {
        reader.file(root, &mut document);
    }
    document
}

struct DocumentReader<'f> {
    file: FileId,
    findings: &'f mut Collector,
    /// Whether something required is missing or unreadable in the current entry.
    broken: bool,
}

type YamlNode<'a, 't> = NodeRef<'a, 't>;

impl DocumentReader<'_> {
    fn file(&mut self, root: YamlNode<'_, '_>, document: &mut Document) {
        self.fields(root, &shape::FILE, |reader, key, value| match key {
            "settings" => document.settings = Some(reader.settings(value)),
            "actors" => document.actors = reader.entries(value, Self::actor),
            "events" => document.subjects.extend(reader.entries(value, Self::event)),
            "propositions" => document.subjects.extend(reader.entries(value, Self::proposition)),
            "series" => document.subjects.extend(reader.entries(value, Self::series)),
            "places" => document.places = reader.entries(value, Self::term),
            "terms" => document.terms = reader.entries(value, Self::term),
            "populations" => document.populations = reader.entries(value, Self::population),
            "measures" => document.measures = reader.entries(value, Self::measure),
            "source" => document.source = reader.source(value),
            "claims" => document.claims = reader.entries(value, Self::claim),
            "reviews" => {
                document.has_reviews = true;
                document.reviews = reader.entries(value, Self::review);
            }
            _ => unreachable_key(key),
        });
    }

    fn actor(&mut self, _: &Name, node: YamlNode<'_, '_>) -> Actor {
        let mut actor = Actor::default();
        self.fields(node, &shape::ACTOR, |reader, key, value| match key {
            "name" => actor.name = reader.text(value),
            "aliases" => actor.aliases = reader.texts(value),
            "kind" => actor.kind = reader.text(value),
            "role" => actor.role = reader.text(value),
            "speaks-for" => actor.speaks_for = reader.text(value),
            "note" => drop(reader.text(value)),
            _ => unreachable_key(key),
        });
        actor
    }

    fn event(&mut self, _: &Name, node: YamlNode<'_, '_>) -> Subject {
        let mut event = Subject { kind: SubjectKind::Event, ..Subject::default() };
        self.fields(node, &shape::EVENT, |reader, key, value| match key {
            "name" => event.name = reader.text(value),
            "aliases" => event.aliases = reader.texts(value),
            "kind" => event.nature = reader.text(value),
            "date" => event.date = reader.date(value),
            "place" => event.place = reader.texts(value),
            "part-of" => event.part_of = reader.texts(value),
            "parts-complete" => event.parts_complete = reader.flag(value) == Some(true),
            "overlaps" => event.overlaps = reader.texts(value),
            "after" => event.after = reader.texts(value),
            "parties" => event.parties = reader.texts(value),
            "apart-from" => event.apart_from = reader.texts(value),
            "note" => drop(reader.text(value)),
            _ => unreachable_key(key),
        });
        event
    }

    fn proposition(&mut self, _: &Name, node: YamlNode<'_, '_>) -> Subject {
        let mut proposition = Subject { kind: SubjectKind::Proposition, ..Subject::default() };
        self.fields(node, &shape::PROPOSITION, |reader, key, value| match key {
            "name" => proposition.name = reader.text(value),
            "aliases" => proposition.aliases = reader.texts(value),
            "parties" => proposition.parties = reader.texts(value),
            "note" => drop(reader.text(value)),
            _ => unreachable_key(key),
        });
        proposition
    }

    fn series(&mut self, _: &Name, node: YamlNode<'_, '_>) -> Subject {
        let mut series = Subject { kind: SubjectKind::Series, ..Subject::default() };
        self.fields(node, &shape::SERIES, |reader, key, value| match key {
            "name" => series.name = reader.text(value),
            "publisher" => series.publisher = reader.text(value),
            "method" => series.method = reader.text(value),
            "territory" => series.territory = reader.text(value),
            "beside" => series.beside = reader.texts(value),
            "note" => drop(reader.text(value)),
            _ => unreachable_key(key),
        });
        series
    }

    fn term(&mut self, _: &Name, node: YamlNode<'_, '_>) -> Term {
        let mut term = Term::default();
        self.fields(node, &shape::TERM, |reader, key, value| match key {
            "name" => term.name = reader.text(value),
            "aliases" => term.aliases = reader.texts(value),
            "part-of" => term.part_of = reader.texts(value),
            "excludes" => term.excludes = reader.texts(value),
            "note" => drop(reader.text(value)),
            _ => unreachable_key(key),
        });
        term
    }

    fn population(&mut self, _: &Name, node: YamlNode<'_, '_>) -> Population {
        let mut population = Population::default();
        self.fields(node, &shape::POPULATION, |reader, key, value| match key {
            "name" => population.name = reader.text(value),
            "part-of" => population.part_of = reader.texts(value),
            "excludes" => population.excludes = reader.texts(value),
            "inferred" => population.inferred = reader.flag(value) == Some(true),
            "note" => drop(reader.text(value)),
            _ => unreachable_key(key),
        });
        population
    }

    fn measure(&mut self, _: &Name, node: YamlNode<'_, '_>) -> Measure {
        let mut measure = Measure::default();
        self.fields(node, &shape::MEASURE, |reader, key, value| match key {
            "name" => measure.name = reader.text(value),
            "type" => measure.kind = reader.word(value),
            "unit" => measure.unit = reader.text(value),
            "counts" => measure.counts = reader.word(value),
            "grows" => measure.grows = reader.flag(value),
            "varies" => measure.varies = reader.flag(value),
            "settles" => measure.settles = reader.text(value),
            "single" => measure.single = reader.flag(value),
            "names" => measure.names = reader.listed(value, Self::word),
            "steps" => measure.steps = reader.texts(value),
            "sum-of" => measure.sum_of = reader.texts(value),
            "asks" => measure.asks = reader.asks(value),
            "note" => drop(reader.text(value)),
            _ => unreachable_key(key),
        });
        measure
    }

    fn source(&mut self, node: YamlNode<'_, '_>) -> Option<Entry<Source>> {
        let mut source = Source::default();
        let mut id = None;
        let outer = std::mem::take(&mut self.broken);
        let seen = self.fields(node, &shape::SOURCE, |reader, key, value| match key {
            "id" => id = reader.text(value),
            "publisher" => source.publisher = reader.text(value),
            "published" => source.published = reader.date(value),
            "title" => source.title = reader.text(value),
            "url" => source.url = reader.text(value),
            "author" => drop(reader.texts(value)),
            "language" | "note" => drop(reader.text(value)),
            "accessed" => drop(reader.date(value)),
            "cites" => source.cites = reader.texts(value),
            "reliability" => source.reliability = reader.admiralty(value),
            "text" => source.text = reader.text(value),
            _ => unreachable_key(key),
        });
        if node.shape() == NodeKind::Mapping || node.shape() == NodeKind::Empty {
            let missing = ["id", "publisher", "published"].map(|key| (!seen.has(key), key));
            self.report_missing(node.span(), "the source", &missing);
        }
        let broken = std::mem::replace(&mut self.broken, outer);
        let id = id?;
        self.check_id(&id);
        Some(Entry { span: node.span(), id, broken, body: source })
    }

    fn claim(&mut self, id: &Name, node: YamlNode<'_, '_>) -> Claim {
        let mut claim = Claim::default();
        let mut responses: Vec<Span> = Vec::new();
        self.fields(node, &shape::CLAIM, |reader, key, value| match key {
            "by" => claim.by = reader.text(value),
            "via" => claim.via = reader.texts(value),
            "about" => claim.about = reader.texts(value),
            "measure" => claim.measure = reader.text(value),
            "of" => claim.of = reader.text(value),
            "during" => claim.during = reader.date(value),
            "value" => claim.value = reader.raw_value(value),
            "denies" | "confirms" | "declines" => {
                responses.push(value.span());
                let response =
                    Response::ALL.iter().find(|(word, _)| *word == key).map(|(_, response)| *response);
                claim.response =
                    response.map(|response| (Spanned::new(response, value.span()), reader.texts(value)));
            }
            "said" => claim.said = reader.date(value),
            "as-of" => claim.as_of = reader.date(value),
            "at" => claim.at = reader.locator(value),
            "part" => claim.part = reader.word(value),
            "form" => claim.form = reader.word(value),
            "words" => claim.words = reader.text(value),
            "certainty" => claim.certainty = reader.word(value),
            "stance" => claim.stance = reader.word(value),
            "attributes-to" => claim.attributes_to = reader.text(value),
            "allow" => claim.allow = reader.texts(value),
            "note" => claim.note = reader.text(value),
            _ => unreachable_key(key),
        });
        if responses.len() > 1 {
            self.fail(&lint::MISPLACED_FIELD, responses[1], |at| {
                lint::MISPLACED_FIELD
                    .at(
                        at,
                        "a claim can have only one of `denies`, `confirms` and `declines`",
                        "second response",
                    )
                    .help("write a separate claim for each response")
            });
        }
        self.check_claim(id, node, &claim);
        claim
    }

    /// Checks that a claim has either content or a response.
    fn check_claim(&mut self, id: &Name, node: YamlNode<'_, '_>, claim: &Claim) {
        if self.broken || !matches!(node.shape(), NodeKind::Mapping | NodeKind::Empty) {
            return;
        }
        if claim.response.is_some() {
            let content = [
                ("about", claim.about.first().map(|name| name.span)),
                ("measure", claim.measure.as_ref().map(|name| name.span)),
                ("of", claim.of.as_ref().map(|name| name.span)),
                ("during", claim.during.as_ref().map(|date| date.span)),
                ("value", claim.value.as_ref().map(Written::span)),
                ("stance", claim.stance.as_ref().map(|stance| stance.span)),
            ];
            for (key, span) in content {
                let Some(span) = span else { continue };
                self.fail(&lint::MISPLACED_FIELD, span, |at| {
                    let message =
                        format!("a response cannot have `{key}`, since it uses that of the claims it lists");
                    lint::MISPLACED_FIELD.at(at, message, "")
                });
            }
            return;
        }
        let declines = claim.stance.is_some_and(|stance| stance.value == super::Stance::Declines);
        let missing = [
            (claim.about.is_empty(), "about"),
            (claim.measure.is_none(), "measure"),
            (claim.value.is_none() && !declines, "value"),
        ];
        let what = format!("claim `{}`", id.value);
        self.report_missing(id.span, &what, &missing);
    }

    fn review(&mut self, id: &Name, node: YamlNode<'_, '_>) -> Review {
        let mut review = Review::default();
        self.fields(node, &shape::REVIEW, |reader, key, value| match key {
            "question" => review.question = reader.text(value),
            "verdict" => review.verdict = reader.word(value),
            "because" => review.because = reader.word(value),
            "figure" => review.figure = reader.text(value),
            "note" => review.note = reader.text(value),
            "by" => review.by = reader.text(value),
            "on" => review.on = reader.date(value),
            "seen" => review.seen = reader.text(value),
            "saw" => review.saw = Some(reader.lines(value)),
            _ => unreachable_key(key),
        });
        let missing = [(review.question.is_none(), "question"), (review.verdict.is_none(), "verdict")];
        if !self.broken {
            self.report_missing(id.span, &format!("review `{}`", id.value), &missing);
        }
        review
    }

    /// Reads a mapping from names to lines of text.
    fn lines(&mut self, node: YamlNode<'_, '_>) -> Vec<(Name, Name)> {
        let mut lines = Vec::new();
        for (name, node) in self.pairs(node) {
            lines.extend(self.text(node).map(|line| (name, line)));
        }
        lines
    }

    fn settings(&mut self, node: YamlNode<'_, '_>) -> Settings {
        let mut settings = Settings { span: node.span(), ..Settings::default() };
        self.fields(node, &shape::SETTINGS, |reader, key, value| match key {
            "settles" => settings.settles = reader.text(value),
            "words" => {
                for (word, node) in reader.pairs(value) {
                    let (mut hard, mut usual) = (None, None);
                    reader.fields(node, &shape::WORD, |reader, key, value| match key {
                        "hard" => hard = reader.text(value),
                        "usual" => usual = reader.text(value),
                        _ => unreachable_key(key),
                    });
                    settings.words.push((word, hard, usual));
                }
            }
            "grades" => settings.grades.extend(reader.lines(value)),
            _ => unreachable_key(key),
        });
        settings
    }

    // --- shapes -------------------------------------------------------------------------------------

    /// Calls `field` for each known key with a value; reports unknown keys, repeated keys and empty values. Returns
    /// which keys are there, readable or not.
    fn fields<'a, 't>(
        &mut self,
        node: YamlNode<'a, 't>,
        keys: &Keys,
        mut field: impl FnMut(&mut Self, &'static str, YamlNode<'a, 't>),
    ) -> FoundKeys {
        let mut seen = FoundKeys { keys: keys.keys, at: [None; 32] };
        if !self.is_mapping(node, || format!("{} must be a mapping (`key: value`)", keys.name)) {
            return seen;
        }
        let mut entries = node.entries().peekable();
        let mut before: Option<YamlNode<'a, 't>> = None;
        while let Some((name, value)) = entries.next() {
            let text = name.text().unwrap_or_default();
            if let Some(at) = keys.position(text) {
                match seen.at[at] {
                    Some(first) => self.report_repeated_key(text, first, name.span()),
                    None => self.field(keys.keys[at], name, value, &mut field),
                }
                seen.at[at].get_or_insert(name.span());
            } else if let Some(start) = before.filter(|&before| is_rest_of_figure(node, before, name, value))
            {
                let mut digits = vec![name];
                while let Some((more, _)) = entries.next_if(|&(more, value)| is_digit_group(more, value)) {
                    digits.push(more);
                }
                self.report_split_figure(start, &digits);
            } else {
                self.report_unknown_key(name, keys);
            }
            before = Some(value);
        }
        seen
    }

    /// Calls `field` for one key, if its value is not empty and was not refused.
    fn field<'a, 't>(
        &mut self,
        key: shape::Key,
        name: YamlNode<'a, 't>,
        value: YamlNode<'a, 't>,
        field: &mut impl FnMut(&mut Self, &'static str, YamlNode<'a, 't>),
    ) {
        match value.shape() {
            NodeKind::Refused => self.broken = true,
            NodeKind::Empty if !matches!(key.takes, shape::Takes::Entries(_)) => {
                self.fail(&lint::WRONG_SHAPE, name.span(), |at| {
                    let message = format!("`{}` has no value", key.name);
                    lint::WRONG_SHAPE.at(at, message, "no value after the key")
                });
            }
            _ => field(self, key.name, value),
        }
    }

    /// Reads the ids and bodies of a section.
    fn entries<'a, 't, T>(
        &mut self,
        node: YamlNode<'a, 't>,
        body: impl Fn(&mut Self, &Name, YamlNode<'a, 't>) -> T,
    ) -> Vec<Entry<T>> {
        let mut entries = Vec::with_capacity(node.entries().len());
        for (id, value) in self.pairs(node) {
            let outer = std::mem::take(&mut self.broken);
            self.check_id(&id);
            let body = body(self, &id, value);
            let broken = std::mem::replace(&mut self.broken, outer);
            entries.push(Entry { span: id.span.to(value.span()), id, broken, body });
        }
        entries
    }

    /// The keys and values of a mapping with arbitrary keys. Repeated keys are reported and left out.
    fn pairs<'a, 't>(&mut self, node: YamlNode<'a, 't>) -> Vec<(Name, YamlNode<'a, 't>)> {
        if node.shape() == NodeKind::Empty
            || !self.is_mapping(node, || "this must be a mapping (`id: …`)".to_owned())
        {
            return Vec::new();
        }
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        let mut pairs = Vec::with_capacity(node.entries().len());
        for (key, value) in node.entries() {
            let Some(text) = key.text() else {
                self.fail(&lint::WRONG_SHAPE, key.span(), |at| {
                    lint::WRONG_SHAPE.at(at, "a key must be a single word", "")
                });
                continue;
            };
            if let Some(&first) = seen.get(text) {
                self.report_repeated_key(text, first, key.span());
                continue;
            }
            seen.insert(text, key.span());
            pairs.push((Spanned::new(text.into(), key.span()), value));
        }
        pairs
    }

    fn is_mapping(&mut self, node: YamlNode<'_, '_>, expected: impl Fn() -> String) -> bool {
        match node.shape() {
            NodeKind::Mapping | NodeKind::Empty => true,
            NodeKind::Refused => {
                self.broken = true;
                false
            }
            shape => {
                self.report_wrong_shape(node, shape, &expected());
                false
            }
        }
    }

    fn text(&mut self, node: YamlNode<'_, '_>) -> Option<Name> {
        match node.shape() {
            NodeKind::Scalar => node.text().map(|text| Spanned::new(text.into(), node.span())),
            NodeKind::Refused => {
                self.broken = true;
                None
            }
            shape => {
                self.report_wrong_shape(node, shape, "this must be a single value");
                None
            }
        }
    }

    fn texts(&mut self, node: YamlNode<'_, '_>) -> Vec<Name> {
        self.listed(node, Self::text)
    }

    /// Reads one value or a list of values.
    fn listed<'a, 't, T>(
        &mut self,
        node: YamlNode<'a, 't>,
        read: impl Fn(&mut Self, YamlNode<'a, 't>) -> Option<T>,
    ) -> Vec<T> {
        match node.shape() {
            NodeKind::List => node.items().filter_map(|item| read(self, item)).collect(),
            _ => read(self, node).into_iter().collect(),
        }
    }

    fn raw_value(&mut self, node: YamlNode<'_, '_>) -> Option<Written> {
        match node.shape() {
            NodeKind::List => Some(Written::List(self.texts(node), node.span())),
            _ => self.text(node).map(Written::Scalar),
        }
    }

    fn date(&mut self, node: YamlNode<'_, '_>) -> Option<Spanned<Period>> {
        let text = self.text(node)?;
        match Period::read(&text.value) {
            Ok(period) => Some(Spanned::new(period, text.span)),
            Err(misread) => {
                self.fail(&lint::UNREADABLE_DATE, text.span, |at| unreadable_date(at, misread));
                None
            }
        }
    }

    fn flag(&mut self, node: YamlNode<'_, '_>) -> Option<bool> {
        let text = self.text(node)?;
        match text.value.as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => {
                self.report_unknown_word(&text, &["true", "false"]);
                None
            }
        }
    }

    fn word<W: Word>(&mut self, node: YamlNode<'_, '_>) -> Option<Spanned<W>> {
        let text = self.text(node)?;
        let found = W::ALL.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            self.report_unknown_word(&text, W::NAMES);
        }
        found.map(|(_, value)| Spanned::new(*value, text.span))
    }

    fn locator(&mut self, node: YamlNode<'_, '_>) -> Option<Spanned<Locator>> {
        let text = self.text(node)?;
        let locator = Locator::read(&text.value);
        if locator.is_none() {
            self.fail(&lint::WRONG_SHAPE, text.span, |at| {
                let message = format!("`{}` is not a valid place in a source", text.value);
                lint::WRONG_SHAPE
                    .at(at, message, "")
                    .help("write p12, p3-4 or 00:12:40; use `part` for a headline or caption")
            });
        }
        locator.map(|locator| Spanned::new(locator, text.span))
    }

    fn admiralty(&mut self, node: YamlNode<'_, '_>) -> Option<Name> {
        let text = self.text(node)?;
        let fits = matches!(text.value.as_bytes(), [b'A'..=b'F', b'1'..=b'6']);
        if !fits {
            self.fail(&lint::WRONG_SHAPE, text.span, |at| {
                let message = format!("`{}` is not a valid Admiralty code", text.value);
                lint::WRONG_SHAPE
                    .at(at, message, "")
                    .help("write the reliability A to F and the credibility 1 to 6, as in B2")
            });
        }
        fits.then_some(text)
    }

    // --- findings -----------------------------------------------------------------------------------

    fn check_id(&mut self, id: &Name) {
        if is_id(&id.value) {
            return;
        }
        self.fail(&lint::INVALID_ID, id.span, |at| {
            let message = format!("`{}` is not a valid id", id.value);
            let finding =
                lint::INVALID_ID.at(at, message, "").help("ids are lower-case words joined by hyphens");
            let slug = slug(&id.value);
            if is_id(&slug) { finding.help(format!("write `{slug}`")) } else { finding }
        });
    }

    /// Reports the keys that are missing, if any are.
    fn report_missing(&mut self, span: Span, what: &str, missing: &[(bool, &str)]) {
        if missing.iter().all(|(is_missing, _)| !is_missing) {
            return;
        }
        self.fail(&lint::MISSING_FIELD, span, |at| {
            let missing: Vec<_> =
                missing.iter().filter(|(is_missing, _)| *is_missing).map(|(_, key)| *key).collect();
            let message = format!("{what} has no `{}`", missing.join("` and no `"));
            lint::MISSING_FIELD.at(at, message, "")
        });
    }

    fn report_unknown_key(&mut self, key: YamlNode<'_, '_>, keys: &Keys) {
        let Some(text) = key.text() else {
            self.fail(&lint::WRONG_SHAPE, key.span(), |at| {
                lint::WRONG_SHAPE.at(at, "a key must be a single word", "")
            });
            return;
        };
        if text == "<<" {
            self.fail(&lint::REFUSED_YAML, key.span(), |at| {
                let message = "a merge key is not allowed in a claim file";
                lint::REFUSED_YAML.at(at, message, "").help("write out the keys")
            });
            return;
        }
        self.fail(&lint::UNKNOWN_KEY, key.span(), |at| {
            let message = format!("{} has no key `{text}`", keys.name);
            let finding = lint::UNKNOWN_KEY.at(at, message, "");
            let near = DidYouMean::of(text, keys.keys.iter().map(|key| key.name));
            if near.ids.is_empty() {
                let all: Vec<_> = keys.keys.iter().map(|key| key.name).collect();
                finding.help(format!("its keys are {}", all.join(", ")))
            } else {
                finding.meant(at, &near)
            }
        });
    }

    /// Reports a figure that YAML split at its commas: `{ value: 1,034 }`.
    fn report_split_figure(&mut self, start: YamlNode<'_, '_>, groups: &[YamlNode<'_, '_>]) {
        let end = groups.last().map_or(start.span(), |last| last.span());
        self.fail(&lint::UNKNOWN_KEY, start.span().to(end), |at| {
            let parts = std::iter::once(&start).chain(groups).filter_map(|node| node.text());
            let whole = parts.collect::<Vec<_>>().join(",");
            let message = format!("between braces YAML splits `{whole}` at the comma");
            let finding =
                lint::UNKNOWN_KEY.at(at, message, "this needs quotes").help(format!("write \"{whole}\""));
            finding.fix("put the figure in quotes", at, format!("\"{whole}\""))
        });
    }

    /// Reads how a measure is asked. The only placeholder is `{people}`, for the population.
    fn asks(&mut self, value: YamlNode<'_, '_>) -> Option<Name> {
        let text = self.text(value)?;
        for (start, _) in text.value.match_indices('{') {
            let end = text.value[start..].find('}').map_or(text.value.len(), |end| start + end + 1);
            let given = &text.value[start..end];
            if given != PEOPLE {
                let at = self.locate(part(&text, start, end));
                self.findings.push_with(lint::UNKNOWN_WORD.id, at, || {
                    let message = format!("unknown placeholder `{given}`");
                    let help = format!("write `{PEOPLE}` for the population");
                    lint::UNKNOWN_WORD.at(at, message, "").help(help)
                });
            }
        }
        Some(text)
    }

    fn report_unknown_word(&mut self, text: &Name, known: &[&str]) {
        self.fail(&lint::UNKNOWN_WORD, text.span, |at| {
            let message = format!("`{}` is not one of {}", text.value, known.join(", "));
            let near = DidYouMean::of(&text.value, known.iter().copied());
            lint::UNKNOWN_WORD.at(at, message, "").meant(at, &near)
        });
    }

    fn report_repeated_key(&mut self, key: &str, first: Span, second: Span) {
        let (first, second) = (self.locate(first), self.locate(second));
        self.findings.push_with(lint::DUPLICATE_KEY.id, second, || {
            let message = format!("duplicate key `{key}`");
            lint::DUPLICATE_KEY.at(second, message, "again here").at(first, "first here")
        });
    }

    fn report_wrong_shape(&mut self, node: YamlNode<'_, '_>, shape: NodeKind, expected: &str) {
        let found = match shape {
            NodeKind::Mapping => "a mapping",
            NodeKind::List => "a list",
            NodeKind::Empty => "empty",
            NodeKind::Scalar | NodeKind::Refused => "a single value",
        };
        self.fail(&lint::WRONG_SHAPE, node.span(), |at| {
            lint::WRONG_SHAPE.at(at, format!("{expected}, not {found}"), "")
        });
    }

    /// Reports a mistake that makes the entry unusable. `make` returns the finding; its first label is at `span`.
    fn fail(&mut self, lint: &Lint, span: Span, make: impl FnOnce(Location) -> Finding) {
        self.broken = true;
        let at = self.locate(span);
        self.findings.push_with(lint.id, at, || make(at));
    }

    fn locate(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }
}

/// The finding on an unreadable date. The fix writes the date that was probably meant, if there is one.
pub fn unreadable_date(at: Location, misread: Misread) -> Finding {
    let finding = lint::UNREADABLE_DATE.at(at, misread.message, "");
    match misread.help {
        Some(iso) => finding.help(format!("write `{iso}`")).fix(format!("write `{iso}`"), at, iso),
        None => finding,
    }
}

/// The places of the keys of a mapping.
struct FoundKeys {
    keys: &'static [shape::Key],
    at: [Option<Span>; 32],
}

impl FoundKeys {
    fn has(&self, name: &str) -> bool {
        self.keys.iter().zip(&self.at).any(|(key, at)| key.name == name && at.is_some())
    }
}

/// Whether a key is the rest of a figure that YAML split at a comma between braces: three digits after a value that
/// ends in a digit.
fn is_rest_of_figure(
    mapping: YamlNode<'_, '_>,
    before: YamlNode<'_, '_>,
    key: YamlNode<'_, '_>,
    value: YamlNode<'_, '_>,
) -> bool {
    let ends_in_digit = |text: &str| text.ends_with(|last: char| last.is_ascii_digit());
    mapping.is_flow() && is_digit_group(key, value) && before.text().is_some_and(ends_in_digit)
}

/// Whether a key has no value and begins with three digits.
fn is_digit_group(key: YamlNode<'_, '_>, value: YamlNode<'_, '_>) -> bool {
    value.shape() == NodeKind::Empty && key.text().is_some_and(begins_with_group)
}

/// Whether the first word of a text is three digits, like the digits after a comma in a figure.
pub fn begins_with_group(text: &str) -> bool {
    let word = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    word == 3 && text.bytes().take(3).all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a valid id: lower-case words joined by hyphens.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// Turns a name into an id: lower-case ASCII words joined by hyphens. It is empty if the name has no letter or digit.
pub fn slug(text: &str) -> SmolStr {
    let folded = deunicode::deunicode(text).to_lowercase();
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").into()
}

/// Called for a key of a shape that no arm reads. That is a bug in this file; the guard test `every_key_is_read`
/// finds it.
fn unreachable_key(key: &'static str) {
    debug_assert!(false, "no arm reads `{key}`");
}

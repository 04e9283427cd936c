//! The id under the cursor, and all mentions of a thing. Used for jumps, renaming, highlights and lenses.

use std::sync::LazyLock;

use smol_str::SmolStr;

use super::session::Session;
use gainsay_analysis::document::mention::{self, Definition, Kind, Mention};
use gainsay_analysis::document::{Claim, Entry, MeasureType, Name, Names, Written};
use gainsay_analysis::id::FileId;
use gainsay_analysis::model::{Model, is_built_in};
use gainsay_analysis::source::{Location, Span};
use gainsay_analysis::workspace::{Options, Workspace};
use gainsay_reading::figure::{self, Counting, Reading};

/// Everything built in: measures, populations and others that need no definition.
static BUILT_IN: LazyLock<Model> =
    LazyLock::new(|| Workspace::read(Vec::new()).resolve(&Options::default()).0);

/// The id under the cursor.
#[derive(Clone, Debug)]
pub(super) struct IdAtCursor {
    /// The things that it can name, by kind and name. There are several if a value could mean each of them.
    pub(super) things: Vec<(Kind, SmolStr)>,
    /// The span of the id, without quotes.
    pub(super) span: Span,
    /// Whether this is the definition of the thing.
    pub(super) is_definition: bool,
}

impl Session {
    /// The id at a byte of a file, or the id that ends there.
    pub(super) fn id_at_cursor(&self, file: FileId, byte: u32) -> Option<IdAtCursor> {
        let within = |span: Span| span.start <= byte && byte < span.end;
        let ends = |span: Span| span.end == byte && span.start < byte;
        self.id_where(file, within).or_else(|| self.id_where(file, ends))
    }

    fn id_where(&self, file: FileId, is_there: impl Fn(Span) -> bool) -> Option<IdAtCursor> {
        let named = self.incremental().index().of(file);
        if let Some(defined) = named.definitions.iter().find(|defined| is_there(defined.id)) {
            let things = vec![(defined.kind, defined.name.clone())];
            return Some(IdAtCursor {
                things,
                span: self.without_quotes(file, defined.id),
                is_definition: true,
            });
        }
        let at_place = named.mentions.iter().filter(|mention| is_there(mention.span));
        at_place
            .map(|mention| IdAtCursor {
                things: self.things_of_mention(file, mention),
                span: mention.span,
                is_definition: false,
            })
            .find(|named| !named.things.is_empty())
    }

    /// The span of an id without the quotes around it.
    pub(super) fn without_quotes(&self, file: FileId, span: Span) -> Span {
        let written = self.source(file).slice(span);
        let is_quoted = written.len() >= 2 && written.starts_with(['"', '\'']);
        if is_quoted { span.part(1, written.len() - 1) } else { span }
    }

    /// The things that a mention can name: one, or several if its measure allows several kinds. Empty if it is not an
    /// id.
    pub(super) fn things_of_mention(&self, file: FileId, mention: &Mention) -> Vec<(Kind, SmolStr)> {
        let kinds = self.kinds_of_mention(file, mention).into_iter();
        let known = kinds.filter(|kind| mention.is_sure() || self.is_known(*kind, &mention.name));
        known.map(|kind| (kind, mention.name.clone())).collect()
    }

    /// The kinds of things that a mention can name, whether or not they are defined. For values, the measure decides.
    pub(super) fn kinds_of_mention(&self, file: FileId, mention: &Mention) -> Vec<Kind> {
        let within = |kind: Kind| {
            let definitions = &self.incremental().index().of(file).definitions;
            mention.within?.checked_sub(definitions.partition_point(|defined| defined.kind < kind))
        };
        let document = self.document(file);
        match mention.key {
            _ if mention.is_sure() => mention.kinds.to_vec(),
            "value" => {
                let claim =
                    within(Kind::Claim).and_then(|at| document.claims.get(at)).map(|claim| &claim.body);
                let measure = claim.and_then(|claim| claim.measure.as_ref()).map(|measure| &*measure.value);
                let values = claim.and_then(|claim| claim.value.as_ref()).map(Written::items);
                self.kinds_in_values(measure, values.unwrap_or_default(), mention)
            }
            "figure" => {
                let review = within(Kind::Review).and_then(|at| document.reviews.get(at)).map(|it| &it.body);
                let question = review.and_then(|review| review.question.as_ref());
                let measure = question.and_then(|question| question.value.split(['@', '/']).nth(1));
                let figure = review.map(|review| review.figure.as_slice());
                self.kinds_in_values(measure, figure.unwrap_or_default(), mention)
            }
            // A response can decline `A/B`, which may be a claim or a question.
            _ => mention.kinds.to_vec(),
        }
    }

    /// The kinds of things that a mention in a value can name, from the measure.
    fn kinds_in_values(&self, measure: Option<&str>, values: &[Name], mention: &Mention) -> Vec<Kind> {
        match measure.and_then(|measure| self.reading(measure)) {
            Some((MeasureType::Choice, names)) => {
                let kinds: Vec<Kind> = names.into_iter().map(kind_of).collect();
                mention.kinds.iter().copied().filter(|kind| kinds.contains(kind)).collect()
            }
            Some((MeasureType::Count | MeasureType::Amount, _)) => {
                values.iter().filter_map(|value| kind_in_figure(value, mention.span)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a thing of this kind with this name is built in or defined.
    pub(super) fn is_known(&self, kind: Kind, name: &str) -> bool {
        is_built_in(kind, name) || self.incremental().index().definitions(kind, name).next().is_some()
    }

    /// All mentions of a thing, in the order of files and positions.
    pub(super) fn mentions_of<'s>(
        &'s self,
        kind: Kind,
        name: &'s str,
    ) -> impl Iterator<Item = (FileId, &'s Mention)> {
        self.incremental().index().mentions(kind, name).filter(move |(file, mention)| {
            mention.is_sure()
                || self.things_of_mention(*file, mention).iter().any(|(meant, _)| *meant == kind)
        })
    }

    /// The definition that contains a mention.
    pub(super) fn definition_around(&self, file: FileId, mention: &Mention) -> Option<&Definition> {
        self.incremental().index().of(file).definitions.get(mention.within?)
    }

    /// The claim that contains a mention.
    pub(super) fn claim_around(&self, file: FileId, mention: &Mention) -> Option<&Entry<Claim>> {
        let definitions = &self.incremental().index().of(file).definitions;
        let claims = definitions.partition_point(|definition| definition.kind < Kind::Claim);
        self.document(file).claims.get(mention.within?.checked_sub(claims)?)
    }

    /// The type of a measure, and what its values can name. A definition in the workspace is preferred to a built-in
    /// one.
    pub(super) fn reading(&self, measure: &str) -> Option<(MeasureType, Vec<Names>)> {
        let written = self.incremental().index().definitions(Kind::Measure, measure).next();
        let written = written.and_then(|(file, defined)| {
            self.document(file).measures.iter().find(|entry| entry.id.span == defined.id)
        });
        let built_in = BUILT_IN.measures.find(measure).map(|id| &BUILT_IN.measures[id]);
        let body = written.map(|entry| &entry.body);
        let kind = body.and_then(|body| Some(body.kind?.value)).or(built_in.map(|measure| measure.kind))?;
        let names = body.map(|body| body.names.iter().map(|name| name.value).collect::<Vec<_>>());
        let names = names.filter(|names| !names.is_empty());
        let names = names.or_else(|| built_in.map(|measure| measure.names.clone())).unwrap_or_default();
        Some((kind, names))
    }

    /// The claims that an actor makes in its own voice: those without `by` in the sources that it publishes.
    pub(super) fn claims_in_own_voice(&self, actor: &str) -> Vec<Location> {
        let mut found = Vec::new();
        for (file, mention) in self.incremental().index().mentions(Kind::Actor, actor) {
            let is_source =
                self.definition_around(file, mention).is_some_and(|around| around.kind == Kind::Source);
            if mention.key == "publisher" && is_source {
                let claims = self.document(file).claims.iter().filter(|claim| claim.body.by.is_none());
                found.extend(claims.map(|claim| Location { file, span: claim.id.span }));
            }
        }
        found
    }
}

/// What a span inside a figure names: the population of a share, or the series of a change.
fn kind_in_figure(value: &Name, at: Span) -> Option<Kind> {
    let (kind, start, end) =
        match figure::read(&value.value, &Counting::Whole, &BUILT_IN.settings.conventions).ok()? {
            Reading::Figure(_) => return None,
            Reading::Share(share) => (Kind::Population, share.of.start, share.of.end),
            Reading::Change(change) => {
                let subject = change.base.text.split('@').next().unwrap_or_default();
                (Kind::Subject, change.base.start, change.base.start + subject.len())
            }
        };
    (mention::part(value, start, end) == at).then_some(kind)
}

fn kind_of(names: Names) -> Kind {
    match names {
        Names::Actors => Kind::Actor,
        Names::Places => Kind::Place,
        Names::Events => Kind::Subject,
        Names::Terms => Kind::Term,
        Names::Populations => Kind::Population,
    }
}

//! Renames an id where it is defined and where it is used. The changed workspace is analysed, and must be the same
//! except for the name.

mod named;
mod same;
mod seen;

pub use named::kind_from_word;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::verify;
use super::{FileChange, Refusal, apply, scalar};
use gainsay_analysis::document::mention::{Kind, Mention};
use gainsay_analysis::document::{Document, Entry, Name, Response, is_id};
use gainsay_analysis::finding::Edit;
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::lint::{self, Lint};
use gainsay_analysis::model::{Model, is_built_in};
use gainsay_analysis::source::{Location, Span};
use gainsay_analysis::workspace::{Analysis, DefinitionIndex, Options, Workspace};
use gainsay_analysis::yaml::{NodeKind, NodeRef};

/// The result of renaming a thing: the changes to write, and what they are.
#[derive(Debug)]
pub struct Renamed {
    /// The kind of the thing.
    pub kind: Kind,
    /// The kind as a word. For a subject, `event`, `proposition` or `series`.
    pub what: &'static str,
    /// The old full name.
    pub from: SmolStr,
    /// The new full name.
    pub to: SmolStr,
    /// The number of places that change.
    pub places: usize,
    /// The reviews whose record of the seen claims has the name. The record is updated, so that it stays valid.
    pub reviews: Vec<SmolStr>,
    /// The changes, which are written all or none.
    pub changes: Vec<FileChange>,
}

/// The changes that rename a thing, where it is defined and where it is used. `old` is an id; for a claim, with or
/// without its source. If several kinds share the id, write `KIND/ID`, or give `kind`. `analysis` must be that of the
/// workspace with these options, and the options must not hide any claims.
///
/// # Errors
/// If `old` is not defined or ambiguous, the new id is not valid or already used, a mention cannot be edited, or the
/// meaning of the files would change.
pub fn rename(
    workspace: &Workspace,
    analysis: &Analysis,
    options: &Options,
    kind: Option<Kind>,
    old: &str,
    new: &str,
) -> Result<Renamed, Refusal> {
    let index = DefinitionIndex::new(workspace);
    let (kind, from) = named::find_thing(workspace, &index, kind, old)?;
    let what = named::kind_in_words(workspace, &index, kind, &from);
    let renaming = Renaming::new(workspace, &index, kind, from, new)?;
    renaming.check_readable(analysis)?;
    let edits = renaming.edits(&analysis.model, &index)?;
    let changes = apply(workspace.files(), &edits)?;
    let named = super::changed(workspace, &changes);
    let renamed_analysis = named.analyse(options);
    same::check(&renaming, (workspace, &index, analysis), (&named, &renamed_analysis), &edits)?;
    let (reviews, seen) = seen::edits(&renaming, analysis, &named, &renamed_analysis)?;
    let changes = if seen.is_empty() {
        changes
    } else {
        let more = apply(named.files(), &seen)?;
        let both = super::changed(&named, &more);
        same::check_review_statuses(&renaming, analysis, &both.analyse(options))?;
        super::merge_changes(changes, more)
    };
    let Renaming { kind, from, to, .. } = renaming;
    Ok(Renamed { kind, what, from, to, places: edits.len(), reviews, changes })
}

/// The old and the new name of a thing.
struct Renaming<'w> {
    workspace: &'w Workspace,
    kind: Kind,
    /// Full names: that of a claim includes its source.
    from: SmolStr,
    to: SmolStr,
}

impl<'w> Renaming<'w> {
    /// Returns an error if the new id is not valid, or already used.
    fn new(
        workspace: &'w Workspace,
        index: &DefinitionIndex,
        kind: Kind,
        from: SmolStr,
        new: &str,
    ) -> Result<Self, Refusal> {
        let undecided = |why: String| Err(Refusal::Undecided(why));
        let source = if kind == Kind::Claim { from.rsplit_once('/').map(|(source, _)| source) } else { None };
        let id = match (source, new.split_once('/')) {
            (Some(source), Some((given, id))) if source == given => id,
            (Some(source), Some(_)) => {
                return undecided(format!(
                    "a claim cannot move to another source: write `{source}/CLAIM` or the id alone"
                ));
            }
            _ => new,
        };
        if !is_id(id) {
            return undecided(format!(
                "`{new}` is not a valid id: use lower-case words and digits, joined by single hyphens"
            ));
        }
        if is_built_in(kind, &from) {
            return undecided(format!("the {} `{from}` is built in and cannot be renamed", kind.name()));
        }
        let to: SmolStr = source.map_or_else(|| id.into(), |source| format!("{source}/{id}").into());
        if to == from {
            return undecided(format!("it already has the id `{from}`"));
        }
        if is_built_in(kind, &to) {
            return undecided(format!("the {} `{to}` is built in", kind.name()));
        }
        let renaming = Self { workspace, kind, from, to };
        let Renaming { from, to, .. } = &renaming;
        if let Some((file, there)) = index.definitions(kind, to).next() {
            let place = renaming.place(file, there.id);
            let kind = kind.name();
            return undecided(format!(
                "the {kind} `{to}` already exists, at {place}; to merge them, use `gainsay suggest --apply`"
            ));
        }
        let mut all = index.definitions(kind, from);
        if let (Some(_), Some((file, again))) = (all.next(), all.next()) {
            let place = renaming.place(file, again.id);
            return undecided(format!(
                "the {} `{from}` is defined twice, the second time at {place}",
                kind.name()
            ));
        }
        // The new name is not defined, but existing mentions of it would then mean the renamed thing.
        if let Some((file, there)) = index.mentions(kind, to).find(|(_, mention)| mention.is_sure()) {
            let place = renaming.place(file, there.span);
            return undecided(format!("`{to}` is already used at {place}, and would then mean this one"));
        }
        Ok(renaming)
    }

    /// Returns an error if a file contains the old name and has errors for which part of it is not read. That part
    /// would keep the old name.
    fn check_readable(&self, analysis: &Analysis) -> Result<(), Refusal> {
        let from = self.short_id(&self.from);
        let is_skipping = |rule: &str| SKIPPING_LINTS.iter().any(|lint| lint.id == rule);
        let collected = analysis.findings.iter().filter(|finding| is_skipping(finding.rule));
        let collected = collected.filter_map(|finding| {
            let at = finding.labels.first()?.location;
            Some((at.file, at.span.start, finding.message.clone()))
        });
        let omitted = analysis.omitted.iter().filter(|omitted| is_skipping(omitted.rule));
        let omitted = omitted.map(|omitted| {
            (omitted.file, 0, format!("the file has {} `{}` errors", omitted.count, omitted.rule))
        });
        let mut checked: FxHashMap<FileId, bool> = FxHashMap::default();
        for (file, start, what) in collected.chain(omitted) {
            let text = &self.workspace.files()[file];
            if *checked.entry(file).or_insert_with(|| contains_id(text.text(), from)) {
                let why = format!("{what}; fix it first, because the part that is not read may use `{from}`");
                return Err(Refusal::Layout { path: text.path().to_owned(), line: text.line(start), why });
            }
        }
        Ok(())
    }

    /// A place for messages, such as `a.yaml:3`.
    fn place(&self, file: FileId, span: Span) -> String {
        let file = &self.workspace.files()[file];
        format!("{}:{}", file.path(), file.line(span.start))
    }

    /// The id as it is written in a file: for a claim, without the source.
    fn short_id<'n>(&self, name: &'n str) -> &'n str {
        match self.kind {
            Kind::Claim => name.rsplit_once('/').map_or(name, |(_, claim)| claim),
            _ => name,
        }
    }

    /// The edits of all places, in the order of files.
    fn edits(&self, model: &Model, index: &DefinitionIndex) -> Result<Vec<Edit>, Refusal> {
        let defined = index.definitions(self.kind, &self.from).map(|(file, found)| (file, found.id));
        let mentions = index.mentions(self.kind, &self.from);
        let find_thing = mentions.filter(|(file, mention)| self.is_meant(model, index, *file, mention));
        let mut places: Vec<(FileId, Span)> =
            defined.chain(find_thing.map(|(file, found)| (file, found.span))).collect();
        places.sort();
        places.dedup();
        let mut edits = Vec::with_capacity(places.len());
        for of_file in places.chunk_by(|a, b| a.0 == b.0) {
            let file = of_file[0].0;
            let read = verify::parse(self.workspace.files()[file].text());
            let mut values = Vec::new();
            read.tree.root().into_iter().for_each(|root| plain_values(root, &mut values));
            for &(_, span) in of_file {
                edits.push(self.edit(file, span, values.binary_search(&span).is_ok())?);
            }
        }
        Ok(edits)
    }

    /// The edit of one place. Quotes stay; a plain value gets quotes if other readers of YAML would take the new name
    /// for a number or a boolean.
    fn edit(&self, file: FileId, span: Span, is_plain_value: bool) -> Result<Edit, Refusal> {
        let (from, to) = (self.short_id(&self.from), self.short_id(&self.to));
        let text = self.workspace.files()[file].slice(span);
        let is_quoted = ['"', '\'']
            .iter()
            .any(|&quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)) == Some(from));
        let location = |span| Location { file, span };
        if is_quoted {
            return Ok(Edit { location: location(span.part(1, text.len() - 1)), text: to.to_owned() });
        }
        if text == from {
            let text = if is_plain_value { scalar::value(to, true) } else { to.to_owned() };
            return Ok(Edit { location: location(span), text });
        }
        let file = &self.workspace.files()[file];
        let why = format!(
            "`{from}` is written with escapes or over several lines here; write it without them, then try again"
        );
        Err(Refusal::Layout { path: file.path().to_owned(), line: file.line(span.start), why })
    }

    /// Whether a mention means the renamed thing. If the file alone does not show it, the model decides.
    fn is_meant(&self, model: &Model, index: &DefinitionIndex, file: FileId, mention: &Mention) -> bool {
        let document = &self.workspace.documents()[file.index()];
        let within = mention.within.and_then(|at| index.of(file).definitions.get(at)).map(|found| found.id);
        match mention.key {
            "value" | "figure" => {
                named_by_value(model, document, within, mention).is_some_and(|(kind, name, span)| {
                    (kind, name.as_str(), span) == (self.kind, self.from.as_str(), mention.span)
                })
            }
            _ if mention.is_sure() => true,
            _ => {
                // A response can decline `A/B`: the model looks for a claim first, then for a question.
                let target = entry_with_id(&document.claims, within).and_then(|claim| {
                    let (response, targets) = claim.body.response.as_ref()?;
                    targets
                        .iter()
                        .find(|name| response.value == Response::Declines && name.span.holds(mention.span))
                });
                let is_claim = target.is_some_and(|target| model.find_claim(&target.value).is_some());
                matches!(self.kind, Kind::Source | Kind::Claim) == is_claim
            }
        }
    }

    /// The name that a thing has after the renaming.
    fn renamed(&self, kind: Kind, name: &str) -> SmolStr {
        if kind == self.kind && name == self.from {
            return self.to.clone();
        }
        match name.split_once('/') {
            Some((source, claim))
                if (kind, self.kind) == (Kind::Claim, Kind::Source) && source == self.from =>
            {
                format!("{}/{claim}", self.to).into()
            }
            _ => name.into(),
        }
    }

    /// The name that a question has after the renaming.
    fn renamed_question(&self, name: &str) -> String {
        let (asked, period) =
            name.split_once('@').map_or((name, None), |(asked, period)| (asked, Some(period)));
        let kinds = [Kind::Subject, Kind::Measure, Kind::Population];
        let parts = asked.split('/').zip(kinds).map(|(part, kind)| self.renamed(kind, part));
        let asked = parts.collect::<Vec<SmolStr>>().join("/");
        period.map_or_else(|| asked.clone(), |period| format!("{asked}@{period}"))
    }
}

/// Lints that report a part of a file that was not read.
const SKIPPING_LINTS: [Lint; 6] = [
    lint::UNREADABLE_FILE,
    lint::INVALID_YAML,
    lint::REFUSED_YAML,
    lint::DUPLICATE_KEY,
    lint::UNKNOWN_KEY,
    lint::WRONG_SHAPE,
];

/// Whether a text contains an id that is not part of a longer id.
fn contains_id(text: &str, id: &str) -> bool {
    let is_of_id = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let bytes = text.as_bytes();
    text.match_indices(id).any(|(at, _)| {
        !is_of_id(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !is_of_id(bytes.get(at + id.len()))
    })
}

/// The thing that a mention in a value, or in the figure of a review, names according to the measure.
fn named_by_value(
    model: &Model,
    document: &Document,
    within: Option<Span>,
    mention: &Mention,
) -> Option<(Kind, SmolStr, Span)> {
    let of = |measure: &str, values: &[Name]| {
        let measure = model.measures.find(measure)?;
        let value = values.iter().find(|value| value.span.holds(mention.span))?;
        model.named_in(measure, value)
    };
    if mention.key == "value" {
        let claim = &entry_with_id(&document.claims, within)?.body;
        return of(&claim.measure.as_ref()?.value, claim.value.as_ref()?.items());
    }
    let review = &entry_with_id(&document.reviews, within)?.body;
    let measure = review.question.as_ref()?.value.split('@').next()?.split('/').nth(1)?;
    of(measure, std::slice::from_ref(review.figure.as_ref()?))
}

fn entry_with_id<T>(entries: &[Entry<T>], id: Option<Span>) -> Option<&Entry<T>> {
    entries.iter().find(|entry| Some(entry.id.span) == id)
}

/// Collects the spans of scalars that are not keys, in order.
fn plain_values(node: NodeRef<'_, '_>, found: &mut Vec<Span>) {
    if node.shape() == NodeKind::Scalar {
        found.push(node.span());
    }
    node.items().for_each(|item| plain_values(item, found));
    node.entries().for_each(|(_, value)| plain_values(value, found));
}

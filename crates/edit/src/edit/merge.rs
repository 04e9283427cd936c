//! Merges two entries for the same thing: the names of the dropped entry become aliases of the kept one, all
//! references are changed, and keys that only the dropped entry has are moved. Entries with different values for a key
//! are refused. Also marks two similar events as different.

use std::collections::BTreeMap;

use super::body::{EntryBody, is_plain_in_flow};
use super::layout::{self, Edits};
use super::review::{check_readable, check_valid_yaml, layout_refusal};
use super::verify::{self, ParsedText};
use super::{FileChange, Refusal, apply, scalar};
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::finding::{Edit, Finding, Grade};
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::source::{Location, Span};
use gainsay_analysis::workspace::{Analysis, DefinitionIndex, Input, Options, Workspace, kind_in_words};
use gainsay_analysis::yaml::{NodeRef, Tree};

/// The keys for the names of a thing.
const NAMES: [&str; 2] = ["name", "aliases"];

/// The changes that merge `drop` into `keep`.
///
/// # Errors
/// If one of them does not exist, they have different values, one refers to the other, or a file cannot be changed
/// without damage.
pub fn merge(workspace: &Workspace, kind: Kind, keep: &str, drop: &str) -> Result<Vec<FileChange>, Refusal> {
    let index = DefinitionIndex::new(workspace);
    let (kept, dropped) =
        (DefinitionPlace::find(&index, kind, keep)?, DefinitionPlace::find(&index, kind, drop)?);
    let texts = DefinitionTexts::new(workspace, [kept.file, dropped.file])?;
    let (of_kept, section_kept) = texts.body(workspace, kept)?;
    let (of_dropped, section) = texts.body(workspace, dropped)?;
    if section_kept != section {
        let why = format!("`{keep}` is under `{section_kept}`, but `{drop}` is under `{section}`");
        return Err(Refusal::Undecided(why));
    }
    let mut edits = EditCollector { workspace, edits: Vec::new() };
    let mut lines = missing_lines(of_kept, of_dropped, (keep, drop), workspace, [kept, dropped])
        .map_err(|why| edits.refusal(dropped.file, why))??;
    let aliases = names_of(of_dropped, drop);
    let known = names_of(of_kept, keep);
    let new: Vec<String> =
        aliases.iter().filter(|name| !known.contains(name)).map(|name| list_item(name)).collect();
    if of_kept.is_braces() {
        // Empty braces are replaced by one edit.
        lines.splice(0..0, (!new.is_empty()).then(|| format!("aliases: [{}]", new.join(", "))));
        lines = if lines.is_empty() { lines } else { vec![lines.join(", ")] };
    } else if !new.is_empty() {
        edits.add(kept.file, of_kept.add_items("aliases", &new))?;
    }
    for line in &lines {
        edits.add(kept.file, of_kept.add_key(line, false))?;
    }
    let renamed = reference_edits(&index, workspace, kind, kept, dropped, (keep, drop))?;
    edits.edits.extend(renamed);
    let dropped_text = workspace.files()[dropped.file].text();
    let tree = &texts.read(dropped.file).tree;
    edits.add(dropped.file, layout::remove(dropped_text, tree, &section, dropped.id.start as usize))?;
    let changes = apply(workspace.files(), &edits.edits)?;
    check_merged(workspace, &changes, &index, kind, &section, (keep, drop)).map(|()| changes)
}

/// The change that notes on `event` that it is different from `other`, with the key `apart-from`.
///
/// # Errors
/// If one of them does not exist, or the file cannot be changed without damage.
pub fn mark_as_different(
    workspace: &Workspace,
    event: &str,
    other: &str,
) -> Result<Vec<FileChange>, Refusal> {
    let index = DefinitionIndex::new(workspace);
    let kind = Kind::Subject;
    let (place, _) =
        (DefinitionPlace::find(&index, kind, event)?, DefinitionPlace::find(&index, kind, other)?);
    let texts = DefinitionTexts::new(workspace, [place.file, place.file])?;
    let (body, section) = texts.body(workspace, place)?;
    if section != "events" {
        let why = format!("`{event}` is under `{section}`, and only events have the key `apart-from`");
        return Err(Refusal::Undecided(why));
    }
    let mut edits = EditCollector { workspace, edits: Vec::new() };
    edits.add(place.file, body.add_items("apart-from", &[other.to_owned()]))?;
    let changes = apply(workspace.files(), &edits.edits)?;
    check_merged(workspace, &changes, &index, kind, &section, (event, event)).map(|()| changes)
}

/// The place of a definition: its file, the span of its id, and that of its body.
#[derive(Clone, Copy)]
struct DefinitionPlace {
    file: FileId,
    id: Span,
    span: Span,
}

impl DefinitionPlace {
    /// The definition of an id. Returns an error if there is none, or more than one.
    fn find(index: &DefinitionIndex, kind: Kind, id: &str) -> Result<Self, Refusal> {
        let what = kind_in_words(kind);
        let mut all = index.definitions(kind, id);
        match (all.next(), all.next()) {
            (Some((file, one)), None) => Ok(Self { file, id: one.id, span: one.span }),
            (None, _) => Err(Refusal::Unknown(format!("the {what} `{id}` is not defined"))),
            _ => Err(Refusal::Undecided(format!("the {what} `{id}` is defined more than once"))),
        }
    }

    fn holds(&self, file: FileId, span: Span) -> bool {
        file == self.file && self.span.holds(span)
    }
}

/// The parsed files of two definitions.
struct DefinitionTexts<'w>(Vec<(FileId, ParsedText<'w>)>);

impl<'w> DefinitionTexts<'w> {
    fn new(workspace: &'w Workspace, files: [FileId; 2]) -> Result<Self, Refusal> {
        let mut texts = Vec::new();
        for file in files {
            let (path, text) = (workspace.files()[file].path(), workspace.files()[file].text());
            let read = verify::parse(text);
            check_readable(workspace, file)?;
            check_valid_yaml(path, text, &read)?;
            texts.push((file, read));
        }
        Ok(Self(texts))
    }

    fn read(&self, file: FileId) -> &ParsedText<'w> {
        let found = self.0.iter().find(|(of, _)| *of == file);
        &found.expect("the files of both definitions are read").1
    }

    /// The entry of a definition, and its section.
    fn body(
        &self,
        workspace: &'w Workspace,
        place: DefinitionPlace,
    ) -> Result<(EntryBody<'_, 'w>, String), Refusal> {
        let text = workspace.files()[place.file].text();
        for (section, value) in sections(&self.read(place.file).tree) {
            let found = value.entries().find(|(id, _)| id.span().start == place.id.start);
            if let Some((id, value)) = found {
                return Ok((EntryBody { text, id, value }, section.to_owned()));
            }
        }
        Err(Refusal::Misread("the entry is not where it was read".to_owned()))
    }
}

fn sections<'a, 't>(tree: &'a Tree<'t>) -> impl Iterator<Item = (&'a str, NodeRef<'a, 't>)> {
    let entries = tree.root().into_iter().flat_map(NodeRef::entries);
    entries.filter_map(|(key, value)| Some((key.text()?, value)))
}

/// Collects edits of the workspace.
struct EditCollector<'w> {
    workspace: &'w Workspace,
    edits: Vec<Edit>,
}

impl EditCollector<'_> {
    fn add(&mut self, file: FileId, edits: Result<Edits, layout::UnsupportedLayout>) -> Result<(), Refusal> {
        let edits = edits.map_err(|why| self.refusal(file, why))?;
        self.edits.extend(edits.into_iter().map(|(span, text)| Edit {
            location: Location { file, span: Span::new(span.start, span.end) },
            text,
        }));
        Ok(())
    }

    fn refusal(&self, file: FileId, why: layout::UnsupportedLayout) -> Refusal {
        layout_refusal(self.workspace.files()[file].path(), self.workspace.files()[file].text(), why)
    }
}

/// The names of a thing: its name (or its id in words) and its aliases.
fn names_of(body: EntryBody<'_, '_>, id: &str) -> Vec<String> {
    let name = body.get("name").and_then(|(_, name)| name.text()).filter(|name| !name.is_empty());
    let name = name.map_or_else(|| id.replace('-', " "), str::to_owned);
    let aliases = body.get("aliases").map(|(_, list)| list);
    let one = aliases.and_then(NodeRef::text).map(str::to_owned);
    let many = aliases.into_iter().flat_map(NodeRef::items).filter_map(NodeRef::text).map(str::to_owned);
    let mut names: Vec<String> = std::iter::once(name).chain(one).chain(many).collect();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// A name as it is written in a list in brackets.
fn list_item(name: &str) -> String {
    let plain = scalar::pair("k", name);
    match plain.as_slice() {
        [line] if is_plain_in_flow(line) => line.trim_start_matches("k: ").to_owned(),
        _ => scalar::quoted(name),
    }
}

/// A value with its place, for messages: `person` at a.yaml:3.
fn quote_value(workspace: &Workspace, place: DefinitionPlace, value: NodeRef<'_, '_>) -> String {
    let file = &workspace.files()[place.file];
    let written = file.slice(value.span()).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("`{written}` at {}:{}", file.path(), file.line(value.span().start))
}

/// The lines of the dropped entry whose keys the kept one does not have. Returns an error if the same key has different
/// values.
fn missing_lines(
    kept: EntryBody<'_, '_>,
    dropped: EntryBody<'_, '_>,
    (keep, drop): (&str, &str),
    workspace: &Workspace,
    places: [DefinitionPlace; 2],
) -> Result<Result<Vec<String>, Refusal>, layout::UnsupportedLayout> {
    let (mut lines, mut differing) = (Vec::new(), Vec::new());
    for (key, value) in dropped.value.entries() {
        let name = key.text().unwrap_or_default();
        if NAMES.contains(&name) {
            continue;
        }
        match kept.get(name) {
            Some((_, same)) if verify::is_same(same, value) => {}
            Some((_, other)) => differing.push(format!(
                "`{name}` ({}, {})",
                quote_value(workspace, places[0], other),
                quote_value(workspace, places[1], value)
            )),
            None => lines.push(dropped.key_line(key, value)?),
        }
    }
    if differing.is_empty() {
        return Ok(Ok(lines));
    }
    let why = format!(
        "`{keep}` and `{drop}` have different values for {}: make them the same first, or do not merge",
        differing.join(", ")
    );
    Ok(Err(Refusal::Undecided(why)))
}

/// The edits that change all references from the dropped entry to the kept one.
fn reference_edits(
    index: &DefinitionIndex,
    workspace: &Workspace,
    kind: Kind,
    kept: DefinitionPlace,
    dropped: DefinitionPlace,
    (keep, drop): (&str, &str),
) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    let at = |file: FileId, span: Span| {
        let file = &workspace.files()[file];
        format!("`{}`, line {}", file.path(), file.line(span.start))
    };
    let refused = |why: String| Err(Refusal::Undecided(why));
    for (file, mention) in index.mentions(kind, keep) {
        if dropped.holds(file, mention.span) {
            let place = at(file, mention.span);
            return refused(format!(
                "{place}: `{drop}` refers to `{keep}` with `{}`, so they are different things",
                mention.key
            ));
        }
    }
    for (file, mention) in index.mentions(kind, drop) {
        if dropped.holds(file, mention.span) {
            return refused(format!("{}: `{drop}` refers to itself", at(file, mention.span)));
        }
        if kept.holds(file, mention.span) {
            let place = at(file, mention.span);
            return refused(format!(
                "{place}: `{keep}` refers to `{drop}` with `{}`, so they are different things",
                mention.key
            ));
        }
        let others = mention.kinds.iter().filter(|&&other| other != kind);
        if let Some(other) =
            others.into_iter().find(|&&other| index.definitions(other, drop).next().is_some())
        {
            let place = at(file, mention.span);
            return refused(format!(
                "{place}: `{drop}` could also be the {} with this id; write which one is meant",
                other.name()
            ));
        }
        let beside = index.mentions(kind, keep).find(|(other, beside)| {
            *other == file && beside.within == mention.within && beside.key == mention.key
        });
        if let Some((file, beside)) = beside {
            let place = at(file, beside.span);
            return refused(format!(
                "{place}: both are in the same `{}`; remove one of them first",
                mention.key
            ));
        }
        if workspace.files()[file].text().get(mention.span.range()) != Some(drop) {
            let place = at(file, mention.span);
            return refused(format!(
                "{place}: `{drop}` is written with escapes; write it without them first"
            ));
        }
        edits.push(Edit { location: Location { file, span: mention.span }, text: keep.to_owned() });
    }
    Ok(edits)
}

/// Parses the changed files again and checks them: none of the references names the dropped entry, all of them now
/// name the kept one, all other entries are the same, and the change causes no errors.
fn check_merged(
    workspace: &Workspace,
    changes: &[FileChange],
    before: &DefinitionIndex,
    kind: Kind,
    section: &str,
    (keep, drop): (&str, &str),
) -> Result<(), Refusal> {
    let by_path: BTreeMap<&str, &FileChange> =
        changes.iter().map(|change| (change.path.as_str(), change)).collect();
    for change in changes {
        let (was, is) =
            (verify::parse(change.before.as_deref().unwrap_or_default()), verify::parse(&change.after));
        let is_whole = entry_keys(&was.tree, section, keep)
            .iter()
            .all(|key| entry_keys(&is.tree, section, keep).contains(key));
        let unmerged = |tree| other_entries(tree, section, &[keep, drop]);
        let (was, is) = (unmerged(&was.tree), unmerged(&is.tree));
        let renamed = was
            .iter()
            .map(|line| line.replace(drop, keep))
            .eq(is.iter().map(|line| line.replace(drop, keep)));
        if !renamed || !is_whole {
            let why = "its layout is not supported, and something else would change; edit the file by hand";
            return Err(Refusal::Misread(format!("`{}` was not changed: {why}", change.path)));
        }
    }
    let input = |file: FileId| {
        let file = &workspace.files()[file];
        let text = by_path.get(file.path()).map_or(file.text(), |change| &change.after);
        Input { path: file.path().to_owned(), content: Ok(text.as_bytes().to_vec()) }
    };
    let after = Workspace::read((0..workspace.files().len()).map(|at| input(FileId::new(at))).collect());
    let now = DefinitionIndex::new(&after);
    let mentions = |index: &DefinitionIndex, name: &str| index.mentions(kind, name).count();
    if keep != drop {
        let is_gone = now.definitions(kind, drop).next().is_none() && mentions(&now, drop) == 0;
        let is_there = mentions(&now, keep) == mentions(before, keep) + mentions(before, drop);
        if !is_gone || !is_there {
            return Err(Refusal::Misread(format!(
                "not all references to `{drop}` would be changed to `{keep}`"
            )));
        }
    }
    check_new_errors(workspace, &after)
}

/// The keys and values of an entry as text, without the lists that a merge adds to.
fn entry_keys(tree: &Tree<'_>, section: &str, id: &str) -> Vec<String> {
    let of_section = sections(tree).filter(|(name, _)| *name == section);
    let entries = of_section.flat_map(|(_, value)| value.entries()).filter(|(key, _)| key.text() == Some(id));
    let keys = entries.flat_map(|(_, body)| body.entries());
    let keys = keys.filter(|(key, _)| !matches!(key.text(), Some("aliases" | "apart-from")));
    keys.map(|(key, value)| format!("{:?}: {}", key.text(), verify::content_text(value))).collect()
}

/// All entries of a file as text, except those of `section` with the ids in `but`.
fn other_entries(tree: &Tree<'_>, section: &str, but: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for (name, value) in sections(tree) {
        all.push(name.to_owned());
        for (key, body) in value.entries() {
            let is_own = name == section && key.text().is_some_and(|key| but.contains(&key));
            if !is_own {
                all.push(format!("{:?}: {}", key.text(), verify::content_text(body)));
            }
        }
        if value.entries().len() == 0 && value.text().is_some_and(|text| !text.is_empty()) {
            all.push(verify::content_text(value));
        }
    }
    all
}

/// Returns an error if the changed workspace has a new error.
fn check_new_errors(before: &Workspace, after: &Workspace) -> Result<(), Refusal> {
    let errors = |workspace: &Workspace| -> Result<Vec<Finding>, Refusal> {
        let Analysis { findings, omitted, .. } = workspace.analyse(&Options::default());
        if let Some(why) = verify::too_many_errors(&omitted) {
            let first = omitted.iter().find(|omitted| omitted.grade == Grade::Error);
            let path = first.map_or("", |omitted| workspace.files()[omitted.file].path());
            return Err(Refusal::Misread(format!("nothing was changed because of `{path}`: {why}")));
        }
        Ok(findings.into_iter().filter(|finding| finding.grade == Grade::Error).collect())
    };
    let (before, after) = (errors(before)?, errors(after)?);
    match verify::first_new_finding(&before, &after) {
        Some(Finding { message, .. }) => {
            Err(Refusal::Misread(format!("the change would cause an error: {message}")))
        }
        None => Ok(()),
    }
}

//! Resolves a name from the command line to the kind and the full name of a thing.

use smol_str::SmolStr;

use crate::edit::Refusal;
use gainsay_analysis::document::SubjectKind;
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::id::Id as _;
use gainsay_analysis::model::is_built_in;
use gainsay_analysis::workspace::{DefinitionIndex, Workspace};
use gainsay_reading::names::did_you_mean;

/// The kinds of things with ids, and their sections.
const KINDS: [(Kind, &[&str]); 9] = [
    (Kind::Actor, &["actors"]),
    (Kind::Subject, &["events", "propositions", "series"]),
    (Kind::Place, &["places"]),
    (Kind::Term, &["terms"]),
    (Kind::Population, &["populations"]),
    (Kind::Measure, &["measures"]),
    (Kind::Source, &["sources"]),
    (Kind::Claim, &["claims"]),
    (Kind::Review, &["reviews"]),
];

/// The thing that a name means. Returns an error if there is none, or more than one.
pub(super) fn find_thing(
    workspace: &Workspace,
    index: &DefinitionIndex,
    kind: Option<Kind>,
    old: &str,
) -> Result<(Kind, SmolStr), Refusal> {
    let mut found: Vec<(Kind, SmolStr)> = Vec::new();
    let is_wanted = |of: Kind| kind.is_none_or(|kind| kind == of);
    for (of, sections) in KINDS.into_iter().filter(|(of, _)| is_wanted(*of)) {
        let by_section = old.split_once('/').filter(|(section, _)| sections.contains(section));
        let names = [Some(old), by_section.map(|(_, id)| id)];
        for name in names.into_iter().flatten().filter(|name| index.definitions(of, name).next().is_some()) {
            found.push((of, name.into()));
        }
        if of == Kind::Claim && !old.contains('/') {
            let short = |name: &&SmolStr| name.rsplit_once('/').is_some_and(|(_, claim)| claim == old);
            found.extend(index.names(of).filter(short).map(|name| (of, name.clone())));
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(not_found(index, kind, old)),
        several => {
            let full = |(kind, name): &(Kind, SmolStr)| match kind {
                Kind::Claim => format!("`{name}`"),
                kind => format!("`{}/{name}`", section_of(workspace, index, *kind, name)),
            };
            let names: Vec<String> = several.iter().map(full).collect();
            Err(Refusal::Unknown(format!("`{old}` is ambiguous: write {}", names.join(" or "))))
        }
    }
}

/// The kind of a thing as a word for messages. For a subject, `event`, `proposition` or `series`.
pub(super) fn kind_in_words(
    workspace: &Workspace,
    index: &DefinitionIndex,
    kind: Kind,
    name: &str,
) -> &'static str {
    subject(workspace, index, kind, name).map_or_else(|| kind.name(), SubjectKind::name)
}

fn subject(workspace: &Workspace, index: &DefinitionIndex, kind: Kind, name: &str) -> Option<SubjectKind> {
    let (file, definition) = index.definitions(kind, name).next().filter(|_| kind == Kind::Subject)?;
    let subjects = &workspace.documents()[file.index()].subjects;
    subjects.iter().find(|subject| subject.id.span == definition.id).map(|subject| subject.body.kind)
}

/// The section of a thing.
fn section_of(workspace: &Workspace, index: &DefinitionIndex, kind: Kind, name: &str) -> &'static str {
    let sections = KINDS.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, sections)| sections);
    match subject(workspace, index, kind, name) {
        Some(SubjectKind::Proposition) => "propositions",
        Some(SubjectKind::Series) => "series",
        _ => sections.first().copied().unwrap_or_default(),
    }
}

fn not_found(index: &DefinitionIndex, kind: Option<Kind>, old: &str) -> Refusal {
    let kinds = || KINDS.iter().map(|(of, _)| *of).filter(|of| kind.is_none_or(|kind| kind == *of));
    let id = old.rsplit_once('/').map_or(old, |(_, id)| id);
    if let Some(of) = kinds().find(|of| is_built_in(*of, id)) {
        return Refusal::Unknown(format!("the {} `{id}` is built in and cannot be renamed", of.name()));
    }
    let known = kinds().flat_map(|of| index.names(of)).map(SmolStr::as_str);
    let near = did_you_mean(old, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let what = kind.map_or("nothing".to_owned(), |kind| format!("no {}", kind.name()));
    Refusal::Unknown(format!("{what} is called `{old}`{near}"))
}

/// The kind for a word from the command line, such as `actor` or `actors`; none if there is no such kind.
pub fn kind_from_word(word: &str) -> Option<Kind> {
    let found = KINDS.iter().find(|(kind, sections)| kind.name() == word || sections.contains(&word));
    found.map(|(kind, _)| *kind).or(match word {
        "event" | "proposition" => Some(Kind::Subject),
        _ => None,
    })
}

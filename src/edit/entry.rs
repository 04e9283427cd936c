//! New entries in claim files: one more behind the last of its section, in the file's own layout; and new sources, each
//! the beginning of a file.

use rustc_hash::FxHashSet;

use super::layout::{self, Margin};
use super::review::{change, in_file, verified, whole};
use super::verify;
use super::{Change, Refusal, line_break_of, scalar};
use crate::document::is_id;
use crate::document::mention::Kind;
use crate::document::shape::{FILE, SOURCE, Shape, Takes};
use crate::finding::Finding;
use crate::id::{FileId, Id as _};
use crate::model::is_built_in;
use crate::names::did_you_mean;
use crate::source::Span;
use crate::workspace::{DefinitionIndex, Workspace};
use crate::yaml::{self, NodeRef, Tree};

/// What a key is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Given {
    /// One text.
    One(String),
    /// A list of texts.
    List(Vec<String>),
}

impl Given {
    /// All of them.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::List(texts) => texts,
        }
    }
}

/// An entry that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// The section it goes into: `actors`, `claims`.
    pub section: &'a str,
    /// Its id; of a claim within its source.
    pub id: &'a str,
    /// What stands under the id, in any order: it is written in that of [`crate::document::shape`].
    pub fields: &'a [(String, Given)],
}

/// The file into which a new entry of a section goes: the one that holds most of them, of several the first; where there
/// is none, `new_file`. A claim goes into the file of its source.
pub fn home_of_entries(workspace: &Workspace, section: &str, new_file: &str) -> String {
    let entries = |text: &str| {
        let read = verify::read(text);
        entries_of(&read.tree, section).map(|section| section.entries().len())
    };
    let holding = workspace.files().iter().filter_map(|(_, file)| Some((entries(file.text())?, file.path())));
    let most = holding.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
    most.map_or_else(|| new_file.to_owned(), |(_, path)| path.to_owned())
}

/// Where an entry stands in a text, with its id; or what a key of it is given. The source of a file is the one entry of
/// the section `source`.
pub fn span_of(text: &str, section: &str, id: &str, key: Option<&str>) -> Option<Span> {
    let (tree, _) = yaml::parse(FileId::new(0), text);
    let (name, body) = entry_of(&tree, section, id)?;
    match key {
        Some(key) => value_of(body, key).map(NodeRef::span),
        None => Some(name.span().to(body.span())),
    }
}

/// The id and the body of an entry.
fn entry_of<'a, 't>(
    tree: &'a Tree<'t>,
    section: &str,
    id: &str,
) -> Option<(NodeRef<'a, 't>, NodeRef<'a, 't>)> {
    let (entries, id) = match section {
        "source" => (tree.root()?, section),
        _ => (entries_of(tree, section)?, id),
    };
    entries.entries().find(|(known, _)| known.text() == Some(id))
}

/// The change that writes a new entry into a file of a workspace, or begins the file with it. What it refers to may be
/// unknown, and what a key is given may be nothing that it takes: whoever writes the change looks at what
/// [`super::changed`] makes of the workspace.
///
/// # Errors
/// Where the id is none or taken, a key is unknown, or the file cannot be changed without damage.
pub fn new_entry(workspace: &Workspace, entry: &NewEntry<'_>, path: &str) -> Result<Change, Refusal> {
    let shape = shape_of(entry.section).ok_or_else(|| {
        Refusal::Undecided(format!("claim files have no entries under `{}`", entry.section))
    })?;
    let fields = in_order(shape, entry.fields)?;
    let file = workspace.files().find(path);
    check_id(workspace, file, entry, path)?;
    let text = file.map_or("", |file| workspace.files()[file].text());
    let read = verify::read(text);
    whole(path, text, &read)?;
    let is_in_line = is_in_line(text, &read.tree, entry.section);
    let lines = |margin: Margin| {
        let in_line = is_in_line.then(|| on_one_line(entry.id, &fields, margin)).flatten();
        in_line.unwrap_or_else(|| on_lines(shape, entry.id, &fields, margin))
    };
    let edits = layout::append(text, &read.tree, entry.section, line_break_of(workspace), &lines)
        .map_err(|why| in_file(path, text, why))?;
    let change = change(workspace, file, path, edits)?;
    let mut after = verify::read(&change.after);
    let written = entry_of(&after.tree, entry.section, entry.id);
    let is_so = written.is_some_and(|(_, body)| says(body, &fields))
        && verify::is_one_more(&read.tree, &after.tree, entry.section, entry.id);
    forgive(&mut after.findings, written.map(|(id, body)| id.span().to(body.span())));
    verified(path, &read, &after, is_so).map(|()| change)
}

/// The change that begins a file with a new source, which has no claims yet. `fields` are those of a source but its id.
///
/// # Errors
/// As for an entry; and where the file is there already.
pub fn new_source(
    workspace: &Workspace,
    id: &str,
    fields: &[(String, Given)],
    path: &str,
) -> Result<Change, Refusal> {
    if workspace.files().find(path).is_some() {
        let why = format!("`{path}` is there already, and a file has one source; name another: --file FILE");
        return Err(Refusal::Undecided(why));
    }
    let mut fields = fields.to_vec();
    fields.push(("id".to_owned(), Given::One(id.to_owned())));
    let fields = in_order(&SOURCE, &fields)?;
    check_id(workspace, None, &NewEntry { section: "sources", id, fields: &[] }, path)?;
    let lines = fields.iter().flat_map(|(key, given)| pair(&SOURCE, key, given));
    let body: String =
        lines.map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect();
    let after = format!("source:\n{body}\nclaims: {{}}\n").replace('\n', line_break_of(workspace));
    let change = Change { path: path.to_owned(), before: None, after };
    let (before, mut after) = (verify::read(""), verify::read(&change.after));
    let written = entry_of(&after.tree, "source", id);
    let is_so = written.is_some_and(|(_, body)| says(body, &fields));
    forgive(&mut after.findings, written.map(|(id, body)| id.span().to(body.span())));
    verified(path, &before, &after, is_so).map(|()| change)
}

/// Leaves out what is wrong with the new entry itself: it says what was given, and whoever gave it is told.
fn forgive(findings: &mut Vec<Finding>, entry: Option<Span>) {
    let is_within = |finding: &Finding, entry: Span| {
        finding.labels.first().is_some_and(|label| entry.holds(label.location.span))
    };
    findings.retain(|finding| !entry.is_some_and(|entry| is_within(finding, entry)));
}

/// What an entry of a section holds; none where there is no such section of entries.
fn shape_of(section: &str) -> Option<&'static Shape> {
    FILE.keys.iter().find(|key| key.name == section).and_then(|key| match key.takes {
        Takes::Entries(shape) => Some(shape),
        _ => None,
    })
}

fn kind_of(section: &str) -> Option<Kind> {
    super::kind_named(section)
}

/// The fields in the order in which a careful person writes them.
fn in_order<'f>(shape: &Shape, fields: &'f [(String, Given)]) -> Result<Vec<(&'f str, &'f Given)>, Refusal> {
    let mut known = FxHashSet::default();
    let mut ordered = Vec::with_capacity(fields.len());
    for (key, given) in fields {
        let Some(at) = shape.position(key) else {
            let near = did_you_mean(key, shape.keys.iter().map(|key| key.name));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Refusal::Undecided(format!("{} has no `{key}`{near}", shape.name)));
        };
        if !known.insert(key) {
            return Err(Refusal::Undecided(format!("`{key}` is given twice")));
        }
        if let Some(odd) = given.texts().iter().find_map(|text| scalar::unwritable(text)) {
            let code = u32::from(odd);
            let why = format!("`{key}` holds a character that cannot be seen, U+{code:04X}; take it out");
            return Err(Refusal::Undecided(why));
        }
        ordered.push((at, key.as_str(), given));
    }
    ordered.sort_by_key(|(at, ..)| *at);
    Ok(ordered.into_iter().map(|(_, key, given)| (key, given)).collect())
}

/// Refuses an id that is none or that something has.
fn check_id(
    workspace: &Workspace,
    file: Option<FileId>,
    entry: &NewEntry<'_>,
    path: &str,
) -> Result<(), Refusal> {
    let NewEntry { section, id, .. } = *entry;
    let refused = |why: String| Err(Refusal::Undecided(why));
    if !is_id(id) {
        return refused(format!("`{id}` is no id: lower-case words and digits, joined by single hyphens"));
    }
    let Some(kind) = kind_of(section) else { return Ok(()) };
    let mut name = id.to_owned();
    if kind == Kind::Claim {
        let document = file.map(|file| &workspace.documents()[file.index()]);
        let Some(source) = document.and_then(|document| document.source.as_ref()) else {
            return refused(format!(
                "`{path}` has no source in which a claim could be made; begin one first"
            ));
        };
        name = format!("{}/{id}", source.id.value);
    }
    if is_built_in(kind, id) {
        return refused(format!(
            "the {} `{id}` is built in; to say more of it, write it by hand",
            kind.name()
        ));
    }
    match DefinitionIndex::new(workspace).definitions(kind, &name).next() {
        None => Ok(()),
        Some((file, there)) => {
            let file = &workspace.files()[file];
            let line = file.line(there.id.start);
            refused(format!("the {} `{name}` is there already, at {}:{line}", kind.name(), file.path()))
        }
    }
}

/// Whether every entry of a section stands on one line, between braces.
fn is_in_line(text: &str, tree: &Tree<'_>, section: &str) -> bool {
    let Some(section) = entries_of(tree, section) else { return false };
    let is_one_line = |body: NodeRef<'_, '_>| body.is_flow() && !text[body.span().range()].contains('\n');
    section.entries().len() > 0 && section.entries().all(|(_, body)| is_one_line(body))
}

/// Longer lines are broken into one for each key.
const WIDEST: usize = 120;

/// The entry between braces; none where that is too wide or a text has lines.
fn on_one_line(id: &str, fields: &[(&str, &Given)], margin: Margin) -> Option<Vec<String>> {
    if fields.iter().any(|(_, given)| given.texts().iter().any(|text| text.contains('\n'))) {
        return None;
    }
    let pairs: Vec<String> = fields.iter().map(|(key, given)| format!("{key}: {}", inline(given))).collect();
    let body = if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) };
    let line = format!("{:1$}{id}: {body}", "", margin.indent);
    (line.chars().count() <= WIDEST).then(|| vec![line])
}

fn on_lines(shape: &Shape, id: &str, fields: &[(&str, &Given)], margin: Margin) -> Vec<String> {
    let head = format!("{:1$}{id}:", "", margin.indent);
    if fields.is_empty() {
        return vec![head + " {}"];
    }
    let indent = margin.indent + margin.step;
    let lines = fields.iter().flat_map(|(key, given)| pair(shape, key, given));
    let within = |line: String| if line.is_empty() { line } else { format!("{:indent$}{line}", "") };
    std::iter::once(head).chain(lines.map(within)).collect()
}

/// A key with what it is given, as lines.
fn pair(shape: &Shape, key: &str, given: &Given) -> Vec<String> {
    let takes = shape.keys.iter().find(|known| known.name == key).map(|known| known.takes);
    let is_text = matches!(takes, Some(Takes::Text | Takes::Texts));
    match given {
        Given::One(text) if is_text || text.contains('\n') => scalar::pair(key, text),
        // What a block reads is not what stands between braces: `1,034` needs no quotes here.
        Given::One(text) if scalar::is_plain_line(text) => vec![format!("{key}: {text}")],
        given => vec![format!("{key}: {}", inline(given))],
    }
}

/// What a key is given, as it stands between braces.
fn inline(given: &Given) -> String {
    match given {
        Given::One(text) => scalar::value(text, false),
        Given::List(texts) => {
            let items: Vec<String> = texts.iter().map(|text| scalar::value(text, false)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// The entries of a section.
fn entries_of<'a, 't>(tree: &'a Tree<'t>, section: &str) -> Option<NodeRef<'a, 't>> {
    tree.root().and_then(|root| value_of(root, section)).filter(|value| value.shape() == yaml::Shape::Mapping)
}

fn value_of<'a, 't>(mapping: NodeRef<'a, 't>, key: &str) -> Option<NodeRef<'a, 't>> {
    mapping.entries().find(|(known, _)| known.text() == Some(key)).map(|(_, value)| value)
}

/// Whether a mapping says exactly this.
fn says(body: NodeRef<'_, '_>, fields: &[(&str, &Given)]) -> bool {
    let is_given = |value: NodeRef<'_, '_>, given: &Given| match given {
        Given::One(text) => value.text() == Some(text),
        Given::List(texts) => {
            value.shape() == yaml::Shape::List
                && value.items().len() == texts.len()
                && value.items().zip(texts).all(|(item, text)| item.text() == Some(text))
        }
    };
    body.shape() == yaml::Shape::Mapping
        && body.entries().len() == fields.len()
        && body
            .entries()
            .zip(fields)
            .all(|((key, value), (name, given))| key.text() == Some(*name) && is_given(value, given))
}

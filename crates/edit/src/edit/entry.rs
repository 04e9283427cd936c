//! Adds new entries to claim files, after the last entry of their section and in the layout of the file; and creates
//! files with a new source.

use rustc_hash::FxHashSet;

use super::layout::{self, Margin};
use super::review::{change, check_result, check_valid_yaml, layout_refusal};
use super::verify;
use super::{FileChange, Refusal, line_break_of, scalar};
use gainsay_analysis::document::is_id;
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::document::shape::{FILE, SOURCE, Shape, Takes};
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::model::is_built_in;
use gainsay_analysis::source::Span;
use gainsay_analysis::workspace::{DefinitionIndex, Workspace};
use gainsay_analysis::yaml::{self, NodeRef, Tree};
use gainsay_reading::names::did_you_mean;

/// The value of a key of a new entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldValue {
    /// One text.
    One(String),
    /// A list of texts.
    List(Vec<String>),
}

impl FieldValue {
    /// The text, or all texts of the list.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::List(texts) => texts,
        }
    }
}

/// An entry to add.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// The section that it is added to, such as `actors` or `claims`.
    pub section: &'a str,
    /// Its id; for a claim, without the source.
    pub id: &'a str,
    /// Its keys and values, in any order. They are written in the order of [`gainsay_analysis::document::shape`].
    pub fields: &'a [(String, FieldValue)],
}

/// The path of the file that a new entry of a section is added to: the first one with the most entries of the section,
/// or `new_file` if no file has any. Not for claims, which are added to the file of their source.
pub fn file_for_entries(workspace: &Workspace, section: &str, new_file: &str) -> String {
    let entries = |text: &str| {
        let read = verify::parse(text);
        entries_of(&read.tree, section).map(|section| section.entries().len())
    };
    let holding = workspace.files().iter().filter_map(|(_, file)| Some((entries(file.text())?, file.path())));
    let most = holding.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
    most.map_or_else(|| new_file.to_owned(), |(_, path)| path.to_owned())
}

/// The span of an entry with its id, or the span of the value of one of its keys. The source of a file is the only
/// entry of the section `source`.
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

/// The change that adds a new entry to a file of a workspace, or creates the file with it. References and values are
/// not checked: the caller has to analyse the workspace that [`super::changed`] returns.
///
/// # Errors
/// If the id is not valid or already used, a key is unknown, or the file cannot be changed without damage.
pub fn new_entry(workspace: &Workspace, entry: &NewEntry<'_>, path: &str) -> Result<FileChange, Refusal> {
    let shape = shape_of(entry.section).ok_or_else(|| {
        Refusal::Undecided(format!("claim files have no entries under `{}`", entry.section))
    })?;
    let fields = ordered_fields(shape, entry.fields)?;
    let file = workspace.files().find(path);
    check_id(workspace, file, entry, path)?;
    let text = file.map_or("", |file| workspace.files()[file].text());
    let read = verify::parse(text);
    check_valid_yaml(path, text, &read)?;
    let has_inline_entries = has_inline_entries(text, &read.tree, entry.section);
    let lines = |margin: Margin| {
        let inline = has_inline_entries.then(|| entry_on_one_line(entry.id, &fields, margin)).flatten();
        inline.unwrap_or_else(|| entry_on_lines(shape, entry.id, &fields, margin))
    };
    let edits = layout::append(text, &read.tree, entry.section, line_break_of(workspace), &lines)
        .map_err(|why| layout_refusal(path, text, why))?;
    let change = change(workspace, file, path, edits)?;
    let mut after = verify::parse(&change.after);
    let written = entry_of(&after.tree, entry.section, entry.id);
    let is_as_meant = written.is_some_and(|(_, body)| has_fields(body, &fields))
        && verify::is_one_more(&read.tree, &after.tree, entry.section, entry.id);
    ignore_findings_in(&mut after.findings, written.map(|(id, body)| id.span().to(body.span())));
    check_result(path, &read, &after, is_as_meant).map(|()| change)
}

/// The change that creates a file with a new source, without claims. `fields` are those of the source without its id.
///
/// # Errors
/// As [`new_entry`], and if the file already exists.
pub fn new_source(
    workspace: &Workspace,
    id: &str,
    fields: &[(String, FieldValue)],
    path: &str,
) -> Result<FileChange, Refusal> {
    if workspace.files().find(path).is_some() {
        let why = format!(
            "`{path}` already exists, and a file can have only one source; name another file with --file"
        );
        return Err(Refusal::Undecided(why));
    }
    let mut fields = fields.to_vec();
    fields.push(("id".to_owned(), FieldValue::One(id.to_owned())));
    let fields = ordered_fields(&SOURCE, &fields)?;
    check_id(workspace, None, &NewEntry { section: "sources", id, fields: &[] }, path)?;
    let lines = fields.iter().flat_map(|(key, given)| key_lines(&SOURCE, key, given));
    let body: String =
        lines.map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect();
    let after = format!("source:\n{body}\nclaims: {{}}\n").replace('\n', line_break_of(workspace));
    let change = FileChange { path: path.to_owned(), before: None, after };
    let (before, mut after) = (verify::parse(""), verify::parse(&change.after));
    let written = entry_of(&after.tree, "source", id);
    let is_as_meant = written.is_some_and(|(_, body)| has_fields(body, &fields));
    ignore_findings_in(&mut after.findings, written.map(|(id, body)| id.span().to(body.span())));
    check_result(path, &before, &after, is_as_meant).map(|()| change)
}

/// Removes findings on the new entry itself. They are about its values, and the caller reports them.
fn ignore_findings_in(findings: &mut Vec<Finding>, entry: Option<Span>) {
    let is_within = |finding: &Finding, entry: Span| {
        finding.labels.first().is_some_and(|label| entry.holds(label.location.span))
    };
    findings.retain(|finding| !entry.is_some_and(|entry| is_within(finding, entry)));
}

/// The shape of the entries of a section; none if there is no such section.
fn shape_of(section: &str) -> Option<&'static Shape> {
    FILE.keys.iter().find(|key| key.name == section).and_then(|key| match key.takes {
        Takes::Entries(shape) => Some(shape),
        _ => None,
    })
}

fn kind_of(section: &str) -> Option<Kind> {
    super::kind_from_word(section)
}

/// The fields in the order of the table of keys. Returns an error for an unknown or repeated key, or a text that
/// cannot be written.
fn ordered_fields<'f>(
    shape: &Shape,
    fields: &'f [(String, FieldValue)],
) -> Result<Vec<(&'f str, &'f FieldValue)>, Refusal> {
    let mut known = FxHashSet::default();
    let mut ordered = Vec::with_capacity(fields.len());
    for (key, given) in fields {
        let Some(at) = shape.position(key) else {
            let near = did_you_mean(key, shape.keys.iter().map(|key| key.name));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Refusal::Undecided(format!("{} has no `{key}`{near}", shape.name)));
        };
        if !known.insert(key) {
            return Err(Refusal::Undecided(format!("duplicate key `{key}`")));
        }
        if let Some(odd) = given.texts().iter().find_map(|text| scalar::unwritable(text)) {
            let code = u32::from(odd);
            let why = format!("`{key}` contains an invisible character, U+{code:04X}; remove it");
            return Err(Refusal::Undecided(why));
        }
        ordered.push((at, key.as_str(), given));
    }
    ordered.sort_by_key(|(at, ..)| *at);
    Ok(ordered.into_iter().map(|(_, key, given)| (key, given)).collect())
}

/// Returns an error if the id is not valid, or already used.
fn check_id(
    workspace: &Workspace,
    file: Option<FileId>,
    entry: &NewEntry<'_>,
    path: &str,
) -> Result<(), Refusal> {
    let NewEntry { section, id, .. } = *entry;
    let undecided = |why: String| Err(Refusal::Undecided(why));
    if !is_id(id) {
        return undecided(format!(
            "`{id}` is not a valid id: use lower-case words and digits, joined by single hyphens"
        ));
    }
    let Some(kind) = kind_of(section) else { return Ok(()) };
    let mut name = id.to_owned();
    if kind == Kind::Claim {
        let document = file.map(|file| &workspace.documents()[file.index()]);
        let Some(source) = document.and_then(|document| document.source.as_ref()) else {
            return undecided(format!("`{path}` has no source for the claim; add one first"));
        };
        name = format!("{}/{id}", source.id.value);
    }
    if is_built_in(kind, id) {
        return undecided(format!(
            "the {} `{id}` is built in; to change it, edit the file by hand",
            kind.name()
        ));
    }
    match DefinitionIndex::new(workspace).definitions(kind, &name).next() {
        None => Ok(()),
        Some((file, there)) => {
            let file = &workspace.files()[file];
            let line = file.line(there.id.start);
            undecided(format!("the {} `{name}` already exists, at {}:{line}", kind.name(), file.path()))
        }
    }
}

/// Whether all entries of a section are in braces on one line each.
fn has_inline_entries(text: &str, tree: &Tree<'_>, section: &str) -> bool {
    let Some(section) = entries_of(tree, section) else { return false };
    let is_one_line = |body: NodeRef<'_, '_>| body.is_flow() && !text[body.span().range()].contains('\n');
    section.entries().len() > 0 && section.entries().all(|(_, body)| is_one_line(body))
}

/// The largest width of an entry on one line. Longer entries get one line for each key.
const MAX_LINE_WIDTH: usize = 120;

/// The entry in braces on one line; none if it is too wide, or a text has several lines.
fn entry_on_one_line(id: &str, fields: &[(&str, &FieldValue)], margin: Margin) -> Option<Vec<String>> {
    if fields.iter().any(|(_, given)| given.texts().iter().any(|text| text.contains('\n'))) {
        return None;
    }
    let pairs: Vec<String> =
        fields.iter().map(|(key, given)| format!("{key}: {}", inline_value(given))).collect();
    let body = if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) };
    let line = format!("{:1$}{id}: {body}", "", margin.indent);
    (line.chars().count() <= MAX_LINE_WIDTH).then(|| vec![line])
}

fn entry_on_lines(shape: &Shape, id: &str, fields: &[(&str, &FieldValue)], margin: Margin) -> Vec<String> {
    let head = format!("{:1$}{id}:", "", margin.indent);
    if fields.is_empty() {
        return vec![head + " {}"];
    }
    let indent = margin.indent + margin.step;
    let lines = fields.iter().flat_map(|(key, given)| key_lines(shape, key, given));
    let within = |line: String| if line.is_empty() { line } else { format!("{:indent$}{line}", "") };
    std::iter::once(head).chain(lines.map(within)).collect()
}

/// A key with its value, as lines.
fn key_lines(shape: &Shape, key: &str, given: &FieldValue) -> Vec<String> {
    let takes = shape.keys.iter().find(|known| known.name == key).map(|known| known.takes);
    let is_text = matches!(takes, Some(Takes::Text | Takes::Texts));
    match given {
        FieldValue::One(text) if is_text || text.contains('\n') => scalar::pair(key, text),
        // Outside of braces, `1,034` needs no quotes.
        FieldValue::One(text) if scalar::is_plain_line(text) => vec![format!("{key}: {text}")],
        given => vec![format!("{key}: {}", inline_value(given))],
    }
}

/// The value of a key as it is written inside braces.
fn inline_value(given: &FieldValue) -> String {
    match given {
        FieldValue::One(text) => scalar::value(text, false),
        FieldValue::List(texts) => {
            let items: Vec<String> = texts.iter().map(|text| scalar::value(text, false)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// The entries of a section.
fn entries_of<'a, 't>(tree: &'a Tree<'t>, section: &str) -> Option<NodeRef<'a, 't>> {
    tree.root()
        .and_then(|root| value_of(root, section))
        .filter(|value| value.shape() == yaml::NodeKind::Mapping)
}

fn value_of<'a, 't>(mapping: NodeRef<'a, 't>, key: &str) -> Option<NodeRef<'a, 't>> {
    mapping.entries().find(|(known, _)| known.text() == Some(key)).map(|(_, value)| value)
}

/// Whether a mapping has exactly these fields.
fn has_fields(body: NodeRef<'_, '_>, fields: &[(&str, &FieldValue)]) -> bool {
    let is_given = |value: NodeRef<'_, '_>, given: &FieldValue| match given {
        FieldValue::One(text) => value.text() == Some(text),
        FieldValue::List(texts) => {
            value.shape() == yaml::NodeKind::List
                && value.items().len() == texts.len()
                && value.items().zip(texts).all(|(item, text)| item.text() == Some(text))
        }
    };
    body.shape() == yaml::NodeKind::Mapping
        && body.entries().len() == fields.len()
        && body
            .entries()
            .zip(fields)
            .all(|((key, value), (name, given))| key.text() == Some(*name) && is_given(value, given))
}

//! Adds keys to an existing entry, in its own layout: inside its braces, or on lines of their own.

use super::body::EntryBody;
use super::layout::{Edits, UnsupportedLayout};
use super::review::{change, check_result, check_valid_yaml, layout_refusal};
use super::verify::{self, ParsedText};
use super::{FileChange, Refusal, scalar};
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::Span;
use gainsay_analysis::workspace::Workspace;
use gainsay_analysis::yaml::{NodeKind, NodeRef};

/// One addition to an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryAddition<'a> {
    /// A new key with a text as its value.
    Key(&'a str, &'a str),
    /// One more item for the list of a key. The key is added if the entry does not have it.
    Item(&'a str, &'a str),
}

impl EntryAddition<'_> {
    fn key(&self) -> &str {
        match self {
            Self::Key(key, _) | Self::Item(key, _) => key,
        }
    }
}

/// The change that adds keys to an entry of a section, such as a claim. The entry is found by the span of its id. Its
/// other keys stay the same.
///
/// # Errors
/// If the entry already has one of the keys, or has a layout that is not supported.
pub fn add(
    workspace: &Workspace,
    file: FileId,
    section: &str,
    id: Span,
    added: &[EntryAddition<'_>],
) -> Result<FileChange, Refusal> {
    let (path, text) = (workspace.files()[file].path(), workspace.files()[file].text());
    let read = verify::parse(text);
    check_valid_yaml(path, text, &read)?;
    let refused = |why: UnsupportedLayout| layout_refusal(path, text, why);
    let gone = || Refusal::Unknown(format!("the entry of `{section}` is not where it was read"));
    let (key, value) = entry_at(&read, section, id.start).ok_or_else(gone)?;
    let edits = edits(EntryBody { text, id: key, value }, added).map_err(refused)?;
    let change = change(workspace, Some(file), path, edits)?;
    let after = verify::parse(&change.after);
    let is_as_meant = key.text().is_some_and(|name| is_added(&read, &after, section, name, added));
    check_result(path, &read, &after, is_as_meant).map(|()| change)
}

/// The entry of a section whose id starts at a byte.
fn entry_at<'a, 't>(
    read: &'a ParsedText<'t>,
    section: &str,
    start: u32,
) -> Option<(NodeRef<'a, 't>, NodeRef<'a, 't>)> {
    let sections = read.tree.root().into_iter().flat_map(NodeRef::entries);
    let of_section = sections.filter(|(key, _)| key.text() == Some(section));
    of_section.flat_map(|(_, value)| value.entries()).find(|(key, _)| key.span().start == start)
}

fn edits(body: EntryBody<'_, '_>, added: &[EntryAddition<'_>]) -> Result<Edits, UnsupportedLayout> {
    let mut edits = Edits::new();
    for one in added {
        edits.extend(match *one {
            EntryAddition::Item(key, item) => body.add_items(key, &[scalar::value(item, false)])?,
            EntryAddition::Key(key, text) => {
                if let Some((name, _)) = body.get(key) {
                    let why = format!("the entry already has the key `{key}`");
                    return Err(UnsupportedLayout { at: name.span().start as usize, why });
                }
                let text = if text.is_empty() { "\"\"".to_owned() } else { scalar::value(text, false) };
                body.add_key(&format!("{key}: {text}"), false)?
            }
        });
    }
    Ok(edits)
}

/// Whether an entry has the additions, and everything else is the same.
fn is_added(
    before: &ParsedText<'_>,
    after: &ParsedText<'_>,
    section: &str,
    id: &str,
    added: &[EntryAddition<'_>],
) -> bool {
    let keys: Vec<&str> = added.iter().map(EntryAddition::key).collect();
    let Some((then, now)) = verify::same_but_keys(&before.tree, &after.tree, section, id, &keys) else {
        return false;
    };
    let value = |body: NodeRef<'_, '_>, key: &str| {
        let found = body.entries().find(|(name, _)| name.text() == Some(key));
        found.map(|(_, value)| texts(value)).unwrap_or_default()
    };
    added.iter().all(|one| match *one {
        EntryAddition::Key(key, text) => value(now, key) == [text.to_owned()],
        EntryAddition::Item(key, item) => {
            let mut all = value(then, key);
            all.push(item.to_owned());
            value(now, key) == all
        }
    })
}

/// The texts of a scalar or of a list of scalars.
fn texts(value: NodeRef<'_, '_>) -> Vec<String> {
    let text = |node: NodeRef<'_, '_>| node.text().unwrap_or_default().to_owned();
    match value.shape() {
        NodeKind::Scalar => vec![text(value)],
        NodeKind::List => value.items().map(text).collect(),
        NodeKind::Empty | NodeKind::Mapping | NodeKind::Refused => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_analysis::workspace::Input;

    fn added(body: &str, added: &[EntryAddition<'_>]) -> Result<String, String> {
        let header = if body.contains('\r') { "claims:\r\n" } else { "claims:\n" };
        let text = format!("{header}{body}");
        let input = Input { path: "a.yaml".to_owned(), content: Ok(text.clone().into_bytes()) };
        let workspace = Workspace::read(vec![input]);
        let (file, _) = workspace.files().iter().next().unwrap();
        let id = text.find("toll").unwrap();
        let change = add(&workspace, file, "claims", Span::new(id, id + 4), added);
        let change = change.map_err(|why| why.to_string())?;
        Ok(change.after.strip_prefix(header).unwrap().to_owned())
    }

    #[test]
    fn added_key_follows_the_last_one() {
        let at = [EntryAddition::Key("at", "p2")];
        for (before, after) in [
            ("  toll: { by: a } # x\n", "  toll: { by: a, at: p2 } # x\n"),
            ("  toll: {by: a,}\n", "  toll: {by: a, at: p2,}\n"),
            ("  toll: {\n    by: a # x\n  }\n", "  toll: {\n    by: a, at: p2 # x\n  }\n"),
            ("  toll: {}\n", "  toll: { at: p2 }\n"),
            (
                "  toll:\n    by: a # x\n    # y\n  b: {}\n",
                "  toll:\n    by: a # x\n    at: p2\n    # y\n  b: {}\n",
            ),
            (
                "  toll:\n      note: |\n        x\n\n  b: {}\n",
                "  toll:\n      note: |\n        x\n      at: p2\n\n  b: {}\n",
            ),
            ("  toll:\r\n    by: a", "  toll:\r\n    by: a\r\n    at: p2"),
            ("  toll: # x\n  b: {}\n", "  toll: # x\n    at: p2\n  b: {}\n"),
            ("  toll:\n    by:\n", "  toll:\n    by:\n    at: p2\n"),
        ] {
            assert_eq!(added(before, &at).as_deref(), Ok(after), "{before:?}");
        }
        let note = [EntryAddition::Key("note", "a: b, } c")];
        assert_eq!(added("  toll: { by: a }", &note).unwrap(), "  toll: { by: a, note: \"a: b, } c\" }");
        assert_eq!(
            added("  toll:\n    by: a", &note).unwrap(),
            "  toll:\n    by: a\n    note: \"a: b, } c\""
        );
    }

    #[test]
    fn added_item_follows_the_last_one() {
        let allow = [EntryAddition::Item("allow", "denied"), EntryAddition::Key("note", "")];
        for (before, after) in [
            ("  toll: { by: a }\n", "  toll: { by: a, allow: [denied], note: \"\" }\n"),
            ("  toll: { allow: x }\n", "  toll: { allow: [x, denied], note: \"\" }\n"),
            ("  toll: { allow: [x], by: a }\n", "  toll: { allow: [x, denied], by: a, note: \"\" }\n"),
            ("  toll: { allow: [], by: a }\n", "  toll: { allow: [denied], by: a, note: \"\" }\n"),
            ("  toll:\n    allow: [ x, ]\n", "  toll:\n    allow: [ x, denied, ]\n    note: \"\"\n"),
            (
                "  toll:\n    allow:\n    - x # y\n    by: a\n",
                "  toll:\n    allow:\n    - x # y\n    - denied\n    by: a\n    note: \"\"\n",
            ),
            (
                "  toll:\n    allow:\n      - x\n",
                "  toll:\n    allow:\n      - x\n      - denied\n    note: \"\"\n",
            ),
        ] {
            assert_eq!(added(before, &allow).as_deref(), Ok(after), "{before:?}");
        }
    }

    #[test]
    fn addition_that_would_change_something_else_is_refused() {
        let at = [EntryAddition::Key("at", "p2")];
        for before in [
            "  toll: { by: a, at: p1 }\n",
            "  toll: { by }\n",
            "  toll: { by: }\n",
            "  toll: x\n",
            "  toll: [a]\n",
            "  toll: { by: [ }\n",
        ] {
            assert!(added(before, &at).is_err(), "{before:?}");
        }
    }
}

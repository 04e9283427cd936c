//! The YAML reader compared with `serde_yaml`, and places compared with texts.

use gainsay::id::{FileId, Id as _};
use gainsay::yaml::{self, NodeKind, NodeRef};
use proptest::prelude::*;
use serde_yaml::Value;

use crate::support::real_files;

/// Checks that both readers see the same keys and values in the same order.
fn compare(ours: NodeRef<'_, '_>, theirs: &Value) -> Result<(), String> {
    let differs = || Err(format!("{:?} {:?} against {theirs:?}", ours.shape(), ours.text()));
    match (ours.shape(), theirs) {
        (NodeKind::Mapping, Value::Mapping(mapping)) if ours.entries().len() == mapping.len() => {
            for ((key, value), (their_key, their_value)) in ours.entries().zip(mapping) {
                compare(key, their_key)?;
                compare(value, their_value)?;
            }
            Ok(())
        }
        (NodeKind::List, Value::Sequence(items)) if ours.items().len() == items.len() => {
            ours.items().zip(items).try_for_each(|(item, theirs)| compare(item, theirs))
        }
        (NodeKind::Scalar | NodeKind::Empty, theirs) => {
            let text = ours.text().unwrap_or_default();
            let equal = match theirs {
                Value::String(theirs) => text == theirs,
                Value::Null => matches!(text, "" | "~" | "null"),
                Value::Bool(theirs) => text == theirs.to_string(),
                Value::Number(theirs) => text.replace('+', "").parse::<f64>().ok() == theirs.as_f64(),
                _ => false,
            };
            if equal { Ok(()) } else { differs() }
        }
        _ => differs(),
    }
}

/// Checks that the text at every scalar's place, read alone, gives the same scalar.
fn check_places(text: &str, node: NodeRef<'_, '_>) -> Result<(), String> {
    match node.shape() {
        NodeKind::Mapping => node.entries().try_for_each(|(key, value)| {
            check_places(text, key)?;
            check_places(text, value)
        }),
        NodeKind::List => node.items().try_for_each(|item| check_places(text, item)),
        NodeKind::Scalar => {
            let slice = text.get(node.span().range()).ok_or("a place outside the text")?;
            let is_block = slice.starts_with(['|', '>']);
            let reread = yaml::parse(FileId::new(0), slice).0;
            let again = reread.root().and_then(|root| root.text().map(str::to_owned));
            let is_same =
                is_block || slice == node.text().unwrap_or_default() || again.as_deref() == node.text();
            if is_same { Ok(()) } else { Err(format!("{slice:?} is the place of {:?}", node.text())) }
        }
        NodeKind::Empty | NodeKind::Refused => Ok(()),
    }
}

#[test]
fn claim_files_are_read_as_serde_yaml_reads_them() {
    for (path, text) in real_files() {
        let (tree, findings) = yaml::parse(FileId::new(0), &text);
        assert!(findings.is_empty(), "{path}: {findings:?}");
        let theirs: Value = serde_yaml::from_str(&text).unwrap();
        let root = tree.root().unwrap();
        compare(root, &theirs).unwrap_or_else(|why| panic!("{path}: {why}"));
        check_places(&text, root).unwrap_or_else(|why| panic!("{path}: {why}"));
    }
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z]{1,8}( [a-z]{1,8}){0,3}",
        "\\PC{0,20}",
        "[ \t]?[-:#'\"\\[\\]{},&*!|>%@`~?a0é\u{00a0}𝄞\n]{0,10}",
        "(true|false|yes|no|null|1_000|1\\.10|0x1f|2026-02-22|~)",
    ]
    // serde_yaml writes YAML 1.1, in which these characters break lines; in YAML 1.2 they do not.
    .prop_map(|text| Value::String(text.replace(['\u{85}', '\u{2028}', '\u{2029}'], "")))
}

fn tree() -> impl Strategy<Value = Value> {
    let entries = |value: BoxedStrategy<Value>| {
        prop::collection::vec(("[a-z]{1,6}(-[a-z0-9]{1,4})?", value), 1..5).prop_map(|entries| {
            Value::Mapping(entries.into_iter().map(|(key, value)| (Value::String(key), value)).collect())
        })
    };
    let list = prop::collection::vec(scalar(), 1..4).prop_map(Value::Sequence);
    let leaf = prop_oneof![3 => scalar().boxed(), 1 => list.boxed()].boxed();
    entries(entries(leaf).boxed())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Texts written by `serde_yaml` are read with each scalar at its place.
    #[test]
    fn texts_written_by_serde_yaml_are_read_back(value in tree()) {
        let text = serde_yaml::to_string(&value).unwrap();
        let (tree, findings) = yaml::parse(FileId::new(0), &text);
        prop_assert!(findings.is_empty(), "{text}\n{findings:?}");
        let theirs: Value = serde_yaml::from_str(&text).unwrap();
        let root = tree.root().unwrap();
        prop_assert_eq!(compare(root, &theirs), Ok(()), "{}", &text);
        prop_assert_eq!(check_places(&text, root), Ok(()), "{}", &text);
    }

    /// Line ends do not affect the data of a file.
    #[test]
    fn line_ends_do_not_matter(value in tree()) {
        let text = serde_yaml::to_string(&value).unwrap();
        let windows = text.replace('\n', "\r\n");
        let (tree, _) = yaml::parse(FileId::new(0), &windows);
        let theirs: Value = serde_yaml::from_str(&text).unwrap();
        prop_assert_eq!(compare(tree.root().unwrap(), &theirs), Ok(()), "{}", &text);
    }
}

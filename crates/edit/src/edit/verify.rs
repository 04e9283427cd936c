//! Checks a changed text: it is parsed again, and must have one entry more or less, no other changes, and no new
//! mistakes.

use rustc_hash::FxHashMap;

use gainsay_analysis::document::{self, Document};
use gainsay_analysis::finding::{CollectedFindings, Collector, Finding, Grade, Limit, Omitted};
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::source::Span;
use gainsay_analysis::yaml::{self, NodeRef, Tree};

/// A text after both stages of parsing.
pub(super) struct ParsedText<'t> {
    pub(super) tree: Tree<'t>,
    pub(super) document: Document,
    pub(super) findings: Vec<Finding>,
    /// Mistakes that were counted but not collected.
    pub(super) omitted: Vec<Omitted>,
}

pub(super) fn parse(text: &str) -> ParsedText<'_> {
    let file = FileId::new(0);
    let mut findings = Collector::new(Limit::default());
    let tree = yaml::parse_into(file, text, &mut findings);
    let document = document::read_into(file, &tree, &mut findings);
    let CollectedFindings { findings, omitted } = findings.finish();
    ParsedText { tree, document, findings, omitted }
}

/// Whether two trees are the same except for one entry of a section, which only `more` has. It may be the only entry
/// of the section.
pub(super) fn is_one_more(less: &Tree<'_>, more: &Tree<'_>, section: &str, id: &str) -> bool {
    let (before, after) = (Sections::split(less, section), Sections::split(more, section));
    let mut entries = after.entries;
    let Some(at) = entries.iter().position(|(key, _)| key.text() == Some(id)) else { return false };
    entries.remove(at);
    are_same(&before.entries, &entries) && are_same(&before.others, &after.others)
}

/// The bodies of an entry in two trees, if the trees are the same except for these keys of the entry; otherwise none.
pub(super) fn same_but_keys<'a, 't>(
    one: &'a Tree<'t>,
    other: &'a Tree<'t>,
    section: &str,
    id: &str,
    keys: &[&str],
) -> Option<(NodeRef<'a, 't>, NodeRef<'a, 't>)> {
    let taken = |tree: &'a Tree<'t>| {
        let Sections { mut entries, others } = Sections::split(tree, section);
        let at = entries.iter().position(|(key, _)| key.text() == Some(id))?;
        let (_, body) = entries.remove(at);
        let is_kept = |(key, _): &EntryPair<'a, 't>| !key.text().is_some_and(|key| keys.contains(&key));
        Some((at, body, body.entries().filter(is_kept).collect::<Vec<_>>(), entries, others))
    };
    let (then, now) = (taken(one)?, taken(other)?);
    let same = then.0 == now.0
        && are_same(&then.2, &now.2)
        && are_same(&then.3, &now.3)
        && are_same(&then.4, &now.4);
    same.then_some((then.1, now.1))
}

/// Whether two trees have the same keys, scalars and shapes in the same order.
pub(super) fn have_same_content(one: &Tree<'_>, other: &Tree<'_>) -> bool {
    match (one.root(), other.root()) {
        (Some(one), Some(other)) => is_same(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// The first finding of `after` that `before` does not have, or has fewer times.
pub(super) fn first_new_finding<'f>(before: &'f [Finding], after: &'f [Finding]) -> Option<&'f Finding> {
    let mut known: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for finding in before {
        *known.entry((finding.rule, &finding.message)).or_default() += 1;
    }
    after.iter().find(|finding| {
        let left = known.entry((finding.rule, finding.message.as_str())).or_default();
        let is_known = *left > 0;
        *left -= usize::from(is_known);
        !is_known
    })
}

/// A message if a text has too many errors to see a new one; none if all errors were collected.
pub(super) fn too_many_errors(omitted: &[Omitted]) -> Option<String> {
    let first = omitted.iter().find(|omitted| omitted.grade == Grade::Error)?;
    let rule = first.rule;
    Some(format!(
        "it has so many `{rule}` errors that a new one would not be noticed; fix some of them first"
    ))
}

type EntryPair<'a, 't> = (NodeRef<'a, 't>, NodeRef<'a, 't>);

/// The entries of one section, and all other sections. If the section appears twice, its second copy is one of the
/// others.
struct Sections<'a, 't> {
    entries: Vec<EntryPair<'a, 't>>,
    others: Vec<EntryPair<'a, 't>>,
}

impl<'a, 't> Sections<'a, 't> {
    fn split(tree: &'a Tree<'t>, section: &str) -> Self {
        let mut others: Vec<EntryPair<'a, 't>> = tree.root().into_iter().flat_map(NodeRef::entries).collect();
        let in_section =
            others.iter().position(|(key, _)| key.text() == Some(section)).map(|at| others.remove(at));
        Self { entries: in_section.into_iter().flat_map(|(_, value)| value.entries()).collect(), others }
    }
}

fn are_same(one: &[EntryPair<'_, '_>], other: &[EntryPair<'_, '_>]) -> bool {
    let alike = |(a, b): (&EntryPair<'_, '_>, &EntryPair<'_, '_>)| is_same(a.0, b.0) && is_same(a.1, b.1);
    one.len() == other.len() && one.iter().zip(other).all(alike)
}

/// Whether two nodes have the same content.
pub(super) fn is_same(one: NodeRef<'_, '_>, other: NodeRef<'_, '_>) -> bool {
    is_node_same_except(one, other, &|_| false)
}

/// Whether two trees have the same content, except for scalars of the first whose span satisfies `is_expected`.
pub(super) fn is_same_except(one: &Tree<'_>, other: &Tree<'_>, is_expected: &dyn Fn(Span) -> bool) -> bool {
    match (one.root(), other.root()) {
        (Some(one), Some(other)) => is_node_same_except(one, other, is_expected),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// As [`is_same_except`], for nodes. The recursion is limited, because trees are at most [`yaml::MAX_DEPTH`] deep.
fn is_node_same_except(
    one: NodeRef<'_, '_>,
    other: NodeRef<'_, '_>,
    is_expected: &dyn Fn(Span) -> bool,
) -> bool {
    let same = |(a, b)| is_node_same_except(a, b, is_expected);
    one.shape() == other.shape()
        && (one.text() == other.text() || is_expected(one.span()))
        && one.items().len() == other.items().len()
        && one.items().zip(other.items()).all(same)
        && one.entries().len() == other.entries().len()
        && one.entries().zip(other.entries()).all(|(a, b)| same((a.0, b.0)) && same((a.1, b.1)))
}

/// The content of a node as text. Nodes with different content have different texts.
pub(super) fn content_text(node: NodeRef<'_, '_>) -> String {
    let items: Vec<String> = node.items().map(content_text).collect();
    let pairs = node.entries().map(|(key, value)| format!("{}: {}", content_text(key), content_text(value)));
    let pairs: Vec<String> = pairs.collect();
    format!("{:?} {:?} [{}] {{{}}}", node.shape(), node.text(), items.join(", "), pairs.join(", "))
}

//! Parses YAML text to a tree that keeps the span of every key and scalar. The only user of the YAML parser.
//!
//! The tree borrows from its text. Edits change spans of the text, so comments and layout are never lost. Anchors,
//! aliases, tags and a second document are refused here. A mistake costs only the entry that contains it (see
//! `recovery`). The meaning of the keys is not known here.

mod advice;
mod input;
mod recovery;

use std::borrow::Cow;
use std::cell::Cell;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::finding::{Collector, Finding, Limit};
use crate::lint;
use crate::source::{FileId, Location, Span};

/// How deep mappings and lists may be nested. Claim files need five levels.
pub const MAX_DEPTH: usize = 64;

/// A parsed text. The tree of an empty text has no root.
#[derive(Debug, Default)]
pub struct Tree<'t> {
    nodes: Vec<TreeNode<'t>>,
    /// The children of all nodes, those of one node in a row: items, or keys and values in turn.
    children: Vec<u32>,
    root: Option<u32>,
}

#[derive(Debug)]
struct TreeNode<'t> {
    span: Span,
    content: NodeContent<'t>,
}

#[derive(Debug)]
enum NodeContent<'t> {
    Scalar {
        text: Cow<'t, str>,
        plain: bool,
    },
    List {
        first: u32,
        count: u32,
    },
    Mapping {
        first: u32,
        count: u32,
        flow: bool,
    },
    /// A node that was refused. It has a finding already, so that it needs no second one.
    Refused,
}

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'a, 't> {
    tree: &'a Tree<'t>,
    id: u32,
}

/// The kind of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// A scalar: a text, quoted or not.
    Scalar,
    /// No value, as after `key:`.
    Empty,
    /// A list.
    List,
    /// A mapping.
    Mapping,
    /// A node that was refused. It has a finding already.
    Refused,
}

impl<'a, 't> NodeRef<'a, 't> {
    fn node(self) -> &'a TreeNode<'t> {
        &self.tree.nodes[self.id as usize]
    }

    /// The span of the node, including quotes.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The kind of the node.
    pub fn shape(self) -> NodeKind {
        match &self.node().content {
            NodeContent::Scalar { text, plain: true } if text.is_empty() => NodeKind::Empty,
            NodeContent::Scalar { .. } => NodeKind::Scalar,
            NodeContent::List { .. } => NodeKind::List,
            NodeContent::Mapping { .. } => NodeKind::Mapping,
            NodeContent::Refused => NodeKind::Refused,
        }
    }

    /// The text of a scalar without quotes; none for other nodes.
    pub fn text(self) -> Option<&'a str> {
        match &self.node().content {
            NodeContent::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether this is a mapping in braces.
    pub fn is_flow(self) -> bool {
        matches!(self.node().content, NodeContent::Mapping { flow: true, .. })
    }

    /// The items of a list; empty for other nodes.
    pub fn items(self) -> impl ExactSizeIterator<Item = Self> {
        let run = match self.node().content {
            NodeContent::List { first, count } => first as usize..(first + count) as usize,
            _ => 0..0,
        };
        self.tree.children[run].iter().map(move |&id| NodeRef { tree: self.tree, id })
    }

    /// The keys and values of a mapping in the order of the text; empty for other nodes.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (Self, Self)> {
        let run = match self.node().content {
            NodeContent::Mapping { first, count, .. } => first as usize..(first + count) as usize,
            _ => 0..0,
        };
        let at = move |id| NodeRef { tree: self.tree, id };
        self.tree.children[run].as_chunks().0.iter().map(move |&[key, value]| (at(key), at(value)))
    }
}

impl<'t> Tree<'t> {
    /// The outermost node; none if the text is empty.
    pub fn root(&self) -> Option<NodeRef<'_, 't>> {
        self.root.map(|id| NodeRef { tree: self, id })
    }
}

/// Parses a text. The tree contains what could be read; the findings report the rest. [`Limit::default`] limits the
/// findings of each lint.
pub fn parse(file: FileId, text: &str) -> (Tree<'_>, Vec<Finding>) {
    let mut findings = Collector::new(Limit::default());
    let tree = parse_into(file, text, &mut findings);
    (tree, findings.finish().findings)
}

/// Parses a text. The tree contains what could be read; the rest is reported in `findings`.
pub fn parse_into<'t>(file: FileId, text: &'t str, findings: &mut Collector) -> Tree<'t> {
    let mut builder = TreeBuilder::new(file, findings);
    match builder.read(text, 0) {
        Ok(root) => builder.tree.root = root,
        Err(failure) => {
            builder = TreeBuilder::new(file, findings);
            recovery::read_by_entries(&mut builder, text, &failure);
        }
    }
    findings.merge(builder.findings);
    builder.tree
}

/// Where and why the parser stopped before the end of a text.
#[derive(Debug)]
struct ParseFailure {
    at: usize,
    message: String,
}

/// Builds one tree from the parser events of one or several pieces of a text.
struct TreeBuilder<'t> {
    file: FileId,
    tree: Tree<'t>,
    findings: Collector,
}

/// A mapping or list whose end has not been reached.
struct OpenNode {
    start: usize,
    is_mapping: bool,
    flow: bool,
    refused: bool,
    /// The position of its first child among the children of all open nodes.
    children: usize,
}

impl<'t> TreeBuilder<'t> {
    /// A builder with a collector that has the same limit as `findings`.
    fn new(file: FileId, findings: &Collector) -> Self {
        Self { file, tree: Tree::default(), findings: findings.like() }
    }

    /// Parses the document in `piece`, which starts at byte `base` of the text; returns its root node.
    fn read(&mut self, piece: &'t str, base: usize) -> Result<Option<u32>, ParseFailure> {
        let offsets = ByteOffsets::new(piece, base);
        let mut open: Vec<OpenNode> = Vec::new();
        let mut children: Vec<u32> = Vec::new();
        let mut root = None;
        let mut documents = 0;
        let mut parser = Parser::new(input::ParserInput::new(piece));
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| ParseFailure::from_scan(&error, &offsets))?;
            let span = Span::new(offsets.byte(span.start.index()), offsets.byte(span.end.index()));
            let closed = match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        self.refuse(span, "a second document", "put it into a separate file");
                        break;
                    }
                    None
                }
                Event::Alias(_) => {
                    self.refuse(span, "an alias", "write out the value");
                    Some(self.push(span, NodeContent::Refused))
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let refused = self.refuse_anchor_or_tag(piece, base, span, anchor, tag.is_some());
                    let span = match style {
                        ScalarStyle::Literal => span_with_header(piece, base, span, '|'),
                        ScalarStyle::Folded => span_with_header(piece, base, span, '>'),
                        ScalarStyle::SingleQuoted => span_up_to_quote(piece, base, span, '\''),
                        ScalarStyle::DoubleQuoted => span_up_to_quote(piece, base, span, '"'),
                        ScalarStyle::Plain => span,
                    };
                    let plain = style == ScalarStyle::Plain;
                    let text = borrow_scalar(text, piece, base, span);
                    let kind =
                        if refused { NodeContent::Refused } else { NodeContent::Scalar { text, plain } };
                    Some(self.push(span, kind))
                }
                Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                    if open.len() >= MAX_DEPTH {
                        let message = format!("nesting deeper than {MAX_DEPTH} levels");
                        return Err(ParseFailure { at: span.start as usize, message });
                    }
                    let refused = self.refuse_anchor_or_tag(piece, base, span, anchor, tag.is_some());
                    let opener = piece.as_bytes().get(span.start as usize - base).copied();
                    open.push(OpenNode {
                        start: span.start as usize,
                        is_mapping: false,
                        flow: matches!(opener, Some(b'[' | b'{')),
                        refused,
                        children: children.len(),
                    });
                    None
                }
                Event::SequenceEnd => open.pop().map(|list| self.close(&list, &mut children, piece, base)),
                Event::MappingEnd => open.pop().map(|mapping| {
                    self.close(&OpenNode { is_mapping: true, ..mapping }, &mut children, piece, base)
                }),
                _ => None,
            };
            if let Some(node) = closed {
                if open.is_empty() {
                    root = Some(node);
                } else {
                    children.push(node);
                }
            }
        }
        Ok(root)
    }

    fn push(&mut self, span: Span, content: NodeContent<'t>) -> u32 {
        self.tree.nodes.push(TreeNode { span, content });
        self.tree.nodes.len() as u32 - 1
    }

    /// Closes a mapping or list. Its span ends with its last child or its closing bracket.
    fn close(&mut self, open: &OpenNode, children: &mut Vec<u32>, piece: &str, base: usize) -> u32 {
        let own = &children[open.children..];
        let last = own.last().map(|&id| self.tree.nodes[id as usize].span);
        let first = own.first().map(|&id| self.tree.nodes[id as usize].span);
        let span = match (open.flow, first, last) {
            (false, Some(first), Some(last)) => {
                Span::new(open.start.min(first.start as usize), last.end as usize)
            }
            (_, _, last) => {
                let from = last.map_or(open.start + 1, |last| last.end as usize);
                Span::new(open.start, end_of_closing_bracket(piece, base, from))
            }
        };
        let (first, count) = (self.tree.children.len() as u32, own.len() as u32);
        let kind = match (open.refused, open.is_mapping) {
            (true, _) => NodeContent::Refused,
            (false, true) => NodeContent::Mapping { first, count, flow: open.flow },
            (false, false) => NodeContent::List { first, count },
        };
        self.tree.children.extend(children.drain(open.children..));
        self.push(span, kind)
    }

    /// Refuses an anchor or a tag before a node; returns whether there was one.
    fn refuse_anchor_or_tag(
        &mut self,
        piece: &str,
        base: usize,
        span: Span,
        anchor: usize,
        tag: bool,
    ) -> bool {
        if anchor != 0 {
            let at = span_of_mark(piece, base, span, '&');
            self.refuse(at, "an anchor", "write out the value where it is used");
        } else if tag {
            self.refuse(
                span_of_mark(piece, base, span, '!'),
                "a tag",
                "remove it: the measure decides how the value is read",
            );
        }
        anchor != 0 || tag
    }

    fn refuse(&mut self, span: Span, what: &str, help: &str) {
        let at = self.locate(span);
        self.findings.push_with(lint::REFUSED_YAML.id, at, || {
            lint::REFUSED_YAML.at(at, format!("{what} is not allowed in a claim file"), "").help(help)
        });
    }

    fn report_failure(&mut self, text: &str, failure: &ParseFailure) {
        let at = self.locate(Span::new(failure.at, failure.at));
        self.findings.push_with(lint::INVALID_YAML.id, at, || {
            let (message, help) = advice::explain(text, failure.at, &failure.message);
            let finding = lint::INVALID_YAML.at(at, format!("not YAML: {message}"), "here");
            match help {
                Some(help) => finding.help(help),
                None => finding,
            }
        });
    }

    fn locate(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }
}

/// The span of an anchor or a tag, which is at the start of the node or before it.
fn span_of_mark(piece: &str, base: usize, span: Span, sign: char) -> Span {
    let start = (span.start as usize).saturating_sub(base).min(piece.len());
    let at = if piece[start..].starts_with(sign) { Some(start) } else { piece[..start].rfind(sign) };
    let at = at.unwrap_or(start);
    let length = piece[at..].find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}'));
    Span::new(base + at, base + at + length.unwrap_or(piece.len() - at))
}

/// The span of a quoted scalar up to its closing quote. The span of the parser ends at the next token.
fn span_up_to_quote(piece: &str, base: usize, span: Span, quote: char) -> Span {
    let start = (span.start as usize).saturating_sub(base);
    let mut rest = piece.get(start..).unwrap_or_default().char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        let escapes = c == '\\' && quote == '"';
        let doubled = c == '\'' && quote == '\'' && rest.peek().is_some_and(|&(_, next)| next == '\'');
        if escapes || doubled {
            rest.next();
        } else if c == quote {
            return Span::new(span.start as usize, base + start + at + 1);
        }
    }
    span
}

/// The byte after the bracket that closes a flow list or mapping. `from` is the end of its last child.
fn end_of_closing_bracket(piece: &str, base: usize, from: usize) -> usize {
    let from = from.saturating_sub(base).min(piece.len());
    let bytes = piece.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b']' | b'}' => return base + at + 1,
            b'#' if at > 0 && bytes[at - 1].is_ascii_whitespace() => {
                at += bytes[at..].iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len() - at);
            }
            _ => at += 1,
        }
    }
    base + from
}

/// The span of a block scalar including its indicator. The span of the parser starts at the first line.
fn span_with_header(piece: &str, base: usize, span: Span, indicator: char) -> Span {
    let mut end = (span.start as usize).saturating_sub(base).min(piece.len());
    while end > 0 {
        let start =
            piece.as_bytes()[..end - 1].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let opens = |&(at, c): &(usize, char)| c == indicator && piece[..at].ends_with([' ', '\t', '\n']);
        if let Some((at, _)) = piece[start..end].char_indices().map(|(at, c)| (start + at, c)).find(opens) {
            return Span::new(base + at, span.end as usize);
        }
        end = start;
    }
    span
}

impl ParseFailure {
    fn from_scan(error: &ScanError, offsets: &ByteOffsets) -> Self {
        Self { at: offsets.byte(error.marker().index()), message: error.info().to_owned() }
    }
}

/// Borrows a scalar from the text if the text contains it unchanged. The parser's copy has far more
/// capacity than it needs; dropping it at once lets the allocator reuse that memory.
fn borrow_scalar<'t>(text: Cow<'t, str>, piece: &'t str, base: usize, span: Span) -> Cow<'t, str> {
    match piece.get(span.start as usize - base..span.end as usize - base) {
        Some(written) if written == text => Cow::Borrowed(written),
        _ => text,
    }
}

/// Converts the parser's character positions to byte offsets in the whole text.
struct ByteOffsets {
    base: usize,
    /// The text in runs of characters with equally many bytes.
    runs: Vec<CharacterRun>,
    /// The run of the last call. The parser moves forward, so the next call needs this run or the one after.
    last: Cell<usize>,
    /// The length of the piece in bytes.
    end: usize,
}

/// Consecutive characters with equally many bytes.
struct CharacterRun {
    character: usize,
    byte: usize,
    width: usize,
}

impl ByteOffsets {
    fn new(text: &str, base: usize) -> Self {
        let bytes = text.as_bytes();
        let mut runs = vec![CharacterRun { character: 0, byte: 0, width: 1 }];
        let mut byte = ascii_prefix_length(bytes);
        let mut character = byte;
        while let Some(&lead) = bytes.get(byte) {
            let width = char_width(lead);
            runs.push(CharacterRun { character, byte, width });
            let count = match width {
                1 => ascii_prefix_length(&bytes[byte..]),
                _ => bytes[byte..]
                    .iter()
                    .step_by(width)
                    .take_while(|&&lead| self::char_width(lead) == width)
                    .count(),
            };
            character += count;
            byte += count * width;
        }
        Self { base, runs, last: Cell::new(0), end: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        let mut at = self.last.get();
        let is_before = |run: usize| self.runs.get(run).is_some_and(|run| run.character <= character);
        if !is_before(at) || is_before(at + 1) {
            at = if is_before(at + 1) && !is_before(at + 2) {
                at + 1
            } else {
                self.runs.partition_point(|run| run.character <= character) - 1
            };
            self.last.set(at);
        }
        let CharacterRun { character: first, byte, width } = self.runs[at];
        self.base + (byte + (character - first) * width).min(self.end)
    }
}

/// How many ASCII bytes a text starts with.
fn ascii_prefix_length(bytes: &[u8]) -> usize {
    let whole: usize = bytes.chunks(64).take_while(|chunk| chunk.is_ascii()).map(<[u8]>::len).sum();
    whole + bytes[whole..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// The number of bytes of a character, given its first byte.
fn char_width(lead: u8) -> usize {
    match lead {
        0x00..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_explains_each_mistake_of_a_beginner() {
        for (text, help) in [
            ("actors:\n  khan:\n    name: Khan: the general\n", "put the text in double quotes"),
            ("actors:\n  khan:\n    name: Khan\n   kind: state\n", "line this up with the keys above"),
            ("actors:\n  khan:\n\tname: Khan\n", "indent with spaces, not tabs"),
            (
                "actors:\n  khan: { aliases: [Khan }\n",
                "close the bracket with `]`, and separate the items with commas",
            ),
            ("actors:\n  khan:\n    name: 'it's'\n", "write '' for ' inside single quotes"),
            ("actors:\n  khan:\n    name: \"the \"general\"\"\n", "write \\\" for \" inside double quotes"),
            ("actors:\n  khan:\n    name: @home\n", "a text cannot begin with @: put it in quotes"),
            ("actors:\n  khan:\n    name: \"Khan\n", "close the quotes"),
        ] {
            let (_, findings) = parse(FileId::new(0), text);
            let messages: Vec<(&str, &[String])> =
                findings.iter().map(|finding| (finding.message.as_str(), &finding.help[..])).collect();
            assert!(
                messages.iter().any(|(_, lines)| lines.iter().any(|line| line == help)),
                "{text}: {messages:?}"
            );
            let says_double = messages.iter().any(|(message, _)| message.contains("double"));
            assert_eq!(says_double, help.contains("\" inside"), "{messages:?}");
        }
    }
    use crate::id::Id as _;

    proptest::proptest! {
        #[test]
        fn byte_offsets_are_right_in_any_order(text in "[ab é–𝄞]{0,300}", asked in proptest::collection::vec(0_usize..310, 0..40)) {
            let offsets = ByteOffsets::new(&text, 7);
            for character in asked {
                let byte = text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte);
                assert_eq!(offsets.byte(character), 7 + byte);
            }
        }
    }

    fn file() -> FileId {
        FileId::new(0)
    }

    fn parsed(text: &str) -> (String, Vec<String>) {
        fn show(node: NodeRef<'_, '_>) -> String {
            match node.shape() {
                NodeKind::Scalar => node.text().unwrap().to_owned(),
                NodeKind::Empty => "-".to_owned(),
                NodeKind::Refused => "refused".to_owned(),
                NodeKind::List => format!("[{}]", node.items().map(show).collect::<Vec<_>>().join(" ")),
                NodeKind::Mapping => {
                    let entries = node.entries().map(|(k, v)| format!("{}={}", show(k), show(v)));
                    format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
                }
            }
        }
        let (tree, findings) = parse(file(), text);
        let findings = findings.iter().map(|f| format!("{}@{}", f.rule, f.labels[0].location.span.start));
        (tree.root().map(show).unwrap_or_default(), findings.collect())
    }

    #[test]
    fn tree_keeps_spans() {
        let text = "a:\n  - é: 'x y'\n  - {b: 1, c: \"q\"}\n";
        let (tree, findings) = parse(file(), text);
        assert!(findings.is_empty());
        let (key, value) = tree.root().unwrap().entries().next().unwrap();
        assert_eq!(&text[key.span().range()], "a");
        let items: Vec<_> = value.items().collect();
        assert_eq!(&text[items[0].span().range()], "é: 'x y'");
        assert_eq!(&text[items[1].span().range()], "{b: 1, c: \"q\"}");
        let (_, quoted) = items[0].entries().next().unwrap();
        assert_eq!((quoted.text(), &text[quoted.span().range()]), (Some("x y"), "'x y'"));
    }

    #[test]
    fn parse_refuses_anchors_aliases_tags_and_second_documents() {
        assert_eq!(
            parsed("a: &x 1\nb: *x\n"),
            ("{a=refused b=refused}".into(), vec!["refused-yaml@3".into(), "refused-yaml@11".into()])
        );
        assert_eq!(parsed("a: !!str 1\n").1, ["refused-yaml@3"]);
        assert_eq!(parsed("a: 1\n---\nb: 2\n").1, ["refused-yaml@5"]);
    }

    #[test]
    fn parse_loses_only_the_entry_with_a_mistake() {
        let text =
            "claims:\n  one:\n    by: x\n  two:\n    by: [x\n  three:\n    by: \"y\n  four:\n    by: z\n";
        let (tree, findings) = parsed(text);
        assert_eq!(tree, "{claims={one={by=x} two=refused three=refused four={by=z}}}");
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn parse_refuses_hostile_nesting() {
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000), "{a: ".repeat(100_000)]
        {
            let (_, findings) = parsed(&text);
            assert_eq!(findings.len(), 1, "{}", &text[..8]);
        }
    }

    #[test]
    fn tree_of_an_empty_text_has_no_root() {
        assert_eq!(parsed("# nothing\n"), (String::new(), vec![]));
        assert_eq!(parsed(""), (String::new(), vec![]));
    }
}

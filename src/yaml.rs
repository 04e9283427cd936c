//! Text to a tree in which every key and scalar keeps its place; the one user of the YAML parser.
//!
//! The tree borrows from its text, so comments and layout are never lost: an edit changes spans of the
//! text. Anchors, aliases, tags and several documents are refused here. A mistake costs the entry it stands
//! in and no more (see `recovery`). What the keys mean is not known here.

mod advice;
mod input;
mod recovery;

use std::borrow::Cow;
use std::cell::Cell;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::finding::{Collector, Finding, Limit};
use crate::lint;
use crate::source::{FileId, Location, Span};

/// Mappings and lists may stand inside one another this deep; claim files need five levels.
pub const MAX_DEPTH: usize = 64;

/// A parsed text. A tree without a root is an empty text.
#[derive(Debug, Default)]
pub struct Tree<'t> {
    nodes: Vec<Node<'t>>,
    /// The children of all nodes, each node's in one run: items, or keys and values in turn.
    children: Vec<u32>,
    root: Option<u32>,
}

#[derive(Debug)]
struct Node<'t> {
    span: Span,
    kind: Kind<'t>,
}

#[derive(Debug)]
enum Kind<'t> {
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
    /// Something refused: its finding is out, nobody needs to complain again.
    Refused,
}

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'a, 't> {
    tree: &'a Tree<'t>,
    id: u32,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A scalar with text.
    Scalar,
    /// Nothing at all, as after `key:`.
    Empty,
    /// A list.
    List,
    /// A mapping.
    Mapping,
    /// Something that was refused with a finding of its own.
    Refused,
}

impl<'a, 't> NodeRef<'a, 't> {
    fn node(self) -> &'a Node<'t> {
        &self.tree.nodes[self.id as usize]
    }

    /// Where the node stands; quotes belong to it.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// What the node is.
    pub fn shape(self) -> Shape {
        match &self.node().kind {
            Kind::Scalar { text, plain: true } if text.is_empty() => Shape::Empty,
            Kind::Scalar { .. } => Shape::Scalar,
            Kind::List { .. } => Shape::List,
            Kind::Mapping { .. } => Shape::Mapping,
            Kind::Refused => Shape::Refused,
        }
    }

    /// The text of a scalar, without its quotes.
    pub fn text(self) -> Option<&'a str> {
        match &self.node().kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether this is a mapping between braces.
    pub fn is_flow(self) -> bool {
        matches!(self.node().kind, Kind::Mapping { flow: true, .. })
    }

    /// The items of a list; none for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Self> {
        let run = match self.node().kind {
            Kind::List { first, count } => first as usize..(first + count) as usize,
            _ => 0..0,
        };
        self.tree.children[run].iter().map(move |&id| NodeRef { tree: self.tree, id })
    }

    /// The keys and values of a mapping in the order of the text; none for anything else.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (Self, Self)> {
        let run = match self.node().kind {
            Kind::Mapping { first, count, .. } => first as usize..(first + count) as usize,
            _ => 0..0,
        };
        let at = move |id| NodeRef { tree: self.tree, id };
        self.tree.children[run].as_chunks().0.iter().map(move |&[key, value]| (at(key), at(value)))
    }
}

impl<'t> Tree<'t> {
    /// The outermost node; none where the text is empty.
    pub fn root(&self) -> Option<NodeRef<'_, 't>> {
        self.root.map(|id| NodeRef { tree: self, id })
    }
}

/// Parses a text. The tree holds what could be read; the findings say what could not, each with its place, so many of
/// each lint as [`Limit::default`] allows.
pub fn parse(file: FileId, text: &str) -> (Tree<'_>, Vec<Finding>) {
    let mut findings = Collector::new(Limit::default());
    let tree = parse_into(file, text, &mut findings);
    (tree, findings.finish().findings)
}

/// Parses a text. The tree holds what could be read; what could not is pushed to `findings`.
pub fn parse_into<'t>(file: FileId, text: &'t str, findings: &mut Collector) -> Tree<'t> {
    let mut builder = Builder::new(file, findings);
    match builder.read(text, 0) {
        Ok(root) => builder.tree.root = root,
        Err(broken) => {
            builder = Builder::new(file, findings);
            recovery::read_by_entries(&mut builder, text, &broken);
        }
    }
    findings.merge(builder.findings);
    builder.tree
}

/// Why a text could not be read to its end.
#[derive(Debug)]
struct Broken {
    at: usize,
    message: String,
}

/// Builds one tree from the events of one or several pieces of a text.
struct Builder<'t> {
    file: FileId,
    tree: Tree<'t>,
    findings: Collector,
}

/// A mapping or list whose end has not come yet.
struct Open {
    start: usize,
    is_mapping: bool,
    flow: bool,
    refused: bool,
    /// Where its children begin among those of all that are open.
    children: usize,
}

impl<'t> Builder<'t> {
    /// A builder that pushes what it finds to a collector like `findings`.
    fn new(file: FileId, findings: &Collector) -> Self {
        Self { file, tree: Tree::default(), findings: findings.like() }
    }

    /// Reads the one document of `piece`, which starts at byte `base` of the text, to a node.
    fn read(&mut self, piece: &'t str, base: usize) -> Result<Option<u32>, Broken> {
        let offsets = Offsets::new(piece, base);
        let mut open: Vec<Open> = Vec::new();
        let mut children: Vec<u32> = Vec::new();
        let mut root = None;
        let mut documents = 0;
        let mut parser = Parser::new(input::Text::new(piece));
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| Broken::from_scan(&error, &offsets))?;
            let span = Span::new(offsets.byte(span.start.index()), offsets.byte(span.end.index()));
            let closed = match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        self.refuse(span, "a second document in one file", "put it into a file of its own");
                        break;
                    }
                    None
                }
                Event::Alias(_) => {
                    self.refuse(span, "an alias", "write the value out");
                    Some(self.push(span, Kind::Refused))
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let refused = self.refuse_marks(piece, base, span, anchor, tag.is_some());
                    let span = match style {
                        ScalarStyle::Literal => with_header(piece, base, span, '|'),
                        ScalarStyle::Folded => with_header(piece, base, span, '>'),
                        ScalarStyle::SingleQuoted => up_to_quote(piece, base, span, '\''),
                        ScalarStyle::DoubleQuoted => up_to_quote(piece, base, span, '"'),
                        ScalarStyle::Plain => span,
                    };
                    let plain = style == ScalarStyle::Plain;
                    let text = borrowed(text, piece, base, span);
                    let kind = if refused { Kind::Refused } else { Kind::Scalar { text, plain } };
                    Some(self.push(span, kind))
                }
                Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                    if open.len() >= MAX_DEPTH {
                        let message = format!("nesting deeper than {MAX_DEPTH} levels");
                        return Err(Broken { at: span.start as usize, message });
                    }
                    let refused = self.refuse_marks(piece, base, span, anchor, tag.is_some());
                    let opener = piece.as_bytes().get(span.start as usize - base).copied();
                    open.push(Open {
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
                    self.close(&Open { is_mapping: true, ..mapping }, &mut children, piece, base)
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

    fn push(&mut self, span: Span, kind: Kind<'t>) -> u32 {
        self.tree.nodes.push(Node { span, kind });
        self.tree.nodes.len() as u32 - 1
    }

    /// Ends a mapping or list: its span runs to its last child, or to its closing bracket.
    fn close(&mut self, open: &Open, children: &mut Vec<u32>, piece: &str, base: usize) -> u32 {
        let own = &children[open.children..];
        let last = own.last().map(|&id| self.tree.nodes[id as usize].span);
        let first = own.first().map(|&id| self.tree.nodes[id as usize].span);
        let span = match (open.flow, first, last) {
            (false, Some(first), Some(last)) => {
                Span::new(open.start.min(first.start as usize), last.end as usize)
            }
            (_, _, last) => {
                let from = last.map_or(open.start + 1, |last| last.end as usize);
                Span::new(open.start, closing_bracket(piece, base, from))
            }
        };
        let (first, count) = (self.tree.children.len() as u32, own.len() as u32);
        let kind = match (open.refused, open.is_mapping) {
            (true, _) => Kind::Refused,
            (false, true) => Kind::Mapping { first, count, flow: open.flow },
            (false, false) => Kind::List { first, count },
        };
        self.tree.children.extend(children.drain(open.children..));
        self.push(span, kind)
    }

    /// Refuses an anchor or a tag before a node; says whether there was one.
    fn refuse_marks(&mut self, piece: &str, base: usize, span: Span, anchor: usize, tag: bool) -> bool {
        if anchor != 0 {
            let at = mark(piece, base, span, '&');
            self.refuse(at, "an anchor", "write the value out where it is used");
        } else if tag {
            self.refuse(mark(piece, base, span, '!'), "a tag", "leave it out: the measure says how to read");
        }
        anchor != 0 || tag
    }

    fn refuse(&mut self, span: Span, what: &str, help: &str) {
        let at = self.locate(span);
        self.findings.push_with(lint::REFUSED_YAML.id, at, || {
            lint::REFUSED_YAML.at(at, format!("{what}, which claim files do without"), "").help(help)
        });
    }

    fn break_off(&mut self, text: &str, broken: &Broken) {
        let at = self.locate(Span::new(broken.at, broken.at));
        self.findings.push_with(lint::INVALID_YAML.id, at, || {
            let (message, help) = advice::on(text, broken.at, &broken.message);
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

/// The place of an anchor or a tag: the node starts with it, or stands behind it.
fn mark(piece: &str, base: usize, span: Span, sign: char) -> Span {
    let start = (span.start as usize).saturating_sub(base).min(piece.len());
    let at = if piece[start..].starts_with(sign) { Some(start) } else { piece[..start].rfind(sign) };
    let at = at.unwrap_or(start);
    let length = piece[at..].find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}'));
    Span::new(base + at, base + at + length.unwrap_or(piece.len() - at))
}

/// The place of a quoted scalar up to its closing quote; the parser's runs on to the next token.
fn up_to_quote(piece: &str, base: usize, span: Span, quote: char) -> Span {
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

/// The byte after the bracket that closes a flow list or mapping, looked for behind its last child.
fn closing_bracket(piece: &str, base: usize, from: usize) -> usize {
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

/// The place of a block scalar with the indicator that opens it; the parser's starts at its first line.
fn with_header(piece: &str, base: usize, span: Span, indicator: char) -> Span {
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

impl Broken {
    fn from_scan(error: &ScanError, offsets: &Offsets) -> Self {
        Self { at: offsets.byte(error.marker().index()), message: error.info().to_owned() }
    }
}

/// A scalar as a part of the text where it stands there unchanged. The parser's own copy has room for far
/// more than it holds, and is used again when it is given back at once.
fn borrowed<'t>(text: Cow<'t, str>, piece: &'t str, base: usize, span: Span) -> Cow<'t, str> {
    match piece.get(span.start as usize - base..span.end as usize - base) {
        Some(written) if written == text => Cow::Borrowed(written),
        _ => text,
    }
}

/// Turns the parser's character counts into bytes of the whole text.
struct Offsets {
    base: usize,
    /// The text in runs of characters that take alike many bytes.
    runs: Vec<Run>,
    /// The run asked for last: the parser goes forward, so the next is this one or the one after.
    last: Cell<usize>,
    /// The byte after the last, within the piece.
    end: usize,
}

/// Characters in a row that take alike many bytes.
struct Run {
    character: usize,
    byte: usize,
    width: usize,
}

impl Offsets {
    fn new(text: &str, base: usize) -> Self {
        let bytes = text.as_bytes();
        let mut runs = vec![Run { character: 0, byte: 0, width: 1 }];
        let mut byte = ascii(bytes);
        let mut character = byte;
        while let Some(&lead) = bytes.get(byte) {
            let width = width(lead);
            runs.push(Run { character, byte, width });
            let count = match width {
                1 => ascii(&bytes[byte..]),
                _ => bytes[byte..]
                    .iter()
                    .step_by(width)
                    .take_while(|&&lead| self::width(lead) == width)
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
        let Run { character: first, byte, width } = self.runs[at];
        self.base + (byte + (character - first) * width).min(self.end)
    }
}

/// How many bytes of a text stand before the first that is not ASCII.
fn ascii(bytes: &[u8]) -> usize {
    let whole: usize = bytes.chunks(64).take_while(|chunk| chunk.is_ascii()).map(<[u8]>::len).sum();
    whole + bytes[whole..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// How many bytes a character takes, by its first.
fn width(lead: u8) -> usize {
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
    fn each_mistake_of_a_beginner_is_told_what_to_do() {
        for (text, help) in [
            ("actors:\n  khan:\n    name: Khan: the general\n", "put the text between double quotes"),
            ("actors:\n  khan:\n    name: Khan\n   kind: state\n", "line this up with the keys above"),
            ("actors:\n  khan:\n\tname: Khan\n", "indent with blanks, not tabs"),
            (
                "actors:\n  khan: { aliases: [Khan }\n",
                "close the bracket with `]`, and put a comma between what stands in it",
            ),
            ("actors:\n  khan:\n    name: 'it's'\n", "write '' for ' inside single quotes"),
            ("actors:\n  khan:\n    name: \"the \"general\"\"\n", "write \\\" for \" inside double quotes"),
            ("actors:\n  khan:\n    name: @home\n", "a text cannot begin with @: put it between quotes"),
            ("actors:\n  khan:\n    name: \"Khan\n", "close the quotes"),
        ] {
            let (_, findings) = parse(FileId::new(0), text);
            let told: Vec<(&str, &[String])> =
                findings.iter().map(|finding| (finding.message.as_str(), &finding.help[..])).collect();
            assert!(told.iter().any(|(_, lines)| lines.iter().any(|line| line == help)), "{text}: {told:?}");
            let says_double = told.iter().any(|(message, _)| message.contains("double"));
            assert_eq!(says_double, help.contains("\" inside"), "{told:?}");
        }
    }
    use crate::id::Id as _;

    proptest::proptest! {
        #[test]
        fn characters_are_found_in_any_order(text in "[ab é–𝄞]{0,300}", asked in proptest::collection::vec(0_usize..310, 0..40)) {
            let offsets = Offsets::new(&text, 7);
            for character in asked {
                let byte = text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte);
                assert_eq!(offsets.byte(character), 7 + byte);
            }
        }
    }

    fn file() -> FileId {
        FileId::new(0)
    }

    fn shown(text: &str) -> (String, Vec<String>) {
        fn show(node: NodeRef<'_, '_>) -> String {
            match node.shape() {
                Shape::Scalar => node.text().unwrap().to_owned(),
                Shape::Empty => "-".to_owned(),
                Shape::Refused => "refused".to_owned(),
                Shape::List => format!("[{}]", node.items().map(show).collect::<Vec<_>>().join(" ")),
                Shape::Mapping => {
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
    fn a_tree_keeps_its_places() {
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
    fn refuses_what_hides_meaning() {
        assert_eq!(
            shown("a: &x 1\nb: *x\n"),
            ("{a=refused b=refused}".into(), vec!["refused-yaml@3".into(), "refused-yaml@11".into()])
        );
        assert_eq!(shown("a: !!str 1\n").1, ["refused-yaml@3"]);
        assert_eq!(shown("a: 1\n---\nb: 2\n").1, ["refused-yaml@5"]);
    }

    #[test]
    fn a_broken_entry_costs_that_entry() {
        let text =
            "claims:\n  one:\n    by: x\n  two:\n    by: [x\n  three:\n    by: \"y\n  four:\n    by: z\n";
        let (tree, findings) = shown(text);
        assert_eq!(tree, "{claims={one={by=x} two=refused three=refused four={by=z}}}");
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn hostile_nesting_ends_soon() {
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000), "{a: ".repeat(100_000)]
        {
            let (_, findings) = shown(&text);
            assert_eq!(findings.len(), 1, "{}", &text[..8]);
        }
    }

    #[test]
    fn an_empty_text_has_no_root() {
        assert_eq!(shown("# nothing\n"), (String::new(), vec![]));
        assert_eq!(shown(""), (String::new(), vec![]));
    }
}

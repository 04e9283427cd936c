//! The graph of sources, actors, events and disputed questions: as data for the script that draws it, and as a table
//! of edges.
//!
//! Both are limited to [`MAX_NODES`] nodes. They leave out claims first, and say how much is left out.

use maud::{Markup, PreEscaped, html};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::components::grade_in_line;
use super::pager::Pager;
use super::text::{plain, said};
use super::{DeskSection, Page, PageContext};
use crate::report::graph::{is_clash, label, pairs};
use crate::report::json_text;
use crate::report::wording::counted;
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::finding::Grade;
use gainsay_analysis::graph::{self, Edge, Node};
use gainsay_analysis::id::{ClaimId, QuestionId};

/// The most nodes that a browser draws easily.
const MAX_NODES: usize = 10_000;

/// The legend: the shape of each kind of node or edge.
const KEY_MARKS: [(&str, &str); 7] = [
    (r#"<circle class="dot" cx="17" cy="7" r="5"/>"#, "actor, in the colour of its party"),
    (r#"<rect class="dot" x="12" y="2" width="10" height="10"/>"#, "source"),
    (r#"<path class="thing" d="M17 1l6 6-6 6-6-6z"/>"#, "event, proposition or series"),
    (r#"<rect class="contra" x="11" y="1.5" width="12" height="11" rx="3"/>"#, "contradiction"),
    (r#"<rect class="tension" x="11" y="1.5" width="12" height="11" rx="3"/>"#, "tension"),
    (r#"<circle class="claim" cx="17" cy="7" r="3.5"/>"#, "claim"),
    (r#"<path class="clash" d="M2 7H32"/>"#, "clash between two claims"),
];

/// The edges on one page of the table.
const EDGES_PER_PAGE: usize = 500;

/// The nodes and edges to draw, and how much is left out.
struct Drawing {
    nodes: Vec<Node>,
    edges: Vec<DrawingEdge>,
    claims_left_out: usize,
    questions_left_out: usize,
}

/// Two nodes, by their indexes, and their relation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct DrawingEdge {
    from: usize,
    to: usize,
    edge: Edge,
    /// Whether it replaces claims that are not drawn.
    through_claims: bool,
}

#[derive(Serialize)]
struct GraphDocument {
    format: &'static str,
    nodes: Vec<NodeData>,
    edges: Vec<EdgeData>,
    left_out: GraphLeftOut,
}

#[derive(Serialize)]
struct NodeData {
    id: String,
    kind: &'static str,
    label: String,
    href: String,
    grade: Option<&'static str>,
    /// The colour of a party, from 1. 0 for grey and for anything that is not an actor.
    hue: u8,
}

#[derive(Serialize)]
struct EdgeData {
    /// Indexes of nodes.
    from: usize,
    to: usize,
    kind: &'static str,
    clash: bool,
}

#[derive(Serialize)]
struct GraphLeftOut {
    claims: usize,
    questions: usize,
}

/// The legend, which the script shows with the drawing.
fn key() -> Markup {
    html! {
        ul .key hidden aria-label="How to read the drawing" {
            @for (picture, means) in KEY_MARKS {
                li { svg .mini aria-hidden="true" viewBox="0 0 34 14" { (PreEscaped(picture)) } (means) }
            }
        }
    }
}

impl PageContext<'_> {
    /// The page of the graph. Without JavaScript it shows the table of edges only.
    pub fn graph(&self, number: usize) -> Page {
        let drawing = self.drawing(false);
        let pager = Pager::new(self.links, number, EDGES_PER_PAGE);
        let count = drawing.edges.len();
        let body = html! {
            h1 { "Graph" }
            p .lede { "Sources, actors, events and disputed questions, and how they are connected." }
            @if drawing.questions_left_out > 0 {
                p .small .muted .mt {
                    "The graph shows the most serious disputes and everything connected to them. It leaves out " (counted(drawing.questions_left_out, "disputed question"))
                    " for lack of space. All are in the list of " a href=(self.links.disputes()) { "disputes" } "."
                }
            }
            div #graph data-source="/graph.json" { (key()) }
            section {
                h2 { "Edges" }
                p .note { "The graph as a table, without claims: " (counted(drawing.nodes.len(), "node")) ", " (counted(count, "edge")) "." }
                div .scroll role="region" aria-label="Edges" tabindex="0" {
                    table .stack .edges {
                        thead { tr { th scope="col" { "From" } th scope="col" { "Relation" } th scope="col" { "To" } th scope="col" { "Dispute" } } }
                        tbody { @for tie in &drawing.edges[pager.rows(count)] { (self.tie_row(&drawing, tie)) } }
                    }
                }
                (pager.range_note(count, "edge"))
            }
            (pager.page_links(&self.links.list("graph"), count))
        };
        Page { title: "Graph".to_owned(), part: DeskSection::Graph, body }
    }

    fn tie_row(&self, drawing: &Drawing, tie: &DrawingEdge) -> Markup {
        let (from, to) = (drawing.nodes[tie.from], drawing.nodes[tie.to]);
        let grade = [from, to].into_iter().find_map(|node| self.grade_of_node(node));
        html! {
            tr {
                td { (self.node_link(from)) }
                td .muted .nowrap { (relation(tie, from)) }
                td { (self.node_link(to)) }
                td { @if let Some(grade) = grade { (grade_in_line(grade)) } }
            }
        }
    }

    fn node_link(&self, node: Node) -> Markup {
        match node {
            Node::Actor(id) => self.who(id),
            Node::Source(id) => self.source_and_day(id),
            Node::Subject(id) => self.subject(id),
            Node::Question(id) => self.asked_of(id),
            Node::Claim(id) => self.claim_link(id),
            Node::Population(_) | Node::Place(_) | Node::Term(_) => said(&label(self.analysis, node)),
        }
    }

    fn grade_of_node(&self, node: Node) -> Option<Grade> {
        match node {
            Node::Question(question) => self.dispute(question).map(|dispute| dispute.grade),
            _ => None,
        }
    }

    /// The same graph as JSON for the script that draws it: `/graph.json`. Edges refer to nodes by index.
    pub fn graph_data(&self) -> String {
        let drawing = self.drawing(true);
        let node = |&node: &Node| NodeData {
            id: graph::full_id(&self.analysis.model, node),
            kind: graph::kind(&self.analysis.model, node),
            label: plain(&label(self.analysis, node)),
            href: self.node_url(node),
            grade: self.grade_of_node(node).map(Grade::name),
            hue: if let Node::Actor(id) = node { self.index.hue(id) } else { 0 },
        };
        let edge = |tie: &DrawingEdge| EdgeData {
            from: tie.from,
            to: tie.to,
            kind: relation(tie, drawing.nodes[tie.from]),
            clash: tie.edge == Edge::ClashesWith,
        };
        let document = GraphDocument {
            format: "gainsay.desk-graph/1",
            nodes: drawing.nodes.iter().map(node).collect(),
            edges: drawing.edges.iter().map(edge).collect(),
            left_out: GraphLeftOut { claims: drawing.claims_left_out, questions: drawing.questions_left_out },
        };
        json_text::compact(&document).expect("texts and numbers can be written")
    }

    fn node_url(&self, node: Node) -> String {
        let id = graph::node_id(self.model(), node);
        match node {
            Node::Claim(claim) => {
                let row = self.model().claim(claim);
                self.links.claim(self.model().sources.name(row.source), &row.name)
            }
            Node::Actor(_) => self.links.to("actor", &id),
            Node::Source(_) => self.links.to("source", &id),
            Node::Question(_) => self.links.to("question", &id),
            Node::Subject(_) => self.links.to("event", &id),
            Node::Population(_) | Node::Place(_) | Node::Term(_) => String::new(),
        }
    }

    /// Picks what is drawn: everything, everything without claims, or only the most serious disputes.
    fn drawing(&self, with_claims: bool) -> Drawing {
        let model = self.model();
        let sources =
            model.sources.iter().filter(|(_, source)| !source.later).map(|(id, _)| Node::Source(id));
        let frame = sources
            .chain(model.actors.ids().map(Node::Actor))
            .chain(model.subjects.ids().map(Node::Subject))
            .chain(self.analysis.disputes.iter().map(|dispute| Node::Question(dispute.question)));
        let mut nodes: Vec<Node> = frame.collect();
        let claims = if with_claims { self.disputed_claims() } else { Vec::new() };
        let (mut claims_left_out, mut questions_left_out) = (0, 0);
        if nodes.len() > MAX_NODES {
            (nodes, questions_left_out) = self.gravest();
        }
        if nodes.len() + claims.len() <= MAX_NODES {
            nodes.extend(claims.into_iter().map(Node::Claim));
        } else {
            claims_left_out = claims.len();
        }
        nodes.sort_unstable();
        let edges = self.ties(&nodes);
        Drawing { nodes, edges, claims_left_out, questions_left_out }
    }

    /// The claims in disputes, each once.
    fn disputed_claims(&self) -> Vec<ClaimId> {
        let mut claims: Vec<ClaimId> =
            self.analysis.disputes.iter().flat_map(|dispute| self.claims_in(dispute)).collect();
        claims.sort_unstable();
        claims.dedup();
        claims
    }

    /// The claims that answer the question of a dispute, and those its findings name.
    fn claims_in(&self, dispute: &Dispute) -> Vec<ClaimId> {
        let answering = self.model().answers_to(dispute.question).map(|answer| self.claim_of(answer));
        let named = dispute.findings.iter().flat_map(|&at| self.analysis.findings[at].claims()).copied();
        answering.chain(named).filter(|&claim| !self.model().claim(claim).later).collect()
    }

    /// Disputes with their nodes, most serious first, up to [`MAX_NODES`]; and how many are left out.
    fn gravest(&self) -> (Vec<Node>, usize) {
        let mut nodes: FxHashSet<Node> = FxHashSet::default();
        for (at, dispute) in self.analysis.disputes.iter().enumerate() {
            let mut touched = vec![
                Node::Question(dispute.question),
                Node::Subject(self.model().question(dispute.question).subject),
            ];
            for claim in self.claims_in(dispute) {
                let row = self.model().claim(claim);
                touched.extend([Node::Actor(row.by), Node::Actor(row.party), Node::Source(row.source)]);
            }
            touched.retain(|node| !nodes.contains(node));
            touched.sort_unstable();
            touched.dedup();
            if nodes.len() + touched.len() > MAX_NODES {
                return (nodes.into_iter().collect(), self.analysis.disputes.len() - at);
            }
            nodes.extend(touched);
        }
        (nodes.into_iter().collect(), 0)
    }

    /// The edges between nodes. If claims are not drawn, their speakers and sources are connected to the
    /// question itself.
    fn ties(&self, nodes: &[Node]) -> Vec<DrawingEdge> {
        let places: FxHashMap<Node, usize> = nodes.iter().enumerate().map(|(at, &node)| (node, at)).collect();
        let all = self.analysis.graph.as_petgraph();
        let drawn = |from: Node, to: Node, edge: Edge| {
            Some(DrawingEdge {
                from: *places.get(&from)?,
                to: *places.get(&to)?,
                edge,
                through_claims: false,
            })
        };
        let edges = all.raw_edges().iter();
        let mut ties: Vec<DrawingEdge> =
            edges.filter_map(|edge| drawn(all[edge.source()], all[edge.target()], edge.weight)).collect();
        let clashes = self.analysis.on_claims().filter(|finding| is_clash(finding)).flat_map(pairs);
        ties.extend(
            clashes.filter_map(|(one, other)| drawn(Node::Claim(one), Node::Claim(other), Edge::ClashesWith)),
        );
        if !nodes.iter().any(|node| matches!(node, Node::Claim(_))) {
            ties.extend(
                nodes
                    .iter()
                    .copied()
                    .filter_map(question)
                    .flat_map(|question| self.speakers_on(question, &places)),
            );
        }
        ties.sort_unstable();
        ties.dedup();
        ties
    }

    fn speakers_on(&self, question: QuestionId, places: &FxHashMap<Node, usize>) -> Vec<DrawingEdge> {
        let Some(&to) = places.get(&Node::Question(question)) else { return Vec::new() };
        let claims =
            self.model().answers_to(question).map(|answer| self.model().claim(self.claim_of(answer)));
        let speaking = claims.flat_map(|claim| [Node::Actor(claim.by), Node::Source(claim.source)]);
        let tie = |node: Node| {
            let from = *places.get(&node)?;
            Some(DrawingEdge { from, to, edge: Edge::Answers, through_claims: true })
        };
        speaking.filter_map(tie).collect()
    }
}

fn question(node: Node) -> Option<QuestionId> {
    if let Node::Question(question) = node { Some(question) } else { None }
}

/// The relation in words. For a source of claims that are not drawn, the relation of the source to the question.
fn relation(tie: &DrawingEdge, from: Node) -> &'static str {
    match from {
        Node::Source(_) if tie.through_claims => "contains answers to",
        _ => tie.edge.name(),
    }
}

//! The claim graph for other programs: Graphviz, GraphML, Mermaid and JSON.
//!
//! A [`GraphView`] is the whole graph or the part around some nodes, with labels in words and an edge between
//! claims that clash. Each format only escapes labels in its own way.

mod dot;
mod graphml;
mod json;
mod mermaid;

use rustc_hash::FxHashMap;

use super::snippets::one_line;
use super::wording;
use gainsay_analysis::finding::{Finding, Grade};
use gainsay_analysis::graph::{self, Edge, Graph, Node};
use gainsay_analysis::id::{ClaimId, QuestionId};
use gainsay_analysis::rules::{self, Weight};
use gainsay_analysis::workspace::Analysis;

/// An output format of the graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// GraphML, for Gephi, yEd, Cytoscape, NetworkX.
    GraphMl,
    /// Mermaid, for Markdown pages.
    Mermaid,
    /// `gainsay.graph/1`.
    Json,
}

/// Nodes and edges to draw, in a stable order.
#[derive(Debug)]
pub struct GraphView {
    nodes: Vec<DrawnNode>,
    edges: Vec<DrawnEdge>,
}

/// A node as it is drawn.
#[derive(Debug)]
struct DrawnNode {
    /// A unique id: `actors/kabul`.
    id: String,
    /// `actor`, `event`, `claim` …
    kind: &'static str,
    /// Its label in words.
    label: String,
    /// For a question, the grade of the dispute on it.
    grade: Option<Grade>,
}

/// An edge as it is drawn: the indexes of its nodes, and the relation.
#[derive(Debug)]
struct DrawnEdge {
    from: usize,
    to: usize,
    edge: Edge,
}

impl DrawnEdge {
    /// Whether the direction of the edge matters.
    fn is_directed(&self) -> bool {
        self.edge != Edge::ClashesWith
    }
}

impl GraphView {
    /// The whole graph if `around` is empty, otherwise all nodes at most `depth` steps from one of `around`.
    pub fn new(analysis: &Analysis, around: &[Node], depth: usize) -> Self {
        let graph = with_clashes(analysis);
        let all = graph.as_petgraph();
        let mut nodes: Vec<Node> =
            if around.is_empty() { all.node_weights().copied().collect() } else { graph.near(around, depth) };
        nodes.retain(|&node| !graph::is_later(&analysis.model, node));
        nodes.sort_unstable();
        let places: FxHashMap<Node, usize> = nodes.iter().enumerate().map(|(at, &node)| (node, at)).collect();
        let place = |index| places.get(&all[index]).copied();
        let links = all
            .raw_edges()
            .iter()
            .filter_map(|edge| Some((place(edge.source())?, edge.weight, place(edge.target())?)));
        let mut links: Vec<_> = links.collect();
        links.sort_unstable();
        links.dedup();
        let grades = analysis.disputes.iter().map(|dispute| (dispute.question, dispute.grade)).collect();
        Self {
            nodes: nodes.into_iter().map(|node| drawn_node(analysis, &grades, node)).collect(),
            edges: links.into_iter().map(|(from, edge, to)| DrawnEdge { from, to, edge }).collect(),
        }
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// Writes the view in one of the formats.
    ///
    /// # Errors
    /// Never in practice, because it writes to memory.
    pub fn render(&self, format: GraphFormat) -> anyhow::Result<String> {
        Ok(match format {
            GraphFormat::Dot => dot::render(self),
            GraphFormat::GraphMl => graphml::render(self),
            GraphFormat::Mermaid => mermaid::render(self),
            GraphFormat::Json => json::render(self)?,
        })
    }
}

/// The graph with an edge between claims that clash in a finding.
pub(super) fn with_clashes(analysis: &Analysis) -> Graph {
    let (mut graph, _) = Graph::build(&analysis.model);
    graph.add_clashes(analysis.on_claims().filter(|finding| is_clash(finding)).flat_map(pairs));
    graph
}

/// Whether a finding is a clash between claims. Notes and lost attributions are not.
pub(super) fn is_clash(finding: &Finding) -> bool {
    let is_attribution = rules::find(finding.rule).is_some_and(|rule| rule.weight == Weight::Attribution);
    matches!(finding.grade, Grade::Contradiction | Grade::Tension) && !is_attribution
}

/// All pairs of claims of a finding. With more than eight claims, each only with the next.
pub(super) fn pairs(finding: &Finding) -> Vec<(ClaimId, ClaimId)> {
    let mut claims = finding.claims().to_vec();
    claims.sort_unstable();
    claims.dedup();
    let reach = if claims.len() > 8 { 1 } else { claims.len() };
    let with_later = claims
        .iter()
        .enumerate()
        .flat_map(|(at, &claim)| claims[at + 1..].iter().take(reach).map(move |&other| (claim, other)));
    with_later.collect()
}

fn drawn_node(analysis: &Analysis, grades: &FxHashMap<QuestionId, Grade>, node: Node) -> DrawnNode {
    let grade = match node {
        Node::Question(question) => grades.get(&question).copied(),
        _ => None,
    };
    let mut label = label(analysis, node);
    if let Some(grade) = grade {
        label = format!("{} {label}", wording::mark(grade));
    }
    DrawnNode {
        id: one_line(&graph::full_id(&analysis.model, node)),
        kind: graph::kind(&analysis.model, node),
        label: one_line(&label),
        grade,
    }
}

/// The label of a node in words.
pub(super) fn label(analysis: &Analysis, node: Node) -> String {
    let model = &analysis.model;
    match node {
        Node::Source(id) => wording::source_in_words(model, id),
        Node::Actor(id) => model.actors[id].name.to_string(),
        Node::Subject(id) => model.subject_in_words(id),
        Node::Question(id) => model.question_in_words(id),
        Node::Claim(id) => claim_label(analysis, id),
        Node::Population(id) => model.populations[id].name.to_string(),
        Node::Place(id) => model.places[id].name.to_string(),
        Node::Term(id) => model.terms[id].name.to_string(),
    }
}

/// Who says what: `Pakistani authorities: at least 80`.
fn claim_label(analysis: &Analysis, claim: ClaimId) -> String {
    const MAX_ANSWERS_IN_LABEL: usize = 2;
    let model = &analysis.model;
    let answers = wording::answers_of(analysis, claim);
    let mut words: Vec<String> =
        answers.iter().take(MAX_ANSWERS_IN_LABEL).map(|&answer| model.stance_in_words(answer)).collect();
    words.dedup();
    if answers.len() > MAX_ANSWERS_IN_LABEL {
        words.push(format!("and {} more", answers.len() - MAX_ANSWERS_IN_LABEL));
    }
    format!("{}: {}", model.actors[model.claim(claim).by].name, words.join(", "))
}

/// A view with hostile labels, to test the escaping of a format.
#[cfg(test)]
fn hostile_view() -> GraphView {
    let node = |id: &str, kind, label: &str| DrawnNode {
        id: id.to_owned(),
        kind,
        label: label.to_owned(),
        grade: Some(Grade::Contradiction),
    };
    GraphView {
        nodes: vec![
            node("claims/a/b", "claim", "\"]; x --> \\\" <script>&lt;#`|"),
            node("questions/c/d@2024", "question", "it's\\"),
        ],
        edges: vec![
            DrawnEdge { from: 0, to: 1, edge: Edge::Answers },
            DrawnEdge { from: 0, to: 0, edge: Edge::ClashesWith },
        ],
    }
}

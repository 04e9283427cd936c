//! The graph of sources, actors, subjects, questions and claims, with the queries that rules need. Only this
//! module uses petgraph.
//!
//! Nodes of the same kind are stored together in the order of their ids, so the index of a node can be calculated.
//! Cycles are found here, including cycles of measures, which are not nodes. This module judges nothing.

mod cycles;
mod named;
mod origin;
mod nesting;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef as _;

use crate::finding::{Collector, Finding, Limit};
use crate::id::{ActorId, ClaimId, Id, PlaceId, PopulationId, QuestionId, SourceId, SubjectId, TermId};
use crate::model::{Definition, Model};
use crate::source::Location;

pub use named::{full_id, kind, likely, named};
pub use nesting::{Lowest, Marks, Nearest, Nesting};
pub use origin::Origin;

/// A node of the graph: one entity of the model.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Node {
    /// A source.
    Source(SourceId),
    /// An actor.
    Actor(ActorId),
    /// An event, a proposition or a series.
    Subject(SubjectId),
    /// A question.
    Question(QuestionId),
    /// A claim.
    Claim(ClaimId),
    /// A population.
    Population(PopulationId),
    /// A place.
    Place(PlaceId),
    /// A term.
    Term(TermId),
}

/// The relation of one node to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Edge {
    /// Claim to source.
    SaidIn,
    /// Claim to speaker.
    AssertedBy,
    /// Claim to the relays through which the source has it.
    Via,
    /// Claim to question.
    Answers,
    /// Claim to claim.
    RespondsTo,
    /// Question to subject.
    About,
    /// Actor to the actor that it speaks for.
    SpeaksFor,
    /// Source to publisher.
    PublishedBy,
    /// Source to the sources that it draws on.
    Cites,
    /// Part to whole, among events, populations, places or terms.
    PartOf,
    /// Event to an event it came after.
    After,
    /// Claim to claim, added when findings are known.
    ClashesWith,
}

impl Edge {
    /// The relation in words, as in "A said in B".
    pub fn name(self) -> &'static str {
        match self {
            Self::SaidIn => "said in",
            Self::AssertedBy => "asserted by",
            Self::Via => "via",
            Self::Answers => "answers",
            Self::RespondsTo => "responds to",
            Self::About => "about",
            Self::SpeaksFor => "speaks for",
            Self::PublishedBy => "published by",
            Self::Cites => "cites",
            Self::PartOf => "part of",
            Self::After => "after",
            Self::ClashesWith => "clashes with",
        }
    }

    /// The inverse relation in words, as in "B asserts A".
    pub fn reverse_name(self) -> &'static str {
        match self {
            Self::SaidIn => "holds",
            Self::AssertedBy => "asserts",
            Self::Via => "passes on",
            Self::Answers => "answered by",
            Self::RespondsTo => "responded to by",
            Self::About => "asked",
            Self::SpeaksFor => "spoken for by",
            Self::PublishedBy => "published",
            Self::Cites => "cited by",
            Self::PartOf => "has part",
            Self::After => "before",
            Self::ClashesWith => "clashes with",
        }
    }
}

/// The graph of a model, with the nesting of populations, places, terms and events.
#[derive(Debug)]
pub struct Graph {
    all: DiGraph<Node, Edge>,
    first: NodeOffsets,
    /// The nesting of populations, and which exclude each other.
    pub populations: Nesting<PopulationId>,
    /// The nesting of places.
    pub places: Nesting<PlaceId>,
    /// The nesting of terms, and which exclude each other.
    pub terms: Nesting<TermId>,
    /// The nesting of events.
    pub events: Nesting<SubjectId>,
    /// The populations whose parts and exclusions are the desk's own reading.
    pub inferred: Marks<()>,
    /// The origin of each claim.
    origins: Vec<Origin>,
}

/// The index of the first node of each kind.
#[derive(Clone, Copy, Debug)]
struct NodeOffsets {
    actors: usize,
    subjects: usize,
    questions: usize,
    claims: usize,
    populations: usize,
    places: usize,
    terms: usize,
}

impl Graph {
    /// Builds the graph of a model, with a finding for each cycle in it.
    pub fn build(model: &Model) -> (Self, Vec<Finding>) {
        let mut findings = Collector::new(Limit::default());
        let graph = Self::build_into(model, &mut findings);
        (graph, findings.finish().findings)
    }

    /// Builds the graph of a model; findings on cycles are pushed to `findings`.
    pub fn build_into(model: &Model, findings: &mut Collector) -> Self {
        let claims = model.claims.len();
        let answers = model.answers.len() + model.questions.len();
        let mut graph = DiGraph::with_capacity(claims + answers, 2 * claims + answers);
        let first = add_nodes(model, &mut graph);
        let populations = Nesting::new(
            model.populations.iter().map(|(_, row)| (row.part_of.as_slice(), row.excludes.as_slice())),
        );
        let inferred = model.populations.iter().filter(|(_, row)| row.inferred).map(|(id, _)| (id, ()));
        let inferred = Marks::new(&populations, inferred);
        let mut built = Self {
            all: graph,
            first,
            populations,
            inferred,
            places: Nesting::new(
                model.places.iter().map(|(_, row)| (row.part_of.as_slice(), row.excludes.as_slice())),
            ),
            terms: Nesting::new(
                model.terms.iter().map(|(_, row)| (row.part_of.as_slice(), row.excludes.as_slice())),
            ),
            events: Nesting::new(model.subjects.iter().map(|(_, row)| (row.part_of.as_slice(), &[][..]))),
            origins: origin::origins(model),
        };
        built.link_definitions(model);
        built.link_claims(model);
        cycles::find(&built, model, findings);
        built
    }

    /// The graph in the form of petgraph.
    pub fn as_petgraph(&self) -> &DiGraph<Node, Edge> {
        &self.all
    }

    /// The index of a node in [`Self::as_petgraph`].
    pub fn index(&self, node: Node) -> NodeIndex {
        let first = &self.first;
        NodeIndex::new(match node {
            Node::Source(id) => id.index(),
            Node::Actor(id) => first.actors + id.index(),
            Node::Subject(id) => first.subjects + id.index(),
            Node::Question(id) => first.questions + id.index(),
            Node::Claim(id) => first.claims + id.index(),
            Node::Population(id) => first.populations + id.index(),
            Node::Place(id) => first.places + id.index(),
            Node::Term(id) => first.terms + id.index(),
        })
    }

    /// The origin of a claim.
    pub fn origin(&self, claim: ClaimId) -> Origin {
        self.origins[claim.index()]
    }

    /// The questions that a claim answers.
    pub fn questions_of(&self, claim: ClaimId) -> impl Iterator<Item = QuestionId> {
        self.all.edges(self.index(Node::Claim(claim))).filter_map(|edge| match self.all[edge.target()] {
            Node::Question(question) => Some(question),
            _ => None,
        })
    }

    /// The neighbours of a node, each with the edge and whether the edge leads away from the node, in a
    /// stable order.
    pub fn neighbours(&self, node: Node) -> Vec<(Edge, bool, Node)> {
        let at = self.index(node);
        let outgoing = self.all.edges(at).map(|edge| (*edge.weight(), true, self.all[edge.target()]));
        let incoming = self
            .all
            .edges_directed(at, petgraph::Direction::Incoming)
            .map(|edge| (*edge.weight(), false, self.all[edge.source()]));
        let mut neighbours: Vec<_> = outgoing.chain(incoming).collect();
        neighbours.sort_unstable();
        neighbours.dedup();
        neighbours
    }

    /// The nodes that are at most `depth` steps from a node in `around`, sorted.
    pub fn near(&self, around: &[Node], depth: usize) -> Vec<Node> {
        let mut found: Vec<Node> = around.to_vec();
        let mut frontier = found.clone();
        for _ in 0..depth {
            let mut next: Vec<Node> =
                frontier.iter().flat_map(|&node| self.neighbours(node)).map(|(_, _, node)| node).collect();
            next.sort_unstable();
            next.dedup();
            next.retain(|node| found.binary_search(node).is_err());
            if next.is_empty() {
                break;
            }
            found.extend(&next);
            found.sort_unstable();
            frontier = next;
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds an edge for each pair of claims that clash.
    pub fn add_clashes(&mut self, clashes: impl IntoIterator<Item = (ClaimId, ClaimId)>) {
        for (a, b) in clashes {
            self.link(Node::Claim(a), Node::Claim(b), Edge::ClashesWith);
        }
    }

    fn link(&mut self, from: Node, to: Node, edge: Edge) {
        let (from, to) = (self.index(from), self.index(to));
        self.all.add_edge(from, to, edge);
    }

    fn link_all<I: Copy>(&mut self, from: Node, to: &[I], node: impl Fn(I) -> Node, edge: Edge) {
        for &to in to {
            self.link(from, node(to), edge);
        }
    }

    fn link_definitions(&mut self, model: &Model) {
        for (id, actor) in model.actors.iter() {
            self.link_all(Node::Actor(id), actor.speaks_for.as_slice(), Node::Actor, Edge::SpeaksFor);
        }
        for (id, subject) in model.subjects.iter() {
            self.link_all(Node::Subject(id), &subject.part_of, Node::Subject, Edge::PartOf);
            self.link_all(Node::Subject(id), &subject.after, Node::Subject, Edge::After);
        }
        for (id, population) in model.populations.iter() {
            self.link_all(Node::Population(id), &population.part_of, Node::Population, Edge::PartOf);
        }
        for (id, place) in model.places.iter() {
            self.link_all(Node::Place(id), &place.part_of, Node::Place, Edge::PartOf);
        }
        for (id, term) in model.terms.iter() {
            self.link_all(Node::Term(id), &term.part_of, Node::Term, Edge::PartOf);
        }
        for (id, source) in model.sources.iter() {
            self.link(Node::Source(id), Node::Actor(source.publisher), Edge::PublishedBy);
            self.link_all(Node::Source(id), &source.cites, Node::Source, Edge::Cites);
        }
    }

    fn link_claims(&mut self, model: &Model) {
        for question in model.question_ids() {
            self.link(Node::Question(question), Node::Subject(model.question(question).subject), Edge::About);
        }
        for claim in model.claim_ids() {
            let row = model.claim(claim);
            self.link(Node::Claim(claim), Node::Source(row.source), Edge::SaidIn);
            self.link(Node::Claim(claim), Node::Actor(row.by), Edge::AssertedBy);
            self.link_all(Node::Claim(claim), &row.via, Node::Actor, Edge::Via);
            self.link_all(Node::Claim(claim), &row.responds_to, Node::Claim, Edge::RespondsTo);
        }
        for (&claim, &question) in model.answers.claim.iter().zip(&model.answers.question) {
            self.link(Node::Claim(claim), Node::Question(question), Edge::Answers);
        }
    }
}

fn add_nodes(model: &Model, graph: &mut DiGraph<Node, Edge>) -> NodeOffsets {
    let mut add = |nodes: &mut dyn Iterator<Item = Node>| {
        let first = graph.node_count();
        for node in nodes {
            graph.add_node(node);
        }
        first
    };
    add(&mut model.sources.ids().map(Node::Source));
    NodeOffsets {
        actors: add(&mut model.actors.ids().map(Node::Actor)),
        subjects: add(&mut model.subjects.ids().map(Node::Subject)),
        questions: add(&mut model.question_ids().map(Node::Question)),
        claims: add(&mut model.claim_ids().map(Node::Claim)),
        populations: add(&mut model.populations.ids().map(Node::Population)),
        places: add(&mut model.places.ids().map(Node::Place)),
        terms: add(&mut model.terms.ids().map(Node::Term)),
    }
}

/// The id of a node as claim files write it.
pub fn node_id(model: &Model, node: Node) -> String {
    match node {
        Node::Source(id) => model.sources.name(id).to_string(),
        Node::Actor(id) => model.actors.name(id).to_string(),
        Node::Subject(id) => model.subjects.name(id).to_string(),
        Node::Question(id) => model.question_name(id),
        Node::Claim(id) => model.claim_name(id),
        Node::Population(id) => model.populations.name(id).to_string(),
        Node::Place(id) => model.places.name(id).to_string(),
        Node::Term(id) => model.terms.name(id).to_string(),
    }
}

/// Whether a node is a source or a claim from after the day up to which the report looks. Such a node keeps
/// its name and answers nothing.
pub fn is_later(model: &Model, node: Node) -> bool {
    match node {
        Node::Source(id) => model.sources[id].later,
        Node::Claim(id) => model.claim(id).later,
        _ => false,
    }
}

/// The location where a node is defined; none for questions and built-in entities.
pub fn place(model: &Model, node: Node) -> Option<Location> {
    let defined: &Definition = match node {
        Node::Source(id) => &model.sources[id].defined,
        Node::Actor(id) => &model.actors[id].defined,
        Node::Subject(id) => &model.subjects[id].defined,
        Node::Question(_) => return None,
        Node::Claim(id) => return Some(model.claim(id).location),
        Node::Population(id) => &model.populations[id].defined,
        Node::Place(id) => &model.places[id].defined,
        Node::Term(id) => &model.terms[id].defined,
    };
    defined.location()
}

//! The graph of sources, actors, subjects, questions and claims, and the queries rules ask of it; the one
//! user of petgraph.
//!
//! Nodes of one kind stand together in the order of their ids, so a node is found by arithmetic. Circles are
//! found here, those of measures too, which are no nodes. Nothing is judged.

mod circles;
mod named;
mod origin;
mod within;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef as _;

use crate::finding::{Collector, Finding, Limit};
use crate::id::{ActorId, ClaimId, Id, PlaceId, PopulationId, QuestionId, SourceId, SubjectId, TermId};
use crate::model::{Defined, Model};
use crate::source::Location;

pub use named::{full_id, kind, likely, named};
pub use origin::Origin;
pub use within::{Lowest, Marks, Nearest, Nesting};

/// What a node stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Node {
    /// A document claims are made in.
    Source(SourceId),
    /// A person, organisation, state, armed group or publisher.
    Actor(ActorId),
    /// An event, a proposition or a series.
    Subject(SubjectId),
    /// What is asked.
    Question(QuestionId),
    /// A claim.
    Claim(ClaimId),
    /// Who is counted.
    Population(PopulationId),
    /// A place.
    Place(PlaceId),
    /// A term.
    Term(TermId),
}

/// How one node relates to the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Edge {
    /// Claim to source.
    SaidIn,
    /// Claim to speaker.
    AssertedBy,
    /// Claim to those through whom the source has it.
    Via,
    /// Claim to question.
    Answers,
    /// Claim to claim.
    RespondsTo,
    /// Question to subject.
    About,
    /// Actor to the actor whose position its words are.
    SpeaksFor,
    /// Source to publisher.
    PublishedBy,
    /// Source to the sources it draws on.
    Cites,
    /// Part to whole, among events, populations, places or terms.
    PartOf,
    /// Event to an event it came after.
    After,
    /// Claim to claim, once findings are known.
    ClashesWith,
}

impl Edge {
    /// The relation in words, as in `A said in B`.
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

    /// The relation in words the other way round, as in `B asserts A`.
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

/// The graph of a model, with what lies within what.
#[derive(Debug)]
pub struct Graph {
    all: DiGraph<Node, Edge>,
    first: Offsets,
    /// Which population lies in which, and which exclude each other.
    pub populations: Nesting<PopulationId>,
    /// Which place lies in which.
    pub places: Nesting<PlaceId>,
    /// Which term falls under which, and which exclude each other.
    pub terms: Nesting<TermId>,
    /// Which event is part of which.
    pub events: Nesting<SubjectId>,
    /// The populations whose edges are the desk's reading.
    pub inferred: Marks<()>,
    /// Where each claim comes from in the end.
    origins: Vec<Origin>,
}

/// The first node of each kind.
#[derive(Clone, Copy, Debug)]
struct Offsets {
    actors: usize,
    subjects: usize,
    questions: usize,
    claims: usize,
    populations: usize,
    places: usize,
    terms: usize,
}

impl Graph {
    /// The graph of a model, and a finding for each circle in it.
    pub fn build(model: &Model) -> (Self, Vec<Finding>) {
        let mut findings = Collector::new(Limit::default());
        let graph = Self::build_into(model, &mut findings);
        (graph, findings.finish().findings)
    }

    /// The same; the circles are pushed to `findings`.
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
        circles::find(&built, model, findings);
        built
    }

    /// The graph as petgraph has it.
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

    /// Where a claim comes from in the end.
    pub fn origin(&self, claim: ClaimId) -> Origin {
        self.origins[claim.index()]
    }

    /// The questions a claim answers.
    pub fn questions_of(&self, claim: ClaimId) -> impl Iterator<Item = QuestionId> {
        self.all.edges(self.index(Node::Claim(claim))).filter_map(|edge| match self.all[edge.target()] {
            Node::Question(question) => Some(question),
            _ => None,
        })
    }

    /// Everything one step away, with the edge and whether it leads out of the node, in a stable order.
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

    /// The nodes at most `depth` steps from one of `around`, sorted.
    pub fn near(&self, around: &[Node], depth: usize) -> Vec<Node> {
        let mut found: Vec<Node> = around.to_vec();
        let mut edge = found.clone();
        for _ in 0..depth {
            let mut next: Vec<Node> =
                edge.iter().flat_map(|&node| self.neighbours(node)).map(|(_, _, node)| node).collect();
            next.sort_unstable();
            next.dedup();
            next.retain(|node| found.binary_search(node).is_err());
            if next.is_empty() {
                break;
            }
            found.extend(&next);
            found.sort_unstable();
            edge = next;
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds an edge between each two claims that a finding names together.
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

fn add_nodes(model: &Model, graph: &mut DiGraph<Node, Edge>) -> Offsets {
    let mut add = |nodes: &mut dyn Iterator<Item = Node>| {
        let first = graph.node_count();
        for node in nodes {
            graph.add_node(node);
        }
        first
    };
    add(&mut model.sources.ids().map(Node::Source));
    Offsets {
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

/// Whether a node is a source or a claim that came after the day looked at: known by name, it says nothing.
pub fn is_later(model: &Model, node: Node) -> bool {
    match node {
        Node::Source(id) => model.sources[id].later,
        Node::Claim(id) => model.claim(id).later,
        _ => false,
    }
}

/// Where a node is defined; none for questions and for what is built in.
pub fn place(model: &Model, node: Node) -> Option<Location> {
    let defined: &Defined = match node {
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

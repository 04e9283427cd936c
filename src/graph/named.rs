//! Nodes by the ids people write, and what they most likely meant where none has such an id.

use super::{Node, node_id};
use crate::document::SubjectKind;
use crate::model::{Defined, Model};
use crate::names::{did_you_mean, fold_key};

/// The keys of a claim file under which ids are defined, and the two kinds of id that follow from them.
const NAMESPACES: [&str; 10] = [
    "claims",
    "questions",
    "sources",
    "actors",
    "events",
    "propositions",
    "series",
    "places",
    "terms",
    "populations",
];

/// Everything an id names: `raids-2026-02-22`, `al-jazeera-2026-02-24/kabul-rejects`, and, where several kinds
/// share an id, `actors/kabul`.
pub fn named(model: &Model, text: &str) -> Vec<Node> {
    if let Some((namespace, id)) = text.split_once('/')
        && let Some(node) = find(model, namespace, id)
    {
        return vec![node];
    }
    NAMESPACES.iter().filter_map(|namespace| find(model, namespace, text)).collect()
}

fn find(model: &Model, namespace: &str, id: &str) -> Option<Node> {
    let subject = |kind: SubjectKind| {
        let subject = model.subjects.find(id).filter(|&subject| model.subjects[subject].kind == kind);
        subject.map(Node::Subject)
    };
    match namespace {
        "claims" => model.find_claim(id).map(Node::Claim),
        "questions" => model.find_question(id).map(Node::Question),
        "sources" => model.sources.find(id).map(Node::Source),
        "actors" => model.actors.find(id).map(Node::Actor),
        "events" => subject(SubjectKind::Event),
        "propositions" => subject(SubjectKind::Proposition),
        "series" => subject(SubjectKind::Series),
        "places" => model.places.find(id).map(Node::Place),
        "terms" => model.terms.find(id).map(Node::Term),
        "populations" => model.populations.find(id).map(Node::Population),
        _ => None,
    }
}

/// What people call such a thing: `actor`, `event`.
pub fn kind(model: &Model, node: Node) -> &'static str {
    match node {
        Node::Source(_) => "source",
        Node::Actor(_) => "actor",
        Node::Subject(id) => match model.subjects[id].kind {
            SubjectKind::Event => "event",
            SubjectKind::Proposition => "proposition",
            SubjectKind::Series => "series",
        },
        Node::Question(_) => "question",
        Node::Claim(_) => "claim",
        Node::Population(_) => "population",
        Node::Place(_) => "place",
        Node::Term(_) => "term",
    }
}

/// The id of a node with its kind in front, which no other node has: `actors/kabul`.
pub fn full_id(model: &Model, node: Node) -> String {
    let kind = kind(model, node);
    let plural = if kind == "series" { "" } else { "s" };
    format!("{kind}{plural}/{}", node_id(model, node))
}

/// The id that was likely meant by a text that is none: of a claim that is called so within its source, of
/// whatever bears this name, or the nearest id.
pub fn likely(model: &Model, text: &str) -> Option<String> {
    let called_so = model.claim_ids().find(|&claim| model.claim(claim).name == text).map(Node::Claim);
    if let Some(node) = called_so.or_else(|| bears_name(model, text)) {
        return Some(node_id(model, node));
    }
    let ids: Vec<String> = nodes(model).map(|node| node_id(model, node)).collect();
    did_you_mean(text, ids.iter().map(String::as_str)).map(str::to_owned)
}

/// Everything that has an id.
fn nodes(model: &Model) -> impl Iterator<Item = Node> + '_ {
    let sources = model.sources.ids().map(Node::Source);
    let actors = model.actors.ids().map(Node::Actor);
    let subjects = model.subjects.ids().map(Node::Subject);
    let places = model.places.ids().map(Node::Place);
    let terms = model.terms.ids().map(Node::Term);
    let populations = model.populations.ids().map(Node::Population);
    let questions = model.question_ids().map(Node::Question);
    let claims = model.claim_ids().map(Node::Claim);
    let defined = sources.chain(actors).chain(subjects).chain(places).chain(terms).chain(populations);
    defined.chain(questions).chain(claims)
}

/// The first definition with this name or alias, however it is spelt.
fn bears_name(model: &Model, text: &str) -> Option<Node> {
    let wanted = fold_key(text);
    let is_so = |name: &str| fold_key(name) == wanted;
    let bears = |node: &Node| {
        let Some((name, defined)) = names(model, *node) else { return false };
        is_so(name) || defined.aliases.iter().any(|alias| is_so(&alias.value))
    };
    if wanted.is_empty() { None } else { nodes(model).find(bears) }
}

fn names(model: &Model, node: Node) -> Option<(&str, &Defined)> {
    match node {
        Node::Actor(id) => Some((&model.actors[id].name, &model.actors[id].defined)),
        Node::Subject(id) => Some((&model.subjects[id].name, &model.subjects[id].defined)),
        Node::Population(id) => Some((&model.populations[id].name, &model.populations[id].defined)),
        Node::Place(id) => Some((&model.places[id].name, &model.places[id].defined)),
        Node::Term(id) => Some((&model.terms[id].name, &model.terms[id].defined)),
        Node::Source(id) => {
            model.sources[id].title.as_deref().map(|title| (title, &model.sources[id].defined))
        }
        Node::Question(_) | Node::Claim(_) => None,
    }
}

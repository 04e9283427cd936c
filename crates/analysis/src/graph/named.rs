//! Finds nodes by id, and suggests ids for texts that are not ids.

use super::{Node, node_id};
use crate::document::SubjectKind;
use crate::model::{Definition, Model};
use gainsay_reading::names::{did_you_mean, fold_key};

/// The keys of a claim file under which ids are defined, and the two kinds of ids that are made from others.
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

/// All nodes with an id: `raids-2026-02-22`, `al-jazeera-2026-02-24/kabul-rejects`, or `actors/kabul` if
/// several kinds share the id.
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

/// The kind of a node in words: `actor`, `event`.
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

/// The id of a node after its kind, which is unique: `actors/kabul`.
pub fn full_id(model: &Model, node: Node) -> String {
    let kind = kind(model, node);
    let plural = if kind == "series" { "" } else { "s" };
    format!("{kind}{plural}/{}", node_id(model, node))
}

/// The id that was probably meant by a text that is not an id: that of a claim with this short name, that of
/// an entity with this name, or the nearest id.
pub fn likely(model: &Model, text: &str) -> Option<String> {
    let called_so = model.claim_ids().find(|&claim| model.claim(claim).name == text).map(Node::Claim);
    if let Some(node) = called_so.or_else(|| node_with_name(model, text)) {
        return Some(node_id(model, node));
    }
    let ids: Vec<String> = nodes(model).map(|node| node_id(model, node)).collect();
    did_you_mean(text, ids.iter().map(String::as_str)).map(str::to_owned)
}

/// All nodes that have an id.
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

/// The first entity with this name or alias in any spelling.
fn node_with_name(model: &Model, text: &str) -> Option<Node> {
    let wanted = fold_key(text);
    let matches = |name: &str| fold_key(name) == wanted;
    let has_name = |node: &Node| {
        let Some((name, defined)) = names(model, *node) else { return false };
        matches(name) || defined.aliases.iter().any(|alias| matches(&alias.value))
    };
    if wanted.is_empty() { None } else { nodes(model).find(has_name) }
}

fn names(model: &Model, node: Node) -> Option<(&str, &Definition)> {
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

//! Definitions that lead back to themselves: an error for each set of them, by the key that leads round.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, EdgeReference};
use petgraph::visit::EdgeFiltered;

use super::{Edge, Graph, node_id, place};
use crate::finding::{Collector, Finding};
use crate::id::{Id as _, MeasureId};
use crate::lint;
use crate::model::Model;
use crate::source::Location;

/// Pushes a finding for each set of definitions that lead back to themselves along one kind of edge.
pub(super) fn find(graph: &Graph, model: &Model, findings: &mut Collector) {
    for (edge, key) in [
        (Edge::SpeaksFor, "speaks-for"),
        (Edge::PartOf, "part-of"),
        (Edge::After, "after"),
        (Edge::Cites, "cites"),
    ] {
        if !graph.all.edge_weights().any(|&weight| weight == edge) {
            continue;
        }
        let only = EdgeFiltered::from_fn(&graph.all, |of: EdgeReference<'_, Edge>| *of.weight() == edge);
        for mut circle in kosaraju_scc(&only) {
            let on_itself =
                || graph.all.edges_connecting(circle[0], circle[0]).any(|loops| *loops.weight() == edge);
            if circle.len() > 1 || on_itself() {
                circle.sort_unstable();
                let nodes = circle.into_iter().map(|at| graph.all[at]);
                let nodes = nodes.map(|node| (node_id(model, node), place(model, node)));
                if let Some(finding) = finding(key, nodes) {
                    findings.push(finding);
                }
            }
        }
    }
    sums(model, findings);
}

/// The same for measures, which are sums of each other and no nodes of the graph.
fn sums(model: &Model, findings: &mut Collector) {
    let links = model.measures.iter().flat_map(|(id, measure)| {
        measure.sum_of.iter().map(move |part| (id.index() as u32, part.index() as u32))
    });
    let sums: DiGraph<(), ()> = DiGraph::from_edges(links);
    let circles = kosaraju_scc(&sums).into_iter().filter_map(|mut circle| {
        if circle.len() == 1 && !sums.contains_edge(circle[0], circle[0]) {
            return None;
        }
        circle.sort_unstable();
        let measures = circle.into_iter().map(|at| MeasureId::new(at.index()));
        let named =
            |id: MeasureId| (model.measures.name(id).to_string(), model.measures[id].defined.location());
        finding("sum-of", measures.map(named))
    });
    circles.for_each(|circle| findings.push(circle));
}

/// The finding on a circle, at each of its definitions that stands in a file.
fn finding(key: &str, circle: impl Iterator<Item = (String, Option<Location>)>) -> Option<Finding> {
    let (names, places): (Vec<String>, Vec<_>) =
        circle.map(|(name, place)| (format!("`{name}`"), place)).unzip();
    let back = if names.len() == 1 { "leads back to itself" } else { "lead back to themselves" };
    let message = format!("by `{key}`, {} {back}", names.join(", "));
    let mut places = places.into_iter().flatten();
    let first = lint::CYCLE.at(places.next()?, message, "on the circle");
    Some(places.fold(first, |finding, place| finding.at(place, "on the circle")))
}

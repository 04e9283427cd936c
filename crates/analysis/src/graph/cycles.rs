//! Finds cycles of definitions. Each cycle is one error, with the key that forms it.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, EdgeReference};
use petgraph::visit::EdgeFiltered;

use super::{Edge, Graph, node_id, place};
use crate::finding::{Collector, Finding};
use crate::id::{Id as _, MeasureId};
use crate::lint;
use crate::model::Model;
use crate::source::Location;

/// Pushes a finding for each cycle along one kind of edge.
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
        for mut cycle in kosaraju_scc(&only) {
            let on_itself =
                || graph.all.edges_connecting(cycle[0], cycle[0]).any(|loops| *loops.weight() == edge);
            if cycle.len() > 1 || on_itself() {
                cycle.sort_unstable();
                let nodes = cycle.into_iter().map(|at| graph.all[at]);
                let nodes = nodes.map(|node| (node_id(model, node), place(model, node)));
                if let Some(finding) = finding(key, nodes) {
                    findings.push(finding);
                }
            }
        }
    }
    find_in_sums(model, findings);
}

/// Pushes a finding for each cycle of `sum-of`; measures are not nodes of the graph.
fn find_in_sums(model: &Model, findings: &mut Collector) {
    let links = model.measures.iter().flat_map(|(id, measure)| {
        measure.sum_of.iter().map(move |part| (id.index() as u32, part.index() as u32))
    });
    let sums: DiGraph<(), ()> = DiGraph::from_edges(links);
    let cycles = kosaraju_scc(&sums).into_iter().filter_map(|mut cycle| {
        if cycle.len() == 1 && !sums.contains_edge(cycle[0], cycle[0]) {
            return None;
        }
        cycle.sort_unstable();
        let measures = cycle.into_iter().map(|at| MeasureId::new(at.index()));
        let named =
            |id: MeasureId| (model.measures.name(id).to_string(), model.measures[id].defined.location());
        finding("sum-of", measures.map(named))
    });
    cycles.for_each(|cycle| findings.push(cycle));
}

/// The finding on a cycle, with a label at each definition that is in a file.
fn finding(key: &str, cycle: impl Iterator<Item = (String, Option<Location>)>) -> Option<Finding> {
    let (names, places): (Vec<String>, Vec<_>) =
        cycle.map(|(name, place)| (format!("`{name}`"), place)).unzip();
    let message = match names.as_slice() {
        [name] => format!("{name} refers to itself by `{key}`"),
        _ => format!("{} form a cycle of `{key}`", names.join(", ")),
    };
    let mut places = places.into_iter().flatten();
    let first = lint::CYCLE.at(places.next()?, message, "in the cycle");
    Some(places.fold(first, |finding, place| finding.at(place, "in the cycle")))
}

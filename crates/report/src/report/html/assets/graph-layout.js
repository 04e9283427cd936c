// A worker of graph.js that computes positions for the nodes of a graph in slices.
//
// Input: { count, links: [[from, to], ...], places: Float32Array or null, wide: room for names }. Output: places, alternating x and y,
// each time the page has drawn the previous ones. The final message is marked as such.
"use strict";
importScripts(
  "/assets/vendor/d3-dispatch.min.js",
  "/assets/vendor/d3-quadtree.min.js",
  "/assets/vendor/d3-timer.min.js",
  "/assets/vendor/d3-force.min.js",
);

// Milliseconds between two pictures. With many nodes, each picture takes the page longer.
const SLICE = 150, SLICE_OF_MANY = 900;
let simulation = null, nodes = [], pause = SLICE;

onmessage = ({ data }) => {
  if (data.links) begin(data);
  if (simulation) slice();
};

function begin({ count, links, places, wide }) {
  nodes = Array.from({ length: count }, (_, at) => places && !Number.isNaN(places[2 * at])
    ? { x: places[2 * at], y: places[2 * at + 1] } : {});
  const many = count > 2000;
  pause = many ? SLICE_OF_MANY : SLICE;
  // Otherwise, nodes without edges would drift far out and make the rest small.
  const tied = new Set(links.flat());
  const inward = (_, at) => (tied.has(at) ? 0.03 : 0.12);
  simulation = d3.forceSimulation(nodes)
    .force("apart", d3.forceManyBody().strength(wide ? -420 : count > 600 ? -60 : -160).theta(many ? 1.2 : 0.9).distanceMax(many ? 600 : 1500))
    .force("together", d3.forceLink(links.map(([source, target]) => ({ source, target }))).distance(wide ? 110 : count > 600 ? 46 : 60))
    // The layout is wider than tall, like the window.
    .force("x", d3.forceX().strength((node, at) => inward(node, at) * 0.7))
    .force("y", d3.forceY().strength((node, at) => inward(node, at) * 1.5))
    .alphaDecay(many ? 0.035 : 0.0228)
    .stop();
  // If most nodes have a position already, they stay near it.
  if (places) simulation.alpha(0.2);
}

// Computes for a moment, then sends the positions.
function slice() {
  const until = performance.now() + pause;
  do simulation.tick(); while (simulation.alpha() > simulation.alphaMin() && performance.now() < until);
  const last = simulation.alpha() <= simulation.alphaMin();
  const places = new Float32Array(2 * nodes.length);
  nodes.forEach((node, at) => { places[2 * at] = node.x; places[2 * at + 1] = node.y; });
  if (last) simulation = null;
  postMessage({ places, last }, [places.buffer]);
}

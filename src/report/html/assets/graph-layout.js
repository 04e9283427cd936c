// Computes places for the nodes of a graph, in slices, away from the page: a worker of graph.js.
//
// Takes { count, links: [[from, to], ...], places: Float32Array or null, wide: room for names }. Answers with places, x and y in turn,
// as often as the page has drawn the last ones; the last answer says that it is the last.
"use strict";
importScripts(
  "/assets/vendor/d3-dispatch.min.js",
  "/assets/vendor/d3-quadtree.min.js",
  "/assets/vendor/d3-timer.min.js",
  "/assets/vendor/d3-force.min.js",
);

// Milliseconds between one picture and the next; with many nodes each picture costs the page more.
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
  // What hangs together with nothing would otherwise drift far out and make the rest small.
  const tied = new Set(links.flat());
  const inward = (_, at) => (tied.has(at) ? 0.03 : 0.12);
  simulation = d3.forceSimulation(nodes)
    .force("apart", d3.forceManyBody().strength(wide ? -420 : count > 600 ? -60 : -160).theta(many ? 1.2 : 0.9).distanceMax(many ? 600 : 1500))
    .force("together", d3.forceLink(links.map(([source, target]) => ({ source, target }))).distance(wide ? 110 : count > 600 ? 46 : 60))
    // The window is wider than tall, and so is what stands in it.
    .force("x", d3.forceX().strength((node, at) => inward(node, at) * 0.7))
    .force("y", d3.forceY().strength((node, at) => inward(node, at) * 1.5))
    .alphaDecay(many ? 0.035 : 0.0228)
    .stop();
  // Where most have a place already, they keep about where they are.
  if (places) simulation.alpha(0.2);
}

// Works for a moment, then shows what there is.
function slice() {
  const until = performance.now() + pause;
  do simulation.tick(); while (simulation.alpha() > simulation.alphaMin() && performance.now() < until);
  const last = simulation.alpha() <= simulation.alphaMin();
  const places = new Float32Array(2 * nodes.length);
  nodes.forEach((node, at) => { places[2 * at] = node.x; places[2 * at + 1] = node.y; });
  if (last) simulation = null;
  postMessage({ places, last }, [places.buffer]);
}

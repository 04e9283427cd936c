// The graph of sources, actors, events and disputed questions. cytoscape draws it, graph-layout.js computes places.
//
// The table below the drawing holds the same edges: without script, or where something here fails, it is all there
// is. Everything that the pointer does, the controls do as well.
(() => {
"use strict";

const root = document.getElementById("graph");
if (!root || typeof cytoscape !== "function") return;

// cytoscape puts a <style> into the page unless an element with this id is there; desk.css holds its one rule.
const stand = document.createElement("meta");
stand.id = "__________cytoscape_stylesheet";
document.head.append(stand);

const MANY = 2000;
const SHOWN = 60;
const NAMED = 12;
const KINDS = { question: "questions", event: "events", proposition: "propositions", series: "series", actor: "actors", source: "sources", claim: "claims" };
const SHAPES = { question: "round-rectangle", event: "diamond", proposition: "diamond", series: "diamond", actor: "ellipse", source: "rectangle", claim: "ellipse" };

// ---------- the controls ----------

const make = (name, fields = {}, ...children) => {
  const element = Object.assign(document.createElement(name), fields);
  element.append(...children);
  return element;
};

const search = make("input", { type: "search", id: "graph-search", autocomplete: "off" });
const matches = make("ul", { className: "graph-list" });
const kinds = make("fieldset", { className: "graph-kinds" }, make("legend", { textContent: "Show" }));
const clashes = make("input", { type: "checkbox" });
const depth = make("select", { id: "graph-depth" }, ...[1, 2, 3].map((steps) =>
  make("option", { value: String(steps), textContent: steps === 1 ? "1 step" : `${steps} steps` })));
const status = make("p", { className: "graph-status small muted" });
status.setAttribute("role", "status");
const button = (text, act) => {
  const button = make("button", { type: "button", textContent: text });
  button.addEventListener("click", act);
  return button;
};
const whole = button("Whole graph", () => focus(null));
const bar = make("div", { className: "graph-bar" },
  make("p", {}, make("label", { htmlFor: "graph-search", textContent: "Find" }), search),
  kinds,
  make("p", {}, make("label", { htmlFor: "graph-depth", textContent: "Around a node" }), depth),
  make("p", { className: "graph-buttons" },
    button("+", () => zoom(1.4)), button("−", () => zoom(1 / 1.4)), button("Fit", () => fit()), whole));
bar.querySelectorAll(".graph-buttons button").forEach((button, at) =>
  button.setAttribute("aria-label", ["Zoom in", "Zoom out", "Fit to the window", "Whole graph"][at]));
const canvas = make("div", { className: "graph-canvas", tabIndex: 0 });
canvas.setAttribute("role", "img");
canvas.setAttribute("aria-label", "Drawing of the graph. Arrows move it, plus and minus zoom. The list beside it holds what is found, or what the node in focus hangs together with.");
const panel = make("div", { className: "graph-panel" });
const stage = make("div", { className: "graph-stage" }, canvas, panel);
const key = root.querySelector(".key");
if (key) key.hidden = false;
root.replaceChildren(bar, status, stage, ...(key ? [key] : []));

// ---------- the drawing ----------

let cy = null, nodes = [], edges = [], near = [], centre = null, worker = null, text = "";
// The places in the whole graph, while what is around a node has others.
let home = null;

function colours() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

// Hue is for parties, weight and dashes for clashes: as on every page.
function look() {
  const c = colours();
  const sans = c("--sans");
  const style = [
    { selector: "node", style: {
      "label": many() ? "data(label)" : "", "font-family": sans, "font-size": 11, "color": c("--ink"), "text-wrap": "ellipsis",
      "text-max-width": 150, "text-valign": "bottom", "text-margin-y": 3, "min-zoomed-font-size": 8,
      "text-outline-color": c("--paper"), "text-outline-width": 2,
      "width": "data(size)", "height": "data(size)", "background-color": c("--paper"), "border-width": 1.5,
      "border-color": c("--ink-3"), "shape": "data(shape)" } },
    { selector: "node[kind = 'source']", style: { "background-color": c("--p0"), "border-width": 0 } },
    { selector: "node[shape = 'diamond']", style: { "background-color": c("--rule-2") } },
    { selector: "node.told", style: { "label": "data(label)", "font-size": "data(letters)", "text-max-width": "data(room)",
      "text-margin-y": "data(below)", "min-zoomed-font-size": 0, "text-outline-width": "data(halo)", "z-index": 5 } },
    { selector: "node[kind = 'claim']", style: { "width": 8, "height": 8, "border-width": 1 } },
    ...(!many() ? [] : [{ selector: "node[?named]", style: { "min-zoomed-font-size": 0, "font-size": 20, "text-max-width": 240, "z-index": 5 } }]),
    { selector: "node.around", style: !many() ? {} : { "min-zoomed-font-size": 6, "font-size": 11, "text-max-width": 150 } },
    { selector: "node[kind = 'question']", style: { "background-color": c("--surface") } },
    { selector: "node[grade = 'contradiction']", style: { "border-width": 4, "border-color": c("--ink") } },
    { selector: "node[grade = 'tension']", style: { "border-width": 2.5, "border-color": c("--ink") } },
    { selector: "node[kind = 'actor']", style: { "background-color": c("--p0"), "border-width": 0 } },
    ...[1, 2, 3, 4, 5, 6, 7].map((hue) => ({ selector: `node[hue = ${hue}]`, style: { "background-color": c(`--p${hue}`) } })),
    { selector: "edge", style: { "width": 1, "line-color": c("--rule-2"), "curve-style": "haystack", "opacity": 0.8 } },
    { selector: "edge[?clash]", style: { "width": 2.6, "line-color": c("--ink"), "line-style": "dashed", "opacity": 1 } },
    { selector: "edge.later", style: { "display": "none" } },
    { selector: ".off", style: { "display": "none" } },
    { selector: ".far", style: { "opacity": 0.15 } },
    { selector: "node.here", style: { "border-width": 4, "border-color": c("--ink"), "font-weight": 700, "min-zoomed-font-size": 0, "z-index": 9 } },
  ];
  return style;
}

const many = () => nodes.length > MANY;

// Of names that would lie on each other, the one of the node with more edges stays; their letters keep their size
// however near one looks. Of thousands of nodes a few bear their names, larger.
const LETTERS = 12, ROOM = 190;
const pen = document.createElement("canvas").getContext("2d");
let naming = 0;

function name() {
  naming = 0;
  if (!cy || many()) return;
  const level = cy.zoom(), wide = cy.width(), tall = cy.height(), taken = [];
  const weight = (at) => (at === centre ? 1e6 : 0) + (nodes[at].hue && nodes[at].kind === "actor" ? 30 : 0) + (nodes[at].grade === "contradiction" ? 20 : 0) + near[at].length;
  // Claims are many, and say themselves what they are from nearby.
  const isNamed = (node) => level > 1.1 || node.data("kind") !== "claim" || centre !== null;
  const shown = cy.nodes().not(".off").filter(isNamed).toArray().sort((a, b) => weight(b.data("at")) - weight(a.data("at")));
  for (const node of shown) {
    const { x, y } = node.renderedPosition(), half = node.renderedHeight() / 2 - 1;
    if (half > 3.5) taken.push([x - half, y - half, x + half, y + half]);
  }
  pen.font = `${LETTERS}px ${colours()("--sans")}`;
  const free = (box) => taken.every((other) => box[0] >= other[2] || other[0] >= box[2] || box[1] >= other[3] || other[1] >= box[3]);
  const told = new Map();
  for (const node of shown) {
    const { x, y } = node.renderedPosition(), half = Math.min(pen.measureText(node.data("label")).width, ROOM) / 2 + 3;
    if (x < 0 || y < 0 || x > wide || y > tall) continue;
    // Below the node, or above it.
    const radius = node.renderedHeight() / 2, height = LETTERS + 5;
    const box = [y + radius, y - radius - height].map((top) => [x - half, top, x + half, top + height]).find(free);
    if (!box) continue;
    taken.push(box);
    told.set(node.id(), (box[1] > y ? 3 : -2 * radius - height + 1) / level);
  }
  const fields = { letters: LETTERS / level, room: ROOM / level, halo: 2.5 / level };
  cy.batch(() => cy.nodes().forEach((node) => {
    if (told.has(node.id())) node.data({ ...fields, below: told.get(node.id()) });
    node.toggleClass("told", told.has(node.id()));
  }));
}
const nameSoon = () => { naming ||= setTimeout(name, 60); };

function build(data) {
  const place = new Map(data.nodes.map((node, at) => [node.id, at]));
  const at = (end) => (typeof end === "number" ? end : place.get(end));
  nodes = data.nodes;
  edges = data.edges.map((edge) => ({ ...edge, from: at(edge.from), to: at(edge.to) }))
    .filter((edge) => nodes[edge.from] && nodes[edge.to]);
  near = nodes.map(() => []);
  for (const edge of edges) { near[edge.from].push([edge.to, edge]); near[edge.to].push([edge.from, edge]); }
  const size = (at) => Math.round(10 + 4 * Math.sqrt(near[at].length));
  // Whatever hangs together with most bears its name from afar.
  const named = new Set(nodes.map((_, at) => at).sort((a, b) => near[b].length - near[a].length).slice(0, NAMED));
  return [
    ...nodes.map((node, at) => ({ group: "nodes", data: {
      id: "n" + at, at, label: node.label, kind: node.kind, hue: node.kind === "actor" ? node.hue : 0,
      grade: node.grade || "", named: named.has(at), size: Math.min(size(at), 46), shape: SHAPES[node.kind] || "ellipse" } })),
    ...edges.map((edge, at) => ({ group: "edges", data: {
      id: "e" + at, source: "n" + edge.from, target: "n" + edge.to, clash: !!edge.clash } })),
  ];
}

function draw(data, known) {
  const elements = build(data);
  const isMany = many();
  cy?.destroy();
  cy = cytoscape({
    container: canvas, elements, style: look(), layout: { name: "preset" }, minZoom: 0.02, maxZoom: 6,
    hideEdgesOnViewport: isMany, textureOnViewport: isMany, ...(isMany ? { pixelRatio: 1 } : {}),
    autoungrabify: isMany, boxSelectionEnabled: false, selectionType: "single",
  });
  // A click follows the node; with shift, or a long press, it is looked at from nearby.
  cy.on("tap", "node", (event) => {
    const at = event.target.data("at");
    if (event.originalEvent?.shiftKey) focus(at); else location.href = nodes[at].href;
  });
  cy.on("taphold cxttap", "node", (event) => focus(event.target.data("at")));
  cy.on("mouseover", "node", (event) => { canvas.title = nodes[event.target.data("at")].label; });
  cy.on("mouseout", "node", () => { canvas.title = ""; });
  cy.on("viewport free", nameSoon);
  listKinds();
  home = null;
  lay(everyone(), known && new Float32Array(nodes.flatMap((node) => known.get(node.id) ?? [NaN, NaN])), (places) => { home = places; });
  status.textContent = "Finding places …";
}

// Moves nodes to places that hold x and y in turn.
const put = (places, ids) => cy.batch(() => ids.forEach((at, turn) => {
  if (!Number.isNaN(places[2 * turn])) cy.getElementById("n" + at).position({ x: places[2 * turn], y: places[2 * turn + 1] });
}));
const everyone = () => nodes.map((_, at) => at);

// Places come from a worker, a few at a time; what is drawn grows steadier under the reader's eyes.
function lay(ids, known, done) {
  worker?.terminate();
  const turn = new Map(ids.map((at, turn) => [at, turn]));
  const links = edges.filter((edge) => turn.has(edge.from) && turn.has(edge.to)).map((edge) => [turn.get(edge.from), turn.get(edge.to)]);
  worker = new Worker("/assets/graph-layout.js");
  root.dataset.state = "moving";
  // Thousands of lines that move are slow to draw and tell nothing: they come when their ends have places.
  cy.edges().toggleClass("later", ids.length > MANY);
  let first = true;
  worker.onmessage = ({ data }) => {
    put(data.places, ids);
    if (!known && (first || data.last)) fit();
    first = false;
    if (!data.last) return requestAnimationFrame(() => worker?.postMessage({}));
    worker.terminate();
    worker = null;
    root.dataset.state = "still";
    cy.edges().removeClass("later");
    done(data.places);
    nameSoon();
    tell();
  };
  worker.onerror = () => { cy.edges().removeClass("later"); cy.layout({ name: "grid" }).run(); root.dataset.state = "still"; };
  worker.postMessage({ count: ids.length, links, places: known || null, wide: ids.length < nodes.length });
}

function fit() {
  cy.resize();
  const shown = cy.nodes().not(".off");
  if (!shown.length) return;
  cy.fit(shown, 30);
  if (cy.zoom() > 1.5) { cy.zoom(1.5); cy.center(shown); }
}
const zoom = (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });

// ---------- what is shown ----------

function listKinds() {
  const found = [...new Set(nodes.map((node) => node.kind))];
  const off = new Set([...kinds.querySelectorAll("input:not(:checked)")].map((input) => input.value));
  kinds.querySelectorAll("label").forEach((label) => label.remove());
  for (const kind of found) {
    const box = make("input", { type: "checkbox", value: kind, checked: !off.has(kind) });
    box.addEventListener("change", show);
    kinds.append(make("label", { className: "choice" }, box, KINDS[kind] || kind));
  }
  clashes.onchange = show;
  kinds.append(make("label", { className: "choice" }, clashes, "clashes only"));
}

// The nodes within so many steps of the one in focus.
function around(start, steps) {
  let edge = [start];
  const reached = new Set(edge);
  for (let step = 0; step < steps; step++) {
    edge = edge.flatMap((at) => near[at].map(([to]) => to)).filter((to) => !reached.has(to) && reached.add(to));
  }
  return reached;
}

function show() {
  const off = new Set([...kinds.querySelectorAll("input[value]:not(:checked)")].map((input) => input.value));
  const reached = centre === null ? null : around(centre, Number(depth.value));
  const wanted = nodes.map((node, at) => at === centre || (!off.has(node.kind) && (!reached || reached.has(at))
    && (!clashes.checked || near[at].some(([, edge]) => edge.clash))));
  cy.batch(() => {
    cy.nodes().forEach((node) => { node.toggleClass("off", !wanted[node.data("at")]); node.toggleClass("here", node.data("at") === centre); });
    cy.edges().forEach((edge, at) => edge.toggleClass("off", clashes.checked && !edges[at].clash));
  });
  whole.disabled = centre === null;
  nameSoon();
  tell();
}

function tell() {
  const seen = new Set(cy.nodes().not(".off").map((node) => node.data("at")));
  const shown = seen.size;
  const ties = edges.filter((edge) => seen.has(edge.from) && seen.has(edge.to) && (edge.clash || !clashes.checked)).length;
  const of = shown < nodes.length ? ` of ${nodes.length.toLocaleString("en")}` : "";
  status.textContent = `${shown.toLocaleString("en")}${of} nodes, ${ties.toLocaleString("en")} edges`
    + (centre === null ? ". Click a node for its page, shift-click to see what is around it." : `, around “${nodes[centre].label}”.`);
}

function focus(at) {
  const was = centre;
  centre = at;
  show();
  list();
  // Until the whole graph has its places, it keeps moving behind what is shown of it.
  if (at !== null && home) {
    const ids = [...around(at, Number(depth.value))];
    cy.batch(() => cy.nodes().forEach((node) => node.toggleClass("around", ids.length <= MANY)));
    lay(ids, null, () => {});
  } else if (at === null && was !== null && home) {
    worker?.terminate();
    worker = null;
    cy.nodes().removeClass("around");
    cy.edges().removeClass("later");
    put(home, everyone());
    root.dataset.state = "still";
  }
  fit();
}

// ---------- the list: what is found, or what hangs together with the node in focus ----------

const row = (at, note) => {
  const go = button(nodes[at].label, () => focus(at));
  go.className = "graph-go";
  return make("li", {}, go, make("span", { className: "xs muted", textContent: note }));
};

function list() {
  const words = search.value.trim().toLocaleLowerCase();
  let found = [], title = null;
  if (words) {
    found = nodes.map((_, at) => at).filter((at) =>
      nodes[at].label.toLocaleLowerCase().includes(words) || nodes[at].id.toLocaleLowerCase().includes(words))
      .map((at) => [at, nodes[at].kind]);
    title = make("h2", { textContent: `${found.length.toLocaleString("en")} found` });
  } else if (centre !== null) {
    const seen = new Map();
    for (const [to, edge] of near[centre]) {
      const before = seen.get(to);
      seen.set(to, [before ? `${before[0]}, ${edge.kind}` : edge.kind, edge.clash || before?.[1]]);
    }
    found = [...seen].map(([to, [kind, clash]]) => [to, clash ? `${nodes[to].kind} · ${kind} · clash` : `${nodes[to].kind} · ${kind}`]);
    title = make("h2", { textContent: nodes[centre].label });
  }
  matches.replaceChildren(...found.slice(0, SHOWN).map(([at, note]) => row(at, note)));
  panel.replaceChildren();
  if (!title) return;
  panel.append(title);
  if (!words && centre !== null) panel.append(make("p", {}, make("a", { href: nodes[centre].href, textContent: "Open its page" })));
  panel.append(matches);
  if (found.length > SHOWN) panel.append(make("p", { className: "xs muted", textContent: `and ${(found.length - SHOWN).toLocaleString("en")} more: narrow the search, or see the table below` }));
}

search.addEventListener("input", list);
search.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); matches.querySelector("button")?.focus(); } });
depth.addEventListener("change", () => { if (centre !== null) focus(centre); });
canvas.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
  if (by) cy.panBy({ x: by[0], y: by[1] });
  else if (event.key === "+" || event.key === "=") zoom(1.3);
  else if (event.key === "-") zoom(1 / 1.3);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// ---------- the data, again whenever the files change ----------

async function load() {
  const answer = await fetch(root.dataset.source, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const fresh = await answer.text();
  if (fresh === text) return;
  text = fresh;
  const known = home && new Map(nodes.map((node, at) => [node.id, [home[2 * at], home[2 * at + 1]]]));
  const before = centre === null ? null : nodes[centre].id;
  const pan = cy && { zoom: cy.zoom(), pan: { ...cy.pan() } };
  centre = null;
  draw(JSON.parse(fresh), known);
  if (pan) cy.viewport(pan);
  const again = before === null ? -1 : nodes.findIndex((node) => node.id === before);
  if (again >= 0) centre = again;
  show();
  list();
}

const failed = (error) => {
  root.dataset.state = "failed";
  status.textContent = `The drawing cannot be made here (${error.message}). The table below holds the same.`;
  stage.hidden = true;
};
addEventListener("gainsay:version", () => load().catch(failed));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy?.style(look()));
load().catch(failed);
})();

// The graph of sources, actors, events and disputed questions. cytoscape draws it, or graph-many.js if there are
// thousands of nodes; graph-layout.js computes places.
//
// The table below the drawing has the same edges, for readers without JavaScript and if something here
// fails. The controls can do everything that the pointer can.
(() => {
"use strict";

const root = document.getElementById("graph");
if (!root || typeof cytoscape !== "function") return;

// cytoscape adds a <style> to the page unless there is an element with this id; desk.css has its one rule.
const stand = document.createElement("meta");
stand.id = "__________cytoscape_stylesheet";
document.head.append(stand);

// The most nodes that cytoscape draws easily.
const MANY = 1000;
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
  make("p", {}, make("label", { htmlFor: "graph-depth", textContent: "Steps around a node" }), depth),
  make("p", { className: "graph-buttons" },
    button("+", () => zoom(1.4)), button("−", () => zoom(1 / 1.4)), button("Fit", () => fit()), whole));
bar.querySelectorAll(".graph-buttons button").forEach((button, at) =>
  button.setAttribute("aria-label", ["Zoom in", "Zoom out", "Fit to the window", "Whole graph"][at]));
const canvas = make("div", { className: "graph-canvas", tabIndex: 0 });
canvas.setAttribute("role", "img");
canvas.setAttribute("aria-label", "Drawing of the graph. Arrow keys move it, plus and minus zoom. The list next to it shows what was found, or the nodes connected to the node in focus.");
const panel = make("div", { className: "graph-panel" });
const stage = make("div", { className: "graph-stage" }, canvas, panel);
const key = root.querySelector(".key");
if (key) key.hidden = false;
root.replaceChildren(bar, status, stage, ...(key ? [key] : []));

// ---------- the drawing ----------

let nodes = [], edges = [], near = [], named = new Set(), centre = null, worker = null, text = "";
// The current drawing, and the indexes of the nodes it draws.
let drawing = null, drawn = [];
// The positions in the whole graph, kept while the view around a node uses others; and whether they are final.
let home = null, settled = false;

function colours() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

// Colours are for parties, line width and dashes for clashes, as on every page.
function look() {
  const c = colours();
  const sans = c("--sans");
  const style = [
    { selector: "node", style: {
      "label": "", "font-family": sans, "font-size": 11, "color": c("--ink"), "text-wrap": "ellipsis",
      "text-valign": "bottom", "text-outline-color": c("--paper"), "text-outline-width": 2,
      "width": "data(size)", "height": "data(size)", "background-color": c("--paper"), "border-width": 1.5,
      "border-color": c("--ink-3"), "shape": "data(shape)" } },
    { selector: "node[kind = 'source']", style: { "background-color": c("--p0"), "border-width": 0 } },
    { selector: "node[shape = 'diamond']", style: { "background-color": c("--rule-2") } },
    { selector: "node.told", style: { "label": "data(label)", "font-size": "data(letters)", "text-max-width": "data(room)",
      "text-margin-y": "data(below)", "text-outline-width": "data(halo)", "z-index": 5 } },
    { selector: "node[kind = 'claim']", style: { "width": 8, "height": 8, "border-width": 1 } },
    { selector: "node[kind = 'question']", style: { "background-color": c("--surface") } },
    { selector: "node[grade = 'contradiction']", style: { "border-width": 4, "border-color": c("--ink") } },
    { selector: "node[grade = 'tension']", style: { "border-width": 2.5, "border-color": c("--ink") } },
    { selector: "node[kind = 'actor']", style: { "background-color": c("--p0"), "border-width": 0 } },
    ...[1, 2, 3, 4, 5, 6, 7].map((hue) => ({ selector: `node[hue = ${hue}]`, style: { "background-color": c(`--p${hue}`) } })),
    { selector: "edge", style: { "width": 1, "line-color": c("--rule-2"), "curve-style": "haystack", "opacity": 0.8 } },
    { selector: "edge[?clash]", style: { "width": 2.6, "line-color": c("--ink"), "line-style": "dashed", "opacity": 1 } },
    { selector: ".off", style: { "display": "none" } },
    { selector: "node.here", style: { "border-width": 4, "border-color": c("--ink"), "font-weight": 700, "z-index": 9 } },
  ];
  return style;
}

function build(data) {
  const place = new Map(data.nodes.map((node, at) => [node.id, at]));
  const at = (end) => (typeof end === "number" ? end : place.get(end));
  nodes = data.nodes;
  edges = data.edges.map((edge) => ({ ...edge, from: at(edge.from), to: at(edge.to), clash: !!edge.clash }))
    .filter((edge) => nodes[edge.from] && nodes[edge.to]);
  near = nodes.map(() => []);
  for (const edge of edges) { near[edge.from].push([edge.to, edge]); near[edge.to].push([edge.from, edge]); }
  // The nodes with the most edges show their names even when zoomed out.
  named = new Set(everyone().sort((a, b) => near[b].length - near[a].length).slice(0, NAMED));
}
const everyone = () => nodes.map((_, at) => at);
const size = (at) => Math.min(Math.round(10 + 4 * Math.sqrt(near[at].length)), 46);
const among = (ids) => { const some = new Set(ids); return edges.filter((edge) => some.has(edge.from) && some.has(edge.to)); };

// Draws some of the nodes, with the drawing that suits their number.
function draw(ids) {
  drawing?.destroy();
  drawn = ids;
  drawing = ids.length > MANY ? many(ids) : few(ids);
}

function many(ids) {
  const style = getComputedStyle(document.documentElement), known = new Map();
  const colour = (name) => {
    if (!known.has(name)) known.set(name, style.getPropertyValue(name).trim());
    return known.get(name);
  };
  const plain = manyNodes(canvas, {
    nodes, ids, edges, named, colour, font: colour("--sans"), radius: (at) => size(at) / 2,
    open: (at) => { location.href = nodes[at].href; }, focus,
  });
  return { ...plain, restyle() { known.clear(); plain.restyle(); } };
}

// If names would overlap, only the one of the node with more edges is shown. Letters keep their size
// at every zoom level.
const LETTERS = 12, ROOM = 190;
const pen = document.createElement("canvas").getContext("2d");

function name(cy) {
  const level = cy.zoom(), wide = cy.width(), tall = cy.height(), taken = [];
  const weight = (at) => (at === centre ? 1e6 : 0) + (nodes[at].hue && nodes[at].kind === "actor" ? 30 : 0) + (nodes[at].grade === "contradiction" ? 20 : 0) + near[at].length;
  // Claims are numerous, and show their names when zoomed in.
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
    // The name is below the node, or above it.
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

function few(ids) {
  const cy = cytoscape({
    container: canvas, style: look(), layout: { name: "preset" }, minZoom: 0.02, maxZoom: 6,
    boxSelectionEnabled: false, selectionType: "single",
    elements: [
      ...ids.map((at) => ({ group: "nodes", data: {
        id: "n" + at, at, label: nodes[at].label, kind: nodes[at].kind, hue: nodes[at].kind === "actor" ? nodes[at].hue : 0,
        grade: nodes[at].grade || "", size: size(at), shape: SHAPES[nodes[at].kind] || "ellipse" } })),
      ...among(ids).map((edge, at) => ({ group: "edges", data: {
        id: "e" + at, source: "n" + edge.from, target: "n" + edge.to, clash: edge.clash } })),
    ],
  });
  // A click opens the page of the node. A shift-click or a long press shows the nodes around it.
  cy.on("tap", "node", (event) => {
    const at = event.target.data("at");
    if (event.originalEvent?.shiftKey) focus(at); else location.href = nodes[at].href;
  });
  cy.on("taphold cxttap", "node", (event) => focus(event.target.data("at")));
  cy.on("mouseover", "node", (event) => { canvas.title = nodes[event.target.data("at")].label; });
  cy.on("mouseout", "node", () => { canvas.title = ""; });
  let naming = 0;
  const nameSoon = () => { naming ||= setTimeout(() => { naming = 0; if (!cy.destroyed()) name(cy); }, 60); };
  cy.on("viewport free", nameSoon);
  return {
    put(places) {
      cy.batch(() => ids.forEach((at, turn) =>
        cy.getElementById("n" + at).position({ x: places[2 * turn], y: places[2 * turn + 1] })));
      nameSoon();
    },
    moving: nameSoon,
    show(wanted, clashesOnly, here) {
      cy.batch(() => {
        cy.nodes().forEach((node) => { node.toggleClass("off", !wanted[node.data("at")]); node.toggleClass("here", node.data("at") === here); });
        cy.edges().forEach((edge) => edge.toggleClass("off", clashesOnly && !edge.data("clash")));
      });
      nameSoon();
    },
    fit() {
      cy.resize();
      const shown = cy.nodes().not(".off");
      if (!shown.length) return;
      cy.fit(shown, 30);
      if (cy.zoom() > 1.5) { cy.zoom(1.5); cy.center(shown); }
    },
    zoom: (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
    pan: (x, y) => cy.panBy({ x, y }),
    view: () => ({ zoom: cy.zoom(), pan: { ...cy.pan() } }),
    look: (view) => cy.viewport(view),
    restyle: () => cy.style(look()),
    destroy() { canvas.title = ""; cy.destroy(); },
  };
}

// A worker sends positions several times, so the drawing settles step by step. `from` has
// positions to start from, NaN if unknown; `stays` keeps the view unchanged; `done` receives the final positions.
function lay(from, stays, done) {
  worker?.terminate();
  const ids = drawn, turn = new Map(ids.map((at, turn) => [at, turn]));
  const links = among(ids).map((edge) => [turn.get(edge.from), turn.get(edge.to)]);
  worker = new Worker("/assets/graph-layout.js");
  root.dataset.state = "moving";
  drawing.moving(true);
  let first = true;
  worker.onmessage = ({ data }) => {
    drawing.put(data.places);
    if (!stays && (first || data.last)) drawing.fit();
    first = false;
    done(data.places, data.last);
    if (!data.last) return requestAnimationFrame(() => worker?.postMessage({}));
    still();
    tell();
  };
  worker.onerror = () => { drawing.put(new Float32Array(ids.flatMap((_, turn) => [60 * (turn % 100), 60 * Math.floor(turn / 100)]))); drawing.fit(); still(); };
  worker.postMessage({ count: ids.length, links, places: from, wide: ids.length < nodes.length });
}

function still() {
  worker?.terminate();
  worker = null;
  drawing.moving(false);
  root.dataset.state = "still";
}

// Draws the whole graph at its known positions, or starts from earlier ones.
function drawAll(from, stays) {
  draw(everyone());
  show();
  if (settled) { drawing.put(home); return still(); }
  lay(from, stays, (places, last) => { home = places; settled = last; });
}

const fit = () => drawing?.fit();
const zoom = (by) => drawing?.zoom(by);

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

// The nodes within the chosen number of steps of the node in focus.
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
  const wanted = nodes.map((node, at) => at === centre
    || (!off.has(node.kind) && (!clashes.checked || near[at].some(([, edge]) => edge.clash))));
  drawing.show(wanted, clashes.checked, centre);
  whole.disabled = centre === null;
  tell(wanted);
}

let shown = [];
function tell(wanted) {
  if (wanted) shown = drawn.filter((at) => wanted[at]);
  const ties = among(shown).filter((edge) => edge.clash || !clashes.checked).length;
  const of = shown.length < nodes.length ? ` of ${nodes.length.toLocaleString("en")}` : "";
  status.textContent = `${shown.length.toLocaleString("en")}${of} nodes, ${ties.toLocaleString("en")} ${ties === 1 ? "edge" : "edges"}`
    + (centre === null ? ". Click a node for its page, shift-click to see what is around it." : `, around “${nodes[centre].label}”.`)
    + (root.dataset.state === "moving" && drawn.length > MANY ? " Finding places: lines follow." : "");
}

function focus(at) {
  const was = centre;
  centre = at;
  list();
  if (at !== null) {
    draw([...around(at, Number(depth.value))]);
    show();
    lay(null, false, () => {});
  } else if (was !== null) {
    worker?.terminate();
    drawAll(home, false);
  }
  fit();
}

// ---------- the list: search results, or nodes connected to the node in focus ----------

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
  if (by) drawing?.pan(by[0], by[1]);
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
  const lay = home && new Map(nodes.map((node, at) => [node.id, [home[2 * at], home[2 * at + 1]]]));
  const before = centre === null ? null : nodes[centre].id;
  const view = centre === null && home ? drawing.view() : null;
  worker?.terminate();
  build(JSON.parse(fresh));
  settled = false;
  home = lay && new Float32Array(nodes.flatMap((node) => lay.get(node.id) ?? [NaN, NaN]));
  listKinds();
  centre = null;
  const again = before === null ? -1 : nodes.findIndex((node) => node.id === before);
  if (again >= 0) return focus(again);
  drawAll(home, !!view);
  if (view) drawing.look(view);
  list();
}

const failed = (error) => {
  root.dataset.state = "failed";
  status.textContent = `The graph cannot be drawn here (${error.message}). The table below has the same content.`;
  stage.hidden = true;
};
addEventListener("gainsay:version", () => load().catch(failed));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawing?.restyle());
load().catch(failed);
})();

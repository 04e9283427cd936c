// Draws thousands of nodes on one plain canvas, for which cytoscape would take seconds. graph.js uses it for large
// graphs as a whole. The view around a node has few nodes, and cytoscape draws it.
//
// Nodes are drawn first, lines in slices when nothing moves, and names if there is room for them.
"use strict";

// manyNodes(box, { nodes, ids, edges, radius, named, colour, font, open, focus }) adds a drawing to a box.
// ids are the indexes of the drawn nodes; places alternate between x and y of each node.
function manyNodes(box, { nodes, ids, edges, radius, named, colour, font, open, focus }) {
  // Lines drawn at a time; milliseconds without movement before that; the most names; pixels that a tap may move.
  const LINES = 1500, REST = 160, NAMES = 90, SLIP = 5;
  const canvas = document.createElement("canvas");
  canvas.className = "graph-plain";
  box.replaceChildren(canvas);
  const pen = canvas.getContext("2d", { alpha: false });
  let places = new Float32Array(2 * ids.length), wanted = null, clashesOnly = false, here = null, ends = [], laying = false;
  let scale = 1, left = 0, top = 0, wide = 0, high = 0, frame = 0, slice = 0, timer = 0, gone = false;
  const turn = new Map(ids.map((at, turn) => [at, turn]));
  const order = ids.map((_, turn) => turn).sort((a, b) => radius(ids[a]) - radius(ids[b]));
  const watching = new ResizeObserver(resize);

  function choose() {
    const shown = (at) => turn.has(at) && (!wanted || wanted[at]);
    ends = edges.filter((edge) => shown(edge.from) && shown(edge.to) && (edge.clash || !clashesOnly))
      .map((edge) => [turn.get(edge.from), turn.get(edge.to), edge.clash])
      .sort((a, b) => a[2] - b[2]);
  }
  const x = (turn) => places[2 * turn] * scale + left;
  const y = (turn) => places[2 * turn + 1] * scale + top;
  const isShown = (turn) => !wanted || wanted[ids[turn]];
  // Nodes stay visible when zoomed out, and do not grow without limit when zoomed in.
  const size = (turn) => Math.min(Math.max(radius(ids[turn]) * scale, 1.3), 12);
  const isIn = (turn, more = 0) => x(turn) > -more && y(turn) > -more && x(turn) < wide + more && y(turn) < high + more;

  function resize() {
    const ratio = devicePixelRatio || 1;
    const [before, beside] = [wide, high];
    wide = box.clientWidth;
    high = box.clientHeight;
    canvas.width = Math.max(1, Math.round(wide * ratio));
    canvas.height = Math.max(1, Math.round(high * ratio));
    left += (wide - before) / 2;
    top += (high - beside) / 2;
    draw();
  }

  // ---------- drawing ----------

  // While the drawing moves, lines are left out. They are drawn when it stops.
  function draw() {
    if (gone) return;
    clearTimeout(timer);
    cancelAnimationFrame(slice);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      clear();
      dots();
      names();
      if (!laying) timer = setTimeout(lines, REST);
    });
  }

  function clear() {
    const ratio = canvas.width / Math.max(1, wide);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colour("--paper");
    pen.fillRect(0, 0, wide, high);
  }

  function lines() {
    let at = 0;
    clear();
    const some = () => {
      const until = Math.min(ends.length, at + LINES);
      while (at < until) {
        const dashed = ends[at][2];
        pen.strokeStyle = colour(dashed ? "--ink" : "--rule-2");
        pen.lineWidth = dashed ? 2 : 0.7;
        pen.setLineDash(dashed ? [6, 4] : []);
        pen.beginPath();
        for (; at < until && ends[at][2] === dashed; at++) {
          const [from, to] = ends[at];
          if (!isIn(from) && !isIn(to) && apart(from, to)) continue;
          pen.moveTo(x(from), y(from));
          pen.lineTo(x(to), y(to));
        }
        pen.stroke();
      }
      pen.setLineDash([]);
      // Dots are drawn again above the lines drawn so far.
      dots();
      names();
      if (at < ends.length) slice = requestAnimationFrame(some);
    };
    some();
  }
  // Whether a line is completely outside one edge of the window.
  const apart = (a, b) => (x(a) < 0 && x(b) < 0) || (y(a) < 0 && y(b) < 0) || (x(a) > wide && x(b) > wide) || (y(a) > high && y(b) > high);

  function dots() {
    for (const one of order) if (isShown(one) && isIn(one, 20)) dot(one);
    if (here === null || !turn.has(here)) return;
    pen.strokeStyle = colour("--ink");
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(x(turn.get(here)), y(turn.get(here)), size(turn.get(here)) + 4, 0, 2 * Math.PI);
    pen.stroke();
  }

  // The same shapes as in cytoscape: squares for questions and sources, diamonds for events, circles for actors.
  function dot(turn) {
    const node = nodes[ids[turn]], [h, v, r] = [x(turn), y(turn), size(turn)];
    const isOpen = node.kind === "question";
    pen.fillStyle = colour(isOpen ? "--surface" : node.kind === "actor" ? `--p${node.hue}` : node.kind === "source" ? "--p0" : "--rule-2");
    if (r < 2.5) {
      if (isOpen) pen.fillStyle = colour("--ink-3");
      return pen.fillRect(h - r, v - r, 2 * r, 2 * r);
    }
    pen.beginPath();
    if (isOpen || node.kind === "source") pen.rect(h - r, v - r, 2 * r, 2 * r);
    else if (node.kind === "actor" || node.kind === "claim") pen.arc(h, v, r, 0, 2 * Math.PI);
    else { pen.moveTo(h, v - r); pen.lineTo(h + r, v); pen.lineTo(h, v + r); pen.lineTo(h - r, v); pen.closePath(); }
    pen.fill();
    // A border in the background colour separates overlapping dots.
    const isOutlined = isOpen || node.kind === "claim", grave = { contradiction: 2.2, tension: 1.5 }[node.grade];
    pen.strokeStyle = colour(!isOutlined ? "--paper" : grave ? "--ink" : "--ink-3");
    pen.lineWidth = (isOutlined && grave) || 1;
    pen.stroke();
  }

  // The nodes with the most edges show their names when zoomed out; all do if few are visible. Names do not overlap.
  function names() {
    const seen = order.filter((turn) => isShown(turn) && isIn(turn));
    const all = seen.length <= NAMES, taken = [];
    pen.font = `${all ? 12 : 14}px ${font}`;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineWidth = 3;
    pen.lineJoin = "round";
    for (const turn of seen.reverse()) {
      if (!all && !named.has(ids[turn]) && ids[turn] !== here) continue;
      const label = nodes[ids[turn]].label, word = label.length > 34 ? label.slice(0, 33) + "…" : label;
      const [h, v, half] = [x(turn), y(turn) + size(turn) + 3, pen.measureText(word).width / 2 + 3];
      if (taken.some((other) => Math.abs(other.h - h) < other.half + half && Math.abs(other.v - v) < 17)) continue;
      taken.push({ h, v, half });
      pen.strokeStyle = colour("--paper");
      pen.strokeText(word, h, v);
      pen.fillStyle = colour("--ink");
      pen.fillText(word, h, v);
    }
  }

  // ---------- moving about ----------

  function zoom(by, h = wide / 2, v = high / 2) {
    const to = Math.min(Math.max(scale * by, 0.01), 6);
    left = h - (h - left) * (to / scale);
    top = v - (v - top) * (to / scale);
    scale = to;
    draw();
  }
  const pan = (h, v) => { left += h; top += v; draw(); };

  function fit() {
    const shown = order.filter(isShown);
    if (!shown.length || !wide) return;
    const span = (of) => shown.reduce(([least, most], turn) => [Math.min(least, of(turn)), Math.max(most, of(turn))], [Infinity, -Infinity]);
    const [west, east] = span((turn) => places[2 * turn]), [north, south] = span((turn) => places[2 * turn + 1]);
    scale = Math.min((wide - 60) / Math.max(east - west, 1), (high - 60) / Math.max(south - north, 1), 1.5);
    left = wide / 2 - ((west + east) / 2) * scale;
    top = high / 2 - ((north + south) / 2) * scale;
    draw();
  }

  // The node at a point: the nearest one that is close enough.
  function under(event) {
    const { left: west, top: north } = canvas.getBoundingClientRect();
    const [h, v] = [event.clientX - west, event.clientY - north];
    let best = null, least = Infinity;
    for (const turn of order) {
      const far = Math.hypot(x(turn) - h, y(turn) - v) - size(turn);
      if (far < SLIP && far <= least && isShown(turn)) { best = turn; least = far; }
    }
    return best === null ? null : ids[best];
  }

  const fingers = new Map();
  let travelled = 0, held = 0;
  const gap = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    travelled = fingers.size > 1 ? Infinity : 0;
    held = performance.now();
  });
  canvas.addEventListener("pointermove", (event) => {
    const was = fingers.get(event.pointerId);
    if (!was) {
      const at = under(event);
      canvas.title = at === null ? "" : nodes[at].label;
      canvas.classList.toggle("graph-over", at !== null);
      return;
    }
    const before = fingers.size === 2 ? gap() : 0;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    const [h, v] = [event.clientX - was[0], event.clientY - was[1]];
    travelled += Math.hypot(h, v);
    if (before) {
      const box = canvas.getBoundingClientRect(), [a, b] = [...fingers.values()];
      zoom(gap() / before, (a[0] + b[0]) / 2 - box.left, (a[1] + b[1]) / 2 - box.top);
    } else if (travelled > SLIP) pan(h, v);
  });
  const lift = (event) => {
    const was = fingers.delete(event.pointerId);
    if (!was || event.type !== "pointerup" || event.button !== 0 || travelled > SLIP) return;
    const at = under(event);
    if (at === null) return;
    if (event.shiftKey || performance.now() - held > 500) focus(at); else open(at);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("contextmenu", (event) => { const at = under(event); if (at !== null) { event.preventDefault(); focus(at); } });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  watching.observe(box);
  resize();
  choose();
  return {
    put(fresh) { places = fresh; draw(); },
    moving(is) { laying = is; draw(); },
    show(nodesWanted, onlyClashes, centre) { wanted = nodesWanted; clashesOnly = onlyClashes; here = centre; choose(); draw(); },
    fit, zoom, pan,
    view: () => ({ scale, left, top }),
    look(view) { ({ scale, left, top } = view); draw(); },
    restyle: draw,
    destroy() {
      gone = true;
      watching.disconnect();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      cancelAnimationFrame(slice);
      box.replaceChildren();
    },
  };
}

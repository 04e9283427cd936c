// Keyboard shortcuts, and live updates of pages when files change. Everything else works without JavaScript.
//
// A page sends requests to its own desk only. If an element is missing on a page, the rest of the script still works.
(() => {
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const main = () => $("main");

// ---------- notes that are read out, politely, one at a time ----------

const board = document.createElement("p");
board.className = "live";
board.setAttribute("role", "status");
document.body.append(board);

// Shows a message at the bottom of the window, with a link that reloads the page if `link` is set.
function say(text, reload = false) {
  board.textContent = text;
  if (!reload || !text) return;
  const link = document.createElement("a");
  link.href = location.pathname + location.search;
  link.textContent = "Reload the page";
  board.append(" ", link);
}

// ---------- keys ----------

const OFF = "gainsay.keys";
const keys = {
  get off() { try { return localStorage.getItem(OFF) === "off"; } catch { return this.was === "off"; } },
  set off(off) { this.was = off ? "off" : "on"; try { localStorage.setItem(OFF, this.was); } catch { /* for this page, then */ } },
};

// The items that j and k go through: the disputes of a list, otherwise its rows.
const rows = () => {
  const disputes = $$(".drow", main());
  return disputes.length ? disputes : $$("main table tbody tr, main .rows > li").filter((row) => $("a[href]", row));
};
const findings = () => $$("main .finding, main article.proof, main [data-finding]");
const link = (row) => $("h3 a[href], th a[href], a[href]", row);

// Moves to the next or previous item and scrolls to it.
function step(list, by, mark) {
  if (!list.length) return;
  const here = list.findIndex((item) => item.classList.contains("on") || item.contains(document.activeElement));
  const next = list[here < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(here + by, 0), list.length - 1)];
  list.forEach((item) => item.classList.toggle("on", item === next));
  mark(next);
  next.scrollIntoView({ block: "nearest" });
}

function focusRow(row) { (link(row) || row).focus({ preventScroll: true }); }

function focusFinding(finding) {
  if (!finding.hasAttribute("tabindex")) finding.tabIndex = -1;
  finding.focus({ preventScroll: true });
}

const form = () => $("#review form") || $("form.review") || $$("main form").find((form) => $("[name=verdict]", form));

function choose(at) {
  const verdicts = form() ? $$("[name=verdict]", form()).filter((input) => input.type === "radio") : [];
  if (!verdicts[at]) return false;
  verdicts[at].checked = true;
  verdicts[at].dispatchEvent(new Event("change", { bubbles: true }));
  verdicts[at].focus();
  return true;
}

// The page as plain text: the question, the lines below it, and the URL.
function asText() {
  const part = $("main article") || main();
  const copy = part.cloneNode(true);
  $$("form, nav, script, .noprint, .chart.narrow, svg", copy).forEach((piece) => piece.remove());
  const blocks = "h1,h2,h3,h4,p,li,tr,dt,dd,caption,pre,figcaption";
  $$(blocks, copy).forEach((block) => block.append("\n"));
  $$("td,th", copy).forEach((cell) => cell.append("  "));
  const lines = copy.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
  return lines.filter((line, at) => line || lines[at - 1]).join("\n").trim() + "\n" + location.href + "\n";
}

async function copy() {
  try {
    await navigator.clipboard.writeText(asText());
    say("Copied as text.");
  } catch {
    say("The browser does not allow this page to copy.");
  }
}

function showKeys() {
  const all = $("#keys");
  if (!all) return;
  all.open = !all.open;
  if (all.open) { all.scrollIntoView({ block: "nearest" }); $("summary", all)?.focus(); }
}

function back() {
  const crumb = $$(".crumb a[href]").pop();
  location.href = crumb ? crumb.href : "/";
}

function leave() {
  if ($("#keys")?.open) $("#keys").open = false;
  if (document.activeElement !== document.body) document.activeElement?.blur?.();
  $$("main .on").forEach((row) => row.classList.remove("on"));
  say("");
}

function toForm() {
  const fields = form() && $("input:checked, input:not([type=hidden]), textarea, select", form());
  if (!fields) return false;
  fields.focus();
  form().scrollIntoView({ block: "nearest" });
  return true;
}

function search() {
  const field = $("main input[type=search]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

const single = {
  j: () => step(rows(), 1, focusRow), k: () => step(rows(), -1, focusRow),
  n: () => step(findings(), 1, focusFinding), p: () => step(findings(), -1, focusFinding),
  u: back, c: copy, s: toForm, "/": search, "?": showKeys,
  1: () => choose(0), 2: () => choose(1), 3: () => choose(2), 4: () => choose(3),
  Enter: () => {
    const row = $("main .on");
    // If a link has the focus, the browser follows it.
    if (!row || document.activeElement?.matches?.("a, button, summary")) return false;
    const to = link(row);
    if (!to) return false;
    location.href = to.href;
  },
};

const typing = (element) => !!element?.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") return leave();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const own = event.target?.closest?.("form");
    if (own && own === form()) { event.preventDefault(); own.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || keys.off || typing(event.target)) return;
  const act = single[event.key];
  if (act && act() !== false) event.preventDefault();
});

// The button that turns single-key shortcuts off is next to their list.
const list = $("#keys");
if (list) {
  const button = document.createElement("button");
  button.type = "button";
  const name = () => { button.textContent = keys.off ? "Turn single-key shortcuts on" : "Turn single-key shortcuts off"; };
  button.addEventListener("click", () => { keys.off = !keys.off; name(); });
  name();
  const place = document.createElement("p");
  place.append(button);
  list.append(place);
}

// ---------- what is typed and where the reader is, across a change of the page ----------

// A name for an element that stays the same across versions of a page.
const path = (element) => {
  if (element?.id) return "#" + CSS.escape(element.id);
  if (!element || !main().contains(element)) return null;
  const steps = [];
  for (let at = element; at !== main(); at = at.parentElement) {
    if (at.id) { steps.unshift("#" + CSS.escape(at.id)); return steps.join(" > "); }
    const same = [...at.parentElement.children].filter((child) => child.tagName === at.tagName);
    steps.unshift(`${at.tagName.toLowerCase()}:nth-of-type(${same.indexOf(at) + 1})`);
  }
  return steps.length ? "main > " + steps.join(" > ") : null;
};
const found = (way) => { try { return way && $(way); } catch { return null; } };

const visible = (form) => $$("input, textarea, select", form).filter((field) => field.name && field.type !== "hidden");
const changed = (field) => {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
};
const key = (field) => field.name + (field.type === "radio" || field.type === "checkbox" ? "=" + field.value : "");
const hidden = (form, name) => $(`input[type=hidden][name=${name}]`, form);

function remember() {
  const active = document.activeElement;
  const here = {
    forms: $$("main form").map((form) => ({
      way: path(form),
      typed: visible(form).filter(changed).map((field) => [key(field), field.checked, field.value]),
      seen: hidden(form, "seen")?.value,
      print: hidden(form, "print")?.value,
      held: form.dataset.held,
    })),
    open: $$("main details").map((details) => [path(details), details.open]),
    row: link($("main .on") || document.createElement("p"))?.getAttribute("href"),
    finding: path($("main .finding.on, main [data-finding].on")),
    focus: main().contains(active) ? [active.getAttribute("href"), active.closest("form") && key(active), path(active)] : null,
    caret: null,
    history: reviews(main()),
    scroll: [scrollX, scrollY],
  };
  try { here.caret = [active.selectionStart, active.selectionEnd]; } catch { /* not a text */ }
  return here;
}

// The text of the reviews on a page, to detect changes.
const reviews = (page) => ($(".history", page)?.textContent ?? "").replace(/\s+/g, " ").trim();

// Restores typed text. A review typed for other claims keeps the fingerprint of those claims, so
// that the desk refuses it and shows the difference. Returns a message about it.
function putBack(here) {
  let note = "";
  for (const before of here.forms) {
    const form = found(before.way);
    if (!before.typed.length) continue;
    if (!form) { note = "The form that you were filling in is no longer on this page."; continue; }
    for (const [name, checked, value] of before.typed) {
      const field = visible(form).find((field) => key(field) === name);
      if (!field) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = checked;
      else field.value = value;
    }
    const seen = hidden(form, "seen"), print = hidden(form, "print");
    if (seen && before.seen !== undefined && seen.value !== before.seen) {
      seen.value = before.seen;
      if (print) print.value = before.print ?? "";
      note = "The claims on this question changed while you were typing. Your text is kept; saving will show you the change first.";
    } else if (seen && (before.held || here.history !== reviews(main()))) {
      if (print) print.value = before.print ?? "";
      form.dataset.held = "reviews";
      note = "Somebody else reviewed this dispute while you were typing. Your text is kept; saving will show you the change first.";
    } else if (seen) {
      note = "Files changed, but no claim on this question. Your text is kept.";
    }
  }
  for (const [way, open] of here.open) { const details = found(way); if (details?.tagName === "DETAILS") details.open = open; }
  const row = here.row && rows().find((row) => link(row)?.getAttribute("href") === here.row);
  if (row) row.classList.add("on");
  if (here.finding) found(here.finding)?.classList?.add("on");
  if (here.focus) {
    const [href, name, way] = here.focus;
    const focus = (href && $$("main a[href]").find((link) => link.getAttribute("href") === href))
      || (name && $$("main form").flatMap(visible).find((field) => key(field) === name)) || found(way);
    focus?.focus?.({ preventScroll: true });
    if (here.caret?.[0] != null) try { focus.setSelectionRange(...here.caret); } catch { /* not a text */ }
  }
  scrollTo(...here.scroll);
  return note;
}

// ---------- pages that follow the files ----------

let version = document.documentElement.dataset.version;
let loading = false, again = false;

// Fetches this page again and replaces its content. Changes that arrive meanwhile cause one
// more fetch.
async function follow() {
  if (loading) { again = true; return; }
  loading = true;
  try {
    do {
      again = false;
      await swap();
    } while (again);
  } finally {
    loading = false;
  }
}

async function swap() {
  // A page that is the answer to a form is not replaced, because it cannot be fetched again.
  if ($("main [data-refused]") || $("main .refused")) return say("The files changed again.");
  const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
  if (!answer.ok) {
    if (answer.status === 404) say("The files no longer contain what this page shows. This is its last version.", true);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = $("main", page);
  if (!fresh || !main()) return;
  version = page.documentElement.dataset.version;
  document.documentElement.dataset.version = version;
  document.title = page.title;
  const place = $(".top .place"), placed = $(".top .place", page);
  if (place && placed) place.replaceWith(document.adoptNode(placed));
  // The graph updates itself and keeps the places of its nodes.
  if ($("#graph")) { dispatchEvent(new CustomEvent("gainsay:version")); return; }
  if (main().innerHTML === fresh.innerHTML) return;
  const here = remember();
  main().replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  say(putBack(here));
}

let source = null, wait = 1000, timer = 0;

function listen() {
  if (source || document.hidden || !("EventSource" in window)) return;
  clearTimeout(timer);
  source = new EventSource("/live");
  source.onmessage = (event) => {
    wait = 1000;
    if (lost) { lost = false; say(""); }
    // Another run of the program has another token, so it would refuse forms of the old one.
    if (version && event.data !== version) follow().catch(() => say("The files changed.", true));
  };
  source.onerror = () => {
    // The browser's own attempts to reconnect do not wait longer each time.
    silence();
    if (!lost) { lost = true; say("The desk does not answer. If it was restarted, open the address that it printed. What you type is kept."); }
    timer = setTimeout(listen, wait);
    wait = Math.min(wait * 2, 30000);
  };
}
let lost = false;

function silence() {
  source?.close();
  source = null;
}

// Browsers open only a few connections to one host, so a hidden page does not hold one.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { clearTimeout(timer); silence(); } else { wait = 1000; listen(); }
});
addEventListener("pagehide", silence);
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
if (version) listen();
})();

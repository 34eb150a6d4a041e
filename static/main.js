/** The page: state, numbers, and what follows what. */

import { createAddress } from "./state/address.js";
import { createEditor } from "./page/editor.js";
import { compile } from "./engine/engine.js";
import { bind } from "./page/fields.js";
import { createFormulas } from "./page/formulas.js";
import { createLoader, find, swap } from "./page/fragments.js";
import { oncePerFrame } from "./page/frame.js";
import { createLights } from "./page/lit.js";
import { heats } from "./explain/heat.js";
import { createHeat } from "./page/heatmap.js";
import { createPanels, pathKeys, SILENT } from "./explain/panels.js";
import { createPlayer } from "./page/player.js";
import { bindRows } from "./page/table.js";
import { createSliders } from "./page/sliders.js";
import { createStepper } from "./page/stepper.js";
import { createTools } from "./page/tools.js";
import { begin, format, isOpen, opened, parse, plain, setValue, valueOf, withPanel } from "./state/url.js";
import { createViewport } from "./page/viewport.js";
import { createWorkbench } from "./workbench.js";

/** @typedef {import("./engine/engine.js").Graph & {variables: string[], start: Record<string, number>}} Graph */
/** @typedef {import("./engine/engine.js").Fields} Fields */
/** @typedef {import("./page/fields.js").Fields} Shown */

/** A keystroke waits this long for the next one, in milliseconds. */
const TYPING = 80;
/** A mistake waits longer to be told, and longest where the text may just not be finished. */
const MISTAKE = 200;
const UNFINISHED = 600;

const form = /** @type {HTMLFormElement} */ (document.getElementById("board"));
const seed = /** @type {HTMLInputElement} */ (document.getElementById("seed"));
const offline = /** @type {HTMLElement} */ (document.getElementById("offline"));

const state = parse(location.search);
const editor = createEditor(/** @type {HTMLElement} */ (form.querySelector(".editor")));
const loader = createLoader();
let graph = readGraph();
begin(state, graph?.start);
let evaluate = graph && compile(graph);
let explain = evaluate && createPanels(evaluate.plan);
let fill = binding();
let heat = createHeat(graph);
let timer = 0;
/** Whether the graph is the program's. */
let settled = graph !== null;

const query = () => format(state, settled && graph ? graph.variables : everyVariable());
const address = createAddress(query);
const paint = oncePerFrame(show);
const stepper = createStepper(state, {
  moved() {
    paint();
    address.follow("number");
  },
  opened: () => reload(0),
  turned: async (node) => (await viewport).reveal(node),
});
const showFormula = createFormulas(() => format(state, []));
const player = createPlayer(form, state, { moved: paint, stopped: () => numberChanged() });
const sliders = createSliders(form, state, {
  moved(name) {
    player.stop(name);
    numberChanged();
  },
  ranged: numberChanged,
});

/** @type {import("./workbench.js").Rows | null} */
let rows = null;
/** What averages over rows: it comes with them. @type {typeof import("./data/average.js").createAverages | null} */
let average = null;
/** @type {ReturnType<typeof averagesOf>} */
let averages = null;
/** @type {import("./workbench.js").Track[]} */
let tracks = [];
/** @type {(() => void)[]} */
const followers = [];
const workbench = createWorkbench({
  form,
  state,
  graph: () => graph,
  moved: numberChanged,
  chosen() {
    paint();
    address.follow("choice");
  },
  reload: () => reload(0),
  reveal,
  open(search) {
    restore(search);
    address.follow("choice");
  },
  move(values) {
    for (const [name, value] of values) setValue(state, name, value);
    numberChanged();
  },
  rows: () => rows,
  averaged: () => (averages && isAveraged() ? averages : null),
  bindRows(bound, by = average ?? undefined) {
    [rows, average] = [bound, by ?? null];
    averages ??= averagesOf();
    player.keep((graph?.variables ?? []).filter((name) => !(name in (bound?.columns ?? {}))));
    for (const change of followers) change();
    numberChanged();
  },
  follow: (change) => followers.push(change),
  tracks: () => tracks,
  setTracks(shown) {
    tracks = shown;
    paint();
  },
});

/** The graph that the server has embedded, or null where the program has a mistake. */
function readGraph() {
  return /** @type {Graph | null} */ (JSON.parse(find(document, "graph")?.textContent ?? "null"));
}

/** All variables that the state speaks of: some may not be the program's any more, or not yet. */
function everyVariable() {
  return new Set([state.at, state.min, state.max, state.step, state.from].flatMap((family) => [...family.keys()]));
}

/** What fills the page, as far as the player has come. */
function binding() {
  const elements = [...document.querySelectorAll("[data-field]")];
  const rows = bindRows(document.querySelectorAll("[data-row]"));
  const rest = bind(elements.filter((element) => !element.closest(".steps, [data-row]")));
  return (/** @type {Shown} */ fields, /** @type {Shown} */ reached) => {
    rest(reached);
    rows(reached);
    stepper.show(fields);
  };
}

/** Whether all numbers are averages over rows; else they are those of one point. */
function isAveraged() {
  return rows !== null && state.row < 0;
}

function averagesOf() {
  if (!graph || !average) return null;
  const later = (/** @type {() => void} */ work) => void requestAnimationFrame(work);
  return average(graph, { later, now: () => performance.now(), told: () => paint() });
}

/**
 * Every number of the graph by its field.
 * @param {Graph} graph @param {ReturnType<typeof compile>} evaluate
 */
function numbers(graph, evaluate) {
  /** @type {Record<string, number>} */
  const at = Object.create(null);
  for (const name of graph.variables) at[name] = valueOf(state, name);
  return rows && averages && isAveraged() ? averages.fields(rows, at, state.seed) : evaluate(at, state.seed);
}

function show() {
  sliders.show(rows, isAveraged());
  form.toggleAttribute("data-seeded", state.seed !== 1);
  form.toggleAttribute("data-averaged", isAveraged());
  if (!graph || !evaluate || !explain) return;
  const fields = numbers(graph, evaluate);
  // What goes wrong, and what is a product of partials, is so for one row.
  const explained = isAveraged() ? SILENT : explain(fields.run, state);
  const told = [...workbench.fields(fields), explained];
  const all = {
    get(/** @type {string} */ field) {
      /** @type {ReturnType<Shown["get"]>} */
      let number = fields.get(field);
      for (let at = 0; (number ?? null) === null && at < told.length; at++) number = told[at].get(field);
      return number;
    },
  };
  const reached = (/** @type {Shown} */ numbers) => (isAveraged() ? numbers : stepper.reached(numbers));
  fill(all, reached(all));
  heat(isOpen(state, "heat") ? heats(fields.run) : undefined, explained.findings);
  workbench.show(fields, reached(fields));
  sliders.announce(graph.output, reached(fields));
}

function numberChanged() {
  paint();
  address.follow("number");
}

/** Asks the server for the parts that follow the program. @param {number} wait */
function reload(wait) {
  settled = false;
  loader.cancel();
  clearTimeout(timer);
  timer = window.setTimeout(async () => {
    try {
      const parts = await loader.load(format(state, [])); // the numbers are put in here
      offline.hidden = true;
      if (parts) (find(parts, "graph") ? accept : refuse)(parts);
    } catch {
      offline.hidden = false;
    }
  }, wait);
}

/** @param {Document} parts */
function accept(parts) {
  swap(parts);
  for (const panel of /** @type {NodeListOf<HTMLDetailsElement>} */ (form.querySelectorAll("[data-panel]"))) {
    panel.open = isOpen(state, panel.dataset.panel ?? ""); // it may have been closed since it was asked for
  }
  editor.unmark();
  graph = readGraph();
  begin(state, graph?.start);
  evaluate = graph && compile(graph);
  explain = evaluate && createPanels(evaluate.plan);
  averages?.end();
  averages = averagesOf();
  heat = createHeat(graph);
  settled = true;
  player.keep(graph?.variables ?? []);
  fill = binding();
  sliders.renew();
  stepper.renew();
  workbench.renew();
  player.show();
  show();
  showFormula();
  address.follow("number"); // the variables may be others now
}

/** Tells a mistake, without haste while someone types. @param {Document} parts */
function refuse(parts) {
  stepper.giveUp();
  const problem = /** @type {HTMLElement} */ (find(parts, "problem"));
  const [start, end] = [Number(problem.dataset.start), Number(problem.dataset.end)];
  const unfinished = editor.isUnfinished(start, end);
  problem.classList.toggle("calm", unfinished);
  const told = find(document, "problem")?.querySelector("p");
  clearTimeout(timer);
  timer = window.setTimeout(
    () => {
      swap(parts);
      editor.mark(start, end);
    },
    told ? 0 : unfinished ? UNFINISHED : MISTAKE,
  );
}

/** Shows a state from elsewhere: an example, or the history. @param {string} search */
function restore(search) {
  const before = programOf();
  player.stopAll();
  stepper.pause();
  Object.assign(state, parse(search));
  editor.write(state.expr);
  check("view", state.view);
  check("dir", state.dir);
  check("side", state.side);
  workbench.open();
  seed.value = plain(state.seed);
  for (const toggle of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-toggle]"))) {
    toggle.checked = isOpen(state, toggle.dataset.toggle ?? "");
  }
  mark();
  if (programOf() !== before || lacksNetwork()) return reload(0);
  stepper.renew();
  paint();
}

/** What the parts from the server depend on. */
const programOf = () =>
  [
    state.expr,
    state.view,
    state.open,
    state.dir,
    state.seed === 1,
    state.frame < 0,
    state.panels,
    state.about,
    state.weight,
    state.unfold,
    state.index,
    state.layers,
  ].join("\0");

/** The network's side is made on request: only while it is open, or the network is drawn. */
const lacksNetwork = () => state.side === "network" && graph !== null && !find(document, "network")?.firstElementChild;

/** @param {string} name @param {string} value */
function check(name, value) {
  const radio = form.querySelector(`input[name="${name}"][value="${value}"]`);
  if (radio instanceof HTMLInputElement) radio.checked = true;
}

form.addEventListener("submit", (event) => event.preventDefault());

editor.area.addEventListener("input", () => {
  state.expr = editor.area.value;
  state.open = ""; // other nodes have these ids now
  editor.show();
  address.follow("text");
  reload(TYPING);
});
editor.area.addEventListener("blur", () => {
  find(document, "problem")?.classList.remove("calm");
});

form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "radio") return;
  if (target.name === "side") return turn(target.value);
  if (target.name === "dir") state.dir = target.value;
  else if (target.name === "view") {
    state.view = target.value;
    if (state.open !== "all") state.open = ""; // other nodes have these ids there
    workbench.open();
  } else return;
  reload(0);
  address.follow("choice");
});

/** Opens a side of the page. @param {string} side */
function turn(side) {
  state.side = side;
  workbench.open();
  if (lacksNetwork()) reload(0);
  paint();
  address.follow("choice");
}

seed.addEventListener("input", () => {
  if (Number.isNaN(seed.valueAsNumber)) return; // being typed
  const before = programOf();
  state.seed = seed.valueAsNumber;
  numberChanged();
  if (programOf() !== before) reload(0); // the steps say what they are the gradients of
});
seed.addEventListener("change", () => {
  if (seed.value === "") seed.value = plain(state.seed);
});

/** Marks the form with what is chosen of the page's look. */
function mark() {
  for (const [panel, name] of [
    ["sides", "data-sides"],
    ["heat", "data-heated"],
    ["wide", "data-wide"],
  ]) {
    form.toggleAttribute(name, isOpen(state, panel));
  }
}

/** Opens or closes an explanation. @param {string} panel @param {boolean} open */
function setOpen(panel, open) {
  state.panels = withPanel(state, panel, open);
  mark();
  address.follow("number");
}

form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.dataset.toggle) return;
  setOpen(target.dataset.toggle, target.checked);
  paint();
});

form.addEventListener(
  "toggle",
  ({ target }) => {
    const panel = target instanceof HTMLDetailsElement ? (target.dataset.panel ?? "") : "";
    if (!panel || !(target instanceof HTMLDetailsElement) || target.open === isOpen(state, panel)) return;
    setOpen(panel, target.open);
    if (target.open && !target.querySelector(":scope > :not(summary, noscript)")) reload(0);
    else paint();
  },
  true,
);

form.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLSelectElement && target.name === "about") choose(target.value);
  if (!(target instanceof HTMLInputElement) || target.name !== "h" || Number.isNaN(target.valueAsNumber)) return;
  state.h = target.valueAsNumber;
  numberChanged();
});

form.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[data-open]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  state.open = opened(button.value);
  address.follow("choice");
  reload(0);
});

/** Makes a variable or node the subject of the explanations. @param {string} about */
function choose(about) {
  if (state.about === about) return;
  state.about = about;
  address.follow("choice");
  reload(0);
}

addEventListener("popstate", () => {
  player.stopAll();
  address.drop();
  restore(location.search);
});

createTools({
  query,
  flush: address.flush,
  open(search) {
    restore(search);
    address.follow("choice");
  },
});

const viewport = createViewport(
  /** @type {HTMLElement} */ (document.getElementById("viewport")),
  /** @type {HTMLElement} */ (document.getElementById("sheet")),
);
createLights({
  editor,
  pathOf: (nodes) => (graph ? pathKeys(nodes, graph) : ""),
  async chosen(id) {
    const chosen = graph?.nodes.find((node) => node.id === id);
    if (chosen && state.panels !== "nodes" && document.querySelector(`[data-row="${CSS.escape(id)}"]:not(.inactive)`)) {
      choose(chosen.op === "var" ? (chosen.name ?? id) : id);
    }
    await reveal(id);
  },
});

/** Brings a node into sight. @param {string} id */
async function reveal(id) {
  const node = document.querySelector(`[data-node="${CSS.escape(id)}"]`);
  if (node) (await viewport).reveal(node);
}

stepper.renew();
// The browser may have kept what stood in the controls before a reload: the address holds.
restore(location.search);
show();
showFormula();

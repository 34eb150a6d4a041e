/** A page: a root with the server's markup becomes alive. What it needs of the world is given; nothing is global. */

import { createAddress } from "../state/address.js";
import { createStore } from "../state/store.js";
import { PARAMETERS } from "../state/table.js";
import { format, isLocked, isOpen, parse, shows, withStarts, withValues } from "../state/url.js";
import { createCopies } from "../share/copies.js";
import { createLink } from "../share/link.js";
import { createWorkbench } from "../workbench.js";
import { heats } from "../explain/heat.js";
import { pathKeys } from "../explain/panels.js";
import { createSums } from "../explain/sums.js";
import { ledgerOf, sortPaths } from "../explain/tensorledger.js";
import { nudgeFields, nudgeOf } from "../explain/tensornudge.js";
import { createBringing } from "../figure/bring.js";
import { bindCellKeys } from "../figure/cells.js";
import { createFinder } from "../figure/finder.js";
import { bindFocus } from "../figure/focus.js";
import { bindGroups, readClosed } from "../figure/groups.js";
import { bindActs } from "./acts.js";
import { atRest, oncePerFrame } from "./clock.js";
import { bindCells } from "./cells.js";
import { createChoice } from "./choice.js";
import { bindControls } from "./controls.js";
import { bindPrecise } from "./precise.js";
import { ownDigits } from "./digits.js";
import { createEditor } from "./editor.js";
import { bindFigure, bindPage, firstOf } from "./fill.js";
import { createFormulas } from "./formulas.js";
import { bindGrids } from "./grid.js";
import { createHeat } from "./heatmap.js";
import { createHelp } from "./help.js";
import { createVeil, NOTHING } from "./hidden.js";
import { bindExamples, createHints } from "./hints.js";
import { suffixIds } from "./ids.js";
import { bindInNumbers } from "./innumbers.js";
import { bindKeys } from "./keys.js";
import { createLights } from "./lit.js";
import { createNumbers } from "./numbers.js";
import { createOffline } from "./offline.js";
import { createPanes, inspects, withGraph } from "./panes.js";
import { createPlayer } from "./player.js";
import { createPresenting } from "./presenting.js";
import { keepNames } from "./naming.js";
import { createRemaker, readGraph, readTensors, startsOf } from "./remake.js";
import { bindFinding, bindScrubbing } from "./scrub.js";
import { bindScaling } from "./scaling.js";
import { createSliders } from "./sliders.js";
import { createStepper } from "./stepper.js";
import { createTensorNumbers } from "./tensors.js";
import { createTools } from "./tools.js";
import { createUndoing } from "./undoing.js";
import { createToast } from "./toast.js";
import { createViewport, standing } from "./viewport.js";

/**
 * @typedef {import("./fields.js").Fields} Fields
 * @typedef {import("../workbench.js").Shown} Shown
 * @typedef {import("../workbench.js").PageStore} PageStore
 */

/** What the address holds, and with the graph what all of the page follows from. */
const NAMES = PARAMETERS.map(({ name }) => name);

/** No numbers: of a page with a mistake, of what is not open. @type {Fields} */
const EMPTY = { get: () => null };

/** What the player does. */
const PLAYING = ["play", "next", "back", "first", "last", "close"];

/**
 * @param {HTMLElement} root holds the markup that the server made for the query
 * @param {string} query
 * @param {import("./services.js").Services} services
 */
export function createPage(root, query, services) {
  const { place, server, suffix } = services;
  suffixIds(root, suffix);
  const form = /** @type {HTMLFormElement} */ (root.querySelector("form[data-page]"));
  const store = createStore(firstState(root, query));
  const { state } = store;
  const clock = ownDigits(root, store, services.clock);
  const own = { ...services, clock };

  bindActs(root, () => {
    address.act();
    undoing.act();
  });
  const editor = createEditor(/** @type {HTMLElement} */ (form.querySelector(".editor")));
  bindEditor(editor, store);
  bindControls(form, store);
  bindScaling(form, store, bindCells(form, store), !server.makesNothing);
  bindGrids(form);
  const panes = createPanes(root, form, store);
  const offline = createOffline(root, clock);
  keepNames(store);
  const remaker = createRemaker(root, store, own, {
    ...{ editor, offline, query: (then = state) => format(then, spoken(then)) },
    remade: () => rebind(),
  });
  const address = createAddress({ snapshot, place, clock });
  const frames = [".graph", ".beside"].map(
    (pane) => /** @type {HTMLElement} */ (root.querySelector(`${pane} > .viewport`)),
  );
  const [viewport, beside] = frames.map((frame) => createViewport(frame, clock));

  const stepper = createStepper(root, store, clock, async (node) => (await viewport).reveal(node));
  const player = createPlayer(form, store, clock);
  const paint = oncePerFrame(clock, show);
  const sliders = createSliders(form, store, clock, { moved: player.stop, left: paint });
  bindScrubbing(form, store, player.stop);
  bindFinding(form);
  const numbers = createNumbers(store, clock, paint);
  const tensors = createTensorNumbers(store);
  const present = () => snapshot()();
  const workbench = createWorkbench(pageOfSides(), offline, () => place.renew());
  const later = atRest(clock);
  // What numbers are bound to; made when these subscribe below, and anew when other parts have come.
  /** @type {ReturnType<typeof bindPage>} */
  let fill;
  /** @type {ReturnType<typeof bindFigure>} */
  let fillFigure;
  /** @type {ReturnType<typeof createSums>} */
  let sums;
  /** @type {ReturnType<typeof nudgeOf>} */
  let nudge;
  /** @type {ReturnType<typeof ledgerOf>} */
  let ledger;
  /** @type {ReturnType<typeof createHeat>} */
  let heat;
  /** @type {ReturnType<typeof createVeil>} */
  let veil;

  /** Makes the query of the present state; while the graph is not the program's, of all variables spoken of. */
  function snapshot() {
    const then = { ...state };
    const graph = remaker.isSettled() ? (state.graph ?? state.tensors) : null;
    const lists = then.graph?.tensors ? then.lists.keys() : [];
    return () => format(then, graph ? [...graph.variables, ...lists] : spoken(then));
  }

  /** What is shown now. @type {Fields | null} */
  let precise = null;
  bindPrecise(root, () => precise);

  function show() {
    const averaged = numbers.isAveraged() && !state.tensors;
    sliders.show(state.samples, averaged);
    form.toggleAttribute("data-averaged", averaged);
    const shown = numbers.now();
    if (!shown) return showTensors();
    const { fields, through, explained } = shown;
    const reached = (/** @type {Fields} */ all) => veil(numbers.isAveraged() ? all : stepper.reached(all));
    const all = firstOf([fields, through, ...workbench.fields(fields), explained]);
    precise = reached(all);
    fill(veil(all), precise);
    fillFigure(precise);
    const heated = isOpen(state, "heat") && !state.graph?.hidden;
    heat(heated ? heats(fields.run) : undefined, explained.findings, through);
    workbench.show(fields, reached(fields));
    sliders.announce(state.graph?.output ?? "", reached(fields));
  }

  /** The numbers of a program with tensors, if it is one. */
  function showTensors() {
    const run = tensors();
    if (!run) return;
    const found = /** @type {import("../engine/engine.js").Fields} */ (run);
    const nudged = nudgeFields(() => nudge?.(run, state.seed, state) ?? null);
    const paths = ledger?.(run, state.seed) ?? EMPTY;
    const all = firstOf([sums(found), found, nudged, paths, ...workbench.fields(found)]);
    precise = veil(stepper.reached(all));
    fill(veil(all), precise);
    if (ledger) later(() => sortPaths(root, veil(paths)));
    fillFigure(precise);
    workbench.show(found, precise);
    sliders.announce(state.tensors?.output ?? "", precise);
  }

  /** Shows another state. @param {string} search */
  function restore(search) {
    player.stopAll();
    stepper.pause();
    const next = parse(search);
    store.change({ ...next, starts: next.expr === state.expr ? state.starts : next.starts });
  }

  /** The same as a choice of the user: an example, a network that was built. @param {string} search */
  function open(search) {
    address.during("choice", () => restore(search));
  }

  /** Undoing rewrites the entry of the history that one is in. @param {() => void} run */
  function undone(run) {
    player.stopAll();
    stepper.pause();
    address.during("number", run);
  }

  /** Opens or closes groups; the node stays where it is. @param {Partial<Shown>} patch @param {string} around */
  function foldTo(patch, around) {
    const place = standing(frames[0], around); // now: the next figure may be there before the view is
    void viewport.then((view) => view.hold(place));
    address.during("choice", () => store.change(patch));
  }

  /** Shows a part of the graph, as far as it can be read. @param {string} focus */
  function focusOn(focus) {
    void viewport.then((view) => view.renew());
    address.during("choice", () => store.change({ focus }));
  }

  /** The graph stands there, and this node is in sight. @param {string} id */
  function showInGraph(id) {
    if (!shows(state, "graph")) store.change({ panes: withGraph(state), full: "none" });
    bring(id);
  }

  /** Brings a node into sight. @param {string} id */
  async function reveal(id) {
    const node = root.querySelector(`.graph .sheet [data-node="${CSS.escape(id)}"]`);
    if (node) (await viewport).reveal(node);
  }

  /**
   * One thing is chosen, wherever it was clicked: the inspector shows it. What comes is brought into sight.
   * @param {string} key of a node or an edge; nothing, and the inspector shows the output
   */
  function choose(key) {
    store.change({
      about: aboutOf(key),
      ...(key ? { tab: "explain" } : {}),
      ...(key && !inspects(state) ? { inspector: "open" } : {}),
    });
    if (key) void reveal(key.split(/[.[]/)[0]);
  }

  /** A variable's only leaf is the variable. @param {string} key */
  function aboutOf(key) {
    const node = state.graph?.nodes.find(({ id }) => id === key);
    return node?.op === "var" && namesakes(state.graph, node.name) === 1 ? (node.name ?? key) : key;
  }

  /** Other parts have come than those that the numbers are bound to. */
  function rebind() {
    fill = bindPage(root, stepper, clock);
    sums = createSums(root);
    nudge = nudgeOf(root, state.tensors);
    ledger = ledgerOf(root, state.tensors);
    choice.shown();
    void showFormula();
    paint();
  }

  /** @returns {import("../workbench.js").Page} */
  function pageOfSides() {
    return {
      ...{ root, form, store, server, clock, open, reveal, paint },
      ...{ settings: place.settings, query: present },
      choose: (patch) => address.during("choice", () => store.change(patch)),
      move: (values) =>
        store.change(
          withValues(
            state,
            [...values].filter(([name]) => !isLocked(state, name)),
          ),
        ),
      averaged: () => numbers.averages(),
      bindSamples(samples, average) {
        if (average) numbers.averageBy(average);
        store.change({ samples });
      },
    };
  }

  const choice = createChoice(root, store, choose);
  const showFormula = createFormulas(root, { server, clock }, () => format(state, []));
  store.subscribe(["graph", "tensors"], rebind);
  store.subscribe(["graph", "tensors", "found"], () => {
    veil = createVeil(state.graph ?? state.tensors, state.found);
    paint();
  });
  store.subscribe(["graph", "closed"], () => {
    fillFigure = bindFigure(root);
    heat = createHeat(root, state.graph);
    choice.shown();
    for (const one of [viewport, beside]) void one.then((view) => view.open());
  });
  bindGroups(root, store, foldTo, remaker.foresee);
  store.subscribe(["closed"], ({ about }) => {
    // An edge into a group that is open now, or from variables that stand alone: the node at its end is chosen.
    const isDrawn = root.querySelector(`.sheet [data-edge="${CSS.escape(about)}"]`) !== null;
    if (about.includes("~") && !isDrawn) store.change({ about: aboutOf(about.split("~")[0]) });
  });
  store.subscribe([...NAMES, "graph", "tensors", "lists", "closed", "samples", "descents", "moved"], paint);
  let made = false;
  store.subscribe([...NAMES, "graph", "tensors", "lists"], (_, changed) => {
    if (made) address.follow(changed); // with another graph the variables may be others
    made = true;
  });
  place.follow((search) => {
    address.moved();
    undoing.act();
    address.during("none", () => restore(search));
  });
  const undoing = createUndoing(root, store, own, undone);
  createTools({ root, server, query: present, open });
  const shared = { root, server, clock, query: present, say: createToast(root, clock) };
  bindInNumbers(root, { server, query: present, open, say: shared.say });
  createCopies(shared);
  createLink({ ...shared, store });
  createHints(root, store, own);
  bindExamples(root);
  const [help, presenting] = [createHelp(root, place.settings), createPresenting(root, store)];
  const { isPresenting, toggle, leave } = presenting;
  const steps = Object.fromEntries(PLAYING.map((act) => [act, () => stepper.run(act)]));
  const bring = createBringing(root, store, {
    open: foldTo,
    approach: (node) => void viewport.then((view) => view.approach(node)),
  });
  const finder = createFinder(root, store, { choose: (id) => store.change({ about: aboutOf(id) }), bring });
  bindFocus(root, store, focusOn);
  /** The number of a field where the variables stand, unless it is hidden. @param {string} field */
  const told = (field) => veil(numbers.now()?.fields ?? tensors() ?? EMPTY).get(field) ?? null;
  bindCellKeys(root, store, (element) => void viewport.then((view) => view.reveal(element)), told);
  root.addEventListener("click", ({ target }) => {
    const place = target instanceof Element ? target.closest("[data-show], [data-row] th > button:not(.chip)") : null;
    const id = place?.getAttribute("data-show");
    if (id) showInGraph(id);
    else if (place) bring(place.closest("[data-row]")?.getAttribute("data-row") ?? "");
  });
  void viewport.then((view) => view.onFind(finder.show));
  const acts = { ...steps, find: finder.show, present: toggle, leave, help: help.show, full: panes.toggleFull };
  bindKeys(root, acts, { isPresenting, hasLetters: help.hasLetters });
  createLights(root, {
    editor,
    pathOf: (nodes) => (state.graph ? pathKeys(nodes, state.graph, state.closed) : ""),
    chosen: (id) => address.during("number", () => store.change({ about: aboutOf(id) })),
    lit: paint,
  });
  return {
    store,

    told,
  };
}

/** In how many places a variable stands. @param {Shown["graph"]} graph @param {string | undefined} name */
const namesakes = (graph, name) => graph?.nodes.filter((node) => node.op === "var" && node.name === name).length ?? 0;

/** @param {HTMLElement} root @param {string} query @returns {Shown} */
function firstState(root, query) {
  const [asked, graph, tensors] = [parse(query), readGraph(root), readTensors(root)];
  const begun = withStarts(asked, startsOf(graph, tensors));
  return {
    ...asked,
    ...begun,
    graph,
    tensors,
    closed: readClosed(root),
    samples: null,
    descents: [],
    moved: new Map(),
    found: NOTHING,
  };
}

/** The variables that a state speaks of. @param {Shown} state */
function spoken({ at, lists, min, max, step, from }) {
  return new Set([at, lists, min, max, step, from].flatMap((family) => [...family.keys()]));
}

/** @param {ReturnType<typeof createEditor>} editor @param {PageStore} store */
function bindEditor(editor, store) {
  store.subscribe(["expr"], ({ expr }) => editor.write(expr));
  editor.area.addEventListener("input", () => {
    store.change({ expr: editor.area.value, open: "", shut: "", focus: "" }); // other nodes have the ids of the opened ones now
  });
}

/** The parts of the page that the server makes: asked for anew when what they depend on changes. */

import { attribute } from "./dom.js";
import { busy, createLoader, find, request, swap } from "./fragments.js";
import { readClosed } from "../figure/groups.js";
import { fitting } from "./tensors.js";
import { suffixIds } from "./ids.js";
import { figureOf, hasBoth, isOpen, pins, shows, valueOf, withStarts } from "../state/url.js";
import { PARAMETERS } from "../state/table.js";

/**
 * @typedef {import("../workbench.js").PageStore} PageStore
 * @typedef {import("../workbench.js").Graph} Graph
 * @typedef {import("../workbench.js").TensorGraph} TensorGraph
 * @typedef {import("../state/url.js").State} State
 */

/** What has the numbers of a program in it. */
const NUMBERS = ".sheet, .steps, .inspector-body, .pane-body, .math, .total";

/** Tables of the explanations that have a line for each box of the figure. */
const BY_BOX = '[data-fragment="nudged"], [data-fragment="tangents"]';

/** A keystroke waits this long for the next one, in milliseconds. */
const TYPING = 80;
/** A mistake waits longer to be told, and longest where the text may just not be finished. */
const MISTAKE = 200;
const UNFINISHED = 600;
/** The page says that it waits for the server after so long. */
const SLOW = 300;

const REMAKING = PARAMETERS.filter(({ remakes }) => remakes !== "nothing");

/** What the parts depend on: pinned variables are constants. @param {Readonly<State>} state */
const dependedOn = (state) =>
  [
    ...REMAKING.filter(({ remakes }) => remakes !== "picture").map(({ name, remakes, otherwise }) =>
      remakes === "value" ? state[name] : state[name] === otherwise,
    ),
    composites(state.open), // the graph itself depends on these
    ...[figureOf(state), hasBoth(state)], // what is drawn, and from which view
    ...pins(state).map((name) => valueOf(state, name)),
  ].join("\0");

/** What the figure alone depends on. @param {Readonly<State>} state */
const drawnBy = (state) =>
  REMAKING.filter(({ remakes }) => remakes === "picture")
    .map(({ name }) => state[name])
    .join("\0");

/** The nodes among what is opened: groups change the figure alone. @param {string} open */
const composites = (open) =>
  open
    .split(",")
    .filter((id) => !id.includes("~"))
    .join();

/**
 * The graph that the server has embedded, or null where the program has a mistake.
 * @param {ParentNode} where @returns {Graph | null}
 */
export const readGraph = (where) => JSON.parse(find(where, "graph")?.textContent ?? "null");

/**
 * The same of a program with tensors, which is no graph of numbers.
 * @param {ParentNode} where @returns {TensorGraph | null}
 */
export const readTensors = (where) => JSON.parse(find(where, "tensors")?.textContent ?? "null");

/**
 * The lists that stay: a network in tensors that is drawn neuron by neuron keeps those that it has in tensors.
 * @param {ReadonlyMap<string, string>} lists @param {Graph | null} graph @param {TensorGraph | null} tensors
 */
const listsOf = (lists, graph, tensors) => (graph?.tensors ? lists : fitting(lists, tensors));

/** Where the numbers of a program start. @param {Graph | null} graph @param {TensorGraph | null} tensors */
export function startsOf(graph, tensors) {
  const all = Object.entries(graph?.start ?? tensors?.start ?? {});
  return Object.fromEntries(all.flatMap(([name, start]) => (typeof start === "number" ? [[name, start]] : [])));
}

/**
 * @param {HTMLElement} root
 * @param {PageStore} store
 * @param {import("./services.js").Services} services
 * @param {object} page
 * @param {ReturnType<typeof import("./editor.js").createEditor>} page.editor
 * @param {ReturnType<typeof import("./offline.js").createOffline>} page.offline
 * @param {() => void} page.remade when parts have come that follow the choice, and not the program
 * @param {(then?: Readonly<import("../workbench.js").Shown>) => string} page.query what the parts are asked for with
 */
export function createRemaker(root, store, { server, clock, suffix }, { editor, offline, query, remade }) {
  const form = /** @type {HTMLElement} */ (root.querySelector("[data-page]"));
  const waiting = /** @type {HTMLElement} */ (root.querySelector("[data-part=waiting]"));
  const loader = createLoader(server);
  const ofChosen = createLoader(server);
  let asked = dependedOn(store.state);
  let drawn = drawnBy(store.state);
  /** What the parts that stand there depend on. */
  let shown = asked;
  /** Whether the figure alone is asked for. */
  let pictured = false;
  /** Whether the graph is the program's. */
  let settled = store.state.graph !== null || store.state.tensors !== null;
  /** What the inspector was made for. */
  let chosen = store.state.about;
  let cancelNext = () => {};
  let cancelChosen = () => {};
  /** @type {(() => void) | null} */
  let cancelSlow = null;

  /** Asks for the parts. @param {number} wait @param {boolean} [figure] the figure alone */
  function ask(wait, figure = false) {
    if (server.makesNothing) return;
    pictured = figure && settled;
    if (!pictured) settled = false;
    loader.cancel();
    cancelNext();
    cancelNext = clock.later(load, wait);
  }

  async function load() {
    cancelSlow ??= clock.later(() => say(true), SLOW);
    try {
      const parts = await loader.load(pictured ? "picture" : "fragments", query());
      if (!parts) return; // others were asked for
      answered();
      form.toggleAttribute("data-late", false);
      offline.came("parts");
      suffixIds(parts, suffix);
      (pictured ? redraw : find(parts, "graph") ? accept : refuse)(parts);
    } catch (fault) {
      answered();
      form.toggleAttribute("data-late", shown !== asked && stands());
      offline.missed("parts", load, busy(fault));
    }
  }

  /** Whether there are numbers of some program. */
  const stands = () => (store.state.graph ?? store.state.tensors) !== null;

  /** Dims what is not the program's. @param {boolean} broken */
  function setBroken(broken) {
    form.toggleAttribute("data-broken", broken);
    for (const part of form.querySelectorAll(NUMBERS)) attribute(part, "aria-disabled", broken ? "true" : null);
  }

  function answered() {
    cancelSlow?.();
    cancelSlow = null;
    say(false);
  }

  /** @param {boolean} slow */
  function say(slow) {
    form.setAttribute("aria-busy", String(slow));
    waiting.textContent = slow ? "Waiting for the server …" : "";
  }

  /** What follows the choice alone: small, and soon there. */
  async function loadChosen() {
    try {
      const parts = await ofChosen.load("fragments", `${query()}&only=chosen`);
      if (!parts || !settled) return; // another choice, or another program, is on its way
      offline.came("chosen");
      suffixIds(parts, suffix);
      swap(root, parts);
      remade();
    } catch (fault) {
      offline.missed("chosen", loadChosen, busy(fault));
    }
  }

  /** @param {Document} parts */
  function accept(parts) {
    swap(root, parts);
    editor.unmark();
    setBroken(false);
    settled = true;
    shown = asked;
    chosen = store.state.about;
    const graph = readGraph(root);
    const tensors = readTensors(root);
    const begun = {
      ...withStarts(store.state, startsOf(graph, tensors)),
      lists: listsOf(store.state.lists, graph, tensors),
    };
    store.change({ graph, tensors, closed: readClosed(root), ...begun });
  }

  /** Takes in another figure of the same graph. @param {Document} parts */
  function redraw(parts) {
    const came = find(parts, "figure") !== null;
    if (came) swap(root, parts);
    store.change({ closed: readClosed(root) });
    if (came && root.querySelector(BY_BOX)) remade();
    if (came && root.querySelector("[data-part=ledger]")) void loadChosen(); // its paths lead through closed groups
  }

  /** Tells a mistake, without haste while someone types. @param {Document} parts */
  function refuse(parts) {
    if (!root.querySelector("[data-step]")) store.change({ frame: -1 });
    const problem = /** @type {HTMLElement} */ (find(parts, "problem"));
    const [start, end] = [Number(problem.dataset.start), Number(problem.dataset.end)];
    const unfinished = editor.isUnfinished(start, end);
    problem.classList.toggle("calm", unfinished);
    const told = find(root, "problem")?.querySelector("p");
    cancelNext();
    cancelNext = clock.later(
      () => {
        swap(root, parts);
        editor.mark(start, end);
        // What stands there is of the last program that had no mistake.
        setBroken(stands());
      },
      told ? 0 : unfinished ? UNFINISHED : MISTAKE,
    );
  }

  store.subscribe([...REMAKING.map(({ name }) => name), "panes", "at"], (state, changed) => {
    const now = dependedOn(state);
    const figure = drawnBy(state);
    const redrawn = figure !== drawn;
    drawn = figure;
    if (now === asked) {
      if (redrawn) ask(0, true);
      return;
    }
    asked = now;
    ask(changed.has("expr") && editor.isTyping() ? TYPING : 0);
  });
  store.subscribe(["about"], ({ about }) => {
    if (about === chosen) return;
    chosen = about;
    if (server.makesNothing || !find(root, "chosen")) return; // no inspector shows it
    if (settled) void loadChosen();
    else if (store.state.graph || store.state.tensors) ask(0);
  });
  store.subscribe(["lists", "at"], () => {
    // Values say which cells this one is made of.
    const card = find(root, "chosen");
    if (!settled || !card?.querySelector("[data-anew]") || card.contains(document.activeElement)) return;
    cancelChosen();
    cancelChosen = clock.later(() => void loadChosen(), TYPING);
  });
  store.subscribe(["panels", "panes", "frame"], (state) => {
    if (settled && lacks(root, state)) ask(0);
  });
  root.addEventListener("click", ({ target }) => {
    const problem = target instanceof Element && target.matches("[data-to-mistake]") ? find(root, "problem") : null;
    if (problem) editor.select(Number(problem.dataset.start), Number(problem.dataset.end));
  });
  editor.area.addEventListener("blur", () => find(root, "problem")?.classList.remove("calm"));

  return {
    isSettled: () => settled,

    /**
     * Has the server draw what will most likely be asked for next, while a finger is still down: the server remembers
     * it, and so does the browser. @param {Partial<State>} patch
     */
    foresee(patch) {
      if (server.makesNothing || !settled) return;
      const then = { ...store.state, ...patch };
      const path = dependedOn(then) === asked ? "picture" : "fragments";
      const { signal } = new AbortController();
      request(server, path, query(then), signal).then(
        (response) => void response.text().catch(() => {}),
        () => {}, // whoever asks in earnest hears of it
      );
    },
  };
}

/**
 * Whether something is to be shown that is made on request only: an explanation, the steps, the network's side.
 * @param {HTMLElement} root @param {Readonly<State>} state
 */
function lacks(root, state) {
  const panels = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-panel]"));
  const steps = find(root, "steps");
  return (
    [...panels].some((panel) => isOpen(state, panel.dataset.panel ?? "") && isEmpty(panel)) ||
    (state.frame >= 0 && steps !== null && !steps.hasAttribute("data-none") && !steps.querySelector("[data-step]")) ||
    (shows(state, "network", "training") && !find(root, "network")?.firstElementChild)
  );
}

/** @param {HTMLElement} panel */
const isEmpty = (panel) => !panel.querySelector(":scope > :not(summary, noscript)");

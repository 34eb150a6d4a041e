/** The step-by-step player: the forward pass node by node, then the backward pass edge by edge. */

import { drawn } from "../figure/lines.js";
import { createTravels } from "../figure/travel.js";
import { waysOf } from "../figure/ways.js";
import { bind } from "./fields.js";
import { find } from "./fragments.js";
import { actsIn, chordOf } from "./keys.js";

/** @typedef {import("./fields.js").Fields} Fields */

const PAUSE = 1_400; // milliseconds a step stays, at speed 1

/**
 * @param {HTMLElement} page
 * @param {import("../workbench.js").PageStore} store
 * @param {import("./clock.js").Clock} clock
 * @param {(node: Element) => void} turned to a step about this node of the figure
 */
export function createStepper(page, store, clock, turned) {
  const { state } = store;
  const root = /** @type {HTMLElement} */ (page.querySelector(".stepper"));
  const bar = /** @type {HTMLElement} */ (root.querySelector(".stepper-bar"));
  const play = /** @type {HTMLElement} */ (bar.querySelector("[data-go=play]"));
  const speed = /** @type {HTMLSelectElement} */ (bar.querySelector("[data-speed]"));
  const travels = createTravels(clock);
  /** @type {HTMLElement[]} */
  let steps = [];
  /** The step that each field appears in. @type {Map<string, number>} */
  let since = new Map();
  /** What fills a step's equations, once it was shown. @type {Map<number, (fields: Fields) => void>} */
  let fills = new Map();
  let shown = -2;
  /** What ends the playing. @type {(() => void) | null} */
  let cancel = null;

  /** Takes in the steps that the server has sent. */
  store.subscribe(["graph", "closed"], () => {
    steps = [...(find(page, "steps")?.querySelectorAll("li") ?? [])].filter((step) => step.dataset.step);
    since = new Map();
    fills = new Map();
    shown = -2;
    steps.forEach((step, at) => (step.dataset.shows ?? "").split(" ").forEach((field) => since.set(field, at)));
    if (find(page, "steps")?.hasAttribute("data-none")) giveUp();
  });
  store.subscribe(["graph", "closed", "frame"], () => {
    if (steps.length) store.change({ frame: Math.min(state.frame, steps.length - 1) });
  });

  /** There are no steps: too many to show, or a program with a mistake before the first one was asked for. */
  function giveUp() {
    if (steps.length) return;
    pause();
    store.change({ frame: -1 });
  }

  /** While there are no steps they are on their way, and how many is not known. @param {number} frame */
  function go(frame) {
    store.change({ frame: Math.max(-1, steps.length ? Math.min(frame, steps.length - 1) : frame) });
  }

  function tick() {
    if (state.frame >= steps.length - 1 && steps.length) return pause();
    if (steps.length || state.frame < 0) go(state.frame + 1); // else they are still on their way
    cancel = clock.later(tick, PAUSE / Number(speed.value));
  }

  function start() {
    if (state.frame >= steps.length - 1) store.change({ frame: -1 }); // from the first one again
    play.setAttribute("aria-pressed", "true");
    tick();
  }

  function pause() {
    cancel?.();
    cancel = null;
    play.setAttribute("aria-pressed", "false");
  }

  /** @type {Record<string, () => void>} */
  const acts = {
    first: () => go(0),
    back: () => go(Math.max(0, state.frame - 1)),
    next: () => go(state.frame + 1),
    last: () => go(steps.length ? steps.length - 1 : 999_999),
    close: () => go(-1),
    play: () => (cancel ? pause() : start()),
  };
  /** @param {string} act */
  function run(act) {
    if (act !== "play") pause();
    acts[act]();
  }

  const keys = actsIn("player");

  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-go]") : null;
    if (!button) return;
    event.preventDefault();
    run(button.getAttribute("data-go") ?? "");
  });
  bar.addEventListener("keydown", (event) => {
    const act = keys.get(chordOf(event));
    if (!act || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    run(act);
  });

  /**
   * Shows the step where the player stands, lights what it is about, and fills its equations.
   * @param {Fields} fields
   */
  function show(fields) {
    if (shown !== state.frame) turn(fields);
    const step = steps[state.frame];
    if (!step) return;
    if (!fills.has(state.frame)) fills.set(state.frame, bind(step.querySelectorAll("[data-field]")));
    fills.get(state.frame)?.(fields);
  }

  /** @param {Fields} fields */
  function turn(fields) {
    const ahead = state.frame === shown + 1 || (shown < 0 && state.frame === 0);
    shown = state.frame;
    travels.end();
    root.toggleAttribute("data-on", shown >= 0);
    for (const sheet of page.querySelectorAll(".sheet")) sheet.classList.toggle("stepping", shown >= 0);
    for (const [at, step] of steps.entries()) step.hidden = at !== shown;
    for (const element of page.querySelectorAll(".current, .used")) element.classList.remove("current", "used");
    const step = steps[shown];
    if (!step) return;
    const current = listed(step.dataset.current);
    for (const id of current) mark(page, id, "current");
    for (const id of listed(step.dataset.uses)) mark(page, id, "used");
    const id = CSS.escape(current[0] ?? "");
    const node = page.querySelector(`.graph .sheet :is([data-node="${id}"], [data-holds~="${id}"])`);
    if (node) turned(node);
    const edges = listed(step.dataset.through);
    for (const edge of edges) {
      for (const part of drawn(page, edge, current[0] ?? "")) part.classList.add("current");
    }
    if (ahead) travels.go(waysOf(page, step, fields), step.dataset.phase === "backward", Number(speed.value));
  }

  /**
   * The fields as far as the player has come: what is later has no number yet.
   * @param {Fields} fields @returns {Fields}
   */
  function reached(fields) {
    if (state.frame < 0 || !steps.length) return fields;
    const frame = state.frame;
    const later = (/** @type {string} */ field) => (since.get(field) ?? since.get(wholeOf(field)) ?? -1) > frame;
    return { get: (/** @type {string} */ field) => (later(field) ? null : fields.get(field)) };
  }

  return { show, reached, pause, giveUp, run };
}

/**
 * The field of the whole tensor that a cell's, or what is told of the tensor, belongs to.
 * @param {string} field
 */
const wholeOf = (field) =>
  field.replace(/\[[\d,]+\]/, "").replace(/\.(shade|sign|equals|mean|norm|least|greatest|mark)$/, "");

/** Keys with blanks between. @param {string | undefined} keys */
const listed = (keys) => (keys ?? "").split(" ").filter(Boolean);

/** @param {HTMLElement} page @param {string} id @param {string} name */
function mark(page, id, name) {
  const escaped = CSS.escape(id);
  const places = `[data-node="${escaped}"], [data-row="${escaped}"], .sheet [data-holds~="${escaped}"]`;
  for (const element of page.querySelectorAll(places)) {
    element.classList.add(name);
  }
}

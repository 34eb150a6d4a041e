/** The step-by-step player: the forward pass node by node, then the backward pass edge by edge. */

import { bind } from "./fields.js";
import { find } from "./fragments.js";

/** @typedef {import("./fields.js").Fields} Fields */

const PAUSE = 1_400; // milliseconds a step stays, at speed 1

/**
 * @param {import("../state/url.js").State} state
 * @param {object} told
 * @param {() => void} told.moved after the state has changed to another step
 * @param {() => void} told.opened when the steps have to be fetched
 * @param {(node: Element) => void} told.turned to a step about this node of the figure
 */
export function createStepper(state, told) {
  const root = /** @type {HTMLElement} */ (document.querySelector(".stepper"));
  const bar = /** @type {HTMLElement} */ (document.getElementById("stepper"));
  const play = /** @type {HTMLElement} */ (bar.querySelector("[data-go=play]"));
  const speed = /** @type {HTMLSelectElement} */ (bar.querySelector("[data-speed]"));
  /** @type {HTMLElement[]} */
  let steps = [];
  /** The step that each field appears in. @type {Map<string, number>} */
  let since = new Map();
  /** What fills a step's equations, once it was shown. @type {Map<number, (fields: Fields) => void>} */
  let fills = new Map();
  let shown = -2;
  let timer = 0;

  /** Takes in the steps that the server has sent. */
  function renew() {
    steps = [...(find(document, "steps")?.querySelectorAll("li") ?? [])].filter((step) => step.dataset.step);
    since = new Map();
    fills = new Map();
    shown = -2;
    steps.forEach((step, at) => (step.dataset.shows ?? "").split(" ").forEach((field) => since.set(field, at)));
    if (steps.length) state.frame = Math.min(state.frame, steps.length - 1);
    else if (find(document, "steps")?.hasAttribute("data-none")) giveUp();
  }

  /** There are no steps: too many to show, or a program with a mistake before the first one was asked for. */
  function giveUp() {
    if (steps.length) return;
    pause();
    state.frame = -1;
  }

  /** @param {number} frame */
  function go(frame) {
    const opens = !steps.length && frame >= 0;
    state.frame = opens ? frame : Math.max(-1, Math.min(frame, steps.length - 1));
    if (opens) told.opened();
    else told.moved();
  }

  function tick() {
    if (state.frame >= steps.length - 1 && steps.length) return pause();
    if (steps.length || state.frame < 0) go(state.frame + 1); // else they are still on their way
    timer = window.setTimeout(tick, PAUSE / Number(speed.value));
  }

  function start() {
    if (state.frame >= steps.length - 1) state.frame = -1; // from the first one again
    play.setAttribute("aria-pressed", "true");
    tick();
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
  }

  /** @type {Record<string, () => void>} */
  const acts = {
    first: () => go(0),
    back: () => go(Math.max(0, state.frame - 1)),
    next: () => go(state.frame + 1),
    last: () => go(steps.length ? steps.length - 1 : 999_999),
    close: () => go(-1),
    play: () => (timer ? pause() : start()),
  };
  /** @type {Record<string, string>} */
  const keys = { Home: "first", ArrowLeft: "back", ArrowRight: "next", End: "last" };

  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-go]") : null;
    if (!button) return;
    event.preventDefault();
    const act = button.getAttribute("data-go") ?? "";
    if (act !== "play") pause();
    acts[act]();
  });
  bar.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    pause();
    acts[act]();
  });

  /**
   * Shows the step where the player stands, lights what it is about, and fills its equations.
   * @param {Fields} fields
   */
  function show(fields) {
    if (shown !== state.frame) turn();
    const step = steps[state.frame];
    if (!step) return;
    if (!fills.has(state.frame)) fills.set(state.frame, bind(step.querySelectorAll("[data-field]")));
    fills.get(state.frame)?.(fields);
  }

  function turn() {
    shown = state.frame;
    root.toggleAttribute("data-on", shown >= 0);
    for (const [at, step] of steps.entries()) step.hidden = at !== shown;
    for (const element of document.querySelectorAll(".current, .used")) element.classList.remove("current", "used");
    const step = steps[shown];
    if (!step) return;
    mark(step.dataset.current ?? "", "current");
    for (const id of (step.dataset.uses ?? "").split(" ")) mark(id, "used");
    const node = document.querySelector(`#sheet [data-node="${CSS.escape(step.dataset.current ?? "")}"]`);
    if (node) told.turned(node);
    const edge = step.dataset.through ?? "";
    document.querySelector(`[data-edge="${CSS.escape(edge)}"]`)?.classList.add("current");
  }

  /**
   * The fields as far as the player has come: what is later has no number yet.
   * @param {Fields} fields @returns {Fields}
   */
  function reached(fields) {
    if (state.frame < 0 || !steps.length) return fields;
    const frame = state.frame;
    return { get: (/** @type {string} */ field) => ((since.get(field) ?? -1) > frame ? null : fields.get(field)) };
  }

  return { renew, show, reached, pause, giveUp };
}

/** @param {string} id @param {string} name */
function mark(id, name) {
  const escaped = CSS.escape(id);
  for (const element of document.querySelectorAll(`[data-node="${escaped}"], [data-row="${escaped}"]`)) {
    element.classList.add(name);
  }
}

/** The card's controls: they show the state and say what was chosen. What they do is in side.js. */

import { attribute, say as tell } from "../page/dom.js";
import { createLines } from "../plot/lines.js";
import { mark } from "../plot/marks.js";
import { completeSettings, MOST_RACING, racing, readHyper } from "./plan.js";
import { COLUMNS } from "./numbers.js";
import { lastOf } from "./trail.js";

/**
 * @typedef {import("./trail.js").Trail} Trail
 *
 * @typedef {object} Seen what the card shows beside its live numbers
 * @property {import("../state/url.js").State} state
 * @property {string[]} variables
 * @property {string[]} parameters
 * @property {import("../workbench.js").Rows | null} rows
 * @property {Trail[]} trails
 * @property {number} end the last step that can be shown
 * @property {number} furthest the last step that was shown
 * @property {boolean} running
 * @property {boolean} waiting whether the server has been asked, and takes its time
 * @property {boolean} log
 * @property {string} about
 *
 * @typedef {object} Acts
 * @property {(act: string) => void} walk
 * @property {(control: string, input: HTMLInputElement | HTMLSelectElement) => void} choose
 * @property {(name: string) => void} follow
 * @property {(name: string) => void} leave
 * @property {(k: number) => void} seek
 */

/** @param {HTMLFormElement} form @param {Acts} acts */
export function createCard(form, acts) {
  const updates = form.querySelector("#updates");
  let root = find();
  let chart = chartOf();
  let drawn = "";

  function find() {
    return form.querySelector('[data-fragment="descent"]') ?? form;
  }

  function chartOf() {
    const svg = root.querySelector("[data-lines]");
    return svg instanceof SVGSVGElement ? createLines(svg) : null;
  }

  form.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-walk], [data-follow], [data-leave]") : null;
    if (!(button instanceof HTMLElement) || button.getAttribute("aria-disabled") === "true") return;
    const { walk, follow, leave } = button.dataset;
    if (walk) acts.walk(walk);
    if (follow) acts.follow(follow);
    if (leave) acts.leave(leave);
  });
  form.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (target.dataset.moves) acts.choose("moves", target);
    else if (target.dataset.choose) acts.choose(target.dataset.choose, target);
  });

  /** @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
  const control = (name) => form.querySelector(`[data-choose="${name}"]`);

  /** An optimizer's name as people write it. @param {string} name */
  const titleOf = (name) => root.querySelector(`[data-follow="${name}"]`)?.textContent ?? name;

  /** @param {Seen} seen */
  function show(seen) {
    const { state } = seen;
    if (!control("k")) return; // a program without variables
    write(control("optimizer"), racing(state)[0]);
    write(control("rate"), String(state.rate));
    write(control("steps"), String(state.steps));
    showPlace(seen);
    showRace(seen);
    showSettings(seen);
    showMoving(seen);
    showUpdate(seen);
    draw(seen);
  }

  /** @param {Seen} seen */
  function showPlace({ state, end, running, waiting }) {
    const slider = /** @type {HTMLInputElement} */ (control("k"));
    const [k, last] = [Math.max(state.k, 0), Math.max(end, 0)];
    if (slider.max !== String(last)) slider.max = String(last);
    if (slider.valueAsNumber !== k) slider.value = String(k);
    slider.disabled = state.k < 0;
    attribute(slider, "aria-valuetext", `step ${k} of ${last}`);
    press(root.querySelector("[data-walk=run]"), running);
    attribute(root.querySelector("[data-walk=back]"), "aria-disabled", String(state.k <= 0));
    attribute(root.querySelector("[data-walk=reset]"), "aria-disabled", String(state.k < 0));
    const cancel = /** @type {HTMLElement} */ (root.querySelector("[data-walk=cancel]"));
    cancel.hidden = !waiting;
  }

  /** @param {Seen} seen */
  function showRace({ state }) {
    const names = racing(state);
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-racer]"))) {
      const place = names.indexOf(row.dataset.racer ?? "");
      row.hidden = place < 0;
      if (place < 0) continue;
      attribute(row, "data-series", String(place));
      attribute(row.querySelector("path"), "d", mark(place));
      press(row.querySelector("[data-follow]"), place === 0);
      /** @type {HTMLElement} */ (row.querySelector("[data-leave]")).hidden = names.length < 2;
    }
    const more = /** @type {HTMLSelectElement} */ (control("racer"));
    more.value = "";
    more.disabled = names.length >= MOST_RACING;
    for (const option of more.options) option.hidden = option.disabled = names.includes(option.value);
  }

  /** @param {Seen} seen */
  function showSettings({ state, rows }) {
    const name = racing(state)[0];
    const [chosen, all] = [readHyper(state.hyper), completeSettings({ ...state, hyper: "" }, name)];
    const boxes = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-setting]"));
    for (const box of boxes) {
      const setting = box.dataset.setting ?? "";
      box.hidden = !(setting in all);
      const input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
      attribute(input, "placeholder", String(all[setting] ?? ""));
      write(input, setting in chosen ? String(chosen[setting]) : "");
    }
    hide(
      "[data-settings]",
      [...boxes].every(({ hidden }) => hidden),
    );
    hide("[data-batches]", !rows);
    write(control("batch"), state.batch > 0 ? String(state.batch) : "");
    write(control("order"), String(Math.max(state.order, 0)));
    const shuffle = /** @type {HTMLInputElement} */ (control("shuffle"));
    shuffle.checked = state.order >= 0;
    /** @type {HTMLInputElement} */ (control("order")).disabled = state.order < 0;
  }

  /** @param {Seen} seen */
  function showMoving({ parameters, rows }) {
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("[data-moves]"))) {
      const name = box.dataset.moves ?? "";
      box.disabled = Boolean(rows && Object.hasOwn(rows.columns, name));
      box.checked = parameters.includes(name);
      attribute(box.parentElement, "title", box.disabled ? `${name} is a column of the data` : `Whether ${name} moves`);
    }
  }

  /** @param {Seen} seen */
  function showUpdate({ state, parameters, about }) {
    const select = /** @type {HTMLSelectElement | null} */ (control("about"));
    if (!select || !(updates instanceof HTMLElement)) return;
    updates.hidden = !parameters.length;
    if ([...select.options].map(({ value }) => value).join() !== parameters.join()) {
      select.replaceChildren(...parameters.map((name) => new Option(name)));
    }
    write(select, about);
    for (const update of /** @type {NodeListOf<HTMLElement>} */ (updates.querySelectorAll("[data-update]"))) {
      update.hidden = update.dataset.update !== racing(state)[0];
    }
    for (let column = 0; column < COLUMNS; column++) {
      for (const cell of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(`[data-column="${column}"]`))) {
        cell.hidden = column >= parameters.length;
      }
    }
  }

  /** The loss over the steps, as far as they were shown. @param {Seen} seen */
  function draw({ state, trails, furthest, log }) {
    const key = [state.k, furthest, log, ...trails.map((trail) => `${trail.name} ${lastOf(trail)}`)].join();
    if (key === drawn) return;
    drawn = key;
    hide("[data-curve]", state.k < 0 || !trails.length);
    if (state.k < 0) return;
    const series = trails.map((trail, colour) => ({
      name: titleOf(trail.name),
      values: until(trail.losses, furthest),
      colour,
    }));
    const label = `Loss over ${furthest} steps`;
    chart?.draw({ series, x: "step", y: "loss", label, log, marker: state.k, onpick: acts.seek });
  }

  return {
    show,
    titleOf,
    /** After the card was swapped. */
    renew() {
      if (root === find()) return;
      root = find();
      chart = chartOf();
      drawn = "";
    },
    /** @param {string} text @param {boolean} bad */
    say(text, bad) {
      const place = root.querySelector("[data-said]");
      if (!place) return;
      tell(place, text);
      place.toggleAttribute("data-bad", bad);
    },
    /** @param {string} message */
    fault(message) {
      const place = root.querySelector("[data-fault]");
      if (!(place instanceof HTMLElement)) return;
      place.hidden = !message;
      place.textContent = message;
    },
  };

  /** @param {string} selector @param {boolean} hidden */
  function hide(selector, hidden) {
    const element = root.querySelector(selector);
    if (element instanceof HTMLElement) element.hidden = hidden;
  }
}

/** @param {number[]} values @param {number} furthest */
const until = (values, furthest) => (values.length <= furthest + 1 ? values : values.slice(0, furthest + 1));

/** Not over what someone is typing. @param {HTMLInputElement | HTMLSelectElement | null} input @param {string} text */
function write(input, text) {
  if (!input || input.value === text) return;
  if (input === document.activeElement && input instanceof HTMLInputElement) return;
  input.value = text;
}

/** @param {Element | null} button @param {boolean} pressed */
const press = (button, pressed) => attribute(button, "aria-pressed", String(pressed));

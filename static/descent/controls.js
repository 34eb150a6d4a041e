/** The card's controls show the state. Nothing is kept here. */

import { formatNumber } from "../engine/numerals.js";
import { setNames } from "../network/letters.js";
import { attribute } from "../page/dom.js";
import { isLocked } from "../state/url.js";
import { completeSettings, racing, readHyper } from "./plan.js";

/** @typedef {import("./card.js").Seen} Seen */

/** @param {ParentNode} root @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
export const controlOf = (root, name) => root.querySelector(`[data-choose="${name}"]`);

/** What is asked for: optimizer, rate, steps. @param {Element} root @param {Seen} seen */
export function showAsked(root, { state, rate }) {
  write(controlOf(root, "optimizer"), racing(state)[0]);
  write(controlOf(root, "rate"), state.rate > 0 ? String(state.rate) : "");
  attribute(controlOf(root, "rate"), "placeholder", rate === null ? "chosen" : formatNumber(rate));
  write(controlOf(root, "steps"), String(state.steps));
}

/** Which step is shown, and what the buttons can do. @param {Element} root @param {Seen} seen */
export function showPlace(root, { state, end, running, waiting, smaller }) {
  const slider = /** @type {HTMLInputElement} */ (controlOf(root, "k"));
  const [k, last] = [Math.max(state.k, 0), Math.max(end, 0)];
  attribute(slider, "max", String(last));
  if (slider.valueAsNumber !== k) slider.value = String(k);
  slider.disabled = state.k < 0;
  attribute(slider, "aria-valuetext", `step ${k} of ${last}`);
  press(buttonOf(root, "run"), running);
  attribute(buttonOf(root, "back"), "aria-disabled", String(state.k <= 0));
  attribute(buttonOf(root, "reset"), "aria-disabled", String(state.k < 0));
  hide(buttonOf(root, "cancel"), !waiting);
  hide(buttonOf(root, "smaller"), smaller === null);
}

/** The optimizer's own settings. @param {Element} root @param {Seen} seen */
export function showSettings(root, { state }) {
  const name = racing(state)[0];
  const [chosen, all] = [readHyper(state.hyper), completeSettings({ ...state, hyper: "" }, name, 0)];
  const boxes = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-setting]"));
  for (const box of boxes) {
    const setting = box.dataset.setting ?? "";
    box.hidden = !(setting in all);
    const input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
    attribute(input, "placeholder", String(all[setting] ?? ""));
    write(input, setting in chosen ? String(chosen[setting]) : "");
  }
  const none = [...boxes].every(({ hidden }) => hidden);
  hide(root.querySelector("[data-settings]"), none);
}

/** How the steps use the rows. @param {Element} root @param {Seen} seen */
export function showBatches(root, { state, rows }) {
  hide(root.querySelector("[data-batches]"), !rows);
  write(controlOf(root, "batch"), state.batch > 0 ? String(state.batch) : "");
  const order = /** @type {HTMLInputElement} */ (controlOf(root, "order"));
  write(order, String(Math.max(state.order, 0)));
  order.disabled = state.order < 0;
  /** @type {HTMLInputElement} */ (controlOf(root, "shuffle")).checked = state.order >= 0;
}

/** The variables that a box stands for: one, or all of a layer. @param {HTMLInputElement} box */
export const movedBy = (box) => (box.dataset.moves ?? "").split(" ");

/** What moves. @param {Element} root @param {Seen} seen */
export function showMoving(root, { state, parameters, rows }) {
  const moving = new Set(parameters);
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("[data-moves]"))) {
    const names = movedBy(box);
    const isColumn = (/** @type {string} */ name) => Boolean(rows && Object.hasOwn(rows.columns, name));
    const free = names.filter((name) => !isColumn(name) && !isLocked(state, name));
    box.disabled = !free.length;
    box.checked = free.length > 0 && free.every((name) => moving.has(name));
    box.indeterminate = !box.checked && free.some((name) => moving.has(name));
    const said = names.length > 1 ? "each of these" : setNames(names[0]);
    const held = names.some(isColumn) ? `${said} is a column of the data` : `${said} is locked`;
    attribute(box.parentElement, "title", box.disabled ? held : `Whether ${said} moves`);
  }
}

/** @param {Element | null} element @param {boolean} hidden */
export function hide(element, hidden) {
  if (element instanceof HTMLElement) element.hidden = hidden;
}

/** Not over what someone is typing. @param {HTMLInputElement | HTMLSelectElement | null} input @param {string} text */
export function write(input, text) {
  if (!input || input.value === text) return;
  if (input === document.activeElement && input instanceof HTMLInputElement) return;
  input.value = text;
}

/** @param {Element | null} button @param {boolean} pressed */
export const press = (button, pressed) => attribute(button, "aria-pressed", String(pressed));

/** @param {Element} root @param {string} act */
const buttonOf = (root, act) => root.querySelector(`[data-descent=${act}]`);

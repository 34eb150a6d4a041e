/** The variables' controls: sliders, number boxes, ranges. They show the state and change it. */

import { atRest } from "./clock.js";
import { attribute } from "./dom.js";
import { formatNumber } from "../engine/numerals.js";
import { isLocked, number, sliderOf, withEnd, withPin, withValues } from "../state/url.js";

/**
 * @typedef {import("./fields.js").Fields} Fields
 *
 * @typedef {object} Controls
 * @property {string} name
 * @property {HTMLInputElement} slider
 * @property {HTMLInputElement} value
 * @property {HTMLInputElement} min
 * @property {HTMLInputElement} max
 * @property {HTMLInputElement} step
 * @property {HTMLElement} root
 * @property {HTMLElement | null} share
 * @property {HTMLElement} held
 * @property {string | null} shown what the controls show; null where someone may have written into them
 */

const FAMILIES = ["at", "set", "min", "max", "step"];

/** The number that stands in a control, or undefined. @param {EventTarget | null} target */
function written(target) {
  if (!(target instanceof HTMLInputElement)) return undefined;
  return target.type === "range" ? target.valueAsNumber : number(target.value);
}

/** @param {ParentNode} root @returns {Controls[]} */
function find(root) {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-variable]"));
  return [...rows].map((row) => {
    const name = row.dataset.variable ?? "";
    const control = (/** @type {string} */ family) =>
      /** @type {HTMLInputElement} */ (row.querySelector(`input[name^="${family}."]`));
    return {
      name,
      slider: control("at"),
      value: control("set"),
      min: control("min"),
      max: control("max"),
      step: control("step"),
      root: row,
      share: /** @type {HTMLElement | null} */ (row.querySelector(".proportion")),
      held: /** @type {HTMLElement} */ (row.querySelector(".held")),
      shown: null,
    };
  });
}

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {import("./clock.js").Clock} clock
 * @param {object} told
 * @param {(name: string) => void} told.moved before someone moves a variable
 * @param {() => void} told.left when someone has left a box, whatever stands in it
 */
export function createSliders(root, store, clock, told) {
  const { state } = store;
  /** @type {Controls[]} */
  let rows = [];
  const later = atRest(clock);
  store.subscribe(["graph", "tensors"], () => (rows = find(root)));

  root.addEventListener("click", ({ target }) => {
    const pin = target instanceof Element ? target.closest("button[data-pin]") : null;
    if (pin) store.change({ pin: withPin(state, pin.getAttribute("data-pin") ?? "") });
  });

  root.addEventListener("input", ({ target }) => {
    const [family, name] = split(target);
    if (family !== "at" && family !== "set") return;
    const value = written(target);
    if (value === undefined) return; // being typed
    complain(name, "");
    told.moved(name);
    store.change(family === "at" ? { at: new Map(state.at).set(name, value) } : withValues(state, [[name, value]]));
  });

  root.addEventListener("change", ({ target }) => {
    const [family, name] = split(target);
    if (!FAMILIES.includes(family)) return;
    const value = written(target);
    const given = target instanceof HTMLInputElement ? target.value.trim() : "";
    complain(name, given && value === undefined ? `“${given}” is no number. Write 0.5, 1/3, pi or sqrt(2).` : "");
    if (value !== undefined && Number.isFinite(value)) {
      if (family === "min" || family === "max") store.change(withEnd(state, name, family, value));
      if (family === "step" && value > 0) store.change({ step: new Map(state.step).set(name, value) });
    }
    for (const row of rows) if (row.name === name) row.shown = null;
    told.left();
  });

  /** Tells what can't be read as a number of a variable. @param {string} name @param {string} message */
  function complain(name, message) {
    const told = rows.find((row) => row.name === name)?.root.querySelector("[data-part=no-number]");
    if (!(told instanceof HTMLElement)) return;
    told.textContent = message;
    told.hidden = !message;
  }

  /** Says value and gradient of one slider. @param {Controls} row @param {string} output @param {Fields} fields */
  function announce({ name, slider }, output, fields) {
    const own = `${name} = ${formatNumber(sliderOf(state, name).value)}`;
    const value = spoken("value", fields.get(`${output}.value`));
    attribute(slider, "aria-valuetext", own + value + spoken("gradient", fields.get(`${name}.total`)));
  }

  /** Shows how large each gradient is beside the others. @param {Fields} fields as far as the player has come */
  function showShares(fields) {
    const totals = rows.map(({ name }) => fields.get(`${name}.total`));
    const sizes = totals.map((total) => (typeof total === "number" && Number.isFinite(total) ? Math.abs(total) : 0));
    const largest = Math.max(...sizes, 0);
    for (const [at, { share }] of rows.entries()) {
      const size = largest ? Math.round((100 * sizes[at]) / largest) : 0;
      const shown = `${Number(totals[at]) < 0 ? "-" : ""}${size}`;
      if (!share || share.dataset.size === shown) continue;
      share.dataset.size = shown;
      share.toggleAttribute("data-negative", shown.startsWith("-"));
      share.style.setProperty("--size", `${size}%`);
    }
  }

  return {
    /**
     * Shows the state in all controls but the one in which someone types. What a column stands for can't be
     * moved: it is the row's, or each row's own.
     * @param {import("../workbench.js").Samples | null} data @param {boolean} varies
     */
    show(data, varies) {
      for (const row of rows) {
        const slider = sliderOf(state, row.name);
        const column = data && row.name in data.columns ? (data.names?.get(row.name) ?? row.name) : null;
        const locked = isLocked(state, row.name);
        const now = [...Object.values(slider), column, varies, locked].join();
        if (row.shown === now) continue; // a slider moves alone
        row.shown = row.root.contains(document.activeElement) ? null : now;
        hold(row, column === null ? (locked ? "locked" : "") : `column ${column} of the data`);
        write(row.min, slider.min);
        write(row.max, slider.max);
        write(row.step, slider.step);
        if (column !== null && varies) vary(row.value);
        else write(row.value, slider.value);
        // The ends first: a slider keeps its value between them.
        attribute(row.slider, "min", String(slider.min));
        attribute(row.slider, "max", String(slider.max));
        attribute(row.slider, "step", String(slider.step));
        if (row.slider.valueAsNumber !== slider.value) row.slider.value = String(slider.value);
      }
    },

    /**
     * Says value and gradient for those who hear the page, if they are known: at once where they are, elsewhere at the
     * end of a drag.
     * @param {string} output @param {Fields} fields as far as the player has come
     */
    announce(output, fields) {
      showShares(fields);
      for (const row of rows) if (row.slider === document.activeElement) announce(row, output, fields);
      later(() => rows.forEach((row) => announce(row, output, fields)));
    },
  };
}

/** @param {string} what @param {number | string | null | undefined} number */
const spoken = (what, number) => (typeof number === "number" ? `, ${what} ${formatNumber(number)}` : "");

/** `min.x` speaks of the end `min` of the variable `x`. @param {EventTarget | null} target */
function split(target) {
  const name = target instanceof HTMLInputElement ? target.name : "";
  const dot = name.indexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

/** @param {Controls} row @param {string} text why it can't be moved; nothing, and it can */
function hold(row, text) {
  if (row.held.textContent === text) return;
  row.held.textContent = text;
  row.root.toggleAttribute("data-held", text !== "");
  for (const control of row.root.querySelectorAll("input, button")) {
    /** @type {HTMLInputElement | HTMLButtonElement} */ (control).disabled = text !== "";
  }
}

/** @param {HTMLInputElement} input */
function vary(input) {
  if (input.value) input.value = "";
  attribute(input, "placeholder", "varies");
}

/** @param {HTMLInputElement} input @param {number} number */
function write(input, number) {
  const shown = Number.isFinite(number) ? String(Number(number.toPrecision(15))) : "";
  if (input.value !== shown && input !== document.activeElement) input.value = shown;
  attribute(input, "placeholder", shown || String(number));
}

/** Tensors that are asked for, in their own nodes: a field in each hidden cell, which grows where it is too small. */

import { attribute } from "../page/dom.js";
import { cellOf, listOf, sizesOf } from "./cells.js";
import { createGrid } from "./grid.js";
import { called } from "./words.js";

/**
 * @typedef {import("./cells.js").Shape} Shape
 * @typedef {import("./cells.js").Draft} Draft
 * @typedef {import("./questions.js").Question} Question
 * @typedef {{box: Element, place: HTMLElement, grid: ReturnType<typeof createGrid>}} Asked
 */

const SVG = "http://www.w3.org/2000/svg";
/** So many cells, at the most, have fields in a figure; the card asks for all. */
const MOST = 1000;
/** Pixels of the screen: a field that is less high opens to so many once it is come to, for fingers to more. */
const [LEAST, GROWN] = [24, 28];
const TOUCHED = 40;
/** A field that opens is at least so wide. */
const WIDE = 76;
/** One cell that is a question of its own. @type {Shape} */
const ONE = [1];

/**
 * @param {HTMLElement} root
 * @param {object} told
 * @param {(field: string) => void} told.turned when someone has come to a cell of it
 * @param {(field: string, text: string) => void} told.typed
 * @param {(field: string) => void} told.checked
 */
export function createNodes(root, { turned, typed, checked }) {
  const sheet = /** @type {HTMLElement} */ (root.querySelector(".sheet"));
  /** @type {Map<string, Asked>} */
  const shown = new Map();

  /** @param {Question} question @param {Shape} shape @returns {Asked | null} */
  function put(question, shape) {
    const { field } = question;
    const single = field.includes("[");
    const first = placeIn(sheet, question, shape);
    if (!first) return null;
    const columns = single || shape.length === 1 ? 1 : sizesOf(shape)[1]; // vectors stand upright
    const count = shape.reduce((product, size) => product * size, 1);
    const place = document.createElement("div");
    place.className = "asked-cells panzoom-exclude";
    attribute(place, "role", "group");
    attribute(place, "aria-label", called(question));
    const grid = createGrid(place, {
      labels: Array.from({ length: count }, (_, at) => called(question) + (single ? "" : indexOf(field, shape, at))),
      columns,
      typed: (texts) => typed(field, single ? texts[0] : listOf(texts, shape)),
      checked: () => checked(field),
    });
    place.append(...grid.inputs);
    listen(place, () => turned(field));
    return { box: boxAt(first, place, columns, count / columns), place, grid };
  }

  return {
    /**
     * Has fields for the cells of these, where they have a grid in the figure.
     * @param {readonly Question[]} questions
     * @param {(field: string) => Shape | null} shapeFor
     * @param {(field: string) => Draft} draftOf
     * @param {string} current
     */
    show(questions, shapeFor, draftOf, current) {
      const wanted = new Set(questions.map(({ field }) => field));
      for (const [field, { box }] of shown) {
        if (wanted.has(field) && box.isConnected) continue;
        box.remove();
        shown.delete(field);
      }
      let room = MOST;
      for (const question of questions) {
        const { field } = question;
        const shape = field.includes("[") ? ONE : shapeFor(field);
        room -= shape?.reduce((product, size) => product * size, 1) ?? 0;
        if (!shape || room < 0) continue;
        const asked = shown.get(field) ?? put(question, shape);
        if (!asked) continue;
        shown.set(field, asked);
        asked.grid.show(draftOf(field));
        attribute(asked.place, "data-now", field === current ? "" : null);
      }
    },

    /** What is typed there, or elsewhere. @param {string} field @param {Draft} draft */
    fill: (field, draft) => shown.get(field)?.grid.show(draft),

    /** Whether there is such a field. @param {string} field */
    focus(field) {
      const input = shown.get(field)?.grid.inputs[0];
      input?.focus();
      return Boolean(input);
    },
  };
}

/** The index of a cell as it is written, `[0,1]`. @param {string} field @param {Shape} shape @param {number} at */
const indexOf = (field, shape, at) => /\[.*?\]/.exec(cellOf(field, shape, at))?.[0] ?? "";

/**
 * The first of its cells in the figure; none where the node is a picture, or in a closed group.
 * @param {HTMLElement} sheet @param {Question} question @param {Shape} shape
 */
function placeIn(sheet, { field, also }, shape) {
  const names = [field, ...also].map((one) => (one.includes("[") ? one : cellOf(one, shape, 0)));
  return names
    .map((name) => sheet.querySelector(`[data-field="~${CSS.escape(name)}"]`)?.closest("[data-cell]"))
    .find((cell) => cell && !cell.closest(".aside"));
}

/**
 * Room for the fields, over the cells and above all others of its node.
 * @param {Element} first its first cell @param {HTMLElement} place @param {number} columns @param {number} rows
 */
function boxAt(first, place, columns, rows) {
  const box = document.createElementNS(SVG, "foreignObject");
  const rect = /** @type {Element} */ (first.querySelector("rect"));
  const [x, y, wide, high] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
  for (const [name, value] of Object.entries({ x, y, width: wide * columns, height: high * rows })) {
    box.setAttribute(name, String(value));
  }
  place.style.gridTemplate = `repeat(${rows}, ${high}px) / repeat(${columns}, ${wide}px)`;
  box.append(place);
  first.parentElement?.append(box);
  return box;
}

/** @param {HTMLElement} place @param {() => void} turned */
function listen(place, turned) {
  // A click into a field is no choice of its cell, and the figure does not move with the hand there.
  for (const kind of ["click", "pointerdown", "dblclick"]) {
    place.addEventListener(kind, (event) => event.stopPropagation());
  }
  place.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLInputElement) grow(target);
    turned();
  });
  place.addEventListener("focusout", ({ target }) => {
    if (target instanceof HTMLInputElement) target.removeAttribute("style");
  });
}

/**
 * One that is too small on the screen opens above its cell: as high as a hand needs, wide enough for a number, and all
 * that is drawn of it in pixels of the screen.
 * @param {HTMLInputElement} input
 */
function grow(input) {
  const { width, height } = input.getBoundingClientRect();
  const [least, high] = matchMedia("(pointer: coarse)").matches ? [TOUCHED, TOUCHED] : [LEAST, GROWN];
  if (!(height > 0 && height < least)) return;
  input.style.setProperty("--grown", String(high / height));
  input.style.setProperty("--pixel", `${input.offsetHeight / high}px`);
  input.style.setProperty("--wide", `${(100 * height * Math.max(WIDE, width)) / (high * width)}%`);
}

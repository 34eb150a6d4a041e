/** What a descent does to tensors: the length of each one's gradient over the steps, and pictures of them. */

import { formatNumber } from "../engine/numerals.js";
import { attribute, say as write } from "../page/dom.js";
import { createLines } from "../plot/lines.js";
import { mark } from "../plot/marks.js";
import { sizeOf } from "./layout.js";

/**
 * @typedef {import("../workbench.js").DrawnDescent} DrawnDescent
 * @typedef {readonly number[]} Shape
 */

const LINES = 4; // that can be told apart by colour
const MOST = 60; // pictures in a row of pictures, one for each neuron
const SIDE = 220; // pixels that a picture has at most

/** @param {HTMLElement} card of the training of a program with tensors */
export function createWeights(card) {
  const part = (/** @type {string} */ name) =>
    name === "all" ? card : /** @type {HTMLElement} */ (card.querySelector(`[data-weights="${name}"]`));
  const lines = createLines(/** @type {any} */ (part("norms")));

  /** @param {DrawnDescent} track @param {ReadonlyMap<string, Shape>} shapes */
  function drawNorms({ gradients = {}, losses, shown }, shapes) {
    const names = Object.keys(gradients).filter((name) => shapes.has(name));
    const some = names.length <= LINES ? names : [...names.slice(0, LINES / 2), ...names.slice(-LINES / 2)];
    const series = some.map((name, colour) => ({ name, colour, values: lengths(gradients, name, losses.length) }));
    lines.draw({ series, x: "step", label: "Length of each gradient over the steps", log: true, marker: shown });
    fit(part("names"), series.length, () => clone(part("name")));
    series.forEach(({ name, colour, values }, at) => {
      const item = part("names").children[at];
      attribute(item.querySelector("path"), "d", mark(colour));
      attribute(item.querySelector("path"), "data-series", colour);
      write(item.querySelector("span"), `${name}: ${formatNumber(values[shown] ?? null)}`);
    });
  }

  /** @param {DrawnDescent} track @param {ReadonlyMap<string, Shape>} shapes */
  function drawPictures({ points, shown }, shapes) {
    const tensors = Object.keys(points).filter((name) => shapes.get(name)?.length);
    fit(part("pictures"), tensors.length, () => clone(part("picture")));
    tensors.forEach((name, at) => {
      const [figure, cells, shape] = [part("pictures").children[at], points[name][shown], shapes.get(name) ?? []];
      if (typeof cells === "number" || !cells) return;
      const canvas = /** @type {HTMLCanvasElement} */ (figure.querySelector("canvas"));
      const most = paint(canvas, cells, shape);
      const said = `${name}, ${shape.join("×")}: from −${formatNumber(most)} to ${formatNumber(most)}`;
      attribute(canvas, "aria-label", `${said}, as a picture`);
      write(figure.querySelector("figcaption"), said);
    });
  }

  return {
    /** @param {DrawnDescent | undefined} track @param {ReadonlyMap<string, Shape>} shapes */
    draw(track, shapes) {
      part("all").hidden = !track?.gradients;
      if (!track?.gradients) return;
      drawNorms(track, shapes);
      drawPictures(track, shapes);
    },
  };
}

/** Kept by the columns, which grow while they are received. @type {WeakMap<object, Map<string, number[]>>} */
const known = new WeakMap();

/** @param {Record<string, ArrayLike<any>>} gradients @param {string} name @param {number} count of steps */
function lengths(gradients, name, count) {
  const kept = known.get(gradients) ?? new Map();
  known.set(gradients, kept);
  const found = kept.get(name) ?? [];
  for (let k = found.length; k < count; k++) found.push(sizeOf(gradients[name][k]));
  kept.set(name, found);
  return [...found];
}

/** @param {HTMLElement} template */
const clone = (template) =>
  /** @type {Element} */ (/** @type {HTMLTemplateElement} */ (template).content.firstElementChild?.cloneNode(true));

/** So many children. @param {Element} list @param {number} count @param {() => Element} make */
function fit(list, count, make) {
  while (list.childElementCount < count) list.append(make());
  while (list.childElementCount > count) list.lastElementChild?.remove();
}

/**
 * A tensor as a picture: blue above 0, orange below, white at 0. A matrix whose rows (or columns) are squares of
 * numbers is shown as these squares, as what each neuron looks for in an image.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} cells @param {Shape} shape
 * @returns {number} the size that has the strongest colour
 */
function paint(canvas, cells, shape) {
  let most = 0;
  for (let at = 0; at < cells.length; at++) most = Math.max(most, Math.abs(cells[at]) || 0);
  const { width, height, place } = arranged(shape);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const zoom = Math.max(1, Math.min(14, Math.floor(SIDE / Math.max(width, height))));
  canvas.style.width = `${width * zoom}px`;
  const pen = canvas.getContext("2d");
  if (!pen) return most;
  const image = pen.createImageData(width, height);
  for (let at = 0; at < cells.length; at++) {
    const to = place(at);
    if (to >= 0) image.data.set(colourOf(cells[at], most), 4 * to);
  }
  pen.putImageData(image, 0, 0);
  return most;
}

/** Okabe and Ito's blue and vermillion. @param {number} x @param {number} most */
function colourOf(x, most) {
  if (!Number.isFinite(x)) return [128, 128, 128, 255];
  const share = most > 0 ? Math.abs(x) / most : 0;
  const [red, green, blue] = x < 0 ? [213, 94, 0] : [0, 114, 178];
  return [red, green, blue].map((full) => Math.round(255 - share * (255 - full))).concat(255);
}

/**
 * Where the cells stand in a picture.
 * @param {Shape} shape
 * @returns {{width: number, height: number, place: (cell: number) => number}}
 */
function arranged(shape) {
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  for (const turned of [false, true]) {
    const [count, length] = turned ? [columns, rows] : [rows, columns];
    const side = Math.round(Math.sqrt(length));
    if (shape.length === 2 && side >= 5 && side * side === length && count <= MOST) {
      return squares(count, side, (cell) => {
        const [row, column] = [Math.floor(cell / columns), cell % columns];
        return turned ? [column, row] : [row, column];
      });
    }
  }
  return { width: columns, height: rows, place: (cell) => cell };
}

/** @param {number} count @param {number} side @param {(cell: number) => number[]} of the square and the place in it */
function squares(count, side, of) {
  const across = Math.ceil(Math.sqrt(count));
  const [width, height] = [across * (side + 1) - 1, Math.ceil(count / across) * (side + 1) - 1];
  const place = (/** @type {number} */ cell) => {
    const [square, at] = of(cell);
    const x = (square % across) * (side + 1) + (at % side);
    const y = Math.floor(square / across) * (side + 1) + Math.floor(at / side);
    return y * width + x;
  };
  return { width, height, place };
}

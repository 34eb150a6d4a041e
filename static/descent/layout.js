/** All that moves as one row of numbers, as descent/layout.py has it: tensors lie in it cell by cell. */

import { size } from "../engine/tensors/places.js";

/**
 * @typedef {readonly number[]} Shape
 * @typedef {number | ArrayLike<number>} Amount a number, or the cells of a tensor row by row
 *
 * @typedef {object} Layout
 * @property {readonly string[]} names
 * @property {readonly Shape[]} shapes
 * @property {readonly number[]} ends where the numbers of each begin, and where the last one's end
 * @property {number} length
 */

/** @param {readonly string[]} names @param {readonly Shape[]} shapes @returns {Layout} */
export function layoutOf(names, shapes) {
  const ends = [0];
  for (const shape of shapes) ends.push(ends[ends.length - 1] + size(shape));
  return { names, shapes, ends, length: ends[ends.length - 1] };
}

/** The shapes of a program's variables. @param {{nodes: readonly any[]}} graph @returns {Map<string, Shape>} */
export const shapesOf = ({ nodes }) =>
  new Map(nodes.flatMap(({ op, name = "", shape = [] }) => (op === "var" ? [[name, shape]] : [])));

/** @param {Layout} layout @param {(name: string) => Amount} of @returns {Float64Array} */
export function joined({ names, ends, length }, of) {
  const row = new Float64Array(length);
  names.forEach((name, at) => put(row.subarray(ends[at], ends[at + 1]), of(name)));
  return row;
}

/** @param {Float64Array} to @param {Amount} from one number is for all cells */
function put(to, from) {
  if (typeof from === "number") to.fill(from);
  else if (from.length === 1) to.fill(from[0]);
  else to.set(from);
}

/**
 * What a row has for a parameter.
 * @param {Layout} layout @param {ArrayLike<number>} row @param {number} at @returns {Amount}
 */
export function partOf({ shapes, ends }, row, at) {
  return shapes[at].length ? Float64Array.from(slice(row, ends[at], ends[at + 1])) : row[ends[at]];
}

/** @param {ArrayLike<number>} row @param {number} from @param {number} to */
const slice = (row, from, to) =>
  row instanceof Float64Array ? row.subarray(from, to) : Array.prototype.slice.call(row, from, to);

/** The name of a number: `b`, `W[0, 1]`. @param {Layout} layout @param {number} at */
export function nameAt({ names, shapes, ends }, at) {
  const which = ends.findIndex((end, own) => own > 0 && at < end) - 1;
  return cell(names[which], shapes[which], at - ends[which]);
}

/** The names of the first numbers. @param {Layout} layout @param {number} most @returns {string[]} */
export const namesOf = (layout, most) =>
  Array.from({ length: Math.min(most, layout.length) }, (_, at) => nameAt(layout, at));

/**
 * The number of this name among what parameters have.
 * @param {string} name `b`, `W[0, 1]` @param {(name: string) => Amount | null | undefined} of a parameter's
 * @param {ReadonlyMap<string, Shape>} shapes
 */
export function numberAt(name, of, shapes) {
  const [, parameter = name, indices] = /^(.*)\[(.*)\]$/.exec(name) ?? [];
  const found = of(parameter);
  if (found === null || found === undefined || typeof found === "number") return found ?? null;
  const shape = shapes.get(parameter) ?? [];
  const at = (indices ?? "0").split(",").reduce((sum, index, axis) => sum * (shape[axis] ?? 1) + Number(index), 0);
  return found[at] ?? null;
}

/** @param {string} name @param {Shape} shape @param {number} at the cell's number, row by row */
export function cell(name, shape, at) {
  if (!shape.length) return name;
  const indices = [];
  for (const length of [...shape].reverse()) {
    indices.unshift(at % length);
    at = Math.floor(at / length);
  }
  return `${name}[${indices.join(", ")}]`;
}

const FEW = 64; // numbers whose length is taken to the last digit

/** The length of a vector, also where its squares are too large or too small. @param {ArrayLike<number>} x */
export function lengthOf(x) {
  if (x.length <= FEW) return Math.hypot(...Array.from(x));
  let largest = 0;
  for (let at = 0; at < x.length; at++) largest = largest >= Math.abs(x[at]) ? largest : Math.abs(x[at]);
  if (!(largest > 0 && largest < Infinity)) return largest;
  let sum = 0;
  for (let at = 0; at < x.length; at++) sum += (x[at] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** The length of what a parameter has. @param {Amount} x */
export const sizeOf = (x) => (typeof x === "number" ? Math.abs(x) : lengthOf(x));

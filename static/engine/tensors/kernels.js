/**
 * What the rows that know axes compute in the browser, on cells row by row: the same as
 * graphviz_backprop/engine/tensors/kernels.py. A kernel is made once for a node. Sums are taken in the order of the
 * cells, from the first one to the last.
 */

import { contraction } from "./contraction.js";
import { copies, gatheredAlong, picks, size, strides, together, triangle, walk, windows } from "./places.js";

/**
 * @typedef {import("./places.js").Shape} Shape
 *
 * @typedef {object} Site a row at a node
 * @property {readonly Shape[]} shapes of the arguments
 * @property {Shape} shape of the result
 * @property {Readonly<Record<string, any>>} settings
 *
 * @typedef {(out: Float64Array, args: readonly Float64Array[]) => void} Kernel writes the result's cells
 */

/** Cells from other places, 0 where there is none. @param {Int32Array} from @returns {Kernel} */
const reading =
  (from) =>
  (out, [x]) => {
    for (let cell = 0; cell < out.length; cell++) out[cell] = from[cell] < 0 ? 0 : x[from[cell]];
  };

/** Cells to other places, 0 elsewhere. @param {readonly Int32Array[]} places @returns {Kernel} */
const writing = (places) => (out, args) => {
  out.fill(0);
  places.forEach((to, arg) => to.forEach((place, cell) => (out[place] = args[arg][cell])));
};

/** The axes that a reduction goes along. @param {Site} site @returns {number[]} */
function axesOf({ shapes: [x], settings: { axis } }) {
  if (axis === null || axis === undefined) return [...x.keys()];
  return Array.isArray(axis) ? axis : [axis];
}

/**
 * Along axes, one cell after the other.
 * @param {number} start @param {(before: number, x: number) => number} next
 * @returns {(site: Site) => Kernel}
 */
const folding = (start, next) => (site) => {
  const to = gatheredAlong(site.shapes[0], axesOf(site));
  return (out, [x]) => {
    out.fill(start);
    for (let cell = 0; cell < x.length; cell++) out[to[cell]] = next(out[to[cell]], x[cell]);
  };
};

/**
 * Sums along axes that stand together: blocks of `length` times `inner` cells become `inner` cells.
 * @param {Site} site @returns {Kernel}
 */
function sum(site) {
  const [shape, axes] = [site.shapes[0], [...axesOf(site)].sort((one, other) => one - other)];
  const [first, last] = [axes[0] ?? 0, axes[axes.length - 1] ?? -1];
  if (last - first + 1 !== axes.length) return folding(-0, (so, x) => so + x)(site);
  const [length, inner] = [size(shape.slice(first, last + 1)), size(shape.slice(last + 1))];
  return (out, [x]) => {
    out.fill(-0); // the zero that leaves the sign of what is added to it
    let cell = 0;
    for (let start = 0; start < out.length; start += inner) {
      for (let one = 0; one < length; one++) for (let at = 0; at < inner; at++) out[start + at] += x[cell++];
    }
  };
}

/** Copies: of a number, of rows, or cell by cell. @param {Site} site @returns {Kernel} */
function broadcast({ shapes: [x], shape }) {
  const [width, behind] = [size(x), shape.slice(shape.length - x.length)];
  if (width === 1) return (out, [one]) => void out.fill(one[0]);
  if (!x.every((length, axis) => length === behind[axis])) return reading(copies(x, shape));
  return (out, [row]) => {
    for (let start = 0; start < out.length; start += width) {
      for (let at = 0; at < width; at++) out[start + at] = row[at];
    }
  };
}

/** The products of all cells before and behind each. @param {Site} site @returns {Kernel} */
function others(site) {
  const to = gatheredAlong(site.shapes[0], axesOf(site));
  return (out, [x]) => {
    const [before, behind] = [new Float64Array(x.length).fill(1), new Float64Array(x.length).fill(1)];
    for (let cell = 0; cell < x.length; cell++) {
      out[cell] = before[to[cell]];
      before[to[cell]] *= x[cell];
    }
    for (let cell = x.length - 1; cell >= 0; cell--) {
      out[cell] *= behind[to[cell]];
      behind[to[cell]] *= x[cell];
    }
  };
}

/** @param {Site} site @returns {Kernel} */
function cumsum({ shapes: [shape], settings: { axis } }) {
  const [step, length] = [strides(shape)[axis], shape[axis]];
  return (out, [x]) => {
    for (let cell = 0; cell < x.length; cell++) {
      const first = Math.floor(cell / step) % length === 0;
      out[cell] = first ? x[cell] : out[cell - step] + x[cell];
    }
  };
}

/**
 * Where the best cell is; the first of equals, and NaN before all.
 * @param {number} sign @returns {(site: Site) => Kernel}
 */
const choosing = (sign) => (site) => {
  const to = gatheredAlong(site.shapes[0], axesOf(site));
  return (out, [x]) => {
    const [best, count] = [new Float64Array(out.length).fill(-Infinity), new Float64Array(out.length)];
    out.fill(0);
    for (let cell = 0; cell < x.length; cell++) {
      const [place, value] = [to[cell], sign * x[cell]];
      const better = value > best[place] || (value !== value && best[place] === best[place]);
      if (better) [best[place], out[place]] = [value, count[place]];
      count[place]++;
    }
  };
};

/** Smallest first, NaN last, equals as they stand. @param {Site} site @returns {Kernel} */
function argsort({ shapes: [shape], settings: { axis } }) {
  const [step, length] = [strides(shape)[axis], shape[axis]];
  const starts = walk(
    shape.map((own, at) => (at === axis ? 1 : own)),
    strides(shape),
  );
  return (out, [x]) => {
    for (const start of starts) {
      const order = Array.from({ length }, (_, at) => at);
      const value = (/** @type {number} */ at) => x[start + at * step];
      order.sort((one, other) => inOrder(value(one), value(other)));
      order.forEach((from, at) => (out[start + at * step] = from));
    }
  };
}

/** @param {number} x @param {number} y */
function inOrder(x, y) {
  if (x === y) return 0;
  const [left, right] = [Number(x !== x), Number(y !== y)];
  return left - right || (x < y ? -1 : x > y ? 1 : 0);
}

/** @param {Site} site @returns {Kernel} */
function oneHot({ settings: { classes } }) {
  return (out, [y]) => {
    y.forEach((wanted, at) => {
      const known = Number.isInteger(wanted) && wanted >= 0 && wanted < classes;
      for (let one = 0; one < classes; one++) out[at * classes + one] = known ? Number(wanted === one) : NaN;
    });
  };
}

/**
 * Where the cells are that indices name: each block of what is gathered is a row of `inner` cells.
 * @param {Shape} shape @param {number} axis @param {readonly Shape[]} indices
 */
function indexed(shape, axis, indices) {
  const lengths = shape.slice(axis, axis + indices.length);
  const picked = together(indices);
  const places = indices.map((one) => copies(one, picked));
  const [outer, block, inner] = [size(shape.slice(0, axis)), size(lengths), size(shape.slice(axis + indices.length))];
  const count = size(picked);

  /** @param {readonly Float64Array[]} given @param {(place: number, cell: number, wrong: boolean) => void} each */
  return (given, each) => {
    let cell = 0;
    for (let before = 0; before < outer; before++) {
      for (let pick = 0; pick < count; pick++) {
        let [row, wrong] = [0, false];
        for (let at = 0; at < lengths.length; at++) {
          const [index, length] = [given[at][places[at][pick]], lengths[at]];
          const valid = Number.isInteger(index) && index >= -length && index < length;
          wrong ||= !valid;
          row = row * length + (valid ? (index < 0 ? index + length : index) : 0);
        }
        const start = (before * block + row) * inner;
        for (let behind = 0; behind < inner; behind++) each(start + behind, cell++, wrong);
      }
    }
  };
}

/** @param {Site} site @returns {Kernel} */
function gather({ shapes: [shape, ...indices], settings: { axis } }) {
  const through = indexed(shape, axis, indices);
  return (out, [x, ...given]) =>
    through(given, (place, cell, wrong) => {
      out[cell] = wrong ? NaN : x[place];
    });
}

/** @param {Site} site @returns {Kernel} */
function scatterAdd({ shapes: [, ...indices], settings: { axis, shape } }) {
  const through = indexed(shape, axis, indices);
  return (out, [x, ...given]) => {
    out.fill(0);
    through(given, (place, cell, wrong) => {
      if (!wrong) out[place] += x[cell];
    });
  };
}

/** @param {Site} site @returns {Kernel} */
function concat({ shapes, shape, settings: { axis } }) {
  const steps = strides(shape);
  let start = 0;
  return writing(
    shapes.map((own) => {
      const places = walk(own, steps, start);
      start += own[axis] * steps[axis];
      return places;
    }),
  );
}

/** @param {Site} site @returns {Kernel} */
function stack({ shapes, shape, settings: { axis } }) {
  const steps = strides(shape);
  const without = steps.filter((_, at) => at !== axis);
  return writing(shapes.map((own, row) => walk(own, without, row * steps[axis])));
}

/** @param {Site} site @returns {Kernel} */
function fold({ settings }) {
  const to = windows(settings.shape, /** @type {any} */ (settings));
  return (out, [x]) => {
    out.fill(0);
    for (let cell = 0; cell < x.length; cell++) if (to[cell] >= 0) out[to[cell]] += x[cell];
  };
}

/** @param {Site} site @returns {Kernel} */
function transpose({ shapes: [x], shape, settings: { axes } }) {
  const own = strides(x);
  return reading(
    walk(
      shape,
      axes.map((/** @type {number} */ axis) => own[axis]),
    ),
  );
}

/** @param {Site} site @returns {Kernel} */
function flip({ shape, settings: { axis } }) {
  const own = strides(shape);
  const back = own.map((step, at) => (at === axis ? -step : step));
  return reading(walk(shape, back, (shape[axis] - 1) * own[axis]));
}

/** @type {Readonly<Record<string, (site: Site) => Kernel>>} */
const KERNELS = {
  broadcast,
  reshape:
    () =>
    (out, [x]) =>
      out.set(x),
  transpose,
  flip,
  slice: ({ shapes: [x], shape, settings: { at } }) => reading(picks(x, at, shape)),
  pad: ({ shapes: [x], shape, settings: { at } }) => writing([picks(shape, at, x)]),
  gather,
  scatter_add: scatterAdd,
  concat,
  stack,
  unfold: ({ shapes: [x], settings }) => reading(windows(x, /** @type {any} */ (settings))),
  fold,
  tril: ({ shape, settings: { k } }) => reading(triangle(shape, (right) => right <= k)),
  triu: ({ shape, settings: { k } }) => reading(triangle(shape, (right) => right >= k)),
  sum_over: sum,
  prod_over: folding(1, (product, x) => product * x),
  max_over: folding(-Infinity, (best, x) => (x > best || x !== x ? x : best)),
  min_over: folding(Infinity, (best, x) => (x < best || x !== x ? x : best)),
  others,
  cumsum,
  argmax: choosing(1),
  argmin: choosing(-1),
  argsort,
  one_hot: oneHot,
  einsum: contraction,
};

/** Whether a row knows axes; others go cell by cell. @param {string} op */
export const knowsAxes = (op) => Object.hasOwn(KERNELS, op);

/** @param {string} op @param {Site} site */
export const kernel = (op, site) => KERNELS[op](site);

/**
 * Both passes of a program with tensors: one walk over the tape that graphviz_backprop/engine/tensors/tape.py has
 * made of it, on arrays that are made once. The backward rules are nodes of the tape like others.
 */

import { ops } from "../ops.js";
import { kernel, knowsAxes } from "./kernels.js";
import { unpacked } from "./made.js";
import { size } from "./places.js";

/**
 * @typedef {import("./places.js").Shape} Shape
 * @typedef {number | string | readonly Nested[]} Nested a number, or lists in lists; strings are what is not finite
 * @typedef {Nested | import("./made.js").Made | import("./made.js").Packed} Sent cells as the server sends them
 *
 * @typedef {object} TapeNode
 * @property {string} op
 * @property {number[]} args positions before it
 * @property {Shape} shape
 * @property {Readonly<Record<string, any>>} [settings]
 * @property {string} [name] a variable's
 * @property {Sent} [value] a constant's: one number stands for all cells
 *
 * @typedef {object} Tape
 * @property {TapeNode[]} nodes
 * @property {number[]} values the position of each of the graph's nodes
 * @property {(number | null)[]} gradients of its gradient, or null
 * @property {(number | null)[]} partials by edge, between numbers alone
 * @property {(number | null)[]} flows
 */

/** The variable that is the gradient at the output. */
const SEED = "∂";

/** All numbers of what was sent, one after the other. @param {Sent} sent @returns {number[]} */
export function flat(sent) {
  if (Array.isArray(sent)) return sent.flat(4).map(Number);
  return typeof sent === "object"
    ? Array.from(unpacked(/** @type {import("./made.js").Made} */ (sent)))
    : [Number(sent)];
}

/** @param {TapeNode} node @param {TapeNode[]} nodes @returns {import("./kernels.js").Kernel} */
function step(node, nodes) {
  if (knowsAxes(node.op)) {
    const shapes = node.args.map((arg) => nodes[arg].shape);
    return kernel(node.op, { shapes, shape: node.shape, settings: node.settings ?? {} });
  }
  return SIMPLE[node.op] ?? cellByCell(ops[node.op].value);
}

/**
 * The commonest rows as loops of their own: a call for each cell costs more than what they compute.
 * @type {Readonly<Record<string, import("./kernels.js").Kernel>>}
 */
const SIMPLE = {
  add(out, [x, y]) {
    const [one, other] = [stepOf(x), stepOf(y)];
    for (let at = 0; at < out.length; at++) out[at] = x[at * one] + y[at * other];
  },
  sub(out, [x, y]) {
    const [one, other] = [stepOf(x), stepOf(y)];
    for (let at = 0; at < out.length; at++) out[at] = x[at * one] - y[at * other];
  },
  mul(out, [x, y]) {
    const [one, other] = [stepOf(x), stepOf(y)];
    for (let at = 0; at < out.length; at++) out[at] = x[at * one] * y[at * other];
  },
  div(out, [x, y]) {
    const [one, other] = [stepOf(x), stepOf(y)];
    for (let at = 0; at < out.length; at++) out[at] = x[at * one] / y[at * other];
  },
  neg(out, [x]) {
    for (let at = 0; at < out.length; at++) out[at] = -x[at];
  },
  tanh(out, [x]) {
    for (let at = 0; at < out.length; at++) out[at] = Math.tanh(x[at]);
  },
  exp(out, [x]) {
    for (let at = 0; at < out.length; at++) out[at] = Math.exp(x[at]);
  },
  slope_of_tanh(out, [x, a]) {
    for (let at = 0; at < out.length; at++) {
      const square = a[at] * a[at];
      out[at] = square <= 0.75 ? 1 - square : 1 / Math.cosh(x[at]) ** 2; // 1 - a² has lost its digits there
    }
  },
  pow(out, args) {
    const [x, y] = args;
    if (y.length > 1 || y[0] !== 2) return power(out, args);
    const one = stepOf(x);
    for (let at = 0; at < out.length; at++) out[at] = x[at * one] * x[at * one]; // as NumPy has a square
  },
};

const power = cellByCell(ops.pow.value);

/** A number beside tensors is the same for all cells. @param {Float64Array} x */
const stepOf = (x) => (x.length === 1 ? 0 : 1);

/**
 * A row of numbers; a number beside tensors is the same for all cells.
 * @param {(...x: number[]) => number} value @returns {import("./kernels.js").Kernel}
 */
function cellByCell(value) {
  return (out, args) => {
    const steps = args.map((x) => (x.length === 1 ? 0 : 1));
    if (args.length === 1) {
      for (let at = 0; at < out.length; at++) out[at] = value(args[0][at * steps[0]]);
    } else if (args.length === 2) {
      const [[x, y], [one, other]] = [args, steps];
      for (let at = 0; at < out.length; at++) out[at] = value(x[at * one], y[at * other]);
    } else if (args.length === 3) {
      const [[x, y, z], [one, other, third]] = [args, steps];
      for (let at = 0; at < out.length; at++) out[at] = value(x[at * one], y[at * other], z[at * third]);
    } else {
      for (let at = 0; at < out.length; at++) out[at] = value(...args.map((x, arg) => x[at * steps[arg]]));
    }
  };
}

/** What these nodes are made of, and they. @param {readonly TapeNode[]} nodes @param {Iterable<number>} wanted */
function neededFor(nodes, wanted) {
  const needed = nodes.map(() => false);
  for (const at of wanted) needed[at] = true;
  for (let at = nodes.length - 1; at >= 0; at--) if (needed[at]) for (const arg of nodes[at].args) needed[arg] = true;
  return needed;
}

const NONE = new Float64Array(0);

/**
 * The tape ready to be run, often. `cells[at]` are those of its node `at`, from the latest run.
 * @param {Pick<Tape, "nodes">} tape @param {Iterable<number>} [wanted] the nodes that are asked for, else all
 */
export function createTape({ nodes }, wanted = nodes.keys()) {
  const needed = neededFor(nodes, wanted);
  const cells = nodes.map(({ shape }, at) => (needed[at] ? new Float64Array(size(shape)) : NONE));
  /** @type {Map<string, Float64Array[]>} */
  const leaves = new Map();
  /** @type {{at: number, go: () => void}[]} */
  let steps = [];
  nodes.forEach((node, at) => {
    if (!needed[at]) return;
    if (node.op === "var") {
      const name = node.name ?? "";
      leaves.set(name, [...(leaves.get(name) ?? []), cells[at]]);
    } else if (node.op === "const") {
      put(cells[at], flat(node.value ?? NaN));
    } else {
      const [run, args] = [step(node, nodes), node.args.map((arg) => cells[arg])];
      steps.push({ at, go: () => run(cells[at], args) });
    }
  });

  /**
   * Gives a variable its cells, which stand in a row from a place on; one number alone is for all of them.
   * @param {string} name @param {ArrayLike<number>} x @param {number} [from]
   */
  function set(name, x, from = 0) {
    for (const leaf of leaves.get(name) ?? []) put(leaf, x, from);
  }

  /** @param {number} [seed] */
  function run(seed = 1) {
    set(SEED, [seed]);
    for (const { go } of steps) go();
  }

  /**
   * What these variables and the seed alone decide is computed now, and not again.
   * @param {ReadonlySet<string>} names
   */
  function settle(names) {
    set(SEED, [1]);
    const moves = nodes.map(() => false);
    nodes.forEach(({ op, name = "", args }, at) => {
      moves[at] = op === "var" ? name !== SEED && !names.has(name) : args.some((arg) => moves[arg]);
    });
    for (const { at, go } of steps) if (!moves[at]) go();
    steps = steps.filter(({ at }) => moves[at]);
  }

  return { cells, set, run, settle };
}

/** @param {Float64Array} to @param {ArrayLike<number>} row @param {number} [from] */
function put(to, row, from = 0) {
  if (row.length === 1) to.fill(row[0]);
  else for (let at = 0; at < to.length; at++) to[at] = row[from + at];
}

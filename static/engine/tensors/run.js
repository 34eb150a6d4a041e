/** Every number of a program with tensors by the name under which the page shows it. tape.js computes them. */

import { formatNumber } from "../numerals.js";
import { strides } from "./places.js";
import { createTape, flat } from "./tape.js";

/**
 * @typedef {import("./tape.js").Nested} Nested
 * @typedef {import("./tape.js").Shape} Shape
 *
 * @typedef {object} TensorGraph
 * @property {string} output
 * @property {string[]} variables
 * @property {Readonly<Record<string, import("./tape.js").Sent>>} start
 * @property {Readonly<Record<string, number>>} [choices] among how many a variable chooses that is a class or an index
 * @property {{id: string, op: string, args: string[], name?: string, shape: Shape,
 *   settings?: Readonly<Record<string, any>>}[]} nodes
 * @property {import("./tape.js").Tape} tape
 * @property {import("../../page/hidden.js").Hidden | null} [hidden]
 */

/** In a few letters, where there is no room for its cells. @param {Float64Array} x */
export const summary = (x) => `mean ${formatNumber(mean(x))}`;

/** @param {Float64Array} x */
const mean = (x) => x.reduce((sum, one) => sum + one) / x.length;

/** @param {Float64Array} x */
const norm = (x) => Math.sqrt(x.reduce((sum, one) => sum + one * one, 0));

/** What is told of a picture. @type {Readonly<Record<string, (x: Float64Array) => number | string>>} */
const TOLD = {
  mark: (x) => (x.some((one) => one !== one) ? "×" : x.some((one) => !Number.isFinite(one)) ? "∞" : ""),
  mean,
  norm,
  least: (x) => x.reduce((best, one) => (one < best || one !== one ? one : best)),
  greatest: (x) => x.reduce((best, one) => (one > best || one !== one ? one : best)),
};

/** @param {number} x */
const finite = (x) => (Number.isFinite(x) ? Math.abs(x) : 0);

/** What marks a cell that has no room for its number. @param {number} x */
export function sign(x) {
  if (x !== x) return "×";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "-∞";
  return x < 0 ? "−" : "";
}

/** @param {Float64Array} x @param {Shape} shape */
const number = (x, shape) => (shape.length ? summary(x) : x[0]);

/**
 * Makes a program with tensors ready to be computed often.
 * @param {TensorGraph} graph
 */
export function createRun(graph) {
  const { nodes, tape, variables } = graph;
  const passes = createTape(tape);
  const positions = new Map(nodes.map(({ id }, at) => [id, at]));
  /** @type {number[]} the first edge of each node */
  const first = [];
  let edges = 0;
  for (const { args } of nodes) {
    first.push(edges);
    edges += args.length;
  }
  const isLeaf = (/** @type {number} */ at, /** @type {string} */ name) =>
    nodes[at].op === "var" && nodes[at].name === name;
  const leaves = new Map(variables.map((name) => [name, [...nodes.keys()].filter((at) => isLeaf(at, name))]));

  const taken = (/** @type {number | null} */ at) => (at === null ? null : passes.cells[at]);
  const value = (/** @type {number} */ at) => passes.cells[tape.values[at]];
  const gradient = (/** @type {number} */ at) => taken(tape.gradients[at]);

  /** The gradient by a variable: the sum over its leaves. @param {string} name */
  function total(name) {
    const [one, ...others] = (leaves.get(name) ?? []).map(gradient);
    if (!one || !others.length) return one ?? null;
    return one.map((x, cell) => others.reduce((sum, other) => sum + (other ? other[cell] : 0), x));
  }

  /** The length of the gradient by all variables. */
  function length() {
    const parts = variables.map((name) => norm(total(name) ?? new Float64Array(1)));
    return Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0));
  }

  /**
   * The cells of `W.value`, `c.0.flow`, `W.total`, and their shape.
   * @param {string} name @returns {{cells: Float64Array | null, shape: Shape} | undefined}
   */
  function cellsOf(name) {
    const [id, ...rest] = name.split(".");
    const word = rest.pop() ?? "";
    const at = positions.get(id);
    if (!rest.length && word === "total" && leaves.has(id)) {
      const leaf = leaves.get(id)?.[0] ?? 0;
      return { cells: total(id), shape: nodes[leaf].shape };
    }
    if (at === undefined) return undefined;
    if (!rest.length) {
      const { shape } = nodes[at];
      if (word === "value") return { cells: value(at), shape };
      return word === "gradient" ? { cells: gradient(at), shape } : undefined;
    }
    const [arg, { args }] = [Number(rest[0]), nodes[at]];
    const child = positions.get(args[arg]) ?? -1;
    if (child < 0) return undefined;
    const [edge, { shape }] = [first[at] + arg, nodes[child]];
    if (word === "value") return { cells: value(child), shape };
    if (word === "flow") return { cells: taken(tape.flows[edge]), shape };
    return word === "partial" ? { cells: taken(tape.partials[edge]), shape: [] } : undefined;
  }

  /** The greatest size of a finite cell: what colours are measured on. @type {Map<Float64Array, number>} */
  const scales = new Map();

  /** @param {Float64Array} x */
  function scale(x) {
    let found = scales.get(x);
    if (found === undefined) scales.set(x, (found = x.reduce((most, one) => Math.max(most, finite(one)), 0)));
    return found;
  }

  /** How much colour a cell has, from 0 to 1. @param {Float64Array} x @param {number} at */
  const shade = (x, at) => (scale(x) > 0 ? finite(x[at]) / scale(x) : 0);

  /** What all edges between the same two numbers have for partials. @param {number} at @param {number} arg */
  function together(at, arg) {
    const { args } = nodes[at];
    const all = [...args.keys()].filter((other) => args[other] === args[arg]);
    const known = all.map((other) => taken(tape.partials[first[at] + other])).filter((one) => one !== null);
    return known.length ? known.reduce((sum, [one]) => sum + one, 0) : null;
  }

  /** @param {string} field @returns {(() => number | string | null) | null} */
  function reader(field) {
    if (field === "gradient.length") return length;
    const [id, ...rest] = field.split(".");
    const at = positions.get(id) ?? -1;
    if (rest[0] === "direction" && leaves.has(id) && !shapeOf(id).length) return () => direction(id);
    if (rest[1] === "together") return at < 0 ? null : () => together(at, Number(rest[0]));
    const inside = /^(.*)\[([\d,]+)\](\.(?:\d+\.)?\w+)(\.shade|\.sign)?$/.exec(field);
    if (inside) return ofCell(inside[1] + inside[3], inside[2].split(",").map(Number), inside[4]);
    const told = /^(.*)\.(mean|norm|least|greatest|mark)$/.exec(field);
    const name = told?.[1] ?? field;
    if (!cellsOf(name)) return null;
    return () => {
      const { cells = null, shape = [] } = cellsOf(name) ?? {};
      return cells && (told ? TOLD[told[2]](cells) : number(cells, shape));
    };
  }

  /** @param {string} name @param {number[]} place @param {string | undefined} of */
  function ofCell(name, place, of) {
    const shape = cellsOf(name)?.shape;
    if (!shape) return null;
    const at = strides(shape).reduce((sum, step, axis) => sum + step * place[axis], 0);
    return () => {
      const cells = cellsOf(name)?.cells;
      if (!cells) return null;
      return of === ".shade" ? shade(cells, at) : of === ".sign" ? sign(cells[at]) : cells[at];
    };
  }

  /** @param {string} name */
  const direction = (name) => (length() > 0 ? (total(name)?.[0] ?? 0) / length() : null);

  /** @type {Map<string, (() => number | string | null) | null>} */
  const readers = new Map();

  /** @param {string} field @returns {number | string | null | undefined} undefined where there is no such field */
  function get(field) {
    let found = readers.get(field);
    if (found === undefined) readers.set(field, (found = reader(field)));
    return found?.();
  }

  /** @type {Map<string, number[]>} where the program lets variables start, made when it is asked for */
  const starts = new Map();

  /** @param {string} name */
  function startOf(name) {
    const found = starts.get(name) ?? flat(graph.start[name] ?? 1);
    starts.set(name, found);
    return found;
  }

  /**
   * Computes both passes where the variables have these cells; those that have none start where the program lets them.
   * @param {ReadonlyMap<string, ArrayLike<number>>} at @param {number} [seed]
   */
  function run(at, seed = 1) {
    for (const name of variables) passes.set(name, at.get(name) ?? startOf(name));
    passes.run(seed);
    scales.clear();
  }

  const shapeOf = (/** @type {string} */ name) => nodes[leaves.get(name)?.[0] ?? 0].shape;
  return { run, get, cellsOf, shapeOf };
}

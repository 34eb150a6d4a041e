/**
 * What to know of a run with tensors, in words. The algorithm is that of
 * graphviz_backprop/explain/tensors/trouble.py, the sentences come from there through advice.js.
 */

import { advice, ALIKE, FLAT, MOST_CELLS, tensorSentences } from "../engine/advice.js";
import { ops } from "../engine/ops.js";
import { size, strides } from "../engine/tensors/places.js";

/**
 * @typedef {import("../engine/tensors/places.js").Shape} Shape
 * @typedef {import("../engine/tensors/run.js").TensorGraph} TensorGraph
 * @typedef {TensorGraph["nodes"][number]} TensorNode
 * @typedef {ArrayLike<number> & {[at: number]: number}} Cells
 * @typedef {import("./trouble.js").Finding} Finding
 * @typedef {{cellsOf(field: string): {cells: Float64Array | null} | undefined}} Numbers
 */

/**
 * All findings at the numbers of a run, in order.
 * @param {TensorGraph} graph @param {Numbers} run @param {number} seed @returns {Finding[]}
 */
export function tensorFindings(graph, run, seed) {
  const report = new Report(graph, run, Math.abs(seed));
  const up = graph.nodes.filter(({ args, shape }) => args.length && size(shape) <= MOST_CELLS);
  const down = [...up].reverse();
  return [
    ...up.flatMap((node) => report.value(node)),
    ...down.flatMap((node) => report.flow(node)),
    ...up.flatMap((node) => report.slope(node)),
    ...up.flatMap((node) => report.fused(node)),
  ];
}

const isInfinite = (/** @type {number} */ x) => Math.abs(x) === Infinity;

class Report {
  /** @param {TensorGraph} graph @param {Numbers} run @param {number} seed its size */
  constructor({ nodes }, run, seed) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    this.run = run;
    this.seed = seed;
  }

  /** @param {TensorNode} node */
  value(node) {
    const [x, above] = [this.cells(node, "value"), node.args.map((arg) => this.cells(this.node(arg), "value"))];
    const lines = masked(node, above[0], x);
    if (lines.length) return [this.ofLines("masked", node, axisOf(node), lines)];
    if (x.some(Number.isNaN)) {
      if (above.some((one) => one.some(Number.isNaN))) return [];
      return [tell("nan", node, { which: which(node, [...x].map(Number.isNaN)), node: node.id })];
    }
    if (!this.found(`${node.id}.gradient`)) return []; // as it was written: a mask's log(0)
    if (!x.some(isInfinite) || !above.every((one) => one.every(Number.isFinite))) return [];
    return [tell("infinite", node, { which: which(node, [...x].map(isInfinite)), node: node.id })];
  }

  /** @param {TensorNode} node @returns {Finding[]} */
  flow(node) {
    const gradient = this.found(`${node.id}.gradient`);
    const values = [node, ...node.args.map((arg) => this.node(arg))].map((one) => this.cells(one, "value"));
    if (!gradient || [gradient, ...values].some((one) => one.some(Number.isNaN))) return [];
    return node.args.flatMap((child, arg) => {
      const at = this.found(`${node.id}.${arg}.flow`)?.findIndex(Number.isNaN) ?? -1;
      if (at < 0) return [];
      return [tell("nan_flow", node, { node: node.id, cell: cellOf(this.node(child), at) }, [node.id, arg])];
    });
  }

  /** @param {TensorNode} node @returns {Finding[]} */
  slope(node) {
    const [gradient, flow] = [this.found(`${node.id}.gradient`), this.found(`${node.id}.0.flow`)];
    if (!gradient?.every(Number.isFinite) || !flow?.every(Number.isFinite)) return [];
    if (node.op === "softmax") return this.peaked(node, gradient, flow);
    if (node.op === "norm" || node.op === "std") return this.kinked(node, gradient);
    const flat = Object.hasOwn(advice, node.op) && node.args.length === 1 ? advice[node.op].flat : "";
    if (flat !== "dead" && flat !== "saturated") return [];
    const [x, f] = [this.cells(this.node(node.args[0]), "value"), this.cells(node, "value")];
    const slopes = [...f].map((one, at) => ops[node.op].partials[0](x[at], one));
    return flat === "dead" ? this.dead(node, slopes, flow) : this.flat(node, slopes, gradient, flow);
  }

  /**
   * The whole, else its rows, else its columns: where nothing of a unit passes.
   * @param {TensorNode} node @param {number[]} slopes @param {Float64Array} flow @returns {Finding[]}
   */
  dead(node, slopes, flow) {
    const { shape, op } = node;
    const flat = slopes.map((slope, at) => slope === 0 && flow[at] === 0);
    if (flat.every(Boolean)) {
      const where = flat.length > 1 ? `at all its ${flat.length} cells` : "here";
      return [tell("dead", node, { lane: node.id, op, where, source: node.args[0], more: "" })];
    }
    for (const axis of [shape.length - 1, shape.length - 2]) {
      if (axis < 0 || shape[axis] < 2) continue;
      const all = linesOf(shape, axis);
      const found = [...all.keys()].filter((line) => all[line].every((at) => flat[at]));
      const where = `at all its ${shape[axis]} cells`;
      if (found.length) return [this.ofLines("dead", node, axis, found, { op, where })];
    }
    return [];
  }

  /** @param {TensorNode} node @param {number[]} slopes @param {Float64Array} gradient @param {Float64Array} flow */
  flat(node, slopes, gradient, flow) {
    const small = (/** @type {number} */ at) => Math.abs(flow[at]) <= FLAT * this.seed;
    const found = slopes.map((slope, at) => Math.abs(slope) < FLAT && gradient[at] !== 0 && small(at));
    return found.some(Boolean) ? [tell("flat", node, { which: which(node, found), child: node.args[0] })] : [];
  }

  /** @param {TensorNode} node @param {Float64Array} gradient @returns {Finding[]} */
  kinked(node, gradient) {
    const found = [...this.cells(node, "value")].map((f, at) => f === 0 && gradient[at] !== 0);
    const words = { which: which(node, found), op: node.op, source: node.args[0] };
    return found.some(Boolean) ? [tell("kink", node, words)] : [];
  }

  /** @param {TensorNode} node @param {Float64Array} gradient @param {Float64Array} flow */
  peaked(node, gradient, flow) {
    const [axis, x] = [axisOf(node), this.cells(node, "value")];
    const z = this.cells(this.node(node.args[0]), "value");
    if (node.shape[axis] < 2) return [];
    const lines = linesOf(node.shape, axis);
    const found = [...lines.keys()].filter((line) => {
      const cells = lines[line];
      const passes = cells.every((at) => Math.abs(flow[at]) <= FLAT * this.seed);
      if (cells.filter((at) => z[at] > -Infinity).length < 2) return false; // all is masked but one
      return passes && cells.some((at) => gradient[at] !== 0) && cells.some((at) => x[at] > 1 - FLAT);
    });
    if (!found.length) return [];
    const peak = lines[found[0]].find((at) => x[at] > 1 - FLAT) ?? 0;
    return [this.ofLines("peaked", node, axis, found, { op: node.op, cell: cellOf(node, peak) })];
  }

  /** Cross entropy in one step, where the long way gives the same. @param {TensorNode} node @returns {Finding[]} */
  fused(node) {
    const flow = node.op === "cross_entropy" ? this.found(`${node.id}.0.flow`) : null;
    const [gradient] = this.found(`${node.id}.gradient`) ?? [];
    const [child, wanted] = node.args.map((arg) => this.node(arg));
    if (!flow || gradient === undefined || flow.length > MOST_CELLS) return [];
    const [z, y] = [child, wanted].map((one) => this.cells(one, "value"));
    const classes = child.shape[child.shape.length - 1];
    const isWhole = wanted.shape.length === child.shape.length;
    const rows = flow.length / classes;
    let [most, off] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const start = row * classes;
      const given = Array.from({ length: classes }, (_, k) => (isWhole ? y[start + k] : Number(y[row] === k)));
      const p = softmax(z.subarray(start, start + classes));
      const back = given.map((one, k) => (one === 0 ? 0 : ((-one / p[k]) * gradient) / rows));
      const sum = back.reduce((all, one, k) => all + one * p[k], 0);
      for (let k = 0; k < classes; k++) {
        const [long, short] = [p[k] * (back[k] - sum), ((p[k] - given[k]) * gradient) / rows];
        if (!Number.isFinite(long)) return [];
        most = Math.max(most, Math.abs(short));
        off = Math.max(off, Math.abs(long - flow[start + k]), Math.abs(short - flow[start + k]));
      }
    }
    if (!(most > 0 && most < Infinity && off <= ALIKE * most)) return [];
    const name = isWhole ? wanted.id : `one_hot(${wanted.id}, ${classes})`;
    const G = this.nodes.has("G") ? "G′" : "G";
    const words = { node: node.id, child: child.id, wanted: name, by: rows > 1 ? ` / ${rows}` : "", G };
    return [tell("fused", node, words, [node.id, 0])];
  }

  // What findings are made of

  /** @param {string} id */
  node = (id) => /** @type {TensorNode} */ (this.nodes.get(id));

  /** @param {string} field */
  found = (field) => this.run.cellsOf(field)?.cells ?? null;

  /** @param {TensorNode} node @param {string} word */
  cells = ({ id }, word) => this.found(`${id}.${word}`) ?? new Float64Array(0);

  /**
   * About the first of some lines along an axis, and how many more there are.
   * @param {string} kind @param {TensorNode} node @param {number} axis @param {number[]} found
   * @param {Record<string, string>} [words]
   */
  ofLines(kind, node, axis, found, words = {}) {
    const rest = found.length - 1;
    const more = rest ? ` So it is with ${rest > 1 ? rest : "one"} more of its lines.` : "";
    const [lane, source] = [node, this.node(node.args[0])].map((one) => lineOf(one, axis, found[0]));
    return tell(kind, node, { lane, source, more, ...words });
  }
}

/**
 * @param {string} kind @param {TensorNode} node @param {Record<string, string>} words
 * @param {[string, number] | null} [edge] @returns {Finding}
 */
function tell(kind, node, words, edge = null) {
  const text = tensorSentences[kind].replace(/\{(\w+)\}/g, (_, word) => words[word]);
  return { kind, node: node.id, text, edge, safer: "" };
}

/** The lines of a softmax of which nothing is left. @param {TensorNode} node @param {Cells} x @param {Cells} f */
function masked(node, x, f) {
  if (node.op !== "softmax" && node.op !== "log_softmax") return [];
  const lines = linesOf(node.shape, axisOf(node));
  const isOut = (/** @type {number} */ at) => x[at] === -Infinity && Number.isNaN(f[at]);
  return [...lines.keys()].filter((line) => lines[line].every(isOut));
}

/** @param {Float64Array} z */
function softmax(z) {
  const most = z.reduce((best, one) => Math.max(best, one), -Infinity);
  const parts = [...z].map((one) => Math.exp(one - most));
  const sum = parts.reduce((all, one) => all + one, 0);
  return parts.map((one) => one / sum);
}

/** @param {TensorNode} node @returns {number} */
const axisOf = ({ settings }) => settings?.axis;

/** The positions of the cells of each line along an axis. @param {Shape} shape @param {number} axis */
function linesOf(shape, axis) {
  const step = strides(shape)[axis];
  const along = step * shape[axis];
  return Array.from({ length: size(shape) / shape[axis] }, (_, line) => {
    const start = Math.floor(line / step) * along + (line % step);
    return Array.from({ length: shape[axis] }, (_, one) => start + one * step);
  });
}

/** @param {Shape} shape @param {number} cell */
const placeOf = (shape, cell) => strides(shape).map((step, axis) => Math.floor(cell / step) % shape[axis]);

/** @param {TensorNode} node @param {number} cell */
const cellOf = ({ id, shape }, cell) => (shape.length ? `${id}[${placeOf(shape, cell).join(", ")}]` : id);

/**
 * What a line is called: `h[1, :]`; of a vector it is the whole.
 * @param {TensorNode} node @param {number} axis @param {number} line
 */
function lineOf({ id, shape }, axis, line) {
  if (shape.length < 2) return id;
  const [start] = linesOf(shape, axis)[line];
  const index = placeOf(shape, start).map((one, at) => (at === axis ? ":" : one));
  return `${id}[${index.join(", ")}]`;
}

/**
 * Which cells, as the subject of a sentence with its verb.
 * @param {TensorNode} node @param {ArrayLike<unknown>} mask
 */
function which(node, mask) {
  const found = Array.from(mask, Boolean);
  const [count, first] = [found.filter(Boolean).length, cellOf(node, found.indexOf(true))];
  if (found.length === 1) return `${first} is`;
  if (count === found.length) return `All ${count} cells of ${node.id} are`;
  if (count === 1) return `${first}, 1 of ${found.length} cells, is`;
  return `${count} of ${found.length} cells of ${node.id}, ${first} the first, are`;
}

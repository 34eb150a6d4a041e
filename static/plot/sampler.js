/**
 * A node of a graph at many points at once: its value, and its slope along one variable. It computes node by
 * node over whole columns, in the order of engine.js, with the rows of ops.js; what no column reaches is
 * computed once. No DOM in here.
 *
 *   const sample = sampler(graph);                 // the output, or sampler(graph, "c")
 *   sample.values(at, { x: xs }, xs.length);       // Float64Array: f at each x; the others as in `at`
 *   sample.slopes("x", at, { x: xs }, xs.length);  // ∂f/∂x there
 *   sample.variables                               // those that reach the node
 *
 * What is returned is the caller's to keep.
 */

import { count as countTies } from "../engine/kernels.js";
import { ops } from "../engine/ops.js";

/**
 * @typedef {import("../engine/engine.js").Graph} Graph
 * @typedef {Readonly<Record<string, number>>} At values by variable
 * @typedef {Readonly<Record<string, ArrayLike<number>>>} Columns by variable
 *
 * @typedef {object} Step
 * @property {import("../engine/engine.js").GraphNode} node
 * @property {number[]} args
 * @property {import("../engine/ops.js").Row | undefined} row
 * @property {ReadonlySet<string>} variables those that reach it
 *
 * @typedef {object} Sampler
 * @property {ReadonlySet<string>} variables
 * @property {(at: At, columns: Columns, count: number) => Float64Array} values
 * @property {(name: string, at: At, columns: Columns, count: number) => Float64Array} slopes
 *
 * @typedef {ArrayLike<number> & {[at: number]: number}} Numbers one for each sample, or one alone for all of them
 */

/** Room of a column at the least: the counts of samples change from call to call. */
const LEAST = 512;

/** @param {Graph} graph @param {string} [nodeId] @returns {Sampler} */
export function sampler(graph, nodeId = graph.output) {
  const steps = needed(graph, [nodeId]);
  const top = steps.length - 1;
  const buffer = createBuffers();

  /** @param {string} name @param {Numbers[]} values @param {number} count @returns {Numbers | undefined} */
  function backward(name, values, count) {
    /** @type {(Float64Array | undefined)[]} */
    const gradients = [];
    gradients[top] = buffer(`g${top}`, count).fill(1, 0, count);
    for (let k = top; k >= 0; k--) {
      const { args, row, variables } = steps[k];
      const gradient = gradients[k];
      if (!row || !gradient || !variables.has(name)) continue;
      const inputs = args.map((arg) => values[arg]);
      args.forEach((child, arg) => {
        if (!steps[child].variables.has(name)) return;
        const known = gradients[child];
        const into = known ?? buffer(`g${child}`, count);
        flow(row, arg, inputs, values[k], gradient, into, Boolean(known), count);
        gradients[child] = into;
      });
    }
    return total(steps, gradients, name, count);
  }

  return {
    variables: steps[top].variables,
    values(at, columns, count) {
      return spread(forward(steps, buffer, at, columns, count)[top], count);
    },
    slopes(name, at, columns, count) {
      return spread(backward(name, forward(steps, buffer, at, columns, count), count) ?? [0], count);
    },
  };
}

/**
 * Several nodes of a graph in one go.
 * @param {Graph} graph @param {string[]} nodeIds
 * @returns {(at: At, columns: Columns, count: number) => Float64Array[]} the values of each
 */
export function sampleNodes(graph, nodeIds) {
  const steps = needed(graph, nodeIds);
  const positions = nodeIds.map((id) => steps.findIndex(({ node }) => node.id === id));
  const buffer = createBuffers();
  return (at, columns, count) => {
    const values = forward(steps, buffer, at, columns, count);
    return positions.map((position) => spread(values[position], count));
  };
}

/** Columns that are kept from call to call, so that a drag makes no garbage. */
function createBuffers() {
  /** @type {Map<string, Float64Array>} */
  const buffers = new Map();
  return (/** @type {string} */ name, /** @type {number} */ count) => {
    const known = buffers.get(name);
    if (known && known.length >= count) return known;
    const made = new Float64Array(Math.max(count, LEAST));
    buffers.set(name, made);
    return made;
  };
}

/**
 * The values of all steps.
 * @param {Step[]} steps @param {ReturnType<typeof createBuffers>} buffer
 * @param {At} at @param {Columns} columns @param {number} count
 */
function forward(steps, buffer, at, columns, count) {
  /** @type {Numbers[]} */
  const values = [];
  steps.forEach(({ node, args, row, variables }, k) => {
    if (!row) {
      return values.push(
        node.op === "var" ? (columns[node.name ?? ""] ?? [at[node.name ?? ""]]) : [Number(node.value)],
      );
    }
    const varies = [...variables].some((name) => columns[name]);
    const out = varies ? buffer(`v${k}`, count) : [0];
    return values.push(
      apply(
        row,
        args.map((arg) => values[arg]),
        out,
        varies ? count : 1,
      ),
    );
  });
  return values;
}

/**
 * The nodes that some nodes are computed from, and these; the last of them is the last one of the graph's order.
 * @param {Graph} graph
 * @param {string[]} nodeIds
 * @returns {Step[]}
 */
function needed(graph, nodeIds) {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const wanted = new Set(nodeIds);
  for (const node of [...graph.nodes].reverse()) {
    if (wanted.has(node.id)) for (const id of node.args) wanted.add(id);
  }
  for (const id of nodeIds) if (!byId.has(id)) throw new Error(`no node ${id}`);
  const kept = graph.nodes.filter(({ id }) => wanted.has(id));
  const position = new Map(kept.map(({ id }, at) => [id, at]));
  /** @type {Step[]} */
  const steps = [];
  for (const node of kept) {
    const args = node.args.map((id) => /** @type {number} */ (position.get(id)));
    const variables = new Set(node.op === "var" ? [node.name ?? ""] : args.flatMap((arg) => [...steps[arg].variables]));
    steps.push({ node, args, row: ops[node.op], variables });
  }
  return steps;
}

/**
 * @param {import("../engine/ops.js").Row} row
 * @param {Numbers[]} inputs
 * @param {number[] | Float64Array} out
 * @param {number} count
 * @returns {Numbers}
 */
function apply(row, inputs, out, count) {
  const { value, fold } = row;
  const [a, b] = inputs;
  const [i, j] = inputs.map(stride);
  if (fold) {
    const [xs, strides] = [new Array(inputs.length).fill(0), inputs.map(stride)];
    for (let at = 0; at < count; at++) {
      for (let arg = 0; arg < xs.length; arg++) xs[arg] = inputs[arg][at * strides[arg]];
      out[at] = fold(xs);
    }
  } else if (inputs.length === 1) for (let at = 0; at < count; at++) out[at] = value(a[at * i]);
  else if (row === ops.add) for (let at = 0; at < count; at++) out[at] = a[at * i] + b[at * j];
  else if (row === ops.mul) for (let at = 0; at < count; at++) out[at] = a[at * i] * b[at * j];
  else for (let at = 0; at < count; at++) out[at] = value(a[at * i], b[at * j]);
  return out;
}

/**
 * What flows to one argument: gradient × local partial, added to what has come already.
 * @param {import("../engine/ops.js").Row} row @param {number} arg @param {Numbers[]} inputs @param {Numbers} value
 * @param {Float64Array} gradient @param {Float64Array} into @param {boolean} adds @param {number} count
 */
function flow(row, arg, inputs, value, gradient, into, adds, count) {
  const strides = inputs.map(stride);
  const [a, b] = inputs;
  const [i, j] = strides;
  const v = stride(value);
  const partial = row.partials[arg];
  const xs = new Array(inputs.length).fill(0);
  for (let at = 0; at < count; at++) {
    let local;
    if (row.share) {
      for (let k = 0; k < xs.length; k++) xs[k] = inputs[k][at * strides[k]];
      local = row.share(xs[arg], value[at * v], xs.length, countTies(value[at * v], xs));
    } else if (xs.length === 1) local = partial(a[at * i], value[at * v]);
    else local = partial(a[at * i], b[at * j], value[at * v]);
    into[at] = adds ? into[at] + gradient[at] * local : gradient[at] * local;
  }
}

/** A lone number stands for all samples. @param {Numbers} numbers */
const stride = (numbers) => (numbers.length === 1 ? 0 : 1);

/**
 * A variable's slope is the sum over its leaves.
 * @param {Step[]} steps
 * @param {(Float64Array | undefined)[]} gradients
 * @param {string} name
 * @param {number} count
 */
function total(steps, gradients, name, count) {
  /** @type {Float64Array | undefined} */
  let sum;
  steps.forEach(({ node }, k) => {
    const gradient = node.op === "var" && node.name === name ? gradients[k] : undefined;
    if (!gradient) return;
    if (!sum) sum = gradient.slice(0, count);
    else for (let at = 0; at < sum.length; at++) sum[at] += gradient[at];
  });
  return sum;
}

/** @param {Numbers} numbers @param {number} count */
function spread(numbers, count) {
  if (numbers.length === 1) return new Float64Array(count).fill(numbers[0]);
  return numbers instanceof Float64Array
    ? numbers.slice(0, count)
    : Float64Array.from({ length: count }, (_, at) => numbers[at]);
}

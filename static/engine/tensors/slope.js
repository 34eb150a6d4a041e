/**
 * The output of a tape and some gradients, and no other number, as graphviz_backprop/engine/tensors/slope.py has them:
 * what is the same at each point is computed once.
 */

import { createTape } from "./tape.js";

/**
 * @typedef {import("./tape.js").TapeNode} TapeNode
 *
 * @typedef {object} SlopeOf both passes; positions in `nodes`
 * @property {TapeNode[]} nodes
 * @property {number} value of the output
 * @property {Readonly<Record<string, (number | null)[]>>} gradients of each variable's leaves
 */

/**
 * The slope of a whole graph, from the tape that all its numbers are made of.
 * @param {import("./run.js").TensorGraph} graph @returns {SlopeOf}
 */
export function slopeOf({ nodes, tape }) {
  /** @type {Record<string, (number | null)[]>} */
  const gradients = {};
  nodes.forEach(({ op, name = "" }, at) => {
    if (op === "var") (gradients[name] ??= []).push(tape.gradients[at]);
  });
  return { nodes: tape.nodes, value: tape.values[tape.values.length - 1], gradients };
}

/**
 * @param {SlopeOf} slope @param {readonly string[]} names what moves
 * @param {Readonly<Record<string, ArrayLike<number>>>} fixed the values of variables that stay
 */
export function createSlope({ nodes, value, gradients }, names, fixed) {
  const leaves = names.map((name) => (gradients[name] ?? []).filter((at) => at !== null));
  const tape = createTape({ nodes }, [value, ...leaves.flat()]);
  for (const [name, cells] of Object.entries(fixed)) tape.set(name, cells);
  tape.settle(new Set(Object.keys(fixed)));

  return {
    set: tape.set,
    run: () => tape.run(),
    value: () => tape.cells[value][0],
    /**
     * Adds the gradient of parameter number `which` to what stands in a row between two places.
     * @param {number} which @param {Float64Array} sums @param {number} from @param {number} to
     */
    add(which, sums, from, to) {
      for (const at of leaves[which]) {
        const cells = tape.cells[at];
        if (cells.length === 1) for (let one = from; one < to; one++) sums[one] += cells[0];
        else for (let one = from; one < to; one++) sums[one] += cells[one - from];
      }
    },
  };
}

/**
 * Both passes for so many samples: `{"n": 3}` is three times as many, `{"per": 3}` one over that, `{"range": 1}`
 * their numbers.
 * @template T @param {T} part @param {number} n @returns {T}
 */
export function sized(part, n) {
  return /** @type {T} */ (filled(part, n));
}

/** @param {any} part @param {number} n @returns {any} */
function filled(part, n) {
  if (Array.isArray(part)) return part.map((one) => filled(one, n));
  if (part === null || typeof part !== "object") return part;
  if ("n" in part) return part.n * n;
  if ("per" in part) return 1 / (part.per * n);
  if ("range" in part) return Array.from({ length: n }, (_, at) => at);
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, filled(one, n)]));
}

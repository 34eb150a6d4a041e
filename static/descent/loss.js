/** The output as a loss: averaged over the samples, a function of the parameters, with its gradient. */

import { createPass } from "../engine/pass.js";
import { tensorLossOf } from "./tensors.js";
import { trainedLossOf } from "./trained.js";

/**
 * @typedef {object} Found at a point
 * @property {number} loss
 * @property {Float64Array} gradient by all numbers that move
 *
 * @typedef {(point: Float64Array, rows: ArrayLike<number> | null) => Found} Loss
 */

/**
 * @param {import("../engine/engine.js").Graph | import("../engine/tensors/run.js").TensorGraph} graph
 * @param {import("./layout.js").Layout} layout what moves
 * @param {import("./compute.js").Asked} asked
 * @returns {Loss}
 */
export function lossOf(graph, layout, asked) {
  if ("tape" in graph) return tensorLossOf(graph, layout, asked);
  const start = /** @type {Record<string, number>} */ (asked.start);
  if (asked.trained) return trainedLossOf(asked.trained, layout.names, start, asked.columns);
  return numberLossOf(graph, layout.names, start, asked.columns);
}

/**
 * @param {import("../engine/engine.js").Graph} graph
 * @param {readonly string[]} names what moves
 * @param {Readonly<Record<string, number>>} start a number for each variable that is no column
 * @param {Readonly<Record<string, ArrayLike<number>>>} columns
 * @returns {Loss}
 */
function numberLossOf(graph, names, start, columns) {
  const pass = createPass(graph);
  const given = Object.entries(columns);
  const size = given.length ? given[0][1].length : 0;
  const last = graph.nodes.length - 1;
  const { leaves, reached } = pass.plan;
  /** Where the gradients of each parameter stand. */
  const places = names.map((name) => (leaves.get(name) ?? []).filter((at) => reached[at]));
  for (const [name, x] of Object.entries(start)) pass.set(name, x);

  /** @type {Loss} */
  return (point, rows) => {
    names.forEach((name, at) => pass.set(name, point[at]));
    if (!size) {
      pass.run(1);
      return { loss: pass.values[last], gradient: Float64Array.from(places, (at) => sumAt(pass.gradients, at)) };
    }
    const count = rows ? rows.length : size;
    const sums = new Float64Array(names.length);
    let total = 0;
    for (let at = 0; at < count; at++) {
      const row = rows ? rows[at] : at;
      for (const [name, column] of given) pass.set(name, column[row]);
      pass.run(1);
      total += pass.values[last];
      for (let one = 0; one < names.length; one++) sums[one] += sumAt(pass.gradients, places[one]);
    }
    return { loss: total / count, gradient: sums.map((sum) => sum / count) };
  };
}

/** @param {Float64Array} numbers @param {readonly number[]} places */
function sumAt(numbers, places) {
  if (!places.length) return 0;
  let sum = numbers[places[0]];
  for (let at = 1; at < places.length; at++) sum += numbers[places[at]];
  return sum;
}

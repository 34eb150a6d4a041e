/** The rate that will be chosen, before there is a descent: as long as one point is shown, it is soon told. */

import { createPass } from "../engine/pass.js";
import { valueOf } from "../state/url.js";
import { size } from "../engine/tensors/places.js";
import { cellsOf, shapeOf } from "./cells.js";
import { joined, layoutOf } from "./layout.js";
import { descending } from "./rate.js";
import { tensorLossOf } from "./tensors.js";

const MOST_NODES = 2000; // so that a slider's move keeps within its frame
const MOST_CELLS = 5000; // of all tensors, both passes'

/**
 * @typedef {import("../workbench.js").Graph} Graph
 * @typedef {import("../workbench.js").TensorGraph} TensorGraph
 */

/**
 * The same of a program with tensors.
 * @returns {(graph: TensorGraph, state: import("./cells.js").Held, parameters: string[]) => number | null}
 */
export function createTensorPreview() {
  /** @type {{key: string, graph: TensorGraph | null, rate: number}} */
  let known = { key: "", graph: null, rate: NaN };

  return (graph, state, parameters) => {
    if (graph.tape.nodes.reduce((sum, { shape }) => sum + size(shape), 0) > MOST_CELLS) return null;
    const at = (/** @type {string} */ name) => cellsOf(state, name) ?? valueOf(state, name);
    const start = Object.fromEntries(graph.variables.map((name) => [name, at(name)]));
    const key = JSON.stringify([start, parameters]);
    if (known.key === key && known.graph === graph) return known.rate;
    const layout = layoutOf(
      parameters,
      parameters.map((name) => shapeOf(state, name)),
    );
    const loss = tensorLossOf(graph, layout, { start, columns: {} });
    const rate = descending((point) => loss(point, null).gradient, joined(layout, at));
    known = { key, graph, rate };
    return rate;
  };
}

/** @returns {(graph: Graph, state: import("../state/url.js").State, parameters: string[]) => number | null} */
export function createPreview() {
  /** @type {{graph: Graph, pass: import("../engine/pass.js").Pass} | null} */
  let known = null;

  return (graph, state, parameters) => {
    if (graph.nodes.length > MOST_NODES) return null;
    if (known?.graph !== graph) known = { graph, pass: createPass(graph) };
    const { pass } = known;
    for (const name of graph.variables) pass.set(name, valueOf(state, name));
    return descending(
      (point) => {
        parameters.forEach((name, at) => pass.set(name, point[at]));
        pass.run(1);
        return parameters.map((name) => pass.total(name));
      },
      Float64Array.from(parameters, (name) => valueOf(state, name)),
    );
  };
}

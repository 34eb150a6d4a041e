/** The rate that will be chosen, before there is a descent: as long as one point is shown, it is soon told. */

import { createPass } from "../engine/pass.js";
import { valueOf } from "../state/url.js";
import { descending } from "./rate.js";

const MOST_NODES = 2000; // so that a slider's move keeps within its frame

/** @typedef {import("../workbench.js").Graph} Graph */

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

/** The numbers of samples, one line of the table each. No DOM in here. */

import { createPass } from "../engine/pass.js";
import { setNames } from "../network/letters.js";

/** So many columns, and gradients, have room. */
const COLUMNS = 6;
const GRADIENTS = 2;

/**
 * @param {import("../workbench.js").Graph} graph @param {import("../workbench.js").Samples} samples
 * @param {readonly string[]} parameters those whose gradients are shown
 */
export function createSamples(graph, samples, parameters) {
  const shown = graph.variables.filter((name) => name in samples.columns).slice(0, COLUMNS);
  const derived = parameters.slice(0, GRADIENTS);
  const pass = createPass(graph);

  /** @param {string} name */
  const leafOf = (name) => graph.nodes.find((node) => node.op === "var" && node.name === name)?.id;

  return {
    count: samples.count,
    /** How many of the numbers are given, the others computed. */
    given: shown.length,
    /** What the numbers are. @param {string} top what is derived */
    titles: (top) => [...shown, graph.output, ...derived.map((name) => `∂${top}/∂${name}`)].map(setNames),
    /**
     * What gives the numbers of each sample.
     * @param {(name: string) => number} valueOf of what no column stands for @param {number} seed
     * @returns {(sample: number) => (number | null)[]}
     */
    at(valueOf, seed) {
      for (const name of graph.variables) if (!(name in samples.columns)) pass.set(name, valueOf(name));
      return (sample) => {
        for (const [name, column] of Object.entries(samples.columns)) pass.set(name, column[sample]);
        pass.run(seed);
        return [
          ...shown.map((name) => samples.columns[name][sample]),
          pass.values[pass.values.length - 1],
          ...derived.map((name) => pass.total(name)),
        ];
      };
    },
    /** Their averages. @param {import("../engine/engine.js").Fields | null} fields where the page shows averages */
    means: (fields) =>
      [
        ...shown.map((name) => `${leafOf(name)}.value`),
        `${graph.output}.value`,
        ...derived.map((name) => `${name}.total`),
      ].map((field) => fields?.get(field) ?? null),
  };
}

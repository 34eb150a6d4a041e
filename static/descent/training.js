/** Asks the server for the tensors as which a network in numbers learns: without them it goes sample by sample. */

import { format } from "../state/url.js";

/**
 * @typedef {import("./compute.js").Asked} Asked
 * @typedef {Pick<Asked, "trained">} Prepared
 */

const REST = 300; // milliseconds without a change, then it is asked ahead: who trains asks for nothing

/** @param {import("../workbench.js").Page} page @returns {(asked: Asked) => Promise<Prepared>} */
export function createTraining({ form, server, store, clock }) {
  /**
   * The last answer, and what it is of.
   * @type {{graph: unknown, columns: string, trained: Promise<Asked["trained"]>}}
   */
  let known = { graph: null, columns: "", trained: Promise.resolve(null) };
  let wait = () => {};

  /** @param {readonly string[]} variables @param {string[]} names */
  async function ask(variables, names) {
    const body = new URLSearchParams(format({ ...store.state, data: "", table: "" }, variables));
    for (const name of names) body.append("column", name);
    const reply = await server.fetch("trained", { method: "POST", body }).catch(() => null);
    if (!reply) known.graph = null; // it is asked again with the next descent
    const trained = reply?.ok ? await reply.json().catch(() => null) : null;
    return trained?.slope ? trained : null;
  }

  /** @param {Record<string, unknown>} columns */
  async function prepare(columns) {
    const { graph } = store.state;
    const names = Object.keys(columns);
    if (!graph || !names.length || !form.querySelector("[data-network]")) return null;
    if (known.graph !== graph || known.columns !== names.join()) {
      known = { graph, columns: names.join(), trained: Promise.resolve(null) };
      known.trained = ask(graph.variables, names);
    }
    return known.trained;
  }

  store.subscribe(["graph", "samples"], ({ samples }) => {
    wait();
    if (samples) wait = clock.later(() => void prepare(samples.columns), REST);
  });

  return async ({ parameters, columns }) => {
    const trained = await prepare(columns);
    return trained && parameters.every((name) => name in trained.cells) ? { trained } : {};
  };
}

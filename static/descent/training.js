/** Asks the server for the tensors as which a network in numbers learns: without them it goes sample by sample. */

import { format } from "../state/url.js";

/**
 * @typedef {import("./compute.js").Asked} Asked
 * @typedef {Pick<Asked, "trained">} Prepared
 */

/** @param {import("../workbench.js").Page} page @returns {(asked: Asked, signal: AbortSignal) => Promise<Prepared>} */
export function createTraining({ form, server, store }) {
  /** The last answer, and what it is of. @type {{graph: unknown, columns: string, trained: Asked["trained"]}} */
  let known = { graph: null, columns: "", trained: null };

  return async ({ parameters, columns }, signal) => {
    const { state } = store;
    const { graph } = state;
    const names = Object.keys(columns);
    if (!graph || !names.length || !form.querySelector("[data-network]")) return {};
    if (known.graph !== graph || known.columns !== names.join()) {
      const body = new URLSearchParams(format({ ...state, data: "", table: "" }, graph.variables));
      for (const name of names) body.append("column", name);
      const reply = await server.fetch("trained", { method: "POST", body, signal }).catch(() => null);
      const trained = reply?.ok ? await reply.json().catch(() => null) : null;
      if (!reply || signal.aborted) return {}; // it is asked again with the next descent
      known = { graph, columns: names.join(), trained: trained?.slope ? trained : null };
    }
    const { trained } = known;
    return trained && parameters.every((name) => name in trained.cells) ? { trained } : {};
  };
}

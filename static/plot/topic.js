/** What is plotted follows from the program, the samples and the choice of variables. No DOM in here. */

import { sampler } from "./sampler.js";
import { isSameFunction, subjectOf } from "./subject.js";

/**
 * @typedef {import("../workbench.js").Shown} Shown
 * @typedef {import("./subject.js").Subject} Subject
 *
 * @typedef {object} Plotted a function
 * @property {import("../workbench.js").Graph} graph whose output it is
 * @property {import("./sampler.js").Sampler} sample
 * @property {Subject} subject its variables, and all that it takes besides
 *
 * @typedef {object} Topic
 * @property {Plotted} f the function: the same object as long as its values are, wherever the point stands
 * @property {Subject} subject with the point where it is now
 */

/** @param {import("../workbench.js").PageStore} store @returns {{now: () => Topic | null}} */
export function createTopic(store) {
  /** @type {Topic | null} */
  let now = null;

  store.subscribe(["graph", "samples", "row", "plot", "at", "starts"], (state, changed) => {
    now = follow(changed.has("graph") ? null : now, state);
  });
  keepRange(store, () => now?.subject.names.join() ?? "");
  return { now: () => now };
}

/** @param {Topic | null} last of the same graph @param {Readonly<Shown>} state @returns {Topic | null} */
function follow(last, state) {
  const { graph, samples } = state;
  if (!graph?.variables.length) return null;
  const subject = subjectOf(state, graph.variables, samples);
  const isSame = last && isSameFunction(last.subject, subject);
  return { f: isSame ? last.f : { graph, sample: last?.f.sample ?? sampler(graph), subject }, subject };
}

/**
 * What was seen of other variables is of no use: the range is chosen anew, unless it came with the variables.
 * @param {import("../workbench.js").PageStore} store @param {() => string} names those that are plotted
 */
function keepRange(store, names) {
  let of = "";
  store.subscribe(["expr", "graph", "data", "samples", "plot", "box"], (state, changed) => {
    const isBrought = changed.has("expr") && changed.has("box") && !changed.has("graph"); // with a graph that will come
    const isComing = state.data !== "" && !state.samples; // which variables are columns is not known yet
    if (isBrought) of = "";
    const next = names();
    if (isBrought || isComing || !next) return;
    if (of && of !== next && !changed.has("box")) store.change({ box: "" });
    of = next;
  });
}

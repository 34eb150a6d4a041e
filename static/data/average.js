/**
 * Every number of a graph, averaged over the samples of a table. Many samples are averaged in slices of time, so
 * that the page goes on; what comes out is the same.
 */

import { evaluate, namer } from "../engine/engine.js";
import { createPass, Run } from "../engine/pass.js";
import { same } from "../state/same.js";

/**
 * @typedef {import("../engine/engine.js").Graph} Graph
 * @typedef {import("../engine/engine.js").NamedRun} NamedRun
 * @typedef {{columns: Readonly<Record<string, ArrayLike<number>>>, count: number}} Samples
 * @typedef {Readonly<Record<string, number>>} Values
 *
 * @typedef {object} Job
 * @property {number} done samples that are averaged
 * @property {number} broken the first sample whose output is not finite; -1, and there is none
 * @property {(late: () => boolean) => boolean} go on until it is late; whether all is done
 * @property {() => NamedRun} fields once it is
 */

/** The numbers of no graph: what is shown while there is no average yet. */
const NOTHING = evaluate({ output: "", nodes: [] }, {});

/** The clock is asked after about so many nodes. */
const PIECE = 4_000;

/**
 * The average over all samples, at once.
 * @param {Graph} graph
 * @param {Samples} samples
 * @param {Values} at
 * @param {number} [seed]
 */
export function average(graph, samples, at, seed = 1) {
  const job = begin(graph, createPass(graph), samples, at, seed);
  job.go(() => false);
  return job.fields();
}

/**
 * @param {Graph} graph @param {import("../engine/pass.js").Pass} pass @param {Samples} samples
 * @param {Values} at what no column stands for @param {number} seed @param {ReturnType<typeof namer>} [name]
 * @returns {Job}
 */
export function begin(graph, pass, samples, at, seed, name = namer(pass.plan)) {
  const { values, gradients, flows } = pass;
  const sums = [values, gradients, flows].map((each) => new Float64Array(each.length).fill(-0));
  const columns = Object.entries(samples.columns);
  const piece = Math.max(1, Math.ceil(PIECE / graph.nodes.length));
  const job = { done: 0, broken: -1, go, fields };
  const own = Object.entries(at).filter(([name]) => !(name in samples.columns));

  /** @param {() => boolean} late */
  function go(late) {
    for (const [name, x] of own) pass.set(name, x); // the pass may have served another job
    while (job.done < samples.count) {
      const end = Math.min(samples.count, job.done + piece);
      for (let sample = job.done; sample < end; sample++) add(sample);
      job.done = end;
      if (end < samples.count && late()) return false;
    }
    return true;
  }

  /** @param {number} sample */
  function add(sample) {
    for (const [name, column] of columns) pass.set(name, column[sample]);
    pass.run(seed);
    if (job.broken < 0 && !Number.isFinite(values[values.length - 1])) job.broken = sample;
    addTo(sums[0], values);
    addTo(sums[1], gradients);
    addTo(sums[2], flows);
  }

  /**
   * Averages by their fields. Local partials differ from sample to sample, and products of averages are no averages
   * of products: a partial has no average that one could multiply with.
   */
  function fields() {
    const [value, gradient, flow] = sums.map((sum) => sum.map((x) => x / samples.count));
    return name(new Run(pass.plan, value, gradient, null, flow));
  }

  return job;
}

/** @param {Float64Array} sums @param {Float64Array} xs */
function addTo(sums, xs) {
  for (let at = 0; at < xs.length; at++) sums[at] += xs[at];
}

/**
 * Keeps the average that is shown. While samples are being averaged the last one stays; the job under way is
 * ended before another begins, so that numbers follow a long drag.
 * @param {Graph} graph
 * @param {object} world
 * @param {(work: () => void) => void} world.later
 * @param {() => number} world.now in milliseconds
 * @param {() => void} world.told when there is more to show
 * @param {number} [budget] milliseconds of a slice
 */
export function createAverages(graph, { later, now, told }, budget = 8) {
  const pass = createPass(graph);
  const name = namer(pass.plan);
  /** @type {{samples: Samples, key: unknown[], job: Job} | null} */
  let running = null;
  /** @type {{samples: Samples, key: unknown[], fields: NamedRun, broken: number} | null} */
  let last = null;
  let ended = false;

  function slice() {
    if (!running || ended) return;
    const end = now() + budget;
    if (running.job.go(() => now() >= end)) {
      last = { samples: running.samples, key: running.key, fields: running.job.fields(), broken: running.job.broken };
      running = null;
    } else later(goOn);
  }

  function goOn() {
    slice();
    told();
  }

  return {
    /** @param {Samples} samples @param {Values} at @param {number} seed @returns {NamedRun} */
    fields(samples, at, seed) {
      const key = [seed, ...Object.keys(at).flatMap((name) => (name in samples.columns ? [] : [name, at[name]]))];
      if (running && running.samples !== samples) running = null; // of no use any more
      if (!running && !(last && last.samples === samples && same(last.key, key))) {
        running = { samples, key, job: begin(graph, pass, samples, at, seed, name) };
        slice();
      }
      return last?.samples === samples ? last.fields : NOTHING;
    },
    /** How much is averaged of what is to be shown; 1 where it is all there. */
    part: () => (running ? running.job.done / running.samples.count : 1),
    /** The first sample whose output is not finite, or -1. */
    broken: () => last?.broken ?? -1,
    end() {
      ended = true;
    },
  };
}

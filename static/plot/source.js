/**
 * What is plotted, as a function of one or two variables: a node's value or slope, averaged over the samples of
 * data where they are bound. Over many samples that takes time: first from some of the samples, then from all, in
 * slices between which the page can draw.
 */

/**
 * @typedef {import("./sampler.js").Sampler} Sampler
 * @typedef {import("../workbench.js").Samples} Samples
 * @typedef {Record<string, Float64Array>} Places columns by plotted variable, all of one length
 *
 * @typedef {{clock: import("../page/clock.js").Clock, still: () => boolean}} Pace of work in slices, and whether it is
 *   still waited for
 *
 * @typedef {object} Source
 * @property {number} samples over which the average is taken; 0 where there are none
 * @property {number} used as many of them as a quick look takes
 * @property {(places: Places, slope?: string) => Float64Array} quick values, or slopes along a variable, from a part
 *   of the samples if they are many
 * @property {(places: Places, slope?: string) => Float64Array} exact
 * @property {(places: Places, pace: Pace, slope?: string) => Promise<Float64Array | undefined>} slowly the
 *   exact ones; undefined when nobody waits any more
 */

/** Evaluations of a node that a frame has time for, and milliseconds of a slice. */
const QUICK = 400_000;
const SLICE = 7;
const CHUNK = 2400; // places

/**
 * @param {Sampler} sample @param {Record<string, number>} at @param {Samples | null} samples
 * @param {{places: number, nodes: number}} size about how many places are asked for at once, and of what graph
 * @returns {Source}
 */
export function source(sample, at, samples, size) {
  const bound = samples ? Object.keys(samples.columns).filter((name) => sample.variables.has(name)) : [];
  const count = bound.length && samples ? samples.count : 0;
  const all = samples && count ? pick(samples, bound, count) : null;
  const affordable = Math.max(4, Math.floor(QUICK / (size.places * Math.max(1, size.nodes))));
  const used = Math.min(count, affordable);
  const some = samples && used < count ? pick(samples, bound, used) : all;
  const run =
    (/** @type {Samples | null} */ over) =>
    (/** @type {Places} */ places, /** @type {string} */ slope = "") => {
      const work = averaging(sample, at, over, places, slope);
      let step = work.next();
      while (!step.done) step = work.next();
      return step.value;
    };
  return {
    samples: count,
    used,
    quick: run(some),
    exact: run(all),
    async slowly(places, { clock, still }, slope = "") {
      const work = averaging(sample, at, all, places, slope);
      for (let until = clock.now() + SLICE; ;) {
        const step = work.next();
        if (step.done) return step.value;
        if (clock.now() < until) continue;
        await new Promise((resolve) => clock.later(() => resolve(null), 0));
        if (!still()) return undefined;
        until = clock.now() + SLICE;
      }
    },
  };
}

/**
 * Samples that are spread evenly over all of them.
 * @param {Samples} samples
 * @param {string[]} names
 * @param {number} count
 * @returns {Samples}
 */
function pick(samples, names, count) {
  if (count === samples.count) return samples;
  const chosen = (/** @type {Float64Array} */ column) =>
    Float64Array.from({ length: count }, (_, at) => column[Math.floor((at * samples.count) / count)]);
  return { columns: Object.fromEntries(names.map((name) => [name, chosen(samples.columns[name])])), count };
}

/**
 * Computes columns along what is longer, places or samples, and goes through the other one by one.
 * @param {Sampler} sample
 * @param {Record<string, number>} at
 * @param {Samples | null} samples
 * @param {Places} places
 * @param {string} slope
 * @returns {Generator<void, Float64Array, void>}
 */
function* averaging(sample, at, samples, places, slope) {
  const names = Object.keys(places);
  const count = places[names[0]].length;
  const compute = (
    /** @type {Record<string, number>} */ where,
    /** @type {Places} */ columns,
    /** @type {number} */ length,
  ) => (slope ? sample.slopes(slope, where, columns, length) : sample.values(where, columns, length));
  if (!samples) {
    const values = new Float64Array(count);
    for (let from = 0; from < count; from += CHUNK) {
      const part = Object.fromEntries(names.map((name) => [name, places[name].subarray(from, from + CHUNK)]));
      values.set(compute(at, part, part[names[0]].length), from);
      yield;
    }
    return values;
  }
  const mean = new Float64Array(count);
  const here = { ...at };
  if (samples.count > count) {
    for (let k = 0; k < count; k++) {
      for (const name of names) here[name] = places[name][k];
      let sum = 0;
      for (const value of compute(here, samples.columns, samples.count)) sum += value;
      mean[k] = sum / samples.count;
      yield;
    }
    return mean;
  }
  for (let number = 0; number < samples.count; number++) {
    for (const name of Object.keys(samples.columns)) here[name] = samples.columns[name][number];
    const values = compute(here, places, count);
    for (let k = 0; k < count; k++) mean[k] += values[k];
    yield;
  }
  return mean.map((sum) => sum / samples.count);
}

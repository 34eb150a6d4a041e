/**
 * The course of a function over a range: samples, dense where it bends, with a gap wherever it jumps, has a
 * pole or is not defined. No DOM in here.
 */

/**
 * @typedef {(xs: Float64Array) => ArrayLike<number>} Many a function at many places at once
 * @typedef {readonly [number, number]} Range
 *
 * @typedef {object} Course
 * @property {Float64Array} xs ascending
 * @property {Float64Array} ys
 * @property {Uint8Array} gaps 1 where nothing leads from a sample to the next
 */

/** Where an interval is looked into: off its middle, at which jumps like those of sign(x) hide. */
const INSIDE = 0.4396;
/** So many halvings come down to the spacing of doubles around 0. */
const DEEPEST = 80;
const BUDGET = 6000;
/** A straight line may miss the function by this, in pixels; a step by more than STEP is no curve any more. */
const [MISS, STEP] = [0.2, 1.5];

/**
 * Evenly spaced samples.
 * @param {Many} f @param {Range} range @param {number} count
 */
export function sampled(f, [low, high], count) {
  const xs = Float64Array.from({ length: count }, (_, at) => low + ((high - low) * at) / (count - 1));
  return { xs, ys: Float64Array.from(f(xs)) };
}

/**
 * What is worth showing of the values: all of them, or their bulk where a few are far away, as near a pole.
 * @param {ArrayLike<number>} ys @returns {[number, number] | undefined}
 */
export function bulk(ys) {
  const sorted = Float64Array.from(ys).filter(Number.isFinite).sort();
  if (!sorted.length) return undefined;
  const at = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))];
  const [low, high, least, greatest] = [at(0.1), at(0.9), at(0), at(1)];
  const length = high - low;
  const far = greatest / 4 - least / 4 > 1.4 * length; // in quarters: the whole may overflow
  if (!far || length === 0) return [least, greatest];
  return [Math.max(least, low - 0.6 * length), Math.min(greatest, high + 0.6 * length)];
}

/**
 * Refines samples until straight lines between them tell the truth at the given scale.
 * @param {Many} f
 * @param {{xs: Float64Array, ys: Float64Array}} samples
 * @param {Range} shown the values in sight; what happens beyond needs no care
 * @param {number} height of that range in pixels
 * @param {number} [budget] evaluations at most
 * @returns {Course}
 */
export function trace(f, samples, shown, height, budget = BUDGET) {
  const steps = tracing(samples, shown, height, budget);
  let step = steps.next();
  while (!step.done) step = steps.next(f(step.value));
  return step.value;
}

/**
 * The same for a function that takes its time, or gives undefined when nobody waits any more.
 * @param {(xs: Float64Array) => Promise<ArrayLike<number> | undefined>} f
 * @param {{xs: Float64Array, ys: Float64Array}} samples @param {Range} shown @param {number} height
 * @param {number} [budget]
 * @returns {Promise<Course | undefined>}
 */
export async function traceSlowly(f, samples, shown, height, budget = BUDGET) {
  const steps = tracing(samples, shown, height, budget);
  let step = steps.next();
  while (!step.done) {
    const found = await f(step.value);
    if (!found) return undefined;
    step = steps.next(found);
  }
  return step.value;
}

/**
 * Asks for values at places, as long as it has to.
 * @param {{xs: Float64Array, ys: Float64Array}} samples
 * @param {Range} shown
 * @param {number} height
 * @param {number} budget
 * @returns {Generator<Float64Array, Course, ArrayLike<number>>}
 */
function* tracing(samples, shown, height, budget) {
  const [xs, ys] = [[...samples.xs], [...samples.ys]];
  const end = xs.length - 1;
  const next = xs.map((_, at) => at + 1);
  const room = shown[1] - shown[0];
  const scale = { pixel: room / height, bottom: shown[0] - room, top: shown[1] + room };
  /** @type {number[]} */
  const narrow = []; // no double lies between these samples and their next ones
  let open = xs.slice(1).map((_, at) => at);
  let depth = 0;
  for (let left = budget; open.length && depth < DEEPEST && left >= open.length; depth++) {
    left -= open.length;
    const places = Float64Array.from(open, (at) => xs[at] + (xs[next[at]] - xs[at]) * INSIDE);
    const found = yield places;
    /** @type {number[]} */
    const deeper = [];
    open.forEach((at, k) => {
      const [x, y, right] = [places[k], found[k], next[at]];
      if (isStraight(ys[at], y, ys[right], scale)) return;
      if (x <= xs[at] || x >= xs[right]) return narrow.push(at);
      const middle = xs.push(x) - 1;
      ys.push(y);
      next[middle] = right;
      next[at] = middle;
      return deeper.push(at, middle);
    });
    open = deeper;
  }
  // What has no straight line however closely one looks is a jump.
  const least = 1e-9 * (xs[end] - xs[0]);
  const jumps = [...open.filter((at) => xs[next[at]] - xs[at] < least), ...narrow];
  const gaps = new Set(jumps.filter((at) => !(Math.abs(ys[at] - ys[next[at]]) <= STEP * scale.pixel)));
  const order = [0];
  for (let at = 0; at !== end;) order.push((at = next[at]));
  return {
    xs: Float64Array.from(order, (at) => xs[at]),
    ys: Float64Array.from(order, (at) => ys[at]),
    gaps: Uint8Array.from(order, (at) => Number(gaps.has(at) || ys[at] !== ys[at] || !(ys[next[at]] === ys[next[at]]))),
  };
}

/**
 * Whether a straight line does between two values with a third one in between.
 * @param {number} a @param {number} y @param {number} b @param {{pixel: number, bottom: number, top: number}} scale
 */
function isStraight(a, y, b, { pixel, bottom, top }) {
  if (a !== a && y !== y && b !== b) return true;
  if ((a > top && y > top && b > top) || (a < bottom && y < bottom && b < bottom)) return true;
  return Math.abs(y - (a + (b - a) * INSIDE)) <= MISS * pixel;
}

/**
 * The course as a path. What lies far outside is drawn at the edge of what is far, as SVG can't hold all doubles.
 * @param {Course} course @param {import("./scales.js").Scale} x @param {import("./scales.js").Scale} y
 */
export function pathOf({ xs, ys, gaps }, x, y) {
  const [high, low] = [Math.min(...y.range) - 2000, Math.max(...y.range) + 2000];
  let [path, open] = ["", false];
  for (let at = 0; at < xs.length; at++) {
    const value = ys[at];
    if (value === value) {
      const down = Math.min(Math.max(y.at(value), high), low);
      const follows = !gaps[at] && at + 1 < xs.length;
      path += `${open ? "L" : "M"}${x.at(xs[at]).toFixed(1)},${down.toFixed(1)}`;
      if (!open && !follows) path += "h0"; // a value on its own, a dot
      open = follows;
    } else open = false;
  }
  return path;
}

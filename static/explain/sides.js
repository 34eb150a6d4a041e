/**
 * One-sided derivatives: what the slope is to the left and to the right of a kink. A directional derivative
 * by forward mode, each variable moving to the right, then to the left; at a kink, the row's rule instead of
 * partials. Where that can't tell, differences to that side. graphviz_backprop/explain/sides.py is the other half.
 */

import { advice } from "../engine/advice.js";
import { ops } from "../engine/ops.js";
import { untaken } from "./branches.js";
import { moved } from "./nudge.js";
import { places } from "./paths.js";
import { equalKeys } from "./patterns.js";

/**
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {import("../engine/advice.js").Kink} Kink
 */

/** Steps of a difference to one side, as powers of 1/4 of x. */
const [FIRST, LAST] = [2, 19];
/** Of x: so near a condition is asked. */
const NEAR = [2 ** -20, 2 ** -40];
/** By so much, or more, each of the differences is larger than the last where the slope is infinite. */
const GROWS = 1.1;
/** Which of the differences grow evenly: smooth parts have died down, and rounding has not begun. */
const EVENLY = [6, 14];
/** Three differences in a row are that near to a straight line. */
const SETTLED = 1e-7;

/**
 * ∂output/∂x, times the seed, to the left and to the right of each variable, in their order; away from kinks both are
 * the gradient. NaN where nothing is on that side, and where neither derivatives nor differences can tell.
 * @param {Run} run
 */
export function sides(run) {
  const kinks = kinksOf(run, equalKeys(run.plan));
  const doubtful = doubtfulOf(run, kinks);
  /** @param {number} way */
  const all = (way) =>
    [...run.plan.leaves.keys()].map((name) => {
      const total = run.total(name);
      if (!kinks.size && !doubtful.length) return total;
      const { slopes, met } = directional(run, kinks, switched(run, doubtful, name, way), name, way);
      const told = slopes[slopes.length - 1];
      // A gradient may be NaN by a branch that is not taken, which a direction leaves out.
      if (told === null || (!met && !Number.isNaN(total))) return total;
      const slope = met && Number.isNaN(told) ? settled(run, name, way) : told;
      return run.seed * way * slope + 0; // 0, not -0
    });
  return { left: all(-1), right: all(1) };
}

/**
 * Each `where` whose condition changes at this point, and what it is there: at a corner or a jump. Not those whose
 * branches meet there with one slope.
 * @param {Run} run @param {readonly number[]} keys as of equalKeys
 */
export function switches(run, keys) {
  /** @type {Map<number, "corner" | "jump">} */
  const found = new Map();
  if (!run.plan.nodes.some(({ op }) => op === "where")) return found;
  const kinks = kinksOf(run, keys);
  const doubtful = doubtfulOf(run, kinks);
  for (const name of doubtful.length ? run.plan.leaves.keys() : []) {
    const both = [-1, 1].map((way) => {
      const over = switched(run, doubtful, name, way);
      return { over, slopes: directional(run, kinks, over, name, way).slopes };
    });
    for (const at of new Set(both.flatMap(({ over }) => [...over]))) {
      // sin(x)/x at 0: where it leads, the point itself does not say
      if (Number.isNaN(run.values[run.plan.args[at][untaken(run, at)]])) continue;
      const [left, right] = both.map(({ slopes }) => slopes[at] ?? 0);
      const jumps = !meets(run, at);
      if (jumps || (-left !== right && !Number.isNaN(left) && !Number.isNaN(right))) {
        found.set(at, jumps ? "jump" : "corner");
      }
    }
  }
  return found;
}

/** @param {Run} run @param {readonly number[]} keys as of equalKeys @returns {Map<number, Kink>} */
function kinksOf(run, keys) {
  /** @type {Map<number, Kink>} */
  const kinks = new Map();
  run.plan.nodes.forEach((_, at) => {
    const kink = kinkAt(run, keys, at);
    if (kink) kinks.set(at, kink);
  });
  return kinks;
}

/**
 * Each `where` whose condition may change at this point: it is 0 but moves, or something in it breaks.
 * @param {Run} run @param {ReadonlyMap<number, Kink>} kinks
 */
function doubtfulOf({ plan: { nodes, args, reached }, values }, kinks) {
  /** @type {boolean[]} */
  const broken = [];
  args.forEach((from, at) => broken.push(kinks.has(at) || from.some((arg) => broken[arg])));
  /** Whether a condition is 0 without being at a jump of its own, as x, or x - 1, is. @param {number} c */
  const isSmoothZero = (c) => values[c] === 0 && !(args[c].length && advice[nodes[c].op].kink);
  return [...nodes.keys()].filter((at) => {
    const [c] = args[at];
    return nodes[at].op === "where" && reached[c] && (broken[c] || isSmoothZero(c));
  });
}

/**
 * Those that take the other branch as soon as the variable moves that way.
 * @param {Run} run @param {readonly number[]} doubtful @param {string} variable @param {number} way
 */
function switched(run, doubtful, variable, way) {
  if (!doubtful.length) return new Set();
  const near = NEAR.map((step) => moved(run, variable, (x) => x + way * step * (Math.abs(x) || 1)));
  return new Set(
    doubtful.filter((at) => {
      const [c] = run.plan.args[at];
      return near.every((values) => (values[c] === 0) !== (run.values[c] === 0));
    }),
  );
}

/** Whether the branches of a `where` are one number here. @param {Run} run @param {number} at */
function meets({ plan, values }, at) {
  const [, x, y] = plan.args[at];
  return values[x] === values[y];
}

/**
 * The row's kink where this node is at it and a variable reaches it; null where it is one for constants alone: x^0 is
 * flat at 0, where 0^x jumps.
 * @param {Run} run @param {readonly number[]} keys as of equalKeys @param {number} at
 */
export function kinkAt(run, keys, at) {
  const { plan } = run;
  const { op } = plan.nodes[at];
  const args = plan.args[at];
  const kink = args.length && plan.reached[at] ? advice[op].kink : null;
  if (!kink || !isAt(kink, run, keys, at)) return null;
  const moving = new Set(args.filter((arg) => plan.reached[arg]).map((arg) => keys[arg]));
  const same = [...moving].map((key) => args.map((arg) => Number(keys[arg] === key)));
  if (moving.size > 1) same.push(args.map((arg) => Number(plan.reached[arg]))); // all at once: x^x at 0
  return same.every((moves) => passes(run, at, kink, moves)) ? null : kink;
}

/**
 * Whether the kink's condition holds.
 * @param {Kink} kink @param {Run} run @param {readonly number[]} keys @param {number} at
 */
function isAt(kink, { plan, values }, keys, at) {
  const args = plan.args[at];
  if (!ops[plan.nodes[at].op].fold) return kink.at(...args.map((arg) => values[arg]), values[at]);
  // An argument that is mentioned twice ties with itself without harm.
  const ties = new Set(args.filter((arg) => values[arg] === values[at]).map((arg) => keys[arg]));
  return kink.at(values[at], ties.size);
}

/**
 * Whether the slopes on both sides are one number.
 * @param {Run} run @param {number} at @param {Kink} kink @param {readonly number[]} moves
 */
function passes(run, at, kink, moves) {
  const right = slope(run, at, kink, moves);
  const opposite = moves.map((move) => -move);
  return Number.isFinite(right) && right === -slope(run, at, kink, opposite);
}

/**
 * The change of each node for an infinitely small step, relative to it, and whether it meets a kink.
 * @param {Run} run @param {ReadonlyMap<number, Kink>} kinks @param {ReadonlySet<number>} over
 * @param {string} variable @param {number} way
 */
function directional(run, kinks, over, variable, way) {
  const leaves = places(run.plan, variable);
  /** @type {(number | null)[]} */
  const found = [];
  let met = false;
  run.plan.args.forEach((args, at) => {
    const tangents = args.map((arg) => found[arg]);
    const kink = kinks.get(at);
    if (leaves.includes(at)) found.push(way);
    else if (over.has(at)) {
      met = true;
      found.push(other(run, at, tangents));
    } else if (kink && concerned(kink, tangents)) {
      met = true;
      // What does not move has the tangent 0.
      const moves = tangents.map((tangent) => tangent ?? 0);
      found.push(slope(run, at, kink, moves));
    } else found.push(smooth(run, at, tangents));
  });
  return { slopes: found, met };
}

/**
 * The tangent of a `where` that takes the other branch there.
 * @param {Run} run @param {number} at @param {readonly (number | null)[]} tangents
 */
function other(run, at, tangents) {
  const branch = untaken(run, at);
  const [here, there] = [run.values[at], run.values[run.plan.args[at][branch]]];
  if (!Number.isFinite(there)) return NaN; // of which sign it is there, the point itself does not say
  return here === there ? (tangents[branch] ?? 0) : there > here ? Infinity : -Infinity;
}

/**
 * Whether an argument of which the kink speaks moves.
 * @param {Kink} kink @param {readonly (number | null)[]} tangents
 */
const concerned = (kink, tangents) =>
  tangents.some((tangent, arg) => tangent !== null && (!kink.slope || kink.moves.includes(arg)));

/**
 * By the rule of the kink: the tangent of the node, by those of its arguments.
 * @param {Run} run @param {number} at @param {Kink} kink @param {readonly number[]} moves
 */
function slope({ plan, values }, at, kink, moves) {
  if (moves.some(Number.isNaN)) return NaN;
  const xs = plan.args[at].map((arg) => values[arg]);
  const { fold, value } = ops[plan.nodes[at].op];
  if (kink.slope) return kink.slope(...xs, values[at], ...moves);
  return fold ? fold(moves.filter((_, arg) => xs[arg] === values[at])) : value(...moves);
}

/**
 * By the chain rule; of a `where`, what it does not take has no part, were it NaN.
 * @param {Run} run @param {number} at @param {readonly (number | null)[]} tangents
 */
function smooth(run, at, tangents) {
  const chosen = run.plan.nodes[at].op === "where";
  /** @type {number | null} */
  let sum = null;
  for (const [arg, tangent] of tangents.entries()) {
    const partial = run.partial(at, arg);
    if (partial === null || tangent === null) continue;
    const part = chosen && partial === 0 ? 0 : partial * tangent;
    sum = sum === null ? part : sum + part;
  }
  return sum;
}

/**
 * The limit of the differences to one side, from the largest step on; NaN where they do not settle and do not grow
 * all the time. Small steps are no better: where digits cancel, their differences settle on something else.
 * @param {Run} run @param {string} variable @param {number} way
 */
function settled(run, variable, way) {
  const x = run.values[places(run.plan, variable)[0]];
  const last = run.values.length - 1;
  /** @type {number[]} */
  const quotients = [];
  let grows = true;
  for (let power = FIRST; power <= LAST; power++) {
    const h = way * (Math.abs(x) || 1) * 0.25 ** power;
    if (!(Math.abs(x + h - x) > 0)) break; // x is infinite, or the smallest number there is
    const change = moved(run, variable, () => x + h)[last] - run.values[last];
    quotients.push((change / (x + h - x)) * way);
    const [before, now] = quotients.slice(-2);
    grows &&= quotients.length === 1 || (before !== 0 && now / before >= GROWS);
    const three = quotients.slice(-3);
    if (three.length < 3 || !three.every(Number.isFinite)) continue;
    const [first, second, third] = three;
    const limit = third + (third - second) / 3;
    const doubt = Math.abs(limit - (second + (second - first) / 3));
    if (doubt <= SETTLED * Math.max(1, Math.abs(limit))) return Math.abs(limit) <= doubt ? 0 : limit;
  }
  if (!grows || quotients.length < 3) return byEvenSteps(quotients.slice(...EVENLY));
  return quotients[quotients.length - 1] > 0 ? Infinity : -Infinity;
}

/**
 * Where they go that grow by as much each time, as log(h) does while h shrinks; NaN where they do not.
 * @param {readonly number[]} quotients
 */
function byEvenSteps(quotients) {
  const steps = quotients.slice(1).map((later, at) => later - quotients[at]);
  const even = steps.slice(1).every((later, at) => steps[at] !== 0 && later / steps[at] > 0.999);
  if (!even || steps.length < 5) return NaN;
  return steps[steps.length - 1] > 0 ? Infinity : -Infinity;
}

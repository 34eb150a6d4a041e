/**
 * The heat map: how large each gradient and each flow is beside the largest gradient of the graph. A bucket, -8 to 8,
 * by sign and size: 8 is more than 0.7 of the largest, 5 more than a tenth; below that each step is a tenth, 1 all that
 * is smaller than a ten-thousandth, 0 only what is exactly 0.
 */

/** @typedef {import("../engine/pass.js").Run} Run */

const BOUNDS = [1e-4, 1e-3, 1e-2, 0.1, 0.2, 0.4, 0.7];

/** The bucket of a number; null for what is none. @param {number | null} x @param {number} largest */
export function heat(x, largest) {
  if (x === null || Number.isNaN(x)) return null;
  if (x === 0) return 0;
  const steps = Number.isFinite(x) ? BOUNDS.filter((bound) => Math.abs(x) > bound * largest).length : BOUNDS.length;
  return Math.sign(x) * (1 + steps);
}

/** Buckets: of each node's gradient, and of each node's arguments the flows. @param {Run} run */
export function heats(run) {
  const gradients = run.plan.nodes.map((_, at) => run.gradient(at));
  const sizes = gradients.map((x) => Math.abs(x ?? 0)).filter(Number.isFinite);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return {
    largest,
    nodes: gradients.map((x) => heat(x, largest)),
    edges: run.plan.args.map((args, at) => args.map((_, arg) => heat(run.flow(at, arg), largest))),
  };
}

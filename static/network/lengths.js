/** The length of each layer's gradient along a descent. */

/**
 * @typedef {{number: string, names: string[]}} LayerNames a layer, and the names of its weights and biases
 * @typedef {{gradients?: Record<string, ArrayLike<number>>, losses: ArrayLike<number>}} Gradients
 */

const MOST = 4; // layers that can be told apart by colour

/** The first two layers and the last two, where there are many. @template T @param {T[]} layers @returns {T[]} */
export const shownLayers = (layers) =>
  layers.length <= MOST ? layers : [...layers.slice(0, MOST / 2), ...layers.slice(-MOST / 2)];

/** Kept by the columns, which grow while they are received. @type {WeakMap<object, Map<string, Float64Array>>} */
const known = new WeakMap();

/**
 * The length at each step.
 * @param {Gradients} track @param {string} layer @param {string[]} names
 */
export function lengthsOf({ gradients = {}, losses }, layer, names) {
  const kept = known.get(gradients) ?? new Map();
  known.set(gradients, kept);
  const found = kept.get(layer);
  if (found && found.length === losses.length) return found;
  const columns = names.flatMap((name) => (name in gradients ? [gradients[name]] : []));
  const made = Float64Array.from({ length: losses.length }, (_, k) =>
    Math.hypot(...columns.map((column) => column[k])),
  );
  kept.set(layer, made);
  return made;
}

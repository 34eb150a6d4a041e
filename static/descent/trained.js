/**
 * The loss of a network in numbers over samples: that of the program in tensors that it says, by the numbers' names, as
 * graphviz_backprop/descent/networks.py has it.
 */

import { layoutOf } from "./layout.js";
import { tensorLossOf } from "./tensors.js";

/**
 * @typedef {object} Trained
 * @property {import("../engine/tensors/slope.js").SlopeOf} slope both passes for n samples
 * @property {Record<string, [string, number]>} cells of each weight and bias its tensor, and its number there
 * @property {Record<string, number[]>} shapes of these tensors
 * @property {{name: string, of: string[]}} inputs the vector of all inputs, and what they are called
 */

/**
 * @param {Trained} trained @param {readonly string[]} names what moves: weights and biases
 * @param {Readonly<Record<string, number>>} start a number for each variable that is no column
 * @param {Readonly<Record<string, ArrayLike<number>>>} columns
 * @returns {import("./loss.js").Loss}
 */
export function trainedLossOf({ slope, cells, shapes, inputs }, names, start, columns) {
  const layout = layoutOf(Object.keys(shapes), Object.values(shapes));
  const placeOf = (/** @type {string} */ name) => layout.ends[layout.names.indexOf(cells[name][0])] + cells[name][1];
  const places = names.map(placeOf);
  const row = new Float64Array(layout.length); // a bias that is not there is 0
  for (const name of Object.keys(cells)) if (name in start) row[placeOf(name)] = start[name];

  const count = Object.values(columns)[0].length;
  const isTarget = (/** @type {string} */ name) => !(name in cells) && !inputs.of.includes(name);
  const loss = tensorLossOf(/** @type {any} */ (null), layout, {
    start: only(start, isTarget),
    columns: { [inputs.name]: woven(inputs.of, start, columns, count), ...only(columns, isTarget) },
    count,
    sampled: { whole: false, slope },
  });
  return (point, rows) => {
    places.forEach((place, at) => (row[place] = point[at]));
    const found = loss(row, rows);
    return { loss: found.loss, gradient: Float64Array.from(places, (place) => found.gradient[place]) };
  };
}

/** @template T @param {Readonly<Record<string, T>>} record @param {(name: string) => boolean} has */
const only = (record, has) => Object.fromEntries(Object.entries(record).filter(([name]) => has(name)));

/**
 * All inputs, sample by sample; one that is no column is the same in each.
 * @param {readonly string[]} names @param {Readonly<Record<string, number>>} start
 * @param {Readonly<Record<string, ArrayLike<number>>>} columns @param {number} count
 */
function woven(names, start, columns, count) {
  const found = new Float64Array(count * names.length);
  names.forEach((name, at) => {
    const column = columns[name];
    for (let sample = 0; sample < count; sample++) {
      found[sample * names.length + at] = column ? column[sample] : start[name];
    }
  });
  return found;
}

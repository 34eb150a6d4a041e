/** The loss of samples that nothing was learned from; and of a classifier, how many of them are told right. */

import { formatNumber } from "../engine/numerals.js";
import { createPass } from "../engine/pass.js";
import { createSlope, sized } from "../engine/tensors/slope.js";
import { valueOf } from "../state/url.js";
import { cellsOf } from "./cells.js";
import { layoutOf } from "./layout.js";
import { tensorLossOf } from "./tensors.js";

/**
 * @typedef {import("../engine/tensors/slope.js").SlopeOf} SlopeOf
 * @typedef {import("../workbench.js").Shown} Shown
 *
 * @typedef {object} Held samples that are held out
 * @property {number} count
 * @property {Record<string, Float64Array>} columns by variable, as those of the samples that are not
 * @property {SlopeOf | null} [right] how many of n samples a classifier in tensors tells right
 *
 * @typedef {object} Decides how a network in numbers tells classes
 * @property {string} by "label": the largest output has the number that the target is; "largest": as the largest target
 *   has; "sides": each output is on its target's side of 1/2
 * @property {string[]} outputs nodes
 * @property {string[]} targets variables
 *
 * @typedef {{loss: number | null, right: number | null}} Told of all samples that are held out
 */

const WORK = 1_000_000; // nodes of samples, one by one, that are computed while steps run; more are when they rest

/**
 * What tells it: “240 of 250 samples held out are right: 96 %.”
 * @returns {(state: Shown, decides: Decides | null, running: boolean) => string}
 */
export function createHeldOut() {
  /** What the program and the samples decide alone. @type {{key: unknown[], tell: ((state: Shown) => Told) | null}} */
  let known = { key: [], tell: null };
  /** @type {{key: unknown[], words: string}} */
  let said = { key: [], words: "" };

  return (state, decides, running) => {
    const { graph, tensors, samples, moved, at, lists } = state;
    const held = samples?.held;
    if (!samples || !held?.count || !(graph ?? tensors)) return "";
    const of = [graph, tensors, samples, decides?.by, decides?.outputs.join(), decides?.targets.join()];
    const key = [...of, moved, at, lists];
    if (isSame(key, said.key)) return said.words;
    const alone = graph ?? (samples.sampled?.slope ? null : tensors);
    if (alone && running && alone.nodes.length * held.count > WORK) return "";
    if (!isSame(of, known.key)) {
      known = { key: of, tell: graph ? ofNumbers(graph, held, decides) : tensors && ofTensors(tensors, samples, held) };
    }
    said = { key, words: known.tell ? inWords(held.count, known.tell(state)) : "" };
    return said.words;
  };
}

/** @param {readonly unknown[]} one @param {readonly unknown[]} other */
const isSame = (one, other) => one.length === other.length && one.every((part, at) => part === other[at]);

// Tensors

/**
 * @typedef {(name: string) => ArrayLike<number>} Values
 *
 * @typedef {import("../engine/tensors/run.js").TensorGraph} TensorGraph
 */

/**
 * @param {TensorGraph} tensors @param {import("../workbench.js").Samples} samples @param {Held} held
 * @returns {(state: Shown) => Told}
 */
function ofTensors(tensors, { sampled }, held) {
  const sum = counting(sampled?.slope, held);
  const loss = sum
    ? (/** @type {readonly string[]} */ names, /** @type {Values} */ values) =>
        sum(names, values) / (sampled?.whole ? 1 : held.count)
    : oneByOne(tensors, held);
  const right = counting(held.right, held);
  return (state) => {
    const names = tensors.variables.filter((name) => !Object.hasOwn(held.columns, name));
    const values = (/** @type {string} */ name) =>
      state.moved.get(name) ?? cellsOf(state, name) ?? [valueOf(state, name)];
    return { loss: loss(names, values), right: right?.(names, values) ?? null };
  };
}

/**
 * The loss where the program takes no axis of samples.
 * @param {TensorGraph} tensors @param {Held} held
 * @returns {(names: readonly string[], values: Values) => number}
 */
function oneByOne(tensors, { count, columns }) {
  return (names, values) => {
    const start = Object.fromEntries(names.map((name) => [name, values(name)]));
    return tensorLossOf(tensors, layoutOf([], []), { start, columns, count, sampled: null })(NOTHING, null).loss;
  };
}

const NOTHING = new Float64Array(0); // moves

/**
 * What computes a number of all samples that are held out, where the parameters have these values.
 * @param {SlopeOf | null | undefined} of @param {Held} held
 * @returns {((names: readonly string[], values: Values) => number) | null}
 */
function counting(of, { count, columns }) {
  const slope = of ? createSlope(sized(of, count), [], columns) : null;
  return (
    slope &&
    ((names, values) => {
      for (const name of names) slope.set(name, values(name));
      slope.run();
      return slope.value();
    })
  );
}

// Numbers

/**
 * @param {import("../workbench.js").Graph} graph @param {Held} held @param {Decides | null} decides
 * @returns {(state: Shown) => Told}
 */
function ofNumbers(graph, { columns, count }, decides) {
  const pass = createPass(graph);
  const last = graph.nodes.length - 1;
  const own = graph.variables.filter((name) => !Object.hasOwn(columns, name));
  const given = Object.entries(columns);
  const isRight = decides && rightOf(graph, columns, decides);
  return (state) => {
    for (const name of own) pass.set(name, valueOf(state, name));
    let [sum, right] = [0, 0];
    for (let row = 0; row < count; row++) {
      for (const [name, column] of given) pass.set(name, column[row]);
      pass.run(1);
      sum += pass.values[last];
      if (isRight?.(pass.values, row)) right++;
    }
    return { loss: sum / count, right: isRight ? right : null };
  };
}

/**
 * Whether a sample is told right; null where its targets are no columns.
 * @param {import("../engine/engine.js").Graph} graph @param {Record<string, ArrayLike<number>>} columns
 * @param {Decides} decides @returns {((values: ArrayLike<number>, row: number) => boolean) | null}
 */
function rightOf({ nodes }, columns, { by, outputs, targets }) {
  const wanted = targets.map((name) => columns[name]);
  if (!wanted.length || !wanted.every(Boolean)) return null;
  const places = outputs.map((id) => nodes.findIndex((node) => node.id === id));
  return (values, row) => {
    const said = places.map((at) => values[at]);
    const targetsOf = wanted.map((column) => column[row]);
    if (said.some(Number.isNaN)) return false;
    if (by === "sides") return said.every((a, at) => a > 0.5 === targetsOf[at] > 0.5);
    return largest(said) === (by === "label" ? targetsOf[0] : largest(targetsOf));
  };
}

/** The place of the largest number, the first of those that tie. @param {number[]} xs */
const largest = (xs) => xs.indexOf(Math.max(...xs));

/** @param {number} count @param {Told} told */
function inWords(count, { loss, right }) {
  const number = loss === null ? "" : formatNumber(loss);
  if (right === null) return number && `The loss of ${count} samples held out is ${number}.`;
  const share = Math.floor((1000 * right) / count) / 10;
  return `${right} of ${count} samples held out are right: ${share} %.${number && ` Their loss is ${number}.`}`;
}

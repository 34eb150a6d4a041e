/** A descent, step by step, as graphviz_backprop/descent/plan.py makes it: the same numbers, the same sentences. */

import { formatNumber } from "../engine/numerals.js";
import { LIMITS } from "../state/table.js";
import { batches } from "./batches.js";
import { joined, layoutOf, shapesOf } from "./layout.js";
import { lossOf } from "./loss.js";
import { descending, LARGEST, roundedDown } from "./rate.js";
import { Refusal } from "./refusal.js";
import { optimizers } from "./updates.js";
import { overshot, Watch } from "./watch.js";

/**
 * @typedef {object} Asked
 * @property {string[]} parameters what moves
 * @property {Record<string, import("./layout.js").Amount>} start where each variable that is no column starts
 * @property {string} optimizer
 * @property {number | null} rate null, and one is chosen
 * @property {Record<string, number>} settings
 * @property {number} steps
 * @property {Record<string, ArrayLike<number>>} columns by the variables that they stand for; of tensors, all their
 *   cells sample by sample
 * @property {number} [count] how many samples there are, where a column alone does not say it
 * @property {import("./tensors.js").Sampled | null} [sampled] how a program with tensors takes them
 * @property {import("./trained.js").Trained | null} [trained] the tensors as which a network in numbers learns
 * @property {{columns: Record<string, ArrayLike<number>>, count: number} | null} [held] samples that are held out
 * @property {number | null} batch rows of a step; null for all
 * @property {boolean} shuffle
 * @property {number} seed
 *
 * @typedef {import("./descent.js").Message} Message
 * @typedef {Record<string, number>} Numbers
 */

const LINE = 50; // milliseconds of work that a message tells
const FIRST = 5; // steps that the first one tells, so that something is there at once

/**
 * @param {import("../engine/engine.js").Graph | import("../engine/tensors/run.js").TensorGraph} graph
 * @param {Asked} asked
 * @param {() => number} now in milliseconds
 * @returns {Generator<Message, void>}
 */
export function* compute(graph, asked, now) {
  const { optimizer: name, parameters, columns, start } = asked;
  const shapes = shapesOf(graph);
  const layout = layoutOf(
    parameters,
    parameters.map((parameter) => shapes.get(parameter) ?? []),
  );
  check(asked, layout.length);
  const loss = lossOf(graph, layout, asked);
  const begin = joined(layout, (parameter) => start[parameter]);
  const size = asked.count ?? Object.values(columns)[0]?.length ?? 0;
  const held = asked.held?.count ? lossOf(graph, layout, { ...asked, ...asked.held }) : null;
  const every = heldEvery(asked, size);
  const rateOfStart = () => descending((point) => loss(point, null).gradient, begin);
  const { scales, state } = optimizers[name];
  const rate = asked.rate ?? (scales ? rateOfStart() : LARGEST);
  const settings = { ...optimizers[name].settings, ...asked.settings, rate };
  const inEpoch = size ? Math.ceil(size / (asked.batch ?? size)) : 0;
  const head = { optimizer: name, settings, parameters, state: [...state], rows: size, batches: inEpoch };
  yield { ...head, ...("tape" in graph && { shapes: layout.shapes }), ...(held && { every }) };

  let stopped = "";
  let made = 0;
  const tested = (/** @type {Step} */ { point }) => (held && made++ % every === 0 ? held(point, null).loss : null);
  for (const piece of pieces(steps(asked, settings, loss, layout, begin, size), now, tested)) {
    stopped = piece[piece.length - 1].stopped;
    yield message(piece, state);
  }
  const tenth = roundedDown(rate / 10);
  const smaller = overshot(stopped) ? (scales ? Math.min(tenth, rateOfStart()) : tenth) : null;
  yield { done: true, stopped, smaller };
}

/**
 * @typedef {object} Step what was found after some steps: loss and gradient are those of the batch that comes next
 * @property {Float64Array} point
 * @property {number} loss
 * @property {Float64Array} gradient
 * @property {Record<string, Float64Array>} memory the optimizer's, by its name
 * @property {string} stopped
 * @property {number | null} [held] the loss of what is held out
 */

/**
 * @param {Asked} asked @param {Numbers} settings @param {import("./loss.js").Loss} loss
 * @param {import("./layout.js").Layout} layout
 * @param {Float64Array} begin @param {number} size how many rows there are
 * @returns {Generator<Step, void>}
 */
function* steps({ optimizer, steps: most, batch, shuffle, seed }, settings, loss, layout, begin, size) {
  const { state, step } = optimizers[optimizer];
  const watch = new Watch(layout, batch === null ? null : loss(begin, null).loss);
  let point = begin;
  /** @type {Record<string, Float64Array>} */
  let memory = Object.fromEntries(state.map((name) => [name, new Float64Array(point.length)]));
  const rows = batches(size, batch, shuffle, seed);
  for (let made = 0; ; made++) {
    const found = loss(point, rows.next().value);
    const stopped = watch.see(point, found.loss, found.gradient);
    yield { point, ...found, memory, stopped };
    if (stopped || made === most) return;
    ({ point, memory } = step(settings, point, found.gradient, memory));
  }
}

/**
 * After how many steps the samples that are held out are tested again: as often as that takes no longer than the steps.
 * @param {Asked} asked @param {number} size
 */
const heldEvery = ({ held, batch }, size) => Math.max(1, Math.ceil((held?.count ?? 0) / Math.min(batch ?? size, size)));

/**
 * The steps in pieces of so much work.
 * @param {Iterable<Step>} all @param {() => number} now
 * @param {(step: Step) => number | null} tested the loss of what is held out, where it is asked for
 */
function* pieces(all, now, tested) {
  /** @type {Step[]} */
  let piece = [];
  let [most, begun] = [FIRST, now()];
  for (const step of all) {
    piece.push({ ...step, held: tested(step) });
    if (piece.length < most && now() - begun <= LINE) continue;
    yield piece;
    [piece, most, begun] = [[], Infinity, now()];
  }
  if (piece.length) yield piece;
}

/** @param {Step[]} piece @param {readonly string[]} state @returns {Message} */
function message(piece, state) {
  const held = piece.flatMap((step) => step.held ?? []);
  return {
    losses: piece.map(({ loss }) => loss),
    ...(held.length && { held }),
    points: piece.map(({ point }) => point),
    gradients: piece.map(({ gradient }) => gradient),
    states: Object.fromEntries(state.map((name) => [name, piece.map(({ memory }) => memory[name])])),
  };
}

/**
 * Refuses what plan.py and optimizers.py do, as far as the page can ask for it.
 * @param {Asked} asked @param {number} numbers that move
 */
function check({ parameters, start, settings, steps: most }, numbers) {
  if (!parameters.length) throw new Refusal("there are no parameters, so nothing can move");
  for (const [name, x] of Object.entries(start)) {
    if (typeof x === "number" && !Number.isFinite(x)) {
      throw new Refusal(`the start of ${name} is ${formatNumber(x)}, and should be finite`);
    }
  }
  for (const [name, number] of Object.entries(settings)) {
    if (!(Number.isFinite(number) && number >= 0)) throw new Refusal(`${name} is ${number}, and should be 0 or more`);
    if (/^beta[12]$/.test(name) && number >= 1) throw new Refusal(`${name} is ${number}, and should be less than 1`);
  }
  if (most > LIMITS.steps) throw new Refusal(`${count(most)} steps are too many; ${count(LIMITS.steps)} can be made`);
  const can = Math.floor(LIMITS.numbers / numbers);
  if (most > can) {
    const of = `${count(most)} steps of ${count(numbers)} parameters`;
    throw new Refusal(`${of} are more than can be kept; ${count(can)} steps can`);
  }
}

/** @param {number} number */
const count = (number) => number.toLocaleString("en");

/** A descent, step by step, as graphviz_backprop/descent/plan.py makes it: the same numbers, the same sentences. */

import { formatNumber } from "../engine/numerals.js";
import { LIMITS } from "../state/table.js";
import { batches } from "./batches.js";
import { lossOf } from "./loss.js";
import { descending, LARGEST, roundedDown } from "./rate.js";
import { Refusal } from "./refusal.js";
import { optimizers } from "./updates.js";
import { overshot, Watch } from "./watch.js";

/**
 * @typedef {object} Asked
 * @property {string[]} parameters what moves
 * @property {Record<string, number>} start a number for each variable that is no column
 * @property {string} optimizer
 * @property {number | null} rate null, and one is chosen
 * @property {Record<string, number>} settings
 * @property {number} steps
 * @property {Record<string, ArrayLike<number>>} columns by the variables that they stand for
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
 * @param {import("../engine/engine.js").Graph} graph
 * @param {Asked} asked
 * @param {() => number} now in milliseconds
 * @returns {Generator<Message, void>}
 */
export function* compute(graph, asked, now) {
  check(asked);
  const { optimizer: name, parameters, columns, start } = asked;
  const loss = lossOf(graph, parameters, start, columns);
  const begin = parameters.map((parameter) => start[parameter]);
  const size = Object.values(columns)[0]?.length ?? 0;
  const rateOfStart = () => descending((point) => loss(point, null).gradient, begin);
  const { scales, state } = optimizers[name];
  const rate = asked.rate ?? (scales ? rateOfStart() : LARGEST);
  const settings = { ...optimizers[name].settings, ...asked.settings, rate };
  const inEpoch = size ? Math.ceil(size / (asked.batch ?? size)) : 0;
  yield { optimizer: name, settings, parameters, state: [...state], rows: size, batches: inEpoch };

  let stopped = "";
  for (const piece of pieces(steps(asked, settings, loss, begin, size), now)) {
    stopped = piece[piece.length - 1].stopped;
    yield message(piece, state);
  }
  const tenth = roundedDown(rate / 10);
  const smaller = overshot(stopped) ? (scales ? Math.min(tenth, rateOfStart()) : tenth) : null;
  yield { done: true, stopped, smaller };
}

/**
 * @typedef {object} Step what was found after some steps: loss and gradient are those of the batch that comes next
 * @property {number[]} point
 * @property {number} loss
 * @property {number[]} gradient
 * @property {Numbers[]} memory the optimizer's, by parameter
 * @property {string} stopped
 */

/**
 * @param {Asked} asked @param {Numbers} settings @param {import("./loss.js").Loss} loss
 * @param {number[]} begin @param {number} size how many rows there are
 * @returns {Generator<Step, void>}
 */
function* steps({ optimizer, parameters, steps: most, batch, shuffle, seed }, settings, loss, begin, size) {
  const { state, lines } = optimizers[optimizer];
  const watch = new Watch(parameters, batch === null ? null : loss(begin, null).loss);
  let point = begin;
  let memory = point.map(() => Object.fromEntries(state.map((name) => [name, 0])));
  const rows = batches(size, batch, shuffle, seed);
  for (let made = 0; ; made++) {
    const found = loss(point, rows.next().value);
    const stopped = watch.see(point, found.loss, found.gradient);
    yield { point, ...found, memory, stopped };
    if (stopped || made === most) return;
    const updated = point.map((w, at) => {
      /** @type {Numbers} */
      const numbers = { ...settings, ...memory[at], w, g: found.gradient[at] };
      for (const [name, line] of lines) numbers[name] = line(numbers);
      return numbers;
    });
    point = updated.map(({ w }) => w);
    memory = updated.map((numbers) => Object.fromEntries(state.map((name) => [name, numbers[name]])));
  }
}

/**
 * The steps in pieces of so much work.
 * @param {Iterable<Step>} all @param {() => number} now
 */
function* pieces(all, now) {
  /** @type {Step[]} */
  let piece = [];
  let [most, begun] = [FIRST, now()];
  for (const step of all) {
    piece.push(step);
    if (piece.length < most && now() - begun <= LINE) continue;
    yield piece;
    [piece, most, begun] = [[], Infinity, now()];
  }
  if (piece.length) yield piece;
}

/** @param {Step[]} piece @param {readonly string[]} state @returns {Message} */
function message(piece, state) {
  return {
    losses: piece.map(({ loss }) => loss),
    points: piece.map(({ point }) => point),
    gradients: piece.map(({ gradient }) => gradient),
    states: Object.fromEntries(
      state.map((name) => [name, piece.map(({ memory }) => memory.map((numbers) => numbers[name]))]),
    ),
  };
}

/** Refuses what plan.py and optimizers.py do, as far as the page can ask for it. @param {Asked} asked */
function check({ parameters, start, settings, steps: most }) {
  if (!parameters.length) throw new Refusal("there are no parameters, so nothing can move");
  for (const [name, x] of Object.entries(start)) {
    if (!Number.isFinite(x)) throw new Refusal(`the start of ${name} is ${formatNumber(x)}, and should be finite`);
  }
  for (const [name, number] of Object.entries(settings)) {
    if (!(Number.isFinite(number) && number >= 0)) throw new Refusal(`${name} is ${number}, and should be 0 or more`);
    if (/^beta[12]$/.test(name) && number >= 1) throw new Refusal(`${name} is ${number}, and should be less than 1`);
  }
  if (most > LIMITS.steps) throw new Refusal(`${count(most)} steps are too many; ${count(LIMITS.steps)} can be made`);
  const can = Math.floor(LIMITS.numbers / parameters.length);
  if (most > can) {
    const of = `${count(most)} steps of ${count(parameters.length)} parameters`;
    throw new Refusal(`${of} are more than can be kept; ${count(can)} steps can`);
  }
}

/** @param {number} number */
const count = (number) => number.toLocaleString("en");

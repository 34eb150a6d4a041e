/** Why a descent ends early, in words, as graphviz_backprop/descent/divergence.py finds it. */

import { formatNumber } from "../engine/numerals.js";
import { lengthOf, nameAt } from "./layout.js";

const GROWTH = 1e6; // a loss that has grown by more has left for good
const SMALLER = "try a smaller rate";
const OVERSHOT = 1e3; // a gradient that has grown by more says why a number stopped being one
const NAMED = 3;

/** Whether a smaller rate could have helped. @param {string} stopped */
export const overshot = (stopped) => stopped.endsWith(SMALLER);

/** Sees every step of a descent and says when a further one makes no sense. */
export class Watch {
  #steps = -1;
  /** At the start, and the last one. */
  #losses = [NaN, NaN];
  /** Lengths of gradients: the first one, and the last one that is a number. */
  #slopes = [NaN, NaN];

  /**
   * @param {import("./layout.js").Layout} layout of what moves
   * @param {number | null} first counts as the loss at the start, where the first batch alone says little
   */
  constructor(layout, first) {
    this.layout = layout;
    this.first = first;
  }

  /**
   * The reason to stop here; "" if there is none.
   * @param {Float64Array} point @param {number} loss @param {Float64Array} gradient
   */
  see(point, loss, gradient) {
    this.#remember(loss, lengthOf(gradient));
    if (loss === -Infinity) return "the loss falls without end: it has no minimum in this direction";
    const bound = GROWTH * Math.max(1, Math.abs(this.first ?? this.#losses[0]));
    if (loss > bound && this.#steps) return this.#overshot();
    if (!Number.isFinite(loss)) return this.#nowhere(point);
    let at = 0;
    while (at < gradient.length && Number.isFinite(gradient[at])) at++;
    if (at === gradient.length) return "";
    return `the gradient by ${nameAt(this.layout, at)} is ${formatNumber(gradient[at])} ${this.#place(point)}`;
  }

  /** @param {number} loss @param {number} slope */
  #remember(loss, slope) {
    this.#steps += 1;
    const start = this.#steps === 0;
    this.#losses = [start ? loss : this.#losses[0], loss];
    this.#slopes = [start ? slope : this.#slopes[0], Number.isNaN(slope) ? this.#slopes[1] : slope];
  }

  /** Why the loss is no number. @param {Float64Array} point */
  #nowhere(point) {
    const found = `the loss is ${formatNumber(this.#losses[1])} ${this.#place(point)}`;
    if (!this.#steps) return found;
    const [small, large] = this.#slopes;
    if (large > OVERSHOT * small) return this.#overshot();
    return `${found}: the step led out of where the function is defined, ${SMALLER}`;
  }

  #overshot() {
    const [small, large] = this.#slopes;
    const known = large > small; // else the last one is lost in infinities
    const [from, to] = (known ? this.#slopes : this.#losses).map(formatNumber);
    return `the step overshoots: ${known ? "|gradient|" : "the loss"} grew from ${from} to ${to}, ${SMALLER}`;
  }

  /** @param {Float64Array} point */
  #place(point) {
    const steps = this.#steps ? `after ${this.#steps} step${this.#steps > 1 ? "s" : ""}` : "at the start";
    const few = Array.from(point.subarray(0, NAMED), (x, at) => `${nameAt(this.layout, at)} = ${formatNumber(x)}`);
    return `${steps}, where ${few.join(", ")}${point.length > NAMED ? ", …" : ""}`;
  }
}

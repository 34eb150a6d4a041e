/** The descents that race from one start: asked for, taken in while they come, and shown at one of their steps. */

import { endOf, lastOf, led, reachOf, rowOf, settled, shownOf } from "./descent.js";
import { createFetching } from "./fetching.js";
import { createPatience } from "./patience.js";
import { MOST_STEPS, parametersOf, planOf } from "./plan.js";
import { Start } from "./start.js";

/**
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {import("../workbench.js").Page} Page
 *
 * @typedef {object} Events
 * @property {() => void} asked for descents
 * @property {() => void} grown more is there of what is shown
 * @property {() => void} complete
 * @property {(message: string) => void} failed
 * @property {() => void} moved someone else has moved the values: another start will be needed
 * @property {(name: string) => string} titleOf an optimizer's
 * @property {() => string[]} preferred what moves where nobody chose
 */

const TYPING = 150; // a keystroke waits so long for the next one

export class Race {
  /** Those that are shown, the followed one first. @type {Descent[]} */
  descents = [];
  /** The last step that was shown. */
  furthest = -1;
  /** Those that take their place once they reach as far. @type {Descent[] | null} */
  #coming = null;
  /** How many steps Run adds at the end. */
  #stride = 1;
  #asking = 0;
  #patience;
  #fetching;

  /** @param {Page} page @param {Events} on */
  constructor(page, on) {
    this.page = page;
    this.on = on;
    this.start = new Start(page.state);
    this.stride = page.state.steps;
    this.#patience = createPatience(() => page.moved());
    this.#fetching = createFetching({
      grown: (found) => this.#take(found),
      complete: (found) => this.#complete(found),
      failed: (message) => this.#fail(message),
    });
  }

  get variables() {
    return this.page.graph()?.variables ?? [];
  }

  /** What could move. */
  get free() {
    const columns = this.page.rows()?.columns ?? {};
    return this.variables.filter((name) => !Object.hasOwn(columns, name));
  }

  /** What moves. */
  get parameters() {
    return parametersOf(this.page.state, this.free, this.on.preferred());
  }

  /** How far all of them can be shown by now. */
  get reach() {
    return reachOf(this.descents);
  }

  get end() {
    return endOf(this.descents);
  }

  /** Whether no step comes after those that are there. */
  get isOver() {
    return this.descents.every(({ done }) => done);
  }

  get isBusy() {
    return this.#fetching.isBusy();
  }

  /** Whether it takes its time. */
  get isLate() {
    return this.#patience.isLate() && this.isBusy;
  }

  get wasMoved() {
    return this.start.wasMoved(this.variables);
  }

  /** @param {number} steps */
  set stride(steps) {
    this.#stride = Math.max(steps, 1);
  }

  /** Begins at the values that are set now. */
  begin() {
    this.start.begin(this.parameters, this.variables);
    this.page.state.k = this.furthest = 0;
    this.descents = [];
    this.start.keep(this.free);
    this.ask();
  }

  /** A race that the address holds is computed again. */
  reopen() {
    const { state } = this.page;
    this.#clear(state.k);
    this.stride = state.steps;
    this.start.adopt(this.variables);
    if (state.k < 0) return;
    state.k = Math.min(state.k, Math.max(state.steps, 1));
    this.ask();
  }

  leave() {
    this.#clear(-1);
    this.page.state.k = -1;
    this.start.leave();
  }

  ask() {
    clearTimeout(this.#asking);
    this.on.asked();
    this.#coming = null;
    const { page } = this;
    const graph = page.graph();
    if (graph) this.#fetching.go(graph, planOf(page.state, this.variables, page.rows(), this.parameters));
    this.#patience.start();
  }

  /** The same start with what was chosen just now, at the step that is shown. */
  again() {
    if (this.page.state.k < 0) return;
    clearTimeout(this.#asking);
    this.#asking = window.setTimeout(() => this.ask(), TYPING);
  }

  /** Goes on with as many steps again, where not all have stopped. */
  extend() {
    const { state } = this.page;
    if (state.steps >= MOST_STEPS || this.descents.every(({ stopped }) => stopped)) return false;
    state.steps = Math.min(state.steps + this.#stride, MOST_STEPS);
    return true;
  }

  cancel() {
    this.#fetching.cancel();
  }

  /** Keeps what has come so far, and says whether that is anything. */
  settle() {
    this.cancel();
    this.#patience.stop();
    this.descents = settled(this.#coming && !this.descents.length ? this.#coming : this.descents);
    this.#coming = null;
    return this.descents.length > 0;
  }

  /** Shows step k. @param {number} k */
  to(k) {
    if (!this.descents.length) return;
    if (this.wasMoved) return this.on.moved();
    const { state } = this.page;
    state.k = Math.max(0, Math.min(k, this.reach));
    this.furthest = Math.max(this.furthest, state.k);
    this.start.narrow();
    const [followed] = this.descents;
    this.page.move(rowOf(followed.points, shownOf(followed, state.k)));
    this.start.keep(this.free);
    this.plot();
  }

  /** Draws them on the plots. */
  plot() {
    const { k } = this.page.state;
    const begun = k < 0 ? [] : this.descents.filter((one) => lastOf(one) >= 0);
    this.page.setTracks(
      begun.map((one) => {
        const { name, points, losses, gradients } = one;
        return { name: this.on.titleOf(name), points, losses, gradients, shown: shownOf(one, k) };
      }),
    );
  }

  /** Follows another one of them. @param {string} name */
  lead(name) {
    this.descents = led(this.descents, name);
    this.to(this.page.state.k);
  }

  /** @param {string} name */
  remove(name) {
    this.descents = this.descents.filter((one) => one.name !== name);
  }

  /** @param {Descent[]} found */
  #take(found) {
    const { k } = this.page.state;
    if (found !== this.descents) {
      this.#coming = found;
      if (reachOf(found) < Math.max(k, 0) || k < 0) return;
      this.#adopt(found);
    }
    this.on.grown();
  }

  /** @param {Descent[]} found */
  #adopt(found) {
    if (this.wasMoved && this.start.isOwn && this.descents.length) return this.on.moved();
    this.start.keep(this.free);
    this.descents = found;
    this.#coming = null;
    this.to(this.page.state.k);
  }

  /** @param {Descent[]} found */
  #complete(found) {
    this.#take(found);
    if (this.descents !== found) this.#adopt(found); // it ended before the step that is shown
    this.#patience.stop();
    this.on.complete();
  }

  /** @param {string} message */
  #fail(message) {
    this.#coming = null;
    this.#patience.stop();
    this.on.failed(message);
  }

  /** Nothing is under way, and nothing known. @param {number} furthest the step that is to be shown */
  #clear(furthest) {
    this.cancel();
    clearTimeout(this.#asking);
    this.#patience.stop();
    [this.descents, this.#coming, this.furthest] = [[], null, furthest];
    this.start.forget();
    this.page.setTracks([]);
  }
}

/** The descents that race from one start: asked for, taken in while they come, and shown at one of their steps. */

import { isLocked, valueOf } from "../state/url.js";
import { kept, shapeOf } from "./cells.js";
import { endOf, lastOf, led, reachOf, rowOf, settled, shownOf } from "./descent.js";
import { createFetching } from "./fetching.js";
import { layoutOf } from "./layout.js";
import { createPatience } from "./patience.js";
import { MOST_STEPS, parametersOf, planOf } from "./plan.js";
import { Start } from "./start.js";
import { createTraining } from "./training.js";

/**
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {import("../workbench.js").Page} Page
 *
 * @typedef {object} Events
 * @property {() => void} asked for descents
 * @property {() => void} grown more is there of what is shown
 * @property {() => void} complete
 * @property {(message: string) => void} failed
 * @property {() => void} late it takes its time
 * @property {(name: string) => string} titleOf an optimizer's
 * @property {() => string[]} preferred what moves where nobody chose
 */

const TYPING = 150; // a keystroke waits so long for the next one

export class Race {
  /** Those that are shown, the followed one first. @type {Descent[]} */
  descents = [];
  /** The step that is shown; -1, and there is no race. */
  k = -1;
  /** The last step that was shown. */
  furthest = -1;
  /** Those that take their place once they reach as far. @type {Descent[] | null} */
  #coming = null;
  /** What was asked for, each descent in a text. */
  #asked = new Set();
  /** Where all that is no column began. @type {Record<string, import("./layout.js").Amount>} */
  #begun = {};
  /** The lists of tensors where it began. @type {ReadonlyMap<string, string>} */
  #lists = new Map();
  /** How many steps Run adds at the end. */
  #stride = 1;
  #wait = () => {};
  #start = new Start();
  #patience;
  #fetching;

  /** @param {Page} page @param {Events} on */
  constructor(page, on) {
    this.page = page;
    this.store = page.store;
    this.on = on;
    this.stride = page.store.state.steps;
    this.#patience = createPatience(page.clock, on.late);
    this.#fetching = createFetching({
      grown: (found) => this.#take(found),
      complete: (found) => this.#complete(found),
      failed: (message) => this.#fail(message),
      prepared: createTraining(page),
    });
  }

  get variables() {
    const { graph, tensors } = this.store.state;
    return graph?.variables ?? tensors?.variables ?? [];
  }

  /** What could move: no column of the data, and nothing that is locked. */
  get free() {
    const { state } = this.store;
    const columns = state.samples?.columns ?? {};
    return this.variables.filter((name) => !Object.hasOwn(columns, name) && !isLocked(state, name));
  }

  /** What moves. */
  get parameters() {
    return parametersOf(this.store.state, this.free, this.on.preferred());
  }

  /** How what moves lies in a row of numbers. */
  get layout() {
    const { parameters } = this;
    return layoutOf(
      parameters,
      parameters.map((name) => shapeOf(this.store.state, name)),
    );
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

  /** Whether the state speaks of this race, at the step that is shown. */
  get isOwn() {
    const { state } = this.store;
    return state.k === this.k && this.#start.isOf(state);
  }

  /** Whether someone has moved the page away from the step that is shown. */
  get isLeft() {
    const [followed] = this.descents;
    if (!followed || this.k < 0) return false;
    const at = shownOf(followed, this.k);
    const { state } = this.store;
    if (state.lists !== this.#lists) return true;
    return this.free.some((name) => {
      if (shapeOf(state, name).length) return false;
      const value = followed.points[name]?.[at] ?? this.#begun[name];
      return value !== undefined && !Object.is(valueOf(state, name), value);
    });
  }

  /** @param {number} steps */
  set stride(steps) {
    this.#stride = Math.max(steps, 1);
  }

  /** Begins at the values that are set now. */
  begin() {
    const { state } = this.store;
    const numbers = this.parameters.filter((name) => !shapeOf(state, name).length);
    const from = new Map(numbers.map((name) => [name, valueOf(state, name)]));
    this.#clear(0);
    this.#start.begin(state, from);
    this.page.choose({ k: 0, from });
    this.ask();
  }

  /** A race that the address holds is computed again. */
  reopen() {
    const { state } = this.store;
    this.#clear(state.k < 0 ? -1 : Math.min(state.k, Math.max(state.steps, 1)));
    this.stride = state.steps;
    this.#start.begin(state, state.from);
    this.store.change({ k: this.k, descents: [], moved: new Map() });
    if (this.k >= 0) this.ask();
  }

  leave() {
    const { state } = this.store;
    this.store.change({ ...kept(state), ...this.#end() });
  }

  /** Ends it, and puts everything back to where it began. */
  reset() {
    const back = this.#start.back(this.store.state);
    this.page.choose({ ...back, ...this.#end() });
  }

  ask() {
    const { state } = this.store;
    this.#wait();
    this.on.asked();
    this.#coming = null;
    const plan = this.#plan();
    this.#asked = new Set(plan.map(textOf));
    this.#begun = plan[0].start;
    this.#lists = state.lists;
    const graph = state.graph ?? state.tensors;
    if (graph) this.#fetching.go(graph, plan);
    this.#patience.start();
  }

  /** The same start with what was chosen just now, at the step that is shown. */
  again() {
    this.#wait();
    if (this.k < 0) return;
    this.#wait = this.page.clock.later(() => {
      if (this.isBusy || !this.#plan().every((one) => this.#asked.has(textOf(one)))) this.ask();
    }, TYPING);
  }

  /** Goes on with as many steps again, where not all have stopped. */
  extend() {
    const { steps } = this.store.state;
    if (steps >= MOST_STEPS || this.descents.every(({ stopped }) => stopped)) return false;
    this.store.change({ steps: Math.min(steps + this.#stride, MOST_STEPS) });
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
    const [followed] = this.descents;
    if (!followed) return;
    this.k = Math.max(0, Math.min(k, this.reach));
    this.furthest = Math.max(this.furthest, this.k);
    const row = [...rowOf(followed.points, shownOf(followed, this.k))];
    const values = new Map(row.filter(([, x]) => typeof x === "number"));
    const moved = new Map(row.filter(([, x]) => typeof x !== "number"));
    const drawn = { k: this.k, descents: this.#drawn(), moved };
    this.store.change({ ...drawn, ...this.#start.patch(this.store.state, values) });
  }

  /** Draws them on the plots. */
  plot() {
    this.store.change({ descents: this.#drawn() });
  }

  /** Follows another one of them. @param {string} name */
  lead(name) {
    this.descents = led(this.descents, name);
    this.to(this.k);
  }

  /** @param {string} name */
  remove(name) {
    this.descents = this.descents.filter((one) => one.name !== name);
  }

  #plan() {
    return planOf(this.store.state, this.variables, this.store.state.samples, this.parameters);
  }

  #drawn() {
    const begun = this.k < 0 ? [] : this.descents.filter((one) => lastOf(one) >= 0);
    return begun.map((one) => {
      const { name, points, losses, gradients } = one;
      return { name: this.on.titleOf(name), points, losses, gradients, shown: shownOf(one, this.k) };
    });
  }

  /** @param {Descent[]} found */
  #take(found) {
    if (found !== this.descents) {
      this.#coming = found;
      if (reachOf(found) < Math.max(this.k, 0) || this.k < 0) return;
      this.#adopt(found);
    }
    this.on.grown();
  }

  /** @param {Descent[]} found */
  #adopt(found) {
    this.descents = found;
    this.#coming = null;
    this.to(this.k);
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

  /** Ends it: what changes in the state. */
  #end() {
    this.#clear(-1);
    const from = new Map();
    this.#start.begin(this.store.state, from);
    return { k: -1, from, descents: [], moved: new Map() };
  }

  /** Nothing is under way, and nothing known. @param {number} k the step that is to be shown */
  #clear(k) {
    this.cancel();
    this.#wait();
    this.#patience.stop();
    [this.descents, this.#coming, this.k, this.furthest] = [[], null, k, k];
  }
}

/**
 * What a descent is asked to do, but for its rows: with others, another race begins.
 * @param {import("./stream.js").Asked} asked
 */
const textOf = (asked) => JSON.stringify({ ...asked, columns: null, sampled: null });

/** Where a descent began, and where it has put the page: its values, and the ends of its sliders. */

import { setValue, valueOf } from "../state/url.js";

/**
 * @typedef {import("../state/url.js").State} State
 * @typedef {{min: number | undefined, max: number | undefined}} Ends
 */

export class Start {
  /**
   * The start that is known here: another map in the state comes from the address.
   * @type {Map<string, number> | null}
   */
  #from = null;
  /** The numbers of the page that only others change. @type {Map<string, number>} */
  #put = new Map();
  /** The sliders' ends: they are wider only where the step that is shown lies outside. @type {Map<string, Ends>} */
  #ends = new Map();

  /** @param {State} state */
  constructor(state) {
    this.state = state;
  }

  /** A start at the values that are set now. @param {string[]} moving @param {string[]} variables */
  begin(moving, variables) {
    this.#keepEnds(variables);
    this.state.from = this.#from = new Map(moving.map((name) => [name, valueOf(this.state, name)]));
  }

  /** Takes over the start that the address holds. @param {string[]} variables */
  adopt(variables) {
    this.#keepEnds(variables);
    this.#from = this.state.from;
  }

  leave() {
    this.state.from = this.#from = new Map();
    this.forget();
  }

  /** Puts everything back to where the descent began. */
  restore() {
    this.narrow();
    for (const [name, value] of this.state.from) setValue(this.state, name, value);
  }

  /** The sliders' ends as they were. */
  narrow() {
    for (const [name, { min, max }] of this.#ends) {
      put(this.state.min, name, min);
      put(this.state.max, name, max);
    }
  }

  /** The page stands where it was put. @param {string[]} names */
  keep(names) {
    this.#put = new Map(names.map((name) => [name, valueOf(this.state, name)]));
  }

  forget() {
    this.#put = new Map();
  }

  /** Whether someone else has moved the page since. @param {string[]} variables */
  wasMoved(variables) {
    return [...this.#put].some(
      ([name, value]) => variables.includes(name) && !Object.is(valueOf(this.state, name), value),
    );
  }

  /** Whether the page was put anywhere. */
  get isPut() {
    return this.#put.size > 0;
  }

  /** Whether the start in the state is the one that is known here. */
  get isOwn() {
    return this.state.from === this.#from;
  }

  /** @param {string[]} names */
  #keepEnds(names) {
    this.#ends = new Map(names.map((name) => [name, { min: this.state.min.get(name), max: this.state.max.get(name) }]));
  }
}

/** @param {Map<string, number>} family @param {string} name @param {number | undefined} end */
function put(family, name, end) {
  if (end === undefined) family.delete(name);
  else family.set(name, end);
}

/** Where a descent began: the parameters' values, and the ends of the sliders. */

import { withValues } from "../state/url.js";

/**
 * @typedef {Readonly<import("../state/url.js").State>} State
 * @typedef {Pick<import("../state/url.js").State, "min" | "max">} Ends
 */

export class Start {
  /**
   * The start that is known here: another one in the state comes from the address.
   * @type {ReadonlyMap<string, number>}
   */
  #from = new Map();
  /** The sliders' ends: they are wider only where the step that is shown lies outside. @type {Ends | null} */
  #ends = null;

  /** @param {State} state @param {ReadonlyMap<string, number>} from */
  begin({ min, max }, from) {
    this.#ends = { min, max };
    this.#from = from;
  }

  /**
   * What puts the page to these values, with ends no wider than they need.
   * @param {State} state @param {ReadonlyMap<string, number>} values
   */
  patch(state, values) {
    return withValues({ ...state, ...this.#ends }, values);
  }

  /** What puts the page back to where the descent began. @param {State} state */
  back(state) {
    return { ...withValues(state, this.#from), ...this.#ends };
  }

  /** Whether the start in the state is the one that is known here. @param {State} state */
  isOf({ from }) {
    return from.size === this.#from.size && [...from].every(([name, x]) => Object.is(this.#from.get(name), x));
  }
}

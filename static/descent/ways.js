/** The ways downhill of a walk: asked of the server, taken in while they come, and shown at one of their steps. */

import { setValue, valueOf } from "../state/url.js";
import { createEnds } from "./ends.js";
import { MOST_STEPS, parametersOf, planOf } from "./plan.js";
import { endOf, lastOf, reachOf, rowOf, shownOf } from "./trail.js";
import { createWalk } from "./walk.js";

/**
 * @typedef {import("./trail.js").Trail} Trail
 * @typedef {import("../workbench.js").Page} Page
 */

const TYPING = 150; // a keystroke waits so long for the next one
const PATIENCE = 400; // until it is shown that the server takes its time

/**
 * @param {Page} page
 * @param {object} told
 * @param {() => void} told.asked the server
 * @param {() => void} told.grown more is there of what is shown
 * @param {() => void} told.complete
 * @param {(message: string) => void} told.failed
 * @param {() => void} told.moved someone else has moved the values: another start will be needed
 * @param {(name: string) => string} told.titleOf an optimizer's
 */
export function createWays(page, told) {
  const { state } = page;
  /** The ways that are shown, the followed one first. @type {Trail[]} */
  let trails = [];
  /** Those that take their place once they reach as far. @type {Trail[] | null} */
  let coming = null;
  /**
   * The start that is known here: another map in the state comes from the address.
   * @type {Map<string, number> | null}
   */
  let start = null;
  /** Where the page was put: where it is not there any more, someone moved it. @type {Map<string, number>} */
  let put = new Map();
  let furthest = -1;
  let stride = Math.max(state.steps, 1);
  let [asking, patience, late] = [0, 0, false];

  const ends = createEnds(state);
  const walk = createWalk({
    grown: taken,
    complete(found) {
      taken(found);
      if (trails !== found) adopt(found); // it ended before the step that is shown
      wait(false);
      told.complete();
    },
    failed(message) {
      coming = null;
      wait(false);
      told.failed(message);
    },
  });

  const variables = () => page.graph()?.variables ?? [];
  const rowsHave = (/** @type {string} */ name) => Object.hasOwn(page.rows()?.columns ?? {}, name);
  const free = () => variables().filter((name) => !rowsHave(name));
  const parameters = () => parametersOf(state, variables(), page.rows());

  /** Numbers of the page that only others change. */
  function keepPlace() {
    put = new Map(free().map((name) => [name, valueOf(state, name)]));
  }

  const wasMoved = () =>
    [...put].some(([name, value]) => variables().includes(name) && !Object.is(valueOf(state, name), value));

  function showTracks() {
    const shown = state.k < 0 ? [] : trails.filter((trail) => lastOf(trail) >= 0);
    page.setTracks(
      shown.map((trail) => {
        const { points, losses, gradients } = trail;
        return { name: told.titleOf(trail.name), points, losses, gradients, shown: shownOf(trail, state.k) };
      }),
    );
  }

  /** Shows step k. @param {number} k */
  function to(k) {
    if (!trails.length) return;
    if (wasMoved()) return told.moved();
    state.k = Math.max(0, Math.min(k, reachOf(trails)));
    furthest = Math.max(furthest, state.k);
    ends.restore();
    page.move(rowOf(trails[0].points, shownOf(trails[0], state.k)));
    keepPlace();
    showTracks();
  }

  function ask() {
    clearTimeout(asking);
    told.asked();
    coming = null;
    if (page.graph()) walk.go(planOf(state, variables(), page.rows()));
    wait(true);
  }

  /** @param {boolean} on */
  function wait(on) {
    clearTimeout(patience);
    late = false;
    if (!on) return;
    patience = window.setTimeout(() => {
      late = true;
      page.moved();
    }, PATIENCE);
  }

  /** @param {Trail[]} found */
  function taken(found) {
    if (found !== trails) {
      coming = found;
      if (reachOf(found) < Math.max(state.k, 0) || state.k < 0) return;
      adopt(found);
    }
    told.grown();
  }

  /** @param {Trail[]} found */
  function adopt(found) {
    if (wasMoved() && start === state.from && trails.length) return told.moved();
    keepPlace();
    trails = found;
    coming = null;
    to(state.k);
  }

  /** Nothing is under way, and nothing known. @param {number} shown the step that is to be shown */
  function clear(shown) {
    walk.cancel();
    clearTimeout(asking);
    wait(false);
    [trails, coming, furthest] = [[], null, shown];
    put = new Map();
    page.setTracks([]);
  }

  return {
    variables,
    free,
    parameters,
    to,
    ask,
    showTracks,
    wasMoved,
    trails: () => trails,
    furthest: () => furthest,
    reach: () => reachOf(trails),
    /** Whether no step comes after those that are there. */
    over: () => trails.every(({ done }) => done),
    isBusy: walk.isBusy,
    isLate: () => late && walk.isBusy(),
    isPut: () => put.size > 0,
    /** Whether the start in the state is that of this walk. */
    isOwn: () => state.from === start,
    cancel: walk.cancel,

    /** Begins at the values that are set now. @param {string[]} names what moves */
    begin(names) {
      ends.keep(variables());
      state.from = start = new Map(names.map((name) => [name, valueOf(state, name)]));
      state.k = furthest = 0;
      trails = [];
      keepPlace();
      ask();
    },

    /** The same start with what was chosen just now, at the step that is shown. */
    again() {
      if (state.k < 0) return;
      clearTimeout(asking);
      asking = window.setTimeout(ask, TYPING);
    },

    /** Goes on with as many steps again, where the ways have not stopped. */
    extend() {
      if (state.steps >= MOST_STEPS || trails.every(({ stopped }) => stopped)) return false;
      state.steps = Math.min(state.steps + stride, MOST_STEPS);
      return true;
    },
    /** @param {number} count */
    setStride(count) {
      stride = count;
    },

    leave() {
      clear(-1);
      state.k = -1;
      state.from = start = new Map();
    },

    /** Puts everything back to where the walk began. @param {ReadonlyMap<string, number>} from */
    restore(from) {
      ends.restore();
      for (const [name, value] of from) setValue(state, name, value);
    },

    /** Keeps what has come so far, and says whether that is anything. */
    settle() {
      walk.cancel();
      wait(false);
      const found = coming && !trails.length ? coming : trails;
      trails = found.filter((trail) => lastOf(trail) >= 0);
      for (const trail of trails) trail.done = true;
      coming = null;
      return trails.length > 0;
    },

    /** A walk that the address holds is gone again. */
    reopen() {
      clear(state.k);
      start = state.from;
      stride = Math.max(state.steps, 1);
      ends.keep(variables());
      if (state.k < 0) return;
      state.k = Math.min(state.k, Math.max(state.steps, 1));
      ask();
    },

    /** Follows another one of them. @param {string} name */
    lead(name) {
      const first = (/** @type {Trail} */ one) => Number(one.name !== name);
      trails.sort((one, other) => first(one) - first(other));
      to(state.k);
    },

    /** @param {string} name */
    remove(name) {
      trails = trails.filter((trail) => trail.name !== name);
    },
    end: () => endOf(trails),
  };
}

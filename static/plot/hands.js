/** What hands and keys do to the plot: they move its point, and the part of the plane that is seen. */

import { createGestures } from "./gestures.js";
import { snapped, stepped } from "./moves.js";
import * as view from "./window.js";

/**
 * @typedef {import("./window.js").Window} Window
 *
 * @param {SVGSVGElement} svg @param {import("./card.js").Page} page
 * @param {object} card
 * @param {() => string[]} card.names the variables that are plotted
 * @param {(x: number, y: number) => boolean} card.holds whether the point is there
 */
export function createHands(svg, { store, move }, { names, holds }) {
  const { state } = store;
  /** @type {import("./layers.js").Frame | null} */
  let frame = null;
  /** @type {Window} */
  let sight = [0, 1, 0, 1];

  /** @param {Window} to */
  function look(to) {
    sight = to; // the next move of a hand may come before the next frame
    store.change({ box: view.write(to) });
  }

  const reset = () => store.change({ box: "" });

  const gestures = createGestures(svg, {
    zoom(factor, x, y) {
      if (!frame) return;
      const { left, right, bottom, top } = frame.box;
      const across = x === undefined ? 0.5 : (x - left) / (right - left);
      const up = y === undefined ? 0.5 : (bottom - y) / (bottom - top);
      const [from, to, low, high] = sight;
      look(view.zoomed(sight, factor, from + across * (to - from), low + up * (high - low)));
    },
    pan(right, down) {
      if (!frame) return;
      const { box } = frame;
      look(view.moved(sight, -right / (box.right - box.left), down / (box.bottom - box.top)));
    },
    reset,
    drag(x, y) {
      if (!frame) return;
      const { box } = frame;
      const [first, second] = names();
      const across = frame.x.invert(Math.min(Math.max(x, box.left), box.right));
      const values = new Map([[first, snapped(state, first, across, frame.x)]]);
      if (second) {
        const up = frame.y.invert(Math.min(Math.max(y, box.top), box.bottom));
        values.set(second, snapped(state, second, up, frame.y));
      }
      move(values);
    },
    holds,
    ended() {},
  });

  return {
    in: gestures.in,
    out: gestures.out,
    reset,
    /** What is seen now. @param {import("./layers.js").Frame} shown @param {Window} window */
    see(shown, window) {
      [frame, sight] = [shown, window];
    },
    /** Moves the point by steps of its sliders. @param {number} right @param {number} up */
    step(right, up) {
      const moving = names();
      const values = stepped(state, moving, moving.length === 2 ? [right, up] : [right || up]);
      if (values.size) move(values);
    },
  };
}

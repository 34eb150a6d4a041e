/** Plays steps at a speed, a frame at a time. What is shown follows from the place alone, so nothing adds up. */

import { createTicker } from "../page/clock.js";

/**
 * @param {import("../page/clock.js").Clock} clock
 * @param {object} page
 * @param {() => number} page.reach the last step that can be shown by now
 * @param {() => boolean} page.over whether no step comes after that one
 * @param {(k: number) => void} page.show
 * @param {() => void} page.ended
 */
export function createPlayback(clock, { reach, over, show, ended }) {
  let [place, shown, speed] = [0, 0, 1];
  const ticker = createTicker(clock, (elapsed) => {
    place = Math.min(place + (elapsed * speed) / 1000, Math.max(reach(), shown));
    const k = Math.floor(place);
    if (k > shown) show((shown = k));
    if (!over() || shown < reach()) return;
    ticker.stop();
    ended();
  });

  return {
    /** @param {number} k where it begins @param {number} steps a second */
    start(k, steps) {
      ticker.stop();
      [place, shown, speed] = [k, k, steps];
      ticker.start();
    },
    pause: ticker.stop,
    isPlaying: ticker.isRunning,
  };
}

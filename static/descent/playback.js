/** Plays steps at a speed, a frame at a time. What is shown follows from the place alone, so nothing adds up. */

const AWAY = 100; // milliseconds: a tab that was away goes on where it was

/**
 * @param {object} page
 * @param {() => number} page.reach the last step that can be shown by now
 * @param {() => boolean} page.over whether no step comes after that one
 * @param {(k: number) => void} page.show
 * @param {() => void} page.ended
 * @param {(tick: (now: number) => void) => number} [page.frame]
 */
export function createPlayback({ reach, over, show, ended, frame = (tick) => requestAnimationFrame(tick) }) {
  let playing = false;
  let [place, shown, last, speed] = [0, 0, -1, 1];
  let round = 0; // a frame of an earlier run does nothing

  /** @param {number} mine @param {number} now */
  function tick(mine, now) {
    if (mine !== round || !playing) return;
    const gone = last < 0 ? 0 : Math.min(now - last, AWAY);
    last = now;
    place = Math.min(place + (gone * speed) / 1000, Math.max(reach(), shown));
    const k = Math.floor(place);
    if (k > shown) show((shown = k));
    if (over() && shown >= reach()) {
      playing = false;
      ended();
    } else frame((then) => tick(mine, then));
  }

  return {
    /** @param {number} k where it begins */
    start(k) {
      [place, shown, last, playing] = [k, k, -1, true];
      round += 1;
      const mine = round;
      frame((now) => tick(mine, now));
    },
    pause() {
      playing = false;
    },
    /** @param {number} steps a second */
    setSpeed(steps) {
      speed = steps;
    },
    isPlaying: () => playing,
  };
}

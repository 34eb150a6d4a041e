/**
 * Time, as whoever plays something knows it. One clock is given to the page when it is made (`page.clock`), so that
 * tests turn it by hand (tests/support/clock.js): no module calls requestAnimationFrame, setTimeout or performance.now
 * itself. What goes on by itself is a ticker: `createTicker(clock, tick)`, with `start` and `stop`.
 */

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds
 * @property {(run: () => void) => () => void} frame runs at the next frame; the function that it gives prevents that
 * @property {(run: () => void, wait: number) => () => void} later runs after so many milliseconds; likewise
 */

/** A tab that was away goes on where it was: no tick is longer than this, in milliseconds. */
const AWAY = 100;

/** @type {Clock} */
export const browserClock = {
  now: () => performance.now(),
  frame(run) {
    const asked = requestAnimationFrame(run);
    return () => cancelAnimationFrame(asked);
  },
  later(run, wait) {
    const asked = setTimeout(run, wait);
    return () => clearTimeout(asked);
  },
};

/**
 * Puts work off to the next frame; asked again before that, it still runs once.
 * @param {Clock} clock @param {() => void} work
 */
export function oncePerFrame(clock, work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    clock.frame(() => {
      asked = false;
      work();
    });
  };
}

/** So long after the last move a drag has ended, in milliseconds. */
const REST = 250;

/**
 * Puts work off to the end of a drag: what nobody sees or hears before need not follow each move.
 * @param {Clock} clock
 * @returns {((work: () => void) => void) & {isWaiting: () => boolean}} asked again before that, the last work runs
 */
export function atRest(clock) {
  /** @type {(() => void) | null} */
  let cancel = null;
  /** @param {() => void} work */
  function ask(work) {
    cancel?.();
    cancel = clock.later(() => {
      cancel = null;
      work();
    }, REST);
  }
  return Object.assign(ask, { isWaiting: () => cancel !== null });
}

/**
 * Calls `tick` at each frame with the milliseconds since the last one, 0 at the first, until it is stopped.
 * @param {Clock} clock @param {(elapsed: number) => void} tick
 */
export function createTicker(clock, tick) {
  let cancel = () => {};
  let running = false;
  let last = 0;

  function frame() {
    const now = clock.now();
    const elapsed = Math.min(now - last, AWAY);
    last = now;
    tick(elapsed);
    if (running) cancel = clock.frame(frame);
  }

  return {
    /** Does nothing where it runs already. */
    start() {
      if (running) return;
      running = true;
      cancel = clock.frame(() => {
        last = clock.now();
        frame();
      });
    },
    stop() {
      running = false;
      cancel();
    },
    isRunning: () => running,
  };
}

/** A clock that is turned by hand, with frames 16 ms apart. */

const FRAME = 16;

/** @typedef {import("../../static/page/clock.js").Clock} Clock */

/** @returns {Clock & {turn: (milliseconds: number) => void}} */
export function handClock() {
  let now = 0;
  let next = 0;
  /** @type {Map<number, {at: number, run: () => void}>} */
  const waiting = new Map();

  /** @param {() => void} run @param {number} at */
  function wait(run, at) {
    const key = next++;
    waiting.set(key, { at, run });
    return () => void waiting.delete(key);
  }

  return {
    now: () => now,
    frame: (run) => wait(run, (Math.floor(now / FRAME) + 1) * FRAME),
    later: (run, delay) => wait(run, now + delay),
    /** Lets so much time pass: what is due runs in its order. */
    turn(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [first] = [...waiting].sort(([, one], [, other]) => one.at - other.at);
        if (!first || first[1].at > end) break;
        waiting.delete(first[0]);
        now = Math.max(now, first[1].at);
        first[1].run();
      }
      now = end;
    },
  };
}

/** Tells when something takes long enough to be worth a word. */

const PATIENCE = 400; // milliseconds

/** @param {import("../page/clock.js").Clock} clock @param {() => void} late */
export function createPatience(clock, late) {
  let [cancel, isLate] = [() => {}, false];

  function stop() {
    cancel();
    isLate = false;
  }

  return {
    start() {
      stop();
      cancel = clock.later(() => {
        isLate = true;
        late();
      }, PATIENCE);
    },
    stop,
    isLate: () => isLate,
  };
}

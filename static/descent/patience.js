/** Tells when something takes long enough to be worth a word. */

const PATIENCE = 400; // milliseconds

/** @param {() => void} late */
export function createPatience(late) {
  let [timer, isLate] = [0, false];

  function stop() {
    clearTimeout(timer);
    isLate = false;
  }

  return {
    start() {
      stop();
      timer = window.setTimeout(() => {
        isLate = true;
        late();
      }, PATIENCE);
    },
    stop,
    isLate: () => isLate,
  };
}

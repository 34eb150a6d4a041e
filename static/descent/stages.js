/** The four stages of a step, lit one after the other: forward pass, loss, backward pass, update. */

const STAGES = ["forward", "loss", "backward", "update"];

/**
 * Marks the stage on the form: the card's row of stages and the figure are lit by it.
 * @param {HTMLFormElement} form
 * @param {import("../page/clock.js").Clock} clock
 */
export function createStages(form, clock) {
  let cancel = () => {};
  /** @type {(() => void)[]} */
  let left = [];

  function next() {
    cancel();
    left.shift()?.();
  }

  return {
    /**
     * @param {number} pause milliseconds that each is lit
     * @param {{update: () => void, done: () => void}} acts what the last stage does, and what comes after it
     */
    play(pause, { update, done }) {
      left = STAGES.map((stage) => () => {
        form.dataset.lit = stage;
        if (stage === "update") update();
        cancel = clock.later(next, pause);
      });
      left.push(() => {
        delete form.dataset.lit;
        done();
      });
      next();
    },
    /** Does at once what is still to be done. */
    finish() {
      while (left.length) next();
      cancel();
    },
    /** Forgets what is still to be done. */
    stop() {
      left = [];
      cancel();
      delete form.dataset.lit;
    },
    isPlaying: () => left.length > 0,
  };
}

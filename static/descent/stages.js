/** The four stages of a step, lit one after the other: forward pass, loss, backward pass, update. */

const STAGES = ["forward", "loss", "backward", "update"];

/**
 * Marks the stage on the form: the card's row of stages and the figure are lit by it.
 * @param {HTMLFormElement} form
 */
export function createStages(form) {
  let timer = 0;
  /** @type {(() => void)[]} */
  let left = [];

  function next() {
    clearTimeout(timer);
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
        timer = window.setTimeout(next, pause);
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
      clearTimeout(timer);
    },
    /** Forgets what is still to be done. */
    stop() {
      left = [];
      clearTimeout(timer);
      delete form.dataset.lit;
    },
    isPlaying: () => left.length > 0,
  };
}

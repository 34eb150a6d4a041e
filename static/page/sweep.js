/** Back and forth over a slider's range, as a function of time. */

/** @typedef {import("../state/url.js").Slider} Slider */

/** How long one way takes, in milliseconds. */
export const WAY = 4_000;

/**
 * The phase, 0 to 2, at which a sweep is at the slider's value and on its way up.
 * @param {Slider} slider
 */
export function phaseOf(slider) {
  const way = (slider.value - slider.min) / (slider.max - slider.min);
  return Number.isFinite(way) ? way : 0;
}

/**
 * The value at a phase, on a step of the slider: up while the phase goes from 0 to 1, down from 1 to 2.
 * @param {number} phase @param {Slider} slider
 */
export function valueAt(phase, slider) {
  const turn = ((phase % 2) + 2) % 2;
  const way = turn <= 1 ? turn : 2 - turn;
  return snap(slider.min + way * (slider.max - slider.min), slider);
}

/**
 * The nearest step inside the range, without the dust of binary fractions.
 * @param {number} value @param {Slider} slider
 */
export function snap(value, slider) {
  const last = Math.floor((slider.max - slider.min) / slider.step + 1e-9);
  const steps = Math.min(Math.round((value - slider.min) / slider.step), last);
  return Number((slider.min + steps * slider.step).toPrecision(12));
}

/** Where hands and keys move variables to, in the steps of their sliders. No DOM in here. */

import { sliderOf } from "../state/url.js";
import { rounded } from "./window.js";

/** @typedef {import("../state/url.js").State} State */

/** @param {number} value @param {number} min @param {number} step */
const notched = (value, min, step) => Number((min + Math.round((value - min) / step) * step).toPrecision(12));

/**
 * A number as a hand means it: a step of the slider, or where those are far apart what the screen can show.
 * @param {State} state
 * @param {string} name
 * @param {number} value
 * @param {import("./scales.js").Scale} scale
 */
export function snapped(state, name, value, scale) {
  const { min, step } = sliderOf(state, name);
  const width = scale.domain[1] - scale.domain[0];
  const pixel = width / Math.abs(scale.range[1] - scale.range[0]);
  return step > 6 * pixel ? rounded(value, width / 10) : notched(value, min, step);
}

/**
 * Variables after so many steps; an infinite number of them leads to the end of the slider.
 * @param {State} state @param {readonly string[]} names @param {readonly number[]} steps of each
 * @returns {Map<string, number>} those that move
 */
export function stepped(state, names, steps) {
  /** @type {Map<string, number>} */
  const moved = new Map();
  names.forEach((name, at) => {
    if (!steps[at]) return;
    const { min, max, step, value } = sliderOf(state, name);
    const to = Math.min(Math.max((Number.isFinite(value) ? value : min) + steps[at] * step, min), max);
    moved.set(name, Number.isFinite(steps[at]) ? notched(to, min, step) : to);
  });
  return moved;
}

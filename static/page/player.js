/** Sweeps variables back and forth over their sliders' ranges. */

import { phaseOf, valueAt, WAY } from "./sweep.js";
import { sliderOf } from "../state/url.js";

/**
 * @param {HTMLElement} root
 * @param {import("../state/url.js").State} state
 * @param {{moved: () => void, stopped: () => void}} told after the state has changed
 */
export function createPlayer(root, state, told) {
  /** Phases of the sweeps under way, by variable. @type {Map<string, number>} */
  const playing = new Map();
  let last = 0;

  /** @param {number} now */
  function frame(now) {
    if (!playing.size) return;
    const step = Math.min(now - last, 100) / WAY; // a tab that was away goes on where it was
    last = now;
    for (const [name, phase] of playing) {
      playing.set(name, phase + step);
      state.at.set(name, valueAt(phase + step, sliderOf(state, name)));
    }
    told.moved();
    requestAnimationFrame(frame);
  }

  /** @param {string} name */
  function start(name) {
    const slider = sliderOf(state, name);
    if (!playing.size) {
      last = performance.now();
      requestAnimationFrame(frame);
    }
    // The ends stay where they are, whatever the value is on the way.
    state.min.set(name, slider.min);
    state.max.set(name, slider.max);
    playing.set(name, phaseOf(slider));
    show();
  }

  /** @param {string} name */
  function stop(name) {
    if (!playing.delete(name)) return;
    show();
    told.stopped();
  }

  function show() {
    for (const button of root.querySelectorAll("button.play")) {
      const pressed = String(playing.has(nameOf(button)));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  }

  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button.play") : null;
    if (!button) return;
    const name = nameOf(button);
    if (playing.has(name)) stop(name);
    else start(name);
  });

  /** Stops what sweeps, but for these variables. @param {string[]} names */
  const keep = (names) => [...playing.keys()].filter((name) => !names.includes(name)).forEach(stop);

  return { show, stop, keep, stopAll: () => keep([]) };
}

/** @param {Element} button */
function nameOf(button) {
  return button.closest("[data-variable]")?.getAttribute("data-variable") ?? "";
}

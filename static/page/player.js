/** Sweeps variables back and forth over their sliders' ranges. */

import { createTicker } from "./clock.js";
import { attribute } from "./dom.js";
import { phaseOf, valueAt, WAY } from "./sweep.js";
import { sliderOf } from "../state/url.js";

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {import("./clock.js").Clock} clock
 */
export function createPlayer(root, store, clock) {
  /** Phases of the sweeps under way, by variable. @type {Map<string, number>} */
  const playing = new Map();

  const ticker = createTicker(clock, (elapsed) => {
    const at = new Map(store.state.at);
    for (const [name, phase] of playing) {
      const next = phase + elapsed / WAY;
      playing.set(name, next);
      at.set(name, valueAt(next, sliderOf(store.state, name)));
    }
    store.change({ at });
  });

  /** @param {string} name */
  function start(name) {
    const { state } = store;
    const slider = sliderOf(state, name);
    playing.set(name, phaseOf(slider));
    // The ends stay where they are, whatever the value is on the way.
    store.change({ min: new Map(state.min).set(name, slider.min), max: new Map(state.max).set(name, slider.max) });
    ticker.start();
    show();
  }

  /** @param {string} name */
  function stop(name) {
    if (!playing.delete(name)) return;
    if (!playing.size) ticker.stop();
    show();
  }

  function show() {
    for (const button of root.querySelectorAll("button.play")) {
      attribute(button, "aria-pressed", String(playing.has(nameOf(button))));
    }
  }

  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button.play") : null;
    if (!button) return;
    const name = nameOf(button);
    if (playing.has(name)) stop(name);
    else start(name);
  });

  // What is no variable any more, or stands for a column, is not swept.
  store.subscribe(["graph", "samples"], ({ graph, samples }) => {
    const own = (graph?.variables ?? []).filter((name) => !(samples && name in samples.columns));
    for (const name of playing.keys()) if (!own.includes(name)) stop(name);
    show();
  });

  return { stop, stopAll: () => [...playing.keys()].forEach(stop) };
}

/** @param {Element} button */
function nameOf(button) {
  return button.closest("[data-variable]")?.getAttribute("data-variable") ?? "";
}

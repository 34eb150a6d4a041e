/** The card: its controls show the state and say what was chosen. What they do is in side.js. */

import { say as write } from "../page/dom.js";
import { createLossChart } from "./chart.js";
import { controlOf, hide, showAsked, showBatches, showMoving, showPlace, showSettings } from "./controls.js";
import { COLUMNS } from "./numbers.js";
import { showRacers } from "./racers.js";
import { showUpdate } from "./update.js";

/**
 * @typedef {object} Seen what the card shows beside its live numbers
 * @property {import("../state/url.js").State} state
 * @property {string[]} parameters
 * @property {string[]} numbers those that move, the first ones
 * @property {number | null} rate that of the first step, where it is known
 * @property {import("../workbench.js").Samples | null} rows
 * @property {import("./descent.js").Descent[]} descents
 * @property {number} end the last step that can be shown
 * @property {number} furthest the last step that was shown
 * @property {number | null} smaller a rate to try instead of this one
 * @property {boolean} running
 * @property {boolean} waiting whether descents are asked for, and take their time
 * @property {boolean} log
 * @property {boolean} secret whether the loss is hidden
 * @property {string} about
 *
 * @typedef {object} On what someone does with the card
 * @property {(act: string) => void} act a button
 * @property {(control: string, input: HTMLInputElement | HTMLSelectElement) => void} choose
 * @property {(name: string) => void} follow
 * @property {(name: string) => void} leave
 * @property {(k: number) => void} seek
 */

/** @param {HTMLFormElement} form @param {On} on */
export function createCard(form, on) {
  const updates = form.querySelector(".updates");
  const find = () => form.querySelector('[data-fragment="descent"]') ?? form;
  let root = find();
  /** An optimizer's name as people write it. @param {string} name */
  const titleOf = (name) => root.querySelector(`[data-follow="${name}"]`)?.textContent ?? name;
  let showChart = createLossChart(root, on.seek, titleOf);
  listen(form, on);

  return {
    titleOf,
    /** What moves where nobody chose. */
    preferred: () => (root.getAttribute("data-preferred") ?? "").split(" ").filter(Boolean),
    /** @param {Seen} seen */
    show(seen) {
      if (!controlOf(root, "k")) return; // a program without variables
      for (const part of [showAsked, showPlace, showRacers, showSettings, showBatches, showMoving]) part(root, seen);
      showColumns(root, seen.numbers.length);
      showUpdate(updates, seen);
      showChart(seen);
    },
    /** After the card was swapped. */
    renew() {
      if (root === find()) return;
      root = find();
      showChart = createLossChart(root, on.seek, titleOf);
    },
    /** @param {string} text @param {boolean} bad */
    say(text, bad) {
      const place = root.querySelector("[data-said]");
      write(place, text);
      place?.toggleAttribute("data-bad", bad);
    },
    /** What is told of the samples that are held out; nothing where there are none. @param {string} words */
    test(words) {
      const place = root.querySelector("[data-held-out]");
      hide(place, !words);
      write(place, words);
    },
    /** @param {string} message */
    fault(message) {
      const place = root.querySelector("[data-fault]");
      hide(place, !message);
      write(place, message);
    },
  };
}

/** @param {HTMLFormElement} form @param {On} on */
function listen(form, on) {
  form.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-descent], [data-follow], [data-leave]") : null;
    if (!(button instanceof HTMLElement) || button.getAttribute("aria-disabled") === "true") return;
    const { descent: act, follow, leave } = button.dataset;
    if (act) on.act(act);
    if (follow) on.follow(follow);
    if (leave) on.leave(leave);
  });
  form.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (target.dataset.moves) on.choose("moves", target);
    else if (target.dataset.choose) on.choose(target.dataset.choose, target);
  });
}

/**
 * The table of the last steps has a column for each of the first parameters.
 * @param {Element} root @param {number} count
 */
function showColumns(root, count) {
  for (let column = 0; column < COLUMNS; column++) {
    for (const cell of root.querySelectorAll(`[data-column="${column}"]`)) hide(cell, column >= count);
  }
}

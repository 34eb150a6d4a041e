/** What a step of the player is about, in motion: a value goes up its edge, a gradient comes down. */

import { formatNumber } from "../engine/numerals.js";

const TIME = 650; // milliseconds, at speed 1
const NS = "http://www.w3.org/2000/svg";
const MOST = 12; // at once

/**
 * @typedef {object} Way
 * @property {string} edge its key
 * @property {number | string | null | undefined} number what goes along
 */

/**
 * @param {HTMLElement} sheet
 * @param {import("../page/clock.js").Clock} clock
 */
export function createTravels(sheet, clock) {
  let cancel = () => {};
  /** @type {Element[]} */
  let under = [];

  function end() {
    cancel();
    for (const element of under) element.remove();
    under = [];
  }

  /**
   * Sends numbers along edges; those that were under way are gone.
   * @param {readonly Way[]} ways @param {boolean} back down, as gradients go @param {number} speed
   */
  function go(ways, back, speed) {
    end();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || sheet.classList.contains("far")) return;
    const figure = sheet.querySelector("svg");
    const moving = ways.slice(0, MOST).flatMap(({ edge, number }) => {
      const line = figure?.querySelector(`.edge[data-edge="${CSS.escape(edge)}"] .wire`);
      if (!(line instanceof SVGPathElement) || typeof number !== "number") return [];
      const text = document.createElementNS(NS, "text");
      text.setAttribute("class", `traveller ${back ? "gradient" : "value"}`);
      text.textContent = formatNumber(number);
      figure?.append(text);
      under.push(text);
      return [{ line, text, length: line.getTotalLength() }];
    });
    if (!moving.length) return;
    const start = clock.now();

    function frame() {
      const way = Math.min(1, ((clock.now() - start) * speed) / TIME);
      const eased = way * way * (3 - 2 * way);
      for (const { line, text, length } of moving) {
        const { x, y } = line.getPointAtLength(length * (back ? 1 - eased : eased));
        text.setAttribute("x", String(x));
        text.setAttribute("y", String(y + 4));
      }
      if (way < 1) cancel = clock.frame(frame);
      else end();
    }
    frame();
  }

  return { go, end };
}

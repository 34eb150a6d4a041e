/** What a step of the player is about, in motion: a value goes up its edge, a gradient comes down. */

import { formatNumber } from "../engine/numerals.js";

const TIME = 650; // milliseconds, at speed 1
const NS = "http://www.w3.org/2000/svg";
const MOST = 24; // lines at once
const TOLD = 3; // numbers on one line, the first of more

/** @param {import("../page/clock.js").Clock} clock */
export function createTravels(clock) {
  let cancel = () => {};
  /** @type {Element[]} */
  let under = [];

  function end() {
    cancel();
    for (const element of under) element.remove();
    under = [];
  }

  /**
   * Sends numbers along lines; those that were under way are gone.
   * @param {readonly import("./ways.js").Way[]} ways @param {boolean} back down, as gradients go @param {number} speed
   */
  function go(ways, back, speed) {
    end();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const near = ways.filter(({ line }) => !line.closest(".far"));
    const moving = some(near).map(({ line, numbers }) => {
      const text = document.createElementNS(NS, "text");
      text.setAttribute("class", `traveller ${back ? "gradient" : "value"}`);
      text.textContent = told(numbers);
      line.ownerSVGElement?.append(text);
      under.push(text);
      return { line, text, length: line.getTotalLength() };
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

/**
 * As many as can be told apart, taken evenly from all.
 * @template T @param {readonly T[]} all @returns {readonly T[]}
 */
export function some(all) {
  if (all.length <= MOST) return all;
  return Array.from({ length: MOST }, (_, at) => all[Math.floor((at * all.length) / MOST)]);
}

/** @param {readonly number[]} numbers */
export const told = (numbers) =>
  [...numbers.slice(0, TOLD).map((number) => formatNumber(number)), ...(numbers.length > TOLD ? ["…"] : [])].join(", ");

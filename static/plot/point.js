/** The point that is dragged: a slider of one or two dimensions, for the keyboard, too. */

import { add, round, set } from "./svg.js";

/**
 * @param {SVGSVGElement} svg
 * @param {(right: number, up: number) => void} step moves it by steps of the sliders; ±Infinity, to an end
 */
export function createPoint(svg, step) {
  const group = add(svg, "g", { class: "point", tabindex: 0, role: "slider" });
  add(group, "circle", { class: "grip", r: 14 });
  const dot = add(group, "circle", { class: "dot", r: 5.5 });
  const place = { x: NaN, y: NaN };

  group.addEventListener("keydown", (event) => {
    const by = event.shiftKey ? 10 : 1;
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowLeft: [-by, 0],
      ArrowRight: [by, 0],
      ArrowDown: [0, -by],
      ArrowUp: [0, by],
      PageDown: [-10, 0],
      PageUp: [10, 0],
      Home: [-Infinity, 0],
      End: [Infinity, 0],
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation(); // the plot itself would be panned
    step(...move);
  });

  return {
    /**
     * @param {{x: number, y: number, defined: boolean, label: string, said: string, now: number, min: number, max:
     *   number} | null} shown
     */
    draw(shown) {
      set(group, { visibility: shown ? "visible" : "hidden" });
      Object.assign(place, shown ? { x: shown.x, y: shown.y } : { x: NaN, y: NaN });
      if (!shown) return;
      set(group, {
        transform: `translate(${round(shown.x)},${round(shown.y)})`,
        "aria-label": shown.label,
        "aria-valuetext": shown.said,
        "aria-valuenow": shown.now,
        "aria-valuemin": shown.min,
        "aria-valuemax": shown.max,
      });
      dot.toggleAttribute("data-hollow", !shown.defined);
    },
    /** @param {number} x @param {number} y */
    holds: (x, y) => Math.hypot(x - place.x, y - place.y) <= 16,
  };
}

/** The network's picture fills its frame: with as much detail as it has room for, its neurons spread over it. */

import { attribute } from "../page/dom.js";
import { along, middleOf, spreadOver } from "./spread.js";

/** @typedef {import("./spread.js").Point} Point */

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 */
export function createFrame(root, store) {
  /** What moves the parts of the picture that is there. @type {ReturnType<typeof mover> | null} */
  let move = null;
  const observer = new ResizeObserver(fit);

  store.subscribe(["graph", "closed"], () => {
    const svg = root.querySelector(".sheet svg.network");
    if (move?.svg === svg) return;
    observer.disconnect();
    move = svg instanceof SVGSVGElement ? mover(svg) : null;
    if (move) observer.observe(move.svg); // which calls at once
  });

  function fit() {
    const { clientWidth: width, clientHeight: height } = move?.svg ?? { clientWidth: 0, clientHeight: 0 };
    if (!move || !width || !height) return;
    move.over([width, height]);
    move.svg.dispatchEvent(new Event("reframed", { bubbles: true }));
  }
}

/** @param {SVGSVGElement} svg */
function mover(svg) {
  /** @type {import("./spread.js").Plan} */
  const plan = JSON.parse(svg.dataset.levels ?? "");
  const [heads, marks, labels, lines] = [".head, .note[data-column]", ".node", ".texts", ".edge"].map((kind) =>
    [.../** @type {NodeListOf<SVGElement>} */ (svg.querySelectorAll(kind))].map((element) => ({
      element,
      home: pair(element.dataset.at ?? "", ","),
      ends: pair(element.dataset.ends ?? "", " "),
      spots: (element.dataset.spots ?? "").split(" ").map(Number),
      column: Number(element.dataset.column),
      row: Number(element.dataset.down),
    })),
  );
  const firstXs = plan.levels[plan.levels.length - 1].xs;

  return {
    svg,
    /** @param {Point} frame in pixels */
    over(frame) {
      const spread = spreadOver(plan, frame);
      const at = marks.map(({ column, row }) => middleOf(plan, spread, column, row));
      attribute(svg, "viewBox", `0 0 ${spread.size.map((length) => length.toFixed(1)).join(" ")}`);
      attribute(svg, "data-level", plan.levels[spread.level].name);
      for (const { element, column } of heads) {
        shift(element, [firstXs[column], 0], [middleOf(plan, spread, column, 0)[0], 0]);
      }
      marks.forEach(({ element, home }, k) => shift(element, home, at[k]));
      for (const { element, home, ends, spots } of labels) {
        const share = spots[spread.level];
        attribute(element, "display", share < 0 ? "none" : null);
        if (share >= 0) shift(element, home, along(at[ends[0]], at[ends[1]], share));
      }
      for (const { element, ends } of lines) {
        const path = `M${at[ends[0]].map(round)}L${at[ends[1]].map(round)}`;
        for (const one of element.querySelectorAll("path")) attribute(one, "d", path);
      }
    },
  };
}

/** @param {string} text @param {string} sign @returns {Point} */
const pair = (text, sign) => /** @type {Point} */ (text.split(sign).map(Number));

/** @param {number} length */
const round = (length) => Number(length.toFixed(1));

/** Moves what was drawn at one place to another. @param {SVGElement} element @param {Point} from @param {Point} to */
function shift(element, from, to) {
  attribute(element, "transform", `translate(${round(to[0] - from[0])} ${round(to[1] - from[1])})`);
}

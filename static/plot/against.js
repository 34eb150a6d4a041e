/** The output against one variable: its curve, the tangent, and the derivative's curve below it. */

import { isHidden } from "../page/hidden.js";
import { isOpen } from "../state/url.js";
import { roomFor, ticksOf } from "./axes.js";
import { course, courseSlowly, createCurve, least } from "./curves.js";
import { createKnown } from "./known.js";
import { set } from "./svg.js";
import * as view from "./window.js";
import { curveWords } from "./words.js";

/**
 * @typedef {import("./card.js").Asked} Asked
 * @typedef {import("./card.js").Shown} Shown
 * @typedef {{value: ReturnType<typeof course>, slope: ReturnType<typeof course> | null}} Found
 */

/** Points that are computed at first. */
export const PLACES = 400;

/**
 * @param {SVGSVGElement} main @param {SVGSVGElement} below for the derivative
 * @param {import("./card.js").Sizes} sizes of both @param {import("./card.js").Page} page
 * @param {() => boolean} alive whether the card is still there @param {() => void} repaint
 */
export function createAgainst(main, below, sizes, page, alive, repaint) {
  const { store } = page;
  const [curve, slopes] = [createCurve(main), createCurve(below)];
  /** @type {ReturnType<typeof createKnown<Found>>} */
  const known = createKnown(page.clock, alive, repaint);

  /** @param {Asked} asked @param {ReturnType<typeof ranges>} shown */
  function compute({ subject, from, f }, { across, up }) {
    const [name] = subject.names;
    const [size, small] = sizes;
    const withSlope = isOpen(store.state, "slope") && !isHidden(store.state, `${name}.total`);
    const first = () => ({
      value: course(from, name, across, up, size.height),
      slope: withSlope ? course(from, name, across, null, small.height, name) : null,
    });
    const slowly = async (/** @type {() => boolean} */ still) => {
      const pace = { clock: page.clock, still };
      const value = await courseSlowly(from, name, across, up, size.height, pace);
      const slope = withSlope ? await courseSlowly(from, name, across, null, small.height, pace, name) : null;
      return value && slope !== undefined ? { value, slope } : undefined;
    };
    const key = [f, ...across, ...(up ?? []), size.height, small.height, withSlope];
    return known(key, first, from.used < from.samples ? slowly : null);
  }

  /**
   * @param {Asked} asked @param {NonNullable<Found["slope"]>} found
   * @param {[number, number]} across @param {number} left
   */
  function drawSlope({ subject, output, slopes: [slope] }, found, across, left) {
    const [name] = subject.names;
    const x = subject.at[name];
    slopes.draw({
      size: sizes[1],
      window: [...across, ...found.ends],
      names: { x: "", y: `∂${output}/∂${name}` },
      course: found.course,
      at: { x, y: slope, slope: NaN },
      room: { left, bottom: 22 },
    });
    set(below, { "aria-label": `∂${output}/∂${name} against ${name}: ${slope} at ${name} = ${x}` });
  }

  return {
    /** @param {Asked} asked @returns {Shown} */
    draw(asked) {
      const { subject, value, output } = asked;
      const [slope] = asked.slopes;
      const [name] = subject.names;
      const x = subject.at[name];
      const shown = ranges(store.state, name, x, value);
      const { found, exact } = compute(asked, shown);
      const left = Math.max(
        ...[found.value, found.slope].flatMap((each) => (each ? [roomFor(ticksOf(each.ends, false, 5))] : [])),
      );
      /** @type {import("./window.js").Window} */
      const window = [...shown.across, ...found.value.ends];
      const frame = curve.draw({
        size: sizes[0],
        window,
        names: { x: name, y: output },
        course: found.value.course,
        at: { x, y: value, slope },
        descents: store.state.descents,
        placesOf: ({ points, losses }) => (points[name] ? { x: points[name], y: losses } : null),
        room: { left },
      });
      below.toggleAttribute("hidden", !found.slope);
      if (found.slope) drawSlope(asked, found.slope, shown.across, left);
      const lowest = least(found.value.course, found.value.ends[0]);
      const words = curveWords({ output, name, range: shown.across, x, value, slope, least: lowest });
      return { frame, window, words, exact, point: [x, value] };
    },
  };
}

/**
 * The range across, and the one up where it was chosen.
 * @param {import("../state/url.js").State} state @param {string} name @param {number} x @param {number} y
 */
function ranges(state, name, x, y) {
  const box = view.read(state.box);
  /** @type {[number, number]} */
  const across = box ? [box[0], box[1]] : view.rangeOf(state, name);
  /** @type {[number, number] | null} */
  const up = box ? [box[2], box[3]] : null;
  if (!isOpen(state, "follow")) return { across, up };
  return { across: view.following(across, x), up: up && view.following(up, y) };
}

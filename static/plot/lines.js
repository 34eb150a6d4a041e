/**
 * A small line chart of series over their steps 0, 1, 2, …, as a loss over the steps of a descent.
 *
 *   const chart = createLines(svg);             // an empty <svg class="plot lines"> whose size CSS gives
 *   chart.draw({
 *     series: [{ name: "adam", values: losses, colour: 1 }],  // colour 0 … 3: `--series-N` and a shape of marks
 *     x: "step", y: "loss",                     // names of the axes
 *     label: "Loss over 100 steps",             // what the chart is, for those who hear it
 *     log: true,                                // the axis of values by powers of ten
 *     marker: 12,                               // the step that is shown, or leave it out
 *     onpick: (k) => …,                         // a step was picked: by click, drag, arrow keys, Home and End
 *   });
 *
 * Draw as often as the numbers change: what stays the same isn't touched. Values that aren't finite, and on a
 * logarithmic axis those that aren't positive, are gaps. A million steps are fine.
 */

import { createAxes, roomFor, ticksOf } from "./axes.js";
import { mark } from "./marks.js";
import { extent, linear, logarithmic, padded } from "./scales.js";
import { add, children, round, set, watchSize } from "./svg.js";
import { formatNumber } from "../engine/numerals.js";

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {ArrayLike<number>} values
 * @property {number} colour from 0 to 3
 * @property {boolean} [faint] behind another that stands out
 * @property {boolean} [dashed]
 * @property {number} [every] steps from one value to the next; 1 where it is left out
 *
 * @typedef {object} Chart
 * @property {Series[]} series
 * @property {string} x
 * @property {string} [y]
 * @property {string} label
 * @property {boolean} [log]
 * @property {number} [marker]
 * @property {(step: number) => void} [onpick]
 *
 * @typedef {import("./scales.js").Scale} Scale
 */

const PAGE = 10; // steps that Page Up and Page Down go
const LOW = 110; // pixels: below, the axis has no room for its name

/** @param {SVGSVGElement} svg */
export function createLines(svg) {
  const size = watchSize(svg, () => chart && paint(chart), { width: 400, height: 150 });
  const axes = createAxes(svg);
  const paths = add(svg, "g", { class: "series", "aria-hidden": "true" });
  const handle = add(svg, "g", { class: "cursor" });
  const [rule, dots] = [add(handle, "path", { class: "rule" }), add(handle, "g")];
  /** @type {Chart | undefined} */
  let chart;
  /** @type {Scale} */
  let x = linear([0, 1], [0, 1]);

  /** @param {Chart} now */
  function paint(now) {
    const { series, log = false, marker = -1, onpick } = now;
    const last = Math.max(1, ...series.map(({ values, every = 1 }) => (values.length - 1) * every));
    const found = extent(
      series.map(({ values }) => values),
      log,
    ) ?? [log ? 0.1 : 0, 1];
    const ends = log ? widened(found) : padded(found);
    const { width, height } = size;
    const yTicks = ticksOf(ends, log, Math.max(2, Math.floor(height / 38)));
    const name = height < LOW ? "" : now.x;
    const box = { left: roomFor(yTicks), right: width - 10, top: now.y ? 20 : 8, bottom: height - (name ? 34 : 20) };
    x = linear([0, last], [box.left, box.right]);
    const y = (log ? logarithmic : linear)(ends, [box.bottom, box.top]);
    const xTicks = ticksOf(x.domain, false, Math.max(2, Math.floor(width / 70))).filter(({ value }) =>
      Number.isInteger(value),
    );
    set(svg, { viewBox: `0 0 ${width} ${height}`, role: onpick ? "group" : "img", "aria-label": now.label });
    axes({ x, y, box, xTicks, yTicks, xLabel: name, yLabel: now.y });
    children(paths, "path", series.length).forEach((path, at) => {
      const { values, every = 1, colour, faint, dashed } = series[at];
      const across = every === 1 ? x : { ...x, at: (/** @type {number} */ k) => x.at(k * every) };
      set(path, { d: pathOf(values, across, y, log), "data-series": colour });
      path.toggleAttribute("data-faint", Boolean(faint));
      path.toggleAttribute("data-dashed", Boolean(dashed));
    });
    point(now, marker, last, box, y);
  }

  /**
   * @param {Chart} now
   * @param {number} marker
   * @param {number} last
   * @param {import("./axes.js").Box} box
   * @param {Scale} y
   */
  function point({ series, log = false, x: name, onpick }, marker, last, box, y) {
    set(handle, { visibility: marker >= 0 && series.length ? "visible" : "hidden" });
    handle.toggleAttribute("data-held", Boolean(onpick));
    if (onpick) set(handle, { tabindex: 0, role: "slider", "aria-orientation": "horizontal" });
    svg.toggleAttribute("data-pick", Boolean(onpick));
    const step = Math.min(Math.max(marker, 0), last);
    const across = round(x.at(step));
    set(rule, { d: `M${across},${box.top}V${box.bottom}` });
    children(dots, "path", series.length).forEach((dot, at) => {
      const { colour } = series[at];
      const value = valueAt(series[at], step);
      const shown = value !== undefined && Number.isFinite(value) && !(log && value <= 0);
      set(dot, {
        d: mark(colour),
        "data-series": colour,
        visibility: shown && !series[at].faint ? "inherit" : "hidden",
      });
      if (shown) set(dot, { transform: `translate(${across},${round(y.at(value))})` });
    });
    if (!onpick) return;
    const between = (/** @type {Series} */ { every = 1, values }) => step % every && step < values.length * every;
    const told = series.filter((one) => !between(one)); // of the others nothing is known at this step
    const said = told.map((one) => `${one.name} ${formatNumber(valueAt(one, step) ?? null) || "ended"}`).join(", ");
    set(handle, {
      "aria-label": name,
      "aria-valuemin": 0,
      "aria-valuemax": last,
      "aria-valuenow": step,
      "aria-valuetext": `${name} ${step}: ${said}`,
    });
  }

  /** @param {number} step */
  function pick(step) {
    const last = Number(handle.getAttribute("aria-valuemax"));
    const to = Math.min(Math.max(Math.round(step), 0), last);
    if (to !== Number(handle.getAttribute("aria-valuenow")) || chart?.marker === undefined || chart.marker < 0) {
      chart?.onpick?.(to);
    }
  }

  svg.addEventListener("pointerdown", (event) => {
    if (!chart?.onpick || event.button !== 0) return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    pick(stepAt(event));
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) pick(stepAt(event));
  });
  /** @param {PointerEvent} event */
  const stepAt = (event) =>
    x.invert(((event.clientX - svg.getBoundingClientRect().left) / svg.clientWidth) * size.width);

  handle.addEventListener("keydown", (event) => {
    const [now, last] = [Number(handle.getAttribute("aria-valuenow")), Number(handle.getAttribute("aria-valuemax"))];
    /** @type {Record<string, number>} */
    const to = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      PageDown: now - PAGE,
      PageUp: now + PAGE,
      Home: 0,
      End: last,
    };
    if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey || !chart?.onpick) return;
    event.preventDefault();
    event.stopPropagation();
    pick(to[event.key]);
  });

  return {
    /** @param {Chart} next */
    draw(next) {
      chart = next;
      paint(next);
    },
  };
}

/** What a series has at a step. @param {Series} series @param {number} step @returns {number | undefined} */
const valueAt = ({ values, every = 1 }, step) => (step % every ? undefined : values[step / every]);

/** At least one power of ten. @param {readonly [number, number]} range @returns {[number, number]} */
function widened([low, high]) {
  const room = Math.max(1.3, Math.sqrt(10 / Math.max(1, high / low)));
  return [low / room, high * room];
}

/**
 * Where there are more steps than pixels, each pixel has its least and its greatest value.
 * @param {ArrayLike<number>} values @param {Scale} x @param {Scale} y @param {boolean} log
 */
function pathOf(values, x, y, log) {
  const bucket = Math.max(1, Math.floor(values.length / (2 * (x.range[1] - x.range[0]))));
  let [path, open] = ["", false];
  for (let from = 0; from < values.length; from += bucket) {
    let [least, greatest, cut] = [NaN, NaN, false];
    for (let at = from; at < Math.min(from + bucket, values.length); at++) {
      const value = values[at];
      if (!Number.isFinite(value) || (log && value <= 0)) cut = true;
      else {
        [least, greatest] = [
          value < least || least !== least ? value : least,
          value > greatest || greatest !== greatest ? value : greatest,
        ];
      }
    }
    if (least === least) {
      const across = round(x.at(from));
      path += `${open ? "L" : "M"}${across},${round(y.at(least))}`;
      if (greatest !== least) path += `V${round(y.at(greatest))}`;
      else if (!open) path += "h0"; // a lonely value is a dot
    }
    open = least === least && !cut;
  }
  return path;
}

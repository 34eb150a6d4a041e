/** The card of the plot: what is chosen, what is computed for it, and what hands do to it. */

import { say } from "../page/dom.js";
import { roomFor, ticksOf } from "./axes.js";
import { createContours } from "./contours.js";
import { course, courseSlowly, createCurve, least } from "./curves.js";
import { createGestures } from "./gestures.js";
import { levelsOf, places } from "./levels.js";
import { createPoint } from "./point.js";
import { documentOf, savePng, saveSvg } from "./save.js";
import { source } from "./source.js";
import { set, watchSize } from "./svg.js";
import * as view from "./window.js";
import { contourWords, curveWords, rowWords } from "./words.js";
import { isOpen, plain, sliderOf, valueOf } from "../state/url.js";

/**
 * @typedef {import("../workbench.js").Page} Page
 * @typedef {import("../workbench.js").Graph} Graph
 * @typedef {import("../workbench.js").DrawnDescent} DrawnDescent
 * @typedef {import("./sampler.js").Sampler} Sampler
 * @typedef {import("./source.js").Source} Source
 * @typedef {import("./window.js").Window} Window
 *
 * @typedef {object} Subject what is plotted now
 * @property {string[]} names one or two variables
 * @property {Record<string, number>} at
 * @property {import("../workbench.js").Rows | null} rows
 * @property {string} row about the row, in words
 */

/** Cells of the contours' grid: while numbers move, and when they rest. */
const [COARSE, FINE] = [
  [64, 42],
  [128, 84],
];
/** Numbers that have not moved for so long, in milliseconds, rest. */
const REST = 110;
const KEYS = "Arrow keys move it, plus and minus zoom, 0 shows the sliders' ranges.";

/**
 * What the plot is about: what was chosen, else the first variable that is no column.
 * @param {string} wanted
 * @param {string[]} variables
 * @param {Record<string, unknown>} columns
 */
export function chosen(wanted, variables, columns) {
  const names = wanted
    .split(",")
    .filter((name, at, all) => variables.includes(name) && all.indexOf(name) === at)
    .slice(0, 2);
  return names.length ? names : [variables.find((name) => !(name in columns)) ?? variables[0]];
}

/**
 * @param {HTMLElement} section @param {Page} page
 * @param {{names: string, box: string}} last what was shown last, by this card or one before it
 */
export function createCard(section, page, last) {
  const { state } = page;
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (section.querySelector(selector));
  const main = /** @type {SVGSVGElement} */ (section.querySelector('[data-plot="main"]'));
  const below = /** @type {SVGSVGElement} */ (section.querySelector('[data-plot="slope"]'));
  const words = find("#plot-words");
  const choices = /** @type {HTMLSelectElement[]} */ ([...section.querySelectorAll("[data-plot-choice]")]);
  const sizes = [
    watchSize(main, paint, { width: 400, height: 260 }),
    watchSize(below, paint, { width: 400, height: 120 }),
  ];

  /** @type {Graph | null} */
  let graph = null;
  /** @type {Sampler | null} */
  let sample = null;
  let version = 0;
  /** @type {ReturnType<typeof createCurve> | ReturnType<typeof createContours> | null} */
  let picture = null;
  let kind = 0;
  const slopes = createCurve(below);
  /** @type {ReturnType<typeof createPoint>} */
  let point;
  /** @type {import("./layers.js").Frame | null} */
  let frame = null;
  /** @type {Window} */
  let sight = [0, 1, 0, 1];
  /** What was computed last, by what it depends on. @type {{key: string, exact: boolean, found: any}} */
  let known = { key: "", exact: false, found: null };
  /** The numbers at the point, by what they depend on. @type {{key: string, value: number, slopes: number[]}} */
  let spot = { key: "", value: NaN, slopes: [] };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @returns {Subject | null} */
  function subject() {
    if (!graph?.variables.length || !sample) return null;
    const rows = page.rows();
    const columns = rows?.columns ?? {};
    const names = chosen(state.plot, graph.variables, columns);
    /** @type {Record<string, number>} */
    const at = {};
    for (const name of graph.variables) at[name] = valueOf(state, name);
    const own = names.filter((name) => name in columns);
    if (!rows || (state.row < 0 && !own.length)) return { names, at, rows, row: "" };
    const row = Math.min(Math.max(state.row, 0), rows.count - 1);
    for (const name of Object.keys(columns)) {
      if (!names.includes(name)) at[name] = columns[name][row];
    }
    const of = own.length
      ? `${own.join(" and ")} ${own.length > 1 ? "are columns" : "is a column"}; the other columns are at row ${row + 1}.`
      : `At row ${row + 1}.`;
    return { names, at, rows: null, row: of };
  }

  function paint() {
    const now = subject();
    if (state.side !== "plot" || !now || !graph || !sample) return;
    const names = now.names.join();
    if (last.names && last.names !== names && last.box === state.box) state.box = ""; // it was another variable's
    Object.assign(last, { names, box: state.box });
    if (kind !== now.names.length) build(now.names.length);
    choices.forEach((choice, at) => {
      if (choice.value !== (now.names[at] ?? "")) choice.value = now.names[at] ?? "";
    });
    section.toggleAttribute("data-two", kind === 2);
    if (kind === 1) paintCurve(now);
    else paintContours(now);
  }

  /** @param {number} dimensions */
  function build(dimensions) {
    kind = dimensions;
    known.key = "";
    picture = kind === 1 ? createCurve(main) : createContours(main);
    point = createPoint(main, step);
    set(main, { "aria-label": `${kind === 1 ? "Curve" : "Contours"}. ${KEYS}` });
  }

  /** @param {Subject} now @param {unknown[]} more what else it depends on */
  const keyOf = ({ names, at, rows, row }, ...more) =>
    JSON.stringify([
      version,
      names,
      Object.entries(at)
        .filter(([name]) => !names.includes(name))
        .map(([, value]) => plain(value)),
      rows?.count,
      row,
      more,
    ]);

  /** @param {number} cells @param {Subject} now */
  const sourceOf = (cells, now) =>
    source(/** @type {Sampler} */ (sample), now.at, now.rows, { places: cells, nodes: graph?.nodes.length ?? 1 });

  /**
   * What is known of a key; else a first look, and the whole of it once the numbers rest.
   * @template Found
   * @param {string} key
   * @param {() => Found} first
   * @param {((still: () => boolean) => Promise<Found | undefined>) | null} then
   * @returns {{found: Found, exact: boolean}}
   */
  function cached(key, first, then) {
    if (known.key === key) return known;
    known = { key, exact: !then, found: first() };
    clearTimeout(timer);
    if (then) {
      timer = setTimeout(async () => {
        const still = () => known.key === key && section.isConnected;
        const found = still() ? await then(still) : undefined;
        if (!found || !still()) return;
        known = { key, exact: true, found };
        paint();
      }, REST);
    }
    return known;
  }

  /**
   * Value and slopes at the point: over many rows they take longer than a frame has.
   * @param {Subject} now
   * @param {Source} from
   */
  function atPoint(now, from) {
    const key = keyOf(
      now,
      now.names.map((name) => plain(now.at[name])),
    );
    if (spot.key === key) return spot;
    const here = Object.fromEntries(now.names.map((name) => [name, Float64Array.of(now.at[name])]));
    spot = { key, value: from.exact(here)[0], slopes: now.names.map((name) => from.exact(here, name)[0]) };
    return spot;
  }

  /** @param {Subject} now */
  function paintCurve(now) {
    const curve = /** @type {ReturnType<typeof createCurve>} */ (picture);
    const [name] = now.names;
    const x = now.at[name];
    const from = sourceOf(400, now);
    const {
      value,
      slopes: [slope],
    } = atPoint(now, from);
    const box = view.read(state.box);
    const follow = isOpen(state, "follow");
    const withSlope = isOpen(state, "slope");
    const base = box ? /** @type {[number, number]} */ ([box[0], box[1]]) : view.rangeOf(state, name);
    const range = follow ? view.following(base, x) : base;
    const chosenY = box ? /** @type {[number, number]} */ ([box[2], box[3]]) : null;
    const shown = chosenY && follow ? view.following(chosenY, value) : chosenY;
    const [size, small] = sizes;
    const compute = () => ({
      value: course(from, name, range, shown, size.height),
      slope: withSlope ? course(from, name, range, null, small.height, name) : null,
    });
    const slowly = async (/** @type {() => boolean} */ still) => {
      const value = await courseSlowly(from, name, range, shown, size.height, still);
      const slope = withSlope ? await courseSlowly(from, name, range, null, small.height, still, name) : null;
      return value && slope !== undefined ? { value, slope } : undefined;
    };
    const key = keyOf(now, range, shown, size, withSlope);
    const { found, exact } = cached(key, compute, from.used < from.rows ? slowly : null);

    const output = graph?.output ?? "";
    sight = [...range, ...found.value.ends];
    const lower = found.slope?.ends;
    const left = Math.max(
      ...[found.value.ends, ...(lower ? [lower] : [])].map((ends) => roomFor(ticksOf(ends, false, 5))),
    );
    frame = curve.draw({
      size,
      window: sight,
      names: { x: name, y: output },
      course: found.value.course,
      at: { x, y: value, slope },
      descents: page.store.state.descents,
      placesOf: ({ points, losses }) => (points[name] ? { x: points[name], y: losses } : null),
      room: { left },
    });
    below.toggleAttribute("hidden", !found.slope);
    if (found.slope && lower) {
      const names = { x: "", y: `∂${output}/∂${name}` };
      slopes.draw({
        size: small,
        window: [...range, ...lower],
        names,
        course: found.slope.course,
        at: { x, y: slope, slope: NaN },
        room: { left, bottom: 22 },
      });
      set(below, { "aria-label": `∂${output}/∂${name} against ${name}: ${slope} at ${name} = ${x}` });
    }
    const said = curveWords({
      output,
      name,
      range,
      x,
      value,
      slope,
      least: least(found.value.course, found.value.ends[0]),
    });
    put(now, x, value, value === value, `${said.told}${rowWords(from, exact, now.row)} ${said.frame}`);
  }

  /** @param {Subject} now */
  function paintContours(now) {
    const contours = /** @type {ReturnType<typeof createContours>} */ (picture);
    const [a, b] = now.names;
    const [x, y] = [now.at[a], now.at[b]];
    const from = sourceOf(COARSE[0] * COARSE[1], now);
    const { value, slopes } = atPoint(now, from);
    const gradient = /** @type {[number, number]} */ (slopes);
    const base = view.read(state.box) ?? [...view.rangeOf(state, a), ...view.rangeOf(state, b)];
    const follow = isOpen(state, "follow");
    sight = follow ? [...view.following([base[0], base[1]], x), ...view.following([base[2], base[3]], y)] : base;
    const shown = sight;
    const grid = (/** @type {number[]} */ [across, up], /** @type {Float64Array} */ values) => ({
      grid: { values, across, up },
      levels: levelsOf(values),
    });
    const cells = ([across, up] = COARSE) => {
      const { xs, ys } = places(shown, across, up);
      return { [a]: xs, [b]: ys };
    };
    const slowly = async (/** @type {() => boolean} */ still) => {
      const values = await from.slowly(cells(FINE), still);
      return values && grid(FINE, values);
    };
    const { found, exact } = cached(keyOf(now, shown), () => grid(COARSE, from.quick(cells())), slowly);
    frame = contours.draw({
      size: sizes[0],
      window: sight,
      names: { x: a, y: b },
      grid: found.grid,
      levels: found.levels,
      at: { x, y, right: gradient[0], up: gradient[1] },
      descents: page.store.state.descents,
      placesOf: ({ points, losses }) => {
        if (!points[a] && !points[b]) return null;
        return {
          x: points[a] ?? new Float64Array(losses.length).fill(x),
          y: points[b] ?? new Float64Array(losses.length).fill(y),
        };
      },
    });
    below.toggleAttribute("hidden", true);
    const said = contourWords({
      output: graph?.output ?? "",
      names: [a, b],
      window: sight,
      at: [x, y],
      value,
      gradient,
      least: lowest(found.grid, shown),
    });
    put(now, x, y, value === value, `${said.told}${rowWords(from, exact, now.row)} ${said.frame}`);
  }

  /**
   * Puts the point into its place, or to the edge where it is out of sight.
   * @param {Subject} now
   * @param {number} x
   * @param {number} y
   * @param {boolean} defined
   * @param {string} told
   */
  function put(now, x, y, defined, told) {
    say(words, told);
    if (!frame) return;
    const { box } = frame;
    const within = (/** @type {number} */ pixel, /** @type {number} */ low, /** @type {number} */ high) =>
      Math.min(Math.max(pixel, low), high);
    const down = Number.isNaN(y) ? box.bottom : frame.y.at(y);
    const across = frame.x.at(x);
    const inside = across >= box.left - 1 && across <= box.right + 1 && down >= box.top - 1 && down <= box.bottom + 1;
    const { min, max } = sliderOf(state, now.names[0]);
    point.draw(
      Number.isNaN(across) || (kind === 2 && Number.isNaN(y))
        ? null
        : {
            x: within(across, box.left, box.right),
            y: within(down, box.top, box.bottom),
            defined: defined && inside,
            label: kind === 1 ? `Point, ${now.names[0]}` : `Point, ${now.names.join(" and ")}`,
            said: told,
            now: x,
            min,
            max,
          },
    );
  }

  /**
   * A number as a hand means it: a step of the slider, or where those are far apart what the screen can show.
   * @param {string} name
   * @param {number} value
   * @param {import("./scales.js").Scale} scale
   */
  function snapped(name, value, scale) {
    const { min, step } = sliderOf(state, name);
    const width = scale.domain[1] - scale.domain[0];
    const pixel = width / Math.abs(scale.range[1] - scale.range[0]);
    if (step > 6 * pixel) return view.rounded(value, width / 10);
    return Number((min + Math.round((value - min) / step) * step).toPrecision(12));
  }

  /** @param {number} right @param {number} up */
  function step(right, up) {
    const names = subject()?.names ?? [];
    const by = [right, kind === 2 ? up : 0];
    if (kind === 1 && !right) by[0] = up;
    /** @type {Map<string, number>} */
    const values = new Map();
    names.forEach((name, at) => {
      if (!by[at]) return;
      const { min, max, step: notch, value } = sliderOf(state, name);
      const to = Math.min(Math.max((Number.isFinite(value) ? value : min) + by[at] * notch, min), max);
      values.set(
        name,
        Number.isFinite(by[at]) ? Number((min + Math.round((to - min) / notch) * notch).toPrecision(12)) : to,
      );
    });
    if (values.size) page.move(values);
  }

  /** @param {Window} to */
  function look(to) {
    sight = to; // the next move of a hand may come before the next frame
    state.box = last.box = view.write(to);
    page.moved();
  }

  const gestures = createGestures(main, {
    zoom(factor, x, y) {
      if (!frame) return;
      const { left, right, bottom, top } = frame.box;
      const [across, up] = [
        x === undefined ? 0.5 : (x - left) / (right - left),
        y === undefined ? 0.5 : (bottom - y) / (bottom - top),
      ];
      look(
        view.zoomed(sight, factor, sight[0] + across * (sight[1] - sight[0]), sight[2] + up * (sight[3] - sight[2])),
      );
    },
    pan(right, down) {
      if (!frame) return;
      look(view.moved(sight, -right / (frame.box.right - frame.box.left), down / (frame.box.bottom - frame.box.top)));
    },
    reset,
    drag(x, y) {
      const names = subject()?.names ?? [];
      if (!frame) return;
      const { box } = frame;
      const across = frame.x.invert(Math.min(Math.max(x, box.left), box.right));
      const values = new Map([[names[0], snapped(names[0], across, frame.x)]]);
      if (kind === 2) {
        values.set(names[1], snapped(names[1], frame.y.invert(Math.min(Math.max(y, box.top), box.bottom)), frame.y));
      }
      page.move(values);
    },
    holds: (x, y) => point?.holds(x, y) ?? false,
    ended() {},
  });

  function reset() {
    state.box = last.box = "";
    page.moved();
  }

  section.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || !choices.includes(target)) return;
    const [first, second] = choices.map(({ value }) => value);
    const other = target === choices[0] ? (subject()?.names[0] ?? "") : "";
    state.plot = second === first ? (other ? `${first},${other}` : first) : [first, second].filter(Boolean).join();
    state.box = "";
    page.chosen();
  });

  section.addEventListener("click", ({ target }) => {
    const act = target instanceof Element ? target.closest("[data-plot-act]")?.getAttribute("data-plot-act") : "";
    if (act === "in") gestures.in();
    else if (act === "out") gestures.out();
    else if (act === "reset") reset();
    else if (act === "svg" || act === "png") {
      const title = section.querySelector(".plot-choice")?.querySelector(".name")?.textContent ?? "";
      const svg = documentOf([main, below], { title: `Plot of ${title}`, words: words.textContent ?? "" });
      if (act === "svg") saveSvg(svg, "plot");
      else savePng(svg, "plot");
    }
  });

  return {
    paint,
    /** @param {Graph | null} of @param {Sampler | null} by */
    renew(of, by) {
      [graph, sample] = [of, by];
      version++;
    },
  };
}

/** The least finite value of a grid, and where. @param {import("./levels.js").Grid} grid @param {Window} window */
function lowest({ values, across, up }, window) {
  let found = -1;
  values.forEach((value, at) => {
    if (Number.isFinite(value) && (found < 0 || value < values[found])) found = at;
  });
  if (found < 0) return undefined;
  const [left, right, bottom, top] = window;
  const [column, row] = [found % across, Math.floor(found / across)];
  return {
    x: left + ((column + 0.5) / across) * (right - left),
    y: bottom + ((row + 0.5) / up) * (top - bottom),
    value: values[found],
  };
}

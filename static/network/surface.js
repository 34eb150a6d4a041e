/** What a network says: over the plane of two inputs, or along one, with the samples that it learns from. */

import { sampler } from "../plot/sampler.js";
import { createContours } from "../plot/contours.js";
import { course, createCurve, SAMPLES } from "../plot/curves.js";
import { levelsOf, places } from "../plot/levels.js";
import { markAt } from "../plot/marks.js";
import { extent, padded } from "../plot/scales.js";
import { source } from "../plot/source.js";
import { add, children, set, watchSize } from "../plot/svg.js";
import { SURFACE } from "../state/table.js";

/**
 * @typedef {import("../workbench.js").Samples} Samples
 * @typedef {import("../engine/engine.js").Graph} Graph
 *
 * @typedef {object} Shown
 * @property {Graph} graph
 * @property {string} node the output's id
 * @property {string} name what the axis calls it
 * @property {string} inputs one or two, with a blank between them
 * @property {string} target the variable that has what it should say, or its class
 * @property {(target: number) => number} wanted what it should say
 * @property {Record<string, number>} at
 * @property {Samples | null} samples
 */

const GRID = 44; // cells each way: a network has many nodes, and this is drawn at every step
const MOST_MARKS = 1000;

/** @param {SVGSVGElement} svg */
export function createSurface(svg) {
  const size = watchSize(svg, () => last && draw(last), { width: 400, height: 260 });
  /** @type {Shown | undefined} */
  let last;
  /** @type {ReturnType<typeof plane> | ReturnType<typeof line> | undefined} */
  let kind;
  /** @type {{graph: Graph, node: string, sample: import("../plot/sampler.js").Sampler} | undefined} */
  let known;

  /** @param {Shown} shown */
  function draw(shown) {
    last = shown;
    const inputs = shown.inputs.split(" ");
    kind ??= inputs.length === 2 ? plane(svg) : line(svg);
    if (known?.graph !== shown.graph || known.node !== shown.node) {
      known = { graph: shown.graph, node: shown.node, sample: sampler(shown.graph, shown.node) };
    }
    kind(shown, known.sample, inputs, size);
  }
  return draw;
}

/** @param {SVGSVGElement} svg */
function plane(svg) {
  const contours = createContours(svg);
  const marks = add(contours.layers.inside, "g", { class: "samples" });
  return (
    /** @type {Shown} */ shown,
    /** @type {import("../plot/sampler.js").Sampler} */ sample,
    /** @type {string[]} */ [x, y],
    /** @type {{width: number, height: number}} */ size,
  ) => {
    const [left, right] = rangeOf(shown, x);
    const [bottom, top] = rangeOf(shown, y);
    const window = /** @type {[number, number, number, number]} */ ([left, right, bottom, top]);
    const { xs, ys } = places(window, GRID, GRID);
    const values = sample.values(shown.at, { [x]: xs, [y]: ys }, xs.length);
    const grid = { values, across: GRID, up: GRID };
    const frame = contours.draw({
      size,
      window,
      names: { x, y },
      grid,
      levels: levelsOf(values),
      at: null,
      descents: [],
      placesOf: () => null,
    });
    mark(marks, shown, (row, columns) => [frame.x.at(columns[x][row]), frame.y.at(columns[y][row])], [x, y], true);
  };
}

/** @param {SVGSVGElement} svg */
function line(svg) {
  const curve = createCurve(svg);
  const marks = add(curve.layers.inside, "g", { class: "samples" });
  return (
    /** @type {Shown} */ shown,
    /** @type {import("../plot/sampler.js").Sampler} */ sample,
    /** @type {string[]} */ [x],
    /** @type {{width: number, height: number}} */ size,
  ) => {
    const range = rangeOf(shown, x);
    const of = source(sample, shown.at, null, { places: SAMPLES, nodes: shown.graph.nodes.length });
    const found = course(of, x, range, null, size.height);
    const targets = shown.samples?.columns[shown.target]?.map(shown.wanted);
    const seen = extent([Float64Array.from(found.ends), ...(targets ? [targets] : [])]) ?? found.ends;
    const ends = padded(seen);
    const window = /** @type {[number, number, number, number]} */ ([...range, ...ends]);
    const frame = curve.draw({ size, window, names: { x, y: shown.name }, course: found.course, at: null });
    mark(
      marks,
      shown,
      (row, columns) => [frame.x.at(columns[x][row]), frame.y.at(shown.wanted(columns[shown.target][row]))],
      [x, shown.target],
      false,
    );
  };
}

/**
 * The range of an input: that of its samples, else around 0.
 * @param {{samples: Samples | null}} shown @param {string} name @returns {[number, number]}
 */
export function rangeOf({ samples }, name) {
  const column = samples?.columns[name];
  const found = column && extent([column]);
  return found && found[0] < found[1] ? padded(found, SURFACE.room) : [-SURFACE.reach, SURFACE.reach];
}

/**
 * The samples: those with a small target and those with a large one differ in colour and in shape.
 * @param {SVGGElement} parent @param {Shown} shown
 * @param {(row: number, columns: Record<string, Float64Array>) => [number, number]} placeOf
 * @param {string[]} names the columns that it needs @param {boolean} classes
 */
function mark(parent, { samples, target, wanted }, placeOf, names, classes) {
  const [low, high] = children(parent, "path", 2);
  const paths = ["", ""];
  if (samples && names.every((name) => samples.columns[name])) {
    const { columns, count } = samples;
    const targets = columns[target];
    const every = Math.max(1, Math.ceil(count / MOST_MARKS));
    for (let row = 0; row < count; row += every) {
      const kind = classes && targets && wanted(targets[row]) > 0.5 ? 1 : 0;
      const [x, y] = placeOf(row, columns);
      paths[kind] += markAt(kind, x, y);
    }
  }
  set(low, { d: paths[0], "data-series": 3 });
  set(high, { d: paths[1], "data-series": 0 });
}

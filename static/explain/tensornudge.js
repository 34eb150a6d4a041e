/**
 * The nudge test of a program with tensors: ⟨G, V⟩ against what happens to the output. The same as
 * graphviz_backprop/web/shown/moved.py, which says in a script of the page what moves.
 */

import { unpacked } from "../engine/tensors/made.js";
import { createTape } from "../engine/tensors/tape.js";
import { miss } from "./nudge.js";

/**
 * @typedef {ReturnType<typeof import("../engine/tensors/run.js").createRun>} TensorRun
 * @typedef {import("../engine/tensors/run.js").TensorGraph} TensorGraph
 * @typedef {{h: number, along: string, drawn: number}} Asked
 *
 * @typedef {object} Moved what moves
 * @property {string} name the variable by which it is given its value
 * @property {string} gradient the field of its gradient
 * @property {string} value of its value
 * @property {number | null} cell which cell of it, if it is one
 * @property {boolean} whole whether it is all cells of a tensor
 * @property {boolean} active whether it has a gradient
 * @property {{nodes: import("../engine/tensors/tape.js").TapeNode[], output: number, values: number[]} | null} tape
 *   what computes the output, and the nodes on the way to it, where a node moves; a variable moves in the program's own
 * @property {{nodes: import("../engine/tensors/tape.js").TapeNode[], rows: number[], at: number[]} | null} way what
 *   computes how these nodes move
 * @property {{flat: string, broken: string, unreached: string}} said why nothing is told
 *
 * @typedef {{predicted: number | null, actual: number | null, miss: number | null}} Told
 * @typedef {Told & {said: string, way: Told[]}} Nudged
 */

/**
 * The test that stands on the page, if one is open.
 * @param {ParentNode} root @param {TensorGraph | null} graph
 */
export function nudgeOf(root, graph) {
  /** @type {Moved | null} */
  const moved = JSON.parse(root.querySelector("[data-part=moved]")?.textContent ?? "null");
  return graph && moved && createTensorNudge(graph, moved);
}

/**
 * @param {TensorGraph} graph @param {Moved} moved
 * @returns {(run: TensorRun, seed: number, asked: Asked) => Nudged}
 */
export function createTensorNudge(graph, moved) {
  const { nodes, output } = moved.tape ?? { nodes: graph.tape.nodes, output: last(graph.tape.values) };
  const on = moved.way?.at ?? [];
  const after = moved.tape?.values ?? on.map((position) => graph.tape.values[position]);
  const tape = createTape({ nodes }, [output, ...after]);
  const ahead = moved.way && createTape(moved.way, moved.way.rows);
  const leaves = new Map(graph.nodes.flatMap(({ op, name = "", id }) => (op === "var" ? [[name, id]] : [])));

  return (run, seed, asked) => {
    const field = (/** @type {string} */ name) => run.cellsOf(name)?.cells ?? null;
    const [stood, gradient] = [field(moved.value), field(moved.gradient)];
    if (!moved.active || !stood || !gradient) return nothing(moved.said.unreached);
    const way = wayOf(gradient, moved, asked);
    const length = lengthOf(way);
    if (!(length > 0 && Number.isFinite(length))) return nothing(length === 0 ? moved.said.flat : moved.said.broken);
    const step = at(way, (x) => asked.h * (x / length));
    for (const [name, id] of leaves) tape.set(name, field(`${id}.value`) ?? []);
    tape.set(
      moved.name,
      at(stood, (x, cell) => x + step[cell]),
    );
    tape.run();
    const before = field(`${graph.output}.value`) ?? [];
    const predicted = sum(at(gradient, (x, cell) => x * step[cell]));
    const actual = sum(at(tape.cells[output], (x, cell) => seed * (x - before[cell])));
    return { predicted, actual, miss: miss(predicted, actual), said: "", way: along(field, step) };
  };

  /**
   * What each node on the way moves by.
   * @param {(name: string) => Float64Array | null} field @param {Float64Array} step @returns {Told[]}
   */
  function along(field, step) {
    if (!ahead || !moved.way) return [];
    for (const [name, id] of leaves) ahead.set(name, field(`${id}.value`) ?? []);
    ahead.set(WAY, step);
    ahead.run();
    return moved.way.rows.map((row, number) => {
      const { id, shape } = graph.nodes[on[number]];
      const stood = field(`${id}.value`) ?? new Float64Array(0);
      const [predicted, actual] = [ahead.cells[row], at(stood, (x, cell) => tape.cells[after[number]][cell] - x)];
      return told(predicted.length === stood.length ? predicted : at(stood, () => predicted[0]), actual, shape);
    });
  }
}

/**
 * Of a tensor both are lengths.
 * @param {Float64Array} predicted @param {Float64Array} actual @param {readonly number[]} shape @returns {Told}
 */
function told(predicted, actual, shape) {
  const [one, other] = [lengthOf(predicted), lengthOf(actual)];
  const off = lengthOf(at(predicted, (x, cell) => x - actual[cell]));
  const size = Math.max(one, other);
  const apart = !Number.isFinite(size) ? NaN : off <= ROUNDING * size ? 0 : off / size;
  return shape.length
    ? { predicted: one, actual: other, miss: apart }
    : { predicted: predicted[0], actual: actual[0], miss: apart };
}

/**
 * The fields of the test, which is made when the first of them is asked for.
 * @param {() => Nudged | null} test @returns {import("../page/fields.js").Fields}
 */
export function nudgeFields(test) {
  /** @type {Nudged | null} */
  let found = null;
  return {
    get(field) {
      const [, row, kind] = /^way\.(\d+)\.(predicted|actual|miss)$/.exec(field) ?? [];
      if (row) return (found ??= test())?.way[Number(row)]?.[/** @type {keyof Told} */ (kind)] ?? null;
      const word = /^nudge\.(predicted|actual|miss|said)$/.exec(field)?.[1];
      if (!word) return undefined;
      return (found ??= test())?.[/** @type {keyof Told | "said"} */ (word)];
    },
  };
}

/** @param {string} said @returns {Nudged} */
const nothing = (said) => ({ predicted: null, actual: null, miss: null, said, way: [] });

/** What is off by less, relative to the larger, is rounding. */
const ROUNDING = 1e-10;

/** The direction, in the tape of how nodes move; no program has such a variable. */
const WAY = "∂→";

/**
 * The direction in which it moves, of any length.
 * @param {Float64Array} gradient @param {Moved} moved @param {Asked} asked
 */
function wayOf(gradient, { cell, whole }, { along, drawn }) {
  if (cell !== null) return at(gradient, (_, other) => (other === cell ? 1 : 0));
  if (whole && along === "gradient") return gradient;
  if (whole && along === "random") return randn(gradient.length, Math.max(drawn, 0));
  return new Float64Array(gradient.length).fill(1);
}

/** As `randn` of the language draws. @param {number} count @param {number} seed */
const randn = (count, seed) => unpacked({ make: "randn", shape: [count], numbers: [seed], then: [] });

/** @param {Float64Array} way */
const lengthOf = (way) => Math.sqrt(sum(at(way, (x) => x * x)));

/** @param {ArrayLike<number>} x @param {(x: number, cell: number) => number} of */
const at = (x, of) => Float64Array.from(x, of);

/** @param {Float64Array} x */
const sum = (x) => x.reduce((all, one) => all + one, 0);

/** @param {number[]} x */
const last = (x) => x[x.length - 1];

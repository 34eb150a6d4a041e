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
 * @property {{nodes: import("../engine/tensors/tape.js").TapeNode[], output: number} | null} tape what computes the
 *   output where a node moves; a variable moves in the program's own
 * @property {{flat: string, broken: string, unreached: string}} said why nothing is told
 *
 * @typedef {{predicted: number | null, actual: number | null, miss: number | null, said: string}} Nudged
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
  const tape = createTape({ nodes }, [output]);
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
    const [before, after] = [field(`${graph.output}.value`) ?? [], tape.cells[output]];
    const predicted = sum(at(gradient, (x, cell) => x * step[cell]));
    const actual = sum(at(after, (x, cell) => seed * (x - before[cell])));
    return { predicted, actual, miss: miss(predicted, actual), said: "" };
  };
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
      const word = /^nudge\.(predicted|actual|miss|said)$/.exec(field)?.[1];
      if (!word) return undefined;
      return (found ??= test())?.[/** @type {keyof Nudged} */ (word)];
    },
  };
}

/** @param {string} said @returns {Nudged} */
const nothing = (said) => ({ predicted: null, actual: null, miss: null, said });

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

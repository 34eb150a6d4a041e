/**
 * The path ledger of a tensor: what the paths to it bring, and their sum. The same as
 * graphviz_backprop/web/shown/ledger.py, which sends with the page how each part is computed.
 */

import { formatNumber } from "../engine/numerals.js";
import { strides } from "../engine/tensors/places.js";
import { createTape } from "../engine/tensors/tape.js";

/**
 * @typedef {ReturnType<typeof import("../engine/tensors/run.js").createRun>} TensorRun
 * @typedef {import("../engine/tensors/run.js").TensorGraph} TensorGraph
 * @typedef {{get: (field: string) => number | string | null | undefined}} Book
 *
 * @typedef {object} Sent
 * @property {import("../engine/tensors/tape.js").TapeNode[]} nodes both passes, and what each path brings
 * @property {number[]} rows where that stands
 * @property {string} gradient the field of their sum
 * @property {readonly number[]} shape
 */

/**
 * The ledger that stands on the page, if one is open.
 * @param {ParentNode} root @param {TensorGraph | null} graph
 */
export function ledgerOf(root, graph) {
  /** @type {Sent | null} */
  const sent = JSON.parse(root.querySelector("[data-part=ledger]")?.textContent ?? "null");
  return graph && sent && createTensorLedger(graph, sent);
}

/**
 * @param {TensorGraph} graph @param {Sent} sent
 * @returns {(run: TensorRun, seed: number) => Book} its numbers, computed when the first of them is asked for
 */
export function createTensorLedger(graph, { nodes, rows, gradient, shape }) {
  const tape = createTape({ nodes }, rows);
  const leaves = graph.nodes.flatMap(({ op, name = "", id }) => (op === "var" ? [{ name, id }] : []));
  const count = shape.reduce((product, length) => product * length, 1);
  const steps = strides(shape);

  /** What a row brings; a number stands for all cells. @param {number} row */
  function part(row) {
    const cells = tape.cells[rows[row]];
    return cells.length === count ? cells : new Float64Array(count).fill(cells[0]);
  }

  /** @param {Float64Array} cells @param {string} index */
  const cell = (cells, index) =>
    cells[(index ? index.split(",") : []).reduce((sum, place, axis) => sum + steps[axis] * Number(place), 0)];

  return (run, seed) => {
    let ready = false;
    const whole = () => run.cellsOf(gradient)?.cells ?? new Float64Array(count);
    return {
      get(field) {
        const found = /^path(?:\.(\d+)|s\.total)(?:\.(length|share|rank)|\[([\d,]*)\])$/.exec(field);
        if (!found || (found[1] && Number(found[1]) >= rows.length)) return undefined;
        if (!ready) {
          for (const { name, id } of leaves) tape.set(name, run.cellsOf(`${id}.value`)?.cells ?? []);
          tape.run(seed);
          ready = true;
        }
        const cells = found[1] ? part(Number(found[1])) : whole();
        if (found[2] === "rank") return rankOf(cells, whole());
        if (found[2] === "length") return Math.sqrt(dot(cells, cells));
        return found[2] === "share" ? percent(dot(cells, whole()) / dot(whole(), whole())) : cell(cells, found[3]);
      },
    };
  };
}

/**
 * Puts the rows of the ledger in order, those with the largest share first; what has none goes by its length.
 * @param {ParentNode} root @param {Book} book
 */
export function sortPaths(root, book) {
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("tr[data-path]"))];
  const sorted = rows
    .map((row) => ({ row, rank: Number(book.get(`path.${row.dataset.path}.rank`) ?? NaN) }))
    .sort((one, other) => other.rank - one.rank);
  if (sorted.some(({ rank }) => rank !== rank) || sorted.every(({ row }, at) => row === rows[at])) return;
  rows[0].parentElement?.append(...sorted.map(({ row }) => row));
}

/** By what paths are sorted. @param {Float64Array} part @param {Float64Array} whole */
function rankOf(part, whole) {
  const share = Math.abs(dot(part, whole) / dot(whole, whole));
  const size = Number.isFinite(share) ? share : Math.sqrt(dot(part, part));
  return size === size ? size : Infinity;
}

/** @param {Float64Array} x @param {Float64Array} y */
const dot = (x, y) => x.reduce((sum, one, at) => sum + one * y[at], 0);

/** @param {number} part */
const percent = (part) => (Number.isFinite(part) ? `${formatNumber(100 * part)} %` : "–");

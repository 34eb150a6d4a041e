/** The numbers of a program with tensors, at the values of its variables. */

import { createRun } from "../engine/tensors/run.js";
import { flat } from "../engine/tensors/tape.js";
import { NOTES } from "../explain/panels.js";
import { tensorFindings } from "../explain/tensortrouble.js";
import { valueOf } from "../state/url.js";

/**
 * @param {import("../workbench.js").PageStore} store
 * @returns {() => ReturnType<typeof withNotes> | null} every number by its field; null where the program has no tensors
 */
export function createTensorNumbers(store) {
  const { state } = store;
  /** @type {ReturnType<typeof createRun> | null} */
  let run = null;
  store.subscribe(["tensors"], ({ tensors }) => {
    run = tensors && createRun(tensors);
  });

  return () => {
    if (!run || !state.tensors) return null;
    run.run(new Map(state.tensors.variables.flatMap((name) => given(name, run?.shapeOf(name) ?? []))), state.seed);
    return withNotes(state.tensors, run, state.seed);
  };

  /**
   * A variable's cells, where they are others than the program's own. A list of another size does not fit it.
   * @param {string} name @param {readonly number[]} shape @returns {[string, ArrayLike<number>][]}
   */
  function given(name, shape) {
    if (!shape.length) return [[name, [valueOf(state, name)]]];
    const known = sampleOf(state, name, shape) ?? state.moved.get(name);
    if (known) return [[name, known]];
    const cells = read(state.lists.get(name) ?? "", shape);
    return cells.length ? [[name, cells]] : [];
  }
}

/**
 * The numbers, and what is to be known of them in words, which is looked for when it is asked for.
 * @param {import("../workbench.js").TensorGraph} graph @param {ReturnType<typeof createRun>} run @param {number} seed
 */
function withNotes(graph, run, seed) {
  /** @type {ReturnType<typeof tensorFindings> | null} */
  let findings = null;
  const get = (/** @type {string} */ field) => {
    if (!Object.hasOwn(NOTES, field)) return run.get(field);
    return NOTES[field]({ findings: (findings ??= tensorFindings(graph, run, seed)) });
  };
  return { ...run, get };
}

/**
 * What the samples have for a variable: the cells of the one that is picked, else of the first; of a batch that the
 * program names its first rows, as many as the text has. Undefined where no column stands for it.
 * @param {import("../workbench.js").Shown} state @param {string} name @param {readonly number[]} shape
 */
function sampleOf({ samples, row }, name, shape) {
  const cells = samples && Object.hasOwn(samples.columns, name) ? samples.columns[name] : null;
  if (!samples || !cells) return undefined;
  const count = shape.reduce((product, length) => product * length, 1);
  const first = samples.sampled?.whole ? 0 : Math.min(Math.max(row, 0), samples.count - 1) * count;
  return first + count <= cells.length ? cells.subarray(first, first + count) : undefined;
}

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

/**
 * The cells of a list as it stands in the address; none where it is no list of numbers of this shape.
 * @param {string} text @param {readonly number[]} shape
 */
export function read(text, shape) {
  try {
    const nested = JSON.parse(text.replace(NUMBER, (number) => String(Number(number))));
    const cells = flat(nested);
    return has(nested, shape) && cells.every((x) => Number.isFinite(x)) ? cells : [];
  } catch {
    return [];
  }
}

/** @param {import("../engine/tensors/tape.js").Nested} nested @param {readonly number[]} shape @returns {boolean} */
function has(nested, [length, ...rest]) {
  if (!Array.isArray(nested)) return length === undefined;
  return nested.length === length && nested.every((row) => has(row, rest));
}

/**
 * The lists that still have the shape of a variable; the same map where all have.
 * @param {ReadonlyMap<string, string>} lists @param {import("../workbench.js").TensorGraph | null} graph
 */
export function fitting(lists, graph) {
  const leaves = (graph?.nodes ?? []).filter(({ op }) => op === "var");
  const shapes = new Map(leaves.map(({ name = "", shape }) => [name, shape]));
  const kept = [...lists].filter(([name, text]) => read(text, shapes.get(name) ?? []).length > 0);
  return kept.length === lists.size ? lists : new Map(kept);
}

/** The numbers of the page: of one point, or averages over samples; and what is told of them. */

import { compile } from "../engine/engine.js";
import { createBoxes } from "../explain/boxes.js";
import { createPanels, SILENT } from "../explain/panels.js";
import { valueOf } from "../state/url.js";

/**
 * @param {import("../workbench.js").PageStore} store
 * @param {import("./clock.js").Clock} clock
 * @param {() => void} grown when the averages are those of more samples than before
 */
export function createNumbers(store, clock, grown) {
  const { state } = store;
  /** @type {ReturnType<typeof compile> | null} */
  let evaluate = null;
  /** @type {ReturnType<typeof createPanels> | null} */
  let explain = null;
  /** The graph as the figure shows it. @type {ReturnType<typeof createBoxes> | null} */
  let boxes = null;
  /** What averages over them comes with samples. @type {typeof import("../data/average.js").createAverages | null} */
  let average = null;
  /** @type {ReturnType<typeof import("../data/average.js").createAverages> | null} */
  let averages = null;

  store.subscribe(["graph"], ({ graph }) => {
    evaluate = graph && compile(graph);
    explain = evaluate && createPanels(evaluate.plan, () => boxes);
    averages?.end();
    averages = null;
  });
  store.subscribe(["graph", "closed"], ({ closed }) => {
    boxes = evaluate && createBoxes(evaluate.plan, closed);
  });

  /** Whether all numbers are averages over samples; else they are those of one point. */
  const isAveraged = () => state.samples !== null && state.row < 0;

  function averagesNow() {
    if (!state.graph || !average || !isAveraged()) return null;
    const later = (/** @type {() => void} */ work) => void clock.frame(work);
    averages ??= average(state.graph, { later, now: clock.now, told: grown });
    return averages;
  }

  /**
   * Every number of the graph by its field, and those of the explanations, which are of one row: what goes wrong, and
   * what is a product of partials. Null while the program has a mistake.
   */
  function now() {
    const { graph, samples } = state;
    if (!graph || !evaluate || !explain) return null;
    /** @type {Record<string, number>} */
    const at = Object.create(null);
    for (const name of graph.variables) at[name] = valueOf(state, name);
    const means = averagesNow();
    const fields = samples && means ? means.fields(samples, at, state.seed) : evaluate(at, state.seed);
    const explained = isAveraged() ? SILENT : explain(fields.run, state);
    return { fields, through: boxes?.of(fields.run) ?? SILENT, explained };
  }

  return {
    now,
    isAveraged,
    averages: averagesNow,
    /** @param {typeof average} by what averages over the samples that are bound */
    averageBy(by) {
      average = by;
    },
  };
}

/** The sides of the page beside the explanations: each is loaded when it is first of use. */

import { shows } from "./state/url.js";

/**
 * @typedef {import("./engine/engine.js").Graph & {variables: string[], start?: Record<string, number>,
 *   tensors?: boolean, hidden?: import("./page/hidden.js").Hidden | null}} Graph `tensors`: a network that is written
 *   in them
 * @typedef {import("./engine/engine.js").Fields} Fields
 * @typedef {import("./state/url.js").State} State
 *
 * @typedef {object} Samples the samples over which the output is averaged
 * @property {Record<string, Float64Array>} columns by the variables that they stand for, all of one length
 * @property {number} count
 * @property {ReadonlyMap<string, string>} [names] the columns' own names, by variable
 * @property {import("./descent/tensors.js").Sampled} [sampled] how a program with tensors takes them: a tensor's column
 *   has all its cells, sample by sample
 * @property {import("./descent/held.js").Held} [held] those that are held out
 *
 * @typedef {object} DrawnDescent a descent as it is drawn: position k of each column is what was found after k steps
 * @property {string} name the optimizer's
 * @property {Record<string, ArrayLike<any>>} points by parameter: numbers, or the cells of a tensor
 * @property {ArrayLike<number>} losses
 * @property {Record<string, ArrayLike<any>>} [gradients] by parameter
 * @property {number} shown the step that is shown
 *
 * @typedef {import("./figure/groups.js").Closed} Closed
 * @typedef {import("./engine/tensors/run.js").TensorGraph} TensorGraph
 * @typedef {State & {graph: Graph | null, tensors: TensorGraph | null, closed: Closed[], samples: Samples | null,
 *   descents: DrawnDescent[], moved: ReadonlyMap<string, ArrayLike<number>>, found: ReadonlySet<string>}} Shown what
 *   the page shows: the state that its address holds, the graph of the program or null while it has a mistake (one
 *   with tensors stands in `tensors`), the groups that are closed in its figure (a new list with each figure), the
 *   samples that are bound, the descents that are drawn, the cells of the tensors that a descent has moved, the fields
 *   of hidden numbers that were found
 * @typedef {import("./state/store.js").Store<Shown>} PageStore
 *
 * @typedef {object} Page what a side has of the rest of the page. A side changes the page by `store.change(patch)`
 *   alone, in one call what is one choice of the user, and learns of changes by `store.subscribe(keys, run)`. All else
 *   follows: numbers are painted at the next frame (`Side.show`), the address and the history get what the rows of
 *   state/table.js say (`change`), and the server's parts are fetched anew where they depend on it (`remakes`).
 *   `state.at` and the other families are never changed in place, since a change is seen by identity: a changed map is
 *   a new map, as `withValues` of state/url.js makes it: `store.change(withValues(store.state, values))`.
 *   `subscribe(["graph"], …)` is called when the parts were swapped, with the markup that is there now. Elements are
 *   looked for in `root` or `form`, by classes or data attributes: a document may hold several pages, whose ids differ.
 * @property {HTMLElement} root all of the page
 * @property {HTMLFormElement} form
 * @property {PageStore} store
 * @property {import("./page/services.js").Server} server `server.fetch("api/data?name=moons")`: the app's addresses
 * @property {import("./page/clock.js").Clock} clock
 * @property {import("./page/services.js").Memory} settings what stays in this browser
 * @property {() => string} query what the address holds
 * @property {(query: string) => void} open shows another state, as an example does: one entry of the history
 * @property {(values: ReadonlyMap<string, number>) => void} move moves variables and their sliders
 * @property {(patch: Partial<Shown>) => void} choose `store.change`, and an entry of the history in any case
 * @property {() => void} paint at the next frame: for what a side shows beside the state
 * @property {(node: string) => void} reveal brings a node of the figure into sight
 * @property {() => {part: () => number, broken: () => number} | null} averaged how far the average over the samples is
 *   that is shown; null where one point is shown
 * @property {(samples: Samples | null, average?: Averaging) => void} bindSamples binds others, and what averages over
 *   them; or none
 *
 * @typedef {typeof import("./data/average.js").createAverages} Averaging
 * @typedef {import("./page/fields.js").Fields} Reached
 *
 * @typedef {object} Side
 * @property {(fields: Fields, reached: Reached) => void} [show] at most once a frame, with every number, and with
 *   those as far as the player has come
 * @property {(fields: Fields) => ReadonlyMap<string, number | string | null>} [fields] its own live numbers, by
 *   `data-field`
 */

/**
 * `panes` are those of which nothing can be used before the side has come.
 * @type {{of: (state: State) => boolean, panes: string[], load: () => Promise<{create: (page: Page) => Side}>}[]}
 */
const SIDES = [
  {
    of: (state) => state.data !== "" || shows(state, "data"),
    panes: ["data"],
    load: () => import("./data/side.js"),
  },
  { of: (state) => shows(state, "plot"), panes: ["plot"], load: () => import("./plot/side.js") },
  {
    of: (state) => shows(state, "plot", "training") || state.k >= 0,
    panes: ["plot", "training"],
    load: () => import("./descent/side.js"),
  },
  {
    of: (state) => shows(state, "network", "training"),
    panes: ["training"],
    load: () => import("./network/side.js"),
  },
  {
    of: (state) => shows(state, "practice") || state.practise === "on",
    panes: ["practice"],
    load: () => import("./practice/side.js"),
  },
];

/**
 * @param {Page} page
 * @param {ReturnType<typeof import("./page/offline.js").createOffline>} offline
 * @param {() => void} renew begins the page anew, with the state that its address holds
 */
export function createWorkbench(page, offline, renew) {
  /** @type {Set<typeof SIDES[number]>} */
  const asked = new Set();
  /** Those that did not come. @type {Set<typeof SIDES[number]>} */
  const lost = new Set();
  /** @type {Side[]} */
  const sides = [];
  /** How many sides each pane waits for. @type {Map<string, number>} */
  const awaited = new Map();

  /** Loads what the state has use for. @param {Readonly<State>} state */
  function open(state) {
    for (const row of SIDES) {
      if (asked.has(row) || !row.of(state)) continue;
      asked.add(row);
      wait(row, 1);
      row.load().then(
        ({ create }) => {
          wait(row, -1);
          sides.push(create(page));
          offline.came(row);
          page.paint();
        },
        () => {
          wait(row, -1);
          asked.delete(row); // it is asked for again with the next change, or after a while
          offline.missed(row, () => open(page.store.state));
          if (lost.has(row)) void helped();
          lost.add(row);
        },
      );
    }
  }

  /** A click that nobody hears would be lost. @param {typeof SIDES[number]} row @param {1 | -1} more */
  function wait({ panes }, more) {
    for (const pane of panes) {
      awaited.set(pane, (awaited.get(pane) ?? 0) + more);
      const parts = page.root.querySelectorAll(`[data-pane="${pane}"] .pane-body, [data-awaits="${pane}"]`);
      for (const part of parts) part.toggleAttribute("inert", awaited.get(pane) !== 0);
    }
  }

  /** A browser may remember for as long as the page lives that a module did not come, though its server is back. */
  async function helped() {
    const reply = await page.server.fetch("healthz").catch(() => null);
    if (reply?.ok) renew();
  }

  page.store.subscribe(["data", "panes", "k", "practise"], open);
  return {
    /** @param {Fields} fields @param {Reached} reached */
    show(fields, reached) {
      for (const side of sides) side.show?.(fields, reached);
    },
    /** @param {Fields} fields */
    fields: (fields) => sides.flatMap((side) => (side.fields ? [side.fields(fields)] : [])),
  };
}

/** The sides of the page beside the explanations: each is loaded when it is first of use. */

/**
 * @typedef {import("./engine/engine.js").Graph & {variables: string[]}} Graph
 * @typedef {import("./engine/engine.js").Fields} Fields
 * @typedef {import("./state/url.js").State} State
 *
 * @typedef {object} Rows the samples over which the output is averaged
 * @property {Record<string, Float64Array>} columns by the variables that they stand for, all of one length
 * @property {number} count
 * @property {ReadonlyMap<string, string>} [names] the columns' own names, by variable
 *
 * @typedef {object} Track a way downhill: position k of each column is what was found after k steps
 * @property {string} name the optimizer's
 * @property {Record<string, ArrayLike<number>>} points by parameter
 * @property {ArrayLike<number>} losses
 * @property {Record<string, ArrayLike<number>>} [gradients] by parameter
 * @property {number} shown the step that is shown
 *
 * @typedef {object} Page what a side has of the rest of the page
 * @property {HTMLFormElement} form
 * @property {State} state to read; after a change one of the next four is called
 * @property {() => Graph | null} graph that of the program, or null while it has a mistake
 * @property {() => void} moved numbers of the state have changed: paints at the next frame, and the address follows
 * @property {() => void} chosen a choice was made: the same, and the history gets an entry
 * @property {(node: string) => void} reveal brings a node of the figure into sight
 * @property {() => void} reload what the server makes depends on the change: its parts are fetched anew
 * @property {(query: string) => void} open shows another state, as an example does
 * @property {(values: ReadonlyMap<string, number>) => void} move moves variables and their sliders
 * @property {() => Rows | null} rows the samples that are bound
 * @property {() => {part: () => number, broken: () => number} | null} averaged how far the average over the rows is
 *   that is shown; null where one point is shown
 * @property {(rows: Rows | null, average?: typeof import("./data/average.js").createAverages) => void} bindRows binds
 *   others, and what averages over them; or none
 * @property {(change: () => void) => void} follow calls when other rows are bound
 * @property {() => Track[]} tracks the ways downhill that are shown
 * @property {(tracks: Track[]) => void} setTracks
 *
 * @typedef {import("./page/fields.js").Fields} Reached
 *
 * @typedef {object} Side
 * @property {() => void} [renew] after the program's parts were swapped, with the graph that is there now
 * @property {(fields: Fields, reached: Reached) => void} [show] at most once a frame, with every number, and with
 *   those as far as the player has come
 * @property {(fields: Fields) => ReadonlyMap<string, number | string | null>} [fields] its own live numbers, by
 *   `data-field`
 */

/** @type {{of: (state: State) => boolean, load: () => Promise<{create: (page: Page) => Side}>}[]} */
const SIDES = [
  { of: (state) => state.data !== "" || state.side === "data", load: () => import("./data/side.js") },
  { of: (state) => state.side === "plot", load: () => import("./plot/side.js") },
  {
    of: (state) => state.side === "plot" || state.side === "network" || state.k >= 0,
    load: () => import("./descent/side.js"),
  },
  { of: (state) => state.side === "network" || state.view === "network", load: () => import("./network/side.js") },
];

/** @param {Page} page */
export function createWorkbench(page) {
  /** @type {Set<typeof SIDES[number]>} */
  const asked = new Set();
  /** @type {Side[]} */
  const sides = [];

  /** Loads what the state has use for. */
  function open() {
    for (const row of SIDES) {
      if (asked.has(row) || !row.of(page.state)) continue;
      asked.add(row);
      row.load().then(({ create }) => {
        sides.push(create(page));
        page.moved();
      });
    }
  }

  return {
    open,
    renew() {
      for (const side of sides) side.renew?.();
    },
    /** @param {Fields} fields @param {Reached} reached */
    show(fields, reached) {
      for (const side of sides) side.show?.(fields, reached);
    },
    /** @param {Fields} fields */
    fields: (fields) => sides.flatMap((side) => (side.fields ? [side.fields(fields)] : [])),
  };
}

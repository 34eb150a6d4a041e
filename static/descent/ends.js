/** The sliders' ends: as wide as they were before a walk, and wider only where the step that is shown lies outside. */

/** @param {import("../state/url.js").State} state */
export function createEnds(state) {
  /** @type {Map<string, {min: number | undefined, max: number | undefined}>} */
  let kept = new Map();

  return {
    /** @param {string[]} names */
    keep(names) {
      kept = new Map(names.map((name) => [name, { min: state.min.get(name), max: state.max.get(name) }]));
    },
    restore() {
      for (const [name, { min, max }] of kept) {
        put(state.min, name, min);
        put(state.max, name, max);
      }
    },
  };
}

/** @param {Map<string, number>} family @param {string} name @param {number | undefined} end */
function put(family, name, end) {
  if (end === undefined) family.delete(name);
  else family.set(name, end);
}

/** The network. */

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  return {
    renew() {
      page.graph();
    },
  };
}

/** Lines of the figure that stand for several edges: a box that holds several nodes has one to what uses them. */

/**
 * What shows an edge: its own line and texts, or the line that stands for it.
 * @param {ParentNode} page @param {string} edge its key @param {string} child the node that it comes from
 */
export function drawn(page, edge, child) {
  const own = page.querySelectorAll(`.sheet [data-edge="${CSS.escape(edge)}"]`);
  if (own.length) return own;
  const line = `${boxOf(page, child)}.${boxOf(page, edge.split(/[~.]/)[0])}`;
  return page.querySelectorAll(`.graph .sheet [data-edge="${CSS.escape(line)}"]`);
}

/** The box that a node is in, as lines name it. @param {ParentNode} page @param {string} id */
export const boxOf = (page, id) =>
  page.querySelector(`.graph .sheet [data-holds~="${CSS.escape(id)}"]`)?.getAttribute("data-group") ?? id;

/**
 * What the address hides, to be found: the same as Veil in graphviz_backprop/explain/grading/hidden.py, which says
 * which fields they are.
 */

/**
 * @typedef {object} Hidden
 * @property {string[]} fields
 * @property {boolean} update whether the numbers of an update are hidden, too
 * @property {string[]} own the last words of fields that are hidden one by one
 * @property {string[]} signs the last words of fields that no number can be told from
 *
 * @typedef {import("./fields.js").Fields} Fields
 */

/**
 * What covers fields: those that are hidden have no number.
 * @param {{nodes: {id: string}[], variables: string[], hidden?: Hidden | null} | null} graph
 * @returns {(fields: Fields) => Fields}
 */
export function createVeil(graph) {
  const hidden = graph?.hidden;
  if (!graph || !hidden) return (fields) => fields;
  const names = new Set([...graph.nodes.map(({ id }) => id), ...graph.variables]);
  const covered = new Set(hidden.fields);
  const [own, signs] = [new Set(hidden.own), new Set(hidden.signs)];
  const update = hidden.update || hidden.fields.some((field) => field.endsWith(".total"));

  /** @param {string} field */
  function covers(field) {
    const dot = field.lastIndexOf(".");
    const word = field.slice(dot + 1);
    if (dot > 0 && signs.has(word)) return false;
    if (own.has(word) && names.has(field.split(".")[0])) return covered.has(field);
    return field.startsWith("update.") ? update : covered.size > 0;
  }
  return (fields) => ({ get: (/** @type {string} */ field) => (covers(field) ? null : fields.get(field)) });
}

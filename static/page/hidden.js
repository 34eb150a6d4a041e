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
 * @property {Question[]} [asked] what is asked of them, in the order in which it is found
 *
 * @typedef {object} Question
 * @property {string} field
 * @property {string[]} also other fields that show the same number
 * @property {string} name as it is written: `∂g/∂x`
 * @property {string} what a gradient, a local partial …
 * @property {string} place a node's id, or an edge's
 *
 * @typedef {import("./fields.js").Fields} Fields
 */

const CELL = /^([^.[\]]+)\[([0-9,]{1,40})\]((?:\.\d{1,6})?\.(?:value|gradient|flow|total))(\.shade|\.sign)?$/;

/** Nothing has been found. @type {ReadonlySet<string>} */
export const NOTHING = new Set();

/**
 * What covers fields: those that are hidden have no number.
 * @param {{nodes: {id: string}[], variables: string[], hidden?: Hidden | null} | null} graph
 * @param {ReadonlySet<string>} [found] the fields that are hidden no more
 * @returns {(fields: Fields) => Fields}
 */
export function createVeil(graph, found = NOTHING) {
  const hidden = graph?.hidden;
  if (!graph || !hidden) return (fields) => fields;
  const names = new Set([...graph.nodes.map(({ id }) => id), ...graph.variables]);
  const covered = new Set(hidden.fields.filter((field) => !found.has(field)));
  const partials = new Set([...covered].filter((field) => field.endsWith(".partial")).map(nodeOf));
  const [own, signs] = [new Set(hidden.own), new Set(hidden.signs)];
  const parts = partsOf(covered);
  const update = hidden.update || [...covered].some((field) => field.endsWith(".total"));

  /** @param {string} name */
  function covers(name) {
    const cell = name.includes("[") ? CELL.exec(name) : null;
    if (cell) return coversCell(cell);
    const field = name;
    const dot = field.lastIndexOf(".");
    const word = field.slice(dot + 1);
    if (dot > 0 && signs.has(word)) return false;
    if (word === "together" && covered.has(field)) return partials.has(nodeOf(field)); // their sum
    if (own.has(word) && names.has(field.split(".")[0])) return covered.has(field) || parts.has(field);
    return /^(descent\.now\.)?update\b/.test(field) ? update : covered.size > 0;
  }
  /** A cell is hidden with its tensor; how cells are shaded tells the greatest of all. @param {string[]} cell */
  function coversCell([, name, place, word, look]) {
    if (!names.has(name)) return covered.size > 0;
    const hidden = parts.get(name + word);
    return covered.has(name + word) || Boolean(hidden && (hidden.has(place) || look === ".shade"));
  }
  return (fields) => ({ get: (/** @type {string} */ field) => (covers(field) ? null : fields.get(field)) });
}

/**
 * Whether a number is hidden now: for what tells numbers in words or pictures of its own.
 * @param {Readonly<Pick<import("../workbench.js").Shown, "graph" | "tensors" | "found">>} state @param {string} field
 */
export const isHidden = ({ graph, tensors, found }, field) =>
  createVeil(graph ?? tensors, found)({ get: () => 1 }).get(field) === null;

/**
 * The fields of tensors of which cells are hidden, and which ones: `0,1`.
 * @param {ReadonlySet<string>} fields
 */
function partsOf(fields) {
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const [, name, place, word] of [...fields].flatMap((field) => [CELL.exec(field) ?? []])) {
    if (name) found.set(name + word, (found.get(name + word) ?? new Set()).add(place));
  }
  return found;
}

/** @param {string} field */
const nodeOf = (field) => field.split(".")[0];

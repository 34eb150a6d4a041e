/** Which nodes of a graph a few letters mean: by name, operation and text. Pure. */

/**
 * @typedef {object} Entry a node, as one can look for it
 * @property {string} id
 * @property {string[]} names its own, its variable's and those of its operation
 * @property {string} text what it computes
 */

/**
 * What operations are called beside their names in the graph, and their signs.
 * @type {Readonly<Record<string, string>>}
 */
const CALLED = {
  add: "+ plus sum",
  sub: "- − minus difference",
  mul: "* · × times product multiply",
  div: "/ divide quotient",
  pow: "^ ** power",
  neg: "- − minus negative",
  const: "constant number",
  var: "variable input",
};

/** @param {{id: string, op: string, name?: string}} node @param {string} text @returns {Entry} */
export function entryOf({ id, op, name }, text) {
  const names = [id, name ?? "", op, ...(CALLED[op] ?? "").split(" ")].filter(Boolean);
  return { id, names: names.map(folded), text: folded(text) };
}

/**
 * The ids of what is meant: what is called so, then what is called so at its beginning, then what has it in its text,
 * each in the order of the graph. Nothing is meant by nothing.
 * @param {readonly Entry[]} entries @param {string} wanted @returns {string[]}
 */
export function hitsOf(entries, wanted) {
  const query = folded(wanted);
  if (!query) return [];
  const ranks = /** @type {string[][]} */ ([[], [], []]);
  for (const { id, names, text } of entries) {
    if (names.includes(query)) ranks[0].push(id);
    else if (names.some((name) => name.startsWith(query))) ranks[1].push(id);
    else if (text.includes(query)) ranks[2].push(id);
  }
  return ranks.flat();
}

/** Without capitals and blanks: "c = a · b" is found by "a·b" and by "a * b". @param {string} text */
const folded = (text) =>
  text.normalize("NFKC").toLowerCase().replaceAll(/\s/g, "").replaceAll(/[*×]/g, "·").replaceAll("−", "-");

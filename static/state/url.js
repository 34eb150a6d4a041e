/**
 * The state of the page, which is its URL: one table of parameters, read and written.
 * graphviz_backprop/web/asked/state.py is the server's half; tests/support/urls.json holds addresses that both read.
 */

/**
 * @typedef {object} State
 * @property {string} expr
 * @property {string} view
 * @property {string} open composite nodes that are opened: ids with commas between them, or "all"
 * @property {string} dir
 * @property {number} seed
 * @property {number} frame where the step-by-step player stands; -1, and everything is shown
 * @property {string} panels the explanations that are open, with commas between them
 * @property {string} about the variable or node that they are about
 * @property {number} h the nudge
 * @property {string} side the side of the page that is open: explain, plot, data or network
 * @property {string} plot what is plotted: "x" or "x,y"; "", and it is chosen
 * @property {string} box what the plot shows: "left,right,bottom,top"; "", and it is chosen
 * @property {string} optimizer with commas between them, where several race
 * @property {number} rate
 * @property {string} hyper the optimizer's settings: "beta1:0.8,…"
 * @property {number} steps
 * @property {string} params what the descent moves, with commas; "", and it is all that is no column
 * @property {number} k the step of the descent that is shown; -1, and there is none
 * @property {string} data a set: "moons,200,0,0.1" (name, rows, seed, noise); "own" for a table
 * @property {string} table the text of an own table, where it is short
 * @property {string} bind columns and their variables, where names differ: "a:x1,…"
 * @property {number} row the row that is shown, from 0; -1 for the average
 * @property {number} batch rows a step; 0 for all
 * @property {number} order the seed of the rows' order; -1, and they stay as they stand
 * @property {string} weight the weight, bias or neuron that is derived
 * @property {string} unfold what of its derivation is unfolded: neurons with commas
 * @property {string} index the order of a weight's indices, "jk" or "kj", with "L" behind it where layers count from
 *   the last one
 * @property {string} layers blocks of the network that are opened: layers with commas
 * @property {Map<string, number>} at values by variable
 * @property {Map<string, number>} min ends of the sliders, where they were chosen
 * @property {Map<string, number>} max
 * @property {Map<string, number>} step
 * @property {Map<string, number>} from where the descent began
 *
 * @typedef {"at" | "min" | "max" | "step" | "from"} Family
 *
 * @typedef {object} Slider a variable's value and a range wide enough to hold it
 * @property {number} value
 * @property {number} min
 * @property {number} max
 * @property {number} step
 */

/** @param {string} raw */
const text = (raw) => raw;

/** An unscripted form's button says "-" where nothing is to stay open. @param {string} raw */
export const opened = (raw) => (raw === "-" ? "" : raw);

export const PANELS = ["nodes", "paths", "nudge", "forward", "formula", "sides", "heat", "slope", "follow", "wide"];

/** @param {string} raw */
function panels(raw) {
  const named = raw.split(",");
  return PANELS.filter((name) => named.includes(name)).join(",") || "none";
}

/** @param {string[]} names */
const choice =
  (...names) =>
  (/** @type {string} */ raw) =>
    names.includes(raw) ? raw : undefined;

/** @param {string} raw */
function number(raw) {
  const trimmed = raw.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  return /^(NaN|[+-]?Infinity)$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** @param {string} raw */
function finite(raw) {
  const value = number(raw);
  return Number.isFinite(value) ? value : undefined;
}

/** @param {string} raw */
function count(raw) {
  const value = number(raw);
  return Number.isInteger(value) && Number(value) >= -1 && Number(value) <= 1e6 ? value : undefined;
}

/** @param {string} raw */
function positive(raw) {
  const value = finite(raw);
  return value !== undefined && value > 0 ? value : undefined;
}

/** One row for each parameter; `family` ones have a member for each variable. */
const PARAMETERS = Object.freeze([
  { name: "expr", family: false, read: text, otherwise: "(4*x+1)^2" },
  { name: "view", family: false, read: choice("tree", "graph", "network"), otherwise: "tree" },
  { name: "open", family: false, read: opened, otherwise: "" },
  { name: "dir", family: false, read: choice("up", "right"), otherwise: "up" },
  { name: "seed", family: false, read: number, otherwise: 1 },
  { name: "frame", family: false, read: count, otherwise: -1 },
  { name: "panels", family: false, read: panels, otherwise: "nodes" },
  { name: "about", family: false, read: text, otherwise: "" },
  { name: "h", family: false, read: number, otherwise: 0.01 },
  { name: "side", family: false, read: choice("explain", "plot", "data", "network"), otherwise: "explain" },
  { name: "plot", family: false, read: text, otherwise: "" },
  { name: "box", family: false, read: text, otherwise: "" },
  { name: "optimizer", family: false, read: text, otherwise: "gd" },
  { name: "rate", family: false, read: finite, otherwise: 0.1 },
  { name: "hyper", family: false, read: text, otherwise: "" },
  { name: "steps", family: false, read: count, otherwise: 100 },
  { name: "params", family: false, read: text, otherwise: "" },
  { name: "k", family: false, read: count, otherwise: -1 },
  { name: "data", family: false, read: text, otherwise: "" },
  { name: "table", family: false, read: text, otherwise: "" },
  { name: "bind", family: false, read: text, otherwise: "" },
  { name: "row", family: false, read: count, otherwise: -1 },
  { name: "batch", family: false, read: count, otherwise: 0 },
  { name: "order", family: false, read: count, otherwise: 0 },
  { name: "weight", family: false, read: text, otherwise: "" },
  { name: "unfold", family: false, read: text, otherwise: "" },
  { name: "index", family: false, read: choice("jk", "kj", "jkL", "kjL"), otherwise: "jk" },
  { name: "layers", family: false, read: text, otherwise: "" },
  { name: "at", family: true, read: number, otherwise: 1 },
  { name: "min", family: true, read: finite, otherwise: -5 },
  { name: "max", family: true, read: finite, otherwise: 5 },
  { name: "step", family: true, read: positive, otherwise: 0.1 },
  { name: "from", family: true, read: finite, otherwise: 1 },
]);

const OTHERWISE = /** @type {Record<Family, number>} */ (
  Object.fromEntries(PARAMETERS.filter((row) => row.family).map((row) => [row.name, row.otherwise]))
);

/**
 * The state that a query gives: what can't be read is left at its default.
 * @param {string} query with or without its question mark
 * @returns {State}
 */
export function parse(query) {
  const pairs = [...new URLSearchParams(query)].sort(boxesLast);
  const entries = PARAMETERS.map((row) => [row.name, row.family ? members(row, pairs) : single(row, pairs)]);
  return Object.fromEntries(entries);
}

/**
 * The number box of a form without JavaScript comes as `set.x`: it holds, unless it is empty.
 * @param {[string, string]} one @param {[string, string]} other
 */
const boxesLast = ([one], [other]) => Number(one.startsWith("set.")) - Number(other.startsWith("set."));

/** @typedef {(typeof PARAMETERS)[number]} Row */

/** @param {Row} row @param {[string, string][]} pairs */
function single(row, pairs) {
  let found = row.otherwise;
  for (const [name, raw] of pairs) {
    if (name === row.name && (name === "expr" || raw.trim())) found = row.read(raw) ?? found;
  }
  return found;
}

/** @param {Row} row @param {[string, string][]} pairs */
function members(row, pairs) {
  /** @type {Map<string, number>} */
  const found = new Map();
  const names = row.name === "at" ? ["at", "set"] : [row.name];
  for (const [name, raw] of pairs) {
    const [family, variable] = [name.split(".", 1)[0], name.slice(name.indexOf(".") + 1)];
    const value = variable && variable !== name && names.includes(family) ? row.read(raw) : undefined;
    if (typeof value === "number") found.set(variable.normalize("NFKC"), value); // the language's x₁ is x1
  }
  return found;
}

/**
 * The canonical query: the order of the table, the program's own variables, no defaults.
 * @param {State} state
 * @param {Iterable<string>} variables
 */
export function format(state, variables) {
  const names = [...variables];
  return PARAMETERS.flatMap((row) => (row.family ? familyPairs(row, state, names) : singlePair(row, state)))
    .map(([name, value]) => `${quote(name)}=${quote(value)}`)
    .join("&");
}

/** @param {Row} row @param {State} state @returns {[string, string][]} */
function singlePair(row, state) {
  const value = state[/** @type {Exclude<keyof State, Family>} */ (row.name)];
  return value === row.otherwise ? [] : [[row.name, plain(value)]];
}

/** @param {Row} row @param {State} state @param {string[]} variables @returns {[string, string][]} */
function familyPairs(row, state, variables) {
  const family = state[/** @type {Family} */ (row.name)];
  return variables.flatMap((name) => {
    const value = family.get(name) ?? row.otherwise;
    return value === row.otherwise ? [] : [/** @type {[string, string]} */ ([`${row.name}.${name}`, plain(value)])];
  });
}

/** @param {string | number} value */
export function plain(value) {
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * Escapes what must be, and nothing that reads well. Half a surrogate pair has no place in a URL.
 * @param {string} raw
 */
function quote(raw) {
  return encodeURIComponent(raw.replace(/\p{Surrogate}/gu, "\ufffd"))
    .replace(/%(?:2C|3A|3B|40|2F|3F|5E|24)/g, decodeURIComponent)
    .replaceAll("'", "%27");
}

/** Whether a panel or a toggle is open. @param {State} state @param {string} panel */
export function isOpen(state, panel) {
  return state.panels.split(",").includes(panel);
}

/** @param {State} state @param {string} name @returns {number} */
export function valueOf(state, name) {
  return state.at.get(name) ?? OTHERWISE.at;
}

/** @param {State} state @param {string} name @returns {Slider} */
export function sliderOf(state, name) {
  const value = valueOf(state, name);
  const ends = [state.min.get(name) ?? OTHERWISE.min, state.max.get(name) ?? OTHERWISE.max];
  if (Number.isFinite(value)) ends.push(value);
  const step = state.step.get(name) ?? OTHERWISE.step;
  return { value, min: Math.min(...ends), max: Math.max(...ends), step };
}

/**
 * Moves one end of a slider, and the value where it would be left outside.
 * @param {State} state @param {string} name @param {"min" | "max"} end @param {number} to
 */
export function moveEnd(state, name, end, to) {
  const slider = { ...sliderOf(state, name), [end]: to };
  const [min, max] = slider.min <= slider.max ? [slider.min, slider.max] : [slider.max, slider.min];
  state.min.set(name, min);
  state.max.set(name, max);
  if (Number.isFinite(slider.value)) state.at.set(name, Math.min(Math.max(slider.value, min), max));
}

/**
 * Sets a variable; a value outside its range widens the range.
 * @param {State} state @param {string} name @param {number} value
 */
export function setValue(state, name, value) {
  state.at.set(name, value);
  const { min, max } = sliderOf(state, name);
  state.min.set(name, min);
  state.max.set(name, max);
}

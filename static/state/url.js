/** The state of the page, which is its address: read and written by the rows of table.js. */

import { constant } from "./constants.js";
import { PARAMETERS, SET } from "./table.js";

/**
 * @typedef {import("./table.js").State} State
 * @typedef {import("./table.js").Family} Family
 * @typedef {import("./table.js").Row} Row
 *
 * @typedef {object} Slider a variable's value and a range wide enough to hold it
 * @property {number} value
 * @property {number} min
 * @property {number} max
 * @property {number} step
 */

/** A number as it is written, or as people write it: `1/3`, `pi`. @param {string} raw */
export function number(raw) {
  const trimmed = raw.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  return /^(NaN|[+-]?Infinity)$/.test(trimmed) ? Number(trimmed) : constant(trimmed);
}

/** @param {string} raw */
function finite(raw) {
  const value = number(raw);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The value of a text by its kind, or undefined where it has none; graphviz_backprop/web/asked/kinds.py has the same.
 * @type {Readonly<Record<string, (raw: string, row: Row) => string | number | undefined>>}
 */
const READERS = {
  text: (raw) => raw,
  choice: (raw, { names }) => (names.includes(raw) ? raw : undefined),
  subset: (raw, { names }) => subset(names, new Set(raw.split(","))),
  panes: (raw, { names, most }) => panes(names, raw.split(",")).slice(0, most).join(",") || undefined,
  nodes: (raw, { most }) => (raw.split(",").length > most ? undefined : opened(raw)),
  number,
  finite,
  count(raw, { most }) {
    const value = number(raw);
    if (!Number.isInteger(value) || value === undefined || value < -1 || value > most) return undefined;
    return value + 0; // no -0
  },
  positive(raw) {
    const value = finite(raw);
    return value !== undefined && value > 0 ? value : undefined;
  },
};

/** An unscripted form's button says "-" where nothing is to stay open. @param {string} raw */
export const opened = (raw) => (raw === "-" ? "" : raw);

/** @param {readonly string[]} names @param {ReadonlySet<string>} chosen */
const subset = (names, chosen) => names.filter((name) => chosen.has(name)).join(",") || "none";

/** @param {readonly string[]} names @param {readonly string[]} wanted */
const panes = (names, wanted) => [...new Set(wanted)].filter((name) => names.includes(name));

const ROWS = /** @type {Readonly<Record<keyof State, Row>>} */ (
  Object.fromEntries(PARAMETERS.map((row) => [row.name, row]))
);

/** @param {Family} family */
const otherwise = (family) => Number(ROWS[family].otherwise);

/**
 * The state that a query gives: what can't be read is left at its default.
 * @param {string} query with or without its question mark
 * @returns {State}
 */
export function parse(query) {
  const pairs = today([...new URLSearchParams(query)]).sort(boxesLast);
  const entries = PARAMETERS.map((row) => [row.name, row.family ? members(row, pairs) : single(row, pairs)]);
  return { ...Object.fromEntries(entries), starts: new Map(), lists: lists(pairs) };
}

/** What stood beside the graph on earlier pages, by its side. */
const BESIDE = new Map([
  ["plot", "plot"],
  ["data", "data"],
  ["network", "training"],
]);

/**
 * The pairs of an address as it is written today: a side, and the view of a network, have become panes.
 * @param {[string, string][]} pairs @returns {[string, string][]}
 */
function today(pairs) {
  const said = new Map(pairs);
  const network = said.get("view") === "network";
  const beside = BESIDE.get(said.get("side") ?? "");
  const wide = (said.get("panels") ?? "").split(",").includes("wide");
  if (!network && !beside && !wide) return pairs;
  const figure = network ? "network" : "graph";
  let asked = said.get("panes") || [figure, beside].filter(Boolean).join();
  if (network) asked = asked.split(",").map((pane) => (pane === "graph" ? "network" : pane)).join(); // prettier-ignore
  /** @type {[string, string][]} */
  const kept = pairs
    .filter(([name]) => name !== "panes")
    .map(([name, raw]) => [name, network && name === "view" ? "graph" : raw]);
  kept.push(["panes", asked]);
  if (wide && !said.has("full")) kept.push(["full", figure]);
  return kept;
}

/**
 * What changes when a program lets its variables start elsewhere. One that it moves begins there anew.
 * @param {Readonly<State>} state @param {Readonly<Record<string, number>>} [starts]
 * @returns {Pick<State, "at" | "starts">}
 */
export function withStarts(state, starts = {}) {
  const moved = Object.entries(starts).filter(([name, start]) => !Object.is(state.starts.get(name) ?? start, start));
  const anew = new Set(moved.map(([name]) => name));
  const at = anew.size ? new Map([...state.at].filter(([name]) => !anew.has(name))) : state.at;
  return { at, starts: new Map(Object.entries(starts)) };
}

/**
 * The number box of a form without JavaScript comes as `set.x`: it holds, unless it is empty.
 * @param {[string, string]} one @param {[string, string]} other
 */
const boxesLast = ([one], [other]) => Number(one.startsWith("set.")) - Number(other.startsWith("set."));

/** The values that are lists of numbers: the server reads them. @param {[string, string][]} pairs */
function lists(pairs) {
  const given = pairs.filter(([name, raw]) => /^at\../.test(name) && raw.trimStart().startsWith("["));
  return new Map(given.map(([name, raw]) => [name.slice(3).normalize("NFKC"), raw]));
}

/** @param {Row} row @param {[string, string][]} pairs */
function single(row, pairs) {
  let found = row.otherwise;
  for (const [name, raw] of pairs) {
    if (name === row.name && (name === "expr" || raw.trim())) found = READERS[row.kind](raw, row) ?? found;
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
    const value = variable && variable !== name && names.includes(family) ? READERS[row.kind](raw, row) : undefined;
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
  const names = [...new Set([...variables, ...pins(state)])]; // a pinned one keeps its value
  return PARAMETERS.flatMap((row) => (row.family ? familyPairs(row, state, names) : singlePair(row, state)))
    .map(([name, value]) => `${quote(name)}=${quote(value)}`)
    .join("&");
}

/** The names of the variables that are pinned. @param {Readonly<State>} state */
export const pins = (state) =>
  state.pin
    .split(",")
    .map((name) => name.trim().normalize("NFKC"))
    .filter((name) => name)
    .sort();

/** Whether nobody can move a variable on the page. @param {Readonly<State>} state @param {string} name */
export const isLocked = ({ lock }, name) =>
  lock === "all" || (lock !== "" && lock.split(",").some((one) => one.trim().normalize("NFKC") === name));

/** @param {Row} row @param {State} state @returns {[string, string][]} */
function singlePair(row, state) {
  const value = state[/** @type {Exclude<keyof State, Family | "starts" | "lists">} */ (row.name)];
  return value === row.otherwise ? [] : [[row.name, plain(value)]];
}

/** @param {Row} row @param {State} state @param {string[]} variables @returns {[string, string][]} */
function familyPairs(row, state, variables) {
  const family = state[/** @type {Family} */ (row.name)];
  return variables.flatMap((name) => {
    const list = row.name === "at" ? state.lists.get(name) : undefined;
    if (list !== undefined) return [/** @type {[string, string]} */ ([`at.${name}`, list])];
    const usual = (row.name === "at" ? state.starts.get(name) : undefined) ?? row.otherwise;
    const value = family.get(name) ?? usual;
    return value === usual ? [] : [/** @type {[string, string]} */ ([`${row.name}.${name}`, plain(value)])];
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

/** The parameter `data` that makes a built-in set as usual. @param {string} name */
export const usualSet = (name) => [name, SET.rows, SET.seed, SET.noise].join();

/**
 * The parameter `panels` with one of them opened or closed.
 * @param {State} state @param {string} panel @param {boolean} open
 */
export function withPanel(state, panel, open) {
  const chosen = new Set(state.panels.split(","));
  if (open) chosen.add(panel);
  else chosen.delete(panel);
  return subset(ROWS.panels.names, chosen);
}

/** The parameter `pin` with this variable pinned, or free again. @param {Readonly<State>} state @param {string} name */
export function withPin(state, name) {
  const pinned = new Set(pins(state));
  if (!pinned.delete(name)) pinned.add(name);
  return [...pinned].sort().join(",");
}

/** What stands in the middle of the page. @param {Readonly<State>} state */
export const panesOf = (state) => state.panes.split(",");

/** Whether one of these panes stands there. @param {Readonly<State>} state @param {...string} panes */
export const shows = (state, ...panes) => panesOf(state).some((pane) => panes.includes(pane));

/** Whether a network stands beside its graph. @param {Readonly<State>} state */
export const hasBoth = (state) => shows(state, "graph") && shows(state, "network");

/** What the figure's own pane shows: the graph, or a network without it. @param {Readonly<State>} state */
export const figureOf = (state) => (shows(state, "network") && !shows(state, "graph") ? "network" : "graph");

/** Whether a panel or a toggle is open. @param {State} state @param {string} panel */
export function isOpen(state, panel) {
  return state.panels.split(",").includes(panel);
}

/** @param {State} state @param {string} name @returns {number} */
export function valueOf(state, name) {
  return state.at.get(name) ?? state.starts.get(name) ?? otherwise("at");
}

/** Where variables stand, as a text that tells points apart. @param {State} state @param {Iterable<string>} names */
export const pointOf = (state, names) =>
  JSON.stringify([...names].map((name) => state.lists.get(name) ?? valueOf(state, name)));

/**
 * A variable that is a class or an index goes through whole numbers.
 * @param {State & {tensors?: {choices?: Readonly<Record<string, number>>} | null}} state @param {string} name
 * @returns {Slider}
 */
export function sliderOf(state, name) {
  const among = state.tensors?.choices?.[name];
  const usual = (/** @type {Family} */ end, /** @type {number} */ whole) =>
    state[end].get(name) ?? (among ? whole : otherwise(end));
  const value = valueOf(state, name);
  const ends = [usual("min", 0), usual("max", Number(among) - 1)];
  if (Number.isFinite(value)) ends.push(value);
  return { value, min: Math.min(...ends), max: Math.max(...ends), step: usual("step", 1) };
}

/**
 * What changes when one end of a slider is moved: the value, too, where it would be left outside.
 * @param {Readonly<State>} state @param {string} name @param {"min" | "max"} end @param {number} to
 * @returns {Partial<State>}
 */
export function withEnd(state, name, end, to) {
  const slider = { ...sliderOf(state, name), [end]: to };
  const [min, max] = slider.min <= slider.max ? [slider.min, slider.max] : [slider.max, slider.min];
  const ends = { min: new Map(state.min).set(name, min), max: new Map(state.max).set(name, max) };
  if (!Number.isFinite(slider.value)) return ends;
  return { ...ends, at: new Map(state.at).set(name, Math.min(Math.max(slider.value, min), max)) };
}

/**
 * What changes when variables are set: a value outside its range widens the range.
 * @param {Readonly<State>} state @param {Iterable<readonly [string, number]>} values
 * @returns {Pick<State, "at" | "min" | "max">}
 */
export function withValues(state, values) {
  const changed = { ...state, at: new Map(state.at) };
  const [min, max] = [new Map(state.min), new Map(state.max)];
  for (const [name, value] of values) {
    changed.at.set(name, value);
    const slider = sliderOf(changed, name);
    min.set(name, slider.min);
    max.set(name, slider.max);
  }
  return { at: changed.at, min, max };
}

/** The numbers of the explanations, as graphviz_backprop/web/shown/panels.py makes them. */

import { check, nudge } from "./nudge.js";
import { formatNumber } from "../engine/numerals.js";
import { LIMITS } from "../state/table.js";
import { operations } from "./operations.js";
import { ledger } from "./paths.js";
import { sides } from "./sides.js";
import { tangents } from "./tangents.js";

/**
 * @typedef {import("../engine/engine.js").Graph & {variables: string[]}} Graph
 * @typedef {import("../engine/engine.js").Fields} Fields
 * @typedef {import("../state/url.js").State} State
 * @typedef {Map<string, number | string | null>} Shown
 */

const MOVES = ["predicted", "actual", "miss"];

/**
 * The variable or node that the explanations are about: the wanted one, else the first variable.
 * @param {Graph} graph @param {string} wanted
 */
export function subject(graph, wanted) {
  const known = graph.variables.includes(wanted) || graph.nodes.some(({ id }) => id === wanted);
  return known ? wanted : (graph.variables[0] ?? graph.output);
}

/**
 * The fields of the panels that are open.
 * @param {Graph} graph @param {Fields} fields @param {State} state
 * @returns {Shown}
 */
export function panelFields(graph, fields, state) {
  const named = state.panels.split(",");
  const about = subject(graph, state.about);
  /** @type {Shown} */
  const found = new Map();
  if (named.includes("paths")) addPaths(found, ledger(graph, fields, about, LIMITS.paths, state.seed), state.seed);
  if (named.includes("nudge")) addNudge(found, graph, fields, about, state);
  if (named.includes("forward")) {
    for (const [field, number] of tangents(graph, fields, about)) found.set(field, number);
    for (const [way, number] of Object.entries(operations(graph, fields))) found.set(`operations.${way}`, number);
  }
  if (named.includes("sides")) {
    for (const [field, number] of sides(graph, fields, graph.variables, state.seed)) found.set(field, number);
  }
  return found;
}

/**
 * What goes wrong or will not learn, in words: the first findings, and how many more there are.
 * @param {import("./trouble.js").Finding[]} findings
 * @returns {Shown}
 */
export function noteFields(findings) {
  /** @type {Shown} */
  const found = new Map();
  found.set("notes.more", findings.length > LIMITS.notes ? `and ${findings.length - LIMITS.notes} more` : "");
  for (let row = 0; row < LIMITS.notes; row++) {
    found.set(`note.${row}.node`, findings[row]?.node ?? "");
    found.set(`note.${row}.text`, findings[row]?.text ?? "");
    found.set(`note.${row}.safer`, findings[row]?.safer ?? "");
  }
  return found;
}

/** @param {Shown} found @param {import("./paths.js").Ledger} book @param {number} seed */
function addPaths(found, book, seed) {
  const unlisted = book.count - BigInt(book.paths.length);
  found.set("paths.count", grouped(book.count)).set("paths.total", book.total);
  found
    .set("paths.unlisted", unlisted ? `${grouped(unlisted)} more` : "")
    .set("paths.rest", unlisted ? book.rest : null);
  for (let row = 0; row < LIMITS.paths; row++) {
    const path = book.paths[row];
    found.set(`path.${row}.nodes`, path ? path.nodes.join(" → ") : "");
    found.set(`path.${row}.partials`, path ? factors(path.partials, seed) : "");
    found.set(`path.${row}.product`, path ? path.product : null);
  }
}

/** @param {bigint} count */
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** `10 × 1 × (-4)`; the seed comes first where it is not 1. @param {number[]} partials @param {number} seed */
function factors(partials, seed) {
  const all = seed !== 1 || !partials.length ? [seed, ...partials] : partials;
  return all
    .map(formatNumber)
    .map((text) => (text.startsWith("-") ? `(${text})` : text))
    .join(" × ");
}

/** @param {Shown} found @param {Graph} graph @param {Fields} fields @param {string} about @param {State} state */
function addNudge(found, graph, fields, about, state) {
  const moved = nudge(graph, fields, about, state.h);
  for (const kind of MOVES) {
    for (const { id } of graph.nodes) found.set(`${id}.${kind}`, moved.get(`${id}.${kind}`) ?? null);
    found.set(`nudge.${kind}`, moved.get(`${graph.output}.${kind}`) ?? null);
  }
  const predicted = moved.get(`${graph.output}.predicted`) ?? null;
  found.set("nudge.upstream", predicted === null ? null : state.seed * predicted);
  for (const [field, number] of check(graph, fields, graph.variables, state.seed)) found.set(field, number);
}

/**
 * The nodes and edges of a listed path, for lighting it up: their keys with blanks between them.
 * @param {string} nodes the path's nodes as they are listed @param {Graph} graph
 */
export function pathKeys(nodes, graph) {
  const ids = nodes.split(" → ");
  const edges = ids.slice(1).flatMap((child, at) => {
    const parent = graph.nodes.find(({ id }) => id === ids[at]);
    return (parent?.args ?? []).flatMap((arg, position) => (arg === child ? [`${ids[at]}.${position}`] : []));
  });
  return [...ids, ...edges].join(" ");
}

/** What is asked for: items of the address's `hide`, as chips that can be taken away, and a list to add from. */

import { setNames } from "../network/letters.js";

/**
 * @typedef {import("../workbench.js").Shown} Shown
 */

/** Items that stand for many numbers, and how they are called. @type {readonly (readonly [string, string])[]} */
const WHOLE = [
  ["gradients", "all gradients"],
  ["partials", "all local partials"],
  ["values", "all values"],
  ["update", "a descent’s update"],
];

/** A comma between items: others are inside a cell's brackets, `W[0,1].total`. */
const COMMA = /,(?![^[\],]*(?:,[^[\],]*){0,3}\])/;

/** The items of a text. @param {string} hide */
export const itemsOf = (hide) =>
  hide
    .split(COMMA)
    .map((item) => item.trim())
    .filter(Boolean);

/**
 * What is asked for, by the nodes of the view that is shown: where the other one names it, one item a number.
 * @param {import("../workbench.js").Shown} state
 */
export function hideNow(state) {
  if (!state.names) return state.hide;
  const asked = (state.graph ?? state.tensors)?.hidden?.asked ?? [];
  return asked.map(({ field }) => field).join();
}

/** With an item more, or without it. @param {string} hide @param {string} item */
export function toggled(hide, item) {
  const items = itemsOf(hide);
  return (items.includes(item) ? items.filter((one) => one !== item) : [...items, item]).join();
}

/** How an item is called. @param {string} item */
export function titleOf(item) {
  const known = WHOLE.find(([name]) => name === item);
  if (known) return known[1];
  const [head, rest] = item.split(":");
  if (head === "path") return `the paths to ${setNames(rest)}`;
  if (head === "from") return `from step ${Number(rest) + 1} on`;
  const dot = item.lastIndexOf(".");
  const [place, word] = [item.slice(0, dot), item.slice(dot + 1)];
  return `${word === "total" ? "gradient" : word === "partial" ? "local partial" : word} of ${setNames(place)}`;
}

/**
 * What can be added: items and how they are called.
 * @param {Readonly<Shown>} state @returns {(readonly [string, string])[]}
 */
export function offers(state) {
  const graph = state.graph ?? state.tensors;
  if (!graph) return [];
  const paths = graph.variables.map((name) => /** @type {const} */ ([`path:${name}`, titleOf(`path:${name}`)]));
  // The steps of a figure with closed groups are others than those that are counted here.
  const steps = state.graph && state.frame >= 0 && !state.closed.length ? [`from:${state.frame}`] : [];
  const chosen = chosenFields(state);
  const more = [...steps, ...chosen].map((item) => /** @type {const} */ ([item, titleOf(item)]));
  const taken = new Set(itemsOf(state.hide));
  const moves = graph.variables.length > 0;
  const whole = WHOLE.filter(([item]) => (item === "partials" ? state.graph : item !== "update" || moves));
  return [...more, ...whole, ...paths].filter(([item]) => !taken.has(item));
}

/** The numbers of what is chosen. @param {Readonly<Shown>} state @returns {string[]} */
function chosenFields({ about, graph: numbers, tensors }) {
  const graph = numbers ?? tensors;
  if (!graph || !about) return [];
  const [, of, place] = /^([^[\].]+)(\[[\d,]+\])$/.exec(about) ?? [];
  if (of) return fieldsOf(graph, of).map((field) => field.replace(of, `${of}${place}`));
  return fieldsOf(graph, about).filter((field) => numbers || !field.endsWith(".partial"));
}

/**
 * @param {{variables: readonly string[], nodes: readonly {id: string, args: readonly unknown[]}[]}} graph
 * @param {string} about
 */
function fieldsOf(graph, about) {
  if (graph.variables.includes(about)) return [`${about}.total`];
  const node = graph.nodes.find(({ id }) => id === about);
  if (node) return [...(node.args.length ? [`${about}.value`] : []), `${about}.gradient`];
  const [, id, arg] = /^(.*)\.(\d+)$/.exec(about) ?? [];
  const parent = graph.nodes.find((one) => one.id === id);
  return parent && Number(arg) < parent.args.length ? [`${about}.partial`, `${about}.flow`] : [];
}

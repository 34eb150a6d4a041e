/** The tensors among a program's variables: where they are before a descent, and what one leaves behind. */

import { flat } from "../engine/tensors/tape.js";
import { read } from "../page/tensors.js";
import { written } from "../page/cells.js";

/**
 * @typedef {import("../workbench.js").Shown} Shown
 * @typedef {import("../state/url.js").State & {tensors?: import("../workbench.js").TensorGraph | null}} Held
 */

const KEPT = 1_000; // cells that the address can hold

/** A variable's shape; none of a number. @param {Pick<Held, "tensors">} state @param {string} name */
export const shapeOf = ({ tensors }, name) =>
  tensors?.nodes.find((node) => node.op === "var" && node.name === name)?.shape ?? [];

/**
 * The cells of a variable where no descent has moved it; null of a number.
 * @param {Pick<Held, "tensors" | "lists">} state @param {string} name
 */
export function cellsOf(state, name) {
  const shape = shapeOf(state, name);
  if (!shape.length) return null;
  const own = read(state.lists.get(name) ?? "", shape);
  return own.length ? own : flat(state.tensors?.start[name] ?? []);
}

/** What a descent has moved, as the address holds it: it stays when the descent is left. @param {Shown} state */
export function kept(state) {
  const all = [...state.moved].filter(([name]) => shapeOf(state, name).length);
  const count = all.reduce((sum, [, cells]) => sum + cells.length, 0);
  if (!count || count > KEPT) return {};
  const lists = all.map(
    ([name, cells]) => /** @type {const} */ ([name, written(Array.from(cells), shapeOf(state, name))]),
  );
  return { lists: new Map([...state.lists, ...lists]) };
}

/**
 * An answer that is a tensor, cell by cell, and the list that it stands for: `[[1/3, 2], [3, ]]`, with nothing for a
 * cell that is still open.
 */

import { isAnswer, isCoarse } from "../explain/grading/judge.js";
import { read } from "./answers.js";

/** @typedef {readonly number[]} Shape */
/** @typedef {"right" | "wrong" | "open" | "none"} Mark none: what stands there is no number */
/**
 * @typedef {object} Draft what is typed for a question, judged or not: the card and the figure show the same
 * @property {string} text
 * @property {readonly Mark[]} marks of its cells, as they were judged; none before that
 */

/** Cells have fields of their own up to so many rows and columns. */
export const MOST = 8;

/**
 * The shape of what a field has; a number has no axes.
 * @param {import("../engine/tensors/run.js").TensorGraph | null} graph @param {string} field
 * @returns {Shape}
 */
export function axesOf(graph, field) {
  const [id, arg, word] = field.split(".");
  const of = (/** @type {string | undefined} */ name) => graph?.nodes.find((node) => node.id === name);
  const leaf = graph?.nodes.find(({ op, name }) => op === "var" && name === id);
  const node = word === "flow" ? of(of(id)?.args[Number(arg)]) : arg === "total" ? leaf : of(id);
  return node?.shape ?? [];
}

/**
 * The same, null where its cells have no fields.
 * @param {import("../engine/tensors/run.js").TensorGraph | null} graph @param {string} field
 * @returns {Shape | null}
 */
export function shapeOf(graph, field) {
  const shape = axesOf(graph, field);
  return shape.length > 0 && shape.length < 3 && shape.every((size) => size <= MOST) ? shape : null;
}

/** Rows and columns: a vector is one row. @param {Shape} shape @returns {[number, number]} */
export const sizesOf = (shape) => (shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]]);

/** The field of a cell: `W[0,1].total` of `W.total`. @param {string} field @param {Shape} shape @param {number} at */
export function cellOf(field, shape, at) {
  const columns = sizesOf(shape)[1];
  const index = shape.length === 1 ? at : `${Math.floor(at / columns)},${at % columns}`;
  return field.replace(/^[^.]+/, (name) => `${name}[${index}]`);
}

/** What a list has for its cells, as texts. @param {string} text */
export function textsOf(text) {
  const bare = text.replace(/\b(?:array|tensor)\(|[[\]]/g, " ").replace(/\)\s*$/, "");
  const parts = /[,;]/.test(bare) ? bare.split(/[,;]/) : bare.trim().split(/\s+/);
  return parts.map((part) => part.trim());
}

/** The list of these texts. @param {readonly string[]} texts @param {Shape} shape */
export function listOf(texts, shape) {
  const [rows, columns] = sizesOf(shape);
  const line = (/** @type {number} */ row) => `[${texts.slice(row * columns, (row + 1) * columns).join(", ")}]`;
  return shape.length === 1 ? line(0) : `[${Array.from({ length: rows }, (_, row) => line(row)).join(", ")}]`;
}

/**
 * What is right of the texts, cell by cell; a decimal number of three digits may be rounded, as one number may.
 * @param {readonly string[]} texts @param {readonly number[]} right @returns {Mark[]}
 */
export function marksOf(texts, right) {
  const size = right.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  return texts.map((text, at) => {
    if (!text) return "open";
    const answer = read(text);
    return !answer ? "none" : isAnswer(answer, right[at], size) ? "right" : "wrong";
  });
}

/**
 * What is rounded too far in the cells, where nothing else is wrong; else nothing.
 * @param {readonly string[]} texts @param {readonly number[]} right
 */
export function coarseIn(texts, right) {
  const wrong = marksOf(texts, right).flatMap((mark, at) => (mark === "right" ? [] : [at]));
  const isRounded = (/** @type {number} */ at) => {
    const answer = read(texts[at]);
    return answer !== undefined && isCoarse(answer, right[at]);
  };
  return wrong.length && wrong.every(isRounded) ? wrong.map((at) => texts[at]) : [];
}

/**
 * A draft in which something else is typed: cells that are as they were keep their marks.
 * @param {Draft} draft @param {string} text @returns {Draft}
 */
export function retyped(draft, text) {
  const [before, now] = [textsOf(draft.text), textsOf(text)];
  if (before.length !== now.length) return { text, marks: [] };
  return { text, marks: draft.marks.map((mark, at) => (now[at] === before[at] ? mark : "open")) };
}

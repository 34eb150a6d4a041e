/** The table of nodes: rows in view follow every move, the others the first of a drag, and its end. */

import { bind } from "./fields.js";

/** @typedef {import("./fields.js").Fields} Fields */

/** So long after the last move a drag has ended, in milliseconds. */
const REST = 250;

/**
 * Browsers lay out and paint a table's hidden rows like all others, which costs more than the whole figure.
 * @param {Iterable<Element>} rows
 * @returns {(fields: Fields) => void} what fills them
 */
export function bindRows(rows) {
  const fills = new Map([...rows].map((row) => [row, bind(row.querySelectorAll("[data-field]"))]));
  /** @type {Set<Element>} */
  const inView = new Set();
  /** @type {Fields | undefined} */
  let latest;
  let timer = 0;

  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inView.add(target);
      else inView.delete(target);
      if (isIntersecting && latest) fills.get(target)?.(latest);
    }
  });
  for (const row of fills.keys()) observer.observe(row);

  return (fields) => {
    latest = fields;
    for (const [row, fill] of fills) if (!timer || inView.has(row)) fill(fields);
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = 0;
      fills.forEach((fill) => fill(fields));
    }, REST);
  };
}

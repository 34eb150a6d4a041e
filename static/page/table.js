/** Long lists: pieces in view follow every move, the others the first of a drag, and its end. */

import { bind } from "./fields.js";

/** @typedef {import("./fields.js").Fields} Fields */

/** So long after the last move a drag has ended, in milliseconds. */
const REST = 250;

/**
 * Browsers lay out and paint what has been scrolled away like all else, which costs more than the whole figure.
 * @param {Iterable<Element>} pieces rows of a table, sliders, matrices
 * @returns {(fields: Fields) => void} what fills them
 */
export function bindPieces(pieces) {
  const fills = new Map([...pieces].map((piece) => [piece, bind(piece.querySelectorAll("[data-field]"))]));
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
  for (const piece of fills.keys()) observer.observe(piece);

  return (fields) => {
    latest = fields;
    for (const [piece, fill] of fills) if (!timer || inView.has(piece)) fill(fields);
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = 0;
      fills.forEach((fill) => fill(fields));
    }, REST);
  };
}

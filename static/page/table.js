/** Long lists: pieces in view follow every move, the others the first of a drag, and its end. */

import { atRest } from "./clock.js";
import { bind } from "./fields.js";

/** @typedef {import("./fields.js").Fields} Fields */

/**
 * Browsers lay out and paint what has been scrolled away like all else, which costs more than the whole figure.
 * @param {Iterable<Element>} pieces rows of a table, sliders, matrices
 * @param {import("./clock.js").Clock} clock
 * @returns {(fields: Fields) => void} what fills them
 */
export function bindPieces(pieces, clock) {
  const fills = new Map([...pieces].map((piece) => [piece, bind(piece.querySelectorAll("[data-field]"))]));
  /** @type {Set<Element>} */
  const inView = new Set();
  /** @type {Fields | undefined} */
  let latest;
  const later = atRest(clock);

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
    for (const [piece, fill] of fills) if (!later.isWaiting() || inView.has(piece)) fill(fields);
    later(() => fills.forEach((fill) => fill(fields)));
  };
}

/** SVG elements: made once, and changed where something changes. */

import { attribute } from "../page/dom.js";

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Element} parent @param {Name} name @param {Record<string, string | number>} [attributes]
 * @returns {SVGElementTagNameMap[Name]}
 */
export function add(parent, name, attributes = {}) {
  const made = document.createElementNS(NAMESPACE, name);
  set(made, attributes);
  parent.append(made);
  return made;
}

/** Writes what differs. @param {Element} element @param {Record<string, string | number>} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) attribute(element, name, value);
}

/**
 * As many children of one kind as are asked for: old ones stay.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Element} parent @param {Name} name @param {number} count
 * @returns {SVGElementTagNameMap[Name][]}
 */
export function children(parent, name, count) {
  while (parent.childElementCount > count) parent.lastElementChild?.remove();
  while (parent.childElementCount < count) add(parent, name);
  return /** @type {any} */ ([...parent.children]);
}

/** A coordinate: a tenth of a pixel is enough, and reads well. @param {number} pixel */
export const round = (pixel) => Math.round(pixel * 10) / 10;

/**
 * The size of an SVG on the page, kept while it stays the same: to ask at each frame would lay out the page.
 * @param {SVGSVGElement} svg @param {() => void} changed
 * @param {{width: number, height: number}} otherwise while it isn't shown
 */
export function watchSize(svg, changed, otherwise) {
  const size = { ...otherwise };
  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    if (!width || !height || (width === size.width && height === size.height)) return;
    Object.assign(size, { width, height });
    changed();
  }).observe(svg);
  return size;
}

let ids = 0;

/** An id that no other element has. @param {string} kind */
export const unique = (kind) => `${kind}-${++ids}`;

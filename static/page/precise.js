/** Every digit of a number that is shown with fewer: where the pointer rests on it, and in what is copied; a name in
    the figure is copied as it was typed. */

import { fullNumber } from "../engine/numerals.js";

/** @typedef {import("./fields.js").Fields} Fields */

/** @param {HTMLElement} root @param {() => Fields | null} now the numbers that are shown */
export function bindPrecise(root, now) {
  /** @param {Element} element @returns {string | null} */
  const full = (element) => {
    const field = (element.getAttribute("data-field") ?? "").replace(/^[(~]|\)$/g, "");
    const number = now()?.get(field);
    return typeof number === "number" && Number.isFinite(number) && element.textContent ? fullNumber(number) : null;
  };

  /** Whose title says it: an SVG's elements have none. @type {HTMLElement | null} */
  let titled = null;
  root.addEventListener("pointerover", ({ target }) => {
    titled?.removeAttribute("title");
    titled = null;
    const place = target instanceof Element ? target.closest("[data-field]") : null;
    const text = place && full(place);
    if (!place || !text || text === place.textContent) return;
    const holder = /** @type {HTMLElement | null} */ (place instanceof HTMLElement ? place : place.closest("div"));
    if (!holder || holder.title) return; // what it says already
    holder.title = text;
    titled = holder;
  });

  root.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    const text = selection && !selection.isCollapsed ? copied(selection, full) : null;
    if (text === null || !event.clipboardData) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  });
}

/**
 * What is selected, its numbers with every digit and its names as they were typed; null where there is neither.
 * @param {Selection} selection @param {(element: Element) => string | null} full
 */
function copied(selection, full) {
  const range = selection.getRangeAt(0);
  const common = range.commonAncestorContainer;
  const place = (common instanceof Element ? common : common.parentElement)?.closest("[data-field], [data-typed]");
  if (place?.hasAttribute("data-typed")) return place.getAttribute("data-typed");
  if (place) return selection.toString().trim() === place.textContent?.trim() ? full(place) : null;
  const fragment = range.cloneContents();
  const fields = [...fragment.querySelectorAll("[data-field]")];
  const names = [...fragment.querySelectorAll("[data-typed]")];
  if (!fields.length && !names.length) return null;
  for (const name of names) name.textContent = name.getAttribute("data-typed");
  for (const field of fields) field.textContent = full(field) ?? field.textContent;
  const rows = [...fragment.querySelectorAll("tr")];
  if (!rows.length) return (fragment.textContent ?? "").replace(/\s+/g, " ").trim();
  const cells = rows.map((row) =>
    [...row.children].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim()),
  );
  return cells.map((row) => row.join("\t")).join("\n");
}

/** A page that is a file of its own: one page, or several one after the other. No server is asked for anything. */

import { createPage } from "./page/page.js";
import { fileMemory, fileServices } from "./page/services.js";

const parts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-of-file]")]);
/** Those that are alive: each comes to life when it is first shown, since its figure needs its room. */
const alive = new Set();
const memory = fileMemory();

/** @param {number} at */
function show(at) {
  for (const [place, part] of parts.entries()) part.hidden = place !== at;
  const part = parts[at];
  if (alive.has(part)) return;
  alive.add(part);
  const root = /** @type {HTMLElement} */ (part.querySelector("[data-root]"));
  const query = root.querySelector("form[data-page]")?.getAttribute("data-query") ?? "";
  const answer = part.querySelector("[data-answer]");
  const answers = new Map(answer ? [[answer.getAttribute("data-answer") ?? "", answer.textContent ?? ""]] : []);
  createPage(root, query, fileServices(query, answers, memory, parts.length > 1 ? `-${at}` : ""));
}

/** @param {string} hash such as #3 */
const placeOf = (hash) => Math.min(Math.max(Number(hash.slice(1)) || 1, 1), parts.length) - 1;

addEventListener("hashchange", () => {
  show(placeOf(location.hash));
  scrollTo(0, 0);
  /** @type {HTMLElement | null} */ (parts[placeOf(location.hash)].querySelector("h1"))?.focus();
});
show(placeOf(location.hash));

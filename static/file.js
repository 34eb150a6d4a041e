/**
 * A page that is a file of its own: one page, or several one after the other. No server is asked for anything; a course
 * that it runs in is told what was found.
 */

import { createPage } from "./page/page.js";
import { browserClock } from "./page/clock.js";
import { say } from "./page/dom.js";
import { readGraph, readTensors } from "./page/remake.js";
import { fileMemory, fileServices } from "./page/services.js";
import { createToast } from "./page/toast.js";
import { bindTold } from "./page/told.js";
import { bindDrawings } from "./share/drawings.js";
import { createCourse, findApi } from "./share/scorm.js";

const parts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-of-file]")]);
const counts = parts.map(countOf);
/** How far one is on each page. @type {import("./share/scorm.js").Progress[]} */
const progress = counts.map((count) => ({ count, credited: 0, shown: 0 }));
/** Those that are alive: each comes to life when it is first shown, since its figure needs its room. */
const alive = new Set();
const api = findApi(window);
const course = api ? createCourse(api, counts, browserClock.now) : null;
const toast = createToast(document.body, browserClock);
const memory = course?.settings ?? fileMemory();

/** How many numbers a page asks for. @param {HTMLElement} part */
function countOf(part) {
  const query = new URLSearchParams(queryOf(part));
  const { hidden } = readGraph(part) ?? readTensors(part) ?? {};
  if (query.get("practise") !== "on" || !hidden) return 0;
  const update = hidden.update && /\b(plot|training)\b/.test(query.get("panes") ?? "");
  return (hidden.asked?.length ?? 0) + Number(update);
}

/** @param {HTMLElement} part */
function queryOf(part) {
  return part.querySelector("form[data-page]")?.getAttribute("data-query") ?? "";
}

/** @param {number} at */
function show(at) {
  for (const [place, part] of parts.entries()) part.hidden = place !== at;
  if (!alive.has(at)) enliven(at);
  alive.add(at);
  course?.turned(at);
}

/** @param {number} at */
function enliven(at) {
  const part = parts[at];
  const told = [...part.querySelectorAll("[data-answer]")];
  const answers = new Map(told.map((answer) => [answer.getAttribute("data-answer") ?? "", answer.textContent ?? ""]));
  part.addEventListener("practised", (event) => {
    progress[at] = /** @type {CustomEvent} */ (event).detail;
    course?.practised(at, progress[at]);
    const [credited, count] = [sumOf(progress.map((page) => page.credited)), sumOf(counts)];
    for (const place of document.querySelectorAll("[data-score]")) say(place, `${credited} of ${count} found`);
  });
  const root = /** @type {HTMLElement} */ (part.querySelector("[data-root]"));
  const query = queryOf(part);
  const suffix = parts.length > 1 ? `-${at}` : "";
  const page = createPage(root, query, fileServices(query, answers, memory, suffix));
  bindDrawings(root, page.store, drawingsOf(at), suffix, toast);
  const text = part.querySelector(".lesson-text");
  if (text) bindTold(text, page);
}

/**
 * The figures that the groups of a page lead to.
 * @param {number} at @returns {import("./share/drawings.js").Drawing[]}
 */
function drawingsOf(at) {
  const told = JSON.parse(document.querySelector(`[data-drawings="${at}"]`)?.textContent ?? "[]");
  const templates = document.querySelectorAll(`[data-drawing="${at}"]`);
  return told.map((/** @type {object} */ asked, /** @type {number} */ place) => ({
    ...asked,
    markup: templates[place],
  }));
}

/** @param {number[]} numbers */
const sumOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** @param {string} hash such as #3 @param {number} otherwise */
const placeOf = (hash, otherwise) =>
  Math.min(Math.max((Number(hash.slice(1)) || otherwise + 1) - 1, 0), parts.length - 1);

addEventListener("hashchange", () => {
  const at = placeOf(location.hash, 0);
  show(at);
  scrollTo(0, 0);
  parts[at].querySelector("h1")?.focus();
});
addEventListener("pagehide", () => course?.finish());
show(placeOf(location.hash, course?.place ?? 0));

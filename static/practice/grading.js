/** Gradients that were computed elsewhere: pasted, and graded by the server, a line a name. */

import { setNames } from "../network/letters.js";

/** @typedef {{name: string, verdict: string, text: string, cells: string[]}} Line */

/** @type {Readonly<Record<string, string>>} */
const SIGNS = { right: "✓", follows: "(✓)", wrong: "✗", missing: "–" };

/** @param {import("../workbench.js").Page} page */
export function createGrading({ form, server, query }) {
  const section = /** @type {HTMLElement} */ (form.querySelector('[data-of-task="grade"]'));
  const text = /** @type {HTMLTextAreaElement} */ (section.querySelector("[data-of=pasted]"));
  const place = /** @type {HTMLElement} */ (section.querySelector("[data-of=graded]"));
  const button = /** @type {HTMLButtonElement} */ (section.querySelector("[data-of=grade]"));

  button.addEventListener("click", async () => {
    const body = new URLSearchParams(query());
    body.set("answers", text.value);
    const reply = await server.fetch("api/grade", { method: "POST", body }).catch(() => null);
    if (!reply) return say("The server, which grades, can't be reached.");
    const told = await reply.json().catch(() => null);
    if (!reply.ok || !told) return say(told?.error?.message ?? "The server is busy. Try again in a moment.");
    show(told);
  });

  /** @param {string} message */
  function say(message) {
    place.replaceChildren(element("p", message, "wrong-words"));
  }

  /** @param {{counted: number, lines: Line[], notes: string[]}} told */
  function show({ counted, lines, notes }) {
    const list = element("ul", "", "graded");
    list.append(...lines.map(line));
    const count = lines.length ? `${counted} of ${lines.length} right` : "Nothing was graded";
    place.replaceChildren(
      element("p", count, "graded-count"),
      list,
      ...notes.map((note) => element("p", note, "quiet")),
    );
  }

  /** @param {Line} line */
  function line({ name, verdict, text: words, cells }) {
    const item = element("li", "", "");
    item.dataset.verdict = verdict;
    item.append(
      element("span", SIGNS[verdict] ?? "", "sign"),
      element("b", setNames(name), "name"),
      element("span", words, ""),
    );
    if (cells.length) item.append(element("span", `Cells: ${cells.join(", ")}`, "quiet"));
    return item;
  }

  /** @param {string} tag @param {string} words @param {string} kind */
  function element(tag, words, kind) {
    const made = document.createElement(tag);
    made.textContent = words;
    made.className = kind;
    return made;
  }
}

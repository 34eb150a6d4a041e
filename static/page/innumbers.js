/** A program with tensors, or one node of it, opened as a program of numbers: there are paths, steps and nudges. */

import { request } from "./fragments.js";

/**
 * @param {HTMLElement} root
 * @param {object} page
 * @param {import("./services.js").Server} page.server
 * @param {() => string} page.query the present state's
 * @param {(query: string) => void} page.open
 * @param {(text: string) => void} page.say
 */
export function bindInNumbers(root, { server, query, open, say }) {
  /** @param {string} node */
  async function show(node) {
    try {
      const asked = `${query()}&${new URLSearchParams({ node })}`;
      const response = await request(server, "api/scalars", asked, new AbortController().signal);
      const found = await response.json();
      if (response.ok) open(`?${new URLSearchParams({ expr: found.expr, view: "graph" })}`);
      else say(found.error.message);
    } catch {
      say("The server can't be reached.");
    }
  }

  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-numbers]") : null;
    if (button) void show(button.getAttribute("data-numbers") ?? "");
  });
}

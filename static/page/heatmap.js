/** Colours the figure: by the size of gradients, and where something goes wrong. */

import { attribute } from "./dom.js";

/** @typedef {import("../explain/trouble.js").Finding} Finding */

/** Kinds of findings that mark their node: something is infinite or not a number there. */
const BROKEN = new Set(["input", "value", "slope", "flow", "sum"]);

/** Looks up the figure's nodes and edges once; what it returns marks them. */
export function createHeat() {
  const places = [...document.querySelectorAll("#sheet :is([data-node], [data-edge])")].map((element) => ({
    element,
    field: `${element.getAttribute("data-node") ?? element.getAttribute("data-edge")}.heat`,
    node: element.getAttribute("data-node") ?? "",
  }));
  /** @param {ReadonlyMap<string, number | null> | undefined} heats @param {Finding[]} findings */
  return (heats, findings) => {
    const broken = new Set(findings.filter(({ kind }) => BROKEN.has(kind)).map(({ node }) => node));
    for (const { element, field, node } of places) {
      attribute(element, "data-heat", heats?.get(field) ?? null);
      if (node) attribute(element, "data-broken", broken.has(node) ? "" : null);
    }
  };
}

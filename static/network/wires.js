/** The weights in the picture: as thick as they are large, coloured by sign; the one pointed at says its numbers. */

import { attribute, say as write } from "../page/dom.js";
import { formatNumber } from "../engine/numerals.js";
import { isOpen, shows } from "../state/url.js";
import { strokes } from "./strokes.js";

/**
 * @typedef {import("../workbench.js").Reached} Reached
 * @typedef {import("../workbench.js").Graph} Graph
 *
 * @typedef {object} Wire a weight in the picture
 * @property {string} name
 * @property {string} leaf the id of its leaf
 * @property {SVGElement} element
 * @property {Element | null} texts its label, where there is room for one
 * @property {string} thick as it is drawn
 */

/** @param {import("../workbench.js").Page} page */
export function createWires({ root, store }) {
  const { state } = store;
  const words = /** @type {HTMLElement} */ (root.querySelector(".wire-words"));
  /** @type {Wire[]} */
  let wires = [];
  let pointed = "";
  /** @type {Reached} */
  let latest = new Map();

  root.querySelector(".sheet")?.addEventListener("pointerover", ({ target }) => {
    const name = target instanceof Element ? (target.closest("[data-weight]")?.getAttribute("data-weight") ?? "") : "";
    if (name === pointed) return;
    pointed = name;
    write(words, said());
  });

  store.subscribe(["graph"], ({ graph }) => (wires = wiresIn(root, graph)));
  store.subscribe(["graph", "weight"], ({ weight }) => {
    for (const { name, element, texts } of wires) {
      for (const one of [element, texts]) one?.classList.toggle("chosen", name === weight);
    }
  });

  /** @param {Reached} fields */
  function show(fields) {
    latest = fields;
    write(words, said());
    const heated = isOpen(state, "heat");
    const numbers = wires.map(({ name, leaf }) => numberOf(fields, heated ? `${name}.total` : `${leaf}.value`));
    for (const [at, { thick, sign }] of strokes(numbers).entries()) {
      const wire = wires[at];
      attribute(wire.element, "data-sign", sign);
      if (wire.thick === thick) continue;
      wire.thick = thick;
      wire.element.style.setProperty("--thick", thick);
    }
  }

  /** What is said of the weight pointed at, or else of the chosen one. */
  function said() {
    const wire = wires.find(({ name }) => name === (pointed || state.weight));
    if (wire) return wireInWords(wire, latest, state.graph);
    if (wires.length) return "A line is as thick as its weight is large: orange above 0, violet below.";
    const blocks = shows(state, "network") && root.querySelector(".sheet [data-block]");
    return blocks ? "Large layers are blocks: click one to open it." : "";
  }

  return { show };
}

/** The picture's weights, made wide enough to be pressed. @param {HTMLElement} root @param {Graph | null} graph */
function wiresIn(root, graph) {
  const found = /** @type {NodeListOf<SVGElement>} */ (root.querySelectorAll(".sheet .edge[data-weight]"));
  return [...found].map((element) => {
    const name = element.getAttribute("data-weight") ?? "";
    if (!element.querySelector(".hit")) {
      const hit = /** @type {Element} */ (element.querySelector(".wire")?.cloneNode());
      hit.setAttribute("class", "hit");
      element.append(hit);
    }
    const texts = root.querySelector(`.sheet .texts[data-weight="${CSS.escape(name)}"]`);
    const leaf = graph?.nodes.find((node) => node.op === "var" && node.name === name)?.id ?? "";
    return { name, leaf, element, texts, thick: "" };
  });
}

/** @param {Wire} wire @param {Reached} fields @param {Graph | null} graph */
function wireInWords(wire, fields, graph) {
  const [value, total] = [`${wire.leaf}.value`, `${wire.name}.total`].map((field) => numberOf(fields, field));
  const known = value === null ? "" : ` = ${formatNumber(value)}`;
  const slope = total === null ? "" : `, ∂${graph?.output}/∂${wire.name} = ${formatNumber(total)}`;
  return `${wire.name}${known}${slope}`;
}

/** @param {Reached} fields @param {string} field */
function numberOf(fields, field) {
  const number = fields.get(field);
  return typeof number === "number" ? number : null;
}

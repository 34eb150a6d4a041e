/** The weights in the picture: as thick as they are large, coloured by sign; the one pointed at says its numbers. */

import { attribute, say as write } from "../page/dom.js";
import { formatNumber } from "../engine/numerals.js";
import { isOpen } from "../state/url.js";
import { strokes } from "./strokes.js";

/** @typedef {import("../workbench.js").Reached} Reached */

/** @param {import("../workbench.js").Page} page */
export function createWires(page) {
  const words = /** @type {HTMLElement} */ (document.getElementById("wire-words"));
  /** @type {{name: string, leaf: string, element: SVGElement, texts: Element | null, thick: string}[]} */
  let wires = [];
  let pointed = "";
  /** The weight that stands out. */
  let chosen = "";

  document.getElementById("sheet")?.addEventListener("pointerover", ({ target }) => {
    const name = target instanceof Element ? (target.closest("[data-weight]")?.getAttribute("data-weight") ?? "") : "";
    if (name === pointed) return;
    pointed = name;
    page.moved();
  });

  /** Finds the picture's weights anew, and makes them wide enough to be pressed. */
  function renew() {
    const found = /** @type {NodeListOf<SVGElement>} */ (document.querySelectorAll("#sheet .edge[data-weight]"));
    wires = [...found].map((element) => {
      const name = element.getAttribute("data-weight") ?? "";
      if (!element.querySelector(".hit")) {
        const hit = /** @type {Element} */ (element.querySelector(".wire")?.cloneNode());
        hit.setAttribute("class", "hit");
        element.append(hit);
      }
      const texts = document.querySelector(`#sheet .texts[data-weight="${CSS.escape(name)}"]`);
      return { name, leaf: leafOf(page.graph(), name), element, texts, thick: "" };
    });
    mark();
  }

  /** The chosen weight stands out. */
  function mark() {
    chosen = page.state.weight;
    for (const { name, element, texts } of wires) {
      for (const one of [element, texts]) one?.classList.toggle("chosen", name === chosen);
    }
  }

  /** @param {Reached} fields */
  function show(fields) {
    if (!wires.length) {
      const blocks = page.state.view === "network" && document.querySelector("#sheet [data-block]");
      write(words, blocks ? "Large layers are blocks: click one to open it." : "");
      return;
    }
    if (chosen !== page.state.weight) mark();
    const heated = isOpen(page.state, "heat");
    const numbers = wires.map(({ name, leaf }) => numberOf(fields, heated ? `${name}.total` : `${leaf}.value`));
    for (const [at, { thick, sign }] of strokes(numbers).entries()) {
      const wire = wires[at];
      attribute(wire.element, "data-sign", sign);
      if (wire.thick === thick) continue;
      wire.thick = thick;
      wire.element.style.setProperty("--thick", thick);
    }
    write(words, said(fields));
  }

  /** What is said of the weight pointed at, or else of the chosen one. @param {Reached} fields */
  function said(fields) {
    const wire = wires.find(({ name }) => name === (pointed || page.state.weight));
    if (!wire) return "A line is as thick as its weight is large: orange above 0, violet below.";
    const [value, total] = [`${wire.leaf}.value`, `${wire.name}.total`].map((field) => numberOf(fields, field));
    const known = value === null ? "" : ` = ${formatNumber(value)}`;
    const slope = total === null ? "" : `, ∂${page.graph()?.output}/∂${wire.name} = ${formatNumber(total)}`;
    return `${wire.name}${known}${slope}`;
  }

  renew();
  return { renew, show };
}

/** @param {Reached} fields @param {string} field */
function numberOf(fields, field) {
  const number = fields.get(field);
  return typeof number === "number" ? number : null;
}

/** The first leaf of a variable. @param {import("../workbench.js").Graph | null} graph @param {string} name */
const leafOf = (graph, name) => graph?.nodes.find((node) => node.op === "var" && node.name === name)?.id ?? "";

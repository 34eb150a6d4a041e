/** The weights in the picture: as thick as they are large, coloured by sign; the one pointed at says its numbers. */

import { attribute, say as write } from "../page/dom.js";
import { formatNumber } from "../engine/numerals.js";
import { isOpen } from "../state/url.js";

/** @typedef {import("../engine/engine.js").Fields} Fields */

const [THIN, THICK] = [0.8, 5];

/** @param {import("../workbench.js").Page} page */
export function createWires(page) {
  const words = /** @type {HTMLElement} */ (document.getElementById("wire-words"));
  /** @type {{name: string, element: SVGElement, texts: Element | null}[]} */
  let wires = [];
  let pointed = "";

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
      return { name, element, texts: document.querySelector(`#sheet .texts[data-weight="${CSS.escape(name)}"]`) };
    });
  }

  /** @param {Fields} fields */
  function show(fields) {
    if (!wires.length) {
      const blocks = page.state.view === "network" && document.querySelector("#sheet [data-block]");
      write(words, blocks ? "Large layers are blocks: click one to open it." : "");
      return;
    }
    const heated = isOpen(page.state, "heat");
    const numberOf = (/** @type {string} */ name) =>
      (heated ? fields.get(`${name}.total`) : valueOf(page, name, fields)) ?? 0;
    const sizes = wires.map(({ name }) => Math.abs(numberOf(name))).filter(Number.isFinite);
    const largest = Math.max(1e-300, ...sizes);
    for (const { name, element, texts } of wires) {
      const number = numberOf(name);
      const share = Number.isFinite(number) ? Math.abs(number) / largest : 1;
      element.style.setProperty("--thick", `${(THIN + (THICK - THIN) * share).toFixed(2)}px`);
      const sign = number > 0 ? "plus" : number < 0 ? "minus" : "none";
      attribute(element, "data-sign", sign);
      for (const one of [element, texts]) one?.classList.toggle("current", name === page.state.weight);
    }
    say(fields);
  }

  /** @param {Fields} fields */
  function say(fields) {
    const name = pointed || page.state.weight;
    const told = wires.some((wire) => wire.name === name)
      ? `${name} = ${formatNumber(valueOf(page, name, fields))}, ∂${page.graph()?.output}/∂${name} = ${formatNumber(fields.get(`${name}.total`) ?? null)}`
      : "A line is as thick as its weight is large: orange above 0, violet below.";
    write(words, told);
  }

  renew();
  return { renew, show };
}

/**
 * A variable's value, from its leaf.
 * @param {import("../workbench.js").Page} page
 * @param {string} name
 * @param {Fields} fields
 */
function valueOf(page, name, fields) {
  const leaf = leaves(page.graph()).get(name);
  return leaf ? (fields.get(`${leaf}.value`) ?? null) : null;
}

/** @type {WeakMap<object, Map<string, string>>} */
const known = new WeakMap();

/**
 * The first leaf of each variable.
 * @param {import("../workbench.js").Graph | null} graph
 * @returns {Map<string, string>}
 */
function leaves(graph) {
  if (!graph) return new Map();
  const kept = known.get(graph);
  if (kept) return kept;
  const made = new Map(
    graph.nodes
      .filter(({ op }) => op === "var")
      .reverse()
      .map(({ name, id }) => [name ?? "", id]),
  );
  known.set(graph, made);
  return made;
}

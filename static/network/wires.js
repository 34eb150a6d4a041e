/** The picture: weights as thick as they are large, coloured by sign; what is pointed at says its numbers. */

import { attribute } from "../page/dom.js";
import { formatNumber } from "../engine/numerals.js";
import { isOpen, shows } from "../state/url.js";
import { letters } from "./letters.js";
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

/**
 * @param {import("../workbench.js").Page} page
 * @param {(neuron: string) => string} overInputs what a neuron says over the inputs, in words
 */
export function createWires({ root, store }, overInputs) {
  const { state } = store;
  const words = /** @type {HTMLElement} */ (root.querySelector(".wire-words"));
  /** @type {Wire[]} */
  let wires = [];
  /** The weight or the neuron under the pointer. */
  let pointed = "";
  /** @type {Reached} */
  let latest = new Map();

  /** What is pointed at, or has the focus, is what is told. @param {Event} event */
  function point({ target }) {
    const sheet = target instanceof Element ? target.closest(".sheet") : null;
    if (!sheet?.querySelector("svg.network")) return;
    const place = /** @type {Element} */ (target).closest("[data-weight], [data-neuron], .node.output");
    const name = place ? nameOf(place) : "";
    if (name === pointed) return;
    pointed = name;
    fade(root, place);
    tell();
  }
  root.addEventListener("pointerover", point);
  root.addEventListener("focusin", point);

  store.subscribe(["graph", "closed"], ({ graph }) => {
    wires = wiresIn(root, graph);
    // The longest that is said has its room at all times: else the picture would move under the pointer.
    attribute(words, "data-room", wires.length ? plain(legend(false, pictureIn(root))) : null);
  });
  store.subscribe(["graph", "closed", "weight"], ({ weight }) => {
    for (const { name, element, texts } of wires) {
      for (const one of [element, texts]) one?.classList.toggle("chosen", name === weight);
    }
  });

  /** @param {Reached} fields */
  function show(fields) {
    latest = fields;
    tell();
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

  /** Says what is pointed at or chosen, or else how to read the picture; names are in ⟨angle brackets⟩. */
  function tell() {
    const own = said();
    attribute(words, "data-legend", own ? null : "");
    say(words, own || general());
  }

  function said() {
    for (const name of [pointed, state.weight]) {
      const wire = wires.find((one) => one.name === name);
      if (wire) return wireInWords(wire, latest, state.graph);
      const node = name && root.querySelector(`.sheet .network .node${selectorOf(name)}`);
      if (node) return [markInWords(name, node, latest, state.graph), overInputs(name)].filter(Boolean).join("; ");
    }
    return "";
  }

  function general() {
    if (wires.length) return legend(isOpen(state, "heat"), pictureIn(root));
    const blocks = shows(state, "network") && root.querySelector(".sheet [data-block]");
    return blocks ? "Large layers are blocks: click one to open it." : "";
  }

  return { show };
}

/** @param {HTMLElement} root */
const pictureIn = (root) => root.querySelector(".sheet svg.network");

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

/** @param {Element} place */
const nameOf = (place) =>
  place.getAttribute("data-weight") ?? place.getAttribute("data-neuron") ?? place.getAttribute("data-node") ?? "";

/** A neuron by its name, the loss by its node. @param {string} name */
const selectorOf = (name) => `:is([data-neuron="${CSS.escape(name)}"], .output[data-node="${CSS.escape(name)}"])`;

/**
 * While a circle is pointed at, lines that are not its own step back.
 * @param {HTMLElement} root @param {Element | null} place
 */
function fade(root, place) {
  const svg = pictureIn(root);
  const marks = [...(svg?.querySelectorAll(".node") ?? [])];
  const own = place?.matches(".node") ? String(marks.indexOf(place)) : "";
  svg?.toggleAttribute("data-pointed", own !== "");
  for (const line of svg?.querySelectorAll("[data-ends]") ?? []) {
    const ends = (line.getAttribute("data-ends") ?? "").split(" ");
    line.classList.toggle("own", ends.includes(own));
  }
}

/** How to read the picture. @param {boolean} heated @param {Element | null} svg */
function legend(heated, svg) {
  const inputs = svg?.getAttribute("data-inputs")?.split(" ");
  const lines = `A line is as thick as its ${heated ? "gradient" : "weight"} is large: green above 0, violet below.`;
  if (!inputs || heated) return lines;
  const half = svg?.querySelector('[data-centre="0.5"]') ? ", from a sigmoid or softmax above ½," : "";
  return `${lines} A circle is a neuron’s a over ${inputs.map((name) => `⟨${name}⟩`).join(" and ")}: green above 0${half} violet below.`;
}

/** @param {Wire} wire @param {Reached} fields @param {Graph | null} graph */
function wireInWords(wire, fields, graph) {
  const [value, total] = [`${wire.leaf}.value`, `${wire.name}.total`].map((field) => numberOf(fields, field));
  const known = value === null ? "" : ` = ${formatNumber(value)}`;
  const slope = total === null ? "" : `, ∂⟨${graph?.output}⟩/∂⟨${wire.name}⟩ = ${formatNumber(total)}`;
  return `⟨${wire.name}⟩${known}${slope}`;
}

/**
 * A circle's numbers, as far as they are known.
 * @param {string} name @param {Element} node @param {Reached} fields @param {Graph | null} graph
 */
function markInWords(name, node, fields, graph) {
  const numbers = [...node.querySelectorAll(".all .number")].map((number) => ({
    caption: number.previousElementSibling?.textContent ?? "",
    value: numberOf(fields, number.getAttribute("data-field") ?? ""),
  }));
  const known = numbers.flatMap(({ caption, value }) => (value === null ? [] : [[caption, formatNumber(value)]]));
  const told = known.map(([caption, value]) => {
    if (caption === "=") return `⟨${name}⟩ = ${value}`;
    if (!caption.startsWith("∂")) return `${caption} = ${value}`;
    return `∂⟨${graph?.output}⟩/∂${caption === "∂" ? `⟨${name}⟩` : caption.slice(-1)} = ${value}`;
  });
  const leaf = numbers.some(({ caption }) => caption === "=");
  return leaf && told.length ? told.join(", ") : `⟨${name}⟩${told.length ? ": " : ""}${told.join(", ")}`;
}

/** Writes a text with names in ⟨angle brackets⟩, which are set. @param {HTMLElement} element @param {string} text */
function say(element, text) {
  if (element.dataset.said === text) return;
  element.dataset.said = text;
  const parts = text.split(/⟨([^⟩]*)⟩/).map((part, at) => (at % 2 ? setName(part) : part));
  const said = document.createElement("span");
  said.append(...parts);
  element.replaceChildren(...(text ? [said] : []));
}

/** Such a text without the brackets. @param {string} text */
const plain = (text) => text.replace(/[⟨⟩]/g, "");

/** @param {string} name */
function setName(name) {
  const { stem, below, above } = letters(name);
  const made = document.createElement("span");
  made.className = "set-name";
  const add = (/** @type {string} */ kind, /** @type {string} */ text) => {
    if (text) made.append(Object.assign(document.createElement(kind), { textContent: text }));
  };
  add([...stem].length > 1 ? "span" : "i", stem);
  add("sub", below);
  add("sup", above);
  return made;
}

/** @param {Reached} fields @param {string} field */
function numberOf(fields, field) {
  const number = fields.get(field);
  return typeof number === "number" ? number : null;
}

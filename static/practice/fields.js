/** Fields in the figure, each where its number will stand: what is asked for is typed into the node or edge itself. */

import { attribute } from "../page/dom.js";
import { called } from "./words.js";

/** @typedef {import("./questions.js").Question} Question */

const SVG = "http://www.w3.org/2000/svg";
/** No higher than a line of a node: the field below begins where this one ends. */
const [WIDE, HIGH] = [58, 15];
/** From its upper edge down to the line that its digits stand on. */
const RISE = 11.5;
/** So many fields, at the most, are in a figure; the card asks for all. */
const MOST = 200;

/**
 * @param {HTMLElement} root
 * @param {object} told
 * @param {(field: string) => void} told.turned when someone has come to a field
 * @param {(field: string, text: string) => void} told.answered
 */
export function createFields(root, { turned, answered }) {
  const sheet = /** @type {HTMLElement} */ (root.querySelector(".sheet"));
  /** @type {Map<string, HTMLInputElement>} */
  let inputs = new Map();

  sheet.addEventListener("focusin", ({ target }) => {
    const field = fieldOf(target);
    if (field) turned(field);
  });
  sheet.addEventListener("change", ({ target }) => {
    const field = fieldOf(target);
    if (field && target instanceof HTMLInputElement) answered(field, target.value);
  });
  // A click into a field is no choice of its node, and the figure does not move with the hand there.
  for (const kind of ["click", "pointerdown", "dblclick"]) {
    sheet.addEventListener(kind, (event) => fieldOf(event.target) && event.stopPropagation());
  }

  /** Takes them away. */
  function clear() {
    for (const input of inputs.values()) input.closest("foreignObject")?.remove();
    for (const text of sheet.querySelectorAll("[data-asks]")) {
      text.removeAttribute("data-asks");
      text.removeAttribute("transform");
    }
    inputs = new Map();
  }

  return {
    clear,

    /**
     * Has a field for each of these questions, and for no other.
     * @param {readonly Question[]} questions @param {(field: string) => {text: string, wrong: boolean}} givenTo
     * @param {string} current
     */
    show(questions, givenTo, current) {
      const wanted = new Set(questions.slice(0, MOST).map(({ field }) => field));
      for (const [field, input] of inputs) {
        if (wanted.has(field) && input.isConnected) continue;
        const box = input.closest("foreignObject");
        const text = box?.previousElementSibling;
        text?.removeAttribute("data-asks");
        text?.removeAttribute("transform");
        box?.remove();
        inputs.delete(field);
      }
      for (const question of questions.slice(0, MOST)) {
        const input = inputs.get(question.field) ?? put(sheet, question);
        if (!input) continue;
        inputs.set(question.field, input);
        const { text, wrong } = givenTo(question.field);
        if (input !== document.activeElement && input.value !== text) input.value = text;
        attribute(input, "aria-invalid", wrong ? "true" : null);
        attribute(input, "data-now", question.field === current ? "" : null);
      }
      if (inputs.size) attribute(sheet.querySelector("svg"), "role", "group"); // what an image holds nobody can reach
    },

    /** What is typed elsewhere. @param {string} field @param {string} text */
    fill(field, text) {
      const input = inputs.get(field);
      if (input && input !== document.activeElement) input.value = text;
    },

    /** @param {string} field */
    focus(field) {
      inputs.get(field)?.focus({ preventScroll: true });
    },
    /** Whether someone types there. */
    hasFocus: () => fieldOf(document.activeElement) !== "",
  };
}

/** @param {EventTarget | null} target */
const fieldOf = (target) => (target instanceof HTMLInputElement ? (target.dataset.asked ?? "") : "");

/** @param {HTMLElement} sheet @param {Question} question */
function put(sheet, { field, also, ...question }) {
  const place = [field, ...also]
    .map((one) => sheet.querySelector(`[data-field="${CSS.escape(one)}"]`))
    .find((element) => element && !element.closest(".aside"));
  const text = place?.closest("text");
  if (!(text instanceof SVGTextElement) || !place) return null;
  const box = document.createElementNS(SVG, "foreignObject");
  const [x, y] = cornerOf(text, place);
  for (const [name, value] of Object.entries({ x, y, width: WIDE, height: HIGH })) {
    box.setAttribute(name, String(value));
  }
  const input = document.createElement("input");
  input.className = "asked panzoom-exclude";
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.dataset.asked = field;
  input.setAttribute("aria-label", called({ field, also, ...question }));
  box.append(input);
  text.after(box);
  return input;
}

/**
 * Where its field goes: in place of the number, or behind the words before it.
 * @param {Element} text @param {Element} number
 */
function cornerOf(text, number) {
  const [x, base] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
  text.setAttribute("data-asks", "");
  if (number === text) return [x - WIDE, base - RISE];
  const { x: left, width } = /** @type {SVGTextElement} */ (text).getBBox();
  const back = WIDE / 2;
  text.setAttribute("transform", `translate(${-back} 0)`);
  return [left + width - back + 2, base - RISE];
}

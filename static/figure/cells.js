/**
 * Tensors of the figure by the keyboard: Tab comes to one of them, arrows lead to the others, Enter goes in to its
 * cells, where arrows lead from cell to cell and Enter is a click. Escape leaves.
 */

import { formatTo } from "../engine/numerals.js";
import { attribute } from "../page/dom.js";
import { actsIn } from "../page/keys.js";

/** @type {Readonly<Record<string, readonly [number, number]>>} to the right, and down */
const WAYS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
const IN_GRADIENT = "[data-shade$='.gradient.shade']";
const TENSOR = ".node[data-node]:has([data-cell])";
/** What is this much further aside is as far as what lies this much less ahead. */
const ASIDE = 2;
/** Pixels; what lies less ahead is beside it. Cells of a small picture that is far away are not larger. */
const LEAST = 0.3;
/** Of a number that is read out. */
const DIGITS = 3;

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {(element: Element) => void} reveal brings it into sight
 * @param {(field: string) => number | string | null} told the number of a field, unless it is hidden
 */
export function bindCellKeys(root, store, reveal, told) {
  const acts = actsIn("cells");
  /** @type {SVGElement[]} */
  let tensors = [];
  /**
   * What has the focus, or had it: a tensor, or a cell in it.
   * @type {{node: string, cell: string, role: string} | null}
   */
  let last = null;

  const cellsOf = (/** @type {Element} */ tensor) =>
    /** @type {SVGElement[]} */ ([...tensor.querySelectorAll("[data-cell]")]);

  /** Tab comes to this one. @param {SVGElement} tensor */
  function stop(tensor) {
    for (const one of tensors) attribute(one, "tabindex", one === tensor ? 0 : -1);
  }

  /** What had the focus, in the figure that is there now. */
  function successor() {
    const tensor = tensors.find(({ dataset }) => dataset.node === last?.node);
    const cell = tensor && cellsOf(tensor).find((one) => one.dataset.cell === last?.cell && roleOf(one) === last?.role);
    return cell ?? tensor;
  }

  store.subscribe(["graph", "tensors", "closed"], () => {
    const svg = root.querySelector(".sheet svg.diagram");
    if (tensors[0] && tensors[0].ownerSVGElement === svg) return;
    tensors = svg ? [.../** @type {NodeListOf<SVGElement>} */ (svg.querySelectorAll(TENSOR))] : [];
    if (!svg || !tensors.length) return;
    attribute(svg, "role", "group"); // what can be pressed is no part of an image
    for (const tensor of tensors) {
      attribute(tensor, "role", "group");
      attribute(tensor, "aria-label", `${saidOf(tensor)}; Enter goes to its cells`);
    }
    const next = successor();
    stop(/** @type {SVGElement} */ (next?.closest(TENSOR) ?? tensors[0]));
    if (last && next && document.activeElement === document.body) focus(next);
  });

  /** @param {SVGElement} element a tensor, or a cell */
  function focus(element) {
    if (element.dataset.cell) {
      attribute(element, "role", "button");
      attribute(element, "tabindex", -1);
      attribute(element, "aria-label", `${element.dataset.cell}, ${roleOf(element)} ${numberIn(element)}`);
    }
    element.focus({ preventScroll: true });
    reveal(element);
  }

  /** The number of a cell, which in a picture has none written in it. @param {SVGElement} cell */
  function numberIn(cell) {
    const shown = cell.querySelector(".number")?.textContent ?? told(`${cell.dataset.cell}.${roleOf(cell)}`);
    return typeof shown === "number" ? formatTo(DIGITS, shown) : (shown ?? "");
  }

  /** Goes in: to the cell that is chosen, else to the first. @param {SVGElement} tensor */
  function enter(tensor) {
    const cells = cellsOf(tensor);
    focus(cells.find((one) => one.dataset.cell === store.state.about) ?? cells[0]);
  }

  root.addEventListener("focusin", ({ target }) => {
    const tensor = tensors.find((one) => one.contains(/** @type {Node} */ (target)));
    const cell = tensor && cellsOf(tensor).find((one) => one === target);
    last = tensor
      ? { node: tensor.dataset.node ?? "", cell: cell?.dataset.cell ?? "", role: cell ? roleOf(cell) : "" }
      : null;
    if (tensor) stop(tensor);
  });
  root.addEventListener(
    "keydown",
    (event) => {
      const tensor = tensors.find((one) => one.contains(/** @type {Node} */ (event.target)));
      const act = acts.get(event.key === " " ? "Enter" : event.key);
      if (!tensor || !act || event.ctrlKey || event.metaKey || event.altKey) return;
      const cell = cellsOf(tensor).find((one) => one === event.target);
      if (!cell && event.target !== tensor) return; // a button in it
      const way = WAYS[act];
      if (way) focus(ahead(cell ? cellsOf(tensor) : tensors, cell ?? tensor, way));
      else if (act === "enter" && cell) cell.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      else if (act === "enter") enter(tensor);
      else if (cell) focus(tensor);
      else return; // Escape has another act there
      event.preventDefault();
      event.stopPropagation(); // the figure stays where it is
    },
    { capture: true },
  );
}

/** Which of a tensor's two grids a cell is in. @param {Element} cell */
const roleOf = (cell) => (cell.matches(IN_GRADIENT) || cell.querySelector(IN_GRADIENT) ? "gradient" : "value");

/** A tensor in words: its title, and its shape. @param {Element} tensor */
function saidOf(tensor) {
  const [title, badge] = [".title", ".badge"].map((part) => tensor.querySelector(part)?.textContent ?? "");
  return `${tensor.querySelector("title")?.textContent || title} ${badge}`;
}

/**
 * The nearest of these that lies ahead; itself where none does.
 * @param {readonly SVGElement[]} all @param {SVGElement} from @param {readonly [number, number]} way
 */
function ahead(all, from, [right, down]) {
  const here = middle(from);
  const found = all.flatMap((one) => {
    const there = middle(one);
    const [x, y] = [there.x - here.x, there.y - here.y];
    const [along, aside] = right ? [x * right, y] : [y * down, x];
    return along > LEAST ? [{ one, far: along + ASIDE * Math.abs(aside) }] : [];
  });
  return found.sort((one, other) => one.far - other.far)[0]?.one ?? from;
}

/** @param {SVGElement} element */
function middle(element) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

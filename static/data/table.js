/** The table of samples, a page of it at a time: what is not in view is not computed. */

import { formatNumber } from "../engine/numerals.js";
import { createPager, PAGE } from "./pager.js";
import { createSamples } from "./samples.js";
import { grouped } from "./source.js";

/** @typedef {import("../engine/engine.js").Fields} Fields */

/**
 * @param {HTMLElement} root
 * @param {{picked: (sample: number) => void, turned: () => void}} told with -1 for the average; when other samples
 *   came into view
 */
export function createSampleTable(root, { picked, turned }) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (root.querySelector(`[data-part=${id}]`));
  const [head, body] = [part("head"), part("body")];
  const average = /** @type {HTMLTableRowElement} */ (body.querySelector("tr"));
  const box = /** @type {HTMLInputElement} */ (part("go"));
  const pager = createPager(root, () => {
    number();
    turned();
  });
  /** @type {ReturnType<typeof createSamples> | null} */
  let shown = null;
  /** @type {{line: HTMLTableRowElement, radio: HTMLInputElement, cells: Cell[]}[]} */
  let lines = [];
  /** @type {Cell[]} */
  let means = [];
  let chosen = -1;

  /** @param {string} id */
  const clone = (id) =>
    /** @type {HTMLElement} */ (
      /** @type {HTMLTemplateElement} */ (part(id)).content.firstElementChild?.cloneNode(true)
    );

  /**
   * Shows other samples, or the same ones of another program.
   * @param {import("../workbench.js").Graph} graph @param {import("../workbench.js").Samples} samples
   * @param {string[]} parameters those whose gradients are shown @param {string} top what is derived
   */
  function renew(graph, samples, parameters, top) {
    shown = createSamples(graph, samples, parameters);
    const { count, given } = shown;
    const titles = shown.titles(top);
    head.replaceChildren(
      head.children[0],
      ...titles.map((title) => Object.assign(clone("th"), { textContent: title })),
    );
    head.querySelectorAll("th.number").forEach((cell, at) => tint(cell, at - given));
    lines = Array.from({ length: Math.min(PAGE, count) }, () => lineOf(titles.length, given));
    average.replaceChildren(average.children[0]);
    means = cellsOf(average, titles.length, given);
    body.replaceChildren(average, ...lines.map(({ line }) => line));
    box.max = String(count);
    pager.renew(count);
    number();
  }

  /** @param {number} count @param {number} given */
  function lineOf(count, given) {
    const line = /** @type {HTMLTableRowElement} */ (clone("line"));
    const radio = /** @type {HTMLInputElement} */ (line.querySelector("input"));
    return { line, radio, cells: cellsOf(line, count, given) };
  }

  /** @param {HTMLElement} line @param {number} count @param {number} given */
  function cellsOf(line, count, given) {
    return Array.from({ length: count }, (_, at) => {
      const cell = clone("cell");
      tint(cell, at - given);
      line.append(cell);
      return createCell(cell);
    });
  }

  /** Gives the lines the numbers of the samples in view. */
  function number() {
    lines.forEach(({ line, radio }, at) => {
      const sample = pager.first() + at;
      line.hidden = sample >= (shown?.count ?? 0);
      line.dataset.picks = radio.value = String(sample);
      /** @type {HTMLElement} */ (radio.nextElementSibling).textContent = grouped(sample + 1);
    });
    mark();
  }

  function mark() {
    for (const line of /** @type {HTMLCollectionOf<HTMLTableRowElement>} */ (body.children)) {
      const is = line.dataset.picks === String(chosen);
      line.classList.toggle("current", is);
      /** @type {HTMLInputElement} */ (line.querySelector("input")).checked = is;
    }
    if (box !== document.activeElement) box.value = chosen < 0 ? "" : String(chosen + 1);
  }

  root.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || target.closest("label")) return;
    const line = /** @type {HTMLElement | null} */ (target.closest("[data-picks]"));
    if (line && body.contains(line)) picked(Number(line.dataset.picks));
  });
  body.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) picked(Number(target.value));
  });
  box.addEventListener("change", () => {
    const sample = Math.round(Math.max(1, Math.min(box.valueAsNumber, shown?.count ?? 1))) - 1;
    picked(Number.isNaN(sample) ? -1 : sample);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would press the form's first button; the change comes
    if (event.key === "Enter") box.dispatchEvent(new Event("change", { bubbles: true }));
  });

  return {
    renew,
    /** Shows which sample is picked; its page is opened where it was picked elsewhere. @param {number} sample */
    pick(sample) {
      if (sample === chosen) return;
      chosen = sample;
      if (pager.open(sample)) number();
      else mark();
      scrollTo(head, body.querySelector(`[data-picks="${sample}"]`));
    },
    /**
     * @param {(name: string) => number} valueOf of what no column stands for @param {number} seed
     * @param {Fields | null} averages where they are what the page shows
     */
    show(valueOf, seed, averages) {
      if (!shown) return;
      const numbersOf = shown.at(valueOf, seed);
      lines.forEach(({ line, cells }, at) => {
        if (!line.hidden) write(cells, numbersOf(pager.first() + at));
      });
      write(means, shown.means(averages));
    },
  };
}

/** Not scrollIntoView: that moves the page, too. @param {HTMLElement} head @param {HTMLElement | null} line */
function scrollTo(head, line) {
  const view = head.closest("div");
  if (!line || !view) return;
  const hidden = line.offsetTop + line.offsetHeight - view.scrollTop - view.clientHeight;
  if (hidden > 0) view.scrollTop += hidden;
  else view.scrollTop = Math.min(view.scrollTop, line.offsetTop - head.offsetHeight);
}

/** @typedef {{write: (x: number | null) => void}} Cell */

/** @param {HTMLElement} element @returns {Cell} */
function createCell(element) {
  const text = document.createTextNode("");
  element.append(text);
  /** @type {number | null} */
  let last = null;
  return {
    write(x) {
      if (Object.is(x, last)) return;
      last = x;
      text.data = formatNumber(x);
    },
  };
}

/** @param {Cell[]} cells @param {(number | null)[]} xs */
function write(cells, xs) {
  cells.forEach((cell, at) => cell.write(xs[at]));
}

/** Values to the left, then the loss, then gradients. @param {Element} cell @param {number} at */
function tint(cell, at) {
  cell.classList.add(at > 0 ? "gradient" : "value");
}

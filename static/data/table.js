/** The table of rows, a page of it at a time: what is not in view is not computed. */

import { formatNumber } from "../engine/numerals.js";
import { createPass } from "../engine/pass.js";
import { grouped } from "./source.js";

/**
 * @typedef {import("../workbench.js").Graph} Graph
 * @typedef {import("../workbench.js").Rows} Rows
 * @typedef {import("../engine/engine.js").Fields} Fields
 */

const PAGE = 50;
/** So many columns, and gradients, have room. */
const COLUMNS = 6;
const GRADIENTS = 2;

/**
 * @param {HTMLElement} root
 * @param {{picked: (row: number) => void, turned: () => void}} told with -1 for the average; when other rows came
 *   into view
 */
export function createRowTable(root, { picked, turned }) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (root.querySelector(`#data-${id}`));
  const [head, body, range] = [part("head"), part("body"), part("range")];
  const average = /** @type {HTMLTableRowElement} */ (body.querySelector("tr"));
  const box = /** @type {HTMLInputElement} */ (part("go"));
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("[data-page]"));
  /** @type {{line: HTMLTableRowElement, radio: HTMLInputElement, cells: Cell[]}[]} */
  let lines = [];
  /** @type {Cell[]} */
  let means = [];
  /**
   * @type {{graph: Graph, rows: Rows, shown: string[], parameters: string[], pass:
   *   import("../engine/pass.js").Pass} | null}
   */
  let table = null;
  let page = 0;
  let chosen = -1;

  /** @param {string} id */
  const clone = (id) =>
    /** @type {HTMLElement} */ (
      /** @type {HTMLTemplateElement} */ (part(id)).content.firstElementChild?.cloneNode(true)
    );

  /**
   * Shows other rows, or the same ones of another program.
   * @param {Graph} graph @param {Rows} rows @param {string[]} parameters those whose gradients are shown
   * @param {string} top what is derived
   */
  function renew(graph, rows, parameters, top) {
    const shown = graph.variables.filter((name) => name in rows.columns).slice(0, COLUMNS);
    table = { graph, rows, shown, parameters: parameters.slice(0, GRADIENTS), pass: createPass(graph) };
    page = Math.min(page, pages() - 1);
    const titles = [...shown, graph.output, ...table.parameters.map((name) => `∂${top}/∂${name}`)];
    head.replaceChildren(
      head.children[0],
      ...titles.map((title) => Object.assign(clone("th"), { textContent: title })),
    );
    head.querySelectorAll("th.number").forEach((cell, at) => tint(cell, at - shown.length));
    lines = Array.from({ length: Math.min(PAGE, rows.count) }, () => {
      const line = /** @type {HTMLTableRowElement} */ (clone("row"));
      return {
        line,
        radio: /** @type {HTMLInputElement} */ (line.querySelector("input")),
        cells: cellsOf(line, titles.length),
      };
    });
    average.replaceChildren(average.children[0]);
    means = cellsOf(average, titles.length);
    body.replaceChildren(average, ...lines.map(({ line }) => line));
    turn(page);
  }

  /** @param {HTMLElement} line @param {number} count */
  function cellsOf(line, count) {
    return Array.from({ length: count }, (_, at) => {
      const cell = clone("cell");
      tint(cell, at - (table?.shown.length ?? 0));
      line.append(cell);
      return createCell(cell);
    });
  }

  const pages = () => Math.ceil((table?.rows.count ?? 1) / PAGE);

  /** @param {number} to */
  function turn(to) {
    page = Math.max(0, Math.min(to, pages() - 1));
    const count = table?.rows.count ?? 0;
    const first = page * PAGE;
    range.textContent = `Rows ${grouped(first + 1)} to ${grouped(Math.min(first + PAGE, count))} of ${grouped(count)}`;
    box.max = String(count);
    for (const button of buttons) {
      button.disabled = ["first", "back"].includes(button.dataset.page ?? "") ? page === 0 : page === pages() - 1;
    }
    lines.forEach(({ line, radio }, at) => {
      const row = first + at;
      line.hidden = row >= count;
      line.dataset.picks = radio.value = String(row);
      /** @type {HTMLElement} */ (radio.nextElementSibling).textContent = grouped(row + 1);
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

  /** Shows which row is picked; its page is opened where it was picked elsewhere. @param {number} row */
  function pick(row) {
    if (row === chosen) return;
    chosen = row;
    if (row >= 0 && Math.floor(row / PAGE) !== page) turn(Math.floor(row / PAGE));
    else mark();
    const line = /** @type {HTMLElement | null} */ (body.querySelector(`[data-picks="${row}"]`));
    const view = head.closest("div");
    if (!line || !view) return;
    // Not scrollIntoView: that moves the page, too.
    const hidden = line.offsetTop + line.offsetHeight - view.scrollTop - view.clientHeight;
    if (hidden > 0) view.scrollTop += hidden;
    else view.scrollTop = Math.min(view.scrollTop, line.offsetTop - head.offsetHeight);
  }

  /**
   * @param {(name: string) => number} valueOf of what no column stands for @param {number} seed
   * @param {Fields | null} averages where they are what the page shows
   */
  function show(valueOf, seed, averages) {
    if (!table) return;
    const { graph, rows, shown, parameters, pass } = table;
    for (const name of graph.variables) if (!(name in rows.columns)) pass.set(name, valueOf(name));
    lines.forEach(({ line, cells }, at) => {
      if (line.hidden) return;
      const row = page * PAGE + at;
      for (const [name, column] of Object.entries(rows.columns)) pass.set(name, column[row]);
      pass.run(seed);
      write(cells, [
        ...shown.map((name) => rows.columns[name][row]),
        pass.values[pass.values.length - 1],
        ...parameters.map((name) => pass.total(name)),
      ]);
    });
    write(means, [
      ...shown.map((name) => averages?.get(`${leafOf(name)}.value`) ?? null),
      averages?.get(`${graph.output}.value`) ?? null,
      ...parameters.map((name) => averages?.get(`${name}.total`) ?? null),
    ]);
  }

  /** @param {string} name */
  const leafOf = (name) => table?.graph.nodes.find((node) => node.op === "var" && node.name === name)?.id;

  root.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const to = /** @type {HTMLElement | null} */ (target.closest("[data-page]"))?.dataset.page;
    if (to) {
      turn({ first: 0, back: page - 1, next: page + 1 }[to] ?? Infinity);
      turned();
    }
    const line = target.closest("label") ? null : /** @type {HTMLElement | null} */ (target.closest("[data-picks]"));
    if (line && body.contains(line)) picked(Number(line.dataset.picks));
  });
  body.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) picked(Number(target.value));
  });
  box.addEventListener("change", () => {
    const row = Math.round(Math.max(1, Math.min(box.valueAsNumber, table?.rows.count ?? 1))) - 1;
    picked(Number.isNaN(row) ? -1 : row);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would press the form's first button; the change comes
    if (event.key === "Enter") box.dispatchEvent(new Event("change", { bubbles: true }));
  });

  return { renew, pick, show };
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

/** The samples: where they come from, what their columns stand for, and which row is shown. */

import { formatNumber } from "../engine/numerals.js";
import { valueOf } from "../state/url.js";
import { createAverages } from "./average.js";
import { createColumns } from "./columns.js";
import { assign } from "./binding.js";
import { createPicker } from "./picker.js";
import { createSource, grouped, kept } from "./source.js";
import { createSampleTable } from "./table.js";
import { counted, over, spoilt } from "./words.js";

/**
 * @typedef {import("../workbench.js").Page} Page
 * @typedef {import("../engine/engine.js").Fields} Fields
 * @typedef {import("./source.js").Table} Table
 */

/** @param {Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  const { state } = page;
  const root = /** @type {HTMLElement} */ (document.getElementById("data"));
  const bound = /** @type {HTMLElement} */ (root.querySelector("#data-bound"));
  const said = /** @type {HTMLElement} */ (root.querySelector("#data-said"));
  /** The last rows that could be read. @type {Table | null} */
  let table = null;
  /** What of the state is shown already: it also changes elsewhere. */
  const seen = { data: "", bind: "", row: -1, seed: 1, params: "" };
  let toSay = false;

  const picker = createPicker(root, createSource(page.server), {
    /** The table in the box or in a file. @param {string} text where the address holds it @param {string} read how */
    own(text, read) {
      Object.assign(state, { data: "own", table: text, read });
      seen.data = dataOf();
      page.chosen();
    },
    /** @param {string} data */
    made(data) {
      Object.assign(state, { data, table: "", read: "" });
      if (!data) Object.assign(state, { bind: "", row: -1 });
      page.chosen(); // what the state says is loaded with the next frame
    },
    /** @param {Table | null} read */
    read(read) {
      table = read;
      toSay = true;
      bind();
    },
  });
  const columns = createColumns(root, (changed) => {
    state.bind = changed;
    bind();
    page.chosen();
  });
  const samples = createSampleTable(root, { picked: pick, turned: page.moved });

  const dataOf = () => `${state.data}\0${state.table}\0${state.read}`;

  /** Binds the rows to the variables of the program that is there now. */
  function bind() {
    const graph = page.graph();
    seen.bind = state.bind;
    bound.hidden = !table || !graph;
    if (!table || !graph) return page.bindRows(null);
    const names = [...table.columns.keys()];
    const assigned = assign(names, graph.variables, state.bind);
    columns.renew(names, assigned, graph.variables, state.bind);
    /** @type {Record<string, Float64Array>} */
    const found = Object.create(null);
    /** @type {Map<string, string>} */
    const named = new Map();
    for (const [column, variable] of assigned) {
      if (!variable) continue;
      found[variable] = /** @type {Float64Array} */ (table.columns.get(column));
      named.set(variable, column);
    }
    const rows = named.size ? { columns: found, count: table.count, names: named } : null;
    page.bindRows(rows, createAverages);
    settle();
    picker.say(
      rows
        ? `${size()}. ${table.told}`.trim()
        : `${size()}. No column stands for a variable of the program: choose below what each one is.`,
    );
    list();
  }

  /** The rows in the table, and the parameters whose gradients stand beside them. */
  function list() {
    Object.assign(seen, { seed: state.seed, params: state.params });
    const [graph, rows] = [page.graph(), page.rows()];
    const own = graph?.variables.filter((name) => !(rows && name in rows.columns)) ?? [];
    for (const span of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-of]"))) {
      span.hidden = !own.includes(span.dataset.of ?? "");
    }
    if (!graph || !rows) return;
    const chosen = state.params.split(",").filter((name) => own.includes(name));
    samples.renew(graph, rows, chosen.length ? chosen : own, state.seed === 1 ? graph.output : "L");
    samples.pick(state.row);
  }

  /** Brings the row that the state names into the variables. */
  function settle() {
    const rows = page.rows();
    if (!rows) return;
    if (state.row >= rows.count) state.row = rows.count - 1;
    seen.row = state.row;
    if (state.row < 0) return;
    page.move(new Map(Object.entries(rows.columns).map(([name, column]) => [name, column[state.row]])));
  }

  /** @param {number} row */
  function pick(row) {
    if (!page.rows()) return;
    state.row = row;
    settle();
    samples.pick(state.row);
    toSay = true;
    page.moved();
  }

  page.form.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-pick]") : null;
    if (button) pick(Number(button.getAttribute("data-pick")));
  });

  /** What came into the state elsewhere: by an example, the history, the descent. */
  function follow() {
    if (dataOf() !== seen.data) {
      seen.data = dataOf();
      picker.show(state.data, state.table || (state.data === "own" ? kept() : ""), state.read);
      return;
    }
    if (state.bind !== seen.bind) bind();
    else if ((state.seed === 1) !== (seen.seed === 1) || state.params !== seen.params) list();
    if (state.row !== seen.row && page.rows()) {
      settle();
      samples.pick(state.row);
    }
  }

  /** Notes are about one row: the first that has any. @param {number} broken */
  function offer(broken) {
    const row = Math.max(0, broken);
    const button = page.form.querySelector(".notes [data-pick]");
    if (!button || button.getAttribute("data-pick") === String(row)) return;
    button.setAttribute("data-pick", String(row));
    button.textContent = `Pick row ${grouped(row + 1)}`;
  }

  const size = () => `${counted(table?.count ?? 0, "row")}, ${counted(table?.columns.size ?? 0, "column")}`;

  /** Which samples the numbers are of. @param {string} all */
  function told(all) {
    const [rows, averages] = [page.rows(), page.averaged()];
    return rows ? over(rows.count, averages ? -1 : state.row, averages?.part() ?? 1, all) : "";
  }

  /** Says the numbers of what was picked, once they are there. @param {Fields} fields */
  function say(fields) {
    const [rows, graph, averages] = [page.rows(), page.graph(), page.averaged()];
    if (!toSay || !rows || !graph || (averages && averages.part() < 1)) return;
    toSay = false;
    const value = formatNumber(fields.get(`${graph.output}.value`) ?? null);
    said.textContent = `${averages ? "Average" : told("")}: ${graph.output} = ${value}.`;
  }

  picker.begin(state.data);
  follow();

  return {
    renew() {
      columns.forget();
      bind();
    },
    show(fields) {
      follow();
      say(fields);
      if (state.side === "data" && page.rows()) {
        samples.show((name) => valueOf(state, name), state.seed, page.averaged() ? fields : null);
      }
    },
    fields() {
      const broken = page.averaged()?.broken() ?? -1;
      offer(broken);
      /** @type {Map<string, string>} */
      const found = new Map([
        ["data.shown", told("Average over ")],
        ["data.over", told("Over ")],
      ]);
      if (broken >= 0) {
        found.set("note.0.node", "");
        found.set("note.0.text", spoilt(broken));
      }
      return found;
    },
  };
}

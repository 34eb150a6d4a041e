/** The samples: where they come from, what their columns stand for, and which one is shown. */

import { attribute, say } from "../page/dom.js";
import { shows, valueOf } from "../state/url.js";
import { createAverages } from "./average.js";
import { assign, samplesOf } from "./binding.js";
import { createColumns } from "./columns.js";
import { createPicker } from "./picker.js";
import { createSaid } from "./said.js";
import { holdOut } from "./held.js";
import { createSource, grouped } from "./source.js";
import { shapeOf } from "../descent/cells.js";
import { assignedOnly, samplesWith, taking } from "./tensors.js";
import { createSampleTable } from "./table.js";
import { spoilt, tableWords } from "./words.js";

/**
 * @typedef {import("../engine/engine.js").Fields} Fields
 * @typedef {import("./source.js").Table} Table
 */

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export const create = (page) => new DataSide(page);

class DataSide {
  /** The last samples that could be read. @type {Table | null} */
  #table = null;
  /** The same, all of them. @type {Table | null} */
  #whole = null;
  /** While a table of one's own is chosen: the picker shows it already. */
  #choosing = false;
  /** What was asked for last of the server. */
  #asking = {};

  /** @param {import("../workbench.js").Page} page */
  constructor(page) {
    this.page = page;
    this.store = page.store;
    this.root = /** @type {HTMLElement} */ (page.form.querySelector('[data-fragment="data"]'));
    this.bound = /** @type {HTMLElement} */ (this.root.querySelector("[data-part=bound]"));
    this.picker = createPicker(this.root, createSource(page.server), page.clock, {
      own: (patch) => this.#chooseOwn(patch),
      made: page.choose,
      read: (table) => this.#take(table),
    });
    this.columns = createColumns(this.root, (bind) => page.choose({ bind }));
    this.lines = createSampleTable(this.root, { picked: (sample) => this.#pick(sample), turned: page.paint });
    this.said = createSaid(page, this.root.querySelector("[data-part=said]"));
    this.#listen();
  }

  /** The samples of the table are listed before one of them is picked. */
  #listen() {
    const { store, picker } = this;
    const early = store.state.data ? "" : picker.chosen();
    store.subscribe(["data", "table", "read"], (state) => {
      if (!this.#choosing) picker.show(state.data, state.table, state.read);
    });
    const hold = /** @type {HTMLInputElement} */ (this.root.querySelector("[data-part=hold]"));
    store.subscribe(["hold"], (state) => {
      hold.value = String(Math.max(0, state.hold));
      this.#take(this.#whole);
    });
    hold.addEventListener("change", () => {
      if (hold.checkValidity()) this.page.choose({ hold: Number(hold.value) });
    });
    store.subscribe(["graph", "tensors"], this.columns.forget);
    store.subscribe(["graph", "tensors", "bind"], () => this.#bind());
    store.subscribe(["samples", "params", "seed"], () => this.#list());
    store.subscribe(["samples", "row"], () => this.#settle());
    if (early) picker.choose(early);
    this.page.form.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-pick]") : null;
      if (button) this.#pick(Number(button.getAttribute("data-pick")));
    });
  }

  // What the page asks of a side

  /** @param {Fields} fields */
  show(fields) {
    const { samples, seed } = this.store.state;
    const averages = this.page.averaged();
    offerSample(this.page.form, Math.max(0, averages?.broken() ?? -1));
    this.said.say(fields);
    if (!shows(this.store.state, "data") || !samples) return;
    this.lines.show((name) => valueOf(this.store.state, name), seed, averages ? fields : null);
  }

  fields() {
    const broken = this.page.averaged()?.broken() ?? -1;
    /** @type {Map<string, string>} */
    const found = new Map([
      ["data.shown", this.said.of("Average over ")],
      ["data.over", this.said.of("Over ")],
    ]);
    return broken < 0 ? found : found.set("note.0.node", "").set("note.0.text", spoilt(broken));
  }

  // What is chosen here

  /** @param {Partial<import("../state/url.js").State>} patch */
  #chooseOwn(patch) {
    this.#choosing = true;
    this.page.choose(patch);
    this.#choosing = false;
  }

  /** @param {number} sample -1 for the average */
  #pick(sample) {
    if (!this.store.state.samples) return;
    this.said.expect();
    this.store.change({ row: sample });
  }

  /** @param {Table | null} table */
  #take(table) {
    this.#whole = table;
    this.#table = table && holdOut(table, this.store.state.hold);
    this.said.expect();
    this.#bind();
  }

  // What follows from the state

  /** Binds the samples to the variables of the program that is there now. */
  #bind() {
    const { graph, tensors, bind } = this.store.state;
    const table = this.#table;
    const asking = (this.#asking = {});
    this.bound.hidden = !table || !(graph ?? tensors);
    this.bound.toggleAttribute("data-tensors", Boolean(tensors));
    if (table && tensors) return void this.#bindTensors(table, tensors, () => this.#asking === asking);
    if (!table || !graph) return this.page.bindSamples(null);
    const names = [...table.columns.keys()];
    const assigned = assign(names, graph.variables, bind);
    this.columns.renew(names, assigned, graph.variables, bind);
    const samples = samplesOf(table, assigned);
    this.bound.toggleAttribute("data-unbound", !samples);
    this.picker.say(tableWords(table, samples !== null));
    this.page.bindSamples(samples, createAverages);
  }

  /**
   * The server says what the columns stand for in a program with tensors, and how it takes so many samples.
   * @param {Table} table @param {import("../workbench.js").TensorGraph} tensors @param {() => boolean} asked still
   */
  async #bindTensors(table, tensors, asked) {
    const found = await taking(this.page.server, table, this.store.state, tensors.variables);
    if (!asked()) return;
    const { variables } = tensors;
    const assigned = new Map([...table.columns.keys()].map((column) => [column, ""]));
    const chosen = "fault" in found ? {} : found.chosen;
    for (const [name, columns] of Object.entries(chosen)) for (const column of columns) assigned.set(column, name);
    const numbers = variables.filter((name) => !shapeOf({ tensors }, name).length);
    this.columns.renew([...table.columns.keys()], assigned, variables, assignedOnly(numbers));
    const samples = "fault" in found ? null : samplesWith(table, found);
    this.bound.toggleAttribute("data-unbound", !samples);
    this.picker.say("fault" in found && found.fault ? found.fault : tableWords(table, samples !== null));
    this.page.bindSamples(samples);
  }

  /** Lists the samples, and beside them the gradients of the parameters. */
  #list() {
    const { graph, samples, params, seed } = this.store.state;
    const own = graph?.variables.filter((name) => !(samples && name in samples.columns)) ?? [];
    for (const span of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-of]"))) {
      span.hidden = !own.includes(span.dataset.of ?? "");
    }
    if (!graph || !samples) return;
    const chosen = params.split(",").filter((name) => own.includes(name));
    this.lines.renew(graph, samples, chosen.length ? chosen : own, seed === 1 ? graph.output : "L");
  }

  /** Brings the sample that the state names into the variables. */
  #settle() {
    const { samples, row } = this.store.state;
    if (!samples) return;
    if (row >= samples.count) return this.store.change({ row: samples.count - 1 });
    const shown = samples.sampled && !samples.sampled.whole ? Math.max(row, 0) : row; // tensors have no average
    if (shown >= 0) {
      const numbers = Object.entries(samples.columns).filter(([, column]) => column.length === samples.count);
      this.page.move(new Map(numbers.map(([name, column]) => [name, column[shown]])));
    }
    this.lines.pick(row);
  }
}

/** Notes are about one sample: the first that has any. @param {HTMLElement} form @param {number} sample */
function offerSample(form, sample) {
  const button = form.querySelector(".notes [data-pick]");
  attribute(button, "data-pick", sample);
  say(button, `Pick sample ${grouped(sample + 1)}`);
}

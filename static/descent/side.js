/** The descent on the page: its card, the race of the optimizers, and what others change. */

import { createCard } from "./card.js";
import { chosen, read } from "./choices.js";
import { cardFields } from "./numbers.js";
import { racing, rateOf, sameRows, writeParameters } from "./plan.js";
import { createPreview } from "./preview.js";
import { Race } from "./race.js";
import { LARGEST } from "./rate.js";
import { Runner } from "./runner.js";
import { optimizers } from "./updates.js";
import { placeInWords, rateInWords } from "./words.js";

const MOVED = "The values were moved: a new descent starts here.";

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export const create = (page) => new DescentSide(page);

class DescentSide {
  /** What the card says. @type {{text: string, bad: boolean, smaller: number | null}} */
  #said = { text: "", bad: false, smaller: null };
  #log = false;
  /** The parameter whose update is shown. */
  #about = "";
  #preview = createPreview();
  /** The rate of the step that the numbers explain, where it is known. @type {number | null} */
  #rate = null;
  #program;
  #rows;
  #bound;

  /** @param {import("../workbench.js").Page} page */
  constructor(page) {
    this.page = page;
    this.#program = page.state.expr;
    this.#rows = page.rows();
    this.#bound = this.#rows !== null;
    this.card = createCard(page.form, {
      act: (act) => this.#act(act),
      choose: (control, input) => this.#choose(control, input),
      follow: (name) => this.#follow(name),
      leave: (name) => this.#remove(name),
      seek: (k) => this.#seek(k),
    });
    this.race = new Race(page, {
      asked: () => this.card.fault(""),
      grown: () => this.runner.grown(),
      complete: () => this.runner.isAtRest && this.#sayPlace(),
      failed: (message) => this.#fail(message),
      moved: () => this.#forget(MOVED),
      titleOf: this.card.titleOf,
      preferred: this.card.preferred,
    });
    this.runner = new Runner(page, this.race, {
      begin: () => this.#begin(),
      playing: () => this.#say("Running …"),
      stopped: () => this.#sayPlace(),
      speed: () => Number(this.#control("speed")?.value ?? 15),
    });
    page.follow(() => this.#rebound());
    addEventListener("pagehide", () => this.race.cancel());
  }

  // What the page asks of a side

  renew() {
    const { state } = this.page;
    const other = state.expr !== this.#program && this.race.start.isOwn && state.k >= 0;
    this.#program = state.expr;
    this.card.renew();
    this.card.say(this.#said.text, this.#said.bad);
    if (other) this.#forget("The program is another one: a new descent starts here.");
    else this.#heed();
  }

  show() {
    this.#heed();
    const { race, runner, page } = this;
    const { state } = page;
    const { parameters, descents } = race;
    if (!parameters.includes(this.#about)) this.#about = parameters[0] ?? "";
    const rate = this.#rate;
    if (state.k < 0 && !this.#said.text) this.card.say(this.#rateSaid(rate), false);
    this.card.show({
      state,
      parameters,
      rate,
      rows: page.rows(),
      descents,
      furthest: race.furthest,
      smaller: this.#said.smaller,
      running: runner.isRunning,
      waiting: race.isLate,
      log: this.#log,
      about: this.#about,
      end: descents.length ? race.reach : state.k,
    });
  }

  /** @param {import("../engine/engine.js").Fields} fields */
  fields(fields) {
    const { page, race } = this;
    const graph = page.graph();
    if (!graph?.variables.length) return new Map();
    const { parameters, descents } = race;
    this.#rate = this.#rateNow();
    const place = {
      state: page.state,
      output: graph.output,
      parameters,
      about: this.#about || parameters[0] || "",
      descents,
      k: this.runner.explained,
      rate: this.#rate,
    };
    return cardFields(place, fields).set("descent.smaller", this.#said.smaller);
  }

  // What the buttons do

  /** @param {string} name */
  #act(name) {
    if (name === "run") return this.runner.toggle();
    if (name === "cancel") return this.#cancel();
    if (name === "reset") return this.#reset();
    if (name === "smaller") return this.#takeSmaller();
    this.runner.finish();
    if (name === "step") this.runner.step();
    if (name === "back") this.#seek(this.page.state.k - 1);
    this.page.chosen();
  }

  #begin() {
    const moves = this.race.parameters.length > 0;
    if (moves) this.race.begin();
    else this.card.fault("Nothing can move: choose a variable under “What moves”.");
    return moves;
  }

  /** @param {number} k */
  #seek(k) {
    this.runner.rest();
    if (!this.race.descents.length || k < 0) return;
    this.race.to(k);
    this.#sayPlace();
  }

  #reset() {
    if (this.page.state.k < 0) return;
    this.runner.rest();
    this.race.start.restore();
    this.race.leave();
    this.#say("Back at the start.");
    this.page.chosen();
  }

  /** The same start with the rate that is offered. */
  #takeSmaller() {
    const { smaller } = this.#said;
    if (smaller === null) return;
    this.#reset();
    this.page.state.rate = smaller;
    this.runner.toggle();
  }

  #cancel() {
    const { race } = this;
    if (!race.settle()) return this.#forget("Cancelled.");
    this.runner.rest();
    race.to(Math.min(this.page.state.k, race.end));
    this.#say(`Cancelled: ${race.end} steps are there.`);
    this.page.chosen();
  }

  // What the choices do

  /** @param {string} name @param {HTMLInputElement | HTMLSelectElement} input */
  #choose(name, input) {
    if (name === "k") return this.#seek(Number(input.value));
    if (name === "optimizer") return this.#lead(input.value);
    if (name === "moves") return this.#move(/** @type {HTMLInputElement} */ (input));
    if (name === "speed") this.runner.renew();
    else if (name === "log") this.#log = /** @type {HTMLInputElement} */ (input).checked;
    else if (name === "about") this.#about = input.value;
    else this.#change(chosen(name, read(input), this.page.state));
    this.page.moved();
  }

  /** @param {Partial<import("../state/url.js").State> | null} patch */
  #change(patch) {
    if (!patch) return;
    Object.assign(this.page.state, patch);
    if (patch.steps) this.race.stride = patch.steps;
    this.page.chosen();
    this.race.again();
  }

  /** A variable moves, or stays. @param {HTMLInputElement} input */
  #move(input) {
    this.#reset();
    const { race } = this;
    const moving = race.free.filter((name) =>
      name === input.dataset.moves ? input.checked : race.parameters.includes(name),
    );
    this.page.state.params = writeParameters(moving, race.free, this.card.preferred());
    this.page.chosen();
  }

  /** The optimizer that is followed is another one. @param {string} name */
  #lead(name) {
    const names = racing(this.page.state);
    if (names.includes(name)) return this.#follow(name);
    this.#change({ optimizer: [name, ...names.slice(1)].join(",") });
  }

  /** @param {string} name one of those that race */
  #follow(name) {
    const { race, page } = this;
    page.state.optimizer = [name, ...racing(page.state).filter((one) => one !== name)].join(",");
    page.chosen();
    if (page.state.k < 0 || !race.descents.some((one) => one.name === name)) return;
    race.lead(name);
    if (race.isBusy) race.again();
    if (!this.runner.isRunning) this.#sayPlace();
  }

  /** @param {string} name */
  #remove(name) {
    const { race, page } = this;
    const names = racing(page.state).filter((one) => one !== name);
    page.state.optimizer = names.join(",");
    race.remove(name);
    page.chosen();
    if (race.isBusy || !race.descents.length) return race.again();
    race.to(Math.min(page.state.k, race.end));
  }

  // What it says

  /** The rate of the descent that is shown, or of the one that would begin; null where it is not known yet. */
  #rateNow() {
    const { page, race } = this;
    const [name] = racing(page.state);
    const known = rateOf(page.state) ?? race.descents[0]?.settings.rate ?? null;
    if (known !== null || page.state.k >= 0) return known;
    if (!optimizers[name].scales) return LARGEST;
    const graph = page.graph();
    return graph && !page.rows() ? this.#preview(graph, page.state, race.parameters) : null;
  }

  /** @param {number | null} rate */
  #rateSaid(rate) {
    const { state } = this.page;
    return rate === null || rateOf(state) ? "" : rateInWords(rate, optimizers[racing(state)[0]].scales);
  }

  /** @param {string} text @param {boolean} [bad] @param {number | null} [smaller] */
  #say(text, bad = false, smaller = null) {
    this.#said = { text, bad, smaller };
    this.card.say(text, bad);
  }

  #sayPlace() {
    const { race, page } = this;
    if (!race.descents.length || page.state.k < 0) return;
    const { text, bad, smaller } = placeInWords(race.descents, page.state.k, page.state.steps, this.card.titleOf);
    this.#say(text, bad, smaller);
  }

  // What others change

  /** @param {string} message */
  #fail(message) {
    const { race, page } = this;
    this.runner.halt();
    if (!race.descents.length && page.state.k >= 0 && race.start.isPut) race.leave(); // it never began
    this.card.fault(message);
    page.moved();
  }

  /** Another start will be needed. @param {string} why */
  #forget(why) {
    this.runner.rest();
    this.race.leave();
    this.#say(why);
    this.page.moved();
  }

  /** Follows an address that was opened, and a program, rows or sliders that someone has changed. */
  #heed() {
    if (!this.race.start.isOwn) return this.#reopen();
    if (this.page.state.k >= 0 && this.race.wasMoved) this.#forget(MOVED);
  }

  /** A race that the address holds is computed again, and its step shown. */
  #reopen() {
    const { state } = this.page;
    if (state.expr !== this.#program || !this.page.graph()) return; // its graph is on its way
    if (state.k >= 0 && state.data && !this.#bound) return; // and so are its rows
    this.runner.rest();
    this.race.reopen();
    if (state.k < 0) this.#say("");
  }

  /** Other rows are bound. */
  #rebound() {
    this.#bound = true;
    const others = !sameRows(this.#rows, this.page.rows());
    this.#rows = this.page.rows();
    if (others && this.race.start.isOwn && this.page.state.k >= 0) {
      this.#forget("The data is another one: a new descent starts here.");
    } else this.page.moved();
  }

  /** @param {string} name @returns {HTMLSelectElement | null} */
  #control(name) {
    return this.page.form.querySelector(`[data-choose="${name}"]`);
  }
}

/** The descent on the page: its card, the race of the optimizers, and what others change. */

import { setNames } from "../network/letters.js";
import { isHidden } from "../page/hidden.js";
import { createUpdateQuestion } from "./asked.js";
import { createCard } from "./card.js";
import { chosen, read } from "./choices.js";
import { movedBy } from "./controls.js";
import { cardFields, stepOf } from "./numbers.js";
import { createHeldOut } from "./held.js";
import { namesOf } from "./layout.js";
import { racing, rateOf, sameSamples, writeParameters } from "./plan.js";
import { createPreview, createTensorPreview } from "./preview.js";
import { Race } from "./race.js";
import { LARGEST } from "./rate.js";
import { Runner } from "./runner.js";
import { optimizers } from "./updates.js";
import { placeInWords, rateInWords } from "./words.js";
import { shapesOf } from "./layout.js";
import { createWeights } from "./weights.js";

const MOST_NUMBERS = 60; // that can be chosen to see their update
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
  #tensorPreview = createTensorPreview();
  #held = createHeldOut();
  /** The rate of the step that the numbers explain, where it is known. @type {number | null} */
  #rate = null;
  /** The program and the samples of the race. */
  #program;
  #samples;
  /** Whether samples that the address speaks of have come. */
  #bound;
  /** Those that the address has spoken of from the beginning, or "". */
  #asked;
  #told = false;
  /** @type {{card: HTMLElement | null, weights: ReturnType<typeof createWeights> | null}} */
  #shown = { card: null, weights: null };

  /** @param {import("../workbench.js").Page} page */
  constructor(page) {
    const { store } = page;
    this.page = page;
    this.store = store;
    this.#program = store.state.expr;
    this.#samples = store.state.samples;
    this.#bound = store.state.samples !== null;
    this.#asked = store.state.data;
    this.card = createCard(page.form, {
      act: (act) => this.#act(act),
      choose: (control, input) => this.#choose(control, input),
      follow: (name) => this.#follow(name),
      leave: (name) => this.#remove(name),
      seek: (k) => this.#seek(k),
    });
    const question = page.form.querySelector("[data-part=update-question]");
    this.question = question instanceof HTMLElement ? createUpdateQuestion(question, page.server) : null;
    this.race = new Race(page, {
      asked: () => this.card.fault(""),
      grown: () => this.runner.grown(),
      complete: () => this.runner.isAtRest && this.#sayPlace(),
      failed: (message) => this.#fail(message),
      late: page.paint,
      titleOf: this.card.titleOf,
      preferred: this.card.preferred,
    });
    this.runner = new Runner(page, this.race, {
      begin: () => this.#begin(),
      playing: () => this.#say("Running …"),
      stopped: () => this.#sayPlace(),
      speed: () => Number(this.#control("speed")?.value ?? 15),
    });
    this.#listen();
    addEventListener("pagehide", () => this.race.cancel());
  }

  /** The pictures of tensors, where the program has any. @param {HTMLElement | null} card */
  #draw(card) {
    if (card !== this.#shown.card) this.#shown = { card, weights: card && createWeights(card) };
    const { state } = this.store;
    const { tensors, descents } = state;
    if (!tensors || !this.#shown.weights) return;
    const told = isHidden(state, "gradient.length") ? undefined : descents[0];
    this.#shown.weights.draw(told, shapesOf(tensors));
  }

  /** How a network in numbers tells classes, as the card of its training says. */
  get #decides() {
    const card = this.page.form.querySelector("[data-decides]");
    if (!(card instanceof HTMLElement)) return null;
    const { decides = "", outputs = "", targets = "" } = card.dataset;
    const listed = (/** @type {string} */ names) => names.split(" ").filter(Boolean);
    return { by: decides, outputs: listed(outputs), targets: listed(targets) };
  }

  /** What others change. */
  #listen() {
    this.store.subscribe(["k", "from", "graph", "tensors", "samples", "at", "lists"], (_, changed) =>
      this.#heed(changed),
    );
    this.store.subscribe(["optimizer", "rate", "hyper", "steps", "batch", "order"], () => this.race.again());
  }

  // What the page asks of a side

  show() {
    const { race, runner } = this;
    const { state } = this.store;
    const { parameters, descents } = race;
    const numbers = namesOf(race.layout, MOST_NUMBERS);
    if (!numbers.includes(this.#about)) this.#about = numbers[0] ?? "";
    const rate = this.#rate;
    this.#draw(this.page.form.querySelector("[data-weights=all]"));
    if (state.k < 0 && !this.#said.text) this.card.say(this.#rateSaid(rate), false);
    const tells = state.k >= 0 && this.#tellsLoss;
    this.card.test(tells ? this.#held(state, this.#decides, runner.isRunning) : "");
    this.card.show({
      state,
      parameters,
      numbers,
      rate,
      rows: state.samples,
      descents,
      furthest: race.furthest,
      smaller: this.#said.smaller,
      running: runner.isRunning,
      waiting: race.isLate,
      log: this.#log,
      secret: !this.#tellsLoss,
      about: this.#about,
      end: descents.length ? race.reach : state.k,
    });
  }

  /** @param {import("../engine/engine.js").Fields} fields */
  fields(fields) {
    const { race } = this;
    const { state } = this.store;
    const graph = state.graph ?? state.tensors;
    if (!graph?.variables.length) return new Map();
    const { parameters, descents } = race;
    this.#rate = this.#rateNow();
    const place = {
      state,
      output: graph.output,
      parameters,
      about: this.#about || namesOf(race.layout, 1)[0] || "",
      descents,
      k: this.runner.explained,
      rate: this.#rate,
    };
    this.#ask(graph, stepOf(place, fields));
    return cardFields(place, fields).set("descent.smaller", this.#said.smaller);
  }

  /**
   * Asks for the update where it is hidden.
   * @param {{hidden?: import("../page/hidden.js").Hidden | null}} graph
   * @param {ReturnType<typeof stepOf>} step
   */
  #ask({ hidden }, step) {
    const { practise, found } = this.store.state;
    const gradient = `${step.about.replace(/\[.*/, "")}.total`;
    const steep = !hidden?.fields.includes(gradient) || found.has(gradient);
    this.question?.show(hidden?.update && practise === "on" && step.about ? { ...step, steep } : null);
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
    if (name === "back") this.#seek(this.race.k - 1);
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
    if (this.race.k < 0) return;
    this.runner.rest();
    this.race.reset();
    this.#say("Back at the start.");
  }

  /** The same start with the rate that is offered. */
  #takeSmaller() {
    const { smaller } = this.#said;
    if (smaller === null) return;
    this.#reset();
    this.store.change({ rate: smaller });
    this.runner.toggle();
  }

  #cancel() {
    const { race } = this;
    if (!race.settle()) return this.#forget("Cancelled.");
    this.runner.rest();
    race.to(Math.min(race.k, race.end));
    this.#say(`Cancelled: ${race.end} steps are there.`);
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
    else this.#change(chosen(name, read(input), this.store.state));
    this.page.paint();
  }

  /** @param {Partial<import("../state/url.js").State> | null} patch */
  #change(patch) {
    if (!patch) return;
    if (patch.steps) this.race.stride = patch.steps;
    this.store.change(patch);
  }

  /** A variable, or all of a layer, moves or stays. @param {HTMLInputElement} input */
  #move(input) {
    this.#reset();
    const { race } = this;
    const named = new Set(movedBy(input));
    const moving = race.free.filter((name) => (named.has(name) ? input.checked : race.parameters.includes(name)));
    this.store.change({ params: writeParameters(moving, race.free, this.card.preferred()) });
  }

  /** The optimizer that is followed is another one. @param {string} name */
  #lead(name) {
    const names = racing(this.store.state);
    if (names.includes(name)) return this.#follow(name);
    this.#change({ optimizer: [name, ...names.slice(1)].join(",") });
  }

  /** @param {string} name one of those that race */
  #follow(name) {
    const { race } = this;
    const others = racing(this.store.state).filter((one) => one !== name);
    this.store.change({ optimizer: [name, ...others].join(",") });
    if (race.k < 0 || !race.descents.some((one) => one.name === name)) return;
    race.lead(name);
    if (!this.runner.isRunning) this.#sayPlace();
  }

  /** @param {string} name */
  #remove(name) {
    const { race } = this;
    race.remove(name);
    this.store.change({
      optimizer: racing(this.store.state)
        .filter((one) => one !== name)
        .join(","),
    });
    race.to(Math.min(race.k, race.end));
  }

  // What it says

  /** The rate of the descent that is shown, or of the one that would begin; null where it is not known yet. */
  #rateNow() {
    const { race } = this;
    const { state } = this.store;
    const known = rateOf(state) ?? race.descents[0]?.settings.rate ?? null;
    if (known !== null || race.k >= 0) return known;
    if (!optimizers[racing(state)[0]].scales) return LARGEST;
    if (state.samples || !race.parameters.length) return null;
    if (state.tensors) return this.#tensorPreview(state.tensors, state, race.parameters);
    return state.graph ? this.#preview(state.graph, state, race.parameters) : null;
  }

  /** @param {number | null} rate */
  #rateSaid(rate) {
    const { state } = this.store;
    return rate === null || rateOf(state) ? "" : rateInWords(rate, optimizers[racing(state)[0]].scales);
  }

  /** @param {string} text @param {boolean} [bad] @param {number | null} [smaller] */
  #say(text, bad = false, smaller = null) {
    this.#said = { text, bad, smaller };
    this.card.say(text, bad);
  }

  /** Whether the loss may be seen: it is the output's value. */
  get #tellsLoss() {
    const { state } = this.store;
    return !isHidden(state, `${(state.graph ?? state.tensors)?.output}.value`);
  }

  #sayPlace() {
    const { race } = this;
    if (!race.descents.length || race.k < 0) return;
    const { state } = this.store;
    const tells = { loss: this.#tellsLoss, length: !isHidden(state, "gradient.length") };
    const { text, bad, smaller } = placeInWords(race.descents, race.k, state.steps, this.card.titleOf, tells);
    this.#say(setNames(text), bad, smaller);
    this.page.paint();
  }

  // What others change

  /** @param {string} message */
  #fail(message) {
    const { race, page } = this;
    this.runner.halt();
    if (!race.descents.length && race.k === 0) race.leave(); // it never began
    this.card.fault(message);
    page.paint();
  }

  /** Another start will be needed. @param {string} why */
  #forget(why) {
    this.runner.rest();
    this.race.leave();
    this.#say(why);
  }

  /**
   * Follows an address that was opened, and a program, samples or sliders that someone has changed.
   * @param {ReadonlySet<string>} changed
   */
  #heed(changed) {
    const { race } = this;
    const { state } = this.store;
    const others = changed.has("samples") && !sameSamples(this.#samples, state.samples);
    const awaited = others && !this.#bound && state.data !== "" && state.data === this.#asked;
    if (changed.has("samples")) this.#samples = state.samples;
    if (changed.has("samples") && this.#told) this.#bound = true;
    this.#told = true;
    const made = changed.has("graph") || changed.has("tensors");
    const other = made && state.expr !== this.#program;
    if (made) {
      this.#program = state.expr;
      this.card.renew();
      this.card.say(this.#said.text, this.#said.bad);
    }
    if (!race.isOwn) return this.#reopen();
    if (race.k < 0) return;
    if (other) this.#forget("The program is another one: a new descent starts here.");
    else if (awaited && this.runner.isRunning) this.#again();
    else if (others) this.#forget("The data is another one: a new descent starts here.");
    else if (race.isLeft) this.#forget(MOVED);
  }

  /** Who pressed “Run” before the samples of the address were there runs over them. */
  #again() {
    this.#forget("");
    this.runner.toggle();
  }

  /** A race that the address holds is computed again, and its step shown. */
  #reopen() {
    const { state } = this.store;
    if (state.expr !== this.#program || !(state.graph ?? state.tensors)) return; // its graph is on its way
    if (state.k >= 0 && state.data && !this.#bound) return; // and so are its rows
    this.runner.rest();
    this.race.reopen();
    if (state.k < 0) this.#say("");
  }

  /** @param {string} name @returns {HTMLSelectElement | null} */
  #control(name) {
    return this.page.form.querySelector(`[data-choose="${name}"]`);
  }
}

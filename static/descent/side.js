/** The descent: what its controls do, what it says, and what others change. The server goes the way. */

import { createCard } from "./card.js";
import { choices } from "./choices.js";
import { cardFields } from "./numbers.js";
import { racing, sameRows } from "./plan.js";
import { createRunner } from "./runner.js";
import { createWays } from "./ways.js";
import { placeInWords } from "./words.js";

const MOVED = "The values were moved: a new walk starts here.";

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  const { state, form } = page;
  let program = state.expr;
  let [log, about] = [false, ""];
  let rows = page.rows();
  let boundOnce = rows !== null;
  let said = { text: "", bad: false };

  const ways = createWays(page, {
    asked: () => card.fault(""),
    grown: () => runner.grown(),
    complete() {
      if (runner.isAtRest()) sayPlace();
    },
    failed(message) {
      runner.halt();
      if (!ways.trails().length && state.k >= 0 && ways.isPut()) leave(); // it never began
      card.fault(message);
      page.moved();
    },
    moved: () => forget(MOVED),
    titleOf: (name) => card.titleOf(name),
  });
  const runner = createRunner(page, ways, {
    begin() {
      const names = ways.parameters();
      if (names.length) ways.begin(names);
      else card.fault("Nothing can move: choose a variable under “What moves”.");
      return names.length > 0;
    },
    ask: ways.ask,
    playing: () => say("Running …"),
    stopped: sayPlace,
    speed: () =>
      Number(/** @type {HTMLSelectElement | null} */ (form.querySelector("[data-choose=speed]"))?.value ?? 15),
  });
  const choose = choices(state, {
    parameters: ways.parameters,
    variables: ways.free,
    chosen: page.chosen,
    again: ways.again,
    reset,
    steps: ways.setStride,
  });
  const card = createCard(form, { walk: act, choose: control, follow, leave: remove, seek });

  // What the buttons do

  /** @param {string} name */
  function act(name) {
    if (name === "run") return runner.toggle();
    if (name === "cancel") return cancel();
    if (name === "reset") return reset();
    runner.halt(false); // first: a slow run would go on where its stages are finished
    runner.finish();
    if (name === "step") runner.step();
    if (name === "back") seek(state.k - 1);
    page.chosen();
  }

  /** @param {number} k */
  function seek(k) {
    runner.rest();
    if (!ways.trails().length || k < 0) return;
    ways.to(k);
    sayPlace();
  }

  function reset() {
    if (state.k < 0) return;
    const from = new Map(state.from);
    runner.rest();
    leave();
    ways.restore(from);
    say("Back at the start.");
    page.chosen();
  }

  function cancel() {
    if (!ways.settle()) return forget("Cancelled.");
    runner.halt(false);
    ways.to(Math.min(state.k, ways.end()));
    say(`Cancelled: ${ways.end()} steps are there.`);
    page.chosen();
  }

  // What the choices do

  /** @param {string} name @param {HTMLInputElement | HTMLSelectElement} input */
  function control(name, input) {
    if (name === "k") return seek(Number(input.value));
    if (name === "speed") runner.renew();
    else if (name === "log") log = /** @type {HTMLInputElement} */ (input).checked;
    else if (name === "about") about = input.value;
    else if (name === "optimizer") return lead(input.value);
    else choose(name, input);
    page.moved();
  }

  /** The optimizer that is followed is another one. @param {string} name */
  function lead(name) {
    const names = racing(state);
    if (names.includes(name)) return follow(name);
    state.optimizer = [name, ...names.slice(1)].join(",");
    page.chosen();
    ways.again();
  }

  /** @param {string} name one of those that walk */
  function follow(name) {
    state.optimizer = [name, ...racing(state).filter((one) => one !== name)].join(",");
    page.chosen();
    if (state.k < 0 || !ways.trails().some((trail) => trail.name === name)) return;
    ways.lead(name);
    if (ways.isBusy()) ways.again();
    if (!runner.isRunning()) sayPlace();
  }

  /** @param {string} name */
  function remove(name) {
    state.optimizer = racing(state)
      .filter((one) => one !== name)
      .join(",");
    ways.remove(name);
    page.chosen();
    if (ways.isBusy() || !ways.trails().length) return ways.again();
    ways.to(Math.min(state.k, ways.end()));
  }

  // What it says

  /** @param {string} text @param {boolean} [bad] */
  function say(text, bad = false) {
    said = { text, bad };
    card.say(text, bad);
  }

  function sayPlace() {
    if (!ways.trails().length || state.k < 0) return;
    const { text, bad } = placeInWords(ways.trails(), state.k, state.steps, card.titleOf);
    say(text, bad);
  }

  // What others change

  function leave() {
    runner.halt(false);
    ways.leave();
  }

  /** Another start will be needed. @param {string} why */
  function forget(why) {
    leave();
    say(why);
    page.moved();
  }

  /** Follows an address that was opened, and a program, rows or sliders that someone has changed. */
  function follows() {
    if (!ways.isOwn()) return reopen();
    if (state.k >= 0 && ways.wasMoved()) forget(MOVED);
  }

  /** A walk that the address holds is gone again, and its step shown. */
  function reopen() {
    if (state.expr !== program || !page.graph()) return; // its graph is on its way
    if (state.k >= 0 && state.data && !boundOnce) return; // and so are its rows
    runner.rest();
    ways.reopen();
    if (state.k < 0) say("");
  }

  page.follow(() => {
    boundOnce = true;
    const others = !sameRows(rows, page.rows());
    rows = page.rows();
    if (others && ways.isOwn() && state.k >= 0) forget("The data is another one: a new walk starts here.");
    else page.moved();
  });
  addEventListener("pagehide", ways.cancel);

  return {
    renew() {
      const other = state.expr !== program && ways.isOwn() && state.k >= 0;
      program = state.expr;
      card.renew();
      card.say(said.text, said.bad);
      if (other) forget("The program is another one: a new walk starts here.");
      else follows();
    },
    show() {
      follows();
      const [names, trails] = [ways.parameters(), ways.trails()];
      if (!names.includes(about)) about = names[0] ?? "";
      card.show({
        state,
        variables: ways.variables(),
        parameters: names,
        rows: page.rows(),
        trails,
        furthest: ways.furthest(),
        running: runner.isRunning(),
        log,
        about,
        end: trails.length ? ways.reach() : state.k,
        waiting: ways.isLate(),
      });
    },
    fields(fields) {
      const graph = page.graph();
      if (!graph?.variables.length) return new Map();
      const parameters = ways.parameters();
      const place = {
        state,
        output: graph.output,
        parameters,
        about: about || parameters[0] || "",
        trails: ways.trails(),
        k: runner.explained(),
      };
      return cardFields(place, fields);
    },
  };
}

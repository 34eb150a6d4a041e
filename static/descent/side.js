/** The descent: what its controls do. The server goes the way; here it is shown, step by step. */

import { setValue, valueOf } from "../url.js";
import { createCard } from "./card.js";
import { choices } from "./choices.js";
import { createEnds } from "./ends.js";
import { cardFields } from "./numbers.js";
import { parametersOf, planOf, racing, sameRows } from "./plan.js";
import { createPlayback } from "./playback.js";
import { createStages } from "./stages.js";
import { endOf, lastOf, reachOf, rowOf, shownOf } from "./trail.js";
import { createWalk } from "./walk.js";
import { placeInWords } from "./words.js";

/**
 * @typedef {import("./trail.js").Trail} Trail
 * @typedef {import("../workbench.js").Page} Page
 */

const STAGE = 170; // milliseconds that a stage is lit at “Step”
const SLOW = 1; // steps a second: up to here the stages are lit while running, too
const TYPING = 150; // a keystroke waits so long for the next one
const PATIENCE = 400; // until it is shown that the server takes its time
const MOST_STEPS = 20_000;

/** @param {Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  const { state, form } = page;
  /** The ways that are shown, the followed one first. @type {Trail[]} */
  let trails = [];
  /** Those that take their place once they reach as far. @type {Trail[] | null} */
  let coming = null;
  /** The start that is known here: another map in the state comes from the address. @type {Map<string, number> | null} */
  let start = null;
  /** Where the page was put: where it is not there any more, someone moved it. @type {Map<string, number>} */
  let put = new Map();
  /** What waits for steps that are not there yet. @type {"" | "run" | "step"} */
  let waiting = "";
  /** The step that the numbers explain while its update is lit. */
  let explained = -1;
  let furthest = -1;
  let stride = Math.max(state.steps, 1);
  let program = state.expr;
  let [running, slow, log, about] = [false, false, false, ""];
  let [asking, patience, beat] = [0, 0, 0];
  let rows = page.rows();
  let boundOnce = rows !== null;
  let said = { text: "", bad: false };

  const playback = createPlayback({
    reach: () => reachOf(trails),
    over: () => trails.every(({ done }) => done),
    show: (k) => to(k),
    ended: () => halt(),
  });
  const stages = createStages(form);
  const ends = createEnds(state);
  const walk = createWalk({
    grown: taken,
    complete(found) {
      taken(found);
      if (trails !== found) adopt(found); // it ended before the step that is shown
      wait(false);
      if (!running && !waiting && !stages.isPlaying()) sayPlace();
    },
    failed(message) {
      coming = null;
      halt();
      wait(false);
      if (!trails.length && state.k >= 0 && put.size) leave(); // it never began
      card.fault(message);
      page.moved();
    },
  });
  const choose = choices(state, {
    parameters: () => parameters(),
    variables: () => variables().filter((name) => !rowsHave(name)),
    chosen: page.chosen,
    again,
    reset,
    steps(count) {
      stride = count;
    },
  });
  const card = createCard(form, { walk: act, choose: control, follow, leave: remove, seek });

  const variables = () => page.graph()?.variables ?? [];
  const parameters = () => parametersOf(state, variables(), page.rows());
  const rowsHave = (/** @type {string} */ name) => Object.hasOwn(page.rows()?.columns ?? {}, name);

  // Where it stands

  /** Shows step k. @param {number} k */
  function to(k) {
    if (!trails.length) return;
    if (wasMoved()) return forget("The values were moved: a new walk starts here.");
    state.k = Math.max(0, Math.min(k, reachOf(trails)));
    furthest = Math.max(furthest, state.k);
    ends.restore();
    page.move(rowOf(trails[0].points, shownOf(trails[0], state.k)));
    keepPlace();
    page.setTracks(tracks());
  }

  /** Numbers of the page that only others change. */
  function keepPlace() {
    put = new Map(variables().filter((name) => !rowsHave(name)).map((name) => [name, valueOf(state, name)]));
  }

  const wasMoved = () => [...put].some(([name, value]) => variables().includes(name) && !Object.is(valueOf(state, name), value));

  const tracks = () =>
    state.k < 0
      ? []
      : trails
          .filter((trail) => lastOf(trail) >= 0)
          .map((trail) => ({ name: card.titleOf(trail.name), points: trail.points, losses: trail.losses, gradients: trail.gradients, shown: shownOf(trail, state.k) }));

  // The ways

  /** Begins at the values that are set now. @param {"run" | "step"} then */
  function begin(then) {
    const names = parameters();
    if (!names.length) return card.fault("Nothing can move: choose a variable under “What moves”.");
    ends.keep(variables());
    state.from = start = new Map(names.map((name) => [name, valueOf(state, name)]));
    state.k = 0;
    furthest = 0;
    trails = [];
    keepPlace();
    waiting = then;
    if (then === "run") running = true;
    fetchTrails();
    page.chosen();
  }

  function fetchTrails() {
    clearTimeout(asking);
    card.fault("");
    coming = null;
    if (page.graph()) walk.go(planOf(state, variables(), page.rows()));
    wait(true);
  }

  /** The same start with what was chosen just now, at the step that is shown. */
  function again() {
    if (state.k < 0) return;
    clearTimeout(asking);
    asking = window.setTimeout(fetchTrails, TYPING);
  }

  /** @param {boolean} on */
  function wait(on) {
    clearTimeout(patience);
    patience = on ? window.setTimeout(page.moved, PATIENCE) : 0;
    if (!on) patience = -1;
  }

  /** @param {Trail[]} found */
  function taken(found) {
    if (found !== trails) {
      coming = found;
      if (reachOf(found) < Math.max(state.k, 0) || state.k < 0) return;
      adopt(found);
    }
    if (waiting) goOn();
    else if (!running) page.setTracks(tracks());
  }

  /** @param {Trail[]} found */
  function adopt(found) {
    if (wasMoved() && start === state.from && trails.length) return forget("The values were moved: a new walk starts here.");
    keepPlace();
    trails = found;
    coming = null;
    to(state.k);
  }

  /** Does what was asked for before there were steps. */
  function goOn() {
    if (reachOf(trails) <= state.k && !trails.every(({ done }) => done)) return;
    const act = waiting;
    waiting = "";
    if (act === "run") play();
    if (act === "step") step();
  }

  /** Goes on with as many steps again, where the ways have not stopped. */
  function extend() {
    if (state.steps >= MOST_STEPS) return false;
    if (trails.every(({ stopped }) => stopped)) return false;
    state.steps = Math.min(state.steps + stride, MOST_STEPS);
    return true;
  }

  /** Another start will be needed. @param {string} why */
  function forget(why) {
    leave();
    say(why);
    page.moved();
  }

  function leave() {
    walk.cancel();
    clearTimeout(asking);
    wait(false);
    halt(false);
    [trails, coming, furthest, waiting] = [[], null, -1, ""];
    state.k = -1;
    state.from = start = new Map();
    put = new Map();
    page.setTracks([]);
  }

  // What the buttons do

  /** @param {string} name */
  function act(name) {
    if (name === "run") return running ? halt() : run();
    if (name === "cancel") return cancel();
    if (name === "reset") return reset();
    halt(false); // first: a slow run would go on where its stages are finished
    stages.finish();
    if (name === "step") step();
    if (name === "back") seek(state.k - 1);
    page.chosen();
  }

  function step() {
    if (state.k < 0) return begin("step");
    if (!trails.length) return ask("step");
    if (state.k < reachOf(trails)) return staged(STAGE, () => sayPlace());
    if (!trails.every(({ done }) => done)) waiting = "step";
    else if (extend()) ask("step");
    else sayPlace();
  }

  function run() {
    stages.finish();
    if (state.k < 0) return begin("run");
    if (!trails.length) return ask("run");
    const over = state.k >= endOf(trails) && trails.every(({ done }) => done);
    if (over && extend()) return ask("run");
    if (over) to(0);
    play();
  }

  /** @param {"run" | "step"} then */
  function ask(then) {
    waiting = then;
    if (then === "run") running = true;
    fetchTrails();
    page.chosen();
  }

  function play() {
    running = true;
    slow = speed() <= SLOW;
    say("Running …");
    if (slow) crawl();
    else {
      playback.setSpeed(speed());
      playback.start(state.k);
    }
    page.moved();
  }

  /** A step after the other, each with its stages. */
  function crawl() {
    clearTimeout(beat);
    if (!running || !slow) return;
    if (state.k < reachOf(trails)) staged(1000 / speed() / 4, crawl);
    else if (trails.every(({ done }) => done)) halt();
    else beat = window.setTimeout(crawl, 100);
  }

  /** Stops where it is. @param {boolean} [tell] */
  function halt(tell = true) {
    const was = running;
    [running, waiting] = [false, ""];
    playback.pause();
    clearTimeout(beat);
    if (was && slow) stages.stop();
    explained = -1;
    if (!was) return;
    if (tell && trails.length) sayPlace();
    page.chosen();
  }

  /** The next step, its stages lit one after the other. @param {number} pause @param {() => void} then */
  function staged(pause, then) {
    const from = state.k;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      to(from + 1);
      if (running) beat = window.setTimeout(then, 4 * pause);
      else then();
      return;
    }
    stages.play(pause, {
      update() {
        explained = from;
        to(from + 1);
      },
      done() {
        explained = -1;
        page.moved();
        then();
      },
    });
  }

  /** @param {number} k */
  function seek(k) {
    halt(false);
    stages.stop();
    explained = -1;
    if (!trails.length || k < 0) return;
    to(k);
    sayPlace();
  }

  function reset() {
    if (state.k < 0) return;
    const from = new Map(state.from);
    stages.stop();
    leave();
    ends.restore();
    for (const [name, value] of from) setValue(state, name, value);
    say("Back at the start.");
    page.chosen();
  }

  /** Keeps what has come so far. */
  function cancel() {
    walk.cancel();
    wait(false);
    const found = coming && !trails.length ? coming : trails;
    trails = found.filter((trail) => lastOf(trail) >= 0);
    for (const trail of trails) trail.done = true;
    coming = null;
    if (!trails.length) return forget("Cancelled.");
    halt(false);
    to(Math.min(state.k, endOf(trails)));
    say(`Cancelled: ${endOf(trails)} steps are there.`);
    page.chosen();
  }

  // What the choices do

  /** @param {string} name @param {HTMLInputElement | HTMLSelectElement} input */
  function control(name, input) {
    if (name === "k") return seek(Number(input.value));
    if (name === "speed") {
      if (running && !waiting) [halt(false), play()];
    } else if (name === "log") log = /** @type {HTMLInputElement} */ (input).checked;
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
    again();
  }

  /** @param {string} name one of those that walk */
  function follow(name) {
    const first = (/** @type {string} */ one) => Number(one !== name);
    state.optimizer = racing(state).sort((one, other) => first(one) - first(other)).join(",");
    page.chosen();
    if (state.k < 0 || !trails.some((trail) => trail.name === name)) return;
    trails.sort((one, other) => first(one.name) - first(other.name));
    to(state.k);
    if (walk.isBusy()) again();
    if (!running) sayPlace();
  }

  /** @param {string} name */
  function remove(name) {
    state.optimizer = racing(state).filter((one) => one !== name).join(",");
    trails = trails.filter((trail) => trail.name !== name);
    page.chosen();
    if (walk.isBusy() || !trails.length) return again();
    to(Math.min(state.k, endOf(trails)));
  }

  const speed = () => Number(/** @type {HTMLSelectElement | null} */ (form.querySelector("[data-choose=speed]"))?.value ?? 15);

  // What it says

  /** @param {string} text @param {boolean} [bad] */
  function say(text, bad = false) {
    said = { text, bad };
    card.say(text, bad);
  }

  function sayPlace() {
    if (!trails.length || state.k < 0) return;
    const { text, bad } = placeInWords(trails, state.k, state.steps, card.titleOf);
    say(text, bad);
  }

  // What others change

  /** Follows an address that was opened, and a program, rows or sliders that someone has changed. */
  function follows() {
    if (state.from !== start) return reopen();
    if (state.k < 0) return;
    if (wasMoved()) forget("The values were moved: a new walk starts here.");
  }

  /** A walk that the address holds is gone again, and its step shown. */
  function reopen() {
    if (state.expr !== program || !page.graph()) return; // its graph is on its way
    if (state.k >= 0 && state.data && !boundOnce) return; // and so are its rows
    halt(false);
    stages.stop();
    walk.cancel();
    start = state.from;
    put = new Map();
    [trails, coming, waiting, furthest] = [[], null, "", state.k];
    stride = Math.max(state.steps, 1);
    ends.keep(variables());
    page.setTracks([]);
    if (state.k < 0) return say("");
    state.k = Math.min(state.k, Math.max(state.steps, 1));
    fetchTrails();
  }

  page.follow(() => {
    boundOnce = true;
    const others = !sameRows(rows, page.rows());
    rows = page.rows();
    if (others && state.from === start && state.k >= 0) forget("The data is another one: a new walk starts here.");
    else page.moved();
  });
  addEventListener("pagehide", () => walk.cancel());

  return {
    renew() {
      const other = state.expr !== program && state.from === start && state.k >= 0;
      program = state.expr;
      card.renew();
      card.say(said.text, said.bad);
      if (other) forget("The program is another one: a new walk starts here.");
      else follows();
    },
    show() {
      follows();
      const names = parameters();
      if (!names.includes(about)) about = names[0] ?? "";
      card.show({
        state, variables: variables(), parameters: names, rows: page.rows(), trails, furthest, running, log, about,
        end: trails.length ? reachOf(trails) : state.k,
        waiting: walk.isBusy() && patience >= 0,
      });
    },
    fields(fields) {
      const graph = page.graph();
      if (!graph?.variables.length) return new Map();
      const k = explained >= 0 ? explained : state.k;
      const names = parameters();
      return cardFields({ state, output: graph.output, parameters: names, about: about || names[0] || "", trails, k }, fields);
    },
  };
}

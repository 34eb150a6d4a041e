/** Goes along the ways: a step with its stages, a run at a speed, and what waits for steps that are not there yet. */

import { createPlayback } from "./playback.js";
import { createStages } from "./stages.js";

const STAGE = 170; // milliseconds that a stage is lit at “Step”
const SLOW = 1; // steps a second: up to here the stages are lit while running, too

/**
 * @param {import("../workbench.js").Page} page
 * @param {ReturnType<typeof import("./ways.js").createWays>} ways
 * @param {object} told
 * @param {() => boolean} told.begin a walk where there is none, if anything can move
 * @param {() => void} told.ask for the ways, or for longer ones
 * @param {() => void} told.playing
 * @param {() => void} told.stopped at the step that is shown
 * @param {() => number} told.speed steps a second
 */
export function createRunner(page, ways, told) {
  const { state, form } = page;
  /** What waits for steps that are not there yet. @type {"" | "run" | "step"} */
  let waiting = "";
  /** The step that the numbers explain while its update is lit. */
  let explained = -1;
  let [running, slow, beat] = [false, false, 0];

  const playback = createPlayback({ reach: ways.reach, over: ways.over, show: ways.to, ended: () => halt() });
  const stages = createStages(form);

  function step() {
    if (state.k < 0) return begin("step");
    if (!ways.trails().length) return ask("step");
    if (state.k < ways.reach()) return staged(STAGE, told.stopped);
    if (!ways.over()) waiting = "step";
    else if (ways.extend()) ask("step");
    else told.stopped();
  }

  function run() {
    stages.finish();
    if (state.k < 0) return begin("run");
    if (!ways.trails().length) return ask("run");
    const over = state.k >= ways.end() && ways.over();
    if (over && ways.extend()) return ask("run");
    if (over) ways.to(0);
    play();
  }

  /** @param {"run" | "step"} then */
  function begin(then) {
    if (told.begin()) wait(then);
  }

  /** @param {"run" | "step"} then */
  function ask(then) {
    told.ask();
    wait(then);
  }

  /** @param {"run" | "step"} then */
  function wait(then) {
    waiting = then;
    if (then === "run") running = true;
    page.chosen();
  }

  /** Does what was asked for before there were steps. */
  function goOn() {
    if (ways.reach() <= state.k && !ways.over()) return;
    const act = waiting;
    waiting = "";
    if (act === "run") play();
    if (act === "step") step();
  }

  function play() {
    running = true;
    slow = told.speed() <= SLOW;
    told.playing();
    if (slow) crawl();
    else {
      playback.setSpeed(told.speed());
      playback.start(state.k);
    }
    page.moved();
  }

  /** A step after the other, each with its stages. */
  function crawl() {
    clearTimeout(beat);
    if (!running || !slow) return;
    if (state.k < ways.reach()) staged(1000 / told.speed() / 4, crawl);
    else if (ways.over()) halt();
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
    if (tell && ways.trails().length) told.stopped();
    page.chosen();
  }

  /** The next step, its stages lit one after the other. @param {number} pause @param {() => void} then */
  function staged(pause, then) {
    const from = state.k;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      ways.to(from + 1);
      if (running) beat = window.setTimeout(then, 4 * pause);
      else then();
      return;
    }
    stages.play(pause, {
      update() {
        explained = from;
        ways.to(from + 1);
      },
      done() {
        explained = -1;
        page.moved();
        then();
      },
    });
  }

  return {
    step,
    halt,
    toggle: () => (running ? halt() : run()),
    /** The stages that are still to be lit are passed over. */
    finish: stages.finish,
    /** Stops, and forgets the stages that are still to be lit. */
    rest() {
      halt(false);
      stages.stop();
      explained = -1;
    },
    /** More of the ways is there. */
    grown() {
      if (waiting) goOn();
      else if (!running) ways.showTracks();
    },
    /** At another speed. */
    renew() {
      if (!running || waiting) return;
      halt(false);
      play();
    },
    isRunning: () => running,
    isAtRest: () => !running && !waiting && !stages.isPlaying(),
    /** The step that the numbers explain. */
    explained: () => (explained >= 0 ? explained : state.k),
  };
}

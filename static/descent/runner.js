/** Makes steps: one with its stages, a run at a speed, and what waits for steps that are not there yet. */

import { createPlayback } from "./playback.js";
import { createStages } from "./stages.js";

const STAGE = 170; // milliseconds that a stage is lit at “Step”
const SLOW = 1; // steps a second: up to here the stages are lit while running, too
const AGAIN = 100; // milliseconds until a slow run looks again for steps that are not there yet

/**
 * @typedef {"run" | "step"} Act
 *
 * @typedef {object} On
 * @property {() => boolean} begin begins a descent where there is none, if anything can move
 * @property {() => void} playing
 * @property {() => void} stopped at the step that is shown
 * @property {() => number} speed steps a second
 */

export class Runner {
  #running = false;
  #slow = false;
  /** What waits for steps that are not there yet. @type {Act | ""} */
  #waiting = "";
  /** The step that the numbers explain while its update is lit. */
  #explained = -1;
  #cancel = () => {};

  /** @param {import("../workbench.js").Page} page @param {import("./race.js").Race} race @param {On} on */
  constructor(page, race, on) {
    this.page = page;
    this.race = race;
    this.on = on;
    this.stages = createStages(page.form, page.clock);
    this.playback = createPlayback(page.clock, {
      reach: () => race.reach,
      over: () => race.isOver,
      show: (k) => race.to(k),
      ended: () => this.halt(),
    });
  }

  get isRunning() {
    return this.#running;
  }

  get isAtRest() {
    return !this.#running && !this.#waiting && !this.stages.isPlaying();
  }

  /** The step that the numbers explain. */
  get explained() {
    return this.#explained >= 0 ? this.#explained : this.race.k;
  }

  step() {
    const { race, on } = this;
    const { k } = race;
    if (k < 0 || !race.descents.length) return this.ask("step");
    if (k < race.reach) return this.#staged(STAGE, on.stopped);
    if (!race.isOver) this.#waiting = "step";
    else if (race.extend()) this.ask("step");
    else on.stopped();
  }

  toggle() {
    if (this.#running) this.halt();
    else this.#run();
  }

  #run() {
    const { race } = this;
    const { k } = race;
    this.stages.finish();
    if (k < 0 || !race.descents.length) return this.ask("run");
    const over = k >= race.end && race.isOver;
    if (over && race.extend()) return this.ask("run");
    if (over) race.to(0);
    this.#play();
  }

  /** Asks for steps, from a new start where there is none, and does this once they come. @param {Act} then */
  ask(then) {
    if (this.race.k >= 0) this.race.ask();
    else if (!this.on.begin()) return;
    this.#waiting = then;
    if (then === "run") this.#running = true;
    this.page.paint();
  }

  /** More steps are there. */
  grown() {
    const { race } = this;
    const act = this.#waiting;
    if (!act) return void (this.#running || race.plot());
    if (race.reach <= race.k && !race.isOver) return;
    this.#waiting = "";
    if (act === "run") this.#play();
    else this.step();
  }

  #play() {
    this.#running = true;
    this.#slow = this.on.speed() <= SLOW;
    this.on.playing();
    if (this.#slow) this.#crawl();
    else this.playback.start(this.race.k, this.on.speed());
    this.page.paint();
  }

  /** One step after the other, each with its stages. */
  #crawl() {
    this.#cancel();
    if (!this.#running || !this.#slow) return;
    if (this.race.k < this.race.reach) this.#staged(1000 / this.on.speed() / 4, () => this.#crawl());
    else if (this.race.isOver) this.halt();
    else this.#cancel = this.page.clock.later(() => this.#crawl(), AGAIN);
  }

  /** At another speed. */
  renew() {
    if (!this.#running || this.#waiting) return;
    this.#stop();
    this.#play();
  }

  /** Stops where it is, and says so. */
  halt() {
    if (!this.#stop()) return;
    if (this.race.descents.length) this.on.stopped();
    this.page.paint();
  }

  /** Stops, and forgets the stages that are still to be lit. */
  rest() {
    this.#stop();
    this.stages.stop();
    this.#explained = -1;
    this.page.paint();
  }

  /** Stops; the stages that are still to be lit are passed over. */
  finish() {
    this.#stop(); // first: a slow run would go on where its stages are finished
    this.stages.finish();
  }

  /** Whether it was running. */
  #stop() {
    const was = this.#running;
    [this.#running, this.#waiting] = [false, ""];
    this.playback.pause();
    this.#cancel();
    if (was && this.#slow) this.stages.stop();
    this.#explained = -1;
    return was;
  }

  /** The next step, its stages lit one after the other. @param {number} pause @param {() => void} then */
  #staged(pause, then) {
    const { race } = this;
    const from = race.k;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      race.to(from + 1);
      if (this.#running) this.#cancel = this.page.clock.later(then, 4 * pause);
      else then();
      return;
    }
    this.stages.play(pause, {
      update: () => {
        this.#explained = from;
        race.to(from + 1);
      },
      done: () => {
        this.#explained = -1;
        this.page.paint();
        then();
      },
    });
  }
}

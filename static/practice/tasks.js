/** Which task the practice pane shows: this program, exercises, a bug hunt, gradients that were computed elsewhere. */

import { createGrading } from "./grading.js";
import { createHunt } from "./hunt.js";
import { LEVELS } from "./levels.js";
import { LIMITS } from "../state/table.js";

/** What the address says of a task: `exercise:neuron:7`. @param {string} task */
export function taskOf(task) {
  const [kind, level, seed] = task.split(":");
  return { kind: kind || "program", level: level ?? "", seed: Number(seed) || 0 };
}

/** The first level that is offered. */
const FIRST = { exercise: "rule", hunt: "shared" };

/**
 * @param {import("../workbench.js").Page} page
 * @param {() => void} begun told before an exercise opens
 * @returns {{open: (level: string) => void}} opens the first exercise of a level
 */
export function createTasks(page, begun) {
  const { form, store } = page;
  const radios = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-tasks] input")]);
  const sections = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-of-task]")]);
  store.subscribe(["task"], ({ task }) => {
    const { kind } = taskOf(task);
    for (const radio of radios) radio.checked = radio.dataset.task === kind;
    for (const section of sections) section.hidden = section.dataset.ofTask !== kind;
  });
  form.querySelector("[data-tasks]")?.addEventListener("change", ({ target }) => {
    const kind = target instanceof HTMLInputElement ? target.dataset.task : "";
    if (kind) store.change({ task: kind === "program" ? "" : kind });
  });
  bindSheets(page);
  const openExercise = (/** @type {number} */ seed, /** @type {string} */ level) => {
    begun();
    void open(page, "exercise", level, seed);
  };
  bindChooser(page, "exercise", openExercise);
  bindChooser(page, "hunt", (seed, level) => open(page, "hunt", level, seed));
  createHunt(page);
  createGrading(page);
  return { open: (level) => openExercise(0, level) };
}

/**
 * Opens an exercise, or a hunt, as a state of the page.
 * @param {import("../workbench.js").Page} page @param {string} kind @param {string} level @param {number} seed
 */
async function open(page, kind, level, seed) {
  const about = /** @type {HTMLElement} */ (page.form.querySelector("[data-of=exercise-about]"));
  const reply = await page.server.fetch(`api/${kind}?level=${level}&seed=${seed}`).catch(() => null);
  if (!reply?.ok) {
    const said = kind === "hunt" ? page.form.querySelector("[data-of=hunt-said]") : about;
    if (said) said.textContent = "Exercises come from the server, which can't be reached.";
    return;
  }
  const { query } = await reply.json();
  page.open(`?${query}`);
}

/**
 * @param {import("../workbench.js").Page} page @param {"exercise" | "hunt"} kind
 * @param {(seed: number, level: string) => void} opened
 */
function bindChooser({ form, store }, kind, opened) {
  const chooser = /** @type {HTMLElement} */ (form.querySelector(`[data-chooser="${kind}"]`));
  const level = /** @type {HTMLSelectElement} */ (chooser.querySelector("[data-of=level]"));
  const seed = /** @type {HTMLInputElement} */ (chooser.querySelector("[data-of=seed]"));
  const levels = LEVELS.filter(({ hunted }) => hunted || kind === "exercise");
  level.append(...levels.map(({ name, title }) => new Option(title, name)));
  level.value = FIRST[kind];
  const about = /** @type {HTMLElement} */ (form.querySelector("[data-of=exercise-about]"));
  const tell = () => {
    if (kind === "exercise") about.textContent = LEVELS.find(({ name }) => name === level.value)?.about ?? "";
  };
  level.addEventListener("change", tell);
  tell();
  store.subscribe(["task"], ({ task }) => {
    const told = taskOf(task);
    if (told.kind !== kind || !told.level) return;
    level.value = told.level;
    seed.value = String(told.seed);
    tell();
  });
  chooser.addEventListener("click", ({ target }) => {
    const act = target instanceof HTMLElement ? target.dataset.do : "";
    const now = Math.min(Math.max(0, Math.round(seed.valueAsNumber) || 0), 999_999);
    if (act) opened(act === "next" ? now + 1 : now, level.value);
  });
}

/** The addresses of sheets for what is chosen. @param {import("../workbench.js").Page} page */
function bindSheets({ form, server, store }) {
  const section = /** @type {HTMLElement} */ (form.querySelector('[data-of-task="exercise"]'));
  const value = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (section.querySelector(`[data-of="${name}"]`)).value;
  function write() {
    const count = Math.min(Math.max(1, Math.round(Number(value("sheet-count"))) || 1), LIMITS.sheet);
    const asked = `level=${value("level")}&seed=${Number(value("seed")) || 0}&count=${count}`;
    for (const [name, more] of [
      ["sheet", ""],
      ["key", "&answers=1"],
    ]) {
      const link = /** @type {HTMLAnchorElement} */ (section.querySelector(`[data-of="${name}"]`));
      link.href = server.address(`exercises.pdf?${asked}${more}`);
    }
  }
  section.addEventListener("input", write);
  store.subscribe(["task"], () => queueMicrotask(write)); // once the chooser shows it
}

/** Which task the practice pane shows: this program, exercises, a bug hunt, gradients that were computed elsewhere. */

/** The kind of a task; the address says nothing of this program. @param {string} task */
export const kindOf = (task) => task.split(":")[0] || "program";

/** @param {import("../workbench.js").Page} page */
export function createTasks({ form, store }) {
  const radios = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-tasks] input")]);
  const sections = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-of-task]")]);
  store.subscribe(["task"], ({ task }) => {
    for (const radio of radios) radio.checked = radio.dataset.task === kindOf(task);
    for (const section of sections) section.hidden = section.dataset.ofTask !== kindOf(task);
  });
  form.querySelector("[data-tasks]")?.addEventListener("change", ({ target }) => {
    const kind = target instanceof HTMLInputElement ? target.dataset.task : "";
    if (kind) store.change({ task: kind === "program" ? "" : kind });
  });
}

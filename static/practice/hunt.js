/** A bug hunt: gradients that a broken backward pass finds. Which are wrong, and what is the bug? */

import { taskOf } from "./tasks.js";

/**
 * @typedef {object} Hunt what the server says of one
 * @property {string} question its program and point
 * @property {{name: string, called: string, number: string}[]} gradients
 * @property {string[]} choices
 */

/** @param {import("../workbench.js").Page} page */
export function createHunt({ form, store, server }) {
  const section = /** @type {HTMLElement} */ (form.querySelector('[data-of-task="hunt"]'));
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (section.querySelector(`[data-of="${name}"]`));
  const of = document.createElement("p");
  part("hunt").prepend(of);
  /** What is hunted: `level=shared&seed=3`. */
  let asked = "";

  /** @param {string} more @returns {Promise<any>} null where the server can't be reached */
  async function ask(more) {
    const reply = await server.fetch(`api/hunt?${asked}${more}`).catch(() => null);
    return reply?.ok ? reply.json() : null;
  }

  store.subscribe(["task"], async ({ task }) => {
    const { kind, level, seed } = taskOf(task);
    const wanted = kind === "hunt" && level ? `level=${encodeURIComponent(level)}&seed=${seed}` : "";
    if (wanted === asked) return;
    asked = wanted;
    part("hunt").hidden = true;
    say([]);
    const hunt = wanted && (await ask(""));
    if (!hunt || asked !== wanted) return;
    show(hunt);
  });

  /** @param {Hunt} hunt */
  function show({ question, gradients, choices }) {
    of.textContent = `Of ${question}:`; // the program that is shown may be another one by now
    part("gradients").replaceChildren(
      ...gradients.map(({ name, called, number }) => {
        const row = document.createElement("tr");
        const [head, found, wrong] = ["th", "td", "td"].map((tag) => document.createElement(tag));
        head.setAttribute("scope", "row");
        head.className = "plain";
        head.textContent = called;
        found.className = "number gradient";
        found.textContent = number.replace("-", "−");
        wrong.append(control("checkbox", name, `${called} is wrong`));
        row.append(head, found, wrong);
        return row;
      }),
    );
    part("choices").replaceChildren(
      ...choices.map((text, at) => {
        const label = document.createElement("label");
        label.append(control("radio", String(at), ""), ` ${text}`);
        return label;
      }),
    );
    part("hunt").hidden = false;
  }

  /** @param {string} type @param {string} value @param {string} said */
  function control(type, value, said) {
    const input = document.createElement("input");
    Object.assign(input, { type, value });
    input.dataset.hunted = type;
    if (said) input.setAttribute("aria-label", said);
    return input;
  }

  /** @param {string} type @returns {HTMLInputElement[]} */
  const controls = (type) =>
    [...section.querySelectorAll(`input[data-hunted="${type}"]`)].map((one) => /** @type {HTMLInputElement} */ (one));

  // Radio buttons without a name, which the form would send, are one group here.
  section.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.hunted !== "radio") return;
    for (const radio of controls("radio")) radio.checked = radio === target;
  });
  section.addEventListener("click", ({ target }) => {
    const act = target instanceof HTMLElement ? target.dataset.hunt : "";
    if (act === "check") void check();
    if (act === "solve") void solve();
  });

  async function check() {
    const wrong = controls("checkbox").flatMap(({ checked, value }) => (checked ? [encodeURIComponent(value)] : []));
    const bug = controls("radio").find(({ checked }) => checked)?.value ?? "";
    if (!bug) return say(["Choose a bug."], "wrong");
    const reply = await ask(`&wrong=${wrong.join()}&bug=${bug}`);
    if (!reply) return lost();
    const { verdict } = reply;
    const right = verdict.wrong && verdict.bug;
    const counted = `You judge ${verdict.known.length} of ${controls("checkbox").length} gradients right`;
    say(
      [
        verdict.bug ? "That is the bug." : "That is not the bug.",
        verdict.wrong
          ? "You know which gradients are wrong."
          : `${counted}: find the others by hand, from the output down.`,
      ],
      right ? "right" : "wrong",
    );
  }

  async function solve() {
    const reply = await ask("&solution=1");
    if (!reply) return lost();
    for (const box of controls("checkbox")) box.checked = reply.solution.wrong.includes(box.value);
    for (const radio of controls("radio")) radio.checked = Number(radio.value) === reply.solution.bug;
    say(["The bug and the gradients that it makes wrong are marked."]);
  }

  const lost = () => say(["The server, which knows the bug, can't be reached."], "wrong");

  /** @param {string[]} lines @param {string} [kind] */
  function say(lines, kind = "") {
    const said = part("hunt-said");
    said.dataset.kind = kind;
    said.replaceChildren(
      ...lines.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
  }
}

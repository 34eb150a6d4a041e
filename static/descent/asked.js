/** The update as a question: what a parameter is after the step that is shown. Its mistakes are named by the server. */

import { attribute, say } from "../page/dom.js";
import { formatNumber } from "../engine/numerals.js";
import { isRight } from "../explain/grading/judge.js";
import { read } from "../practice/answers.js";
import { noNumber } from "../practice/words.js";
import { stepped, steppedByHand } from "./formula.js";
import { optimizers } from "./updates.js";

/**
 * @typedef {object} Step the step that is asked about
 * @property {string} optimizer
 * @property {string} about the parameter
 * @property {Record<string, number> | null} reads what its update reads; null where that is not known
 * @property {boolean} steep whether the gradient may be told: it is not to be found itself
 */

const UNKNOWN = "The rate is chosen when the descent begins: take a step, or write a rate.";
const LOST = "The mistake is named by the server, which can't be reached.";
const TOLD = 2;

/**
 * @param {HTMLElement} root the question in the update's card
 * @param {{fetch: (address: string) => Promise<Response>}} server
 */
export function createUpdateQuestion(root, server) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`[data-of="${name}"]`));
  const input = /** @type {HTMLInputElement} */ (part("answer"));
  /** @type {Step | null} */
  let step = null;
  let key = "";

  /** @param {readonly string[]} lines @param {"" | "right" | "wrong"} kind */
  function tell(lines, kind) {
    attribute(part("said"), "data-kind", kind || null);
    attribute(input, "aria-invalid", kind === "wrong" ? "true" : null);
    part("said").replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })),
    );
  }

  /** Whoever counts is told. @param {"right" | "shown"} detail */
  const ended = (detail) => root.dispatchEvent(new CustomEvent("update-answered", { detail, bubbles: true }));

  async function check() {
    if (!step?.reads || !input.value.trim()) return;
    const answer = read(input.value);
    if (!answer) return tell([noNumber(input.value)], "wrong");
    const size = Math.abs(step.reads.w);
    if (steppedByHand(step.optimizer, step.reads).some((number) => isRight(answer, number, size))) {
      ended("right");
      return tell([found(step)], "right");
    }
    const asked = key;
    const wrong = `${formatNumber(answer.value)} is not right.`;
    tell([wrong], "wrong");
    const why = await mistakes(server, step.optimizer, step.reads, input.value);
    if (asked === key && part("said").textContent === wrong) tell([wrong, ...why], "wrong");
  }

  root.addEventListener("click", ({ target }) => {
    const act = target instanceof Element ? target.closest("button")?.dataset.do : "";
    if (act === "check") void check();
    if (act === "show" && step?.reads) {
      ended("shown");
      tell([found(step, "")], "");
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    void check();
  });

  return {
    /** @param {Step | null} now null: nothing is asked */
    show(now) {
      step = now;
      root.hidden = !now;
      const next = JSON.stringify(now && [now.optimizer, now.about, now.reads]);
      if (!now || next === key) return;
      key = next;
      say(part("name"), now.about);
      say(part("given"), now.reads ? given(now, now.reads) : UNKNOWN);
      part("open").hidden = !now.reads;
      input.value = "";
      tell([], "");
    },
  };
}

/** @param {Step} step @param {string} [before] */
const found = ({ optimizer, about, reads }, before = "Right: ") =>
  `${before}${about} is ${formatNumber(reads ? stepped(optimizer, reads) : NaN)} after this step.`;

/** What it is found from. @param {Step} step @param {Record<string, number>} reads */
function given({ optimizer, steep }, reads) {
  const { settings, state } = optimizers[optimizer];
  const names = ["w", ...(steep ? ["g"] : []), ...Object.keys(settings), ...state];
  return `From ${names.map((name) => `${name.replace("_", " ")}\u00a0=\u00a0${formatNumber(reads[name])}`).join(", ")}.`;
}

/**
 * The mistakes that give an answer, in sentences.
 * @param {{fetch: (address: string) => Promise<Response>}} server @param {string} optimizer
 * @param {Record<string, number>} reads @param {string} answer @returns {Promise<string[]>}
 */
async function mistakes(server, optimizer, reads, answer) {
  const row = optimizers[optimizer];
  const pairs = (/** @type {readonly string[]} */ names) => names.map((name) => `${name}:${reads[name]}`).join();
  const query = new URLSearchParams({
    optimizer,
    w: String(reads.w),
    g: String(reads.g),
    answer,
    state: pairs(row.state),
    settings: pairs(Object.keys(row.settings)),
  });
  const reply = await server.fetch(`api/judge_update?${query}`).catch(() => null);
  if (!reply) return [LOST];
  const told = await reply.json().catch(() => null);
  if (!reply.ok || !told) return [told?.error?.message ?? "The server is busy. Try again."];
  const [first, ...more] = told.mistakes.slice(0, TOLD);
  if (!first) return ["No mistake that is known here gives it."];
  return [more.length ? "One of these mistakes gives it:" : "This mistake gives it:", first, ...more];
}

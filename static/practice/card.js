/** The card that asks for one number at a time: its field, hints, what is said, and the list of all questions. */

import { setNames } from "../network/letters.js";
import { attribute, say } from "../page/dom.js";
import { createTable } from "./table.js";
import { called, counted } from "./words.js";

/**
 * @typedef {import("./questions.js").Question} Question
 * @typedef {import("./questions.js").Given} Given
 *
 * @typedef {object} Shown what the card shows
 * @property {readonly Question[]} questions
 * @property {ReadonlyMap<string, Given>} answers
 * @property {Question | undefined} current
 * @property {{count: number, credited: number, shown: number, done: boolean}} progress
 * @property {string} problem why nothing is asked, where something is to be
 * @property {boolean} tensors whether answers are lists of numbers
 * @property {readonly number[] | null} shape of the answer, where it has a cell for each number
 * @property {import("./cells.js").Draft} draft
 */

const NUMBERS = "40, 1/3, 2*5^(2-1)";

/** The signs of what was answered, and their words. @type {Record<string, [string, string]>} */
const SIGNS = {
  right: ["✓", "right"],
  follows: ["(✓)", "right given a wrong one"],
  wrong: ["✗", "not right yet"],
  shown: ["–", "shown"],
};

/**
 * @param {HTMLElement} card
 * @param {object} told
 * @param {(text: string) => void} told.answered
 * @param {(text: string) => void} told.typed what is not judged yet
 * @param {(act: string) => void} told.asked hint, show, next, again, all
 * @param {(field: string) => void} told.turned
 */
export function createCard(card, { answered, typed, asked, turned }) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (card.querySelector(`[data-of="${name}"]`));
  const input = /** @type {HTMLInputElement} */ (part("answer"));
  const bar = /** @type {HTMLProgressElement} */ (part("bar"));
  const table = createTable(part("cells"), {
    typed,
    checked: () => answered(input.value),
  });
  let shown = "";

  card.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.turn) turned(button.dataset.turn);
    else if (button?.dataset.do === "check") answered(input.value);
    else if (button?.dataset.do) asked(button.dataset.do);
  });
  input.addEventListener("input", () => typed(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    answered(input.value);
  });

  return {
    /** @param {Shown} state */
    show({ questions, answers, current, progress, problem, tensors, shape, draft }) {
      say(part("problem"), problem);
      part("problem").hidden = !problem;
      part("asking").hidden = Boolean(problem) || !questions.length;
      part("open").hidden = !current;
      part("done").hidden = !progress.done;
      say(part("count"), counted(progress));
      bar.max = Math.max(1, progress.count);
      bar.value = progress.credited + progress.shown;
      say(part("what"), current?.what ?? "");
      say(part("name"), setNames(current?.name ?? ""));
      attribute(input, "aria-label", current ? called(current) : "");
      const example = shape?.length === 1 ? "[1, 2]" : "[[1, 2], [3, 4]]";
      attribute(input, "placeholder", tensors ? example : NUMBERS);
      const given = answers.get(current?.field ?? "");
      const now = current?.field ?? "";
      if (shown !== now || input !== document.activeElement) input.value = draft.text;
      shown = now;
      table.show(current, shape, draft);
      attribute(input, "aria-invalid", given?.status === "wrong" ? "true" : null);
      list(part("list"), questions, answers, current);
    },

    /** What is typed there, or elsewhere. @param {import("./cells.js").Draft} draft */
    fill(draft) {
      if (input !== document.activeElement) input.value = draft.text;
      table.fill(draft);
    },

    /** What is said now. @param {readonly string[]} lines @param {string} [kind] right or wrong */
    say(lines, kind = "") {
      attribute(part("said"), "data-kind", kind || null);
      part("said").replaceChildren(...lines.map(paragraph));
      if (lines.length) part("said").scrollIntoView({ block: "nearest" }); // on a phone it is below what is seen
    },

    /** Says more, below. @param {readonly string[]} lines */
    add(lines) {
      part("said").append(...lines.map(paragraph));
    },

    focus: () => input.focus(),
  };
}

/** @param {string} text */
function paragraph(text) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}

/**
 * @param {HTMLElement} place @param {readonly Question[]} questions @param {ReadonlyMap<string, Given>} answers
 * @param {Question | undefined} current
 */
function list(place, questions, answers, current) {
  const key = questions.map(({ field, name }) => `${field} ${name}`).join("\n");
  if (place.dataset.key !== key) {
    place.dataset.key = key;
    place.replaceChildren(
      ...questions.map(({ field, what, name }) => {
        const [item, button, sign, words] = ["li", "button", "span", "span"].map((tag) => document.createElement(tag));
        button.setAttribute("type", "button");
        button.className = "chip";
        button.dataset.turn = field;
        button.title = what;
        sign.setAttribute("aria-hidden", "true");
        words.className = "unseen";
        button.append(
          setNames(what === "local partial" ? `${name} (local)` : what === "flow" ? `flow ${name}` : name),
          sign,
          words,
        );
        item.append(button);
        return item;
      }),
    );
  }
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("button"))) {
    const status = answers.get(button.dataset.turn ?? "")?.status ?? "";
    const [sign, words] = SIGNS[status] ?? ["", "open"];
    attribute(button, "data-status", status || null);
    attribute(button, "aria-current", button.dataset.turn === current?.field ? "true" : null);
    say(button.children[0], sign && ` ${sign}`);
    say(button.children[1], `, ${words}`);
  }
}

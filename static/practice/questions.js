/** The questions of a program, and what was answered: which numbers are found, and what comes next. */

/**
 * @typedef {import("../page/hidden.js").Question} Question
 *
 * @typedef {"right" | "follows" | "wrong" | "shown"} Status right; right, given a wrong answer before; wrong; given up
 * @typedef {{status: Status, text: string, value: number}} Given what was typed last, and the number that it is
 * @typedef {ReadonlyMap<string, Given>} Answers by the questions' fields
 */

/** Whether nothing more is to be found there. @param {Given | undefined} given */
export const isFound = (given) => given?.status === "right" || given?.status === "shown";

/** Whether it counts. @param {Given | undefined} given */
export const isCredited = (given) => given?.status === "right" || given?.status === "follows";

/** The fields that are hidden no more. @param {readonly Question[]} questions @param {Answers} answers */
export function foundFields(questions, answers) {
  const found = questions.filter(({ field }) => isFound(answers.get(field)));
  return new Set(found.flatMap(({ field, also }) => [field, ...also]));
}

/** How far one is. @param {readonly Question[]} questions @param {Answers} answers */
export function progress(questions, answers) {
  const all = questions.map(({ field }) => answers.get(field));
  const shown = all.filter((given) => given?.status === "shown").length;
  const credited = all.filter(isCredited).length;
  return { count: all.length, credited, shown, done: credited + shown === all.length && all.length > 0 };
}

/**
 * With the update of a descent as one question more: of the step that was found first, or shown.
 * @param {ReturnType<typeof progress>} before @param {string} status right, shown, or nothing yet
 */
export function withUpdate({ count, credited, shown }, status) {
  const now = {
    count: count + 1,
    credited: credited + Number(status === "right"),
    shown: shown + Number(status === "shown"),
  };
  return { ...now, done: now.credited + now.shown === now.count };
}

/**
 * The first question from here on, then from the start, that has no answer which counts; else the first one that is
 * open at all.
 * @param {readonly Question[]} questions @param {Answers} answers @param {string} after the field of the last one
 */
export function nextOpen(questions, answers, after) {
  const at = questions.findIndex(({ field }) => field === after);
  const turned = [...questions.slice(at + 1), ...questions.slice(0, at + 1)];
  return (
    turned.find(({ field }) => !isFound(answers.get(field)) && !isCredited(answers.get(field))) ??
    turned.find(({ field }) => !isFound(answers.get(field)))
  );
}

/**
 * The numbers that were answered and are not right, for what follows from them.
 * @param {Answers} answers @returns {Record<string, number>}
 */
export function earlier(answers) {
  return Object.fromEntries(
    [...answers].flatMap(([field, { status, value }]) =>
      status === "shown" || status === "right" ? [] : [[field, value]],
    ),
  );
}

/**
 * Undo and redo of all that the address holds. A step is a patch of the state, there and back.
 *
 * What belongs to one step follows from one rule: what changes without a new act of the user (a key, a press of the
 * pointer) is a consequence of the last one. So a drag is a step, and so are an example, a network that is built, a
 * sweep, a descent that runs, with all that the server's answer changes. Typing joins by word, the same number's keys
 * while they follow quickly.
 */

import { editOf, goesOn } from "./edits.js";
import { PARAMETERS } from "./table.js";

/**
 * @template {object} S
 * @typedef {import("./store.js").Store<S>} Store
 */

/**
 * @typedef {Record<string, unknown>} Patch
 *
 * @typedef {object} Step
 * @property {Patch} before
 * @property {Patch} after
 * @property {string} subject what it changes: names of parameters, and of variables
 * @property {import("./edits.js").Edit | null} edit of the program, where nothing else was chosen with it
 * @property {number} at when it last grew
 */

/** So many steps are kept. */
export const MOST = 200;
/** Changes of one number by keys are one step while they follow so quickly, in milliseconds; letters likewise. */
export const PAUSE = 1_000;
export const TYPING = 2_000;

const NAMES = PARAMETERS.map(({ name }) => String(name));
/** Where one looks is no work: it comes along with a step, and makes none. */
const LOOKS = new Set(PARAMETERS.filter(({ undone }) => !undone).map(({ name }) => String(name)));
/** What is dragged, or moved key by key. */
const NUMBERS = new Set(
  PARAMETERS.filter(({ change, kind }) => change === "number" && kind !== "subset").map(({ name }) => String(name)),
);
/** Typing may shut what was opened in the program before. */
const TYPED = new Set(["expr", "open", "starts"]);

/**
 * @template {object} S
 * @param {Store<S>} store
 * @param {() => number} now
 * @param {(undo: {canUndo: boolean, canRedo: boolean}) => void} told at once, and whenever there is something else to
 *   be undone or redone
 */
export function createUndo(store, now, told) {
  const state = /** @type {Readonly<Record<string, unknown>>} */ (store.state);
  /** @type {Step[]} */
  let past = [];
  /** @type {Step[]} */
  let future = [];
  /** The step that consequences belong to; null after an undo, whose consequences were undone with it. */
  let growing = /** @type {Step | null} */ (null);
  let acted = false;
  let sameTask = false;
  let applying = false;
  const known = /** @type {Patch} */ ({});

  const tell = () => told({ canUndo: past.length > 0, canRedo: future.length > 0 });

  /** What differs from what was known, which it becomes. */
  function difference() {
    const names = [...NAMES, "starts", "lists"].filter((name) => !Object.is(known[name], state[name]));
    const before = Object.fromEntries(names.map((name) => [name, known[name]]));
    const after = Object.fromEntries(names.map((name) => [name, state[name]]));
    Object.assign(known, after);
    return { names, before, after };
  }

  /** @param {ReadonlySet<unknown>} changed */
  function follow(changed) {
    const { names, before, after } = difference();
    if (!names.length || applying) return;
    const consequence = changed.has("graph") || !acted || sameTask;
    const works = names.some((name) => !LOOKS.has(name) && name !== "starts");
    if (consequence || !works) {
      if (growing && works) grow(growing, before, after);
      return;
    }
    const step = { before, after, subject: subjectOf(before, after), edit: edit(names, before), at: now() };
    if (growing && joins(growing, step)) Object.assign(grow(growing, before, after), { edit: step.edit, at: step.at });
    else begin(step);
    acted = false;
    sameTask = true;
    queueMicrotask(() => (sameTask = false));
  }

  /** @param {Step} step */
  function begin(step) {
    past = [...past, step].slice(-MOST);
    future = [];
    growing = step;
    tell();
  }

  /** @param {string[]} names @param {Patch} before */
  function edit(names, before) {
    if (!names.includes("expr") || names.some((name) => !TYPED.has(name) && !LOOKS.has(name))) return null;
    return editOf(String(before.expr), String(state.expr));
  }

  /** @param {Patch} patch */
  function apply(patch) {
    applying = true;
    try {
      store.change(/** @type {Partial<S>} */ (patch));
    } finally {
      applying = false;
    }
    growing = null;
    acted = false;
    tell();
  }

  store.subscribe(/** @type {(keyof S)[]} */ ([...NAMES, "starts", "lists", "graph"]), (_, changed) => follow(changed));
  tell();
  return {
    /** What was done, to be kept over a visit elsewhere; and such as was. */
    steps: () => ({ past, future }),
    /** @param {{past: Step[], future: Step[]}} kept */
    adopt(kept) {
      ({ past, future } = kept);
      tell();
    },

    /** The user has done something: what changes next is a step of its own. */
    act: () => void (acted = true),

    undo() {
      const step = past.at(-1);
      if (!step) return false;
      past = past.slice(0, -1);
      future = [...future, step];
      apply(step.before);
      return true;
    },

    redo() {
      const step = future.at(-1);
      if (!step) return false;
      future = future.slice(0, -1);
      past = [...past, step];
      apply(step.after);
      return true;
    },
  };
}

/** @param {Step} step @param {Patch} before @param {Patch} after */
function grow(step, before, after) {
  step.before = { ...before, ...step.before };
  step.after = { ...step.after, ...after };
  return step;
}

/** @param {Step} last @param {Step} next */
function joins(last, next) {
  const wait = next.at - last.at;
  if (last.edit && next.edit) return wait < TYPING && goesOn(last.edit, next.edit);
  return next.subject !== "" && next.subject === last.subject && wait < PAUSE;
}

/**
 * The numbers that a patch changes, of families which members; nothing where it is a choice.
 * @param {Patch} before @param {Patch} after
 */
function subjectOf(before, after) {
  const names = Object.keys(after).filter((name) => !LOOKS.has(name) && name !== "starts");
  if (!names.every((name) => NUMBERS.has(name))) return "";
  return names.flatMap((name) => members(before[name], after[name]).map((member) => name + member)).join(" ");
}

/** @param {unknown} before @param {unknown} after @returns {string[]} */
function members(before, after) {
  if (!(before instanceof Map && after instanceof Map)) return [""];
  const all = [...new Set([...before.keys(), ...after.keys()])];
  return all.filter((name) => !Object.is(before.get(name), after.get(name))).map((name) => `.${name}`);
}

/** Undo and redo: what is one step, and that each leads back to the very state before it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { editOf, goesOn } from "../../static/state/edits.js";
import { read, written } from "../../static/state/kept.js";
import { createStore } from "../../static/state/store.js";
import { MOST, PAUSE, TYPING, createUndo } from "../../static/state/undo.js";
import { parse } from "../../static/state/url.js";
import { handClock } from "../support/clock.js";

/** A page's state, and hands that change it. */
function begun(query = "") {
  const clock = handClock();
  const store = createStore({ ...parse(query), graph: /** @type {object | null} */ (null) });
  const can = { canUndo: false, canRedo: false };
  const undo = createUndo(store, clock.now, (now) => Object.assign(can, now));
  /** What an act of the user changes, and a task of its own. @param {Parameters<typeof store.change>[0]} patch */
  async function act(patch) {
    undo.act();
    store.change(patch);
    await Promise.resolve();
  }
  const type = async (/** @type {string} */ text) => {
    for (const letter of text) {
      clock.turn(100);
      await act({ expr: store.state.expr + letter, open: "" });
    }
  };
  const slide = (/** @type {string} */ name, /** @type {number} */ to) =>
    store.change({ at: new Map(store.state.at).set(name, to) });
  return { clock, store, undo, can, act, type, slide };
}

test("typing is undone word by word, and done again", async () => {
  const { store, undo, can, type } = begun("expr=");
  await type("x^2 + sin y");
  const texts = [];
  while (undo.undo()) texts.push(store.state.expr);
  assert.deepEqual(texts, ["x^2 + sin ", "x^2 + ", "x^2 ", ""]);
  assert.deepEqual(can, { canUndo: false, canRedo: true });
  while (undo.redo());
  assert.equal(store.state.expr, "x^2 + sin y");
  assert.deepEqual(can, { canUndo: true, canRedo: false });
});

test("a pause, another place, taking away and pasting end a piece of typing", async () => {
  const { clock, store, undo, act, type } = begun("expr=");
  await type("ab");
  clock.turn(TYPING);
  await type("cd");
  await act({ expr: "xabcd" });
  await act({ expr: "xabc" });
  await act({ expr: "xab" });
  await act({ expr: "xab + 12" });
  const texts = [];
  while (undo.undo()) texts.push(store.state.expr);
  assert.deepEqual(texts, ["xab", "xabcd", "abcd", "ab", ""]);
});

test("a doubled letter is typed behind the first one", () => {
  const [first, second] = [editOf("", "l"), editOf("l", "ll")];
  assert.ok(goesOn(first, second));
  assert.deepEqual(editOf("abc", "axc"), { kind: "other", from: 1, removed: "b", inserted: "x" });
});

test("a drag is one step, however long the hand rests; the next drag is another", async () => {
  const { clock, store, undo, slide } = begun();
  for (const end of [3, 5]) {
    undo.act(); // the pointer goes down
    for (let x = 0; x <= end; x++) {
      slide("x", x);
      clock.turn(10 * PAUSE);
      await Promise.resolve();
    }
  }
  undo.undo();
  assert.equal(store.state.at.get("x"), 3);
  undo.undo();
  assert.equal(store.state.at.get("x"), undefined);
});

test("one number's keys are one step while they follow quickly, another number is another", async () => {
  const { clock, store, undo, slide } = begun();
  const press = async (/** @type {string} */ name, /** @type {number} */ to) => {
    undo.act();
    slide(name, to);
    clock.turn(PAUSE - 1);
    await Promise.resolve();
  };
  await press("x", 1);
  await press("x", 2);
  await press("y", 1);
  clock.turn(1);
  await press("y", 2);
  const points = [];
  while (undo.undo()) points.push(Object.fromEntries(store.state.at));
  assert.deepEqual(points, [{ x: 2, y: 1 }, { x: 2 }, {}]);
});

test("choices are steps of their own, as quickly as they come; where one looks is none", async () => {
  const { store, undo, can, act } = begun();
  await act({ frame: 3 });
  await act({ about: "c" });
  assert.equal(can.canUndo, false);
  await act({ view: "graph" });
  await act({ view: "tree" });
  await act({ pin: "x" });
  assert.ok(undo.undo());
  assert.equal(store.state.pin, "");
  assert.ok(undo.undo());
  assert.equal(store.state.view, "graph");
  assert.ok(undo.undo());
  assert.equal(undo.undo(), false);
  assert.equal(store.state.frame, 3);
});

test("an example is one step, whatever it changes, at once or in the same task", async () => {
  const { store, undo, act } = begun("expr=x*y&at.x=3");
  await act({ ...parse("expr=z^2&view=graph&at.z=2"), starts: new Map() });
  undo.undo();
  assert.deepEqual([store.state.expr, store.state.view, store.state.at.get("x")], ["x*y", "tree", 3]);

  undo.act();
  store.change({ expr: "u" });
  store.change({ dir: "right" });
  await Promise.resolve();
  undo.undo();
  assert.deepEqual([store.state.expr, store.state.dir], ["x*y", "up"]);
});

test("what the server's answer changes is undone with what it answers", async () => {
  const { store, undo, act } = begun("expr=x=1;x*y");
  store.change({ graph: {}, starts: new Map([["x", 1]]) });
  await act({ at: new Map([["x", 5]]) });
  await act({ expr: "x=2;x*y" });
  store.change({ graph: {}, at: new Map(), starts: new Map([["x", 2]]) });
  undo.undo();
  assert.equal(store.state.expr, "x=1;x*y");
  assert.equal(store.state.at.get("x"), 5);
  assert.equal(store.state.starts.get("x"), 1);
  undo.redo();
  assert.deepEqual([store.state.at.size, store.state.starts.get("x")], [0, 2]);
});

test("what nobody did is no step, and after an undo no step is changed by it", async () => {
  const { store, undo, can, act } = begun();
  store.change({ panes: "graph,plot" });
  assert.equal(can.canUndo, false);
  await act({ dir: "right" });
  undo.undo();
  store.change({ graph: {}, at: new Map([["x", 2]]) });
  assert.ok(can.canRedo);
  undo.redo();
  assert.deepEqual([store.state.dir, store.state.at.get("x")], ["right", 2]);
});

test("another act ends what could be done again", async () => {
  const { undo, can, act } = begun();
  await act({ dir: "right" });
  undo.undo();
  await act({ view: "graph" });
  assert.deepEqual(can, { canUndo: true, canRedo: false });
});

test("so many steps are kept", async () => {
  const { undo, act } = begun();
  for (let n = 0; n < MOST + 5; n++) await act({ plot: `x${n}` });
  let count = 0;
  while (undo.undo()) count++;
  assert.equal(count, MOST);
});

test("steps outlive a visit elsewhere, with every number, if the state is the one that they lead to", async () => {
  const { store, undo, act } = begun();
  await act({ at: new Map([["x", NaN], ["y", -0], ["z", Infinity]]) }); // prettier-ignore
  await act({ dir: "right" });
  undo.undo();
  const { past, future } = undo.steps();
  const text = written("q", past, future);
  assert.equal(read(text, "other"), null);
  assert.equal(read("", "q"), null);
  const kept = read(text, "q");
  assert.deepEqual(kept, { past, future });

  const later = createStore({ ...store.state });
  const again = createUndo(later, () => 0, () => {}); // prettier-ignore
  again.adopt(/** @type {NonNullable<typeof kept>} */ (kept));
  again.undo();
  assert.equal(later.state.at.size, 0);
  again.redo();
  again.redo();
  assert.deepEqual([later.state.dir, later.state.at.get("x")], ["right", NaN]);
});

test("of too much the newest is kept", () => {
  const long = { expr: "x".repeat(400_000) };
  const step = (/** @type {string} */ subject) => ({ before: long, after: {}, subject, edit: null, at: 0 });
  const kept = read(written("q", [step("1"), step("2"), step("3")], []), "q");
  assert.deepEqual(kept?.past.map(({ subject }) => subject), ["3"]); // prettier-ignore
});

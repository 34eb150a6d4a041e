import assert from "node:assert/strict";
import { test } from "node:test";

import { isCoarse, isRight } from "../../static/explain/grading/judge.js";
import { offers, titleOf, toggled } from "../../static/practice/asking.js";
import { cellOf, coarseIn, listOf, marksOf, retyped, shapeOf, textsOf } from "../../static/practice/cells.js";
import { createProgress } from "../../static/practice/progress.js";
import { earlier, foundFields, nextOpen, progress, withUpdate } from "../../static/practice/questions.js";
import { cellsSaid, filled, said } from "../../static/practice/words.js";

/** @param {string} field @param {string[]} [also] */
const question = (field, also = []) => ({ field, also, name: field, what: "gradient", place: "c" });
const questions = [question("a.gradient", ["b.0.flow"]), question("b.gradient"), question("c.gradient")];
/** @param {"right" | "follows" | "wrong" | "shown"} status @param {number} [value] */
const given = (status, value = 1) => ({ status, text: String(value), value });

test("what is right or given up is hidden no more", () => {
  const answers = new Map([
    ["a.gradient", given("right")],
    ["b.gradient", given("follows", 2)],
    ["c.gradient", given("shown")],
  ]);
  assert.deepEqual([...foundFields(questions, answers)], ["a.gradient", "b.0.flow", "c.gradient"]);
  assert.deepEqual(progress(questions, answers), { count: 3, credited: 2, shown: 1, done: true });
  assert.equal(nextOpen(questions, answers, "")?.field, "b.gradient"); // it counts, and can be put right
  assert.deepEqual(earlier(answers), { "b.gradient": 2 }); // nothing wrong follows from what is right, if rounded
});

test("the update of a descent is one question more", () => {
  const own = progress(questions, new Map([["a.gradient", given("right")]]));
  assert.deepEqual(withUpdate(own, ""), { count: 4, credited: 1, shown: 0, done: false });
  assert.deepEqual(withUpdate(own, "right"), { count: 4, credited: 2, shown: 0, done: false });
  const none = progress([], new Map());
  assert.deepEqual(withUpdate(none, ""), { count: 1, credited: 0, shown: 0, done: false });
  assert.deepEqual(withUpdate(none, "shown"), { count: 1, credited: 0, shown: 1, done: true });
});

test("the next question is the next one that has no answer which counts", () => {
  const answers = new Map([
    ["b.gradient", given("wrong")],
    ["c.gradient", given("right")],
  ]);
  assert.equal(nextOpen(questions, answers, "a.gradient")?.field, "b.gradient");
  assert.equal(nextOpen(questions, answers, "b.gradient")?.field, "a.gradient");
  assert.equal(nextOpen([], answers, ""), undefined);
});

test("answers are kept by program, and a memory that keeps nothing is no harm", () => {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const memory = {
    read: (/** @type {string} */ name) => kept.get(name) ?? "",
    write: (/** @type {string} */ name, /** @type {string} */ text) => void kept.set(name, text),
  };
  const refusing = { read: () => "", write: () => {} };
  for (const store of [createProgress(memory), createProgress(refusing)]) {
    store.write("p", new Map([["a.gradient", given("right")]]));
    store.write("q", new Map());
    assert.deepEqual([...store.read("p")], [["a.gradient", given("right")]]);
    assert.equal(store.read("q").size, 0);
  }
  kept.set("practice", '[["p", [["a", {"status": "no"}]]], 3]');
  assert.equal(createProgress(memory).read("p").size, 0);
  kept.set("practice", "{");
  assert.equal(createProgress(memory).read("p").size, 0);
});

test("what is asked for is added and taken away", () => {
  assert.equal(toggled("", "gradients"), "gradients");
  assert.equal(toggled("gradients,path:x", "gradients"), "path:x");
  assert.equal(titleOf("from:6"), "from step 7 on");
  assert.equal(titleOf("c.0.partial"), "local partial of c.0");
  const nodes = [
    { id: "a", op: "var", name: "x", args: [] },
    { id: "b", op: "sin", args: ["a"] },
  ];
  const graph = { nodes, variables: ["x"], output: "b" };
  const state = /** @type {any} */ ({ graph, tensors: null, hide: "values", about: "b.0", frame: 3, closed: [] });
  const items = offers(state).map(([item]) => item);
  assert.deepEqual(items, ["from:3", "b.0.partial", "b.0.flow", "gradients", "partials", "update", "path:x"]);
});

test("a tensor is answered cell by cell: the list, its cells, and what is right of them", () => {
  const nodes = [
    { id: "W", op: "var", name: "W", args: [], shape: [2, 2] },
    { id: "x", op: "var", name: "x", args: [], shape: [2] },
    { id: "z", op: "einsum", args: ["W", "x"], shape: [2] },
    { id: "L", op: "sum_over", args: ["z"], shape: [] },
    { id: "B", op: "var", name: "B", args: [], shape: [9, 2] },
  ];
  const graph = /** @type {any} */ ({ nodes, variables: ["W", "x", "B"] });
  assert.deepEqual(
    ["W.total", "x.total", "z.gradient", "z.0.flow", "L.value", "B.total", "q.total"].map((one) => shapeOf(graph, one)),
    [[2, 2], [2], [2], [2, 2], null, null, null],
  );
  assert.deepEqual(textsOf("[[1/3, 2], [3, ]]"), ["1/3", "2", "3", ""]);
  assert.deepEqual(textsOf("array([[1. 2.]\n [3. 4.]])"), ["1.", "2.", "3.", "4."]);
  assert.equal(listOf(["1/3", "2", "3", ""], [2, 2]), "[[1/3, 2], [3, ]]");
  assert.equal(listOf(["1", "2"], [2]), "[1, 2]");
  assert.equal(cellOf("W.total", [2, 2], 2), "W[1,0].total");
  assert.equal(cellOf("z.0.flow", [2, 2], 3), "z[1,1].0.flow");
  assert.equal(cellOf("x.total", [2], 1), "x[1].total");
  assert.deepEqual(marksOf(["1/3", "0.333", "0.33", "", "x", "-0"], [1 / 3, 1 / 3, 1 / 3, 1, 2, 0]), [
    "right",
    "right",
    "wrong",
    "open",
    "none",
    "right",
  ]);
  assert.deepEqual(cellsSaid(question("W.total"), ["right", "wrong", "open", "open"]), [
    "Of W.total 1 of 4 cells is right, 1 wrong. 2 are still open.",
  ]);
  assert.deepEqual(cellsSaid(question("W.total"), ["right", "wrong", "wrong"]), ["2 of 3 cells are wrong."]);
});

test("a verdict is told: what follows counts, mistakes are named", () => {
  const name = () => "your ∂g/∂e = 5";
  const asked = question("x.total");
  const wrong = { verdict: /** @type {const} */ ("wrong"), number: 40, after: [], diagnoses: [] };
  assert.deepEqual(said(asked, 3, wrong, name), ["3 is not right.", "No mistake that is known here gives it."]);
  const follows = { ...wrong, verdict: /** @type {const} */ ("follows"), after: ["g.0.partial"] };
  assert.match(said(asked, 20, follows, name)[0], /^It follows from your ∂g\/∂e = 5, which is wrong: 20 is right/);
  const mistake = { kind: "sign", edge: null, title: "the sign", text: "It is the other one." };
  const found = { ...wrong, diagnoses: [{ mistakes: [mistake, mistake], gives: -40 }] };
  assert.deepEqual(said(asked, -40, found, name).slice(1, 3), [
    "These two mistakes together give it:",
    "The sign: It is the other one.",
  ]);
});

test("a hint's fields are numbers, in parentheses where they are negative factors", () => {
  const fields = new Map([
    ["a.value", -2],
    ["b.value", 0.5],
  ]);
  assert.equal(filled("c = a · b = ⟨(a.value)⟩ × ⟨(b.value)⟩", fields), "c = a · b = (-2) × 0.5");
  assert.equal(filled("c = a + b = ⟨a.value⟩ + ⟨b.value⟩", fields), "c = a + b = -2 + 0.5");
});

test("what is typed anew has no mark, and the other cells keep theirs", () => {
  const draft = { text: "[[1, 2], [3, ]]", marks: /** @type {const} */ (["right", "wrong", "wrong", "open"]) };
  assert.deepEqual(retyped(draft, "[[1, 5], [3, 4]]").marks, ["right", "open", "wrong", "open"]);
  assert.deepEqual(retyped(draft, "[[1, 5], [3"), { text: "[[1, 5], [3", marks: [] });
  assert.deepEqual(retyped({ text: "", marks: [] }, "[[7, ], [, ]]"), { text: "[[7, ], [, ]]", marks: [] });
});

test("what is rounded to one digit or two is told so, a whole number is not", () => {
  assert.equal(isCoarse({ value: 0.57, slack: 0.005, digits: 2 }, 0.5749), true);
  assert.equal(isCoarse({ value: 0.58, slack: 0.005, digits: 2 }, 0.5749), false);
  assert.equal(isCoarse({ value: 1, slack: 0.5, digits: 1 }, 0.7), false);
  assert.equal(isCoarse({ value: 0.5, slack: 0, digits: 0 }, 0.5), false); // 1/2
});

test("cells that are rounded too far are told, where nothing else is wrong", () => {
  const right = [0.01048864, 0.00545199];
  assert.deepEqual(coarseIn(["0.0105", "0.0055"], right), ["0.0055"]);
  assert.deepEqual(coarseIn(["0.0100", "0.0055"], right), []);
  assert.deepEqual(coarseIn(["0.0105", "0.00545"], right), []);
  assert.deepEqual(coarseIn(["", "0.0055"], right), []);
});

test("infinity is right where the number is infinite, and nowhere else", () => {
  const answer = { value: Infinity, slack: Infinity, digits: 6 };
  assert.equal(isRight(answer, 40, 1), false);
  assert.equal(isRight(answer, -Infinity, 1), false);
  assert.equal(isRight({ value: Infinity, slack: 0, digits: 0 }, Infinity, 1), true);
  assert.equal(isRight({ value: 40, slack: 0, digits: 0 }, Infinity, 1), false);
});

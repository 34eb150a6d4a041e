import assert from "node:assert/strict";
import { test } from "node:test";

import { check } from "../../static/explain/differences.js";
import { nudge } from "../../static/explain/nudge.js";
import { operations } from "../../static/explain/operations.js";
import { carried, tangents } from "../../static/explain/tangents.js";
import { at } from "../support/fields.js";

/** (4 x + 1)^2 @type {import("../../static/engine/engine.js").Graph} */
const graph = {
  output: "g",
  nodes: [
    { id: "a", op: "const", args: [], value: 4 },
    { id: "b", op: "var", name: "x", args: [] },
    { id: "c", op: "mul", args: ["a", "b"] },
    { id: "d", op: "const", args: [], value: 1 },
    { id: "e", op: "add", args: ["c", "d"] },
    { id: "f", op: "const", args: [], value: 2 },
    { id: "g", op: "pow", args: ["e", "f"] },
  ],
};
const run = at(graph, { x: 1 });
/** By node. @param {readonly (number | null)[]} numbers @param {string} ids */
const of = (numbers, ids) => [...ids].map((id) => numbers[run.plan.positions.get(id) ?? -1]);

test("tangents flow up from a variable", () => {
  const found = tangents(run, "x");
  assert.deepEqual(of(found, "bceg"), [1, 4, 4, 40]);
  const [c, g] = [2, 6];
  assert.deepEqual([carried(run, found, c, 1), carried(run, found, g, 0)], [4, 40]);
  assert.deepEqual([...of(found, "a"), carried(run, found, c, 0)], [null, null]);
});

test("a nudge is predicted and happens", () => {
  const found = nudge(run, "x", 0.5);
  assert.deepEqual(of(found.predicted, "bceg"), [0.5, 2, 2, 20]);
  assert.deepEqual(of(found.actual, "bceg"), [0.5, 2, 2, 24]);
  assert.deepEqual(of(found.miss, "g"), [4 / 24]);
  assert.deepEqual(of(found.actual, "adf"), [null, null, null]);
});

test("an inner node is nudged alone, a constant not at all", () => {
  const only = (/** @type {string} */ target) => nudge(run, target, 1).actual.filter((x) => x !== null).length;
  assert.deepEqual(of(nudge(run, "e", 1).actual, "bceg"), [null, null, 1, 11]);
  assert.deepEqual([only("a"), only("q")], [0, 0]);
});

test("the gradient agrees with its central difference, a wrong one does not", () => {
  const { difference, error } = check(at(graph, { x: 1 }, 2), 0);
  assert.ok(Math.abs(difference - 80) < 1e-6);
  assert.ok(error < 1e-8);
  const wrong = at(graph, { x: 1 });
  wrong.gradients[1] = 41;
  assert.ok(check(wrong, 0).error > 0.02);
});

test("operations are counted", () => {
  assert.deepEqual(operations(run.plan), { reverse: 9, forward: 9, differences: 8 });
  assert.equal(operations(run.plan, 1000).reverse, 9);
});

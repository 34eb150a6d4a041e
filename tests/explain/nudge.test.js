import assert from "node:assert/strict";
import { test } from "node:test";

import { evaluate } from "../../static/engine/engine.js";
import { check, nudge } from "../../static/explain/nudge.js";
import { operations } from "../../static/explain/operations.js";
import { tangents } from "../../static/explain/tangents.js";

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
const fields = evaluate(graph, { x: 1 });

test("tangents flow up from a variable", () => {
  const found = tangents(graph, fields, "x");
  assert.deepEqual(
    ["b", "c", "e", "g"].map((id) => found.get(`${id}.tangent`)),
    [1, 4, 4, 40],
  );
  assert.deepEqual(
    ["c.1", "g.0"].map((edge) => found.get(`${edge}.tangent`)),
    [4, 40],
  );
  assert.deepEqual([found.get("a.tangent"), found.get("c.0.tangent")], [0, null]);
});

test("a nudge is predicted and happens", () => {
  const found = nudge(graph, fields, "x", 0.5);
  assert.deepEqual(
    ["b", "c", "e", "g"].map((id) => found.get(`${id}.predicted`)),
    [0.5, 2, 2, 20],
  );
  assert.deepEqual(
    ["b", "c", "e", "g"].map((id) => found.get(`${id}.actual`)),
    [0.5, 2, 2, 24],
  );
  assert.equal(found.get("g.miss"), 4 / 24);
  assert.equal(found.size, 12);
});

test("an inner node is nudged alone, a constant not at all", () => {
  assert.deepEqual(
    [...nudge(graph, fields, "e", 1).keys()].map((field) => field[0]),
    [..."eeeggg"],
  );
  assert.equal(nudge(graph, fields, "a", 1).size, 0);
  assert.equal(nudge(graph, fields, "q", 1).size, 0);
});

test("the gradient agrees with its central difference, a wrong one does not", () => {
  const found = check(graph, evaluate(graph, { x: 1 }, 2), ["x"], 2);
  assert.ok(Math.abs((found.get("x.difference") ?? 0) - 80) < 1e-6);
  assert.ok((found.get("x.error") ?? 1) < 1e-8);
  assert.ok((check(graph, new Map(fields).set("x.total", 41), ["x"]).get("x.error") ?? 0) > 0.02);
});

test("operations are counted", () => {
  assert.deepEqual(operations(graph, fields), { reverse: 9, forward: 9, differences: 8 });
  assert.equal(operations(graph, fields, 1000).reverse, 9);
});

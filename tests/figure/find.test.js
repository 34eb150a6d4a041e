import assert from "node:assert/strict";
import { test } from "node:test";

import { entryOf, hitsOf } from "../../static/figure/find.js";

const GRAPH = [
  entryOf({ id: "a", op: "const" }, "a = 4"),
  entryOf({ id: "b", op: "var", name: "x1" }, "b = x1"),
  entryOf({ id: "c", op: "mul" }, "c = a · b"),
  entryOf({ id: "s", op: "sigmoid" }, "s = sigmoid(c)"),
  entryOf({ id: "loss", op: "sub" }, "loss = s − b"),
];

for (const [wanted, hits] of /** @type {[string, string[]][]} */ ([
  ["c", ["c", "a", "s"]], // its name; a constant, by the beginning; what is computed from it
  ["x1", ["b"]],
  ["x₁", ["b"]],
  ["SIGMOID", ["s"]],
  ["sig", ["s"]],
  ["mul", ["c"]],
  ["*", ["c"]],
  ["times", ["c"]],
  ["a * b", ["c"]],
  ["a·b", ["c"]],
  ["s - b", ["loss"]],
  ["minus", ["loss"]],
  ["lo", ["loss"]],
  ["nothing of it", []],
  ["", []],
  ["  ", []],
])) {
  test(`“${wanted}” means ${hits.join(", ") || "nothing"}`, () => assert.deepEqual(hitsOf(GRAPH, wanted), hits));
}

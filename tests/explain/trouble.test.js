import assert from "node:assert/strict";
import { test } from "node:test";

import { createPlan } from "../../static/engine/pass.js";
import { heat, heats } from "../../static/explain/heat.js";
import { equalKeys } from "../../static/explain/patterns.js";
import { sides } from "../../static/explain/sides.js";
import { findings, watch } from "../../static/explain/trouble.js";
import { at } from "../support/fields.js";

/** @typedef {import("../../static/engine/engine.js").Graph} Graph */

/** @type {Graph["nodes"][0]} */
const x = { id: "a", op: "var", name: "x", args: [] };

/** @param {string} op @returns {Graph} */
const applied = (op) => ({ output: "b", nodes: [x, { id: "b", op, args: ["a"] }] });

/** log(1 + exp(x)) @type {Graph} */
const softplus = {
  output: "e",
  nodes: [
    { id: "b", op: "const", args: [], value: 1 },
    x,
    { id: "c", op: "exp", args: ["a"] },
    { id: "d", op: "add", args: ["b", "c"] },
    { id: "e", op: "log", args: ["d"] },
  ],
};

/** @param {string} op @param {number} x @param {number} [seed] */
function slopes(op, x, seed = 1) {
  const { left, right } = sides(at(applied(op), { x }, seed));
  return [...left, ...right];
}

test("slopes on both sides of a kink", () => {
  assert.deepEqual(slopes("abs", 0), [-1, 1]);
  assert.deepEqual(slopes("abs", 0, 3), [-3, 3]);
  assert.deepEqual(slopes("sign", 0), [Infinity, Infinity]);
  assert.deepEqual(slopes("sqrt", 0), [NaN, Infinity]);
});

test("away from kinks both are the gradient", () => {
  assert.deepEqual(slopes("sqrt", 4), [0.25, 0.25]);
  assert.deepEqual(slopes("relu", -1), [0, 0]);
});

test("the first node that breaks is told, with a safer form", () => {
  const [first] = findings(at(softplus, { x: 800 }));
  assert.deepEqual([first.kind, first.node, first.edge, first.safer], ["value", "c", null, "softplus(x)"]);
  assert.equal(
    first.text,
    "c = exp(a) = exp(800) = Infinity: the result is larger than 1.798e308, the largest number there is.",
  );
});

test("a watch follows the numbers", () => {
  const watched = watch(createPlan(applied("relu")));
  const kinds = [1, 0, -1].map((x) => watched(at(applied("relu"), { x })).map(({ kind }) => kind));
  assert.deepEqual(kinds, [[], ["corner"], ["dead"]]);
});

test("equal subexpressions have equal keys", () => {
  const graph = { output: "c", nodes: [x, { ...x, id: "b" }, { id: "c", op: "mul", args: ["a", "b"] }] };
  assert.deepEqual(equalKeys(createPlan(graph)), [0, 0, 1]);
});

test("heat is a decade a bucket, and four buckets within the first one", () => {
  assert.deepEqual(
    [1, 0.5, 0.3, 0.15, 0.05, 5e-3, 5e-4, 1e-300, -1, 0].map((size) => heat(size, 1)),
    [8, 7, 6, 5, 4, 3, 2, 1, -8, 0],
  );
  assert.deepEqual(
    [Infinity, -Infinity, NaN].map((size) => heat(size, 1)),
    [8, -8, null],
  );
  const found = heats(at(softplus, { x: -3 }));
  assert.deepEqual([found.nodes, found.edges[2]], [[null, 4, 8, 8, 8], [4]]);
});

/** The numbers in the table of samples. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSamples } from "../../static/data/samples.js";

// w*x
const GRAPH = {
  output: "c",
  variables: ["w", "x"],
  nodes: [
    { id: "w", op: "var", name: "w", args: [] },
    { id: "x", op: "var", name: "x", args: [] },
    { id: "c", op: "mul", args: ["w", "x"] },
  ],
};
const ROWS = { columns: { x: Float64Array.of(2, -3) }, count: 2 };

test("columns, the output and its gradients, by sample", () => {
  const samples = createSamples(/** @type {any} */ (GRAPH), ROWS, ["w"]);
  assert.deepEqual(samples.titles("L"), ["x", "c", "∂L/∂w"]);
  assert.equal(samples.given, 1);
  const at = samples.at(() => 5, 2);
  assert.deepEqual(at(0), [2, 10, 4]);
  assert.deepEqual(at(1), [-3, -15, -6]);
});

test("averages by their fields, and none where one sample is shown", () => {
  const samples = createSamples(/** @type {any} */ (GRAPH), ROWS, ["w"]);
  const fields = new Map([
    ["x.value", -0.5],
    ["c.value", -2.5],
    ["w.total", -1],
  ]);
  assert.deepEqual(samples.means(/** @type {any} */ (fields)), [-0.5, -2.5, -1]);
  assert.deepEqual(samples.means(null), [null, null, null]);
});

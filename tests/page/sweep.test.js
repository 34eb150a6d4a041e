import assert from "node:assert/strict";
import { test } from "node:test";

import { phaseOf, snap, valueAt } from "../../static/page/sweep.js";

const slider = { value: 1, min: -5, max: 5, step: 0.1 };

test("a sweep starts where the slider is", () => {
  assert.equal(valueAt(phaseOf(slider), slider), 1);
});

test("it goes to one end, to the other, and back", () => {
  assert.deepEqual(
    [0, 0.5, 1, 1.5, 2].map((phase) => valueAt(phase, slider)),
    [-5, 0, 5, 0, -5],
  );
});

test("it shows no dust of binary fractions", () => {
  assert.equal(snap(0.30000001, slider), 0.3);
  for (let phase = 0; phase < 2; phase += 0.001) assert.ok(String(valueAt(phase, slider)).length <= 4);
});

test("it stays inside a range that is no multiple of the step", () => {
  assert.equal(valueAt(1, { value: 0, min: 0, max: 1, step: 0.3 }), 0.9);
  assert.equal(valueAt(1, { value: 0, min: 0, max: 1, step: 0.4 }), 0.8);
  assert.equal(valueAt(1, { value: 0, min: 0, max: 0.9, step: 0.5 }), 0.5);
});

test("a range of nothing stands still", () => {
  const point = { value: 2, min: 2, max: 2, step: 0.1 };
  assert.equal(valueAt(phaseOf(point), point), 2);
});

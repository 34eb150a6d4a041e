import assert from "node:assert/strict";
import test from "node:test";
import { lengthsOf, shownLayers } from "../../static/network/lengths.js";

test("the length of a layer's gradient is that of its own weights, at each step", () => {
  const gradients = { w2_11: [3, 0], b2_1: [4, -2], w3_11: [100, 100] };
  const track = { gradients, losses: [1, 0.5] };
  assert.deepEqual([...lengthsOf(track, "2", ["w2_11", "b2_1"])], [5, 2]);
  assert.deepEqual([...lengthsOf(track, "3", ["w3_11", "b3_1"])], [100, 100]); // what does not move has no column
});

test("it grows with the descent", () => {
  const gradients = { w1: [3] };
  assert.deepEqual([...lengthsOf({ gradients, losses: [1] }, "2", ["w1"])], [3]);
  gradients.w1.push(-4);
  assert.deepEqual([...lengthsOf({ gradients, losses: [1, 2] }, "2", ["w1"])], [3, 4]);
});

test("of many layers the ends are shown", () => {
  assert.deepEqual(shownLayers(["2", "3"]), ["2", "3"]);
  assert.deepEqual(shownLayers(["2", "3", "4", "5", "6", "7"]), ["2", "3", "6", "7"]);
});

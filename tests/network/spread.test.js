import assert from "node:assert/strict";
import test from "node:test";

import { along, middleOf, spreadOver } from "../../static/network/spread.js";

/** @type {import("../../static/network/spread.js").Plan} */
const plan = {
  top: 30,
  bottom: 10,
  levels: [
    { name: "names", size: [100, 140], xs: [25, 75], shift: 0 },
    { name: "all", size: [300, 240], xs: [50, 250], shift: 20 },
  ],
};

test("a frame gets the richest level that it has room for", () => {
  const level = (/** @type {[number, number]} */ frame) => spreadOver(plan, frame).level;
  assert.equal(level([300, 240]), 1);
  assert.equal(level([299, 600]), 0);
  assert.equal(level([600, 239]), 0);
  assert.equal(level([20, 20]), 0);
});

test("the picture has the frame's shape, and is never smaller than its level", () => {
  for (const frame of /** @type {[number, number][]} */ ([
    [300, 240],
    [900, 250],
    [310, 2000],
    [50, 50],
    [4000, 3000],
  ])) {
    const { level, size } = spreadOver(plan, frame);
    assert.ok(Math.abs(size[0] / size[1] - frame[0] / frame[1]) < 1e-9);
    assert.ok(size.every((length, at) => length >= plan.levels[level].size[at] - 1e-9));
  }
});

test("letters grow in a large frame, but not on and on", () => {
  assert.deepEqual(spreadOver(plan, [360, 288]).size, [300, 240]);
  assert.deepEqual(spreadOver(plan, [3000, 2400]).size, [2000, 1600]);
});

test("circles stand where the server puts them, and spread with the frame", () => {
  assert.deepEqual(middleOf(plan, { level: 1, size: [300, 240] }, 1, 0.5), [250, 110]);
  assert.deepEqual(middleOf(plan, { level: 1, size: [600, 440] }, 1, 0.5), [500, 210]);
  assert.deepEqual(middleOf(plan, { level: 0, size: [100, 140] }, 0, 1), [25, 130]);
});

test("a label is a share of the way along its line", () => {
  assert.deepEqual(along([0, 10], [100, 50], 0.25), [25, 20]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { growth, isBeside, place, READABLE, shift } from "../../static/page/opening.js";

test("what can be read stays as it fits, else its smallest text becomes readable", () => {
  assert.equal(growth(12), 1);
  assert.equal(growth(READABLE), 1);
  assert.equal(growth(4), READABLE / 4);
  assert.equal(growth(0), 1); // no text at all
});

test("a figure that is smaller than its frame stands in the middle", () => {
  assert.equal(shift([0, 100], [0, 20], 5, 0), 40);
  assert.equal(shift([0, 100], [70, 90], 75, 0), -30);
});

test("a larger one shows the place and leaves no empty edge", () => {
  assert.equal(shift([0, 100], [-100, 200], 60, 0), -10); // the place comes to the middle
  assert.equal(shift([0, 100], [-100, 200], -90, 0), 100); // no further than its own edge
  assert.equal(shift([0, 100], [-100, 200], 195, 0), -100);
});

/** @param {number} x @param {number} y */
const box = (x, y) => /** @type {const} */ ({ x: [x - 5, x + 5], y: [y - 5, y + 5] });

test("what is seen with the output stands in the middle, though the figure goes on to one side", () => {
  const frame = /** @type {const} */ ({ x: [0, 100], y: [0, 60] });
  const output = box(195, 5);
  // A staircase down to the left: the three steps on top are seen, the others are below the frame.
  const steps = [output, box(185, 25), box(175, 40), box(120, 100), box(60, 200), box(5, 300)];
  const [right, down] = place(frame, steps, output);
  assert.equal((170 + 200) / 2 + right, 50);
  assert.equal(down, 16); // a margin above the output
});

test("the output is in sight, however wide what stands beside it is", () => {
  const frame = /** @type {const} */ ({ x: [0, 100], y: [0, 60] });
  for (const x of [-400, 0, 30, 500]) {
    const output = box(x, 10);
    const wide = Array.from({ length: 40 }, (_, at) => box(25 * at - 500, 40));
    const [right, down] = place(frame, [output, ...wide], output);
    assert.ok(x - 5 + right >= 0 && x + 5 + right <= 100);
    assert.ok(5 + down >= 0 && 15 + down <= 60);
  }
});

test("a step stands beside a figure that is high, below one that is wide, and below on a phone", () => {
  const screen = { width: 1366, height: 768 };
  assert.equal(isBeside({ width: 345, height: 540 }, screen), true);
  assert.equal(isBeside({ width: 900, height: 300 }, screen), false);
  assert.equal(isBeside({ width: 345, height: 540 }, { width: 390, height: 844 }), false);
});

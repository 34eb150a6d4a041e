import assert from "node:assert/strict";
import { test } from "node:test";

import { growth, READABLE, shift } from "../../static/page/opening.js";

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

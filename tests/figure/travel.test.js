/** What goes along the lines of a figure. */

import assert from "node:assert/strict";
import test from "node:test";

import { some, told } from "../../static/figure/travel.js";

test("one line has three numbers at most, and says that there are more", () => {
  assert.equal(told([0.5]), "0.5");
  assert.equal(told([1, -2, 3]), "1, -2, 3");
  assert.equal(told([1, -2, 3, 4]), "1, -2, 3, …");
});

test("of many lines some are taken from all over", () => {
  const all = Array.from({ length: 64 }, (_, at) => at);
  assert.deepEqual(some(all.slice(0, 24)), all.slice(0, 24));
  const taken = some(all);
  assert.deepEqual([taken.length, taken[0], new Set(taken.map((at) => Math.floor(at / 8))).size], [24, 0, 8]);
});

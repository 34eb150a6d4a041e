import assert from "node:assert/strict";
import test from "node:test";

import { BANDS, inWords, said, thresholds } from "../../static/network/bands.js";

const words = (/** @type {number[]} */ ...values) => inWords(said(values));

test("bands lie evenly around the centre, as far as the values go", () => {
  assert.equal(BANDS, 4);
  assert.deepEqual(thresholds(said([-1, 2]), 0), [-1.75, -1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1.75]);
  assert.deepEqual(thresholds(said([0, 1]), 0.5).slice(3, 5), [0.4375, 0.5625]);
});

test("what is the same everywhere has a band of its own only away from the centre", () => {
  /** @param {number} value @param {number} centre */
  const band = (value, centre) =>
    thresholds(said([value, value]), centre).filter((from) => value >= from).length - BANDS;
  assert.equal(band(0, 0), 0);
  assert.equal(band(0.5, 0.5), 0);
  assert.equal(band(0.2, 0), BANDS);
  assert.equal(band(-3, 0), -BANDS);
});

test("half of it 0, as behind a relu, is of neither colour", () => {
  const found = thresholds(said([0, 0, 1, 4]), 0);
  assert.equal(found.filter((from) => from <= 0).length, BANDS);
});

test("a surface in words", () => {
  assert.equal(words(-0.5, 0.25), "from -0.5 to 0.25");
  assert.equal(words(0.5, 0.5), "0.5 everywhere");
  assert.equal(words(NaN, NaN), "not a number everywhere");
  assert.equal(words(Infinity, -Infinity), "infinite everywhere");
  assert.equal(words(NaN, 1, 2, 3), "from 1 to 3, not a number at 25 % of it");
  assert.equal(words(Infinity, 1, 1, 1), "1 everywhere else, infinite at 25 % of it");
  assert.equal(words(...Array(999).fill(1), NaN), "1 everywhere else, not a number at less than 1 % of it");
  assert.equal(words(...Array(999).fill(NaN), 1), "1 everywhere else, not a number at more than 99 % of it");
});

test("what is not finite leaves the bands to the rest", () => {
  assert.deepEqual(thresholds(said([NaN, Infinity, -1, 1]), 0), thresholds(said([-1, 1]), 0));
  assert.ok(thresholds(said([NaN]), 0).every(Number.isFinite));
});

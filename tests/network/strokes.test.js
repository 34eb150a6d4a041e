import assert from "node:assert/strict";
import test from "node:test";
import { strokes } from "../../static/network/strokes.js";

test("the largest line is the thickest, whatever its sign", () => {
  assert.deepEqual(strokes([-4, 2, 0]), [
    { thick: "5.00px", sign: "minus" },
    { thick: "2.90px", sign: "plus" },
    { thick: "0.80px", sign: "none" },
  ]);
});

test("what is infinite is as thick as can be, what is unknown as thin", () => {
  assert.deepEqual(
    strokes([Infinity, NaN, null, 1]).map(({ thick }) => thick),
    ["5.00px", "5.00px", "0.80px", "5.00px"],
  );
  assert.equal(strokes([null])[0].sign, "none");
});

test("many lines are thinner: they would hide one another", () => {
  assert.equal(strokes(Array(61).fill(1))[0].thick, "3.00px");
  assert.equal(strokes(Array(60).fill(1))[0].thick, "5.00px");
});

test("all 0, or none at all", () => {
  assert.deepEqual(strokes([0, -0]), [
    { thick: "0.80px", sign: "none" },
    { thick: "0.80px", sign: "none" },
  ]);
  assert.deepEqual(strokes([]), []);
});

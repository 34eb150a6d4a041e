/** What a plot says in words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { contourWords, curveWords, sampleWords } from "../../static/plot/words.js";

/** @type {readonly [number, number]} */
const range = [-5, 5];
const curve = { output: "g", name: "x", range, x: 1, value: 25, slope: 40 };

test("a curve: value, slope, and where it is lowest", () => {
  const least = { x: -0.25, value: 0, inside: true, below: false };
  assert.deepEqual(curveWords({ ...curve, least }), {
    told: "At x = 1 the value is 25 and the slope 40. The smallest value shown is 0, near x = -0.25.",
    frame: "g against x from -5 to 5.",
  });
});

test("a curve that is lowest at its end, goes on below, or is nowhere", () => {
  const end = { x: 5, value: 1, inside: false, below: false };
  assert.match(curveWords({ ...curve, least: end }).told, /is 1, at the end, x = 5\.$/);
  assert.match(curveWords({ ...curve, least: { ...end, below: true } }).told, /It goes on below what is shown\.$/);
  assert.match(curveWords({ ...curve, least: undefined }).told, /It is defined nowhere in this range\.$/);
});

test("a point where the output is no number", () => {
  assert.match(curveWords({ ...curve, value: NaN, least: undefined }).told, /^At x = 1 it is not defined\./);
});

test("a slope that is hidden is not told", () => {
  assert.match(curveWords({ ...curve, slope: NaN, least: undefined }).told, /^At x = 1 the value is 25\. It/);
});

test("contours: value and gradient", () => {
  const told = contourWords({
    output: "g",
    names: ["x", "y"],
    window: [0, 1, 2, 3],
    at: [1, 2],
    value: 5,
    gradient: [10, -6],
    least: { x: 0, y: 3, value: 1.5 },
  });
  assert.equal(told.frame, "g over x from 0 to 1 and y from 2 to 3.");
  assert.equal(
    told.told,
    "At x = 1, y = 2 the value is 5 and the gradient (10, -6). The smallest value shown is about 1.5, near x = 0, y = 3.",
  );
});

test("over which samples", () => {
  assert.equal(sampleWords({ samples: 0, used: 0 }, true, ""), "");
  assert.equal(sampleWords({ samples: 9, used: 9 }, false, ""), " Average over 9 samples.");
  assert.equal(sampleWords({ samples: 9, used: 3 }, true, ""), " Average over 9 samples.");
  assert.equal(sampleWords({ samples: 9, used: 3 }, false, ""), " Average over 3 of 9 samples; all of them follow.");
  assert.equal(sampleWords({ samples: 9, used: 3 }, false, "At sample 2."), " At sample 2.");
});

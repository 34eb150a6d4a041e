/** What is plotted, and where hands and keys move it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { snapped, stepped } from "../../static/plot/moves.js";
import { chosen, subjectOf } from "../../static/plot/subject.js";
import { parse } from "../../static/state/url.js";

const samples = { columns: { x: Float64Array.of(1, 2, 3), y: Float64Array.of(4, 5, 6) }, count: 3 };

test("the first variable that is no column, unless others are chosen", () => {
  assert.deepEqual(chosen("", ["x", "w"], { x: [] }), ["w"]);
  assert.deepEqual(chosen("", ["x"], { x: [] }), ["x"]);
  assert.deepEqual(chosen("w,x,y", ["x", "w", "y"], {}), ["w", "x"]);
  assert.deepEqual(chosen("w,w,z", ["x", "w"], {}), ["w"]);
});

test("an average over samples, against a parameter", () => {
  const { names, at, samples: averaged, sample } = subjectOf(parse("at.w=3"), ["w", "x", "y"], samples);
  assert.deepEqual([names, at.w, averaged, sample], [["w"], 3, samples, ""]);
});

test("one sample where it is picked, or where a column is plotted against", () => {
  const picked = subjectOf(parse("row=1"), ["w", "x", "y"], samples);
  assert.deepEqual([picked.at, picked.samples, picked.sample], [{ w: 1, x: 2, y: 5 }, null, "At sample 2."]);
  const column = subjectOf(parse("plot=x&at.x=9"), ["w", "x", "y"], samples);
  assert.deepEqual(column.at, { w: 1, x: 9, y: 4 });
  assert.equal(column.sample, "x is a column; the other columns are at sample 1.");
});

test("steps of the sliders, and their ends", () => {
  const state = parse("at.x=1&at.y=NaN&step.y=1");
  assert.deepEqual([...stepped(state, ["x", "y"], [1, 0])], [["x", 1.1]]);
  assert.deepEqual([...stepped(state, ["x"], [-Infinity])], [["x", -5]]);
  assert.deepEqual([...stepped(state, ["x", "y"], [0, 2])], [["y", -3]]);
});

test("a hand means a step of the slider, or what the screen can show", () => {
  /** @type {any} */
  const scale = { domain: [-5, 5], range: [0, 400] };
  assert.equal(snapped(parse(""), "x", 1.234, scale), 1.2);
  assert.equal(snapped(parse("step.x=5"), "x", 1.23456789, scale), 1.23457);
});

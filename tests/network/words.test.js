import assert from "node:assert/strict";
import test from "node:test";
import { samplesInWords } from "../../static/network/words.js";

const rows = { columns: { x1: [0], x2: [1], y1: [1] }, count: 1200 };

test("samples are told where they are seen", () => {
  assert.equal(
    samplesInWords(rows, ["x1", "x2"], "y1"),
    " 1,200 samples are marked: squares where y1 is above 0.5, diamonds where it is not.",
  );
  assert.equal(
    samplesInWords(rows, ["x1", "x2"], "y1", 2),
    " 1,200 samples are marked: squares where y1 is 2, diamonds where it is not.",
  );
  assert.equal(samplesInWords(rows, ["x1", "x2"], ""), " 1,200 samples are marked.");
  assert.equal(samplesInWords(rows, ["x1"], "y1"), " The samples are marked.");
});

test("where a column is missing there are none", () => {
  assert.equal(samplesInWords(null, ["x1"], "y1"), "");
  assert.equal(samplesInWords(rows, ["x1", "x3"], "y1"), "");
  assert.equal(samplesInWords(rows, ["x1"], "y2"), "");
});

/** What the page says about samples, and what became of cells that are no numbers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { becameOf, setOf } from "../../static/data/source.js";
import { counted, over, spoilt, tableWords } from "../../static/data/words.js";

test("one and many", () => {
  assert.equal(counted(1, "sample"), "1 sample");
  assert.equal(counted(2_000, "column"), "2,000 columns");
});

test("which samples the numbers are of", () => {
  assert.equal(over(1_200, -1, 1, "Average over "), "Average over 1,200 samples");
  assert.equal(over(1_200, -1, 0.339, "Over "), "Averaging … 33%; over 1,200 samples");
  assert.equal(over(1_200, 0, 1, "Over "), "Sample 1 of 1,200");
});

test("the sample that spoils an average is named", () => {
  assert.match(spoilt(2), /^In sample 3 the output is no finite number/);
});

test("what became of texts and incomplete samples", () => {
  assert.equal(becameOf({}), "");
  assert.equal(
    becameOf({ classes: new Map([["species", ["setosa", "virginica"]]]), leftOut: ["name", "id"], dropped: 1 }),
    "species: 0 = setosa, 1 = virginica. Left out: name, id. 1 incomplete sample left out.",
  );
  assert.equal(becameOf({ dropped: 1_234 }), "1,234 incomplete samples left out.");
});

test("a set is named with its numbers, or as usual", () => {
  assert.deepEqual(setOf("moons,50"), { name: "moons", n: "50", seed: "0", noise: "0.1" });
});

test("what was read, and what is to be chosen", () => {
  const table = { columns: new Map([["x", 0]]), count: 1_000, told: "Left out: name." };
  assert.equal(tableWords(table, true), "1,000 samples, 1 column. Left out: name.");
  const held = new Map([["x", new Float64Array(200)]]);
  assert.equal(tableWords({ ...table, told: "", held }, true), "1,000 samples, 1 column. 200 more are held out.");
  assert.match(tableWords(table, false), /^1,000 samples, 1 column\. No column stands for a variable/);
});

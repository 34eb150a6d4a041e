import assert from "node:assert/strict";
import { test } from "node:test";

import { numbersOf } from "../../static/page/cells.js";

test("a block of a spreadsheet, or an array as NumPy prints it, is its numbers", () => {
  assert.deepEqual(numbersOf("1\t2\n3\t-4.5\n"), [1, 2, 3, -4.5]);
  assert.deepEqual(numbersOf("[[1.  2. ]\n [3.  1e-3]]"), [1, 2, 3, 0.001]);
  assert.deepEqual(numbersOf("array([[1, 2], [3, 4]])"), [1, 2, 3, 4]);
});

test("anything else is none", () => {
  for (const text of ["", "  ", "a\tb", "1 2 three", "NaN 1"]) assert.deepEqual(numbersOf(text), []);
});

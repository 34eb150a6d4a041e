import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { formatNumber } from "../../static/engine/numerals.js";

/** @type {[number | string, string][]} */
const cases = JSON.parse(readFileSync(new URL("../support/numerals.json", import.meta.url), "utf8"));

test("numbers are written as Python writes them", () => {
  for (const [x, text] of cases) assert.equal(formatNumber(Number(x)), text, `${x}`);
});

test("a number that does not exist has no text", () => {
  assert.equal(formatNumber(null), "");
});

test("lists of numbers have as many digits as one", () => {
  assert.deepEqual([1.23456, -2.34567, 3.45678].map(formatNumber), ["1.235", "-2.346", "3.457"]);
});

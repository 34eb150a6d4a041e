/** Names are set in the browser as on the server. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { inLine, letters, setNames } from "../../static/network/letters.js";

/** @type {{name: string, stem: string, below: string, above: string, line: string}[]} */
const vectors = JSON.parse(readFileSync(new URL("../support/letters.json", import.meta.url), "utf-8"));

for (const { name, line, ...set } of vectors) {
  test(`${name} is set`, () => assert.deepEqual([letters(name), inLine(name)], [set, line]));
}

test("the names in a text are set, and its numbers stay", () => {
  assert.equal(setNames("∂C0/∂x1 = 1e2, w2_11 = -2.5e-3, W[0, 1]"), "∂C₀/∂x₁ = 1e2, w₁₁⁽²⁾ = -2.5e-3, W[0, 1]");
});

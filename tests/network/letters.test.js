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

/** @type {{text: string, line: string}[]} */
const texts = JSON.parse(readFileSync(new URL("../support/set_texts.json", import.meta.url), "utf-8"));

for (const { text, line } of texts) test(`the names in ${text} are set`, () => assert.equal(setNames(text), line));

/** Names are set in the browser as on the server. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { letters } from "../../static/network/letters.js";

/** @type {{name: string, stem: string, below: string, above: string}[]} */
const vectors = JSON.parse(readFileSync(new URL("../support/letters.json", import.meta.url), "utf-8"));

for (const { name, ...set } of vectors) test(`${name} is set`, () => assert.deepEqual(letters(name), set));

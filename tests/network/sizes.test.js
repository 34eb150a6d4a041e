import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { parameters } from "../../static/network/sizes.js";

const known = JSON.parse(readFileSync(new URL("../support/sizes.json", import.meta.url), "utf8"));

test("parameters are counted as the builder in Python counts them", () => {
  for (const { sizes, bias, parameters: count } of known) assert.equal(parameters(sizes, bias), count);
});

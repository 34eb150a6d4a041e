import assert from "node:assert/strict";
import test from "node:test";
import { joined, without } from "../../static/network/lists.js";

test("a name is in a list once", () => {
  assert.equal(joined("", "a2_1"), "a2_1");
  assert.equal(joined("a2_1,a3_1", "a2_1"), "a2_1,a3_1");
  assert.equal(joined("a2_1,", "a3_1"), "a2_1,a3_1");
});

test("a name goes, the others stay", () => {
  assert.equal(without("a2_1,a3_1,a2_1", "a2_1"), "a3_1");
  assert.equal(without("", "a2_1"), "");
  assert.equal(without("a2_11", "a2_1"), "a2_11");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { BURST, visits } from "../../static/state/visits.js";

test("a burst of typing is one entry", () => {
  const { judge } = visits();
  assert.deepEqual(
    [judge("text", 0), judge("text", 100), judge("text", 100 + BURST - 1)],
    ["push", "replace", "replace"],
  );
});

test("typing after a pause is another", () => {
  const { judge } = visits();
  judge("text", 0);
  assert.equal(judge("text", BURST), "push");
});

test("numbers never make an entry, and do not end a burst", () => {
  const { judge } = visits();
  assert.deepEqual(
    [judge("number", 0), judge("text", 1), judge("number", 2), judge("text", 3)],
    ["replace", "push", "replace", "replace"],
  );
});

test("every switch and example is an entry, and ends a burst", () => {
  const { judge } = visits();
  judge("text", 0);
  assert.deepEqual([judge("choice", 1), judge("choice", 2), judge("text", 3)], ["push", "push", "push"]);
});

test("the first change of a visit leaves the entry that was opened, whatever it is", () => {
  const { judge, arrived } = visits();
  arrived();
  assert.deepEqual([judge("number", 0), judge("number", 1)], ["push", "replace"]);
  judge("text", 2);
  arrived();
  assert.deepEqual([judge("text", 3), judge("text", 4)], ["push", "replace"]);
});

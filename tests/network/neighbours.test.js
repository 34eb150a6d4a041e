import assert from "node:assert/strict";
import { test } from "node:test";

import { neighbour } from "../../static/network/neighbours.js";

// Two inputs, three neurons, one output, and nothing in the fourth column.
const PLACES = [
  { column: 0, down: 0.25 },
  { column: 0, down: 0.75 },
  { column: 1, down: 0 },
  { column: 1, down: 0.5 },
  { column: 1, down: 1 },
  { column: 3, down: 0.5 },
];

test("arrows lead to the nearest circle of the next column, and up and down within one", () => {
  assert.equal(neighbour(PLACES, 0, "ArrowDown"), 1);
  assert.equal(neighbour(PLACES, 1, "ArrowUp"), 0);
  assert.equal(neighbour(PLACES, 2, "ArrowDown"), 3);
  assert.equal(neighbour(PLACES, 4, "ArrowRight"), 5);
  assert.equal(neighbour(PLACES, 5, "ArrowLeft"), 3);
});

test("at the end one stays, and other keys lead nowhere", () => {
  assert.equal(neighbour(PLACES, 0, "ArrowLeft"), 0);
  assert.equal(neighbour(PLACES, 4, "ArrowDown"), 4);
  assert.equal(neighbour(PLACES, 0, "Enter"), null);
});

test("each circle is reached from each", () => {
  for (const start of PLACES.keys()) {
    const seen = new Set([start]);
    for (const at of seen) {
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) seen.add(neighbour(PLACES, at, key) ?? at);
    }
    assert.equal(seen.size, PLACES.length);
  }
});

/** Which column stands for which variable: the same cases as in tests/web/test_binding.py. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assign, choose, samplesOf } from "../../static/data/binding.js";

const VECTORS = JSON.parse(readFileSync(new URL("./bindings.json", import.meta.url), "utf-8"));

for (const { about, columns, variables, text, bound } of VECTORS) {
  test(about, () => {
    const found = [...assign(columns, variables, text)]
      .filter(([, name]) => name)
      .map(([column, name]) => [name, column]);
    assert.deepEqual(Object.fromEntries(found), bound);
  });
}

test("a choice is written only where it differs from the names", () => {
  assert.equal(choose(["x", "y"], ["x", "y"], "", "x", "x"), "");
  assert.equal(choose(["a", "y"], ["x", "y"], "", "a", "x"), "a:x");
  assert.equal(choose(["a", "y"], ["x", "y"], "a:x", "a", ""), "");
  assert.equal(choose(["x", "y"], ["x", "y"], "", "x", ""), "x:");
});

test("one variable has one column: the other is set free", () => {
  assert.equal(choose(["x", "y"], ["x", "y"], "", "x", "y"), "x:y,y:");
  assert.equal(choose(["a", "b"], ["x"], "a:x", "b", "x"), "b:x");
});

test("marks inside of names are escaped and come back", () => {
  const columns = ["Size, m²: 100%", "b"];
  const bind = choose(columns, ["x"], "", columns[0], "x");
  assert.equal(assign(columns, ["x"], bind).get(columns[0]), "x");
  assert.doesNotMatch(bind.replace(/:x$/, ""), /[,:]/);
});

test("what can't be read, and what is no variable, stands for nothing", () => {
  for (const bind of [":x", "a", "a:z", ",,", "a:x:"]) {
    assert.equal(assign(["a"], ["x"], bind).get("a"), "", bind);
  }
});

test("samples have the variables that their columns stand for, and the columns' own names", () => {
  const table = {
    columns: new Map([
      ["a", Float64Array.of(1, 2)],
      ["b", Float64Array.of(3, 4)],
    ]),
    count: 2,
    told: "",
  };
  const samples = samplesOf(table, assign(["a", "b"], ["x"], "b:x"));
  assert.deepEqual({ ...samples?.columns }, { x: Float64Array.of(3, 4) });
  assert.deepEqual([samples?.count, samples?.names?.get("x")], [2, "b"]);
  assert.equal(samplesOf(table, assign(["a", "b"], ["x"], "")), null);
});

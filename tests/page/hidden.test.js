import assert from "node:assert/strict";
import { test } from "node:test";

import { createVeil, isHidden } from "../../static/page/hidden.js";

const hidden = {
  fields: ["x.total", "c.0.flow", "c.gradient"],
  update: false,
  own: ["value", "gradient", "partial", "flow", "total"],
  signs: ["equals"],
};
const nodes = [{ id: "c", op: "mul", args: [] }];
const graph = (/** @type {typeof hidden | null} */ told) => ({
  output: "c",
  nodes,
  variables: ["x", "y"],
  hidden: told,
});
const everything = { get: () => 1 };
const shown = ["y.total", "c.0.partial", "c.1.flow", "c.value", "c.equals", "c[0,1].value", "c[0,1].value.shade"];
const covered = [
  "x.total",
  "c.0.flow",
  "c[0,1].gradient",
  "c[0].gradient.sign",
  "x.direction",
  "gradient.length",
  "path.0.product",
  "update.gd.0.g",
  "note.0.text",
];

test("what is hidden has no number, nor has what tells it", () => {
  const fields = createVeil(graph(hidden))(everything);
  for (const field of shown) assert.equal(fields.get(field), 1, field);
  for (const field of covered) assert.equal(fields.get(field), null, field);
});

test("what was found is hidden no more, and once all is found, nothing is", () => {
  const some = createVeil(graph(hidden), new Set(["x.total"]))(everything);
  assert.equal(some.get("x.total"), 1);
  assert.equal(some.get("c.gradient"), null);
  assert.equal(some.get("gradient.length"), null);
  const all = createVeil(graph(hidden), new Set(hidden.fields))(everything);
  for (const field of covered) assert.equal(all.get(field), 1, field);
});

test("an update is hidden with a gradient, or alone", () => {
  const value = { ...hidden, fields: ["c.value"] };
  assert.equal(createVeil(graph(value))(everything).get("update.gd.0.next"), 1);
  assert.equal(createVeil(graph({ ...value, update: true }))(everything).get("update.gd.0.next"), null);
});

test("whether one number is hidden", () => {
  const state = /** @type {any} */ ({ graph: graph(hidden), tensors: null, found: new Set() });
  assert.equal(isHidden(state, "x.total"), true);
  assert.equal(isHidden(state, "gradient.length"), true);
  assert.equal(isHidden(state, "c.value"), false);
  assert.equal(isHidden({ ...state, found: new Set(hidden.fields) }, "gradient.length"), false);
  assert.equal(isHidden({ ...state, graph: graph(null) }, "x.total"), false);
});

test("where nothing is hidden, fields are as they are", () => {
  assert.equal(createVeil(graph(null))(everything), everything);
  assert.equal(createVeil(null)(everything), everything);
});

test("cells are hidden one by one, with how their tensor is shaded and summed up", () => {
  const told = { ...hidden, fields: ["c[0,1].gradient", "x[2].total"] };
  const fields = createVeil(graph(told))(everything);
  for (const field of ["c[0,1].gradient", "c[0,0].gradient.shade", "c.gradient", "c.gradient.mean", "x[2].total"]) {
    assert.equal(fields.get(field), null, field);
  }
  for (const field of ["c[0,0].gradient", "c[0,0].gradient.sign", "c[0,1].value", "x[1].total"]) {
    assert.equal(fields.get(field), 1, field);
  }
  const found = createVeil(graph(told), new Set(["c[0,1].gradient"]))(everything);
  assert.equal(found.get("c[0,0].gradient.shade"), 1);
  assert.equal(found.get("x.total"), null);
});

/** static/engine/engine.js gives the numbers of tests/support/vectors.json, which Python wrote. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { compile, evaluate } from "../../static/engine/engine.js";
import { allFields, fieldNames } from "../support/fields.js";

/**
 * @typedef {{at: Record<string, number | string>, seed: number,
 *   fields: Record<string, number | string | null>}} Case
 * @type {{program: string, view: string, graph: import("../../static/engine/engine.js").Graph, cases: Case[]}[]}
 */
const vectors = JSON.parse(readFileSync(new URL("../support/vectors.json", import.meta.url), "utf-8"));

/** @param {Record<string, number | string>} at */
const numbers = (at) => Object.fromEntries(Object.entries(at).map(([name, x]) => [name, Number(x)]));

/** NaN, infinities and zeros with their signs exactly, the rest to 1e-12. @param {number} a @param {number} b */
function close(a, b) {
  if (Object.is(a, b)) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b) || a * b === 0) return Math.abs(a - b) < 1e-307 && a !== b;
  return Math.abs(a - b) <= Math.max(1e-12 * Math.max(Math.abs(a), Math.abs(b)), 1e-307);
}

test("the vectors are there", () => assert.ok(vectors.length > 50));

for (const { program, view, graph, cases } of vectors) {
  test(`${program} (${view})`, () => {
    const run = compile(graph);
    for (const { at, seed, fields } of cases) {
      const found = run(numbers(at), seed);
      assert.deepEqual(fieldNames(graph).sort(), Object.keys(fields).sort());
      for (const [field, wanted] of Object.entries(fields)) {
        const number = found.get(field) ?? null;
        if (wanted === null || number === null) assert.equal(number, wanted, field);
        else assert.ok(close(number, Number(wanted)), `${field} at ${JSON.stringify(at)}: ${number}, not ${wanted}`);
      }
    }
  });
}

test("a run leaves no trace in the next", () => {
  const { graph, cases } = vectors[0];
  const run = compile(graph);
  const first = allFields(graph, run(numbers(cases[0].at)));
  run(numbers(cases[1].at), 7);
  assert.deepEqual(allFields(graph, run(numbers(cases[0].at))), first);
  assert.deepEqual(allFields(graph, evaluate(graph, numbers(cases[0].at))), first);
});

test("a name that is no field's has no number", () => {
  const { graph, cases } = vectors[0];
  const fields = evaluate(graph, numbers(cases[0].at));
  for (const field of ["", "g", "g.", "g.x", "g.9.flow", "g.x.flow", "q.value", "x.toString", "constructor"]) {
    assert.equal(fields.get(field) ?? null, null, field);
  }
});

test("the gradient has a length and a direction", () => {
  const nodes = [
    { id: "a", op: "var", name: "x", args: [] },
    { id: "b", op: "var", name: "y", args: [] },
    { id: "c", op: "mul", args: ["a", "b"] },
  ];
  const fields = evaluate({ output: "c", nodes }, { x: 4, y: 3 });
  assert.deepEqual(
    ["gradient.length", "x.direction", "y.direction"].map((field) => fields.get(field)),
    [5, 0.6, 0.8],
  );
  assert.equal(evaluate({ output: "c", nodes }, { x: 0, y: 0 }).get("x.direction"), null);
});

test("a long chain needs no deep stack", () => {
  const nodes = [{ id: "n0", op: "var", name: "x", args: /** @type {string[]} */ ([]) }];
  for (let n = 1; n <= 30_000; n++) nodes.push({ id: `n${n}`, op: "neg", args: [`n${n - 1}`], name: "" });
  const fields = evaluate({ output: "n30000", nodes }, { x: 2 });
  assert.equal(fields.get("n30000.value"), 2);
  assert.equal(fields.get("x.total"), 1);
});

test("an operation takes 100,000 arguments", () => {
  const leaves = Array.from({ length: 30_000 }, (_, n) => ({ id: `n${n}`, op: "var", name: "x", args: [] }));
  for (const [op, value, total] of /** @type {[string, number, number][]} */ ([
    ["sum", 6e4, 3e4],
    ["max", 2, 1],
  ])) {
    const nodes = [...leaves, { id: "out", op, args: leaves.map((leaf) => leaf.id) }];
    const fields = evaluate({ output: "out", nodes }, { x: 2 });
    assert.equal(fields.get("out.value"), value);
    assert.ok(Math.abs((fields.get("x.total") ?? NaN) - total) < 1e-9 * total);
  }
});

test("what two edges between the same nodes have together", () => {
  const nodes = [
    { id: "a", op: "var", name: "x", args: [] },
    { id: "b", op: "pow", name: "", args: ["a", "a"] },
  ];
  const run = evaluate({ output: "b", nodes }, { x: 2 }, 1);
  assert.equal(run.get("b.1.together"), 4 + 4 * Math.log(2));
});

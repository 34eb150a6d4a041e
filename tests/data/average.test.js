/** static/data/average.js: the mean of what engine.js gives row by row, in slices as at once. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { average, begin, createAverages } from "../../static/data/average.js";
import { compile } from "../../static/engine/engine.js";
import { createPass } from "../../static/engine/pass.js";
import { allFields } from "../support/fields.js";

/**
 * @typedef {{at: Record<string, number | string>, seed: number}} Case
 * @type {{program: string, view: string, graph: import("../../static/engine/engine.js").Graph, cases: Case[]}[]}
 */
const vectors = JSON.parse(readFileSync(new URL("../support/vectors.json", import.meta.url), "utf-8"));

/** @param {import("../../static/engine/engine.js").Graph} graph */
const variables = (graph) => [...new Set(graph.nodes.flatMap((node) => (node.op === "var" ? [node.name ?? ""] : [])))];

/** Numbers that are no pattern, and always the same. @param {number} n @param {number} seed */
function column(n, seed) {
  return Float64Array.from({ length: n }, (_, at) => 2 + Math.sin(12.9898 * (at + 1) + seed) * 1.5);
}

/** @param {readonly (number | null)[]} xs */
function mean(xs) {
  return xs.includes(null) ? null : xs.reduce((/** @type {number} */ sum, x) => sum + Number(x), -0) / xs.length;
}

for (const { program, view, graph } of vectors) {
  const [first, ...others] = variables(graph);
  if (!first) continue;
  test(`the mean of the rows: ${program} (${view})`, () => {
    const n = 7;
    const columns = { [first]: column(n, 1) };
    const at = Object.fromEntries([first, ...others].map((name, place) => [name, 0.5 + place]));
    const found = allFields(graph, average(graph, { columns, count: n }, at, 3));
    const run = compile(graph);
    const rows = [...columns[first]].map((x) => allFields(graph, run({ ...at, [first]: x }, 3)));
    for (const [field, number] of found) {
      const wanted = field.endsWith(".partial") ? null : mean(rows.map((row) => row.get(field) ?? null));
      if (!field.endsWith(".total") || wanted === null || number === null) assert.deepEqual(number, wanted, field);
      // A variable's leaves are averaged one by one, then added.
      else {
        assert.ok(
          !(Math.abs(number - wanted) > 1e-12 * Math.max(1, Math.abs(wanted))),
          `${field}: ${number}, ${wanted}`,
        );
      }
    }
  });
}

test("one row is the row, to the last digit", () => {
  for (const { graph, cases } of vectors) {
    const names = variables(graph);
    for (const { at, seed } of cases) {
      const point = Object.fromEntries(names.map((name) => [name, Number(at[name])]));
      const columns = Object.fromEntries(names.map((name) => [name, [point[name]]]));
      const found = average(graph, { columns, count: 1 }, {}, Number(seed));
      for (const [field, number] of allFields(graph, compile(graph)(point, Number(seed)))) {
        if (!field.endsWith(".partial")) {
          assert.ok(Object.is(found.get(field), number), `${field}: ${found.get(field)}, ${number}`);
        }
      }
    }
  }
});

/** (w*x + b - y)^2 */
const LINE = {
  output: "g",
  nodes: [
    { id: "w", op: "var", name: "w", args: [] },
    { id: "x", op: "var", name: "x", args: [] },
    { id: "c", op: "mul", args: ["w", "x"] },
    { id: "b", op: "var", name: "b", args: [] },
    { id: "d", op: "add", args: ["c", "b"] },
    { id: "y", op: "var", name: "y", args: [] },
    { id: "e", op: "sub", args: ["d", "y"] },
    { id: "g", op: "mul", args: ["e", "e"] },
  ],
};
const N = 20_000;
const ROWS = { columns: { x: column(N, 1), y: column(N, 2) }, count: N };

test("slices give what one go gives", () => {
  const at = { w: 0.3, b: -1 };
  const job = begin(LINE, createPass(LINE), ROWS, at, 1);
  let slices = 1;
  while (!job.go(() => true)) slices++;
  assert.ok(slices > 10);
  assert.deepEqual(allFields(LINE, job.fields()), allFields(LINE, average(LINE, ROWS, at)));
});

/** A world whose time passes only where it is asked for. */
function clockwork() {
  /** @type {(() => void)[]} */
  const waiting = [];
  let time = 0;
  return { later: (/** @type {() => void} */ work) => void waiting.push(work), now: () => time++, waiting };
}

test("the last average stays until the next is whole", () => {
  const { later, now, waiting } = clockwork();
  let told = 0;
  const averages = createAverages(LINE, { later, now, told: () => told++ }, 3);
  const end = () => {
    while (waiting.length) waiting.shift()?.();
  };
  assert.equal(averages.fields(ROWS, { w: 1, b: 0 }, 1).get("w.value"), undefined);
  assert.ok(averages.part() > 0 && averages.part() < 1);
  end();
  assert.equal(averages.part(), 1);
  assert.ok(told > 1);
  const shown = (/** @type {number} */ w) => allFields(LINE, averages.fields(ROWS, { w, b: 0 }, 1));
  const first = shown(1);
  assert.deepEqual(first, allFields(LINE, average(LINE, ROWS, { w: 1, b: 0 })));
  assert.equal(waiting.length, 0);

  // A drag: the first move is averaged to its end, then the newest.
  assert.deepEqual(shown(2), first);
  assert.deepEqual(shown(3), first);
  end();
  assert.deepEqual(shown(3), allFields(LINE, average(LINE, ROWS, { w: 2, b: 0 })));
  end();
  assert.deepEqual(shown(3), allFields(LINE, average(LINE, ROWS, { w: 3, b: 0 })));
});

test("other rows end what is under way", () => {
  const { later, now, waiting } = clockwork();
  const averages = createAverages(LINE, { later, now, told() {} }, 3);
  averages.fields(ROWS, { w: 1, b: 0 }, 1);
  const few = { columns: { x: [1, 2], y: [3, Infinity] }, count: 2 };
  const found = averages.fields(few, { w: 1, b: 0 }, 1);
  assert.equal(found.get("x.value"), 1.5);
  assert.equal(averages.part(), 1);
  assert.equal(averages.broken(), 1);
  waiting.shift()?.();
  assert.deepEqual(averages.fields(few, { w: 1, b: 0 }, 1), found);
});

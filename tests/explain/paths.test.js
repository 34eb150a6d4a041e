import assert from "node:assert/strict";
import { test } from "node:test";

import { ledger, places } from "../../static/explain/paths.js";
import { at } from "../support/fields.js";

/** @typedef {import("../../static/engine/engine.js").Graph} Graph */

/** @type {Graph["nodes"][0]} */
const x = { id: "x", op: "var", name: "x", args: [] };

/** u1 = x + x; u2 = u1 + u1; … @param {number} levels @returns {Graph} */
function doubling(levels) {
  /** @type {Graph["nodes"]} */
  const nodes = [x];
  for (let k = 1; k <= levels; k++) {
    const below = nodes[k - 1].id;
    nodes.push({ id: `u${k}`, op: "add", args: [below, below] });
  }
  return { output: nodes[levels].id, nodes };
}

test("2^40 paths are counted exactly, and the largest listed", () => {
  const graph = doubling(40);
  const found = ledger(at(graph, { x: 1 }), "x", 3);
  assert.equal(found.count, 2n ** 40n);
  assert.deepEqual(
    found.paths.map(({ product }) => product),
    [1, 1, 1],
  );
  assert.deepEqual([found.total, found.rest], [2 ** 40, 2 ** 40 - 3]);
});

test("more paths than a double can count", () => {
  const graph = doubling(80);
  assert.equal(ledger(at(graph, { x: 1 }), "x").count, 2n ** 80n);
});

test("a path tells its nodes, edges and partials; the seed is part of its share", () => {
  /** @type {Graph} */
  const graph = {
    output: "m",
    nodes: [x, { id: "s", op: "sqrt", args: ["x"] }, { id: "m", op: "mul", args: ["s", "x"] }],
  };
  const found = ledger(at(graph, { x: 4 }, 3), "x");
  assert.deepEqual(found.paths, [
    { nodes: ["m", "x"], edges: [["m", 1]], partials: [2], product: 6 },
    {
      nodes: ["m", "s", "x"],
      edges: [
        ["m", 0],
        ["s", 0],
      ],
      partials: [4, 0.25],
      product: 3,
    },
  ]);
  assert.deepEqual([found.count, found.total, found.rest], [2n, 9, 0]);
});

test("a share that is no number comes first", () => {
  /** @type {Graph} */
  const graph = {
    output: "s",
    nodes: [x, { id: "l", op: "log", args: ["x"] }, { id: "s", op: "add", args: ["x", "l"] }],
  };
  const found = ledger(at(graph, { x: -1 }), "x");
  assert.deepEqual(
    found.paths.map(({ product }) => product),
    [NaN, 1],
  );
});

test("an unknown name has no paths", () => {
  assert.deepEqual(places(at(doubling(1), { x: 1 }).plan, "q"), []);
  assert.equal(ledger(at(doubling(1), { x: 1 }), "q").count, 0n);
});

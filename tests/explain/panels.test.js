import assert from "node:assert/strict";
import { test } from "node:test";

import { createPanels, SILENT } from "../../static/explain/panels.js";
import { at } from "../support/fields.js";

/** x + x times 2^n: 2^(n + 1) paths. @param {number} levels @returns {import("../../static/engine/engine.js").Graph} */
function doubling(levels) {
  const nodes = [{ id: "u0", op: "var", name: "x", args: /** @type {string[]} */ ([]) }];
  for (let k = 1; k <= levels; k++) nodes.push({ id: `u${k}`, op: "add", args: [`u${k - 1}`, `u${k - 1}`], name: "" });
  return { output: `u${levels}`, nodes };
}

/** @param {import("../../static/engine/engine.js").Graph} graph @param {object} [state] @param {number} [seed] */
function explained(graph, state = {}, seed = 1) {
  const run = at(graph, { x: 1 }, seed);
  return createPanels(run.plan)(run, { panels: "paths,nudge,forward,sides", about: "x", h: 0.5, ...state });
}

/** @param {import("../../static/explain/panels.js").Explained} found @param {string} fields */
const read = (found, fields) => fields.split(" ").map((field) => found.get(field) ?? null);

test("twelve paths are listed and the rest counted", () => {
  const found = explained(doubling(10));
  assert.deepEqual(read(found, "paths.count paths.total paths.unlisted paths.rest"), [
    "1,024",
    1024,
    "1,012 more",
    1012,
  ]);
  assert.equal(found.get("path.11.product"), 1);
  assert.equal(found.get("path.12.product"), undefined);
});

test("what is not there is empty", () => {
  const found = explained(doubling(1));
  assert.deepEqual(read(found, "path.1.nodes path.2.nodes path.2.partials"), ["u₁ → u₀", "", ""]);
  assert.deepEqual(read(found, "path.2.product paths.unlisted paths.rest"), [null, "", null]);
});

test("the seed is a factor where it is not 1, and where there is no other", () => {
  assert.equal(explained(doubling(2)).get("path.0.partials"), "1 × 1");
  assert.equal(explained(doubling(2), {}, -3).get("path.0.partials"), "(-3) × 1 × 1");
  assert.equal(explained(doubling(2), { about: "u2" }).get("path.0.partials"), "1");
});

test("the numbers of nodes, edges and variables", () => {
  const found = explained(doubling(2), {}, 3);
  assert.deepEqual(read(found, "u2.tangent u2.0.tangent u1.predicted u1.actual u1.miss"), [4, 2, 1, 1, 0]);
  assert.deepEqual(read(found, "nudge.predicted nudge.actual nudge.upstream"), [2, 2, 6]);
  assert.deepEqual(read(found, "x.left x.right operations.forward"), [12, 12, 12]);
  assert.ok(Math.abs(Number(found.get("x.difference")) - 12) < 1e-6);
});

test("a name that is not the program's is the first variable", () => {
  assert.equal(explained(doubling(2), { about: "q" }).get("paths.count"), "4");
});

test("panels that are closed show nothing", () => {
  const found = explained(doubling(2), { panels: "nodes" });
  assert.deepEqual(read(found, "paths.count path.0.nodes u2.tangent nudge.actual x.left x.error"), Array(6).fill(null));
});

test("findings are told in the first rows", () => {
  const nodes = [{ id: "u0", op: "var", name: "x", args: /** @type {string[]} */ ([]) }];
  for (let k = 1; k <= 7; k++) nodes.push({ id: `u${k}`, op: "sign", args: [`u${k - 1}`], name: "" });
  const found = explained({ output: "u7", nodes }, { panels: "" });
  assert.deepEqual(read(found, "note.0.node note.4.node note.5.node notes.more"), ["u1", "u5", null, "and 2 more"]);
  assert.match(String(found.get("note.0.text")), /^u₁ = sign\(u₀\) = sign\(1\) = 1 is flat/);
  assert.equal(explained(doubling(1)).get("note.0.text"), "");
  assert.deepEqual(read(SILENT, "note.0.text paths.count"), ["", null]);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { format, parse, sliderOf, withEnd, withStarts, withValues } from "../../static/state/url.js";

/** @type {Record<string, any>[]} */
const cases = JSON.parse(readFileSync(new URL("../support/urls.json", import.meta.url), "utf8"));
const DEFAULT = { expr: "(4*x+1)^2", view: "tree", dir: "up", seed: 1, frame: -1 };

/** JSON has no NaN: it is text there. @param {any} value */
const number = (value) => (typeof value === "string" ? Number(value) : value);

for (const row of cases) {
  test(`reads and writes ?${row.query}`, () => {
    const state = parse(row.query);
    assert.equal(state.expr, row.expr ?? DEFAULT.expr);
    assert.equal(state.view, row.view ?? DEFAULT.view);
    assert.equal(state.dir, row.dir ?? DEFAULT.dir);
    assert.equal(state.seed, number(row.seed ?? DEFAULT.seed));
    assert.equal(state.frame, row.frame ?? DEFAULT.frame);
    for (const family of /** @type {const} */ (["at", "min", "max", "step"])) {
      const wanted = Object.entries(row[family] ?? {}).map(([name, value]) => [name, number(value)]);
      assert.deepEqual(plain(state[family]), plain(new Map(/** @type {[string, number][]} */ (wanted))));
    }
    assert.deepEqual(Object.fromEntries(state.from), row.start ?? {});
    assert.equal(format(state, row.variables), row.canonical);
    assert.equal(format(parse(row.canonical), row.variables), row.canonical);
  });
}

/** −0 is written as such, and JSON in the table can't. @param {ReadonlyMap<string, number>} family */
const plain = (family) => Object.fromEntries([...family].map(([name, value]) => [name, value + 0]));

test("half a surrogate pair does not break the address", () => {
  assert.equal(format({ ...parse(""), expr: "x\ud800" }, []), "expr=x%EF%BF%BD");
});

test("a variable stands where the program lets it start, until the address says otherwise", () => {
  const given = parse("at.y=3");
  const state = { ...given, ...withStarts(given, { x: -2, y: 5 }) };
  assert.deepEqual([sliderOf(state, "x").value, sliderOf(state, "y").value], [-2, 3]);
  assert.equal(format(state, ["x", "y"]), "at.y=3");
  const moved = { ...state, ...withValues(state, [["x", 1]]) };
  assert.equal(format(moved, ["x", "y"]), "at.x=1&at.y=3");
  const anew = { ...moved, ...withStarts(moved, { x: 7, y: 5 }) };
  assert.deepEqual([sliderOf(anew, "x").value, sliderOf(anew, "y").value], [7, 3]);
});

test("a pinned variable, which the graph has no more, keeps its value", () => {
  assert.equal(format(parse("pin=y&at.y=3&at.z=2"), ["x"]), "pin=y&at.y=3");
});

test("a value outside the range widens it", () => {
  const wide = { ...parse(""), ...withValues(parse(""), [["x", 100]]) };
  const state = { ...wide, ...withValues(wide, [["x", 2]]) };
  assert.deepEqual(sliderOf(state, "x"), { value: 2, min: -5, max: 100, step: 0.1 });
});

test("a value in the address widens the range, too", () => {
  assert.equal(sliderOf(parse("at.x=-7"), "x").min, -7);
  assert.equal(sliderOf(parse("at.x=Infinity"), "x").max, 5);
});

test("an end that passes the value takes it along", () => {
  const state = { ...parse("at.x=1"), ...withEnd(parse("at.x=1"), "x", "min", 2) };
  assert.deepEqual(sliderOf(state, "x"), { value: 2, min: 2, max: 5, step: 0.1 });
});

test("ends that pass one another change places", () => {
  const state = { ...parse("at.x=1"), ...withEnd(parse("at.x=1"), "x", "min", 9) };
  assert.deepEqual(sliderOf(state, "x"), { value: 5, min: 5, max: 9, step: 0.1 });
});

test("a change leaves the state that it starts from as it is", () => {
  const state = parse("at.x=1");
  withValues(state, [["x", 100]]);
  withEnd(state, "x", "min", 9);
  assert.deepEqual(state, parse("at.x=1"));
});

test("a list of numbers stays in the address as it is", () => {
  const state = parse("expr=sum(W)&at.W=[[1,%202]]&at.x=3");
  assert.equal(state.lists.get("W"), "[[1, 2]]");
  assert.equal(state.at.has("W"), false);
  assert.equal(format(state, ["W", "x"]), "expr=sum(W)&at.W=%5B%5B1,%202%5D%5D&at.x=3");
});

test("a class goes through whole numbers, unless the address says otherwise", () => {
  const state = { ...parse("at.x=2&max.x=100&at.y=3"), tensors: { choices: { x: 3, y: 4 } } };
  assert.deepEqual(sliderOf(state, "x"), { value: 2, min: 0, max: 100, step: 1 });
  assert.deepEqual(sliderOf(state, "y"), { value: 3, min: 0, max: 3, step: 1 });
  assert.deepEqual(sliderOf(state, "z"), { value: 1, min: -5, max: 5, step: 0.1 });
});

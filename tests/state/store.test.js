import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore } from "../../static/state/store.js";

test("a subscriber is called at once, and after changes of its keys alone", () => {
  const store = createStore({ a: 1, b: 2 });
  /** @type {number[]} */
  const seen = [];
  const end = store.subscribe(["a"], ({ a }) => seen.push(a));
  store.change({ b: 3 });
  store.change({ a: 1 });
  store.change({ a: 4, b: 4 });
  end();
  store.change({ a: 5 });
  assert.deepEqual(seen, [1, 4]);
  assert.deepEqual({ ...store.state }, { a: 5, b: 4 });
});

test("a change of two keys is told once, NaN is itself, -0 is not 0", () => {
  const store = createStore({ a: NaN, b: 0 });
  let calls = 0;
  store.subscribe(["a", "b"], () => (calls += 1));
  store.change({ a: NaN, b: 0 });
  assert.equal(calls, 1);
  store.change({ a: 1, b: -0 });
  assert.equal(calls, 2);
});

test("what a subscriber changes is told after all have seen the change", () => {
  const store = createStore({ a: 0, double: 0 });
  /** @type {string[]} */
  const seen = [];
  store.subscribe(["a"], ({ a }) => store.change({ double: 2 * a }));
  store.subscribe(["a", "double"], ({ a, double }) => seen.push(`${a}:${double}`));
  store.change({ a: 3 });
  assert.deepEqual(seen, ["0:0", "3:6", "3:6"]);
});

test("a subscriber is told which keys have changed, whatever its own", () => {
  const store = createStore({ a: 0, b: 0, c: 0 });
  /** @type {string[]} */
  const seen = [];
  store.subscribe(["a", "b"], (_, changed) => seen.push([...changed].join()));
  store.change({ b: 1, c: 1 });
  store.change({ c: 2 });
  assert.deepEqual(seen, ["a,b", "b,c"]);
});

test("one that ends another while being told", () => {
  const store = createStore({ a: 0 });
  let calls = 0;
  /** @type {() => void} */
  let end = () => {};
  store.subscribe(["a"], () => end());
  end = store.subscribe(["a"], () => (calls += 1));
  store.change({ a: 1 });
  assert.equal(calls, 1);
});

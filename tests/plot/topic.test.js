/** What is plotted follows from the store. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createTopic } from "../../static/plot/topic.js";
import { createStore } from "../../static/state/store.js";
import { parse, withValues } from "../../static/state/url.js";

/** @param {string[]} variables @returns {any} */
const product = (...variables) => ({
  output: "p",
  variables,
  nodes: [
    ...variables.map((name) => ({ id: name, op: "var", name, args: [] })),
    { id: "p", op: "mul", args: variables.slice(0, 2) },
  ],
});
const samples = () => ({ columns: { x: Float64Array.of(1, 2), y: Float64Array.of(3, 4) }, count: 2 });

/** @param {string} query @param {any} graph */
function topicOf(query, graph) {
  const store = createStore(
    /** @type {import("../../static/workbench.js").Shown} */ ({
      ...parse(query),
      graph,
      samples: null,
      closed: [],
      tensors: null,
      descents: [],
      found: new Set(),
      moved: new Map(),
    }),
  );
  return { store, now: createTopic(store).now };
}

test("the point moves on the same function; another value elsewhere makes another function", () => {
  const { store, now } = topicOf("", product("x", "y"));
  const first = now();
  store.change(withValues(store.state, [["x", 3]]));
  assert.equal(now()?.f, first?.f);
  assert.equal(now()?.subject.at.x, 3);
  store.change(withValues(store.state, [["y", 3]]));
  assert.notEqual(now()?.f, first?.f);
});

test("other samples of the same number are another function", () => {
  const { store, now } = topicOf("plot=w", product("w", "x", "y"));
  store.change({ samples: samples() });
  const first = now();
  store.change({ samples: samples() });
  assert.notEqual(now()?.f, first?.f);
});

test("a program with no variables, or with a mistake, has no plot", () => {
  const { store, now } = topicOf("", product("x", "y"));
  store.change({ graph: null });
  assert.equal(now(), null);
});

test("the range that was chosen goes with its variables", () => {
  const { store } = topicOf("box=0,1,0,1", product("x", "y"));
  store.change({ graph: product("x", "y") });
  assert.equal(store.state.box, "0,1,0,1");
  store.change({ graph: product("t", "u") });
  assert.equal(store.state.box, "");
});

test("a range that comes with a program, or with variables, stays", () => {
  const { store } = topicOf("", product("x", "y"));
  store.change({ expr: "t*u", box: "0,2,0,2" });
  store.change({ graph: product("t", "u") });
  assert.equal(store.state.box, "0,2,0,2");
  store.change({ plot: "u", box: "0,3,0,3" });
  assert.equal(store.state.box, "0,3,0,3");
});

test("the range of a link stays where its samples say later which variables are columns", () => {
  const { store, now } = topicOf("data=line&box=0,2,0,2", product("x", "w", "y"));
  store.change({ samples: samples() });
  assert.deepEqual(now()?.subject.names, ["w"]);
  assert.equal(store.state.box, "0,2,0,2");
});

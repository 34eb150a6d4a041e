import assert from "node:assert/strict";
import { test } from "node:test";

import { keepNames, namesIn } from "../../static/page/naming.js";
import { createStore } from "../../static/state/store.js";

const shown = (/** @type {object} */ more) =>
  /** @type {any} */ ({ view: "tree", panes: "", hide: "c.gradient", names: "", expr: "x*x", ...more });

test("what is hidden keeps the view that names it", () => {
  const store = createStore(shown({}));
  keepNames(/** @type {any} */ (store));
  store.change({ view: "graph" });
  assert.equal(store.state.names, "tree");
  store.change({ panes: "network" }); // a network's graph is merged, too
  assert.equal(store.state.names, "tree");
  store.change({ view: "tree", panes: "" });
  assert.equal(store.state.names, "");
  store.change({ panes: "network,graph" });
  assert.equal(store.state.names, "tree");
});

test("another state has its own", () => {
  const store = createStore(shown({}));
  keepNames(/** @type {any} */ (store));
  store.change({ view: "graph", hide: "d.gradient" });
  assert.equal(store.state.names, "");
  store.change({ view: "tree", hide: "" });
  store.change({ view: "graph" });
  assert.equal(store.state.names, "");
  assert.equal(namesIn(shown({ view: "graph" }), "tree"), "tree");
});

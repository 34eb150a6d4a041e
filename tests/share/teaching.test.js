import assert from "node:assert/strict";
import { test } from "node:test";

import { changed } from "../../static/share/teaching.js";

test("parameters take the place of those that were there", () => {
  const query = "expr=x%2By&at.x=2&panes=plot&frame=3";
  assert.equal(
    changed(query, { panes: "graph,practice", frame: "", lock: "x,β" }),
    "expr=x%2By&at.x=2&panes=graph,practice&lock=x,%CE%B2",
  );
  assert.equal(changed("", { hide: "from:4" }), "hide=from:4");
  assert.equal(changed(query, {}), query);
});

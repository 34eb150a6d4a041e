import assert from "node:assert/strict";
import { test } from "node:test";

import { createPreview } from "../../static/descent/preview.js";
import { descending, LARGEST, roundedDown } from "../../static/descent/rate.js";
import { parse } from "../../static/state/url.js";

test("a large program's rate is not told before", () => {
  const nodes = Array.from({ length: 3000 }, (_, at) => ({ id: `n${at}`, op: "var", args: [], name: "x" }));
  assert.equal(createPreview()({ output: "n0", nodes, variables: ["x"] }, parse(""), ["x"]), null);
});

test("where no curvature is known, the largest rate", () => {
  for (const slope of [0, NaN, Infinity]) {
    assert.equal(
      descending(() => [slope], Float64Array.of(1)),
      LARGEST,
    );
  }
});

test("rounded down", () => {
  assert.deepEqual(
    [0.03125, 0.05, 0.04999999999, 0.0499, 7, 1e-300].map(roundedDown),
    [0.02, 0.05, 0.05, 0.02, 5, 1e-300],
  );
});

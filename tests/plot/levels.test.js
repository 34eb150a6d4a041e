/** Levels of contours, and the regions between them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./d3.js";

const { levelsOf, lowest, places, regions } = await import("../../static/plot/levels.js");

/** @param {(x: number, y: number) => number} f @param {import("../../static/plot/window.js").Window} window */
function gridOf(f, window, across = 64, up = 42) {
  const { xs, ys } = places(window, across, up);
  return { values: xs.map((x, at) => f(x, ys[at])), across, up };
}

test("levels of a valley go by powers of ten", () => {
  const { values } = gridOf((x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, [-5, 5, -5, 5]);
  const { thresholds, log } = levelsOf(values);
  assert.ok(log);
  assert.deepEqual(
    [...thresholds].sort((a, b) => a - b),
    thresholds,
  );
  assert.ok(thresholds[thresholds.length - 1] / thresholds[0] > 1e3);
});

test("levels of a plane are evenly apart, and lie among its values", () => {
  const { values } = gridOf((x, y) => x + y, [-5, 5, -5, 5]);
  const { thresholds, log } = levelsOf(values);
  assert.ok(!log);
  const gaps = thresholds.slice(1).map((level, at) => level - thresholds[at]);
  assert.ok(gaps.every((gap) => Math.abs(gap - gaps[0]) < 1e-9));
  assert.ok(thresholds[0] > -10 && thresholds[thresholds.length - 1] < 10);
});

test("what is constant or nowhere defined has no levels", () => {
  assert.deepEqual(levelsOf(new Float64Array(9).fill(3)).thresholds, []);
  assert.deepEqual(levelsOf(new Float64Array(9).fill(NaN)), { thresholds: [], log: false });
});

test("regions leave empty what is undefined", () => {
  /** @type {import("../../static/plot/window.js").Window} */
  const window = [-5, 5, -5, 5];
  const [base] = regions(
    gridOf((x, y) => Math.log(x * y), window, 128, 84),
    [],
    {
      left: -5,
      right: 5,
      top: 5,
      bottom: -5,
    },
  );
  const points = [...base.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.ok(points.length > 4);
  for (const [x, y] of points) assert.ok(x * y > -0.6, `${x}, ${y}`);
});

test("places are the middles of cells", () => {
  const { xs, ys } = places([0, 2, 0, 4], 2, 2);
  assert.deepEqual(
    [[...xs], [...ys]],
    [
      [0.5, 1.5, 0.5, 1.5],
      [1, 1, 3, 3],
    ],
  );
});

test("the lowest value, and where", () => {
  assert.deepEqual(lowest({ values: Float64Array.of(3, NaN, -1, 2), across: 2, up: 2 }, [0, 2, 0, 2]), {
    x: 0.5,
    y: 1.5,
    value: -1,
  });
  assert.equal(lowest({ values: Float64Array.of(NaN), across: 1, up: 1 }, [0, 1, 0, 1]), undefined);
});

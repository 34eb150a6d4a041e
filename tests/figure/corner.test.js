/** The overview lies where it covers nothing of the figure. */

import assert from "node:assert/strict";
import test from "node:test";

import { cornerFor, MARGIN } from "../../static/figure/corner.js";

const FRAME = { width: 390, height: 330 };
const MAP = { width: 100, height: 110 };
const box = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y, width: 80, height: 60 });

test("it is at the bottom on the right, where nothing is there", () => {
  assert.deepEqual(cornerFor(FRAME, MAP, [box(10, 10)]), { along: "right", down: "bottom", scale: 1 });
});

test("it goes out of the way, and stays where it went", () => {
  const right = box(300, 260);
  const there = cornerFor(FRAME, MAP, [right]);
  assert.deepEqual(there, { along: "left", down: "bottom", scale: 1 });
  assert.deepEqual(cornerFor(FRAME, MAP, [], there), there);
  assert.deepEqual(cornerFor(FRAME, MAP, [right, box(20, 250)]), { along: "right", down: "top", scale: 1 });
});

test("it is smaller before it covers anything, and nowhere where it would in every corner", () => {
  const near = [box(200, 225), box(200, 60), box(95, 225), box(95, 60)]; // room for 0.7 of its width alone
  assert.deepEqual(cornerFor(FRAME, MAP, near), { along: "right", down: "bottom", scale: 0.7 });
  const corners = [box(20, 20), box(300, 20), box(20, 250), box(300, 250)];
  assert.equal(cornerFor(FRAME, MAP, corners), null);
  assert.equal(cornerFor({ width: MAP.width + MARGIN, height: 400 }, { ...MAP, width: 200 }, []), null);
});

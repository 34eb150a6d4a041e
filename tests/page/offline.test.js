import assert from "node:assert/strict";
import { test } from "node:test";

import { createOffline } from "../../static/page/offline.js";
import { handClock } from "../support/clock.js";

/** A page that has nothing but the words. */
function words() {
  const told = { textContent: "gone", hidden: true, dataset: { busy: "others first" } };
  const root = /** @type {HTMLElement} */ (/** @type {unknown} */ ({ querySelector: () => told }));
  return { told, root };
}

test("what did not come is asked for again, and told until it has come", () => {
  const { told, root } = words();
  const clock = handClock();
  const offline = createOffline(root, clock);
  let asked = 0;
  offline.missed("parts", () => asked++);
  assert.deepEqual([told.hidden, told.textContent], [false, "gone"]);
  clock.turn(5_000);
  assert.equal(asked, 1);
  offline.came("parts");
  assert.equal(told.hidden, true);
});

test("a server that is busy is asked when it says", () => {
  const { told, root } = words();
  const clock = handClock();
  const offline = createOffline(root, clock);
  let asked = 0;
  offline.missed("parts", () => asked++, { wait: 30_000 });
  assert.equal(told.textContent, "others first");
  clock.turn(29_000);
  assert.equal(asked, 0);
  clock.turn(1_000);
  assert.equal(asked, 1);
});

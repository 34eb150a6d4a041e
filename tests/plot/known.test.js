/** A first look comes at once, the whole once the numbers rest. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createKnown } from "../../static/plot/known.js";
import { handClock } from "../support/clock.js";

/** @param {() => boolean} [alive] */
function knownBy(alive = () => true) {
  const clock = handClock();
  /** @type {string[]} */
  const told = [];
  const known = createKnown(clock, alive, () => told.push("renewed"));
  return { clock, told, known };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what is known is not computed again", () => {
  const { known } = knownBy();
  const f = {};
  assert.equal(known([f, 1, NaN], () => "first", null).found, "first");
  assert.equal(known([f, 1, NaN], () => "second", null).found, "first");
  assert.equal(known([f, 1, NaN, 2], () => "third", null).found, "third");
  assert.equal(known([{}, 1, NaN, 2], () => "fourth", null).found, "fourth");
});

test("the whole comes once the numbers rest", async () => {
  const { clock, told, known } = knownBy();
  const whole = async () => "whole";
  assert.deepEqual(
    known(["a"], () => "look", whole),
    { key: ["a"], exact: false, found: "look" },
  );
  clock.turn(60);
  known(["b"], () => "look", whole);
  clock.turn(60);
  await settled();
  assert.deepEqual(told, []);
  clock.turn(60);
  await settled();
  assert.deepEqual(told, ["renewed"]);
  assert.deepEqual(
    known(["b"], () => "look", whole),
    { key: ["b"], exact: true, found: "whole" },
  );
});

test("nobody is told of what is of no use any more", async () => {
  let alive = true;
  const { clock, told, known } = knownBy(() => alive);
  known(
    ["a"],
    () => "look",
    async (still) => {
      alive = false;
      return still() ? "whole" : undefined;
    },
  );
  clock.turn(1_000);
  await settled();
  assert.deepEqual(told, []);
});

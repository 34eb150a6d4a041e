import assert from "node:assert/strict";
import { test } from "node:test";

import { atRest, createTicker, oncePerFrame } from "../../static/page/clock.js";
import { handClock } from "../support/clock.js";

test("work that is asked for twice in a frame is done once in it, and again in the next", () => {
  const clock = handClock();
  let done = 0;
  const ask = oncePerFrame(clock, () => (done += 1));
  ask();
  ask();
  assert.equal(done, 0);
  clock.turn(16);
  assert.equal(done, 1);
  ask();
  clock.turn(16);
  assert.equal(done, 2);
});

test("a ticker tells how much time has passed, from its first frame on", () => {
  const clock = handClock();
  let [ticks, sum] = [0, 0];
  const ticker = createTicker(clock, (elapsed) => {
    ticks += 1;
    sum += elapsed;
  });
  clock.turn(5);
  ticker.start();
  ticker.start();
  clock.turn(16 * 5 - 5);
  assert.deepEqual([ticks, sum], [5, 16 * 4]);
  ticker.stop();
  clock.turn(100);
  assert.deepEqual([ticks, ticker.isRunning()], [5, false]);
});

test("a ticker that was stopped and started counts nothing between", () => {
  const clock = handClock();
  let sum = 0;
  const ticker = createTicker(clock, (elapsed) => (sum += elapsed));
  ticker.start();
  clock.turn(32);
  ticker.stop();
  clock.turn(10_000);
  ticker.start();
  clock.turn(32);
  assert.equal(sum, 32);
});

test("a tick can stop its ticker", () => {
  const clock = handClock();
  let ticks = 0;
  const ticker = createTicker(clock, () => {
    ticks += 1;
    if (ticks === 3) ticker.stop();
  });
  ticker.start();
  clock.turn(1_000);
  assert.equal(ticks, 3);
});

test("a tab that was away goes on where it was", () => {
  let now = 0;
  /** @type {() => void} */
  let frame = () => {};
  /** @type {number[]} */
  const told = [];
  const clock = { ...handClock(), now: () => now, frame: (/** @type {() => void} */ run) => ((frame = run), () => {}) };
  createTicker(clock, (elapsed) => told.push(elapsed)).start();
  frame();
  now = 60_000;
  frame();
  assert.deepEqual(told, [0, 100]);
});

test("what waits for the end of a drag is done once, with the last", () => {
  const clock = handClock();
  const later = atRest(clock);
  /** @type {number[]} */
  const done = [];
  for (let at = 0; at < 10; at++) {
    later(() => done.push(at));
    assert.ok(later.isWaiting());
    clock.turn(100);
  }
  assert.deepEqual(done, []);
  clock.turn(250);
  assert.deepEqual(done, [9]);
  assert.ok(!later.isWaiting());
});

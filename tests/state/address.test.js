/** The address: written late where numbers move, at once where something is chosen. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAddress } from "../../static/state/address.js";
import { NO_MEMORY } from "../../static/page/services.js";
import { handClock } from "../support/clock.js";

/** An address of which everything that is done to it is written down. */
function recorded() {
  const clock = handClock();
  /** @type {string[]} */
  const done = [];
  const page = { x: 0, made: 0, now: "x=0", leave: () => {} };
  const write = (/** @type {string} */ how) => (/** @type {string} */ query) => {
    page.now = query;
    done.push(`${how} ${query}`);
  };
  const address = createAddress({
    snapshot() {
      const { x } = page;
      return () => {
        page.made++;
        return `x=${x}`;
      };
    },
    place: {
      query: () => page.now,
      push: write("push"),
      replace: write("replace"),
      follow: () => {},
      leaving: (run) => (page.leave = run),
      renew: () => {},
      session: NO_MEMORY,
      settings: NO_MEMORY,
    },
    clock,
  });
  const move = (/** @type {number} */ x, /** @type {string} */ key = "at") => {
    page.x = x;
    address.follow([key]);
  };
  return { address, clock, done, page, move };
}

test("a slider's moves are one query, that of the last", () => {
  const { clock, done, page, move } = recorded();
  for (let x = 1; x <= 20; x++) {
    move(x);
    clock.turn(16);
  }
  assert.deepEqual(done, []);
  clock.turn(500);
  assert.deepEqual(done, ["replace x=20"]);
  assert.equal(page.made, 1);
});

test("a choice leaves the entry before it as it was before the choice", () => {
  const { done, move } = recorded();
  move(1);
  move(2, "view");
  assert.deepEqual(done, ["replace x=1", "push x=2"]);
});

test("who leaves the page takes the last numbers along", () => {
  const { done, page, move } = recorded();
  move(3);
  page.leave();
  page.leave();
  assert.deepEqual(done, ["replace x=3"]);
});

test("what was put off is forgotten with the entry that it speaks of", () => {
  const { address, clock, done, move } = recorded();
  move(4);
  address.drop();
  clock.turn(1_000);
  assert.deepEqual(done, []);
});

test("what is restored from the history makes no entry", () => {
  const { address, clock, done, move } = recorded();
  address.during("none", () => move(5, "view"));
  clock.turn(1_000);
  assert.deepEqual(done, []);
});

test("the first number that someone moves leaves the entry that was opened", () => {
  const { address, clock, done, move } = recorded();
  move(1); // by itself: nobody has done anything yet
  address.act();
  move(2);
  address.act();
  move(3);
  clock.turn(500);
  assert.deepEqual(done, ["replace x=1", "push x=2", "replace x=3"]);
});

test("who has gone back and moves a number leaves that entry, too", () => {
  const { address, clock, done, move } = recorded();
  address.act();
  move(1);
  address.moved();
  address.during("none", () => move(2));
  address.act();
  move(3);
  clock.turn(500);
  assert.deepEqual(done, ["push x=1", "push x=3"]);
});

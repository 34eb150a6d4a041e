/** What was picked is said once its numbers are there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSaid } from "../../static/data/said.js";

test("the average is said when all of it is there, a sample at once, and each of them once", () => {
  const element = { textContent: "" };
  const state = { samples: { columns: {}, count: 120 }, row: -1, graph: { output: "j" } };
  /** @type {{part: () => number, broken: () => number} | null} */
  let averages = { part: () => 0.5, broken: () => -1 };
  /** @type {any} */
  const page = { store: { state }, averaged: () => averages };
  const said = createSaid(page, /** @type {any} */ (element));
  const fields = (/** @type {number} */ x) => ({ get: () => x });

  said.expect();
  said.say(fields(1));
  assert.equal(element.textContent, "");
  assert.equal(said.of("Over "), "Averaging … 50%; over 120 samples");
  averages = { part: () => 1, broken: () => -1 };
  said.say(fields(2.5));
  assert.equal(element.textContent, "Average: j = 2.5.");
  said.say(fields(3));
  assert.equal(element.textContent, "Average: j = 2.5.");

  averages = null;
  state.row = 2;
  said.expect();
  said.say(fields(3));
  assert.equal(element.textContent, "Sample 3 of 120: j = 3.");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen } from "../../static/descent/choices.js";
import { parse } from "../../static/state/url.js";

/**
 * @param {string} name @param {string} text @param {string} [query]
 * @param {Partial<import("../../static/descent/choices.js").Control>} [more]
 */
const choose = (name, text, query = "", more = {}) =>
  chosen(name, { text, number: text === "" ? NaN : Number(text), checked: false, setting: "", ...more }, parse(query));

test("what can be is chosen, what can't be is not", () => {
  for (const [name, text, patch] of /** @type {[string, string, object | null][]} */ ([
    ["rate", "0.5", { rate: 0.5 }],
    ["rate", "", { rate: 0 }],
    ["rate", "0", null],
    ["rate", "-1", null],
    ["steps", "7", { steps: 7 }],
    ["steps", "20000", { steps: 20000 }],
    ["steps", "20001", null],
    ["steps", "0", null],
    ["steps", "1.5", null],
    ["steps", "", null],
    ["batch", "", { batch: 0 }],
    ["batch", "5", { batch: 5 }],
    ["batch", "0", null],
    ["order", "3", { order: 3 }],
    ["order", "-1", null],
    ["order", "", null],
    ["unheard", "1", null],
  ])) {
    assert.deepEqual(choose(name, text), patch, `${name} ${text}`);
  }
});

test("rows are shuffled by seed 0, or stay as they stand", () => {
  assert.deepEqual(choose("shuffle", "on", "", { checked: true }), { order: 0 });
  assert.deepEqual(choose("shuffle", "on"), { order: -1 });
});

test("a setting is set, changed and left to its default", () => {
  const setting = (/** @type {string} */ text, /** @type {string} */ query) =>
    choose("setting", text, query, { setting: "beta1" });
  assert.deepEqual(setting("0.5", "hyper=eps:1e-8"), { hyper: "eps:1e-8,beta1:0.5" });
  assert.deepEqual(setting("0.5", "hyper=beta1:0.8"), { hyper: "beta1:0.5" });
  assert.deepEqual(setting("", "hyper=beta1:0.8,eps:1"), { hyper: "eps:1" });
  assert.equal(setting("a", ""), null);
});

test("optimizers join a race until it is full", () => {
  assert.deepEqual(choose("racer", "adam", "optimizer=gd"), { optimizer: "gd,adam" });
  assert.equal(choose("racer", "", "optimizer=gd"), null);
  assert.equal(choose("racer", "adam", "optimizer=gd,momentum,nesterov,rmsprop"), null);
});

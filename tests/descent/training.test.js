import assert from "node:assert/strict";
import test from "node:test";
import { createTraining } from "../../static/descent/training.js";
import { parse } from "../../static/state/url.js";

const signal = new AbortController().signal;
/** @type {any} */
const asked = { parameters: ["w2_11"], columns: { x1: [1] } };

/**
 * A page with a network, whose server gives these answers.
 * @param {any[]} answers @param {boolean} [isNetwork] @returns {any}
 */
function pageWith(answers, isNetwork = true) {
  const form = { querySelector: () => (isNetwork ? {} : null) };
  /** @type {string[]} */
  const asking = [];
  const server = {
    fetch: async (/** @type {string} */ path) => {
      asking.push(path);
      const answer = answers[asking.length - 1];
      if (!answer) throw new TypeError("offline");
      return { ok: true, json: async () => answer };
    },
  };
  return { form, server, store: { state: { ...parse(""), graph: { variables: ["w2_11", "x1"] } } }, asking };
}

const trained = { slope: {}, cells: { w2_11: ["W2~", 0] } };

test("a network is asked for once, and learns as the tensors that it says", async () => {
  const page = pageWith([trained]);
  const prepared = createTraining(page);
  assert.deepEqual(await prepared(asked, signal), { trained });
  assert.deepEqual(await prepared(asked, signal), { trained });
  assert.deepEqual(page.asking, ["trained"]);
});

test("where the server can't be reached it goes sample by sample, and asks again", async () => {
  const page = pageWith([null, trained]);
  const prepared = createTraining(page);
  assert.deepEqual(await prepared(asked, signal), {});
  assert.deepEqual(await prepared(asked, signal), { trained });
});

test("where an input moves, there are no samples, or it is no network, it goes sample by sample", async () => {
  assert.deepEqual(await createTraining(pageWith([trained]))({ ...asked, parameters: ["x2"] }, signal), {});
  assert.deepEqual(await createTraining(pageWith([trained]))({ ...asked, columns: {} }, signal), {});
  assert.deepEqual(await createTraining(pageWith([trained], false))(asked, signal), {});
  assert.deepEqual(await createTraining(pageWith([{ slope: null }]))(asked, signal), {});
});

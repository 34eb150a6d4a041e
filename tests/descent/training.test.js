import assert from "node:assert/strict";
import test from "node:test";
import { createTraining } from "../../static/descent/training.js";
import { parse } from "../../static/state/url.js";

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
  /** @type {{run: any, rest: any}} */
  const heard = { run: null, rest: null };
  const store = {
    state: { ...parse(""), graph: { variables: ["w2_11", "x1"] } },
    subscribe: (/** @type {unknown} */ _, /** @type {any} */ run) => (heard.run = run),
  };
  const clock = { later: (/** @type {any} */ run) => ((heard.rest = run), () => (heard.rest = null)) };
  return { form, server, store, clock, asking, heard };
}

const trained = { slope: {}, cells: { w2_11: ["W2~", 0] } };

test("a network is asked for once, and learns as the tensors that it says", async () => {
  const page = pageWith([trained]);
  const prepared = createTraining(page);
  assert.deepEqual(await prepared(asked), { trained });
  assert.deepEqual(await prepared(asked), { trained });
  assert.deepEqual(page.asking, ["trained"]);
});

test("where the server can't be reached it goes sample by sample, and asks again", async () => {
  const page = pageWith([null, trained]);
  const prepared = createTraining(page);
  assert.deepEqual(await prepared(asked), {});
  assert.deepEqual(await prepared(asked), { trained });
});

test("where an input moves, there are no samples, or it is no network, it goes sample by sample", async () => {
  assert.deepEqual(await createTraining(pageWith([trained]))({ ...asked, parameters: ["x2"] }), {});
  assert.deepEqual(await createTraining(pageWith([trained]))({ ...asked, columns: {} }), {});
  assert.deepEqual(await createTraining(pageWith([trained], false))(asked), {});
  assert.deepEqual(await createTraining(pageWith([{ slope: null }]))(asked), {});
});

test("it is asked ahead, once the page is at rest: who trains then asks for nothing", async () => {
  const page = pageWith([trained]);
  const prepared = createTraining(page);
  page.heard.run({ samples: { columns: asked.columns } });
  assert.deepEqual(page.asking, []);
  page.heard.rest();
  assert.deepEqual(page.asking, ["trained"]);
  assert.deepEqual(await prepared(asked), { trained });
  assert.deepEqual(page.asking, ["trained"]);
  page.heard.run({ samples: null });
  assert.equal(page.heard.rest, null);
});

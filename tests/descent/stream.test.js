import assert from "node:assert/strict";
import { test } from "node:test";

import { Refusal } from "../../static/descent/refusal.js";
import { createStream } from "../../static/descent/stream.js";

const graph = { output: "x", nodes: [{ id: "x", op: "var", args: [], name: "x" }] };
const asked = {
  parameters: ["x"],
  start: { x: 1 },
  optimizer: "gd",
  rate: 1,
  settings: {},
  steps: 1,
  columns: {},
  batch: null,
  shuffle: true,
  seed: 0,
};

/** Workers that send what the test says. */
function workers() {
  /** @type {any[]} */
  const made = [];
  const make = () => {
    const worker = {
      asked: 0,
      ended: false,
      postMessage: () => (worker.asked += 1),
      terminate: () => (worker.ended = true),
      onmessage: /** @type {(event: any) => void} */ (() => {}),
      onerror: () => {},
    };
    made.push(worker);
    return /** @type {Worker} */ (/** @type {unknown} */ (worker));
  };
  return { made, descend: createStream(make) };
}

/** @param {AsyncIterable<any>} messages */
async function all(messages) {
  const found = [];
  for await (const message of messages) found.push(message);
  return found;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("messages come in order, and a worker that is done serves again", async () => {
  const { made, descend } = workers();
  for (const round of [1, 2]) {
    const found = all(descend(graph, asked, new AbortController().signal));
    await turn();
    assert.deepEqual([made.length, made[0].asked], [1, round]);
    for (const data of [{ losses: [1] }, { losses: [2] }, { done: true }]) made[0].onmessage({ data });
    assert.deepEqual(await found, [{ losses: [1] }, { losses: [2] }, { done: true }]);
  }
  assert.ok(!made[0].ended);
});

test("who gives up ends the worker, and the next one gets another", async () => {
  const { made, descend } = workers();
  const control = new AbortController();
  const found = all(descend(graph, asked, control.signal));
  await turn();
  made[0].onmessage({ data: { losses: [1] } });
  await turn();
  control.abort();
  assert.deepEqual(await found, [{ losses: [1] }]);
  assert.ok(made[0].ended);
  void all(descend(graph, asked, new AbortController().signal));
  await turn();
  assert.equal(made.length, 2);
});

test("what is refused is told in words, and so is a worker that can't be loaded", async () => {
  const { made, descend } = workers();
  const refused = all(descend(graph, asked, new AbortController().signal));
  await turn();
  made[0].onmessage({ data: { error: { message: "no" } } });
  await assert.rejects(refused, new Refusal("no"));
  const lost = all(descend(graph, asked, new AbortController().signal));
  await turn();
  made[1].onerror();
  await assert.rejects(lost, /could not be loaded/);
  assert.ok(made[0].ended && made[1].ended);
});

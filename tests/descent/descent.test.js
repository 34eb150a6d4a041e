import assert from "node:assert/strict";
import { test } from "node:test";

import { formulaFields, stepped } from "../../static/descent/formula.js";
import { cardFields, told } from "../../static/descent/numbers.js";
import {
  parametersOf,
  planOf,
  racing,
  readHyper,
  sameRows,
  settingsOf,
  writeHyper,
} from "../../static/descent/plan.js";
import { createPlayback } from "../../static/descent/playback.js";
import { descend, lines, Refusal } from "../../static/descent/stream.js";
import {
  createTrail,
  endOf,
  epochOf,
  reachOf,
  readings,
  shownOf,
  steepness,
  take,
} from "../../static/descent/trail.js";
import { parse } from "../../static/state/url.js";

/** @param {string[]} texts */
async function* pieces(...texts) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

/** @param {number} steps @param {boolean} done */
function trailOf(steps, done) {
  const trail = createTrail("adam");
  take(trail, {
    parameters: ["x", "y"],
    state: ["t", "m", "v"],
    settings: { rate: 0.1, beta1: 0.9 },
    rows: 20,
    batches: 4,
  });
  const all = Array.from({ length: steps + 1 }, (_, k) => k);
  const rows = all.map((k) => [k, -k]);
  take(trail, {
    from: 0,
    losses: all,
    points: rows,
    gradients: rows.map(([x, y]) => [3 * x, 4 * y]),
    states: { t: rows, m: rows, v: rows },
  });
  if (done) take(trail, { done: true, stopped: "" });
  return trail;
}

test("lines come whole, wherever the pieces are cut", async () => {
  const found = [];
  for await (const line of lines(pieces('{"a":', "1}\n\n{", '"b":"é"}\n{"c":3}'))) found.push(JSON.parse(line));
  assert.deepEqual(found, [{ a: 1 }, { b: "é" }, { c: 3 }]);
});

test("a letter cut in two is one letter", async () => {
  const whole = new TextEncoder().encode('"é"\n');
  const found = [];
  for await (const line of lines(
    (async function* () {
      for (const byte of whole) yield Uint8Array.of(byte);
    })(),
  )) {
    found.push(line);
  }
  assert.deepEqual(found, ['"é"']);
});

test("what the server refuses is told in its words", async (context) => {
  const asked = planOf(parse(""), ["x"], null)[0];
  const answer = (/** @type {string} */ body, /** @type {number} */ status) => async () =>
    new Response(body, { status });
  const all = async () => {
    const found = [];
    for await (const message of descend(asked, new AbortController().signal)) found.push(message);
    return found;
  };
  context.mock.method(globalThis, "fetch", answer('{"error": {"message": "no"}}', 400));
  await assert.rejects(all, new Refusal("no"));
  context.mock.method(globalThis, "fetch", answer("<html>", 502));
  await assert.rejects(all, new Refusal("The server answered 502."));
  context.mock.method(globalThis, "fetch", answer('{"done": true}\n{"error": {"message": "late"}}\n', 200));
  await assert.rejects(all, new Refusal("late"));
  context.mock.method(globalThis, "fetch", answer('{"done": true, "stopped": ""}\n', 200));
  assert.deepEqual(await all(), [{ done: true, stopped: "" }]);
});

test("a trail grows piece by piece, numbers that aren't finite too", () => {
  const trail = createTrail("gd");
  take(trail, { parameters: ["x"], state: ["b"], settings: { rate: 0.1 } });
  take(trail, { from: 0, losses: [1, 2], points: [[1], [2]], gradients: [[1], [2]], states: { b: [[0], [1]] } });
  take(trail, {
    from: 2,
    losses: ["NaN"],
    points: [["-Infinity"]],
    gradients: [["NaN"]],
    states: { b: [["Infinity"]] },
  });
  assert.deepEqual(trail.losses, [1, 2, NaN]);
  assert.deepEqual(trail.points.x, [1, 2, -Infinity]);
  assert.deepEqual(readings(trail, "x", 2), { rate: 0.1, b: Infinity, w: -Infinity, g: NaN });
});

test("how far trails reach", () => {
  const [short, long, growing] = [trailOf(3, true), trailOf(9, true), trailOf(5, false)];
  assert.deepEqual(
    [reachOf([]), reachOf([short, long]), reachOf([short, long, growing]), reachOf([growing])],
    [-1, 9, 5, 5],
  );
  assert.deepEqual([endOf([short, long]), shownOf(short, 7), shownOf(long, 7)], [9, 3, 7]);
  assert.equal(steepness(short, 2), 10);
});

test("epochs are counted from one", () => {
  const trail = trailOf(12, true);
  assert.deepEqual(
    [-1, 0, 5, 12].map((k) => epochOf(trail, k, 12)),
    ["", "epoch 1 of 3, batch 1 of 4", "epoch 2 of 3, batch 2 of 4", "after 3 epochs"],
  );
  assert.equal(epochOf(trail, 10, 10), "epoch 3, after batch 2 of 4");
  assert.equal(epochOf({ ...trail, batches: 1 }, 3, 12), "epoch 4 of 12");
  assert.equal(epochOf({ ...trail, batches: 0 }, 3, 12), "");
});

test("the plan is what the state holds", () => {
  const state = parse(
    "optimizer=adam,nonsense,gd,adam&hyper=beta1:0.8,momentum:0.5,rate:7&params=w&from.w=2&at.b=3&batch=5&order=-1&view=network",
  );
  const rows = { columns: { x: Float64Array.of(1, 2) }, count: 2 };
  assert.deepEqual(racing(state), ["adam", "gd"]);
  assert.deepEqual(parametersOf(state, ["w", "b", "x"], rows), ["w"]);
  assert.deepEqual(parametersOf({ ...state, params: "" }, ["w", "b", "x"], rows), ["w", "b"]);
  assert.deepEqual(parametersOf({ ...state, params: "-" }, ["w", "b", "x"], rows), []);
  const [adam, gd] = planOf(state, ["w", "b", "x"], rows);
  assert.deepEqual(adam.start, { w: 2, b: 3 });
  assert.deepEqual([adam.settings, gd.settings], [{ beta1: 0.8 }, {}]);
  assert.deepEqual(
    [adam.view, adam.batch, adam.shuffle, adam.seed, adam.data],
    ["graph", 5, false, 0, { columns: { x: [1, 2] } }],
  );
  assert.deepEqual(planOf(state, ["w", "b", "x"], null)[0].batch, null);
});

test("rows are the same where their numbers are", () => {
  const rows = (/** @type {Record<string, number[]>} */ columns) => ({
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, Float64Array.from(column)])),
    count: 2,
  });
  assert.ok(sameRows(rows({ x: [1, 2], y: [3, 4] }), rows({ y: [3, 4], x: [1, 2] })));
  assert.ok(sameRows(null, null));
  for (const other of [
    null,
    rows({ x: [1, 2] }),
    rows({ x: [1, 2], z: [3, 4] }),
    rows({ x: [1, 2], y: [3, 5] }),
    rows({ x: [1], y: [3] }),
  ]) {
    assert.ok(!sameRows(rows({ x: [1, 2], y: [3, 4] }), other));
  }
});

test("settings are read and written; what can't be read is left out", () => {
  assert.deepEqual(readHyper("beta1:0.8,eps:,x,beta2:a,eps:1e-8"), { beta1: 0.8, eps: 1e-8 });
  assert.equal(writeHyper({ beta1: 0.8, eps: 1e-8 }), "beta1:0.8,eps:1e-8");
  assert.deepEqual(settingsOf(parse("hyper=momentum:0.5"), "adam"), {});
});

test("each line of an update reads what the lines before it have set", () => {
  const fields = formulaFields("momentum", { rate: 0.1, momentum: 0.5, b: 2, w: 1, g: 3 });
  assert.equal(fields.get("update.momentum.0.b"), 2);
  assert.equal(fields.get("update.momentum.0.next"), 4);
  assert.equal(fields.get("update.momentum.1.b"), 4);
  assert.equal(fields.get("update.momentum.1.next"), 1 - 0.1 * 4);
  assert.equal(stepped("momentum", { rate: 0.1, momentum: 0.5, b: 2, w: 1, g: 3 }), 0.6);
});

test("the card's numbers at the start and on the way", () => {
  const state = parse("expr=x^2&at.x=3");
  const place = { state, output: "c", parameters: ["x"], about: "x", trails: [], k: -1 };
  const start = cardFields(
    place,
    new Map([
      ["c.value", 9],
      ["x.total", 6],
    ]),
  );
  assert.deepEqual(
    ["walk.now.k", "walk.now.loss", "walk.now.steepness", "walk.now.update", "walk.0.k"].map((name) => start.get(name)),
    ["At the start", 9, 6, "x\u00a0=\u00a02.4", null],
  );
  const seeded = cardFields(
    { ...place, state: { ...state, seed: 5 } },
    new Map([
      ["c.value", 9],
      ["x.total", 30],
    ]),
  );
  assert.equal(seeded.get("walk.now.update"), "x\u00a0=\u00a02.4");
  const unknown = cardFields(place, new Map());
  assert.deepEqual([unknown.get("walk.now.steepness"), unknown.get("walk.now.update")], [null, ""]);
  const trail = trailOf(6, true);
  const way = cardFields({ ...place, parameters: ["x", "y"], trails: [trail], k: 4 }, new Map([["c.value", 1]]));
  assert.deepEqual(
    [
      "walk.now.k",
      "walk.now.of",
      "walk.now.loss",
      "walk.now.steepness",
      "walk.1.k",
      "walk.1.at1",
      "walk.column.1",
      "race.adam.end",
    ].map((name) => way.get(name)),
    ["Step 4", " of 6", 4, 20, 3, -3, "y", "→ 6 after 6"],
  );
});

test("only the first parameters are named", () => {
  assert.equal(
    told(["a"], () => 0.5),
    "a = 0.5",
  );
  assert.equal(
    told(["a", "b", "c"], () => 1),
    "a = 1, b = 1, …",
  );
  assert.equal(
    told(["a"], () => null),
    "",
  );
});

test("playing goes as far as there are steps, waits for more, and ends once", () => {
  /** @type {((now: number) => void)[]} */
  const frames = [];
  /** @type {number[]} */
  const seen = [];
  let [reach, over, ended, now] = [3, false, 0, 0];
  const playback = createPlayback({
    reach: () => reach,
    over: () => over,
    show: (k) => seen.push(k),
    ended: () => ended++,
    frame: (tick) => frames.push(tick),
  });
  const pass = (/** @type {number} */ count) => {
    for (let frame = 0; frame < count; frame++) frames.shift()?.((now += 20));
  };
  playback.setSpeed(25); // half a step a frame
  playback.start(0);
  pass(5);
  assert.deepEqual(seen, [1, 2]);
  pass(20);
  assert.deepEqual([seen.at(-1), playback.isPlaying()], [3, true]);
  [reach, over] = [5, true];
  pass(20);
  assert.deepEqual([seen, playback.isPlaying(), ended], [[1, 2, 3, 4, 5], false, 1]);
  playback.start(1);
  playback.pause();
  pass(5);
  assert.equal(seen.length, 5);
});

test("a tab that was away goes on where it was", () => {
  /** @type {((now: number) => void)[]} */
  const frames = [];
  /** @type {number[]} */
  const seen = [];
  const playback = createPlayback({
    reach: () => 1000,
    over: () => true,
    show: (k) => seen.push(k),
    ended() {},
    frame: (tick) => frames.push(tick),
  });
  playback.setSpeed(10);
  playback.start(0);
  frames.shift()?.(0);
  frames.shift()?.(60_000);
  assert.deepEqual(seen, [1]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { formulaFields, stepped } from "../../static/descent/formula.js";
import { cardFields } from "../../static/descent/numbers.js";
import {
  parametersOf,
  planOf,
  racing,
  readHyper,
  sameSamples,
  rateOf,
  settingsOf,
  writeHyper,
  writeParameters,
} from "../../static/descent/plan.js";
import { createPatience } from "../../static/descent/patience.js";
import { createPlayback } from "../../static/descent/playback.js";
import { createStages } from "../../static/descent/stages.js";
import { Start } from "../../static/descent/start.js";
import {
  createDescent,
  endOf,
  epochOf,
  isLevel,
  led,
  reachOf,
  readings,
  settled,
  shownOf,
  steepness,
  take,
} from "../../static/descent/descent.js";
import { layoutOf } from "../../static/descent/layout.js";
import { placeInWords, pointInWords, rateInWords } from "../../static/descent/words.js";
import { parse } from "../../static/state/url.js";
import { handClock } from "../support/clock.js";

/** @param {number} steps @param {boolean} done */
function descentOf(steps, done) {
  const descent = createDescent("adam");
  take(descent, {
    parameters: ["x", "y"],
    state: ["t", "m", "v"],
    settings: { rate: 0.1, beta1: 0.9 },
    rows: 20,
    batches: 4,
  });
  const all = Array.from({ length: steps + 1 }, (_, k) => k);
  const rows = all.map((k) => [k, -k]);
  take(descent, {
    from: 0,
    losses: all,
    points: rows,
    gradients: rows.map(([x, y]) => [3 * x, 4 * y]),
    states: { t: rows, m: rows, v: rows },
  });
  if (done) take(descent, { done: true, stopped: "" });
  return descent;
}

test("a descent grows piece by piece, numbers that aren't finite too", () => {
  const descent = createDescent("gd");
  take(descent, { parameters: ["x"], state: ["b"], settings: { rate: 0.1 } });
  take(descent, { from: 0, losses: [1, 2], points: [[1], [2]], gradients: [[1], [2]], states: { b: [[0], [1]] } });
  take(descent, {
    from: 2,
    losses: ["NaN"],
    points: [["-Infinity"]],
    gradients: [["NaN"]],
    states: { b: [["Infinity"]] },
  });
  assert.deepEqual(descent.losses, [1, 2, NaN]);
  assert.deepEqual(descent.points.x, [1, 2, -Infinity]);
  assert.deepEqual(readings(descent, "x", 2), { rate: 0.1, b: Infinity, w: -Infinity, g: NaN });
});

test("how far descents reach", () => {
  const [short, long, growing] = [descentOf(3, true), descentOf(9, true), descentOf(5, false)];
  assert.deepEqual(
    [reachOf([]), reachOf([short, long]), reachOf([short, long, growing]), reachOf([growing])],
    [-1, 9, 5, 5],
  );
  assert.deepEqual([endOf([short, long]), shownOf(short, 7), shownOf(long, 7)], [9, 3, 7]);
  assert.equal(steepness(short, 2), 10);
});

test("epochs are counted from one", () => {
  const descent = descentOf(12, true);
  assert.deepEqual(
    [-1, 0, 5, 12].map((k) => epochOf(descent, k, 12)),
    ["", "epoch 1 of 3, batch 1 of 4", "epoch 2 of 3, batch 2 of 4", "after 3 epochs"],
  );
  assert.equal(epochOf(descent, 10, 10), "epoch 3, after batch 2 of 4");
  assert.equal(epochOf({ ...descent, batches: 1 }, 3, 12), "epoch 4 of 12");
  assert.equal(epochOf({ ...descent, batches: 0 }, 3, 12), "");
});

test("the plan is what the state holds", () => {
  const state = parse(
    "optimizer=adam,nonsense,gd,adam&hyper=beta1:0.8,momentum:0.5,rate:7&params=w&from.w=2&at.b=3&batch=5&order=-1&view=network",
  );
  const rows = { columns: { x: Float64Array.of(1, 2) }, count: 2 };
  assert.deepEqual(racing(state), ["adam", "gd"]);
  const [adam, gd] = planOf(state, ["w", "b", "x"], rows, ["w"]);
  assert.deepEqual([adam.parameters, gd.parameters], [["w"], ["w"]]);
  assert.deepEqual(adam.start, { w: 2, b: 3 });
  assert.deepEqual([adam.settings, gd.settings], [{ beta1: 0.8 }, {}]);
  assert.deepEqual([adam.batch, adam.shuffle, adam.seed, adam.columns], [5, false, 0, rows.columns]);
  assert.deepEqual(planOf(state, ["w", "b", "x"], null, ["w"])[0].batch, null);
});

test("what was chosen moves, else what is named as a parameter is, else everything", () => {
  const free = ["w", "x", "b", "y"];
  const moving = (/** @type {string} */ query, /** @type {string[]} */ preferred) =>
    parametersOf(parse(query), free, preferred);
  assert.deepEqual(moving("", ["w", "b"]), ["w", "b"]);
  assert.deepEqual(moving("", free), free);
  assert.deepEqual(moving("", ["v"]), free); // a column
  assert.deepEqual(moving("params=y,q", ["w", "b"]), ["y"]);
  assert.deepEqual(moving("params=-", ["w", "b"]), []);
  for (const chosen of [["w", "b"], ["w"], ["w", "x"], free, []]) {
    const params = writeParameters(chosen, free, ["w", "b"]);
    assert.equal(params === "", chosen.join() === "w,b");
    assert.deepEqual(moving(`params=${params}`, ["w", "b"]), chosen);
  }
});

test("without a rate one is chosen", () => {
  assert.deepEqual(
    ["", "rate=0", "rate=-1", "rate=0.5"].map((query) => rateOf(parse(query))),
    [null, null, null, 0.5],
  );
  assert.equal(planOf(parse(""), ["x"], null, ["x"])[0].rate, null);
});

test("rows are the same where their numbers are", () => {
  const rows = (/** @type {Record<string, number[]>} */ columns) => ({
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, Float64Array.from(column)])),
    count: 2,
  });
  assert.ok(sameSamples(rows({ x: [1, 2], y: [3, 4] }), rows({ y: [3, 4], x: [1, 2] })));
  assert.ok(sameSamples(null, null));
  for (const other of [
    null,
    rows({ x: [1, 2] }),
    rows({ x: [1, 2], z: [3, 4] }),
    rows({ x: [1, 2], y: [3, 5] }),
    rows({ x: [1], y: [3] }),
  ]) {
    assert.ok(!sameSamples(rows({ x: [1, 2], y: [3, 4] }), other));
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

test("the card's numbers at the start and later", () => {
  const state = parse("expr=x^2&at.x=3");
  const place = { state, output: "c", parameters: ["x"], about: "x", descents: [], k: -1, rate: 0.1 };
  const start = cardFields(
    place,
    new Map([
      ["c.value", 9],
      ["x.total", 6],
    ]),
  );
  assert.deepEqual(
    ["descent.now.k", "descent.now.loss", "descent.now.steepness", "descent.now.update", "descent.0.k"].map((name) =>
      start.get(name),
    ),
    ["At the start", 9, 6, "x\u00a0=\u00a02.4", null],
  );
  const seeded = cardFields(
    { ...place, state: { ...state, seed: 5 } },
    new Map([
      ["c.value", 9],
      ["x.total", 30],
    ]),
  );
  assert.equal(seeded.get("descent.now.update"), "x\u00a0=\u00a02.4");
  const rateless = cardFields(
    { ...place, rate: null },
    new Map([
      ["c.value", 9],
      ["x.total", 6],
    ]),
  );
  assert.deepEqual([rateless.get("descent.now.loss"), rateless.get("descent.now.update")], [9, ""]);
  const unknown = cardFields(place, new Map());
  assert.deepEqual([unknown.get("descent.now.steepness"), unknown.get("descent.now.update")], [null, ""]);
  const descent = descentOf(6, true);
  const later = cardFields({ ...place, parameters: ["x", "y"], descents: [descent], k: 4 }, new Map([["c.value", 1]]));
  assert.deepEqual(
    [
      "descent.now.k",
      "descent.now.of",
      "descent.now.loss",
      "descent.now.steepness",
      "descent.1.k",
      "descent.1.at1",
      "descent.column.1",
      "race.adam.end",
    ].map((name) => later.get(name)),
    ["Step 4", " of 6", 4, 20, 3, -3, "y", "→ 6 after 6"],
  );
});

test("only the first parameters are named", () => {
  assert.equal(
    pointInWords(["a"], () => 0.5),
    "a = 0.5",
  );
  assert.equal(
    pointInWords(["a", "b", "c"], () => 1),
    "a = 1, b = 1, …",
  );
  assert.equal(
    pointInWords(["W[0, 0]", "W[0, 1]"], () => 1, 1),
    "W[0, 0] = 1, …",
  );
  assert.equal(
    pointInWords(["a"], () => null),
    "",
  );
});

/**
 * @param {number[]} losses @param {number[]} slopes
 * @param {Partial<import("../../static/descent/descent.js").Descent>} [more]
 */
const ended = (losses, slopes, more = {}) => ({
  ...createDescent("gd"),
  parameters: ["x"],
  layout: layoutOf(["x"], [[]]),
  losses,
  points: { x: losses.map((_, k) => k) },
  gradients: { x: slopes },
  done: true,
  ...more,
});

test("a place in words, and how a descent ended", () => {
  const titleOf = (/** @type {string} */ name) => name.toUpperCase();
  const stopped = ended([1, 4, 16], [2, -4, 8], { stopped: "the step overshoots", smaller: 0.05 });
  const fine = ended([25, 4, 1], [40, 8, 4], { name: "adam" });
  assert.deepEqual(placeInWords([stopped], 1, 100, titleOf), {
    text: "Step 1 of 2: loss 4, x = 1.",
    bad: false,
    smaller: null,
  });
  assert.deepEqual(placeInWords([stopped], 2, 100, titleOf), {
    text: "Step 2 of 2: loss 16, x = 2. Stopped at step 2: the step overshoots.",
    bad: true,
    smaller: 0.05,
  });
  assert.deepEqual(placeInWords([fine, stopped], 2, 100, titleOf), {
    text: "Step 2 of 2: loss 1, x = 2. GD stopped at step 2: the step overshoots.",
    bad: true,
    smaller: null, // the one that is followed needs none
  });
  assert.match(placeInWords([{ ...fine, done: false }], 1, 100, titleOf).text, /^Step 1 of 100:/);
  const names = ["x", "y", "z"];
  const numbers = Object.fromEntries(names.map((name) => [name, [1, 2]]));
  const laid = { parameters: names, layout: layoutOf(names, [[], [], []]), points: numbers, gradients: numbers };
  const many = { ...fine, ...laid };
  assert.equal(placeInWords([many], 1, 2, titleOf).text, "Step 1 of 2: loss 4, x = 2, y = 2, …");
});

test("where the gradient has gone, the descent has arrived", () => {
  const found = ended([25, 1, 1e-30], [40, 8, -3e-14]);
  assert.deepEqual(
    [0, 1, 2].map((k) => isLevel(found, k)),
    [false, false, true],
  );
  assert.match(
    placeInWords([found], 2, 2, String).text,
    /Arrived: \|∇L\| fell from 40 to 3e-14, the ground is level here\.$/,
  );
  assert.ok(!isLevel({ ...found, batches: 3 }, 2)); // a batch's gradient may be 0 by chance
  assert.ok(!isLevel(ended([1, 2], [3, 0]), 1)); // it went up
  assert.ok(!isLevel(ended([1], [0]), 0)); // it went nowhere
});

test("how the rate came about", () => {
  assert.equal(
    rateInWords(0.02, true),
    "Rate 0.02, chosen: 1 over the largest curvature at the start, rounded down (0.1 at most).",
  );
  assert.equal(rateInWords(0.1, false), "Rate 0.1, chosen: these steps do not grow with the gradient.");
});

test("the followed one comes first; those that have begun end where they are", () => {
  const [gd, adam, none] = [
    ended([1, 2], [1, 1], { done: false }),
    ended([3], [1], { name: "adam" }),
    createDescent("x"),
  ];
  assert.deepEqual(
    led([gd, adam, none], "adam").map(({ name }) => name),
    ["adam", "gd", "x"],
  );
  assert.deepEqual(
    settled([gd, none]).map(({ name, done }) => [name, done]),
    [["gd", true]],
  );
});

test("playing goes as far as there are steps, waits for more, and ends once", () => {
  const clock = handClock();
  /** @type {number[]} */
  const seen = [];
  let [reach, over, ended] = [3, false, 0];
  const playback = createPlayback(clock, {
    reach: () => reach,
    over: () => over,
    show: (k) => seen.push(k),
    ended: () => ended++,
  });
  playback.start(0, 25);
  clock.turn(100);
  assert.deepEqual(seen, [1, 2]);
  clock.turn(400);
  assert.deepEqual([seen.at(-1), playback.isPlaying()], [3, true]);
  [reach, over] = [5, true];
  clock.turn(400);
  assert.deepEqual([seen, playback.isPlaying(), ended], [[1, 2, 3, 4, 5], false, 1]);
  playback.start(1, 25);
  playback.pause();
  clock.turn(400);
  assert.equal(seen.length, 5);
});

test("the stages are lit in turn; what is left of them is done at once, or forgotten", () => {
  const clock = handClock();
  const form = /** @type {HTMLFormElement} */ (/** @type {unknown} */ ({ dataset: {} }));
  const stages = createStages(form, clock);
  /** @type {string[]} */
  const seen = [];
  const acts = { update: () => seen.push("updated"), done: () => seen.push("done") };
  stages.play(100, acts);
  for (const stage of ["forward", "loss", "backward", "update"]) {
    assert.equal(form.dataset.lit, stage);
    assert.ok(stages.isPlaying());
    clock.turn(100);
  }
  assert.deepEqual([seen, form.dataset.lit, stages.isPlaying()], [["updated", "done"], undefined, false]);
  stages.play(100, acts);
  stages.finish();
  assert.deepEqual([seen.length, form.dataset.lit], [4, undefined]);
  stages.play(100, acts);
  stages.stop();
  clock.turn(1000);
  assert.deepEqual([seen.length, form.dataset.lit], [4, undefined]);
});

test("it is late after a while, until it stops", () => {
  const clock = handClock();
  let late = 0;
  const patience = createPatience(clock, () => late++);
  patience.start();
  clock.turn(300);
  assert.deepEqual([late, patience.isLate()], [0, false]);
  clock.turn(300);
  assert.deepEqual([late, patience.isLate()], [1, true]);
  patience.stop();
  assert.ok(!patience.isLate());
  patience.start();
  patience.stop();
  clock.turn(1000);
  assert.equal(late, 1);
});

test("a start is known by its values, and puts sliders and their ends back", () => {
  const state = { ...parse("at.x=1&min.x=-2&max.x=2"), from: new Map([["x", 1]]) };
  const start = new Start();
  start.begin(state, state.from);
  assert.ok(start.isOf({ ...state, from: new Map([["x", 1]]) }));
  assert.ok(!start.isOf({ ...state, from: new Map([["x", 2]]) }));
  assert.ok(!start.isOf({ ...state, from: new Map() }));
  const far = { ...state, ...start.patch(state, new Map([["x", 90]])) };
  assert.deepEqual([far.at.get("x"), far.max.get("x")], [90, 90]);
  const near = { ...far, ...start.patch(far, new Map([["x", 1.5]])) };
  assert.deepEqual([near.at.get("x"), near.max.get("x")], [1.5, 2]);
  const back = { ...far, ...start.back(far) };
  assert.deepEqual([back.at.get("x"), back.min.get("x"), back.max.get("x")], [1, -2, 2]);
});

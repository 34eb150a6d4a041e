import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { stepped, steppedByHand } from "../../static/descent/formula.js";
import { optimizers } from "../../static/descent/updates.js";

/**
 * @typedef {{ w: number, g: number, state: Record<string, number>, lines: [string, number][] }} Step
 * @type {{ optimizer: string, settings: Record<string, number>, steps: Step[] }[]}
 */
const vectors = JSON.parse(readFileSync(new URL("../support/updates.json", import.meta.url), "utf8"));

test("every optimizer is there, with its settings and its state", () => {
  assert.deepEqual(
    Object.keys(optimizers),
    vectors.map(({ optimizer }) => optimizer),
  );
  for (const { optimizer, settings, steps } of vectors) {
    const row = optimizers[optimizer];
    assert.deepEqual(Object.keys(row.settings), Object.keys(settings));
    assert.deepEqual(row.state, Object.keys(steps[0].state));
  }
});

for (const { optimizer, settings, steps } of vectors) {
  test(`${optimizer}: each line gives the number that Python finds`, () => {
    for (const { w, g, state, lines } of steps) {
      /** @type {Record<string, number>} */
      const now = { ...settings, ...state, w, g };
      const found = optimizers[optimizer].lines.map(([name, compute]) => [name, (now[name] = compute(now))]);
      assert.deepEqual(
        found.map(([name]) => name),
        lines.map(([name]) => name),
      );
      for (const [at, [name, wanted]] of lines.entries()) {
        const number = Number(found[at][1]);
        assert.ok(Math.abs(number - wanted) <= 1e-12 * Math.abs(wanted), `${name}: ${number}, not ${wanted}`);
      }
    }
  });
}

for (const { optimizer, settings, steps } of vectors) {
  test(`${optimizer}: many numbers at once move as each alone does`, () => {
    const column = (/** @type {(step: Step) => number} */ of) => Float64Array.from(steps, of);
    const { state, step } = optimizers[optimizer];
    const memory = Object.fromEntries(state.map((name) => [name, column((one) => one.state[name])]));
    const [point, gradient] = [column(({ w }) => w), column(({ g }) => g)];
    const found = step(settings, point, gradient, memory);
    assert.deepEqual(Object.keys(found.memory), state);
    for (const [at, { lines }] of steps.entries()) {
      const wanted = new Map(lines); // the last line of a name counts
      for (const [name, numbers] of Object.entries({ w: found.point, ...found.memory })) {
        const number = wanted.get(name) ?? NaN;
        assert.ok(Math.abs(numbers[at] - number) <= 1e-12 * Math.abs(number), `${name}: ${numbers[at]}, not ${number}`);
      }
    }
    assert.deepEqual(
      [point, gradient],
      [column(({ w }) => w), column(({ g }) => g)],
      "what was before stays as it was: it is kept",
    );
  });
}

test("a tiny eps may be left out by hand, a large one not", () => {
  const { settings } = optimizers.adam;
  const reads = { ...settings, rate: 1, w: 1, g: 1e-3, t: 3, m: 1e-4, v: 1e-8 };
  const [number, hand] = steppedByHand("adam", reads);
  assert.equal(number, stepped("adam", reads));
  const m = 0.9 * 1e-4 + 0.1 * 1e-3;
  const v = 0.999 * 1e-8 + 0.001 * 1e-6;
  assert.ok(Math.abs(hand - (1 - m / (1 - 0.9 ** 4) / Math.sqrt(v / (1 - 0.999 ** 4)))) < 1e-12);
  assert.ok(Math.abs(number - hand) > 1e-6);
  assert.equal(steppedByHand("adam", { ...reads, eps: 0.5 }).length, 1);
});

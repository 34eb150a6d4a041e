/** 2-8-8-1 on 200 samples: the browser's modules beside a loop over flat typed arrays. bench/tensors.py calls this. */

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";

import { layoutOf, shapesOf, joined } from "../static/descent/layout.js";
import { tensorLossOf } from "../static/descent/tensors.js";

const { graph, start, columns, slope } = JSON.parse(readFileSync(0, "utf8"));
const names = Object.keys(start);
const shapes = shapesOf(graph);
const layout = layoutOf(
  names,
  names.map((name) => shapes.get(name) ?? []),
);
const point = joined(layout, (name) => start[name]);
const count = columns.y.length;
const loss = tensorLossOf(graph, layout, { start, columns, count, sampled: { whole: false, slope } });

const [N, H] = [count, 8];
const [x, y] = [Float64Array.from(columns.x), Float64Array.from(columns.y)];
const [a1, a2, d1, d2] = Array.from({ length: 4 }, () => new Float64Array(N * H));
const error = new Float64Array(N);

/** The same by hand. @param {Float64Array} w W1, b1, W2, b2, W3, b3 one after the other */
function byHand(w) {
  const [W1, b1, W2, b2, W3, b3] = [0, 16, 24, 88, 96, 104];
  const g = new Float64Array(w.length);
  let total = 0;
  for (let s = 0; s < N; s++) {
    const row = s * H;
    for (let i = 0; i < H; i++) {
      const z = w[W1 + 2 * i] * x[2 * s] + w[W1 + 2 * i + 1] * x[2 * s + 1] + w[b1 + i];
      a1[row + i] = Math.tanh(z);
    }
    let z3 = w[b3];
    for (let i = 0; i < H; i++) {
      let z = w[b2 + i];
      for (let j = 0; j < H; j++) z += w[W2 + i * H + j] * a1[row + j];
      a2[row + i] = Math.tanh(z);
      z3 += w[W3 + i] * a2[row + i];
    }
    error[s] = z3 - y[s];
    total += error[s] * error[s];
  }
  for (let s = 0; s < N; s++) {
    const [row, d3] = [s * H, (2 / N) * error[s]];
    g[b3] += d3;
    for (let i = 0; i < H; i++) {
      g[W3 + i] += d3 * a2[row + i];
      d2[row + i] = d3 * w[W3 + i] * (1 - a2[row + i] * a2[row + i]);
      g[b2 + i] += d2[row + i];
      for (let j = 0; j < H; j++) g[W2 + i * H + j] += d2[row + i] * a1[row + j];
    }
    for (let j = 0; j < H; j++) {
      let sum = 0;
      for (let i = 0; i < H; i++) sum += w[W2 + i * H + j] * d2[row + i];
      d1[row + j] = sum * (1 - a1[row + j] * a1[row + j]);
      g[b1 + j] += d1[row + j];
      g[W1 + 2 * j] += d1[row + j] * x[2 * s];
      g[W1 + 2 * j + 1] += d1[row + j] * x[2 * s + 1];
    }
  }
  return { loss: total / N, gradient: g };
}

const [ours, theirs] = [loss(point, null), byHand(point)];
const miss = Math.max(...theirs.gradient.map((slopeByHand, at) => Math.abs(slopeByHand - ours.gradient[at])));
if (!(Math.abs(ours.loss - theirs.loss) < 1e-10 && miss < 1e-10)) throw new Error(`they differ by ${miss}`);

const best = [Infinity, Infinity];
for (let round = 0; round < 1500; round++) {
  [() => loss(point, null), () => byHand(point)].forEach((run, at) => {
    const begun = performance.now();
    run();
    best[at] = Math.min(best[at], performance.now() - begun);
  });
}
const [own, other] = best;
process.stdout.write(`2-8-8-1 on 200, in node ${own.toFixed(3)} ms, by hand ${other.toFixed(3)} ms: ${(own / other).toFixed(2)} times\n`);

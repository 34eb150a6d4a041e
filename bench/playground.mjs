/** A training beside TensorFlow Playground's own, in one page: bench/playground.py bundles this with its nn.ts. */

/* global performance */

import * as nn from "playground";
import { compute } from "../static/descent/compute.js";

const RATE = 0.03;

/** Steps of the page's own descent: one takes a batch. @param {any} given @param {number | null} batch */
function* ours({ graph, start, columns, slope }, batch) {
  const asked = {
    parameters: Object.keys(start),
    start,
    columns,
    count: columns.y.length,
    sampled: { whole: false, slope },
    optimizer: "gd",
    rate: RATE,
    settings: {},
    batch,
    shuffle: false,
    seed: 0,
  };
  for (;;) {
    for (const message of compute(graph, { ...asked, steps: 1000 }, () => performance.now())) {
      for (const loss of message.losses ?? []) yield loss;
    }
  }
}

/** The same as its page does it. @param {any} given @param {number | null} batch */
function* theirs({ columns }, batch) {
  const shape = [2, 8, 8, 1];
  const network = nn.buildNetwork(shape, nn.Activations.TANH, nn.Activations.LINEAR, null, ["x", "y"]);
  const count = columns.y.length;
  for (let sample = 0; ; sample = (sample + 1) % count) {
    nn.forwardProp(network, [columns.x[2 * sample], columns.x[2 * sample + 1]]);
    nn.backProp(network, columns.y[sample], nn.Errors.SQUARE);
    if ((sample + 1) % (batch ?? count) === 0) {
      nn.updateWeights(network, RATE, 0);
      yield 0;
    }
  }
}

/** Passes over all samples in a second, the best of several turns. @param {any} given @param {number | null} batch */
globalThis.passes = (given, batch) => {
  const steps = batch ? given.columns.y.length / batch : 1;
  const running = [ours(given, batch), theirs(given, batch)];
  const best = [0, 0];
  for (let round = 0; round < 12; round++) {
    running.forEach((one, at) => {
      let passes = 0;
      const begun = performance.now();
      while (performance.now() - begun < 250) {
        for (let step = 0; step < steps; step++) one.next();
        passes++;
      }
      best[at] = Math.max(best[at], (1000 * passes) / (performance.now() - begun));
    });
  }
  return best;
};

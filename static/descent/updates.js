// Generated from graphviz_backprop/descent/optimizers.py by tools/generate.py; change the rows there.

import * as kernel from "../engine/kernels.js";

/** @typedef {Readonly<Record<string, number>>} Numbers by their names: w, g, the state, the settings */

/**
 * @typedef {object} Optimizer
 * @property {Numbers} settings with their defaults
 * @property {readonly string[]} state what it remembers, all 0 before the first step
 * @property {boolean} scales whether its steps grow with the gradient, and so may overshoot
 * @property {readonly (readonly [string, (numbers: Numbers) => number])[]} lines of its update, from top
 * to bottom: the name that is set, and its new number
 */

/** @type {Readonly<Record<string, Optimizer>>} */
export const optimizers = {
  gd: {
    settings: { rate: 0.001 },
    state: [],
    scales: true,
    lines: [
      ["w", ({ w, rate, g }) => (w - (rate * g))],
    ],
  },
  momentum: {
    settings: { rate: 0.001, momentum: 0.9 },
    state: ["b"],
    scales: true,
    lines: [
      ["b", ({ momentum, b, g }) => ((momentum * b) + g)],
      ["w", ({ w, rate, b }) => (w - (rate * b))],
    ],
  },
  nesterov: {
    settings: { rate: 0.001, momentum: 0.9 },
    state: ["b"],
    scales: true,
    lines: [
      ["b", ({ momentum, b, g }) => ((momentum * b) + g)],
      ["w", ({ w, rate, g, momentum, b }) => (w - (rate * (g + (momentum * b))))],
    ],
  },
  rmsprop: {
    settings: { rate: 0.01, alpha: 0.99, eps: 1e-08 },
    state: ["v"],
    scales: false,
    lines: [
      ["v", ({ alpha, v, g }) => ((alpha * v) + ((1.0 - alpha) * (g * g)))],
      ["w", ({ w, rate, g, v, eps }) => (w - ((rate * g) / (kernel.sqrt(v) + eps)))],
    ],
  },
  adam: {
    settings: { rate: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-08 },
    state: ["t", "m", "v"],
    scales: false,
    lines: [
      ["t", ({ t }) => (t + 1.0)],
      ["m", ({ beta1, m, g }) => ((beta1 * m) + ((1.0 - beta1) * g))],
      ["v", ({ beta2, v, g }) => ((beta2 * v) + ((1.0 - beta2) * (g * g)))],
      ["mhat", ({ m, beta1, t }) => (m / (1.0 - kernel.pow(beta1, t)))],
      ["vhat", ({ v, beta2, t }) => (v / (1.0 - kernel.pow(beta2, t)))],
      ["w", ({ w, rate, mhat, vhat, eps }) => (w - ((rate * mhat) / (kernel.sqrt(vhat) + eps)))],
    ],
  },
  adamw: {
    settings: { rate: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: 0.01 },
    state: ["t", "m", "v"],
    scales: false,
    lines: [
      ["w", ({ w, rate, weight_decay }) => (w - ((rate * weight_decay) * w))],
      ["t", ({ t }) => (t + 1.0)],
      ["m", ({ beta1, m, g }) => ((beta1 * m) + ((1.0 - beta1) * g))],
      ["v", ({ beta2, v, g }) => ((beta2 * v) + ((1.0 - beta2) * (g * g)))],
      ["mhat", ({ m, beta1, t }) => (m / (1.0 - kernel.pow(beta1, t)))],
      ["vhat", ({ v, beta2, t }) => (v / (1.0 - kernel.pow(beta2, t)))],
      ["w", ({ w, rate, mhat, vhat, eps }) => (w - ((rate * mhat) / (kernel.sqrt(vhat) + eps)))],
    ],
  },
  adagrad: {
    settings: { rate: 0.01, eps: 1e-10 },
    state: ["s"],
    scales: false,
    lines: [
      ["s", ({ s, g }) => (s + (g * g))],
      ["w", ({ w, rate, g, s, eps }) => (w - ((rate * g) / (kernel.sqrt(s) + eps)))],
    ],
  },
};

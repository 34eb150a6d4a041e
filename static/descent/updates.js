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
 * @property {Step} step all of its lines, for many numbers at once
 *
 * @typedef {Record<string, Float64Array>} Memory
 * @typedef {(settings: Numbers, point: Float64Array, gradient: Float64Array, memory: Memory) =>
 *   {point: Float64Array, memory: Memory}} Step
 */

/** An eps up to here may be left out of what is found by hand. */
export const SMALL = 1e-06;

/** @type {Readonly<Record<string, Optimizer>>} */
export const optimizers = {
  gd: {
    settings: { rate: 0.001 },
    state: [],
    scales: true,
    lines: [
      ["w", ({ w, rate, g }) => (w - (rate * g))],
    ],
    step({ rate }, point, gradient, memory) {
      const ws = new Float64Array(point.length);
      for (let at = 0; at < point.length; at++) {
        const g = gradient[at];
        let w = point[at];
        w = (w - (rate * g));
        ws[at] = w;
      }
      return { point: ws, memory: {} };
    },
  },
  momentum: {
    settings: { rate: 0.001, momentum: 0.9 },
    state: ["b"],
    scales: true,
    lines: [
      ["b", ({ momentum, b, g }) => ((momentum * b) + g)],
      ["w", ({ w, rate, b }) => (w - (rate * b))],
    ],
    step({ rate, momentum }, point, gradient, memory) {
      const ws = new Float64Array(point.length);
      const bs = new Float64Array(point.length);
      for (let at = 0; at < point.length; at++) {
        const g = gradient[at];
        let w = point[at];
        let b = memory.b[at];
        b = ((momentum * b) + g);
        w = (w - (rate * b));
        ws[at] = w;
        bs[at] = b;
      }
      return { point: ws, memory: {b: bs} };
    },
  },
  nesterov: {
    settings: { rate: 0.001, momentum: 0.9 },
    state: ["b"],
    scales: true,
    lines: [
      ["b", ({ momentum, b, g }) => ((momentum * b) + g)],
      ["w", ({ w, rate, g, momentum, b }) => (w - (rate * (g + (momentum * b))))],
    ],
    step({ rate, momentum }, point, gradient, memory) {
      const ws = new Float64Array(point.length);
      const bs = new Float64Array(point.length);
      for (let at = 0; at < point.length; at++) {
        const g = gradient[at];
        let w = point[at];
        let b = memory.b[at];
        b = ((momentum * b) + g);
        w = (w - (rate * (g + (momentum * b))));
        ws[at] = w;
        bs[at] = b;
      }
      return { point: ws, memory: {b: bs} };
    },
  },
  rmsprop: {
    settings: { rate: 0.01, alpha: 0.99, eps: 1e-08 },
    state: ["v"],
    scales: false,
    lines: [
      ["v", ({ alpha, v, g }) => ((alpha * v) + ((1.0 - alpha) * (g * g)))],
      ["w", ({ w, rate, g, v, eps }) => (w - ((rate * g) / (kernel.sqrt(v) + eps)))],
    ],
    step({ rate, alpha, eps }, point, gradient, memory) {
      const ws = new Float64Array(point.length);
      const vs = new Float64Array(point.length);
      for (let at = 0; at < point.length; at++) {
        const g = gradient[at];
        let w = point[at];
        let v = memory.v[at];
        v = ((alpha * v) + ((1.0 - alpha) * (g * g)));
        w = (w - ((rate * g) / (kernel.sqrt(v) + eps)));
        ws[at] = w;
        vs[at] = v;
      }
      return { point: ws, memory: {v: vs} };
    },
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
    step({ rate, beta1, beta2, eps }, point, gradient, memory) {
      const ws = new Float64Array(point.length);
      const ts = new Float64Array(point.length);
      const ms = new Float64Array(point.length);
      const vs = new Float64Array(point.length);
      for (let at = 0; at < point.length; at++) {
        const g = gradient[at];
        let w = point[at];
        let t = memory.t[at];
        let m = memory.m[at];
        let v = memory.v[at];
        t = (t + 1.0);
        m = ((beta1 * m) + ((1.0 - beta1) * g));
        v = ((beta2 * v) + ((1.0 - beta2) * (g * g)));
        const mhat = (m / (1.0 - kernel.pow(beta1, t)));
        const vhat = (v / (1.0 - kernel.pow(beta2, t)));
        w = (w - ((rate * mhat) / (kernel.sqrt(vhat) + eps)));
        ws[at] = w;
        ts[at] = t;
        ms[at] = m;
        vs[at] = v;
      }
      return { point: ws, memory: {t: ts, m: ms, v: vs} };
    },
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
    step({ rate, beta1, beta2, eps, weight_decay }, point, gradient, memory) {
      const ws = new Float64Array(point.length);
      const ts = new Float64Array(point.length);
      const ms = new Float64Array(point.length);
      const vs = new Float64Array(point.length);
      for (let at = 0; at < point.length; at++) {
        const g = gradient[at];
        let w = point[at];
        let t = memory.t[at];
        let m = memory.m[at];
        let v = memory.v[at];
        w = (w - ((rate * weight_decay) * w));
        t = (t + 1.0);
        m = ((beta1 * m) + ((1.0 - beta1) * g));
        v = ((beta2 * v) + ((1.0 - beta2) * (g * g)));
        const mhat = (m / (1.0 - kernel.pow(beta1, t)));
        const vhat = (v / (1.0 - kernel.pow(beta2, t)));
        w = (w - ((rate * mhat) / (kernel.sqrt(vhat) + eps)));
        ws[at] = w;
        ts[at] = t;
        ms[at] = m;
        vs[at] = v;
      }
      return { point: ws, memory: {t: ts, m: ms, v: vs} };
    },
  },
  adagrad: {
    settings: { rate: 0.01, eps: 1e-10 },
    state: ["s"],
    scales: false,
    lines: [
      ["s", ({ s, g }) => (s + (g * g))],
      ["w", ({ w, rate, g, s, eps }) => (w - ((rate * g) / (kernel.sqrt(s) + eps)))],
    ],
    step({ rate, eps }, point, gradient, memory) {
      const ws = new Float64Array(point.length);
      const ss = new Float64Array(point.length);
      for (let at = 0; at < point.length; at++) {
        const g = gradient[at];
        let w = point[at];
        let s = memory.s[at];
        s = (s + (g * g));
        w = (w - ((rate * g) / (kernel.sqrt(s) + eps)));
        ws[at] = w;
        ss[at] = s;
      }
      return { point: ws, memory: {s: ss} };
    },
  },
};

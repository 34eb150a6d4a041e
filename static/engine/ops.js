// Generated from graphviz_backprop/language/ops.py by tools/generate.py; change the rows there.

import * as kernel from "./kernels.js";

/**
 * @typedef {object} Row an operation: its value and its local partials. One that takes any number of
 * arguments has `fold` and `share` instead; there n is their number and k how many equal the result f.
 * @property {(...x: number[]) => number} value
 * @property {((...xf: number[]) => number)[]} partials of the arguments and the result
 * @property {(xs: number[]) => number} [fold]
 * @property {(x: number, f: number, n: number, k: number) => number} [share]
 */

/** @type {Readonly<Record<string, Row>>} */
export const ops = {
  add: {
    value: (x, y) => (x + y),
    partials: [
      (x, y, f) => 1.0,
      (x, y, f) => 1.0,
    ],
  },
  sub: {
    value: (x, y) => (x - y),
    partials: [
      (x, y, f) => 1.0,
      (x, y, f) => -1.0,
    ],
  },
  mul: {
    value: (x, y) => (x * y),
    partials: [
      (x, y, f) => y,
      (x, y, f) => x,
    ],
  },
  div: {
    value: (x, y) => (x / y),
    partials: [
      (x, y, f) => (1.0 / y),
      (x, y, f) => (-(f / y)),
    ],
  },
  pow: {
    value: (x, y) => kernel.pow(x, y),
    partials: [
      (x, y, f) => kernel.where(kernel.equal(y, 0.0), 0.0, (y * kernel.where((kernel.less(x, 0.0) * kernel.equal((y - 1.0), y)), (f / x), kernel.pow(x, (y - 1.0))))),
      (x, y, f) => kernel.where((kernel.less(0.0, y) * kernel.equal(x, 0.0)), 0.0, (f * kernel.log(x))),
    ],
  },
  neg: {
    value: (x) => (-x),
    partials: [
      (x, f) => -1.0,
    ],
  },
  less: {
    value: (x, y) => kernel.less(x, y),
    partials: [
      (x, y, f) => 0.0,
      (x, y, f) => 0.0,
    ],
  },
  less_equal: {
    value: (x, y) => (kernel.less(x, y) + kernel.equal(x, y)),
    partials: [
      (x, y, f) => 0.0,
      (x, y, f) => 0.0,
    ],
  },
  greater: {
    value: (x, y) => kernel.less(y, x),
    partials: [
      (x, y, f) => 0.0,
      (x, y, f) => 0.0,
    ],
  },
  greater_equal: {
    value: (x, y) => (kernel.less(y, x) + kernel.equal(x, y)),
    partials: [
      (x, y, f) => 0.0,
      (x, y, f) => 0.0,
    ],
  },
  equal: {
    value: (x, y) => kernel.equal(x, y),
    partials: [
      (x, y, f) => 0.0,
      (x, y, f) => 0.0,
    ],
  },
  not_equal: {
    value: (x, y) => (1.0 - kernel.equal(x, y)),
    partials: [
      (x, y, f) => 0.0,
      (x, y, f) => 0.0,
    ],
  },
  where: {
    value: (c, x, y) => kernel.where(c, x, y),
    partials: [
      (c, x, y, f) => 0.0,
      (c, x, y, f) => (1.0 - kernel.equal(c, 0.0)),
      (c, x, y, f) => kernel.equal(c, 0.0),
    ],
  },
  exp: {
    value: (x) => kernel.exp(x),
    partials: [
      (x, f) => f,
    ],
  },
  expm1: {
    value: (x) => kernel.expm1(x),
    partials: [
      (x, f) => kernel.exp(x),
    ],
  },
  log: {
    value: (x) => kernel.log(x),
    partials: [
      (x, f) => kernel.where(kernel.less(x, 0.0), NaN, (1.0 / kernel.abs(x))),
    ],
  },
  log_base: {
    value: (x, b) => (kernel.log(x) / kernel.log(b)),
    partials: [
      (x, b, f) => kernel.where(kernel.less(x, 0.0), NaN, ((1.0 / kernel.abs(x)) / kernel.log(b))),
      (x, b, f) => kernel.where(kernel.less(b, 0.0), NaN, (((-f) / b) / kernel.log(b))),
    ],
  },
  log1p: {
    value: (x) => kernel.log1p(x),
    partials: [
      (x, f) => kernel.where(kernel.less(x, -1.0), NaN, (1.0 / (1.0 + x))),
    ],
  },
  log2: {
    value: (x) => kernel.log2(x),
    partials: [
      (x, f) => kernel.where(kernel.less(x, 0.0), NaN, ((1.0 / kernel.abs(x)) / kernel.log(2.0))),
    ],
  },
  log10: {
    value: (x) => kernel.log10(x),
    partials: [
      (x, f) => kernel.where(kernel.less(x, 0.0), NaN, ((1.0 / kernel.abs(x)) / kernel.log(10.0))),
    ],
  },
  sqrt: {
    value: (x) => kernel.sqrt(x),
    partials: [
      (x, f) => (1.0 / (2.0 * kernel.abs(f))),
    ],
  },
  cbrt: {
    value: (x) => kernel.cbrt(x),
    partials: [
      (x, f) => (1.0 / (3.0 * (f * f))),
    ],
  },
  sin: {
    value: (x) => kernel.sin(x),
    partials: [
      (x, f) => kernel.cos(x),
    ],
  },
  cos: {
    value: (x) => kernel.cos(x),
    partials: [
      (x, f) => (-kernel.sin(x)),
    ],
  },
  tan: {
    value: (x) => kernel.tan(x),
    partials: [
      (x, f) => (1.0 + (f * f)),
    ],
  },
  asin: {
    value: (x) => kernel.asin(x),
    partials: [
      (x, f) => (1.0 / kernel.sqrt(((1.0 - x) * (1.0 + x)))),
    ],
  },
  acos: {
    value: (x) => kernel.acos(x),
    partials: [
      (x, f) => (-1.0 / kernel.sqrt(((1.0 - x) * (1.0 + x)))),
    ],
  },
  atan: {
    value: (x) => kernel.atan(x),
    partials: [
      (x, f) => (1.0 / (1.0 + (x * x))),
    ],
  },
  atan2: {
    value: (y, x) => kernel.atan2(y, x),
    partials: [
      (y, x, f) => ((x / kernel.hypot(x, y)) / kernel.hypot(x, y)),
      (y, x, f) => (((-y) / kernel.hypot(x, y)) / kernel.hypot(x, y)),
    ],
  },
  sinh: {
    value: (x) => kernel.sinh(x),
    partials: [
      (x, f) => kernel.cosh(x),
    ],
  },
  cosh: {
    value: (x) => kernel.cosh(x),
    partials: [
      (x, f) => kernel.sinh(x),
    ],
  },
  tanh: {
    value: (x) => kernel.tanh(x),
    partials: [
      (x, f) => kernel.pow((1.0 / kernel.cosh(x)), 2.0),
    ],
  },
  asinh: {
    value: (x) => kernel.asinh(x),
    partials: [
      (x, f) => (1.0 / kernel.hypot(x, 1.0)),
    ],
  },
  acosh: {
    value: (x) => kernel.acosh(x),
    partials: [
      (x, f) => (1.0 / (kernel.sqrt((x - 1.0)) * kernel.sqrt((x + 1.0)))),
    ],
  },
  atanh: {
    value: (x) => kernel.atanh(x),
    partials: [
      (x, f) => kernel.where(kernel.less(1.0, kernel.abs(x)), NaN, (1.0 / ((1.0 - x) * (1.0 + x)))),
    ],
  },
  sec: {
    value: (x) => (1.0 / kernel.cos(x)),
    partials: [
      (x, f) => (f * kernel.tan(x)),
    ],
  },
  csc: {
    value: (x) => (1.0 / kernel.sin(x)),
    partials: [
      (x, f) => ((-f) / kernel.tan(x)),
    ],
  },
  cot: {
    value: (x) => (1.0 / kernel.tan(x)),
    partials: [
      (x, f) => (-(1.0 + (f * f))),
    ],
  },
  abs: {
    value: (x) => kernel.abs(x),
    partials: [
      (x, f) => kernel.sign(x),
    ],
  },
  sign: {
    value: (x) => kernel.sign(x),
    partials: [
      (x, f) => 0.0,
    ],
  },
  step: {
    value: (x) => kernel.step(x),
    partials: [
      (x, f) => 0.0,
    ],
  },
  max: {
    value: (...xs) => kernel.max(xs),
    partials: [],
    fold: (xs) => kernel.max(xs),
    share: (x, f, n, k) => (kernel.equal(x, f) / k),
  },
  min: {
    value: (...xs) => kernel.min(xs),
    partials: [],
    fold: (xs) => kernel.min(xs),
    share: (x, f, n, k) => (kernel.equal(x, f) / k),
  },
  sum: {
    value: (...xs) => kernel.sum(xs),
    partials: [],
    fold: (xs) => kernel.sum(xs),
    share: (x, f, n, k) => 1.0,
  },
  mean: {
    value: (...xs) => kernel.mean(xs),
    partials: [],
    fold: (xs) => kernel.mean(xs),
    share: (x, f, n, k) => (1.0 / n),
  },
  square: {
    value: (x) => (x * x),
    partials: [
      (x, f) => (2.0 * x),
    ],
  },
  rsqrt: {
    value: (x) => (1.0 / kernel.abs(kernel.sqrt(x))),
    partials: [
      (x, f) => ((-f) / (2.0 * kernel.abs(x))),
    ],
  },
  mod: {
    value: (x, y) => kernel.mod(x, y),
    partials: [
      (x, y, f) => 1.0,
      (x, y, f) => ((f - x) / y),
    ],
  },
  clamp: {
    value: (x, lo, hi) => kernel.min([kernel.max([x, lo]), hi]),
    partials: [
      (x, lo, hi, f) => (((kernel.less(lo, x) + kernel.equal(lo, x)) * (kernel.less(x, hi) + kernel.equal(x, hi))) * kernel.less(lo, hi)),
      (x, lo, hi, f) => (kernel.less(x, lo) * kernel.less(lo, hi)),
      (x, lo, hi, f) => kernel.less(hi, kernel.max([x, lo])),
    ],
  },
  hypot: {
    value: (x, y) => kernel.hypot(x, y),
    partials: [
      (x, y, f) => (x / f),
      (x, y, f) => (y / f),
    ],
  },
  erf: {
    value: (x) => kernel.erf(x),
    partials: [
      (x, f) => ((2.0 / kernel.sqrt(3.141592653589793)) * kernel.exp((-(x * x)))),
    ],
  },
  erfc: {
    value: (x) => kernel.erfc(x),
    partials: [
      (x, f) => ((-2.0 / kernel.sqrt(3.141592653589793)) * kernel.exp((-(x * x)))),
    ],
  },
  erfinv: {
    value: (x) => kernel.erfinv(x),
    partials: [
      (x, f) => ((kernel.sqrt(3.141592653589793) / 2.0) * kernel.exp((f * f))),
    ],
  },
  relu: {
    value: (x) => kernel.max([x, 0.0]),
    partials: [
      (x, f) => kernel.step(x),
    ],
  },
  leaky_relu: {
    value: (x) => (kernel.max([x, 0.0]) + (0.01 * kernel.min([x, 0.0]))),
    partials: [
      (x, f) => (0.01 + (0.99 * kernel.step(x))),
    ],
  },
  leaky_relu_slope: {
    value: (x, a) => (kernel.max([x, 0.0]) + (a * kernel.min([x, 0.0]))),
    partials: [
      (x, a, f) => kernel.where(kernel.less(0.0, x), 1.0, (a + kernel.step(x))),
      (x, a, f) => kernel.min([x, 0.0]),
    ],
  },
  elu: {
    value: (x) => (kernel.max([x, 0.0]) + kernel.expm1(kernel.min([x, 0.0]))),
    partials: [
      (x, f) => kernel.exp(kernel.min([x, 0.0])),
    ],
  },
  relu6: {
    value: (x) => kernel.min([kernel.max([x, 0.0]), 6.0]),
    partials: [
      (x, f) => (kernel.less(0.0, x) * kernel.less(x, 6.0)),
    ],
  },
  hardtanh: {
    value: (x) => kernel.min([kernel.max([x, -1.0]), 1.0]),
    partials: [
      (x, f) => (kernel.less(-1.0, x) * kernel.less(x, 1.0)),
    ],
  },
  selu: {
    value: (x) => (1.0507009873554805 * (kernel.max([x, 0.0]) + (1.6732632423543772 * kernel.expm1(kernel.min([x, 0.0]))))),
    partials: [
      (x, f) => (1.0507009873554805 * kernel.where(kernel.less(0.0, x), 1.0, (1.6732632423543772 * kernel.exp(x)))),
    ],
  },
  softsign: {
    value: (x) => (x / (1.0 + kernel.abs(x))),
    partials: [
      (x, f) => (1.0 / kernel.pow((1.0 + kernel.abs(x)), 2.0)),
    ],
  },
  smooth_l1: {
    value: (x) => kernel.where(kernel.less(kernel.abs(x), 1.0), ((x * x) / 2.0), (kernel.abs(x) - (1.0 / 2.0))),
    partials: [
      (x, f) => kernel.min([kernel.max([x, -1.0]), 1.0]),
    ],
  },
  softplus: {
    value: (x) => (kernel.max([x, 0.0]) + kernel.log1p(kernel.exp((-kernel.abs(x))))),
    partials: [
      (x, f) => (1.0 / (1.0 + kernel.exp((-x)))),
    ],
  },
  sigmoid: {
    value: (x) => (1.0 / (1.0 + kernel.exp((-x)))),
    partials: [
      (x, f) => (f * (1.0 / (1.0 + kernel.exp((-(-x)))))),
    ],
  },
  log_sigmoid: {
    value: (x) => (-(kernel.max([(-x), 0.0]) + kernel.log1p(kernel.exp((-kernel.abs((-x))))))),
    partials: [
      (x, f) => (1.0 / (1.0 + kernel.exp((-(-x))))),
    ],
  },
  logit: {
    value: (x) => kernel.where(kernel.less(kernel.abs((x - (1.0 / 2.0))), (1.0 / 4.0)), (2.0 * kernel.atanh(((2.0 * x) - 1.0))), (kernel.log(x) - kernel.log1p((-x)))),
    partials: [
      (x, f) => kernel.where((kernel.less(x, 0.0) + kernel.less(1.0, x)), NaN, (1.0 / (kernel.abs(x) * (1.0 - x)))),
    ],
  },
  silu: {
    value: (x) => kernel.where(kernel.less(x, 0.0), ((x * kernel.exp(x)) * (1.0 / (1.0 + kernel.exp((-(-x)))))), (x * (1.0 / (1.0 + kernel.exp((-x)))))),
    partials: [
      (x, f) => (kernel.where(kernel.less(x, 0.0), (kernel.exp(x) * (1.0 / (1.0 + kernel.exp((-(-x)))))), (1.0 / (1.0 + kernel.exp((-x))))) * (1.0 + (x * (1.0 / (1.0 + kernel.exp((-(-x)))))))),
    ],
  },
  mish: {
    value: (x) => (x * kernel.tanh((kernel.max([x, 0.0]) + kernel.log1p(kernel.exp((-kernel.abs(x))))))),
    partials: [
      (x, f) => (kernel.tanh((kernel.max([x, 0.0]) + kernel.log1p(kernel.exp((-kernel.abs(x)))))) + ((x * kernel.where(kernel.less(x, 0.0), (kernel.exp(x) * (1.0 / (1.0 + kernel.exp((-(-x)))))), (1.0 / (1.0 + kernel.exp((-x)))))) * (1.0 - kernel.pow(kernel.tanh((kernel.max([x, 0.0]) + kernel.log1p(kernel.exp((-kernel.abs(x)))))), 2.0)))),
    ],
  },
  logaddexp: {
    value: (x, y) => (kernel.max([x, y]) + kernel.log1p(kernel.exp((-kernel.abs((x - y)))))),
    partials: [
      (x, y, f) => (1.0 / (1.0 + kernel.exp((-(x - y))))),
      (x, y, f) => (1.0 / (1.0 + kernel.exp((-(y - x))))),
    ],
  },
  gelu: {
    value: (x) => (x * (kernel.erfc(((-x) / kernel.sqrt(2.0))) / 2.0)),
    partials: [
      (x, f) => ((kernel.erfc(((-x) / kernel.sqrt(2.0))) / 2.0) + ((x * kernel.exp(((-(x * x)) / 2.0))) / kernel.sqrt((2.0 * 3.141592653589793)))),
    ],
  },
};

// Generated from graphviz_backprop/{ops,patterns,trouble}.py by tools/generate.py; change it there.

import * as kernel from "./kernels.js";

/**
 * @typedef {object} Kink where an operation has a value and no derivative
 * @property {(...xf: number[]) => number} at the condition, by arguments and result or by how many tie
 * @property {string} kind
 * @property {((...xfd: number[]) => number) | null} slope the one-sided derivative in the direction of the
 * tangents, which follow arguments and result; null: the operation itself, of the tangents
 * @property {number[]} moves the arguments whose tangents it uses
 * @property {string} safer
 *
 * @typedef {object} Trap why a result, or a partial if slope is true, is infinite or not a number
 * @property {(...xf: number[]) => number} when the condition, by arguments and result or by result
 * @property {string} why
 * @property {string} safer
 * @property {boolean} slope
 *
 * @typedef {object} Advice
 * @property {string} label the operation as it is read
 * @property {boolean} symbol whether it is an operator
 * @property {string[]} params
 * @property {string} flat what a partial near 0 means
 * @property {Kink | null} kink
 * @property {Trap[]} traps
 *
 * @typedef {string | number | [string, ...any[]]} Tree a name, a number, or an operation and its arguments
 */

export const FLAT = 0.001;
export const TINY = 1e-05;
export const CANCELS = 1000.0;

/** @type {Readonly<Record<string, string>>} */
export const sentences = {
  input: "{node} is {value} from the start.",
  value: "{equation}: {why}.",
  slope: "{partial} at {equation}: {why}.",
  flow: "{gradient} × {partial} = {flow} flows from {node} to {child}: {why}.",
  sum: "What flows into {node} adds up to {gradient}: {why}.",
  cancelled: "{equation}: what is left is no more than rounding may have done. No digit of it is sure.",
  cancels: "The flows into {node} cancel: the rest, {gradient}, is no more than rounding may have done.",
  digits: "{equation}: 1 + {small} keeps few of the digits of {small}.",
  corner: "{equation} is at a corner: there is no derivative. By convention, as in PyTorch, {partials}.",
  jump: "{equation} is at a jump: there is no derivative. By convention {partials}.",
  steep: "{equation} is infinitely steep here: there is no derivative. {partials}.",
  edge: "{equation} is at the edge of its domain: there is no derivative. By convention {partials}.",
  bottom: "{equation} is where the output is lowest, near here: {partials}, there is nothing to go down.",
  flat: "{equation} is nearly flat here: {partials}, almost nothing flows back.",
  saturated: "{equation} is saturated: {partials}, almost nothing flows back.",
  dead: "{equation} is dead: {partials}, nothing flows back.",
  level: "{equation} is flat but for its jump: {partials}, nothing ever flows back.",
};

/** @type {Readonly<Record<string, string>>} */
export const reasons = {
  overflow: "the result is larger than 1.798e308, the largest number there is",
  product: "0 × ∞ is not a number",
  difference: "∞ − ∞ is not a number",
  none: "it has no value",
  corner: "it is at a corner, where there is no derivative",
  jump: "it is at a jump, where there is no derivative",
  steep: "it is infinitely steep here",
  edge: "at the edge of its domain it is infinitely steep",
};

/** @type {readonly {form: Tree, safer: string, small: string}[]} */
export const patterns = [
  { form: ["log", ["add", ["exp", "x"], ["exp", "y"]]], safer: "max({x}, {y}) + log1p(exp(-abs({x} - {y})))", small: "" },
  { form: ["log", ["add", ["add", ["exp", "x"], ["exp", "y"]], ["exp", "z"]]], safer: "max({x}, {y}, {z}) + log(exp({x} - max({x}, {y}, {z})) + exp({y} - max({x}, {y}, {z})) + exp({z} - max({x}, {y}, {z})))", small: "" },
  { form: ["log", ["add", 1.0, ["exp", "x"]]], safer: "softplus({x})", small: "" },
  { form: ["log1p", ["exp", "x"]], safer: "softplus({x})", small: "" },
  { form: ["log", ["sigmoid", "x"]], safer: "-softplus(-{x})", small: "" },
  { form: ["log", ["sub", 1.0, ["sigmoid", "x"]]], safer: "-softplus({x})", small: "" },
  { form: ["div", 1.0, ["add", 1.0, ["exp", ["neg", "x"]]]], safer: "sigmoid({x})", small: "" },
  { form: ["div", 1.0, ["add", 1.0, ["exp", "x"]]], safer: "sigmoid(-{x})", small: "" },
  { form: ["div", ["exp", "x"], ["add", 1.0, ["exp", "x"]]], safer: "sigmoid({x})", small: "" },
  { form: ["div", ["sub", ["exp", "x"], ["exp", ["neg", "x"]]], ["add", ["exp", "x"], ["exp", ["neg", "x"]]]], safer: "tanh({x})", small: "" },
  { form: ["div", ["exp", "x"], ["add", ["exp", "x"], ["exp", "y"]]], safer: "sigmoid({x} - {y})", small: "" },
  { form: ["div", ["exp", "x"], ["add", ["add", ["exp", "x"], ["exp", "y"]], ["exp", "z"]]], safer: "sigmoid({x} - max({y}, {z}) - log1p(exp(-abs({y} - {z}))))", small: "" },
  { form: ["sqrt", ["add", ["pow", "x", 2.0], ["pow", "y", 2.0]]], safer: "hypot({x}, {y})", small: "" },
  { form: ["sub", ["exp", "x"], 1.0], safer: "expm1({x})", small: "x" },
  { form: ["log", ["add", 1.0, "x"]], safer: "log1p({x})", small: "x" },
];

/** @type {Readonly<Record<string, Advice>>} */
export const advice = {
  add: {
    label: "{0} + {1}",
    symbol: true,
    params: ["x", "y"],
    flat: "",
    kink: null,
    traps: [
      { when: (x, y, f) => (1.0 - kernel.equal(f, f)), why: "∞ − ∞ is not a number", safer: "", slope: false },
    ],
  },
  sub: {
    label: "{0} − {1}",
    symbol: true,
    params: ["x", "y"],
    flat: "",
    kink: null,
    traps: [
      { when: (x, y, f) => (1.0 - kernel.equal(f, f)), why: "∞ − ∞ is not a number", safer: "", slope: false },
    ],
  },
  mul: {
    label: "{0} · {1}",
    symbol: true,
    params: ["x", "y"],
    flat: "",
    kink: null,
    traps: [
      { when: (x, y, f) => (1.0 - kernel.equal(f, f)), why: "0 × ∞ is not a number", safer: "", slope: false },
    ],
  },
  div: {
    label: "{0} / {1}",
    symbol: true,
    params: ["x", "y"],
    flat: "",
    kink: null,
    traps: [
      { when: (x, y) => (kernel.equal(x, 0.0) * kernel.equal(y, 0.0)), why: "0 / 0 is not a number", safer: "", slope: false },
      { when: (x, y) => kernel.equal(y, 0.0), why: "division by zero", safer: "", slope: false },
      { when: (x, y, f) => (1.0 - kernel.equal(f, f)), why: "∞ / ∞ is not a number", safer: "", slope: false },
    ],
  },
  pow: {
    label: "{0} ^ {1}",
    symbol: true,
    params: ["x", "y"],
    flat: "flat",
    kink: {
      at: (x, y) => ((kernel.equal(x, 0.0) * kernel.less(0.0, y)) * (1.0 - kernel.equal(kernel.pow(-1.0, y), kernel.pow(-1.0, y)))),
      kind: "edge",
      slope: (x, y, f, dx) => kernel.where(kernel.less(dx, 0.0), NaN, ((y * kernel.pow(x, (y - 1.0))) * dx)),
      moves: [0],
      safer: "",
    },
    traps: [
      { when: (x, y) => (kernel.less(x, 0.0) * kernel.equal(y, (1.0 / 3.0))), why: "a power that is not whole is defined for x ≥ 0", safer: "cbrt({x})", slope: false },
      { when: (x, y, f) => (1.0 - kernel.equal(f, f)), why: "a power that is not whole is defined for x ≥ 0", safer: "", slope: false },
      { when: (x, y) => (kernel.equal(x, 0.0) * kernel.less(y, 0.0)), why: "0 to a negative power is a division by zero", safer: "", slope: false },
      { when: (x) => kernel.less(x, 0.0), why: "the exponential rule, f · ln(x), holds for x > 0", safer: "", slope: true },
      { when: (x) => kernel.equal(x, 0.0), why: "ln(0), in the exponential rule f · ln(x), is -∞", safer: "", slope: true },
    ],
  },
  neg: {
    label: "−{0}",
    symbol: true,
    params: ["x"],
    flat: "",
    kink: null,
    traps: [],
  },
  exp: {
    label: "exp({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  expm1: {
    label: "expm1({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  log: {
    label: "log({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x) => kernel.less(x, 0.0), why: "the logarithm is defined for x > 0", safer: "", slope: false },
      { when: (x) => kernel.equal(x, 0.0), why: "the logarithm of 0 is -∞", safer: "", slope: false },
    ],
  },
  log_base: {
    label: "log({0}, {1})",
    symbol: false,
    params: ["x", "b"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x) => kernel.less(x, 0.0), why: "the logarithm is defined for x > 0", safer: "", slope: false },
      { when: (x, b) => (1.0 - kernel.less(0.0, b)), why: "the base of a logarithm is positive", safer: "", slope: false },
      { when: (x, b) => kernel.equal(b, 1.0), why: "there is no logarithm to base 1", safer: "", slope: false },
      { when: (x) => kernel.equal(x, 0.0), why: "the logarithm of 0 is -∞", safer: "", slope: false },
      { when: (x, b, f) => (1.0 - kernel.equal(f, f)), why: "∞ / ∞ is not a number", safer: "", slope: false },
    ],
  },
  log1p: {
    label: "log1p({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x) => kernel.less(x, -1.0), why: "log1p is defined for x > -1", safer: "", slope: false },
      { when: (x) => kernel.equal(x, -1.0), why: "1 + x is 0, and the logarithm of 0 is -∞", safer: "", slope: false },
    ],
  },
  log2: {
    label: "log2({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x) => kernel.less(x, 0.0), why: "the logarithm is defined for x > 0", safer: "", slope: false },
      { when: (x) => kernel.equal(x, 0.0), why: "the logarithm of 0 is -∞", safer: "", slope: false },
    ],
  },
  log10: {
    label: "log10({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x) => kernel.less(x, 0.0), why: "the logarithm is defined for x > 0", safer: "", slope: false },
      { when: (x) => kernel.equal(x, 0.0), why: "the logarithm of 0 is -∞", safer: "", slope: false },
    ],
  },
  sqrt: {
    label: "sqrt({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: {
      at: (x) => kernel.equal(x, 0.0),
      kind: "edge",
      slope: (x, f, dx) => kernel.where(kernel.less(dx, 0.0), NaN, (dx / 0.0)),
      moves: [0],
      safer: "",
    },
    traps: [
      { when: (x) => kernel.less(x, 0.0), why: "the square root is defined for x ≥ 0", safer: "", slope: false },
    ],
  },
  cbrt: {
    label: "cbrt({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: {
      at: (x) => kernel.equal(x, 0.0),
      kind: "steep",
      slope: (x, f, dx) => (dx / 0.0),
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  sin: {
    label: "sin({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x, f) => (1.0 - kernel.equal(f, f)), why: "it has no limit at infinity", safer: "", slope: false },
    ],
  },
  cos: {
    label: "cos({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x, f) => (1.0 - kernel.equal(f, f)), why: "it has no limit at infinity", safer: "", slope: false },
    ],
  },
  tan: {
    label: "tan({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [
      { when: (x, f) => (1.0 - kernel.equal(f, f)), why: "it has no limit at infinity", safer: "", slope: false },
    ],
  },
  asin: {
    label: "asin({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: {
      at: (x) => kernel.equal(kernel.abs(x), 1.0),
      kind: "edge",
      slope: (x, f, dx) => kernel.where(kernel.less(0.0, (x * dx)), NaN, (dx / 0.0)),
      moves: [0],
      safer: "",
    },
    traps: [
      { when: (x) => kernel.less(1.0, kernel.abs(x)), why: "asin is defined for -1 ≤ x ≤ 1", safer: "", slope: false },
    ],
  },
  acos: {
    label: "acos({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: {
      at: (x) => kernel.equal(kernel.abs(x), 1.0),
      kind: "edge",
      slope: (x, f, dx) => kernel.where(kernel.less(0.0, (x * dx)), NaN, ((-dx) / 0.0)),
      moves: [0],
      safer: "",
    },
    traps: [
      { when: (x) => kernel.less(1.0, kernel.abs(x)), why: "acos is defined for -1 ≤ x ≤ 1", safer: "", slope: false },
    ],
  },
  atan: {
    label: "atan({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  atan2: {
    label: "atan2({0}, {1})",
    symbol: false,
    params: ["y", "x"],
    flat: "flat",
    kink: {
      at: (y, x) => (kernel.equal(y, 0.0) * (1.0 - kernel.less(0.0, x))),
      kind: "jump",
      slope: (y, x, f, dy) => kernel.where((kernel.equal(x, 0.0) + kernel.equal(dy, 0.0)), NaN, kernel.where(kernel.less((dy * f), 0.0), ((-f) / 0.0), (dy / x))),
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  sinh: {
    label: "sinh({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [],
  },
  cosh: {
    label: "cosh({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: null,
    traps: [],
  },
  tanh: {
    label: "tanh({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  abs: {
    label: "abs({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: {
      at: (x) => kernel.equal(x, 0.0),
      kind: "corner",
      slope: null,
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  sign: {
    label: "sign({0})",
    symbol: false,
    params: ["x"],
    flat: "level",
    kink: {
      at: (x) => kernel.equal(x, 0.0),
      kind: "jump",
      slope: (x, f, dx) => (dx / 0.0),
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  step: {
    label: "step({0})",
    symbol: false,
    params: ["x"],
    flat: "level",
    kink: {
      at: (x) => kernel.equal(x, 0.0),
      kind: "jump",
      slope: (x, f, dx) => kernel.where(kernel.less(dx, 0.0), 0.0, (dx / 0.0)),
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  max: {
    label: "max({all})",
    symbol: false,
    params: ["x"],
    flat: "dead",
    kink: {
      at: (f, k) => kernel.less(1.0, k),
      kind: "corner",
      slope: null,
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  min: {
    label: "min({all})",
    symbol: false,
    params: ["x"],
    flat: "dead",
    kink: {
      at: (f, k) => kernel.less(1.0, k),
      kind: "corner",
      slope: null,
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  sum: {
    label: "sum({all})",
    symbol: false,
    params: ["x"],
    flat: "",
    kink: null,
    traps: [
      { when: (f) => (1.0 - kernel.equal(f, f)), why: "∞ − ∞ is not a number", safer: "", slope: false },
    ],
  },
  mean: {
    label: "mean({all})",
    symbol: false,
    params: ["x"],
    flat: "",
    kink: null,
    traps: [
      { when: (f) => (1.0 - kernel.equal(f, f)), why: "∞ − ∞ is not a number", safer: "", slope: false },
      { when: (f) => kernel.less(1.7976931348623157e+308, kernel.abs(f)), why: "the sum of the arguments is too large", safer: "", slope: false },
    ],
  },
  hypot: {
    label: "hypot({0}, {1})",
    symbol: false,
    params: ["x", "y"],
    flat: "flat",
    kink: {
      at: (x, y, f) => kernel.equal(f, 0.0),
      kind: "corner",
      slope: null,
      moves: [0, 1],
      safer: "",
    },
    traps: [],
  },
  erf: {
    label: "erf({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  erfc: {
    label: "erfc({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  relu: {
    label: "relu({0})",
    symbol: false,
    params: ["x"],
    flat: "dead",
    kink: {
      at: (x) => kernel.equal(x, 0.0),
      kind: "corner",
      slope: null,
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  leaky_relu: {
    label: "leaky_relu({0})",
    symbol: false,
    params: ["x"],
    flat: "flat",
    kink: {
      at: (x) => kernel.equal(x, 0.0),
      kind: "corner",
      slope: null,
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  leaky_relu_slope: {
    label: "leaky_relu({0}, {1})",
    symbol: false,
    params: ["x", "a"],
    flat: "flat",
    kink: {
      at: (x, a) => (kernel.equal(x, 0.0) * (1.0 - kernel.equal(a, 1.0))),
      kind: "corner",
      slope: (x, a, f, dx) => (kernel.max([dx, 0.0]) + (a * kernel.min([dx, 0.0]))),
      moves: [0],
      safer: "",
    },
    traps: [],
  },
  elu: {
    label: "elu({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  softplus: {
    label: "softplus({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  sigmoid: {
    label: "sigmoid({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [],
  },
  silu: {
    label: "silu({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [
      { when: (x, f) => (1.0 - kernel.equal(f, f)), why: "0 × ∞ is not a number", safer: "", slope: false },
    ],
  },
  mish: {
    label: "mish({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [
      { when: (x, f) => (1.0 - kernel.equal(f, f)), why: "0 × ∞ is not a number", safer: "", slope: false },
    ],
  },
  logaddexp: {
    label: "logaddexp({0}, {1})",
    symbol: false,
    params: ["x", "y"],
    flat: "saturated",
    kink: null,
    traps: [
      { when: (x, y, f) => (1.0 - kernel.equal(f, f)), why: "∞ − ∞ is not a number", safer: "", slope: false },
    ],
  },
  gelu: {
    label: "gelu({0})",
    symbol: false,
    params: ["x"],
    flat: "saturated",
    kink: null,
    traps: [
      { when: (x, f) => (1.0 - kernel.equal(f, f)), why: "0 × ∞ is not a number", safer: "", slope: false },
    ],
  },
};

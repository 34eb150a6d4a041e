// Generated from graphviz_backprop/explain/grading/kinds.py by tools/generate.py; change it there.

import * as kernel from "../../engine/kernels.js";

/**
 * @typedef {object} Slip a wrong formula
 * @property {string} kind
 * @property {(...xfn: number[]) => number} formula of the arguments (of a row that takes any number, of
 * the one in question), the result and the number of arguments
 * @property {string} why
 */

export const LISTED = 8;
export const PAIRED = 240;
export const DIGITS = 3;
export const EXACT = 1e-09;

/** @type {Readonly<Record<string, {title: string, sentence: string, everywhere: string}>>} */
export const kinds = {
  missed: {
    title: "a path is missing",
    sentence: "The flow from {parent} to {child}, {g} × {q} = {flow}, is left out.",
    everywhere: "",
  },
  term: {
    title: "one term of the rule is missing",
    sentence: "The {rule} has a term for each argument: that of {child}, {g} × {q} = {flow}, is left out.",
    everywhere: "",
  },
  overwritten: {
    title: "= in place of +=",
    sentence: "Only the flow from {parent}, {flow}, counts at {child}: all that flow in add up to {sum}.",
    everywhere: "At every node only the last flow counts: where several flow in, they add up.",
  },
  leaf: {
    title: "a mention of the variable is missing",
    sentence: "Only {child}, one mention of {name}, counts: the gradients of all mentions add up to {sum}.",
    everywhere: "",
  },
  sign: {
    title: "the sign",
    sentence: "{d} is {p}, not {wrong}: the sign is the other one.",
    everywhere: "",
  },
  upstream: {
    title: "the upstream gradient is forgotten",
    sentence: "{d} = {p} is not multiplied by the gradient of {parent}: {g} × {q} = {flow} flows to {child}.",
    everywhere: "No local partial is multiplied by the gradient that comes from above.",
  },
  one: {
    title: "a derivative is forgotten",
    sentence: "{d} = {p} is left out: the gradient of {parent} is passed on as it is, but {g} × {q} = {flow} flows to {child}.",
    everywhere: "",
  },
  stopped: {
    title: "the chain ends too early",
    sentence: "{shown} is the gradient of {child}: the local partials from there down to {name} are left out.",
    everywhere: "",
  },
  other: {
    title: "the partial by the other argument",
    sentence: "{d} is {p}; {wrong} is the partial by the other argument, {sibling}.",
    everywhere: "",
  },
  factor: {
    title: "a factor is missing",
    sentence: "{d} is {p}, not {wrong}: {why}.",
    everywhere: "",
  },
  exponent: {
    title: "the exponent",
    sentence: "{d} is {p}, not {wrong}: {why}.",
    everywhere: "",
  },
  rule: {
    title: "another rule",
    sentence: "{d} is {p}, not {wrong}: {why}.",
    everywhere: "",
  },
  argument: {
    title: "argument and result are mixed up",
    sentence: "{d} is {p}, not {wrong}: {why}.",
    everywhere: "",
  },
  branch: {
    title: "the wrong branch",
    sentence: "{d} is {p}, not {wrong}: {why}.",
    everywhere: "",
  },
  taken: {
    title: "the wrong branch",
    sentence: "{parent} takes {child} here, not {sibling}: the gradient goes to {child} alone.",
    everywhere: "",
  },
  inside: {
    title: "the derivative inside the function",
    sentence: "{d} is taken at {child} = {value}, not at the derivative of {child}, {slope}: that is a factor, {p} × {factor}.",
    everywhere: "",
  },
  replaced: {
    title: "the derivative inside the function",
    sentence: "The derivative of {child}, {slope}, is not put into {parent} in place of {child}: it is a factor behind {d}, {p} × {factor}.",
    everywhere: "",
  },
  value: {
    title: "the value in place of the partial",
    sentence: "{d} is {p}; {wrong} is the value of {parent}.",
    everywhere: "",
  },
  own: {
    title: "the argument in place of the partial",
    sentence: "{d} is {p}; {wrong} is the value of {child}.",
    everywhere: "",
  },
  constant: {
    title: "a constant's derivative",
    sentence: "{d} is {p}, not {wrong}: the derivative of the constant {sibling} is 0, not 1.",
    everywhere: "",
  },
  kept: {
    title: "a constant's derivative",
    sentence: "The constant {constant} is kept: its derivative is 0.",
    everywhere: "",
  },
  added: {
    title: "added in place of multiplied",
    sentence: "The gradient of {parent} and {d} are multiplied, {g} × {q} = {flow}, not added.",
    everywhere: "At every edge the gradient and the local partial are multiplied, not added.",
  },
  product: {
    title: "the product of the derivatives",
    sentence: "The derivative of {parent} is not that of {child} times that of {sibling}: the product rule has two terms.",
    everywhere: "",
  },
  quotient: {
    title: "the quotient of the derivatives",
    sentence: "The derivative of {parent} is not that of {child} divided by that of {sibling}: see the quotient rule.",
    everywhere: "",
  },
  turned: {
    title: "the quotient rule turned round",
    sentence: "{parent} is {child} divided by {sibling}: the term of {child} is added, that of {sibling} subtracted.",
    everywhere: "",
  },
  unsquared: {
    title: "the denominator is not squared",
    sentence: "The quotient rule divides both of its terms by {sibling}², not by {sibling}.",
    everywhere: "",
  },
  inverted: {
    title: "the partial upside down",
    sentence: "{d} is {p}; {wrong} is 1 divided by it.",
    everywhere: "",
  },
  transposed: {
    title: "transposed",
    sentence: "Rows and columns are exchanged.",
    everywhere: "",
  },
  unsummed: {
    title: "not summed",
    sentence: "What is copied gets the sum of what flows to its copies.",
    everywhere: "",
  },
  averaged: {
    title: "mean and sum",
    sentence: "A mean is wanted where a sum was taken, or the other way round.",
    everywhere: "",
  },
  divided: {
    title: "divided by the number of terms",
    sentence: "A sum is wanted where a mean was taken.",
    everywhere: "",
  },
  bessel: {
    title: "n and n - 1",
    sentence: "The number of samples, or one less.",
    everywhere: "",
  },
  result: {
    title: "the value in place of the gradient",
    sentence: "{shown} is the value of {child}, not its gradient.",
    everywhere: "",
  },
  output: {
    title: "the value in place of the gradient",
    sentence: "{shown} is the value of the output {parent}, not a gradient.",
    everywhere: "",
  },
  swapped: {
    title: "another variable's gradient",
    sentence: "{shown} is the gradient of {other}, not that of {name}.",
    everywhere: "",
  },
  seed: {
    title: "the gradient at the output is forgotten",
    sentence: "The gradient at the output {parent} is {g}, not 1: every gradient is multiplied by it.",
    everywhere: "",
  },
  twice: {
    title: "counted twice",
    sentence: "{shown} is twice the number, as where gradients are not set to 0 in between.",
    everywhere: "",
  },
  stale: {
    title: "a number from before",
    sentence: "{shown} is this number at the point before.",
    everywhere: "",
  },
  accumulated: {
    title: "gradients not set to 0",
    sentence: "{shown} is the sum of this gradient, {now}, and that at the point before, {before}.",
    everywhere: "",
  },
  operation: {
    title: "another operation",
    sentence: "{child} is {right}, not {wrong}: {why}.",
    everywhere: "",
  },
};

/** Rules that have a term for each argument. @type {Readonly<Record<string, string>>} */
export const rules = { mul: "product rule", div: "quotient rule" };

/** What takes one of two arguments, and which is the first of them. @type {Readonly<Record<string, number>>} */
export const branches = { where: 1, max: 0, min: 0 };

/** By operation and argument. @type {Readonly<Record<string, Record<number, Slip[]>>>} */
export const partials = {
  pow: {
    0: [
      { kind: "factor", formula: (x, y) => kernel.pow(x, (y - 1.0)), why: "the exponent comes down as a factor" },
      { kind: "exponent", formula: (x, y) => (y * kernel.pow(x, y)), why: "the exponent becomes smaller by 1" },
      { kind: "exponent", formula: (x, y) => (y * x), why: "the power stays, with an exponent that is smaller by 1" },
      { kind: "factor", formula: (x, y) => ((y - 1.0) * kernel.pow(x, (y - 1.0))), why: "the factor is the exponent as it was" },
      { kind: "exponent", formula: (x, y) => (y * kernel.pow(x, (y - 2.0))), why: "the exponent becomes smaller by 1, not by 2" },
    ],
    1: [
      { kind: "factor", formula: (x, y, f) => f, why: "the factor ln of the base is missing" },
      { kind: "rule", formula: (x, y) => (y * kernel.pow(x, (y - 1.0))), why: "that is the power rule, and here the exponent varies" },
    ],
  },
  square: {
    0: [
      { kind: "factor", formula: (x) => x, why: "the factor 2 is missing" },
      { kind: "exponent", formula: (x, f) => (2.0 * f), why: "the exponent becomes smaller by 1" },
      { kind: "exponent", formula: () => 2.0, why: "the argument stays, to the power of 1" },
    ],
  },
  div: {
    1: [
      { kind: "exponent", formula: (x, y) => ((-x) / y), why: "the denominator is squared" },
      { kind: "factor", formula: (x, y) => (-1.0 / (y * y)), why: "the numerator is missing" },
    ],
  },
  sqrt: {
    0: [
      { kind: "factor", formula: (x, f) => (1.0 / f), why: "the factor 1/2 is missing" },
      { kind: "exponent", formula: (x) => (1.0 / (2.0 * x)), why: "the root stays in the denominator" },
      { kind: "exponent", formula: (x, f) => (f / 2.0), why: "the exponent becomes -1/2" },
    ],
  },
  cbrt: {
    0: [
      { kind: "factor", formula: (x, f) => (1.0 / (f * f)), why: "the factor 1/3 is missing" },
    ],
  },
  rsqrt: {
    0: [
      { kind: "factor", formula: (x, f) => ((-f) / x), why: "the factor 1/2 is missing" },
    ],
  },
  exp: {
    0: [
      { kind: "rule", formula: (x) => (x * kernel.exp((x - 1.0))), why: "the power rule is for a base that varies" },
    ],
  },
  log: {
    0: [
      { kind: "argument", formula: (x, f) => (1.0 / f), why: "it is 1 divided by the argument" },
    ],
  },
  log_base: {
    0: [
      { kind: "factor", formula: (x) => (1.0 / x), why: "the factor ln of the base in the denominator is missing" },
      { kind: "rule", formula: (x, b) => (kernel.log(b) / x), why: "ln of the base divides" },
    ],
  },
  log2: {
    0: [
      { kind: "factor", formula: (x) => (1.0 / x), why: "the factor ln(2) in the denominator is missing" },
    ],
  },
  log10: {
    0: [
      { kind: "factor", formula: (x) => (1.0 / x), why: "the factor ln(10) in the denominator is missing" },
    ],
  },
  sin: {
    0: [
      { kind: "argument", formula: (x, f) => kernel.cos(f), why: "it is the cosine of the argument" },
      { kind: "argument", formula: (x) => kernel.cos(((x * 3.141592653589793) / 180.0)), why: "the argument is in radians" },
    ],
  },
  cos: {
    0: [
      { kind: "argument", formula: (x, f) => (-kernel.sin(f)), why: "it is the sine of the argument, with a minus" },
      { kind: "argument", formula: (x) => (-kernel.sin(((x * 3.141592653589793) / 180.0))), why: "the argument is in radians" },
    ],
  },
  tan: {
    0: [
      { kind: "sign", formula: (x, f) => (1.0 - (f * f)), why: "1 - f² belongs to tanh" },
      { kind: "argument", formula: (x) => (1.0 + (x * x)), why: "the result is squared, not the argument" },
    ],
  },
  asin: {
    0: [
      { kind: "exponent", formula: (x) => (1.0 / (1.0 - (x * x))), why: "the root is missing" },
    ],
  },
  acos: {
    0: [
      { kind: "exponent", formula: (x) => (-1.0 / (1.0 - (x * x))), why: "the root is missing" },
    ],
  },
  atan: {
    0: [
      { kind: "rule", formula: (x) => (1.0 / (1.0 - (x * x))), why: "the square is added to 1" },
    ],
  },
  tanh: {
    0: [
      { kind: "exponent", formula: (x, f) => (1.0 - f), why: "the result is squared" },
      { kind: "argument", formula: (x) => (1.0 - (x * x)), why: "the result is squared, not the argument" },
      { kind: "rule", formula: (x, f) => (f * (1.0 - f)), why: "that is the rule of the sigmoid" },
      { kind: "rule", formula: (x, f) => (1.0 + (f * f)), why: "the square is subtracted from 1" },
      { kind: "rule", formula: (x, f) => (f * f), why: "the square is subtracted from 1" },
      { kind: "argument", formula: (x, f) => (1.0 - kernel.pow(kernel.tanh(f), 2.0)), why: "the result is squared as it is, without another tanh" },
    ],
  },
  sigmoid: {
    0: [
      { kind: "factor", formula: (x, f) => (1.0 - f), why: "the factor in front is missing: it is the result times 1 minus the result" },
      { kind: "argument", formula: (x) => (x * (1.0 - x)), why: "it is the result times 1 minus the result, not the argument's" },
      { kind: "rule", formula: (x, f) => (1.0 - (f * f)), why: "that is the rule of tanh" },
      { kind: "rule", formula: (x, f) => (f * (1.0 + f)), why: "it is the result times 1 minus the result" },
      { kind: "rule", formula: (x, f) => (f * f), why: "it is the result times 1 minus the result" },
      { kind: "argument", formula: (x, f) => ((1.0 / (1.0 + kernel.exp((-f)))) * (1.0 - (1.0 / (1.0 + kernel.exp((-f)))))), why: "the result is taken as it is, without another sigmoid" },
    ],
  },
  silu: {
    0: [
      { kind: "factor", formula: (x) => (1.0 / (1.0 + kernel.exp((-x)))), why: "the second term of the product rule is missing" },
    ],
  },
  relu: {
    0: [
      { kind: "branch", formula: (x) => (kernel.less(x, 0.0) + kernel.equal(x, 0.0)), why: "the slope is 1 above 0, and 0 below" },
    ],
  },
  leaky_relu: {
    0: [
      { kind: "branch", formula: (x) => (1.0 - (0.99 * kernel.step(x))), why: "the slope is 1 above 0, and 0.01 below" },
    ],
  },
  abs: {
    0: [
      { kind: "factor", formula: (x, f) => f, why: "only the sign of the argument is left" },
    ],
  },
  max: {
    0: [
      { kind: "branch", formula: (x, f) => (1.0 - kernel.equal(x, f)), why: "the gradient goes to the largest argument" },
    ],
  },
  min: {
    0: [
      { kind: "branch", formula: (x, f) => (1.0 - kernel.equal(x, f)), why: "the gradient goes to the smallest argument" },
    ],
  },
  where: {
    1: [
      { kind: "branch", formula: (c) => kernel.equal(c, 0.0), why: "the gradient goes to the branch that is taken" },
    ],
    2: [
      { kind: "branch", formula: (c) => (1.0 - kernel.equal(c, 0.0)), why: "the gradient goes to the branch that is taken" },
    ],
  },
  sum: {
    0: [
      { kind: "factor", formula: (x, f, n) => (1.0 / n), why: "only a mean is divided by the number of its terms" },
    ],
  },
  mean: {
    0: [
      { kind: "factor", formula: () => 1.0, why: "a mean is divided by the number of its terms" },
    ],
  },
  erf: {
    0: [
      { kind: "factor", formula: (x) => kernel.exp((-(x * x))), why: "the factor 2/√π is missing" },
    ],
  },
  softplus: {
    0: [
      { kind: "argument", formula: (x, f) => (1.0 / (1.0 + kernel.exp((-f)))), why: "it is the sigmoid of the argument" },
    ],
  },
  hypot: {
    0: [
      { kind: "factor", formula: (x) => x, why: "it is divided by the result" },
    ],
    1: [
      { kind: "factor", formula: (x, y) => y, why: "it is divided by the result" },
    ],
  },
};

/** By operation. @type {Readonly<Record<string, Slip[]>>} */
export const values = {
  add: [
    { kind: "operation", formula: (x, y) => (x * y), why: "that is the product" },
    { kind: "operation", formula: (x, y) => (x - y), why: "that is the difference" },
  ],
  sub: [
    { kind: "operation", formula: (x, y) => (y - x), why: "that is the other way round" },
    { kind: "operation", formula: (x, y) => (x + y), why: "that is the sum" },
  ],
  mul: [
    { kind: "operation", formula: (x, y) => (x + y), why: "that is the sum" },
    { kind: "operation", formula: (x, y) => ((-x) * y), why: "the sign is the other one" },
  ],
  div: [
    { kind: "operation", formula: (x, y) => (y / x), why: "that is the other way round" },
    { kind: "operation", formula: (x, y) => (x * y), why: "that is the product" },
  ],
  pow: [
    { kind: "operation", formula: (x, y) => (x * y), why: "that is base times exponent" },
    { kind: "operation", formula: (x, y) => kernel.pow(y, x), why: "base and exponent are the other way round" },
    { kind: "operation", formula: (x, y, f) => (-f), why: "the sign is the other one" },
  ],
  neg: [
    { kind: "operation", formula: (x) => x, why: "the minus is missing" },
  ],
  square: [
    { kind: "operation", formula: (x) => (2.0 * x), why: "that is twice the argument" },
    { kind: "operation", formula: (x, f) => (-f), why: "a square is never negative" },
  ],
  sqrt: [
    { kind: "operation", formula: (x) => (x / 2.0), why: "that is half of the argument" },
  ],
  log: [
    { kind: "operation", formula: (x) => kernel.log10(x), why: "that is the logarithm to base 10" },
  ],
  exp: [
    { kind: "operation", formula: (x) => (2.718281828459045 * x), why: "that is e times the argument" },
  ],
  sin: [
    { kind: "operation", formula: (x) => kernel.sin(((x * 3.141592653589793) / 180.0)), why: "the argument is in radians" },
  ],
  cos: [
    { kind: "operation", formula: (x) => kernel.cos(((x * 3.141592653589793) / 180.0)), why: "the argument is in radians" },
  ],
  tan: [
    { kind: "operation", formula: (x) => kernel.tan(((x * 3.141592653589793) / 180.0)), why: "the argument is in radians" },
  ],
  sigmoid: [
    { kind: "operation", formula: (x, f) => (1.0 - f), why: "that is the sigmoid of minus the argument" },
  ],
  relu: [
    { kind: "operation", formula: (x) => kernel.min([x, 0.0]), why: "it is the larger of the argument and 0" },
  ],
  max: [
    { kind: "operation", formula: (x, y) => kernel.min([x, y]), why: "that is the smallest" },
  ],
  min: [
    { kind: "operation", formula: (x, y) => kernel.max([x, y]), why: "that is the largest" },
  ],
};

// Generated from graphviz_backprop/explain/grading/exercises.py by tools/generate.py; change the rows there.

/**
 * @typedef {object} Level
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {boolean} hunted whether it has bug hunts
 */

/** @type {readonly Level[]} */
export const LEVELS = Object.freeze([
  { name: "rule", title: "One rule", about: "One operation, one rule: each local partial is the gradient.", hunted: true },
  { name: "chain", title: "A chain", about: "One path from the output to each variable: partials are multiplied along it.", hunted: true },
  { name: "shared", title: "A shared variable", about: "Several paths lead to one variable: what they bring is added.", hunted: true },
  { name: "neuron", title: "A neuron", about: "Weighted inputs, an activation, a loss: the gradient by each weight and by the bias.", hunted: true },
  { name: "layers", title: "Two layers", about: "A neuron's output is the next one's input: gradients go back layer by layer.", hunted: true },
  { name: "matrix", title: "A matrix product", about: "Matrices, vectors, a batch: the gradient of each has its own shape.", hunted: false },
]);

/** The twin of `Architecture.parameters` in graphviz_backprop/network/builder.py. */

/**
 * How many weights and biases a network has.
 * @param {number[]} sizes the number of neurons of each layer, inputs first @param {boolean} bias
 */
export const parameters = (sizes, bias) =>
  sizes.slice(1).reduce((sum, size, at) => sum + size * (sizes[at] + (bias ? 1 : 0)), 0);

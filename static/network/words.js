/** What is said of the picture of a network's output. */

/**
 * Which samples are seen, and how.
 * @param {{columns: Record<string, ArrayLike<number>>, count: number} | null} samples
 * @param {string[]} inputs @param {string} target @param {number} [label] the output's class, where the target is one
 */
export function samplesInWords(samples, inputs, target, label) {
  const needed = inputs.length === 1 ? [...inputs, target] : inputs;
  if (!samples || !needed.every((name) => name in samples.columns)) return "";
  if (inputs.length === 1) return " The samples are marked.";
  const where = `${target} is ${label ?? "above 0.5"}`;
  const shapes = target in samples.columns ? `: squares where ${where}, diamonds where it is not` : "";
  return ` ${samples.count.toLocaleString("en")} samples are marked${shapes}.`;
}

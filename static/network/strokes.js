/** How a weight's line is drawn: as thick as it is large beside the others, coloured by its sign. */

const THIN = 0.8;
/** The widest line: where there are many, they would hide one another. @param {number} count */
const thickest = (count) => (count > 60 ? 3 : 5);

/**
 * @param {(number | null)[]} numbers weights, or their gradients; null is not known yet
 * @returns {{thick: string, sign: "plus" | "minus" | "none"}[]}
 */
export function strokes(numbers) {
  const largest = Math.max(1e-300, ...numbers.map((number) => Math.abs(number ?? 0)).filter(Number.isFinite));
  return numbers.map((found) => {
    const number = found ?? 0;
    const share = Number.isFinite(number) ? Math.abs(number) / largest : 1;
    return {
      thick: `${(THIN + (thickest(numbers.length) - THIN) * share).toFixed(2)}px`,
      sign: number > 0 ? "plus" : number < 0 ? "minus" : "none",
    };
  });
}

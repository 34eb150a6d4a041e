/**
 * Numbers as people read them: the same text for the same double as graphviz_backprop/language/numerals.py writes.
 *
 * Four significant digits, never fewer than all the integer digits, and powers of ten where a number is
 * very large or very small. A number that does not exist has no text.
 * @param {number | null} x
 * @returns {string}
 */
export function formatNumber(x) {
  if (x === null) return "";
  const size = Math.abs(x);
  if (size >= 1000 && size < 999999.5) return (x < 0 ? "-" : "") + size.toFixed(0);
  if (size === 0 || !Number.isFinite(x)) return size === 0 ? "0" : String(x);
  if (size >= 1e-4 && size < 1000) return String(Number(x.toPrecision(4))); // most numbers, and quick
  const [mantissa, exponent] = x.toExponential(3).split("e");
  const power = Number(exponent);
  // String() writes a number between 1e-4 and 1e4 without an exponent and without zeros at its end.
  return power >= -4 && power <= 3 ? String(Number(x.toPrecision(4))) : `${Number(mantissa)}e${power}`;
}

/**
 * All digits, as short as they read back as the same double: `0.1`, `1.23456e-9`, `-0`.
 * @param {number} x
 */
export const fullNumber = (x) => (Object.is(x, -0) ? "-0" : String(x).replace("e+", "e"));

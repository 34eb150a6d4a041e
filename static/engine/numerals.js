/** How many significant digits are shown: those of the page whose turn it is (page/digits.js). */
let count = 4;

export const digits = () => count;

/** @param {number} wanted */
export function showDigits(wanted) {
  count = wanted;
}

/**
 * Numbers as people read them: the same text for the same double as graphviz_backprop/language/numerals.py writes.
 *
 * Four significant digits, or as many as are chosen, never fewer than all the integer digits, and powers of ten where
 * a number is very large or very small. A number that does not exist has no text.
 * @param {number | null} x
 * @returns {string}
 */
export const formatNumber = (x) => formatTo(count, x);

/** The same with other digits. @param {number} shown how many @param {number | null} x @returns {string} */
export function formatTo(shown, x) {
  if (x === null) return "";
  const size = Math.abs(x);
  if (size === 0 || !Number.isFinite(x)) return size === 0 ? "0" : String(x);
  const large = 10 ** Math.max(6, shown); // from here on, powers of ten are written
  if (size >= 10 ** (shown - 1) && size < large - 0.5) return (x < 0 ? "-" : "") + size.toFixed(0);
  if (shown <= 15 && size >= 1e-4 && size < 10 ** (shown - 1)) return String(Number(x.toPrecision(shown))); // quick
  const whole = x.toExponential();
  const [mantissa, power] = (shown > 15 && digitsOf(whole) <= shown ? whole : x.toExponential(shown - 1)).split("e");
  return placed(mantissa.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""), Number(power), Math.max(6, shown));
}

/** @param {string} text a number with a power of ten */
const digitsOf = (text) => text.split("e")[0].replace(/\D/g, "").length;

/**
 * With its power of ten where that is high or low.
 * @param {string} mantissa @param {number} power @param {number} high
 */
function placed(mantissa, power, high) {
  if (power < -4 || power >= high) return `${mantissa}e${power}`;
  const sign = mantissa.startsWith("-") ? "-" : "";
  const all = mantissa.replace(/\D/g, "");
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${all}`;
  const before = all.slice(0, power + 1).padEnd(power + 1, "0");
  return sign + before + (all.length > power + 1 ? `.${all.slice(power + 1)}` : "");
}

/**
 * All digits, as short as they read back as the same double: `0.1`, `1.23456e-9`, `-0`.
 * @param {number} x
 */
export const fullNumber = (x) => (Object.is(x, -0) ? "-0" : String(x).replace("e+", "e"));

/**
 * What the primitives compute in the browser: the same IEEE 754 results as graphviz_backprop/engine/kernels.py.
 * JavaScript's Math differs from the C library at 1^NaN and (±1)^±∞, and has no error function.
 */

export const {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  cos,
  cosh,
  exp,
  expm1,
  hypot,
  log,
  log10,
  log1p,
  log2,
  sign,
  sin,
  sinh,
  sqrt,
  tan,
  tanh,
} = Math;

/** @param {number} x @param {number} y */
export function pow(x, y) {
  if (x === 1 || (x === -1 && (y === Infinity || y === -Infinity))) return 1;
  return x ** y;
}

/** The remainder of the sign of y. @param {number} x @param {number} y */
export function mod(x, y) {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

/** @param {number} x */
export function step(x) {
  return x > 0 ? 1 : x <= 0 ? 0 : NaN;
}

/** @param {number} c @param {number} x @param {number} y */
export function where(c, x, y) {
  return c === 0 ? y : x;
}

/** @param {number} x @param {number} y */
export function equal(x, y) {
  return x === y ? 1 : 0;
}

/** @param {number} x @param {number} y */
export function less(x, y) {
  return x < y ? 1 : 0;
}

/** @param {readonly number[]} xs */
export function max(xs) {
  return xs.reduce((best, x) => (best >= x ? best : x > best ? x : NaN));
}

/** @param {readonly number[]} xs */
export function min(xs) {
  return xs.reduce((best, x) => (best <= x ? best : x < best ? x : NaN));
}

/** @param {readonly number[]} xs */
export function sum(xs) {
  return xs.reduce((total, x) => total + x);
}

/** @param {readonly number[]} xs */
export function mean(xs) {
  return sum(xs) / xs.length;
}

/** How many of xs equal f. @param {number} f @param {readonly number[]} xs */
export function count(f, xs) {
  return xs.reduce((total, x) => (x === f ? total + 1 : total), 0);
}

/**
 * Chebyshev coefficients of ln(erfc(x) exp(x²) / t), t = 2/(2 + x), over t in [0, 0.8], that is x >= 0.5
 * (the form of Numerical Recipes, 3rd ed., 6.2.2; these computed at 60 digits).
 */
const ERFC = [
  -1.56637414544812002, 0.505894793317340636, 0.0201653322957004121, -0.00415078427048371421, -0.0006929393033131829,
  0.0000806130444809016677, 0.000025850999510766173, -2.45324136193665395e-6, -1.06656289490565165e-6,
  1.0956136201272647e-7, 4.61828372142292541e-8, -6.30508913736966685e-9, -1.9633309872353595e-9,
  3.9793711163649333e-10, 7.35971208153866684e-11, -2.46195825037721738e-11, -1.76964774868244394e-12,
  1.38100808096062135e-12, -4.60020661796302674e-14, -6.38048404655209898e-14, 9.9377184182455142e-15,
  1.85695834721049922e-15, -7.70795638593337152e-16,
];

/** erfc for x >= 0.5. @param {number} x */
function erfcTail(x) {
  if (x > 28) return 0; // below the smallest double
  const t = 2 / (2 + x);
  const u = 5 * t - 2; // twice the place in [-1, 1], as Clenshaw's recurrence wants it
  let [d, before] = [0, 0];
  for (let j = ERFC.length - 1; j > 0; j--) [d, before] = [u * d - before + ERFC[j], d];
  const head = Math.trunc(16 * x) / 16; // head² is exact, so exp(-x²) keeps its digits
  const series = (u * d) / 2 - before + ERFC[0] / 2;
  return t * exp(-head * head) * exp(-(x - head) * (x + head) + series);
}

/** erf for |x| < 0.5, by its Taylor series. @param {number} x */
function erfCentre(x) {
  let [term, total] = [x, x];
  for (let n = 1; n < 20; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / sqrt(Math.PI)) * total;
}

/** The error function. @param {number} x @returns {number} */
export function erf(x) {
  if (x < 0 || Object.is(x, -0)) return -erf(-x);
  return x < 0.5 ? erfCentre(x) : x >= 0.5 ? 1 - erfcTail(x) : x;
}

/** 1 - erf(x), with its digits where that difference has none. @param {number} x */
export function erfc(x) {
  if (x < 0.5) return x > -0.5 ? 1 - erfCentre(x) : 2 - erfcTail(-x);
  return x >= 0.5 ? erfcTail(x) : x;
}

/**
 * Where erf is x: Winitzki's approximation, then Halley's method, on erfc in the tails to keep digits.
 * @param {number} x @returns {number}
 */
export function erfinv(x) {
  const y = abs(x);
  if (!(y < 1)) return y === 1 ? x * Infinity : NaN;
  const rest = log((1 - y) * (1 + y));
  const middle = 2 / (Math.PI * 0.147) + rest / 2;
  let at = sqrt(sqrt(middle * middle - rest / 0.147) - middle);
  for (let n = 0; n < 3; n++) {
    const excess = y < 0.5 ? erf(at) - y : 1 - y - erfc(at);
    const change = excess * ((sqrt(Math.PI) / 2) * exp(at * at));
    at -= change / (1 + at * change);
  }
  return x < 0 || Object.is(x, -0) ? -at : at;
}

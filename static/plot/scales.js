/** From numbers to pixels and back. */

/**
 * @typedef {readonly [number, number]} Range
 *
 * @typedef {object} Scale
 * @property {Range} domain numbers
 * @property {Range} range pixels
 * @property {boolean} log
 * @property {(number: number) => number} at the pixel of a number
 * @property {(pixel: number) => number} invert
 */

/** @param {Range} domain @param {Range} range @returns {Scale} */
export function linear(domain, range) {
  const [[low, high], [from, to]] = [domain, range];
  const factor = (to - from) / (high - low);
  return {
    domain,
    range,
    log: false,
    at: (number) => from + (number - low) * factor,
    invert: (pixel) => low + (pixel - from) / factor,
  };
}

/** Of positive numbers. @param {Range} domain @param {Range} range @returns {Scale} */
export function logarithmic(domain, range) {
  const inner = linear([Math.log(domain[0]), Math.log(domain[1])], range);
  return {
    domain,
    range,
    log: true,
    at: (number) => inner.at(Math.log(number)),
    invert: (pixel) => Math.exp(inner.invert(pixel)),
  };
}

/** The least and the greatest of the finite numbers, or undefined where there is none.
 * @param {Iterable<ArrayLike<number>>} lists @param {boolean} [positive] of those above 0 only
 * @returns {[number, number] | undefined}
 */
export function extent(lists, positive = false) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (let at = 0; at < list.length; at++) {
      const number = list[at];
      if (!Number.isFinite(number) || (positive && number <= 0)) continue;
      if (number < low) low = number;
      if (number > high) high = number;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/**
 * A range with room around it, which is never empty.
 * @param {Range} range
 * @param {number} [share] of its length, on either side
 * @returns {[number, number]}
 */
export function padded([low, high], share = 0.06) {
  const length = high - low;
  const tiny = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  if (!(length > tiny)) {
    const room = Math.abs(low) > 1e-300 ? Math.abs(low) / 2 : 1;
    return [low - room, high + room];
  }
  return [low - share * length, high + share * length];
}

/** The text of a tick: as many digits as tell it from its neighbours. @param {number} number @param {number} step */
export function tickText(number, step) {
  if (Math.abs(number) < step * 1e-6) return "0";
  const size = Math.abs(number);
  if (size >= 1e5 || size < 1e-4) {
    const digits = Math.max(0, Math.min(15, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step) + 1e-9)));
    const [mantissa, exponent] = number.toExponential(digits).split("e");
    return `${Number(mantissa)}e${Number(exponent)}`;
  }
  return String(Number(number.toFixed(Math.max(0, Math.min(20, -Math.floor(Math.log10(step) + 1e-9))))));
}

/**
 * Whether two lists hold the same, one by one: NaN is NaN, and 0 is not -0.
 * @param {readonly unknown[]} one @param {readonly unknown[]} other
 */
export const same = (one, other) => one.length === other.length && one.every((part, at) => Object.is(part, other[at]));

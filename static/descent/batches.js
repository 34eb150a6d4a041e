/** The rows of each step, as graphviz_backprop/descent/batches.py gives them. */

const PLACES = 2 ** 21; // more than there can be rows; behind a hash of 32 bits they fit into a number

/**
 * The positions of each step's rows, without end: an epoch goes through all of them once. Null stands for all rows.
 * @param {number} size @param {number | null} batch @param {boolean} shuffle @param {number} seed
 * @returns {Generator<ArrayLike<number> | null, never>}
 */
export function* batches(size, batch, shuffle, seed) {
  while (batch === null || batch >= size) yield null;
  const asTheyStand = Uint32Array.from({ length: size }, (_, at) => at);
  for (let epoch = 0; ; epoch++) {
    const order = shuffle ? shuffled(size, seed, epoch) : asTheyStand;
    for (let first = 0; first < size; first += batch) yield order.subarray(first, first + batch);
  }
}

/**
 * The numbers below `size`, in an order that follows from seed and epoch alone: they are sorted by hashes.
 * @param {number} size @param {number} seed @param {number} epoch
 */
export function shuffled(size, seed, epoch) {
  const first = mixed(mixed(seed >>> 0) ^ epoch);
  const sorted = new Float64Array(size);
  for (let at = 0; at < size; at++) sorted[at] = mixed(at + first) * PLACES + at;
  return Uint32Array.from(sorted.sort(), (hashed) => hashed % PLACES);
}

/** Chris Wellons's `lowbias32`. @param {number} word */
function mixed(word) {
  word = word ^ (word >>> 16);
  word = Math.imul(word, 0x7feb352d);
  word = word ^ (word >>> 15);
  word = Math.imul(word, 0x846ca68b);
  return (word ^ (word >>> 16)) >>> 0;
}

/**
 * The numbers that a seed gives, as `randn` of the language has them: graphviz_backprop/language/tensor.py. Python's
 * generator is Matsumoto and Nishimura's Mersenne Twister, seeded by an array of one word, or two.
 */

const WORDS = 624;
const AHEAD = 397;

/** Knuth's multiplier, with which a word follows from the one before. @param {number} word */
const stirred = (word) => word ^ (word >>> 30);

/** The state for a seed, a whole number from 0 on. @param {number} seed */
function seeded(seed) {
  const key = seed < 2 ** 32 ? [seed] : [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
  const state = new Uint32Array(WORDS);
  state[0] = 19650218;
  for (let at = 1; at < WORDS; at++) state[at] = Math.imul(1812433253, stirred(state[at - 1])) + at;
  let at = 1;
  /** @param {number} factor @param {(word: number) => number} more */
  const step = (factor, more) => {
    state[at] = more(state[at] ^ Math.imul(stirred(state[at - 1]), factor));
    if (++at < WORDS) return;
    state[0] = state[WORDS - 1];
    at = 1;
  };
  for (let count = 0; count < WORDS; count++) {
    const place = count % key.length;
    step(1664525, (word) => word + key[place] + place);
  }
  for (let count = 1; count < WORDS; count++) step(1566083941, (word) => word - at);
  state[0] = 0x80000000;
  return state;
}

/** Words without end. @param {number} seed @returns {Generator<number, never>} */
function* words(seed) {
  const state = seeded(seed);
  for (;;) {
    for (let at = 0; at < WORDS; at++) {
      const both = (state[at] & 0x80000000) | (state[(at + 1) % WORDS] & 0x7fffffff);
      state[at] = state[(at + AHEAD) % WORDS] ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0);
    }
    for (let word of state) {
      word ^= word >>> 11;
      word ^= (word << 7) & 0x9d2c5680;
      word ^= (word << 15) & 0xefc60000;
      yield (word ^ (word >>> 18)) >>> 0;
    }
  }
}

/**
 * As many standard normal numbers, by Box and Muller's method.
 * @param {number} count @param {number} seed a whole number from 0 on
 */
export function randn(count, seed) {
  const source = words(seed);
  const uniform = () => ((source.next().value >>> 5) * 2 ** 26 + (source.next().value >>> 6)) / 2 ** 53;
  const found = new Float64Array(count);
  for (let at = 0; at < count; at += 2) {
    const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - uniform())), 2 * Math.PI * uniform()];
    found[at] = radius * Math.cos(angle);
    if (at + 1 < count) found[at + 1] = radius * Math.sin(angle);
  }
  return found;
}

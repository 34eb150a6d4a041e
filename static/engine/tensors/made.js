/**
 * Cells that the server does not send as a list: how they are made, or their bytes. The makers are twins of those in
 * graphviz_backprop/language/tensor.py: rand has the same doubles, randn those to a last digit of logarithm and cosine.
 */

import { size } from "./places.js";

/**
 * @typedef {object} Made
 * @property {string} make
 * @property {import("./places.js").Shape} shape
 * @property {readonly number[]} numbers a seed; of a range where it begins and its step
 * @property {readonly (readonly [string, number, boolean])[]} then with which number each cell is multiplied …, and
 *   whether the cell comes first
 *
 * @typedef {{base64: string}} Packed doubles of eight bytes, the least byte first
 */

const SIZE = 624;

/**
 * Numbers between 0 and 1 as Python's `random.Random(seed)` has them: the Mersenne Twister, 53 bits of it at a time.
 * @param {number} seed a whole number @returns {() => number}
 */
function uniform(seed) {
  const state = new Uint32Array(SIZE);
  const mixed = (/** @type {number} */ at) => state[at - 1] ^ (state[at - 1] >>> 30);
  state[0] = 19_650_218;
  for (let at = 1; at < SIZE; at++) state[at] = Math.imul(1_812_433_253, mixed(at)) + at;
  const whole = Math.abs(seed);
  const key = whole < 2 ** 32 ? [whole] : [whole % 2 ** 32, Math.floor(whole / 2 ** 32)];
  let at = 1;
  const next = () => {
    if (++at < SIZE) return;
    state[0] = state[SIZE - 1];
    at = 1;
  };
  for (let count = 0; count < SIZE; count++, next()) {
    const word = count % key.length;
    state[at] = (state[at] ^ Math.imul(mixed(at), 1_664_525)) + key[word] + word;
  }
  for (let count = 1; count < SIZE; count++, next()) {
    state[at] = (state[at] ^ Math.imul(mixed(at), 1_566_083_941)) - at;
  }
  state[0] = 2 ** 31;
  let taken = SIZE;
  const word = () => {
    if (taken === SIZE) {
      twist(state);
      taken = 0;
    }
    let bits = state[taken++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  };
  return () => {
    const high = word() >>> 5;
    return (high * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
  };
}

/** The next words of the twister. @param {Uint32Array} state */
function twist(state) {
  for (let at = 0; at < SIZE; at++) {
    const bits = (state[at] & (2 ** 31)) | (state[(at + 1) % SIZE] & (2 ** 31 - 1));
    state[at] = state[(at + 397) % SIZE] ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
  }
}

/** Standard normal numbers, by Box and Muller's method. @param {number} seed @returns {() => number} */
function normal(seed) {
  const draw = uniform(seed);
  let second = NaN;
  return () => {
    if (second === second) {
      const kept = second;
      second = NaN;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - draw()));
    const angle = 2 * Math.PI * draw();
    second = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * By name: gives the cells one after the other.
 * @type {Readonly<Record<string, (made: Made) => (at: number) => number>>}
 */
const MAKERS = {
  zeros: () => () => 0,
  ones: () => () => 1,
  rand: ({ numbers: [seed] }) => uniform(seed),
  randn: ({ numbers: [seed] }) => normal(seed),
  eye:
    ({ shape: [, columns] }) =>
    (at) =>
      at % (columns + 1) === 0 && at < columns * columns ? 1 : 0,
  arange:
    ({ numbers: [start, step] }) =>
    (at) =>
      start + at * step,
};

/** @type {Readonly<Record<string, (x: number, y: number) => number>>} */
const OPERATIONS = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
};

/** @param {Made} made */
function make(made) {
  const draw = MAKERS[made.make](made);
  const cells = new Float64Array(size(made.shape));
  for (let at = 0; at < cells.length; at++) cells[at] = draw(at);
  for (const [kind, number, first] of made.then) {
    const operate = OPERATIONS[kind];
    for (let at = 0; at < cells.length; at++) {
      cells[at] = first ? operate(cells[at], number) : operate(number, cells[at]);
    }
  }
  return cells;
}

/** @param {Packed} packed */
function unpack({ base64 }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, at) => view.getFloat64(8 * at, true));
}

/** The cells of what is not a list, row by row. @param {Made | Packed} sent */
export const unpacked = (sent) => ("make" in sent ? make(sent) : unpack(sent));

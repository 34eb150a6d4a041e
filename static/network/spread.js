/**
 * A network's picture spread over its frame: the browser's half of graphviz_backprop/figure/network_places.py, which
 * says for each level of detail how much room it needs at least. No DOM here.
 */

/**
 * @typedef {object} Level from the barest to the richest
 * @property {string} name
 * @property {[number, number]} size the least one at which nothing stands over anything
 * @property {number[]} xs of the columns
 * @property {number} shift how far circles stand above their rows' middles
 *
 * @typedef {{top: number, bottom: number, levels: Level[]}} Plan what is above and below the rows
 * @typedef {{level: number, size: [number, number]}} Spread a level's number, and the picture's size in its own units
 * @typedef {[number, number]} Point
 */

/** Letters grow so much in a large frame, and no more: neurons move apart then. */
const LARGEST = 1.5;

/**
 * The richest level that fits a frame; of none that does the barest, which is then smaller than it is drawn.
 * @param {Plan} plan @param {Point} frame in pixels @returns {Spread}
 */
export function spreadOver({ levels }, [width, height]) {
  const room = levels.map(({ size }) => Math.min(width / size[0], height / size[1]));
  const level = Math.max(
    0,
    room.findLastIndex((times) => times >= 1),
  );
  const scale = Math.min(room[level], LARGEST);
  return { level, size: [width / scale, height / scale] };
}

/**
 * The middle of a circle, by its column and how far down its row is, from 0 to 1.
 * @param {Plan} plan @param {Spread} spread @param {number} column @param {number} row @returns {Point}
 */
export function middleOf({ top, bottom, levels }, { level, size }, column, row) {
  const { xs, size: least, shift } = levels[level];
  return [(xs[column] * size[0]) / least[0], top + row * (size[1] - top - bottom) - shift];
}

/** A place on the line between two others. @param {Point} from @param {Point} to @param {number} share */
export const along = ([x0, y0], [x1, y1], share) =>
  /** @type {Point} */ ([x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]);

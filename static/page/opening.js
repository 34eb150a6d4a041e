/** The view of a figure that has just come: as much of it as can be read, with the output in sight. No DOM here. */

/** Smaller text is not read, in pixels. */
export const READABLE = 10;

/**
 * How much a figure has to grow beyond the size at which it fits, so that its smallest text can be read.
 * @param {number} text height of its smallest text where it fits, in pixels
 */
export function growth(text) {
  return text > 0 ? Math.max(1, READABLE / text) : 1;
}

/**
 * Whether a figure that is presented gets larger with the step beside it than with the step below.
 * @param {{width: number, height: number}} figure @param {{width: number, height: number}} room
 */
export function isBeside(figure, room) {
  const below = Math.min(room.width / figure.width, (0.75 * room.height) / figure.height);
  return Math.min((0.62 * room.width) / figure.width, room.height / figure.height) > 1.1 * below;
}

/**
 * By how much to move a figure that is larger than its frame: its output is in sight, and what is seen with it stands
 * in the middle.
 * @typedef {readonly [number, number]} Extent from, to
 * @typedef {{x: Extent, y: Extent}} Box
 * @param {Box} frame @param {readonly Box[]} boxes all in the same pixels @param {Box} output one of the boxes
 * @returns {[number, number]} to the right, down
 */
export function place(frame, boxes, output) {
  /** @param {"x" | "y"} axis @param {readonly Box[]} seen */
  const move = (axis, seen) => shift(frame[axis], around(seen.map((box) => box[axis])), middle(output[axis]));
  /** Those whose middle is in the frame after a move. @param {"x" | "y"} axis @param {number} by */
  const within = (axis, by) =>
    boxes.filter((box) => {
      const at = middle(box[axis]) + by;
      return at >= frame[axis][0] && at <= frame[axis][1];
    });
  const right = move("x", within("y", move("y", boxes)));
  return [right, move("y", within("x", right))];
}

/** @param {Extent} extent */
const middle = ([from, to]) => (from + to) / 2;

/** @param {readonly Extent[]} extents @returns {Extent} */
const around = (extents) => [Math.min(...extents.map(([from]) => from)), Math.max(...extents.map(([, to]) => to))];

/**
 * By how much to move along one axis so that a place stands in the middle of the frame; what is larger than the frame
 * leaves none of it empty, what is smaller stays in its middle.
 * @param {readonly [number, number]} frame from, to
 * @param {readonly [number, number]} content the figure, in the same pixels
 * @param {number} place
 * @param {number} [margin] around the content
 */
export function shift(frame, content, place, margin = 16) {
  const [low, high] = [content[0] - margin, content[1] + margin];
  if (high - low <= frame[1] - frame[0]) return (frame[0] + frame[1] - low - high) / 2;
  const wanted = (frame[0] + frame[1]) / 2 - place;
  return Math.min(frame[0] - low, Math.max(frame[1] - high, wanted));
}

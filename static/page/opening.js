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

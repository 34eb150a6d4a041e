/** Shapes of marks, one for each series, so that colour isn't all that tells them apart. */

const SHAPES = [
  "M3.4,0A3.4,3.4 0 1 1 -3.4,0A3.4,3.4 0 1 1 3.4,0Z", // circle
  "M-3,-3H3V3H-3Z", // square
  "M0,-4.2L4,3H-4Z", // triangle
  "M0,-4.4L4.4,0L0,4.4L-4.4,0Z", // diamond
];

/** A mark around 0, 0. @param {number} series */
export const mark = (series) => SHAPES[series % SHAPES.length];

/** The same at a place, in one path with others. @param {number} series @param {number} x @param {number} y */
export function markAt(series, x, y) {
  const [a, b] = [x.toFixed(1), y.toFixed(1)];
  return `M${a},${b}m${SHAPES_RELATIVE[series % SHAPES_RELATIVE.length]}`;
}

const SHAPES_RELATIVE = [
  "2.6,0a2.6,2.6 0 1 1 -5.2,0a2.6,2.6 0 1 1 5.2,0z",
  "-2.4,-2.4h4.8v4.8h-4.8z",
  "0,-3.2l3,5.4h-6z",
  "0,-3.4l3.4,3.4l-3.4,3.4l-3.4,-3.4z",
];

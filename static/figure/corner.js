/** Where a small map lies over a figure and covers nothing of it. No DOM here. */

/** From the frame's edge to the map, and around what it must not cover, in pixels. */
export const MARGIN = 10;
const AROUND = 4;

/** Smaller than in full where that finds no place. */
const SIZES = [1, 0.7];

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Rect
 * @typedef {object} Place
 * @property {"left" | "right"} along the side of the frame that it is at
 * @property {"top" | "bottom"} down
 * @property {number} scale by which its size is multiplied
 *
 * @typedef {Omit<Place, "scale">} Corner
 */

/** @type {readonly Corner[]} */
const CORNERS = [
  { along: "right", down: "bottom" },
  { along: "left", down: "bottom" },
  { along: "right", down: "top" },
  { along: "left", down: "top" },
];

/**
 * The corner where it meets none of the boxes, that where it was before any other; null where there is none.
 * @param {{width: number, height: number}} frame in pixels
 * @param {{width: number, height: number}} size the map's, in pixels
 * @param {readonly Rect[]} boxes in pixels from the frame's corner
 * @param {Place | null} [before]
 * @returns {Place | null}
 */
export function cornerFor(frame, size, boxes, before = null) {
  const corners = before ? [before, ...CORNERS] : CORNERS;
  for (const scale of SIZES) {
    const [width, height] = [size.width * scale, size.height * scale];
    if (width + 2 * MARGIN > frame.width || height + 2 * MARGIN > frame.height) continue;
    for (const { along, down } of corners) {
      const x = along === "left" ? MARGIN : frame.width - MARGIN - width;
      const y = down === "top" ? MARGIN : frame.height - MARGIN - height;
      if (!boxes.some((box) => meets(box, { x, y, width, height }))) return { along, down, scale };
    }
  }
  return null;
}

/** @param {Rect} box @param {Rect} map */
const meets = (box, map) =>
  box.x < map.x + map.width + AROUND &&
  map.x < box.x + box.width + AROUND &&
  box.y < map.y + map.height + AROUND &&
  map.y < box.y + box.height + AROUND;

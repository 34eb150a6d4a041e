/** Which circle of a network's picture the arrow keys lead to. No DOM here. */

/** @typedef {{column: number, down: number}} Place a circle's column, and how far down in it, from 0 to 1 */

/** @type {Readonly<Record<string, readonly [number, number]>>} columns, and circles of one column */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The number of the next circle: of the next column the one that is nearest, of the same one the next.
 * @param {readonly Place[]} places @param {number} at @param {string} key
 * @returns {number | null} null for a key that leads nowhere; the same where there is no more
 */
export function neighbour(places, at, key) {
  const way = WAYS[key];
  if (!way) return null;
  const here = places[at];
  const ahead = places.flatMap((place, number) => {
    const [across, along] = [(place.column - here.column) * way[0], (place.down - here.down) * way[1]];
    const leads = way[0] ? across > 0 : place.column === here.column && along > 0;
    return leads ? [{ number, far: [across, Math.abs(place.down - here.down)] }] : [];
  });
  ahead.sort((one, other) => one.far[0] - other.far[0] || one.far[1] - other.far[1]);
  return ahead[0]?.number ?? at;
}

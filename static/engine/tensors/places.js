/**
 * Where cells are. A tensor's cells stand row by row in one array: its axes have strides, and whatever moves cells is
 * a list of positions, made once for a node.
 */

/** @typedef {readonly number[]} Shape */

/** How many cells a shape has. @param {Shape} shape */
export const size = (shape) => shape.reduce((product, length) => product * length, 1);

/** How far one step along each axis is. @param {Shape} shape */
export function strides(shape) {
  const found = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) found[axis] = found[axis + 1] * shape[axis + 1];
  return found;
}

/**
 * The positions that one comes by who goes through a shape row by row.
 * @param {Shape} shape @param {readonly number[]} steps how far one step along each axis is @param {number} [start]
 */
export function walk(shape, steps, start = 0) {
  const found = new Int32Array(size(shape));
  const at = shape.map(() => 0);
  let here = start;
  for (let cell = 0; cell < found.length; cell++) {
    found[cell] = here;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      here += steps[axis];
      if (++at[axis] < shape[axis]) break;
      here -= steps[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return found;
}

/** For each cell of a broadcast the cell that it is a copy of. @param {Shape} from @param {Shape} to */
export function copies(from, to) {
  const [own, more] = [strides(from), to.length - from.length];
  return walk(
    to,
    to.map((_, axis) => (axis < more || from[axis - more] === 1 ? 0 : own[axis - more])),
  );
}

/** The shape that shapes of equal or missing axes have together. @param {readonly Shape[]} shapes @returns {Shape} */
export function together(shapes) {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)),
  );
}

/**
 * For each cell of a tensor the cell that it is gathered in when axes are summed.
 * @param {Shape} shape @param {readonly number[]} axes
 */
export function gatheredAlong(shape, axes) {
  const kept = strides(shape.map((length, axis) => (axes.includes(axis) ? 1 : length)));
  return walk(
    shape,
    kept.map((step, axis) => (axes.includes(axis) ? 0 : step)),
  );
}

/**
 * The cells of an index, whole numbers and slices `[start, stop, step]`, as positions in a tensor.
 * @param {Shape} shape the tensor's @param {readonly (number | readonly number[])[]} index @param {Shape} picked
 */
export function picks(shape, index, picked) {
  const own = strides(shape);
  /** @type {number[]} */
  const steps = [];
  let start = 0;
  own.forEach((step, axis) => {
    const entry = index[axis] ?? [0, shape[axis], 1];
    if (typeof entry === "number") {
      start += entry * step;
      return;
    }
    start += entry[0] * step;
    steps.push(entry[2] * step);
  });
  return walk(picked, steps, start);
}

/**
 * For each place of each window of pictures the cell that stands there; -1 beside the picture.
 * @param {Shape} shape the pictures' @param {{window: number[], stride: number[], padding: number[]}} settings
 */
export function windows(shape, { window, stride, padding }) {
  const [height, width] = shape.slice(-2);
  const count = [height, width].map((length, axis) =>
    Math.floor((length + 2 * padding[axis] - window[axis]) / stride[axis] + 1),
  );
  const all = [size(shape.slice(0, -2)), ...window, ...count];
  const found = new Int32Array(size(all));
  let cell = 0;
  for (let picture = 0; picture < all[0]; picture++) {
    for (let down = 0; down < window[0]; down++) {
      for (let across = 0; across < window[1]; across++) {
        for (let high = 0; high < count[0]; high++) {
          const row = down + stride[0] * high - padding[0];
          for (let wide = 0; wide < count[1]; wide++) {
            const column = across + stride[1] * wide - padding[1];
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            found[cell++] = inside ? (picture * height + row) * width + column : -1;
          }
        }
      }
    }
  }
  return found;
}

/**
 * The cells of a matrix on one side of a diagonal, -1 on the other.
 * @param {Shape} shape @param {(right: number) => boolean} inside by how far right of the diagonal a cell is
 */
export function triangle(shape, inside) {
  const [rows, columns] = shape.slice(-2);
  const found = Int32Array.from({ length: size(shape) }, (_, cell) => cell);
  return found.map((cell) => (inside((cell % columns) - (Math.floor(cell / columns) % rows)) ? cell : -1));
}

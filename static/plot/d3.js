/** What the plots use of D3. Its modules import one another by bare names, which only its scripts do without. */

import "../vendor/d3-array.js";
import "../vendor/d3-contour.js"; // counts on the one above

/** @typedef {typeof import("d3-array") & typeof import("d3-contour")} D3 */

export const { contours, ticks, tickStep } = /** @type {{d3: D3}} */ (/** @type {unknown} */ (globalThis)).d3;

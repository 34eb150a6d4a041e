/**
 * A small map of a figure that is larger than its frame: where one is, and a way to go elsewhere. It lies in a corner
 * where it covers nothing; where there is none, it is seen while the figure moves, and a moment longer.
 */

import { cornerFor, MARGIN } from "./corner.js";

const WIDE = 150; // pixels at most
const HIGH = 110;
const REST = 1_200; // milliseconds without a move, after which it goes out of the way
const NS = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} Sight in the figure's units
 * @property {{x: number, y: number, width: number, height: number}} whole
 * @property {{x: number, y: number, width: number, height: number}} seen
 */

/** Whether all of the figure is in sight. @param {Sight} sight */
export const isAllSeen = ({ whole, seen }) =>
  seen.x <= whole.x + 1 &&
  seen.y <= whole.y + 1 &&
  seen.x + seen.width >= whole.x + whole.width - 1 &&
  seen.y + seen.height >= whole.y + whole.height - 1;

/**
 * @param {HTMLElement} viewport
 * @param {import("../page/clock.js").Clock} clock
 * @param {(x: number, y: number) => void} go brings a place of the figure to the middle
 */
export function createOverview(viewport, clock, go) {
  const map = document.createElementNS(NS, "svg");
  map.setAttribute("class", "overview");
  map.setAttribute("aria-hidden", "true");
  const boxes = document.createElementNS(NS, "path");
  const frame = document.createElementNS(NS, "rect");
  map.append(boxes, frame);
  map.style.display = "none";
  viewport.append(map);
  /** What it must not cover, in the figure's units. @type {import("./corner.js").Rect[]} */
  let drawn = [];
  let size = { width: 0, height: 0 };
  /** @type {Sight | null} */
  let latest = null;
  /** @type {import("./corner.js").Place | null} */
  let place = null;
  /** Whether a pointer is on it: it stays where it is. */
  let held = false;
  let cancel = () => {};

  /** Goes where it covers nothing. */
  function settle() {
    if (!latest || held) return;
    const { seen } = latest;
    const grown = viewport.clientWidth / seen.width;
    const boxes = drawn.map(({ x, y, width, height }) => ({
      x: (x - seen.x) * grown,
      y: (y - seen.y) * grown,
      width: width * grown,
      height: height * grown,
    }));
    const found = cornerFor({ width: viewport.clientWidth, height: viewport.clientHeight }, size, boxes, place);
    map.style.display = found && !isAllSeen(latest) ? "" : "none";
    if (!found) return;
    place = found;
    for (const side of ["left", "right", "top", "bottom"]) {
      map.style.setProperty(side, side === place.along || side === place.down ? `${MARGIN}px` : "auto");
    }
    map.setAttribute("width", String(size.width * place.scale));
    map.setAttribute("height", String(size.height * place.scale));
  }

  function settleLater() {
    cancel();
    cancel = clock.later(settle, REST);
  }

  /** @param {boolean} now */
  function hold(now) {
    held = now;
    if (!now) settleLater();
  }

  /** @param {PointerEvent} event */
  function point(event) {
    event.preventDefault();
    event.stopPropagation();
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM()?.inverse());
    go(place.x, place.y);
  }
  map.addEventListener("pointerdown", (event) => {
    map.setPointerCapture(event.pointerId);
    hold(true);
    point(event);
  });
  map.addEventListener("pointermove", (event) => {
    if (map.hasPointerCapture(event.pointerId)) point(event);
  });
  map.addEventListener("pointerenter", ({ pointerType }) => hold(pointerType === "mouse"));
  map.addEventListener("pointerleave", () => hold(false));
  map.addEventListener("lostpointercapture", ({ pointerType }) =>
    hold(pointerType === "mouse" && map.matches(":hover")),
  );

  return {
    /** Draws the map of another figure. @param {SVGSVGElement} figure */
    draw(figure) {
      const { x, y, width, height } = figure.viewBox.baseVal;
      const scale = Math.min(WIDE / width, HIGH / height);
      map.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
      size = { width: Math.max(24, width * scale), height: Math.max(24, height * scale) };
      map.setAttribute("width", String(size.width));
      map.setAttribute("height", String(size.height));
      place = null;
      // A network's circles, which its frame has moved, are squares here.
      const shapes = /** @type {NodeListOf<SVGGraphicsElement>} */ (
        figure.querySelectorAll(".node > :is(rect:not(.behind), circle)")
      );
      const places = [...shapes].map((shape) => placeIn(shape, /** @type {SVGGElement} */ (shape.parentNode)));
      boxes.setAttribute(
        "d",
        places.map(({ x, y, width, height }) => `M${x},${y}h${width}v${height}h${-width}z`).join(""),
      );
      const texts = /** @type {NodeListOf<SVGGElement>} */ (figure.querySelectorAll(".texts:not(.aside)"));
      drawn = [...places, ...[...texts].map((text) => placeIn(text, text))];
    },

    /** @param {Sight} sight @param {boolean} moved by a hand, not by opening */
    show(sight, moved) {
      latest = sight;
      if (moved) {
        map.style.display = isAllSeen(sight) ? "none" : "";
        settleLater();
      } else settle();
      const { whole, seen } = sight;
      const left = Math.max(seen.x, whole.x);
      const top = Math.max(seen.y, whole.y);
      frame.setAttribute("x", String(left));
      frame.setAttribute("y", String(top));
      frame.setAttribute("width", String(Math.max(0, Math.min(seen.x + seen.width, whole.x + whole.width) - left)));
      frame.setAttribute("height", String(Math.max(0, Math.min(seen.y + seen.height, whole.y + whole.height) - top)));
    },
  };
}

/**
 * Where a shape is in the figure; a network's parts are moved by their frame.
 * @param {SVGGraphicsElement} shape @param {SVGGraphicsElement} moved the element that is
 */
function placeIn(shape, { transform: { baseVal } }) {
  const { x, y, width, height } = shape.getBBox();
  const by = baseVal.numberOfItems ? baseVal.getItem(0).matrix : null;
  return { x: x + (by?.e ?? 0), y: y + (by?.f ?? 0), width, height };
}

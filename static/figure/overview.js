/** A small map of a figure that is larger than its frame: where one is, and a way to go elsewhere. */

const WIDE = 150; // pixels at most
const HIGH = 110;
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
 * @param {(x: number, y: number) => void} go brings a place of the figure to the middle
 */
export function createOverview(viewport, go) {
  const map = document.createElementNS(NS, "svg");
  map.setAttribute("class", "overview");
  map.setAttribute("aria-hidden", "true");
  const boxes = document.createElementNS(NS, "path");
  const frame = document.createElementNS(NS, "rect");
  map.append(boxes, frame);
  map.style.display = "none";
  viewport.append(map);

  /** @param {PointerEvent} event */
  function point(event) {
    event.preventDefault();
    event.stopPropagation();
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM()?.inverse());
    go(place.x, place.y);
  }
  map.addEventListener("pointerdown", (event) => {
    map.setPointerCapture(event.pointerId);
    point(event);
  });
  map.addEventListener("pointermove", (event) => {
    if (map.hasPointerCapture(event.pointerId)) point(event);
  });

  return {
    /** Draws the map of another figure. @param {SVGSVGElement} figure */
    draw(figure) {
      const { x, y, width, height } = figure.viewBox.baseVal;
      const scale = Math.min(WIDE / width, HIGH / height);
      map.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
      map.setAttribute("width", String(Math.max(24, width * scale)));
      map.setAttribute("height", String(Math.max(24, height * scale)));
      // A network's circles, which its frame has moved, are squares here.
      const shapes = /** @type {NodeListOf<SVGGraphicsElement>} */ (
        figure.querySelectorAll(".node > :is(rect:not(.behind), circle)")
      );
      boxes.setAttribute(
        "d",
        [...shapes]
          .map((shape) => {
            const box = shape.getBBox();
            const { baseVal } = /** @type {SVGGElement} */ (shape.parentNode).transform;
            const moved = baseVal.numberOfItems ? baseVal.getItem(0).matrix : null;
            const [left, top] = [box.x + (moved?.e ?? 0), box.y + (moved?.f ?? 0)];
            return `M${left},${top}h${box.width}v${box.height}h-${box.width}z`;
          })
          .join(""),
      );
    },

    /** @param {Sight} sight */
    show(sight) {
      map.style.display = isAllSeen(sight) ? "none" : "";
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

/** Zoom, pan and the dragged point: by mouse, wheel, touch and keyboard. Places are pixels of the SVG. */

/**
 * @typedef {object} Acts
 * @property {(factor: number, x?: number, y?: number) => void} zoom factor of the range; around the middle where no
 *   place is given
 * @property {(right: number, down: number) => void} pan by pixels
 * @property {() => void} reset
 * @property {(x: number, y: number) => void} drag the point, to a place
 * @property {(x: number, y: number) => boolean} holds whether the point is there
 * @property {() => void} ended the gesture
 */

const WHEEL = 0.0016; // of the logarithm of the scale, a pixel
const KEY = 40; // pixels that an arrow key pans
const STEP = 0.7; // of a key or a button

/** @param {SVGSVGElement} svg @param {Acts} acts */
export function createGestures(svg, acts) {
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let held = false;

  /** @param {MouseEvent} event */
  function place(event) {
    const box = svg.getBoundingClientRect();
    const { width, height } = svg.viewBox.baseVal;
    return {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    };
  }

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const at = place(event);
    if (!fingers.size) held = acts.holds(at.x, at.y);
    fingers.set(event.pointerId, at);
    svg.setPointerCapture(event.pointerId);
    svg.toggleAttribute("data-dragging", held);
    if (held) {
      event.preventDefault();
      /** @type {SVGElement | null} */ (svg.querySelector(".point"))?.focus({ preventScroll: true });
    }
  });

  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    if (held) acts.drag(now.x, now.y);
    else if (fingers.size === 1) acts.pan(now.x - before.x, now.y - before.y);
    else pinch(event.pointerId, before, now);
    fingers.set(event.pointerId, now);
  });

  /** @param {number} id @param {{x: number, y: number}} before @param {{x: number, y: number}} now */
  function pinch(id, before, now) {
    const other = [...fingers].find(([finger]) => finger !== id)?.[1];
    if (!other) return;
    const apart = (/** @type {{x: number, y: number}} */ { x, y }) =>
      Math.max(20, Math.hypot(x - other.x, y - other.y));
    acts.zoom(apart(before) / apart(now), (now.x + other.x) / 2, (now.y + other.y) / 2);
    acts.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
    svg.addEventListener(kind, ({ pointerId }) => {
      if (!fingers.delete(pointerId) || fingers.size) return;
      held = false;
      svg.removeAttribute("data-dragging");
      acts.ended();
    });
  }

  // One finger on the background may scroll the page; one on the point, and two, are the plot's.
  for (const kind of /** @type {const} */ (["touchstart", "touchmove"])) {
    svg.addEventListener(
      kind,
      (event) => {
        if ((held || event.touches.length > 1) && event.cancelable) event.preventDefault();
      },
      { passive: false },
    );
  }

  svg.addEventListener(
    "wheel",
    (event) => {
      const scrolls = document.documentElement.scrollHeight > innerHeight;
      if (scrolls && !event.ctrlKey) return; // the wheel is the page's
      event.preventDefault();
      const { x, y } = place(event);
      const lines = event.deltaMode === 1 ? 33 : 1;
      acts.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY * lines * WHEEL))), x, y);
    },
    { passive: false },
  );

  /** @type {Record<string, () => void>} */
  const keys = {
    "+": () => acts.zoom(STEP),
    "=": () => acts.zoom(STEP),
    "-": () => acts.zoom(1 / STEP),
    0: acts.reset,
    ArrowLeft: () => acts.pan(KEY, 0),
    ArrowRight: () => acts.pan(-KEY, 0),
    ArrowUp: () => acts.pan(0, KEY),
    ArrowDown: () => acts.pan(0, -KEY),
  };
  svg.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
    acts.ended();
  });
  return { in: keys["+"], out: keys["-"] };
}

/** Pan, zoom and fit, by mouse, touch and keyboard. At scale 1 the figure fits. */

const STEP = 60; // pixels a key press moves

/** @param {HTMLElement} page */
export async function createViewport(page) {
  const viewport = /** @type {HTMLElement} */ (page.querySelector(".viewport"));
  const sheet = /** @type {HTMLElement} */ (viewport.querySelector(".sheet"));
  const { default: Panzoom } = await import("../vendor/panzoom.js");
  const panzoom = Panzoom(sheet, {
    minScale: 0.5,
    maxScale: 12,
    step: 0.25,
    cursor: "grab",
    canvas: true,
    touchAction: "pan-y",
  });

  /** At scale 1 one finger scrolls the page; a figure that is zoomed in takes the finger itself. */
  function yieldToPage() {
    panzoom.setOptions({ touchAction: panzoom.getScale() > 1 ? "none" : "pan-y" });
  }

  // One finger on a figure that fits scrolls the page, and shall not move the figure as well.
  viewport.addEventListener(
    "pointerdown",
    ({ pointerType }) => {
      panzoom.setOptions({ disablePan: pointerType === "touch" && panzoom.getScale() <= 1 });
    },
    { capture: true },
  );
  viewport.addEventListener("keydown", () => panzoom.setOptions({ disablePan: false }), { capture: true });

  const acts = {
    in: () => panzoom.zoomIn(),
    out: () => panzoom.zoomOut(),
    fit: () => panzoom.reset(),
    left: () => panzoom.pan(STEP, 0, { relative: true }),
    right: () => panzoom.pan(-STEP, 0, { relative: true }),
    up: () => panzoom.pan(0, STEP, { relative: true }),
    down: () => panzoom.pan(0, -STEP, { relative: true }),
  };
  /** @type {Record<string, () => void>} */
  const keys = {
    "+": acts.in,
    "=": acts.in,
    "-": acts.out,
    0: acts.fit,
    ArrowLeft: acts.left,
    ArrowRight: acts.right,
    ArrowUp: acts.up,
    ArrowDown: acts.down,
  };

  viewport.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  viewport.addEventListener(
    "wheel",
    (event) => {
      const scrolls = document.documentElement.scrollHeight > innerHeight;
      if (!scrolls || event.ctrlKey) panzoom.zoomWithWheel(event, { step: 0.45 });
    },
    { passive: false },
  );
  sheet.addEventListener("panzoomchange", yieldToPage);
  page.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-zoom]") : null;
    if (button) acts[/** @type {"in" | "out" | "fit"} */ (button.getAttribute("data-zoom"))]();
  });
  return {
    fit: acts.fit,

    /** Brings an element of the figure to the middle, if it is not in sight. @param {Element} element */
    reveal(element) {
      const [box, frame] = [element.getBoundingClientRect(), viewport.getBoundingClientRect()];
      const inside =
        box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
      if (inside) return;
      panzoom.setOptions({ disablePan: false });
      const scale = panzoom.getScale();
      const right = (frame.left + frame.right - box.left - box.right) / 2 / scale;
      const down = (frame.top + frame.bottom - box.top - box.bottom) / 2 / scale;
      panzoom.pan(right, down, { relative: true });
    },
  };
}

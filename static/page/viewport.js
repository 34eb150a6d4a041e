/** Pan, zoom and fit, by mouse, touch and keyboard. At scale 1 the figure fits. */

import { middleOf, move, placesOf } from "../figure/moves.js";
import { createOverview } from "../figure/overview.js";
import { actsIn, chordOf, isTaken } from "./keys.js";
import { growth, place, READABLE } from "./opening.js";

const STEP = 60; // pixels a key press moves
const CLOSEST = 12; // times the size at which the figure fits

/**
 * How a figure stands on the screen: what one keeps of it when another one comes.
 * @param {HTMLElement} viewport @param {string} id of the node that stays where it is, if there is one
 */
export function standing(viewport, id) {
  const figure = viewport.querySelector(".sheet svg");
  if (!(figure instanceof SVGSVGElement)) return null;
  const node = figure.querySelector(`[data-node="${CSS.escape(id)}"]`);
  const place = node ? middleOf(node) : undefined;
  return { figure, id, place, places: placesOf(figure), scale: figure.getScreenCTM()?.a ?? 1 };
}

/** @param {HTMLElement} viewport @param {import("./clock.js").Clock} clock */
export async function createViewport(viewport, clock) {
  const pane = /** @type {HTMLElement} */ (viewport.closest(".pane"));
  const sheet = /** @type {HTMLElement} */ (viewport.querySelector(".sheet"));
  const { default: Panzoom } = await import("../vendor/panzoom.js");
  const panzoom = Panzoom(sheet, {
    minScale: 0.5,
    maxScale: CLOSEST,
    step: 0.25,
    cursor: "grab",
    canvas: true,
    touchAction: "pan-y",
  });
  await new Promise((resolve) => setTimeout(resolve)); // Panzoom goes to its own start at the end of this task

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

  let find = () => {};
  const acts = {
    find: () => find(),
    in: () => panzoom.zoomIn(),
    out: () => panzoom.zoomOut(),
    fit: () => panzoom.reset(),
    left: () => panzoom.pan(STEP, 0, { relative: true }),
    right: () => panzoom.pan(-STEP, 0, { relative: true }),
    up: () => panzoom.pan(0, STEP, { relative: true }),
    down: () => panzoom.pan(0, -STEP, { relative: true }),
  };
  const keys = actsIn("figure");

  viewport.addEventListener("keydown", (event) => {
    const act = /** @type {keyof typeof acts | undefined} */ (keys.get(chordOf(event)));
    if (isTaken(event.target, event.key)) return; // a field in the figure
    if (!act || !(act in acts)) return;
    event.preventDefault();
    acts[act]();
  });
  viewport.addEventListener(
    "wheel",
    (event) => {
      const scrolls = document.documentElement.scrollHeight > innerHeight;
      if (!scrolls || event.ctrlKey) panzoom.zoomWithWheel(event, { step: 0.45 });
    },
    { passive: false },
  );
  // Browsers scroll to a field that Tab comes to: the figure has moved there instead, and nothing is cut off.
  viewport.addEventListener("scroll", () => {
    const { scrollLeft, scrollTop } = viewport;
    if (!scrollLeft && !scrollTop) return;
    viewport.scrollTo(0, 0);
    const scale = panzoom.getScale();
    panzoom.setOptions({ disablePan: false });
    panzoom.pan(-scrollLeft / scale, -scrollTop / scale, { relative: true, animate: false });
  });
  sheet.addEventListener("panzoomchange", () => {
    yieldToPage();
    look();
  });
  pane.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-zoom]") : null;
    if (button) acts[/** @type {"in" | "out" | "fit"} */ (button.getAttribute("data-zoom"))]();
  });
  sheet.addEventListener("transitionend", look);
  const overview = createOverview(viewport, clock, (x, y) => {
    const matrix = sheet.querySelector("svg")?.getScreenCTM();
    if (matrix) bring(new DOMPoint(x, y).matrixTransform(matrix));
  });
  /** What stays where it is when the next figure comes. @type {ReturnType<typeof standing>} */
  let held = null;
  /** Whether it has got room at all: a figure that comes before opens then. */
  let placed = false;
  /** The height of the figure's smallest text, in its own units. */
  let smallest = Infinity;
  /** The transform of the last view that was opened, as text. */
  let opened = transform();

  /** Where the figure is: hands may have moved it since. */
  function transform() {
    const { x, y } = panzoom.getPan();
    return [panzoom.getScale(), x, y].join();
  }

  /** Brings a place of the screen to the middle of the frame. @param {DOMPoint} place */
  function bring(place) {
    const frame = viewport.getBoundingClientRect();
    const scale = panzoom.getScale();
    panzoom.setOptions({ disablePan: false });
    const [right, down] = [(frame.left + frame.right) / 2 - place.x, (frame.top + frame.bottom) / 2 - place.y];
    panzoom.pan(right / scale, down / scale, { relative: true, animate: false });
  }

  /** @param {number} frames @param {() => void} run */
  function after(frames, run) {
    if (frames === 0) run();
    else clock.frame(() => after(frames - 1, run));
  }

  /** Shows what the scale has room for, and where one is. What Panzoom was asked for is on the screen a frame later. */
  function look() {
    clock.frame(() => {
      const figure = sheet.querySelector("svg");
      const matrix = figure?.getScreenCTM();
      if (!figure || !matrix) return;
      const scale = panzoom.getScale() * unscaled(figure);
      sheet.classList.toggle("far", smallest * scale < READABLE - 0.01);
      const frame = viewport.getBoundingClientRect();
      const back = matrix.inverse();
      const [low, high] = [new DOMPoint(frame.left, frame.top), new DOMPoint(frame.right, frame.bottom)].map((corner) =>
        corner.matrixTransform(back),
      );
      const { x, y, width, height } = figure.viewBox.baseVal;
      const seen = { x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y };
      overview.show({ whole: { x, y, width, height }, seen }, transform() !== opened);
    });
  }

  /** Pixels of a unit of the figure while it fits; clientWidth is of whole pixels. @param {SVGSVGElement} figure */
  function unscaled(figure) {
    return Number.parseFloat(getComputedStyle(figure).width) / figure.viewBox.baseVal.width || 1;
  }

  /** The figure that has come, with what is held in its place. @param {SVGSVGElement} figure */
  function keep(figure) {
    const { id, place, places, scale } = /** @type {NonNullable<typeof held>} */ (held);
    held = null;
    const grown = scale / unscaled(figure);
    panzoom.setOptions({ minScale: Math.min(0.5, grown), maxScale: Math.max(CLOSEST, 2 * grown), disablePan: false });
    panzoom.zoom(grown, { animate: false });
    clock.frame(() => {
      const node = figure.querySelector(`[data-node="${CSS.escape(id)}"]`);
      if (place && node) {
        const now = middleOf(node);
        const [right, down] = [(place.x - now.x) / grown, (place.y - now.y) / grown];
        panzoom.pan(right, down, { relative: true, animate: false });
      }
      clock.frame(() => move(figure, places, place));
      look();
    });
  }

  /** @param {SVGSVGElement} figure @returns {number} the height of its smallest text, in its own units */
  function smallestText(figure) {
    const kinds = new Map(
      [...figure.querySelectorAll("text, tspan")].map((text) => [text.getAttribute("class"), text]),
    );
    return Math.min(...[...kinds.values()].map((text) => Number.parseFloat(getComputedStyle(text).fontSize)), Infinity);
  }

  /**
   * Where things stand while the figure fits: what was asked of Panzoom is on the screen only with the next frame.
   * @returns {{middle: DOMPoint, fitted: (x: number, y: number) => DOMPoint}}
   */
  function layout() {
    const frame = viewport.getBoundingClientRect();
    const middle = new DOMPoint(
      frame.left + sheet.offsetLeft + sheet.offsetWidth / 2,
      frame.top + sheet.offsetTop + sheet.offsetHeight / 2,
    );
    const back = new DOMMatrix(getComputedStyle(sheet).transform).inverse();
    return {
      middle,
      fitted: (x, y) => new DOMPoint(x - middle.x, y - middle.y).matrixTransform(back),
    };
  }

  /**
   * The pan that brings the output into sight at a scale, with what is seen beside it in the middle.
   * @param {SVGSVGElement} figure @param {number} scale @returns {[number, number]}
   */
  function panToOutput(figure, scale) {
    const nodes = [...figure.querySelectorAll(".node")];
    const output = figure.querySelector(".output") ?? nodes.at(-1);
    if (!output) return [0, 0];
    const { middle, fitted } = layout();
    /** @param {Element} element @returns {import("./opening.js").Box} */
    const box = (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const [low, high] = [fitted(left, top), fitted(right, bottom)];
      return { x: [scale * low.x, scale * high.x], y: [scale * low.y, scale * high.y] };
    };
    const { left, right, top, bottom } = viewport.getBoundingClientRect();
    /** @type {import("./opening.js").Box} */
    const frame = { x: [left - middle.x, right - middle.x], y: [top - middle.y, bottom - middle.y] };
    const [along, down] = place(frame, nodes.map(box), box(output));
    return [along / scale, down / scale];
  }

  const view = {
    fit: acts.fit,

    /**
     * Keeps a node where it is on the screen when the next figure comes, at the size that things have.
     * @param {ReturnType<typeof standing>} place
     */
    hold(place) {
      held = place;
    },

    /** The next figure opens as if no hand had chosen the view. */
    renew() {
      held = standing(viewport, "");
      opened = transform();
    },

    /** Opens on a figure that has come, unless a hand has chosen the view: as large as can be read. */
    open() {
      const figure = sheet.querySelector("svg");
      if (!figure || !placed) return;
      smallest = smallestText(figure);
      overview.draw(figure);
      look();
      const another = held?.figure !== figure; // while it is on its way the frame may change
      if (held?.place && another) return keep(figure);
      const before = another ? held?.places : undefined;
      if (another) held = null;
      if (before) clock.frame(() => clock.frame(() => move(figure, before, undefined)));
      if (transform() !== opened) return;
      const grown = new DOMMatrix(getComputedStyle(sheet).transform).a;
      const scale = growth((smallest * (figure.getScreenCTM()?.a ?? 1)) / grown);
      const [x, y] = scale > 1 ? panToOutput(figure, scale) : [0, 0];
      panzoom.setOptions({ maxScale: Math.max(CLOSEST, 2 * scale), disablePan: false });
      panzoom.zoom(scale, { animate: false });
      panzoom.pan(x, y, { animate: false });
      opened = transform();
      look();
    },

    /** What the figure's key for finding does. @param {() => void} run */
    onFind(run) {
      find = run;
    },

    /** Brings an element into sight, near enough to be read. @param {Element} element */
    approach(element) {
      // A figure that has just come takes its own place first; what Panzoom is asked for is there a frame later.
      after(3, () => {
        const figure = sheet.querySelector("svg");
        if (!figure || !element.isConnected) return;
        const readable = READABLE / (smallest * unscaled(figure));
        if (panzoom.getScale() < readable - 0.001) {
          panzoom.setOptions({ maxScale: Math.max(CLOSEST, 2 * readable), disablePan: false });
          panzoom.zoom(readable, { animate: false });
        }
        after(2, () => bring(middleOf(element)));
      });
    },

    /** Brings an element of the figure to the middle, if it is not in sight. @param {Element} element */
    reveal(element) {
      const [box, frame] = [element.getBoundingClientRect(), viewport.getBoundingClientRect()];
      const words = pane.querySelector(".stepper[data-on] .steps")?.getBoundingClientRect();
      const over = words && words.left < frame.right; // they lie over it, if they do not stand beside it
      const bottom = over ? Math.min(frame.bottom, Math.max(words.top, frame.top)) : frame.bottom;
      const inside = box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= bottom;
      if (!inside) bring(middleOf(element));
    },
  };
  const room = new ResizeObserver(() => {
    placed = true;
    view.open();
  });
  room.observe(viewport);
  sheet.addEventListener("reframed", view.open); // a figure that follows its frame
  return view;
}

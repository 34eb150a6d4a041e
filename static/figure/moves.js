/** A figure that follows another of the same graph: boxes move from where they were, and others come out of theirs. */

const TIME = 240; // milliseconds
const MOST = 200; // boxes: to move more is a stutter

/** Where each box stands on the screen. @param {Element} figure @returns {Map<string, DOMPoint>} */
export function placesOf(figure) {
  const boxes = [...figure.querySelectorAll("[data-node]")];
  if (boxes.length > MOST) return new Map();
  return new Map(boxes.map((box) => [box.getAttribute("data-node") ?? "", middleOf(box)]));
}

/** @param {Element} element */
export function middleOf(element) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return new DOMPoint((left + right) / 2, (top + bottom) / 2);
}

/**
 * @param {SVGSVGElement} figure
 * @param {ReadonlyMap<string, DOMPoint>} before where boxes were on the screen
 * @param {DOMPoint | undefined} source where those come from that were not there
 */
export function move(figure, before, source) {
  const back = figure.getScreenCTM()?.inverse();
  if (!back || before.size === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const boxes = [...figure.querySelectorAll("[data-node]")];
  if (boxes.length > MOST) return;
  const starts = boxes.map((box) => {
    const known = before.get(box.getAttribute("data-node") ?? "");
    const [from, to] = [known ?? source, middleOf(box)].map((point) => point?.matrixTransform(back));
    return { box, isNew: !known, x: from && to ? from.x - to.x : 0, y: from && to ? from.y - to.y : 0 };
  });
  for (const { box, isNew, x, y } of starts) {
    const from = { transform: `translate(${x}px, ${y}px)`, ...(isNew ? { opacity: 0 } : {}) };
    box.animate([from, { transform: "none", ...(isNew ? { opacity: 1 } : {}) }], {
      duration: TIME,
      easing: "ease-out",
    });
  }
  for (const line of figure.querySelectorAll(".edge, .texts:not(.aside), .frame")) {
    line.animate([{ opacity: 0 }, { opacity: 0, offset: 0.5 }, { opacity: 1 }], { duration: TIME });
  }
}

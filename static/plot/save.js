/** A plot as a file of its own: SVG with its colours inside, or PNG. */

const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "visibility",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "paint-order",
];
const COLOURS = new Set(["fill", "stroke"]);
const SCALE = 2; // of a PNG

/**
 * SVG elements as one document: the plots below one another.
 * @param {SVGSVGElement[]} plots @param {{title: string, words: string}} told
 */
export function documentOf(plots, { title, words }) {
  const shown = plots.filter((plot) => !plot.hasAttribute("hidden"));
  const sizes = shown.map((plot) => plot.viewBox.baseVal);
  const [width, height] = [
    Math.max(...sizes.map((size) => size.width)),
    sizes.reduce((sum, size) => sum + size.height, 0),
  ];
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  for (const [name, text] of [
    ["title", title],
    ["desc", words],
  ]) {
    const element = document.createElementNS(root.namespaceURI, name);
    element.textContent = text;
    root.append(element);
  }
  const back = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  back.setAttribute("width", "100%");
  back.setAttribute("height", "100%");
  back.setAttribute(
    "fill",
    plainColour(getComputedStyle(/** @type {Element} */ (shown[0].closest(".card"))).backgroundColor),
  );
  root.append(back);
  let down = 0;
  shown.forEach((plot, at) => {
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.setAttribute("transform", `translate(0,${down})`);
    for (const child of plot.children) {
      const copy = copied(child);
      if (copy) group.append(copy);
    }
    root.append(group);
    down += sizes[at].height;
  });
  return new XMLSerializer().serializeToString(root);
}

/**
 * A copy that needs no style sheet, without what only hands and screen readers need.
 * @param {Element} element
 * @returns {Element | null}
 */
function copied(element) {
  if (element.classList.contains("grip")) return null;
  const copy = /** @type {Element} */ (element.cloneNode(false));
  const style = getComputedStyle(element);
  for (const name of [...copy.getAttributeNames()]) {
    if (/^(aria-|data-|class$|style$|role$|tabindex$)/.test(name)) copy.removeAttribute(name);
  }
  if (element instanceof SVGGeometryElement || element instanceof SVGTextElement) {
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      copy.setAttribute(name, COLOURS.has(name) ? plainColour(value) : value);
    }
  }
  for (const child of element.childNodes) {
    const inner = child instanceof Element ? copied(child) : child.cloneNode(false);
    if (inner) copy.append(inner);
  }
  return copy;
}

/** As every program that reads SVG knows it. @param {string} colour */
function plainColour(colour) {
  if (/^(none|rgb\(|#|url)/.test(colour)) return colour;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha ? `rgb(${red},${green},${blue})` : "none";
}

/** @param {string} svg @param {string} name */
export function saveSvg(svg, name) {
  download(new Blob([svg], { type: "image/svg+xml" }), `${name}.svg`);
}

/** @param {string} svg @param {string} name */
export async function savePng(svg, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * SCALE, image.height * SCALE];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && download(blob, `${name}.png`));
}

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

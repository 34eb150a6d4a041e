/**
 * The link to what the page shows: as short as it can be read, or packed; as a QR code; or as a frame for another page.
 */

import { say as write } from "../page/dom.js";
import { shortest } from "../state/packed.js";
import { frameCode } from "./frame.js";
import { createTeaching } from "./teaching.js";

const REFUSED = "The browser does not let this page copy; the link is in the field";
/** What a camera still reads from a screen: more squares are too small. */
const MOST = 2_000;

const FRAME_NOTE = "The figure, its player and the sliders. The frame tells the page around it how high it is.";

/** @param {import("./copies.js").Page & {store: import("../workbench.js").PageStore}} page */
export function createLink({ root, server, query, say, store }) {
  const menu = /** @type {HTMLElement | null} */ (root.querySelector(".sharing"));
  if (!menu) return;
  const field = /** @type {HTMLInputElement} */ (menu.querySelector("[data-link]"));
  const note = menu.querySelector("[data-link-note]");
  const place = /** @type {HTMLElement} */ (menu.querySelector("[data-qr]"));
  const size = /** @type {HTMLElement} */ (menu.querySelector("[data-frame-size]"));
  const button = /** @type {HTMLElement} */ (menu.querySelector("[data-tool=copy]"));
  const isFrame = () => menu.querySelector('[name="shared-as"][value="frame"]:checked') !== null;
  const taught = createTeaching(menu, store);
  let shown = 0;

  async function show() {
    const own = ++shown;
    const framed = isFrame();
    const long = taught(query());
    const short = await shortest(long);
    if (own !== shown) return;
    const link = new URL(server.address((framed ? "embed" : "") + (short && `?${short}`)), document.baseURI).href;
    field.value = framed ? frameCode(link, sizeOf("width"), sizeOf("height"), document.title) : link;
    field.setAttribute("aria-label", framed ? "The code of the frame" : "The link");
    size.hidden = !framed;
    write(button, framed ? "Copy code" : "Copy link");
    write(note, framed ? FRAME_NOTE : saving(long, short));
    await draw(link);
  }

  /** @param {string} side */
  function sizeOf(side) {
    const input = /** @type {HTMLInputElement} */ (size.querySelector(`[name="frame-${side}"]`));
    return input.value && input.validity.valid ? input.valueAsNumber : Number(input.defaultValue);
  }

  /** @param {string} link */
  async function draw(link) {
    if (link.length > MOST) return write(place, "This link is too long for a QR code.");
    const { correction, generate } = await import("./qr.js");
    const code = generate(link, { minCorrectionLevel: correction.L });
    place.replaceChildren(svgOf(code));
  }

  menu.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") void show();
  });
  menu.addEventListener("input", () => void show());
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      say(isFrame() ? "Code copied" : "Link copied");
    } catch {
      field.focus();
      say(REFUSED);
    }
  });
}

/** How much shorter a packed link is, in words. @param {string} long @param {string} short */
function saving(long, short) {
  if (long.length === short.length) return "";
  return `Packed: ${short.length.toLocaleString("en")} characters instead of ${long.length.toLocaleString("en")}.`;
}

const SVG = "http://www.w3.org/2000/svg";
/** Squares of nothing around a code, as its standard wants it. */
const MARGIN = 4;

/** @param {{size: number, get: (x: number, y: number) => boolean}} code */
function svgOf({ size, get }) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const wide = size + 2 * MARGIN;
  svg.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${wide} ${wide}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the link");
  const places = Array.from({ length: size * size }, (_, at) => [at % size, Math.floor(at / size)]);
  path.setAttribute("d", places.flatMap(([x, y]) => (get(x, y) ? [`M${x} ${y}h1v1h-1z`] : [])).join(""));
  svg.append(path);
  return svg;
}

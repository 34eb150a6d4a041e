/** The link to what the page shows: as short as it can be read, or packed; and as a QR code. */

import { say as write } from "../page/dom.js";
import { shortest } from "../state/packed.js";

const REFUSED = "The browser does not let this page copy; the link is in the field";
/** What a camera still reads from a screen: more squares are too small. */
const MOST = 2_000;

/** @param {import("./copies.js").Page} page */
export function createLink({ root, server, query, say }) {
  const menu = /** @type {HTMLElement | null} */ (root.querySelector(".sharing"));
  if (!menu) return;
  const field = /** @type {HTMLInputElement} */ (menu.querySelector("[data-link]"));
  const note = menu.querySelector("[data-link-note]");
  const place = /** @type {HTMLElement} */ (menu.querySelector("[data-qr]"));

  async function show() {
    const long = query();
    const short = await shortest(long);
    field.value = new URL(server.address(short && `?${short}`), document.baseURI).href;
    const saved = long.length - short.length;
    write(
      note,
      saved
        ? `Packed: ${short.length.toLocaleString("en")} characters instead of ${long.length.toLocaleString("en")}.`
        : "",
    );
    await draw(field.value);
  }

  /** @param {string} link */
  async function draw(link) {
    place.replaceChildren();
    if (link.length > MOST) return write(place, "This link is too long for a QR code.");
    const { correction, generate } = await import("../vendor/qr.js");
    const code = generate(link, { minCorrectionLevel: correction.L });
    place.replaceChildren(svgOf(code));
  }

  menu.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") void show();
  });
  field.addEventListener("focus", () => field.select());
  menu.querySelector("[data-tool=copy]")?.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      say("Link copied");
    } catch {
      field.focus();
      say(REFUSED);
    }
  });
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

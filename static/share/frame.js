/** A page in a frame: tells the page around it how high it is, and leads to the app with what it shows. */

/**
 * @param {HTMLElement} root
 * @param {Pick<import("../page/services.js").Services, "server" | "place">} services
 */
export function bindFrame(root, { server, place }) {
  const link = /** @type {HTMLAnchorElement | null} */ (root.querySelector("[data-whole]"));
  link?.addEventListener("pointerdown", lead);
  link?.addEventListener("focus", lead);
  if (window.parent !== window) reportHeight(root, (message) => window.parent.postMessage(message, "*"));

  function lead() {
    const query = place.query();
    if (link) link.href = server.address(query && `?${query.replace(/^\?/, "")}`);
  }
}

/**
 * What another page holds the frame with.
 * @param {string} link @param {number} width @param {number} height in pixels @param {string} title
 */
export const frameCode = (link, width, height, title) =>
  `<iframe src="${escaped(link)}" width="${width}" height="${height}" title="${escaped(title)}" loading="lazy"></iframe>`;

/** @type {Readonly<Record<string, string>>} */
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]);

/**
 * What a page around understands: the first as learning tools say it (Canvas, Brightspace), the second as
 * interactive content in Moodle does.
 * @param {number} height in pixels
 */
export const heights = (height) => [
  { subject: "lti.frameResize", height },
  { context: "h5p", action: "resize", scrollHeight: height },
];

/** Tells each new height. @param {HTMLElement} root @param {(message: object) => void} tell */
export function reportHeight(root, tell) {
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(root.scrollHeight);
    if (height === told) return;
    told = height;
    heights(height).forEach(tell);
  }).observe(document.body);
}

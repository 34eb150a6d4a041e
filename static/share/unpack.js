/**
 * The first script of a page that is a file: what stands compressed in it is unpacked where it stands, then the page's
 * own script runs. Nothing else is in it, so that the rest can be compressed.
 */

const packed = /** @type {HTMLScriptElement[]} */ ([...document.querySelectorAll("script[data-packed]")]);

/** @type {HTMLElement} */ (document.querySelector("[data-too-old]")).hidden = "DecompressionStream" in window;
await unpack();

async function unpack() {
  const texts = await Promise.all(packed.map(({ text }) => unpacked(text)));
  const script = /** @type {string} */ (texts.pop()); // the last
  for (const [at, text] of texts.entries()) packed[at].outerHTML = text;
  run(script);
}

/** @param {string} text zlib's, in base64 */
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

/** The page's policy knows the script by its hash. @param {string} text */
function run(text) {
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = text;
  document.body.append(script);
}

export {};

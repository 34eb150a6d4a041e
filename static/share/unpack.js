/**
 * The first script of a page that is a file: what stands compressed in it is unpacked where it stands, then the page's
 * own script runs. Nothing else is in it, so that the rest can be compressed.
 */

const packed = /** @type {HTMLScriptElement[]} */ ([...document.querySelectorAll("script[data-packed]")]);
/** Of numbers in base 85. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;,=.?@^_`{|}~";

/** @type {HTMLElement} */ (document.querySelector("[data-too-old]")).hidden = "DecompressionStream" in window;
await unpack();

async function unpack() {
  const texts = await Promise.all(packed.map(({ text }) => unpacked(text)));
  const script = /** @type {string} */ (texts.pop()); // the last
  for (const [at, text] of texts.entries()) packed[at].outerHTML = text;
  run(script);
}

/** @param {string} text zlib's, in base 85 */
async function unpacked(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new TextDecoder().decode(whole(new Uint8Array(await new Response(stream).arrayBuffer())));
}

/** Five digits are four bytes; what is left over of the last ones fills them. @param {string} text */
function bytesOf(text) {
  const count = Math.ceil(text.length / 5);
  const words = new DataView(new ArrayBuffer(4 * count));
  for (let word = 0; word < count; word++) {
    let number = 0;
    for (const digit of text.slice(5 * word, 5 * word + 5).padEnd(5, "~")) number = 85 * number + DIGITS.indexOf(digit);
    words.setUint32(4 * word, number);
  }
  return new Uint8Array(words.buffer, 0, Math.floor((4 * text.length) / 5));
}

/**
 * A text whose repeats are told by their places: its length, then what is new and what is a repeat in turn, each up to
 * a zero. @param {Uint8Array} told
 */
function whole(told) {
  let from = 0;
  const next = () => {
    const end = told.indexOf(0, from);
    const part = told.subarray(from, end < 0 ? told.length : end);
    from = end < 0 ? told.length + 1 : end + 1;
    return part;
  };
  const numbers = () => new TextDecoder().decode(next()).split(",").map(Number);
  const text = new Uint8Array(numbers()[0]);
  let at = 0;
  while (at < text.length) {
    const own = next();
    text.set(own, at);
    at += own.length;
    if (from > told.length) break;
    const [start, length] = numbers();
    text.copyWithin(at, start, start + length);
    at += length;
  }
  return text;
}

/** The page's policy knows the script by its hash. @param {string} text */
function run(text) {
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = text;
  document.body.append(script);
}

export {};

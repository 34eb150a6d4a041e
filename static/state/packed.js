/** A long query as one short parameter, `z`, as graphviz_backprop/web/asked/packed.py has it. */

const NAME = "z";
/** Bytes of a query. */
const MOST = 262_144;
/** Shorter queries stay as they are: they can be read. */
const READABLE = 300;

/** The shortest query of a state that is still worth reading. @param {string} query */
export async function shortest(query) {
  if (query.length <= READABLE) return query;
  const short = `${NAME}=${await packed(query)}`;
  return short.length < query.length ? short : query;
}

/** @param {string} query */
export async function packed(query) {
  const raw = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(query));
  const letters = btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * A query with what is packed in it; what else it holds comes behind it, and so it holds. What can't be read is as if
 * it were not there.
 * @param {string} query with or without its question mark
 */
export async function unpacked(query) {
  const pairs = new URLSearchParams(query);
  const short = pairs.get(NAME);
  if (!short) return query;
  pairs.delete(NAME);
  try {
    const letters = atob(short.trim().replaceAll("-", "+").replaceAll("_", "/"));
    const raw = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const found = await through(new DecompressionStream("deflate-raw"), raw);
    const inside = new URLSearchParams(new TextDecoder("utf-8", { fatal: true }).decode(found));
    inside.delete(NAME);
    return String(new URLSearchParams([...inside, ...pairs]));
  } catch {
    return String(pairs);
  }
}

/** @param {CompressionStream | DecompressionStream} stream @param {Uint8Array<ArrayBuffer>} bytes */
async function through(stream, bytes) {
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => {}); // the reader learns of it, too
  const parts = [];
  let length = 0;
  const reader = stream.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > MOST) {
      await reader.cancel();
      throw new RangeError("too long");
    }
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

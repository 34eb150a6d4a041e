/** What the server sends of a descent, line by line while it is computed. */

/**
 * @typedef {object} Asked what /api/descend takes
 * @property {string} expr
 * @property {string} view
 * @property {string} open
 * @property {Record<string, number>} start
 * @property {string[]} parameters
 * @property {string} optimizer
 * @property {number | null} rate null, and one is chosen
 * @property {number} steps
 * @property {Record<string, number>} settings
 * @property {{columns: Record<string, number[]>} | null} data
 * @property {null} bind
 * @property {number | null} batch
 * @property {boolean} shuffle
 * @property {number} seed
 *
 * @typedef {import("./descent.js").Message} Message
 */

/** The server's answer that something can't be done, in words. */
export class Refusal extends Error {}

/**
 * Asks for a descent and gives its messages as they come.
 * @param {Asked} asked @param {AbortSignal} signal
 * @returns {AsyncGenerator<Message, void>}
 */
export async function* descend(asked, signal) {
  const response = await fetch("/api/descend", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
    signal,
  });
  if (!response.ok) throw new Refusal(await reasonOf(response));
  if (!response.body) return;
  for await (const line of lines(chunks(response.body))) {
    const message = JSON.parse(line);
    if (message.error) throw new Refusal(message.error.message);
    yield message;
  }
}

/** @param {Response} response */
async function reasonOf(response) {
  const answer = await response.json().catch(() => null);
  return String(answer?.error?.message ?? `The server answered ${response.status}.`);
}

/** Not every browser can iterate over a stream. @param {ReadableStream<Uint8Array>} stream */
async function* chunks(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

/**
 * The lines of a text that comes in pieces, wherever these are cut.
 * @param {AsyncIterable<Uint8Array>} pieces @returns {AsyncGenerator<string, void>}
 */
export async function* lines(pieces) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of pieces) {
    const found = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = found.pop() ?? "";
    yield* found.filter(Boolean);
  }
  rest += decoder.decode();
  if (rest.trim()) yield rest;
}

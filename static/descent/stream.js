/** What a worker sends of a descent, message by message while it computes. */

import { Refusal } from "./refusal.js";

/**
 * @typedef {import("./compute.js").Asked} Asked
 * @typedef {import("./descent.js").Message} Message
 * @typedef {import("../engine/engine.js").Graph | import("../engine/tensors/run.js").TensorGraph} Graph
 */

const start = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

/** @param {() => Worker} [make] */
export function createStream(make = start) {
  /** The worker that waits for work. @type {Worker | null} */
  let idle = null;

  /**
   * Asks for a descent and gives its messages as they come. Who gives up ends the worker.
   * @param {Graph} graph @param {Asked} asked @param {AbortSignal} signal
   * @returns {AsyncGenerator<Message, void>}
   */
  return async function* descend(graph, asked, signal) {
    const worker = idle ?? make();
    idle = null;
    const next = inbox(worker, signal);
    let done = false;
    try {
      worker.postMessage({ graph, asked });
      while (!done) {
        const message = await next();
        if (!message) return;
        if (message.error) throw new Refusal(message.error.message);
        done = Boolean(message.done);
        if (done) idle = worker;
        yield message;
      }
    } finally {
      if (idle !== worker) worker.terminate();
    }
  };
}

/**
 * The worker's messages one by one, in order; null once it is given up.
 * @param {Worker} worker @param {AbortSignal} signal
 * @returns {() => Promise<any>}
 */
function inbox(worker, signal) {
  /** @type {any[]} */
  const messages = [];
  let wake = () => {};
  /** @param {any} message */
  const put = (message) => {
    messages.push(message);
    wake();
  };
  worker.onmessage = ({ data }) => put(data);
  worker.onerror = () => put({ error: { message: "The descent can't be computed: its program could not be loaded." } });
  signal.addEventListener("abort", () => wake());
  return async () => {
    while (!messages.length && !signal.aborted) {
      await /** @type {Promise<void>} */ (new Promise((resolve) => (wake = resolve)));
    }
    return signal.aborted ? null : messages.shift();
  };
}

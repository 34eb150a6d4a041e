/** Reads tables in a worker: they are not sent to the server, and the page goes on meanwhile. */

/**
 * @typedef {import("./reading/cells.js").Found} Found
 * @typedef {import("./source.js").Offer} Offer
 * @typedef {{message: string, row?: number | null, column?: number | null, offers?: readonly Offer[]}} Mistake
 */

const start = () => new Worker(new URL("./reading/worker.js", import.meta.url), { type: "module" });

/** @param {() => Worker} [make] */
export function createReader(make = start) {
  /** The worker that waits for work. @type {Worker | null} */
  let idle = null;

  /**
   * Who gives up ends the worker.
   * @param {string | ArrayBuffer} content @param {string} read how, where the text leaves that open
   * @param {AbortSignal} signal
   * @returns {Promise<{found?: Found, error?: Mistake}>}
   */
  return (content, read, signal) =>
    new Promise((resolve) => {
      const worker = idle ?? make();
      idle = null;
      const end = () => {
        worker.terminate();
        resolve({ error: { message: "The table can't be read: what reads it could not be loaded." } });
      };
      worker.onmessage = ({ data }) => {
        signal.removeEventListener("abort", end);
        idle = worker;
        resolve(data);
      };
      worker.onerror = end;
      signal.addEventListener("abort", end, { once: true });
      worker.postMessage({ content, read });
    });
}

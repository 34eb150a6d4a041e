/** Fetches ways downhill, one optimizer after the other: the server computes only so many at once. */

import { descend, Refusal } from "./stream.js";
import { createTrail, take } from "./trail.js";

/** @typedef {import("./trail.js").Trail} Trail */

/**
 * @param {object} told
 * @param {(trails: Trail[]) => void} told.grown more of them is known
 * @param {(trails: Trail[]) => void} told.complete
 * @param {(message: string) => void} told.failed
 */
export function createWalk({ grown, complete, failed }) {
  let running = new AbortController();
  let busy = false;

  function cancel() {
    running.abort();
    busy = false;
  }

  /** @param {import("./stream.js").Asked[]} plan */
  async function go(plan) {
    cancel();
    running = new AbortController();
    const { signal } = running;
    const trails = plan.map(({ optimizer }) => createTrail(optimizer));
    busy = true;
    try {
      for (const [at, asked] of plan.entries()) {
        for await (const message of descend(asked, signal)) {
          if (signal.aborted) return;
          take(trails[at], message);
          grown(trails);
        }
        if (!trails[at].done) throw new Refusal("The answer broke off. Press Run to try again.");
      }
      busy = false;
      complete(trails);
    } catch (fault) {
      if (signal.aborted) return;
      busy = false;
      failed(
        fault instanceof Refusal
          ? fault.message
          : "The server can't be reached, so there is no way downhill at the moment.",
      );
    }
  }

  return { go, cancel, isBusy: () => busy };
}

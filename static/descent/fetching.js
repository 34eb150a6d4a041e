/** Fetches the descents of a plan, one optimizer after the other: the server computes only so many at once. */

import { createDescent, take } from "./descent.js";
import { descend, Refusal } from "./stream.js";

/** @typedef {import("./descent.js").Descent} Descent */

/**
 * @param {object} on
 * @param {(descents: Descent[]) => void} on.grown more of them is known
 * @param {(descents: Descent[]) => void} on.complete
 * @param {(message: string) => void} on.failed
 */
export function createFetching(on) {
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
    busy = true;
    try {
      const descents = await fetchAll(plan, signal, on.grown);
      if (signal.aborted) return;
      busy = false;
      on.complete(descents);
    } catch (fault) {
      if (signal.aborted) return;
      busy = false;
      on.failed(
        fault instanceof Refusal ? fault.message : "The server can't be reached, so no descent can be computed.",
      );
    }
  }

  return { go, cancel, isBusy: () => busy };
}

/**
 * @param {import("./stream.js").Asked[]} plan @param {AbortSignal} signal
 * @param {(descents: Descent[]) => void} grown
 */
async function fetchAll(plan, signal, grown) {
  const descents = plan.map(({ optimizer }) => createDescent(optimizer));
  for (const [at, asked] of plan.entries()) {
    for await (const message of descend(asked, signal)) {
      if (signal.aborted) return descents;
      take(descents[at], message);
      grown(descents);
    }
    if (!descents[at].done) throw new Refusal("The answer broke off. Press Run to try again.");
  }
  return descents;
}

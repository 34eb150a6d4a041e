/** Fetches the descents of a plan, one optimizer after the other: one worker computes them. */

import { createDescent, take } from "./descent.js";
import { Refusal } from "./refusal.js";
import { createStream } from "./stream.js";

/**
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {import("./stream.js").Asked} Asked
 * @typedef {import("./stream.js").Graph} Graph
 */

/**
 * @param {object} on
 * @param {(descents: Descent[]) => void} on.grown more of them is known
 * @param {(descents: Descent[]) => void} on.complete
 * @param {(message: string) => void} on.failed
 * @param {(asked: Asked) => Promise<Pick<Asked, "trained">>} on.prepared what else a descent takes
 */
export function createFetching(on) {
  let running = new AbortController();
  let busy = false;
  const descend = createStream();

  function cancel() {
    running.abort();
    busy = false;
  }

  /** @param {Graph} graph @param {Asked[]} plan */
  async function go(graph, plan) {
    cancel();
    running = new AbortController();
    const { signal } = running;
    busy = true;
    try {
      const more = await on.prepared(plan[0]);
      if (signal.aborted) return;
      const descents = await fetchAll((asked) => descend(graph, { ...asked, ...more }, signal), plan, on.grown);
      if (signal.aborted) return;
      busy = false;
      on.complete(descents);
    } catch (fault) {
      if (signal.aborted) return;
      busy = false;
      on.failed(fault instanceof Refusal ? fault.message : "The descent can't be computed.");
    }
  }

  return { go, cancel, isBusy: () => busy };
}

/**
 * @param {(asked: Asked) => AsyncIterable<import("./descent.js").Message>} descend @param {Asked[]} plan
 * @param {(descents: Descent[]) => void} grown
 */
async function fetchAll(descend, plan, grown) {
  const descents = plan.map(({ optimizer }) => createDescent(optimizer));
  for (const [at, asked] of plan.entries()) {
    for await (const message of descend(asked)) {
      take(descents[at], message);
      grown(descents);
    }
    if (!descents[at].done) break; // nobody waits for it any more
  }
  return descents;
}

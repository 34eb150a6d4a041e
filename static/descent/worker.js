/** Computes one descent after the other, beside the page. */

import { compute } from "./compute.js";
import { Refusal } from "./refusal.js";

addEventListener("message", ({ data: { graph, asked } }) => {
  if (!graph) return; // it is for another one in the same file
  try {
    for (const message of compute(graph, asked, () => performance.now())) postMessage(message);
  } catch (fault) {
    const message = fault instanceof Refusal ? fault.message : "Something went wrong in the middle of the descent.";
    postMessage({ error: { message } });
  }
});

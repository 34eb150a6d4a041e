/** Which samples the numbers are of, in words; and what was picked, said aloud once its numbers are there. */

import { formatNumber } from "../engine/numerals.js";
import { over, tensorWords } from "./words.js";

/** @param {import("../workbench.js").Page} page @param {HTMLElement | null} element of what is said */
export function createSaid({ store, averaged }, element) {
  let toSay = false;

  /** @param {string} all what stands before the number of samples, once all are averaged */
  function of(all) {
    const { samples, row } = store.state;
    const averages = averaged();
    if (samples?.sampled) return tensorWords(samples, row, all);
    return samples ? over(samples.count, averages ? -1 : row, averages?.part() ?? 1, all) : "";
  }

  return {
    of,
    /** Other numbers will come. */
    expect() {
      toSay = true;
    },
    /** Says them. @param {import("../engine/engine.js").Fields} fields */
    say(fields) {
      const { samples, graph } = store.state;
      const averages = averaged();
      if (!toSay || !element || !samples || !graph || (averages && averages.part() < 1)) return;
      toSay = false;
      const value = formatNumber(fields.get(`${graph.output}.value`) ?? null);
      element.textContent = `${averages ? "Average" : of("")}: ${graph.output} = ${value}.`;
    },
  };
}

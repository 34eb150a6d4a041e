/** Colours the figure: by the size of gradients, and where something goes wrong. */

import { heat as bucket } from "../explain/heat.js";
import { attribute } from "./dom.js";

/** @typedef {import("../explain/trouble.js").Finding} Finding */

/** Kinds of findings that mark their node: something is infinite or not a number there. */
const BROKEN = new Set(["input", "value", "slope", "flow", "sum"]);

/**
 * Looks up the figure's nodes and edges once; what it returns marks them.
 * @param {HTMLElement} page
 * @param {import("../engine/engine.js").Graph | null} graph
 */
export function createHeat(page, graph) {
  const positions = new Map(graph?.nodes.map(({ id }, at) => [id, at]));
  const places = [...page.querySelectorAll(".sheet :is([data-node], [data-edge])")].map((element) => {
    const node = element.getAttribute("data-node") ?? "";
    const [id, arg] = node ? [node] : (element.getAttribute("data-edge") ?? "").split(".");
    const shown = { heat: /** @type {number | null} */ (null), broken: false };
    const through = id.includes("~") ? `${id}.${arg}.flow` : "";
    // A box of several nodes has the colour of the largest gradient among them.
    const ids = (element.getAttribute("data-holds") ?? id).split(" ");
    return { element, ids, ats: ids.map((one) => positions.get(one) ?? -1), arg: Number(arg ?? -1), through, shown };
  });
  /**
   * @param {ReturnType<typeof import("../explain/heat.js").heats> | undefined} heats
   * @param {Finding[]} findings
   * @param {import("./fields.js").Fields} groups what flows through closed ones
   */
  return (heats, findings, groups) => {
    const broken = new Set(findings.filter(({ kind }) => BROKEN.has(kind)).map(({ node }) => node));
    for (const { element, ids, ats, arg, through, shown } of places) {
      const flow = through && heats ? Number(groups.get(through) ?? NaN) : NaN;
      const own = arg < 0 ? hottest(ats.map((at) => heats?.nodes[at] ?? null)) : heats?.edges[ats[0]]?.[arg];
      const heat = (through && heats ? bucket(flow, heats.largest) : own) ?? null;
      if (heat !== shown.heat) attribute(element, "data-heat", (shown.heat = heat));
      const breaks = arg < 0 && ids.some((id) => broken.has(id));
      if (breaks !== shown.broken) element.toggleAttribute("data-broken", (shown.broken = breaks));
    }
  };
}

/** The bucket that is furthest from 0. @param {readonly (number | null)[]} heats */
const hottest = (heats) =>
  heats.reduce((most, heat) => (Math.abs(heat ?? -0.5) > Math.abs(most ?? -0.5) ? heat : most), heats[0]);

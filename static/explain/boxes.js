/**
 * A run as the figure shows it, closed groups as one box each: for what explains paths and sums. The same as
 * graphviz_backprop/language/folding.py and explain/paths.py have it.
 */

import { createThrough } from "../engine/through.js";
import { shown, sign } from "./signs.js";

/**
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {import("../engine/pass.js").Plan} Plan
 * @typedef {import("../engine/through.js").Group} Group
 * @typedef {import("./paths.js").Walked} Walked
 */

/**
 * @param {Plan} plan @param {readonly Group[]} groups that are closed
 */
export function createBoxes(plan, groups) {
  const through = createThrough(plan, groups);
  const numbers = new Map(through.closed.map((one) => [one.group.output, one]));
  const home = plan.nodes.map((_, at) => at);
  for (const { output, nodes } of groups) for (const at of nodes) home[at] = output;
  const shownAt = home.flatMap((own, at) => (own === at ? [at] : []));
  const boxOf = new Map(shownAt.map((at, box) => [at, box]));

  /** What enters each box: the nodes whose values these are. */
  const children = shownAt.map((at) => numbers.get(at)?.entries.map(({ child }) => child) ?? plan.args[at]);
  const walked = {
    nodes: shownAt.map((at) => ({ id: plan.nodes[at].id, name: numbers.get(at)?.group.id ?? plan.nodes[at].id })),
    args: children.map((all) => all.map((child) => /** @type {number} */ (boxOf.get(child)))),
    positions: new Map(shownAt.map((at, box) => [plan.nodes[at].id, box])),
    leaves: new Map(
      [...plan.leaves].flatMap(([name, all]) => {
        const boxes = all.flatMap((at) => boxOf.get(at) ?? []);
        return boxes.length === all.length ? [[name, boxes]] : [];
      }),
    ),
  };
  /** By the node, its edges in sight: box and argument, in the order of the backward pass. */
  const uses = plan.nodes.map(() => /** @type {[number, number][]} */ ([]));
  for (let box = children.length - 1; box >= 0; box--) {
    children[box].forEach((child, arg) => uses[child].push([box, arg]));
  }

  /** @param {Run} run */
  function of(run) {
    const fields = through.of(run);
    /** @param {number} box @param {number} arg @param {"partial" | "flow"} what @returns {number | null} */
    function edge(box, arg, what) {
      const at = shownAt[box];
      const group = numbers.get(at);
      if (!group) return what === "partial" ? run.partial(at, arg) : run.flow(at, arg);
      return fields.get(`${group.group.id}.${arg}.${what}`) ?? null;
    }
    /** Of the flow on an edge into a group. @param {number} box @param {number} arg */
    function gives(box, arg) {
      const [gradient, partial, flow] = [run.gradient(shownAt[box]), edge(box, arg, "partial"), edge(box, arg, "flow")];
      return gradient === null || partial === null || flow === null
        ? "="
        : sign(shown(gradient) * shown(partial), flow);
    }
    /** Of a sum that closed groups have a part in. @param {number} at */
    function adds(at) {
      const flows = uses[at].map(([box, arg]) => edge(box, arg, "flow")).filter((flow) => flow !== null);
      const sum = flows.length > 1 ? flows.map(shown).reduce((total, flow) => total + flow) : null;
      return sign(sum, run.gradient(at) ?? 0);
    }
    /** @type {Walked} */
    const walk = {
      plan: walked,
      seed: run.seed,
      partial: (box, arg) => edge(box, arg, "partial"),
      gradient: (box) => run.gradient(shownAt[box]),
    };
    return {
      run: walk,
      /** @param {string} field @returns {number | string | null | undefined} undefined where there is no such field */
      get(field) {
        if (!field.includes("~")) return undefined;
        if (field.endsWith("~.adds")) {
          const at = plan.positions.get(field.slice(0, -"~.adds".length));
          return at === undefined ? undefined : adds(at);
        }
        if (!field.endsWith(".gives")) return fields.get(field);
        const [id, arg] = field.split(".");
        const group = through.closed.find((one) => one.group.id === id);
        return group && gives(boxOf.get(group.group.output) ?? -1, Number(arg));
      },
    };
  }

  /** Whether a variable, or the node of this id, is in sight. @param {string} target */
  const sees = (target) => walked.leaves.has(target) || (!plan.leaves.has(target) && walked.positions.has(target));

  /** The node whose value goes in where an edge such as `c~0.1` enters a closed group. @param {string} key */
  function childOf(key) {
    const [, id, arg] = /^(.*)\.([0-9]{1,6})$/s.exec(key) ?? [];
    const child = through.closed.find((one) => one.group.id === id)?.entries[Number(arg)]?.child;
    return child === undefined ? undefined : plan.nodes[child].id;
  }

  return { of, sees, childOf, isFolded: groups.length > 0 };
}

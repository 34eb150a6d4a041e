/** The number that is asked for: the twin of graphviz_backprop/explain/grading/targets.py. */

/**
 * @typedef {import("../../engine/pass.js").Plan} Plan
 * @typedef {import("./numbers.js").Numbers} Numbers
 *
 * @typedef {object} Target
 * @property {string} field
 * @property {string} kind the field's last word
 * @property {string} name
 * @property {number} at
 * @property {number} arg
 * @property {number[]} ends the nodes whose gradients it is the sum of
 */

/**
 * The target of a field, or null where there is no such field.
 * @param {Plan} plan @param {string} field @returns {Target | null}
 */
export function target(plan, field) {
  const dot = field.lastIndexOf(".");
  const [name, kind] = [field.slice(0, Math.max(dot, 0)), field.slice(dot + 1)];
  const found = { field, kind, name, at: -1, arg: -1, ends: /** @type {number[]} */ ([]) };
  const leaves = plan.leaves.get(name);
  if (kind === "total" && leaves) return { ...found, ends: [...leaves] };
  const at = plan.positions.get(name);
  if ((kind === "value" || kind === "gradient") && at !== undefined) {
    return { ...found, at, ends: kind === "gradient" ? [at] : [] };
  }
  const inner = name.lastIndexOf(".");
  const parent = plan.positions.get(name.slice(0, Math.max(inner, 0)));
  const number = name.slice(inner + 1);
  if ((kind !== "partial" && kind !== "flow") || parent === undefined || !/^[0-9]{1,6}$/.test(number)) return null;
  if (Number(number) >= plan.args[parent].length) return null;
  return { ...found, name: plan.nodes[parent].id, at: parent, arg: Number(number) };
}

/** Its number. @param {Target} asked @param {Numbers} numbers */
export function read({ kind, at, arg, ends }, numbers) {
  if (kind === "value") return numbers.values[at];
  if (kind === "partial") return numbers.partials[at][arg];
  if (kind === "flow") return numbers.flows[at][arg];
  const known = ends.flatMap((end) => numbers.gradients[end] ?? []);
  return known.length ? known.reduce((sum, x) => sum + x) : null;
}

/** By how much the number changes with the gradient of each node. @param {Target} asked @param {Numbers} numbers */
export function weightsOf({ kind, at, arg, ends }, numbers) {
  const weights = numbers.plan.nodes.map(() => 0);
  for (const end of ends) weights[end] = 1;
  if (kind === "flow") weights[at] = numbers.partials[at][arg] ?? 0;
  numbers.plan.args.forEach((args, parent) => {
    args.forEach((child, place) => {
      const partial = numbers.partials[parent][place];
      if (weights[child] && partial !== null) weights[parent] += partial * weights[child];
    });
  });
  return weights;
}

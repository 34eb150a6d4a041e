/**
 * Mistakes at one edge, or where flows meet, and what each changes: the twin of
 * graphviz_backprop/explain/grading/edits.py.
 */

import { ops } from "../../engine/ops.js";
import { partials, rules } from "./mistakes.js";
import { partialOf } from "./numbers.js";

/**
 * @typedef {import("./numbers.js").Numbers} Numbers
 *
 * @typedef {"times" | "alone" | "plus" | "only"} Mode what flows: the gradient times the wrong partial, the partial
 *   alone, both added; or this flow is the only one that counts at the child
 * @typedef {{kind: string, mode: Mode, at: number, arg: number, child: number, wrong: number, why: string,
 *   instead?: number}} Edit
 */

/** What flows through an edge. @param {Edit} edit @param {number} gradient @param {number} partial */
export function flowOf({ mode, wrong, instead }, gradient, partial) {
  const local = instead ?? partial;
  if (mode === "times") return gradient * wrong;
  if (mode === "alone") return local;
  return mode === "plus" ? gradient + local : gradient * local;
}

/**
 * By how much a mistake changes the child's gradient, where these are the gradients from above.
 * @param {Edit} edit @param {readonly (number | null)[]} gradients @param {Numbers} numbers
 */
export function deltaOf(edit, gradients, numbers) {
  const [gradient, partial] = [gradients[edit.at] ?? 0, numbers.partials[edit.at][edit.arg] ?? 0];
  const before = edit.mode === "only" ? (gradients[edit.child] ?? 0) : gradient * partial;
  return flowOf(edit, gradient, partial) - before;
}

/** Every mistake at an edge, from the inputs up; then where flows meet. @param {Numbers} numbers @returns {Edit[]} */
export function editsOf(numbers) {
  const { plan } = numbers;
  return [
    ...plan.args.flatMap((args, at) => args.flatMap((_, arg) => [...atEdge(numbers, at, arg)])),
    ...onlies(numbers),
  ];
}

/** @param {Numbers} numbers @param {number} at @param {number} arg @returns {Generator<Edit>} */
function* atEdge(numbers, at, arg) {
  const { plan } = numbers;
  const [partial, child] = [numbers.partials[at][arg], plan.args[at][arg]];
  if (partial === null || numbers.gradients[at] === null) return;
  const place = { at, arg, child, wrong: 0, why: "" };
  yield { kind: isTerm(numbers, at) ? "term" : "missed", mode: "times", ...place };
  yield { kind: "upstream", mode: "alone", ...place };
  for (const { kind, wrong, why } of wrongPartials(numbers, at, arg)) {
    if (wrong !== partial) yield { ...place, kind, mode: "times", wrong, why };
  }
  yield { kind: "added", mode: "plus", ...place };
}

/**
 * Whether it is a product or quotient whose arguments both have gradients.
 * @param {Numbers} numbers @param {number} at
 */
function isTerm({ plan }, at) {
  return plan.nodes[at].op in rules && plan.args[at].every((_, arg) => plan.edges[at][arg] >= 0);
}

/**
 * What is taken for the partial of an edge by mistake.
 * @param {Numbers} numbers @param {number} at @param {number} arg
 */
export function wrongPartials(numbers, at, arg) {
  const { plan, values } = numbers;
  const { op } = plan.nodes[at];
  const [partial, f] = [numbers.partials[at][arg], values[at]];
  const xs = plan.args[at].map((one) => values[one]);
  if (partial === null || !Number.isFinite(partial)) return [];
  const known = [{ kind: "sign", wrong: -partial, why: "" }];
  for (const slip of partials[op]?.[ops[op].fold ? 0 : arg] ?? []) {
    const wrong = ops[op].fold ? slip.formula(xs[arg], f, xs.length) : slip.formula(...xs, f, xs.length);
    known.push({ kind: slip.kind, wrong, why: slip.why });
  }
  if (xs.length === 2) {
    const other = partialOf(plan, values, at, 1 - arg);
    known.push({ kind: "other", wrong: other, why: "" });
    if (plan.nodes[plan.args[at][1 - arg]].op === "const") {
      known.push({ kind: "constant", wrong: partial + other, why: "" });
    }
  }
  known.push({ kind: "one", wrong: 1, why: "" }, { kind: "value", wrong: f, why: "" });
  if (!known.some(({ wrong }) => wrong === xs[arg])) known.push({ kind: "own", wrong: xs[arg], why: "" });
  if (partial) known.push({ kind: "inverted", wrong: 1 / partial, why: "" });
  return known.filter(({ wrong }) => Number.isFinite(wrong));
}

/**
 * Where several flows meet: only one counts, the last one of the pass first.
 * @param {Numbers} numbers @returns {Edit[]}
 */
function onlies(numbers) {
  const { plan } = numbers;
  /** @type {Edit[][]} */
  const inflows = plan.nodes.map(() => []);
  plan.args.forEach((args, at) => {
    for (let arg = args.length - 1; arg >= 0; arg--) {
      if (numbers.flows[at][arg] === null) continue;
      inflows[args[arg]].push({ kind: "overwritten", mode: "only", at, arg, child: args[arg], wrong: 0, why: "" });
    }
  });
  return inflows.filter((meeting) => meeting.length > 1).flat();
}

/**
 * Which known mistakes give a wrong number, singly or two together: the twin of
 * graphviz_backprop/explain/grading/diagnosis.py. Kinds, sentences and wrong formulas come from mistakes.js, which
 * Python writes.
 */

import { formatNumber } from "../../engine/numerals.js";
import { ops } from "../../engine/ops.js";
import { deltaOf, editsOf, flowOf, wrongPartials } from "./edits.js";
import { branches, kinds, LISTED, PAIRED, rules, values as wrongValues } from "./mistakes.js";
import { partialOf } from "./numbers.js";
import { read, weightsOf } from "./targets.js";

/**
 * @typedef {import("../../engine/pass.js").Plan} Plan
 * @typedef {import("./numbers.js").Numbers} Numbers
 * @typedef {import("./targets.js").Target} Target
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./edits.js").Mode} Mode
 *
 * @typedef {{kind: string, edge: [string, number] | null, title: string, text: string}} Mistake
 * @typedef {{mistakes: Mistake[], gives: number}} Diagnosis
 * @typedef {{numbers: Numbers, target: Target, before: number | null}} Case
 * @typedef {{kind: string, number: number, names: Record<string, string>, edge: [string, number] | null,
 *   everywhere: boolean}} Found
 * @typedef {(number: number) => boolean} Explains
 */

const ORDER = Object.keys(kinds);
const FACTORS = new Set("sign factor exponent rule argument other value own inverted branch".split(" "));

/**
 * The mistakes whose number `explains` the answer: single ones, else pairs; the likelier ones first.
 * @param {Case} asked @param {Explains} explains @returns {Diagnosis[]}
 */
export function diagnose(asked, explains) {
  const one = single(asked, explains);
  return one.length ? one : double(asked, explains);
}

/** The same, of one mistake alone. @param {Case} asked @param {Explains} explains @returns {Diagnosis[]} */
export function single(asked, explains) {
  const base = baseOf(asked, explains);
  if (base === null) return [];
  return listed([...singles(asked, base)].filter(({ number }) => Number.isFinite(number) && explains(number)));
}

/** @param {Case} asked @param {Explains} explains */
function baseOf(asked, explains) {
  const base = read(asked.target, asked.numbers);
  return base === null || !Number.isFinite(base) || explains(base) ? null : base;
}

/** @param {Case} asked @param {Explains} explains @returns {Diagnosis[]} */
function double(asked, explains) {
  const base = baseOf(asked, explains);
  if (base === null) return [];
  const wanted = (/** @type {number} */ number) => Number.isFinite(number) && explains(number);
  const rank = (/** @type {[Edit, Edit, number]} */ [one, two]) => ORDER.indexOf(one.kind) + ORDER.indexOf(two.kind);
  const pairs = [...pairsOf(asked, base, wanted)].sort((a, b) => rank(a) - rank(b));
  return pairs.slice(0, LISTED).map(([one, two, gives]) => ({
    mistakes: [told(said(asked, one, NaN)), told(said(asked, two, NaN))],
    gives,
  }));
}

/** One of each kind first, then the places where the same mistake gives the same number. @param {Found[]} single */
function listed(single) {
  const sorted = [...single].sort(
    (a, b) => Number(a.everywhere) - Number(b.everywhere) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
  /** @type {Map<string, {turn: number, diagnosis: Diagnosis}>} */
  const known = new Map();
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const found of sorted) {
    const mistake = told(found);
    if (known.has(mistake.text)) continue;
    const turn = seen.get(found.kind) ?? 0;
    known.set(mistake.text, { turn, diagnosis: { mistakes: [mistake], gives: found.number } });
    seen.set(found.kind, turn + 1);
  }
  const ordered = [...known.values()].sort((a, b) => a.turn - b.turn);
  return ordered.map(({ diagnosis }) => diagnosis).slice(0, LISTED);
}

/** @param {Found} found @returns {Mistake} */
function told({ kind, edge, names, everywhere }) {
  const { title, sentence, everywhere: all } = kinds[kind];
  return { kind, edge, title, text: (everywhere ? all : sentence).replace(/\{(\w+)\}/g, (_, name) => names[name]) };
}

/** @param {Case} asked @param {number} base @returns {Generator<Found>} */
function* singles(asked, base) {
  const { kind } = asked.target;
  if (kind === "value") yield* atValue(asked);
  else if (kind === "partial") yield* atPartial(asked);
  else {
    yield* atEdges(asked, base);
    yield* everywhere(asked);
    yield* atNodes(asked, base);
    yield* inside(asked, base);
    yield* taken(asked, base);
    yield* stopped(asked);
    yield* whole(asked, base);
  }
  yield* mixedUp(asked);
}

/** @param {string} kind @param {number} number @param {Record<string, string>} names @returns {Found} */
const found = (kind, number, names) => ({ kind, number, names, edge: null, everywhere: false });

/** @param {Case} asked */
function* atValue({ numbers: { plan, values }, target: { at, name } }) {
  const { op } = plan.nodes[at];
  const [xs, f] = [plan.args[at].map((one) => values[one]), values[at]];
  if (ops[op]?.fold && xs.length !== 2) return;
  for (const slip of wrongValues[op] ?? []) {
    const wrong = slip.formula(...xs, f, xs.length);
    if (!Number.isFinite(wrong) || wrong === f) continue;
    yield found("operation", wrong, { child: name, right: shown(f), wrong: shown(wrong), why: slip.why });
  }
}

/** @param {Case} asked @returns {Generator<Found>} */
function* atPartial(asked) {
  const { at, arg } = asked.target;
  const child = asked.numbers.plan.args[at][arg];
  for (const { kind, wrong, why } of wrongPartials(asked.numbers, at, arg)) {
    if (kind !== "one") yield said(asked, { kind, mode: "times", at, arg, child, wrong, why }, wrong);
  }
}

/** @param {Case} asked @param {number} base @returns {Generator<Found>} */
function* atEdges(asked, base) {
  const { numbers, target: wanted } = asked;
  const weights = weightsOf(wanted, numbers);
  for (const edit of editsOf(numbers)) {
    const weight = weightOf(wanted, weights, edit);
    if (weight) yield said(asked, edit, base + deltaOf(edit, numbers.gradients, numbers) * weight);
  }
}

/** @param {Target} asked @param {readonly number[]} weights @param {Edit} edit */
function weightOf(asked, weights, edit) {
  const own = asked.kind === "flow" && edit.at === asked.at && edit.arg === asked.arg && edit.mode !== "only";
  return own ? 1 : weights[edit.child];
}

/**
 * A mistake at an edge, in the words of its sentence.
 * @param {Case} asked @param {Edit} edit @param {number} number @returns {Found}
 */
function said({ numbers }, edit, number) {
  const { plan } = numbers;
  const { at, arg, child } = edit;
  const [node, args] = [plan.nodes[at], plan.args[at]];
  const which = args.filter((one) => one === child).length > 1 ? ` by argument ${arg + 1}` : "";
  const other = args.findIndex((_, place) => place !== arg);
  const p = shown(numbers.partials[at][arg]);
  return {
    kind: edit.kind,
    number,
    edge: [node.id, arg],
    everywhere: false,
    names: {
      parent: node.id,
      child: plan.nodes[child].id,
      d: `∂${node.id}/∂${plan.nodes[child].id}${which}`,
      p,
      q: p.startsWith("-") ? `(${p})` : p,
      g: shown(numbers.gradients[at]),
      flow: shown(numbers.flows[at][arg]),
      sum: shown(numbers.gradients[child]),
      wrong: shown(edit.wrong),
      sibling: other < 0 ? "" : called(plan, args[other]),
      rule: rules[node.op] ?? "",
      why: edit.why,
    },
  };
}

/** @param {number | null | undefined} number */
const shown = (number) => formatNumber(number || 0);

/** A node by its id; a constant by its number. @param {Plan} plan @param {number} at */
function called({ nodes }, at) {
  const { op, id, value } = nodes[at];
  return op === "const" ? shown(Number(value)) : id;
}

/** The same mistake at every edge. @param {Case} asked @returns {Generator<Found>} */
function* everywhere({ numbers, target: wanted }) {
  /** @type {[Mode, string][]} */
  const modes = [
    ["alone", "upstream"],
    ["plus", "added"],
    ["only", "overwritten"],
  ];
  for (const [mode, kind] of modes) {
    const number = read(wanted, passed(numbers, mode));
    if (number !== null) yield { ...found(kind, number, {}), everywhere: true };
  }
}

/** The backward pass with one mistake at every edge. @param {Numbers} numbers @param {Mode} mode @returns {Numbers} */
function passed(numbers, mode) {
  const { plan } = numbers;
  const last = plan.nodes.length - 1;
  /** @type {(number | null)[]} */
  const gradients = plan.reached.map((reached) => (reached ? 0 : null));
  gradients[last] = numbers.gradients[last];
  /** @type {(number | null)[][]} */
  const flows = plan.args.map((args) => args.map(() => null));
  for (let at = last; at >= 0; at--) {
    plan.args[at].forEach((child, arg) => {
      const [partial, gradient] = [numbers.partials[at][arg], gradients[at]];
      if (partial === null || gradient === null) return;
      const flow = flowOf({ kind: "", mode, at, arg, child, wrong: 0, why: "" }, gradient, partial);
      flows[at][arg] = flow;
      gradients[child] = mode === "only" ? flow : (gradients[child] ?? 0) + flow;
    });
  }
  return { ...numbers, gradients, flows };
}

/** Rules for two arguments that were not kept. @param {Case} asked @param {number} base @returns {Generator<Found>} */
function* atNodes({ numbers, target: wanted }, base) {
  const { plan } = numbers;
  const weights = weightsOf(wanted, numbers);
  for (const [at, { op, id }] of plan.nodes.entries()) {
    const [args, gradient] = [plan.args[at], numbers.gradients[at]];
    if (args.length !== 2 || gradient === null || !weights[at]) continue;
    const [left, right] = args.map((arg) => weights[arg]);
    const parts = args.map((child, arg) => (numbers.partials[at][arg] ?? 0) * weights[child]);
    const names = { parent: id, child: called(plan, args[0]), sibling: called(plan, args[1]) };
    const rest = base - gradient * weights[at];
    if (op === "mul" && left && right) yield found("product", rest + gradient * left * right, names);
    if (op === "div" && left && right) {
      yield found("quotient", rest + (gradient * left) / right, names);
      yield found("turned", base - 2 * gradient * (parts[0] + parts[1]), names);
      yield found("unsquared", rest + gradient * weights[at] * numbers.values[args[1]], names);
    }
    if (op !== "add" && op !== "sub") continue;
    for (const [arg, sign] of [
      [0, 1],
      [1, op === "sub" ? -1 : 1],
    ]) {
      const constant = plan.nodes[args[arg]];
      if (constant.op !== "const") continue;
      yield found("kept", base + sign * gradient * Number(constant.value), { constant: called(plan, args[arg]) });
    }
  }
}

/**
 * The derivative of what stands inside is put into the function, f'(g') or f(g'), and multiplies nothing.
 * @param {Case} asked @param {number} base @returns {Generator<Found>}
 */
function* inside({ numbers, target: wanted }, base) {
  const { plan, values } = numbers;
  const weights = weightsOf(wanted, numbers);
  for (const [at, { op, id }] of plan.nodes.entries()) {
    const [args, gradient] = [plan.args[at], numbers.gradients[at]];
    const active = args.flatMap((_, arg) => (plan.edges[at][arg] < 0 ? [] : [arg]));
    if (active.length !== 1 || gradient === null) continue;
    const [arg, child] = [active[0], args[active[0]]];
    const [partial, slope] = [numbers.partials[at][arg], weights[child]];
    if (partial === null || !slope || wanted.ends.includes(child) || !plan.args[child].length) continue;
    const moved = values.with(child, slope);
    const f = ops[op].value(...args.map((one) => moved[one]));
    moved[at] = f;
    const wrong = partialOf(plan, moved, at, arg);
    if (wrong === partial) continue; // a straight line: the same wherever it is taken
    const factor = shown(slope);
    const names = {
      parent: id,
      child: plan.nodes[child].id,
      d: `∂${id}/∂${plan.nodes[child].id}`,
      p: shown(partial),
      value: shown(values[child]),
      slope: factor,
      factor: factor.startsWith("-") ? `(${factor})` : factor,
    };
    const rest = base - gradient * weights[at];
    yield found("inside", rest + gradient * wrong, names);
    yield found("replaced", rest + gradient * f, names);
  }
}

/**
 * The branch that is not taken, where both lead down to what is asked for.
 * @param {Case} asked @param {number} base @returns {Generator<Found>}
 */
function* taken({ numbers, target: wanted }, base) {
  const { plan } = numbers;
  const weights = weightsOf(wanted, numbers);
  for (const [at, { op, id }] of plan.nodes.entries()) {
    const [first, gradient] = [branches[op], numbers.gradients[at]];
    if (first === undefined || plan.args[at].length - first !== 2 || gradient === null) continue;
    const pair = plan.args[at].slice(first);
    const shares = numbers.partials[at].slice(first);
    const [one, other] = [1, 0].map((share) => pair[shares.indexOf(share)]);
    if (!weights[one] || !weights[other]) continue;
    const names = { parent: id, child: called(plan, one), sibling: called(plan, other) };
    yield found("taken", base + gradient * (weights[other] - weights[one]), names);
  }
}

/**
 * The gradient of a node above, but not of one right above: there a single derivative is forgotten.
 * @param {Case} asked @returns {Generator<Found>}
 */
function* stopped({ numbers, target: wanted }) {
  if (wanted.kind === "flow") return;
  const { plan, gradients } = numbers;
  const weights = weightsOf(wanted, numbers);
  const near = plan.args.flatMap((args, at) => (args.some((one) => wanted.ends.includes(one)) ? [gradients[at]] : []));
  const told = new Set([null, ...near]);
  for (const [at, { id }] of plan.nodes.slice(0, -1).entries()) {
    const number = gradients[at];
    if (number === null || told.has(number) || !weights[at] || wanted.ends.includes(at)) continue;
    told.add(number);
    yield found("stopped", number, { shown: shown(number), child: id, name: wanted.name });
  }
}

/** Mistakes that concern the number as a whole. @param {Case} asked @param {number} base @returns {Generator<Found>} */
function* whole({ numbers, target: wanted, before }, base) {
  const { plan } = numbers;
  const last = plan.nodes.length - 1;
  const seed = numbers.gradients[last];
  if (seed !== null && seed !== 0 && seed !== 1) {
    yield found("seed", base / seed, { parent: plan.nodes[last].id, g: shown(seed) });
  }
  if (wanted.ends.length > 1) {
    for (const end of wanted.ends) {
      const names = { name: wanted.name, sum: shown(base), child: plan.nodes[end].id };
      yield found("leaf", numbers.gradients[end] ?? 0, names);
    }
  }
  yield found("twice", 2 * base, { shown: shown(2 * base) });
  if (before !== null) {
    yield found("accumulated", base + before, { shown: shown(base + before), now: shown(base), before: shown(before) });
  }
}

/** Another number of this graph. @param {Case} asked @returns {Generator<Found>} */
function* mixedUp({ numbers, target: wanted, before }) {
  const { plan } = numbers;
  if (before !== null) yield found("stale", before, { shown: shown(before) });
  if (wanted.kind === "gradient" || wanted.kind === "total") {
    const value = numbers.values[wanted.ends[0]];
    yield found("result", value, { shown: shown(value), child: wanted.name });
    const last = plan.nodes.length - 1;
    const output = { shown: shown(numbers.values[last]), parent: plan.nodes[last].id };
    if (!wanted.ends.includes(last)) yield found("output", numbers.values[last], output);
  }
  if (wanted.kind !== "total") return;
  for (const [other, leaves] of plan.leaves) {
    if (other === wanted.name) continue;
    const total = leaves.reduce((sum, at) => sum + (numbers.gradients[at] ?? 0), 0);
    yield found("swapped", total, { shown: shown(total), other, name: wanted.name });
  }
}

// Two mistakes

/**
 * The upper one, what it does to the gradients below, and there another.
 * @param {Case} asked @param {number} base @param {Explains} wanted @returns {Generator<[Edit, Edit, number]>}
 */
function* pairsOf({ numbers, target: asked }, base, wanted) {
  if (asked.kind === "value" || asked.kind === "partial") return;
  const weights = weightsOf(asked, numbers);
  const tried = editsOf(numbers).filter((edit) => weightOf(asked, weights, edit));
  const upwards = tried.slice(0, PAIRED).sort((a, b) => a.child - b.child);
  const weigh = (/** @type {Edit} */ edit) => weightOf(asked, weights, edit);
  for (const first of [...upwards].reverse()) {
    const gradients = after(numbers, first);
    const reached = base + deltaOf(first, numbers.gradients, numbers) * weigh(first);
    for (const second of upwards) {
      if (second.child > first.child) break;
      let number = NaN;
      if (second.at === first.at && second.arg === first.arg) {
        const both = merged(first, second);
        if (both) number = base + deltaOf(both, numbers.gradients, numbers) * weigh(both);
      } else if (second.child < first.child || isBeside(first, second)) {
        number = reached + deltaOf(second, gradients, numbers) * weigh(second);
      }
      if (wanted(number)) yield [first, second, number];
    }
  }
}

/** The gradients once a mistake was made. @param {Numbers} numbers @param {Edit} first */
function after(numbers, first) {
  const { plan } = numbers;
  const moved = plan.nodes.map(() => 0);
  moved[first.child] = deltaOf(first, numbers.gradients, numbers);
  for (let at = first.child; at >= 0; at--) {
    if (!moved[at]) continue;
    plan.args[at].forEach((child, arg) => (moved[child] += moved[at] * (numbers.partials[at][arg] ?? 0)));
  }
  return numbers.gradients.map((gradient, at) => (gradient === null ? null : gradient + moved[at]));
}

/** Whether both can be made where they meet, each order once. @param {Edit} first @param {Edit} second */
function isBeside(first, second) {
  const before = second.at < first.at || (second.at === first.at && second.arg < first.arg);
  return first.mode !== "only" && second.mode !== "only" && before;
}

/**
 * A wrong partial, and at the same edge a wrong sign, or a gradient that is not multiplied.
 * @param {Edit} first @param {Edit} second @returns {Edit | null}
 */
function merged(first, second) {
  if (!FACTORS.has(first.kind) || second.mode === "only" || second.kind === first.kind) return null;
  if (second.mode !== "times") return { ...second, instead: first.wrong };
  return second.kind === "sign" ? { ...first, wrong: -first.wrong } : null;
}

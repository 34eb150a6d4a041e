/**
 * What goes wrong, in words: where a NaN or an infinity comes from, kinks, lost digits, slopes near 0. The
 * algorithm is that of graphviz_backprop/explain/trouble.py, the sentences come from there through advice.js.
 */

import { advice, CANCELS, FLAT, reasons, sentences, TINY } from "../engine/advice.js";
import { formatNumber, fullNumber } from "../engine/numerals.js";
import { ops } from "../engine/ops.js";
import { isAsked } from "./asked.js";
import { doubleWhere, owners } from "./branches.js";
import { equalKeys, matches } from "./patterns.js";
import { gradientBounds, sumBound, SUMS, valueBounds } from "./rounding.js";
import { isShift } from "./shifts.js";
import { kinkAt, switches } from "./sides.js";
import { shown, sign, valueSign } from "./signs.js";

/**
 * @typedef {import("../engine/pass.js").Plan} Plan
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {import("./patterns.js").Match} Match
 *
 * @typedef {object} Finding something wrong, or to know, at a node or at one of its edges
 * @property {string} kind a key of the sentences
 * @property {string} node
 * @property {string} text
 * @property {[string, number] | null} edge the parent's id and the number of the argument
 * @property {string} safer another form, in the language, where there is one
 */

/**
 * What depends on the program alone: make it once, call it at each move.
 * @param {Plan} plan
 * @returns {(run: Run) => Finding[]}
 */
export function watch(plan) {
  const keys = equalKeys(plan);
  /** @type {Map<number, Match[]>} */
  const rooted = new Map();
  /** @type {Map<number, Match>} */
  const better = new Map();
  for (const match of matches(plan)) {
    const root = match.covered[0];
    rooted.set(root, [...(rooted.get(root) ?? []), match]);
    for (const at of match.pattern.small ? [] : match.covered) {
      const known = better.get(at);
      // the logarithm of a softmax, not the softmax alone
      if (!known || known.covered.every((one) => match.covered.includes(one))) better.set(at, match);
    }
  }
  /** @type {Map<number, boolean>} */
  const shifts = new Map();
  const isShifting = (/** @type {number} */ at) => {
    const known = shifts.get(at) ?? isShift(plan, keys, at);
    shifts.set(at, known);
    return known;
  };
  return (run) => new Report(run, keys, rooted, better, isShifting).all();
}

/** All findings at the numbers of a run, in order. @param {Run} run */
export const findings = (run) => watch(run.plan)(run);

class Report {
  /** @type {Finding[]} */
  #found = [];
  /** @type {number[][] | null} */
  #inflows = null;
  /** @type {Float64Array | null} */
  #valueBounds = null;
  /** @type {Float64Array | null} */
  #gradientBounds = null;
  /** @type {(number | null)[] | null} */
  #owners = null;
  /** @type {ReturnType<typeof switches> | null} */
  #switches = null;

  /**
   * @param {Run} run @param {readonly number[]} keys
   * @param {ReadonlyMap<number, readonly Match[]>} rooted the matches by their first node
   * @param {ReadonlyMap<number, Match>} better the first match that a node is part of
   * @param {(at: number) => boolean} isShift whether a node is no more than the shift of a stable softmax
   */
  constructor(run, keys, rooted, better, isShift) {
    this.run = run;
    this.plan = run.plan;
    this.values = run.values;
    this.keys = keys;
    this.rooted = rooted;
    this.better = better;
    this.isShift = isShift;
  }

  all() {
    const up = [...this.plan.nodes.keys()];
    for (const at of up) this.value(at);
    for (const at of up.toReversed()) this.backward(at);
    for (const at of up) this.kink(at);
    for (const at of up) this.cancelled(at);
    this.cancels();
    for (const at of up) this.digits(at);
    for (const at of up) this.flat(at);
    return this.#found;
  }

  /** Each `where` that takes another branch to one side of this point. */
  get switches() {
    this.#switches ??= switches(this.run, this.keys);
    return this.#switches;
  }

  // What can be found

  /** @param {number} at */
  value(at) {
    const x = this.values[at];
    if (Number.isFinite(x)) {
      const trapped = this.plan.args[at].length ? this.trap(at, false) : undefined;
      if (trapped) this.tell("value", at, trapped.safer, null, { why: trapped.why }); // a number, outside the domain
      return;
    }
    const args = this.plan.args[at].map((arg) => this.values[arg]);
    if (!args.length) {
      this.tell("input", at, "", null, { node: symbol(this.plan, at), value: formatNumber(x) });
      return;
    }
    if (args.some(Number.isNaN) || (infinite(x) && args.some(infinite))) return;
    const { why, safer } = this.trap(at, false) ?? { why: overflow(x), safer: "" };
    this.tell("value", at, this.betterForm(at) || safer, null, { why });
  }

  /** @param {number} at */
  backward(at) {
    const gradient = this.run.gradient(at);
    if (gradient === null) return;
    if (!Number.isFinite(gradient)) this.sum(at, gradient);
    const whole = this.isWhole(at);
    for (const [arg, child] of this.plan.args[at].entries()) {
      const [partial, flow] = [this.run.partial(at, arg), this.run.flow(at, arg)];
      if (partial === null || flow === null) continue;
      const where = this.owners[at];
      if (where !== null && Number.isNaN(flow) && gradient === 0) {
        this.branch(at, arg, partial, where);
        continue;
      }
      if (whole && !Number.isFinite(partial)) {
        this.slope(at, arg, partial);
        continue;
      }
      const broken = Number.isNaN(flow) && !Number.isNaN(gradient) && !Number.isNaN(partial);
      if (!broken && !(infinite(flow) && Number.isFinite(gradient) && Number.isFinite(partial))) continue;
      const write = sign(shown(gradient) * shown(partial), flow) === "=" ? formatNumber : fullNumber;
      this.tell("flow", at, this.betterForm(at), arg, {
        gradient: bracketed(write(gradient)),
        partial: bracketed(write(partial)),
        flow: formatNumber(flow),
        child: this.plan.nodes[child].id,
        why: reasons[broken ? "product" : "overflow"],
      });
    }
  }

  /** @param {number} at */
  kink(at) {
    const kink = kinkAt(this.run, this.keys, at);
    const ours = kink?.ours?.(...this.known(at));
    const kind = ours ? "ours" : (kink?.kind ?? this.switches.get(at));
    if (!kind || isAsked(this.plan, this.keys, at)) return;
    if (this.partials(at).some((x) => x !== null && !Number.isFinite(x)) || this.isShift(at)) return;
    this.tell(kind, at, kink ? this.written(kink.safer, at) : "");
  }

  /**
   * A sum of which only rounding is left; where a term is such a rest already, that is what was told.
   * @param {number} at
   */
  cancelled(at) {
    const isSum = SUMS.has(this.plan.nodes[at].op);
    if (!isSum || !this.isRest(at) || this.plan.args[at].some((arg) => this.isRest(arg))) return;
    if (this.plan.nodes[at].op === "sub" && this.isShift(this.plan.args[at][1])) return;
    this.tell("cancelled", at, this.betterForm(at));
  }

  /** Flows of which only rounding is left: into a node, and into a variable that is mentioned often. */
  cancels() {
    const { nodes, leaves } = this.plan;
    for (let at = nodes.length - 1; at >= 0; at--) {
      this.flowsCancel(at, nodes[at].id, this.inflows[at], this.run.gradient(at), () => this.gradientBounds[at]);
    }
    for (const [name, places] of leaves) {
      const flows = places.map((at) => this.run.gradient(at) ?? 0);
      const bound = () => places.reduce((sum, at) => sum + this.gradientBounds[at], 0) + sumBound(flows);
      this.flowsCancel(places[0], name, flows, this.run.total(name), bound);
    }
  }

  /**
   * @param {number} at @param {string} node @param {readonly number[]} flows @param {number | null} gradient
   * @param {() => number} bounded asked only where a flow is so large beside the gradient that it may be told: the
   *   bounds of all gradients take longer than everything else here
   */
  flowsCancel(at, node, flows, gradient, bounded) {
    if (gradient === null || flows.length < 2) return;
    if (!flows.some((flow) => Math.abs(flow) > CANCELS * Math.abs(gradient))) return;
    const bound = bounded();
    if (!(0 < bound && bound < Infinity) || !(Math.abs(gradient) <= bound)) return;
    if (!flows.some((flow) => Math.abs(flow) > CANCELS * bound) || this.isShift(at)) return;
    this.tell("cancels", at, "", null, { node, gradient: formatNumber(gradient) });
  }

  /** @param {number} at */
  digits(at) {
    const here = this.rooted.get(at) ?? [];
    for (const { pattern, names } of here) {
      const small = pattern.small ? this.values[/** @type {readonly number[]} */ (names.get(pattern.small))[0]] : 0;
      if (Math.abs(small) > 0 && Math.abs(small) < TINY) {
        this.tell("digits", at, this.safer(here[0]), null, { small: bracketed(formatNumber(small)) });
        return;
      }
    }
  }

  /** @param {number} at */
  flat(at) {
    const { op, args } = this.plan.nodes[at];
    const kind = args.length ? advice[op].flat : "";
    if (!kind || !this.plan.reached[at] || isAsked(this.plan, this.keys, at)) return;
    const slopes = this.partials(at).filter((x) => x !== null);
    if (slopes.some((slope) => (kind === "dead" ? slope !== 0 : Math.abs(slope) >= FLAT))) return; // nearly all
    if (kinkAt(this.run, this.keys, at) || !this.isWhole(at) || this.switches.has(at)) return;
    const gradient = this.run.gradient(at) ?? 0;
    if (!Number.isFinite(gradient)) return; // 0 times that is NaN, and that does flow
    if (gradient === 0 && kind !== "dead" && kind !== "level") return; // nothing arrives
    const flows = args.map((_, arg) => this.run.flow(at, arg)).filter((x) => x !== null);
    if (kind === "dead" || kind === "level") this.tell(kind, at);
    else if (flows.every((flow) => Math.abs(flow) <= FLAT * Math.abs(this.run.seed))) {
      this.tell(this.isAtBottom(at) ? "bottom" : kind, at);
    }
  }

  // What findings are made of

  /** The `where` that keeps each node out of the output, if one does. */
  get owners() {
    return (this.#owners ??= owners(this.run));
  }

  /** @param {number} at @param {number} arg @param {number} partial @param {number} where */
  branch(at, arg, partial, where) {
    this.tell("branch", at, doubleWhere(this.run, this.owners, where), arg, {
      where: this.plan.nodes[where].id,
      partial: bracketed(formatNumber(partial)),
      child: this.plan.nodes[this.plan.args[at][arg]].id,
      why: infinite(partial) ? reasons.untaken : "",
    });
  }

  /** What rounding may have changed values by. */
  get valueBounds() {
    return (this.#valueBounds ??= valueBounds(this.run));
  }

  /** The same of gradients. */
  get gradientBounds() {
    return (this.#gradientBounds ??= gradientBounds(this.run, this.valueBounds));
  }

  /** Whether rounding may have made all of a value. @param {number} at */
  isRest(at) {
    const bound = this.valueBounds[at];
    return 0 < bound && bound < Infinity && Math.abs(this.values[at]) <= bound;
  }

  /**
   * Whether the output would rise whichever way an argument that carries a gradient moved a little.
   * @param {number} at
   */
  isAtBottom(at) {
    const gradient = (this.run.gradient(at) ?? 0) * this.run.seed;
    const args = this.plan.args[at].map((arg) => this.values[arg]);
    const { fold, value } = ops[this.plan.nodes[at].op];
    const rises = (/** @type {number} */ arg, /** @type {number} */ step) => {
      const moved = args.with(arg, args[arg] + step);
      return gradient * ((fold ? fold(moved) : value(...moved)) - this.values[at]) > 0;
    };
    return args.every((x, arg) => {
      const step = 0.01 * Math.max(1, Math.abs(x));
      return this.run.partial(at, arg) === null || (rises(arg, step) && rises(arg, -step));
    });
  }

  /** Flows that are numbers, or finite, and whose sum is not. @param {number} at @param {number} gradient */
  sum(at, gradient) {
    const flows = this.inflows[at];
    if (flows.length < 2 || flows.some(Number.isNaN)) return;
    if (infinite(gradient) && flows.some(infinite)) return;
    const why = reasons[Number.isNaN(gradient) ? "difference" : "overflow"];
    this.tell("sum", at, "", null, { gradient: formatNumber(gradient), why });
  }

  /** What flows into each node; few graphs ask. */
  get inflows() {
    if (this.#inflows) return this.#inflows;
    /** @type {number[][]} */
    const inflows = this.plan.nodes.map(() => []);
    for (const [at, args] of this.plan.args.entries()) {
      for (const [arg, child] of args.entries()) {
        const flow = this.run.flow(at, arg);
        if (flow !== null) inflows[child].push(flow);
      }
    }
    return (this.#inflows = inflows);
  }

  /** @param {number} at @param {number} arg @param {number} partial */
  slope(at, arg, partial) {
    const kink = kinkAt(this.run, this.keys, at);
    const told = kink
      ? { why: reasons[kink.kind], safer: this.written(kink.safer, at) }
      : { why: overflow(partial), safer: "" };
    const { why, safer } = this.trap(at, true) ?? told;
    this.tell("slope", at, safer || this.betterForm(at), arg, { partial: this.d(at, arg), why });
  }

  /**
   * @param {string} kind @param {number} at @param {string} [safer] @param {number | null} [arg]
   * @param {Record<string, string>} [texts]
   */
  tell(kind, at, safer = "", arg = null, texts = {}) {
    const { id } = this.plan.nodes[at];
    const all = { node: id, equation: this.equation(at), partials: this.ds(at), ...texts };
    const text = put(sentences[kind], all);
    this.#found.push({ kind, node: id, text, edge: arg === null ? null : [id, arg], safer });
  }

  /** `c = log(b) = log(-1) = NaN`; with all digits where four of them do not give that. @param {number} at */
  equation(at) {
    const { id, op, args } = this.plan.nodes[at];
    const value = formatNumber(this.values[at]);
    if (!args.length) return `${id} = ${value}`;
    const write = valueSign(this.run, at) === "=" ? formatNumber : fullNumber;
    const numbers = this.plan.args[at].map((arg) => {
      const text = write(this.values[arg]);
      return advice[op].symbol ? bracketed(text) : text;
    });
    return `${id} = ${label(op, args)} = ${label(op, numbers).replaceAll(" · ", " × ")} = ${value}`;
  }

  /** Whether the node and its arguments are finite. @param {number} at */
  isWhole(at) {
    return [at, ...this.plan.args[at]].every((one) => Number.isFinite(this.values[one]));
  }

  /** @param {number} at */
  partials(at) {
    return this.plan.args[at].map((_, arg) => this.run.partial(at, arg));
  }

  /** @param {number} at @param {number} arg */
  d(at, arg) {
    const { id, args } = this.plan.nodes[at];
    return `∂${id}/∂${args[arg]} = ${formatNumber(this.run.partial(at, arg) ?? NaN)}`;
  }

  /** @param {number} at */
  ds(at) {
    return this.partials(at)
      .flatMap((partial, arg) => (partial === null ? [] : [this.d(at, arg)]))
      .join(", ");
  }

  /**
   * The reason of the first trap of the row that holds, and a safer form.
   * @param {number} at
   * @param {boolean} slope
   */
  trap(at, slope) {
    const { op } = this.plan.nodes[at];
    if (!advice[op].traps.length) return undefined;
    const xf = this.known(at);
    const trap = advice[op].traps.find((one) => one.slope === slope && one.when(...xf));
    return trap && { why: trap.why, safer: this.written(trap.safer, at) };
  }

  /** What a row's conditions are asked of. @param {number} at */
  known(at) {
    const f = this.values[at];
    return ops[this.plan.nodes[at].op].fold ? [f] : [...this.plan.args[at].map((arg) => this.values[arg]), f];
  }

  /** A row's form with its arguments' names. @param {string} form @param {number} at */
  written(form, at) {
    const { params } = advice[this.plan.nodes[at].op];
    return form && this.named(form, new Map(params.map((name, arg) => [name, [this.plan.args[at][arg]]])));
  }

  /**
   * What the largest pattern that this node is part of has instead; of two that overlap, the first.
   * @param {number} at
   */
  betterForm(at) {
    const match = this.better.get(at);
    return match ? this.safer(match) : "";
  }

  /** @param {Match} match */
  safer({ pattern, names }) {
    return this.named(pattern.safer, names);
  }

  /** @param {string} form @param {ReadonlyMap<string, readonly number[]>} names */
  named(form, names) {
    /** @param {readonly number[]} of */
    const written = (of) => of.map((at) => symbol(this.plan, at)).join(", ");
    return put(form, Object.fromEntries([...names].map(([name, of]) => [name, written(of)])));
  }
}

/** @param {string} template @param {Record<string, string>} texts */
const put = (template, texts) => template.replace(/\{(\w+)\}/g, (_, name) => texts[name]);

/** An operation as it is read; of very many arguments only some. @param {string} op @param {string[]} args */
function label(op, args) {
  const few = args.length > 12 ? [...args.slice(0, 2), `… ${args.length - 3} more`, args[args.length - 1]] : args;
  return put(advice[op].label, Object.fromEntries([...args.entries(), ["all", few.join(", ")]]));
}

/**
 * What one would type for a node: a variable's name, a number, or the node's own name.
 * @param {Plan} plan @param {number} at
 */
function symbol({ nodes }, at) {
  const { id, op, name, value } = nodes[at];
  if (op === "var" && name) return name;
  return op === "const" ? fullNumber(Number(value)) : id;
}

/** @param {number} x */
const infinite = (x) => Math.abs(x) === Infinity;

/** @param {number} x */
const overflow = (x) => reasons[infinite(x) ? "overflow" : "none"];

/** @param {string} text */
const bracketed = (text) => (text.startsWith("-") ? `(${text})` : text);

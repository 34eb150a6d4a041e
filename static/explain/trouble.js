/**
 * What goes wrong, in words: where a NaN or an infinity comes from, kinks, lost digits, slopes near 0. The
 * algorithm is that of graphviz_backprop/explain/trouble.py, the sentences come from there through advice.js.
 */

import { advice, FLAT, reasons, sentences, TINY } from "../engine/advice.js";
import { formatNumber } from "../engine/numerals.js";
import { ops } from "../engine/ops.js";
import { equalKeys, matches } from "./patterns.js";
import { kinkAt } from "./sides.js";

/**
 * @typedef {import("../engine/engine.js").Graph} Graph
 * @typedef {import("../engine/engine.js").GraphNode} GraphNode
 * @typedef {import("../engine/engine.js").Fields} Fields
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
 * @param {Graph} graph
 * @returns {(fields: Fields) => Finding[]}
 */
export function watch(graph) {
  const keys = equalKeys(graph);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  /** @type {Map<string, Match[]>} */
  const rooted = new Map();
  /** @type {Map<string, Match>} */
  const better = new Map();
  for (const match of matches(graph)) {
    const root = match.covered[0];
    rooted.set(root, [...(rooted.get(root) ?? []), match]);
    for (const id of match.pattern.small ? [] : match.covered) {
      if (!better.has(id)) better.set(id, match);
    }
  }
  return (fields) => new Report(graph, nodes, keys, rooted, better, fields).all();
}

/** All findings at these numbers, in order. @param {Graph} graph @param {Fields} fields */
export const findings = (graph, fields) => watch(graph)(fields);

class Report {
  /**
   * @param {Graph} graph @param {ReadonlyMap<string, GraphNode>} nodes @param {ReadonlyMap<string, number>} keys
   * @param {ReadonlyMap<string, Match[]>} rooted the matches by their first node
   * @param {ReadonlyMap<string, Match>} better the first match that a node is part of
   * @param {Fields} fields
   */
  constructor(graph, nodes, keys, rooted, better, fields) {
    this.graph = graph;
    this.nodes = nodes;
    this.keys = keys;
    this.rooted = rooted;
    this.better = better;
    this.fields = fields;
    /** @type {Finding[]} */
    this.found = [];
    /** @type {Map<string, number[]> | null} */
    this.flows = null;
  }

  all() {
    for (const node of this.graph.nodes) this.value(node);
    for (const node of this.graph.nodes.toReversed()) this.backward(node);
    for (const node of this.graph.nodes) this.kink(node);
    for (const node of this.graph.nodes) this.digits(node);
    for (const node of this.graph.nodes) this.flat(node);
    return this.found;
  }

  // What can be found

  /** @param {GraphNode} node */
  value(node) {
    const x = this.valueOf(node.id);
    if (Number.isFinite(x)) return;
    if (!node.args.length) {
      this.tell("input", node, "", null, { node: symbol(node), value: formatNumber(x) });
      return;
    }
    const args = node.args.map((arg) => this.valueOf(arg));
    if (args.some(Number.isNaN) || (!Number.isNaN(x) && args.some(infinite))) return;
    const { why, safer } = this.trap(node, false) ?? { why: overflow(x), safer: "" };
    this.tell("value", node, this.betterForm(node) || safer, null, { why });
  }

  /** @param {GraphNode} node */
  backward(node) {
    const gradient = this.number(`${node.id}.gradient`);
    if (gradient === null) return;
    if (!Number.isFinite(gradient)) this.sum(node, gradient);
    const whole = this.isWhole(node);
    node.args.forEach((child, arg) => {
      const partial = this.number(`${node.id}.${arg}.partial`);
      const flow = this.number(`${node.id}.${arg}.flow`);
      if (partial === null || flow === null) return;
      if (whole && !Number.isFinite(partial)) {
        this.slope(node, arg, partial);
        return;
      }
      const broken = Number.isNaN(flow) && !Number.isNaN(gradient) && !Number.isNaN(partial);
      if (!broken && !(infinite(flow) && Number.isFinite(gradient) && Number.isFinite(partial))) return;
      this.tell("flow", node, this.betterForm(node), arg, {
        gradient: bracketed(gradient),
        partial: bracketed(partial),
        flow: formatNumber(flow),
        child,
        why: reasons[broken ? "product" : "overflow"],
      });
    });
  }

  /** @param {GraphNode} node */
  kink(node) {
    const kink = kinkAt(node, this.keys, this.fields);
    if (!kink || this.partials(node).some((x) => x !== null && !Number.isFinite(x))) return;
    this.tell(kink.kind, node, this.written(kink.safer, node));
  }

  /** @param {GraphNode} node */
  digits(node) {
    const here = this.rooted.get(node.id) ?? [];
    for (const { pattern, names } of here) {
      const small = pattern.small ? this.valueOf(names.get(pattern.small)?.id ?? "") : 0;
      if (Math.abs(small) > 0 && Math.abs(small) < TINY) {
        this.tell("digits", node, safer(here[0]), null, { small: bracketed(small) });
        return;
      }
    }
  }

  /** @param {GraphNode} node */
  flat(node) {
    const kind = node.args.length ? advice[node.op].flat : "";
    if (!kind || this.number(`${node.id}.gradient`) === null || !this.isWhole(node)) return;
    if (kinkAt(node, this.keys, this.fields)) return;
    const slopes = this.partials(node).filter((x) => x !== null);
    if (kind === "dead" && slopes.some((slope) => slope !== 0)) return;
    const low = slopes.map((slope) => Math.abs(slope) < FLAT);
    if (kind === "dead" || kind === "level" ? low.every(Boolean) : low.some(Boolean)) this.tell(kind, node);
  }

  // What findings are made of

  /** Flows that are numbers, or finite, and whose sum is not. @param {GraphNode} node @param {number} gradient */
  sum(node, gradient) {
    this.flows ??= this.allFlows();
    const flows = this.flows.get(node.id) ?? [];
    if (flows.length < 2 || flows.some(Number.isNaN)) return;
    if (infinite(gradient) && flows.some(infinite)) return;
    const why = reasons[Number.isNaN(gradient) ? "difference" : "overflow"];
    this.tell("sum", node, "", null, { gradient: formatNumber(gradient), why });
  }

  /** What flows into each node; few graphs ask. */
  allFlows() {
    /** @type {Map<string, number[]>} */
    const flows = new Map(this.graph.nodes.map(({ id }) => [id, []]));
    for (const { id, args } of this.graph.nodes) {
      args.forEach((child, arg) => {
        const flow = this.number(`${id}.${arg}.flow`);
        if (flow !== null) flows.get(child)?.push(flow);
      });
    }
    return flows;
  }

  /** @param {GraphNode} node @param {number} arg @param {number} partial */
  slope(node, arg, partial) {
    const kink = kinkAt(node, this.keys, this.fields);
    const { why, safer } = kink
      ? { why: reasons[kink.kind], safer: this.written(kink.safer, node) }
      : (this.trap(node, true) ?? { why: overflow(partial), safer: "" });
    this.tell("slope", node, safer || this.betterForm(node), arg, { partial: this.d(node, arg), why });
  }

  /**
   * @param {string} kind @param {GraphNode} node @param {string} [safer] @param {number | null} [arg]
   * @param {Record<string, string>} [texts]
   */
  tell(kind, node, safer = "", arg = null, texts = {}) {
    const all = { node: node.id, equation: this.equation(node), partials: this.ds(node), ...texts };
    const text = put(sentences[kind], all);
    this.found.push({ kind, node: node.id, text, edge: arg === null ? null : [node.id, arg], safer });
  }

  /** `c = log(b) = log(-1) = NaN` @param {GraphNode} node */
  equation(node) {
    const { id, op, args } = node;
    const value = formatNumber(this.valueOf(id));
    if (!args.length) return `${id} = ${value}`;
    const wrap = advice[op].symbol ? bracketed : formatNumber;
    const numbers = label(
      op,
      args.map((arg) => wrap(this.valueOf(arg))),
    ).replaceAll(" · ", " × ");
    return `${id} = ${label(op, args)} = ${numbers} = ${value}`;
  }

  /** @param {GraphNode} node */
  partials({ id, args }) {
    return args.map((_, arg) => this.number(`${id}.${arg}.partial`));
  }

  /** @param {GraphNode} node @param {number} arg */
  d({ id, args }, arg) {
    return `∂${id}/∂${args[arg]} = ${formatNumber(this.number(`${id}.${arg}.partial`) ?? NaN)}`;
  }

  /** @param {GraphNode} node */
  ds(node) {
    return this.partials(node)
      .flatMap((partial, arg) => (partial === null ? [] : [this.d(node, arg)]))
      .join(", ");
  }

  /** Whether the node and its arguments are finite. @param {GraphNode} node */
  isWhole({ id, args }) {
    return [id, ...args].every((one) => Number.isFinite(this.valueOf(one)));
  }

  /**
   * The reason of the first trap of the row that holds, and a safer form.
   * @param {GraphNode} node
   * @param {boolean} slope
   */
  trap(node, slope) {
    const { id, op, args } = node;
    const f = this.valueOf(id);
    const xf = ops[op].fold ? [f] : [...args.map((arg) => this.valueOf(arg)), f];
    const trap = advice[op].traps.find((one) => one.slope === slope && one.when(...xf));
    return trap && { why: trap.why, safer: this.written(trap.safer, node) };
  }

  /** A row's form with its arguments' names. @param {string} form @param {GraphNode} node */
  written(form, { op, args }) {
    const named = advice[op].params.map((name, arg) => [name, symbol(this.nodes.get(args[arg]))]);
    return form && put(form, Object.fromEntries(named));
  }

  /** What the first pattern that this node is part of has instead. @param {GraphNode} node */
  betterForm({ id }) {
    const match = this.better.get(id);
    return match ? safer(match) : "";
  }

  /** @param {string} id */
  valueOf(id) {
    return this.number(`${id}.value`) ?? NaN;
  }

  /** @param {string} field */
  number(field) {
    return this.fields.get(field) ?? null;
  }
}

/** @param {string} template @param {Record<string, string>} texts */
const put = (template, texts) => template.replace(/\{(\w+)\}/g, (_, name) => texts[name]);

/** An operation as it is read; of many arguments only some. @param {string} op @param {string[]} args */
function label(op, args) {
  const few = args.length > 4 ? [...args.slice(0, 2), "…", args[args.length - 1]] : args;
  return put(advice[op].label, Object.fromEntries([...args.entries(), ["all", few.join(", ")]]));
}

/** @param {Match} match */
function safer({ pattern, names }) {
  return put(pattern.safer, Object.fromEntries([...names].map(([name, node]) => [name, symbol(node)])));
}

/** What one would type for a node: a variable's name, a number, or the node's own name. @param {GraphNode} [node] */
function symbol(node) {
  if (node?.op === "var" && node.name) return node.name;
  return (node?.op === "const" ? formatNumber(Number(node.value)) : node?.id) ?? "";
}

/** @param {number} x */
const infinite = (x) => Math.abs(x) === Infinity;

/** @param {number} x */
const overflow = (x) => reasons[infinite(x) ? "overflow" : "none"];

/** @param {number} x */
function bracketed(x) {
  const text = formatNumber(x);
  return text.startsWith("-") ? `(${text})` : text;
}

/** The numbers of the explanations, as graphviz_backprop/web/shown/panels.py makes them. */

import { createLookup } from "../engine/engine.js";
import { formatNumber } from "../engine/numerals.js";
import { setNames } from "../network/letters.js";
import { LIMITS } from "../state/table.js";
import { check, remembered } from "./differences.js";
import { nudge } from "./nudge.js";
import { operations } from "./operations.js";
import { ledger } from "./paths.js";
import { sides } from "./sides.js";
import { flowSign, gradientSign, partialSign, totalSign, valueSign } from "./signs.js";
import { carried, tangents } from "./tangents.js";
import { watch } from "./trouble.js";

/**
 * @typedef {import("../engine/engine.js").Graph} Graph
 * @typedef {import("../engine/pass.js").Plan} Plan
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {import("../state/url.js").State} State
 *
 * @typedef {{findings: import("./trouble.js").Finding[]}} Told
 *
 * @typedef {object} Found what is explained: of the panels that are open
 * @property {Run} run
 * @property {import("./trouble.js").Finding[]} findings
 * @property {import("./paths.js").Ledger | null} ledger
 * @property {ReturnType<typeof nudge> | null} moves
 * @property {((variable: number) => ReturnType<typeof check>) | null} checked once it is asked for: it takes passes
 * @property {(number | null)[] | null} tangents
 * @property {ReturnType<typeof operations> | null} operations
 * @property {ReturnType<typeof sides> | null} sides
 *
 * @typedef {object} Explained
 * @property {(field: string) => number | string | null | undefined} get by `data-field`
 * @property {import("./trouble.js").Finding[]} findings
 */

/**
 * What explains a graph: made once, called at each move.
 * @param {Plan} plan
 * @param {() => ReturnType<typeof import("./boxes.js").createBoxes> | null} [boxes] the graph as the figure shows it
 */
export function createPanels(plan, boxes = () => null) {
  const lookup = createLookup(plan, READERS);
  const findings = watch(plan);

  /** @param {Run} run @param {Pick<State, "panels" | "about" | "h">} state @returns {Explained} */
  return (run, { panels, about, h }) => {
    const open = panels.split(",");
    const target = boxes()?.childOf(about) ?? subject(plan, about);
    /** @template T @param {string} panel @param {() => T} make */
    const when = (panel, make) => (open.includes(panel) ? make() : null);
    const found = {
      run,
      findings: findings(run),
      ledger: when("paths", () => ledger(walked(boxes(), run, target), target, LIMITS.paths)),
      moves: when("nudge", () => nudge(run, target, h)),
      checked: when("nudge", () => remembered((variable) => check(run, variable))),
      tangents: when("forward", () => tangents(run, target)),
      operations: when("forward", () => operations(plan)),
      sides: when("sides", () => sides(run)),
    };
    return { findings: found.findings, get: (field) => lookup(field)?.(found) };
  };
}

/**
 * What paths are looked for in: the graph as the figure shows it, where their end is to be seen in it.
 * @param {ReturnType<typeof import("./boxes.js").createBoxes> | null} boxes @param {Run} run @param {string} target
 */
const walked = (boxes, run, target) => (boxes?.isFolded && boxes.sees(target) ? boxes.of(run).run : run);

/** The sign of an equation. */
const SIGN = /\.(equals|gives|adds|sums)$/;

/** Explains nothing: of averages there is nothing to say. @type {Explained} */
export const SILENT = {
  findings: [],
  get: (field) => (field.startsWith("note") ? "" : SIGN.test(field) ? "=" : undefined),
};

/**
 * The variable or node that the explanations are about: the wanted one, of an edge where it comes from, else the first
 * variable.
 * @param {Plan} plan @param {string} wanted
 */
function subject({ nodes, args, leaves, positions }, wanted) {
  const [, parent, arg] = /^(.*)\.([0-9]{1,6})$/s.exec(wanted) ?? [];
  const child = args[positions.get(parent) ?? -1]?.[Number(arg)];
  if (child !== undefined) return nodes[child].id;
  if (leaves.has(wanted) || positions.has(wanted)) return wanted;
  const [first] = leaves.keys();
  return first ?? nodes[nodes.length - 1].id;
}

/** What is told in the notes. @type {Readonly<Record<string, (from: Told) => string>>} */
export const NOTES = {
  ...Object.fromEntries(Array.from({ length: LIMITS.notes }, (_, row) => noteReaders(row)).flat()),
  "notes.more": ({ findings }) => (findings.length > LIMITS.notes ? `and ${findings.length - LIMITS.notes} more` : ""),
};

/** @type {import("../engine/engine.js").Readers<Found>} */
const READERS = {
  node: {
    tangent: ({ tangents: found }, at) => found && (found[at] ?? 0),
    predicted: ({ moves }, at) => moves && moves.predicted[at],
    actual: ({ moves }, at) => moves && moves.actual[at],
    miss: ({ moves }, at) => moves && moves.miss[at],
    equals: ({ run }, at) => valueSign(run, at),
    adds: ({ run }, at) => gradientSign(run, at),
  },
  edge: {
    tangent: ({ run, tangents: found }, at, arg) => found && carried(run, found, at, arg),
    equals: ({ run }, at, arg) => partialSign(run, at, arg),
    gives: ({ run }, at, arg) => flowSign(run, at, arg),
  },
  variable: {
    sums: ({ run }, at) => totalSign(run, [...run.plan.leaves.keys()][at]),
    difference: ({ checked }, at) => checked && told(checked(at).difference),
    error: ({ checked }, at) => checked && (told(checked(at).difference) === null ? UNTOLD : checked(at).error),
    left: ({ sides: found }, at) => found && found.left[at],
    right: ({ sides: found }, at) => found && found.right[at],
  },
  whole: {
    ...NOTES,
    ...Object.fromEntries(Array.from({ length: LIMITS.paths }, (_, row) => pathReaders(row)).flat()),
    "paths.count": ({ ledger: book }) => book && grouped(book.count),
    "paths.total": ({ ledger: book }) => book && book.total,
    "paths.unlisted": ({ ledger: book }) => book && (unlisted(book) ? `${grouped(unlisted(book))} more` : ""),
    "paths.rest": ({ ledger: book }) => book && (unlisted(book) ? book.rest : null),
    "nudge.predicted": ({ moves }) => moves && last(moves.predicted),
    "nudge.actual": ({ moves }) => moves && last(moves.actual),
    "nudge.miss": ({ moves }) => moves && last(moves.miss),
    "nudge.upstream": ({ run, moves }) => upstream(run, moves && last(moves.predicted)),
    "operations.reverse": ({ operations: counted }) => counted && counted.reverse,
    "operations.forward": ({ operations: counted }) => counted && counted.forward,
    "operations.differences": ({ operations: counted }) => counted && counted.differences,
  },
};

/** What goes wrong or will not learn, in words. @param {number} row @returns {[string, (from: Told) => string][]} */
function noteReaders(row) {
  return [
    [`note.${row}.node`, ({ findings }) => findings[row]?.node ?? ""],
    [`note.${row}.text`, ({ findings }) => setNames(findings[row]?.text ?? "")],
    [`note.${row}.safer`, ({ findings }) => findings[row]?.safer ?? ""],
  ];
}

/** @param {number} row @returns {[string, (from: Found) => number | string | null][]} */
function pathReaders(row) {
  return [
    [`path.${row}.nodes`, ({ ledger: book }) => book && setNames(book.paths[row]?.nodes.join(" → ") ?? "")],
    [`path.${row}.partials`, ({ run, ledger: book }) => book && factors(run.seed, book.paths[row])],
    [`path.${row}.product`, ({ ledger: book }) => book?.paths[row]?.product ?? null],
  ];
}

/** How many paths are not listed. @param {import("./paths.js").Ledger} book */
const unlisted = ({ count, paths }) => count - BigInt(paths.length);

/** @param {bigint} count */
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/**
 * `10 × 1 × (-4)`; the seed comes first where it is not 1.
 * @param {number} seed @param {import("./paths.js").Path} [path]
 */
function factors(seed, path) {
  if (!path) return "";
  const all = seed !== 1 || !path.partials.length ? [seed, ...path.partials] : path.partials;
  return all
    .map(formatNumber)
    .map((text) => (text.startsWith("-") ? `(${text})` : text))
    .join(" × ");
}

const UNTOLD = "no difference can tell";

/** @param {number} difference */
const told = (difference) => (Number.isNaN(difference) ? null : difference);

/** Of the output. @param {readonly (number | null)[]} numbers */
const last = (numbers) => numbers[numbers.length - 1];

/** What L changes by. @param {Run} run @param {number | null} predicted */
const upstream = (run, predicted) => (predicted === null ? null : run.seed * predicted);

/**
 * The nodes and edges of a listed path, for lighting it up: their keys with blanks between them.
 * @param {string} nodes the path's nodes as they are listed @param {Graph} graph
 * @param {readonly import("../engine/through.js").Group[]} [closed] groups
 */
export function pathKeys(nodes, graph, closed = []) {
  const ids = nodes.split(" → ");
  const edges = ids.slice(1).flatMap((child, at) => {
    const group = closed.find(({ output }) => graph.nodes[output].id === ids[at]);
    if (group) return entryKeys(graph, group, child);
    const parent = graph.nodes.find(({ id }) => id === ids[at]);
    return (parent?.args ?? []).flatMap((arg, position) => (arg === child ? [`${ids[at]}.${position}`] : []));
  });
  return [...ids, ...edges].join(" ");
}

/**
 * The keys of the edges that a node has into a closed group: one, or none.
 * @param {Graph} graph @param {import("../engine/through.js").Group} group @param {string} child
 */
function entryKeys(graph, { id, nodes }, child) {
  const inside = new Set(nodes.map((at) => graph.nodes[at].id));
  const entries = new Set(nodes.flatMap((at) => graph.nodes[at].args.filter((arg) => !inside.has(arg))));
  const place = [...entries].indexOf(child);
  return place < 0 ? [] : [`${id}.${place}`];
}

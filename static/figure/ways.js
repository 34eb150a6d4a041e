/** What a step of the player sends along the lines of the figures: values up, gradients down. */

import { boxOf } from "./lines.js";

/**
 * @typedef {object} Way
 * @property {SVGPathElement} line
 * @property {number[]} numbers what goes along it: of a line that stands for several edges, several
 *
 * @typedef {import("../page/fields.js").Fields} Fields
 */

/**
 * @param {HTMLElement} page @param {HTMLElement} step @param {Fields} fields
 * @returns {Way[]}
 */
export function waysOf(page, step, fields) {
  const svgs = /** @type {NodeListOf<SVGSVGElement>} */ (page.querySelectorAll(".sheet svg.diagram"));
  return [...svgs].flatMap((svg) => {
    const ways = svg.matches(".network") ? throughNetwork(page, svg, step) : throughGraph(page, svg, step);
    return [...ways].flatMap(([edge, names]) => {
      const line = edge.querySelector(".wire");
      const numbers = names.map((name) => fields.get(name)).filter((number) => typeof number === "number");
      return line instanceof SVGPathElement && numbers.length ? [{ line, numbers }] : [];
    });
  });
}

/**
 * Lines of a network: all into the layer that the step is about; beside a graph, whose steps are of boxes, those of the
 * step's edges.
 * @param {HTMLElement} page @param {SVGSVGElement} svg @param {HTMLElement} step
 * @returns {Map<Element, string[]>} the fields by lines
 */
function throughNetwork(page, svg, step) {
  const kind = step.dataset.phase === "backward" ? "data-returns" : "data-sends";
  const layered = page.querySelector(".graph .sheet svg") === svg;
  const into = listed(step.dataset.current)[0];
  const sent = new Set(edgesOf(step).map(({ field }) => field));
  const edges = [...svg.querySelectorAll(`.edge[${kind}]`)];
  const own = edges.filter((edge) =>
    layered ? edge.getAttribute("data-into") === into : sent.has(edge.getAttribute(kind) ?? ""),
  );
  return new Map(own.map((edge) => [edge, listed(edge.getAttribute(kind))]));
}

/**
 * Edges of a graph, by their own lines, or by the one that stands for several.
 * @param {HTMLElement} page @param {SVGSVGElement} svg @param {HTMLElement} step
 * @returns {Map<Element, string[]>} the fields by lines
 */
function throughGraph(page, svg, step) {
  /** @type {Map<Element, string[]>} */
  const found = new Map();
  /** @param {string} key @param {string} field */
  const add = (key, field) => {
    const line = svg.querySelector(`.edge[data-edge="${CSS.escape(key)}"]`);
    if (line) found.set(line, [...(found.get(line) ?? []), field]);
    return Boolean(line);
  };
  const [node] = listed(step.dataset.current);
  const edges = edgesOf(step);
  const missing = edges.filter(({ edge, field }) => !add(edge, field));
  if (!missing.length || !node) return found;
  if (step.dataset.phase === "backward") {
    for (const { edge, field } of missing) add(`${boxOf(page, node)}.${boxOf(page, edge.split(/[~.]/)[0])}`, field);
  } else {
    for (const used of listed(step.dataset.uses)) add(`${boxOf(page, used)}.${boxOf(page, node)}`, `${used}.value`);
  }
  return found;
}

/**
 * The edges that a step is about: what goes into its node, or what flows back.
 * @param {HTMLElement} step @returns {{edge: string, field: string}[]}
 */
function edgesOf(step) {
  if (step.dataset.phase === "backward") {
    return listed(step.dataset.through).map((edge) => ({ edge, field: `${edge}.flow` }));
  }
  const entering = listed(step.dataset.shows).filter(
    (field) => field.split(".").length === 3 && field.endsWith(".value"),
  );
  return entering.map((field) => ({ edge: field.slice(0, -".value".length), field }));
}

/** Keys with blanks between. @param {string | null | undefined} keys */
const listed = (keys) => (keys ?? "").split(" ").filter(Boolean);

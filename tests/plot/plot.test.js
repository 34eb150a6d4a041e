/** What is plotted: the sampler agrees with the engine, the course is honest about poles, jumps and edges. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { compile } from "../../static/engine/engine.js";
import { browserClock } from "../../static/page/clock.js";
import { bulk, pathOf, sampled, trace } from "../../static/plot/curve.js";
import { sampleNodes, sampler } from "../../static/plot/sampler.js";
import { linear, padded, tickText } from "../../static/plot/scales.js";
import { source } from "../../static/plot/source.js";
import { following, moved, read, write, zoomed } from "../../static/plot/window.js";

/** @type {{program: string, view: string, graph: import("../../static/engine/engine.js").Graph}[]} */
const vectors = JSON.parse(readFileSync(new URL("../support/vectors.json", import.meta.url), "utf-8"));
const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, 2, 3, 1e-300, 1e300, 710, -710, 20];
const GRID = Float64Array.from([...SPECIAL, ...Array.from({ length: 40 }, (_, at) => -4 + at * 0.2)]);

/** @param {string} program @param {string} [view] */
const graphOf = (program, view = "graph") => {
  const found = vectors.find((one) => one.program === program && one.view === view);
  assert.ok(found, program);
  return found.graph;
};

for (const { program, view, graph } of vectors) {
  const names = [...new Set(graph.nodes.flatMap(({ name }) => (name ? [name] : [])))];
  test(`samples are the engine's numbers: ${program} (${view})`, () => {
    const [sample, run] = [sampler(graph), compile(graph)];
    for (const name of names) {
      const at = Object.fromEntries(names.map((other, k) => [other, 0.75 + k]));
      const values = sample.values(at, { [name]: GRID }, GRID.length);
      const slopes = sample.slopes(name, at, { [name]: GRID }, GRID.length);
      GRID.forEach((x, k) => {
        const fields = run({ ...at, [name]: x });
        assert.ok(Object.is(values[k], fields.get(`${graph.output}.value`)), `${name} = ${x}: ${values[k]}`);
        const total = fields.get(`${name}.total`) ?? 0;
        assert.ok(Object.is(slopes[k], total) || slopes[k] === total, `∂/∂${name} at ${x}: ${slopes[k]}, not ${total}`);
      });
    }
  });
}

test("an inner node can be sampled over two columns", () => {
  const graph = graphOf("(4*x+1)^2", "tree");
  const sample = sampler(graph, "e");
  assert.deepEqual([...sample.values({}, { x: [0, 1, 2] }, 3)], [1, 5, 9]);
  assert.deepEqual([...sample.slopes("x", {}, { x: [0, 1, 2] }, 3)], [4, 4, 4]);
  assert.deepEqual([...sampler(graph, "a").values({}, { x: [0, 1] }, 2)], [4, 4]);
  assert.deepEqual([...sampler(graph, "a").slopes("x", {}, { x: [0, 1] }, 2)], [0, 0]);
});

test("several nodes are sampled in one go", () => {
  const graph = graphOf("(4*x+1)^2", "tree");
  const found = sampleNodes(graph, ["e", "a", "c"])({}, { x: [0, 1, 2] }, 3);
  assert.deepEqual(
    found.map((values) => [...values]),
    [
      [1, 5, 9],
      [4, 4, 4],
      [0, 4, 8],
    ],
  );
  assert.throws(() => sampleNodes(graph, ["e", "none"]), /no node none/);
});

test("the average over samples is the mean of the samples' values, whichever is longer", async () => {
  const sample = sampler(graphOf("(4*x+1)^2", "tree"));
  const two = {
    ...sample,
    variables: new Set(["x", "t"]),
    values: (/** @type {any} */ at, /** @type {any} */ columns, /** @type {number} */ count) =>
      Float64Array.from({ length: count }, (_, k) => (columns.x?.[k] ?? at.x) * (columns.t?.[k] ?? at.t)),
  };
  for (const count of [2, 9]) {
    const samples = { columns: { t: Float64Array.from({ length: count }, (_, k) => k) }, count };
    const from = source(two, {}, samples, { places: 3, nodes: 1 });
    const wanted = [0, 1, 2].map((x) => (x * (count - 1)) / 2);
    assert.deepEqual([...from.exact({ x: Float64Array.of(0, 1, 2) })], wanted);
    assert.deepEqual(
      [...((await from.slowly({ x: Float64Array.of(0, 1, 2) }, { clock: browserClock, still: () => true })) ?? [])],
      wanted,
    );
  }
});

test("many samples have a quick look first", () => {
  const samples = { columns: { x: new Float64Array(100_000).fill(2) }, count: 100_000 };
  const from = source(sampler(graphOf("(4*x+1)^2", "tree")), {}, samples, { places: 400, nodes: 7 });
  assert.equal(from.samples, 100_000);
  assert.ok(from.used < 1000);
  assert.equal(from.quick({ y: Float64Array.of(1) })[0], 81);
});

/** @param {(x: number) => number} f @param {[number, number]} [range] */
function coursed(f, range = [-5, 5]) {
  const many = (/** @type {Float64Array} */ xs) => xs.map(f);
  const samples = sampled(many, range, 201);
  const shown = padded(bulk(samples.ys) ?? [-1, 1]);
  const course = trace(many, samples, shown, 220);
  const [x, y] = [linear(range, [0, 400]), linear(shown, [220, 0])];
  return { course, shown, path: pathOf(course, x, y), x, y };
}

/** Straight pieces of a path, in pixels. @param {string} path */
function pieces(path) {
  const found = [];
  for (const run of path.split("M").slice(1)) {
    const places = run
      .replace("h0", "")
      .split("L")
      .map((pair) => pair.split(",").map(Number));
    for (let at = 1; at < places.length; at++) found.push([places[at - 1], places[at]]);
  }
  return found;
}

/** @type {[string, (x: number) => number, number[]][]} */
const BROKEN = [
  ["1/x", (x) => 1 / x, [0]],
  ["1/(x - 0.3)", (x) => 1 / (x - 0.3), [0.3]],
  ["tan(x)", Math.tan, [-1.5 * Math.PI, -Math.PI / 2, Math.PI / 2, 1.5 * Math.PI]],
  ["sign(x)", Math.sign, [0]],
  ["floor(x)", Math.floor, [-4, -3, -2, -1, 0, 1, 2, 3, 4]],
  ["a step of a thousandth", (x) => (x > 0.123 ? x + 0.2 : x), [0.123]],
];
for (const [name, f, breaks] of BROKEN) {
  test(`nothing joins the two sides of a break of ${name}`, () => {
    const { path, x } = coursed(f);
    for (const place of breaks) {
      const across = pieces(path).filter(([[from], [to]]) => from < x.at(place) - 0.06 && to > x.at(place) + 0.06);
      assert.deepEqual(across, [], `${place}`);
      const steep = pieces(path).filter(
        ([[from, a], [to, b]]) =>
          Math.abs(from - x.at(place)) < 0.2 && Math.abs(to - x.at(place)) < 0.2 && Math.abs(a - b) > 2100,
      );
      assert.deepEqual(steep, []);
    }
  });
}

/** @type {[string, (x: number) => number][]} */
const WHOLE = [
  ["|x|", Math.abs],
  ["cbrt(x)", Math.cbrt],
  ["a steep tanh", (x) => Math.tanh(1e6 * (x - 0.123))],
  ["1e6 x", (x) => 1e6 * x],
  ["a constant", () => 3],
  ["1e-200 x", (x) => 1e-200 * x],
  ["x^9", (x) => x ** 9],
];
for (const [name, f] of WHOLE) {
  test(`${name} is one line`, () => {
    assert.equal(coursed(f).path.split("M").length, 2);
  });
}

test("log is nowhere left of 0, and goes out of sight there", () => {
  const { course, path, x } = coursed(Math.log);
  course.xs.forEach((at, k) => assert.ok(at >= 0 || Number.isNaN(course.ys[k])));
  assert.ok(pieces(path).every(([[from]]) => from >= x.at(0) - 0.06));
  assert.ok(pieces(path)[0][0][1] > 220);
});

test("sqrt is drawn to its very edge", () => {
  const { course } = coursed(Math.sqrt, [-5, 4.9]);
  const first = course.ys.findIndex((y) => y === y);
  assert.ok(Math.abs(course.xs[first]) < 1e-15);
  assert.ok(course.ys[first] < 1e-7);
});

test("a kink is drawn at its place", () => {
  const { course } = coursed((x) => Math.abs(x - 0.1234));
  assert.ok(Math.min(...course.ys) < 0.01);
});

test("what is undefined everywhere has no path, and what wiggles without end comes to an end", () => {
  assert.equal(coursed(() => NaN).path, "");
  assert.ok(coursed((x) => Math.sin(1 / x)).course.xs.length < 10_000);
  assert.ok(coursed((x) => Math.sin(1e6 * x)).course.xs.length < 10_000);
});

test("a few far values do not flatten the rest", () => {
  const { shown } = coursed((x) => 1 / x);
  assert.ok(shown[1] < 10 && shown[0] > -10);
  assert.deepEqual(bulk([1, 2, 3, NaN]), [1, 3]);
  assert.equal(bulk([NaN, Infinity]), undefined);
});

test("the window is read and written with the digits that it needs", () => {
  assert.deepEqual(read("-1,2,3,4.5"), [-1, 2, 3, 4.5]);
  for (const text of ["", "1,2,3", "2,1,3,4", "a,1,2,3", "1,2,3,NaN", "1,1,2,3"]) assert.equal(read(text), undefined);
  assert.equal(write([-1.00000001, 2, 1000.000123, 1000.000125]), "-1,2,1000.000123,1000.000125");
});

test("zooming keeps its place, and stops where doubles do", () => {
  assert.deepEqual(zoomed([0, 4, 0, 4], 0.5, 1, 2), [0.5, 2.5, 1, 3]);
  assert.deepEqual(moved([0, 4, 0, 4], 0.5, -0.25), [2, 6, -1, 3]);
  /** @type {import("../../static/plot/window.js").Window} */
  let sight = [1, 2, 1, 2];
  for (let k = 0; k < 300; k++) sight = zoomed(sight, 0.5, 1.3, 1.3);
  assert.ok(sight[1] > sight[0]);
});

test("the range follows a point to its edge, no farther", () => {
  assert.deepEqual(following([0, 10], 5), [0, 10]);
  assert.deepEqual(following([0, 10], 12), [3, 13]);
  assert.deepEqual(following([0, 10], NaN), [0, 10]);
});

test("ticks have the digits that tell them apart", () => {
  assert.deepEqual(
    [0.1, 0.2, 0.30000000000000004].map((x) => tickText(x, 0.1)),
    ["0.1", "0.2", "0.3"],
  );
  assert.deepEqual(
    [1e6, 1.5e6].map((x) => tickText(x, 5e5)),
    ["1e6", "1.5e6"],
  );
  assert.equal(tickText(-1e-17, 1), "0");
  assert.equal(tickText(1000.0002, 0.0001), "1000.0002");
});

/** Tables are read in the browser as on the server: tests/support/tables.json, which both halves' tests read. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createReader } from "../../static/data/reader.js";
import { createSource } from "../../static/data/source.js";
import { outcome } from "../support/outcome.js";

const CASES = JSON.parse(readFileSync(new URL("../support/tables.json", import.meta.url), "utf8"));

test("what becomes of each table", () => {
  for (const { text, read, ...wanted } of CASES) {
    assert.deepEqual(JSON.parse(JSON.stringify(outcome(text, read))), wanted, `${JSON.stringify(text)} ${read}`);
  }
});

test("a row of blanks takes no time of its square", () => {
  const blanks = " ".repeat(900_000);
  assert.equal(outcome(`x,y\n1,2${blanks}.\n`).message, "a cell has more than 131,072 letters");
  const apart = `x y\n1${blanks.slice(0, 100_000)}2\n${"\n".repeat(900_000)}3 4\n`;
  assert.equal(outcome(apart, "separator:blank,missing:drop").dropped, 900_000);
});

/** A worker that says what it is told to. */
class Worker {
  /** @type {any[]} */
  asked = [];
  ended = false;
  /** @type {(event: any) => void} */
  onmessage = () => {};
  onerror = () => {};

  /** @param {any} message */
  postMessage(message) {
    this.asked.push(message);
  }

  terminate() {
    this.ended = true;
  }
}

const started = () => {
  /** @type {Worker[]} */
  const workers = [];
  const make = () => {
    workers.push(new Worker());
    return /** @type {any} */ (workers[workers.length - 1]);
  };
  return { workers, make };
};

/** @type {any} */
const SERVER = {
  fetch: () => assert.fail("a table is read without the server"),
};
const FOUND = {
  columns: new Map([["x", Float64Array.of(1)]]),
  rows: 1,
  classes: new Map(),
  leftOut: ["y"],
  dropped: 0,
};

test("one worker reads one table after the other", async () => {
  const { workers, make } = started();
  const source = createSource(SERVER, createReader(make));
  for (const text of ["x\n1", "x\n2"]) {
    const reading = source.read(text, "missing:drop");
    workers[0].onmessage({ data: { found: FOUND } });
    assert.deepEqual(await reading, { columns: FOUND.columns, count: 1, told: "Left out: y." });
  }
  assert.deepEqual(
    workers[0].asked,
    ["x\n1", "x\n2"].map((content) => ({ content, read: "missing:drop" })),
  );
  assert.equal(workers.length, 1);
});

test("who asks for another table ends the reading of the first", async () => {
  const { workers, make } = started();
  const source = createSource(SERVER, createReader(make));
  const first = source.read("x\n1", "");
  const second = source.read("x\n2", "");
  assert.equal(await first, null);
  assert.deepEqual(
    workers.map(({ ended }) => ended),
    [true, false],
  );
  workers[1].onmessage({ data: { error: { message: "a is not a number", row: 2, column: 1, offers: [] } } });
  await assert.rejects(second, { message: "Row 2, column 1: a is not a number." });
});

test("what reads tables may not come", async () => {
  const { workers, make } = started();
  const reading = createSource(SERVER, createReader(make)).read("x\n1", "");
  workers[0].onerror();
  await assert.rejects(reading, { message: "The table can't be read: what reads it could not be loaded." });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { createCourse, findApi, timeOf } from "../../static/share/scorm.js";

/** A course that keeps what it is told, and in which order it was called. @param {Record<string, string>} [kept] */
function course(kept = {}) {
  /** @type {Record<string, string>} */
  const values = { ...kept };
  /** @type {string[]} */
  const calls = [];
  const api = {
    LMSInitialize: () => (calls.push("initialize"), "true"),
    LMSGetValue: (/** @type {string} */ name) => values[name] ?? "",
    LMSSetValue: (/** @type {string} */ name, /** @type {string} */ value) => ((values[name] = value), "true"),
    LMSCommit: () => (calls.push("commit"), "true"),
    LMSFinish: () => (calls.push("finish"), "true"),
  };
  return { api, values, calls };
}

const clock = () => 0;
const found = (/** @type {number} */ count, /** @type {number} */ credited, shown = 0) => ({ count, credited, shown });

test("it is begun once, as incomplete, before anything is read or told", () => {
  const { api, values, calls } = course();
  createCourse(api, [2], clock);
  assert.deepEqual(calls, ["initialize"]);
  assert.equal(values["cmi.core.lesson_status"], "incomplete");
  const again = course({ "cmi.core.lesson_status": "completed" });
  createCourse(again.api, [2], clock);
  assert.equal(again.values["cmi.core.lesson_status"], "completed"); // what was completed stays so
});

test("the score is what was found of all pages, in percent; what was shown counts for nothing", () => {
  const { api, values } = course();
  const told = createCourse(api, [2, 3], clock);
  told.practised(0, found(2, 2));
  assert.equal(values["cmi.core.score.raw"], "40");
  told.practised(1, found(3, 1, 1));
  assert.equal(values["cmi.core.score.raw"], "60");
  assert.equal(values["cmi.core.lesson_status"], "incomplete");
  told.practised(1, found(3, 2, 1));
  assert.deepEqual(
    ["raw", "min", "max"].map((name) => values[`cmi.core.score.${name}`]),
    ["80", "0", "100"],
  );
  assert.equal(values["cmi.core.lesson_status"], "completed");
});

test("pages that ask nothing are completed once all were seen, and have no score", () => {
  const { api, values } = course();
  const told = createCourse(api, [0, 0], clock);
  told.turned(0);
  assert.equal(values["cmi.core.lesson_status"], "incomplete");
  told.turned(1);
  assert.equal(values["cmi.core.lesson_status"], "completed");
  assert.equal(values["cmi.core.score.raw"], undefined);
  assert.equal(values["cmi.core.lesson_location"], "2");
});

test("it is taken up where it was left: the page, what was found, what was kept", () => {
  const first = course();
  const told = createCourse(first.api, [1, 1], clock);
  told.turned(1);
  told.settings.write("practice", "answers");
  told.practised(1, found(1, 1));
  const next = course(first.values);
  const again = createCourse(next.api, [1, 1], clock);
  assert.equal(again.place, 1);
  assert.equal(again.settings.read("practice"), "answers");
  assert.equal(again.settings.read("nothing"), "");
  again.practised(0, found(1, 1));
  assert.equal(next.values["cmi.core.score.raw"], "100");
});

test("what a course has no room for is left out, the score is not", () => {
  const { api, values } = course();
  const told = createCourse(api, [1], clock);
  told.practised(0, found(1, 1));
  told.settings.write("practice", "x".repeat(5_000));
  assert.ok(values["cmi.suspend_data"].length <= 4_096);
  const again = createCourse(course(values).api, [1], clock);
  assert.equal(again.settings.read("practice"), "");
});

test("what was kept of another file, or by somebody else, does no harm", () => {
  for (const text of ["{", '{"progress": [{}, {}, {}]}', "[]", '"x"']) {
    const { api, values } = course({ "cmi.suspend_data": text, "cmi.core.lesson_location": "9" });
    const told = createCourse(api, [1], clock);
    assert.equal(told.place, 0);
    told.practised(0, found(1, 1));
    assert.equal(values["cmi.core.score.raw"], "100", text);
  }
});

test("it ends with the time that it took", () => {
  const { api, values, calls } = course();
  let now = 0;
  const told = createCourse(api, [1], () => now);
  now = 3_723_000;
  told.finish();
  assert.equal(values["cmi.core.session_time"], "0001:02:03");
  assert.deepEqual(calls.slice(-2), ["commit", "finish"]);
  assert.equal(timeOf(0), "0000:00:00");
});

test("the course is looked for in the windows around, and in the one that opened this", () => {
  const { api } = course();
  const window = (/** @type {object} */ more) => {
    const made = /** @type {any} */ ({ opener: null, ...more });
    made.parent ??= made;
    return made;
  };
  const top = window({ API: api });
  assert.equal(findApi(window({ parent: window({ parent: top }) })), api);
  assert.equal(findApi(window({ opener: top })), api);
  assert.equal(findApi(window({})), null); // no course: the file is one like any other
  const strange = Object.defineProperty({ opener: null }, "parent", {
    get() {
      throw new Error("another origin");
    },
  });
  assert.equal(findApi(/** @type {any} */ (strange)), null);
});

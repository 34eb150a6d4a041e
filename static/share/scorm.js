/** A file in a course: SCORM 1.2 tells the course what was found, and keeps what was answered. */

/**
 * @typedef {object} Api the course's half
 * @property {(nothing: "") => string} LMSInitialize
 * @property {(name: string) => string} LMSGetValue
 * @property {(name: string, value: string) => string} LMSSetValue
 * @property {(nothing: "") => string} LMSCommit
 * @property {(nothing: "") => string} LMSFinish
 *
 * @typedef {{count: number, credited: number, shown: number}} Progress of the questions of a page
 */

/** No course has more windows around its pages. */
const FURTHEST = 10;
/** What a course keeps for a page, in characters. */
const ROOM = 4_096;

/** The course's half: in a window around this one, or around the one that opened it. @param {Window} from */
export const findApi = (from) => around(from) ?? (from.opener ? around(from.opener) : null);

/** @param {Window} from @returns {Api | null} */
function around(from) {
  try {
    for (let [here, steps] = [from, 0]; steps < FURTHEST; [here, steps] = [here.parent, steps + 1]) {
      const { API } = /** @type {{API?: Api}} */ (/** @type {unknown} */ (here));
      if (API) return API;
      if (here.parent === here) return null;
    }
  } catch {
    // a window of somebody else's
  }
  return null;
}

/**
 * @param {Api} api
 * @param {readonly number[]} counts how many questions each page has
 * @param {() => number} now milliseconds
 */
export function createCourse(api, counts, now) {
  const begun = now();
  api.LMSInitialize("");
  const kept = read(api.LMSGetValue("cmi.suspend_data"), counts.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const seen = new Set(kept.seen);
  if (api.LMSGetValue("cmi.core.lesson_status") !== "completed") tell("cmi.core.lesson_status", "incomplete");

  /** @param {string} name @param {string | number} value */
  function tell(name, value) {
    api.LMSSetValue(name, String(value));
  }

  function report() {
    const credited = kept.progress.reduce((sum, { credited }) => sum + credited, 0);
    const ended = kept.progress.reduce((sum, { credited, shown }) => sum + credited + shown, 0);
    if (total) {
      tell("cmi.core.score.min", 0);
      tell("cmi.core.score.max", 100);
      tell("cmi.core.score.raw", Math.round((100 * credited) / total));
    }
    if (total ? ended === total : seen.size === counts.length) tell("cmi.core.lesson_status", "completed");
    const whole = JSON.stringify({ ...kept, seen: [...seen] });
    tell("cmi.suspend_data", whole.length <= ROOM ? whole : JSON.stringify({ ...kept, texts: {}, seen: [...seen] }));
    api.LMSCommit("");
  }

  return {
    /** What it kept. @type {import("../page/services.js").Memory} */
    settings: {
      read: (name) => kept.texts[name] ?? "",
      write(name, text) {
        kept.texts[name] = text;
        report();
      },
    },
    /** The page to begin with, from 0. */
    place: Math.min(Math.max(Number(api.LMSGetValue("cmi.core.lesson_location")) - 1 || 0, 0), counts.length - 1),

    /** A page is shown. @param {number} at */
    turned(at) {
      seen.add(at);
      tell("cmi.core.lesson_location", at + 1);
      report();
    },

    /** Something was answered. @param {number} at @param {Progress} progress of that page */
    practised(at, { count, credited, shown }) {
      kept.progress[at] = { count, credited, shown };
      report();
    },

    finish() {
      tell("cmi.core.session_time", timeOf(now() - begun));
      api.LMSCommit("");
      api.LMSFinish("");
    },
  };
}

/**
 * What was kept, as far as it is of this file.
 * @param {string} text @param {number} pages
 * @returns {{texts: Record<string, string>, progress: Progress[], seen: number[]}}
 */
function read(text, pages) {
  const nothing = Array.from({ length: pages }, () => ({ count: 0, credited: 0, shown: 0 }));
  try {
    const { texts = {}, progress = nothing, seen = [] } = JSON.parse(text);
    return { texts, progress: progress.length === pages ? progress : nothing, seen };
  } catch {
    return { texts: {}, progress: nothing, seen: [] };
  }
}

/** Milliseconds as SCORM writes them. @param {number} elapsed */
export function timeOf(elapsed) {
  const seconds = Math.floor(elapsed / 1_000);
  const parts = [Math.min(Math.floor(seconds / 3_600), 9_999), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part, at) => String(part).padStart(at ? 2 : 4, "0")).join(":");
}

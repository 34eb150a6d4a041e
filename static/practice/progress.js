/** Answers are kept in the browser alone, by the program and its point; one that keeps nothing is no harm. */

/** @typedef {import("./questions.js").Given} Given */

const NAME = "practice";
/** So many programs are remembered. */
const MOST = 40;
const STATUSES = new Set(["right", "follows", "wrong", "shown"]);

/** @param {import("../page/services.js").Memory} memory */
export function createProgress(memory) {
  /** What is there now, where the memory keeps nothing. @type {[string, [string, Given][]][]} */
  let own = [];

  /** @returns {[string, [string, Given][]][]} */
  function all() {
    try {
      const kept = JSON.parse(memory.read(NAME) || "null");
      return Array.isArray(kept) ? kept.filter(isEntry) : own;
    } catch {
      return own;
    }
  }

  return {
    /** The answers of a program. @param {string} key @returns {Map<string, Given>} */
    read: (key) => new Map(all().find(([name]) => name === key)?.[1] ?? []),

    /** @param {string} key @param {ReadonlyMap<string, Given>} answers */
    write(key, answers) {
      const others = all().filter(([name]) => name !== key);
      own = answers.size ? [[key, [...answers]], ...others.slice(0, MOST - 1)] : others;
      memory.write(NAME, JSON.stringify(own));
    },
  };
}

/** Whether it is what is written here: anybody may have written there. @param {unknown} entry */
function isEntry(entry) {
  if (!Array.isArray(entry) || typeof entry[0] !== "string" || !Array.isArray(entry[1])) return false;
  return entry[1].every((pair) => {
    if (!Array.isArray(pair) || typeof pair[0] !== "string") return false;
    const given = pair[1];
    return STATUSES.has(given?.status) && typeof given.text === "string" && typeof given.value === "number";
  });
}

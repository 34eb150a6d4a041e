/** Steps as text, so that they outlive a visit to another page: maps and all numbers, too. */

/** @typedef {import("./undo.js").Step} Step */

/** Longer texts are not kept: the oldest steps go first. */
const MOST = 1_000_000;

/**
 * @param {string} query that of the state which the steps lead to
 * @param {Step[]} past @param {Step[]} future
 */
export function written(query, past, future) {
  for (let from = 0; ; from = Math.ceil((from + past.length) / 2)) {
    const text = JSON.stringify({ query, past: past.slice(from), future }, replaced);
    if (text.length <= MOST) return text;
    if (from >= past.length) return "";
  }
}

/**
 * The steps that were kept, if they lead to this state.
 * @param {string} text @param {string} query @returns {{past: Step[], future: Step[]} | null}
 */
export function read(text, query) {
  try {
    const { query: kept, past, future } = JSON.parse(text, revived);
    return kept === query && Array.isArray(past) && Array.isArray(future) ? { past, future } : null;
  } catch {
    return null; // nothing, or what someone else has written there
  }
}

/** @param {string} _ @param {unknown} value */
function replaced(_, value) {
  if (value instanceof Map) return { map: [...value] };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  return value;
}

/** @param {string} _ @param {unknown} value */
function revived(_, value) {
  if (typeof value !== "object" || value === null) return value;
  if ("map" in value && Array.isArray(value.map)) return new Map(value.map);
  return "number" in value ? Number(value.number) : value;
}

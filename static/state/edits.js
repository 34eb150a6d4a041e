/** What one change of a text was, and which changes are one piece of typing. Pure. */

/**
 * @typedef {object} Edit
 * @property {"insert" | "delete" | "other"} kind one letter typed, one taken away, or more than that at once
 * @property {number} from where it begins
 * @property {string} removed
 * @property {string} inserted
 */

/**
 * The smallest piece that differs.
 * @param {string} before @param {string} after @returns {Edit}
 */
export function editOf(before, after) {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let same = 0;
  while (same < shorter - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  const removed = before.slice(from, before.length - same);
  const inserted = after.slice(from, after.length - same);
  const letters = [...removed].length + [...inserted].length;
  return { kind: letters !== 1 ? "other" : inserted ? "insert" : "delete", from, removed, inserted };
}

/**
 * Whether an edit goes on with what the one before it began: letter after letter of a word and the blanks behind it.
 * @param {Edit} last @param {Edit} next
 */
export function goesOn(last, next) {
  if (last.kind === "other" || last.kind !== next.kind) return false;
  if (next.kind === "delete") return next.from === last.from || next.from + next.removed.length === last.from;
  // Of a doubled letter either place could be the new one.
  const behind = last.from + last.inserted.length;
  const follows = next.from === behind || (next.from === last.from && next.inserted === last.inserted);
  return follows && !(/\s/.test(last.inserted) && /\S/.test(next.inserted));
}

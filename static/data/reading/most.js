// Generated from graphviz_backprop/data/limits.py by tools/table.py; change them there.

/** What is read at most. */
export const READ = Object.freeze({
  bytes: 50000000,
  rows: 1000000,
  columns: 1000,
  cells: 10000000,
  lines: 2000000,
  letters: 1000000,
  classes: 100,
});

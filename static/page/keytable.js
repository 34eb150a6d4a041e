// Generated from graphviz_backprop/web/shown/keys.py by tools/generate.py; change the rows there.

/**
 * @typedef {object} Key
 * @property {string} act
 * @property {readonly string[]} keys each as KeyboardEvent.key has it, after its modifiers
 * @property {"everywhere" | "page" | "presentation" | "player" | "figure" | "cells"} where
 */

/** @type {readonly Key[]} */
export const KEYS = Object.freeze([
  { act: "undo", keys: ["Control+z"], where: "everywhere" },
  { act: "redo", keys: ["Control+Shift+z", "Control+y"], where: "everywhere" },
  { act: "play", keys: [" ", "k"], where: "page" },
  { act: "next", keys: ["ArrowRight", "l"], where: "page" },
  { act: "back", keys: ["ArrowLeft", "j"], where: "page" },
  { act: "first", keys: ["Home"], where: "page" },
  { act: "last", keys: ["End"], where: "page" },
  { act: "close", keys: ["Escape"], where: "page" },
  { act: "present", keys: ["p"], where: "page" },
  { act: "full", keys: ["f"], where: "page" },
  { act: "find", keys: ["/"], where: "page" },
  { act: "help", keys: ["?"], where: "page" },
  { act: "next", keys: ["ArrowRight", "PageDown"], where: "presentation" },
  { act: "back", keys: ["ArrowLeft", "PageUp"], where: "presentation" },
  { act: "leave", keys: ["Escape"], where: "presentation" },
  { act: "next", keys: ["ArrowRight"], where: "player" },
  { act: "back", keys: ["ArrowLeft"], where: "player" },
  { act: "first", keys: ["Home"], where: "player" },
  { act: "last", keys: ["End"], where: "player" },
  { act: "find", keys: ["Control+f"], where: "figure" },
  { act: "in", keys: ["+", "="], where: "figure" },
  { act: "out", keys: ["-"], where: "figure" },
  { act: "fit", keys: ["0"], where: "figure" },
  { act: "left", keys: ["ArrowLeft"], where: "figure" },
  { act: "right", keys: ["ArrowRight"], where: "figure" },
  { act: "up", keys: ["ArrowUp"], where: "figure" },
  { act: "down", keys: ["ArrowDown"], where: "figure" },
  { act: "enter", keys: ["Enter"], where: "cells" },
  { act: "left", keys: ["ArrowLeft"], where: "cells" },
  { act: "right", keys: ["ArrowRight"], where: "cells" },
  { act: "up", keys: ["ArrowUp"], where: "cells" },
  { act: "down", keys: ["ArrowDown"], where: "cells" },
  { act: "leave", keys: ["Escape"], where: "cells" },
]);

"""static/page/keytable.js: the keys, for the browser."""

from __future__ import annotations

import json

from graphviz_backprop.web.shown.keys import KEYS, Key

_HEADER = """\
// Generated from graphviz_backprop/web/shown/keys.py by tools/generate.py; change the rows there.

/**
 * @typedef {object} Key
 * @property {string} act
 * @property {readonly string[]} keys each as KeyboardEvent.key has it, after its modifiers
 * @property {"everywhere" | "page" | "presentation" | "player" | "figure" | "cells"} where
 */

/** @type {readonly Key[]} */
export const KEYS = Object.freeze([
"""


def keys_js() -> str:
    return _HEADER + "".join(map(_row, KEYS)) + "]);\n"


def _row(key: Key) -> str:
    act, keys, where = (json.dumps(part, ensure_ascii=False) for part in (key.act, key.keys, key.where))
    return f"  {{ act: {act}, keys: {keys}, where: {where} }},\n"

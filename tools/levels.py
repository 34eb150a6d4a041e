"""``static/practice/levels.js``: the levels of exercises, for the browser."""

from __future__ import annotations

import json

from graphviz_backprop.explain.grading.bugs import UNHUNTED
from graphviz_backprop.explain.grading.exercises import LEVELS

_HEADER = """\
// Generated from graphviz_backprop/explain/grading/exercises.py by tools/generate.py; change the rows there.

/**
 * @typedef {object} Level
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {boolean} hunted whether it has bug hunts
 */

/** @type {readonly Level[]} */
export const LEVELS = Object.freeze([
"""


def levels_js() -> str:
    return _HEADER + "".join(map(_row, LEVELS)) + "]);\n"


def _row(name: str) -> str:
    level = LEVELS[name]
    fields = {"name": name, "title": level.title, "about": level.about}
    texts = ", ".join(f"{key}: {json.dumps(text)}" for key, text in fields.items())
    return f"  {{ {texts}, hunted: {json.dumps(name not in UNHUNTED)} }},\n"

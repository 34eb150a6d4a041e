"""``static/explain/grading/mistakes.js``: the known mistakes, their sentences and wrong formulas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from graphviz_backprop.engine.codegen import JAVASCRIPT, expression
from graphviz_backprop.explain.grading.answers import DIGITS, EXACT
from graphviz_backprop.explain.grading.diagnosis import BRANCHES, LISTED, PAIRED
from graphviz_backprop.explain.grading.kinds import KINDS, PARTIALS, TERMS, VALUES, Slip
from graphviz_backprop.language.ops import OPS

HEADER = """\
// Generated from graphviz_backprop/explain/grading/kinds.py by tools/generate.py; change it there.

import * as kernel from "../../engine/kernels.js";

/**
 * @typedef {object} Slip a wrong formula
 * @property {string} kind
 * @property {(...xfn: number[]) => number} formula of the arguments (of a row that takes any number, of
 * the one in question), the result and the number of arguments
 * @property {string} why
 */

"""


def mistakes_js() -> str:
    """The module."""
    return HEADER + "".join(_lines())


def _lines() -> Iterator[str]:
    for name, number in (("LISTED", LISTED), ("PAIRED", PAIRED), ("DIGITS", DIGITS), ("EXACT", EXACT)):
        yield f"export const {name} = {number!r};\n"
    yield "\n/** @type {Readonly<Record<string, {title: string, sentence: string, everywhere: string}>>} */\n"
    yield "export const kinds = {\n"
    for kind, row in KINDS.items():
        yield f"  {kind}: {{\n    title: {_text(row.title)},\n    sentence: {_text(row.sentence)},\n"
        yield f"    everywhere: {_text(row.everywhere)},\n  }},\n"
    yield "};\n\n/** Rules that have a term for each argument. @type {Readonly<Record<string, string>>} */\n"
    rules = ", ".join(f"{name}: {_text(OPS[name].rule(0))}" for name in TERMS)
    yield f"export const rules = {{ {rules} }};\n"
    firsts = ", ".join(f"{name}: {first}" for name, first in BRANCHES.items())
    yield "\n/** What takes one of two arguments, and which is the first of them. "
    yield f"@type {{Readonly<Record<string, number>>}} */\nexport const branches = {{ {firsts} }};\n"
    yield "\n/** By operation and argument. @type {Readonly<Record<string, Record<number, Slip[]>>>} */\n"
    yield "export const partials = {\n"
    for name, slots in PARTIALS.items():
        yield f"  {name}: {{\n"
        for slot, slips in slots.items():
            yield f"    {slot}: [\n"
            yield from (f"      {_slip(slip, (*OPS[name].arguments, 'f', 'n'))},\n" for slip in slips)
            yield "    ],\n"
        yield "  },\n"
    yield "};\n\n/** By operation. @type {Readonly<Record<string, Slip[]>>} */\n"
    yield "export const values = {\n"
    for name, slips in VALUES.items():
        arguments = ("x", "y") if OPS[name].variadic else OPS[name].arguments
        yield f"  {name}: [\n"
        yield from (f"    {_slip(slip, (*arguments, 'f', 'n'))},\n" for slip in slips)
        yield "  ],\n"
    yield "};\n"


def _slip(slip: Slip, names: Sequence[str]) -> str:
    code = expression(slip.formula, {name: name for name in names}, JAVASCRIPT)
    used = max((at for at, name in enumerate(names) if _uses(code, name)), default=-1)
    function = f"({', '.join(names[: used + 1])}) => {code}"
    return f"{{ kind: {_text(slip.kind)}, formula: {function}, why: {_text(slip.why)} }}"


def _uses(code: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", code) is not None


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

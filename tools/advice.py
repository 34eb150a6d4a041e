"""``static/engine/advice.js``: what can go wrong, from the rows' kinks and traps, patterns and sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.codegen import JAVASCRIPT, expression
from graphviz_backprop.explain.patterns import MOST_TERMS, PATTERNS, Tree, tree
from graphviz_backprop.explain.signs import has_numbers
from graphviz_backprop.explain.tensors import trouble as of_tensors
from graphviz_backprop.explain.trouble import CANCELS, FLAT, REASONS, SENTENCES, TINY, label
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, Kink, Op, Trap
from graphviz_backprop.language.printers import LABEL, TEXT, Notation, operands

HEADER = """\
// Generated from graphviz_backprop/{ops,patterns,trouble}.py by tools/generate.py; change it there.

import * as kernel from "./kernels.js";

/**
 * @typedef {object} Kink where an operation has a value and no derivative
 * @property {(...xf: number[]) => number} at the condition, by arguments and result or by how many tie
 * @property {string} kind
 * @property {((...xfd: number[]) => number) | null} slope the one-sided derivative in the direction of the
 * tangents, which follow arguments and result; null: the operation itself, of the tangents
 * @property {number[]} moves the arguments whose tangents it uses
 * @property {string} safer
 * @property {(...xf: number[]) => number} [ours] where PyTorch's convention is another
 *
 * @typedef {object} Trap why a result, or a partial if slope is true, is infinite or not a number
 * @property {(...xf: number[]) => number} when the condition, by arguments and result or by result
 * @property {string} why
 * @property {string} safer
 * @property {boolean} slope
 *
 * @typedef {object} Advice
 * @property {string} label the operation as it is read
 * @property {string} typed the operation as it is typed
 * @property {number} binds how tightly
 * @property {number[]} operands how tightly each operand has to bind, else it gets parentheses
 * @property {boolean} symbol whether it is an operator
 * @property {string[]} params
 * @property {boolean} primitive whether it is made of no others
 * @property {string} flat what a partial near 0 means
 * @property {(((...xf: number[]) => number) | null)[]} shown the local partials as they are shown, by
 * arguments and result, or one argument, the result and their number; null where no numbers are put in
 * @property {Kink | null} kink
 * @property {Trap[]} traps
 *
 * @typedef {string | number | [string, ...any[]]} Tree a name, a number, or an operation and its arguments
 */
"""


def advice_js() -> str:
    """The module."""
    return "".join((HEADER, *_tables(), "\n", *_rows()))


def _tables() -> Iterator[str]:
    yield "\n"
    yield from (
        f"export const {name} = {x!r};\n"
        for name, x in (("FLAT", FLAT), ("TINY", TINY), ("CANCELS", CANCELS), ("MOST_TERMS", MOST_TERMS))
    )
    yield f"export const ALIKE = {of_tensors.ALIKE!r};\nexport const MOST_CELLS = {of_tensors.MOST};\n"
    yield from _texts("sentences", SENTENCES)
    yield from _texts("tensorSentences", of_tensors.SENTENCES)
    yield from _texts("reasons", REASONS)
    yield "\n/** @type {readonly {form: Tree, safer: string, small: string}[]} */\n"
    yield "export const patterns = [\n"
    for pattern in PATTERNS:
        form, safer = _text(_nested(tree(pattern.form))), _text(scalar.template(pattern.safer))
        yield f"  {{ form: {form}, safer: {safer}, small: {_text(pattern.small)} }},\n"
    yield "];\n"


def _texts(name: str, texts: Mapping[str, str]) -> Iterator[str]:
    yield f"\n/** @type {{Readonly<Record<string, string>>}} */\nexport const {name} = {{\n"
    yield from (f"  {key}: {_text(text)},\n" for key, text in texts.items())
    yield "};\n"


def _rows() -> Iterator[str]:
    yield "/** @type {Readonly<Record<string, Advice>>} */\nexport const advice = {\n"
    for op in (*OPERATORS, *FUNCTIONS):
        yield f"  {op.name}: {{\n    label: {_text(_label(op))},\n"
        binds, wanted = operands(op)
        yield f"    typed: {_text(_label(op, TEXT))},\n"
        yield f"    binds: {binds},\n    operands: {_text(wanted)},\n"
        yield f"    symbol: {_text(bool(op.symbol))},\n    params: {_text(op.arguments)},\n"
        yield f"    primitive: {_text(op.primitive)},\n"
        yield f"    flat: {_text(op.flat)},\n    kink: {_kink(op, op.kink) if op.kink else 'null'},\n"
        yield f"    shown: [{', '.join(_shown(op, arg) for arg in range(len(op.partials)))}],\n"
        traps = "".join(f"      {_trap(op, trap)},\n" for trap in op.traps)
        yield f"    traps: [\n{traps}    ],\n  }},\n" if traps else "    traps: [],\n  },\n"
    yield "};\n"


def _label(op: Op, notation: Notation = LABEL) -> str:
    places = [f"{{{arg}}}" for arg in range(len(op.arguments))]
    return label(op, list(op.parameters(places, "{{all}}")), notation)


def _kink(op: Op, kink: Kink) -> str:
    tangents = [f"d{name}" for name in op.arguments]
    slope = "null"
    moves = list(range(len(tangents)))
    if kink.slope:
        slope = _function(kink.slope, (*op.arguments, "f", *tangents))
        moves = [arg for arg in moves if tangents[arg] in scalar.names(kink.slope)]
    at = _function(kink.at, op.known)
    safer = _text(scalar.template(kink.safer) if kink.safer else "")
    ours = f"      ours: {_function(kink.ours, op.known)},\n" if kink.ours else ""
    return (
        f"{{\n      at: {at},\n      kind: {_text(kink.kind)},\n      slope: {slope},\n"
        f"      moves: {_text(moves)},\n      safer: {safer},\n{ours}    }}"
    )


def _shown(op: Op, arg: int) -> str:
    text = op.partial(arg)
    return _function(text, (*op.arguments, "f", "n")) if has_numbers(text) else "null"


def _trap(op: Op, trap: Trap) -> str:
    when = _function(trap.when, op.known)
    safer = _text(scalar.template(trap.safer) if trap.safer else "")
    return f"{{ when: {when}, why: {_text(trap.why)}, safer: {safer}, slope: {_text(trap.slope)} }}"


def _function(text: str, names: Sequence[str]) -> str:
    """A formula as an arrow function; parameters after the last that it uses are left out."""
    used = scalar.names(text)
    last = max((at for at, name in enumerate(names) if name in used), default=-1)
    return (
        f"({', '.join(names[: last + 1])}) => {expression(text, {name: name for name in names}, JAVASCRIPT)}"
    )


def _nested(form: Tree) -> object:
    return [form[0], *map(_nested, form[1])] if isinstance(form, tuple) else form


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Rows of the table of operations -> code: templates for Python and for JavaScript.

Both languages share IEEE arithmetic for + - * and negation; every other primitive is a call of a
kernel by the row's name. Composite operations are written out down to primitives.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from graphviz_backprop.language.graph import CONST, VAR
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.parser import parse_row


@dataclass(frozen=True, eq=False)
class Target:
    """A programming language: its infix operators, and how it calls a kernel (``fold``: a variadic one)."""

    infix: Mapping[str, str]
    call: str
    fold: str
    infinity: str
    nan: str

    def number(self, value: float) -> str:
        """A constant that reads back as the same double."""
        if value != value:
            return self.nan
        return repr(value).replace("inf", self.infinity)


_SHARED = {"add": "({} + {})", "sub": "({} - {})", "mul": "({} * {})", "neg": "(-{})"}

PYTHON = Target(_SHARED, "{}({})", "{}({})", "inf", "nan")
JAVASCRIPT = Target({**_SHARED, "div": "({} / {})"}, "kernel.{}({})", "kernel.{}([{}])", "Infinity", "NaN")


@dataclass(frozen=True)
class Formulas:
    """A row in code, as templates: ``{x}`` for an argument, ``{f}`` for the result.

    A variadic row's ``value`` has ``{args}``, its one partial also ``{n}`` and ``{k}``.
    """

    value: str
    partials: tuple[str, ...]


@functools.cache
def formulas(name: str, target: Target) -> Formulas:
    """The code of the row of this name."""
    op = OPS[name]
    slots = {slot: f"{{{slot}}}" for slot in (*op.arguments, "f", "n", "k")}
    if op.variadic:
        value = target.call.format(name, "{args}")
    else:
        value = _applied(op, [slots[x] for x in op.arguments], target)
    return Formulas(
        value,
        tuple(expression(op.evaluated_partial(arg), slots, target) for arg in range(len(op.arguments))),
    )


def _applied(op: Op, args: list[str], target: Target) -> str:
    if not op.primitive:
        return expression(op.evaluated, dict(zip(op.arguments, args, strict=True)), target)
    if op.name in target.infix:
        return target.infix[op.name].format(*args)
    call = target.fold if op.variadic else target.call
    return call.format(op.name, ", ".join(args))


def expression(text: str, names: Mapping[str, str], target: Target) -> str:
    """A text of a row in code, with these texts for its names."""
    written: list[str] = []
    for node in parse_row(text).nodes:
        args = [written[arg] for arg in node.args]
        if node.op == CONST:
            written.append(target.number(node.value or 0.0))
        elif node.op == VAR:
            written.append(names[node.name or ""])
        elif node.op == "neg" and args[0][0].isdigit():
            written.append(f"-{args[0]}")
        elif node.op == "pow" and args[1] == "2.0" and args[0] in names.values():
            written.append(f"({args[0]} * {args[0]})")  # rounded once, unlike some power functions
        else:
            written.append(_applied(OPS[node.op], args, target))
    return written[-1]

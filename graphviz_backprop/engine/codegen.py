"""Rows of the table of operations -> code: templates for Python and for JavaScript.

All targets share IEEE arithmetic for + - * and negation; every other primitive is a call of a
kernel by the row's name, or what the target writes instead. Composite operations are written out down to
primitives.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphviz_backprop.language.graph import Node
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.parser import parse_row


@dataclass(frozen=True, eq=False)
class Target:
    """A way to write code: its operators, how it calls a kernel and lists a variadic one's arguments.

    ``infix`` has what is written instead of a call; if it mentions an argument twice, it serves names and
    numbers only.
    """

    infix: Mapping[str, str]
    call: str
    together: str
    infinity: str
    nan: str

    def number(self, value: float) -> str:
        """A constant that reads back as the same double."""
        if value != value:
            return self.nan
        return repr(value).replace("inf", self.infinity)


_SHARED = {"add": "({0} + {1})", "sub": "({0} - {1})", "mul": "({0} * {1})", "neg": "(-{0})"}
_BY_HAND = {
    "div": "({0} / {1})",
    "max": "({0} if {0} >= {1} else {1} if {1} > {0} else nan)",
    "min": "({0} if {0} <= {1} else {1} if {1} < {0} else nan)",
    "step": "(1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else nan)",
    "where": "({1} if {0} else {2})",
    "equal": "(1.0 if {0} == {1} else 0.0)",
    "less": "(1.0 if {0} < {1} else 0.0)",
}

PYTHON = Target(_SHARED, "{}({})", "{}", "inf", "nan")
"""Python for whatever the kernels compute with: floats, arrays or more."""
FLOATS = Target({**_SHARED, **_BY_HAND}, "{}({})", "{}", "inf", "nan")
"""Python for floats alone, as one would write it by hand: it raises where Python does and IEEE doesn't."""
JAVASCRIPT = Target({**_SHARED, "div": "({0} / {1})"}, "kernel.{}({})", "[{}]", "Infinity", "NaN")


@dataclass(frozen=True)
class Formulas:
    """A row in code."""

    op: Op
    target: Target
    partials: tuple[str, ...]  # templates: {x} for an argument, {f} for the result, {n} and {k} as in the row
    template: str  # of the value, if other operations define it

    def value(self, args: Sequence[str]) -> str:
        """The value, of arguments in code."""
        if self.template:
            return self.template.format(**self.op.bind(args))
        return _applied(self.op, args, self.target)

    def partial(self, arg: int, args: Sequence[str], f: str, k: str = "k") -> str:
        """The local partial by argument number ``arg``; ``f`` is the result, ``k`` counts its equals."""
        template = self.partials[self.op.slot(arg)]
        return template.format(**self.op.bind(args, arg), f=f, n=f"{len(args)}.0", k=k)

    @property
    def counts(self) -> bool:
        """Whether a partial reads ``k``."""
        return any("{k}" in text for text in self.partials)


@functools.cache
def formulas(name: str, target: Target) -> Formulas:
    """The code of the row of this name."""
    op = OPS[name]
    slots = {slot: f"{{{slot}}}" for slot in (*op.arguments, "f", "n", "k")}
    partials = (expression(op.evaluated_partial(arg), slots, target) for arg in range(len(op.arguments)))
    template = "" if op.primitive else expression(op.evaluated, slots, target)
    return Formulas(op, target, tuple(partials), template)


def _applied(op: Op, args: Sequence[str], target: Target) -> str:
    if not op.primitive:
        return expression(op.evaluated, op.bind(args), target)
    infix = target.infix.get(op.name, "")
    if _fits(infix, args):
        return infix.format(*args)
    return target.call.format(op.name, ", ".join(op.parameters(args, target.together)))


_ATOM = re.compile(r"-?[\w.{}]+(e[+-]\d+)?")  # a name, a number, a slot of a template


def _fits(infix: str, args: Sequence[str]) -> bool:
    """Whether it takes these arguments, all of them, and computes none of them twice."""
    mentions = [infix.count(f"{{{arg}}}") for arg in range(len(args))]
    once = (times == 1 or _ATOM.fullmatch(arg) for times, arg in zip(mentions, args, strict=True))
    return all(mentions) and f"{{{len(args)}}}" not in infix and all(once)


def expression(text: str, names: Mapping[str, str], target: Target) -> str:
    """A text of a row in code, with these texts for its names."""

    def apply(node: Node, args: list[str]) -> str:
        if node.op == "neg" and args[0][0].isdigit():
            return f"-{args[0]}"
        if node.op == "pow" and args[1] == "2.0" and args[0] in names.values():
            return f"({args[0]} * {args[0]})"  # rounded once, unlike some power functions
        return _applied(OPS[node.op], args, target)

    return parse_row(text).fold(lambda node: names[node.name], lambda node: target.number(node.value), apply)[
        -1
    ]

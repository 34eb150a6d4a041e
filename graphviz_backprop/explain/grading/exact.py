"""Both passes in fractions: whether a program's numbers can be found by hand, and what they are."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from graphviz_backprop.explain.grading.targets import leaves
from graphviz_backprop.language.graph import CONST, Graph, Node
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse_row

# Where functions that are no fractions elsewhere have one.
_KNOWN: Mapping[str, Mapping[Fraction, Fraction]] = {
    "exp": {Fraction(0): Fraction(1)},
    "log": {Fraction(1): Fraction(0)},
    "sin": {Fraction(0): Fraction(0)},
    "cos": {Fraction(0): Fraction(1)},
    "tanh": {Fraction(0): Fraction(0)},
}


class NotByHand(ValueError):
    """A number that is no fraction, or not one that anybody computes with by hand."""


@dataclass(frozen=True)
class Exact:
    """Every number by its field, as ``Run.fields()`` names them."""

    fields: Mapping[str, Fraction]

    def within(self, numerator: int, denominator: int) -> bool:
        """Whether no number has a larger numerator or denominator than these."""
        return all(
            abs(x.numerator) <= numerator and x.denominator <= denominator for x in self.fields.values()
        )


def exact(graph: Graph, at: Mapping[str, Fraction], seed: Fraction = Fraction(1)) -> Exact:
    """Every number of both passes. Raises NotByHand where one is no fraction."""
    values = graph.fold(lambda node: at[node.name], _constant, _value)
    gradients = [Fraction(0)] * len(graph.nodes)
    gradients[-1] = seed
    fields: dict[str, Fraction] = {}
    for position in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[position]
        fields[f"{node.id}.value"] = values[position]
        if not graph.active[position]:
            continue
        fields[f"{node.id}.gradient"] = gradients[position]
        for arg, child in enumerate(node.args):
            if graph.active[child]:
                partial = _partial(node, arg, [values[one] for one in node.args], values[position])
                flow = gradients[position] * partial
                gradients[child] += flow
                fields |= {f"{node.id}.{arg}.partial": partial, f"{node.id}.{arg}.flow": flow}
    for name in graph.variables:
        fields[f"{name}.total"] = sum((gradients[leaf] for leaf in leaves(graph, name)), Fraction(0))
    return Exact(fields)


def _value(node: Node, args: Sequence[Fraction]) -> Fraction:
    op = OPS[node.op]
    if op.primitive:
        return _primitive(node.op, args)
    return _formula(op.value, op.bind(list(args)))


def _partial(node: Node, arg: int, args: Sequence[Fraction], f: Fraction) -> Fraction:
    """By the rule as it is shown."""
    op = OPS[node.op]
    ties = Fraction(sum(x == f for x in args))
    names = {**op.bind(list(args), arg), "f": f, "n": Fraction(len(args)), "k": ties}
    return _formula(op.partial(arg), names)


def _formula(text: str, names: Mapping[str, Fraction]) -> Fraction:
    return parse_row(text).fold(lambda node: names[node.name], _constant, _value)[-1]


def _constant(node: Node) -> Fraction:
    if node.op == CONST and node.name and not node.name[0].isdigit():
        raise NotByHand(f"{node.name} is no fraction")
    return Fraction(str(node.value))


def _primitive(name: str, args: Sequence[Fraction]) -> Fraction:
    x, y = args[0], args[-1]
    if name in _KNOWN:
        return _known(name, x)
    if name in ("div", "pow"):
        return _divided(x, y) if name == "div" else _power(x, y)
    if name == "sqrt":
        return _root(x)
    if name in ("sum", "mean"):
        return sum(args, Fraction(0)) / (len(args) if name == "mean" else 1)
    if name not in _PLAIN:
        raise NotByHand(f"{name} has no fractions")
    return functools.reduce(lambda one, next_: Fraction(_PLAIN[name](one, next_)), args[1:] or [x], x)


_PLAIN: Mapping[str, Callable[[Fraction, Fraction], Fraction | int]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "neg": lambda x, _: -x,
    "max": max,
    "min": min,
    "abs": lambda x, _: abs(x),
    "sign": lambda x, _: (x > 0) - (x < 0),
    "step": lambda x, _: x > 0,
    "equal": lambda x, y: x == y,
    "less": lambda x, y: x < y,
}


def _known(name: str, x: Fraction) -> Fraction:
    if x not in _KNOWN[name]:
        raise NotByHand(f"{name} of {x} is no fraction")
    return _KNOWN[name][x]


def _divided(x: Fraction, y: Fraction) -> Fraction:
    if y == 0:
        raise NotByHand("nothing is divided by 0")
    return x / y


def _power(x: Fraction, y: Fraction) -> Fraction:
    if y.denominator != 1 or abs(y) > 6 or (x == 0 and y < 0):
        raise NotByHand(f"{x} to the power of {y} is nothing to find by hand")
    return Fraction(x ** int(y))


def _root(x: Fraction) -> Fraction:
    if x <= 0:
        raise NotByHand(f"{x} has no root to find by hand")
    root = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
    if root * root != x:
        raise NotByHand(f"the root of {x} is no fraction")
    return root

"""Forms that lose digits or overflow, and safer ones that compute the same.

Both are written in the language; names stand for any node. Sums and products match in either order,
``e^x`` is ``exp(x)``, and equal subexpressions are one, even where the tree has them twice. ``sum`` is any
sum of three terms or more, in whatever order and association, by ``+`` or ``sum``; ``rest`` are all that are
not ``x``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphviz_backprop.language.graph import CONST, Graph, Node
from graphviz_backprop.language.parser import parse_row


@dataclass(frozen=True)
class Pattern:
    """``form`` can go wrong, ``safer`` less so: where ``small`` is tiny, or else where numbers are large."""

    form: str
    safer: str
    small: str = ""


PATTERNS = (  # the first that matches counts
    Pattern("log(exp(x) + exp(y))", "logaddexp(x, y)"),
    Pattern("log(sum(exp(x), exp(rest)))", "logsumexp(x, rest)"),
    Pattern("log(exp(x) / (exp(x) + exp(y)))", "-softplus(y - x)"),
    Pattern("log(exp(x) / sum(exp(x), exp(rest)))", "-softplus(logsumexp(rest) - x)"),
    Pattern("log(1 + exp(x))", "softplus(x)"),
    Pattern("log1p(exp(x))", "softplus(x)"),
    Pattern("log(sigmoid(x))", "-softplus(-x)"),
    Pattern("log(1 - sigmoid(x))", "-softplus(x)"),
    Pattern("1 / (1 + exp(-x))", "sigmoid(x)"),
    Pattern("1 / (1 + exp(x))", "sigmoid(-x)"),
    Pattern("exp(x) / (1 + exp(x))", "sigmoid(x)"),
    Pattern("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", "tanh(x)"),
    Pattern("exp(x) / (exp(x) + exp(y))", "sigmoid(x - y)"),
    Pattern("exp(x) / sum(exp(x), exp(rest))", "sigmoid(x - logsumexp(rest))"),
    Pattern("sqrt(x^2 + y^2)", "hypot(x, y)"),
    Pattern("exp(x) - 1", "expm1(x)", small="x"),
    Pattern("log(1 + x)", "log1p(x)", small="x"),
)

Tree = str | float | tuple[str, tuple["Tree", ...]]
"""A form as a tree: a name, a number, or an operation with its arguments."""


@functools.cache
def tree(form: str) -> Tree:
    """A form as a tree."""

    def leaf(node: Node) -> Tree:
        return node.value if node.op == CONST else node.name

    def apply(node: Node, args: list[Tree]) -> Tree:
        return node.op, tuple(args)

    return parse_row(form, "tree").fold(leaf, leaf, apply)[-1]


MOST_TERMS = 50
"""A form of more terms is of no use to a reader."""

Names = dict[str, tuple[int, ...]]
"""What a pattern's names stand for, as positions: ``rest`` for several, the others for one."""


@dataclass(frozen=True)
class Match:
    """A pattern found: what its names stand for and which operations are part of it, as positions."""

    pattern: Pattern
    names: Names
    covered: tuple[int, ...]


def matches(graph: Graph) -> Iterator[Match]:
    """All matches: node by node in the order of evaluation, patterns in the order of the table."""
    place = _Place(graph)
    for at, node in enumerate(graph.nodes):
        if not node.args:
            continue
        for pattern in PATTERNS:
            for names, covered in place.matched(tree(pattern.form), at, {}):
                yield Match(pattern, names, covered)
                break


def equal_keys(graph: Graph) -> list[int]:
    """A number for each node, the same for equal subexpressions."""
    known: dict[object, int] = {}
    keys: list[int] = []
    for node in graph.nodes:
        what = (node.op, node.value if node.op == CONST else node.name, *(keys[arg] for arg in node.args))
        keys.append(known.setdefault(what, len(known)))
    return keys


_Found = Iterator[tuple[Names, tuple[int, ...]]]
_Sum = tuple[tuple[int, ...], tuple[int, ...]]


class _Place:
    """Where trees are looked for."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.keys = equal_keys(graph)
        self.sums: dict[int, _Sum | None] = {}

    def matched(self, wanted: Tree, at: int, names: Names) -> _Found:
        """All ways in which the tree matches at this node, given what its names stand for already."""
        node = self.graph.nodes[at]
        if isinstance(wanted, str):
            known = names.get(wanted, (at,))
            if self.keys[known[0]] == self.keys[at]:
                yield names | {wanted: known}, ()
        elif isinstance(wanted, float):
            if node.op == CONST and node.value == wanted:
                yield names, ()
        elif wanted[0] == "sum":
            yield from self._all_terms(at, names)
        else:
            op, parts = wanted
            for args in self._orders(at, op):
                for found, covered in self._all_matched(parts, args, names):
                    yield found, (at, *covered)

    def _all_matched(self, parts: Sequence[Tree], args: Sequence[int], names: Names) -> _Found:
        if not parts:
            yield names, ()
            return
        for found, covered in self.matched(parts[0], args[0], names):
            for last, more in self._all_matched(parts[1:], args[1:], found):
                yield last, (*covered, *more)

    def _orders(self, at: int, op: str) -> Iterator[tuple[int, ...]]:
        """The arguments of a node that is this operation, in each order that means the same."""
        node = self.graph.nodes[at]
        if node.op == op:
            yield node.args
            if op in ("add", "mul"):
                yield node.args[::-1]
        elif op == "exp" and node.op == "pow" and self.graph.nodes[node.args[0]].value == math.e:
            yield node.args[1:]

    def _all_terms(self, at: int, names: Names) -> _Found:
        """A sum of exponentials: x is the first of the exponents, or the one that it is already."""
        if at not in self.sums:
            self.sums[at] = self._exponents(at)
        if (found := self.sums[at]) is None:
            return
        exponents, covered = found
        keys = [self.keys[exponent] for exponent in exponents]
        x = self.keys[names["x"][0]] if "x" in names else keys[0]
        if x in keys:
            place = keys.index(x)
            rest = exponents[:place] + exponents[place + 1 :]
            yield names | {"x": (exponents[place],), "rest": rest}, covered

    def _exponents(self, at: int) -> _Sum | None:
        """Those of a sum of three exponentials or more, from left to right, and the operations in it."""
        found: list[int] = []
        covered: list[int] = []
        stack = [at]
        while stack:
            at = stack.pop()
            covered.append(at)
            if self.graph.nodes[at].op in ("add", "sum"):
                stack.extend(reversed(self.graph.nodes[at].args))
            elif exponent := next(self._orders(at, "exp"), None):
                found.extend(exponent)
            else:
                return None
            if len(found) > MOST_TERMS:
                return None
        return (tuple(found), tuple(covered)) if len(found) > 2 else None

"""Forms that lose digits or overflow, and safer ones that compute the same.

Both are written in the language; names stand for any node. Sums and products match in either order,
``e^x`` is ``exp(x)``, and equal subexpressions are one, even where the tree has them twice.
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
    Pattern("log(exp(x) + exp(y) + exp(z))", "logsumexp(x, y, z)"),
    Pattern("log(exp(x) / (exp(x) + exp(y)))", "-softplus(y - x)"),
    Pattern("log(exp(x) / (exp(x) + exp(y) + exp(z)))", "-softplus(logaddexp(y, z) - x)"),
    Pattern("log(1 + exp(x))", "softplus(x)"),
    Pattern("log1p(exp(x))", "softplus(x)"),
    Pattern("log(sigmoid(x))", "-softplus(-x)"),
    Pattern("log(1 - sigmoid(x))", "-softplus(x)"),
    Pattern("1 / (1 + exp(-x))", "sigmoid(x)"),
    Pattern("1 / (1 + exp(x))", "sigmoid(-x)"),
    Pattern("exp(x) / (1 + exp(x))", "sigmoid(x)"),
    Pattern("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", "tanh(x)"),
    Pattern("exp(x) / (exp(x) + exp(y))", "sigmoid(x - y)"),
    Pattern("exp(x) / (exp(x) + exp(y) + exp(z))", "sigmoid(x - logaddexp(y, z))"),
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


@dataclass(frozen=True)
class Match:
    """A pattern found: what its names stand for and which operations are part of it, as positions."""

    pattern: Pattern
    names: dict[str, int]
    covered: tuple[int, ...]


def matches(graph: Graph) -> Iterator[Match]:
    """All matches: node by node in the order of evaluation, patterns in the order of the table."""
    keys = equal_keys(graph)
    for at, node in enumerate(graph.nodes):
        if not node.args:
            continue
        for pattern in PATTERNS:
            for names, covered in _matched(graph, keys, tree(pattern.form), at, {}):
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


_Found = Iterator[tuple[dict[str, int], tuple[int, ...]]]


def _matched(graph: Graph, keys: Sequence[int], wanted: Tree, at: int, names: dict[str, int]) -> _Found:
    """All ways in which the tree matches at this node, given what its names stand for already."""
    node = graph.nodes[at]
    if isinstance(wanted, str):
        if keys[names.setdefault(wanted, at)] == keys[at]:
            yield names, ()
    elif isinstance(wanted, float):
        if node.op == CONST and node.value == wanted:
            yield names, ()
    else:
        op, parts = wanted
        for args in _orders(graph, at, op):
            for found, covered in _all_matched(graph, keys, parts, args, dict(names)):
                yield found, (at, *covered)


def _all_matched(
    graph: Graph, keys: Sequence[int], parts: Sequence[Tree], args: Sequence[int], names: dict[str, int]
) -> _Found:
    if not parts:
        yield names, ()
        return
    for found, covered in _matched(graph, keys, parts[0], args[0], dict(names)):
        for last, more in _all_matched(graph, keys, parts[1:], args[1:], found):
            yield last, (*covered, *more)


def _orders(graph: Graph, at: int, op: str) -> Iterator[tuple[int, ...]]:
    """The arguments of a node that is this operation, in each order that means the same."""
    node = graph.nodes[at]
    if node.op == op:
        yield node.args
        if op in ("add", "mul"):
            yield node.args[::-1]
    elif op == "exp" and node.op == "pow" and graph.nodes[node.args[0]].value == math.e:
        yield node.args[1:]

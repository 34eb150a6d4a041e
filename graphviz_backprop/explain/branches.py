"""Branches that ``where`` does not take: 0 flows into them, and 0 times an infinite slope is NaN.

The way out is a second ``where`` inside: it gives the branch a harmless argument where it is not taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.numerals import full_number
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.printers import ATOM, TEXT, Piece, piece

HARMLESS = (1.0, 0.5, 2.0, 0.0)
"""What a branch that is not taken may be given: the first at which all is finite."""

LONGEST = 200
"""A longer form is of no use to a reader."""


def untaken(run: Run[float], at: int) -> int:
    """The number of the argument that a ``where`` does not take."""
    return 1 if run.values[run.graph.nodes[at].args[0]] == 0 else 2


def owners(run: Run[float]) -> list[int | None]:
    """For each node that the output reaches only through branches not taken, the ``where`` that does not."""
    nodes = run.graph.nodes
    found: list[int | None] = [None] * len(nodes)
    taken = [False] * (len(nodes) - 1) + [True]
    for at in reversed(range(len(nodes))):
        skipped = untaken(run, at) if nodes[at].op == "where" else -1
        for arg, child in enumerate(nodes[at].args):
            if taken[at] and arg != skipped:
                taken[child] = True
            elif found[child] is None:
                found[child] = at if taken[at] else found[at]
    return [None if taken[at] else owner for at, owner in enumerate(found)]


def double_where(run: Run[float], found: Sequence[int | None], where: int) -> str:
    """The ``where`` with another inside, in terms of variables; "" if that does not help, or is too long."""
    branch = [at for at in range(where) if found[at] == where and run.graph.nodes[at].args]
    for harmless in HARMLESS:
        guarded = _guarded(run, branch, harmless)
        if guarded is not None:
            return _written(run, guarded, where, harmless)
    return ""


def _guarded(run: Run[float], branch: Sequence[int], harmless: float) -> set[tuple[int, int]] | None:
    """The edges to be guarded so that all slopes in the branch are finite; None: that does not suffice."""
    graph, values = run.graph, list(run.values)
    guarded: set[tuple[int, int]] = set()
    for at in branch:
        args = [values[child] for child in graph.nodes[at].args]
        for arg in _steep(graph, at, args):
            guarded.add((at, arg))
            args[arg] = harmless
        values[at] = scalar.value(graph.nodes[at].op, args)
        if not math.isfinite(values[at]) or _steep(graph, at, args):
            return None
    return guarded


def _steep(graph: Graph, at: int, args: Sequence[float]) -> list[int]:
    """The arguments that a variable reaches and whose local partial is not finite."""
    node = graph.nodes[at]
    op, f = OPS[node.op], scalar.value(node.op, args)
    more = {"f": f, "n": float(len(args)), "k": float(args.count(f))}
    active = [arg for arg, child in enumerate(node.args) if graph.active[child]]
    slopes = {
        arg: scalar.formula(op.evaluated_partial(arg), {**op.bind(args, arg), **more}) for arg in active
    }
    return [arg for arg, slope in slopes.items() if not math.isfinite(slope)]


def _written(run: Run[float], guarded: set[tuple[int, int]], where: int, harmless: float) -> str:
    nodes = run.graph.nodes[: where + 1]
    # The condition as it stands: it may come after what it guards.
    condition = _pieces(nodes, lambda at, arg, piece: piece)[nodes[where].args[0]]

    def guard(at: int, arg: int, piece: Piece | None) -> Piece | None:
        if (at, arg) not in guarded:
            return piece
        both = [piece, _number(harmless)]
        return _applied(nodes[where], [condition, *(both if untaken(run, where) == 1 else both[::-1])])

    whole = _pieces(nodes, guard)[where]
    return whole.text if whole else ""


def _pieces(
    nodes: Sequence[Node], guard: Callable[[int, int, Piece | None], Piece | None]
) -> list[Piece | None]:
    """How each node is written; ``guard`` says what stands in place of an argument."""
    pieces: list[Piece | None] = []
    for at, node in enumerate(nodes):
        args = [guard(at, arg, pieces[child]) for arg, child in enumerate(node.args)]
        pieces.append(_applied(node, args) if args else _leaf(node))
    return pieces


def _applied(node: Node, args: Sequence[Piece | None]) -> Piece | None:
    known = [arg for arg in args if arg]
    found = piece(node, known, TEXT) if len(known) == len(args) else None
    return found if found and len(found.text) <= LONGEST else None


def _leaf(node: Node) -> Piece:
    return Piece(node.name, ATOM) if node.op == VAR else _number(node.value or 0.0)


def _number(x: float) -> Piece:
    text = full_number(x)
    return Piece(f"({text})" if text.startswith("-") else text, ATOM)

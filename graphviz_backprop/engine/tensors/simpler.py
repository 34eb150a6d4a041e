"""A tape for descents, shorter: without what constants decide, and with rows that go together as one.

Each number that is left is the number of the tape. Two differ in their last digits: a square, which is a
product here, as it is in the browser, and tanh′ (see :data:`SLOPE_OF_TANH`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphviz_backprop.engine.columns import quiet
from graphviz_backprop.engine.tensors.program import cells_of
from graphviz_backprop.language.graph import CONST, Node
from graphviz_backprop.language.ops import OPS

SLOPE_OF_TANH = "slope_of_tanh"
"""tanh′ of x and of a = tanh x: 1 − a² where that keeps its digits, a² ≤ ¾, else 1/cosh²x."""

_TRUTHS = ("less", "equal")  # what is 1 or 0 and nothing else, so that 0 times it is 0


def simpler(nodes: Sequence[Node], wanted: Sequence[int]) -> tuple[list[Node], list[int]]:
    """The nodes that these are made of, and where each of them stands."""
    short = _Shorter(nodes)
    ends = [short.places[at] for at in wanted]
    kept = _reached(short.nodes, ends)
    place = {at: number for number, at in enumerate(kept)}
    found = [short.nodes[at] for at in kept]
    return [node._replace(args=tuple(place[arg] for arg in node.args)) for node in found], [
        place[at] for at in ends
    ]


def _reached(nodes: Sequence[Node], ends: Sequence[int]) -> list[int]:
    needed = set(ends)
    for at in range(len(nodes) - 1, -1, -1):
        if at in needed:
            needed.update(nodes[at].args)
    return sorted(needed)


class _Shorter:
    """``places`` says where each node of the tape stands among the new ones."""

    def __init__(self, tape: Sequence[Node]) -> None:
        self.nodes: list[Node] = []
        self.places: list[int] = []
        self._tanh: dict[int, int] = {}  # by what it is the tanh of
        for node in tape:
            self.places.append(self._put(node, tuple(self.places[arg] for arg in node.args)))

    def _put(self, node: Node, args: tuple[int, ...]) -> int:
        for found in self._known(node, args):
            if self.nodes[found].shape == node.shape:
                return found
        self.nodes.append(self._joined(node, args))
        at = len(self.nodes) - 1
        if node.op == "tanh":
            self._tanh[args[0]] = at
        return at

    def _known(self, node: Node, args: tuple[int, ...]) -> Iterator[int]:
        """Nodes that are this one already."""
        if node.op == "where":
            if self._never(args[0]):
                yield args[2]
            elif (chosen := self._number(args[0])) is not None:
                yield args[1] if chosen else args[2]
        if node.op == "pow" and self._number(args[1]) == 1:
            yield args[0]
        if node.op == "mul":
            yield from (args[1 - arg] for arg in (0, 1) if self._number(args[arg]) == 1)

    def _joined(self, node: Node, args: tuple[int, ...]) -> Node:
        """The node, or the row that it is with those before it, or the number that constants give."""
        numbers = [self._number(arg) for arg in args]
        if node.op in OPS and not node.shape and None not in numbers:
            with quiet():
                return Node("", CONST, (), (0, 0), value=float(cells_of(node)(*numbers)))
        if node.op == "pow" and self._number(args[1]) == 2:
            base = self.nodes[args[0]]
            if base.op == "div" and self._number(base.args[0]) == 1:
                below = self.nodes[base.args[1]]
                if below.op == "cosh" and below.args[0] in self._tanh:
                    x = below.args[0]
                    return node._replace(op=SLOPE_OF_TANH, args=(x, self._tanh[x]))
            return node._replace(op="mul", args=(args[0], args[0]))
        return node._replace(args=args)

    def _number(self, at: int) -> float | None:
        node = self.nodes[at]
        return node.value if node.op == CONST and node.cells is None else None

    def _never(self, at: int) -> bool:
        """Whether it is 0 wherever it is."""
        node = self.nodes[at]
        if node.op != "mul":
            return self._number(at) == 0
        both = (node.args, node.args[::-1])
        return any(self._number(x) == 0 and self.nodes[y].op in _TRUTHS for x, y in both)

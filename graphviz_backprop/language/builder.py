"""Makes graphs: whoever parses, opens or transforms one adds nodes here, arguments first.

The view decides what a node is: ``tree`` adds one for each call, ``graph`` merges equal ones (hash
consing). What the output does not need is left out at the end, and every node gets its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count, product
from string import ascii_lowercase
from typing import NamedTuple

from graphviz_backprop.language.graph import CONST, VAR, Graph, Node
from graphviz_backprop.language.notes import Note

Span = tuple[int, int]


class _Draft(NamedTuple):
    """A node before it has its id."""

    op: str
    args: tuple[int, ...]
    span: Span
    name: str = ""
    value: float = 0.0
    start: float | None = None


def _meaning(draft: _Draft) -> object:
    """What is the same of equal nodes."""
    if draft.op == CONST:
        return CONST, repr(draft.value)  # -0 and NaN, too
    return draft.op, draft.name if draft.op == VAR else draft.args


def letters() -> Iterator[str]:
    """a, b, …, z, aa, ab, …"""
    for length in count(1):
        for word in product(ascii_lowercase, repeat=length):
            yield "".join(word)


class Builder:
    """A graph in the making; nodes are known by their positions, which its methods return."""

    def __init__(self, view: str) -> None:
        self.view = view
        self._drafts: list[_Draft] = []
        self._known: dict[object, int] = {}
        self._ids: dict[int, tuple[str, bool]] = {}

    def __len__(self) -> int:
        """How many nodes there are, needed or not."""
        return len(self._drafts)

    def var(self, name: str, span: Span = (0, 0), start: float | None = None) -> int:
        """A variable, and where the program lets it start."""
        return self._add(_Draft(VAR, (), span, name, start=start))

    def const(self, value: float, text: str = "", span: Span = (0, 0)) -> int:
        """A constant; ``text`` is how it was typed."""
        return self._add(_Draft(CONST, (), span, text, value))

    def apply(self, op: str, args: tuple[int, ...], span: Span = (0, 0)) -> int:
        """The operation of this name, of nodes that are there."""
        return self._add(_Draft(op, args, span))

    def add(self, node: Node, args: Iterable[int]) -> int:
        """A node of another graph, of arguments in this one. Its id is not taken over: see :meth:`call`."""
        if node.op == VAR:
            return self.var(node.name, node.span, node.start)
        if node.op == CONST:
            return self.const(node.value, node.name, node.span)
        return self.apply(node.op, tuple(args), node.span)

    def call(self, at: int, id_: str, named: bool = True) -> None:
        """Gives a node its id; the first one counts, and one that a statement gives before any other."""
        known = self._ids.get(at)
        if known is None or (named and not known[1]):
            self._ids[at] = (id_, named)

    def graph(self, text: str, output: int, taken: Iterable[str] = (), notes: tuple[Note, ...] = ()) -> Graph:
        """The graph of what the output needs. New ids are letters that are neither given nor ``taken``."""
        needed = self._needed(output)
        skipped = {*taken, *(id_ for id_, _ in self._ids.values())}
        free = (name for name in letters() if name not in skipped)
        moved = [-1] * (output + 1)
        nodes: list[Node] = []
        for at in range(output + 1):
            if not needed[at]:
                continue
            moved[at] = len(nodes)
            op, args, span, name, value, start = self._drafts[at]
            id_, named = self._ids.get(at) or (next(free), False)
            nodes.append(Node(id_, op, tuple([moved[arg] for arg in args]), span, name, value, named, start))
        return Graph(text, self.view, tuple(nodes), notes)

    def _add(self, draft: _Draft) -> int:
        if self.view == "graph":
            known = self._known.setdefault(_meaning(draft), len(self._drafts))
            if known < len(self._drafts):
                return known
        self._drafts.append(draft)
        return len(self._drafts) - 1

    def _needed(self, output: int) -> list[bool]:
        needed = [False] * output + [True]
        for at in range(output, -1, -1):
            if needed[at]:
                for arg in self._drafts[at].args:
                    needed[arg] = True
        return needed

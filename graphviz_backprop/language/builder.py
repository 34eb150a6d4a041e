"""Makes graphs: whoever parses, opens or transforms one adds nodes here, arguments first.

The view decides what a node is: ``tree`` adds one for each call, ``graph`` merges equal ones (hash
consing). What the output does not need is left out at the end, and every node gets its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, count, product
from string import ascii_lowercase
from typing import NamedTuple

from graphviz_backprop.language.graph import CONST, VAR, Graph, Mark, Node
from graphviz_backprop.language.notes import Note
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import TENSORS, Settings, result

Span = tuple[int, int]


class _Draft(NamedTuple):
    """A node before it has its id."""

    op: str
    args: tuple[int, ...]
    span: Span
    name: str = ""
    value: float = 0.0
    start: float | None = None
    shape: Shape = ()
    settings: Settings = ()
    cells: Tensor | None = None


def _meaning(draft: _Draft) -> object:
    """What is the same of equal nodes."""
    if draft.op == CONST:
        value = draft.value if draft.cells is None else draft.cells.cells
        return CONST, draft.shape, repr(value)  # -0 and NaN, too
    return draft.op, draft.name if draft.op == VAR else draft.args, draft.settings


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
        self._marks: list[Mark] = []
        self._active: list[bool] = []
        self._tensors = False

    def __len__(self) -> int:
        """How many nodes there are, needed or not."""
        return len(self._drafts)

    def var(
        self,
        name: str,
        span: Span = (0, 0),
        start: float | Tensor | None = None,
        shape: Shape = (),
    ) -> int:
        """A variable, and where the program lets it start."""
        if isinstance(start, Tensor):
            return self._add(_Draft(VAR, (), span, name, shape=start.shape, cells=start))
        return self._add(_Draft(VAR, (), span, name, start=start, shape=shape))

    def const(self, value: float | Tensor, text: str = "", span: Span = (0, 0)) -> int:
        """A constant; ``text`` is how it was typed."""
        if isinstance(value, Tensor):
            return self._add(_Draft(CONST, (), span, text, shape=value.shape, cells=value))
        return self._add(_Draft(CONST, (), span, text, value))

    def apply(self, op: str, args: tuple[int, ...], span: Span = (0, 0), settings: Settings = ()) -> int:
        """The operation of this name, of nodes that are there. Raises Misfit for shapes that don't fit."""
        shape: Shape = ()
        if self._tensors or op in TENSORS:
            shape = result(op, tuple([self._drafts[arg].shape for arg in args]), settings)
        return self._add(_Draft(op, args, span, shape=shape, settings=settings))

    def add(self, node: Node, args: Iterable[int]) -> int:
        """A node of another graph, of arguments in this one. Its id is not taken over: see :meth:`call`."""
        if node.op == VAR:
            return self.var(node.name, node.span, node.begins, node.shape)
        if node.op == CONST:
            return self.const(node.value if node.cells is None else node.cells, node.name, node.span)
        return self.apply(node.op, tuple(args), node.span, node.settings)

    def shape(self, at: int) -> Shape:
        """The shape of a node."""
        return self._drafts[at].shape

    def is_number(self, at: int) -> bool:
        """Whether a node is a number that no gradient flows back to: it may stand beside tensors as it is."""
        return self._drafts[at].shape == () and not self._is_active(at)

    def _is_active(self, at: int) -> bool:
        """Whether a variable reaches a node."""
        active = self._active
        for draft in self._drafts[len(active) : at + 1]:
            active.append(draft.op == VAR or any(active[arg] for arg in draft.args))
        return active[at]

    @property
    def has_tensors(self) -> bool:
        """Whether there is anything but numbers."""
        return self._tensors

    def operation(self, at: int) -> tuple[str, tuple[int, ...], Settings]:
        """A node's operation, its arguments and settings."""
        draft = self._drafts[at]
        return draft.op, draft.args, draft.settings

    def constant(self, at: int) -> float | None:
        """The number that a node is, if it is one."""
        draft = self._drafts[at]
        return draft.value if draft.op == CONST and draft.cells is None else None

    def starts(self, at: int) -> bool:
        """Whether a node is a variable that the program lets start at a number."""
        return self._drafts[at].start is not None

    def span(self, at: int) -> Span:
        """The place of a node in the text."""
        return self._drafts[at].span

    def call(self, at: int, id_: str, named: bool = True) -> None:
        """Gives a node its id; the first one counts, and one that a statement gives before any other."""
        known = self._ids.get(at)
        if known is None or (named and not known[1]):
            self._ids[at] = (id_, named)

    def mark(self, kind: str, title: str, start: int, output: int) -> None:
        """Says that a piece of the program has made all nodes from ``start`` on: see :class:`Mark`."""
        self._marks.append(Mark(kind, title, start, len(self), output))

    def take(self, marks: Iterable[Mark], moved: Sequence[int], lengths: Sequence[int]) -> None:
        """Takes over the marks of another graph, whose node ``n`` is the one at ``moved[n]`` here.

        ``lengths[n]`` is how long this graph was before that node was added, and at last how long it is.
        """
        for mark in marks:
            output = moved[mark.output] if mark.output >= 0 else -1
            self._marks.append(Mark(mark.kind, mark.title, lengths[mark.start], lengths[mark.end], output))

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
            op, args, span, name, value, start, shape, settings, cells = self._drafts[at]
            id_, named = self._ids.get(at) or (next(free), False)
            places = tuple([moved[arg] for arg in args])
            nodes.append(Node(id_, op, places, span, name, value, named, start, shape, settings, cells))
        return Graph(text, self.view, tuple(nodes), notes, marks=tuple(self._kept(needed)))

    def _kept(self, needed: Sequence[bool]) -> Iterator[Mark]:
        """The marks by the positions that are left. One whose node is not needed, or not its own, goes."""
        before = (0, *accumulate(map(int, needed)))
        for kind, title, start, end, output in self._marks:
            first, last = before[min(start, len(needed))], before[min(end, len(needed))]
            if last - first < 2:
                continue
            if output < 0:
                yield Mark(kind, title, first, last, -1)
            elif start <= output < min(end, len(needed)) and needed[output]:
                yield Mark(kind, title, first, last, before[output])

    def nodes(self) -> tuple[Node, ...]:
        """All nodes as they stand, needed or not, without ids."""
        return tuple(
            Node("", op, args, span, name, value, False, start, shape, settings, cells)
            for op, args, span, name, value, start, shape, settings, cells in self._drafts
        )

    def _add(self, draft: _Draft) -> int:
        if self.view == "graph":
            known = self._known.setdefault(_meaning(draft), len(self._drafts))
            if known < len(self._drafts):
                return known
        self._drafts.append(draft)
        self._tensors = self._tensors or bool(draft.shape)
        return len(self._drafts) - 1

    def _needed(self, output: int) -> list[bool]:
        needed = [False] * output + [True]
        for at in range(output, -1, -1):
            if needed[at]:
                for arg in self._drafts[at].args:
                    needed[arg] = True
        return needed

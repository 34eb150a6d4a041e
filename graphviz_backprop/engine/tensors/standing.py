"""A list of nodes on arrays that stand: made once, written to at each run, as those of the browser are.

What only looks at cells in another way (a copy along an axis, a transpose) is a view, and costs nothing. An
array that nobody reads any more is used for another node: it is still in the processor's cache. The longest
axis of an array lies innermost: NumPy's loops are long, and what is copied or summed along samples is quick.
Variables and what is wanted have their cells row by row, as those who ask have them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from graphviz_backprop.engine.columns import ARRAY, quiet
from graphviz_backprop.engine.tensors.kernels import kernel
from graphviz_backprop.engine.tensors.point import array
from graphviz_backprop.engine.tensors.simpler import SLOPE_OF_TANH
from graphviz_backprop.language import letters
from graphviz_backprop.language.graph import CONST, VAR, Node
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor_ops import TENSORS, Site

Array: TypeAlias = Any
Call = tuple[Callable[..., Any], tuple[Any, ...]]
Cells = Callable[[Node], Callable[..., Array]]
"""What computes a row of numbers, cell by cell, at a node."""

_UFUNCS: Mapping[str, Callable[..., Any]] = {
    **{name: own for name, own in ARRAY.items() if isinstance(own, np.ufunc)},
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "neg": np.negative,
    "max": lambda x, y, out: np.maximum(x, y, out=out),
    "min": lambda x, y, out: np.minimum(x, y, out=out),
    "less": np.less,
    "equal": np.equal,
}
"""Rows that write where they are told to. Of two zeros max and min may take the other one than elsewhere."""

_WITH: Mapping[str, tuple[Callable[..., Any], float]] = {
    "relu": (lambda x, zero, out: np.maximum(x, zero, out=out), 0.0),
    "step": (np.heaviside, 0.0),
}
"""The same with a number for the second argument."""

_REDUCED: Mapping[str, Any] = {"sum_over": np.add, "max_over": np.maximum, "min_over": np.minimum}
_STEEP = 0.75  # a², beyond which 1 − a² loses more than two bits
_VIEWS = ("broadcast", "transpose", "reshape", "slice")


class Standing:
    """``cells`` are those of each node from the latest run. Variables that are not ``known`` are to be set.

    ``wanted`` nodes keep their cells until the next run. Not for two threads at once.
    """

    def __init__(
        self, nodes: Sequence[Node], wanted: Collection[int], known: Mapping[str, Any], function: Cells
    ) -> None:
        self.nodes = nodes
        self.cells: list[Array] = [None] * len(nodes)
        self.leaves: dict[str, list[Array]] = {}
        self.calls: list[Call] = []
        self._function = function
        self._room = _Room()
        self._moves = [False] * len(nodes)
        self._owner = list(range(len(nodes)))
        """Whose array a view looks at."""
        with quiet():
            for at, node in enumerate(nodes):
                self._moves[at] = (
                    node.name not in known if node.op == VAR else any(self._moves[arg] for arg in node.args)
                )
                if not self._moves[at]:
                    self.cells[at] = self._settled(node, known)
        self._make(wanted)

    def run(self) -> None:
        """Computes all that moves."""
        with quiet():
            for function, args in self.calls:
                function(*args)

    def set(self, name: str, x: Any) -> None:
        """Gives a variable its value."""
        for leaf in self.leaves.get(name, ()):
            leaf[...] = x

    def _settled(self, node: Node, known: Mapping[str, Any]) -> Array:
        """What is the same at each run."""
        if node.op == CONST:
            return node.value if node.cells is None else _laid(array(node.cells), node.shape)
        if node.op == VAR:
            return _laid(known[node.name], node.shape)
        args = [self.cells[arg] for arg in node.args]
        if node.op == SLOPE_OF_TANH:
            found = np.empty(node.shape)
            _slope_of_tanh(args[0], args[1], found)
            return _laid(found, node.shape)
        return _laid(self._general(node)(*args), node.shape)

    def _general(self, node: Node) -> Callable[..., Array]:
        if node.op in TENSORS:
            return kernel(node.op, self._site(node))
        return self._function(node)

    def _site(self, node: Node) -> Site:
        return Site(tuple(self.nodes[arg].shape for arg in node.args), dict(node.settings))

    def _make(self, wanted: Collection[int]) -> None:
        self._look()
        last = self._last(wanted)
        for at, node in enumerate(self.nodes):
            if not self._moves[at]:
                continue
            if node.op == VAR:
                self.cells[at] = np.empty(node.shape)
                self.leaves.setdefault(node.name, []).append(self.cells[at])
                continue
            view = self._view(node)
            if view is not None:
                self.cells[at] = view
                continue
            done = [own for own in {self._owner[arg] for arg in node.args} if last.get(own) == at]
            direct = node.op in _UFUNCS or node.op in _WITH
            if direct:  # written over what it reads
                self._free(done)
            self.cells[at] = np.empty(node.shape) if at in wanted else self._room.take(node.shape)
            self.calls += self._calls(node, self.cells[at])
            if not direct:
                self._free(done)

    def _look(self) -> None:
        for at, node in enumerate(self.nodes):
            if self._moves[at] and self._looks(node):
                self._owner[at] = self._owner[node.args[0]]

    def _looks(self, node: Node) -> bool:
        """Whether a node may be a view."""
        return node.op in _VIEWS or (node.op == "sum_over" and self._of_one(node))

    def _of_one(self, node: Node) -> bool:
        """Whether a sum is over axes of one cell."""
        site = self._site(node)
        return bool(site.x) and all(site.x[axis] == 1 for axis in site.axes)

    def _last(self, wanted: Collection[int]) -> dict[int, int]:
        """Where each array is read for the last time; not those of variables and of what is wanted."""
        last = {self._owner[arg]: at for at, node in enumerate(self.nodes) for arg in node.args}
        kept = {self._owner[at] for at in wanted}
        return {
            at: end
            for at, end in last.items()
            if self._moves[at] and self.nodes[at].op != VAR and at not in kept
        }

    def _free(self, done: Sequence[int]) -> None:
        for at in done:
            self._room.give(self.nodes[at].shape, self.cells[at])

    def _view(self, node: Node) -> Array | None:
        if not self._looks(node):
            return None
        x = self.cells[node.args[0]]
        if node.op in ("reshape", "sum_over"):
            found = np.reshape(x, node.shape)
            if np.may_share_memory(found, x):
                return found
            return None  # its cells lie in another order
        found = kernel(node.op, self._site(node))(x)
        return found if isinstance(found, np.ndarray) else None

    def _calls(self, node: Node, out: Array) -> list[Call]:
        args = [self.cells[arg] for arg in node.args]
        if node.op in _WITH:
            function, number = _WITH[node.op]
            return [(function, (args[0], number, out))]
        if node.op in _UFUNCS and len(args) <= 2:
            return [(_UFUNCS[node.op], (*args, out))]
        if node.op == SLOPE_OF_TANH:
            return [(_slope_of_tanh, (*args, out))]
        if node.op in _REDUCED:
            site = self._site(node)
            return [(_REDUCED[node.op].reduce, (args[0], site.axes, None, out, site["keepdim"]))]
        if node.op == "einsum" and (call := _product(dict(node.settings)["letters"], args, out)):
            return [call]
        return [(_put, (out, self._general(node), *args))]


class _Room:
    """Arrays that nobody reads any more, by shape."""

    def __init__(self) -> None:
        self._free: dict[Shape, list[Array]] = {}

    def take(self, shape: Shape) -> Array:
        free = self._free.get(shape)
        return free.pop() if free else _empty(shape)

    def give(self, shape: Shape, cells: Array) -> None:
        self._free.setdefault(shape, []).append(cells)


def _empty(shape: Shape) -> Array:
    """An array whose longest axis lies innermost, the last one of equals."""
    if len(shape) < 2:
        return np.empty(shape)
    longest = max(range(len(shape)), key=lambda axis: (shape[axis], axis))
    others = [length for axis, length in enumerate(shape) if axis != longest]
    return np.moveaxis(np.empty((*others, shape[longest])), -1, longest)


def _laid(x: Any, shape: Shape) -> Array:
    """The same cells where arrays of this shape have theirs; a number as it is."""
    if shape == ():
        return float(x)
    found = _empty(shape)
    found[...] = x
    return found


def _put(out: Array, function: Callable[..., Array], *args: Array) -> None:
    out[...] = function(*args)


def _slope_of_tanh(x: Array, a: Array, out: Array) -> None:
    np.multiply(a, a, out)
    if x.strides == out.strides:  # one after the other, as they lie there
        x, out = x.ravel("K"), out.ravel("K")
    steep = np.nonzero(out > _STEEP)
    np.subtract(1.0, out, out)
    if len(steep[0]):
        out[steep] = (1 / np.cosh(x[steep])) ** 2


def _product(spec: str, args: Sequence[Array], out: Array) -> Call | None:
    """A contraction of two vectors or matrices as a product of matrices that writes where it is told to."""
    if len(args) != 2 or max(map(np.ndim, (out, *args))) > 2:
        return None
    found = letters.read(spec)
    one, other, result = found.args[0], found.args[1], found.result
    left, right = [x for x in one if x not in other], [x for x in other if x not in one]
    summed = [x for x in one if x in other and x not in result]
    plain = len({*one}) == len(one) and len({*other}) == len(other) and sorted(result) == sorted(left + right)
    if not plain or len(left) > 1 or len(right) > 1 or len(summed) != 1:
        return None
    a = _ordered(args[0], one, (*left, *summed), None if left else 0)
    b = _ordered(args[1], other, (*summed, *right), None if right else 1)
    to = np.transpose(out, [result.index(x) for x in (*left, *right)])
    to = to[None] if not left else to
    to = to[..., None] if not right else to
    if a.shape[1] == 1:
        return np.multiply, (a, b, to)
    if not to.flags.c_contiguous:
        a, b, to = b.T, a.T, to.T
    return (np.matmul, (a, b, to)) if to.flags.c_contiguous else None


def _ordered(x: Array, own: str, wanted: Sequence[str], missing: int | None) -> Array:
    """A matrix with its axes in this order; a vector gets an axis of one cell."""
    found = np.transpose(x, [own.index(one) for one in wanted])
    return found if missing is None else np.expand_dims(found, missing)

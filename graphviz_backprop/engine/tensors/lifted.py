"""Samples as one more letter: a program at many samples at once is a program with one axis more.

Where data is bound, a variable has an axis of samples in front, and so has all that it reaches: ``ik,kj->ij``
becomes ``sik,kj->sij`` where only the first argument has samples. What has none is copied where it meets what
has, and a copy's backward rule is a sum: so the gradient of a parameter is the sum over the samples, made by
the contraction itself. The result is a graph like any other, with a tape like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from string import ascii_letters
from typing import Any, NamedTuple

from graphviz_backprop.language import letters
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.definitions import definition
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.shapes import Misfit, Shape, size
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import TENSORS, Settings, Site


def lifted(graph: Graph, columns: Container[str], samples: int) -> Graph:
    """The program's output at so many samples, added up; ``columns`` are the variables that have samples.

    Raises Misfit for a row that can't take another axis, and where a tensor would be too large.
    """
    lift = _Lift(Builder("graph"), samples)
    found = lift.whole(graph, lambda node: lift.leaf(node, node.name in columns))[-1]
    every = lift.wide(found, found.shape)
    total = lift.builder.apply("sum_over", (every,), (0, 0), (("axis", 0), ("keepdim", False)))
    return lift.builder.graph(graph.text, total, graph.positions)


class _Part(NamedTuple):
    """A node of the program there: its shape at one sample, and whether samples stand in front of it."""

    at: int
    shape: Shape
    many: bool


class _Lift:
    def __init__(self, builder: Builder, samples: int) -> None:
        self.builder = builder
        self.samples = samples

    def whole(self, graph: Graph, leaf: Callable[[Node], _Part]) -> list[_Part]:
        return graph.fold(
            leaf, lambda node: _Part(self.builder.add(node, ()), node.shape, False), self.applied
        )

    def leaf(self, node: Node, many: bool) -> _Part:
        if not many:
            return _Part(self.builder.add(node, ()), node.shape, False)
        return _Part(self.builder.var(node.name, shape=(self.samples, *node.shape)), node.shape, True)

    def applied(self, node: Node, args: Sequence[_Part]) -> _Part:
        if not any(arg.many for arg in args):
            return _Part(self.builder.add(node, [arg.at for arg in args]), node.shape, False)
        if node.op not in TENSORS:
            return _Part(self.put(node.op, [self.beside(arg, node.shape) for arg in args]), node.shape, True)
        rule = _RULES.get(node.op)
        if rule is not None:
            return _Part(rule(self, node, args), node.shape, True)
        if TENSORS[node.op].primitive:
            raise Misfit(f"{node.op} does not take samples")
        return self._defined(node, args)

    def _defined(self, node: Node, args: Sequence[_Part]) -> _Part:
        """A composite as what it is made of."""
        site = Site(tuple(arg.shape for arg in args), dict(node.settings))
        inner = definition(TENSORS[node.op], site)
        return self.whole(inner, lambda leaf: args[int(leaf.name[1:])])[-1]

    def put(self, op: str, args: Sequence[int], settings: Settings = ()) -> int:
        return self.builder.apply(op, tuple(args), (0, 0), settings)

    def shaped(self, at: int, shape: Shape) -> int:
        """The same cells in another shape."""
        return at if self.builder.shape(at) == shape else self.put("reshape", (at,), (("shape", shape),))

    def wide(self, part: _Part, shape: Shape) -> int:
        """It at each sample, in a shape that its own is broadcast to."""
        full = (self.samples, *shape)
        at = part.at
        if part.many:
            at = self.shaped(at, (self.samples, *(1,) * (len(shape) - len(part.shape)), *part.shape))
        return at if self.builder.shape(at) == full else self.put("broadcast", (at,), (("shape", full),))

    def beside(self, part: _Part, shape: Shape) -> int:
        """It for a row that goes cell by cell: a number that nothing flows back to stays one."""
        return part.at if self.builder.is_number(part.at) else self.wide(part, shape)

    def moved(self, at: int, axes: Sequence[int]) -> int:
        """The axes in another order."""
        if list(axes) == list(range(len(axes))):
            return at
        return self.put("transpose", (at,), (("axes", tuple(axes)),))


def _changed(node: Node, **settings: Any) -> Settings:
    return tuple((dict(node.settings) | settings).items())


def _further(axis: Any, rank: int) -> Any:
    """An axis, some or all, counted behind the samples."""
    if axis is None:
        axis = tuple(range(rank))
        return tuple(at + 1 for at in axis) if rank != 1 else 1
    return tuple(at + 1 for at in axis) if isinstance(axis, tuple) else axis + 1


def _along(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    """Rows of one argument that go along an axis, or over all of them."""
    (x,) = args
    if not x.shape:
        raise Misfit(f"{node.op} of a number does not take samples")
    return lift.put(
        node.op, (x.at,), _changed(node, axis=_further(dict(node.settings)["axis"], len(x.shape)))
    )


def _chosen(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    """The place of the largest cell, or the smallest."""
    (x,) = args
    axis = dict(node.settings)["axis"]
    if axis is not None:
        return _along(lift, node, args)
    flat = lift.shaped(x.at, (lift.samples, size(x.shape)))
    return lift.put(node.op, (flat,), (("axis", 1),))


def _same(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    """Rows that know the last axes alone."""
    return lift.put(node.op, [arg.at for arg in args], node.settings)


def _joined(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    axis = dict(node.settings)["axis"]
    return lift.put(node.op, [lift.wide(arg, arg.shape) for arg in args], _changed(node, axis=axis + 1))


def _contracted(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    found = letters.read(dict(node.settings)["letters"])
    used = {*found.result, *"".join(found.args)}
    own = next(letter for letter in f"s{ascii_letters}" if letter not in used)
    given = ",".join(own * arg.many + part for arg, part in zip(args, found.args, strict=True))
    return lift.put(node.op, [arg.at for arg in args], (("letters", f"{given}->{own}{found.result}"),))


def _gathered(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    x, *indices = args
    axis, rank = dict(node.settings)["axis"], max(len(index.shape) for index in indices)
    if not any(index.many for index in indices):
        return lift.put(node.op, [arg.at for arg in args], (("axis", axis + 1),))
    places = [_index(lift, index, rank) for index in indices]
    behind = len(x.shape) - axis - len(indices)
    if not x.many:
        found = lift.put(node.op, [x.at, *places], (("axis", axis),))
        return lift.moved(found, [axis, *range(axis), *range(axis + 1, axis + 1 + rank + behind)])
    # both: the sample is one more index, and what stands before the indices goes behind them for a while
    first, last = axis + 1, axis + 1 + len(indices)
    ordered = lift.moved(x.at, [0, *range(first, last), *range(1, first), *range(last, last + behind)])
    numbers = Tensor((lift.samples,), tuple(map(float, range(lift.samples))))
    own = lift.shaped(lift.builder.const(numbers), (lift.samples, *(1,) * rank))
    found = lift.put(node.op, [ordered, own, *places], (("axis", 0),))
    before = range(1 + rank, 1 + rank + axis)
    return lift.moved(found, [0, *before, *range(1, 1 + rank), *range(before.stop, before.stop + behind)])


def _index(lift: _Lift, index: _Part, rank: int) -> int:
    """An index whose samples stand in front of all axes that indices have together."""
    if not index.many:
        return index.at
    return lift.shaped(index.at, (lift.samples, *(1,) * (rank - len(index.shape)), *index.shape))


def _unfolded(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    (x,) = args
    pictures = x.at if len(x.shape) > 2 else lift.shaped(x.at, (lift.samples, 1, *x.shape))
    return lift.put(node.op, (pictures,), node.settings)


def _folded(lift: _Lift, node: Node, args: Sequence[_Part]) -> int:
    channels = (1,) * (len(node.shape) == 2)
    found = lift.put(node.op, (args[0].at,), _changed(node, shape=(lift.samples, *channels, *node.shape)))
    return lift.shaped(found, (lift.samples, *node.shape))


def _at_each(lift: _Lift, node: Node) -> Settings:
    entries = dict(node.settings)["at"]
    return _changed(node, at=((0, lift.samples, 1), *entries))


_Rule = Callable[[_Lift, Node, Sequence[_Part]], int]

_RULES: Mapping[str, _Rule] = {
    "broadcast": lambda lift, node, args: lift.wide(args[0], node.shape),
    "reshape": lambda lift, node, args: lift.shaped(args[0].at, (lift.samples, *node.shape)),
    "transpose": lambda lift, node, args: lift.moved(
        args[0].at, [0, *(axis + 1 for axis in dict(node.settings)["axes"])]
    ),
    "slice": lambda lift, node, args: lift.put(node.op, (args[0].at,), _at_each(lift, node)),
    "pad": lambda lift, node, args: lift.put(
        node.op,
        (args[0].at,),
        tuple((dict(_at_each(lift, node)) | {"shape": (lift.samples, *node.shape)}).items()),
    ),
    "gather": _gathered,
    "concat": _joined,
    "stack": _joined,
    "unfold": _unfolded,
    "fold": _folded,
    "tril": _same,
    "triu": _same,
    "one_hot": _same,
    "einsum": _contracted,
    "argmax": _chosen,
    "argmin": _chosen,
    **dict.fromkeys(
        (
            *("sum_over", "mean_over", "prod_over", "max_over", "min_over", "logsumexp_over"),
            *("variance", "std", "norm", "cumsum", "flip", "argsort", "softmax", "log_softmax"),
        ),
        _along,
    ),
}
"""How a row takes samples; composites without a rule do as what they are made of."""

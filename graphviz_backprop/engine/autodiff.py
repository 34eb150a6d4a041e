"""Forward and backward pass: a graph, a point, and every number in between.

A graph is evaluated in two ways that agree to the last bit: node by node
(:mod:`graphviz_backprop.engine.interpreter`), which is ready at once, and as straight-line Python
(:mod:`graphviz_backprop.engine.straight`), which is compiled once that pays. Both run on floats and on NumPy
arrays, a column per variable giving a column per field; only the kernels differ.

Reverse accumulation as in Griewank & Walther, *Evaluating Derivatives* (2008), chapter 3: a node's
gradient is the sum of the flows over its outgoing edges, a flow is the parent's gradient times the
local partial. Nothing is computed for what no variable reaches.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

from graphviz_backprop.engine import straight
from graphviz_backprop.engine.codegen import FLOATS
from graphviz_backprop.engine.functions import defined
from graphviz_backprop.engine.interpreter import Interpreter, Numbers
from graphviz_backprop.engine.kernels import FAST, REFUSALS, SCALAR
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import VAR, Graph

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphviz_backprop.engine.tensors.program import Program

Column: TypeAlias = "npt.NDArray[np.float64]"
N = TypeVar("N", float, "Column")
"""What a run computes with: float, or Column, one number for each row of the data."""

_NUMBERS = frozenset((float, int, bool))
_UNUSUAL = (KeyError, TypeError, *REFUSALS)  # what code for floats and whole numbers raises at anything else
_FAST: Mapping[str, Any] = {**FAST, "float": float, "int": int, "refused": int.__float__}
_INTERPRETER = Interpreter(SCALAR)


class ByNode(Sequence[Sequence[N | None]], Generic[N]):
    """Numbers of edges by their parent: a view of all of them in a row, since a tuple a node takes time."""

    __slots__ = ("_first", "_flat")

    def __init__(self, flat: Sequence[N | None], first: Sequence[int]) -> None:
        self._flat: Sequence[N | None] = flat
        self._first = first

    def __len__(self) -> int:
        return len(self._first) - 1

    @overload
    def __getitem__(self, at: int) -> Sequence[N | None]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[N | None]]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]  # from the end, too, and never past it
        return self._flat[self._first[at] : self._first[at + 1]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByNode) and (self._flat, self._first) == (other._flat, other._first)

    def __hash__(self) -> int:
        return hash((self._flat, self._first))


class Run(Generic[N]):
    """One evaluation of a graph: every number of the forward and the backward pass. It does not change.

    ``values`` and ``gradients`` go by the node's position, ``partials`` and ``flows`` by the parent's
    position and the argument's number; None stands where no variable reaches. A run that was asked for its
    gradient alone computes the rest when it is read.

    Runs of the same graph at the same point are equal.
    """

    __slots__ = ("_at", "_compiled", "_numbers", "_seed", "_slope")

    def __init__(
        self,
        compiled: Compiled,
        at: Mapping[str, Any],
        seed: Any,
        slope: tuple[Any, dict[str, Any]] | None = None,
        numbers: Numbers | None = None,
    ) -> None:
        self._compiled = compiled
        self._at = at
        self._seed = seed
        self._slope = slope
        self._numbers = numbers

    @property
    def graph(self) -> Graph:
        """What was evaluated."""
        return self._compiled.graph

    @property
    def variables(self) -> Mapping[str, N]:
        """The point: the value of each variable, by name. It can't be written to."""
        if self._at.__class__ is not MappingProxyType:
            at = {name: float(x) if isinstance(x, int) else x for name, x in self._at.items()}
            self._at = MappingProxyType(at)
        return self._at

    @property
    def seed(self) -> N:
        """The gradient at the output."""
        return float(self._seed) if isinstance(self._seed, int) else self._seed  # type: ignore[return-value]

    @property
    def upstream(self) -> str:
        """Of what the gradients are, if not of the output: of a larger network's L, where a seed is not 1."""
        plain = self.seed == 1
        return "" if (plain if isinstance(plain, bool) else plain.all()) else "L"

    @property
    def shape(self) -> tuple[int, ...]:
        """How many samples there are, of columns; ``()`` for a run at numbers."""
        seed: tuple[int, ...] = getattr(self._seed, "shape", ())  # beside columns the seed is one, too
        return seed[: len(seed) - len(self.graph.output.shape)]

    @property
    def value(self) -> N:
        """The output's value."""
        found: N = self._all[0][-1] if self._slope is None else self._slope[0]
        return found

    @property
    def gradient(self) -> dict[str, N]:
        """∂output/∂x of each variable, times the seed: the sum over its leaves."""
        if self._slope is None:
            self._slope = self._all[0][-1], self._compiled.totals(self._all[1], self.seed)
        return self._slope[1].copy()

    @property
    def values(self) -> Sequence[N]:
        return self._all[0]

    @property
    def gradients(self) -> Sequence[N | None]:
        return self._all[1]

    @property
    def partials(self) -> Sequence[Sequence[N | None]]:
        return ByNode(self._all[2], self.graph.first_edges)

    @property
    def flows(self) -> Sequence[Sequence[N | None]]:
        return ByNode(self._all[3], self.graph.first_edges)

    @property
    def _all(self) -> Numbers:
        if self._numbers is None:
            self._numbers = self._compiled.numbers(self.variables, self.seed)
        return self._numbers

    def fields(self) -> dict[str, N | None]:
        """Every number by the name under which it is shown: ``c.value``, ``c.0.flow``, ``x.total``.

        A tensor is told in a few letters; columns stay what they are.
        """
        found = self.cells()
        if self.graph.of_numbers or self.shape:
            return found
        from graphviz_backprop.engine.tensors.shown import cells

        return self.told(found) | cells(self.graph, found)

    def told(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Fields in which a tensor is told in a few letters."""
        if self.graph.of_numbers or self.shape:
            return fields
        from graphviz_backprop.engine.tensors.summary import field

        return {name: field(x) for name, x in fields.items()}

    def cells(self) -> dict[str, N | None]:
        """The same, of tensors with all their cells."""
        found: dict[str, N | None] = {}
        values, gradients, partials, flows = self._all
        numbers = zip(partials, flows, strict=True)
        for at, node in enumerate(self.graph.nodes):
            found[f"{node.id}.value"] = values[at]
            found[f"{node.id}.gradient"] = gradients[at]
            for arg, child in enumerate(node.args):
                edge = f"{node.id}.{arg}"
                found[f"{edge}.value"] = values[child]
                found[f"{edge}.partial"], found[f"{edge}.flow"] = next(numbers)
        for name, gradient in self.gradient.items():
            found[f"{name}.total"] = gradient
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Run):
            return NotImplemented
        return self.graph == other.graph and _same(_point(self), _point(other))

    def __hash__(self) -> int:
        return hash((self.graph.text, self.graph.view))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.graph, dict(self.variables), self.seed, type(self))


def _point(run: Run[Any]) -> list[Any]:
    return [run.seed, *(run.variables[name] for name in run.graph.variables)]


def _again(graph: Graph, at: Mapping[str, Any], seed: Any, kind: type[Run[Any]]) -> Run[Any]:
    """A run that was stored: its numbers are computed anew."""
    return Compiled(graph, kind)(at, seed)


def _same(ours: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether floats or columns are the same: NaN is NaN, and 0 is not -0."""
    if all(isinstance(x, float) for x in (*ours, *others)):
        return [x.hex() for x in ours] == [x.hex() for x in others]
    from graphviz_backprop.engine import columns

    return all(map(columns.same, ours, others))


_PAYS = 20
"""How many evaluations node by node take about as long as compiling: the next one should be compiled."""


class _Warming:
    """A function that is compiled once it has been wanted often enough; until then it is None.

    Compiling after as many evaluations as it costs takes at most twice the time of whoever knows in advance
    how many there will be (the rule for renting or buying skis).
    """

    def __init__(self, source: Callable[[], str], kernels: Callable[[], Mapping[str, Any]]) -> None:
        self._source, self._kernels, self._rented = source, kernels, 0
        self.function: Callable[..., Any] | None = None

    def wanted(self) -> Callable[..., Any] | None:
        """The function, if it is worth having by now."""
        self._rented += 1
        if self.function is None and self._rented > _PAYS:
            self.function = defined(self._source(), self._kernels())
        return self.function


class Compiled:
    """A graph ready to be evaluated, again and again; ``kind`` is the class of its runs."""

    def __init__(self, graph: Graph, kind: type[Run[Any]] = Run) -> None:
        self.graph = graph
        self.of_numbers = graph.of_numbers
        self._kind = kind
        self._count = len(graph.variables)
        self._slope = _Warming(lambda: straight.gradient(graph), lambda: _FAST)
        self._floats = _Warming(lambda: straight.everything(graph, FLOATS), lambda: _FAST)
        self._columns = _Warming(lambda: straight.everything(graph), _arrays)

    @property
    def source(self) -> str:
        """The straight-line Python of both passes, for any kernels."""
        return straight.everything(self.graph)

    def __call__(self, at: Mapping[str, Any], seed: Any = 1.0) -> Run[Any]:
        """Evaluates at floats or at equally long columns; a float beside a column is the same in each row.

        A variable without a value is where the program lets it start.

        Raises ValueError for a variable without a value, a name that is no variable, columns of
        different lengths or with masked rows, and what is no number.
        """
        point, upstream = self._point(at, seed)
        return self._kind(self, point, upstream, None, self.numbers(point, upstream))

    def gradient(self, at: Mapping[str, Any], seed: Any = 1.0) -> Any:
        """The same, for whom value and gradient may be all: the run computes the rest when it is read."""
        if not self.of_numbers:
            return self(at, seed)
        slope = self._slope.function
        if slope is not None and len(at) == self._count:
            try:
                return self._kind(self, at, seed, slope(at, seed))
            except _UNUSUAL:
                pass
        point, upstream = self._point(at, seed)
        if isinstance(upstream, float) and (slope := self._slope.wanted()):
            try:
                return self._kind(self, point, upstream, slope(point, upstream))
            except REFUSALS:
                pass
        return self._kind(self, point, upstream, None, self.numbers(point, upstream))

    def numbers(self, at: Mapping[str, Any], seed: Any) -> Numbers:
        """Every number at floats, or at columns if the seed is one."""
        if not self.of_numbers:
            return self.tensors.numbers(at, seed)
        if not isinstance(seed, float):
            with _quiet(seed):
                if run := self._columns.wanted():
                    return run(at, seed)  # type: ignore[no-any-return]
                return _array_interpreter()(self.graph, at, seed)
        if run := self._floats.wanted():
            try:
                return run(at, seed)  # type: ignore[no-any-return]
            except REFUSALS:
                pass
        return _INTERPRETER(self.graph, at, seed)

    @cached_property
    def tensors(self) -> Program:
        """Both passes on arrays, of a graph with tensors."""
        from graphviz_backprop.engine.tensors.program import Program  # and NumPy with it

        return Program(self.graph)

    def totals(self, gradients: Sequence[Any], seed: Any) -> dict[str, Any]:
        """The gradient by the variables: the sums over their leaves."""
        with _quiet(seed if self.of_numbers else None):
            return {
                name: functools.reduce(operator.add, [gradients[at] for at in leaves])
                for name, leaves in self._leaves.items()
            }

    @cached_property
    def _leaves(self) -> dict[str, list[int]]:
        leaves: dict[str, list[int]] = {name: [] for name in self.graph.variables}
        for at, node in enumerate(self.graph.nodes):
            if node.op == VAR:
                leaves[node.name].append(at)
        return leaves

    def function(self) -> Callable[[Sequence[float]], tuple[float, tuple[float, ...]]]:
        """The output and its gradient as a function of a point, a number for each of ``graph.variables``.

        It keeps nothing else. Raises ValueError for a point of another length, TypeError for what
        is no number.
        """

        if not self.of_numbers:
            raise ValueError("a function of numbers alone is made of a program of numbers: this has tensors")

        def otherwise(point: Sequence[float]) -> tuple[float, tuple[float, ...]]:
            names = ", ".join(self.graph.variables)
            if not isinstance(point, Iterable):
                raise TypeError(f"a point is a sequence of numbers, for {names}")
            if len(point) != self._count:
                raise ValueError(f"a point has {self._count} numbers, for {names}; this one has {len(point)}")
            if not {float}.issuperset(map(type, point)):
                return run([_number(x) for x in point])  # type: ignore[no-any-return]
            numbers = self.numbers(dict(zip(self.graph.variables, point, strict=True)), 1.0)
            return numbers[0][-1], tuple(self.totals(numbers[1], 1.0).values())

        run = defined(straight.function(self.graph), {**_FAST, "otherwise": otherwise, "refusals": _UNUSUAL})
        return run

    def _point(self, at: Mapping[str, Any], seed: Any) -> tuple[Mapping[str, Any], Any]:
        """The values as floats, or all as columns."""
        at = {**self.graph.start, **at}
        if len(at) != self._count or any(name not in at for name in self.graph.variables):
            self._refuse(at)
        if not self.of_numbers:
            from graphviz_backprop.engine.tensors.point import point

            return point(self.graph, at, seed)
        kinds = {type(seed), *map(type, at.values())}
        if kinds <= _NUMBERS:
            return {name: float(x) for name, x in at.items()}, float(seed)
        from graphviz_backprop.engine import columns

        return columns.point(at, seed)

    def _refuse(self, at: Mapping[str, Any]) -> None:
        for name in self.graph.variables:
            if name not in at:
                raise ValueError(f"{name} has no value")
        for name in at:
            if name not in self.graph.variables:
                raise ValueError(f"{name} is not a variable of this program")


def compile(graph: Graph) -> Compiled:
    """A graph ready to be evaluated; do it once and call the result often."""
    return Compiled(graph)


def _number(x: Any) -> float:
    """A number of any kind as a float."""
    if isinstance(x, str):
        raise TypeError(f"a number is needed, not the text {x!r}")
    return float(x)


def _arrays() -> Mapping[str, Any]:
    from graphviz_backprop.engine.columns import ARRAY  # and NumPy with it, which floats alone don't need

    return ARRAY


@functools.cache
def _array_interpreter() -> Interpreter:
    return Interpreter(_arrays())


def _quiet(seed: Any) -> AbstractContextManager[object]:
    """Where columns are computed NumPy does not warn; where the seed is a float there are none."""
    if isinstance(seed, float):
        return nullcontext()
    from graphviz_backprop.engine import columns

    return columns.quiet()

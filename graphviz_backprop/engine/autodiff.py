"""Forward and backward pass: a graph compiled once into straight-line Python.

The source is made of the rows' templates and of names of ours alone. The same code runs on floats and
on NumPy arrays, a column per variable giving a column per field; only the kernels differ.

Reverse accumulation as in Griewank & Walther, *Evaluating Derivatives* (2008), chapter 3: a node's
gradient is the sum of the flows over its outgoing edges, a flow is the parent's gradient times the
local partial. Nothing is computed for what no variable reaches.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Generic, TypeVar, overload

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.codegen import PYTHON, formulas
from graphviz_backprop.engine.functions import defined
from graphviz_backprop.engine.kernels import ARRAY, SCALAR
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import CONST, VAR, Graph

Column = npt.NDArray[np.float64]
N = TypeVar("N", float, Column)
"""What a run computes with: float, or Column, one number for each row of the data."""

_FLOATS = frozenset((float,))
_NUMBERS = re.compile(r"(?<!['\w])[vgpwk][0-9]+(?:_[0-9]+)?\b")  # the names in the source that hold numbers
_NOTHING = "0.0"  # the gradient of what the output does not need; nothing flows on from there
_TERMS = 50  # of a sum in one line of source, so that Python's own parser need not nest deeply


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


@dataclass(eq=False, slots=True)  # frozen would double the time of a small evaluation
class Run(Generic[N]):
    """One evaluation of a graph: every number of the forward and the backward pass.

    ``values`` and ``gradients`` go by the node's position, ``partials`` and ``flows`` by the parent's
    position and the argument's number; None stands where no variable reaches.
    """

    graph: Graph
    variables: Mapping[str, N]
    seed: N
    values: Sequence[N]
    gradients: Sequence[N | None]
    partials: Sequence[Sequence[N | None]]
    flows: Sequence[Sequence[N | None]]

    @property
    def value(self) -> N:
        """The output's value."""
        return self.values[-1]

    @property
    def gradient(self) -> dict[str, N]:
        """∂output/∂x of each variable, times the seed: the sum over its leaves."""
        total: dict[str, N] = {}
        for node, gradient in zip(self.graph.nodes, self.gradients, strict=True):
            if node.op == VAR and gradient is not None:
                known = total.get(node.name)
                total[node.name] = gradient if known is None else _sum(known, gradient)
        return total

    def fields(self) -> dict[str, N | None]:
        """Every number by the name under which it is shown: ``c.value``, ``c.0.flow``, ``x.total``."""
        found: dict[str, N | None] = {}
        for at, node in enumerate(self.graph.nodes):
            found[f"{node.id}.value"] = self.values[at]
            found[f"{node.id}.gradient"] = self.gradients[at]
            for arg, child in enumerate(node.args):
                edge = f"{node.id}.{arg}"
                found[f"{edge}.value"] = self.values[child]
                found[f"{edge}.partial"] = self.partials[at][arg]
                found[f"{edge}.flow"] = self.flows[at][arg]
        for name, gradient in self.gradient.items():
            found[f"{name}.total"] = gradient
        return found


class Compiled:
    """A graph ready to run. ``source`` is the straight-line Python."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._count = len(graph.variables)
        self._first = graph.first_edges
        self.source = "\n".join(_source(graph))
        code = builtins.compile(self.source, f"<{graph.output.id}>", "exec")
        self._scalar = defined(code, SCALAR)
        self._code = code

    @cached_property
    def _array(self) -> Callable[..., Any]:
        return defined(self._code, ARRAY)

    def __call__(self, at: Mapping[str, Any], seed: Any = 1.0) -> Run[Any]:
        """Evaluates at floats or at equally long columns; a float beside a column is the same in each row.

        A variable without a value is where the program lets it start.

        Raises ValueError for a variable without a value, a name that is no variable and columns of
        different lengths.
        """
        if self.graph.start:
            at = {**self.graph.start, **at}
        if len(at) != self._count:
            self._refuse(at)
        try:
            return self._run(at, seed)
        except KeyError:
            self._refuse(at)
            raise

    def _run(self, at: Mapping[str, Any], seed: Any) -> Run[Any]:
        if type(seed) is float and _FLOATS.issuperset(map(type, at.values())):
            return self._kept(dict(at), seed, self._scalar(at, seed))
        inputs = {name: _column_or_float(x) for name, x in at.items()}
        upstream = _column_or_float(seed)
        shape = np.broadcast_shapes(*map(np.shape, (*inputs.values(), upstream)))
        if shape == ():
            return self._kept(inputs, upstream, self._scalar(inputs, upstream))
        columns = {name: np.broadcast_to(x, shape) for name, x in inputs.items()}
        upstream = np.broadcast_to(upstream, shape)
        with np.errstate(all="ignore"):
            return self._kept(columns, upstream, self._array(columns, upstream))

    def _kept(self, at: Mapping[str, Any], seed: Any, numbers: tuple[Any, ...]) -> Run[Any]:
        values, gradients, partials, flows = numbers
        first = self._first
        return Run(self.graph, at, seed, values, gradients, ByNode(partials, first), ByNode(flows, first))

    def _refuse(self, at: Mapping[str, Any]) -> None:
        for name in self.graph.variables:
            if name not in at:
                raise ValueError(f"{name} has no value")
        for name in at:
            if name not in self.graph.variables:
                raise ValueError(f"{name} is not a variable of this program")


def compile(graph: Graph) -> Compiled:
    """Compiles a graph; do it once and call the result often."""
    return Compiled(graph)


class Slope:
    """The output and its derivatives by some variables, summed over rows: no other number is kept.

    Only what these variables reach is differentiated, and what is the same in each row is computed once.
    """

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        self.source = "\n".join(_thrifty(list(_slope_source(graph, names))))
        self._run = defined(builtins.compile(self.source, f"<{graph.output.id}>", "exec"), ARRAY)

    def __call__(self, at: Mapping[str, Any], rows: int) -> tuple[float, Column]:
        """The sums over so many rows, at floats and columns of that length."""
        with np.errstate(all="ignore"):
            value, gradients = self._run(at, 1.0)
            sums = [sum((_total(leaf, rows) for leaf in leaves), 0.0) for leaves in gradients]
            return _total(value, rows), np.array(sums)


def _total(x: float | Column, rows: int) -> float:
    return float(np.sum(x)) if np.ndim(x) else float(x) * rows


def _column_or_float(x: Any) -> float | Column:
    return float(x) if np.ndim(x) == 0 else np.asarray(x, dtype=np.float64)


def _sum(x: N, y: N) -> N:
    if isinstance(x, float):
        return x + y
    with np.errstate(all="ignore"):
        return x + y


# The source. v12 is the value of node 12, g12 its gradient, p12_0 and w12_0 the partial and the flow
# of the edge into it at argument 0.


def _source(graph: Graph) -> Iterator[str]:
    yield "def run(at, seed):"
    yield from _forward(graph)
    partials, flows, gradients = _nothing(graph)
    yield from _backward(graph, graph.active, partials, flows, gradients)
    values = (f"v{at}" for at in range(len(graph.nodes)))
    rows = (chain.from_iterable(partials), chain.from_iterable(flows))
    yield f" return {_tuple(values)}, {_tuple(gradients)}, {_tuple(rows[0])}, {_tuple(rows[1])}"


def _slope_source(graph: Graph, names: Sequence[str]) -> Iterator[str]:
    """The same lines, as far as these variables need them; for each, the gradients of its leaves."""
    active: list[bool] = []
    for node in graph.nodes:
        active.append(node.name in names if node.op == VAR else any(active[arg] for arg in node.args))
    partials, flows, gradients = _nothing(graph)
    yield "def run(at, seed):"
    yield from _forward(graph)
    yield from _backward(graph, active, partials, flows, gradients)
    leaves: dict[str | None, list[str]] = {name: [] for name in names}
    for node, gradient in zip(graph.nodes, gradients, strict=True):
        if node.op == VAR and node.name in leaves:
            leaves[node.name].append(gradient)
    yield f" return v{len(graph.nodes) - 1}, {_tuple(_tuple(leaves[name]) for name in names)}"


def _thrifty(lines: Sequence[str]) -> Iterator[str]:
    """The lines, each of which lets go of what no later one reads: its memory is still in the cache."""
    last: dict[str, int] = {}
    for at, line in enumerate(lines):
        last.update(dict.fromkeys(_NUMBERS.findall(line), at))
    for at, line in enumerate(lines):
        done = [name for name in dict.fromkeys(_NUMBERS.findall(line)) if last[name] == at]
        yield f"{line}; del {', '.join(done)}" if done and not line.startswith(" return") else line


def _nothing(graph: Graph) -> tuple[list[list[str]], list[list[str]], list[str]]:
    """Texts of partials, flows and gradients before the backward pass."""
    partials: list[list[str]] = [["None"] * len(node.args) for node in graph.nodes]
    return partials, [list(row) for row in partials], ["None"] * len(graph.nodes)


def _tuple(parts: Any) -> str:
    inside = ",".join(parts)
    return f"({inside},)" if inside else "()"


def _forward(graph: Graph) -> Iterator[str]:
    for at, node in enumerate(graph.nodes):
        if node.op == CONST:
            yield f" v{at} = {PYTHON.number(node.value)}"
        elif node.op == VAR:
            yield f" v{at} = at[{node.name!r}]"
        else:
            yield f" v{at} = {formulas(node.op, PYTHON).value([f'v{arg}' for arg in node.args])}"


def _backward(
    graph: Graph,
    active: Sequence[bool],
    partials: list[list[str]],
    flows: list[list[str]],
    gradients: list[str],
) -> Iterator[str]:
    """The lines of the backward pass; fills in the texts of partials, flows and gradients."""
    inflows: list[list[str]] = [[] for _ in graph.nodes]
    inflows[-1] = ["seed"]
    for at in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[at]
        if not active[at]:
            continue
        yield from _gradient(at, inflows[at], gradients)
        yield from _ties(graph, at)
        args = [f"v{arg}" for arg in node.args]
        for arg, child in enumerate(node.args):
            if active[child]:
                yield from _edge(graph, at, arg, args, partials, flows, gradients[at])
                if flows[at][arg] != _NOTHING:
                    inflows[child].append(flows[at][arg])


def _gradient(at: int, inflows: list[str], gradients: list[str]) -> Iterator[str]:
    """The sum of what flows in; a single flow is the gradient itself."""
    if len(inflows) < 2:
        gradients[at] = inflows[0] if inflows else _NOTHING
        return
    gradients[at] = f"g{at}"
    terms = iter(inflows)
    yield f" g{at} = {' + '.join(islice(terms, _TERMS))}"
    while part := list(islice(terms, _TERMS)):
        yield f" g{at} = {' + '.join([f'g{at}', *part])}"


def _ties(graph: Graph, at: int) -> Iterator[str]:
    """For max and min: how many arguments equal the result."""
    node = graph.nodes[at]
    if node.args and formulas(node.op, PYTHON).counts:
        yield f" k{at} = count(v{at}, {', '.join(f'v{arg}' for arg in node.args)})"


def _edge(
    graph: Graph,
    at: int,
    arg: int,
    args: Sequence[str],
    partials: list[list[str]],
    flows: list[list[str]],
    gradient: str,
) -> Iterator[str]:
    """One edge's partial and flow; texts that are a name or a number already need no line."""
    node = graph.nodes[at]
    partial = formulas(node.op, PYTHON).partial(arg, args, f"v{at}", f"k{at}")
    if "(" in partial:
        yield f" p{at}_{arg} = {partial}"
        partial = f"p{at}_{arg}"
    partials[at][arg] = partial
    flows[at][arg] = f"w{at}_{arg}"
    if partial == "1.0" or gradient == _NOTHING:
        flows[at][arg] = gradient
    elif partial == "-1.0":
        yield f" w{at}_{arg} = -{gradient}"
    else:
        yield f" w{at}_{arg} = {gradient} * {partial}"

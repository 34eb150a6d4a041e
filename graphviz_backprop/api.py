"""The Python API: what ``import graphviz_backprop as gb`` gives.

graph = gb.parse("(4*x+1)^2")
run = graph.evaluate(x=1)       # run.value 25.0, run.gradient {"x": 40.0}
run                             # in Jupyter: the figure
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graphviz_backprop.data import datasets
from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Column, Compiled
from graphviz_backprop.explain import differences, paths, probe, sides, steps, trouble
from graphviz_backprop.explain.paths import Ledger
from graphviz_backprop.explain.probe import Nudge
from graphviz_backprop.explain.sides import Sides
from graphviz_backprop.explain.steps import ReadStep
from graphviz_backprop.explain.trouble import Finding
from graphviz_backprop.jobs.layout import Layout, LayoutTimeout, TooLarge
from graphviz_backprop.language import graph, parser, printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.expand import expand
from graphviz_backprop.network import builder as networks
from graphviz_backprop.network.builder import Architecture


@dataclass(frozen=True)
class Graph(graph.Graph):
    """A program as a graph that can be evaluated, opened and differentiated."""

    @cached_property
    def compiled(self) -> Compiled:
        """The graph ready to be evaluated, again and again."""
        return Compiled(self, Run)

    @property
    def source(self) -> str:
        """The program in the language, as it was understood."""
        return printers.source(self)

    def evaluate(self, at: Mapping[str, Any] | None = None, /, *, seed: Any = 1.0, **variables: Any) -> Run:
        """The forward and the backward pass at a point, given as a mapping, by keyword, or both.

        Arrays are columns, one row for each sample; all have the same length. ``seed`` is the gradient
        at the output (dL/dz of a larger network). Raises ValueError for a variable without a value and
        for a name that is no variable.
        """
        run: Run = self.compiled.gradient(variables if at is None else {**at, **variables}, seed)
        return run

    def expand(self, ids: Collection[str] | None = None) -> Graph:
        """Composite operations opened: all of them entirely, or those of these nodes by one level."""
        return _own(expand(self, ids))

    def derivative(self, variable: str, simplify: bool = False) -> Any:
        """∂output/∂variable as a SymPy expression, raw as the chain rule gives it or simplified.

        Raises ValueError for a name that is no variable, or a graph that is too large.
        """
        from graphviz_backprop.explain import symbolic  # SymPy takes as long to load as all the rest

        return symbolic.derivative(self, variable, simplify)


class Run(autodiff.Run[Any]):
    """One evaluation: its numbers, explained; in a notebook, its figure."""

    __slots__ = ()

    def steps(self, upstream: str = "") -> list[ReadStep]:
        """Both passes step by step: ``phase``, ``node``, ``rule``, ``text``, ``value``.

        With ``upstream`` the gradients are those of a larger network's output of that name, and the seed is
        ∂upstream/∂output; with a seed other than 1 it is "L" if not said otherwise.
        """
        return steps.read_all(self, upstream)

    def paths(self, target: str, most: int = 20) -> Ledger:
        """The paths from the output to a variable or node, largest first, and how they add up."""
        return paths.paths(self, target, most)

    def check(self) -> dict[str, float]:
        """The relative error of each variable's gradient against a central difference; NaN: none can tell."""
        return {name: found.error for name, found in differences.check(self, self._compiled).items()}

    def nudge(self, target: str, h: float) -> dict[str, Nudge]:
        """What a nudge of a variable or node by h changes, by id: ``predicted``, ``actual``, ``miss``."""
        return probe.nudge(self, target, h)

    def sides(self) -> dict[str, Sides]:
        """The derivatives to the ``left`` and to the ``right`` of each variable; they differ at kinks."""
        return sides.sides(self)

    def findings(self) -> list[Finding]:
        """What is wrong, or to know: NaN and infinities with their reasons, kinks, slopes near 0."""
        return trouble.findings(self)

    def tangents(self, variable: str) -> dict[str, float]:
        """Forward mode: ∂node/∂variable by the node's id."""
        return probe.tangents_by_id(self, variable)

    def svg(self, direction: str = "up") -> str:
        """The figure as an SVG file, values filled in; of columns, the first row's.

        Raises TooLarge or LayoutTimeout where no figure can be drawn.
        """
        with Layout() as layout:
            return layout.figure(self.graph, direction).standalone(self._first_row())

    def _first_row(self) -> dict[str, float | None]:
        return {
            name: None if number is None else float(np.ravel(number)[0])
            for name, number in self.fields().items()
        }

    def _repr_svg_(self) -> str | None:
        try:
            return self.svg()
        except (TooLarge, LayoutTimeout):
            return None  # the text stands instead

    def __repr__(self) -> str:
        at = ", ".join(f"{name}={number}" for name, number in self.variables.items())
        return f"<Run at {at or 'no variables'}: value {self.value}, gradient {self.gradient}>"


def parse(text: str, view: str = "tree") -> Graph:
    """The graph of a program. Raises ExpressionError: message, start, end, hint."""
    return _own(parser.parse(text, view))


@dataclass(frozen=True)
class NetworkGraph(Graph):
    """The graph of a network that was built: ``initial`` has its weights and biases by name."""

    architecture: Architecture
    initial: Mapping[str, float] = field(hash=False)


def network(
    sizes: Sequence[int],
    activation: str | Sequence[str] = "sigmoid",
    output: str = "sigmoid",
    loss: str = "squared",
    init: str = "xavier",
    seed: int = 0,
    bias: bool = True,
    scale: float = 0.5,
    view: str = "tree",
) -> NetworkGraph:
    """A neural network, layer by layer, as a program: its ``text``, and ``initial`` values to start from.

    ``sizes`` has the number of neurons of each layer, inputs first: ``[2, 3, 1]``. ``activation`` is that of
    the hidden layers, sigmoid, tanh, relu, leaky_relu, gelu, softplus or linear, or has one name for each;
    ``output`` may also be softmax. ``loss`` is squared (summed over the outputs), mean_squared,
    binary_cross_entropy (with sigmoid) or categorical_cross_entropy (with softmax). ``init`` is zeros,
    constant or uniform (of size ``scale``), xavier or he, as PyTorch's. Raises ValueError for what does not
    exist, does not fit together or exceeds :data:`graphviz_backprop.network.builder.LIMITS`.
    """
    shape = networks.architecture(sizes, activation, output, loss, bias)
    start = networks.initial(shape, init, seed, scale)
    found = parser.parse(networks.program(shape), view)
    return NetworkGraph(found.text, found.view, found.nodes, shape, start)


def data(name: str, n: int = 200, seed: int = 0, noise: float = 0.1) -> dict[str, Column]:
    """A built-in set: ``line``, ``xor``, ``moons``, ``circles``, ``spiral`` or ``iris``; columns by name."""
    return datasets.make(name, n, seed, noise)


def _own(found: graph.Graph) -> Graph:
    return Graph(found.text, found.view, found.nodes)

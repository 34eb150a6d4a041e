"""Text -> graph -> compiled, kept for the programs in use."""

from __future__ import annotations

import functools
import math
import operator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from graphviz_backprop.engine import autodiff, through
from graphviz_backprop.engine.autodiff import Compiled, Run
from graphviz_backprop.explain.grading.hidden import NOTHING, Veil, items, veil_of
from graphviz_backprop.explain.grading.renamed import renamed
from graphviz_backprop.jobs.remembered import Remembered
from graphviz_backprop.language import folding
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.expand import expand
from graphviz_backprop.language.focus import Focus, focus
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.groups import Group
from graphviz_backprop.language.parser import Limits
from graphviz_backprop.language.pasted.reading import parse
from graphviz_backprop.language.pinned import pinned
from graphviz_backprop.language.shapes import said
from graphviz_backprop.network.groups import grouped_as
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.recogniser import NoNetwork, recognise
from graphviz_backprop.network.tensors import Form, form
from graphviz_backprop.web import apart
from graphviz_backprop.web.asked import limits as shared
from graphviz_backprop.web.asked.state import Mistake, State

# What a request may ask for; the Python API takes more.
LIMITS = Limits(characters=50_000, nodes=5_000, variables=500, cells=1_000_000)

# Beyond this a program takes tenths of seconds, in which every other request waits for the interpreter, too.
_LONG = 2_000  # characters
_MANY = 500  # nodes
_CELLS = 50_000
_IN_TENSORS = "it is one in tensors: the pane Network draws it neuron by neuron"
_NODES = 100_000  # a node and what is compiled of it take about a kilobyte


@dataclass(frozen=True, eq=False)
class Program:
    graph: Graph
    compiled: Compiled
    pinned: tuple[tuple[str, float], ...] = ()
    tensors: Form | None = None
    """The network in tensors that this program has in numbers."""
    written: Graph | None = None
    """The graph of that network as it is written."""

    @cached_property
    def recognised(self) -> Network | NoNetwork:
        """The network that the program is, or the reason why it is none."""
        try:
            return recognise(self.graph)
        except NoNetwork as reason:
            return reason if self.graph.of_numbers or self.form is None else NoNetwork(_IN_TENSORS)

    @cached_property
    def form(self) -> Form | None:
        """The network in tensors that this is, or that it was written as."""
        if self.graph.of_numbers:
            return self.tensors
        try:
            return form(self.graph)
        except (NoNetwork, ValueError):
            return None

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        network = self.recognised
        return grouped_as(self.graph, network if isinstance(network, Network) else None)

    @cached_property
    def is_large(self) -> bool:
        """Whether others would wait for it."""
        nodes = self.graph.nodes
        return len(nodes) > _MANY or sum(math.prod(node.shape) for node in nodes) > _CELLS

    def fold(self, state: State) -> Fold:
        """The graph as it is shown, some groups closed."""
        return _fold(self, state.open, state.shut, state.constants == "hidden", state.focus)

    def run(self, state: State) -> Run[float]:
        """Forward and backward pass at the state's values. Raises Mistake for a tensor of another shape."""
        point: dict[str, Any] = {}
        numbers = state.begun(self.graph.number_start)
        for name, shape in self.graph.shapes.items():
            given = state.tensors.get(name)
            of_given = given.shape if given else () if name in state.at else shape
            if of_given != shape:
                found = said(of_given)
                raise Mistake(f"at.{name}", f"at.{name} is {found}, and {name} is {said(shape)}.")
            if not shape:
                point[name] = numbers.value(name)
            elif given:
                point[name] = given
        return self.compiled(point, state.seed)

    def veil(self, state: State) -> Veil:
        """What of its numbers a state hides."""
        return _veil(self.graph, self._named(state, state.hide), self.written) if state.hide else NOTHING

    def asks(self, state: State) -> Veil:
        """What of them it asks for."""
        return _veil(self.graph, self._named(state, state.ask), None) if state.ask else self.veil(state)

    def _named(self, state: State, text: str) -> tuple[str, ...]:
        """The items of a text, by the nodes of the view that is shown."""
        if state.names in ("", state.program_view):
            return tuple(items(text))
        opened = "all" if state.open == "all" else ""  # what is opened keeps its id
        named, shown = (
            program(state.expr, view, opened, state.dialect).graph
            for view in (state.names, state.program_view)
        )
        return tuple(renamed(text, named, shown))


@lru_cache(maxsize=32)
def _veil(graph: Graph, named: tuple[str, ...], written: Graph | None) -> Veil:
    """What these items hide; in numbers, also what they hide of the tensors that they are the cells of."""
    if written is None:
        return veil_of(graph, named)
    return veil_of(graph, (*veil_of(written, named).kinds(), *named))


PROGRAMS: Remembered[Program] = Remembered(_NODES, lambda found: len(found.graph.nodes))
"""Those that were asked for last."""

_FOLDS: Remembered[Fold] = Remembered(_NODES, lambda found: len(found.graph.nodes))


def _fold(program: Program, opened: str, shut: str, bare: bool, part: str) -> Fold:
    def make() -> Fold:
        chosen = _listed(opened), _listed(shut)
        return folding.fold(program.graph, program.groups, *chosen, bare, _focus(program.graph, part))

    return _FOLDS.get((program, opened, shut, bare, part), make)


def _focus(graph: Graph, part: str) -> Focus | None:
    """What is in focus; what names nothing of the graph is passed over."""
    try:
        return focus(graph, _listed(part)) if part else None
    except ValueError:
        return None


def _listed(ids: str) -> list[str]:
    """The ids of a parameter, no more of them than are read."""
    return ids.split(",", shared.LIMITS.opened)[: shared.LIMITS.opened] if ids else []


def asked(state: State) -> Program:
    """The program that a state asks for, its pinned variables constants.

    Raises ExpressionError for a mistake in the text. What asks for a large program is answered apart.
    """
    if len(state.expr) > _LONG:
        apart.needed()
    found = program(state.expr, state.program_view, composites(state.open), state.dialect)
    if found.is_large:
        apart.needed()
    if state.shows("network") and not found.graph.of_numbers:
        found = _in_numbers(found, state)
    names = [name for name in state.pins if name in found.graph.variables]
    if not names or found.tensors:
        return found
    at = state.begun(found.graph.number_start).values(name for name in names if not found.graph.shapes[name])
    return _pinned(state.expr, state.program_view, composites(state.open), state.dialect, tuple(at.items()))


def _in_numbers(found: Program, state: State) -> Program:
    """A network in tensors as one in numbers, which starts where the state has its cells."""
    given = tuple(sorted(state.tensors.items()))

    def make() -> Program:
        if found.form is None:
            return found
        fitting = {name: x for name, x in given if found.graph.shapes.get(name) == x.shape}
        starts = found.form.values(fitting)
        nodes = tuple(
            node._replace(start=starts.get(node.name, node.start)) if node.op == VAR else node
            for node in found.form.numbers.nodes
        )
        graph = replace(found.form.numbers, nodes=nodes)
        return Program(graph, autodiff.compile(graph), tensors=found.form, written=found.graph)

    key = (state.expr, state.program_view, composites(state.open), state.dialect, given, "in numbers")
    return PROGRAMS.get(key, make)


def _pinned(text: str, view: str, opened: str, dialect: str, at: tuple[tuple[str, float], ...]) -> Program:
    def make() -> Program:
        graph = pinned(program(text, view, opened, dialect).graph, dict(at))
        return Program(graph, autodiff.compile(graph), at)

    return PROGRAMS.get((text, view, opened, dialect, at), make)


def program(text: str, view: str, opened: str = "", dialect: str = "auto") -> Program:
    """A program, its composite nodes ``opened`` one after the other (ids with commas between them), or
    ``"all"``. Raises ExpressionError for a mistake in the text; an id that can't be opened is passed over."""

    def make() -> Program:
        graph = _opened(parse(text, view, LIMITS, None if dialect == "auto" else dialect), opened)
        return Program(graph, autodiff.compile(graph))

    return PROGRAMS.get((text, view, opened, dialect), make)


def _opened(graph: Graph, opened: str) -> Graph:
    if opened == "all":
        whole = expand(graph)
        return whole if len(whole.nodes) <= LIMITS.nodes else graph
    for node in opened_nodes(opened):
        graph = expand(graph, [node])
    return graph


def opened_nodes(opened: str) -> list[str]:
    """The ids of a parameter ``open`` that are those of nodes: groups change the figure alone."""
    return [id_ for id_ in _listed(opened) if "~" not in id_] if opened != "all" else []


def composites(opened: str) -> str:
    """The part of a parameter ``open`` that the graph depends on."""
    return opened if opened == "all" else ",".join(opened_nodes(opened))


def shown_fields(found: Program, state: State) -> dict[str, float | None]:
    """The graph's numbers as a file shows them: with nothing where the state hides them."""
    return found.veil(state).over(drawn(found.run(state), found.fold(state)))


def fields(run: Run[float]) -> dict[str, float | None]:
    """Every live number of the page by its field.

    ``gradient.length`` is |∇|, ``W.total.norm`` the part of it along a tensor, ``x.direction`` the
    component of ∇/|∇|, the direction of steepest ascent, ``c.1.together`` what the edges that join the same
    two nodes as the edge ``c.1`` have for local partials.
    """
    numbers = {name: total for name, total in run.gradient.items() if isinstance(total, float)}
    cells = _cells(run)
    length = math.hypot(*numbers.values(), *chain(*cells.values()))
    direction = {
        f"{name}.direction": total / length if length > 0 else None for name, total in numbers.items()
    }
    norms = {f"{name}.total.norm": math.hypot(*own) for name, own in cells.items()}
    return {**run.fields(), **_together(run), **direction, **norms, "gradient.length": length}


def drawn(run: Run[float], fold: Fold) -> dict[str, float | None]:
    """Every number of the figure by its field."""
    return {**run.fields(), **through.fields(run, fold)}


def _cells(run: Run[Any]) -> dict[str, list[float]]:
    """The gradients by tensors, cell by cell."""
    return {n: total.ravel().tolist() for n, total in run.gradient.items() if not isinstance(total, float)}


def _together(run: Run[float]) -> dict[str, float | None]:
    """By the last of several edges that join the same two nodes."""
    found: dict[str, float | None] = {}
    for node, partials in zip(run.graph.nodes, run.partials, strict=True):
        for args in node.repeated().values():
            known = [partial for arg in args if (partial := partials[arg]) is not None]
            found[f"{node.id}.{args[-1]}.together"] = functools.reduce(operator.add, known) if known else None
    return found

"""What the page's templates show: all of it follows from the state, each part in a module of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.chosen import choices
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.web.asked.program import Program, asked
from graphviz_backprop.web.asked.state import PANES, PARAMETERS, Mistake, Slider, State
from graphviz_backprop.web.shown.chosen import Chosen
from graphviz_backprop.web.shown.inputs import Input, inputs
from graphviz_backprop.web.shown.layers import Layers
from graphviz_backprop.web.shown.ledger import ShownLedger
from graphviz_backprop.web.shown.moved import Moved
from graphviz_backprop.web.shown.opened import Opened
from graphviz_backprop.web.shown.panels import about
from graphviz_backprop.web.shown.picture import Picture
from graphviz_backprop.web.shown.played import Played
from graphviz_backprop.web.shown.text import Text

MANY = 24
_FEW = 12  # variables that stand side by side
"""More boxes to tick than these stand behind one for all."""


@dataclass(frozen=True)
class Scene:
    """A state, and the graph that it gives unless the program has a mistake."""

    state: State
    mistakes: list[Mistake]
    program: Program | None
    run: Run[float] | None
    problem: ExpressionError | None

    @cached_property
    def text(self) -> Text:
        return Text(self.state, self.graph, self.problem)

    @cached_property
    def picture(self) -> Picture:
        return Picture(self.state, self.program)

    @cached_property
    def played(self) -> Played:
        return Played(self.state, self.program, self.run, self.about, self.chosen)

    @cached_property
    def layers(self) -> Layers:
        return Layers(self.state, self.program)

    @cached_property
    def opened(self) -> Opened:
        return Opened(self.state)

    @property
    def graph(self) -> Graph | None:
        return self.program.graph if self.program else None

    @property
    def output(self) -> str:
        return self.graph.output.id if self.graph else ""

    @property
    def about(self) -> str:
        """The variable or node that the explanations are about."""
        return about(self.program, self.state) if self.program else ""

    @cached_property
    def moved(self) -> Moved | None:
        """What the nudge test of a program with tensors moves."""
        return Moved(self.graph, self.about) if self.graph and not self.graph.of_numbers else None

    @cached_property
    def ledger(self) -> ShownLedger | None:
        """The paths to what is explained, of a program with tensors."""
        if self.moved is None or self.program is None:
            return None
        return ShownLedger(self.moved.graph, self.moved.target, self.program.fold(self.state))

    @property
    def standing(self) -> list[str]:
        """The panes that stand there, as they stand."""
        return self.state.panes.split(",")

    @property
    def panes(self) -> list[str]:
        """The templates of all panes, those that stand there first; a network alone is in the figure's."""
        figure = {} if self.state.has_both else {"network": "graph"}
        return list(dict.fromkeys((*(figure.get(pane, pane) for pane in self.standing), *PANES)))

    def framed(self, alone: bool = False) -> list[str]:
        """The templates of those panes that a page in a frame has: nobody can open others in it.

        One that stands ``alone``, as a file, has what its numbers need beside those that stand there.
        """
        state = self.state
        needed = {"plot": state.k >= 0, "data": bool(state.data)}
        return [
            pane
            for pane in self.panes
            if pane in self.standing
            or pane in ("graph", "network")
            or (needed.get(pane) if alone else pane != "nodes")
        ]

    @property
    def inspects(self) -> bool:
        """Whether the inspector is open."""
        return self.state.inspector == "open" or (self.state.inspector == "auto" and len(self.standing) == 1)

    @property
    def tab(self) -> str:
        """What a small screen shows below the figure: what was asked for beside it, if nobody chose."""
        two = len(self.standing) > 1
        if self.state.tab == "auto":
            return "explain" if self.chosen else "pane" if two else "variables"
        return self.state.tab if two or self.state.tab != "pane" else "variables"

    @cached_property
    def chosen(self) -> Chosen | None:
        """What is chosen; None where the address names nothing of this graph."""
        if self.program is None or self.graph is None or not self.state.about:
            return None
        upstream = "" if self.state.seed == 1 else "L"
        fold = self.program.fold(self.state)
        chosen = Chosen(self.graph, self.state.about, upstream, fold, self.run)
        return chosen if chosen.kind else None

    @property
    def formula_key(self) -> str:
        """What a closed form depends on."""
        of = self.state
        return "\n".join((of.program_view, of.open, of.dialect, self.about, of.expr))

    @cached_property
    def sliders(self) -> list[Slider]:
        shapes = self.graph.shapes if self.graph else {}
        return (
            [self.state.slider(name) for name in self.graph.variables if not shapes[name]]
            if self.graph
            else []
        )

    @cached_property
    def inputs(self) -> list[Input]:
        """The variables that are tensors."""
        return inputs(self.graph, self.state)

    @property
    def slider_groups(self) -> list[tuple[str, list[Slider]]]:
        """The sliders under their titles: those of a network by what they are for, others under none."""
        by_name = {slider.name: slider for slider in self.sliders}
        return [(title, [by_name[name] for name in names]) for title, names in self._grouped(by_name)]

    @property
    def moving_groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What a descent may move: a few one by one, more in the same groups, many without groups as one."""
        variables = tuple(self.graph.variables) if self.graph else ()
        if 0 < len(variables) <= _FEW:
            return (("", variables),)
        groups = self._grouped(variables)
        if len(groups) == 1 and len(variables) > MANY:
            return (("Variables", variables),)
        return groups

    def _grouped(self, variables: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Variables under their titles: those of a network by what they are for, others under none."""
        left = dict.fromkeys(variables)
        found = [
            (group.title, tuple(name for name in group.names if name in left)) for group in self.layers.groups
        ]
        grouped = {name for _, names in found for name in names}
        found.append(("Others" if found else "", tuple(name for name in left if name not in grouped)))
        return tuple((title, names) for title, names in found if names)

    @property
    def pinned(self) -> tuple[tuple[str, float], ...]:
        """The variables that are constants, and what they are."""
        return self.program.pinned if self.program else ()

    @cached_property
    def query(self) -> str:
        return self.state.query(self.graph.variables if self.graph else ())

    @property
    def whole_query(self) -> str:
        """The query of all that the state speaks of, also where the program has a mistake."""
        state = self.state
        families = (state.at, state.tensors, state.min, state.max, state.step, state.start)
        return state.query(sorted({name for family in families for name in family}))

    @property
    def carried(self) -> list[tuple[str, str | float]]:
        """What the form has no control for at the moment, and an unscripted one must not lose."""
        has_subject = self.graph is not None and bool(self.graph.variables)
        loose: dict[str, str | float] = {
            parameter.name: getattr(self.state, parameter.field)
            for parameter in PARAMETERS
            if not parameter.control
        }
        loose["frame"] = self.played.frame
        if not has_subject:
            loose["about"] = self.state.about
        nudges = has_subject and self.opened.panel("nudge")
        if not nudges:
            loose["h"] = self.state.h
        if not nudges or self.moved is None or not self.moved.whole:
            loose |= {"along": self.state.along, "drawn": self.state.drawn}
        plain = State()
        return [(name, value) for name, value in loose.items() if value != getattr(plain, name)]

    @property
    def kept(self) -> list[tuple[str, str | float]]:
        """All that is chosen beside the program and its variables, for a page without controls for it."""
        own = (row for row in PARAMETERS if not row.family and row.name != "expr")
        found = [(row.name, getattr(self.state, row.field), row.default) for row in own]
        return [(name, value) for name, value, usual in found if value != usual]


def scene(state: State, mistakes: list[Mistake]) -> Scene:
    try:
        found = asked(state)
    except ExpressionError as problem:
        return Scene(state, mistakes, None, None, problem)
    state = replace(state.begun(found.graph.number_start), choices=choices(found.graph))
    try:
        return Scene(state, mistakes, found, found.run(state), None)
    except Mistake as mistake:  # a tensor of another shape: the program's own stands instead
        state = state.without(found.graph.shapes)
        return Scene(state, [*mistakes, mistake], found, found.run(state), None)

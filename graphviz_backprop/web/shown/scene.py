"""What the page's templates show: everything that follows from the state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from graphviz_backprop.document import dumps, structure
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.signs import signs
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.figure.network_sketch import blocks
from graphviz_backprop.language import printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.expand import composite
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.notes import rewritten
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.recogniser import NoNetwork
from graphviz_backprop.web.asked.kinds import CLOSED
from graphviz_backprop.web.asked.limits import LIMITS
from graphviz_backprop.web.asked.program import Program, asked, fields, opened_nodes
from graphviz_backprop.web.asked.state import PANELS, PARAMETERS, Mistake, Slider, State
from graphviz_backprop.web.shown import drawing
from graphviz_backprop.web.shown.derivation import Derived
from graphviz_backprop.web.shown.matrices import MatrixForm, matrix_forms
from graphviz_backprop.web.shown.panels import Fields, panel_fields, subject
from graphviz_backprop.web.shown.steps import ShownStep, TooMany, shown_steps

# A table longer than this is of no use to a reader, and slow in a browser.
ROWS = 1_000
# A sum of a hundred terms has a hundred partials: its row shows the first.
ROW_EDGES = 6
# Formulas beyond this are no longer set: neither a reader nor a browser copes.
SET_NODES = 300


@dataclass(frozen=True)
class Row:
    """A line of the table of nodes: ``c = a · b``, its place in the program, whether it has a gradient.

    ``edges`` are those that a gradient flows through: the name of the local partial, and of the edge.
    """

    id: str
    formula: str
    span: tuple[int, int]
    active: bool
    edges: tuple[tuple[str, str], ...]
    composite: bool


@dataclass(frozen=True)
class Scene:
    """A state, and the graph that it gives unless the program has a mistake."""

    state: State
    mistakes: list[Mistake]
    program: Program | None
    run: Run[float] | None
    problem: ExpressionError | None

    @property
    def graph(self) -> Graph | None:
        return self.program.graph if self.program else None

    @cached_property
    def fields(self) -> Fields:
        if self.run is None or self.program is None:
            return {}
        opened = panel_fields(self.state.panels, self.run, self.program.compiled, self.about, self.state.h)
        written = signs(self.run) if self.state.frame >= 0 else {}
        return {**fields(self.run), **opened, **written}

    @property
    def about(self) -> str:
        """The variable or node that the explanations are about."""
        return subject(self.graph, self.state.about) if self.graph else ""

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """The nodes that can be explained: those with a gradient, but no variables."""
        rows = [row for row in self.rows if row.active]
        return [(row.id, row.formula) for row in rows if row.edges]

    @property
    def opened(self) -> list[str]:
        """The composite nodes that are opened, in the order in which they were."""
        return opened_nodes(self.state.open)

    def closing(self, node: str) -> str:
        """The parameter ``open`` with this node closed again, and all that was opened after it."""
        return ",".join(self.opened[: self.opened.index(node)]) or CLOSED

    @property
    def openable(self) -> bool:
        """Whether one more node can be opened."""
        return len(self.opened) < LIMITS.opened

    def open(self, panel: str) -> bool:
        """Whether a panel is open."""
        return panel in self.state.panels.split(",")

    def opening(self, panel: str) -> str:
        """The parameter ``panels`` with this one open, too."""
        return ",".join(name for name in PANELS if name == panel or self.open(name))

    @property
    def carried(self) -> list[tuple[str, str | float]]:
        """What the form has no control for at the moment, and an unscripted one must not lose."""
        has_subject = self.graph is not None and bool(self.graph.variables)
        loose: dict[str, str | float] = {
            parameter.name: getattr(self.state, parameter.field)
            for parameter in PARAMETERS
            if not parameter.control
        }
        loose["frame"] = self.frame
        if not has_subject:
            loose["about"] = self.state.about
        if not has_subject or not self.open("nudge"):
            loose["h"] = self.state.h
        plain = State()
        return [(name, value) for name, value in loose.items() if value != getattr(plain, name)]

    @property
    def network(self) -> Network | None:
        """The network that the program is, if it is one and that is asked for."""
        return self._recognised if isinstance(self._recognised, Network) else None

    @property
    def no_network(self) -> str:
        """Why it is none."""
        return str(self._recognised) if isinstance(self._recognised, NoNetwork) else ""

    @property
    def _recognised(self) -> Network | NoNetwork | None:
        wanted = self.program is not None and "network" in (self.state.side, self.state.view)
        return self.program.recognised if self.program and wanted else None

    @property
    def matrices(self) -> list[MatrixForm]:
        """The network's layers in matrices, that of what is derived open."""
        if self.network is None:
            return []
        return matrix_forms(self.network, self.derived.name)

    @cached_property
    def derived(self) -> Derived:
        """The derivation of a gradient of the network, which there has to be."""
        assert self.network is not None
        return Derived(self.network, self.state.weight, self.state.unfold, self.state.index)

    @property
    def blocks(self) -> tuple[int, ...]:
        """The network's layers that are drawn as one block each."""
        return blocks(self.network, self.state.opened_layers) if self.network else ()

    @property
    def closable(self) -> tuple[int, ...]:
        """The layers that are drawn neuron by neuron because they were opened."""
        if self.network is None:
            return ()
        opened = self.state.opened_layers
        drawn = [number for number in opened if number not in self.blocks]
        return tuple(n for n in drawn if n in blocks(self.network, [other for other in opened if other != n]))

    @property
    def formula_key(self) -> str:
        """What a closed form depends on."""
        return "\n".join((self.state.program_view, self.state.open, self.about, self.state.expr))

    @property
    def output(self) -> str:
        return self.graph.output.id if self.graph else ""

    @property
    def sliders(self) -> list[Slider]:
        return [self.state.slider(name) for name in self.graph.variables] if self.graph else []

    @property
    def pinned(self) -> tuple[tuple[str, float], ...]:
        """The variables that are constants, and what they are."""
        return self.program.pinned if self.program else ()

    @property
    def query(self) -> str:
        return self.state.query(self.graph.variables if self.graph else ())

    @cached_property
    def readings(self) -> list[Reading]:
        """Where the program may be meant otherwise, and the queries of the pages where it is."""
        if self.graph is None:
            return []
        names = self.state.at
        return [
            Reading(
                note.message,
                note.replacement,
                replace(self.state, expr=rewritten(self.state.expr, note)).query(names),
            )
            for note in self.graph.notes[:READINGS]
        ]

    @property
    def mathml(self) -> Markup:
        if self.graph is None or len(self.graph.nodes) > SET_NODES:
            return Markup()
        return Markup("\n".join(printers.mathml(self.graph)))

    @cached_property
    def figure(self) -> Markup | None:
        """The figure, or None where :attr:`undrawn` says why there is none."""
        return self._drawn[0]

    @property
    def undrawn(self) -> str:
        return self._drawn[1]

    @cached_property
    def _drawn(self) -> tuple[Markup | None, str]:
        if self.program is None:
            return None, ""
        try:
            return Markup(drawing.figure(self.program, self.state).template), ""
        except drawing.UNDRAWN as refusal:
            return None, str(refusal)

    @property
    def rows(self) -> list[Row]:
        if self.graph is None:
            return []
        return [_row(self.graph, position) for position in range(min(ROWS, len(self.graph.nodes)))]

    @property
    def steps(self) -> tuple[ShownStep, ...]:
        """The steps of both passes, once they are asked for."""
        return self._stepped[0]

    @property
    def unstepped(self) -> str:
        """Why there are no steps, where they are asked for."""
        return self._stepped[1]

    @cached_property
    def _stepped(self) -> tuple[tuple[ShownStep, ...], str]:
        if self.graph is None or self.state.frame < 0:
            return (), ""
        try:
            return shown_steps(self.graph, self.state.seed != 1), ""
        except TooMany as refusal:
            return (), str(refusal)

    @cached_property
    def frame(self) -> int:
        """Where the player stands: at the last step at most; -1, and everything is shown."""
        return min(self.state.frame, len(self.steps) - 1)

    @cached_property
    def reached(self) -> Fields:
        """The page's fields as far as the player has come: what is later has no number yet."""
        later = [field for shown in self.steps[self.frame + 1 :] for field in shown.shows]
        return {**self.fields, **dict.fromkeys(later if self.frame >= 0 else ())}

    @property
    def structure(self) -> Markup:
        """The graph for the browser, safe inside a script element."""
        if self.graph is None:
            return Markup("null")
        return Markup(dumps(structure(self.graph)).replace("<", "\\u003c"))

    @property
    def place(self) -> tuple[str, str, str]:
        """The program before the mistake, the mistake itself, and the program after it."""
        text = self.state.expr
        if self.problem is None:
            return text, "", ""
        start, end = self.problem.start, max(self.problem.end, self.problem.start)
        return text[:start], text[start:end], text[end:]

    @property
    def complaint(self) -> str:
        """The mistake's message as a sentence; a name of the program keeps its small letter."""
        message = self.problem.message if self.problem else ""
        named = message.split(" ", 1)[0] in self.state.expr
        return message if named else message[:1].upper() + message[1:]

    def filled(self, markup: str) -> str:
        """Rendered markup with its numbers, as far as the player has come."""
        return fill(markup, self.reached)

    def announced(self, name: str) -> str:
        """What a screen reader says of a variable's slider."""
        if self.run is None:
            return ""
        said = [f"{name} = {format_number(self.state.value(name))}"]
        for what, field in (("value", f"{self.output}.value"), ("gradient", f"{name}.total")):
            number = self.reached[field]
            if isinstance(number, float):
                said.append(f"{what} {format_number(number)}")
        return ", ".join(said)


def _row(graph: Graph, position: int) -> Row:
    node = graph.nodes[position]
    edges = tuple(
        (f"∂{node.id}/∂{graph.nodes[child].id}", f"{node.id}.{arg}")
        for arg, child in enumerate(node.args)
        if graph.active[child]
    )
    formula = printers.label(graph, position)
    return Row(node.id, formula, node.span, graph.active[position], edges[:ROW_EDGES], composite(node))


READINGS = 5  # that are told: more would hide the formula


@dataclass(frozen=True)
class Reading:
    """Another reading of the program: what it is, what to write for it, the query of that page."""

    message: str
    replacement: str
    query: str


def scene(state: State, mistakes: list[Mistake]) -> Scene:
    try:
        found = asked(state)
    except ExpressionError as problem:
        return Scene(state, mistakes, None, None, problem)
    state = state.begun(found.graph.start)
    return Scene(state, mistakes, found, found.run(state), None)

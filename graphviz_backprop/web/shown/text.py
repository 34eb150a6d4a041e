"""What stands around the program's text: its mistake, its formula, what else it may mean."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from graphviz_backprop.language import printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.notes import rewritten
from graphviz_backprop.language.wrapped import wrapped
from graphviz_backprop.web.asked.state import State

# Formulas beyond this are no longer set: neither a reader nor a browser copes.
SET_NODES = 300
# Other readings that are told: more would hide the formula.
READINGS = 5


@dataclass(frozen=True)
class Reading:
    """Another reading of the program: what it is, what to write for it, the query of that page."""

    message: str
    replacement: str
    query: str


@dataclass(frozen=True)
class Text:
    """The text, and the graph that it gives or its mistake."""

    state: State
    graph: Graph | None
    problem: ExpressionError | None

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

    @cached_property
    def readings(self) -> list[Reading]:
        """Where the program may be meant otherwise, and the queries of the pages where it is."""
        if self.graph is None or self.graph.pasted:
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
    def pasted(self) -> Reading | None:
        """What a text of another dialect was read as: the dialect, the program, the page of that."""
        if self.graph is None or self.graph.pasted is None:
            return None
        _, title, program = self.graph.pasted
        return Reading(title, program, replace(self.state, expr=program, dialect="auto").query(self.state.at))

    @cached_property
    def mathml(self) -> Markup:
        if self.graph is None or len(self.graph.nodes) > SET_NODES:
            return Markup()
        lines = (
            line.replace('display="block"', 'displaystyle="true"') for line in printers.mathml(self.graph)
        )
        return Markup("\n").join(Markup(f"<p>{wrapped(line)}</p>") for line in lines)

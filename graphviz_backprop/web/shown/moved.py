"""The nudge test of a program with tensors: what moves, and by how much the output follows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup

from graphviz_backprop.document import ahead, dumps, forward
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.tensors.cells import At, find
from graphviz_backprop.figure.sketch import sizes
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.shapes import said
from graphviz_backprop.language.tensor import cell, place
from graphviz_backprop.web.asked.state import WAYS, State

_Fields = dict[str, float | str | None]

_KINDS = ("predicted", "actual", "miss")
UNREACHED = "No variable reaches it: it has no gradient, and nothing is predicted."
_LABELS = {
    "gradient": "its gradient, G / ‖G‖",
    "ones": "all cells alike, 1 / √{count}",
    "random": "a random direction",
}


@dataclass(frozen=True)
class Moved:
    """A variable, a node, or a cell of one, by the key that the page knows it by."""

    graph: Graph
    key: str

    @cached_property
    def at(self) -> At | None:
        return find(self.graph, self.key)

    @cached_property
    def target(self) -> str:
        """The variable, or the node's id; of a cell what it is in."""
        if self.at is None:
            return self.key
        node = self.graph.nodes[self.at.node]
        return node.name if node.op == VAR else node.id

    @property
    def node(self) -> Node:
        return self.graph.nodes[places(self.graph, self.target)[0]]

    @property
    def name(self) -> str:
        """As one types it: ``W[0, 1]``."""
        return cell(self.target, place(self.at.cell, self.node.shape)) if self.at else self.target

    @property
    def active(self) -> bool:
        """Whether it has a gradient."""
        return self.graph.active[self.graph.positions[self.node.id]]

    @property
    def whole(self) -> bool:
        """Whether all cells of a tensor move, in some direction."""
        return self.at is None and bool(self.node.shape)

    @property
    def said(self) -> str:
        return said(self.node.shape)

    @property
    def sizes(self) -> str:
        return ", ".join(map(str, self.node.shape))

    @property
    def ways(self) -> list[tuple[str, str]]:
        """The directions, and what they are."""
        count = 1
        for length in self.node.shape:
            count *= length
        return [(way, _LABELS[way].format(count=count)) for way in WAYS]

    @cached_property
    def _on(self) -> list[int]:
        from graphviz_backprop.explain.tensors.probe import on_the_way

        return on_the_way(self.graph, self.target) if self.active else []

    @property
    def way(self) -> list[tuple[str, str]]:
        """The nodes that move with it, up to the output, and their shapes as badges."""
        nodes = [self.graph.nodes[at] for at in self._on]
        return [(node.id, sizes(node.shape) if node.shape else "") for node in nodes]

    @property
    def document(self) -> Markup:
        """What the browser needs to move it: ``static/explain/tensornudge.js``."""
        from graphviz_backprop.explain.tensors.probe import BROKEN, FLAT, moving

        moved = moving(self.graph, self.target)
        variable = moved.graph is self.graph
        on = self._on
        found = {
            "name": moved.name,
            "gradient": f"{self.target}.{'total' if variable else 'gradient'}",
            "value": f"{self.node.id}.value",
            "cell": self.at.cell if self.at else None,
            "whole": self.whole,
            "active": self.active,
            "tape": None if variable else forward(moved.graph, on),
            "way": ahead(self.graph, places(self.graph, self.target), on) | {"at": on} if on else None,
            "said": {"flat": FLAT, "broken": BROKEN, "unreached": UNREACHED},
        }
        return Markup(dumps(found).replace("<", "\\u003c"))

    def fields(self, run: Run[Any], state: State) -> _Fields:
        """What is predicted and what happens; or why there is nothing to be told."""
        from graphviz_backprop.explain.tensors.probe import along_the_way, direction, nudge

        found: _Fields = dict.fromkeys(("nudge.predicted", "nudge.actual", "nudge.miss"))
        found |= dict.fromkeys(f"way.{at}.{kind}" for at in range(len(self.way)) for kind in _KINDS)
        by: Any = state.h
        if not self.active:
            return found | {"nudge.said": UNREACHED}
        try:
            if self.whole:
                by = state.h * direction(run, self.target, state.along, max(state.drawn, 0))
        except ValueError as reason:
            return found | {"nudge.said": str(reason)}
        (told,) = nudge(run, self.name, by).values()
        numbers = {f"nudge.{kind}": number for kind, number in asdict(told).items()}
        each = enumerate(along_the_way(run, self.name, by).values())
        numbers |= {f"way.{at}.{kind}": number for at, one in each for kind, number in asdict(one).items()}
        return found | numbers | {"nudge.said": ""}

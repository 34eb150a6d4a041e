"""The path ledger of a tensor on the page: "through Q", "through K", and what each brings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from graphviz_backprop.document import along, dumps
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.tensors.ledger import Boxes, Route, boxes_of, routes, through
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.grid import grid
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.shapes import said
from graphviz_backprop.web.asked.limits import LIMITS

_LONGEST = 16
"""So many nodes of a path are named at once; all of them are opened."""
_MOST = 200
"""So many are named at all."""
_Fields = dict[str, float | str | None]


@dataclass(frozen=True)
class ShownRoute:
    """A row: what it leads through, its nodes, rules, count of paths; fields know it by ``number``."""

    boxes: Boxes
    number: int
    route: Route
    names: tuple[str, ...]

    @property
    def nodes(self) -> str:
        return self._joined(_LONGEST)[0]

    @property
    def rules(self) -> str:
        return self._joined(_LONGEST)[1]

    @property
    def whole(self) -> tuple[str, str] | None:
        """All nodes and rules, where not all of them are named at once."""
        return self._joined(_MOST) if len(self.route.nodes) > _LONGEST else None

    def _joined(self, most: int) -> tuple[str, str]:
        """The nodes and the rules between them; where there are more, how many are left out in the middle."""
        ids = _cut(self._ids, most)
        rules = _cut([self.boxes.rule(hop) for hop in self.route.hops], most)
        return " → ".join(ids if self.route.count == 1 else ["…", *ids]), ", then ".join(rules)

    @property
    def count(self) -> str:
        return "" if self.route.count == 1 else f"{self.route.count:,} paths"

    @property
    def lights(self) -> str:
        """The keys of its nodes and edges."""
        edges = (f"{parent}.{arg}" for parent, arg in map(self.boxes.edge, self.route.hops))
        return " ".join((*self._ids, *edges))

    @property
    def _ids(self) -> list[str]:
        return [self.boxes.graph.nodes[at].id for at in self.route.nodes]


@dataclass(frozen=True)
class ShownLedger:
    """The paths to a variable, or to the node of this id, through the closed groups of a fold."""

    graph: Graph
    target: str
    fold: Fold | None = None

    @cached_property
    def boxes(self) -> Boxes:
        return boxes_of(self.graph, self.target, self.fold)

    @cached_property
    def routes(self) -> list[Route]:
        return routes(self.boxes, self.target, LIMITS.paths)

    @cached_property
    def rows(self) -> list[ShownRoute]:
        names = through(self.boxes, self.routes)
        each = zip(range(len(self.routes)), self.routes, names, strict=True)
        return [ShownRoute(self.boxes, *row) for row in each]

    def sorted(self, run: Run[Any]) -> list[ShownRoute]:
        """The rows, those with the largest share first."""
        from graphviz_backprop.explain.tensors.sums import brought, rank, total

        whole, parts = total(run, self.target), brought(run, self.routes)
        return sorted(self.rows, key=lambda row: -rank(parts[row.number], whole))

    @property
    def count(self) -> str:
        count = sum(route.count for route in self.routes)
        return f"{count:,} path{'s' if count != 1 else ''}"

    @property
    def several(self) -> bool:
        """Whether a row stands for several paths."""
        return any(route.count > 1 for route in self.routes)

    @property
    def node(self) -> Node:
        return self.graph.nodes[places(self.graph, self.target)[0]]

    @property
    def said(self) -> str:
        return said(self.node.shape)

    @property
    def table(self) -> list[list[str]]:
        """The indices of its cells, in rows; none where there are too many for numbers."""
        found = grid(self.node.shape)
        if not self.node.shape:
            return [[""]]
        if not found.numbers:
            return []
        return [[name for name in row if name is not None] for row in found.cells]

    @property
    def document(self) -> Markup:
        """What the browser needs: ``static/explain/tensorledger.js``."""
        walks = [(route.nodes[route.first], route.hops[route.first :]) for route in self.routes]
        word = "total" if self.node.op == VAR and self.target in self.graph.variables else "gradient"
        found = along(self.graph, walks) | {"gradient": f"{self.target}.{word}", "shape": self.node.shape}
        return Markup(dumps(found).replace("<", "\\u003c"))

    def fields(self, run: Run[Any]) -> _Fields:
        """The numbers of all rows, and of the sum."""
        import numpy as np

        from graphviz_backprop.explain.tensors.sums import brought, share, total

        whole = total(run, self.target)
        found: _Fields = {"paths.total.length": _length(whole)}
        rows = enumerate(brought(run, self.routes))
        for at, part in rows:
            found[f"path.{at}.length"] = _length(part)
            found[f"path.{at}.share"] = _percent(share(part, whole))
            found |= self._cells(f"path.{at}", part)
        return found | self._cells("paths.total", np.asarray(whole))

    def _cells(self, name: str, part: Any) -> _Fields:
        indices = (index for row in self.table for index in row)
        return {f"{name}[{index}]": float(part[_place(index)]) for index in indices}


def _cut(texts: list[str], most: int) -> list[str]:
    if len(texts) <= most:
        return texts
    half = most // 2 - 1
    return [*texts[:half], f"… {len(texts) - 2 * half:,} more …", *texts[-half:]]


def _place(index: str) -> tuple[int, ...]:
    return tuple(map(int, index.split(","))) if index else ()


def _length(part: Any) -> float:
    return float((part * part).sum() ** 0.5)


def _percent(part: float) -> str:
    return f"{format_number(100 * part)} %" if math.isfinite(part) else "–"

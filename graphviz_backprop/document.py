"""The graph and its numbers as JSON, and JSON itself in the strict sense."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.tensors.tape import Hop
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.grading.hidden import NOTHING, Veil
from graphviz_backprop.language import printers
from graphviz_backprop.language.chosen import choices
from graphviz_backprop.language.graph import CONST, VAR, Graph, Node
from graphviz_backprop.language.groups import Group, title_of
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.shapes import size
from graphviz_backprop.language.tensor import Tensor


def dumps(document: Any) -> str:
    """JSON with numbers that :func:`number` has made: anything that isn't strict raises."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def number(value: float | None) -> float | str | None:
    """As JSON has it: whole numbers short, and what isn't finite as a string."""
    if value is None:
        return None
    value = float(value)
    if not math.isfinite(value):
        return format_number(value)
    short = value.is_integer() and abs(value) < 1e15 and str(value) != "-0.0"
    return int(value) if short else value


def numbers(rows: npt.ArrayLike) -> Any:
    """Columns and tables of numbers as JSON has them: every digit, and what isn't finite as a string."""
    table = np.asarray(rows, dtype=np.float64)
    listed = table.tolist()
    return listed if np.isfinite(table).all() else _strict(listed)


def cells(value: Any) -> Any:
    """A number, or a tensor as lists in lists; of one with hidden cells, null for each of these."""
    if isinstance(value, Tensor):
        return numbers(value.nested())
    if isinstance(value, np.ndarray) and value.dtype == object:
        return _strict(value.tolist())
    return numbers(value) if isinstance(value, np.ndarray) else number(value)


def _strict(listed: Any) -> Any:
    if isinstance(listed, list):
        return [_strict(one) for one in listed]
    return listed if listed is None or math.isfinite(listed) else format_number(listed)


_FEW = 64
"""So many cells are sent as they are read."""


def packed(tensor: Tensor) -> Any:
    """A tensor as the browser gets it: how it is made, where that is known; of several forms the shortest."""
    if size(tensor.shape) <= _FEW:
        return cells(tensor)
    if tensor.making:
        name, given, then = tensor.making
        return {"make": name, "shape": tensor.shape, "numbers": given, "then": then}
    listed, doubles = cells(tensor), np.array(tensor.cells, dtype="<f8").tobytes()
    base64 = b64encode(doubles).decode("ascii")
    return listed if len(dumps(listed)) <= len(base64) else {"base64": base64}


def structure(graph: Graph) -> dict[str, Any]:
    """The graph alone, as the browser evaluates it."""
    return {
        "output": graph.output.id,
        "variables": list(graph.variables),
        "start": {name: cells(start) for name, start in graph.start.items()},
        "nodes": [_node(graph, node) for node in graph.nodes],
    }


def tensors(graph: Graph) -> dict[str, Any]:
    """A graph with tensors, as the browser evaluates it: with the tape of both passes.

    Of the tape, nodes are left out that none of the graph's numbers is made of.
    """
    from graphviz_backprop.engine.tensors.tape import tape

    found = tape(graph)
    kept = [at for at, needed in enumerate(found.needed) if needed]
    place = {at: number for number, at in enumerate(kept)}

    def places(positions: Iterable[int | None]) -> list[int | None]:
        return [None if at is None else place[at] for at in positions]

    nodes = [_node(graph, node, valued=False) for node in graph.nodes]
    chosen = choices(graph)
    starts = {name: packed(x) if isinstance(x, Tensor) else number(x) for name, x in graph.start.items()}
    return {
        "output": graph.output.id,
        "variables": list(graph.variables),
        "start": starts,
        **({"choices": dict(chosen)} if chosen else {}),
        "nodes": nodes,
        "tape": {
            "nodes": [_taped(found.nodes[at], place) for at in kept],
            "values": places(found.values),
            "gradients": places(found.gradients),
            "partials": places(found.partials),
            "flows": places(found.flows),
        },
    }


def slope(graph: Graph) -> dict[str, Any]:
    """The output of a graph with tensors and the gradients of its variables, as the browser computes them."""
    from graphviz_backprop.engine.tensors.simpler import simpler
    from graphviz_backprop.engine.tensors.tape import tape

    found = tape(graph)
    leaves = [(node.name, found.gradients[at]) for at, node in enumerate(graph.nodes) if node.op == VAR]
    wanted = [found.values[-1], *(at for _, at in leaves if at is not None)]
    nodes, ends = simpler(found.nodes, wanted)
    place = dict(zip(wanted, ends, strict=True))
    gradients: dict[str, list[int | None]] = {}
    for name, at in leaves:
        gradients.setdefault(name, []).append(None if at is None else place[at])
    return {
        "nodes": [_taped(node, range(len(nodes))) for node in nodes],
        "value": place[found.values[-1]],
        "gradients": gradients,
    }


def forward(graph: Graph, also: Sequence[int] = ()) -> dict[str, Any]:
    """The output of a graph with tensors, and the values of other nodes, as the browser computes them."""
    from graphviz_backprop.engine.tensors.tape import tape

    found = tape(graph)
    values = [found.values[at] for at in also]
    kept = found.reached([found.values[-1], *values])
    place = {at: number for number, at in enumerate(kept)}
    nodes = [_taped(found.nodes[at], place) for at in kept]
    return {"nodes": nodes, "output": place[found.values[-1]], "values": [place[at] for at in values]}


def ahead(graph: Graph, starts: Sequence[int], moving: Sequence[int]) -> dict[str, Any]:
    """How these nodes move where ``starts`` do, as the browser computes it."""
    from graphviz_backprop.engine.tensors.ahead import tape_ahead

    found, rows = tape_ahead(graph, starts)
    kept = found.reached(rows[at] for at in moving)
    place = {at: number for number, at in enumerate(kept)}
    nodes = [_taped(found.nodes[at], place) for at in kept]
    return {"nodes": nodes, "rows": [place[rows[at]] for at in moving]}


def along(graph: Graph, walks: Sequence[tuple[int, Sequence[Hop]]]) -> dict[str, Any]:
    """What comes back along these edges of a graph with tensors, as the browser computes it."""
    from graphviz_backprop.engine.tensors.tape import tape_along

    found, rows = tape_along(graph, walks)
    kept = found.reached(rows)
    place = {at: number for number, at in enumerate(kept)}
    return {"nodes": [_taped(found.nodes[at], place) for at in kept], "rows": [place[at] for at in rows]}


def _taped(node: Node, place: Mapping[int, int] | Sequence[int]) -> dict[str, Any]:
    """A node of the tape; a constant whose cells are all the same has one number."""
    found: dict[str, Any] = {"op": node.op, "args": [place[arg] for arg in node.args], "shape": node.shape}
    if node.op == VAR:
        found["name"] = node.name
    if node.op == CONST:
        same = node.cells is None or len(set(map(repr, node.cells.cells))) == 1
        one = node.value if node.cells is None else node.cells.cells[0]
        found["value"] = number(one) if same or node.cells is None else packed(node.cells)
    if node.settings:
        found["settings"] = {name: _setting(value) for name, value in node.settings}
    return found


def closed_groups(graph: Graph, closed: Iterable[Group]) -> list[dict[str, Any]]:
    """The groups that are one box in the figure, as the browser computes through them; nodes by position."""
    return [
        {"id": group.id, "title": title_of(graph, group), "output": group.output, "nodes": group.nodes}
        for group in closed
    ]


def document(
    graph: Graph, run: Run[Any], veil: Veil = NOTHING, groups: Iterable[Group] = ()
) -> dict[str, Any]:
    """The graph with every number that is not hidden, and its groups."""
    variables, fields = run.variables, veil.over(run.cells())
    place = [f"{graph.nodes[edge.parent].id}.{edge.arg}" for edge in graph.edges()]
    return {
        "expr": graph.text,
        "view": graph.view,
        "dialect": graph.pasted.dialect if graph.pasted else None,
        "output": graph.output.id,
        "value": cells(fields[f"{graph.output.id}.value"]),
        "seed": cells(run.seed),
        "variables": {name: cells(variables[name]) for name in graph.variables},
        "gradient": {name: cells(fields[f"{name}.total"]) for name in graph.variables},
        "nodes": [
            _node(graph, node)
            | _text(graph, position)
            | {
                "value": cells(fields[f"{node.id}.value"]),
                "gradient": cells(fields[f"{node.id}.gradient"]),
                "span": list(node.span),
            }
            for position, node in enumerate(graph.nodes)
        ],
        "notes": [
            {
                "message": note.message,
                "start": note.start,
                "end": note.end,
                "replacement": note.replacement,
                "places": [list(place) for place in note.places],
            }
            for note in graph.notes
        ],
        "edges": [
            {
                "from": graph.nodes[edge.child].id,
                "to": graph.nodes[edge.parent].id,
                "arg": edge.arg,
                "value": cells(fields[f"{name}.value"]),
                "partial": number(fields[f"{name}.partial"]),
                "flow": cells(fields[f"{name}.flow"]),
                "rule": backward.rule(graph, edge),
            }
            for edge, name in zip(graph.edges(), place, strict=True)
        ],
        "groups": [
            {
                "id": group.id,
                "kind": group.kind,
                "title": title_of(graph, group),
                "output": graph.nodes[group.output].id,
                "nodes": [graph.nodes[at].id for at in group.nodes],
                "parent": group.parent or None,
            }
            for group in groups
        ],
    }


def _node(graph: Graph, node: Node, valued: bool = True) -> dict[str, Any]:
    """What the node is; ``valued``, and a constant has its value here, not on a tape alone."""
    found: dict[str, Any] = {"id": node.id, "op": node.op, "args": [graph.nodes[arg].id for arg in node.args]}
    if node.op == VAR:
        found["name"] = node.name
    if node.op == CONST and valued:
        found["value"] = number(node.value) if node.cells is None else cells(node.cells)
    found["shape"] = list(node.shape)
    if node.settings:
        found["settings"] = {name: _setting(value) for name, value in node.settings}
    return found


def _setting(value: Any) -> Any:
    """A setting as JSON has it: tuples are lists."""
    return [_setting(one) for one in value] if isinstance(value, tuple) else value


def _text(graph: Graph, position: int) -> dict[str, str]:
    """What the node computes, in the app's language; a variable's name says it already."""
    if graph.nodes[position].op == VAR:
        return {}
    return {"text": printers.text(graph, position)}

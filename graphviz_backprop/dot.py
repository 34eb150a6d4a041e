"""Sketch -> DOT, for layout; Graph and numbers -> DOT, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graphviz import Digraph, escape

from graphviz_backprop import theme
from graphviz_backprop.graph import VAR, Graph
from graphviz_backprop.numbers import format_number
from graphviz_backprop.printers import label
from graphviz_backprop.sketch import Sketch

_RANKDIR = {"up": "BT", "right": "LR"}
_FONT = "Helvetica,Arial,sans-serif"

Fields = Mapping[str, float | None]


def for_layout(sketch: Sketch) -> str:
    """Empty boxes of exact sizes: Graphviz places them without measuring any font.

    Boxes are called by their positions; the texts of an edge are a box of their own between its ends.
    Edges carry their positions as ``id``, so that nothing a user writes gets here. An edge enters its
    parent through the port of its argument, which keeps the arguments of an operation in their order.
    """
    dot = Digraph(
        graph_attr={"rankdir": _RANKDIR[sketch.direction], "nodesep": "0.3", "ranksep": "0.28"},
        node_attr={"shape": "plain", "label": ""},
        edge_attr={"arrowhead": "none"},
    )
    if not sketch.curved:
        # Few rounds of optimization, and no way around the boxes: quick for whatever is tangled.
        dot.attr(splines="line", nslimit="0.1", nslimit1="0.1", mclimit="0.1")
    front, back = ("s", "n") if sketch.direction == "up" else ("w", "e")
    arguments = Counter(wire.parent for wire in sketch.wires)
    for position, box in enumerate(sketch.boxes):
        dot.node(str(position), _table(box.width, box.height, sketch.direction, arguments[position]))
    for position, wire in enumerate(sketch.wires):
        tail = f"{wire.child}:{back}"
        head = f"{wire.parent}:{wire.arg}:{front}"
        if wire.lines:
            between = f"t{position}"
            dot.node(between, _table(wire.width, wire.height))
            dot.edge(tail, f"{between}:{front}", id=f"{position}a", weight="4")
            dot.edge(f"{between}:{back}", head, id=f"{position}b")
        else:
            dot.edge(tail, head, id=f"{position}b")
    return str(dot.source)


def _table(width: int, height: int, direction: str = "up", ports: int = 0) -> str:
    """An empty box, with a place for each argument along the side where these come in."""
    room = f'FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"'
    count, between = max(ports, 1), "" if direction == "up" else "</TR><TR>"
    size = (width // count, height) if direction == "up" else (width, height // count)
    cell = 'FIXEDSIZE="TRUE" WIDTH="{}" HEIGHT="{}"'.format(*size)
    cells = between.join(f'<TD PORT="{port}" {cell}></TD>' for port in range(count))
    frame = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"'
    return f"<<TABLE {frame} {room}><TR>{cells}</TR></TABLE>>"


def for_people(graph: Graph, fields: Fields, direction: str = "up") -> str:
    """The graph with its numbers, to be read, changed, and drawn by any Graphviz."""
    colours, _ = theme.palettes()
    dot = Digraph(
        graph_attr={"rankdir": _RANKDIR[direction], "fontname": _FONT},
        node_attr={"shape": "box", "style": "rounded,filled", "fontname": _FONT, "color": colours["frame"]},
        edge_attr={"fontname": _FONT, "fontsize": "11", "color": colours["wire"], "arrowsize": "0.7"},
    )
    for position, node in enumerate(graph.nodes):
        value, gradient = fields[f"{node.id}.value"], fields[f"{node.id}.gradient"]
        lines = [label(graph, position), *_texts(value=value, grad=gradient)]
        dot.node(escape(node.id), _lines(lines), **_paint(graph, position, colours))
    for edge in graph.edges():
        parent, child = graph.nodes[edge.parent].id, graph.nodes[edge.child].id
        key = f"{parent}.{edge.arg}"
        value, partial, flow = (fields[f"{key}.{number}"] for number in ("value", "partial", "flow"))
        dot.edge(escape(child), escape(parent), _lines(_texts(value=value, partial=partial, flow=flow)))
    return str(dot.source)


def _texts(**numbers: float | None) -> list[str]:
    return [f"{name} {format_number(number)}" for name, number in numbers.items() if number is not None]


def _lines(lines: list[str]) -> str:
    """A label of several lines, in which nothing else is markup."""
    return "\\n".join(escape(line) for line in lines)


def _paint(graph: Graph, position: int, colours: Mapping[str, str]) -> dict[str, str]:
    node = graph.nodes[position]
    if not graph.active[position]:
        return {"fillcolor": colours["dull"], "fontcolor": colours["inactive"]}
    paint = {"fillcolor": colours["leaf" if node.op == VAR else "box"]}
    return paint | ({"penwidth": "2"} if node is graph.output else {})

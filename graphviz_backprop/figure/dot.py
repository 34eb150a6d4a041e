"""Sketch -> DOT, for layout; Graph and numbers -> DOT, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from graphviz import Digraph, escape

from graphviz_backprop.figure import theme
from graphviz_backprop.figure.network_sketch import NetworkSketch
from graphviz_backprop.figure.sketch import Box, Line, Sketch
from graphviz_backprop.language.folding import Fold, unfolded
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.groups import title_of
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.printers import label

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
    # Written as they are: names and sizes of ours, which need none of the package's quoting.
    dot.body.extend(_frames(sketch))
    for position, box in enumerate(sketch.boxes):
        many = arguments[position] > 1
        shape = _table(box, sketch.direction, arguments[position]) if many else _box(box.width, box.height)
        dot.body.append(f"{position} [{shape}]\n")
    ports: Counter[int] = Counter()
    for position, wire in enumerate(sketch.wires):
        port = f":{ports[wire.parent]}" if arguments[wire.parent] > 1 else ""
        ports[wire.parent] += 1
        tail, head = f"{wire.child}:{back}", f"{wire.parent}{port}:{front}"
        if wire.lines:
            between = f"t{position}"
            dot.body.append(f"{between} [{_box(wire.width, wire.height)}]\n")
            dot.body.append(f'{tail} -> {between}:{front} [id="{position}a" weight=4]\n')
            dot.body.append(f'{between}:{back} -> {head} [id="{position}b"]\n')
        else:
            dot.body.append(f'{tail} -> {head} [id="{position}b"]\n')
    return str(dot.source)


def _frames(sketch: Sketch) -> Iterator[str]:
    """Clusters of boxes, and of the texts on edges between them, one inside the other."""
    if not sketch.frames:
        return
    yield "newrank=true\n"
    inner: dict[int, list[int]] = {}
    for number, frame in enumerate(sketch.frames):
        around = [n for n, other in enumerate(sketch.frames[:number]) if other.boxes > frame.boxes]
        inner.setdefault(around[-1] if around else -1, []).append(number)
    ends: list[tuple[int, bool]] = [(number, False) for number in inner.get(-1, ())]
    while ends:
        number, over = ends.pop()
        if over:
            yield "}\n"
            continue
        frame = sketch.frames[number]
        size = f'FIXEDSIZE="TRUE" WIDTH="{frame.width}" HEIGHT="18"'
        label = f'label=<<TABLE BORDER="0" {size}><TR><TD></TD></TR></TABLE>>'
        above = "b" if sketch.direction == "up" else "t"  # Graphviz turns it with the ranks
        yield f"subgraph cluster{number} {{ margin=14 labelloc={above} labeljust=l {label}\n"
        yield "".join(f"{box}\n" for box in sorted(frame.boxes))
        for position, wire in enumerate(sketch.wires):
            if wire.lines and wire.child in frame.boxes and wire.parent in frame.boxes:
                yield f"t{position}\n"
        ends.append((number, True))
        ends += [(other, False) for other in inner.get(number, ())]


def _box(width: int, height: int) -> str:
    """An empty box, in inches as Graphviz has them."""
    return f"shape=box fixedsize=true width={width / 72:.6f} height={height / 72:.6f}"


def _table(box: Box, direction: str, ports: int) -> str:
    """An empty box with a place for each argument along the side where these come in."""
    up = direction == "up"
    width, height = (box.width // ports, box.height) if up else (box.width, box.height // ports)
    cell = f'FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"'
    cells = ("" if up else "</TR><TR>").join(f'<TD PORT="{port}" {cell}></TD>' for port in range(ports))
    room = f'FIXEDSIZE="TRUE" WIDTH="{box.width}" HEIGHT="{box.height}"'
    frame = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"'
    return f"label=<<TABLE {frame} {room}><TR>{cells}</TR></TABLE>>"


def for_people(shown: Graph | Fold, fields: Fields, direction: str = "up") -> str:
    """The graph with its numbers, to be read, changed, and drawn by any Graphviz."""
    fold = shown if isinstance(shown, Fold) else unfolded(shown)
    graph = fold.graph
    colours, _ = theme.palettes()
    dot = _digraph(direction, colours)
    for box in fold.boxes:
        node = graph.nodes[box.at]
        value, gradient = fields[f"{node.id}.value"], fields[f"{node.id}.gradient"]
        if box.bundle:
            names = [graph.nodes[at].name for at in box.bundle]
            label_ = _lines([f"{names[0]} … {names[-1]}", f"{len(names)} variables"])
            dot.node(escape(node.id), label_, **_paint(graph, box.at, colours), peripheries="2")
            continue
        if box.layer:
            layers = len(box.layers)
            count = f"{f'{layers} × ' if layers > 1 else ''}{len(box.layer) // layers} neurons"
            paint = _paint(graph, box.at, colours)
            dot.node(escape(node.id), _lines([box.called, count]), **paint, peripheries="2")
            continue
        title = title_of(graph, box.group) if box.group else label(graph, box.at, fold.bare)
        lines = [title, *_texts(value=value, grad=gradient)]
        double = {"peripheries": "2"} if box.group else {}
        dot.node(escape(node.id), _lines(lines), **_paint(graph, box.at, colours), **double)
    for parent, box in enumerate(fold.boxes):
        bundles: set[int] = set()
        for entry in box.inputs:
            if fold.is_line(parent, entry.box):
                if entry.box not in bundles:
                    bundle = graph.nodes[fold.boxes[entry.box].at].id
                    dot.edge(escape(bundle), escape(graph.nodes[box.at].id))
                bundles.add(entry.box)
                continue
            key = fold.key(parent, entry.arg)
            value, partial, flow = (fields[f"{key}.{number}"] for number in ("value", "partial", "flow"))
            ends = escape(graph.nodes[entry.child].id), escape(graph.nodes[box.at].id)
            several = not box.group and graph.nodes[box.at].args.count(entry.child) > 1
            by = f"partial by argument {entry.arg + 1}" if several else "partial"
            dot.edge(*ends, _lines(_texts(**{"value": value, by: partial, "flow": flow})))
    return str(dot.source)


def network_for_people(sketch: NetworkSketch, fields: Fields) -> str:
    """A network's picture with its numbers, neuron by neuron: Graphviz puts the layers side by side."""
    colours, _ = theme.palettes()
    dot = _digraph("right", colours)
    dot.attr(ranksep="1.6")
    for mark in sketch.marks:
        lines = [mark.title, *_captioned(mark.lines, fields), *mark.notes]
        paint = {"fillcolor": colours["leaf" if mark.kind == VAR else "box"]}
        dot.node(escape(mark.id), _lines(lines), **paint, penwidth="2" if mark.output else "1")
    for wire in sketch.wires:
        child, parent = sketch.marks[wire.child].id, sketch.marks[wire.parent].id
        dot.edge(escape(child), escape(parent), _lines(_captioned(wire.lines, fields)))
    return str(dot.source)


def _captioned(lines: Iterable[Line], fields: Fields) -> list[str]:
    found = ((line.caption, fields[line.field]) for line in lines)
    return [f"{caption} {_number(number)}" for caption, number in found if number is not None]


def _digraph(direction: str, colours: Mapping[str, str]) -> Digraph:
    return Digraph(
        graph_attr={"rankdir": _RANKDIR[direction], "fontname": _FONT},
        node_attr={"shape": "box", "style": "rounded,filled", "fontname": _FONT, "color": colours["frame"]},
        edge_attr={"fontname": _FONT, "fontsize": "11", "color": colours["wire"], "arrowsize": "0.7"},
    )


def _texts(**numbers: float | str | None) -> list[str]:
    return [f"{name} {_number(number)}" for name, number in numbers.items() if number is not None]


def _number(number: float | str) -> str:
    """A number's text; of a tensor, its summary."""
    return number if isinstance(number, str) else format_number(number)


def _lines(lines: list[str]) -> str:
    """A label of several lines, in which nothing else is markup."""
    return "\\n".join(escape(line) for line in lines)


def _paint(graph: Graph, position: int, colours: Mapping[str, str]) -> dict[str, str]:
    node = graph.nodes[position]
    if not graph.active[position]:
        return {"fillcolor": colours["dull"], "fontcolor": colours["inactive"]}
    paint = {"fillcolor": colours["leaf" if node.op == VAR else "box"]}
    return paint | ({"penwidth": "2"} if node is graph.output else {})

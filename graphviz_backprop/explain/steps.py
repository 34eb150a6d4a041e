"""Step by step: the forward pass node by node, the backward pass edge by edge, in words and math.

Steps follow from the graph alone. Where a number belongs, a step's equations hold its field in ⟨angle
brackets⟩, so that one step serves every point: ``c = a · b = ⟨a.value⟩ × ⟨b.value⟩ = ⟨c.value⟩``.
``⟨(a.value)⟩`` is put in parentheses where it is negative.

Where groups are closed (:mod:`graphviz_backprop.language.folding`) a step is that of a box: the group's
value, and on each edge into it the partial through the group and the flow. What is inside appears with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from graphviz_backprop.engine import through
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.signs import folded_signs, has_numbers, signs
from graphviz_backprop.language.folding import Fold, Input, Shown, unfolded
from graphviz_backprop.language.graph import CONST, VAR, Edge, Graph, Node
from graphviz_backprop.language.groups import Group, title_of
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.printers import ATOM, LABEL, TEX, Notation, Piece, piece

_FIELD = re.compile(r"⟨(\(?)([^⟩()]*)\)?⟩")
_TERMS = 6  # of a sum that is written out


@dataclass(frozen=True)
class Equation:
    """One line of math, as text and as LaTeX, with fields in ⟨angle brackets⟩; or as text alone.

    A long sum says how many ``terms`` it has: these are texts with the field of a number each.
    """

    text: str
    tex: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a pass.

    ``phase`` is "forward" or "backward". ``node`` is the id of the node whose value or gradient is
    computed, or a variable's name where its leaves are added up; ``edge``, backward, the id of the
    parent and the number of the argument. ``result`` is the field of the number that comes out,
    ``shows`` are all the fields that have their number from this step on, ``uses`` the nodes that it
    reads. A step of a whole layer has ``others`` beside its node, and maybe ``edges`` by their names.
    """

    phase: str
    node: str
    rule: str
    equations: tuple[Equation, ...]
    result: str
    shows: tuple[str, ...]
    uses: tuple[str, ...] = ()
    edge: tuple[str, int] | None = None
    others: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()

    @property
    def current(self) -> tuple[str, ...]:
        """All nodes that it is about."""
        return (self.node, *self.others)

    @property
    def through(self) -> tuple[str, ...]:
        """The names of all edges that it goes through."""
        return (f"{self.edge[0]}.{self.edge[1]}", *self.edges) if self.edge else self.edges


@dataclass(frozen=True)
class ReadStep:
    """A step with its numbers put in: ``partial`` is the local partial, backward. Of a tensor ``value`` is an
    array."""

    phase: str
    node: str
    rule: str
    text: str
    value: Any
    partial: float | None = None


@dataclass(frozen=True)
class _Style:
    """A way to write equations: how operations look, and products of symbols and of numbers."""

    notation: Notation
    dot: str
    times: str
    derivative: str

    def d(self, top: str, bottom: str) -> str:
        return self.derivative.format(self.notation.name(top), self.notation.name(bottom))


_TEXT = _Style(LABEL, " · ", " × ", "∂{}/∂{}")
_TEX = _Style(TEX, r" \cdot ", r" \times ", r"\frac{{\partial {}}}{{\partial {}}}")
_Sides = Callable[[_Style], list[str]]


def _equation(sides: _Sides, sign: str = "=") -> Equation:
    """``sign`` is the last one, or its field."""
    text, tex = (f" {sign} ".join([" = ".join(all_[:-1]), all_[-1]]) for all_ in _in_both(sides))
    return Equation(text, tex)


def _in_both(sides: _Sides) -> list[list[str]]:
    return [sides(style) for style in (_TEXT, _TEX)]


def steps(shown: Graph | Fold, upstream: str = "") -> list[Step]:
    """All steps of both passes, in order, of a graph or of one in boxes.

    With ``upstream`` ("L", say) the graph is a piece of a larger network: the seed is ∂L/∂output, and
    every gradient is one of L. A program with tensors has steps of its own (:mod:`.tensor_steps`).
    """
    fold = shown if isinstance(shown, Fold) else unfolded(shown)
    graph = fold.graph
    if not graph.of_numbers:
        return []
    whole = fold.whole
    backward = _backward(whole, upstream or graph.output.id) if graph.active[-1] else ()
    return arranged(fold, [*_forward(whole), *backward])


def arranged(fold: Fold, told: list[Step]) -> list[Step]:
    """Steps of all boxes as a figure shows them: with what is inside of closed ones, and in focus."""
    found = _with_insides(fold.whole, told)
    return found if fold.whole is fold else _in_sight(fold, found)


def _in_sight(fold: Fold, told: Sequence[Step]) -> list[Step]:
    """The steps of what is in focus; the numbers of the others come with the next of these."""
    kept: list[Step] = []
    waiting: list[str] = []
    for step in told:
        waiting += step.shows
        if step.node in fold.in_sight:
            kept.append(replace(step, shows=tuple(waiting)))
            waiting = []
    if kept and waiting:
        kept[-1] = replace(kept[-1], shows=(*kept[-1].shows, *waiting))
    return kept


def _with_insides(fold: Fold, found: list[Step]) -> list[Step]:
    """The steps, with what is inside a closed group appearing once its value or gradient is there."""
    if not fold.closed:
        return found
    ids = fold.graph.nodes
    inside = {ids[group.output].id: group for group in fold.closed}
    steps: list[Step] = []
    for step in found:
        fields = [*step.shows]
        for field in step.shows:
            name, _, word = field.rpartition(".")
            if name in inside and word in ("value", "gradient"):
                fields += _inner_fields(fold.graph, inside[name], word)
        steps.append(replace(step, shows=tuple(fields)))
    return steps


def _inner_fields(graph: Graph, group: Group, word: str) -> Iterator[str]:
    for at in group.nodes:
        node = graph.nodes[at]
        if at != group.output:
            yield f"{node.id}.{word}"
        for arg in range(len(node.args)):
            yield from (f"{node.id}.{arg}.{own}" for own in (_OF_EDGES[word]))


_OF_EDGES = {"value": ("value",), "gradient": ("partial", "flow")}


def read_fields(run: Run[float], fold: Fold | None = None) -> Mapping[str, float | str | None]:
    """All that steps show of a run on floats: its numbers, those through groups, signs of equations."""
    numbers = run.fields()
    if fold is None:
        return {**numbers, **signs(run)}
    numbers |= through.fields(run, fold)
    return {**numbers, **signs(run), **folded_signs(run, fold, numbers)}


def read(step: Step, fields: Mapping[str, Any]) -> ReadStep:
    """A step at the numbers of a run (``read_fields(run)``)."""
    text = "; ".join(fill_text(equation.text, fields) for equation in step.equations)
    partial = fields[f"{step.edge[0]}.{step.edge[1]}.partial"] if step.edge else None
    return ReadStep(
        step.phase,
        step.node,
        step.rule,
        text,
        fields[step.result] or 0.0,
        partial,
    )


def read_all(run: Run[float], upstream: str = "", fold: Fold | None = None) -> list[ReadStep]:
    """Every step of a run on floats; a seed other than 1 is the gradient of something: of L, if not named."""
    fields = read_fields(run, fold)
    upstream = upstream or run.upstream
    return [read(step, fields) for step in steps(run.graph if fold is None else fold, upstream)]


def fill_text(template: str, fields: Mapping[str, float | str | None]) -> str:
    """A text with its fields as numbers."""

    def number(match: re.Match[str]) -> str:
        found = fields[match[2]]
        text = found if isinstance(found, str) else format_number(found or 0.0)
        return f"({text})" if match[1] and text.startswith("-") else text

    return _FIELD.sub(number, template)


def with_fields(template: str, element: str) -> str:
    """A template with an element for each field, such as ``<b data-field="{}"></b>``."""
    return _FIELD.sub(lambda match: element.format(match[0].strip("⟨⟩")), template)


# What stands in for a node: its name, or its number


def _symbol(graph: Graph, at: int, style: _Style) -> Piece:
    return Piece(style.notation.name(graph.nodes[at].id), ATOM)


def _number(graph: Graph, at: int, _style: _Style) -> Piece:
    return Piece(f"⟨({graph.nodes[at].id}.value)⟩", ATOM)


_Leaf = Callable[[Graph, int, _Style], Piece]


def _apply(node: Node, args: Sequence[Piece], style: _Style) -> Piece:
    """One operation; inside a function's own parentheses a negative number needs none."""
    if node.args and not OPS[node.op].symbol:
        args = [
            Piece(_FIELD.sub(r"⟨\2⟩", arg.text), ATOM) if _FIELD.fullmatch(arg.text) else arg for arg in args
        ]
    return piece(node, args, style.notation)


def _with_numbers(text: str, style: _Style) -> str:
    return text.replace(style.dot, style.times)


# Forward


def _forward(fold: Fold) -> Iterator[Step]:
    graph = fold.graph
    for number, box in enumerate(fold.boxes):
        node = graph.nodes[box.at]
        result = f"{node.id}.value"
        if box.bundle:
            ids = [graph.nodes[at].id for at in box.bundle]
            equation = Equation(f"{graph.nodes[box.bundle[0]].name} … {graph.nodes[box.bundle[-1]].name}", "")
            shows = tuple(f"{id_}.value" for id_ in ids)
            yield Step("forward", node.id, f"{len(ids)} variables", (equation,), result, shows)
            continue
        if box.group:
            inputs = [f"{fold.key(number, entry.arg)}.value" for entry in box.inputs]
            uses = tuple(graph.nodes[entry.child].id for entry in box.inputs)
            title = title_of(graph, box.group)
            equation = Equation(f"{title} = ⟨{result}⟩" if " = " in title else f"{node.id} = ⟨{result}⟩", "")
            yield Step("forward", node.id, _said(box.group), (equation,), result, (*inputs, result), uses)
            continue
        rule = {VAR: "variable", CONST: "constant"}.get(node.op) or "value"
        inputs = [f"{node.id}.{arg}.value" for arg in range(len(node.args))]
        uses = tuple(graph.nodes[arg].id for arg in node.args)
        equations = (_value(graph, box.at),)
        yield Step("forward", node.id, rule, equations, result, (*inputs, result), uses)


def _said(group: Group) -> str:
    """What a group is, in words: "call of 4 nodes"."""
    return f"{group.kind}, {len(group.nodes)} nodes"


def _value(graph: Graph, at: int) -> Equation:
    """``c = a · b = 4 × 1 = 4``; a leaf has nothing to put numbers in."""
    node = graph.nodes[at]

    def sides(style: _Style) -> list[str]:
        def apply(leaf: _Leaf) -> str:
            return _apply(node, [leaf(graph, arg, style) for arg in node.args], style).text

        found = [style.notation.name(node.id), apply(_symbol)]
        if node.args:
            found.append(_with_numbers(apply(_number), style))
        written = node.op == CONST and node.name and node.name[0] in "0123456789."
        return found if written else [*found, f"⟨{node.id}.value⟩"]

    return _equation(sides, f"⟨{node.id}.equals⟩" if node.args else "=")


# Backward


class _Inflow(NamedTuple):
    """What a box passes back: to a node, by the name of what enters the box."""

    parent: str
    child: str
    key: str


def _backward(fold: Fold, top: str) -> Iterator[Step]:
    graph = fold.graph
    inflows: list[list[_Inflow]] = [[] for _ in graph.nodes]
    expected = [0] * len(graph.nodes)
    for box in fold.boxes:
        for entry in box.inputs:
            expected[entry.child] += 1
    yield _seed(graph, top)
    for number in range(len(fold.boxes) - 1, -1, -1):
        box = fold.boxes[number]
        for entry in box.inputs:
            child = entry.child
            if not graph.active[child]:
                continue
            key = fold.key(number, entry.arg)
            inflows[child].append(_Inflow(graph.nodes[box.at].id, graph.nodes[child].id, key))
            yield _flow(fold, box, entry, top, inflows[child], expected[child])
    yield from _totals(graph, top)


def _seed(graph: Graph, top: str) -> Step:
    output = graph.output.id
    rule = "start" if top == output else "upstream gradient"
    equation = _equation(lambda style: [style.d(top, output), f"⟨{output}.gradient⟩"])
    result = f"{output}.gradient"
    return Step("backward", output, rule, (equation,), result, (result,))


def _flow(fold: Fold, box: Shown, entry: Input, top: str, inflows: list[_Inflow], expected: int) -> Step:
    """One edge: its local partial by its rule, then the chain rule, at the last one the sum."""
    graph, edge = fold.graph, Edge(entry.child, box.at, entry.arg)
    inflow = inflows[-1]
    last = len(inflows) == expected
    equations = [_through(inflow) if box.group else _partial(graph, edge), _chain(inflow, top, expected)]
    if expected > 1 and last:
        folded = any("~" in one.key for one in inflows)
        equations.append(_sum(top, inflow.child, inflows, "~" if folded else ""))
    result = f"{inflow.key}.flow" if expected > 1 else f"{inflow.child}.gradient"
    shows = (f"{inflow.key}.partial", f"{inflow.key}.flow", *([f"{inflow.child}.gradient"] if last else []))
    name, _, arg = inflow.key.rpartition(".")
    if box.group:
        rule = f"through {box.group.kind} {inflow.parent}"
        uses: tuple[str, ...] = (inflow.parent,)
    else:
        rule = OPS[graph.nodes[box.at].op].rule(entry.arg)
        if graph.nodes[box.at].args.count(entry.child) > 1:
            rule = f"{rule}, by argument {entry.arg + 1}"
        read = (id_ for id_ in _read(graph, edge) if id_ != inflow.child)
        uses = tuple(dict.fromkeys((inflow.parent, *read)))
    return Step("backward", inflow.child, rule, tuple(equations), result, shows, uses, (name, int(arg)))


def _through(inflow: _Inflow) -> Equation:
    """``∂c/∂x = 7``: the sum over all paths inside the group."""

    def sides(style: _Style) -> list[str]:
        return [style.d(inflow.parent, inflow.child), f"⟨{inflow.key}.partial⟩"]

    return _equation(sides)


def _read(graph: Graph, edge: Edge) -> Iterator[str]:
    """The nodes that the local partial of an edge is made of."""
    parent = graph.nodes[edge.parent]
    op = OPS[parent.op]
    places = op.bind(parent.args, edge.arg)
    for name in parse_row(op.partial(edge.arg)).variables:
        if name in places:
            yield graph.nodes[places[name]].id


def _partial(graph: Graph, edge: Edge) -> Equation:
    """``∂c/∂b = a = 4``: the partial as the row has it, then with numbers."""
    parent, child = graph.nodes[edge.parent], graph.nodes[edge.child]
    row = parse_row(OPS[parent.op].partial(edge.arg))

    def sides(style: _Style) -> list[str]:
        symbols = _row_text(graph, edge, row, _symbol, style)
        found = [style.d(parent.id, child.id), symbols]
        if has_numbers(OPS[parent.op].partial(edge.arg)):
            numbers = _row_text(graph, edge, row, _number, style)
            found.append(_with_numbers(numbers, style))
        return [*found, f"⟨{parent.id}.{edge.arg}.partial⟩"] if row.variables else found

    numbers = has_numbers(OPS[parent.op].partial(edge.arg))
    return _equation(sides, f"⟨{parent.id}.{edge.arg}.equals⟩" if numbers else "=")


def _row_text(graph: Graph, edge: Edge, row: Graph, leaf: _Leaf, style: _Style) -> str:
    """A row's partial with its names replaced by the nodes of this edge."""
    parent = graph.nodes[edge.parent]
    op = OPS[parent.op]
    places = {"f": edge.parent, **op.bind(parent.args, edge.arg)}

    def name(node: Node) -> Piece:
        if node.name in places:
            return leaf(graph, places[node.name], style)
        return Piece(str(len(parent.args)) if node.name == "n" else style.notation.name(node.name), ATOM)

    def apply(node: Node, args: Sequence[Piece] = ()) -> Piece:
        return _apply(node, args, style)

    return row.fold(name, apply, apply)[-1].text


def _chain(inflow: _Inflow, top: str, expected: int) -> Equation:
    """``∂g/∂b = ∂g/∂c · ∂c/∂b = 10 × 4 = 40``; of several edges each gives a term only."""
    parent, child, key = inflow

    def sides(style: _Style) -> list[str]:
        symbols = style.d(top, parent) + style.dot + style.d(parent, child)
        numbers = f"⟨({parent}.gradient)⟩{style.times}⟨({key}.partial)⟩"
        head = [style.d(top, child)] if expected == 1 else []
        return [*head, symbols, numbers, f"⟨{key}.flow⟩"]

    return _equation(sides, f"⟨{key}.gives⟩")


def _sum(top: str, child: str, inflows: list[_Inflow], folded: str) -> Equation:
    """``∂g/∂a = ∂g/∂c · ∂c/∂a + ∂g/∂d · ∂d/∂a = 2 + 3 = 5``."""

    def terms(style: _Style) -> list[str]:
        return [style.d(top, parent) + style.dot + style.d(parent, child) for parent, _, _ in inflows]

    fields = [f"{inflow.key}.flow" for inflow in inflows]
    result, sign = f"⟨{child}.gradient⟩", f"⟨{child}{folded}.adds⟩"
    return _added(lambda style: style.d(top, child), terms, fields, "flows", result, sign)


def _totals(graph: Graph, top: str) -> Iterator[Step]:
    """A variable with several leaves: its gradient is the sum of theirs."""
    for name in graph.variables:
        leaves = [node.id for node in graph.nodes if node.op == VAR and node.name == name]
        if len(leaves) == 1:
            continue

        def left(style: _Style, name: str = name) -> str:
            return style.d(top, name)

        def terms(style: _Style, leaves: list[str] = leaves) -> list[str]:
            return [style.d(top, leaf) for leaf in leaves]

        rule = "sum over the mentions"
        result = f"{name}.total"
        fields = [f"{leaf}.gradient" for leaf in leaves]
        equation = _added(left, terms, fields, "gradients", f"⟨{result}⟩", f"⟨{name}.sums⟩")
        yield Step("backward", name, rule, (equation,), result, (result,), tuple(leaves))


def _added(
    left: Callable[[_Style], str],
    terms: _Sides,
    fields: list[str],
    what: str,
    result: str,
    sign: str,
) -> Equation:
    """A sum in symbols and in numbers; a long one says how many terms it has, and of what."""
    if len(fields) <= _TERMS:
        numbers = " + ".join(f"⟨({field})⟩" for field in fields)
        return _equation(lambda style: [left(style), " + ".join(terms(style)), numbers, result], sign)
    text = f"{left(_TEXT)} = Σ of {len(fields):,} {what} {sign} {result}"
    tex = rf"{left(_TEX)} = \sum \text{{of {len(fields):,} {what}}} {sign} {result}"
    told = zip(terms(_TEXT), fields, strict=True)
    return Equation(text, tex, tuple(f"{term} = ⟨{field}⟩" for term, field in told))

"""Both passes of a program with tensors step by step: a box forward, an edge backward, its rule in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.steps import Equation, ReadStep, Step, arranged, fill_text
from graphviz_backprop.explain.tensors import sentences
from graphviz_backprop.language import printers
from graphviz_backprop.language.folding import Fold, Input, Shown, unfolded
from graphviz_backprop.language.graph import CONST, VAR, Edge, Graph
from graphviz_backprop.language.groups import title_of
from graphviz_backprop.language.shapes import said
from graphviz_backprop.language.tensor_ops import ROWS


def tensor_steps(shown: Graph | Fold, upstream: str = "") -> list[Step]:
    """All steps of both passes, in order, of a graph or of one in boxes; gradients are those of ``upstream``,
    if it is given."""
    fold = shown if isinstance(shown, Fold) else unfolded(shown)
    whole = fold.whole
    told = [*_forward(whole)]
    if whole.graph.active[-1]:
        told += _backward(whole, upstream or whole.graph.output.id)
    return arranged(fold, told)


def read_all(run: Run[Any], upstream: str = "", fold: Fold | None = None) -> list[ReadStep]:
    """The steps with what they give: a number, or an array."""
    fields: Mapping[str, Any] = run.cells() if fold is None else {**run.fields(), **run.cells()}
    return [
        ReadStep(
            step.phase,
            step.node,
            step.rule,
            "; ".join(fill_text(equation.text, fields) for equation in step.equations),
            fields.get(step.result, 0.0),
        )
        for step in tensor_steps(run.graph if fold is None else fold, upstream)
    ]


def _forward(fold: Fold) -> Iterator[Step]:
    graph = fold.graph
    waiting: tuple[str, ...] = ()  # numbers such as the 2 of x^2 come with the step that takes them
    for number, box in enumerate(fold.boxes):
        node = graph.nodes[box.at]
        values = tuple(f"{graph.nodes[at].id}.value" for at in box.members)
        if node.op == CONST and not node.shape and box.at < len(graph.nodes) - 1:
            waiting += values
            continue
        entering = tuple(f"{fold.key(number, entry.arg)}.value" for entry in box.inputs)
        uses = tuple(graph.nodes[entry.child].id for entry in box.inputs)
        shows, waiting = (*waiting, *entering, *values), ()
        yield Step("forward", node.id, _kind(graph, box), _made(graph, box), values[-1], shows, uses)


def _kind(graph: Graph, box: Shown) -> str:
    node = graph.nodes[box.at]
    if box.group:
        return f"{box.group.kind}, {len(box.group.nodes)} nodes"
    if len(box.members) > 1:
        return f"{len(box.members)} in one box"
    return {VAR: "variable", CONST: "constant"}.get(node.op) or "value"


def _made(graph: Graph, box: Shown) -> tuple[Equation, ...]:
    node = graph.nodes[box.at]
    if box.group:
        return (Equation(title_of(graph, box.group), ""),)
    if node.op in (VAR, CONST) and not node.shape:
        return (Equation(f"{node.id} = ⟨{node.id}.value⟩", ""),)
    if node.op in (VAR, CONST):
        return (Equation(f"{node.id} is {said(node.shape)}", ""),)
    return (Equation(printers.label(graph, box.at), ""),)


def _backward(fold: Fold, top: str) -> Iterator[Step]:
    graph = fold.graph
    expected = [0] * len(graph.nodes)
    for box in fold.boxes:
        for entry in box.inputs:
            expected[entry.child] += 1
    output = graph.output
    if output.shape:
        start = f"∂{top}/∂{output.id} is {said(output.shape)}: each cell of the output has the same"
    else:
        start = f"∂{top}/∂{output.id} = ⟨{output.id}.gradient⟩"
    first = (f"{output.id}.gradient",)
    rule = "start" if top == output.id else "upstream gradient"
    yield Step("backward", output.id, rule, (Equation(start, ""),), first[0], first)
    for number in range(len(fold.boxes) - 1, -1, -1):
        for entry in fold.boxes[number].inputs:
            if graph.active[entry.child]:
                expected[entry.child] -= 1
                yield _flow(fold, number, entry, top, last=not expected[entry.child])


def _flow(fold: Fold, number: int, entry: Input, top: str, last: bool) -> Step:
    """What comes back along one edge; with the last one a node has its gradient."""
    graph, box = fold.graph, fold.boxes[number]
    parent, child, key = graph.nodes[box.at], graph.nodes[entry.child], fold.key(number, entry.arg)
    shows = (f"{key}.partial", f"{key}.flow", *((f"{child.id}.gradient",) if last else ()))
    name, _, arg = key.rpartition(".")
    if box.group or len(box.members) > 1:
        rule = f"through {box.group.kind if box.group else 'a box'} {parent.id}"
        lines = [f"back to {child.id}: by the chain rule inside"]
    else:
        edge = Edge(entry.child, box.at, entry.arg)
        rule = ROWS[parent.op].rule(entry.arg)
        found = sentences.letters(graph, edge)
        given = f"{sentences.Place(graph, edge).G} = ∂{top}/∂{parent.id}"
        lines = [f"back to {child.id}: {backward.rule(graph, edge)}, with {given}", found.told]
    if last and graph.uses[entry.child] > 1:
        lines.append(f"∂{top}/∂{child.id} is the sum of all that came back to {child.id}")
    equations = tuple(Equation(line, "") for line in lines)
    result = f"{child.id}.gradient" if last else f"{key}.flow"
    return Step("backward", child.id, rule, equations, result, shows, (parent.id,), (name, int(arg)))

"""Hints for a number that is asked for, in three stages: which rule, it in symbols, it with numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import steps
from graphviz_backprop.explain.backward import formula, gradient_name, rule
from graphviz_backprop.explain.grading.targets import leaves
from graphviz_backprop.explain.steps import Step
from graphviz_backprop.language.graph import Edge, Graph
from graphviz_backprop.language.shapes import said

STAGES = 3
_FIELD = re.compile(r"⟨[^⟩]*⟩")
_LETTERED = frozenset(("softmax", "log_softmax", "cross_entropy", "variance", "std", "norm"))
"""Rows whose rule in short has letters that are no nodes, such as p for the probabilities."""


def hint(run: Run[float], field: str, stage: int) -> str:
    """The hint of a stage, from 1 on; "" where the number is given, not found."""
    upstream = run.upstream
    text = templates(run.graph, upstream, [field])[field][min(max(stage, 1), STAGES) - 1]
    return steps.fill_text(text, steps.read_fields(run)) if run.graph.of_numbers else text


def templates(graph: Graph, upstream: str, fields: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The hints for each of these, a text a stage, with fields where numbers stand."""
    if not graph.of_numbers:
        return {
            name: tuple(_of_tensors(graph, name, stage + 1) for stage in range(STAGES)) for name in fields
        }
    found = {shown: step for step in steps.steps(graph, upstream) for shown in step.shows}
    return {name: _templates(graph, name, found) for name in fields}


def _templates(graph: Graph, field: str, found: Mapping[str, Step]) -> tuple[str, ...]:
    """By the step that finds it; of a variable with one leaf, the leaf's."""
    name, _, word = field.rpartition(".")
    leaves = [node.id for node in graph.nodes if node.op == "var" and node.name == name]
    step = found.get(f"{leaves[0]}.gradient" if word == "total" and len(leaves) == 1 else field)
    if step is None:
        return ("",) * STAGES
    sides = re.split(r" (?:=|⟨[^⟩]*\.(?:equals|gives|adds|sums)⟩) ", _equation(step, field))[:-1]
    symbols = [side for side in sides if not _FIELD.search(side)]
    numbers = [side for side in sides if _FIELD.search(side)]
    rule = f"{step.phase.capitalize()} pass: {step.rule}"
    return rule, " = ".join(symbols), " = ".join([*symbols, *numbers])


def _of_tensors(graph: Graph, field: str, stage: int) -> str:
    """What flows back along which edge: from where, by which rule, and the shape of what comes."""
    place, _, kind = field.rpartition(".")
    ends = leaves(graph, place) if kind == "total" else [graph.positions.get(place, -1)]
    edges = [edge for edge in graph.edges() if edge.child in ends] if kind in ("gradient", "total") else []
    if not edges:
        return ""
    parents = [graph.nodes[edge.parent].id for edge in edges]
    if stage <= 1:
        return f"Backward pass: it flows back from {' and '.join(dict.fromkeys(parents))}"
    rules = [f"from {parent}: {_rule(graph, edge)}" for parent, edge in zip(parents, edges, strict=True)]
    told = " + ".join(rules)
    return told if stage == 2 else f"{told}; the result is {said(graph.nodes[edges[0].child].shape)}"


def _rule(graph: Graph, edge: Edge) -> str:
    """The rule in short, or as it is evaluated where that alone says what its letters are."""
    parent, short = graph.nodes[edge.parent], rule(graph, edge)
    if parent.op not in _LETTERED or short.startswith("0:"):
        return short
    written = formula(graph, edge)
    wanted = ", one_hot being 1 at the class and 0 elsewhere" if "one_hot(" in written else ""
    return f"{written}, where {gradient_name(graph)} is the gradient of {parent.id}{wanted}"


def _equation(step: Step, field: str) -> str:
    """The equation whose last side is the field; a flow is a gradient where nothing else flows in."""
    texts = [equation.text for equation in step.equations]
    return next((text for text in texts if text.endswith(f"⟨{field}⟩")), texts[-1])

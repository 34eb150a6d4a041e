"""Hints for a number that is asked for, in three stages: which rule, it in symbols, it with numbers."""

from __future__ import annotations

import re

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import steps
from graphviz_backprop.explain.steps import Step

STAGES = 3
_FIELD = re.compile(r"⟨[^⟩]*⟩")


def hint(run: Run[float], field: str, stage: int) -> str:
    """The hint of a stage, from 1 on; "" where the number is given, not found."""
    step = _step(run, field)
    if step is None:
        return ""
    if stage <= 1:
        return f"{step.phase.capitalize()} pass: {step.rule}"
    equation = _equation(step, field)
    sides = re.split(r" (?:=|⟨[^⟩]*\.(?:equals|gives|adds|sums)⟩) ", equation)[:-1]
    symbols = [side for side in sides if not _FIELD.search(side)]
    if stage == 2:
        return " = ".join(symbols)
    numbers = [steps.fill_text(side, steps.read_fields(run)) for side in sides if _FIELD.search(side)]
    return " = ".join([*symbols, *numbers])


def _step(run: Run[float], field: str) -> Step | None:
    """The step that finds it; of a variable with one leaf, the leaf's."""
    upstream = "" if run.seed == 1 else "L"
    name, _, word = field.rpartition(".")
    leaves = [node.id for node in run.graph.nodes if node.op == "var" and node.name == name]
    wanted = f"{leaves[0]}.gradient" if word == "total" and len(leaves) == 1 else field
    found = [step for step in steps.steps(run.graph, upstream) if wanted in step.shows]
    return found[-1] if found else None


def _equation(step: Step, field: str) -> str:
    """The equation whose last side is the field; a flow is a gradient where nothing else flows in."""
    texts = [equation.text for equation in step.equations]
    return next((text for text in texts if text.endswith(f"⟨{field}⟩")), texts[-1])

"""What the command line prints: lines of plain text."""

from __future__ import annotations

import math
import shlex
from collections.abc import Container, Iterator, Mapping
from typing import Any

from graphviz_backprop.api import Run
from graphviz_backprop.data import spelling
from graphviz_backprop.data.columns import Table
from graphviz_backprop.data.mistakes import DataError
from graphviz_backprop.descent.descent import Descent, told
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.tensors.ledger import TensorLedger
from graphviz_backprop.language import printers
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.numerals import format_number


def table(run: Run) -> str:
    """Both passes, a line a step: what is computed, by which rule, and the number."""
    if not run.graph.of_numbers:
        return _tensors(run)
    steps = run.steps()
    lines = []
    for phase in ("forward", "backward"):
        chosen = [step for step in steps if step.phase == phase]
        if not chosen:
            continue
        lines.append(f"{phase} pass")
        wide = max(len(step.rule) for step in chosen)
        lines += [f"  {step.rule:{wide}}  {step.text}" for step in chosen]
    output = run.graph.output.id
    lines.append(f"{output} = {format_number(run.value)}")
    top = run.upstream or output
    lines += [f"∂{top}/∂{name} = {format_number(number)}" for name, number in run.gradient.items()]
    lines += [f"note: {finding.text}{_safer(finding.safer)}" for finding in run.findings()]
    return "\n".join(lines)


_CELLS = 8  # of a tensor that are written


def _tensors(run: Run) -> str:
    """Both passes of a program with tensors: each node's value, each edge's rule and what it gives."""
    graph, output = run.graph, run.graph.output.id
    top = run.upstream or output
    lines = ["forward pass"]
    for at, value in enumerate(run.values):
        lines.append(f"  {printers.label(graph, at)} = {_cells(value)}")
    lines.append("backward pass")
    for edge in sorted(graph.edges(), key=lambda edge: (-edge.parent, edge.arg)):
        flow = run.flows[edge.parent][edge.arg]
        if flow is None:
            continue
        parent, child = graph.nodes[edge.parent].id, graph.nodes[edge.child].id
        rule = backward.formula(graph, edge) or "through its definition"
        lines.append(f"  {parent} → {child}: {rule} = {_cells(flow)}")
    lines.append(f"{output} = {_cells(run.value)}")
    lines += [f"∂{top}/∂{name} = {_cells(x)}" for name, x in run.gradient.items()]
    findings = [] if run.shape else run.findings()  # which are of one sample
    return "\n".join([*lines, *(f"note: {finding.text}" for finding in findings)])


def _cells(x: Any) -> str:
    """A number, or the cells of a tensor; of one with many, the first and the last."""
    if isinstance(x, float) or not x.shape:
        return format_number(float(x))
    flat = x.ravel()
    if len(flat) <= _CELLS:
        return _listed(x.tolist())
    return f"[{', '.join(map(format_number, flat[:3]))}, …, {format_number(flat[-1])}]"


def _listed(rows: Any) -> str:
    return f"[{', '.join(map(_listed, rows))}]" if isinstance(rows, list) else format_number(rows)


def _safer(form: str) -> str:
    return f" Safer: {form}" if form else ""


def ledger(run: Run, target: str) -> list[str]:
    """A line for each path: its share, its nodes and their partials; then their sum."""
    found = run.paths(target)
    if isinstance(found, TensorLedger):
        return list(_tensor_ledger(found))
    lines = []
    for path in found.paths:
        factors = " × ".join(map(format_number, path.partials))
        lines.append(f"{format_number(path.product):>11}  {' → '.join(path.nodes)}  {factors}".rstrip())
    if found.count > len(found.paths):
        lines.append(f"{format_number(found.rest):>11}  {found.count - len(found.paths):,} more")
    return [*lines, f"{format_number(found.total):>11}  sum of {found.count:,}"]


def _tensor_ledger(found: TensorLedger) -> Iterator[str]:
    """A line for each path: its share of the sum, its nodes, its rules."""
    for path in found.paths:
        part = f"{format_number(100 * path.share)} %" if math.isfinite(path.share) else "–"
        nodes = " → ".join(path.nodes if path.count == 1 else ("…", *path.nodes))
        several = f"  ({path.count:,} paths)" if path.count > 1 else ""
        yield f"{part:>11}  {nodes}  {', then '.join(path.rules)}{several}".rstrip()
    yield f"{'':>11}  sum of {found.count:,}: {_cells(found.total)}"


def listed(found: Descent) -> str:
    """About ten of the steps, the first and the last among them: the loss and the parameters."""
    often = max(1, -(-found.steps // 10))
    shown = [*range(0, found.steps, often), found.steps]
    columns = {"step": [str(step) for step in shown]}
    held = {} if found.held is None else {"held out": found.held}
    for name, numbers in {"loss": found.losses, **held, **found.points}.items():
        columns[name] = [told(numbers[step]) for step in shown]
    wide = [max(map(len, [name, *texts])) for name, texts in columns.items()]
    lines = zip(*([name, *texts] for name, texts in columns.items()), strict=True)
    table = ["  ".join(map(str.rjust, line, wide)) for line in lines]
    if found.epochs:
        table.append(f"{found.epochs:,} epoch{'s' if found.epochs > 1 else ''}")
    return "\n".join([*table, *([f"stopped: {found.stopped}"] if found.stopped else [])])


def pointed(program: str, error: ExpressionError) -> str:
    """The line of the mistake, what is wrong underlined, and the message."""
    before = program[: error.start]
    line = program.splitlines()[before.count("\n")] if program.strip() else ""
    column = error.start - (before.rfind("\n") + 1)
    marks = "^" * max(1, min(error.end - error.start, len(line) - column))
    return f"{line}\n{' ' * column}{marks}\n{error}"


def offered(error: DataError, given: Container[str]) -> Iterator[str]:
    """What would read the table, a line each: the options to add to what was given, and what they do."""
    lines = [(_options(offer.options, given), offer.label) for offer in error.offers]
    wide = max((len(options) for options, _ in lines), default=0)
    return (f"  {options:{wide}}  {label}" for options, label in lines)


def _options(options: Mapping[str, Any], given: Container[str]) -> str:
    choices = (f"{option}={word}" for option, word in spelling.pairs(options))
    return " ".join(f"--data-choice {shlex.quote(choice)}" for choice in choices if choice not in given)


def became(table: Table) -> Iterator[str]:
    """What was done with cells that are no numbers."""
    for name, texts in table.classes.items():
        yield f"{name} is {', '.join(f'{code} = {text}' for code, text in enumerate(texts))}"
    if table.left_out:
        yield f"left out: {', '.join(table.left_out)}"
    if table.dropped:
        yield f"{table.dropped:,} incomplete sample{'' if table.dropped == 1 else 's'} left out"

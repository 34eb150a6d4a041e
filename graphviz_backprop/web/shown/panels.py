"""The numbers of the explanations: paths, nudge, forward mode."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, astuple
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import differences, paths, probe, sides, trouble
from graphviz_backprop.explain.paths import Path
from graphviz_backprop.explain.tensors.cells import find
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.graph import Edge, Graph
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.typeset import in_line
from graphviz_backprop.web.asked.limits import LIMITS
from graphviz_backprop.web.asked.program import Program
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.ledger import ShownLedger
from graphviz_backprop.web.shown.moved import Moved

Fields = dict[str, float | str | None]

_MOVES = ("predicted", "actual", "miss")


def about(program: Program, state: State) -> str:
    """What the explanations of a state are about."""
    fold = program.fold(state) if "~" in state.about else None
    return subject(program.graph, state.about, fold)


def subject(graph: Graph, wanted: str, fold: Fold | None = None) -> str:
    """The variable or node that the explanations are about: the wanted one, else the first variable.

    Of an edge it is the node where it comes from, also of one into a closed group of the fold. Of a tensor
    it may be a cell.
    """
    if not graph.of_numbers and find(graph, wanted):
        return wanted
    edge = edge_of(graph, wanted)
    if edge is not None:
        return graph.nodes[edge.child].id
    entrance = fold.whole.entrance(wanted) if fold else None
    if entrance is not None:
        return graph.nodes[entrance[1]].id
    if wanted in graph.variables or wanted in graph.positions:
        return wanted
    return graph.variables[0] if graph.variables else graph.output.id


def edge_of(graph: Graph, key: str) -> Edge | None:
    """The edge of a key such as ``c.0``: the one into ``c`` at its first argument."""
    found = re.fullmatch(r"(.*)\.([0-9]{1,6})", key, re.DOTALL)
    at = graph.positions.get(found[1]) if found else None
    if found is None or at is None or int(found[2]) >= len(graph.nodes[at].args):
        return None
    return Edge(graph.nodes[at].args[int(found[2])], at, int(found[2]))


def panel_fields(panels: str, run: Run[float], about: str, h: float, fold: Fold | None = None) -> Fields:
    """The fields of the panels that are open; ``static/explain/panels.js`` makes the same."""
    named = panels.split(",")
    found: Fields = {}
    if "paths" in named:
        found |= _ledger(run, about, fold)
    if "nudge" in named:
        found |= _nudge(run, about, h)
    if "forward" in named:
        found |= _forward(run, about)
    if "sides" in named:
        found |= _sides(run)
    return found | _notes(trouble.findings(run))


def tensor_fields(run: Run[Any], about: str, state: State, fold: Fold | None = None) -> Fields:
    """The same of a program with tensors."""
    from graphviz_backprop.explain.tensors.trouble import findings  # and NumPy with it

    named, moved = state.panels.split(","), Moved(run.graph, about)
    found: Fields = {}
    if "paths" in named:
        found |= ShownLedger(run.graph, moved.target, fold).fields(run)
    if "nudge" in named:
        found |= moved.fields(run, state)
    return found | _notes(findings(run))


def _ledger(run: Run[float], about: str, fold: Fold | None) -> Fields:
    ledger = paths.paths(run, about, LIMITS.paths, fold)
    found: Fields = {"paths.count": f"{ledger.count:,}", "paths.total": ledger.total}
    unlisted = ledger.count - len(ledger.paths)
    found["paths.unlisted"] = f"{unlisted:,} more" if unlisted else ""
    found["paths.rest"] = ledger.rest if unlisted else None
    for row in range(LIMITS.paths):
        path = ledger.paths[row] if row < len(ledger.paths) else None
        found[f"path.{row}.nodes"] = in_line(" → ".join(path.nodes)) if path else ""
        found[f"path.{row}.partials"] = _factors(path, run.seed) if path else ""
        found[f"path.{row}.product"] = path.product if path else None
    return found


def _factors(path: Path, seed: float) -> str:
    """``10 × 1 × (-4)``; the seed comes first where it is not 1."""
    factors = [seed, *path.partials] if seed != 1 or not path.partials else path.partials
    texts = [format_number(factor) for factor in factors]
    return " × ".join(f"({text})" if text.startswith("-") else text for text in texts)


def _nudge(run: Run[float], about: str, h: float) -> Fields:
    output = run.graph.output.id
    found: Fields = {f"{node.id}.{kind}": None for node in run.graph.nodes for kind in _MOVES}
    for id, nudged in probe.nudge(run, about, h).items():
        found |= {f"{id}.{kind}": number for kind, number in zip(_MOVES, astuple(nudged), strict=True)}
    found |= {f"nudge.{kind}": found[f"{output}.{kind}"] for kind in _MOVES}
    predicted = found["nudge.predicted"]
    found["nudge.upstream"] = run.seed * predicted if isinstance(predicted, float) else None
    for name, checked in differences.check(run).items():
        untold = math.isnan(checked.difference)
        found[f"{name}.difference"] = None if untold else checked.difference
        found[f"{name}.error"] = "no difference can tell" if untold else checked.error
    return found


def _forward(run: Run[float], about: str) -> Fields:
    """A node that ``about`` does not reach has the tangent 0; an edge from it carries none."""
    tangents = probe.tangents(run, about)
    found: Fields = {}
    for at, node in enumerate(run.graph.nodes):
        found[f"{node.id}.tangent"] = tangents[at] or 0.0
        for arg in range(len(node.args)):
            found[f"{node.id}.{arg}.tangent"] = probe.carried(run, tangents, at, arg)
    counted = probe.operations(run.graph)
    return found | {f"operations.{way}": float(count) for way, count in asdict(counted).items()}


def _sides(run: Run[float]) -> Fields:
    found: Fields = {}
    for name, both in sides.sides(run).items():
        found |= {f"{name}.left": both.left, f"{name}.right": both.right}
    return found


def _notes(findings: list[trouble.Finding]) -> Fields:
    """What goes wrong or will not learn, in words: the first findings, and how many more there are."""
    found: Fields = {
        "notes.more": f"and {len(findings) - LIMITS.notes} more" if len(findings) > LIMITS.notes else ""
    }
    for row in range(LIMITS.notes):
        finding = findings[row] if row < len(findings) else None
        found[f"note.{row}.node"] = finding.node if finding else ""
        found[f"note.{row}.text"] = in_line(finding.text) if finding else ""
        found[f"note.{row}.safer"] = finding.safer if finding else ""
    return found

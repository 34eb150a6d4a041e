"""What a request to /api/descend asks for -> the plan of a descent."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any

from graphviz_backprop.data.bound import bound, choices
from graphviz_backprop.data.limits import MOST_ROWS
from graphviz_backprop.descent.plan import Plan, Samples, plan
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.shapes import size
from graphviz_backprop.language.tensor_ops import TENSORS, Site
from graphviz_backprop.language.words import few
from graphviz_backprop.web.asked import body
from graphviz_backprop.web.asked.limits import LIMITS
from graphviz_backprop.web.asked.program import Program, program
from graphviz_backprop.web.asked.sets import made_set
from graphviz_backprop.web.asked.state import VALUE, VIEWS, Mistake, read

# What a request may ask for; the Python API takes more.
MOST_NUMBERS = LIMITS.numbers
"""Steps times parameters: how much is sent."""
MOST_WORK = 20_000_000_000
"""Nodes times rows of a step times steps: about a minute."""

_ALONE = 50  # rows that a step without data is worth
EXAMPLE = '{"expr": "(4*x+1)^2", "start": {"x": 1}, "optimizer": "gd", "rate": 0.01, "steps": 100}'


def asked() -> Plan:
    """The descent that this request asks for. Raises Mistake, or ExpressionError for the program."""
    members = body.json_object(EXAMPLE)
    view = body.text(members, "view", "tree")
    seen, mistakes = read([("view", view), ("dialect", body.text(members, "dialect", "auto"))])
    if any(mistake.parameter == "view" for mistake in mistakes):
        raise Mistake("view", f"view must be {' or '.join(VIEWS)}.")
    if mistakes:
        raise mistakes[0]
    opened = body.text(members, "open", "")
    found = program(body.text(members, "expr"), seen.program_view, opened, seen.dialect)
    wanted = _plan(members, found)
    _bound(wanted, found.graph)
    return wanted


def _plan(members: Mapping[str, Any], found: Program) -> Plan:
    data, held = (_data(members, name, found.graph) for name in ("data", "held"))
    samples = Samples(
        data,
        None if members.get("batch") is None else body.whole(members, "batch", 1, 1, MOST_ROWS),
        body.truth(members, "shuffle", True),
        body.whole(members, "seed", 0, 0, body.MOST_SEED),
        held,
    )
    given = (
        _start(members, found.graph, data or {}),
        body.names(members, "parameters"),
        body.text(members, "optimizer", "gd"),
        _settings(members),
        body.whole(members, "steps", 100, 0, LIMITS.steps),
        samples,
    )
    try:
        return plan(found.compiled, *given)
    except ValueError as error:
        raise Mistake("", str(error)) from None


def _settings(members: Mapping[str, Any]) -> dict[str, float]:
    settings = body.numbers(members, "settings")
    if "rate" in settings:
        raise Mistake("settings", "rate stands beside the settings, not among them.")
    if members.get("rate") is None:  # it is chosen
        return settings
    return {"rate": body.number(members, "rate"), **settings}


def _start(members: Mapping[str, Any], graph: Graph, data: Mapping[str, Any]) -> dict[str, Any]:
    """Where each variable that is no column starts: as it is given, as the program says, or at 1.

    A column's own is passed over.
    """
    given = body.member(members, "start")
    given = {
        name: x if graph.shapes.get(name) and isinstance(x, list) else body.number(given, name)
        for name, x in given.items()
    }
    starts = dict.fromkeys(graph.variables, VALUE) | dict(graph.start) | given
    return {name: x for name, x in starts.items() if name not in data}


def work(graph: Graph) -> int:
    """What a pass takes, in nodes that are numbers: cells of tensors, and the products of contractions."""
    if graph.of_numbers:
        return len(graph.nodes)
    found = 0
    for node in graph.nodes:
        op = TENSORS.get(node.op)
        site = Site(tuple(graph.nodes[arg].shape for arg in node.args), dict(node.settings))
        found += max(size(node.shape), op.work(site) if op else 0)
    return found


def _bound(wanted: Plan, graph: Graph) -> None:
    """Refuses what would be too much."""
    nodes, parameters = work(graph), len(wanted.layout)
    if wanted.steps * parameters > MOST_NUMBERS:
        raise Mistake(
            "steps",
            f"{wanted.steps:,} steps of {parameters:,} parameters are more than can be sent; "
            f"{MOST_NUMBERS // parameters:,} steps can",
        )
    rows = min(wanted.samples.batch or wanted.loss.size, wanted.loss.size)
    if wanted.whole:
        nodes = -(-nodes // min(graph.shapes[name][0] for name in wanted.loss.columns))
    held = wanted.held.size if wanted.held else 0
    each = nodes * (max(rows, _ALONE) + held)
    if each * wanted.steps > MOST_WORK:
        over = f" over {rows:,} samples each" if rows else ""
        raise Mistake(
            "steps",
            f"{wanted.steps:,} steps of {nodes:,} nodes{over} are too much work; "
            f"{MOST_WORK // each:,} steps can be done{', more with smaller batches' if rows else ''}",
        )


# Columns


def _data(members: Mapping[str, Any], name: str, graph: Graph) -> dict[str, Any] | None:
    """The columns of this member by the names of their variables; None without it."""
    if members.get(name) is None:
        return None
    data = body.member(members, name)
    columns = made_set(data, "set") if "set" in data else body.member(data, "columns")
    for column, cells in columns.items():
        if not isinstance(cells, str | dict) and isinstance(cells, Sized) and len(cells) > MOST_ROWS:
            raise Mistake(name, f"The column {column} has {len(cells):,} samples; {MOST_ROWS:,} are read.")
    chosen = _chosen(members, columns, graph)
    if not chosen:
        has = f"its variables are {', '.join(graph.variables)}" if graph.variables else "it has none"
        known = few(columns, 10, "none")
        raise Mistake(name, f"No column is a variable of this program: the columns are {known}; {has}.")
    try:
        return bound(graph.shapes, columns, chosen)
    except ValueError as error:
        raise Mistake(name, str(error)) from None


def _chosen(members: Mapping[str, Any], columns: Mapping[str, Any], graph: Graph) -> dict[str, list[str]]:
    """The columns of each variable. What is renamed goes first; others are for what they are named after."""
    bind = body.member(members, "bind")
    chosen: dict[str, list[str]] = {}
    for column, variable in bind.items():
        if column not in columns:
            raise Mistake("bind", f"There is no column {column}; the columns are {few(columns, 10, 'none')}.")
        if variable in (None, ""):
            continue
        if variable not in graph.variables:
            raise Mistake(
                "bind", f"The column {column} is bound to {variable}, which is no variable of this program."
            )
        if variable in chosen and not graph.shapes[variable]:
            raise Mistake("bind", f"Two columns are bound to {variable}.")
        chosen.setdefault(variable, []).append(column)
    return choices(graph.shapes, [name for name in columns if name not in bind]) | chosen

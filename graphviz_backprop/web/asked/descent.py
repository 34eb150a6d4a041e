"""What a request to /api/descend asks for -> the plan of a descent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphviz_backprop.data.limits import MOST_ROWS
from graphviz_backprop.descent.plan import Plan, Samples, plan
from graphviz_backprop.language.graph import Graph
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
    _bound(wanted, len(found.graph.nodes))
    return wanted


def _plan(members: Mapping[str, Any], found: Program) -> Plan:
    data = _data(members, found.graph)
    samples = Samples(
        data,
        None if members.get("batch") is None else body.whole(members, "batch", 1, 1, MOST_ROWS),
        body.truth(members, "shuffle", True),
        body.whole(members, "seed", 0, 0, body.MOST_SEED),
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


def _start(members: Mapping[str, Any], graph: Graph, data: Mapping[str, Any]) -> dict[str, float]:
    """A number for each variable that is no column: the one given, the program's, or 1.

    A column's own is passed over.
    """
    given = body.numbers(members, "start")
    starts = dict.fromkeys(graph.variables, VALUE) | dict(graph.number_start) | given
    return {name: number for name, number in starts.items() if name not in data}


def _bound(wanted: Plan, nodes: int) -> None:
    """Refuses what would be too much."""
    parameters = len(wanted.parameters)
    if wanted.steps * parameters > MOST_NUMBERS:
        raise Mistake(
            "steps",
            f"{wanted.steps:,} steps of {parameters:,} parameters are more than can be sent; "
            f"{MOST_NUMBERS // parameters:,} steps can",
        )
    rows = min(wanted.samples.batch or wanted.loss.size, wanted.loss.size)
    work = nodes * max(rows, _ALONE)
    if work * wanted.steps > MOST_WORK:
        over = f" over {rows:,} samples each" if rows else ""
        raise Mistake(
            "steps",
            f"{wanted.steps:,} steps of {nodes:,} nodes{over} are too much work; "
            f"{MOST_WORK // work:,} steps can be done{', more with smaller batches' if rows else ''}",
        )


# Columns


def _data(members: Mapping[str, Any], graph: Graph) -> dict[str, Any] | None:
    """The columns by the names of their variables; None without data."""
    if members.get("data") is None:
        return None
    data = body.member(members, "data")
    columns = made_set(data, "set") if "set" in data else body.member(data, "columns")
    bound = _bind(members, columns, graph)
    if not bound:
        has = f"its variables are {', '.join(graph.variables)}" if graph.variables else "it has none"
        known = few(columns, 10, "none")
        raise Mistake("data", f"No column is a variable of this program: the columns are {known}; {has}.")
    for name, cells in bound.items():
        if isinstance(cells, list) and len(cells) > MOST_ROWS:
            raise Mistake("data", f"The column {name} has {len(cells):,} samples; {MOST_ROWS:,} are read.")
    return bound


def _bind(members: Mapping[str, Any], columns: Mapping[str, Any], graph: Graph) -> dict[str, Any]:
    """What is renamed goes first; other columns stand for the variable of their own name, if there is one."""
    bind = body.member(members, "bind")
    bound: dict[str, Any] = {}
    for column, variable in bind.items():
        if column not in columns:
            raise Mistake("bind", f"There is no column {column}; the columns are {few(columns, 10, 'none')}.")
        if variable in (None, ""):
            continue
        if variable not in graph.variables:
            raise Mistake(
                "bind", f"The column {column} is bound to {variable}, which is no variable of this program."
            )
        if variable in bound:
            raise Mistake("bind", f"Two columns are bound to {variable}.")
        bound[variable] = columns[column]
    own = {name: cells for name, cells in columns.items() if name in graph.variables and name not in bind}
    return own | bound

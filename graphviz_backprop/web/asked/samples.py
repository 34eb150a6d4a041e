"""The samples that a state speaks of, by the variables that they stand for, as the page binds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from graphviz_backprop.data import datasets
from graphviz_backprop.data.datasets import Column
from graphviz_backprop.data.tables import read_table
from graphviz_backprop.web import apart
from graphviz_backprop.web.asked import tables
from graphviz_backprop.web.asked.limits import SET
from graphviz_backprop.web.asked.state import State


def samples(state: State, variables: Sequence[str]) -> dict[str, Column]:
    """The columns of the state's samples; none of what is no table, and of one too long for an address."""
    try:
        columns = _columns(state)
    except ValueError:  # the page says what is wrong with it
        return {}
    assigned = assign(list(columns), variables, state.bind)
    return {name: columns[column] for column, name in assigned.items() if name}


def _columns(state: State) -> Mapping[str, Column]:
    if not state.data:
        return {}
    if state.data == "own":
        return read_table(state.table, **tables.options(state.read)) if state.table else {}
    usual = ["", f"{SET.rows}", f"{SET.seed}", f"{SET.noise}"]
    given = state.data.split(",")[:4]
    name, n, seed, noise = [*given, *usual[len(given) :]]
    if int(n) > _FEW:
        apart.needed("tables")
    return datasets.make(name, int(n), int(seed), float(noise))


_FEW = 5_000
"""Samples that are made at once: others wait for it meanwhile."""


def assign(columns: Sequence[str], variables: Sequence[str], bind: str) -> dict[str, str]:
    """Each column's variable, "" where it stands for none: static/data/binding.js has the same."""
    chosen = dict(_pairs(bind))
    taken = {name for column, name in chosen.items() if column in columns}
    found = {column: chosen.get(column, "" if column in taken else column) for column in columns}
    return {column: name if name in variables else "" for column, name in found.items()}


def _pairs(bind: str) -> Iterator[tuple[str, str]]:
    had: set[str] = set()
    for pair in filter(None, bind.split(",")):
        column, colon, name = pair.rpartition(":")
        if colon and column and (not name or name not in had):
            had.add(name)
            yield unquote(column), name

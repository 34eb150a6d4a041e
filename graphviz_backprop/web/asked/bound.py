"""What the columns of a table stand for in a program with tensors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphviz_backprop.data.bound import choices, joined
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.web.asked.state import Mistake


@dataclass(frozen=True)
class Bound:
    """The columns of each variable, and whether the program names its batch."""

    chosen: Mapping[str, Sequence[str]]
    whole: bool


def bound(graph: Graph, columns: Sequence[str], bind: str) -> Bound:
    """Raises Mistake where a variable has no room for the columns that are chosen for it."""
    wanted = _pairs(bind)
    chosen: dict[str, list[str]] = {}
    for column in columns:
        if (name := wanted.get(column, "")) in graph.variables:
            chosen.setdefault(name, []).append(column)
    rest = choices(graph.shapes, [column for column in columns if column not in wanted])
    found = rest | chosen
    one = {column: np.zeros(1) for column in columns}
    try:
        data = joined(graph.shapes, one, found)
    except ValueError as error:
        raise Mistake("bind", f"{error}.") from None
    whole = [name for name, xs in data.items() if xs.ndim == len(graph.shapes[name])]
    each = [name for name in data if name not in whole]
    if whole and each:
        raise Mistake(
            "bind",
            f"{whole[0]} has a row for each sample, and {each[0]} is of one sample: "
            "bind both of them the same way.",
        )
    return Bound(found, bool(whole))


def _pairs(bind: str) -> dict[str, str]:
    """``a:X,b:X``: columns and their variables. Marks in a column's name are escaped."""
    pairs = (pair.rpartition(":") for pair in bind.split(",") if pair)
    return {_unescaped(column): name for column, _, name in pairs if column}


def _unescaped(text: str) -> str:
    return re.sub(r"%(25|2c|3a)", lambda code: chr(int(code[1], 16)), text, flags=re.I)

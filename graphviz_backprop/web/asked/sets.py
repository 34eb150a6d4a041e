"""The built-in set that a request asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphviz_backprop.data import datasets
from graphviz_backprop.data.datasets import Column
from graphviz_backprop.data.limits import MOST_ROWS
from graphviz_backprop.web.asked import body
from graphviz_backprop.web.asked.limits import SET
from graphviz_backprop.web.asked.state import Mistake


def made_set(members: Mapping[str, Any], name: str) -> dict[str, Column]:
    """The built-in set that these members ask for; ``name`` is the one that names it."""
    n = body.whole(members, "n", SET.rows, 1, MOST_ROWS)
    seed = body.whole(members, "seed", SET.seed, 0, body.MOST_SEED)
    try:
        return datasets.make(body.text(members, name), n, seed, body.number(members, "noise", SET.noise))
    except ValueError as error:
        raise Mistake(name, str(error)) from None

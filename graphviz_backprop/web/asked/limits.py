"""Numbers that the server, its templates and the browser agree on. ``static/state/table.js`` has them."""

from __future__ import annotations

from dataclasses import dataclass

from graphviz_backprop.data.limits import MOST_BYTES


@dataclass(frozen=True)
class Limits:
    """What is asked for at most, and how long the page's lists are."""

    opened: int = 50  # composite nodes
    steps: int = 20_000  # of a descent
    numbers: int = 2_000_000  # steps times parameters: how much is kept
    racing: int = 4  # optimizers that descend at once
    bytes: int = MOST_BYTES  # of a table
    paths: int = 12  # in the ledger
    notes: int = 5
    last_steps: int = 8  # lines in the table of a descent's last steps
    columns: int = 4  # parameters in it
    sheet: int = 12  # exercises on a sheet


@dataclass(frozen=True)
class Set:
    """A built-in set as it is made where nothing else is said."""

    rows: int = 200
    seed: int = 0
    noise: float = 0.1


LIMITS = Limits()
SET = Set()


def usual_set(name: str) -> str:
    """The parameter ``data`` that makes this set as usual."""
    return f"{name},{SET.rows},{SET.seed},{SET.noise:g}"

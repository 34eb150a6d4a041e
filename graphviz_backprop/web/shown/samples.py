"""The samples that the page offers: sets that are made, and the truth table of exclusive or."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from graphviz_backprop.network.layers import Network
from graphviz_backprop.web.asked.limits import usual_set


@dataclass(frozen=True)
class Offered:
    """A built-in set: its name, what the page calls it, and how many inputs and classes it has."""

    name: str
    title: str
    inputs: int
    classes: int = 2


SETS = (
    Offered("line", "Line with noise", 1, 0),
    Offered("xor", "XOR with noise", 2),
    Offered("moons", "Two moons", 2),
    Offered("circles", "Circles", 2),
    Offered("spiral", "Spiral", 2),
    Offered("iris", "Iris, two features", 2),
    Offered("flowers", "Iris, four features, three species", 4, 3),
    Offered("digits", "Handwritten digits, 8×8", 64, 10),
)


_TRAINED = {"row": "-1", "optimizer": "adam"}
"""All samples at once, and the optimizer that learns most of them in a hundred steps."""


def sample_sets() -> tuple[Offered, ...]:
    return SETS


def xor_table(inputs: Sequence[str], target: str) -> str:
    """All four rows of exclusive or, as a table with these names."""
    return "\n".join([",".join([*inputs, target]), "0,0,0", "0,1,1", "1,0,1", "1,1,0"])


def training_sets(network: Network) -> list[tuple[str, str]]:
    """Samples that fit a network's inputs and its target, which may be a class: the query, and their name."""
    if len(network.targets) != 1:
        return []
    inputs, (target,) = network.inputs, network.targets
    own = {"data": "own", "table": xor_table(inputs, target)}
    found = [(own, "The truth table of XOR")] if len(inputs) == 2 else []
    outputs = len(network.labels)
    for offered in SETS:
        fits = 0 < offered.classes <= outputs if outputs else True
        if fits and offered.inputs == len(inputs):
            query = {"data": usual_set(offered.name), "bind": _bound(inputs, target)}
            found.append((query, offered.title))
    return [(urlencode({**query, **_TRAINED}), title) for query, title in found]


def _bound(inputs: Sequence[str], target: str) -> str:
    """The columns of the built-in sets, and the variables that they are here."""
    columns = [f"x{k}" for k in range(1, len(inputs) + 1)] if len(inputs) > 1 else ["x"]
    pairs = zip([*columns, "y"], [*inputs, target], strict=True)
    return ",".join(f"{column}:{name}" for column, name in pairs if column != name)

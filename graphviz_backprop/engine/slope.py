"""What a descent over rows needs: sums over columns, and no other number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graphviz_backprop.engine import straight
from graphviz_backprop.engine.columns import ARRAY, Column, quiet
from graphviz_backprop.engine.functions import defined
from graphviz_backprop.language.graph import Graph


class Slope:
    """The output and its derivatives by some variables, summed over rows: no other number is kept.

    Only what these variables reach is differentiated, and what is the same in each row is computed once.
    """

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        self.source = straight.slope(graph, names)
        self._run = defined(self.source, ARRAY)

    def __call__(self, at: Mapping[str, Any], rows: int) -> tuple[float, Column]:
        """The sums over so many rows, at floats and columns of that length."""
        with quiet():
            value, gradients = self._run(at, 1.0)
            sums = [sum((_total(leaf, rows) for leaf in leaves), 0.0) for leaves in gradients]
            return _total(value, rows), np.array(sums)


def _total(x: float | Column, rows: int) -> float:
    return float(np.sum(x)) if np.ndim(x) else float(x) * rows

"""Samples that are held out: nothing is learned from them, so their loss says what was learned of others.

``static/data/held.js`` holds out the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from graphviz_backprop.descent.batches import shuffled

Columns = dict[str, npt.NDArray[np.float64]]

MOST = 90
"""Of a hundred samples so many can be held out."""


def hold_out(columns: Mapping[str, npt.ArrayLike], percent: int, seed: int = 0) -> tuple[Columns, Columns]:
    """The samples to learn from, and those that are held out: so many of a hundred, rounded down, but one at
    least, in an order that follows from the seed. Both stand in the order that they had.

    Raises ValueError for columns of several lengths, and for a percentage that is none from 0 to 90.
    """
    if not 0 <= percent <= MOST or percent != int(percent):
        raise ValueError(f"percent is {percent}, and should be a whole number from 0 to {MOST}")
    arrays = {name: np.asarray(xs, dtype=np.float64) for name, xs in columns.items()}
    sizes = {len(xs) for xs in arrays.values()}
    if len(sizes) > 1:
        raise ValueError(f"columns have {' and '.join(map(str, sorted(sizes)))} samples")
    size = sizes.pop() if sizes else 0
    count = min(size - 1, max(1, size * int(percent) // 100)) if percent and size else 0
    held = np.zeros(size, dtype=bool)
    held[shuffled(size, seed, 0)[:count]] = True
    return {name: xs[~held] for name, xs in arrays.items()}, {name: xs[held] for name, xs in arrays.items()}
